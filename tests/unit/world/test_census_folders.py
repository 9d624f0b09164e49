"""Census pages in a world folder: read, contradicted, fitted and reported."""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from circlesim.catalog.parameters import default_parameters
from circlesim.errors import WorldError
from circlesim.world.census_people import NOT_COUNTED
from circlesim.world.folder import open_folder
from circlesim.world.margins import MARGINS, Span, parse_span, span_text
from circlesim.world.traits import disadvantage

HOMES = "home,node,weight\na,1,3\nb,3,2\nc,4,1\n"

# 1,000 people in 400 households, 30 more in a home for the aged: counted by hand.
CENSUS = """\
margin,category,count
sex_age,f:0-19,90
sex_age,f:20-64,300
sex_age,f:65+,130
sex_age,m:0-19,110
sex_age,m:20-64,300
sex_age,m:65+,100
living,family,1000
living,collective,30
household_size,1,100
household_size,2,120
household_size,3,90
household_size,4+,90
generations,1,200
generations,2,150
generations,3+,50
elders,0,260
elders,1,90
elders,2+,50
tenure,owned,280
tenure,rented,120
lift,yes,150
lift,no,250
car,yes,180
car,no,220
"""


@pytest.fixture
def counted(good_folder: Path) -> Path:
    """Write a folder whose people are known by a census page alone."""
    (good_folder / "residents.csv").unlink()
    (good_folder / "homes.csv").write_text(HOMES)
    (good_folder / "census.csv").write_text(CENSUS)
    return good_folder


def with_rows(folder: Path, old: str, new: str) -> Path:
    text = (folder / "census.csv").read_text()
    assert old in text
    (folder / "census.csv").write_text(text.replace(old, new))
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(WorldError) as error:
        open_folder(folder)
    return [str(fault) for fault in error.value.faults]


def test_a_folder_with_a_census_page_has_the_people_it_counts(counted: Path) -> None:
    report = open_folder(counted)
    people = report.world.population
    assert len(people) == report.synthesised == 1030
    assert (people.age < 20).sum() == 200
    assert ((people.age >= 65) & (people.sex == 0)).sum() == 130
    assert report.census is not None
    assert [row.got for row in report.census.rows] == [row.census for row in report.census.rows]


def test_the_fit_is_told_margin_by_margin(counted: Path) -> None:
    report = open_folder(counted, residents=100)
    assert report.census is not None
    lines = [line for line in report.lines() if line.startswith("census.csv: ") and "rows" not in line]
    assert lines[0] == "census.csv: 1,030 people scaled to 100 residents, every count times 0.09709"
    assert [line.split(": ")[1] for line in lines[1:]] == [
        "sex_age", "living", "household_size", "generations", "elders", "tenure", "lift", "car",
    ]  # fmt: skip
    table = report.census.table()
    assert list(table.columns) == ["margin", "category", "unit", "census", "target", "got", "difference"]
    assert table.difference.abs().max() <= 1.0
    assert table[table.margin == "sex_age"].got.sum() == 100


def test_households_have_what_the_census_counts(counted: Path) -> None:
    households = open_folder(counted).households
    assert households is not None
    table = households.table()
    family = table[~table.outside]
    assert len(family) == 400
    assert family.tenure.value_counts().to_dict() == {"owned": 280, "rented": 120}
    assert family.lift.value_counts().to_dict() == {"no": 250, "yes": 150}
    assert family.car.value_counts().to_dict() == {"no": 220, "yes": 180}
    assert (table[table.outside].car == "").all()
    assert (households.tenure[households.outside] == NOT_COUNTED).all()


def test_a_building_has_a_lift_or_has_none(counted: Path) -> None:
    households = open_folder(counted).households
    assert households is not None
    table = households.table()
    mixed = table[~table.outside].groupby("home_row").lift.nunique()
    assert (mixed > 1).sum() <= 1


def test_cars_go_to_households_that_are_better_off(counted: Path) -> None:
    report = open_folder(counted, residents=20_000)
    assert report.households is not None
    people, law = report.world.population, default_parameters()
    oldest = np.searchsorted(people.household, np.arange(len(report.households.car)))
    tied = disadvantage(people.id64[oldest], 40, 1.0, 0)  # the latent factor alone
    yes = report.households.words["car"].index("yes")
    has, lacks = (tied[(report.households.car == code)] for code in (yes, 1 - yes))
    # Standard normal score with correlation r to the factor, cut at the share without a car: by theory the means
    # differ by sqrt(r) * phi(cut) / (p * (1 - p)).
    rho, share = law.number("disadvantage_correlation"), len(has) / (len(has) + len(lacks))
    cut = 0.12566134685507402 if abs(share - 0.45) < 0.001 else np.nan
    density = np.exp(-0.5 * cut**2) / np.sqrt(2 * np.pi)
    assert lacks.mean() - has.mean() == pytest.approx(np.sqrt(rho) * density / (share * (1 - share)), abs=0.06)


def test_the_order_of_rows_changes_nobody(counted: Path) -> None:
    first = open_folder(counted).world.population
    head, *rows = CENSUS.splitlines()
    mixed = [rows[i] for i in np.random.default_rng(4).permutation(len(rows))]
    (counted / "census.csv").write_text("\n".join([head, *mixed]) + "\n")
    again = open_folder(counted).world.population
    for column in fields(first):
        np.testing.assert_array_equal(getattr(first, column.name), getattr(again, column.name))


def test_the_same_seed_draws_the_same_people_and_another_seed_others(counted: Path) -> None:
    one, again = (open_folder(counted).world.population for _ in range(2))
    np.testing.assert_array_equal(one.age, again.age)
    np.testing.assert_array_equal(one.home_row, again.home_row)
    with (counted / "world.toml").open("a") as handle:
        handle.write("\n[population]\nseed = 9\n")
    other = open_folder(counted).world.population
    assert not np.array_equal(one.age, other.age)
    assert np.array_equal(np.bincount(one.age // 65), np.bincount(other.age // 65))


def test_children_live_with_somebody_a_generation_older(counted: Path) -> None:
    report = open_folder(counted, residents=5_000)
    assert report.households is not None
    people, outside = report.world.population, report.households.outside
    oldest = np.zeros(len(outside), int)
    np.maximum.at(oldest, people.household, people.age)
    child = (people.age < 15) & ~outside[people.household]
    assert (oldest[people.household[child]] - people.age[child] >= 18).mean() > 0.99


def test_two_of_one_generation_are_mostly_a_woman_and_a_man(counted: Path) -> None:
    report = open_folder(counted, residents=5_000)
    assert report.households is not None
    households, people = report.households, report.world.population
    pair = (households.members == 2) & (households.generations == 1)
    women = np.bincount(people.household, people.sex == 0, minlength=len(pair))
    assert (women[pair] == 1).mean() > 0.9


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("f:0-19,90", "f:0-18,90", "gap or overlap; found f:20-64 follows f:0-18"),
        ("f:65+,130", "f:65-80,130", "found f:ends at f:65-80"),
        ("lift,no,250", "lift,no,25", "another number of households than household_size; found 175; expected 400"),
        ("living,collective,30", "living,collective,90", "another number of people than sex_age; found 1,090"),
        ("sex_age,m:65+,100", "sex_age,m:65 plus,100", "row 7, column category: not a category of this margin"),
        ("elders,0,260", "elder,0,260", "unknown margin; found 'elder'"),
        ("car,yes,180", "car,yes,-180", "negative"),
        ("car,yes,180\ncar,no,220", "car,yes,180\ncar,yes,220", "the same category as in row 24"),
        ("household_size,4+,90", "household_size,4,90", "cannot hold the people"),
        ("elders,2+,50", "elders,2,50",
         "sex_age, category f:65+: contradicts the other margins; found 130; expected about 120"),
        ("elders,0,260\nelders,1,90\nelders,2+,50", "elders,0,100\nelders,1,200\nelders,2+,100",
         "more elders in households than people aged 65 and over; found 400 or more; expected at most 230"),
        ("generations,1,200\ngenerations,2,150\ngenerations,3+,50",
         "generations,1,20\ngenerations,2,330\ngenerations,3+,50", "contradicts the other margins"),
    ],
)  # fmt: skip
def test_margins_that_contradict_each_other_are_refused_in_words(
    counted: Path, old: str, new: str, said: str
) -> None:
    found = faults(with_rows(counted, old, new))
    assert any(said.replace("found f:ends", "found ends") in fault for fault in found), found


def test_all_contradictions_are_told_at_once(counted: Path) -> None:
    with_rows(counted, "lift,no,250", "lift,no,25")
    with_rows(counted, "elders,1,90\nelders,2+,50", "elders,1,0\nelders,2+,140")
    with_rows(counted, "household_size,4+,90", "household_size,4,90")
    found = faults(counted)
    assert len(found) == 3


def test_rounded_tables_that_differ_a_little_are_no_contradiction(counted: Path) -> None:
    with_rows(counted, "car,yes,180", "car,yes,181")
    fit = open_folder(counted).census
    assert fit is not None
    assert max(abs(row.difference) for row in fit.rows) <= 1.0


def test_a_census_page_without_homes_is_no_town(counted: Path) -> None:
    (counted / "homes.csv").unlink()
    assert any("a homes.csv says where its people live" in fault for fault in faults(counted))


def test_ages_alone_leave_households_as_in_the_country(counted: Path) -> None:
    rows = [row for row in CENSUS.splitlines() if row.startswith(("margin", "sex_age"))]
    (counted / "census.csv").write_text("\n".join(rows) + "\n")
    report = open_folder(counted, residents=20_000)
    assert report.households is not None
    assert report.households.members.mean() == pytest.approx(2.62, rel=0.05)


@pytest.mark.parametrize("margin", MARGINS)
def test_every_category_is_read_back_as_written(margin: str) -> None:
    examples = {
        "sex_age": ["f:0", "m:1-4", "f:85+"], "age": ["0", "1-4", "85+"], "sex": ["f", "m"],
        "living": ["family", "collective"], "tenure": ["owned", "自有"], "lift": ["yes", "no"],
        "car": ["yes", "no"],
    }  # fmt: skip
    for text in examples.get(margin, ["0", "3", "6+"]):
        span = parse_span(margin, text)
        assert isinstance(span, Span)
        assert span_text(margin, span) == text


def test_the_page_of_the_census_is_read_as_a_spreadsheet_writes_it(counted: Path) -> None:
    rows = list(csv.reader(CENSUS.splitlines()))
    text = "\r\n".join(",".join(f" {cell} " for cell in row) for row in rows)
    (counted / "census.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(open_folder(counted).world.population) == 1030
