"""Town: all agents of the object form, the streets between them, and what holds today."""

from __future__ import annotations

from operator import itemgetter
from typing import Protocol

import mesa
import numpy as np

from circlesim import draws
from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.errand import Alternative, Errand
from circlesim.abm.law import Law
from circlesim.abm.luck import Luck
from circlesim.abm.outlets import outlet_facts
from circlesim.abm.rules import exposure, habit_pull, knows, speed_on, walk_min
from circlesim.abm.stop import Stop
from circlesim.catalog.constants import UNAVAILABLE, age_group
from circlesim.catalog.services import SERVICES
from circlesim.catalog.surfaces import SEASONS, season_of
from circlesim.engine.helping import ADULT
from circlesim.engine.prepared import Prepared
from circlesim.engine.stage import Stage
from circlesim.engine.visitors import open_minute, visitor_luck, visitors_count
from circlesim.engine.weather import DRY
from circlesim.world.population import Mobility

Near = list[tuple[FacilityAgent, float]]
_WORD = 0xFFFFFFFFFFFFFFFF


class Witness(Protocol):
    """Who is told what residents choose and meet at counters; see `abm.trace`."""

    def saw_choice(self, errand: Errand, choice: Alternative) -> None:
        """Hear of a choice made."""

    def saw_counter(self, errand: Errand, facility: FacilityAgent, barrier: int, ahead: int) -> None:
        """Hear of an arrival, what stopped it (0 for nothing), and the people ahead."""


class ObjectTown:
    """
    A neighbourhood of objects.

    Parameters
    ----------
    prepared : Prepared
        World, metres and numbers of the law.
    stage : Stage
        The facts of the first day.
    luck : Luck
        What draws.
    model : mesa.Model
        The model the agents live in.

    Attributes
    ----------
    residents, facilities : list
        Agents by row.
    deliverers : list of list of FacilityAgent
        Who delivers each service today.
    day : int
        Days since `start`.
    weekday, weekend : int
        Monday 0, and 1 on Saturday and Sunday.
    surface : int
        What lies on the street, a row of `catalog.surfaces.SURFACES`.
    witness : Witness or None
        Who is told.
    """

    def __init__(self, prepared: Prepared, stage: Stage, luck: Luck, model: mesa.Model) -> None:
        self.prepared, self.stage, self.luck = prepared, stage, luck
        self.law = Law(prepared.law, prepared.calendar, prepared.weather)
        self.mechanisms = prepared.mechanisms
        self.facilities = self._make_facilities(model)
        self.residents = self._make_residents(model)
        households = self._households()
        if self.mechanisms.household_bearers:
            for household in households:
                for resident in household:
                    resident.family = household
        if self.mechanisms.assisted_orders:
            self._help_out(households)
        self.deliverers = self.find_deliverers()
        self.day, self.weekday, self.weekend, self.surface = 0, 0, 0, DRY
        self.witness: Witness | None = None
        self.books_open = self.facts_changed = False
        self._near: dict[tuple[int, int], Near] = {}
        for facility, days in zip(self.facilities, prepared.days_there(stage).tolist(), strict=True):
            facility.days_there = days

    def begin(self, day: int, stage: Stage) -> None:
        """
        Turn to another day.

        Parameters
        ----------
        day : int
            Days since `start`.
        stage : Stage
            The facts in force.
        """
        self.day, self.weekday = day, self.prepared.weekday(day)
        self.weekend = int(self.weekday >= 5)
        self.luck.begin(day)
        if stage is not self.stage:
            self._adopt(stage)
        if self.mechanisms.visitors and self.mechanisms.capacity:
            self._expect_visitors(day)
        surface = self.prepared.surface_on(day, stage, *self.luck.root)
        if surface != self.surface:
            self.surface = surface
            for resident in self.residents:
                factor = self.law.speed_factor[surface][min(resident.age, len(self.law.speed_factor[surface]) - 1)]
                resident.speed = speed_on(resident.dry_speed, factor)
        for facility in self.facilities:
            facility.visits_today, facility.revenue_today_fen, facility.booked = 0, 0, 0
            if self.mechanisms.stock:
                facility.larder.cook(facility.facts.margin)
            if self.mechanisms.emergency:
                facility.storeroom.open(facility.facts.supply_share)
            facility.days_there += float(self.mechanisms.awareness and facility.is_there)

    def within(self, origin: int, service: int) -> Near:
        """
        List the outlets of a service around a place.

        Parameters
        ----------
        origin : int
            Place, as agents hold it.
        service : int
            Service number.

        Returns
        -------
        list of (FacilityAgent, float)
            Outlets and metres, nearest first.
        """
        place = (origin, service)
        if place not in self._near:
            reach, row = self.prepared.reach[self.stage.gates], origin * len(SERVICES) + service
            low, high = reach.ptr[row], reach.ptr[row + 1]
            rows, metres = reach.facility[low:high].tolist(), reach.metres[low:high].tolist()
            self._near[place] = [(self.facilities[f], m) for f, m in zip(rows, metres, strict=True)]
        return self._near[place]

    def metres_between(
        self, resident: ResidentAgent, start: FacilityAgent | Stop, service: int, end: FacilityAgent
    ) -> float | None:
        """
        Walk from a counter or a stop to a counter.

        Parameters
        ----------
        resident : ResidentAgent
            Who walks.
        start : FacilityAgent or Stop
            Where to walk from.
        service : int
            Service wanted at the end.
        end : FacilityAgent
            The counter to walk to.

        Returns
        -------
        float or None
            Metres; None beyond the longest walk of anybody.
        """
        near = self.within(start.origin + resident.block, service)
        return next((metres for facility, metres in near if facility is end), None)

    def trip_min(self, resident: ResidentAgent) -> float | None:
        """
        Walk from home to the stop passed daily.

        Parameters
        ----------
        resident : ResidentAgent
            Who walks.

        Returns
        -------
        float or None
            Minutes; None where there is no stop in reach.
        """
        metres = float(self.prepared.reach[self.stage.gates].trip_m[resident.row])
        return float(walk_min(metres, resident.speed)) if metres >= 0.0 else None

    def may_deliver(self, resident: ResidentAgent, service: int) -> bool:
        """
        Tell whether a service can be delivered to people of a resident's age.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        service : int
            Service number.

        Returns
        -------
        bool
            False where the anchors know no delivery.
        """
        return self.law.constant[resident.age_group][service][0] > UNAVAILABLE

    def season_rates(self, day: int) -> list[float]:
        """
        Multipliers of need rates on a day.

        Parameters
        ----------
        day : int
            Days since `start`.

        Returns
        -------
        list of float
            By kind; ones with seasons of need switched off.
        """
        factors = self.law.season_factor
        if not self.mechanisms.seasons_of_need:
            return [1.0] * len(factors[0])
        return factors[SEASONS.index(season_of(self.prepared.date_of(day)))]

    def may_visit(self, resident: ResidentAgent) -> bool:
        """
        Tell whether staff come to a resident.

        Parameters
        ----------
        resident : ResidentAgent
            Who.

        Returns
        -------
        bool
            Never True with home visits switched off.
        """
        return self.mechanisms.home_visits and resident.wants_visits

    def _expect_visitors(self, day: int) -> None:
        """Tell outlets who comes from elsewhere today."""
        key = np.uint64(draws.event_key(*self.luck.root, draws.VISITORS, day & _WORD, 0, 0))
        for facility, expected in zip(self.facilities, self.stage.facilities.visitors_per_day, strict=True):
            hours = np.array(facility.facts.hours[self.weekday] or [(-1.0, -1.0)])
            if not facility.is_there or expected <= 0.0:
                continue
            count = visitors_count(key, np.uint64(facility.id64), float(expected), hours)
            luck = [visitor_luck(key, np.uint64(facility.id64), number) for number in range(count)]
            came = [(open_minute(hours, u), facility.facts.service_min * length) for u, length in luck]
            facility.visitors.extend(sorted(came, key=itemgetter(0)))

    def affords(self, resident: ResidentAgent, price_fen: int) -> bool:
        """
        Tell whether the purse is enough.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        price_fen : int
            Price.

        Returns
        -------
        bool
            Always True with budgets switched off.
        """
        return not self.mechanisms.budget or price_fen <= resident.purse_fen

    def remembers_refusal(self, resident: ResidentAgent, facility: FacilityAgent) -> bool:
        """
        Tell whether a resident knows that a facility refuses the money carried.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        facility : FacilityAgent
            Where.

        Returns
        -------
        bool
            Never True with memory switched off.
        """
        return self.mechanisms.memory and facility.row in resident.refused_by

    def has_heard(self, resident: ResidentAgent, facility: FacilityAgent, metres: float) -> bool:
        """
        Tell whether a resident has heard of a facility.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        facility : FacilityAgent
            Where.
        metres : float
            From home.

        Returns
        -------
        bool
            Always True with awareness switched off.
        """
        if not self.mechanisms.awareness:
            return True
        number, days = self.law.number, facility.days_there
        street = exposure(number["aware_street"], days, number["aware_talk"], facility.told)
        seen = number["aware_map"] * days if facility.facts.on_map and resident.digital else 0.0
        patience = draws.exponential(self.luck.attention(resident.id64, facility.id64))
        return bool(knows(patience, street, metres, number["aware_scale_m"], seen))

    def habit_of(self, resident: ResidentAgent, service: int, facility: FacilityAgent) -> float:
        """
        Utility of going where one always goes.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        service : int
            Service number.
        facility : FacilityAgent
            Where.

        Returns
        -------
        float
            0 where the resident is used to another outlet, or habits are switched off.
        """
        if not self.mechanisms.habit or resident.usual.get(service) != facility.row:
            return 0.0
        return float(habit_pull(self.law.number["b_habit"], resident.strength[service]))

    def _adopt(self, stage: Stage) -> None:
        """Put other facts in force; an outlet that takes a further means says so at its door."""
        for facility in self.facilities:
            if facility.adopt(outlet_facts(stage, facility.row, self.law, standing=self.mechanisms.places)):
                for resident in self.residents:
                    resident.refused_by.discard(facility.row)
        if stage.gates != self.stage.gates:
            self._near.clear()
        self.stage, self.facts_changed = stage, True
        self.deliverers = self.find_deliverers()

    def _households(self) -> list[list[ResidentAgent]]:
        """Those of one household number and home live together."""
        table = self.prepared.world.population
        homes: dict[tuple[int, int], list[ResidentAgent]] = {}
        for resident, number, home in zip(self.residents, table.household, table.home_row, strict=True):
            homes.setdefault((int(number), int(home)), []).append(resident)
        return list(homes.values())

    def _help_out(self, households: list[list[ResidentAgent]]) -> None:
        """Let an adult who orders do so for those of the household who cannot, where that is their way."""
        for household in households:
            if any(member.age >= ADULT and not member.lacks_digital for member in household):
                for resident in household:
                    luck = float(draws.uniforms(0, draws.ASSIST, resident.id64))
                    resident.is_helped = resident.lacks_digital and luck < self.law.number["assisted_share"]

    def neighbours_of(self, facility: FacilityAgent) -> int:
        """
        Count those among whom word of an outlet goes round.

        Parameters
        ----------
        facility : FacilityAgent
            The outlet.

        Returns
        -------
        int
            Residents of its circle; at least 1.
        """
        return max(1, sum(resident.circle == facility.facts.circle for resident in self.residents))

    def find_deliverers(self) -> list[list[FacilityAgent]]:
        """
        List who delivers each service.

        Returns
        -------
        list of list of FacilityAgent
            By service number; outlets that exist and trade.
        """
        there = [facility for facility in self.facilities if facility.is_there and facility.facts.delivers]
        return [[f for f in there if f.facts.services >> s & 1] for s in range(len(SERVICES))]

    def _make_facilities(self, model: mesa.Model) -> list[FacilityAgent]:
        table, streets = self.stage.facilities, self.prepared.world.streets
        origin = np.searchsorted(self.prepared.origin_rows, table.node_row)
        return [
            FacilityAgent(
                model, row=f, facility=str(table.facility[f]), id64=int(table.id64[f]),
                x_m=float(streets.x_m[table.node_row[f]]), y_m=float(streets.y_m[table.node_row[f]]),
                origin=int(origin[f]),
                facts=outlet_facts(self.stage, f, self.law, standing=self.mechanisms.places),
            )
            for f in range(len(table))
        ]  # fmt: skip

    def _make_residents(self, model: mesa.Model) -> list[ResidentAgent]:
        table, streets = self.prepared.world.population, self.prepared.world.streets
        origins = self.prepared.origin_rows
        origin, stop = np.searchsorted(origins, table.home_row), np.searchsorted(origins, table.stop_row)
        block = self.prepared.people.record["block"]
        groups, b_walk = age_group(table.age), self.prepared.people.record["b_walk"]
        return [
            ResidentAgent(
                model, row=r, resident=str(table.resident[r]), id64=int(table.id64[r]),
                x_m=float(streets.x_m[table.home_row[r]]), y_m=float(streets.y_m[table.home_row[r]]),
                origin=int(origin[r] + block[r]), block=int(block[r]),
                stop=Stop(int(stop[r])) if self.mechanisms.trips and table.stop_row[r] >= 0 else None,
                age=int(table.age[r]), age_group=int(groups[r]),
                schedule=int(table.schedule[r]), speed=float(table.speed_m_per_min[r]),
                tolerance=float(table.tolerance_min[r]), b_walk=float(b_walk[r]),
                means=int(table.means_carried[r]), digital=bool(table.digital[r]),
                needs_step_free=int(table.mobility[r]) == Mobility.AID,
                homebound=int(table.mobility[r]) == Mobility.HOMEBOUND, budget_fen=int(table.budget_fen[r]),
                circle=int(table.circle[r]),
                rates=[(k, float(table.need_rate[r, k])) for k in np.flatnonzero(table.need_rate[r]).tolist()],
            )
            for r in range(len(table))
        ]  # fmt: skip
