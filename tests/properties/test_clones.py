"""Clones: whether an identical outlet next door makes demand is decided by similarity, and by nothing else."""

from __future__ import annotations

import math

import pytest

from towns import Town, constants, line, outlets, plain_parameters, residents

PEOPLE, DAYS = 4_000, range(5)
ONCE = 0.3


def met_share(copies: int, tau: float) -> float:
    """Share served when `copies` identical outlets stand at one corner and home is the alternative."""
    home = math.log((1 - ONCE) / ONCE) - 0.15 * 5  # with one outlet five minutes away, 30 % go
    town = Town(
        streets=line(4, 300.0),
        population=residents(PEOPLE, {("parcel", 0): 1.0}),
        facilities=outlets(copies, "parcel", node_row=1),
        parameters=plain_parameters(tau=tau, b_walk=0.15),
        constants=constants(home=home),
    )
    return float(town.run(DAYS).completed.mean())


def closed_form(copies: int, tau: float) -> float:
    odds = copies**tau * ONCE / (1 - ONCE)
    return odds / (1 + odds)


def bound(share: float) -> float:
    return 3.29 * math.sqrt(share * (1 - share) / (PEOPLE * len(DAYS)))


@pytest.mark.parametrize(("tau", "published"), [(1.0, 0.46), (0.3, 0.35)])
def test_a_clone_next_door_raises_the_share_met_as_nested_logit_says(tau: float, published: float) -> None:
    assert closed_form(2, tau) == pytest.approx(published, abs=0.005)
    for copies in (1, 2, 8):
        exact = closed_form(copies, tau)
        assert met_share(copies, tau) == pytest.approx(exact, abs=bound(exact))


def test_a_clone_of_an_outlet_that_nobody_tells_apart_changes_almost_nothing() -> None:
    one, two, eight = (met_share(copies, 0.01) for copies in (1, 2, 8))
    assert two - one < 0.005
    assert eight - one < 0.01
    assert met_share(2, 1.0) - met_share(1, 1.0) > 0.13


def test_clones_share_their_customers_evenly() -> None:
    town = Town(
        streets=line(4, 300.0),
        population=residents(PEOPLE, {("parcel", 0): 1.0}),
        facilities=outlets(2, "parcel", node_row=1),
        parameters=plain_parameters(tau=0.05),
        constants=constants(home=0.0),
    )
    ledger = town.run(DAYS)
    left = float((ledger["facility"][ledger.completed] == 0).mean())
    assert left == pytest.approx(0.5, abs=3.29 * 0.5 / math.sqrt(ledger.completed.sum()))
