"""The bridge to core.c: compile it, lay a town out for it, and let it run the same days as the kernels."""

from __future__ import annotations

import ctypes
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import UNAVAILABLE
from circlesim.engine.errands import run_errands
from circlesim.engine.luck import CHOICE, PATIENCE, REFUSAL, SERVICE_TIME, luck_of_day
from circlesim.engine.needs import SERVICE, Needs
from circlesim.engine.screening import shortlisted
from circlesim.engine.sheet import ORDINAL, Sheet
from circlesim.engine.shortlist import empty_shortlist
from circlesim.engine.simulation import Simulation
from circlesim.engine.state import QUEUE_CAP, State, copy_state
from circlesim.engine.town import Town
from circlesim.engine.visitors import nobody
from circlesim.ledger import Page, empty_page
from circlesim.world.population import Means

SOURCE = Path(__file__).parent / "core.c"
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-std=c11", "-Wall", "-Wextra", "-shared", "-fPIC")
"""No -ffast-math, and no fused multiply-add: the bits of the kernels are asked for."""
WIDE = ("-mprefer-vector-width=512",) if platform.machine() == "x86_64" else ()
COVERED = ("capacity", "memory", "budget", "clock")
"""Mechanisms the C core knows; all others are switched off."""

PERSON = np.dtype(
    [("id64", "u8"), ("speed", "f8"), ("tolerance", "f8"), ("b_walk", "f8"), ("origin", "i4"), ("age_group", "u1"),
     ("schedule", "u1"), ("means", "u1"), ("digital", "u1"), ("needs_step_free", "u1"), ("homebound", "u1")],
    align=True,
)  # fmt: skip
OUTLET = np.dtype(
    [("id64", "u8"), ("service_min", "f8"), ("price_level", "f8"), ("quality", "f8"), ("origin", "i4"),
     ("servers", "i4"), ("queue_limit", "i4"), ("accepts", "u1"), ("unattended", "u1"), ("step_free", "u1"),
     ("present", "u1")], align=True,
)  # fmt: skip
SERVICES = np.dtype([(name, "f8") for name in ("tau", "taste_sd", "shift_max_min", "price_outside")])
NUMBERS = (
    "b_wait", "b_shift", "b_queue", "queue_unnoticed", "wait_memory", "lost_sale_if_refused", "perf_constant",
    "perf_quality", "perf_walk", "perf_wait", "perf_memory", "expectation_rate", "tries_max",
)  # fmt: skip
LAW = np.dtype([(name, "f8") for name in (*NUMBERS, "unavailable", "dearest")])
TRIP_BYTES = 8 * 8 + 3 * 4 + 8 * 4 + 4

_COUNTS = (
    "residents", "facilities", "services", "words", "servers", "buckets", "mobile", *COVERED,
)  # fmt: skip
_TOWN = (
    "person", "outlet", "outlet_id", "hours", "attraction", "all_open", "ptr", "facility", "metres", "law",
    "service", "constants", "window", "service_of", "ordinal_of",
)  # fmt: skip
_KEYS = {"choice_key": CHOICE, "service_key": SERVICE_TIME, "patience_key": PATIENCE, "refusal_key": REFUSAL}
_LUCK = (*_KEYS, "gumbel_bound", "normal_bound")
_NEEDS = ("resident", "kind", "minute", "basket", "first", "then", "luck")
_STATE = (
    "performance", "expectation", "equity", "purse", "refused", "free_at", "queue", "head", "tail", "wait_public",
    "wait_sum", "wait_count",
)  # fmt: skip
_WORK = ("list_ptr", "list_entry", "list_most", *_STATE, "trip", "bucket")
_PAGE = tuple(f"sheet_{name}" for name in Sheet._fields)


class Day(ctypes.Structure):
    """The `Day` of core.c: numbers, and addresses of arrays."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in _COUNTS),
        *((name, ctypes.c_void_p) for name in (*_TOWN, *_LUCK)),
        ("taste", ctypes.c_uint64),
        ("needs", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in (*_NEEDS, *_WORK, *_PAGE)),
        ("weekday", ctypes.c_int64),
        ("weekend", ctypes.c_int64),
    ]


def compiled_core(folder: Path, more: tuple[str, ...] = ()) -> Any:
    """Compile core.c into a folder and load it."""
    library = folder / f"core{len(more)}.so"
    subprocess.run(["cc", *FLAGS, *more, str(SOURCE), "-o", str(library), "-lm"], check=True)
    core = ctypes.CDLL(str(library))
    for function in (core.core_list, core.core_errands):
        function.argtypes, function.restype = [ctypes.POINTER(Day)], None
    core.core_bytes.argtypes, core.core_bytes.restype = [ctypes.c_int64], ctypes.c_int64
    sizes = (PERSON.itemsize, OUTLET.itemsize, SERVICES.itemsize, LAW.itemsize, TRIP_BYTES, ctypes.sizeof(Day))
    assert [core.core_bytes(i) for i in range(6)] == list(sizes), "core.c lays its memory out in another way"
    return core


def compiler() -> str:
    """Name and version of the C compiler."""
    shown = subprocess.run(["cc", "--version"], check=True, capture_output=True, text=True).stdout
    return shown.splitlines()[0]


def picked(source: NDArray[np.void], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """The fields that core.c reads, by name."""
    out = np.zeros(len(source), dtype)
    for name in dtype.names or ():
        out[name] = source[name]
    return out


class Kernels:
    """The core as the engine runs it."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.town: Town = simulation._town_on(0)
        self.list = empty_shortlist(len(simulation._page.resident))

    def listed(self, day: int, needs: Needs) -> None:
        """List who could win."""
        one = self.simulation
        luck = luck_of_day(one.seed, one.replication, day)._replace(need=needs.luck)
        self.list = shortlisted(self.town, luck, needs, self.list)
        visitors = nobody(len(self.town.outlets))
        self.luck = luck._replace(likely=self.list, visitors=visitors)

    def served(self, day: int, needs: Needs) -> Page:
        """Choose and serve."""
        one, weekday = self.simulation, self.simulation.prepared.weekday(day)
        run_errands(self.town, one.state, self.luck, needs, one._scratch, one._page, day, weekday)
        return one._page

    def core(self, day: int, needs: Needs) -> Page:
        """List, choose and serve."""
        self.listed(day, needs)
        return self.served(day, needs)


class Hand:
    """The same core in C, on a state, working memory and page of its own."""

    def __init__(self, core: Any, simulation: Simulation) -> None:
        self.core_library, self.simulation = core, simulation
        self.state: State = copy_state(simulation.state)
        room = len(simulation._page.resident)
        self.page = empty_page(room)
        self.town: Town = simulation._town_on(0)
        assert len(self.town.deliver) == 0, "core.c knows no orders"
        self.arrays = self._arrays(room)
        self.day = Day(**self._counts(), **{name: array.ctypes.data for name, array in self.arrays.items()})

    def _counts(self) -> dict[str, int]:
        town, state = self.town, self.state
        return {
            "residents": len(town.people), "facilities": len(town.outlets), "services": len(town.service),
            "words": state.refused.shape[1], "servers": state.free_at.shape[1],
            "buckets": len(self.arrays["bucket"]), "mobile": int(Means.MOBILE),
            **{name: int(getattr(town.switches, name)) for name in COVERED},
        }  # fmt: skip

    def _arrays(self, room: int) -> dict[str, NDArray[Any]]:
        town, state = self.town, self.state
        assert state.queue.shape[1] == QUEUE_CAP == 512
        law = np.zeros(1, LAW)
        for name in NUMBERS:
            law[name] = town.law[name]
        law["unavailable"], law["dearest"] = UNAVAILABLE, town.dearest
        longest = int(np.diff(town.ptr).max(initial=0))
        arrays: dict[str, NDArray[Any]] = {
            "person": picked(town.people, PERSON), "outlet": picked(town.outlets, OUTLET),
            "outlet_id": town.outlet_id64, "hours": town.hours, "attraction": town.attraction,
            "all_open": town.all_open_until, "ptr": town.ptr, "facility": town.facility, "metres": town.metres,
            "law": law, "service": picked(town.service, SERVICES), "constants": town.constants,
            "window": town.window, "service_of": SERVICE, "ordinal_of": ORDINAL,
            "list_ptr": np.zeros(room + 1, np.int64), "list_entry": np.zeros(room * longest + 1, np.int32),
            "list_most": np.zeros(room * longest + 1), "trip": np.zeros(room * TRIP_BYTES, np.uint8),
            "bucket": np.zeros_like(self.simulation._scratch.bucket),
        }  # fmt: skip
        arrays |= {name: getattr(state, name) for name in _STATE}
        arrays |= {f"sheet_{name}": getattr(self.page, name) for name in Sheet._fields}
        assert all(array.flags.c_contiguous for array in arrays.values())
        return arrays

    def look_at(self, day: int, needs: Needs) -> None:
        """Point at the needs and the luck of a day; no part of the work."""
        one = self.simulation
        luck = luck_of_day(one.seed, one.replication, day)
        rows = {
            "choice_key": CHOICE,
            "service_key": SERVICE_TIME,
            "patience_key": PATIENCE,
            "refusal_key": REFUSAL,
        }
        self.arrays |= {name: np.ascontiguousarray(luck.keys[row]) for name, row in rows.items()}
        self.arrays |= {"gumbel_bound": luck.gumbel_bound, "normal_bound": luck.normal_bound}
        self.arrays |= {name: getattr(needs, name) for name in _NEEDS}
        for name in (*_LUCK, *_NEEDS):
            setattr(self.day, name, self.arrays[name].ctypes.data)
        self.day.taste, self.day.needs = int(luck.taste), needs.rows
        self.day.weekday = one.prepared.weekday(day)
        self.day.weekend = int(self.day.weekday >= 5)

    def listed(self, day: int, needs: Needs) -> None:
        """List who could win."""
        self.core_library.core_list(self.day)

    def served(self, day: int, needs: Needs) -> Page:
        """Choose and serve."""
        self.core_library.core_errands(self.day)
        self.page.day, self.page.rows = day, needs.rows
        return self.page

    def core(self, day: int, needs: Needs) -> Page:
        """List, choose and serve."""
        self.listed(day, needs)
        return self.served(day, needs)


def assert_same(one: dict[str, NDArray[Any]], other: dict[str, NDArray[Any]]) -> None:
    """Stop where any column differs in any bit; nan equals nan."""
    for name, column in one.items():
        same = np.array_equal(column, other[name], equal_nan=column.dtype.kind == "f")
        assert same, f"the two sides differ in {name}"


def assert_same_day(kernels: Kernels, page: Page, hand: Hand) -> None:
    """Stop where ledger or state of the two sides differ."""
    assert_same(page.columns(), hand.page.columns())
    assert_same(kernels.simulation.state._asdict(), hand.state._asdict())


def dawn(simulation: Simulation, hands: Iterable[Hand], day: int) -> Needs:
    """Fill purses on Mondays, let the needs of a day arise, and point C at them."""
    needs = simulation.needs(day)
    if simulation.prepared.weekday(day) == 0:
        simulation._refill_purses()
    for hand in hands:
        hand.state.purse[:] = simulation.state.purse
        hand.look_at(day, needs)
    return needs
