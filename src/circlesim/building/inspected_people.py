"""Inspected people: residents beside the margins they were to meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from circlesim.building.remark import Remark
from circlesim.building.rows import Rows
from circlesim.errors import Faults
from circlesim.world.folder import FolderReport
from circlesim.world.world import World

NEAR_SHARE = 0.005
"""A category is met where it is off by no more than this share of all, or by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """
    One category of a margin beside the residents there are.

    Parameters
    ----------
    margin, category : str
        As in ``census.csv``.
    wanted, found : float
        Share of the margin's total in the file, and among the residents.
    total : int
        People, or households, counted among the residents.
    """

    margin: str
    category: str
    wanted: float
    found: float
    total: int

    @property
    def met(self) -> bool:
        """True where the difference is under half a percent of all, or one person or household."""
        return abs(self.found - self.wanted) <= max(NEAR_SHARE, 1.0 / max(1, self.total))


def margins(world: World, folder: Path) -> list[Margin]:
    """
    Set the residents beside ``census.csv``.

    Parameters
    ----------
    world : World
        The world.
    folder : Path
        Its folder.

    Returns
    -------
    list of Margin
        Margins of sex and age, sex, age and household size; empty where there is no file. Others are told by the
        build.
    """
    path = folder / "census.csv"
    if not path.is_file():
        return []
    rows = Rows(path, Faults("unread"))
    counts: dict[str, dict[str, float]] = {}
    cells = zip(rows.column("margin"), rows.column("category"), rows.column("count"), strict=True)
    for margin, category, count in cells:
        if re.fullmatch(r"\d+(\.\d+)?", count):
            counts.setdefault(margin, {})[category] = float(count)
    return [each for margin, wanted in counts.items() for each in _of_margin(world, margin, wanted)]


def _of_margin(world: World, margin: str, wanted: dict[str, float]) -> Iterator[Margin]:
    people = world.population
    if margin in ("sex_age", "sex", "age"):
        found: dict[str, int | None] = {category: _people_in(world, category) for category in wanted}
        total = len(people)
    elif margin == "household_size":
        found, total = _household_counts(world, wanted)
    else:
        return
    whole = sum(wanted.values())
    if any(count is None for count in found.values()) or not whole:
        return
    for category, count in wanted.items():
        share = (found[category] or 0) / max(1, total)
        yield Margin(margin=margin, category=category, wanted=count / whole, found=share, total=total)


def _people_in(world: World, category: str) -> int | None:
    """Count residents of a category such as ``f:60-64``, ``m:85+``, ``f`` or ``0-4``; None where it is no such."""
    word = re.fullmatch(r"(?:(f|m|female|male)[:/ ]?)?(?:(\d+)(?:-(\d+)|(\+))?)?", category)
    if not word or not category:
        return None
    sex, low, high, above = word.groups()
    people = world.population
    inside = np.ones(len(people), bool)
    if sex:
        inside &= people.sex == (0 if sex[0] == "f" else 1)
    if low:
        inside &= (people.age >= int(low)) & (people.age <= int(high or (200 if above else low)))
    return int(inside.sum())


def _household_counts(world: World, wanted: dict[str, float]) -> tuple[dict[str, int | None], int]:
    sizes = np.bincount(np.unique(world.population.household, return_inverse=True)[1])
    by_size = Counter(sizes.tolist())
    found: dict[str, int | None] = {}
    for category in wanted:
        word = re.fullmatch(r"(\d+)(\+)?", category)
        if not word:
            found[category] = None
        elif word[2]:
            found[category] = sum(n for size, n in by_size.items() if size >= int(word[1]))
        else:
            found[category] = by_size.get(int(word[1]), 0)
    return found, len(sizes)


def people_remarks(world: World, report: FolderReport | None, folder: Path | None) -> Iterator[Remark]:
    """
    Look at the residents of a world.

    Parameters
    ----------
    world : World
        The world.
    report : FolderReport or None
        How the folder was read.
    folder : Path or None
        The folder; None for a demo world that is generated.

    Yields
    ------
    Remark
        What there is to say.
    """
    households = len(np.unique(world.population.household))
    yield Remark(kind="there", key="people", count=len(world.population), blanks={"households": households})
    if report is not None and report.synthesised:
        census = folder is not None and (folder / "census.csv").is_file()
        yield Remark(kind="assumed", key="drawn_census" if census else "drawn", count=report.synthesised)
    compared = margins(world, folder) if folder is not None else []
    off = [each for each in compared if not each.met]
    if off:
        worst = sorted(off, key=lambda each: -abs(each.found - each.wanted))
        listed = tuple(
            f"{each.margin} {each.category}: {100 * each.found:.1f} % / {100 * each.wanted:.1f} %"
            for each in worst[:8]
        )
        yield Remark(
            kind="broken", key="margins_off", count=len(off), examples=listed, blanks={"categories": len(compared)}
        )
    elif compared:
        yield Remark(kind="there", key="margins_met", count=len(compared))
