"""Grade: the three instruments put beside what a standard demands, and what holds the circle back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from circlesim.assessment.circle import Circle
from circlesim.assessment.satisfaction import FAILED, MET, UNKNOWN
from circlesim.catalog.standards import CLASSES, GRADES, Demands, Standard

BELOW, CANNOT_SAY, NO_GRADES = "below", "cannot_say", "no_grades"
"""Below the lowest grade; nothing can be said; the standard sets no grades."""

GATE, COMMON = "gate", "common"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """
    One demand and what was found.

    Parameters
    ----------
    name : str
        Field of `Demands`, or ``mandatory``.
    asked, found : float
        In the unit of the demand; found is nan where unknown.
    result : str
        ``met``, ``failed`` or ``unknown``.
    reason : str, default: ""
        Why unknown.
    """

    name: str
    asked: float
    found: float
    result: str
    reason: str = ""

    @property
    def shortfall(self) -> float:
        """What is lacking over what is asked; 0 where nothing is known to be lacking."""
        return (self.asked - self.found) / self.asked if self.result == FAILED else 0.0


def access_share(demands: Demands, common: Demands) -> float | None:
    """
    Share of residents who must be within the minutes of a duty.

    Parameters
    ----------
    demands, common : Demands
        Of the grade, and of the whole standard.

    Returns
    -------
    float or None
        That of the grade where it states one.
    """
    return common.access_share if demands.access_share is None else demands.access_share


def conditions(demands: Demands, standard: Standard, circle: Circle) -> tuple[Condition, ...]:
    """
    Judge a circle by some demands.

    Parameters
    ----------
    demands : Demands
        Of a grade, the gate, or the whole standard.
    standard : Standard
        For what is asked in common.
    circle : Circle
        What was found.

    Returns
    -------
    tuple of Condition
        Only what the demands state.
    """
    return (*_counts(demands, standard, circle), *_plain(demands, circle), *_answered(demands, circle))


def _counts(demands: Demands, standard: Standard, circle: Circle) -> Iterator[Condition]:
    share = access_share(demands, standard.common)
    for name in CLASSES:
        asked = getattr(demands, name)
        if asked is not None:
            found = sum(state.duty.format_class == name and state.met(share) for state in circle.states)
            yield _compared(name, asked, found)


def mandatory(standard: Standard, circle: Circle, share: float | None) -> tuple[Condition, ...]:
    """
    Judge the duties without which there is no grade.

    Parameters
    ----------
    standard : Standard
        For the duties.
    circle : Circle
        What was found.
    share : float or None
        Share of residents who must be within their minutes.

    Returns
    -------
    tuple of Condition
        One, or none where no duty is mandatory.
    """
    asked = sum(duty.mandatory for duty in standard.duties)
    met = sum(state.duty.mandatory and state.met(share) for state in circle.states)
    return (_compared("mandatory", asked, met),) if asked else ()


def _plain(demands: Demands, circle: Circle) -> Iterator[Condition]:
    found = {
        "service_quality": circle.quality.overall,
        "chain_share": circle.chain_share,
        "area_m2_per_100_households": circle.area_m2_per_100_households,
    }
    for name, value in found.items():
        asked = getattr(demands, name)
        if asked is not None:
            yield _compared(name, asked, value)


def _answered(demands: Demands, circle: Circle) -> Iterator[Condition]:
    if demands.satisfaction is None:
        return
    rule, asked = demands.satisfaction_rule, demands.satisfaction
    if circle.answers is None:
        yield Condition(name="satisfaction", asked=asked, found=math.nan, result=UNKNOWN, reason="not_run")
        return
    result, reason = circle.answers.verdict(asked, rule)
    found = circle.answers.replies[rule].value if rule else math.nan
    yield Condition(name="satisfaction", asked=asked, found=found, result=result, reason=reason)


def _compared(name: str, asked: float, found: float) -> Condition:
    if math.isnan(found):
        return Condition(name=name, asked=asked, found=found, result=UNKNOWN, reason="not_measured")
    return Condition(name=name, asked=asked, found=found, result=MET if found >= asked - 1e-12 else FAILED)


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """
    A circle under a standard.

    Parameters
    ----------
    standard : Standard
        The standard.
    circle : Circle
        What was found.
    levels : dict of str to tuple of Condition
        By grade, lowest first, each with what is asked of all grades; ``common`` alone where the standard sets no
        grades.
    """

    standard: Standard
    circle: Circle
    levels: dict[str, tuple[Condition, ...]]

    def _highest(self, *results: str) -> str:
        """Highest grade up to which every condition has one of some results."""
        best = ""
        for grade in GRADES:
            if grade in self.levels:
                if any(each.result not in results for each in self.levels[grade]):
                    break
                best = grade
        return best

    @property
    def grade(self) -> str:
        """Highest grade all of whose conditions, and all of those below it, are met; else why there is none."""
        if COMMON in self.levels:
            return NO_GRADES
        return self._highest(MET) or (CANNOT_SAY if self.at_most else BELOW)

    @property
    def at_most(self) -> str:
        """Highest grade against which nothing known speaks; empty where there is none."""
        return self._highest(MET, UNKNOWN)

    @property
    def next_grade(self) -> str:
        """The grade after the one given; empty at the top, ``common`` where the standard sets none."""
        names = list(self.levels)
        place = names.index(self.grade) + 1 if self.grade in names else 0
        return names[place] if place < len(names) else ""

    @property
    def binding(self) -> Condition | None:
        """The condition of the next grade that is missed by most of what it asks; else the first unknown one."""
        open_ones = [each for each in self.levels.get(self.next_grade, ()) if each.result != MET]
        return max(open_ones, key=lambda each: each.shortfall, default=None)


def scorecard(standard: Standard, circle: Circle) -> Scorecard:
    """
    Grade a circle.

    Parameters
    ----------
    standard : Standard
        The standard.
    circle : Circle
        What was found.

    Returns
    -------
    Scorecard
        With every condition of every grade.
    """
    gate = conditions(standard.gate, standard, circle) if standard.gate else ()
    shared = (*gate, *conditions(standard.common, standard, circle))
    if not standard.grades:
        always = mandatory(standard, circle, standard.common.access_share)
        return Scorecard(standard=standard, circle=circle, levels={COMMON: (*always, *shared)})
    levels = {}
    for grade, demands in standard.grades.items():
        always = mandatory(standard, circle, access_share(demands, standard.common))
        levels[grade] = (*always, *shared, *conditions(demands, standard, circle))
    return Scorecard(standard=standard, circle=circle, levels=levels)
