"""Group gap: how far two groups of residents lie apart in any measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circlesim.errors import ConfigError, Fault, did_you_mean
from circlesim.measures.access import Inequality
from circlesim.measures.grouping import SMALLEST_GROUP, Grouping, grouping_by
from circlesim.measures.measure import NEITHER, Measure, Values
from circlesim.measures.reading import Reading

EXAMPLE = "group_gap:age60:unmet_share"


class Gap(NamedTuple):
    """
    Two groups.

    Parameters
    ----------
    by : str
        Dimension of residents.
    group, rest : str
        The group looked at, and the one it is compared with.
    """

    by: str
    group: str
    rest: str


GAPS: dict[str, Gap] = {
    "age60": Gap("age60", "60+", "under 60"),
    "slow": Gap("mobility", "slow", "independent"),
    "income": Gap("income_band", "low", "high"),
}
"""Old against the rest, slow walkers against the independent, low income against high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGap(Measure):
    """
    A measure of one group less the same of another.

    Parameters
    ----------
    gap : Gap
        The groups.
    of : Measure
        The measure.
    """

    gap: Gap
    of: Measure

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`; nan where one of the groups has fewer than 30 residents."""
        if grouping.by:
            return None
        groups = grouping_by(reading.population, self.gap.by)
        found = self.of.value(reading, groups)
        if found is None:
            return None
        group, rest = groups.labels.index(self.gap.group), groups.labels.index(self.gap.rest)
        large = min(found.n[group], found.n[rest]) >= SMALLEST_GROUP
        apart = found.value[group] - found.value[rest] if large else np.nan
        return Values(value=np.array([apart]), n=np.array([found.n[group] + found.n[rest]]))


def group_gap(text: str, measure_named: Callable[[str], Measure]) -> GroupGap:
    """
    Read a name such as ``group_gap:age60:unmet_share`` or ``group_gap:slow:coverage:breakfast_shop:10``.

    Parameters
    ----------
    text : str
        ``group_gap:GAP:MEASURE``; a gap is one of `GAPS`.
    measure_named : callable
        Finds the measure.

    Returns
    -------
    GroupGap
        The measure.

    Raises
    ------
    ConfigError
        If there is no such gap or measure, or the measure does not describe groups of residents.
    """
    _, gap, name = (*text.split(":", 2), "", "")[:3]
    if gap not in GAPS or not name:
        expected = f"group_gap:GAP:MEASURE with a gap of {', '.join(GAPS)}; such as {EXAMPLE}"
        raise _refused(text, "a group gap that cannot be read", expected, did_you_mean(gap, GAPS))
    of = measure_named(name)
    if isinstance(of, GroupGap) or not describes_residents(of):
        raise _refused(text, "this measure does not describe groups of residents", f"such as {EXAMPLE}")
    found = GAPS[gap]
    return GroupGap(
        name=text, unit=of.unit, direction=NEITHER, kind=of.kind, needs=of.needs, gap=found, of=of,
        population=f"{found.group} and {found.rest} ({found.by})",
        numerator=f"{name} of '{found.group}' less {name} of '{found.rest}' ({found.by}); 0 where they are level",
        denominator="none", reference="plan/measures, section 7 (10); paired by replication like any measure",
    )  # fmt: skip


def describes_residents(measure: Measure) -> bool:
    """
    Tell whether a measure has a figure for every group of residents.

    Parameters
    ----------
    measure : Measure
        Any measure.

    Returns
    -------
    bool
        False for those of outlets and policies.
    """
    of_others = ("outlets", "policies")
    return isinstance(measure, Inequality) or not measure.population.startswith(of_others)


def _refused(text: str, what: str, expected: str, hint: str = "") -> ConfigError:
    fault = Fault(what=what, where=f"measures.{text}", found=text, expected=expected, hint=hint)
    return ConfigError("a measure cannot be used", [fault])
