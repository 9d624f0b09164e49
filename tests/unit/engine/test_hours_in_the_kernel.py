"""Opening hours as the kernel tests an arrival against them: breaks, nights, days off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.engine.columns import kernel_hours
from towns import hours

THERE = np.array([True])


def covers(intervals: np.ndarray, minute: float) -> bool:
    return bool(((intervals[:, 0] <= minute) & (minute < intervals[:, 1])).any())


def is_open(week: np.ndarray, day: int, minute: float) -> bool:
    """Whether one outlet is open at a minute of a day, minutes past midnight included."""
    return covers(kernel_hours(week, THERE)[day, 0], minute)


def test_a_plain_day_stands_as_it_is() -> None:
    week = hours((360, 720), (840, 1200))
    assert [is_open(week, 0, minute) for minute in (359, 360, 719, 720, 840, 1199, 1200)] == [
        False, True, True, False, True, True, False,
    ]  # fmt: skip


def test_a_night_reaches_into_the_next_day() -> None:
    week = hours((600, 1560), days=range(1))  # Monday to two in the morning
    assert is_open(week, 0, 1500)
    assert is_open(week, 1, 119)
    assert not is_open(week, 1, 120)
    assert not is_open(week, 1, 700)


def test_sunday_night_reaches_into_monday() -> None:
    week = hours((1200, 1500), days=range(6, 7))
    assert is_open(week, 0, 30)
    assert not is_open(week, 0, 1210)


def test_who_is_open_round_the_clock_never_shuts_at_midnight() -> None:
    for day in range(7):
        assert is_open(hours((0, 1440)), day, 1439.9)
        assert is_open(hours((0, 1440)), day, 1440.5)


def test_opening_at_midnight_continues_the_evening_before() -> None:
    week = hours((0, 120), (1080, 1440))
    assert is_open(week, 3, 1555)
    assert not is_open(week, 3, 1565)


def test_closing_later_than_midnight_never_shortens_a_night_that_goes_on() -> None:
    # Till one o'clock by its own words, but from midnight to two it is open as the day after.
    assert is_open(hours((0, 120), (1080, 1500)), 3, 1555)


def test_an_absent_outlet_is_never_open() -> None:
    assert (kernel_hours(hours((0, 1440)), np.array([False])) == -1).all()


def test_empty_slots_come_last() -> None:
    closes = kernel_hours(np.concatenate([hours((0, 60), (1380, 1500)), hours((600, 700))]), np.ones(2, bool))[
        ..., 1
    ]
    assert not ((closes[..., :-1] < 0) & (closes[..., 1:] >= 0)).any()


@st.composite
def weeks(draw: st.DrawFn) -> np.ndarray:
    """Weeks of up to two intervals a day on whole hours, the last of which may pass midnight."""
    week = np.full((1, 7, 3, 2), -1, np.int16)
    for day in range(7):
        edges = sorted(draw(st.lists(st.integers(0, 24), min_size=2, max_size=4, unique=True)))
        for slot in range(len(edges) // 2):
            week[0, day, slot] = 60 * edges[2 * slot], 60 * edges[2 * slot + 1]
        if draw(st.booleans()):
            last = len(edges) // 2 - 1
            week[0, day, last, 1] = 1440 + 60 * draw(st.integers(0, 6))
    return week


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(weeks(), st.integers(0, 6), st.integers(0, 180))
def test_closing_later_shuts_nobody_out(week: np.ndarray, day: int, more: int) -> None:
    later = week.copy()
    used = later[0, day, :, 1].argmax()
    later[0, day, used, 1] += more
    minutes = range(0, 1900, 30)
    before, after = (kernel_hours(hours_, THERE)[:, 0] for hours_ in (week, later))
    for weekday in range(7):
        for minute in minutes:
            assert covers(after[weekday], minute) or not covers(before[weekday], minute)


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(weeks())
def test_within_the_day_the_kernel_is_open_when_the_week_says_so(week: np.ndarray) -> None:
    kernel = kernel_hours(week, THERE)[:, 0]
    for day in range(7):
        for minute in range(0, 1440, 30):
            said = any(
                opens + shift * 1440 <= minute < closes + shift * 1440
                for shift in (-1, 0) for opens, closes in week[0, day + shift].tolist() if closes >= 0
            )  # fmt: skip
            assert covers(kernel[day], minute) == said


@pytest.mark.parametrize("day", range(7))
def test_each_weekday_has_its_own_hours(day: int) -> None:
    week = hours((480, 1080), days=range(day, day + 1))
    assert [is_open(week, other, 600) for other in range(7)] == [other == day for other in range(7)]
