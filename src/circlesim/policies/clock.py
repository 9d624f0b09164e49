"""Clock: times of day as a policy writes them."""

from __future__ import annotations

from circlesim.world.hours import LATEST_CLOSE, MIDNIGHT


def clock_minute(text: str) -> int:
    """
    Read a time of day.

    Parameters
    ----------
    text : str
        ``"HH:MM"``.

    Returns
    -------
    int
        Minute of the day in 0..1440; -1 where there is no such time.
    """
    hour, colon, minute = text.partition(":")
    digits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not colon or not digits or len(hour) > 2 or len(minute) != 2 or int(minute) > 59:
        return -1
    total = 60 * int(hour) + int(minute)
    return total if total <= MIDNIGHT else -1


def closing_minute(text: str) -> int:
    """
    Read a closing time; up to 06:00 it lies after midnight, as in opening hours.

    Parameters
    ----------
    text : str
        ``"HH:MM"``.

    Returns
    -------
    int
        Minutes since the midnight before opening, in 361..1800.
    """
    minute = clock_minute(text)
    return minute + MIDNIGHT if minute <= LATEST_CLOSE else minute
