"""Opening hours are read as a naive second reader reads them, and never guessed."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.errors import WorldError
from circlesim.world.hours import DAYS, format_hours, parse_hours, read_hours

WEEK = 7 * 1440


def minutes_open(hours: np.ndarray) -> np.ndarray:
    """Write the week out minute by minute; what passes midnight is open on the next day."""
    week = np.zeros(WEEK, dtype=bool)
    for day in range(7):
        for opens, closes in hours[day]:
            if opens >= 0:
                week[(day * 1440 + np.arange(opens, closes)) % WEEK] = True
    return week


def naive_minutes_open(text: str) -> np.ndarray:
    """
    Read simple hours another way: rules by split, days by counting round, minutes one by one.

    Knows ``;`` rules of one day list and one time list only.
    """
    rules: dict[int, list[tuple[int, int]]] = {}
    for rule in text.split(";"):
        words = rule.split()
        days, times = (words[0], words[1]) if len(words) == 2 else ("Mo-Su", words[0])
        hit = []
        for piece in days.split(","):
            ends = piece.split("-")
            day = DAYS.index(ends[0])
            hit.append(day)
            while DAYS[day] != ends[-1]:
                day = (day + 1) % 7
                hit.append(day)
        for day in hit:
            rules[day] = []
            for span in [] if times in ("off", "closed") else times.split(","):
                (h1, m1), (h2, m2) = (map(int, clock.split(":")) for clock in span.split("-"))
                rules[day].append((h1 * 60 + m1, h2 * 60 + m2))
    week = np.zeros(WEEK, dtype=bool)
    for day, spans in rules.items():
        for opens, closes in spans:
            minute = opens
            while minute != (closes if closes > opens else closes + 1440):
                week[(day * 1440 + minute) % WEEK] = True
                minute += 1
    return week


EXAMPLES = [
    "Mo-Fr 08:00-18:00",
    "08:00-16:15",
    "Mo-Fr 09:00-17:00; Sa 11:00-14:00",
    "Mo,We,Fr 09:00-12:00,13:00-17:30; Tu 10:00-14:00",
    "Fr-Mo 10:00-22:00; Sa off",
    "Su-Th 11:00-23:00; Fr,Sa 11:00-02:00",
    "Mo-Su 06:00-24:00; We closed",
    "Sa-Tu 22:00-04:00",
    "Mo-Su 10:00-20:00; Mo-Fr 07:00-09:00,11:00-13:00,17:00-19:00",
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_hours_are_read_as_a_naive_reader_reads_them(text: str) -> None:
    assert (minutes_open(parse_hours(text)) == naive_minutes_open(text)).all()


def test_round_the_clock_is_every_minute() -> None:
    assert minutes_open(parse_hours("24/7")).all()
    assert format_hours(parse_hours("Mo-Su 00:00-24:00")) == "24/7"


def test_after_a_comma_a_rule_adds_and_after_a_semicolon_it_replaces() -> None:
    added = parse_hours("Mo-Fr 09:00-12:00, Mo 14:00-16:00")
    replaced = parse_hours("Mo-Fr 09:00-12:00; Mo 14:00-16:00")
    assert added[0, :2].tolist() == [[540, 720], [840, 960]]
    assert replaced[0, :2].tolist() == [[840, 960], [-1, -1]]
    assert (added[1:] == replaced[1:]).all()


def test_holidays_and_comments_are_passed_over_and_counted() -> None:
    reading = read_hours('Mo-Fr 10:00-18:00 "by the back door"; PH,SH off; Su,PH 12:00-14:00')
    assert len(reading.ignored) == 3
    assert (minutes_open(reading.hours) == naive_minutes_open("Mo-Fr 10:00-18:00; Su 12:00-14:00")).all()


def test_a_night_that_passes_midnight_counts_for_the_next_day() -> None:
    assert parse_hours("Fr 22:00-04:00")[4, 0].tolist() == [1320, 1680]


REFUSED = {
    "Mo-Fr sunrise-sunset": "times that move with the sun",
    "Jun-Aug: 09:00-24:00": "differ by season or date",
    "Mo-Fr 08:00-16:00 || \"on appointment\"": "fallback rules",
    "Mo-Fr 16:00+": "must read hours:minutes|open ends",
    "Mo[1] 10:00-12:00": "one weekday of the month",
    "Mo-Fr 10-18": "must read hours:minutes",
    "Mo-Fr 09:00-25:00": "no such time of day",
    "Mo-Fr 09:61-12:00": "no such time of day",
    "18:00-09:00": "closing before opening",
    "09:00-09:00": "same minute",
    "Mon-Fri 09:00-12:00": "did you mean 'Mo'",
    "Mo-Fr": "days without times",
    "Mo 08:00-09:00 Tu 08:00-09:00": "without ';' or ','",
    '"call us"': "no opening time",
    "": "no opening time",
    "Mo 06:00-07:00,08:00-09:00,10:00-11:00,12:00-13:00": "too many opening intervals",
    "Mo 12:00-13:00 off": "'off' for part of a day",
    "unknown": "marked 'unknown'",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(WorldError, match=REFUSED[text]):
        parse_hours(text)


def test_every_text_of_hours_in_central_helsinki_reads_or_is_listed_with_its_reason() -> None:
    table = files("circlesim.world") / "data" / "helsinki" / "hours.csv"
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert sum(int(row["outlets"]) for row in rows) == 608
    for row in rows:
        if row["read"] == "1":
            assert format_hours(parse_hours(row["text"])) == row["hours_or_reason"]
        else:
            assert row["hours_or_reason"]
            with pytest.raises(WorldError):
                parse_hours(row["text"])
    assert sum(int(row["outlets"]) for row in rows if row["read"] == "1") >= 580


@st.composite
def weeks(draw: st.DrawFn) -> np.ndarray:
    """Draw hours as the reader can yield them: apart from each other, closing by 06:00 at the latest."""
    hours = np.full((7, 3, 2), -1, dtype=np.int16)
    for day in range(7):
        marks = draw(st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted))
        spans = list(zip(marks[::2], marks[1::2], strict=False))
        if spans and draw(st.booleans()):
            opens = spans[-1][0]
            late = draw(st.integers(0, 360))
            spans[-1] = (opens, 1440 + late if late < opens else 1440)
        for slot, span in enumerate(spans):
            hours[day, slot] = span
    return hours


@given(weeks())
def test_hours_written_and_read_again_are_the_same(hours: np.ndarray) -> None:
    assert (parse_hours(format_hours(hours)) == hours).all()


def test_a_closing_later_than_the_syntax_allows_keeps_its_minutes() -> None:
    hours = np.full((7, 3, 2), -1, dtype=np.int16)
    hours[2, 0] = (1080, 1440 + 540)
    assert (minutes_open(parse_hours(format_hours(hours))) == minutes_open(hours)).all()


@given(st.text(alphabet='MoTuWeFrSaPH 0123456789:;,-+"|/off', max_size=40))
def test_any_text_yields_hours_or_a_reason(text: str) -> None:
    try:
        hours = parse_hours(text)
    except WorldError as error:
        assert error.faults  # noqa: PT017
    else:
        assert hours.shape == (7, 3, 2)
        assert ((hours >= -1) & (hours <= 1800)).all()
