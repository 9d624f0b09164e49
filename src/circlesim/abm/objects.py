"""Objects: the day of the law with one object per resident, writing the ledger of the kernels."""

from __future__ import annotations

import mesa
import numpy as np

from circlesim.abm.day import run_day
from circlesim.abm.errand import Errand
from circlesim.abm.expecting import alike_days, expected_performance
from circlesim.abm.luck import LUCK
from circlesim.abm.months import keep_books
from circlesim.abm.town import ObjectTown
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import has_lists
from circlesim.engine.places import PLACED
from circlesim.engine.prepared import Prepared
from circlesim.engine.stage import Stage, stage_on
from circlesim.engine.state import State, fresh_state
from circlesim.errors import ConfigError, did_you_mean
from circlesim.ledger import PAGE_TYPES, Page, empty_page


class ObjectSimulation:
    """
    One scenario in one replication, a Mesa agent per resident and facility.

    The same law as `engine.simulation.Simulation` written a second time, for reading and as its oracle: it calls
    the same rules and the same draws, and writes the same ledger, row for row.

    Parameters
    ----------
    prepared : Prepared
        What all scenarios share.
    stages : tuple of Stage
        The facts in time, by rising `first_day`.
    seed : int
        Root seed.
    replication : int, default: 0
        Number of the replication.
    luck : str, default: "keyed"
        ``"keyed"`` draws by name; ``"stream"`` takes the next number of one generator, for comparison only.
    model : mesa.Model, optional
        Where the agents live; a model of their own if left out.

    Raises
    ------
    ConfigError
        If there is no such luck.
    """

    def __init__(
        self, prepared: Prepared, stages: tuple[Stage, ...], seed: int, replication: int = 0, *,
        luck: str = "keyed", model: mesa.Model | None = None,
    ) -> None:  # fmt: skip
        if luck not in LUCK:
            hint = did_you_mean(luck, LUCK) or "known are " + ", ".join(LUCK)
            raise ConfigError(f"luck: found '{luck}'; {hint}")
        self.prepared, self.stages = prepared, tuple(stages)
        host = model if model is not None else mesa.Model(rng=seed)
        self.town = ObjectTown(prepared, self.stages[0], LUCK[luck](seed, replication), host)
        week = alike_days(self.town)
        for resident in self.town.residents:
            resident.expect(expected_performance(self.town, resident, week))

    def run_day(self, day: int, *, last: bool = False) -> Page:
        """
        Run one day.

        Parameters
        ----------
        day : int
            Days since `start`; negative in the warm-up.
        last : bool, default: False
            Whether no day follows; see `day.run_day`.

        Returns
        -------
        Page
            The day's ledger.
        """
        self.town.begin(day, stage_on(self.stages, day))
        page = written(run_day(self.town, last=last), day)
        keep_books(self.town, day)
        return page

    @property
    def state(self) -> State:
        """What residents and facilities hold now, in the columns of the kernels."""
        return state_of(self.town)


def written(errands: list[Errand], day: int) -> Page:
    """
    Write the ledger of a day.

    Parameters
    ----------
    errands : list of Errand
        In the order of their numbers.
    day : int
        Days since `start`.

    Returns
    -------
    Page
        One row a need.
    """
    page = empty_page(len(errands))
    page.day, page.rows = day, len(errands)
    for name in PAGE_TYPES:
        if name == "resident":
            page.resident[:] = [errand.resident.row for errand in errands]
        else:
            getattr(page, name)[:] = [getattr(errand, name) for errand in errands]
    return page


def state_of(town: ObjectTown) -> State:
    """
    Gather what agents hold.

    Parameters
    ----------
    town : ObjectTown
        The town.

    Returns
    -------
    State
        Columns, as `engine.state` describes them.
    """
    people, outlets = town.residents, town.facilities
    expected = np.array([resident.expectation for resident in people], dtype=np.float64)
    purse = np.array([resident.purse_fen for resident in people], dtype=np.int64)
    servers = max((len(outlet.counter.free_at) for outlet in outlets), default=1)
    days_there = np.array([outlet.days_there for outlet in outlets], dtype=np.float64)
    state = fresh_state(
        expected,
        purse,
        len(outlets),
        servers,
        habit=town.mechanisms.habit,
        self_service=town.mechanisms.self_service,
        days_there=days_there,
        seats=max((len(outlet.seat_free_at) for outlet in outlets), default=0) if town.mechanisms.seats else 0,
        places=town.mechanisms.places,
        deferral=town.mechanisms.deferral,
        lists=has_lists(town.mechanisms),
    )
    for resident in people:
        state.performance[resident.row] = resident.performance
        state.equity[resident.row] = resident.equity
        for service, f in resident.usual.items():
            state.usual[resident.row, service] = f
            state.strength[resident.row, service] = resident.strength[service]
        if town.mechanisms.places:
            for column, name in enumerate(PLACED):
                service = SERVICE_INDEX[name]
                held = resident.held.get(service)
                state.held[resident.row, column] = -1 if held is None else held.row
                state.waited[resident.row, column] = resident.waited.get(service, 0)
        for kind in resident.pending:
            waited, of_today = divmod(kind, len(KINDS))
            state.pending[resident.row, of_today] |= np.uint8(1 << waited)
        for lists, entries in ((state.listed, resident.listed), (state.promised, resident.promised)):
            for kind, entry in entries.items():
                lists[resident.row, kind] = entry.row
        for f in resident.refused_by:
            state.refused[resident.row, f >> 6] |= np.uint64(1) << np.uint64(f & 63)
    for f, outlet in enumerate(outlets):
        lines = (outlet.counter, outlet.machine) if town.mechanisms.self_service else (outlet.counter,)
        for place, line in enumerate(lines):
            row = f + place * len(outlets)
            state.free_at[row, : len(line.free_at)] = line.free_at
            state.queue[row, : len(line.leaves)] = list(line.leaves)
            state.tail[row] = len(line.leaves)
        larder = outlet.larder
        state.left[f], state.asked[f], state.demand[f], state.spread[f] = (
            larder.left, larder.asked, larder.demand, larder.spread
        )  # fmt: skip
        storeroom = outlet.storeroom
        state.goods_left[f], state.goods_asked[f] = storeroom.left, storeroom.asked
        state.goods_usual[f], state.goods_reserve[f] = storeroom.usual, storeroom.reserve
        state.seat_free[f, : len(outlet.seat_free_at)] = outlet.seat_free_at[: state.seat_free.shape[1]]
        state.booked[f] = outlet.booked
        books = outlet.books
        state.trading[f], state.vacant[f], state.generation[f] = (
            books.trading,
            books.vacant_months,
            books.generation,
        )
        state.turnover[f], state.reserve[f], state.unseen[f] = (
            books.turnover_fen, books.reserve_fen, books.unseen_fen
        )  # fmt: skip
        state.book_days[f], state.supported[f] = books.days, books.support_fen
        state.wait_public[f] = outlet.wait_public
        state.told[f] = outlet.told
    state.booked_from[0] = int(town.books_open)
    return state
