"""Path: the fewest formats a circle must add for its next grade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circlesim.assessment.duties import DutyState
from circlesim.assessment.grade import COMMON, Scorecard, access_share
from circlesim.assessment.have_lack import quantile_min
from circlesim.assessment.satisfaction import FAILED
from circlesim.catalog.standards import CLASSES, Demands

FAR_MIN = 60.0
"""Most that minutes lacking weigh: the longest walk a standard may state."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """
    One format to add.

    Parameters
    ----------
    format : str
        Its id.
    duties : tuple of str
        Keys of the duties it discharges.
    minutes_lacking : float
        Least minutes by which the walk must shrink for the share of residents asked for; 0 by presence, inf where
        fewer than that share can walk to one at all.
    """

    format: str
    duties: tuple[str, ...]
    minutes_lacking: float


def minutes_lacking(state: DutyState, share: float | None) -> float:
    """
    Minutes between what a duty asks for and what the residents it must serve walk.

    Parameters
    ----------
    state : DutyState
        How the duty stands.
    share : float or None
        Share of residents who must be within its minutes.

    Returns
    -------
    float
        0 where it is met or judged by presence; inf where too few can walk to one at all.
    """
    if share is None or state.duty.minutes is None or state.met(share):
        return 0.0
    walk = quantile_min(state.walk_min, share)
    return walk - state.duty.minutes


def shortest_path(card: Scorecard) -> tuple[Step, ...]:
    """
    Find the fewest formats that meet the counts and mandatory duties of the next grade.

    Among those the fewest minutes lacking, then those that come first in the standard. A format that is added
    is taken to stand wherever the duties it discharges need it: how many sites that takes is a question of siting.

    Parameters
    ----------
    card : Scorecard
        The circle.

    Returns
    -------
    tuple of Step
        In the order of the catalogue of the standard; empty where no count is missed.

    Notes
    -----
    A set cover by mixed integer programming: formats ``x``, duties ``y``, minimise ``sum x + e sum g y`` subject
    to ``y_d <= sum of x over the formats of d``, the count of each class and ``y = 1`` for mandatory duties, where
    ``e`` is small enough for minutes never to outweigh a format.
    """
    if not any(each.result == FAILED for each in card.levels.get(card.next_grade, ())):
        return ()
    standard = card.standard
    demands = [standard.common, standard.gate, standard.grades.get(card.next_grade)]
    own = standard.grades.get(card.next_grade, standard.common)
    share = access_share(own, standard.common)
    lacking = [state for state in card.circle.states if not state.met(share)]
    needed = {name: _more(card, name, [each for each in demands if each], share) for name in CLASSES}
    return cover(lacking, needed, share)


def _more(card: Scorecard, name: str, demands: Sequence[Demands], share: float | None) -> int:
    """How many more duties of a class the next grade asks for."""
    asked = max((getattr(each, name) or 0 for each in demands), default=0)
    met = sum(state.duty.format_class == name and state.met(share) for state in card.circle.states)
    return max(asked - met, 0)


def cover(lacking: Sequence[DutyState], needed: dict[str, int], share: float | None) -> tuple[Step, ...]:
    """
    Choose formats to add; see `shortest_path`.

    Parameters
    ----------
    lacking : sequence of DutyState
        Duties that are not met.
    needed : dict of str to int
        How many of each class must be.
    share : float or None
        Share of residents who must be within the minutes of a duty.

    Returns
    -------
    tuple of Step
        Empty where nothing is needed.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    must = np.array([state.duty.mandatory for state in lacking], float)
    if not any(needed.values()) and not must.any():
        return ()
    formats = list(dict.fromkeys(name for state in lacking for name in state.duty.formats))
    gaps = np.minimum([minutes_lacking(state, share) for state in lacking], FAR_MIN)
    tiny = 1.0 / (1.0 + (FAR_MIN + 2.0) * (len(lacking) + len(formats)))
    # A hundredth of a minute a place decides between equals; a tenth keeps duties nobody asks for at 0.
    order = 1.0 + tiny * 0.01 * np.minimum(np.arange(len(formats)), 100)
    cost = np.concatenate([order, tiny * (gaps + 0.1)])
    offers = np.array([[name in state.duty.formats for name in formats] for state in lacking], float)
    kinds = np.array([[state.duty.format_class == name for state in lacking] for name in CLASSES], float)
    nothing = np.zeros((len(CLASSES), len(formats)))
    rules = [
        LinearConstraint(np.hstack([offers, -np.eye(len(lacking))]), lb=0.0),
        LinearConstraint(np.hstack([nothing, kinds]), lb=[needed[name] for name in CLASSES]),
    ]
    floor = np.concatenate([np.zeros(len(formats)), must])
    found = milp(cost, constraints=rules, integrality=np.ones(len(cost), np.int64), bounds=Bounds(floor, 1.0),
                 options={"mip_rel_gap": 0.0})  # fmt: skip
    assert found.x is not None, (
        "every count asked for can be met from the list: the reader of standards sees to it"
    )
    chosen = {name for name, x in zip(formats, found.x, strict=False) if x > 0.5}
    served = [state for state, y in zip(lacking, found.x[len(formats) :], strict=True) if y > 0.5]
    return tuple(_step(name, served, share) for name in formats if name in chosen)


def _step(name: str, served: Sequence[DutyState], share: float | None) -> Step:
    own = [state for state in served if name in state.duty.formats]
    far = max((minutes_lacking(state, share) for state in own), default=0.0)
    return Step(format=name, duties=tuple(state.duty.key for state in own), minutes_lacking=far)


def chain_outlets_lacking(card: Scorecard) -> int:
    """
    Count the chain outlets to add for the share asked for, all else standing.

    Parameters
    ----------
    card : Scorecard
        The circle.

    Returns
    -------
    int
        0 where the share is met, not asked for, or not to be had by adding (1 asked for).
    """
    asked = _asked(card, "chain_share")
    outlets, share = card.circle.outlets, card.circle.chain_share
    if asked is None or asked >= 1.0 or not share < asked:
        return 0
    return math.ceil((asked - share) * outlets / (1.0 - asked) - 1e-9)


def area_lacking_m2(card: Scorecard) -> float:
    """
    Floor area to add for the area asked for.

    Parameters
    ----------
    card : Scorecard
        The circle.

    Returns
    -------
    float
        Square metres; 0 where it is met or not asked for.
    """
    asked, circle = _asked(card, "area_m2_per_100_households"), card.circle
    if asked is None or not circle.area_m2_per_100_households < asked:
        return 0.0
    return (asked - circle.area_m2_per_100_households) * circle.households / 100.0


def _asked(card: Scorecard, name: str) -> float | None:
    """What the next grade asks of something: the most any of its conditions does."""
    level = card.levels.get(card.next_grade or COMMON, ())
    return max((each.asked for each in level if each.name == name), default=None)
