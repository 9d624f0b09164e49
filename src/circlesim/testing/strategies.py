"""Strategies: Hypothesis draws neighbourhoods, orders of rows, and policies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from circlesim.catalog.services import SERVICES
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
from circlesim.policies.siting import candidate_rows
from circlesim.testing.worlds import OUTLET_CHOICES, TINY_FORMATS, TINY_HOURS, lattice, reordered, tiny_world
from circlesim.world.hours import DAYS
from circlesim.world.streets import Streets
from circlesim.world.world import World


def lattices() -> st.SearchStrategy[Streets]:
    """
    Draw grids of 4 to 30 nodes with blocks of whole metres.

    Returns
    -------
    SearchStrategy of Streets
        Shrinks to two by two.
    """
    blocks = st.sampled_from([100.0, 60.0, 250.0])
    return st.builds(lattice, st.integers(2, 5), st.integers(2, 6), blocks)


@st.composite
def outlets(draw: st.DrawFn, nodes: int) -> dict[str, Any]:
    """
    Draw the facts of one outlet.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.
    nodes : int
        Nodes it may stand on.

    Returns
    -------
    dict of str to object
        For `tiny_world`.
    """
    facts: dict[str, Any] = {"node_row": draw(st.integers(0, nodes - 1))}
    return facts | {fact: draw(st.sampled_from(options)) for fact, options in OUTLET_CHOICES.items()}


@st.composite
def small_worlds(
    draw: st.DrawFn,
    *,
    min_residents: int = 1,
    max_residents: int = 60,
    min_facilities: int = 0,
    max_facilities: int = 12,
) -> World:
    """
    Draw small neighbourhoods: a lattice, its residents and its outlets.

    Outlets are drawn fact by fact, so that a failing example shrinks to the outlet that matters; residents are
    drawn by number and seed. Equal places, prices, speeds and walks are common.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.
    min_residents, max_residents, min_facilities, max_facilities : int
        Bounds, both included.

    Returns
    -------
    World
        See `circlesim.testing.tiny_world`.
    """
    streets = draw(lattices())
    shops = draw(st.lists(outlets(len(streets)), min_size=min_facilities, max_size=max_facilities))
    residents = draw(st.integers(min_residents, max_residents))
    return tiny_world(draw(st.integers(0, 10_000)), residents, shops, streets=streets)


@st.composite
def reorderings(draw: st.DrawFn, world: World) -> World:
    """
    Draw the same neighbourhood with its rows in another order.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.
    world : World
        Any.

    Returns
    -------
    World
        Residents, facilities and nodes permuted.
    """
    sizes = {"residents": len(world.population), "facilities": len(world.facilities), "nodes": len(world.streets)}
    return reordered(world, **{table: draw(st.permutations(range(size))) for table, size in sizes.items()})


_FORMATS = st.lists(st.sampled_from(TINY_FORMATS), unique=True, max_size=3).map(tuple)


@st.composite
def add_facilities(draw: st.DrawFn, world: World) -> AddFacilities:
    """
    Draw a policy that opens one to three outlets.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.
    world : World
        A world it fits.

    Returns
    -------
    AddFacilities
        Undated, of any siting.
    """
    count = draw(st.integers(1, min(3, len(candidate_rows(world)))))
    siting = draw(st.sampled_from(["largest_gap", "greedy_coverage", "random", "given"]))
    nodes = st.lists(st.sampled_from(world.streets.node.tolist()), min_size=count, max_size=count)
    return AddFacilities(
        format=draw(st.sampled_from(TINY_FORMATS)),
        count=count,
        siting=siting,
        sites=tuple(draw(nodes)) if siting == "given" else (),
        seed=draw(st.integers(0, 5)),
        hours=draw(st.none() | st.sampled_from(TINY_HOURS)),
        servers=draw(st.none() | st.integers(1, 3)),
    )


def keep_cash() -> st.SearchStrategy[KeepCash]:
    """
    Draw a policy that keeps cash.

    Returns
    -------
    SearchStrategy of KeepCash
        Undated.
    """
    return st.builds(KeepCash, formats=_FORMATS)


def refuse_cash() -> st.SearchStrategy[RefuseCash]:
    """
    Draw a drift away from cash.

    Returns
    -------
    SearchStrategy of RefuseCash
        Undated.
    """
    return st.builds(RefuseCash, share=st.floats(0, 1), seed=st.integers(0, 5), formats=_FORMATS)


@st.composite
def extend_hours(draw: st.DrawFn) -> ExtendHours:
    """
    Draw longer hours.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.

    Returns
    -------
    ExtendHours
        Undated.
    """
    opens = draw(st.none() | st.sampled_from(["00:00", "05:30", "07:00", "13:00"]))
    closes = st.sampled_from(["13:30", "20:00", "22:00", "24:00", "02:00"])
    days = st.lists(st.sampled_from(DAYS), unique=True, min_size=1).map(tuple)
    return ExtendHours(
        formats=draw(_FORMATS),
        open=opens,
        close=draw(closes if opens is None else st.none() | closes),
        days=draw(days),
    )


def meal_aid() -> st.SearchStrategy[MealAid]:
    """
    Draw aid for meals.

    Returns
    -------
    SearchStrategy of MealAid
        Undated.
    """
    return st.builds(MealAid, amount=st.floats(0.01, 50), from_age=st.integers(0, 90), formats=_FORMATS)


def cap_prices() -> st.SearchStrategy[CapPrices]:
    """
    Draw a cap on prices.

    Returns
    -------
    SearchStrategy of CapPrices
        Undated.
    """
    return st.builds(CapPrices, level=st.floats(0.1, 2), formats=_FORMATS)


def home_visits() -> st.SearchStrategy[HomeVisits]:
    """
    Draw home visits.

    Returns
    -------
    SearchStrategy of HomeVisits
        Undated.
    """
    return st.builds(HomeVisits, per_day=st.integers(1, 40), formats=_FORMATS)


def support_outlets() -> st.SearchStrategy[SupportOutlets]:
    """
    Draw support for outlets.

    Returns
    -------
    SearchStrategy of SupportOutlets
        Undated.
    """
    return st.builds(SupportOutlets, per_month=st.floats(1, 1e5), formats=_FORMATS)


def gates() -> st.SearchStrategy[OpenGates | CloseGates]:
    """
    Draw gates opened or closed, all of a world.

    Returns
    -------
    SearchStrategy of OpenGates or CloseGates
        Undated.
    """
    return st.sampled_from([OpenGates(), CloseGates()])


def hiring() -> st.SearchStrategy[LocalHire | CaringPosts]:
    """
    Draw posts kept for residents, or for the hard to employ.

    Returns
    -------
    SearchStrategy of LocalHire or CaringPosts
        Undated.
    """
    return st.one_of(
        st.builds(LocalHire, share=st.floats(0, 1), formats=_FORMATS),
        st.builds(CaringPosts, per_outlet=st.integers(1, 9), formats=_FORMATS),
    )


def supply() -> st.SearchStrategy[SupplyShock | ReserveStock]:
    """
    Draw short supply, or goods kept against it.

    Returns
    -------
    SearchStrategy of SupplyShock or ReserveStock
        Undated.
    """
    return st.one_of(
        st.builds(SupplyShock, share=st.floats(0, 1), formats=_FORMATS),
        st.builds(ReserveStock, days=st.floats(0.1, 60), formats=_FORMATS),
    )


def better_outlets() -> st.SearchStrategy[Policy]:
    """
    Draw a policy that improves outlets that stand, or lets them do more.

    Returns
    -------
    SearchStrategy of Policy
        Undated.
    """
    return st.one_of(
        st.builds(UpgradeOutlets, quality=st.floats(0, 1), variety=st.none() | st.floats(1, 5), formats=_FORMATS),
        st.builds(JoinChains, share=st.floats(0, 1), seed=st.integers(0, 9), formats=_FORMATS),
        st.builds(MakeStepFree, formats=_FORMATS),
        st.builds(StaffCounters, formats=_FORMATS),
        st.builds(SelfCheckout, formats=_FORMATS),
        st.builds(
            AttachServices, formats=_FORMATS,
            services=st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True).map(tuple),
        ),
        st.builds(InstantRetail, formats=_FORMATS, radius_m=st.floats(1, 5000), fee_yuan=st.floats(0, 20)),
        st.builds(PutOnMap, share=st.floats(0, 1), seed=st.integers(0, 9), formats=_FORMATS),
        st.builds(RaiseCapacity, servers=st.integers(1, 40), formats=_FORMATS),
    )  # fmt: skip


def add_places() -> st.SearchStrategy[AddPlaces]:
    """
    Draw standing places in day care.

    Returns
    -------
    SearchStrategy of AddPlaces
        Undated.
    """
    return st.builds(AddPlaces, places=st.integers(1, 60), formats=_FORMATS)


def festivals() -> st.SearchStrategy[HoldEvent]:
    """
    Draw days of lower prices.

    Returns
    -------
    SearchStrategy of HoldEvent
        A week in March 2024.
    """
    return st.builds(HoldEvent, discount=st.floats(0.01, 0.95), starts=st.just(date(2024, 3, 4)),
                     ends=st.just(date(2024, 3, 10)), formats=_FORMATS)  # fmt: skip


def helping_hands() -> st.SearchStrategy[VolunteerVisits | DigitaliseOutlets]:
    """
    Draw volunteers, or software that runs stock and orders.

    Returns
    -------
    SearchStrategy of VolunteerVisits or DigitaliseOutlets
        Undated.
    """
    return st.one_of(
        st.builds(VolunteerVisits, hours_per_day=st.floats(0.5, 40), visit_min=st.floats(5, 480),
                  formats=_FORMATS),
        st.builds(DigitaliseOutlets, margin_to=st.floats(0, 1), supply_share_to=st.none() | st.floats(0, 1),
                  reserve_days_to=st.none() | st.floats(0.1, 9), delivery_min_to=st.none() | st.floats(1, 90),
                  formats=_FORMATS),
    )  # fmt: skip


def fill_gaps() -> st.SearchStrategy[FillGaps]:
    """
    Draw rolling gap filling.

    Returns
    -------
    SearchStrategy of FillGaps
        Undated.
    """
    return st.builds(FillGaps, formats=_FORMATS.filter(bool),
                     budget_yuan=st.floats(1.0, 1e7), places=st.integers(1, 6), every_days=st.integers(1, 28),
                     least_per_day=st.floats(0, 5), within_min=st.none() | st.floats(1, 20))  # fmt: skip


def policies(world: World) -> st.SearchStrategy[Policy]:
    """
    Draw any policy of the package.

    Parameters
    ----------
    world : World
        A world it fits.

    Returns
    -------
    SearchStrategy of Policy
        Undated, but for festivals.
    """
    return st.one_of(
        keep_cash(),
        extend_hours(),
        refuse_cash(),
        add_facilities(world),
        meal_aid(),
        cap_prices(),
        home_visits(),
        support_outlets(),
        gates(),
        supply(),
        better_outlets(),
        add_places(),
        hiring(),
        festivals(),
        helping_hands(),
        fill_gaps(),
    )


@st.composite
def date_spans(draw: st.DrawFn, start: date, days: int) -> dict[str, date | None]:
    """
    Draw dates of a policy within a horizon.

    Parameters
    ----------
    draw : callable
        Given by Hypothesis.
    start : date
        First day.
    days : int
        Length of the horizon.

    Returns
    -------
    dict of str to (date or None)
        ``starts`` and ``ends``, for `dataclasses.replace`.
    """
    first, last = sorted(draw(st.tuples(st.integers(0, days - 1), st.integers(0, days - 1))))
    return {
        "starts": draw(st.sampled_from([None, start + timedelta(days=first)])),
        "ends": draw(st.sampled_from([None, start + timedelta(days=last)])),
    }
