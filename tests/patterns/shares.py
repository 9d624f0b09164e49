"""Patterns in the shares of one town as it is: outlets, money, walks, meals, trips, hours, means of payment."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from circles import INSIDE, of_service, town_of
from pattern import Finding

from circlesim.catalog.formats import FORMATS
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.survey import latent, levels, reporting_noise
from circlesim.engine.tally import FACILITY_SUMS, empty_sums, tally
from circlesim.experiments.balance import baseline_balance
from circlesim.ledger import Channel, Fate
from circlesim.measures.page_ratio import FEN
from circlesim.world.demo import demo_world
from circlesim.world.population import Means
from circlesim.world.world import World
from towns import Ledger

WEEKS = range(14)
SURVEY = 1_152
"""Size of the Beijing canteen survey."""


@cache
def full_town() -> World:
    return demo_world("old_town")


@cache
def two_weeks() -> Ledger:
    """Two weeks of the full old town, under the whole law."""
    return town_of(full_town()).run(WEEKS)


@cache
def sheet() -> pd.DataFrame:
    return baseline_balance(full_town())


def age() -> np.ndarray:
    """Age of the owner of each need."""
    return full_town().population.age[two_weeks()["resident"]]


def out_of_home() -> np.ndarray:
    """Needs for which somebody left the house and was served: inside or outside the circle."""
    return np.isin(two_weeks()["fate"], (Fate.INSIDE, Fate.OUTSIDE))


# ---------------------------------------------------------------------------------------------- outlets, money


def outlets_a_circle() -> Finding:
    world = full_town()
    outlets, people = len(world.facilities), len(world.population)
    shown = abs(outlets / 240 - 1) <= 0.05 and abs(people / 20_700 - 1) <= 0.05
    shown &= abs(people / outlets / 86 - 1) <= 0.05
    return Finding(shown=bool(shown), figure=f"{outlets} outlets, {people} residents, {people / outlets:.1f} each")


def money_adds_up() -> Finding:
    # What left the purses from Tuesday to Sunday, against what the tally says outlets took, and spending outside.
    world = full_town()
    simulation = town_of(world).simulation()
    outlets, b_walk = world.facilities, simulation.prepared.people.b_walk
    sums = empty_sums(len(world.population), len(FORMATS), len(outlets), 1)
    simulation.run_day(0)
    before, outside = simulation.state.purse.copy(), 0
    for day in range(1, 7):
        page = simulation.run_day(day)
        nobody = np.zeros((0, len(world.population)), np.int16)
        tally(page, sums, nobody, outlets.format, outlets.service_min, b_walk)
        columns = page.columns()
        outside += int(columns["price_fen"][columns["fate"] == Fate.OUTSIDE].sum())
    taken = int(sums.facility[:, FACILITY_SUMS.index("revenue_fen")].sum())
    gap = int((before - simulation.state.purse).sum()) - outside - taken
    return Finding(shown=gap == 0, figure=f"{gap} fen apart in {FEN * taken:,.0f} yuan")


def turnover_an_outlet() -> Finding:
    rows = sheet()
    row = rows[(rows["quantity"] == "turnover_per_outlet_day") & (rows["service"] == "") & (rows["format"] == "")]
    value = float(row["value"].iloc[0])
    return Finding(shown=800 <= value <= 3_800, figure=f"{value:,.0f} yuan an outlet and day")


# --------------------------------------------------------------------------------------------------------- walks


def grocery_walks() -> Finding:
    rows = sheet()
    found = rows[(rows["quantity"] == "walking_time") & (rows["service"] == "groceries")].set_index("bin")["value"]
    published = {"1-5": 0.413, "6-10": 0.364, "11-15": 0.133, "16+": 0.090}
    shares = {name: float(found.get(name, 0.0)) for name in published}
    shown = all(abs(shares[name] - share) <= 0.05 for name, share in published.items())
    return Finding(shown=shown, figure=" / ".join(f"{100 * share:.1f}" for share in shares.values()) + " %")


def older_walks() -> Finding:
    ledger, world = two_weeks(), full_town()
    walked = ledger["channel"] == Channel.WALK_IN
    metres = ledger["walk_min"] * world.population.speed_m_per_min[ledger["resident"]]
    old, adult = (float(metres[walked & mask].mean()) for mask in (age() >= 60, (age() >= 19) & (age() < 60)))
    return Finding(shown=old < adult, figure=f"{old:.0f} m against {adult:.0f} m at 19-59")


# ----------------------------------------------------------------------------------------------- canteens, trips


def canteen_need() -> Finding:
    # A virtual survey: as many people of 60 and over as in Beijing, drawn without replacement.
    people = full_town().population
    old = np.random.default_rng(1).choice(np.flatnonzero(people.age >= 60), SURVEY, replace=False)
    kinds = [k for k, (service, _) in enumerate(KINDS) if service == "elder_meal"]
    share = float((people.need_rate[old][:, kinds].sum(axis=1) > 0).mean())
    return Finding(shown=abs(share - 0.551) <= 0.03, figure=f"{100 * share:.1f} %")


def canteen_meals() -> Finding:
    ledger = two_weeks()
    mine = of_service(ledger, "elder_meal")
    breakfast, lunch, dinner = (int((ledger["ordinal"][mine] == ordinal).sum()) for ordinal in range(3))
    return Finding(
        shown=lunch > breakfast > dinner, figure=f"{lunch} lunches, {breakfast} breakfasts, {dinner} dinners"
    )


def canteen_walks() -> Finding:
    ledger = two_weeks()
    walked = of_service(ledger, "elder_meal") & (ledger["channel"] == Channel.WALK_IN)
    share = float((ledger["walk_min"][walked] <= 15.0).mean())
    return Finding(shown=share >= 0.946, figure=f"{100 * share:.1f} % of visits")


def canteen_channel() -> Finding:
    ledger = two_weeks()
    mine = of_service(ledger, "elder_meal")
    brought, there = (int((ledger["fate"][mine] == fate).sum()) for fate in (Fate.DELIVERED, Fate.INSIDE))
    return Finding(
        shown=brought > there, figure=f"{100 * brought / (brought + there):.1f} % of meals brought home"
    )


TRIPS = {
    "shopping": ("groceries", "daily_goods", "care_goods", "parcel"),
    "leisure and fitness": ("fitness", "library", "culture", "leisure"),
    "medical": ("pharmacy", "nursing"),
}


def trip_shares(mask: np.ndarray) -> dict[str, float]:
    """Shares of trips by purpose; meals, hair, repair and the rest are other trips."""
    ledger = two_weeks()
    trips = out_of_home() & mask
    return {name: float(of_service(ledger, *services)[trips].mean()) for name, services in TRIPS.items()}


def older_trips() -> Finding:
    shares = trip_shares(age() >= 60)
    shown = all(
        abs(shares[name] - share) <= 0.05 for name, share in zip(TRIPS, (0.488, 0.281, 0.054), strict=True)
    )
    return Finding(shown=shown, figure=" / ".join(f"{100 * share:.1f}" for share in shares.values()) + " %")


def older_trip_order() -> Finding:
    shopping, leisure, medical = trip_shares(age() >= 60).values()
    figure = f"{100 * shopping:.1f} > {100 * leisure:.1f} > {100 * medical:.1f} %"
    return Finding(shown=shopping > leisure > medical, figure=figure)


def older_medical_trips() -> Finding:
    old, adult = trip_shares(age() >= 60)["medical"], trip_shares((age() >= 19) & (age() < 60))["medical"]
    return Finding(shown=old > 2 * adult, figure=f"{100 * old:.1f} % against {100 * adult:.1f} % at 19-59")


def older_hours() -> Finding:
    # Two peaks: the busiest hour of the morning and of the afternoon, of what people of 65 and over go out for.
    ledger = two_weeks()
    mine = out_of_home() & (age() >= 65)
    minute = np.where(ledger["fate"] == Fate.INSIDE, ledger["arrive_min"], ledger["need_min"])[mine]
    hours = np.bincount((minute // 60).astype(int), minlength=24)[:24]
    morning, afternoon = int(hours[:13].argmax()), 13 + int(hours[13:].argmax())
    return Finding(
        shown=morning in (9, 10) and afternoon in (16,), figure=f"{morning}:00 and {afternoon}:00"
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- payment


PBOC_AGES = ((18, 30), (30, 40), (40, 50), (50, 60), (60, 70), (70, 120))
PBOC_CASH = (66.87, 67.31, 72.04, 78.76, 85.71, 89.41)
PBOC_PHONE = (85.77, 83.38, 75.56, 68.15, 44.16, 32.10)


def means_by_age(means: Means, published: tuple[float, ...]) -> Finding:
    people = full_town().population
    owns = people.means_owned & means != 0
    shares = [100 * float(owns[(people.age >= low) & (people.age < high)].mean()) for low, high in PBOC_AGES]
    off = max(abs(share - one) for share, one in zip(shares, published, strict=True))
    return Finding(
        shown=off <= 1.0, figure=", ".join(f"{share:.1f}" for share in shares) + f" %; {off:.1f} off at most"
    )


def cash_by_age() -> Finding:
    return means_by_age(Means.CASH, PBOC_CASH)


def phones_by_age() -> Finding:
    return means_by_age(Means.MOBILE, PBOC_PHONE)


# ----------------------------------------------------------------------------------------------------- survey


def expectation_and_satisfaction() -> Finding:
    # Adults and the services they used: what they expect, and the level they answer, after four weeks.
    world = full_town()
    simulation = town_of(world).simulation()
    used = np.zeros((len(world.population), len(SERVICE_INDEX)), bool)
    for day in range(28):
        page = simulation.run_day(day).columns()
        used[page["resident"], page["service"]] |= np.isin(page["fate"], INSIDE)
    law, state = simulation.prepared.law, simulation.state
    noise = reporting_noise(world.population.id64, used.shape[1], simulation.seed, law.value("survey_noise_sd"))
    answer = levels(latent(state, law) + noise, law.thresholds)
    adult = (world.population.age >= 18)[:, None]
    asked = adult & used.any(axis=0)
    r, everyone = (float(np.corrcoef(state.expectation[who], answer[who])[0, 1]) for who in (adult & used, asked))
    apart = float(np.abs(state.performance - state.expectation).max())
    figure = f"r = {r:.2f} among users, {everyone:.2f} among all adults; P and E at most {apart:.3f} apart"
    return Finding(shown=0.24 <= r <= 0.34, figure=figure)
