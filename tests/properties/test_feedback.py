"""
Counter-examples: with feedback switched on, the laws of attraction may fail, and here is how.

Each town is as small as its story; in each, switching its one mechanism off restores the law.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.world.facilities import PaymentMode
from circlesim.world.population import Means
from towns import Ledger, Town, constants, hours, line, outlets, plain_parameters, residents

OFF = memoryless()
DAY = range(1)


def only(**on: bool) -> Mechanisms:
    return replace(OFF, **on)


def mask(*services: str) -> np.ndarray:
    return np.array([1 << SERVICE_INDEX[service] for service in services], np.uint32)


def moved_between_old(before: Ledger, after: Ledger, new: int) -> np.ndarray:
    """Needs served by one old outlet before and by another old outlet after."""
    old = (before["facility"] >= 0) & (after["facility"] >= 0) & (after["facility"] != new)
    return old & (before["facility"] != after["facility"])


def crowded_corner(mechanisms: Mechanisms) -> Town:
    """Two lockers in one street: the near one is always busy and lets nobody wait, the far one has room."""
    return Town(
        streets=line(10, 60.0), population=residents(300, {("parcel", 0): 1.0}),
        facilities=outlets(
            2, "parcel", node_row=[2, 5], service_min=[10.0, 0.1], queue_limit=[0, -1], servers=[1, 9]
        ),
        parameters=plain_parameters(b_walk=0.4, wait_memory=0.5), constants=constants(home=-2.0),
        mechanisms=mechanisms,
    )  # fmt: skip


def test_a_new_facility_moves_people_between_old_ones_through_the_queue() -> None:
    # It empties the near locker a little, and whom that one turned away to the far one now finds room there.
    def moves(mechanisms: Mechanisms) -> int:
        town = crowded_corner(mechanisms)
        bigger = town.with_outlets(outlets(1, "parcel", prefix="new", node_row=1, servers=9))
        return int(moved_between_old(town.run(DAY), bigger.run(DAY), 2).sum())

    assert moves(only(capacity=True)) > 0
    assert moves(OFF) == 0


def test_a_new_facility_moves_people_between_old_ones_through_remembered_waits() -> None:
    # It shortens the wait at one old outlet, which tomorrow looks better than another.
    def moves(mechanisms: Mechanisms) -> int:
        town = crowded_corner(mechanisms)
        patient = replace(town.facilities, queue_limit=np.array([-1, -1], np.int32))
        town = town.but(facilities=patient)
        bigger = town.with_outlets(outlets(1, "parcel", prefix="new", node_row=1, servers=9))
        before, after = town.run(range(2)), bigger.run(range(2))
        return int((moved_between_old(before, after, 2) & (before["day"] == 1)).sum())

    assert moves(only(capacity=True, memory=True)) > 0
    assert moves(only(capacity=True)) == 0
    assert moves(only(memory=True)) == 0


def test_a_new_facility_moves_people_between_old_ones_through_the_purse() -> None:
    # A breakfast bought there leaves too little for the dear pharmacy, and the errand goes to the cheap one.
    def moves(mechanisms: Mechanisms) -> int:
        town = Town(
            streets=line(4, 60.0),
            population=residents(200, {("breakfast", 0): 1.0, ("pharmacy", 0): 1.0}, budget_fen=2_000),
            facilities=outlets(2, "pharmacy", node_row=[0, 3], price_level=[1.4, 0.5]),
            parameters=plain_parameters(basket_yuan=10.0, basket_cv=0.0, b_price=0.0, purse_cap_weeks=1.0),
            constants=constants(), mechanisms=mechanisms,
        )  # fmt: skip
        bigger = town.with_outlets(outlets(1, "breakfast", prefix="new"))
        return int(moved_between_old(town.run(DAY), bigger.run(DAY), 2).sum())

    assert moves(only(budget=True)) > 0
    assert moves(OFF) == 0


def test_a_new_facility_moves_people_between_old_ones_through_the_clock() -> None:
    # A long sitting there, and the early pharmacy has shut by the time one is home again.
    def moves(mechanisms: Mechanisms) -> int:
        town = Town(
            streets=line(4, 60.0),
            population=residents(200, {("breakfast", 0): 1.0, ("pharmacy", 0): 1.0}),
            facilities=outlets(
                2, "pharmacy", node_row=[0, 3], hours=np.concatenate([hours((0, 720)), hours((0, 1440))])
            ),
            parameters=plain_parameters(), constants=constants(), mechanisms=mechanisms,
        )  # fmt: skip
        bigger = town.with_outlets(outlets(1, "breakfast", prefix="new", service_min=200.0, servers=500))
        return int(moved_between_old(town.run(DAY), bigger.run(DAY), 2).sum())

    assert moves(only(clock=True)) > 0
    assert moves(OFF) == 0


def takes_cash(town: Town, f: int) -> Town:
    mode = town.facilities.payment_mode.copy()
    assert mode[f] == PaymentMode.STAFFED_REFUSE
    mode[f] = PaymentMode.STAFFED_ACCEPT
    return town.but(facilities=replace(town.facilities, payment_mode=mode))


def completed(town: Town, days: range) -> int:
    return int(town.run(days).completed.sum())


def test_taking_cash_may_lower_completed_purchases_through_the_purse() -> None:
    # One dear repair that can now be paid empties the purse, and many cheap errands of the week go undone.
    def lost(mechanisms: Mechanisms) -> int:
        parameters = plain_parameters(
            basket_yuan=4.0, basket_cv=0.0, purse_cap_weeks=1.0, lost_sale_if_refused=1.0
        )
        town = Town(
            streets=line(2, 60.0),
            population=residents(
                50, {("repair", 0): 1.0, ("breakfast", 0): 1.0, ("parcel", 0): 1.0}, budget_fen=10_000,
                means_owned=Means.CASH, means_carried=Means.CASH,
            ),
            facilities=outlets(
                3, mask("repair", "breakfast", "parcel"),
                payment_mode=[PaymentMode.STAFFED_REFUSE, PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_ACCEPT],
            ),
            parameters=parameters.with_values({"basket_yuan[service=repair]": 95.0}), constants=constants(),
            mechanisms=mechanisms,
        )  # fmt: skip
        return completed(town, range(7)) - completed(takes_cash(town, 0), range(7))

    assert lost(only(budget=True)) > 0
    assert lost(OFF) < 0


def test_taking_cash_may_lower_completed_purchases_through_the_queue() -> None:
    # Those with cash, who could go elsewhere, take the only server from those who cannot.
    def lost(mechanisms: Mechanisms) -> int:
        # From the left end of the street both outlets are near; from the right end only the good one is.
        left, right = 150, 150
        cash = np.repeat([int(Means.CASH), int(Means.MOBILE)], [left, right])
        town = Town(
            streets=line(20, 60.0),
            population=residents(
                left + right, {("parcel", 0): 1.0}, home_row=np.repeat([0, 19], [left, right]), tolerance_min=12.0,
                means_owned=cash, means_carried=cash,
            ),
            facilities=outlets(
                2, "parcel", node_row=[10, 2], service_min=[10.0, 0.1], servers=[1, 9], queue_limit=[0, -1],
                quality=[1.0, 0.0], payment_mode=[PaymentMode.STAFFED_REFUSE, PaymentMode.STAFFED_ACCEPT],
            ),
            parameters=plain_parameters(b_quality=4.0, lost_sale_if_refused=0.0), constants=constants(),
            mechanisms=mechanisms,
        )  # fmt: skip
        return completed(town, DAY) - completed(takes_cash(town, 0), DAY)

    assert lost(only(capacity=True)) > 0
    assert lost(OFF) <= 0


@pytest.mark.parametrize("name", ["capacity", "memory", "budget", "clock"])
def test_switching_a_mechanism_leaves_needs_as_they_are(name: str) -> None:
    # Minutes, baskets and who needs what are the same draws whatever is switched on.
    plain, other = crowded_corner(OFF).run(range(3)), crowded_corner(only(**{name: True})).run(range(3))
    for column in ("day", "resident", "service", "ordinal", "need_min", "basket_fen"):
        assert np.array_equal(plain[column], other[column])
