"""The county table of China's census: read by its own headings, met in full."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from circlesim.catalog.parameters import default_parameters
from circlesim.errors import WorldError
from circlesim.world.census import margins_of_county
from circlesim.world.census_town import census_town
from circlesim.world.margins import OPEN, Span

DATA = os.environ.get("CIRCLESIM_TEST_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="CIRCLESIM_TEST_DATA names no folder with the census table")

# A county made up: 60 people, 50 of them in 20 households.
MADE = {
    "区划代码": "999999", "家庭户数": "20", "家庭户人口数": "50", "一人户数": "4", "一代户数": "8",
    "二代户数": "9", "三代户数": "2", "四代以上户数": "1",
    "男_0岁": "1", "女_0岁": "2", "男_1到19岁": "6", "女_1到19岁": "5",
    "男_20到64岁": "16", "女_20到64岁": "17", "男_65岁以上": "6", "女_65岁以上": "7",
    "有65岁及以上老年人口的户数": "8",
    "有一个老人": "4", "有二个老人": "3", "家庭户户数_长表": "10", "住房所在建筑有电梯": "4", "拥有家用汽车": "3",
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Write the table of one county."""
    path = tmp_path / "counties.csv"
    path.write_text(",".join(MADE) + "\n" + ",".join(MADE.values()) + "\n", encoding="utf-8")
    return path


def counts(path: Path, name: str) -> dict[str, float]:
    margin = margins_of_county(path, "999999").get(name)
    assert margin is not None
    return dict(zip(margin.categories, margin.counts.tolist(), strict=True))


def test_a_county_is_read_by_the_headings_of_the_table(made: Path) -> None:
    ages = margins_of_county(made, "999999").get("sex_age")
    assert ages is not None
    assert dict(zip(ages.spans, ages.counts, strict=True))[Span(word="m", low=65, high=OPEN)] == 6
    assert counts(made, "sex_age")["f:1-19"] == 5
    assert counts(made, "living") == {"collective": 10, "family": 50}
    assert counts(made, "household_size") == {"1": 4, "2+": 16}
    assert counts(made, "generations") == {"1": 8, "2": 9, "3": 2, "4+": 1}
    assert counts(made, "elders") == {"0": 12, "1": 4, "2": 3, "3+": 1}


def test_shares_of_the_long_form_are_multiplied_up_and_a_note_says_so(made: Path) -> None:
    assert counts(made, "lift") == pytest.approx({"no": 12, "yes": 8})
    assert counts(made, "car") == pytest.approx({"no": 14, "yes": 6})
    assert all("of 10 households of the long form" in n for n in margins_of_county(made, "999999").notes)


def test_a_question_the_long_form_leaves_empty_is_left_out_and_a_note_says_so(made: Path) -> None:
    row = MADE | {"住房所在建筑有电梯": ""}
    made.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    margins = margins_of_county(made, "999999")
    assert margins.get("lift") is None
    assert margins.get("car") is not None
    assert margins.notes == (
        "lift is left out: the table holds no count",
        "car is the share of 10 households of the long form times 20 households",
    )


def test_a_county_that_is_not_there_and_a_table_of_something_else_are_told(made: Path, tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="no such county"):
        margins_of_county(made, "999998")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(WorldError, match="missing column") as error:
        margins_of_county(other, "1")
    assert len(error.value.faults) > 5
    with pytest.raises(WorldError, match="no such file"):
        margins_of_county(tmp_path / "none.csv", "1")


@needs_data
@pytest.mark.data
@pytest.mark.parametrize(("code", "residents"), [("110108", 30_000), ("110101", 708_829), ("310101", 5_000)])
def test_real_counties_are_met_in_every_margin(code: str, residents: int) -> None:
    margins = margins_of_county(f"{DATA}/census/county_2020_age_sex_household.csv", code)
    town = census_town(margins, residents, default_parameters(), 1)
    assert len(town.people.age) == residents
    assert not town.fit.missed()
    assert max(abs(row.difference) for row in town.fit.rows) <= 1.0 + 1e-9


@needs_data
@pytest.mark.data
def test_every_county_of_a_province_holds_together_or_says_what_does_not() -> None:
    path = f"{DATA}/census/county_2020_age_sex_household.csv"
    law, met = default_parameters(), []
    for code in range(110101, 110120):
        try:
            margins = margins_of_county(path, str(code))
        except WorldError:
            continue  # no county has this code
        town = census_town(margins, 2_000, law, 1)
        met.append(max(abs(row.difference) for row in town.fit.rows))
    assert len(met) == 16
    assert np.max(met) <= 1.0 + 1e-9
