"""Switching: how the same need ends in two scenarios, and what is spent on it inside the circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.compiled import compiled
from circlesim.experiments.divisions import Divisions
from circlesim.ledger import COUNTED, Fate, Page
from circlesim.world.facilities import Facilities

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "scenario", "service", "by", "group", "from_fate", "from_format", "to_fate", "to_format", "needs",
    "spend_before", "spend_after",
)  # fmt: skip

PARTS: tuple[str, ...] = ("new", "recaptured", "shifted", "lost")

_INSIDE_FATES = (Fate.INSIDE, Fate.DELIVERED)
_OTHER_FATES = (Fate.HOME, Fate.OUTSIDE, Fate.DECLINED, Fate.UNMET)
_Key = tuple[int, int, int, int]
"""Resident, service, ordinal, and the day on which a need arose."""
_Ending = tuple[int, int, int, int, int]
"""Fate, format of the facility that served, price, fee and voucher."""
_Columns = tuple[NDArray[Any], ...]
"""The same of many needs."""
Formatted = NDArray[np.int16]
"""Format of each facility, shape (F,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """
    The ways a need can end, service by service.

    Parameters
    ----------
    ending : ndarray of int16, shape (S, 2 * NF + 4)
        Number of the ending within its service: inside by format, delivered by format, then the other fates; -1
        where the roster has no such outlet.
    count : ndarray of int64, shape (S,)
        Endings of each service.
    start : ndarray of int64, shape (S + 1,)
        First cell of each service in a table of pairs of endings.
    formats : tuple of str
        Format ids by number.
    """

    ending: NDArray[np.int16]
    count: NDArray[np.int64]
    start: NDArray[np.int64]
    formats: tuple[str, ...]

    def words(self, column: int) -> tuple[str, str]:
        """
        Name an ending.

        Parameters
        ----------
        column : int
            Column of `ending`.

        Returns
        -------
        tuple of str
            Fate and format.
        """
        many = len(self.formats)
        if column < 2 * many:
            return _INSIDE_FATES[column // many].name.lower(), self.formats[column % many]
        return _OTHER_FATES[column - 2 * many].name.lower(), ""


def endings(roster: Facilities, *tables: Facilities) -> Endings:
    """
    List the endings that a roster allows.

    Parameters
    ----------
    roster : Facilities
        Every facility of the experiment.
    *tables : Facilities
        The same as they are later, where some offer other things or are of another format.

    Returns
    -------
    Endings
        Numbered within each service.
    """
    many = len(roster.formats)
    table = np.full((len(SERVICES), 2 * many + len(_OTHER_FATES)), -1, np.int16)
    for s in range(len(SERVICES)):
        possible = np.zeros(table.shape[1], bool)
        for each in (roster, *tables):
            offers = (each.services >> np.uint32(s)) & np.uint32(1) == 1
            possible[each.format[offers]] = True
            possible[many + each.format[offers]] = True
        possible[2 * many :] = True
        table[s, possible] = np.arange(possible.sum())
    count = (table >= 0).sum(axis=1).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(count**2)]).astype(np.int64)
    return Endings(ending=table, count=count, start=start, formats=roster.formats.ids)


class Switching:
    """
    Counts matched needs of a scenario and its baseline; all money in whole minor units.

    Parameters
    ----------
    ends : Endings
        The endings of the roster.
    divisions : Divisions
        Groups to count by.
    """

    def __init__(self, ends: Endings, divisions: Divisions) -> None:
        self.ends, self.divisions = ends, divisions
        self.cells = np.zeros((len(divisions.names), int(ends.start[-1]), 3), np.int64)
        self._ended: dict[_Key, _Ending] = {}

    def add(self, before: Page, after: Page, formats: tuple[Formatted, Formatted]) -> None:
        """
        Count one day.

        Parameters
        ----------
        before, after : Page
            The same day under the baseline and under the scenario; row i of both is the same need.
        formats : tuple of ndarray of int16, shape (F,)
            Format of each facility that day, under either.
        """
        assert before.rows == after.rows, "pages of two scenarios hold different needs"
        ended = tuple(_endings(page, of) for page, of in zip((before, after), formats, strict=True))
        self._count(before.rows, before.resident, before.service, *ended)
        apart = self._ended_apart(before, after, *ended)
        if apart:
            resident, service, *both = np.array(apart, np.int64).T
            self._count(len(apart), resident, service, tuple(both[:5]), tuple(both[5:]))

    def _count(self, rows: int, resident: Any, service: Any, before: _Columns, after: _Columns) -> None:
        """Count pairs of endings of the same needs."""
        ends = self.ends
        _add(
            rows, resident, service, before, after, self.divisions.rows, ends.ending, ends.count, ends.start,
            self.cells,
        )  # fmt: skip

    def _ended_apart(
        self, before: Page, after: Page, ended_before: _Columns, ended_after: _Columns
    ) -> list[tuple[int, ...]]:
        """
        Pair needs that end today in one scenario and ended on an earlier day in the other.

        What ends today and is put off in the other is kept until then. A need that ended before the days counted
        is left out.
        """
        rows = before.rows
        one = (before.fate[:rows] <= COUNTED) != (after.fate[:rows] <= COUNTED)
        pairs: list[tuple[int, ...]] = []
        for i in np.flatnonzero(one).tolist():
            r, s = int(before.resident[i]), int(before.service[i])
            need = r, s, int(before.ordinal[i]), before.day - int(before.days_open[i])
            first = before.fate[i] <= COUNTED
            now = _ending_at(ended_before if first else ended_after, i)
            if (after if first else before).fate[i] == Fate.PUT_OFF:
                self._ended[need] = now
            elif need in self._ended:
                earlier = self._ended.pop(need)
                pairs.append((r, s, *now, *earlier) if first else (r, s, *earlier, *now))
        return pairs

    def table(self, scenario: str) -> pd.DataFrame:
        """
        List the cells that hold a need.

        Parameters
        ----------
        scenario : str
            Name for the first column.

        Returns
        -------
        DataFrame
            `COLUMNS`, money in minor units, groups too small to be shown left out.
        """
        import pandas as pd

        group, cell = np.nonzero(self.cells[..., 0] * self.divisions.shown[:, None])
        service = np.searchsorted(self.ends.start, cell, side="right") - 1
        inside = cell - self.ends.start[service]
        before, after = np.divmod(inside, self.ends.count[service])
        names = np.array(self.divisions.names, dtype=object).reshape(-1, 2)
        columns: dict[str, Any] = {"scenario": scenario, "service": np.array(SERVICES, dtype=object)[service]}
        columns |= {"by": names[group, 0], "group": names[group, 1]}
        for side, number in (("from", before), ("to", after)):
            columns[f"{side}_fate"], columns[f"{side}_format"] = self._words(service, number)
        values = self.cells[group, cell]
        columns |= {name: values[:, i] for i, name in enumerate(("needs", "spend_before", "spend_after"))}
        return pd.DataFrame(columns, columns=list(COLUMNS))

    def _words(
        self, service: NDArray[np.integer], number: NDArray[np.integer]
    ) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Fate and format of endings given by number within their service."""
        words = [self.ends.words(j) for j in range(self.ends.ending.shape[1])]
        known = {(s, int(n)): words[j] for (s, j), n in np.ndenumerate(self.ends.ending) if n >= 0}
        pairs = [known[int(s), int(n)] for s, n in zip(service, number, strict=True)]
        table = np.array(pairs, dtype=object).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def _endings(page: Page, formats: Formatted) -> _Columns:
    """How the needs of a page ended; the format is that of the day, 0 where no facility served."""
    facility = page.facility[: page.rows]
    served = np.where(facility >= 0, formats[np.maximum(facility, 0)], 0) if len(formats) else facility
    return page.fate, served, page.price_fen, page.fee_fen, page.voucher_fen


def _ending_at(ended: _Columns, i: int) -> _Ending:
    """How the need of row i ended."""
    fate, served, price, fee, voucher = (int(column[i]) for column in ended)
    return fate, served, price, fee, voucher


def part_of(from_fate: str, to_fate: str) -> str:
    """
    Name the part of the spending change a switch belongs to.

    Parameters
    ----------
    from_fate, to_fate : str
        Fates in lower case.

    Returns
    -------
    str
        One of `PARTS`, or ``""`` where nothing is bought inside the circle before or after.
    """
    inside = tuple(fate.name.lower() for fate in _INSIDE_FATES)
    if to_fate in inside:
        if from_fate in inside:
            return "shifted"
        return "recaptured" if from_fate == "outside" else "new"
    return "lost" if from_fate in inside else ""


def spending_parts(table: pd.DataFrame) -> pd.DataFrame:
    """
    Split the change of spending inside the circle.

    Parameters
    ----------
    table : DataFrame
        Rows of `COLUMNS`.

    Returns
    -------
    DataFrame
        Columns scenario, service, by, group and `PARTS`; new + recaptured + shifted - lost is the whole change.
    """
    rows = table.assign(
        part=[part_of(a, b) for a, b in zip(table["from_fate"], table["to_fate"], strict=True)],
        change=table["spend_after"] - table["spend_before"],
    )
    rows.loc[rows["part"] == "lost", "change"] *= -1
    keys = ["scenario", "service", "by", "group"]
    wide = rows[rows["part"] != ""].pivot_table(
        index=keys, columns="part", values="change", aggfunc="sum", fill_value=0
    )
    return wide.reindex(columns=list(PARTS), fill_value=0).rename_axis(columns=None).reset_index()


# These kernels call nothing that is compiled elsewhere, so a cached one cannot be stale.
@compiled()
def _column(fate: Any, served: Any, many: Any) -> Any:
    """Column of an ending: inside and delivered by format, then home, outside, declined, unmet."""
    if fate <= 1:
        return many * fate + served
    return 2 * many + fate - 2


@compiled()
def _add(
    rows: Any, resident: Any, service: Any, before: Any, after: Any, groups: Any, ending: Any, count: Any,
    start: Any, cells: Any,
) -> None:  # fmt: skip
    """Count the rows of two pages that end in both."""
    fate0, served0, price0, fee0, voucher0 = before
    fate1, served1, price1, fee1, voucher1 = after
    many = (ending.shape[1] - 4) // 2
    for i in range(rows):
        if fate0[i] > COUNTED or fate1[i] > COUNTED:
            continue
        s, r = int(service[i]), resident[i]
        a = ending[s, _column(int(fate0[i]), served0[i], many)]
        b = ending[s, _column(int(fate1[i]), served1[i], many)]
        cell = start[s] + a * count[s] + b
        spent = price0[i] + fee0[i] - voucher0[i] if fate0[i] <= 1 else 0
        then = price1[i] + fee1[i] - voucher1[i] if fate1[i] <= 1 else 0
        for d in range(-1, groups.shape[0]):
            g = 0 if d < 0 else groups[d, r]
            cells[g, cell, 0] += 1
            cells[g, cell, 1] += spent
            cells[g, cell, 2] += then
