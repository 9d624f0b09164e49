"""Evidence: the worst grade of confidence a number rests on."""

from __future__ import annotations

from circlesim.catalog.parameters import GRADES, Parameters
from circlesim.measures.measure import WORLD_ALONE, Measure
from circlesim.world.world import World

WALKING = ("walk_speed_mean", "walk_speed_sd", "walk_speed_female_offset", "speed_mobility", "mobility_share")
"""Parameters behind walking minutes at own speed: all that coverage takes from the catalogue."""

GIVEN = "given"
"""Grade of a number that comes from the experiment itself, such as the cost of a policy."""


def evidence_grade(measure: Measure, world: World, parameters: Parameters, *, pays: bool = False) -> str:
    """
    Grade a measure.

    The rule: a synthetic world is an assumption (D) whatever else is known. On observed streets, what residents
    do rests on every parameter of the law and takes the worst of their grades; coverage rests on walking speeds
    alone; the cost of policies is given by the experiment.

    Parameters
    ----------
    measure : Measure
        The measure.
    world : World
        The baseline.
    parameters : Parameters
        The numbers of the law.
    pays : bool, default: False
        Whether the world or a policy hands out money: then the cost rests on what residents do.

    Returns
    -------
    str
        ``"A"`` to ``"D"``, or `GIVEN`.
    """
    if measure.name == "public_cost" and not pays:
        return GIVEN
    if world.synthetic:
        return GRADES[-1]
    rows = parameters.rows
    # Who is poor, old or slow is drawn from more of the catalogue than walking speeds.
    told_apart = measure.name.startswith(("access_concentration", "group_gap"))
    if measure.kind == WORLD_ALONE and not told_apart:
        rows = tuple(row for row in rows if row.name in WALKING)
    return max((row.grade for row in rows), default=GRADES[-1])
