"""Simulation: one scenario in one replication, a day at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.columns import OutletColumns
from circlesim.engine.errands import run_errands
from circlesim.engine.luck import Luck, luck_of_day
from circlesim.engine.mechanisms import has_lists
from circlesim.engine.needs import Needs, arise, empty_needs, needs_room
from circlesim.engine.operators import Month, is_month_end, note_day, open_books, own_key, turn_month
from circlesim.engine.past import past_of
from circlesim.engine.places import allot, applicants
from circlesim.engine.prepared import Prepared
from circlesim.engine.screening import shortlisted
from circlesim.engine.sheet import empty_scratch
from circlesim.engine.shortlist import Shortlist, empty_shortlist
from circlesim.engine.stage import Stage, stage_on
from circlesim.engine.state import State, copy_state, fresh_state
from circlesim.engine.town import Town
from circlesim.engine.visitors import Visitors, nobody, visitors_of_day
from circlesim.engine.weather import DRY
from circlesim.ledger import Page, empty_page


class Simulation:
    """
    One scenario in one replication.

    Parameters
    ----------
    prepared : Prepared
        What all scenarios share.
    stages : sequence of Stage
        The facts in time, by rising `first_day`.
    seed : int
        Root seed.
    replication : int
        Number of the replication.
    state : State, optional
        Where to go on from; fresh where left out.
    """

    def __init__(
        self,
        prepared: Prepared,
        stages: tuple[Stage, ...],
        seed: int,
        replication: int,
        state: State | None = None,
    ) -> None:
        self.prepared = prepared
        self.stages = tuple(stages)
        self.seed = seed
        self.replication = replication
        most = max(int(stage.facilities.servers.max(initial=1)) for stage in self.stages)
        seats = max(int(stage.facilities.seats.max(initial=0)) for stage in self.stages)
        self._seats = seats if prepared.mechanisms.seats else 0
        self.state = _with_room(state, most, self._seats) if state is not None else self._fresh(most)
        room = needs_room(prepared.people, prepared.calendar, prepared.waits)
        self._scratch = empty_scratch(room)
        self._page = empty_page(room)
        self._needs: Needs | None = None
        self._own: Shortlist | None = None
        self._stage: Stage | None = None
        self._surface = DRY
        self._town: Town | None = None
        self._outlets: OutletColumns | None = None
        self._turned = False
        self._facts_changed = False
        self.months: tuple[Month, ...] = ()

    def _fresh(self, servers: int) -> State:
        expected = self.prepared.expected(self.stages[0])
        return fresh_state(
            expected, self.prepared.people.budget, len(self.prepared.world.facilities), servers,
            habit=self.prepared.mechanisms.habit, self_service=self.prepared.mechanisms.self_service,
            days_there=self.prepared.days_there(self.stages[0]), present=self.stages[0].present, seats=self._seats,
            places=self.prepared.mechanisms.places, deferral=self.prepared.mechanisms.deferral,
            lists=has_lists(self.prepared.mechanisms),
        )  # fmt: skip

    def needs(self, day: int) -> Needs:
        """
        Let the needs of a day arise; they are the same in every scenario.

        Parameters
        ----------
        day : int
            Days since `start`; negative in the warm-up.

        Returns
        -------
        Needs
            A buffer this simulation uses again.
        """
        people, shared = self.prepared.people, self.prepared
        if self._needs is None:
            room = needs_room(people, shared.calendar, shared.waits)
            self._needs = empty_needs(room, len(people.record))
        luck = luck_of_day(self.seed, self.replication, day, shared.longest_wait)
        needs = arise(
            people, shared.homes, shared.calendar, shared.law, luck, shared.weekday(day) >= 5,
            shared.season_rates(day), past_of(shared, self.seed, self.replication, day),
            shared.outing_gap_min, shared.trip_gap_min, self._needs,
        )  # fmt: skip
        # Any town of this simulation will do, and asking for needs must not turn it to another stage.
        town = self._town if self._town is not None else self._town_on(day)
        # Nobody walks faster than on a dry street, so a list made there holds on every surface.
        town = town._replace(people=people.record)
        needs.likely = shortlisted(town, luck._replace(need=needs.luck), needs, needs.likely)
        needs.attraction, needs.outlet_id64, needs.metres = town.most_attraction, town.outlet_id64, town.metres
        return needs

    def run_day(self, day: int, needs: Needs | None = None, *, last: bool = False) -> Page:
        """
        Run one day.

        Parameters
        ----------
        day : int
            Days since `start`; negative in the warm-up.
        needs : Needs, optional
            The needs of the day, where another scenario let them arise already.
        last : bool, default: False
            Whether no day follows: nothing is put off then, and what is open ends as it stands.

        Returns
        -------
        Page
            A buffer this simulation uses again.
        """
        needs = self.needs(day) if needs is None else needs
        town = self._town_on(day)
        weekday = self.prepared.weekday(day)
        if weekday == 0:
            self._refill_purses()
        luck = luck_of_day(self.seed, self.replication, day, self.prepared.longest_wait)
        luck = luck._replace(need=needs.luck)
        if self.prepared.mechanisms.places:
            self._allot_places(town, luck, day)
        luck = luck._replace(likely=self._likely(town, luck, needs), visitors=self._visitors(day, weekday))
        run_errands(town, self.state, luck, needs, self._scratch, self._page, day, weekday, last=last)
        if self.prepared.mechanisms.months:
            self._keep_books(day)
        return self._page

    def _allot_places(self, town: Town, luck: Luck, day: int) -> None:
        """Allot places before anybody waits for one, on the first day of each month, and when facts change."""
        first = not (self.state.waited.any() or (self.state.held >= 0).any())
        if first or self._facts_changed or self.prepared.date_of(day).day == 1:
            wants = applicants(town, self.prepared.people.rate, self.seed, self.replication)
            allot(town, self.state, wants, luck.taste, (self.seed, self.replication, day))
        self._facts_changed = False

    @property
    def present(self) -> NDArray[np.bool_]:
        """Outlets that exist and trade on the newest day, shape (F,)."""
        assert self._town is not None, "a day has been run"
        return np.asarray(self._town.outlets["present"] == 1)

    def _keep_books(self, day: int) -> None:
        """Add the day to the books; on the last day of a month close them."""
        assert self._stage is not None
        shared, stage, today = self.prepared, self._stage, self.prepared.date_of(day)
        if day >= 0 and self.state.booked_from[0] == 0:
            open_books(self.state, shared.law, stage, self.seed, self.replication)
        note_day(self.state, self._page, stage)
        if day == -1:
            open_books(self.state, shared.law, stage, self.seed, self.replication)
        if day >= 0 and is_month_end(today):
            month = turn_month(self.state, shared.law, stage, today, self.seed, self.replication)
            self.months = (*self.months, month)
            if month.gave_up.any() or month.began.any():
                self._turned = True

    def _operated(self, stage: Stage) -> Stage:
        """A stage with those who trade, under the names of those who operate them now."""
        state = self.state
        if state.trading.all() and not state.generation.any():
            return stage
        outlets = stage.facilities
        ids = np.array([own_key(*pair) for pair in zip(outlets.id64, state.generation, strict=True)], np.uint64)
        return replace(stage, facilities=replace(outlets, id64=ids), present=stage.present & (state.trading == 1))

    def _visitors(self, day: int, weekday: int) -> Visitors:
        """Customers from elsewhere."""
        assert self._stage is not None
        assert self._outlets is not None
        facilities = self._stage.facilities
        if not self.prepared.mechanisms.visitors:
            return nobody(len(facilities))
        return visitors_of_day(facilities, self._outlets, weekday, self.seed, self.replication, day)

    def _likely(self, town: Town, luck: Luck, needs: Needs) -> Shortlist:
        """Shortlist of the needs; made anew where ways differ, an outlet draws more, or is in other hands."""
        same = town.metres is needs.metres and np.array_equal(town.outlet_id64, needs.outlet_id64)
        if same and np.all(town.most_attraction <= needs.attraction):
            return needs.likely
        if self._own is None:
            self._own = empty_shortlist(len(needs.luck))
        self._own = shortlisted(town, luck, needs, self._own)
        return self._own

    def fork(self, stages: tuple[Stage, ...]) -> Simulation:
        """
        Go on under other facts from where this simulation stands.

        Parameters
        ----------
        stages : sequence of Stage
            The facts of the other scenario.

        Returns
        -------
        Simulation
            Independent, with a copy of the state.
        """
        other = Simulation(self.prepared, stages, self.seed, self.replication, copy_state(self.state))
        other._stage, other._surface, other._town = self._stage, self._surface, self._town
        other._facts_changed = self._facts_changed
        other._outlets, other._turned, other.months = self._outlets, self._turned, self.months
        return other

    def _town_on(self, day: int) -> Town:
        stage = stage_on(self.stages, day)
        surface = self.prepared.surface_on(day, stage, self.seed, self.replication)
        if self._town is None or stage is not self._stage or surface != self._surface or self._turned:
            self._turned = False
            self._facts_changed = self._town is not None and stage is not self._stage
            self._outlets = outlets = self.prepared.outlets(self._operated(stage))
            if self._town is not None:
                _forget_refusals(self.state, self._town.outlets["accepts"], outlets.record["accepts"])
            self._stage, self._surface, self._town = (
                stage,
                surface,
                self.prepared.town(outlets, surface, stage.gates),
            )
        return self._town

    def _refill_purses(self) -> None:
        budget = self.prepared.people.budget
        most = (budget * self.prepared.law.value("purse_cap_weeks")).astype(np.int64)
        np.minimum(self.state.purse + budget, most, out=self.state.purse)


def _forget_refusals(state: State, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> None:
    # An outlet that begins to take a further means says so at its door: what was remembered of it is void.
    for f in np.flatnonzero(after & ~before):
        state.refused[:, f >> 6] &= ~(np.uint64(1) << np.uint64(f & 63))


def _with_room(state: State, servers: int, seats: int) -> State:
    """The state with as many servers and seats as any stage has."""
    for name, most in (("free_at", servers), ("seat_free", seats)):
        column = getattr(state, name)
        missing = most - column.shape[1]
        if missing > 0:
            state = state._replace(**{name: np.pad(column, ((0, 0), (0, missing)))})
    return state
