"""Place chapters: the street map and satisfaction by home."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from circlesim.catalog.formats import FORMATS, format_row
from circlesim.reporting.charts.home_map import satisfaction_figure
from circlesim.reporting.charts.palette import CLASSES
from circlesim.reporting.charts.street_map import street_map_figure
from circlesim.reporting.material import Material
from circlesim.reporting.outlet_tables import outlet_changes_table, outlets_table
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.tables import Table, heads


def map_chapter(material: Material) -> Chapter | None:
    """
    Draw streets and outlets.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no map.
    """
    edges = material.run.table("map/edges.csv")
    outlets = mapped_outlets(material)
    if not len(edges) or not len(outlets):
        return None
    words = material.vocabulary.words
    svg = figure_svg(street_map_figure(edges, outlets, material.lang), "map", words("map"), words("map.intro"))
    intro = [words("map.intro")]
    if "footfall" in edges:
        intro.append(words("map.footfall", most=number(float(edges["footfall"].max()))))
    picture = Picture(key="map", title="", svg=svg, twin=outlets_table(outlets, material.vocabulary))
    changes = [outlet_changes_table(pair, each, material.vocabulary) for pair, each in material.outlet_changes]
    return Chapter(
        key="map", title=words("map"), paragraphs=(words.join(intro, "sentence"),), pictures=(picture,),
        tables=tuple(table for table in changes if table.rows),
    )  # fmt: skip


def mapped_outlets(material: Material) -> pd.DataFrame:
    """
    Gather the outlets of the map: those of the first baseline, and those any scenario adds.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    DataFrame
        Columns `facility`, `name`, `format`, `class`, `x_m`, `y_m`, `visits` a day, `new`.
    """
    places = material.run.table("map/facilities.csv")
    if not len(places):
        return places
    places = places.drop_duplicates("facility")
    counted = material.facilities
    if not len(counted):
        return counted
    first = counted.drop_duplicates("facility").set_index("facility")
    places = places[places["facility"].isin(first.index)].copy()
    places["visits"] = places["facility"].map(first["visits"]) / material.facts.days_measured
    places["new"] = places["facility"].map(first["scenario"]) != material.run.scenarios[0]
    own = {row["format"]: row["class"] for row in material.run.manifest.get("formats", ())}
    places["class"] = [class_of(name, own) for name in places["format"]]
    places["name"] = places.get("name", "")
    return places


def class_of(format_id: str, own: Mapping[str, str]) -> str:
    """
    Class of a format on the map.

    Parameters
    ----------
    format_id : str
        Id of the format.
    own : mapping of str to str
        Classes of formats that are not those of the catalogue.

    Returns
    -------
    str
        A key of `CLASSES`.
    """
    name = own.get(format_id) or (format_row(format_id).format_class if format_id in FORMATS else "other")
    return name if name in CLASSES else "other"


def homes_chapter(material: Material) -> Chapter | None:
    """
    Draw satisfaction by home.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no squares of 30 residents or more.
    """
    cells = material.run.table("cells.csv")
    if not len(cells):
        return None
    words = material.vocabulary.words
    baseline = material.run.scenarios[0]
    level, unit = _cells_of(cells, baseline), words("unit.points")
    changes = [(pair, _cell_change(cells, pair)) for pair in material.run.pairs]
    titled = [
        (words("homes.change", scenario=pair.scenario, unit=unit), each) for pair, each in changes if len(each)
    ]
    figure = satisfaction_figure((words("homes.level", scenario=baseline, unit=unit), level), titled)
    svg = figure_svg(figure, "homes", words("homes"), words("homes.intro"))
    picture = Picture(key="homes", title="", svg=svg, twin=_cells_table(level, changes, material))
    return Chapter(key="homes", title=words("homes"), paragraphs=(words("homes.intro"),), pictures=(picture,))


def _cells_of(cells: pd.DataFrame, scenario: str) -> pd.DataFrame:
    rows = cells[cells["scenario"] == scenario].rename(columns={"satisfaction": "value"})
    return rows[["x_m", "y_m", "residents", "value"]].reset_index(drop=True)


def _cell_change(cells: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    now, then = _cells_of(cells, pair.scenario), _cells_of(cells, pair.baseline)
    both = now.merge(then, on=["x_m", "y_m"], suffixes=("", "_before"))
    return both.assign(value=both["value"] - both["value_before"])


def _at(values: pd.Series[float], x_m: float, y_m: float) -> float:
    return float(values.get((x_m, y_m), float("nan")))


def _cells_table(level: pd.DataFrame, changes: list[tuple[Pair, pd.DataFrame]], material: Material) -> Table:
    words, unit = material.vocabulary.words, material.vocabulary.words("unit.points")
    by_place = [each.set_index(["x_m", "y_m"])["value"] for _, each in changes]
    rows = tuple(
        (
            f"{number(row['x_m'])}, {number(row['y_m'])}", number(row["residents"]), number(row["value"], 1),
            *(number(_at(each, row["x_m"], row["y_m"]), 1, signed=True) for each in by_place),
        )
        for row in records(level)
    )  # fmt: skip
    titles = (words("homes.change", scenario=pair.scenario, unit=unit) for pair, _ in changes)
    head = (
        *heads(material.vocabulary, "place", "homes"),
        words("homes.level", scenario=material.run.scenarios[0], unit=unit),
        *titles,
    )
    return Table(words("homes"), head, rows)
