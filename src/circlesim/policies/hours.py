"""ExtendHours: longer opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.clock import clock_minute, closing_minute
from circlesim.policies.policy import Policy
from circlesim.policies.rules import clock_time, known_days, known_formats, rule
from circlesim.policies.selection import of_formats
from circlesim.world.hours import DAYS
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendHours(Policy):
    """
    Open earlier, close later, or both, on days an outlet opens at all.

    The first opening of the day moves to `open` where that is earlier, the last closing to `close` where that is
    later; whoever is open longer already stays so, and a break in between stays as it was. So no minute of
    opening is ever lost, and a day off stays a day off.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    open : str, optional
        Time of day such as ``"07:00"``.
    close : str, optional
        Time of day such as ``"22:00"``; up to 06:00 it lies after midnight, as in opening hours.
    days : tuple of str, default: ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
        Weekdays it holds for.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "extend_hours"
    clause: ClassVar[str] = "F52"
    changes: ClassVar[tuple[str, ...]] = ("hours",)

    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))
    open: str | None = field(default=None, metadata=rule(clock_time))
    close: str | None = field(default=None, metadata=rule(clock_time))
    days: tuple[str, ...] = field(default=DAYS, metadata=rule(known_days))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if self.open is None and self.close is None:
            yield Fault(what="neither an opening nor a closing time", where="close", expected='close = "22:00"')
        if not self.days:
            yield Fault(what="no day of the week", where="days", expected="one or more of " + ", ".join(DAYS))
        if self.open is None or self.close is None:
            return
        opens, closes = clock_minute(self.open), clock_minute(self.close)
        if opens >= 0 and closes >= 0 and closing_minute(self.close) <= opens:
            yield Fault(what="closing before opening", where="close", found=repr(self.close),
                        expected=f"later than {self.open}, or up to 06:00 of the next day")  # fmt: skip

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        opens = 0x7FFF if self.open is None else clock_minute(self.open)
        closes = -1 if self.close is None else closing_minute(self.close)
        rows = of_formats(world, self.formats)
        days = np.isin(DAYS, self.days)
        old = world.facilities.hours
        where = (rows[:, None] & days)[:, :, None, None]
        hours = np.where(where, lengthened(old, opens, closes), old).astype(old.dtype)
        return replace(world, facilities=replace(world.facilities, hours=hours))


def lengthened(hours: NDArray[np.int16], opens: int, closes: int) -> NDArray[np.int16]:
    """
    Move first openings earlier and last closings later.

    Parameters
    ----------
    hours : ndarray of int16, shape (F, 7, 3, 2)
        Intervals in minutes, in any order; -1 for none.
    opens, closes : int
        Minutes; what is open earlier or longer stays so.

    Returns
    -------
    ndarray of int16, shape (F, 7, 3, 2)
        Longer hours.
    """
    longer = hours.copy()
    start, end = longer[..., 0], longer[..., 1]
    used = start >= 0
    first = np.where(used, start, 0x7FFF).min(axis=-1, keepdims=True)
    last = np.where(used, end, -1).max(axis=-1, keepdims=True)
    start[used & (start == first)] = np.minimum(start, opens)[used & (start == first)]
    end[used & (end == last)] = np.maximum(end, closes)[used & (end == last)]
    return longer
