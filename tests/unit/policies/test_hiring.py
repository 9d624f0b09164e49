"""Posts that outlets keep for residents, or for the hard to employ."""

import numpy as np
import pytest

import circlesim as cs
from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.errors import PolicyError
from circlesim.testing.worlds import tiny_world


def test_outlets_of_a_format_keep_a_share_of_their_posts_for_residents():
    world = tiny_world(3, 40, 9)
    kept = world.facilities.format == world.facilities.format[0]
    chosen = next(name for name, row in FORMAT_INDEX.items() if row == world.facilities.format[0])
    after = cs.LocalHire(share=0.6, formats=(chosen,)).apply(world).facilities
    assert after.local_share.tolist() == np.where(kept, 0.6, 0.0).tolist()
    less = cs.LocalHire(share=0.2).apply(cs.LocalHire(share=0.6, formats=(chosen,)).apply(world)).facilities
    assert less.local_share.tolist() == np.where(kept, 0.6, 0.2).tolist()
    assert (after.staff == world.facilities.staff).all()


def test_an_outlet_reserves_no_more_posts_than_it_has():
    world = tiny_world(3, 40, 9)
    after = cs.CaringPosts(per_outlet=3).apply(world).facilities
    assert after.reserved_posts.tolist() == np.minimum(3, np.floor(world.facilities.staff)).tolist()
    again = cs.CaringPosts(per_outlet=1).apply(cs.CaringPosts(per_outlet=3).apply(world)).facilities
    assert again.reserved_posts.tolist() == after.reserved_posts.tolist()


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_of_posts_lies_between_none_and_all(share):
    with pytest.raises(PolicyError):
        cs.LocalHire(share=share)
