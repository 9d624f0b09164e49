"""The made-up run cut down to two scenarios, with places in degrees and access, as runs are written now."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from made_up_run import write_run

METRES_A_DEGREE = 111_195.0
SCENARIOS = ("as is", "four counters")


def write_exportable_run(folder: Path) -> Path:
    """Write a run folder; its streets lie on the equator."""
    run = write_run(folder)
    for path in run.rglob("*.csv"):
        table = pd.read_csv(path, keep_default_na=False, na_values=[""])
        if "scenario" in table:
            table[table["scenario"].isin(SCENARIOS)].to_csv(path, index=False)
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    manifest["scenarios"] = list(SCENARIOS)
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    _streets(run / "map" / "edges.csv")
    _places(run / "map" / "facilities.csv")
    counted = pd.read_csv(run / "facilities.csv")
    counted.assign(present=1).to_csv(run / "facilities.csv", index=False)
    cells = pd.read_csv(run / "cells.csv")
    near = np.linspace(3, 18, len(cells))
    cells.assign(services_15min=near, groceries_min=20 - near).to_csv(run / "cells.csv", index=False)
    return run


def _streets(path: Path) -> None:
    edges = pd.read_csv(path)
    for end in ("from", "to"):
        edges[f"{end}_node"] = (edges[f"{end}_x"] * 1000 + edges[f"{end}_y"]).astype(int)
        edges[f"{end}_lon"], edges[f"{end}_lat"] = (edges[f"{end}_{axis}"] / METRES_A_DEGREE for axis in "xy")
    edges["length_m"] = 75.0
    edges.loc[0, "footfall"] = np.nan
    edges.assign(gate="", locked=0).to_csv(path, index=False)


def _places(path: Path) -> None:
    places = pd.read_csv(path, keep_default_na=False)
    places["lon"], places["lat"] = places["x_m"] / METRES_A_DEGREE, places["y_m"] / METRES_A_DEGREE
    places.to_csv(path, index=False)
