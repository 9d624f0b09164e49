"""Endings: how an errand without an outlet is closed in the object form."""

from __future__ import annotations

from circlesim.abm.agents import ResidentAgent
from circlesim.abm.choosing import going_without
from circlesim.abm.diagnosing import diagnose
from circlesim.abm.errand import HOME, OUTSIDE, Errand
from circlesim.abm.fares import price_outside
from circlesim.abm.town import ObjectTown
from circlesim.abm.waiting_list import give_back
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.ledger import Fate


def give_up(town: ObjectTown, errand: Errand) -> None:
    """
    Close an errand that was given up at a counter that refused the money.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just refused.
    """
    give_back(errand)
    obtained = going_without(town, errand)
    barriers, liftable, feasible = diagnose(town, errand, obtained)
    errand.barriers |= barriers
    errand.met_if_lifted |= liftable
    errand.inside_feasible = int(feasible)
    errand.fate = int(Fate.UNMET)
    stood = town.law.number["b_wait"] * errand.stood_min
    errand.utility = obtained - errand.resident.b_walk * errand.walk_min - stood
    errand.resident.judge(town.law, errand.service, 0.0)


def end_elsewhere(town: ObjectTown, errand: Errand) -> None:
    """
    Close an errand that ended at home, outside or undone.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        With such a choice made.
    """
    give_back(errand)
    resident, obtained = errand.resident, errand.choice.utility
    barriers, liftable, feasible = diagnose(town, errand, obtained)
    failed = errand.tries > 0
    errand.fate = _fate_elsewhere(town, errand, resident, failed, feasible)
    if errand.fate == Fate.OUTSIDE:
        errand.price_fen = price_outside(town, errand)
        resident.purse_fen -= errand.price_fen
    errand.barriers |= barriers
    errand.met_if_lifted |= liftable
    errand.inside_feasible = int(feasible)
    if not failed and not feasible:
        errand.first_barrier = barriers & -barriers
    stood = town.law.number["b_wait"] * errand.stood_min
    errand.utility = obtained - resident.b_walk * errand.walk_min - stood
    # A counter that failed, or nothing inside to try, is an attempt; to stay at home by preference is none.
    if failed or not feasible:
        resident.judge(town.law, errand.service, 0.0)


def _fate_elsewhere(
    town: ObjectTown, errand: Errand, resident: ResidentAgent, failed: bool, feasible: bool
) -> int:
    """Name how an errand without an outlet ended."""
    if errand.choice.target == HOME:
        return int(Fate.HOME)
    if errand.choice.target == OUTSIDE:
        return int(Fate.OUTSIDE)
    own_kitchen = town.law.constant[resident.age_group][errand.service][1] > UNAVAILABLE
    if not failed and (feasible or own_kitchen):
        return int(Fate.DECLINED)
    return int(Fate.UNMET)
