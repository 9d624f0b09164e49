"""Every figure has a twin, and the twin holds the numbers of the run folder."""

import numpy as np
import pandas as pd
import pytest
from made_up_run import SCENARIOS, cells, hourly, outlets, unmet

from circlesim.catalog.services import SERVICES
from circlesim.experiments.worth import FINDINGS
from circlesim.measures.cost_effectiveness import STANDINGS
from circlesim.reporting.balance_chapter import balance_chapter
from circlesim.reporting.barrier_chapters import lifted_chapter, pushed_chapter, unmet_chapter
from circlesim.reporting.barriers import barrier_change, needs_of
from circlesim.reporting.displacement_chapter import displacement_chapter
from circlesim.reporting.effect_chapters import effects_chapter, subgroups_chapter
from circlesim.reporting.material import Material
from circlesim.reporting.need_chapters import fates_chapter, hours_chapter, switching_chapter
from circlesim.reporting.operator_chapter import operator_chapter
from circlesim.reporting.place_chapters import homes_chapter, map_chapter
from circlesim.reporting.record_chapters import costs_chapter, settings_chapter
from circlesim.reporting.report import CHAPTERS
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.survey_chapter import survey_chapter
from circlesim.reporting.winners_chapter import winners_chapter
from circlesim.reporting.worth_chapter import worth_chapter


def shown(text: str) -> float:
    """Read a printed number back."""
    return float(text.replace("−", "-").replace(",", "").removesuffix("%"))


def test_every_picture_of_every_chapter_has_a_twin_of_full_rows(english):
    for chapter in filter(None, (make(english) for make in CHAPTERS)):
        for table in [*(picture.twin for picture in chapter.pictures), *chapter.tables, *chapter.folded]:
            assert table.rows, chapter.key
            assert {len(row) for row in table.rows} == {len(table.head)}, chapter.key


def test_the_effect_tables_lead_with_the_range_and_hold_every_measure(english):
    tables = effects_chapter(english).tables
    assert len(tables) == len(SCENARIOS)
    row = {cells[0]: cells for cells in tables[0].rows}["Share satisfied"]
    assert tables[0].head[1] == "Range over assumptions"
    assert row[1:7] == ("+0.2 to +1.1", "98%", "+0.6", "+0.6 to +0.7", "73.1%", "73.7%")
    assert len(tables[0].rows) == 7


def test_the_twin_of_the_forest_holds_groups_with_their_sizes(english):
    rows = subgroups_chapter(english).pictures[0].twin.rows
    ages = {row[2]: row for row in rows if row[0] == "Share satisfied" and row[1] == "Age band"}
    assert len(ages) == 9
    assert ages["80 and over"][3] == "540"
    assert not [row for row in rows if row[3] == "12"]


def test_winners_stand_with_their_shares_and_the_sentence_says_the_same(english):
    chapter = winners_chapter(english)
    assert [picture.title for picture in chapter.pictures] == [english.versus(pair) for pair in english.run.pairs]
    first = {row[1]: row for row in chapter.pictures[0].twin.rows}
    assert first["All residents"][2:] == ("2,600", "20.0%", "74.0%", "6.0%", "10.0%", "2.0%", "+1.40", "−0.90",
                                          "+0.23")  # fmt: skip
    assert "20.0% of residents gain more than 0.10" in chapter.paragraphs[1]
    assert "6.0% lose" in chapter.paragraphs[1]
    other = {(row[0], row[1]) for row in chapter.folded[1].rows}
    assert ("Welfare in minutes", "0.50\N{NO-BREAK SPACE}min per resident-day") in other


def test_cost_and_gain_stand_as_the_run_folder_has_them(english):
    table = english.run.table("cost_effectiveness.csv")
    chapter = worth_chapter(english)
    wanted = table[table["effect"] == "satisfied_adults"].set_index("scenario")
    rows = {row[0]: row for row in chapter.tables[0].rows}
    assert shown(rows["four counters"][2]) == 125_524
    assert shown(rows["four counters"][6]) == round(wanted.loc["four counters", "cost_per_gain"])
    assert rows["cashless drift"][2] == rows["cashless drift"][6] == "–"
    assert rows["cashless drift"][8] == "no cost given"
    assert len(chapter.tables) == 2
    told = chapter.paragraphs[1]
    assert rows["four counters"][6] in told
    assert "no cost given" in chapter.paragraphs[2]


def test_parts_of_spending_stand_beside_the_parts_of_the_cost(english):
    from circlesim.experiments.switching import PARTS, spending_parts

    row = {cells[0]: cells for cells in worth_chapter(english).folded[0].rows}["four counters"]
    parts = spending_parts(english.switching)
    own = parts[parts["scenario"] == "four counters"][list(PARTS)].sum()
    assert [shown(cell) for cell in row[-4:]] == [round(value) for value in own]
    assert shown(row[2]) == 125_524


def test_curves_are_drawn_over_assumptions_where_there_are_draws_and_over_luck_else(english, run_without_draws):
    luck = worth_chapter(Material.of(run_without_draws, "en"))
    drawn = worth_chapter(english)
    assert "assumption draws" in drawn.pictures[0].title
    assert "luck alone" in luck.pictures[0].title
    assert any("true assumptions" in text for text in drawn.paragraphs)
    assert not any("true assumptions" in text for text in luck.paragraphs)
    curve = english.run.table("acceptability.csv")
    rows = curve[(curve["effect"] == "satisfied_adults") & (curve["over"] == "assumptions")]
    rows = rows[rows["baseline"] == "as is"]
    assert len(drawn.pictures[0].twin.rows) == len(rows)
    assert {shown(cells[5]) for cells in drawn.pictures[0].twin.rows} == {
        float(round(value)) for value in rows["perfect_information"]
    }


def test_every_finding_and_standing_has_words():
    from circlesim.reporting.words import words_table

    for kind, many in (("told", FINDINGS), ("finding", FINDINGS), ("standing", STANDINGS)):
        assert all(f"worth.{kind}.{i}" in words_table() for i in range(len(many)))


def test_the_twin_of_the_barriers_adds_up_to_all_unmet_needs(english):
    rows = unmet_chapter(english).pictures[0].twin.rows
    table = unmet()[lambda t: t["scenario"] == "as is"]
    share = 1000 * table["unmet"].sum() / table.groupby("service")["needs"].max().sum()
    assert sum(shown(row[3]) for row in rows if row[0] == "four counters") == pytest.approx(share, abs=0.04)
    assert {row[2] for row in rows} >= {"closed", "payment refused"}
    assert "unaware" not in {row[2] for row in rows}


def test_lifting_and_pushing_out_are_told_apart(english):
    lifted, pushed = (chapter(english).pictures[0].twin.rows for chapter in (lifted_chapter, pushed_chapter))
    drift = {row[2]: row for row in lifted if row[0] == "cashless drift"}
    assert shown(drift["payment refused"][5]) > 0
    assert shown(drift["closed"][5]) < 0
    assert shown(lifted[0][3]) == pytest.approx(1.4 * shown(pushed[0][3]), abs=0.02)


def test_rows_of_all_services_together_are_not_counted_twice():
    table = unmet()
    whole = table.groupby(["scenario", "barrier", "by", "group"], as_index=False).sum(numeric_only=True)
    both = pd.concat([table, whole.assign(service="")])
    pair = Pair("keep cash", "cashless drift")
    once, twice = (barrier_change(each, pair, "unmet") for each in (table, both))
    pd.testing.assert_frame_equal(once, twice)
    assert needs_of(both, "keep cash") == needs_of(table, "keep cash")


def test_the_fates_of_a_bar_sum_to_one(english):
    rows = fates_chapter(english).pictures[0].twin.rows
    assert [row[1] for row in rows[:5]] == ["as is", *SCENARIOS]
    for row in rows:
        assert sum(shown(cell) for cell in row[2:]) == pytest.approx(100, abs=0.05)
    assert {row[0] for row in rows[5:]} <= {name.capitalize() for name in SERVICES}


def test_the_twin_of_switching_adds_up(english):
    rows = [row for row in switching_chapter(english).pictures[0].twin.rows if row[0] == "keep cash"]
    money = {row[2]: shown(row[4]) for row in rows}
    parts = sum(money[name] for name in ("new", "recaptured", "shifted", "lost"))
    assert parts == pytest.approx(money["total change"], abs=2.1)
    assert money["lost"] < 0


def test_the_twin_of_the_hours_holds_a_day(english):
    twin = hours_chapter(english).pictures[0].twin
    table = hourly()
    seven = table[(table["scenario"] == "as is") & (table["hour"] == 7)].iloc[0]
    assert len(twin.rows) == 24
    assert twin.rows[7][0] == "7:00"
    assert shown(twin.rows[7][1]) == pytest.approx(seven["needs"] / 21, abs=0.06)
    assert shown(twin.rows[7][3]) - shown(twin.rows[7][2]) == pytest.approx(25, abs=0.11)


def test_the_twin_of_the_map_holds_every_outlet_and_marks_new_ones(english):
    chapter = map_chapter(english)
    twin, (table, _) = chapter.pictures[0].twin, outlets()
    assert len(twin.rows) == table["facility"].nunique() == 122
    assert {row[0] for row in twin.rows if row[3] == "new outlet"} == {"new-1", "new-2"}
    assert shown(twin.rows[0][5]) == pytest.approx(table["visits"].max() / 21, abs=0.06)
    assert [row[0] for row in chapter.tables[0].rows[-2:]] == ["breakfast shop new-2", "breakfast shop new-1"]


def test_the_twin_of_the_homes_holds_every_square_of_thirty(english):
    twin = homes_chapter(english).pictures[0].twin
    table = cells()
    assert len(twin.rows) == len(table[(table["scenario"] == "as is") & (table["residents"] >= 30)])
    first = table[(table["x_m"] == 50) & (table["y_m"] == 50)].set_index("scenario")["satisfaction"]
    row = {cells[0]: cells for cells in twin.rows}["50, 50"]
    assert shown(row[2]) == pytest.approx(first["as is"], abs=0.06)
    assert shown(row[3]) == pytest.approx(first["four counters"] - first["as is"], abs=0.06)


def test_costs_are_numbers_or_no_cost_given(english):
    rows = costs_chapter(english).tables[0].rows
    assert rows[0] == ("four counters", "add outlets", "120,000", "8,000")
    assert all(row[2:] == ("no cost given", "no cost given") for row in rows[1:])


def test_the_balance_sheet_stands_beside_its_bands(english):
    chapter = balance_chapter(english)
    rows = {row[0]: row for row in chapter.tables[0].rows}
    walks = rows["Walking time, share of visits · groceries · 0-5 min"]
    assert walks[1:6] == ("71.0", "20.0", "50.0", "%", "no")
    assert rows["Share met at home · breakfast"][6] == "yes"
    assert chapter.folded[0].rows == (("Turnover per outlet-day · breakfast shop", "982", "yuan per day"),)


def test_the_settings_hold_every_digest(english):
    open_facts = dict(settings_chapter(english).tables[0].rows)
    assert open_facts["seed"] == "20230711"
    assert open_facts["digests.world"] == "ab12" * 16
    assert dict(settings_chapter(english).folded[0].rows)["policies.four counters[0].count"] == "4"


def test_a_street_walked_by_too_few_is_drawn_unwalked(run_with_draws, english):
    table = pd.read_csv(run_with_draws / "map" / "edges.csv")
    table.loc[0, "footfall"] = np.nan
    from circlesim.reporting.charts.street_map import plot_street_map
    from circlesim.reporting.place_chapters import mapped_outlets

    assert plot_street_map(table, mapped_outlets(english)).patches


def test_the_displacement_adds_up_to_what_all_outlets_gain(english):
    chapter = displacement_chapter(english)
    # Only the four counters move visits: two new outlets serve 100 a day each, four others lose a fifth.
    assert len(chapter.paragraphs) == 2
    assert "new ones +200.0" in chapter.paragraphs[1]
    last = chapter.folded[0].rows[-1]
    parts = [shown(cell) for cell in last[1:5]]
    assert parts[1] == 200.0
    assert parts[0] < 0.0
    assert parts[3] == pytest.approx(sum(parts[:3]), abs=0.2)
    lost = outlets()[0].query("scenario == 'as is'")["visits"].head(4).sum() * 0.2 / 21
    assert parts[0] == pytest.approx(-lost, abs=0.06)


def test_the_operators_are_told_by_month_and_by_format(english):
    chapter = operator_chapter(english)
    twin = chapter.pictures[0].twin
    assert len(twin.rows) == 12
    assert twin.rows[0][:6] == ("as is", "2024-01", "48.0", "3.0", "0.9", "0.2")
    by_format = {row[:2]: row for row in chapter.folded[0].rows}
    assert by_format["four counters", "restaurant"][-1] == "6,000"
    # 0.3 and 0.5 a month, and 0.05 more each month in both formats: 6.9 of 48 in half a year.
    assert "6.9 operators give up in 6 months, of 48 who trade (29% a year)" in chapter.paragraphs[1]


def test_a_survey_counts_the_intervals_that_hold_the_truth(english):
    rows = survey_chapter(english).tables[0].rows
    assert rows[0] == (
        "as is",
        "Share satisfied",
        "312",
        "74.0%",
        "70.1 to 77.9",
        "73.0%",
        "1.04",
        "1,743",
        "1 of 2",
    )
    assert rows[1][-2] == "more than live here"
