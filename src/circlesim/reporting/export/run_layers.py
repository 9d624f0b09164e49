"""Run layers: what a run found, on streets, outlets and homes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circlesim.errors import Faults, RunError
from circlesim.reporting.charts.home_map import cell_side
from circlesim.reporting.export.layer import Collection, Layer, Sheet, slug
from circlesim.reporting.material import Material
from circlesim.world.frame import Frame, fit_frame
from circlesim.world.streets import Streets

OUTLET_FIGURES = ("visits_per_day", "revenue_per_day", "utilisation", "wait_min")
HOME_FIGURES = ("satisfaction", "services_15min", "groceries_min")

MORE_TABLES = ("comparison", "unmet", "cost_effectiveness")
"""Tables of a run that come along."""

PLACES = ("from_lon", "from_lat", "to_lon", "to_lat")


def run_collection(folder: Path, lang: str) -> Collection:
    """
    Gather what a run has to show.

    Parameters
    ----------
    folder : Path
        Run folder.
    lang : {"en", "zh"}
        Language of titles.

    Returns
    -------
    Collection
        Streets with footfall, and for each scenario outlets with results and homes with satisfaction and access;
        no group of fewer than 30 residents stands in it.

    Raises
    ------
    RunError
        If the folder is no run, or was written before streets had their places.
    """
    material = Material.of(folder, lang)
    edges = material.run.table("map/edges.csv")
    faults = Faults(f"{folder}: nothing can be exported", RunError)
    if not len(edges) or not set(PLACES) <= set(edges.columns):
        faults.add(
            "the run has no streets with their places",
            str(folder / "map" / "edges.csv"),
            expected="columns " + ", ".join(PLACES),
            hint="it was written by an older version: run the experiment again into a new folder",
        )
    faults.raise_if_any()
    outlets, homes = outlet_rows(material), home_rows(material)
    layers = [
        _streets(edges, material),
        *_outlet_layers(outlets, material),
        *_home_layers(homes, _frame(edges), material),
    ]
    words = material.vocabulary.words
    sheets = [
        Sheet(name="streets", title=words("export.streets"), table=_street_rows(edges)),
        Sheet(name="outlets", title=words("export.outlets"), table=outlets),
        Sheet(name="homes", title=words("export.homes"), table=homes),
        *(
            Sheet(name=name, title=words(f"export.{name}"), table=table)
            for name in MORE_TABLES
            if len(table := material.run.table(f"{name}.csv"))
        ),
    ]
    title = material.facts.question or material.vocabulary.world(material.facts.world)
    return Collection(title=title, about=tuple(_about(material)), layers=tuple(layers), sheets=tuple(sheets))


def _about(material: Material) -> Iterator[tuple[str, str]]:
    words, facts = material.vocabulary.words, material.facts
    yield words("world"), facts.title or facts.world
    yield words("export.kind"), words("synthetic") if facts.synthetic else words("real")
    yield (
        words("export.window"),
        words("window", days=facts.days, start=facts.start, measure_from=facts.measure_from),
    )
    yield words("export.footfall"), words("export.footfall.text", scenario=material.run.scenarios[0])
    yield words("export.small"), words("export.small.text")
    yield words("anchored"), words("anchored.text")
    if facts.supply:
        yield words("supply.heading"), words("supply.withheld")
    yield words("export.digest"), str(material.run.manifest.get("digests", {}).get("run", ""))
    for source in facts.sources:
        yield words("export.source"), source
    for licence in facts.licences:
        yield words("export.licence"), licence


def _street_rows(edges: pd.DataFrame) -> pd.DataFrame:
    names = ("from_node", "to_node", "length_m", "gate", "locked", "footfall", *PLACES)
    return edges[[name for name in names if name in edges]].rename(columns={"footfall": "footfall_per_day"})


def _streets(edges: pd.DataFrame, material: Material) -> Layer:
    table = _street_rows(edges)
    return Layer(
        name="streets",
        title=material.vocabulary.words("export.streets"),
        shape="LineString",
        degrees=edges[list(PLACES)].to_numpy(float).reshape(-1, 2, 2),
        table=table.drop(columns=list(PLACES)),
        shown="footfall_per_day",
    )


def outlet_rows(material: Material) -> pd.DataFrame:
    """
    Table every outlet under every scenario.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    DataFrame
        Scenario, id, name, format, whether it is there on the last day, place, results a day, and the change of
        visits against the scenario's baseline (an outlet that is not in it had none).
    """
    table = material.facilities
    days = material.facts.days_measured
    rows = pd.DataFrame(
        {
            "scenario": table["scenario"],
            "facility": table["facility"],
            "name": table["name"],
            "format": table["format"],
            "format_name": [
                material.vocabulary.format(each) if material.vocabulary.knows_format(each) else each
                for each in table["format"]
            ],
            "present": table["present"].astype(int),
            "visits_per_day": table["visits"] / days,
            "revenue_per_day": table["revenue"] / days,
            "utilisation": table["utilisation"],
            "wait_min": table["wait_min"],
            "lon": table["lon"],
            "lat": table["lat"],
        }
    )
    visits = rows.set_index(["scenario", "facility"])["visits_per_day"]
    base = {pair.scenario: pair.baseline for pair in material.run.pairs}
    before = [
        visits.get((base[scenario], facility), 0.0) if scenario in base else np.nan
        for scenario, facility in zip(rows["scenario"], rows["facility"], strict=True)
    ]
    rows["visits_change"] = rows["visits_per_day"] - np.array(before, dtype=float)
    return rows


def _outlet_layers(outlets: pd.DataFrame, material: Material) -> Iterator[Layer]:
    words = material.vocabulary.words
    for position, scenario in enumerate(material.run.scenarios):
        rows = outlets[outlets["scenario"] == scenario].reset_index(drop=True)
        if len(rows):
            yield Layer(
                name=f"outlets-{position}-{slug(scenario)}",
                title=words("export.of", what=words("export.outlets"), scenario=scenario),
                shape="Point",
                degrees=rows[["lon", "lat"]].to_numpy(float).reshape(-1, 1, 2),
                table=rows,
                shown="visits_per_day",
            )


def home_rows(material: Material) -> pd.DataFrame:
    """
    Table every square of homes under every scenario.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    DataFrame
        Scenario, centre of the square in metres, adults asked there, satisfaction, access, and the change of
        satisfaction against the scenario's baseline; `RunFolder.table` leaves squares of fewer than 30 out.
    """
    cells = material.run.table("cells.csv")
    if not len(cells):
        return pd.DataFrame({name: [] for name in ("scenario", "x_m", "y_m", "residents", *HOME_FIGURES)})
    names = ["scenario", "x_m", "y_m", "residents", *(name for name in HOME_FIGURES if name in cells)]
    rows = cells[names].reset_index(drop=True)
    level = rows.set_index(["scenario", "x_m", "y_m"])["satisfaction"]
    base = {pair.scenario: pair.baseline for pair in material.run.pairs}
    keys = zip(rows["scenario"], rows["x_m"], rows["y_m"], strict=True)
    before = [level.get((base.get(scenario, ""), x_m, y_m), np.nan) for scenario, x_m, y_m in keys]
    rows["satisfaction_change"] = rows["satisfaction"] - np.array(before, dtype=float)
    return rows


def _home_layers(homes: pd.DataFrame, frame: Frame, material: Material) -> Iterator[Layer]:
    words = material.vocabulary.words
    for position, scenario in enumerate(material.run.scenarios):
        rows = homes[homes["scenario"] == scenario].reset_index(drop=True)
        if len(rows):
            yield Layer(
                name=f"homes-{position}-{slug(scenario)}",
                title=words("export.of", what=words("export.homes"), scenario=scenario),
                shape="Polygon",
                degrees=squares(
                    rows["x_m"].to_numpy(float), rows["y_m"].to_numpy(float), frame, min(cell_side(rows), 100.0)
                ),
                table=rows,
                shown="satisfaction",
            )


def squares(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], frame: Frame, side_m: float
) -> NDArray[np.float64]:
    """
    Draw squares around their centres.

    Parameters
    ----------
    x_m, y_m : ndarray of float64, shape (n,)
        Centres, in the world's metres.
    frame : Frame
        Way from metres to degrees.
    side_m : float
        Side of a square.

    Returns
    -------
    ndarray of float64, shape (n, 4, 2)
        Degrees of the corners, against the clock from the lower left.
    """
    steps = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * side_m / 2
    x, y = (centre[:, None] + steps[:, axis] for axis, centre in enumerate((x_m, y_m)))
    lon, lat = frame.degrees(x.ravel(), y.ravel())
    return np.column_stack([lon, lat]).reshape(-1, 4, 2)


def _frame(edges: pd.DataFrame) -> Frame:
    """The run's frame, from the ends of its streets."""
    ends = np.concatenate(
        [
            edges[["from_x", "from_y", "from_lon", "from_lat"]].to_numpy(float),
            edges[["to_x", "to_y", "to_lon", "to_lat"]].to_numpy(float),
        ]
    )
    x, y, lon, lat = np.unique(ends, axis=0).T
    none = np.zeros(0, np.int32)
    node = np.arange(len(x), dtype=np.int64)
    return fit_frame(
        Streets(node=node, x_m=x, y_m=y, lon=lon, lat=lat, from_row=none, to_row=none, length_m=np.zeros(0))
    )
