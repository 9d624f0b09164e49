"""Demo worlds are named, paths contain / or ., and a slip is told with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.errors import WorldError
from circlesim.world.demo import DEMO_WORLDS, demo_world, is_path, resolve_world


def test_three_demo_worlds_ship() -> None:
    assert DEMO_WORLDS == ("old_town", "helsinki", "city")


@pytest.mark.parametrize("name", DEMO_WORLDS)
def test_a_demo_world_is_the_same_each_time_and_scales(name: str) -> None:
    many = 1_200 if name == "city" else 300
    one, other = (demo_world(name, residents=many) for _ in range(2))
    assert abs(len(one.population) - many) <= 10
    assert one.population.id64.tolist() == other.population.id64.tolist()
    assert one.population.age.tolist() == other.population.age.tolist()


def test_a_mistyped_name_is_told_with_the_right_one() -> None:
    with pytest.raises(WorldError, match=r"expected one of old_town, helsinki, city; did you mean 'old_town'\?"):
        resolve_world("oldtown")


def test_a_path_contains_a_slash_or_a_dot() -> None:
    assert is_path("./corner")
    assert is_path("worlds/corner")
    assert is_path("corner.v2")
    assert not is_path("old_town")


def test_a_folder_is_read_by_its_path(good_folder: Path) -> None:
    assert resolve_world(str(good_folder)).name == "corner"


def test_a_bare_name_never_means_a_folder(good_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good_folder.parent)
    with pytest.raises(WorldError, match=r"write './corner' to mean it"):
        resolve_world("corner")
    assert resolve_world("./corner").name == "corner"


def test_no_residents_are_no_world() -> None:
    with pytest.raises(WorldError, match="at least 1"):
        demo_world("helsinki", residents=0)
