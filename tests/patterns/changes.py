"""Patterns in what a change of outlets does, each on thirty circles or more under shared luck."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
from circles import (
    CIRCLES,
    INSIDE,
    circle,
    formats_of,
    in_reach,
    is_above_zero,
    nearest_metres,
    of_service,
    town_of,
    with_and_without,
)
from pattern import Finding

import circlesim as cs
from circlesim.catalog.services import SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Barrier, Fate
from circlesim.policies.hours import lengthened
from circlesim.world.world import World
from queues import days_of
from towns import Ledger, Town, constants, line, outlets, plain_parameters, residents

WEEK = 7
SPARSE = {"density": 4_000.0}
"""A fifth of the people a square kilometre, so that some live far from anything."""


def met_inside(ledger: Ledger, mask: np.ndarray) -> float:
    """Share of these needs that an outlet of the circle met."""
    return float(np.isin(ledger["fate"][mask], INSIDE).mean())


def percent(value: float, low: float) -> str:
    return f"{100 * value:+.2f} points on average, above {100 * low:+.2f} at 99 %"


# --------------------------------------------------------------------------------------------- access and use


def access_explains_local_trips() -> Finding:
    # Sixty circles from a tenth of the usual outlets to one and a half times as many; three days each.
    shares, access = [], []
    for number in range(2 * CIRCLES):
        world = circle(number, circle_outlets=24.0 + 336.0 * number / (2 * CIRCLES - 1), **SPARSE)
        ledger = town_of(world).run(range(3))
        trips = np.isin(ledger["fate"], (Fate.INSIDE, Fate.OUTSIDE))
        shares.append(float((ledger["fate"][trips] == Fate.INSIDE).mean()))
        access.append(float(in_reach(world, nearest_metres(world))[:, np.unique(ledger["service"])].mean()))
    r2 = float(np.corrcoef(access, shares)[0, 1] ** 2)
    span = f"local share {min(shares):.2f} to {max(shares):.2f}"
    return Finding(shown=r2 >= 0.7, figure=f"R² = {r2:.2f} over {len(shares)} circles, {span}")


# ----------------------------------------------------------------------------------------------------- payment


def cash_refusal() -> Finding:
    # Three in ten staffed outlets stop taking cash; needs met by anybody, 70 and over against 18-30.
    gaps = []
    for number in range(CIRCLES):
        world = circle(number)
        before, after = with_and_without(world, cs.RefuseCash(share=0.3, seed=number).apply(world), WEEK, number)
        age = world.population.age[before["resident"]]
        old, young = (
            met_inside(before, who) - met_inside(after, who) for who in (age >= 70, (age >= 18) & (age < 30))
        )
        gaps.append(old - young)
    shown, mean, low = is_above_zero(gaps)
    return Finding(shown=shown, figure=percent(mean, low))


# ------------------------------------------------------------------------------------------------------- hours
NEVER_EARLIER = 0x7FFF


def later(world: World, minutes: int, rows: np.ndarray) -> World:
    """The world with the last closing of the day moved for some outlets; at most to midnight."""
    hours = world.facilities.hours.copy()
    for f in np.flatnonzero(rows):
        last = hours[f].max(axis=(1, 2))
        for day in np.flatnonzero(last > 0):
            close = max(int(last[day]), min(1_440, int(last[day]) + minutes))
            hours[f, [day]] = lengthened(hours[f, [day]], NEVER_EARLIER, close)
    return replace(world, facilities=replace(world.facilities, hours=hours))


@cache
def two_hours_more() -> np.ndarray:
    """By circle and service: how often hours barred a need before, and share met inside before and after."""
    found, count = [], len(SERVICES)
    for number in range(CIRCLES):
        world = circle(number)
        changed = later(world, 120, np.ones(len(world.facilities), bool))
        before, after = with_and_without(world, changed, WEEK, number)
        needs = np.maximum(np.bincount(before["service"], minlength=count), 1)
        barred = before["met_if_lifted"] & Barrier.CLOSED != 0
        rows = (barred, *(np.isin(one["fate"], INSIDE) for one in (before, after)))
        found.append([np.bincount(before["service"], row, minlength=count) / needs for row in rows])
    return np.array(found)


def hours_help_where_they_bind() -> Finding:
    # The third of services whose needs hours barred most often on the average circle, and the third least often.
    barred, before, after = np.moveaxis(two_hours_more(), 1, 0)
    wanted = np.flatnonzero(before.mean(axis=0) > 0)
    ranked = wanted[np.argsort(barred[:, wanted].mean(axis=0))]
    third = len(ranked) // 3
    least, most = ((after - before)[:, group].mean(axis=1) for group in (ranked[:third], ranked[-third:]))
    shown, _, low = is_above_zero(most - least)
    figure = (
        f"{100 * most.mean():+.2f} points where hours bar most, {100 * least.mean():+.2f} where least; "
        f"gap above {100 * low:.2f} at 99 %"
    )
    return Finding(shown=shown and float(np.abs(least).mean()) < 0.01, figure=figure)


def grocery_visits(ledger: Ledger, rows: np.ndarray) -> int:
    """Groceries bought at these outlets."""
    mine = of_service(ledger, "groceries") & (ledger["facility"] >= 0)
    return int(rows[ledger["facility"][mine]].sum())


def hours_divert_from_competitors() -> Finding:
    # Fresh-food shops close two hours later; what wet markets and supermarkets lose of groceries.
    gains, lost = [], []
    for number in range(CIRCLES):
        world = circle(number, residents=3_000)
        own, others = formats_of(world, "fresh_food_shop"), formats_of(world, "wet_market", "supermarket")
        before, after = with_and_without(world, later(world, 120, own), WEEK, number)
        gains.append(grocery_visits(after, own) - grocery_visits(before, own))
        lost.append(grocery_visits(before, others) - grocery_visits(after, others))
    shown, mean, low = is_above_zero(lost)
    figure = f"{sum(lost) / max(sum(gains), 1):.2f} of each visit gained is taken from competitors"
    return Finding(shown=shown, figure=f"{figure}; {mean:.1f} visits a circle and week, above {low:.1f} at 99 %")


# ------------------------------------------------------------------------------------------------------- entry


@cache
def a_shop_enters() -> tuple[tuple[float, float], ...]:
    """By circle: largest move of any service's share of spending, and metres saved a grocery visit."""
    found = []
    policy = cs.AddFacilities(format="fresh_food_shop", count=1, siting="largest_gap")
    for number in range(CIRCLES):
        world = circle(number, **SPARSE)
        shares, walks = [], []
        for ledger in with_and_without(world, policy.apply(world), 2 * WEEK, number):
            paid = np.bincount(ledger["service"], ledger["price_fen"] + ledger["fee_fen"], minlength=len(SERVICES))
            shares.append(paid / paid.sum())
            walked = of_service(ledger, "groceries") & (ledger["fate"] == Fate.INSIDE)
            speed = world.population.speed_m_per_min[ledger["resident"]]
            walks.append(float((ledger["walk_min"] * speed)[walked].mean()))
        found.append((float(np.abs(shares[1] - shares[0]).max()), walks[0] - walks[1]))
    return tuple(found)


def entry_leaves_budgets() -> Finding:
    # Published for the average entry, so the average circle counts; the worst one is told.
    moved = [row[0] for row in a_shop_enters()]
    mean = float(np.mean(moved))
    figure = f"{100 * mean:.2f} points in the service that moves most, {100 * max(moved):.2f} in the worst circle"
    return Finding(shown=mean < 0.01, figure=figure)


def entry_saves_steps() -> Finding:
    shown, mean, low = is_above_zero([row[1] for row in a_shop_enters()])
    return Finding(shown=shown, figure=f"{mean:.0f} m a visit on average, above {low:.0f} m at 99 %")


# ------------------------------------------------------------------------------------- willingness and ability


FOOD = ("wet_market", "supermarket", "fresh_food_shop")
WILLING = (0.25, 0.5, 1.0)


@cache
def food_in_reach() -> dict[tuple[str, float], np.ndarray]:
    """
    Share of residents with a food shop in reach, by site of two more and by willingness to walk; one a circle.

    Half of all food shops are gone before, so that there is something to gain.
    """
    found: dict[tuple[str, float], list[float]] = {}
    for number in range(CIRCLES):
        world = circle(number, residents=8_000, **SPARSE)
        food = np.flatnonzero(formats_of(world, *FOOD))
        kept = np.setdiff1d(np.arange(len(world.facilities)), food[::2])
        world = replace(world, facilities=world.facilities.take(kept))
        two = cs.AddFacilities(format="fresh_food_shop", count=2, siting="largest_gap")
        anywhere = replace(two, siting="random", seed=number)
        sites = {"as is": world, "largest gap": two.apply(world), "random": anywhere.apply(world)}
        for site, changed in sites.items():
            metres = nearest_metres(changed)
            for factor in WILLING:
                near = in_reach(changed, metres, willing=factor)[:, SERVICES.index("groceries")]
                found.setdefault((site, factor), []).append(float(near.mean()))
    return {key: np.array(values) for key, values in found.items()}


def gains_by_site_and_willingness() -> Finding:
    near = food_in_reach()
    gain = {(site, factor): near[site, factor] - near["as is", factor]
            for site in ("largest gap", "random") for factor in WILLING}  # fmt: skip
    by_site, _, _ = is_above_zero(gain["largest gap", 1.0] - gain["random", 1.0])
    by_will, _, _ = is_above_zero(gain["largest gap", 0.5] - gain["largest gap", 0.25])
    relative = {key: float(values.mean() / near["as is", key[1]].mean()) for key, values in gain.items()}
    words = ", ".join(
        f"{factor:g} of the usual walk: {100 * relative['largest gap', factor]:.0f} / "
        f"{100 * relative['random', factor]:.0f} %" for factor in WILLING
    )  # fmt: skip
    return Finding(shown=by_site and by_will, figure=f"more people at a gap / at random; {words}")


ON_ICE = 0.82
"""Pace of people of 50 and over on ice, of the usual (Helsinki; parameter speed_factor_surface)."""


def slower_walks_cut_unevenly() -> Finding:
    # Services in reach that older people lose at a slower pace: the third with fewest outlets within 500 m in a
    # straight line of home, against the third with most.
    gaps, spread = [], []
    for number in range(CIRCLES):
        world = circle(number, residents=3_000, **SPARSE)
        people, streets, metres = world.population, world.streets, nearest_metres(world)
        usual, slow = (in_reach(world, metres, pace).sum(axis=1) for pace in (1.0, ON_ICE))
        old = np.flatnonzero((people.age >= 60) & (usual > 0))
        lost = 1.0 - slow[old] / usual[old]
        home, shop = people.home_row[old, None], world.facilities.node_row
        apart = np.hypot(streets.x_m[home] - streets.x_m[shop], streets.y_m[home] - streets.y_m[shop])
        rank = np.argsort(np.argsort((apart <= 500.0).sum(axis=1), kind="stable")) / len(old)
        gaps.append(float(lost[rank < 1 / 3].mean() - lost[rank >= 2 / 3].mean()))
        spread.append(float(lost.std() / lost.mean()))
    shown, mean, low = is_above_zero(gaps)
    figure = f"{100 * mean:+.1f} points more of all services lost in sparse thirds, above {100 * low:+.1f} at 99 %"
    return Finding(shown=shown and min(spread) > 0, figure=f"{figure}; CV over people {np.mean(spread):.1f}")


# ------------------------------------------------------------------------------------------------------ queues

PEOPLE, RATE, LOAD, PULL, QUEUE_DAYS = 100_000, 0.02, 0.85, 2.0, 300


def bought(**parameters: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Share who buy, mean wait and people seen ahead at two layouts, [two counters side by side, one line].

    The one counter is just fast enough for the wait of the two, by M/M/1, and as attractive as both together.
    """
    arrivals = PEOPLE * RATE / 1440.0 * 2 * math.exp(PULL) / (2 * math.exp(PULL) + 1)
    side = 2 * LOAD / arrivals
    wait = LOAD * side / (1 - LOAD)
    queue = arrivals * wait
    single = (math.sqrt(queue**2 + 4 * queue) - queue) / (2 * arrivals)
    names = ("parcel", "pharmacy")
    town = Town(
        streets=line(2, 50.0), population=residents(PEOPLE, {(name, 0): RATE for name in names}),
        facilities=outlets(
            3, np.array([1 << SERVICES.index(name) for name in (names[0], names[0], names[1])], np.uint32),
            service_min=[side, side, single], quality=[0.5, 0.5, 0.5 + math.log(2) / (2 * PULL)],
        ),
        parameters=plain_parameters(b_quality=2 * PULL, **({"b_wait": 0.0} | parameters)),
        constants=constants(forgo=0.0),
        mechanisms=Mechanisms(capacity=True, memory=True, budget=False, clock=False),
    )  # fmt: skip
    sums = np.zeros((2, 4))
    for page in days_of(town.simulation(), QUEUE_DAYS):
        for layout, name in enumerate(names):
            came = page["service"] == SERVICES.index(name)
            served = came & (page["facility"] >= 0)
            sums[layout] += came.sum(), served.sum(), page["wait_min"][served].sum(), page["ahead"][served].sum()
    return sums[:, 1] / sums[:, 0], sums[:, 2] / sums[:, 1], sums[:, 3] / sums[:, 1]


def length_counts_not_speed() -> Finding:
    # Sales lost to the queue at each layout: where people look at its length, and where they look at the wait.
    buy, wait, ahead = bought()
    by_length, by_wait = buy - bought(b_queue=0.004)[0], buy - bought(b_wait=0.04)[0]
    error = math.sqrt(2 * 0.25 / (PEOPLE * RATE * QUEUE_DAYS))
    length_gap, wait_gap = by_length[1] - by_length[0], by_wait[1] - by_wait[0]
    equal = abs(wait[1] / wait[0] - 1) < 0.1 and abs(wait_gap) < 0.2 * length_gap
    figure = (
        f"two counters against one line: waits {wait[0]:.1f} and {wait[1]:.1f} min, {ahead[0]:.1f} and "
        f"{ahead[1]:.1f} ahead; sales lost by length {100 * by_length[0]:.1f} and {100 * by_length[1]:.1f} "
        f"points, by wait {100 * by_wait[0]:.1f} and {100 * by_wait[1]:.1f}"
    )
    return Finding(shown=bool(equal and length_gap > 3.1 * error), figure=figure)
