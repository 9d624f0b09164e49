"""Roster: every facility that ever exists in any scenario, in one order for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.stage import Stage
from circlesim.world.facilities import Facilities, concatenate_facilities

Offer = tuple[NDArray[np.uint32], NDArray[np.uint8]]
"""Services of the outlets, and which of them may be walked into."""

_NOBODY = np.empty(0, np.uint64)

Timeline = Sequence[tuple[int, Facilities]]
"""First day and facilities of each span of a scenario, by rising day; the first span reaches back for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """
    The facilities of an experiment.

    Parameters
    ----------
    facilities : Facilities
        One row each, the baseline's first; services and walk-in as wide as in any stage, for the reach table.
    baseline : tuple of Stage
        The world without policies.
    stages : tuple of tuple of Stage
        By scenario; equal facts from the same day on are the same object.
    gates : tuple of ndarray of uint8, shape (E,)
        Locked edges in each state of the ways that `Stage.gates` counts; the first is that of the baseline. Empty
        where none is said.
    offers : tuple of (ndarray of uint32, ndarray of uint8), shape (F,)
        Services of the outlets, and who may be walked into, in each state of the ways.
    """

    facilities: Facilities
    baseline: tuple[Stage, ...]
    stages: tuple[tuple[Stage, ...], ...]
    gates: tuple[NDArray[np.uint8], ...] = ()
    offers: tuple[Offer, ...] = ()

    def open_to_all(self, state: int) -> Facilities:
        """
        Lay the outlets out as ways lead to them in one state.

        Parameters
        ----------
        state : int
            State of the ways.

        Returns
        -------
        Facilities
            The roster with the services and the walk-in rights of that state.
        """
        services, walk_in = self.offers[state]
        return replace(self.facilities, services=services, walk_in=walk_in)


def compile_roster(
    baseline: Facilities,
    timelines: Sequence[Timeline],
    start: date,
    days: int,
    warmup_days: int = 0,
    surfaces: Sequence[str | None] = (),
    locked: Sequence[Sequence[NDArray[np.uint8]]] = (),
    reviewed: Sequence[Sequence[NDArray[np.uint64]]] = (),
) -> Roster:
    """
    Put the facilities of all scenarios on one roster.

    Parameters
    ----------
    baseline : Facilities
        Outlets of the world without policies.
    timelines : sequence of Timeline
        One a scenario.
    start : date
        Day 0.
    days : int
        Days simulated.
    warmup_days : int, default: 0
        Days before `start`.
    surfaces : sequence of str or None, default: ()
        What lies on the streets of each scenario; what the weather brings where None or left out.
    locked : sequence of sequence of ndarray of uint8, shape (E,), default: ()
        Locked edges of each span of each scenario, after those of the baseline; gates stand still where left out.
    reviewed : sequence of sequence of ndarray of uint64, default: ()
        Hashes of the outlets in each span of each scenario that do not stand until a review opens them.

    Returns
    -------
    Roster
        Rows in the order of first appearance, baseline first.
    """
    tables = [baseline, *(table for timeline in timelines for _, table in timeline)]
    union = _union(tables)
    maker = _Maker(union, np.datetime64(start, "D"), range(-warmup_days, days))
    first = maker.stages([(0, baseline)])
    lies = surfaces or [None] * len(timelines)
    states, rows = _states(locked)
    spans = rows[1:] or [[0] * len(timeline) for timeline in timelines]
    waiting = reviewed or [[]] * len(timelines)
    stages = tuple(maker.stages(*of_scenario) for of_scenario in zip(timelines, lies, spans, waiting, strict=True))
    return Roster(
        facilities=_widened(union, maker.made()), baseline=first, stages=stages, offers=maker.offers,
        gates=tuple(states[row] for row in maker.locks) if states else (),
    )  # fmt: skip


def _states(
    locked: Sequence[Sequence[NDArray[np.uint8]]],
) -> tuple[tuple[NDArray[np.uint8], ...], list[list[int]]]:
    """Distinct states of the gates, and the row of each span among them."""
    states = {column.tobytes(): column for spans in locked for column in spans}
    place = {key: row for row, key in enumerate(states)}
    return tuple(states.values()), [[place[column.tobytes()] for column in spans] for spans in locked]


def _union(tables: Sequence[Facilities]) -> Facilities:
    """All rows by id, in the order of first appearance."""
    union = tables[0]
    for table in {id(table): table for table in tables[1:]}.values():
        new = ~np.isin(table.id64, union.id64)
        if new.any():
            union = concatenate_facilities(union, table.take(new))
    return union


def _widened(union: Facilities, stages: Iterator[Stage]) -> Facilities:
    """The union with every service and walk-in right any stage grants."""
    services, walk_in = union.services.copy(), union.walk_in.copy()
    for stage in stages:
        services |= stage.facilities.services
        walk_in |= stage.facilities.walk_in
    return replace(union, services=services, walk_in=walk_in)


class _Maker:
    """Makes stages on one union, each distinct one once."""

    def __init__(self, union: Facilities, start: np.datetime64, days: range) -> None:
        self.union, self.start, self.days = union, start, days
        self._aligned: dict[int, tuple[Facilities, Facilities, NDArray[np.bool_]]] = {}
        self._stages: dict[tuple[int, int, bytes, str | None, int, bytes], Stage] = {}
        self._ways: dict[tuple[int, bytes, bytes], Offer] = {}

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Services and walk-in rights in each state of the ways; the baseline's first."""
        return tuple(self._ways.values())

    @property
    def locks(self) -> tuple[int, ...]:
        """State of the gates in each state of the ways."""
        return tuple(row for row, *_ in self._ways)

    def _state(self, gates: int, table: Facilities) -> int:
        """State of the ways: which gates are locked, what outlets offer and which may be walked into."""
        key = gates, table.services.tobytes(), table.walk_in.tobytes()
        self._ways.setdefault(key, (table.services, table.walk_in))
        return list(self._ways).index(key)

    def made(self) -> Iterator[Stage]:
        """All stages made so far."""
        return iter(self._stages.values())

    def stages(
        self, timeline: Timeline, surface: str | None = None, gates: Sequence[int] = (),
        reviewed: Sequence[NDArray[np.uint64]] = (),
    ) -> tuple[Stage, ...]:  # fmt: skip
        """Stages of one scenario: policies and licence dates both begin new ones."""
        out: list[Stage] = []
        # The first span reaches back over the warm-up, so that equal facts are one stage in all scenarios.
        begins = [self.days.start, *(day for day, _ in timeline[1:])]
        ends = [*begins[1:], self.days.stop]
        states, waiting = gates or [0] * len(timeline), reviewed or [_NOBODY] * len(timeline)
        for (_, table), first, until, state, later in zip(timeline, begins, ends, states, waiting, strict=True):
            for day in self._dates(table, first, until):
                out.append(self._stage(table, day, surface, state, later))
        return tuple(_merged(out))

    def _dates(self, table: Facilities, first: int, until: int) -> list[int]:
        """Days from `first` on at which the list of those trading changes."""
        moves = np.concatenate([table.opened, table.closed])
        offsets = (moves[~np.isnat(moves)].astype("datetime64[D]") - self.start).astype(int)
        return [first, *sorted({int(day) for day in offsets if first < day < until})]

    def _stage(
        self, table: Facilities, day: int, surface: str | None, gates: int, reviewed: NDArray[np.uint64]
    ) -> Stage:
        """The stage of a table from a day on."""
        aligned, there = self._align(table)
        today = self.start + np.timedelta64(day, "D")
        opened = np.isnat(aligned.opened) | (aligned.opened <= today)
        closed = ~np.isnat(aligned.closed) & (aligned.closed <= today)
        later = np.isin(self.union.id64, reviewed)
        may = there & opened & ~closed
        present, possible = may & ~later, may & later
        gates = self._state(gates, aligned)
        key = (day, id(aligned), present.tobytes(), surface, gates, possible.tobytes())
        if key not in self._stages:
            self._stages[key] = Stage(
                first_day=day, facilities=aligned, present=present, surface=surface, gates=gates,
                possible=possible if possible.any() else None,
            )  # fmt: skip
        return self._stages[key]

    def _align(self, table: Facilities) -> tuple[Facilities, NDArray[np.bool_]]:
        """A table in the order of the union; absent rows keep the union's facts and are marked."""
        if id(table) not in self._aligned:
            there = np.isin(self.union.id64, table.id64)
            whole = concatenate_facilities(table, self.union.take(~there)) if not there.all() else table
            row = {int(key): i for i, key in enumerate(whole.id64)}
            order = np.array([row[int(key)] for key in self.union.id64], dtype=np.int64)
            # The table itself is kept, so that its identity cannot be taken over by another.
            self._aligned[id(table)] = (table, self._twin(whole.take(order)), there)
        _, aligned, there = self._aligned[id(table)]
        return aligned, there

    def _twin(self, table: Facilities) -> Facilities:
        """An equal table aligned before, where there is one."""
        for _, other, _ in self._aligned.values():
            if same_facts(table, other):
                return other
        return table


def same_facts(first: Facilities, second: Facilities) -> bool:
    """
    Tell whether two tables say the same of the same outlets.

    Parameters
    ----------
    first, second : Facilities
        Tables of equal length.

    Returns
    -------
    bool
        True where every column is equal.
    """
    for column in fields(Facilities):
        a, b = getattr(first, column.name), getattr(second, column.name)
        equal_nan = a.dtype.kind in "fM"
        if a.shape != b.shape or not np.array_equal(a, b, equal_nan=equal_nan):
            return False
    return True


def same_outlets(first: NDArray[np.bool_] | None, second: NDArray[np.bool_] | None) -> bool:
    """
    Tell whether two stages leave the same outlets to reviews.

    Parameters
    ----------
    first, second : ndarray of bool, shape (F,), or None
        See `Stage.possible`.

    Returns
    -------
    bool
        True where both have none, too.
    """
    return first is second or (first is not None and second is not None and np.array_equal(first, second))


def _merged(stages: list[Stage]) -> list[Stage]:
    """Without stages that change nothing."""
    kept: list[Stage] = []
    for stage in stages:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.facilities is stage.facilities
            and last.gates == stage.gates
            and np.array_equal(last.present, stage.present)
            and same_outlets(last.possible, stage.possible)
        ):
            continue
        kept.append(stage)
    return kept
