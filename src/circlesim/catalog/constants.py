"""Constants solved on a baseline: they make each service meet its anchors, and set the survey's thresholds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES

AGE_GROUPS: tuple[tuple[int, int], ...] = ((0, 17), (18, 34), (35, 59), (60, 69), (70, 200))
"""Age groups of the constants and of the anchors, both ends included."""

ALTERNATIVES: tuple[str, ...] = ("delivery", "home", "outside", "forgo")
"""What competes with walking to an outlet, whose own constant is zero."""

UNAVAILABLE = -1e9
"""Constant of an alternative a service does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """
    Numbers solved on a baseline world, never chosen.

    Parameters
    ----------
    alternative : ndarray of float64, shape (A, S, 4)
        Utility constant by age group, service and `ALTERNATIVES`.
    thresholds : ndarray of float64, shape (3,)
        Rising cut points between the four survey levels, lowest level first.
    solved_on : str
        World name, and digests of world and parameters they were solved for.
    """

    alternative: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    solved_on: str = ""


def age_group(ages: NDArray[np.integer]) -> NDArray[np.int8]:
    """
    Place ages in `AGE_GROUPS`.

    Parameters
    ----------
    ages : ndarray of int, shape (R,)
        Years.

    Returns
    -------
    ndarray of int8, shape (R,)
        Position of the group.
    """
    starts = np.array([low for low, _ in AGE_GROUPS])
    return (np.searchsorted(starts, ages, side="right") - 1).astype(np.int8)


def write_constants(constants: Constants, path: Path) -> None:
    """
    Write constants as JSON that a person can read.

    Parameters
    ----------
    constants : Constants
        What to write.
    path : Path
        The file.
    """
    table = {
        service: {name: [round(float(v), 6) for v in constants.alternative[:, s, a]]
                  for a, name in enumerate(ALTERNATIVES)}
        for s, service in enumerate(SERVICES)
    }  # fmt: skip
    body = {
        "solved_on": constants.solved_on,
        "age_groups": AGE_GROUPS,
        "thresholds": [float(t) for t in constants.thresholds],
        "alternative": table,
    }
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def read_constants(path: Path) -> Constants:
    """
    Read constants written by `write_constants`.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Constants
        The numbers.
    """
    body = json.loads(path.read_text(encoding="utf-8"))
    alternative = np.array(
        [[[body["alternative"][service][name][g] for name in ALTERNATIVES] for service in SERVICES]
         for g in range(len(AGE_GROUPS))]
    )  # fmt: skip
    return Constants(alternative=alternative, thresholds=np.array(body["thresholds"]), solved_on=body["solved_on"])
