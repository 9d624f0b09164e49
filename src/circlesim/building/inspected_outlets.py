"""Inspected outlets: twins, hours nobody gave, formats of the plan that are absent, and supply."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from circlesim.building.remark import SHOWN, Mark, Remark, toml_text
from circlesim.building.rows import Rows
from circlesim.catalog.formats import FORMAT_INDEX, FORMATS, format_row
from circlesim.errors import Faults
from circlesim.world.format_table import folder_formats
from circlesim.world.snapping import SnapReport
from circlesim.world.supply import supply_of
from circlesim.world.world import World

TWIN_M = 30.0
"""Two outlets of one name and format this near are taken for one entered twice; an assumption, grade D."""

LONG_LEG_M = 100.0
"""An access leg longer than this is worth a look; half of what is taken for granted."""


def twins(world: World) -> list[tuple[int, int]]:
    """
    Find outlets that seem to be entered twice.

    Parameters
    ----------
    world : World
        The world.

    Returns
    -------
    list of tuple of int
        Rows of two outlets of the same name and format within `TWIN_M`; the second is the one too many.
    """
    outlets, streets = world.facilities, world.streets
    at = np.column_stack([streets.x_m[outlets.node_row], streets.y_m[outlets.node_row]])
    alike: dict[tuple[str, int], list[int]] = {}
    found = []
    for row, (name, kind) in enumerate(zip(outlets.name.tolist(), outlets.format.tolist(), strict=True)):
        key = (_plain(name), kind)
        if not key[0]:
            continue
        near = [other for other in alike.get(key, ()) if np.hypot(*(at[row] - at[other])) <= TWIN_M]
        if near:
            found.append((near[0], row))
        else:
            alike.setdefault(key, []).append(row)
    return found


def _plain(name: str) -> str:
    """A name without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def outlet_remarks(world: World, folder: Path | None) -> Iterator[Remark]:
    """
    Look at the outlets of a world.

    Parameters
    ----------
    world : World
        The world.
    folder : Path or None
        Its folder, to see what was given and what filled in; None for a demo world that is generated.

    Yields
    ------
    Remark
        What there is to say.
    """
    pairs = twins(world)
    ids = world.facilities.facility
    if pairs:
        fix = "\n".join(f"[[close]]\nid = {toml_text(str(ids[row]))}" for _, row in pairs[:SHOWN])
        named = tuple(f"{ids[row]} = {ids[first]} ({world.facilities.name[row]})" for first, row in pairs[:SHOWN])
        yield Remark(
            kind="broken", key="twins", count=len(pairs), fix=fix, examples=named, blanks={"metres": TWIN_M}
        )
    yield from _absent(world)
    yield from _supply(world)
    if folder is not None:
        yield from _hours(folder)


def twin_marks(world: World) -> Iterator[Mark]:
    """
    Place the outlets that seem to be entered twice.

    Parameters
    ----------
    world : World
        The world.

    Yields
    ------
    Mark
        One a superfluous outlet.
    """
    rows = world.facilities.node_row
    for _, row in twins(world):
        x_m, y_m = float(world.streets.x_m[rows[row]]), float(world.streets.y_m[rows[row]])
        yield Mark(key="twins", x_m=x_m, y_m=y_m, label=str(world.facilities.facility[row]))


def _absent(world: World) -> Iterator[Remark]:
    """Formats of the plan nobody has here; the plan's word for them is a class."""
    counts = np.bincount(world.facilities.format, minlength=len(FORMATS))
    for name in ("basic", "quality"):
        missing = tuple(
            each for each in FORMATS if format_row(each).format_class == name and not counts[FORMAT_INDEX[each]]
        )
        if missing:
            yield Remark(kind="there", key=f"absent.{name}", count=len(missing), examples=missing)


def _supply(world: World) -> Iterator[Remark]:
    supply = supply_of(world)
    blanks = {"share": supply.whole.share, "basic": supply.basic.share}
    if supply.under_mapped:
        thin = tuple(
            f"{each.name}: {each.outlets} / {each.expected:.1f}"
            for each in sorted((each for each in supply.formats if each.too_few), key=lambda each: each.share)
        )
        fix = '[[add]]\nformat = "convenience_store"\nlon = 0.0  # degrees, WGS-84\nlat = 0.0\nname = "…"'
        yield Remark(
            kind="broken",
            key="under_mapped",
            blanks=blanks,
            fix=fix,
            examples=thin,
            count=max(0, round(supply.whole.expected) - supply.whole.outlets),
        )
    elif supply.observed:
        key = "supply_counted" if supply.counted else "supply_fine"
        yield Remark(kind="there", key=key, blanks=blanks, count=supply.whole.outlets)


def _hours(folder: Path) -> Iterator[Remark]:
    """Say how many outlets of each format took the hours of the format."""
    rows = Rows(folder / "facilities.csv", Faults("unread"))
    known, without = folder_formats(folder, Faults("unread")), Counter[str]()
    for name, hours in zip(rows.column("format"), rows.column("hours"), strict=True):
        if not hours and name in known:
            without[name] += 1
    if without:
        most = without.most_common()
        fix = "\n".join(
            f"[[rehour]]\nformat = {toml_text(name)}\nhours = {toml_text(known.row(name).hours)}"
            for name, _ in most[:2]
        )
        listed = tuple(f"{name}: {count} ({known.row(name).hours})" for name, count in most)
        yield Remark(
            kind="assumed",
            key="hours",
            count=sum(without.values()),
            fix=fix,
            examples=listed,
            blanks={"outlets": len(rows.rows)},
        )


def snap_remarks(snapped: SnapReport | None) -> Iterator[Remark]:
    """
    Say how outlets given by degrees joined the streets.

    Parameters
    ----------
    snapped : SnapReport or None
        What the reader did.

    Yields
    ------
    Remark
        None where all outlets name a node.
    """
    if snapped is None:
        return
    legs = snapped.leg_m
    yield Remark(
        kind="assumed",
        key="snapped",
        count=snapped.snapped,
        blanks={"p50": legs.get("p50", 0.0), "longest": legs.get("max", 0.0)},
    )
    if snapped.rerouted:
        yield Remark(kind="assumed", key="rerouted", count=snapped.rerouted)
