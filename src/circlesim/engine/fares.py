"""Fares: what a purchase costs a resident, and how that draws."""

from __future__ import annotations

from typing import Any

from circlesim.behaviour.choosing import attractiveness
from circlesim.behaviour.paying import price_fen, voucher_fen
from circlesim.compiled import compiled


@compiled(inline=True, borrow=True)
def aid_for(person: Any, outlet: Any, price: Any) -> Any:
    """What public aid takes off a price for this resident."""
    if outlet.aid_fen == 0 or person.age < outlet.aid_from_age:
        return 0
    return voucher_fen(price, outlet.aid_fen)


@compiled(inline=True, borrow=True)
def fare(person: Any, outlet: Any, basket: Any) -> Any:
    """Price of a basket at a counter, aid taken off."""
    price = price_fen(basket, outlet.price_level)
    return price - aid_for(person, outlet, price)


@compiled(inline=True, borrow=True)
def pull(town: Any, need: Any, person: Any, f: Any) -> Any:
    """Attractiveness of outlet f to this resident: that of everybody, unless aid lowers the price."""
    outlet = town.outlets[f]
    if outlet.aid_fen == 0 or person.age < outlet.aid_from_age:
        return town.attraction[need.service, f]
    law, b_price = town.law[0], town.service[need.service].b_price
    ratio = float(fare(person, outlet, need.basket)) / float(need.basket)
    return attractiveness(law.b_quality, outlet.quality, law.b_variety, outlet.variety, b_price, ratio)
