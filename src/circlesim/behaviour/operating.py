"""Operating: an operator's month, and when premises are let again."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled


@compiled("int64(float64)")
def whole_fen(amount: Any) -> Any:
    """
    Round an amount of minor units to a whole one, halves up.

    Parameters
    ----------
    amount : float
        Minor units, of either sign.

    Returns
    -------
    int
        Minor units.
    """
    return int(math.floor(amount + 0.5))


@compiled("int64(float64,float64,float64,float64)")
def fixed_costs(rent: Any, wages: Any, other_share: Any, months: Any) -> Any:
    """
    Costs of an operator that do not depend on what is sold.

    Parameters
    ----------
    rent, wages : float
        Minor units a month.
    other_share : float
        Power, water, fees and the like over rent and wages.
    months : float
        Length of the books, in months.

    Returns
    -------
    int
        Minor units.
    """
    return whole_fen((rent + wages) * (1.0 + other_share) * months)


@compiled("int64(int64,float64,int64,int64,int64,int64)")
def profit_of(turnover: Any, margin: Any, fixed: Any, support: Any, unseen: Any, shock: Any) -> Any:
    """
    Profit of a month: revenue less goods and fixed costs, with support and what the town does not see.

    Parameters
    ----------
    turnover : int
        What residents paid, aid included, in minor units.
    margin : float
        Gross margin: one less the share of goods.
    fixed : int
        See `fixed_costs`.
    support : int
        Public support.
    unseen : int
        Sales to others, and the operator's own income: held as on the baseline.
    shock : int
        Good or bad luck of the month.

    Returns
    -------
    int
        Minor units.
    """
    return whole_fen(margin * float(turnover)) - fixed + support + unseen + shock


@compiled("int64(int64,int64,int64)")
def reserve_after(reserve: Any, profit: Any, most: Any) -> Any:
    """
    Reserve of an operator after a month; below zero they give up.

    Parameters
    ----------
    reserve, profit : int
        Before, and profit of the month, in minor units.
    most : int
        What is above is spent.

    Returns
    -------
    int
        Minor units.
    """
    return min(reserve + profit, most)


@compiled("boolean(float64,float64,float64,float64)")
def is_let(luck: Any, vacant: Any, delay: Any, hazard: Any) -> Any:
    """
    Tell whether vacant premises find a new operator at the end of a month.

    Parameters
    ----------
    luck : float
        Uniform draw of the premises and month.
    vacant : float
        Whole months they have stood empty.
    delay : float
        Months it takes at least.
    hazard : float
        Probability a month after that.

    Returns
    -------
    bool
        True where somebody opens tomorrow.
    """
    return vacant >= delay and luck < hazard
