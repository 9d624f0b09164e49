"""Outlets: what holds of each facility in a stage, as plain Python."""

from __future__ import annotations

from circlesim.abm.facts import OutletFacts
from circlesim.abm.law import Interval, Law
from circlesim.abm.rules import attractiveness
from circlesim.engine.stage import Stage
from circlesim.world.facilities import Facilities, PaymentMode
from circlesim.world.population import Means

MIDNIGHT = 1440


def outlet_facts(stage: Stage, row: int, law: Law, *, standing: bool = False) -> OutletFacts:
    """
    Read one facility of a stage.

    Parameters
    ----------
    stage : Stage
        The facts in force.
    row : int
        Row of the facility.
    law : Law
        For its attractiveness.

    Returns
    -------
    OutletFacts
        Plain numbers.
    """
    table = stage.facilities
    number, quality, variety = law.number, float(table.quality[row]), float(table.variety[row])
    level, places = float(table.price_level[row]), int(table.places[row])
    delivers = bool(table.delivery[row])
    return OutletFacts(
        present=bool(stage.present[row]),
        services=int(table.services[row]),
        walk_in=bool(table.walk_in[row]),
        delivers=delivers,
        hours=opening_hours(table.hours[row].tolist()),
        servers=max(int(table.servers[row]) - places, 0) if standing else int(table.servers[row]),
        service_min=float(table.service_min[row]),
        queue_limit=int(table.queue_limit[row]),
        price_level=level,
        quality=quality,
        variety=variety,
        accepts=accepted_means(table, row),
        unattended=int(table.payment_mode[row]) == PaymentMode.UNATTENDED,
        convert=int(table.payment_mode[row]) == PaymentMode.UNATTENDED_CONVERT,
        self_service=bool(table.self_service[row]),
        step_free=bool(table.step_free[row]),
        on_map=bool(table.on_map[row]),
        radius_m=float(table.delivery_radius_m[row]),
        delivery_min=float(table.delivery_min[row]),
        fee_fen=int(table.delivery_fee_fen[row]),
        smallest_fen=int(table.delivery_basket_fen[row]),
        aid_fen=int(table.aid_fen[row]),
        aid_from_age=int(table.aid_from_age[row]),
        seats=int(table.seats[row]),
        places=places,
        supply_share=float(table.supply_share[row]),
        reserve_days=float(table.reserve_days[row]),
        home_visits=int(table.home_visits[row]),
        circle=int(table.circle[row]),
        margin=float(table.margin[row]),
        attraction=[
            attractiveness(number["b_quality"], quality, number["b_variety"], variety, service["b_price"], level)
            for service in law.service
        ],
    )


def accepted_means(table: Facilities, row: int) -> int:
    """
    Say which means of payment an outlet takes.

    Parameters
    ----------
    table : Facilities
        The outlets.
    row : int
        One of them.

    Returns
    -------
    int
        `Means` bits: mobile everywhere, cash where staff accept it or it can be converted, cards where staff take
        them.
    """
    accepted = int(Means.MOBILE)
    mode = PaymentMode(int(table.payment_mode[row]))
    if mode in (PaymentMode.STAFFED_ACCEPT, PaymentMode.UNATTENDED_CONVERT):
        accepted |= int(Means.CASH)
    if mode in (PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_REFUSE) and table.takes_card[row]:
        accepted |= int(Means.CARD)
    return accepted


def opening_hours(week: list[list[list[int]]]) -> list[list[Interval]]:
    """
    Opening hours of each weekday, with the nights that reach into it and out of it.

    Parameters
    ----------
    week : list
        ``week[weekday]``: intervals [open, close) in minutes, [-1, -1] for none; a close may pass midnight.

    Returns
    -------
    list of list of (float, float)
        Today's intervals, a close after midnight kept above 1440; then what is left of yesterday's night.
    """
    return [_today(week[day - 1], week[day], week[(day + 1) % 7]) for day in range(7)]


def _today(yesterday: list[list[int]], today: list[list[int]], tomorrow: list[list[int]]) -> list[Interval]:
    """Intervals of one day among its neighbours."""
    goes_on_until = max((closes for opens, closes in tomorrow if opens == 0), default=0)
    intervals = []
    for opens, closes in today:
        if closes < 0:
            continue
        # Open until midnight or later, and from midnight, is open through.
        until = max(closes, MIDNIGHT + goes_on_until) if closes >= MIDNIGHT else closes
        intervals.append((float(opens), float(until)))
    night = max(closes for _, closes in yesterday) - MIDNIGHT
    if night > 0:
        intervals.append((0.0, float(night)))
    return intervals
