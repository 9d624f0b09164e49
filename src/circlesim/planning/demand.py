"""Demand: needs that the circle does not meet, by service, barrier, place and group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.experiments.asked import Asked
from circlesim.experiments.design import compile_design
from circlesim.experiments.draw import make_draw
from circlesim.experiments.unit import run_unit
from circlesim.ledger import BARRIERS, COUNTED, Fate, Page
from circlesim.planning.places import places_of
from circlesim.world.groups import group_labels, group_rows
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

BARRIER_NAMES: tuple[str, ...] = tuple(str(each.name).lower() for each in BARRIERS)

LEVERS: dict[str, tuple[str, ...]] = {
    "full": ("add_facilities", "raise_capacity"),
    "payment_refused": ("keep_cash", "staff_counters"),
    "unaffordable": ("meal_aid", "cap_prices"),
    "digital_only": ("staff_counters",),
    "closed": ("extend_hours", "add_facilities"),
    "not_step_free": ("make_step_free",),
    "no_home_capacity": ("home_visits", "volunteer_visits"),
    "unaware": ("put_on_map",),
    "unreachable": ("add_facilities", "open_gates"),
}
"""Policies of the catalogue that lift each barrier, the most direct first."""

KINDS: tuple[str, ...] = ("unmet", "pushed_out", "met_if_lifted")
COLUMNS: tuple[str, ...] = (
    "service", "barrier", "place", "residents", "by", "group", "unmet_per_day", "pushed_out_per_day",
    "met_if_lifted_per_day", "levers",
)  # fmt: skip
"""Columns of ``demand.csv``."""

_COMPACT = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """
    What each resident lacked, added up over days and replications.

    Parameters
    ----------
    world : World
        For homes and groups.
    resident, service, barrier : ndarray of int64, shape (n,)
        Rows and numbers; each combination stands once.
    count : ndarray of float64, shape (n, 3)
        `KINDS`: unmet and pushed-out needs by their first barrier, and needs that would have been met inside had
        this barrier alone been lifted, queues as met.
    days : int
        Days over which was added, all replications together.
    """

    world: World
    resident: NDArray[np.int64]
    service: NDArray[np.int64]
    barrier: NDArray[np.int64]
    count: NDArray[np.float64]
    days: int

    def lacking(self, services: tuple[str, ...], lever: str) -> NDArray[np.float64]:
        """
        Count the needs of each resident that a policy could bring back.

        Parameters
        ----------
        services : tuple of str
            Services that count.
        lever : str
            Name of a policy of `LEVERS`.

        Returns
        -------
        ndarray of float64, shape (R,)
            Unmet and pushed-out needs a day whose first barrier the policy lifts.
        """
        lifted = [i for i, name in enumerate(BARRIER_NAMES) if lever in LEVERS[name]]
        counts = np.isin(self.service, [SERVICE_INDEX[name] for name in services])
        counts &= np.isin(self.barrier, lifted)
        weights = self.count[counts, 0] + self.count[counts, 1]
        people = len(self.world.population)
        return np.bincount(self.resident[counts], weights, minlength=people) / max(self.days, 1)

    def services(self, lever: str) -> dict[str, float]:
        """
        Rank services by the needs a policy could bring back.

        Parameters
        ----------
        lever : str
            Name of a policy of `LEVERS`.

        Returns
        -------
        dict of str to float
            Service to needs a day, most first; services with none left out.
        """
        found = {name: float(self.lacking((name,), lever).sum()) for name in SERVICES}
        return {name: n for name, n in sorted(found.items(), key=lambda each: (-each[1], each[0])) if n > 0}

    def of_circle(self, circle: int) -> Demand:
        """
        Keep what the residents of one circle lacked.

        Parameters
        ----------
        circle : int
            Number of the circle.

        Returns
        -------
        Demand
            In the same world, over the same days.
        """
        own = self.world.population.circle[self.resident] == circle
        return replace(self, resident=self.resident[own], service=self.service[own], barrier=self.barrier[own],
                       count=self.count[own])  # fmt: skip

    def table(self, by: tuple[str, ...] = ()) -> pd.DataFrame:
        """
        Make ``demand.csv``.

        Parameters
        ----------
        by : tuple of str, default: ()
            Dimensions of residents.

        Returns
        -------
        DataFrame
            `COLUMNS`, most lacking first. Rows without a place are of the whole world; a place is a set of
            neighbouring homes named by the node most of its residents live at. No row tells of fewer than 30
            residents.
        """
        import pandas as pd

        place = places_of(self.world)
        parts = [self._part(where, dimension, place) for where in (False, True) for dimension in ("", *by)]
        table = pd.concat(parts, ignore_index=True)
        lacking = -(table["unmet_per_day"] + table["pushed_out_per_day"])
        order = table.assign(_a=table["place"] != "", _b=table["by"] != "", _c=lacking)
        return order.sort_values(["_a", "_b", "_c"], kind="stable")[list(COLUMNS)].reset_index(drop=True)

    def _part(self, where: bool, by: str, place: NDArray[np.int64]) -> pd.DataFrame:
        """Rows by one dimension, of the whole world or by place."""
        import pandas as pd

        from circlesim.measures.grouping import SMALLEST_GROUP

        people = self.world.population
        labels = np.array(group_labels(people, by) if by else [""], dtype=object)
        group = group_rows(people, by).astype(np.int64) if by else np.zeros(len(people), np.int64)
        at = place if where else np.full(len(people), -1)
        cell = pd.DataFrame({"place": at, "group": group})
        size = cell.groupby(["place", "group"], sort=False).size().rename("residents")
        rows = pd.DataFrame({"service": self.service, "barrier": self.barrier, "place": at[self.resident],
                             "group": group[self.resident]})  # fmt: skip
        rows[[f"{kind}_per_day" for kind in KINDS]] = self.count / max(self.days, 1)
        table = rows.groupby(["service", "barrier", "place", "group"]).sum().reset_index()
        table = table.join(size, on=["place", "group"])
        table = table[table["residents"] >= SMALLEST_GROUP]
        return table.assign(
            service=np.array(SERVICES, dtype=object)[table["service"]],
            barrier=np.array(BARRIER_NAMES, dtype=object)[table["barrier"]],
            levers=[" ".join(LEVERS[BARRIER_NAMES[b]]) for b in table["barrier"]],
            place=[str(node) if node >= 0 else "" for node in table["place"]], by=by,
            group=labels[table["group"]],
        )[list(COLUMNS)]  # fmt: skip


class _Collector:
    """Counts the rows of pages that were not met inside."""

    def __init__(self, measured: range) -> None:
        self.measured, self._keys = measured, [np.zeros(0, np.int64)]
        self._known, self._counts = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def keep(self, _: int, page: Page) -> None:
        """Take the rows of a day."""
        if page.day not in self.measured:
            return
        rows = page.columns()
        fate, first = rows["fate"], rows["first_barrier"].astype(np.int64)
        at = (rows["resident"].astype(np.int64) * len(SERVICES) + rows["service"]) * len(BARRIERS)
        pushed = (fate == Fate.HOME) | (fate == Fate.OUTSIDE)
        for kind, counts in enumerate((fate == Fate.UNMET, pushed)):
            mine = counts & (first > 0)
            lowest = np.log2(first[mine] & -first[mine]).astype(np.int64)
            self._keys.append((at[mine] + lowest) * len(KINDS) + kind)
        missed = (fate > Fate.DELIVERED) & (fate <= COUNTED)
        for b, barrier in enumerate(BARRIERS):
            lifts = missed & (rows["met_if_lifted"].astype(np.int64) & int(barrier) > 0)
            self._keys.append((at[lifts] + b) * len(KINDS) + 2)
        if sum(map(len, self._keys)) > _COMPACT:
            self._compact()

    def _compact(self) -> None:
        fresh, many = np.unique(np.concatenate(self._keys), return_counts=True)
        known, at = np.unique(np.concatenate([self._known, fresh]), return_inverse=True)
        counts = np.bincount(at.ravel(), np.concatenate([self._counts, many]), minlength=len(known))
        self._known, self._counts, self._keys = known, counts.astype(np.int64), [np.zeros(0, np.int64)]

    def demand(self, world: World, days: int) -> Demand:
        """Put everything together."""
        self._compact()
        cell, at = np.unique(self._known // len(KINDS), return_inverse=True)
        count = np.zeros((len(cell), len(KINDS)))
        count[at.ravel(), self._known % len(KINDS)] = self._counts
        rest, barrier = np.divmod(cell, len(BARRIERS))
        resident, service = np.divmod(rest, len(SERVICES))
        return Demand(world=world, resident=resident, service=service, barrier=barrier, count=count, days=days)


def demand_of(asked: Asked, progress: Callable[[int, int, str], None] | None = None) -> Demand:
    """
    Run the baseline and note who lacks what, and why.

    Parameters
    ----------
    asked : Asked
        Its first scenario is the baseline; constants are given, replications a number.
    progress : callable, optional
        Told units done, units in all, and a text.

    Returns
    -------
    Demand
        Over the days measured of all replications.
    """
    assert isinstance(asked.replications, int)
    assert asked.constants is not None
    design = compile_design(asked)
    draw = make_draw(design, 0, asked.world, asked.parameters, asked.constants)
    found = _Collector(design.measured)
    for replication in range(asked.replications):
        if progress is not None:
            progress(replication, asked.replications, "who lacks what")
        run_unit(design, draw, replication, found.keep)
    return found.demand(asked.world, len(design.measured) * asked.replications)
