"""Solve the constants of the demo worlds again and write them where the package ships them."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from circlesim.catalog.constants import write_constants
from circlesim.catalog.parameters import default_parameters
from circlesim.experiments.anchoring import solve_constants
from circlesim.world.demo import DEMO_WORLDS, demo_world


def main(names: list[str]) -> None:
    """Solve the worlds named, or all; print how well each meets its anchors."""
    for name in names or DEMO_WORLDS:
        solution = solve_constants(demo_world(name), default_parameters(), progress=print)
        write_constants(
            solution.constants, Path(str(files("circlesim.catalog") / "data")) / f"constants_{name}.json"
        )
        table = solution.residuals()
        judged = table[table["judged"]]
        print(f"{name}: mean gap {100 * solution.mean_gap:.2f} points; cells beyond the tolerance:")
        print(judged[judged["gap"].abs() > 0.01].to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1:])
