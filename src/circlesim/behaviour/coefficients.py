"""Coefficients: the parameters of the law, laid out as the records the rules read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import Constants
from circlesim.catalog.needs import LONGEST_WAIT
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.errors import ConfigError, Fault

NUMBERS: tuple[str, ...] = (
    "b_quality", "b_variety", "b_wait", "b_shift", "b_queue", "queue_unnoticed", "wait_memory",
    "lost_sale_if_refused", "perf_constant", "perf_quality", "perf_walk", "perf_wait", "perf_memory",
    "expectation_rate", "w_perf", "w_disc", "w_equity", "survey_noise_sd", "purse_cap_weeks", "tries_max",
    "b_habit", "habit_rate", "aware_street", "aware_scale_m", "aware_map", "aware_talk", "aware_established_days",
    "renege_per_min", "outing_gap_min", "convert_min", "visit_wait_min", "stock_memory", "trip_gap_min",
    "assisted_share", "eat_in_share", "seat_wait_max_min", "reserve_refill",
    "wage_yuan_month", "other_cost_share", "normal_profit_share", "profit_shock_share", "reserve_months",
    "reserve_most_months", "let_delay_months", "let_per_month",
)  # fmt: skip
"""Parameters that hold for everybody and every service."""

BY_SERVICE: tuple[str, ...] = (
    "b_price", "tau", "taste_sd", "basket_yuan", "basket_cv", "price_outside", "shift_max_min",
)  # fmt: skip
"""Parameters with one number a service."""

OF_SOME_SERVICES: tuple[str, ...] = ("seat_min", "place_share", "defer_days")
"""Parameters with a number for some services, and zero for all others."""

MOST_TRIES = 8
"""Counters a resident can try for one need, whatever `tries_max` says."""

FORGO_FLOOR = -12.0
"""Nobody can be kept from going without: its constant where no anchor lets anybody do so."""


class Coefficients(NamedTuple):
    """
    Everything the law needs to know about people, the same in every scenario.

    Parameters
    ----------
    number : structured ndarray, shape (1,)
        One float64 field for each of `NUMBERS`.
    service : structured ndarray, shape (S,)
        One float64 field for each of `BY_SERVICE` and `OF_SOME_SERVICES`.
    constants : ndarray of float64, shape (A, S, 4)
        Constants of delivery, home, outside and forgo, solved on the baseline.
    thresholds : ndarray of float64, shape (3,)
        Cut points of the survey.
    """

    number: NDArray[np.void]
    service: NDArray[np.void]
    constants: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    def value(self, name: str) -> float:
        """
        Return one of `NUMBERS`.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        float
            Its value.
        """
        return float(self.number[name][0])


def coefficients(parameters: Parameters, constants: Constants, currency: str = "yuan") -> Coefficients:
    """
    Lay parameters and solved constants out for the rules.

    Parameters
    ----------
    parameters : Parameters
        The table.
    constants : Constants
        Solved on the baseline under these parameters.
    currency : str, default: "yuan"
        Currency of the world; baskets, stated in yuan, are turned into it.

    Returns
    -------
    Coefficients
        Records and arrays.

    Raises
    ------
    ConfigError
        If a parameter is missing, or more tries or days of waiting are allowed than there is room for.
    """
    number = np.zeros(1, [(name, "f8") for name in NUMBERS])
    for name in NUMBERS:
        number[name] = parameters.number(name)
    if not 1 <= number["tries_max"][0] <= MOST_TRIES:
        raise ConfigError(
            "parameters cannot be used",
            [Fault(what="out of range", where="parameters.tries_max", found=str(number["tries_max"][0]),
                   expected=f"1 to {MOST_TRIES}")],
        )  # fmt: skip
    number["wage_yuan_month"] *= parameters.number("money_per_yuan", currency=currency)
    service = np.zeros(len(SERVICES), [(name, "f8") for name in (*BY_SERVICE, *OF_SOME_SERVICES)])
    for name in OF_SOME_SERVICES:
        known = parameters.by(name, "service")
        service[name] = [known.get(one, 0.0) for one in SERVICES]
    service["defer_days"] = np.rint(service["defer_days"])
    if service["defer_days"].max() > LONGEST_WAIT:
        raise ConfigError(
            "parameters cannot be used",
            [Fault(what="out of range", where="parameters.defer_days", found=str(service["defer_days"].max()),
                   expected=f"0 to {LONGEST_WAIT}")],
        )  # fmt: skip
    for name in BY_SERVICE:
        service[name] = [parameters.number(name, service=one) for one in SERVICES]
    service["basket_yuan"] *= parameters.number("money_per_yuan", currency=currency)
    alternative = np.array(constants.alternative, dtype=np.float64)
    alternative[..., 3] = np.maximum(alternative[..., 3], FORGO_FLOOR)
    return Coefficients(number, service, alternative, np.asarray(constants.thresholds, dtype=np.float64))
