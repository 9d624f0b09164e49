"""Mechanisms: named switches of the law, each of which leaves every other draw unchanged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanisms:
    """
    Which parts of the law are at work.

    Parameters
    ----------
    capacity : bool, default: True
        Queues: without, everybody is served on arrival.
    memory : bool, default: True
        Waits and refusals are remembered into later days.
    budget : bool, default: True
        Purchases are bound by the purse.
    clock : bool, default: True
        A resident is in one place at a time.
    habit : bool, default: False
        Where one went last draws again.
    awareness : bool, default: False
        Outlets are to be heard of before one goes there; without, everybody knows all.
    reneging : bool, default: False
        Who waits too long leaves the queue.
    seasons : bool, default: False
        The surface of the streets changes with the weather of the season; without, streets are dry unless a
        scenario names another surface.
    household_bearers : bool, default: False
        A household has one need for groceries and the like, and one of its members goes; without, everybody goes
        for themselves.
    outings : bool, default: False
        Needs near in time are met on one way out; without, every need is a round trip from home.
    self_service : bool, default: False
        Where machines stand beside the staff, whoever can use one takes the shorter line.
    home_visits : bool, default: False
        Staff come to those who cannot walk to an outlet, as far as its visits of the day reach.
    visitors : bool, default: False
        Customers from elsewhere stand in the same lines.
    stock : bool, default: False
        Breakfast is made in the morning and sells out.
    impedance : bool, default: False
        Slopes, steps and kerbs count, and more for who walks slowly or with an aid; without, a metre is a metre.
    trips : bool, default: False
        Needs near the daily way to work or school and back are met on it; without, every walk starts from home.
    assisted_orders : bool, default: False
        Who cannot order alone may have it done by somebody of the household; without, nobody orders for others.
    seasons_of_need : bool, default: False
        Need rates change with the season; without, they are those of the year.
    chronic_illness : bool, default: False
        The chronically ill need pharmacies and nursing more often than others of their age; without, as often.
    seats : bool, default: False
        Where an outlet has seats, part of its guests eat there and wait for a seat; without, nobody sits down.
    emergency : bool, default: False
        Goods run short where supply does, and reserves are drawn on; without, shelves are always full.
    places : bool, default: False
        Standing places in day care are allotted once a month, and free the time of carers; without, all of it is
        errands at counters.
    deferral : bool, default: False
        What can wait and was not met is tried again on the following days; without, a need is of one day.
    months : bool, default: False
        Operators keep books, give up when their reserve is gone, and vacant premises are let again.
    """

    capacity: bool = True
    memory: bool = True
    budget: bool = True
    clock: bool = True
    months: bool = False
    outings: bool = False
    household_bearers: bool = False
    habit: bool = False
    awareness: bool = False
    reneging: bool = False
    seasons: bool = False
    self_service: bool = False
    home_visits: bool = False
    visitors: bool = False
    stock: bool = False
    impedance: bool = False
    trips: bool = False
    assisted_orders: bool = False
    seasons_of_need: bool = False
    chronic_illness: bool = False
    seats: bool = False
    emergency: bool = False
    places: bool = False
    deferral: bool = False


def has_lists(mechanisms: Mechanisms) -> bool:
    """
    Tell whether there are waiting lists for home visits.

    Parameters
    ----------
    mechanisms : Mechanisms
        What is switched on.

    Returns
    -------
    bool
        Only where visits can run out and be put off.
    """
    return mechanisms.deferral and mechanisms.home_visits


RESTS_ON: dict[str, str] = {"emergency": "capacity", "seats": "capacity"}
"""Mechanisms that do nothing without another."""


def memoryless() -> Mechanisms:
    """
    Return the setting under which choices are independent of one another.

    Returns
    -------
    Mechanisms
        Capacity, memory, budget and clock off: the condition of the laws of attraction.
    """
    return Mechanisms(capacity=False, memory=False, budget=False, clock=False)
