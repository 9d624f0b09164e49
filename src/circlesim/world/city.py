"""City: one world with many circles, each a synthetic town of some kind (the plan's 1+N)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from circlesim.catalog.format_counts import largest_remainder
from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.catalog.presets import preset, presets
from circlesim.errors import Faults, WorldError, did_you_mean
from circlesim.world.joining import join_worlds, with_prefix
from circlesim.world.old_town import OLD_TOWN_SEED, SMALLEST_TOWN, old_town
from circlesim.world.world import World

GAP_M = 6000.0
"""Metres between circles: beyond any walk or delivery of the catalogue, so that they share no outlet."""

CIRCLES: tuple[str, ...] = ("old_estate", "new_estate", "mixed", "county_town")
"""Kinds of the circles of the demo city."""


def city(
    circles: Sequence[str] = CIRCLES,
    residents: int = 20_000,
    *,
    gap_m: float = GAP_M,
    seed: int = OLD_TOWN_SEED,
    parameters: Parameters | None = None,
    formats: Formats = CATALOGUE,
) -> World:
    """
    Make a synthetic city.

    Parameters
    ----------
    circles : sequence of str, default: CIRCLES
        Kind of each circle, of `catalog.presets`; circle k + 1 stands k-th, in rows of a square.
    residents : int, default: 20_000
        Residents of all circles together, shared out evenly.
    gap_m : float, default: GAP_M
        Metres between two circles.
    seed : int, default: OLD_TOWN_SEED
        Root seed; every circle has streets, households and outlets of its own.
    parameters : Parameters, optional
        The shipped ones by default; what a kind of circle sets stands above them.
    formats : Formats, default: CATALOGUE
        What its outlets are like; of further formats it has none.

    Returns
    -------
    World
        Circles numbered from 1.

    Raises
    ------
    WorldError
        If a kind of circle does not exist, or there are too few residents.
    """
    _check(circles, residents, gap_m)
    parameters = parameters or default_parameters()
    sizes = largest_remainder(np.ones(len(circles)), residents)
    towns = []
    for k, kind in enumerate(circles):
        own = parameters.with_values(preset(kind).values)
        prefix = f"c{k + 1:02d}-"
        town = old_town(
            int(sizes[k]), seed=seed + k, parameters=own, resident_prefix=prefix, trait_seed=seed, formats=formats
        )
        towns.append(with_prefix(town, prefix))
    side_m = max(float(town.streets.x_m.max() - town.streets.x_m.min()) for town in towns) + gap_m
    columns = int(len(towns) ** 0.5 + 0.999)
    shifts = [(side_m * (k % columns), side_m * (k // columns)) for k in range(len(towns))]
    kinds = ", ".join(f"{k + 1} {preset(kind).en}" for k, kind in enumerate(circles))
    joined = join_worlds(towns, shifts, "city")
    return replace(
        joined, population_seed=seed, title={"en": f"A synthetic city of {len(towns)} circles",
                                             "zh": f"{len(towns)}个生活圈组成的合成城市"},
        sources=(*joined.sources, f"kinds of circles: catalogue table of presets ({kinds})"),
    )  # fmt: skip


def _check(circles: Sequence[str], residents: int, gap_m: float) -> None:
    faults, known = Faults("this city cannot be built", WorldError), list(presets())
    if not circles:
        faults.add("a city has circles", "circles", expected="at least one of " + ", ".join(known))
    for place, kind in enumerate(circles):
        if kind not in known:
            faults.add("no such kind of circle", f"circles[{place}]", found=repr(kind),
                       expected="one of " + ", ".join(known), hint=did_you_mean(str(kind), known))  # fmt: skip
    if residents < SMALLEST_TOWN * max(1, len(circles)):
        faults.add("too few residents", "residents", found=residents,
                   expected=f"{SMALLEST_TOWN} or more for each circle")  # fmt: skip
    if not gap_m >= 0:
        faults.add("a gap is at least zero", "gap_m", found=gap_m)
    faults.raise_if_any()
