"""Published figures that the shipped town was not built to meet; those of grade B or better are held."""

from __future__ import annotations

import pytest

from circlesim.catalog.bands import bands
from circlesim.experiments.balance import baseline_balance
from circlesim.world.demo import demo_world

HELD = [band for band in bands() if band.grade in "AB" and not band.built_to]

MISSED = {
    ("walking_time", "groceries", "6-10"): "what is missing beyond 15 minutes is walked here",
    ("walking_time", "groceries", "16+"): "the survey's tail holds walks beyond what residents of the town accept",
}
"""Bands known to be missed, with the reason; meeting one is news."""


@pytest.fixture(scope="module")
def sheet():
    return baseline_balance(demo_world("old_town"))


def marked(band):
    reason = MISSED.get((band.quantity, band.service, band.bin))
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    name = "-".join(part for part in (band.quantity, band.service, band.format, band.bin) if part)
    return pytest.param(band, marks=marks, id=name)


@pytest.mark.parametrize("band", [marked(band) for band in HELD])
def test_the_town_meets_a_published_band_it_was_not_built_to(sheet, band):
    rows = sheet
    for column in ("quantity", "service", "format", "bin"):
        rows = rows[rows[column] == getattr(band, column)]
    assert len(rows) == 1
    assert band.low <= rows["value"].iloc[0] <= band.high


def test_every_band_has_a_figure(sheet):
    keys = ["quantity", "service", "format", "bin"]
    banded = set(sheet[sheet["within"] != ""][keys].itertuples(index=False, name=None))
    assert banded >= {
        (band.quantity, band.service, band.format, band.bin) for band in bands() if "mobile" not in band.format
    }
