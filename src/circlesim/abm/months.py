"""Months: operators of the object form close their books, give up, and begin."""

from __future__ import annotations

from datetime import timedelta

from circlesim import draws
from circlesim.abm.agents import FacilityAgent
from circlesim.abm.rules import fixed_costs, is_let, profit_of, reserve_after, whole_fen
from circlesim.abm.town import ObjectTown
from circlesim.world.facilities import Facilities

DAYS_A_MONTH = 365.25 / 12
FEN = 100.0


def keep_books(town: ObjectTown, day: int) -> None:
    """
    Add a day to all books; on the last day of a month close them.

    Parameters
    ----------
    town : ObjectTown
        The town at the end of the day.
    day : int
        Days since `start`.
    """
    if not town.mechanisms.months:
        return
    if day >= 0 and not town.books_open:
        open_books(town)
    for facility in town.facilities:
        if facility.is_there:
            note_day(town, facility)
    if day == -1:
        open_books(town)
    today = town.prepared.start + timedelta(days=day)
    if day >= 0 and (today + timedelta(days=1)).day == 1:
        stamp = today.year * 12 + today.month
        for facility in town.facilities:
            close_month(town, facility, stamp)
            facility.books.empty()
        town.deliverers = town.find_deliverers()


def note_day(town: ObjectTown, facility: FacilityAgent) -> None:
    """
    Add a day to the books of one outlet.

    Parameters
    ----------
    town : ObjectTown
        The town at the end of the day.
    facility : FacilityAgent
        An outlet that trades.
    """
    books = facility.books
    books.days += 1
    books.turnover_fen += facility.revenue_today_fen
    books.support_fen += FEN * float(town.stage.facilities.support_yuan_month[facility.row]) / DAYS_A_MONTH


def open_books(town: ObjectTown) -> None:
    """
    Close the books of the warm-up and note what they leave unexplained of a normal profit.

    Parameters
    ----------
    town : ObjectTown
        The town on its last day under the baseline.
    """
    number = town.law.number
    for facility in town.facilities:
        fixed = month_fixed(town, facility, 1.0)
        books = facility.books
        books.reserve_fen = first_reserve(town, facility)
        if books.days:
            earned = facility.facts.margin * float(books.turnover_fen) + books.support_fen
            seen = earned / books.days * DAYS_A_MONTH
            books.unseen_fen = whole_fen((1.0 + number["normal_profit_share"]) * fixed - seen)
    standing = [facility for facility in town.facilities if facility.facts.present]
    formats = town.stage.facilities.format
    for facility in town.facilities:
        alike = [
            other.books.unseen_fen
            for other in standing
            if formats[other.row] == formats[facility.row] and other.facts.circle == facility.facts.circle
        ]
        if not facility.facts.present and alike:
            facility.books.unseen_fen = whole_fen(float(sum(alike)) / len(alike))
    for facility in town.facilities:
        facility.books.empty()
    town.books_open = True


def close_month(town: ObjectTown, facility: FacilityAgent, stamp: int) -> None:
    """
    Close the books of one outlet.

    Parameters
    ----------
    town : ObjectTown
        The town on the last day of a month.
    facility : FacilityAgent
        An outlet; nothing happens where it neither traded nor stands vacant.
    stamp : int
        Number of the month.
    """
    number, books = town.law.number, facility.books
    if not books.trading:
        if not facility.facts.present:
            return
        books.vacant_months += 1
        u = drawn(town, draws.LET, stamp, facility.premises64)
        if is_let(u, float(books.vacant_months), number["let_delay_months"], number["let_per_month"]):
            begin(town, facility)
        return
    if not books.days:
        return
    most = whole_fen(number["reserve_most_months"] * month_fixed(town, facility, 1.0))
    books.reserve_fen = reserve_after(books.reserve_fen, month_profit(town, facility, stamp), most)
    if books.reserve_fen < 0:
        books.trading, books.vacant_months = False, 0


def month_profit(town: ObjectTown, facility: FacilityAgent, stamp: int) -> int:
    """
    Profit of an outlet since its books were opened.

    Parameters
    ----------
    town : ObjectTown
        For the numbers of the law.
    facility : FacilityAgent
        The outlet.
    stamp : int
        Number of the month.

    Returns
    -------
    int
        In fen.
    """
    books = facility.books
    months = books.days / DAYS_A_MONTH
    fixed = month_fixed(town, facility, months)
    luck = draws.normal(drawn(town, draws.SHOCK, stamp, facility.id64))
    shock = whole_fen(town.law.number["profit_shock_share"] * luck * fixed)
    support = whole_fen(books.support_fen)
    unseen = whole_fen(float(books.unseen_fen) * months)
    return int(profit_of(books.turnover_fen, facility.facts.margin, fixed, support, unseen, shock))


def month_fixed(town: ObjectTown, facility: FacilityAgent, months: float) -> int:
    """
    Fixed costs of an outlet over some months.

    Parameters
    ----------
    town : ObjectTown
        For rent and wages.
    facility : FacilityAgent
        The outlet.
    months : float
        How long.

    Returns
    -------
    int
        In fen.
    """
    table: Facilities = town.stage.facilities
    number = town.law.number
    rent = FEN * float(table.rent_yuan_month[facility.row])
    wages = FEN * number["wage_yuan_month"] * float(table.staff[facility.row])
    return int(fixed_costs(rent, wages, number["other_cost_share"], months))


def first_reserve(town: ObjectTown, facility: FacilityAgent) -> int:
    """
    Draw what an operator begins with.

    Parameters
    ----------
    town : ObjectTown
        The town.
    facility : FacilityAgent
        Under the name of that operator.

    Returns
    -------
    int
        In fen.
    """
    luck = draws.exponential(drawn(town, draws.RESERVE, 0, facility.id64))
    return int(whole_fen(town.law.number["reserve_months"] * luck * month_fixed(town, facility, 1.0)))


def begin(town: ObjectTown, facility: FacilityAgent) -> None:
    """
    Let somebody begin in vacant premises, of whom nothing is remembered.

    Parameters
    ----------
    town : ObjectTown
        The town.
    facility : FacilityAgent
        The premises.
    """
    facility.begin_anew()
    facility.books.reserve_fen = first_reserve(town, facility)
    for resident in town.residents:
        resident.forget(facility.row)


def drawn(town: ObjectTown, purpose: int, stamp: int, name: int) -> float:
    """
    Draw for an operator or premises.

    Parameters
    ----------
    town : ObjectTown
        For seed and replication.
    purpose : int
        Purpose of the draw.
    stamp : int
        Number of the month, or 0.
    name : int
        Hash that names whom it is for.

    Returns
    -------
    float
        Uniform, inside (0, 1).
    """
    key = draws.event_key(*town.luck.root, purpose, stamp, 0, 0)
    return float(draws.unit(draws.chain(key, name)))
