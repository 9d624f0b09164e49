"""Outlets that close, and premises put to another use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import circlesim as cs
from circlesim.catalog.constants import Constants
from circlesim.catalog.formats import FORMAT_INDEX, facility_defaults
from circlesim.cli import main
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import PolicyError
from circlesim.experiments.constants import constants_for
from circlesim.policies import Policy
from circlesim.testing import check_policy
from circlesim.world.folder import write_world
from circlesim.world.world import World

DAY = date(2024, 3, 7)
START = date(2024, 3, 4)


@pytest.fixture(scope="module")
def town() -> World:
    return cs.demo_world("old_town", residents=2_000)


@pytest.fixture(scope="module")
def constants(town: World) -> Constants:
    return constants_for(town, cs.default_parameters())


def outcomes(town: World, constants: Constants, *policies: Policy, by: str = "", **asked: object) -> cs.Outcomes:
    as_is = cs.Scenario("as is", town, days=6, start=START)
    settings = {"replications": 2, "warmup_days": 2, "measures": ["met_inside_share", "spend"], **asked}
    experiment = cs.Experiment(
        [as_is, as_is.with_policies("policy", *policies)], by=[by] if by else [], constants=constants, **settings
    )
    return experiment.run(workers=1)


def rows_of(world: World, name: str) -> np.ndarray:
    return np.flatnonzero(world.facilities.format == FORMAT_INDEX[name])


@pytest.mark.parametrize(
    ("order", "column", "sign"), [("smallest", "area_m2", 1), ("lowest_quality", "quality", 1),
                                  ("dearest", "price_level", -1)]
)  # fmt: skip
def test_outlets_are_counted_off_in_the_stated_order(town: World, order: str, column: str, sign: int) -> None:
    rows = rows_of(town, "breakfast_shop")
    shut = cs.CloseFacilities(formats=("breakfast_shop",), count=2, order=order, starts=DAY).apply(town).facilities
    first = rows[np.lexsort((town.facilities.facility[rows], sign * getattr(town.facilities, column)[rows]))[:2]]
    assert set(np.flatnonzero(~np.isnat(shut.closed))) == set(first)
    assert (shut.closed[first] == np.datetime64(DAY)).all()


def test_who_closes_by_a_draw_depends_on_ids_and_seed_alone(town: World) -> None:
    shut = [
        frozenset(cs.CloseFacilities(formats=("breakfast_shop",), count=2, order="random", seed=seed)
                  .resolve(town).facilities)
        for seed in range(9)
    ]  # fmt: skip
    assert len(set(shut)) > 1
    turned = replace(town, facilities=town.facilities.take(np.arange(len(town.facilities))[::-1]))
    again = cs.CloseFacilities(formats=("breakfast_shop",), count=2, order="random", seed=4).resolve(turned)
    assert frozenset(again.facilities) == shut[4]


def test_an_outlet_that_closes_earlier_by_itself_keeps_its_date(town: World) -> None:
    row, own = rows_of(town, "breakfast_shop")[0], np.datetime64("2024-03-05")
    closed = town.facilities.closed.copy()
    closed[row] = own
    leaving = replace(town, facilities=replace(town.facilities, closed=closed))
    policy = cs.CloseFacilities(facilities=(str(town.facilities.facility[row]),), starts=DAY)
    assert policy.apply(leaving).facilities.closed[row] == own
    counted = cs.CloseFacilities(formats=("breakfast_shop",), count=1, starts=DAY).resolve(leaving)
    assert str(town.facilities.facility[row]) not in counted.facilities


@pytest.mark.parametrize("policy", [
    cs.CloseFacilities(formats=("breakfast_shop",), count=50), cs.CloseFacilities(facilities=("nowhere",)),
    cs.ConvertOutlets(formats=("breakfast_shop",), count=50, to_format="gym"),
])  # fmt: skip
def test_more_outlets_than_stand_and_ids_of_nobody_are_refused(town: World, policy: Policy) -> None:
    with pytest.raises(PolicyError, match=r"more outlets than stand|no such outlet"):
        policy.resolve(town)


def test_premises_fall_vacant_on_a_day_and_who_went_there_lacks_them(town: World, constants: Constants) -> None:
    policy = cs.CloseFacilities(formats=("breakfast_shop", "convenience_store", "snack_shop"), starts=DAY)
    found = outcomes(town, constants, policy, by="service", measure_from=DAY)
    change = found.compare("met_inside_share", "service").set_index("group")["difference"]
    assert change["breakfast"] < 0
    table = found.facilities()
    shut = table[(table["scenario"] == "policy") & table["format"].isin(policy.formats)]
    assert not shut["visits"].sum()
    before = outcomes(town, constants, policy, measure_from=START).compare("spend")["difference"].iloc[0]
    ends = replace(policy, ends=date(2024, 3, 7))
    shorter = outcomes(town, constants, ends, measure_from=START).compare("spend")["difference"].iloc[0]
    assert before < shorter < 0, "what closes for a day opens again"


def test_a_conversion_changes_what_the_outlet_is_and_keeps_where_and_who_it_is(town: World) -> None:
    policy = cs.ConvertOutlets(formats=("breakfast_shop",), count=2, to_format="service_kiosk")
    there = len(rows_of(town, "service_kiosk"))
    assert there == 0
    old, new = town.facilities, policy.apply(town).facilities
    rows = np.flatnonzero(new.format != old.format)
    assert len(rows) == 2
    usual = facility_defaults("service_kiosk")
    for name in (
        "services",
        "servers",
        "service_min",
        "price_level",
        "quality",
        "payment_mode",
        "staff",
        "margin",
    ):
        assert set(getattr(new, name)[rows].tolist()) == {usual[name]}, name
    for name in (
        "facility",
        "id64",
        "node_row",
        "name",
        "circle",
        "area_m2",
        "rent_yuan_month",
        "opened",
        "closed",
    ):
        assert np.array_equal(getattr(new, name), getattr(old, name), equal_nan=name in ("opened", "closed")), name
    assert (new.step_free >= old.step_free).all()
    others = np.setdiff1d(np.arange(len(old)), rows)
    for name in policy.changes:
        assert np.array_equal(getattr(new, name)[others], getattr(old, name)[others]), name


def test_outlets_of_the_new_format_count_so_that_twice_is_once(town: World) -> None:
    once = cs.ConvertOutlets(formats=("breakfast_shop",), count=2, to_format="service_kiosk")
    more = cs.ConvertOutlets(formats=("snack_shop", "breakfast_shop"), count=3, to_format="service_kiosk")
    both = more.apply(once.apply(town))
    assert len(rows_of(both, "service_kiosk")) == 3
    assert len(rows_of(once.apply(both), "service_kiosk")) == 3


def test_needs_served_after_a_conversion_count_for_the_new_format(town: World, constants: Constants) -> None:
    policy = cs.ConvertOutlets(formats=("breakfast_shop",), to_format="community_canteen", starts=DAY)
    found = outcomes(town, constants, policy, by="format", measure_from=START)
    table = found.facilities()
    ids = town.facilities.facility[rows_of(town, "breakfast_shop")]
    now = table[table["facility"].isin(ids)].set_index(["scenario", "facility"])["format"]
    assert set(now["as is"]) == {"breakfast_shop"}
    assert set(now["policy"]) == {"community_canteen"}
    switched = found.switching()
    switched = switched[switched["by"] == ""]
    meals = switched[(switched["service"] == "meal") & (switched["to_format"] == "community_canteen")]
    assert meals["needs"].sum() > 0
    # Three days of six the shops sold breakfast in both worlds, and the counts hold both.
    same = switched[(switched["from_format"] == "breakfast_shop") & (switched["to_format"] == "breakfast_shop")]
    other = switched[
        (switched["from_format"] == "breakfast_shop") & (switched["to_format"] == "community_canteen")
    ]
    assert same["needs"].sum() > 0
    assert other["needs"].sum() > 0
    late = outcomes(town, constants, policy, by="format", measure_from=DAY).switching()
    assert not (late["to_format"] == "breakfast_shop").any()
    trading = outcomes(town, constants, policy, by="format", measures=["outlets_trading"]).compare(by="format")
    change = trading.set_index("group")["difference"]
    assert change["community_canteen"] == -change["breakfast_shop"] == len(ids)


def test_minutes_of_work_are_those_of_the_new_format(town: World, constants: Constants) -> None:
    policy = cs.ConvertOutlets(formats=("breakfast_shop",), to_format="restaurant", starts=DAY)
    table = outcomes(town, constants, policy, measure_from=DAY).facilities().set_index(["scenario", "facility"])
    ids = town.facilities.facility[rows_of(town, "breakfast_shop")]
    now = table.loc["policy"].loc[ids]
    usual = facility_defaults("restaurant")
    week = np.diff(np.array([[[630, 1290]]]), axis=-1).sum()
    busy = now["visits"] * float(usual["service_min"]) / (3 * week * int(usual["servers"]))
    assert now["visits"].sum() > 0
    # What a guest takes varies around the mean of the format; the four minutes of a breakfast counter are far off.
    assert now["utilisation"].sum() == pytest.approx(busy.sum(), rel=0.35)


def test_books_by_format_follow_a_conversion(town: World, constants: Constants) -> None:
    policy = cs.ConvertOutlets(formats=("breakfast_shop",), to_format="gym", starts=date(2024, 3, 30))
    as_is = cs.Scenario("as is", town, days=5, start=date(2024, 3, 29))
    asked = cs.Experiment(
        [as_is, as_is.with_policies("policy", policy)], replications=2, warmup_days=7, constants=constants,
        measures=["spend"], mechanisms=Mechanisms(months=True),
    )  # fmt: skip
    tables = asked.run(workers=1).tables
    books = tables["operators_by_format"].set_index(["scenario", "format"])
    shops, gyms = (len(rows_of(town, name)) for name in ("breakfast_shop", "gym"))
    assert ("policy", "breakfast_shop") not in books.index
    assert books.loc[("policy", "gym"), "trading"].max() == shops + gyms
    own = tables["operators"]
    ids = town.facilities.facility[rows_of(town, "breakfast_shop")]
    assert set(own.loc[(own["scenario"] == "policy") & own["facility"].isin(ids), "format"]) == {"gym"}


def test_a_mall_that_becomes_a_community_centre_keeps_its_place_and_floor(
    town: World, constants: Constants
) -> None:
    policy = cs.ConvertOutlets(formats=("supermarket",), to_format="community_centre", capital_yuan=2e6)
    old, new = town.facilities, policy.apply(town).facilities
    mall = rows_of(town, "supermarket")
    assert np.array_equal(new.node_row[mall], old.node_row[mall])
    assert np.array_equal(new.area_m2[mall], old.area_m2[mall])
    found = outcomes(town, constants, policy, measures=["coverage:community_centre:10", "public_cost"])
    change = found.compare().set_index("measure")["difference"]
    assert change["coverage:community_centre:10"] > 0
    assert change["public_cost"] == 2e6


IDLE = """\
format,zh,en,like,class,services,staff,source,grade
idle_kiosk,闲置核酸亭,idle test kiosk,service_kiosk,basic,none,0,made for a test,D
"""


def test_idle_kiosks_become_service_points_from_a_file_of_formats(tmp_path: Path) -> None:
    (tmp_path / "kiosks.csv").write_text(IDLE, encoding="utf-8")
    formats = cs.read_formats(tmp_path / "kiosks.csv")
    assert formats.row("idle_kiosk").services == ()
    town = cs.demo_world("old_town", residents=500, formats=formats)
    town = cs.AddFacilities(format="idle_kiosk", count=3, siting="random").apply(town)
    policy = cs.ConvertOutlets(formats=("idle_kiosk",), count=2, to_format="service_kiosk", capital_yuan=20_000)
    check_policy(policy, town)
    write_world(town, tmp_path / "town")
    (tmp_path / "kiosks.toml").write_text(
        'world = "./town"\ndays = 4\nwarmup_days = 1\nreplications = 2\nmeasures = ["met_inside_share"]\n'
        '[scenarios."as is"]\n[scenarios."kiosks"]\npolicies = [{convert_outlets = {formats = ["idle_kiosk"], '
        'to_format = "service_kiosk", count = 2, starts = 2024-03-05, capital_yuan = 20000}}]\n',
        encoding="utf-8",
    )
    assert main(["run", str(tmp_path / "kiosks.toml"), "--out", str(tmp_path / "run")]) == 0
    table = pd.read_csv(tmp_path / "run" / "facilities.csv")
    kiosks = table[table["format"].isin(["idle_kiosk", "service_kiosk"])]
    assert not kiosks.loc[kiosks["scenario"] == "as is", "visits"].sum()
    now = kiosks[kiosks["scenario"] == "kiosks"].groupby("format")["visits"].agg(["size", "sum"])
    assert now["size"].to_dict() == {"idle_kiosk": 1, "service_kiosk": 2}
    assert now.loc["service_kiosk", "sum"] > 0 == now.loc["idle_kiosk", "sum"]
