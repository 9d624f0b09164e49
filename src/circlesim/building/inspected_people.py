"""Inspected people: residents, how they came about, and the margins they were to meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from circlesim.building.remark import Remark
from circlesim.world.folder import FolderReport
from circlesim.world.world import World

_SHOWN = 8
"""Margins missed that are listed, the worst first."""


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
    if report is None or report.census is None:
        return
    fit = report.census
    if missed := fit.missed():
        worst = sorted(missed, key=lambda row: -abs(row.difference))[:_SHOWN]
        listed = tuple(f"{row.margin} {row.category}: {row.got:,} / {row.target:,}" for row in worst)
        yield Remark(
            kind="broken", key="margins_off", count=len(missed), examples=listed,
            blanks={"categories": len(fit.rows)},
        )  # fmt: skip
    else:
        yield Remark(kind="there", key="margins_met", count=len(fit.rows))
