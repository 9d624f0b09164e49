"""World picture: the tables a map of a check is drawn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from circlesim.building.broken import Remains
from circlesim.building.remark import Mark
from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.reporting.charts.palette import CLASSES, INK, VERMILION
from circlesim.reporting.charts.street_map import STREET
from circlesim.reporting.charts.world_map import HOMES, MARKS, world_figure
from circlesim.reporting.place_chapters import class_of
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.world.reach import components
from circlesim.world.streets import Streets
from circlesim.world.world import World

CELL_M = 100.0
"""Homes are drawn by squares of this side, as in ``cells.csv``."""

MOST_EDGES = 60_000
"""Streets drawn at most, the longest first: a page of a large city stays one a browser opens."""


def world_picture(world: World, marks: Sequence[Mark], vocabulary: Vocabulary) -> Markup:
    """
    Draw a world.

    Parameters
    ----------
    world : World
        The world.
    marks : sequence of Mark
        Places of what is broken.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Markup
        One ``svg`` element.
    """
    streets, outlets = world.streets, world.facilities
    own = {row.format: row.format_class for row in world.formats.own}
    places = pd.DataFrame({
        "x_m": streets.x_m[outlets.node_row], "y_m": streets.y_m[outlets.node_row],
        "class": [class_of(world.formats.ids[number], own) for number in outlets.format],
    })  # fmt: skip
    return _picture(street_lines(streets), home_cells(world), places, marks, vocabulary)


def remains_picture(remains: Remains, vocabulary: Vocabulary) -> Markup | None:
    """
    Draw what of a faulty folder can be read.

    Parameters
    ----------
    remains : Remains
        Streets and faults.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Markup or None
        None where there are no streets.
    """
    if remains.streets is None or not len(remains.streets.length_m):
        return None
    nothing = pd.DataFrame({"x_m": [], "y_m": [], "residents": [], "class": []})
    marks = remains.inspection.marks
    return _picture(street_lines(remains.streets), nothing, nothing, marks, vocabulary)


def street_lines(streets: Streets) -> pd.DataFrame:
    """
    Table the streets as lines.

    Parameters
    ----------
    streets : Streets
        The network.

    Returns
    -------
    DataFrame
        Columns `from_x`, `from_y`, `to_x`, `to_y` and `kind`: ``"locked"``, ``"part"`` for what is cut off from
        the largest part, else ``"main"``.
    """
    a, b = streets.from_row, streets.to_row
    part = components(streets.with_open_gates())[a] > 0
    kind = np.where(streets.locked == 1, "locked", np.where(part, "part", "main"))
    lines = pd.DataFrame({
        "from_x": streets.x_m[a], "from_y": streets.y_m[a], "to_x": streets.x_m[b], "to_y": streets.y_m[b],
        "kind": kind,
    })  # fmt: skip
    if len(lines) > MOST_EDGES:
        lines = lines.iloc[np.sort(np.argsort(-streets.length_m, kind="stable")[:MOST_EDGES])]
    return lines


def home_cells(world: World) -> pd.DataFrame:
    """
    Count residents by square.

    Parameters
    ----------
    world : World
        The world.

    Returns
    -------
    DataFrame
        Columns `x_m`, `y_m` (centre) and `residents`; squares of fewer than 30 residents are left out.
    """
    home = world.population.home_row
    corner = np.column_stack([world.streets.x_m[home], world.streets.y_m[home]]) // CELL_M
    cell, count = np.unique(corner, axis=0, return_counts=True)
    centre = (cell[count >= SMALLEST_GROUP] + 0.5) * CELL_M
    return pd.DataFrame({"x_m": centre[:, 0], "y_m": centre[:, 1], "residents": count[count >= SMALLEST_GROUP]})


def _picture(
    lines: pd.DataFrame, homes: pd.DataFrame, places: pd.DataFrame, marks: Sequence[Mark], vocabulary: Vocabulary
) -> Markup:
    words = vocabulary.words
    spots = pd.DataFrame([(each.x_m, each.y_m, each.key) for each in marks], columns=["x_m", "y_m", "key"])
    key = [("-", STREET, words("world.key.main")), ("-", VERMILION, words("world.key.part")),
           (":", INK, words("world.key.locked"))]  # fmt: skip
    key = [
        entry for entry, kind in zip(key, ("main", "part", "locked"), strict=True) if (lines["kind"] == kind).any()
    ]
    if len(homes):
        key.append(("s", HOMES, words("world.key.homes")))
    key += [("o", colour, vocabulary.format_class(name)) for name, colour in CLASSES.items()
            if (places["class"] == name).any()]  # fmt: skip
    key += [(marker, colour, words(f"world.key.{name}")) for name, (marker, colour) in MARKS.items()
            if (spots["key"] == name).any()]  # fmt: skip
    figure = world_figure(lines, homes, places, spots, key)
    return figure_svg(figure, "map", words("world.map"), words("world.map.intro"))
