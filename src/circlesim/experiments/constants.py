"""Constants of a world: shipped, beside its folder, or solved now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from circlesim.catalog.constants import AGE_GROUPS, ALTERNATIVES, Constants, read_constants
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.anchoring import solve_constants, solved_stamp
from circlesim.experiments.store import write_json
from circlesim.world.world import World


def shipped_constants() -> Iterator[Path]:
    """
    List the constants that ship with the package.

    Yields
    ------
    Path
        ``catalog/data/constants_*.json``.
    """
    yield from sorted(Path(str(files("circlesim.catalog") / "data")).glob("constants_*.json"))


def keep_constants(constants: Constants, path: Path) -> None:
    """
    Write constants with every digit, so that a run goes on with the very same numbers.

    Parameters
    ----------
    constants : Constants
        What to write.
    path : Path
        The file; `read_constants` reads it.
    """
    alternative = {
        service: {name: constants.alternative[:, s, a].tolist() for a, name in enumerate(ALTERNATIVES)}
        for s, service in enumerate(SERVICES)
    }
    write_json(path, {
        "solved_on": constants.solved_on, "age_groups": AGE_GROUPS, "thresholds": constants.thresholds.tolist(),
        "alternative": alternative,
    })  # fmt: skip


def constants_for(
    world: World,
    parameters: Parameters,
    *,
    beside: Path | None = None,
    mechanisms: Mechanisms | None = None,
    progress: Callable[[str], None] | None = None,
) -> Constants:
    """
    Find the constants of a world, or solve them.

    Parameters
    ----------
    world : World
        The baseline.
    parameters : Parameters
        Numbers of the law.
    beside : Path, optional
        World folder that may hold a ``constants.json``.
    mechanisms : Mechanisms, optional
        Switches of the law, should the constants have to be solved.
    progress : callable, optional
        Told, in words, that constants are being solved.

    Returns
    -------
    Constants
        Those found are used only where they were solved for this very world, parameters and anchors.
    """
    stamp = solved_stamp(world, parameters, mechanisms)
    own = [beside / "constants.json"] if beside is not None else []
    for path in [*own, *shipped_constants()]:
        if path.is_file():
            found = read_constants(path)
            if found.solved_on == stamp:
                return found
    if progress is not None:
        progress("solving the constants of home, delivery, outside and forgo on this baseline")
    return solve_constants(world, parameters, mechanisms=mechanisms, progress=progress).constants
