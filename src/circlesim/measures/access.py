"""Access: how unequally walks to the nearest open outlet, and needs met inside, are spread over residents."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.errors import ConfigError, Fault, did_you_mean
from circlesim.measures.coverage import open_at
from circlesim.measures.grouping import NEED_DIMENSIONS, Grouping
from circlesim.measures.inequality import concentration, gini
from circlesim.measures.measure import LOWER, NEITHER, PAGE_SUMS, WORLD_ALONE, Measure, Values
from circlesim.measures.nearest import nearest_walk_min
from circlesim.measures.reading import Reading
from circlesim.world.population import Population

FloatArray = NDArray[np.float64]

LONGEST_MIN = 60.0
"""Walks longer than this, and those that lead nowhere, count as this long; an assumption (grade D)."""

UNIT = "0-1"
"""Unit of an index; a change of it is a plain number and no percentage."""

RANKS: dict[str, tuple[Callable[[Population], FloatArray], str]] = {
    "income": (lambda people: people.income_band.astype(np.float64), "income band, lowest first"),
    "age": (lambda people: people.age.astype(np.float64), "age, youngest first"),
}
"""What residents may be ranked by."""

GINI_REFERENCE = "Gini index; Sen (1973), On Economic Inequality, section 2.6"
CONCENTRATION_REFERENCE = "concentration index; Kakwani, Wagstaff and van Doorslaer (1997), equation 3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inequality(Measure):
    """
    An index of how something is spread over the residents of a group.

    Parameters
    ----------
    rank : str, default: ""
        One of `RANKS` for a concentration index; the Gini index where empty.
    """

    rank: str = ""

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by in NEED_DIMENSIONS:
            return None
        has, counted = self.spread(reading)
        rank_by = RANKS[self.rank][0](reading.population) if self.rank else has
        found = [self._index(has, rank_by, counted & (grouping.rows == g)) for g in range(len(grouping.labels))]
        return Values(value=np.array(found), n=grouping.count(counted))

    @abstractmethod
    def spread(self, reading: Reading) -> tuple[FloatArray, NDArray[np.bool_]]:
        """
        Give what each resident has.

        Parameters
        ----------
        reading : Reading
            See `Measure.value`.

        Returns
        -------
        tuple of ndarray, shape (R,)
            The figure of each resident, and who has one.
        """

    def _index(self, has: FloatArray, rank_by: FloatArray, who: NDArray[np.bool_]) -> float:
        return concentration(has[who], rank_by[who]) if self.rank else gini(has[who])


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInequality(Inequality):
    """
    Inequality of the walk from home to the nearest outlet that opens on the last day.

    Parameters
    ----------
    format, service : str, default: ""
        Which outlets count; one of the two.
    """

    format: str = ""
    service: str = ""
    kind: str = WORLD_ALONE

    def spread(self, reading: Reading) -> tuple[FloatArray, NDArray[np.bool_]]:
        """See `Inequality.spread`."""
        outlets = reading.facilities
        if self.format:
            offers = outlets.format == outlets.formats.number(self.format)
        else:
            offers = (outlets.services >> np.uint32(SERVICE_INDEX[self.service])) & np.uint32(1) == 1
        counts = reading.present & offers & (outlets.walk_in == 1) & open_at(outlets.hours, reading.weekday, None)
        walk = np.minimum(nearest_walk_min(reading, counts, LONGEST_MIN), LONGEST_MIN)
        return walk, np.ones(len(walk), bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetInsideInequality(Inequality):
    """Inequality of the share of a resident's needs met inside; who has no need on the days measured has none."""

    kind: str = PAGE_SUMS
    needs: tuple[str, ...] = ("inside", "needs")

    def spread(self, reading: Reading) -> tuple[FloatArray, NDArray[np.bool_]]:
        """See `Inequality.spread`."""
        met, needs = (reading.column(reading.resident, (name,)) for name in ("inside", "needs"))
        return np.divide(met, needs, out=np.zeros(len(needs)), where=needs > 0), needs > 0


WORDS: dict[str, str] = {
    "access_gini": "access_gini:format:breakfast_shop or access_gini:service:groceries",
    "access_concentration": "access_concentration:income:format:breakfast_shop or "
                            "access_concentration:age:service:groceries",
    "met_inside_gini": "met_inside_gini",
    "met_inside_concentration": "met_inside_concentration:income or met_inside_concentration:age",
}  # fmt: skip
"""First word of a name, and what it looks like whole."""


def access(text: str, formats: Formats | None = CATALOGUE) -> Inequality:
    """
    Read a name such as ``access_gini:service:groceries`` or ``met_inside_concentration:income``.

    Parameters
    ----------
    text : str
        A name that begins with one of `WORDS`.
    formats : Formats or None, default: CATALOGUE
        Those of the world; None takes any word, where a run has been measured already.

    Returns
    -------
    Inequality
        The measure.

    Raises
    ------
    ConfigError
        If it names no such thing.
    """
    first, *rest = text.split(":")
    rank = ""
    if first.endswith("concentration"):
        rank, rest = (rest[0], rest[1:]) if rest else ("", [])
        if rank not in RANKS:
            raise _refused(text, first, did_you_mean(rank, RANKS))
    if first.startswith("met_inside"):
        if rest:
            raise _refused(text, first)
        return _met_inside(text, rank)
    if len(rest) != 2 or rest[0] not in ("format", "service"):
        raise _refused(text, first)
    known = SERVICES if rest[0] == "service" else (rest[1],) if formats is None else formats.ids
    if rest[1] not in known:
        raise _refused(text, first, did_you_mean(rest[1], known))
    return _walk(text, rank, rest[0], rest[1])


def _walk(text: str, rank: str, kind: str, name: str) -> WalkInequality:
    """An index of walks to one format or service."""
    outlet = name if kind == "format" else f"outlet that offers {name}"
    format_id, service = (name, "") if kind == "format" else ("", name)
    return WalkInequality(
        name=text, unit=UNIT, direction=NEITHER if rank else LOWER, population="all residents", rank=rank,
        numerator=f"minutes from home to the nearest {outlet} that opens on the last day, at own "
        f"speed on the level; {LONGEST_MIN:g} where it is farther or there is none{_ranked(rank)}",
        denominator="their mean", reference=CONCENTRATION_REFERENCE if rank else GINI_REFERENCE,
        format=format_id, service=service,
    )  # fmt: skip


def _met_inside(text: str, rank: str) -> MetInsideInequality:
    """An index of needs met inside."""
    return MetInsideInequality(
        name=text, unit=UNIT, direction=NEITHER if rank else LOWER, rank=rank,
        population="residents with a need on the days measured",
        numerator=f"share of the resident's needs met at an outlet of the circle{_ranked(rank)}",
        denominator="their mean", reference=CONCENTRATION_REFERENCE if rank else GINI_REFERENCE,
    )  # fmt: skip


def _ranked(rank: str) -> str:
    return f"; residents ranked by {RANKS[rank][1]}" if rank else ""


def _refused(text: str, first: str, hint: str = "") -> ConfigError:
    fault = Fault(
        what="a measure of inequality that cannot be read", where=f"measures.{text}", found=text,
        expected=WORDS[first], hint=hint,
    )  # fmt: skip
    return ConfigError("a measure cannot be used", [fault])
