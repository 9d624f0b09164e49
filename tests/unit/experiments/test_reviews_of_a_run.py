"""Reviews in a run: what they see, what they open and when, and what it costs."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from small_runs import START, as_is, small, town

from circlesim.abm.model import CircleModel
from circlesim.errors import ConfigError, PolicyError
from circlesim.experiments.design import compile_design
from circlesim.experiments.outcomes import read_outcomes
from circlesim.experiments.reviews import NOWHERE, as_reviewed
from circlesim.experiments.scenario import Scenario
from circlesim.policies import AddFacilities, FillGaps, KeepCash
from circlesim.policies.reviewing import ReviewingPolicy
from circlesim.world.facilities import Facilities

DAYS = 15
FORMATS = ("repair_workshop", "housekeeping_point", "laundry", "community_canteen")
FILL = FillGaps(formats=FORMATS, budget_yuan=2_000_000.0, places=8, every_days=5, least_per_day=0.1)


def bare():
    """A town with few of the formats that reviews may open."""
    from circlesim.catalog.formats import FORMAT_INDEX

    kept = ~np.isin(town().facilities.format, [FORMAT_INDEX[name] for name in FORMATS])
    return replace(town(), facilities=town().facilities.take(kept))


@cache
def base():
    return Scenario("as is", bare(), days=DAYS, start=START)


@cache
def run():
    watch = base().with_policies("watch", FILL)
    slow = base().with_policies("slow", replace(FILL, starts=START, delay_days=3))
    measures = ("met_inside_share", "pushed_out_share", "public_cost", "outlets_trading")
    return small(base(), watch, slow, measures=measures, measure_from=START).run()


def reviews(scenario):
    table = run().tables["reviews"]
    return table[table["scenario"] == scenario]


def values(measure, scenario, outcomes=None):
    frame = (outcomes or run()).frame()
    rows = frame[(frame["measure"] == measure) & (frame["by"] == "") & (frame["scenario"] == scenario)]
    return rows.set_index("replication")["value"].sort_index()


def test_gaps_are_filled_where_residents_lacked_and_they_lack_less_then():
    mine = reviews("watch")
    assert sorted(mine["review_day"].unique()) == [5, 10]
    assert (mine["facility"] != "").any()
    seen = mine.groupby(["replication", "review_day"])["lacking_per_day"].first().unstack()
    assert (seen[10] < seen[5]).all()
    assert (values("pushed_out_share", "watch") < values("pushed_out_share", "as is")).all()


def test_no_review_spends_more_than_its_budget():
    spent = reviews("watch").groupby(["replication", "review_day"])["capital"].sum()
    assert (spent <= FILL.budget_yuan).all()
    assert (spent > 0).any()


def test_an_outlet_opens_once_and_stays():
    mine = reviews("watch")
    mine = mine[mine["facility"] != ""]
    assert not mine.duplicated(["replication", "facility"]).any()
    opened = mine.groupby("replication")["facility"].count()
    more = values("outlets_trading", "watch") - values("outlets_trading", "as is")
    assert (more == opened.reindex(more.index, fill_value=0)).all()


def test_public_cost_is_what_was_opened_and_its_months():
    from circlesim.measures.operators import DAYS_A_MONTH

    mine = reviews("watch")
    months = (DAYS - mine["opens_day"]) / DAYS_A_MONTH
    due = (mine["capital"] + mine["running_per_month"] * months).groupby(mine["replication"]).sum()
    assert np.allclose(values("public_cost", "watch"), due)
    assert (values("public_cost", "as is") == 0).all()


def test_a_delay_moves_the_opening_and_not_the_review():
    quick, slow = reviews("watch"), reviews("slow")
    first = [each[each["review_day"] == 5].reset_index(drop=True) for each in (quick, slow)]
    assert first[0]["facility"].tolist() == first[1]["facility"].tolist()
    assert set(first[1]["opens_day"] - first[0]["opens_day"]) == {3}


def test_before_the_first_review_nothing_differs():
    short = [replace(each, days=5) for each in (base(), base().with_policies("watch", FILL))]
    found = small(*short, measures=("met_inside_share",), measure_from=START).run()
    assert (found.compare()["difference"] == 0).all()


def test_replications_may_open_different_outlets():
    tight = replace(FILL, budget_yuan=150_000.0, formats=("laundry", "repair_workshop"), places=40, within_min=2.0)
    found = small(
        base(), base().with_policies("tight", tight), measures=("met_inside_share",), replications=6
    ).run()
    opened = found.tables["reviews"].groupby("replication")["facility"].apply(frozenset)
    assert opened.nunique() > 1


def test_what_a_replication_opened_can_be_laid_out_again():
    watch = base().with_policies("watch", FILL)
    design = compile_design(small(base(), watch))
    stages = as_reviewed(design, 1, run().tables["reviews"], 0)
    opened = reviews("watch").query("replication == 0 and facility != ''")
    last = set(design.roster.facilities.facility[stages[-1].present])
    first = set(design.roster.facilities.facility[design.roster.stages[1][0].present])
    assert last - first == set(opened["facility"])


def test_what_was_opened_closes_when_the_policy_ends():
    ends = replace(FILL, ends=START + timedelta(days=8))
    found = small(base(), base().with_policies("ends", ends), measures=("outlets_trading",)).run()
    assert (values("outlets_trading", "ends", found) == values("outlets_trading", "as is", found)).all()
    assert (found.tables["reviews"]["facility"] != "").any()


def test_a_policy_listed_later_holds_for_what_reviews_open():
    keep = KeepCash(starts=START + timedelta(days=7))
    both = base().with_policies("both", FILL, keep)
    design = compile_design(small(base(), both))
    last, may = design.roster.stages[1][-1], design.roster.stages[1][-1].possible
    assert may is not None
    assert may.sum() == 8 * len(FORMATS)
    assert not (last.facilities.payment_mode[may] == 1).any()


def test_a_run_folder_keeps_the_reviews(tmp_path):
    folder = tmp_path / "run"
    watch = base().with_policies("watch", FILL)
    asked = small(base(), watch, measures=("met_inside_share",), replications=2)
    outcomes = asked.run(folder)
    pd.testing.assert_frame_equal(
        read_outcomes(folder).tables["reviews"], outcomes.tables["reviews"], check_dtype=False
    )
    assert set(outcomes.tables["reviews"].query("facility == ''")["node"]) <= {NOWHERE}
    rows = outcomes.facilities()
    opened = rows[(rows["scenario"] == "watch") & ~rows["facility"].isin(bare().facilities.facility)]
    assert (opened["visits"] > 0).any()
    assert (opened["utilisation"].dropna() <= 1.5).all()


def test_a_city_is_run_in_one_piece_where_one_budget_is_spent_among_its_circles():
    from circlesim.experiments.constants import constants_for  # noqa: F401
    from circlesim.experiments.draw import make_draw

    watch = base().with_policies("watch", FILL)
    asked = small(base(), watch)
    design = compile_design(asked)
    draw = make_draw(design, 0, asked.world, asked.parameters, asked.constants)
    assert [shard.whole for shard in draw.shards] == [True]


def test_an_outlet_that_was_not_named_beforehand_is_refused():
    class Sudden(ReviewingPolicy):
        """Opens what it never named."""

        name = "sudden"
        clause = "F40"
        changes = ("rows",)

        def possible(self, world):
            return world

        def apply(self, world):
            return AddFacilities(format="gym", count=1).apply(world) if world.observed else world

        @property
        def serves(self):
            return ("fitness",)

        def cost_of(self, outlets: Facilities, currency: str):
            return 0.0, 0.0

    asked = small(as_is(), as_is().with_policies("sudden", Sudden(every_days=2)), replications=1)
    with pytest.raises(Exception, match="did not name beforehand"):
        asked.run()


def test_the_mesa_face_says_that_it_holds_no_reviews():
    with pytest.raises(ConfigError, match="a model holds no reviews"):
        CircleModel(world=bare(), policies=[FILL], days=7, rng=1)


def test_a_review_after_the_last_day_is_never_held():
    late = replace(FILL, starts=date(2024, 3, 10))
    assert late.reviews(START, 8) == ()
    assert issubclass(PolicyError, ValueError)
