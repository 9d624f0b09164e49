"""Economy: what each scenario costs the public and gives residents, unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.timelines import days_in_force
from circlesim.ledger import Page
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.measures.page_ratio import FEN
from circlesim.measures.public_cost import Cost, Stated
from circlesim.measures.reading import Reading
from circlesim.measures.winners import satisfied_adults
from circlesim.policies.policy import Policy
from circlesim.policies.reviewing import ReviewingPolicy
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

OUTLAYS: tuple[str, ...] = ("capital", "running", "aid", "support")
"""What the public pays: stated with policies, and counted as it is paid."""

EFFECTS: tuple[str, ...] = ("satisfied_adults", "welfare_hours")
"""What the public gets: adults satisfied on the last day, and hours of walking that the days were better by."""

COLUMNS: tuple[str, ...] = ("scenario", "assumption", "replication", *OUTLAYS, "uncosted", *EFFECTS)
"""Columns of ``economy.csv``."""

PAYS = frozenset({"aid_fen", "support_yuan_month"})
"""Columns of outlets by which money is handed out."""

PAID_UNIT = np.array([FEN, 1 / DAYS_A_MONTH])
"""Turns sums of `paid_on` into aid and support in the major unit."""

_OF_CIRCLE = 1
"""Largest fate of needs that an outlet of the circle served."""


def pays(policy: Policy) -> bool:
    """
    Tell whether a policy hands out money, which is then counted as it is paid.

    Parameters
    ----------
    policy : Policy
        Any policy.

    Returns
    -------
    bool
        True for aid and support, and for outlets that reviews open.
    """
    return bool(PAYS & set(policy.changes)) or isinstance(policy, ReviewingPolicy)


def hands_out_money(world: World, policies: Sequence[Sequence[Policy]]) -> bool:
    """
    Tell whether public cost depends on what residents and operators do.

    Parameters
    ----------
    world : World
        The baseline.
    policies : sequence of sequence of Policy
        By scenario.

    Returns
    -------
    bool
        True where an outlet of the world, or a policy, hands out aid or support.
    """
    outlets = world.facilities
    already = bool((outlets.aid_fen > 0).any() or (outlets.support_yuan_month > 0).any())
    return already or any(pays(policy) for own in policies for policy in own)


def costs_of(policies: Sequence[Policy], scenario: Scenario) -> list[Cost]:
    """
    List what the policies of a scenario state.

    Parameters
    ----------
    policies : sequence of Policy
        Of the scenario.
    scenario : Scenario
        For the days.

    Returns
    -------
    list of Cost
        One entry a policy.
    """
    return [
        Cost(each.public_capital_yuan, each.running_yuan_per_month, days_in_force(each, scenario), pays(each))
        for each in policies
    ]


def uncosted(policies: Sequence[Policy], costs: Sequence[Cost]) -> str:
    """
    Name the policies that state no cost, so that those of scenario and baseline can be set against each other.

    Parameters
    ----------
    policies : sequence of Policy
        Of a scenario.
    costs : sequence of Cost
        The same, as `costs_of` gives them.

    Returns
    -------
    str
        Name, digest and days in force of each, with blanks between.
    """
    names = [
        f"{policy.name}:{policy.content_digest[:8]}:{cost.days}"
        for policy, cost in zip(policies, costs, strict=True) if not cost.given
    ]  # fmt: skip
    return " ".join(sorted(names))


def paid_on(page: Page, simulation: Simulation, stage: Stage) -> NDArray[np.float64]:
    """
    Add up what the public pays on one day.

    Parameters
    ----------
    page : Page
        The ledger of the day.
    simulation : Simulation
        For who trades.
    stage : Stage
        The facts of the day.

    Returns
    -------
    ndarray of float64, shape (2,)
        Aid in minor units and a month's support in the major one: whole numbers as a rule, so that the sums of
        shards are those of the world; times `PAID_UNIT` the money of the day.
    """
    served = page.fate[: page.rows] <= _OF_CIRCLE
    aid = int(page.voucher_fen[: page.rows][served].sum(dtype=np.int64))
    monthly = stage.facilities.support_yuan_month[simulation.present].sum(dtype=np.float64)
    return np.array([float(aid), float(monthly)])


def economy_rows(
    name: str, key: dict[str, int], stated: Stated, paid: NDArray[np.float64], open_costs: str, reading: Reading
) -> pd.DataFrame:
    """
    Table one scenario of one unit.

    Parameters
    ----------
    name : str
        The scenario.
    key : dict of str to int
        Assumption and replication.
    stated : Stated
        Cost that its policies state.
    paid : ndarray of float64, shape (2,)
        Sums of `paid_on` over all days.
    open_costs : str
        As `uncosted` gives it.
    reading : Reading
        What residents got.

    Returns
    -------
    DataFrame
        One row of `COLUMNS`; money in the major unit.
    """
    import pandas as pd

    hours = float(reading.column(reading.resident, ("utility_min",)).sum()) / 60
    aid, support = (paid * PAID_UNIT).tolist()
    row = {
        "scenario": name, **key, "capital": stated.capital, "running": stated.running, "aid": aid,
        "support": support, "uncosted": open_costs, "satisfied_adults": satisfied_adults(reading),
        "welfare_hours": hours,
    }  # fmt: skip
    return pd.DataFrame([row], columns=list(COLUMNS))
