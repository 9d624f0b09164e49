"""Paying: baskets in whole fen."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled


@compiled("int64(float64)")
def to_fen(yuan: Any) -> Any:
    """
    Round an amount of the major unit to whole hundredths, halves up.

    Parameters
    ----------
    yuan : float
        Amount, at least 0.

    Returns
    -------
    int
        Hundredths; the only place where money is rounded.
    """
    return int(math.floor(yuan * 100.0 + 0.5))


@compiled("int64(float64,float64,float64)")
def basket_fen(mean_yuan: Any, cv: Any, luck: Any) -> Any:
    """
    Draw the basket of one need at price level one: lognormal, at least one fen.

    Parameters
    ----------
    mean_yuan : float
        Mean basket.
    cv : float
        Coefficient of variation.
    luck : float
        Standard normal draw of the need.

    Returns
    -------
    int
        Hundredths of the major unit.
    """
    variance = math.log(1.0 + cv * cv)
    return max(1, to_fen(math.exp(math.log(mean_yuan) - 0.5 * variance + math.sqrt(variance) * luck)))


@compiled("int64(int64,int64)")
def voucher_fen(price: Any, aid: Any) -> Any:
    """
    What public aid takes off a price.

    Parameters
    ----------
    price : int
        Price, in hundredths of the major unit.
    aid : int
        Most the aid pays a purchase.

    Returns
    -------
    int
        Hundredths; whoever buys pays at least one of them.
    """
    return min(aid, max(price - 1, 0))


@compiled("int64(int64,float64)")
def price_fen(basket: Any, price_level: Any) -> Any:
    """
    Price of a basket at an outlet.

    Parameters
    ----------
    basket : int
        Basket at price level one, in hundredths.
    price_level : float
        Price over the reference price.

    Returns
    -------
    int
        Hundredths of the major unit.
    """
    return to_fen(float(basket) * 0.01 * price_level)
