"""Opening hours: a stated subset of the OSM ``opening_hours`` syntax, read and written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Faults, WorldError, did_you_mean

DAYS: tuple[str, ...] = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
INTERVALS = 3
"""Most opening intervals a day."""
MIDNIGHT = 1440
LATEST_CLOSE = 360
"""Latest closing (06:00) read as past midnight; a later one before the opening is taken for a slip."""

_TOKEN = re.compile(
    r"""(?P<comment>"[^"]*")|(?P<always>24/7)
      |(?P<times>\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(?!\s*\+))
      |(?P<word>[^\W\d_]+)|(?P<mark>[-,;:])|(?P<space>\s+)|(?P<other>\S+?(?=[\s,;"]|$))""",
    re.VERBOSE,
)
_DAY_INDEX = {day.lower(): index for index, day in enumerate(DAYS)}
_HOLIDAYS = {"ph", "sh"}
_SUN = {"sunrise", "sunset", "dawn", "dusk"}
_SEASON = {
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "week",
    "easter",
}
_EXAMPLE = "a rule such as 'Mo-Fr 07:00-21:00; Sa,Su 09:00-14:00,17:00-20:00', '24/7' or 'off'"

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursReading:
    """
    What was read from one text of opening hours.

    Parameters
    ----------
    hours : ndarray of int16, shape (7, 3, 2)
        Intervals [open, close) in minutes by weekday, Monday first; -1 for none.
    ignored : tuple of str
        Rules for public and school holidays, and comments: read, not used.
    """

    hours: NDArray[np.int16]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class _Rule:
    """One rule while it is read: days (None for every day), times, modifier."""

    adds: bool = False
    days: set[int] | None = None
    holiday: str = ""
    times: list[Interval] = field(default_factory=list)
    word: str = ""
    comment: str = ""


def parse_hours(text: str, where: str = "hours") -> NDArray[np.int16]:
    """
    Read opening hours; see `read_hours`.

    Parameters
    ----------
    text : str
        Opening hours.
    where : str, default: "hours"
        File, row and column for the message.

    Returns
    -------
    ndarray of int16, shape (7, 3, 2)
        Intervals [open, close) in minutes by weekday, Monday first; -1 for none.

    Raises
    ------
    WorldError
        Listing everything that could not be read.
    """
    return read_hours(text, where).hours


def read_hours(text: str, where: str = "hours") -> HoursReading:
    """
    Read opening hours and keep what was passed over.

    Understood are ``24/7``, days, ranges and lists of days, up to three intervals a day, closing up to 06:00
    after midnight, ``off``, ``closed``, ``open`` and comments; a later rule replaces an earlier one for its
    days, one after a comma adds to it. Rules for holidays are passed over. Seasons, weeks, times that
    move with the sun, open ends and fallbacks are faults: the caller says what stands in for them.

    Parameters
    ----------
    text : str
        Opening hours in the OSM syntax.
    where : str, default: "hours"
        File, row and column for the message.

    Returns
    -------
    HoursReading
        The hours, and the rules not used.

    Raises
    ------
    WorldError
        Listing everything that could not be read.
    """
    faults = Faults("opening hours cannot be read", WorldError)
    rules = _rules(text, where, faults)
    week: list[list[Interval]] = [[] for _ in DAYS]
    used = 0
    for rule in rules:
        used += _apply(rule, week, where, faults)
    if not faults and not used:
        faults.add("no opening time in it", where, found=repr(text), expected=_EXAMPLE)
    hours = _packed(week, where, faults)
    _raise_first_of_each(faults)
    return HoursReading(hours=hours, ignored=tuple(t for r in rules for t in (r.holiday, r.comment) if t))


def _raise_first_of_each(faults: Faults) -> None:
    """Raise each kind of fault once: one slip makes many tokens unreadable."""
    first = {fault.what: fault for fault in reversed(list(faults))}
    if len(first) > 1:
        first.pop("days without times", None)
    kept = Faults(faults.heading, faults.error)
    kept.extend(fault for fault in faults if first.get(fault.what) is fault)
    kept.raise_if_any()


def _rules(text: str, where: str, faults: Faults) -> list[_Rule]:
    """Cut the text into rules, token by token."""
    rules = [_Rule()]
    span_from: int | None = None
    dash = comma = False
    for token in _TOKEN.finditer(text):
        kind, word = str(token.lastgroup), token.group()
        rule = rules[-1]
        if kind == "space":
            continue
        if word == ";":
            rules.append(_Rule())
            span_from, dash, comma = None, False, False
        elif word == "-":
            dash = True
        elif word == ",":
            comma = True
        elif kind == "times":
            rule.times.extend(_interval(word, where, faults))
            comma = False
        elif kind == "always":
            rule.times.append((0, MIDNIGHT))
        elif kind == "comment":
            rule.comment = word
        elif word.lower() in _DAY_INDEX or word.lower() in _HOLIDAYS:
            if rule.times or rule.word:
                if not comma:
                    faults.add("days follow times without ';' or ','", where, found=repr(text), expected=_EXAMPLE)
                rule, span_from = _Rule(adds=True), None
                rules.append(rule)
            span_from = _add_day(rule, word, span_from if dash else None)
            dash = comma = False
        elif word.lower() in ("off", "closed", "open"):
            rule.word = "open" if word.lower() == "open" else "off"
        elif word != ":":
            _unknown(word, text, where, faults)
    return [r for r in rules if r != _Rule(adds=r.adds)]


def _add_day(rule: _Rule, word: str, start: int | None) -> int | None:
    """Add a day, or the days from `start` on; ranges may wrap round the week."""
    if word.lower() in _HOLIDAYS:
        rule.holiday = word
        return None
    day = _DAY_INDEX[word.lower()]
    rule.days = rule.days or set()
    first = day if start is None else start
    rule.days.update((first + k) % 7 for k in range((day - first) % 7 + 1))
    return day


def _interval(word: str, where: str, faults: Faults) -> list[Interval]:
    """Read ``07:00-21:00``; an impossible one is a fault and yields nothing."""
    clock = [int(part) for part in re.findall(r"\d+", word)]
    for hour, minute in (clock[:2], clock[2:]):
        if hour > 24 or minute > 59 or hour * 60 + minute > MIDNIGHT:
            faults.add("no such time of day", where, found=f"{hour:02d}:{minute:02d}", expected="00:00 to 24:00")
            return []
    opens, closes = clock[0] * 60 + clock[1], clock[2] * 60 + clock[3]
    if opens < closes:
        return [(opens, closes)]
    if opens in (closes, MIDNIGHT) or closes > LATEST_CLOSE:
        faults.add(
            "closing before opening" if closes < opens else "opening and closing at the same minute",
            where,
            found=word,
            expected="a closing time after the opening, or up to 06:00 of the next day",
            hint="write '24/7' for never closed, '20:00-24:00,00:00-09:00' for open through the night",
        )
        return []
    return [(opens, closes + MIDNIGHT)]


def _unknown(word: str, text: str, where: str, faults: Faults) -> None:
    """Say why a word cannot be used."""
    low, what, hint = word.lower(), "not understood", did_you_mean(word, [*DAYS, "off", "closed", "24/7"])
    if low in _SUN:
        what = "times that move with the sun are not read"
    elif low in _SEASON or re.fullmatch(r"(19|20)\d\d.*", low):
        what = "hours that differ by season or date are not read"
    elif "|" in low:
        what = "fallback rules ('||') are not read"
    elif "+" in low:
        what = "open ends ('+') are not read"
    elif "[" in low:
        what = "hours for one weekday of the month are not read"
    elif low == "unknown":
        what = "hours marked 'unknown'"
    elif re.match(r"\d", low):
        what, hint = "a time must read hours:minutes", "write 09:00-18:00"
    faults.add(what, where, found=f"'{word}' in {text!r}", expected=_EXAMPLE, hint=hint)


def _apply(rule: _Rule, week: list[list[Interval]], where: str, faults: Faults) -> bool:
    """Write one rule into the week; False where it says nothing of ordinary days."""
    if (rule.holiday and rule.days is None) or not (rule.times or rule.word or rule.days):
        return False
    if rule.word == "off" and rule.times:
        faults.add("'off' for part of a day is not read", where, expected=_EXAMPLE)
    if not rule.times and not rule.word:
        faults.add(
            "days without times",
            where,
            found=",".join(DAYS[d] for d in sorted(rule.days or ())),
            expected=_EXAMPLE,
        )
    times = [] if rule.word == "off" else rule.times or [(0, MIDNIGHT)]
    for day in range(7) if rule.days is None else sorted(rule.days):
        week[day] = week[day] + times if rule.adds and times else list(times)
    return True


def _merged(intervals: list[Interval]) -> list[Interval]:
    """Sort intervals and join those that touch."""
    joined: list[Interval] = []
    for opens, closes in sorted(intervals):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], closes)
        else:
            joined.append((opens, closes))
    return joined


def _packed(week: list[list[Interval]], where: str, faults: Faults) -> NDArray[np.int16]:
    """Pack intervals into the column's shape."""
    hours = np.full((7, INTERVALS, 2), -1, dtype=np.int16)
    for day, intervals in enumerate(map(_merged, week)):
        if len(intervals) > INTERVALS:
            faults.add(
                "too many opening intervals a day",
                where,
                found=f"{len(intervals)} on {DAYS[day]}",
                expected=f"at most {INTERVALS}",
            )
            continue
        for slot, interval in enumerate(intervals):
            hours[day, slot] = interval
    return hours


def format_hours(hours: NDArray[np.int16]) -> str:
    """
    Write opening hours; reading the text again gives the same hours.

    Parameters
    ----------
    hours : ndarray of int16, shape (7, 3, 2)
        Intervals in minutes by weekday; -1 for none. A closing later than 06:00 of the next day is written as
        two intervals, the second on the next day.

    Returns
    -------
    str
        OSM ``opening_hours`` text.
    """
    week = _week(hours)
    if all(day == [(0, MIDNIGHT)] for day in week):
        return "24/7"
    rules: list[tuple[str, str]] = []
    for day, times in enumerate(week):
        text = ",".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in times)
        if rules and text and day and week[day - 1] == times:
            rules[-1] = rules[-1][0].split("-")[0] + f"-{DAYS[day]}", text
        elif text:
            rules.append((DAYS[day], text))
    return "; ".join(f"{days} {text}" for days, text in rules) or "off"


def _week(hours: NDArray[np.int16]) -> list[list[Interval]]:
    """Unpack a week; late closings beyond what the syntax reads spill over into the next day."""
    week: list[list[Interval]] = [[] for _ in DAYS]
    for day, slot in np.argwhere(hours[:, :, 0] >= 0):
        opens, closes = int(hours[day, slot, 0]), int(hours[day, slot, 1])
        if closes > MIDNIGHT + min(LATEST_CLOSE, max(opens - 1, 0)):
            week[(day + 1) % 7].append((0, closes - MIDNIGHT))
            closes = MIDNIGHT
        week[day].append((opens, closes))
    return [_merged(day) for day in week]


def _clock(minute: int) -> str:
    minute = minute - MIDNIGHT if minute > MIDNIGHT else minute
    return f"{minute // 60:02d}:{minute % 60:02d}"
