"""Small towns for tests: exact ones for oracles, random ones for laws. Everything runs on the real engine."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np

from circlesim import draws
from circlesim.catalog.constants import AGE_GROUPS, UNAVAILABLE, Constants
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import ParameterRow, Parameters, default_parameters
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.ways import ways
from circlesim.ledger import Page
from circlesim.world.facilities import Facilities, PaymentMode, concatenate_facilities
from circlesim.world.population import Means, Mobility, Population
from circlesim.world.streets import Streets
from circlesim.world.world import World

MONDAY = date(2024, 3, 4)
ALWAYS = np.tile(np.array([[0, 1440], [-1, -1], [-1, -1]], np.int16), (7, 1, 1))
ALL_MEANS = int(Means.CASH | Means.CARD | Means.MOBILE)
CAP_M = 2000.0

Columns = dict[str, np.ndarray]


# ------------------------------------------------------------------------------------------------- streets


def line(nodes: int, step_m: float, island: bool = False) -> Streets:
    """Nodes in a row; with `island`, one more node that no street reaches."""
    total = nodes + int(island)
    x = np.arange(total) * step_m
    ends = np.arange(nodes - 1, dtype=np.int32)
    return Streets(
        node=np.arange(total), x_m=x, y_m=np.zeros(total), lon=x * 1e-5, lat=np.zeros(total),
        from_row=ends, to_row=ends + 1, length_m=np.full(nodes - 1, step_m),
    )  # fmt: skip


def grid(side: int, step_m: float, island: bool = False) -> Streets:
    """A square grid; with `island`, one more node in its corner that no street reaches."""
    index = np.arange(side * side).reshape(side, side)
    low = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()]).astype(np.int32)
    high = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()]).astype(np.int32)
    total = side * side + int(island)
    x, y = (np.arange(total) % side) * step_m, (np.arange(total) // side) * step_m
    return Streets(
        node=np.arange(total), x_m=x, y_m=y, lon=x * 1e-5, lat=y * 1e-5,
        from_row=low, to_row=high, length_m=np.full(len(low), step_m),
    )  # fmt: skip


# ------------------------------------------------------------------------------------- residents, facilities


def _spread(value: Any, count: int, dtype: Any) -> np.ndarray:
    """One value for all, or one a row."""
    return np.array(np.broadcast_to(np.asarray(value, dtype), (count, *np.shape(value)[1:])), order="C")


def residents(count: int, rates: dict[tuple[str, int], Any], prefix: str = "r", **columns: Any) -> Population:
    """Able adults with all means and a deep purse, unless said otherwise; `rates` by need kind."""
    ids = np.array([f"{prefix}{i:06d}" for i in range(count)])
    need_rate = np.zeros((count, len(KINDS)), np.float32)
    for kind, rate in rates.items():
        need_rate[:, KINDS.index(kind)] = rate
    plain: dict[str, tuple[Any, Any]] = {
        "age": (40, np.int16), "sex": (0, np.uint8), "household": (0, np.int32), "home_row": (0, np.int32),
        "mobility": (Mobility.INDEPENDENT, np.uint8), "speed_m_per_min": (60.0, np.float64),
        "tolerance_min": (15.0, np.float64), "digital": (1, np.uint8), "means_owned": (ALL_MEANS, np.uint8),
        "means_carried": (ALL_MEANS, np.uint8), "schedule": (2, np.uint8), "income_band": (1, np.uint8),
        "budget_fen": (10**12, np.int64), "circle": (0, np.int32), "stop_row": (-1, np.int32),
        "chronic": (0, np.uint8),
    }  # fmt: skip
    full = {name: _spread(columns.pop(name, value), count, dtype) for name, (value, dtype) in plain.items()}
    assert not columns, f"no such column: {sorted(columns)}"
    return Population(resident=ids, id64=draws.hash_ids(ids), need_rate=need_rate, **full)


def outlets(count: int, services: Any, prefix: str = "f", **columns: Any) -> Facilities:
    """Plain outlets, always open, that take all means; `services` is a name, names, or one mask a row."""
    ids = np.array([f"{prefix}{i:04d}" for i in range(count)])
    names = [services] if isinstance(services, str) else services
    if len(names) and isinstance(names[0], str):
        services = sum(1 << SERVICE_INDEX[name] for name in names)
    plain: dict[str, tuple[Any, Any]] = {
        "name": (ids, ids.dtype), "node_row": (0, np.int32), "format": (0, np.int16),
        "services": (services, np.uint32), "hours": (ALWAYS[None], np.int16), "servers": (1, np.int32),
        "service_min": (1.0, np.float64), "queue_limit": (-1, np.int32), "price_level": (1.0, np.float64),
        "quality": (0.0, np.float64), "variety": (1.0, np.float64),
        "payment_mode": (PaymentMode.STAFFED_ACCEPT, np.uint8), "takes_card": (1, np.uint8),
        "staffed": (1, np.uint8), "self_service": (0, np.uint8), "step_free": (1, np.uint8),
        "on_map": (1, np.uint8), "chain": (0, np.uint8), "delivery": (0, np.uint8), "walk_in": (1, np.uint8),
        "delivery_radius_m": (0.0, np.float64), "delivery_min": (0.0, np.float64),
        "delivery_fee_fen": (0, np.int64), "delivery_basket_fen": (0, np.int64),
        "aid_fen": (0, np.int64), "aid_from_age": (0, np.int16), "home_visits": (0, np.int32),
        "seats": (0, np.int32), "places": (0, np.int32),
        "supply_share": (1.0, np.float64), "reserve_days": (0.0, np.float64),
        "local_share": (0.0, np.float64), "reserved_posts": (0, np.int32),
        "rent_yuan_month": (0.0, np.float64), "support_yuan_month": (0.0, np.float64),
        "staff": (1.0, np.float64), "margin": (0.0, np.float64),
        "area_m2": (0.0, np.float64), "visitors_per_day": (0.0, np.float64),
        "opened": (np.datetime64("NaT", "D"), "M8[D]"), "closed": (np.datetime64("NaT", "D"), "M8[D]"),
        "circle": (0, np.int32),
    }  # fmt: skip
    full = {name: _spread(columns.pop(name, value), count, dtype) for name, (value, dtype) in plain.items()}
    assert not columns, f"no such column: {sorted(columns)}"
    return Facilities(facility=ids, id64=draws.hash_ids(ids), **full)


def hours(*intervals: tuple[int, int], days: range = range(7)) -> np.ndarray:
    """Opening hours of one outlet, shape (1, 7, 3, 2), the same on the days named and shut on the others."""
    week = np.full((7, 3, 2), -1, np.int16)
    for day in days:
        week[day, : len(intervals)] = np.array(intervals, np.int16).reshape(-1, 2)
    return week[None]


# --------------------------------------------------------------------------------------------- the numbers


def _row(name: str, group: str, value: float) -> ParameterRow:
    return ParameterRow(
        name=name, group=group, unit="", value=value, low=value, high=value, prior="fixed",
        source="made for a test", grade="D",
    )  # fmt: skip


def round_the_clock(parameters: Parameters) -> Parameters:
    """Everybody free all day, needs uniform over 24 hours, weekends like weekdays."""
    kept = [row for row in parameters.rows if row.name not in ("free_window", "profile_weight", "weekend_factor")]
    kept += [_row("weekend_factor", f"service={service}", 1.0) for service in SERVICES]
    kept += [_row("profile_weight", f"service={service};ordinal={ordinal};hour={hour}", 1.0)
             for service, ordinal in KINDS for hour in range(24)]  # fmt: skip
    for schedule in ("worker", "student", "retired", "carer", "remote", "freed"):
        for day in ("weekday", "weekend"):
            group = f"schedule={schedule};day={day};window=0"
            kept += [
                _row("free_window", f"{group};edge=start", 0.0),
                _row("free_window", f"{group};edge=end", 1440.0),
            ]
    return Parameters(tuple(kept))


def plain_parameters(**changes: float) -> Parameters:
    """Plain logit without a lasting taste or balking, on a uniform day; `changes` by parameter name."""
    plain = {"tau": 1.0, "taste_sd": 0.0, "b_queue": 0.0}
    return round_the_clock(default_parameters()).with_values(plain | changes)


def constants(
    delivery: float = UNAVAILABLE,
    home: float = UNAVAILABLE,
    outside: float = UNAVAILABLE,
    forgo: float = UNAVAILABLE,
) -> Constants:
    """The same constants for all ages and services; the law never lets forgoing fall below its floor."""
    one = np.array([delivery, home, outside, forgo])
    return Constants(
        alternative=np.tile(one, (len(AGE_GROUPS), len(SERVICES), 1)), thresholds=np.array([0.2, 0.4, 0.6])
    )


# --------------------------------------------------------------------------------------------------- towns


@dataclass(frozen=True, kw_only=True)
class Town:
    """A world with all that running it needs; `recipe` is what a failing law prints."""

    streets: Streets
    population: Population
    facilities: Facilities
    parameters: Parameters = field(default_factory=plain_parameters)
    constants: Constants = field(default_factory=constants)
    mechanisms: Mechanisms = field(default_factory=memoryless)
    start: date = MONDAY
    gates: tuple[np.ndarray, ...] = ()
    recipe: str = "a made town"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.recipe)

    @property
    def world(self) -> World:
        return World(name="test", streets=self.streets, population=self.population, facilities=self.facilities)

    def prepared(self) -> Prepared:
        walks = [
            ways(
                replace(self.world, streets=replace(self.streets, locked=locked)), self.facilities, CAP_M,
                self.parameters, self.mechanisms,
            )
            for locked in (self.streets.locked, *self.gates)
        ]  # fmt: skip
        return prepare(
            self.world, walks, self.parameters, self.constants, self.start, self.mechanisms,
            (self.streets.locked, *self.gates),
        )  # fmt: skip

    def stage(
        self, present: Any = True, first_day: int = 0, facilities: Facilities | None = None, gates: int = 0
    ) -> Stage:
        outlets = self.facilities if facilities is None else facilities
        return Stage(
            first_day=first_day, facilities=outlets, gates=gates,
            present=np.array(np.broadcast_to(present, len(outlets)), bool),
        )  # fmt: skip

    def simulation(self, *stages: Stage, seed: int = 7, replication: int = 0) -> Simulation:
        return Simulation(self.prepared(), stages or (self.stage(),), seed, replication)

    def run(self, days: Any = range(1), *stages: Stage, seed: int = 7, replication: int = 0) -> Ledger:
        return run(self.simulation(*stages, seed=seed, replication=replication), days)

    def but(self, **changes: Any) -> Town:
        return replace(self, **changes)

    def with_outlets(self, more: Facilities) -> Town:
        return replace(self, facilities=concatenate_facilities(self.facilities, more))


@dataclass(frozen=True)
class Ledger:
    """Copies of ledger pages, one below the other, with a column `day`; residents and outlets also by id."""

    columns: Columns
    town: Any = None

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["day"])

    @property
    def done(self) -> np.ndarray:
        """What was done about each need: facility row, or -1 home, -2 outside, -3 nothing."""
        return np.select([self["fate"] <= 1, self["fate"] == 2, self["fate"] == 3], [self["facility"], -1, -2], -3)

    @property
    def completed(self) -> np.ndarray:
        """Whether each need was served by an outlet of the circle."""
        return self["fate"] <= 1

    def where(self, mask: np.ndarray) -> Ledger:
        return Ledger({name: column[mask] for name, column in self.columns.items()}, self.town)


def copy_page(page: Page) -> Columns:
    columns = {name: column.copy() for name, column in page.columns().items()}
    return {"day": np.full(page.rows, page.day), **columns}


def run(simulation: Simulation, days: Any) -> Ledger:
    pages = [copy_page(simulation.run_day(day)) for day in days]
    return Ledger({name: np.concatenate([page[name] for page in pages]) for name in pages[0]}, simulation)


def differing(a: Ledger, b: Ledger, leave_out: tuple[str, ...] = ()) -> dict[str, int]:
    """Columns that differ, and in how many rows; nan equals nan. Empty where the ledgers are identical."""
    assert a.columns.keys() == b.columns.keys()
    if len(a) != len(b):
        return {"rows": abs(len(a) - len(b))}
    found = {
        name: int((~((a[name] == b[name]) | ((a[name] != a[name]) & (b[name] != b[name])))).sum())
        for name in a.columns if name not in leave_out
    }  # fmt: skip
    return {name: count for name, count in found.items() if count}


def changed_rows(a: Ledger, b: Ledger, names: tuple[str, ...]) -> np.ndarray:
    """Rows in which any of the columns named differs; nan equals nan."""
    masks = [~((a[name] == b[name]) | ((a[name] != a[name]) & (b[name] != b[name]))) for name in names]
    return np.logical_or.reduce(masks)


# -------------------------------------------------------------------------------------------- random towns

ACTIVE = (("breakfast", 0), ("groceries", 0), ("meal", 0), ("meal", 1), ("parcel", 0), ("pharmacy", 0))
"""Need kinds of random towns; two of them are of one service."""

_WEEKS = (
    hours((0, 1440)), hours((360, 1260)), hours((300, 540), (1020, 1200)), hours((600, 1560)),
    hours((480, 1080), days=range(5)), hours((360, 720), (720, 1140), (1200, 1440)), hours((1080, 1440), (0, 120)),
)  # fmt: skip


def random_town(seed: int, people: int = 60, places: int = 12, mechanisms: Mechanisms | None = None) -> Town:
    """
    A town with a bit of everything: equal corners, night shops, hubs, walking aids, empty purses, all modes.

    Distances are multiples of one step and minutes of hours are whole, so ties do occur.
    """
    rng = np.random.default_rng(seed)
    side = int(rng.integers(3, 8))
    streets = grid(side, float(rng.choice([60.0, 100.0, 150.0])), island=True)
    nodes = side * side
    carried = rng.integers(1, 8, people)
    population = residents(
        people, {kind: rng.choice([0.0, 0.4, 0.9, 1.0], people) for kind in ACTIVE},
        age=rng.integers(12, 91, people), sex=rng.integers(0, 2, people), home_row=rng.integers(0, nodes, people),
        mobility=rng.choice([0, 0, 0, 1, 2, 3], people), speed_m_per_min=rng.choice([40.0, 60.0, 75.5], people),
        tolerance_min=rng.choice([4.0, 8.0, 15.0], people), digital=rng.integers(0, 2, people),
        means_owned=carried | rng.integers(0, 8, people), means_carried=carried,
        schedule=rng.integers(0, 5, people), income_band=rng.integers(0, 3, people),
        budget_fen=rng.choice([3_000, 20_000, 90_000], people), household=np.arange(people) // 2,
    )  # fmt: skip
    law = default_parameters()
    # By name, so that a town stays the same where another parameter joins the table.
    law = law.drawn({name: float(np.random.default_rng([seed, *name.encode()]).random()) for name in law.names})
    if rng.random() < 0.4:
        law = round_the_clock(law)
    return Town(
        streets=streets, population=population, facilities=random_outlets(rng, places, nodes), parameters=law,
        constants=_random_constants(rng), mechanisms=mechanisms or Mechanisms(),
        recipe=f"random_town({seed}, {people}, {places}, {mechanisms})",
    )  # fmt: skip


def random_outlets(
    rng: np.random.Generator, count: int, nodes: int, prefix: str = "f", **fixed: Any
) -> Facilities:
    """Outlets of all sorts on the first `nodes` nodes; `fixed` columns are as given."""
    masks = [1 << SERVICE_INDEX[service] for service, _ in ACTIVE]
    walk_in = (rng.random(count) < 0.85).astype(np.uint8)
    columns: dict[str, Any] = {
        "node_row": rng.integers(0, nodes, count), "format": rng.integers(0, 4, count),
        "hours": np.concatenate(_WEEKS)[rng.integers(0, len(_WEEKS), count)],
        "servers": rng.integers(1, 4, count), "service_min": rng.choice([0.5, 4.0, 25.0], count),
        "queue_limit": rng.choice([-1, -1, 0, 2], count), "price_level": rng.choice([0.8, 1.0, 1.0, 1.3], count),
        "quality": rng.choice([0.0, 0.5, 0.9], count), "variety": rng.choice([1.0, 1.0, 2.5], count),
        "payment_mode": rng.choice([0, 0, 1, 1, 2, 3], count), "takes_card": rng.integers(0, 2, count),
        "step_free": rng.integers(0, 2, count), "walk_in": walk_in,
        "delivery": np.where(walk_in == 1, rng.random(count) < 0.3, 1).astype(np.uint8),
        "delivery_radius_m": rng.choice([150.0, 600.0], count), "delivery_min": rng.choice([10.0, 30.0], count),
        "delivery_fee_fen": rng.choice([0, 300], count), "delivery_basket_fen": rng.choice([0, 2_000], count),
    }  # fmt: skip
    services = rng.choice(masks, count) | rng.choice([0, *masks], count)
    return outlets(count, services.astype(np.uint32), prefix=prefix, **(columns | fixed))


def _random_constants(rng: np.random.Generator) -> Constants:
    alternative = rng.normal(-1.0, 1.5, (len(AGE_GROUPS), len(SERVICES), 4))
    gone = rng.random(alternative.shape) < 0.3
    gone[..., 3] = False
    return Constants(alternative=np.where(gone, UNAVAILABLE, alternative), thresholds=np.array([0.2, 0.4, 0.6]))


def shuffled(town: Town, seed: int) -> Town:
    """The same town with the rows of residents and of outlets in another order."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(town.population))
    people = replace(
        town.population, **{c.name: getattr(town.population, c.name)[order] for c in fields(Population)}
    )
    return town.but(population=people, facilities=town.facilities.take(rng.permutation(len(town.facilities))))


def by_ids(town: Town, ledger: Ledger) -> Columns:
    """The ledger with ids in place of row numbers, sorted by day, resident id and need."""
    places, people = town.facilities.id64, town.population.id64

    def named(rows: np.ndarray) -> np.ndarray:
        return (
            np.where(rows >= 0, places[np.maximum(rows, 0)].astype(object), rows)
            if len(places)
            else rows.astype(object)
        )

    columns = ledger.columns | {
        "resident": people[ledger["resident"]],
        "facility": named(ledger["facility"]), "first_choice": named(ledger["first_choice"]),
    }  # fmt: skip
    order = np.lexsort((columns["ordinal"], columns["service"], columns["resident"], columns["day"]))
    return {name: column[order] for name, column in columns.items()}
