"""Fares: what a purchase costs a resident of the object form, and how that draws."""

from __future__ import annotations

from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.errand import Errand
from circlesim.abm.rules import attractiveness, price_fen, voucher_fen
from circlesim.abm.town import ObjectTown


def price_outside(town: ObjectTown, errand: Errand) -> int:
    """
    Price of the basket outside the circle.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, town.law.service[errand.service]["price_outside"])
    return price


def aid_for(resident: ResidentAgent, facility: FacilityAgent, price: int) -> int:
    """
    What public aid takes off a price.

    Parameters
    ----------
    resident : ResidentAgent
        Who buys.
    facility : FacilityAgent
        Who sells.
    price : int
        In fen, fee included.

    Returns
    -------
    int
        In fen.
    """
    facts = facility.facts
    if facts.aid_fen == 0 or resident.age < facts.aid_from_age:
        return 0
    return int(voucher_fen(price, facts.aid_fen))


def fare(errand: Errand, facility: FacilityAgent) -> int:
    """
    Price at a counter, aid taken off.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Who sells.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, facility.facts.price_level)
    return price - aid_for(errand.resident, facility, price)


def pull(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float:
    """
    Attractiveness of an outlet to one resident.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        The outlet.

    Returns
    -------
    float
        That of everybody, unless aid lowers the price.
    """
    facts = facility.facts
    if facts.aid_fen == 0 or errand.resident.age < facts.aid_from_age:
        return facts.attraction[errand.service]
    number, ratio = town.law.number, float(fare(errand, facility)) / float(errand.basket_fen)
    b_price = town.law.service[errand.service]["b_price"]
    drawn: float = attractiveness(
        number["b_quality"], facts.quality, number["b_variety"], facts.variety, b_price, ratio
    )
    return drawn


def order_price(errand: Errand, facility: FacilityAgent) -> int:
    """
    Price of an order with its fee, aid taken off.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Who delivers.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, facility.facts.price_level) + facility.facts.fee_fen
    return price - aid_for(errand.resident, facility, price)
