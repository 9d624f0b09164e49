"""Charts: they take a table, return axes, and leave the world as it was."""

import matplotlib
import pandas as pd
import pytest
from made_up_run import comparison, economy, hourly, months, outlets, streets, winners
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from circlesim.experiments.worth import acceptability_table
from circlesim.reporting.charts.acceptability import plot_acceptability
from circlesim.reporting.charts.barriers import (
    plot_met_if_lifted,
    plot_pushed_out_by_barrier,
    plot_unmet_by_barrier,
)
from circlesim.reporting.charts.canvas import shortened, text_width_in
from circlesim.reporting.charts.fates import plot_fates_of_needs
from circlesim.reporting.charts.forest import forest_rows, plot_effect_by_subgroup
from circlesim.reporting.charts.home_map import plot_satisfaction_by_home
from circlesim.reporting.charts.hours import plot_needs_and_visits_by_hour, plot_visit_change_by_hour
from circlesim.reporting.charts.operators import plot_exits_and_entries_by_month, plot_vacancies_by_month
from circlesim.reporting.charts.street_map import plot_street_map
from circlesim.reporting.charts.switching import plot_where_spending_comes_from
from circlesim.reporting.charts.winners import plot_winners_and_losers
from circlesim.reporting.svg import figure_svg

BARRIERS = pd.DataFrame({"barrier": ["closed", "full"], "before": [0.01, 0.004], "after": [0.008, 0.005]})
WINNERS = winners()[lambda t: (t["scenario"] == "keep cash") & (t["threshold"] == 0.1)]
CURVE = acceptability_table(economy(), {"four counters": "as is"})[lambda t: t["effect"] == "satisfied_adults"]
TABLES = {
    plot_unmet_by_barrier: (BARRIERS,),
    plot_met_if_lifted: (BARRIERS,),
    plot_pushed_out_by_barrier: (BARRIERS,),
    plot_effect_by_subgroup: (
        comparison(draws=50)[lambda t: (t["measure"] == "spend") & (t["scenario"] == "keep cash")],
    ),
    plot_fates_of_needs: (
        pd.DataFrame({"service": ["all"], "scenario": ["as is"], "inside": [0.8], "home": [0.2]}),
    ),
    plot_where_spending_comes_from: (
        pd.DataFrame(
            {"part": ["new", "recaptured", "shifted", "lost", "total"], "spend_change": [3.0, 2, 1, -4, 2]}
        ),
    ),
    plot_needs_and_visits_by_hour: (hourly()[lambda t: t["scenario"] == "as is"],),
    plot_visit_change_by_hour: (pd.DataFrame({"scenario": "x", "hour": range(24), "change": [1.0] * 24}),),
    plot_vacancies_by_month: (months(),),
    plot_exits_and_entries_by_month: (months(),),
    plot_winners_and_losers: (WINNERS,),
    plot_acceptability: (CURVE,),
    plot_street_map: (streets(), outlets()[1].assign(**{"class": "basic", "visits": 3.0, "new": False})),
    plot_satisfaction_by_home: (pd.DataFrame({"x_m": [0, 100], "y_m": [0, 0], "value": [60.0, 70.0]}),),
}


@pytest.mark.parametrize("plot", TABLES, ids=lambda plot: plot.__name__)
def test_a_plot_makes_axes_or_uses_those_given_and_sets_no_style(plot):
    before = dict(matplotlib.rcParams)
    tables = [table.copy() for table in TABLES[plot]]
    made = plot(*tables)
    assert isinstance(made, Axes)
    own = Figure().add_subplot()
    assert plot(*tables, own) is own
    assert dict(matplotlib.rcParams) == before
    for table, kept in zip(tables, TABLES[plot], strict=True):
        pd.testing.assert_frame_equal(table, kept)


def test_plots_need_no_pyplot():
    import subprocess
    import sys

    code = "import sys, circlesim.reporting.report as r; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_filled_dot_is_a_range_without_zero():
    table = TABLES[plot_effect_by_subgroup][0]
    luck = table.assign(assumption_low=float("nan"), assumption_high=float("nan"))
    dots = {
        name: {
            line.get_markerfacecolor()
            for line in plot_effect_by_subgroup(each).lines
            if line.get_marker() == "o" and len(line.get_xdata())
        }
        for name, each in (("assumptions", table), ("luck", luck))
    }
    assert dots == {"assumptions": {"white"}, "luck": {"#0072b2"}}


def test_a_change_that_prints_as_zero_does_not_fill_its_panel():
    table = TABLES[plot_effect_by_subgroup][0].copy()
    table["unit"] = "share"
    table[["difference", "ci_low", "ci_high", "assumption_low", "assumption_high"]] = 1e-6
    low, high = plot_effect_by_subgroup(table).get_xlim()
    assert low < -0.2
    assert high > 0.2


def test_ages_stand_in_order_even_where_a_measure_leaves_children_out():
    table = comparison()
    ages = table[table["by"] == "age_band"]
    adults = ages[(ages["measure"] == "satisfaction_top2") & ~ages["group"].isin(["0-11", "12-17"])]
    rows = forest_rows(pd.concat([adults, ages[ages["measure"] == "spend"]]))
    assert [row.group for row in rows if row.group][:3] == ["0-11", "12-17", "18-29"]


def test_a_bar_of_fates_is_as_long_as_its_share():
    bars = plot_fates_of_needs(*TABLES[plot_fates_of_needs]).patches
    assert [bar.get_width() for bar in bars] == [80.0, 0.0, 20.0, 0.0, 0.0, 0.0]


def test_a_wide_character_takes_an_em_and_long_names_are_cut():
    assert text_width_in("早餐", 72) == 2.0
    assert shortened("早餐早餐早餐", 3.0, 72) == "早餐…"
    assert shortened("早餐", 3.0, 72) == "早餐"


def test_a_name_is_never_a_formula_and_svg_ids_never_clash():
    table = pd.DataFrame({"service": ["$a_1$"], "scenario": ["$x^2$ <b>"], "inside": [1.0]})
    svg = figure_svg(plot_fates_of_needs(table).figure, "one", "t", "d")
    assert "$x^2$ &lt;b&gt;" in svg
    assert "http" not in svg
    assert all(found.startswith("one-") for found in __import__("re").findall(r' id="([^"]+)"', svg))
