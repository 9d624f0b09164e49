"""Deferral: needs of the object form that were not met and can wait are tried again on the following days."""

from __future__ import annotations

from typing import NamedTuple

from circlesim.abm.agents import ResidentAgent
from circlesim.abm.errand import Errand
from circlesim.abm.luck import Luck
from circlesim.abm.rules import comes_again
from circlesim.abm.town import ObjectTown
from circlesim.catalog.needs import KIND_SERVICE, KINDS
from circlesim.ledger import Fate


class PastDay(NamedTuple):
    """
    A day on which needs arose that may be open.

    Parameters
    ----------
    waited : int
        Days since.
    luck : Luck
        Of that day.
    weekend : int
        1 for Saturday and Sunday.
    season : list of float
        Multipliers of the season by kind.
    """

    waited: int
    luck: Luck
    weekend: int
    season: list[float]


def past_days(town: ObjectTown) -> list[PastDay]:
    """
    Look back as far as any need can wait.

    Parameters
    ----------
    town : ObjectTown
        The town today.

    Returns
    -------
    list of PastDay
        The newest first; none where needs are of one day.
    """
    days = []
    for waited in range(1, town.prepared.longest_wait + 1):
        day = town.day - waited
        weekend = int(town.prepared.weekday(day) >= 5)
        days.append(PastDay(waited, town.luck.of_day(day), weekend, town.season_rates(day)))
    return days


def still_open(town: ObjectTown, resident: ResidentAgent, then: PastDay) -> list[tuple[int, float, int]]:
    """
    List the needs of an earlier day that can have waited until now.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    resident : ResidentAgent
        Whose.
    then : PastDay
        When they arose.

    Returns
    -------
    list of (int, float, int)
        Kind, minute today and basket; whether they are open does not matter.
    """
    needs = []
    for kind, _, basket in resident.needs_today(town.law, then.luck, then.weekend, then.season):
        if comes_again(then.waited, town.law.service[KIND_SERVICE[kind]]["defer_days"]):
            again = kind + then.waited * len(KINDS)
            needs.append((again, resident.minute_of(town.law, town.luck, again, town.weekend), basket))
    return needs


def put_off(town: ObjectTown, errands: list[Errand], *, last: bool = False) -> None:
    """
    Put off what was not met and can wait, and forget what ended.

    Parameters
    ----------
    town : ObjectTown
        The town at the end of the day.
    errands : list of Errand
        All of the day.
    last : bool, default: False
        Whether no day follows.
    """
    for errand in errands:
        can_wait = not last and comes_again(errand.days_open + 1, town.law.service[errand.service]["defer_days"])
        if errand.fate in (Fate.DECLINED, Fate.UNMET) and can_wait:
            errand.fate = int(Fate.PUT_OFF)
            errand.resident.pending.add(errand.kind)
        else:
            errand.resident.pending.discard(errand.kind)
