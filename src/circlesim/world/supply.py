"""Supply: whether a map of a real place shows as many outlets as people there must have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circlesim.catalog.format_counts import CIRCLE_OUTLETS, CIRCLE_RESIDENTS, CIRCLE_SOURCE, expected_outlets
from circlesim.catalog.formats import FORMAT_INDEX, FORMATS, format_row
from circlesim.world.world import World

LEAST_SHARE = 0.5
"""A map with less than this share of the outlets of the mean circle misses some; an assumption, grade D."""

LEAST_CHANCE = 0.05
"""A count that chance alone brings about more often than this says nothing."""

RULE = (
    f"a real place is under-mapped where all formats together, or the basic formats together, have fewer than "
    f"{LEAST_SHARE:.0%} of the outlets per resident of the mean circle ({CIRCLE_OUTLETS} outlets, "
    f"{CIRCLE_RESIDENTS:,} residents), and a Poisson count around that mean is so low in under {LEAST_CHANCE:.0%} "
    f"of cases; the threshold is an assumption of grade D"
)
"""The rule in words."""

SOURCE = f"{CIRCLE_SOURCE}; split among formats by catalog/data/format_counts.csv, grade D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """
    Outlets of one kind on the map beside those of the mean circle.

    Parameters
    ----------
    name : str
        Format id, or ``"all"`` or ``"basic"`` for several formats together.
    outlets : int
        Outlets on the map.
    expected : float
        Outlets as many residents have in the mean circle.
    """

    name: str
    outlets: int
    expected: float

    @property
    def share(self) -> float:
        """Outlets over those expected; nan where none are expected."""
        return self.outlets / self.expected if self.expected else float("nan")

    @property
    def too_few(self) -> bool:
        """True by the rule: under half, and not by chance."""
        from scipy.special import pdtr

        return self.share < LEAST_SHARE and bool(pdtr(self.outlets, self.expected) < LEAST_CHANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """
    The outlets of a world beside those of the mean circle of the country.

    Parameters
    ----------
    observed : bool
        Whether streets and outlets are of a real place, so that something can be missing from the map.
    counted : bool
        Whether ``world.toml`` says that outlets were counted on the street, so that few are few.
    residents : int
        Residents.
    whole, basic : Count
        All formats, and those the plan calls basic.
    formats : tuple of Count
        One a format that the mean circle has.
    """

    observed: bool
    counted: bool
    residents: int
    whole: Count
    basic: Count
    formats: tuple[Count, ...]

    @property
    def under_mapped(self) -> bool:
        """True where the map must be taken to miss outlets, so that no effect of a policy can be headlined."""
        return self.observed and not self.counted and (self.whole.too_few or self.basic.too_few)

    @property
    def worst(self) -> Count:
        """The count by which the place is worst off."""
        return min(self.whole, self.basic, key=lambda each: each.share)

    def facts(self) -> dict[str, Any]:
        """
        Set out what a manifest says.

        Returns
        -------
        dict of str to object
            Keys ``under_mapped``, ``counted``, ``share`` and ``basic_share`` of the mean circle, ``rule``,
            ``source``, and ``formats`` that have too few.
        """
        return {
            "under_mapped": self.under_mapped, "counted": self.counted, "share": round(self.whole.share, 4),
            "basic_share": round(self.basic.share, 4), "rule": RULE, "source": SOURCE,
            "formats": [each.name for each in self.formats if each.too_few],
        }  # fmt: skip


def supply_of(world: World) -> Supply:
    """
    Count the outlets of a world beside those of the mean circle.

    Parameters
    ----------
    world : World
        The world; outlets with a date of closing count, as they may close later.

    Returns
    -------
    Supply
        The counts.
    """
    counts = np.bincount(world.facilities.format, minlength=len(FORMATS))
    residents = len(world.population)
    formats = tuple(
        Count(name=name, outlets=int(counts[FORMAT_INDEX[name]]), expected=expected)
        for name, expected in expected_outlets(residents).items()
    )
    basic = tuple(each for each in formats if format_row(each.name).format_class == "basic")
    return Supply(
        observed=not world.synthetic, counted=world.supply_counted, residents=residents,
        whole=Count(name="all", outlets=int(counts.sum()), expected=_sum(formats)),
        basic=Count(name="basic", outlets=sum(each.outlets for each in basic), expected=_sum(basic)),
        formats=formats,
    )  # fmt: skip


def _sum(counts: tuple[Count, ...]) -> float:
    return float(sum(each.expected for each in counts))
