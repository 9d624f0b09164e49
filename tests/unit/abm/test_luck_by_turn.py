from __future__ import annotations

import numpy as np
import pytest

from circlesim import draws
from circlesim.abm.luck import KeyedLuck, StreamLuck
from circlesim.abm.objects import ObjectSimulation
from circlesim.errors import ConfigError
from towns import Ledger, copy_page, differing, random_town


def pages(luck: str, seed: int) -> Ledger:
    town = random_town(5)
    simulation = ObjectSimulation(town.prepared(), (town.stage(),), seed, luck=luck)
    days = [copy_page(simulation.run_day(day)) for day in range(2)]
    return Ledger({name: np.concatenate([page[name] for page in days]) for name in days[0]})


def test_luck_by_turn_repeats_under_the_same_seed() -> None:
    assert differing(pages("stream", 1), pages("stream", 1)) == {}
    assert differing(pages("stream", 1), pages("stream", 2)) != {}


def test_luck_by_turn_is_another_luck_under_the_same_law() -> None:
    keyed, stream = pages("keyed", 1), pages("stream", 1)
    assert differing(keyed, stream) != {}
    assert len(stream) == pytest.approx(len(keyed), rel=0.15)


def test_an_error_drawn_by_turn_stands_for_the_day_and_a_taste_for_ever() -> None:
    luck = StreamLuck(1, 0)
    luck.begin(0)
    error, taste = luck.draw(draws.CHOICE, 0, 11, 12), luck.taste(11, 12)
    assert luck.draw(draws.CHOICE, 0, 11, 12) == error
    luck.begin(1)
    assert luck.draw(draws.CHOICE, 0, 11, 12) != error
    assert luck.taste(11, 12) == taste


def test_luck_by_name_does_not_depend_on_the_order_of_asking() -> None:
    first, second = KeyedLuck(1, 0), KeyedLuck(1, 0)
    first.begin(3)
    second.begin(3)
    a, b = first.draw(draws.CHOICE, 0, 11, 12), first.draw(draws.CHOICE, 1, 13, 14)
    assert (second.draw(draws.CHOICE, 1, 13, 14), second.draw(draws.CHOICE, 0, 11, 12)) == (b, a)


def test_another_kind_of_luck_is_refused() -> None:
    town = random_town(5)
    with pytest.raises(ConfigError, match="stream"):
        ObjectSimulation(town.prepared(), (town.stage(),), 1, luck="streem")
