"""The public contract kit on our policies, and on policies that break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.errors import PolicyError
from circlesim.measures.catalogue import DEFAULT_MEASURES, MEASURES, measure_named
from circlesim.policies import (
    AddFacilities,
    AddPlaces,
    AttachServices,
    CapPrices,
    CaringPosts,
    CloseGates,
    DigitaliseOutlets,
    ExtendHours,
    FillGaps,
    HoldEvent,
    HomeVisits,
    InstantRetail,
    JoinChains,
    KeepCash,
    LocalHire,
    MakeStepFree,
    MealAid,
    OpenGates,
    Policy,
    PutOnMap,
    RaiseCapacity,
    RefuseCash,
    ReserveStock,
    SelfCheckout,
    StaffCounters,
    SupplyShock,
    SupportOutlets,
    UpgradeOutlets,
    VolunteerVisits,
)
from circlesim.testing import check_measure, check_policy, tiny_world
from circlesim.testing.checks import MAY_CHANGE
from circlesim.testing.strategies import policies, small_worlds

SPAN = {"starts": date(2024, 3, 11), "ends": date(2024, 3, 20), "capital_yuan": 1e5, "running_yuan_per_month": 2e3}
OURS = [
    KeepCash(), KeepCash(formats=("restaurant",)), RefuseCash(share=0.3, seed=5), RefuseCash(share=1.0),
    KeepCash(unattended="convert"), MealAid(amount=3.0, from_age=80), MealAid(amount=2, formats=()),
    CapPrices(level=0.9), CapPrices(level=1.0, formats=("repair_workshop",)), HomeVisits(per_day=4),
    SupportOutlets(per_month=3000.0), OpenGates(), CloseGates(),
    SupplyShock(share=0.4), ReserveStock(days=3), ReserveStock(days=0.5, formats=()), AddPlaces(places=20),
    AddPlaces(places=5, formats=()),
    LocalHire(share=0.5), LocalHire(share=1.0, formats=("supermarket",)), CaringPosts(per_outlet=1),
    UpgradeOutlets(quality=0.9), UpgradeOutlets(variety=2.5, formats=()), JoinChains(share=0.5, seed=3),
    MakeStepFree(), MakeStepFree(formats=("library",)), StaffCounters(), SelfCheckout(), SelfCheckout(formats=()),
    AttachServices(services=("repair", "print")), AttachServices(services=("parcel",), formats=()),
    InstantRetail(), InstantRetail(formats=("breakfast_shop",), radius_m=900.0, fee_yuan=0.0), PutOnMap(share=0.5),
    RaiseCapacity(servers=30), RaiseCapacity(servers=2, formats=()),
    FillGaps(formats=("breakfast_shop", "repair_workshop"), budget_yuan=5e5, places=3),
    ExtendHours(formats=("library", "gym"), close="22:00"), ExtendHours(open="05:00", days=("Sa", "Su")),
    AddFacilities(format="breakfast_shop", count=3), AddFacilities(format="gym", count=3, siting="random"),
    AddFacilities(format="breakfast_shop", count=3, siting="greedy_coverage", within_min=4),
    AddFacilities(format="community_canteen", count=2, siting="given", sites=(100, 100), hours="24/7", servers=4),
    HoldEvent(discount=0.2, starts=date(2024, 3, 11), ends=date(2024, 3, 20)),
    HoldEvent(discount=0.2, starts=date(2024, 3, 11), ends=date(2024, 3, 20), facilities=("f0", "f3")),
    VolunteerVisits(hours_per_day=6.0), VolunteerVisits(hours_per_day=3.0, visit_min=45.0, formats=()),
    DigitaliseOutlets(margin_to=0.3, reserve_days_to=2.0, delivery_min_to=20.0),
    DigitaliseOutlets(supply_share_to=0.9),
]  # fmt: skip


@pytest.mark.parametrize("policy", OURS, ids=lambda policy: f"{policy.name}-{policy.content_digest[:4]}")
@pytest.mark.parametrize("span", [{}, SPAN], ids=["undated", "dated"])
def test_our_policies_keep_the_contract(policy, span):
    check_policy(replace(policy, **span), tiny_world(3, 40, 9))


@settings(max_examples=40, deadline=None)
@given(st.data(), small_worlds())
def test_any_policy_keeps_the_contract_in_any_town(data, world):
    check_policy(data.draw(policies(world)), world)


def test_policies_may_change_facts_of_outlets_and_not_who_they_are():
    assert {"hours", "payment_mode", "node_row", "servers", "delivery_fee_fen"} <= MAY_CHANGE
    assert not {"facility", "id64", "circle"} & MAY_CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rogue(Policy):
    """Breaks one promise, the one named."""

    name: ClassVar[str] = "rogue"
    clause: ClassVar[str] = "F52"
    changes: ClassVar[tuple[str, ...]] = ("servers",)
    sin: str

    def apply(self, world):
        outlets = world.facilities
        match self.sin:
            case "touches its input":
                outlets.servers[:] = 9
                return world
            case "changes minds":
                people = replace(world.population, tolerance_min=world.population.tolerance_min + 5)
                return replace(world, population=people)
            case "changes need rates":
                people = replace(world.population, need_rate=world.population.need_rate / 2)
                return replace(world, population=people)
            case "moves streets":
                return replace(world, streets=replace(world.streets, length_m=world.streets.length_m / 2))
            case "changes what it hides":
                return replace(world, facilities=replace(outlets, quality=outlets.quality * 0 + 1))
            case "changes circles":
                return replace(world, facilities=replace(outlets, circle=outlets.circle + 1))
            case "adds up":
                return replace(world, facilities=replace(outlets, servers=outlets.servers + 1))
            case "drops outlets":
                return replace(world, facilities=outlets.take(np.arange(1, len(outlets))))
            case "needs outlets":
                return replace(
                    world, facilities=replace(outlets, servers=np.maximum(outlets.servers, outlets.servers[0]))
                )
            case "widens a column":
                return replace(world, facilities=replace(outlets, servers=outlets.servers.astype(np.int64)))
            case "breaks":
                raise KeyError("no")
        return world


@pytest.mark.parametrize(
    ("sin", "words"),
    [
        ("touches its input", "changes the world it was given"),
        ("changes minds", "changes what no policy may change"),
        ("changes need rates", "changes what no policy may change"),
        ("moves streets", "changes what no policy may change"),
        ("changes what it hides", "changes what it does not declare"),
        ("changes circles", "changes what no policy may change"),
        ("adds up", "applied on top of itself: another world"),
        ("drops outlets", "outlets are missing"),
        ("needs outlets", "does not survive a world without outlets"),
        ("widens a column", "a column of another type"),
        ("breaks", "it fails on a world it should fit"),
    ],
)
def test_a_broken_promise_is_found(sin, words):
    with pytest.raises(PolicyError) as caught:
        check_policy(Rogue(sin=sin), tiny_world(3, 20, 5))
    assert words in str(caught.value)


def test_a_harmless_policy_passes():
    check_policy(Rogue(sin="none"), tiny_world(3, 20, 5))


def test_a_clause_that_does_not_exist_is_found():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Unheard(Policy):
        name: ClassVar[str] = "unheard"
        clause: ClassVar[str] = "F99"

        def apply(self, world):
            return world

    with pytest.raises(PolicyError, match="no such clause"):
        check_policy(Unheard(), tiny_world(3, 20, 5))


def test_a_subclass_of_a_final_policy_is_found():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Late(KeepCash):
        name: ClassVar[str] = "late"

    with pytest.raises(PolicyError, match="abstract or final"):
        check_policy(Late(), tiny_world(3, 20, 5))


def names() -> Iterator[str]:
    yield from dict.fromkeys([*(measure.name for measure in MEASURES), *DEFAULT_MEASURES])
    yield from ("coverage:breakfast_shop:10", "coverage:library:15:20")


@pytest.mark.parametrize("name", list(names()))
def test_our_measures_keep_the_contract(name):
    check_measure(measure_named(name), tiny_world(3, 40, 9))


@settings(max_examples=15, deadline=None)
@given(small_worlds(), st.sampled_from(list(names())))
def test_any_measure_keeps_the_contract_in_any_town(world, name):
    check_measure(measure_named(name), world)
