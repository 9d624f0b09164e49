"""What is added to a run uses what is there, and comes out as if all had been asked for at once."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from small_runs import as_is, cashless, counters, small
from test_run_folder_resume import files

from circlesim.experiments.store import FolderStore
from circlesim.experiments.unit_file import UnitFile
from circlesim.policies import AddFacilities

SINCE = date(2024, 3, 6)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("at_once")
    small(replications=2, measure_from=SINCE).run(folder, workers=1)
    return folder


def scenarios_run(folder):
    return sorted(UnitFile(path).contents["scenarios"] for path in folder.glob("units/*/a000-r0000.zip"))


def test_a_scenario_added_at_the_end_is_run_beside_its_baseline_only(at_once, tmp_path):
    small(as_is(), counters(), replications=2, measure_from=SINCE).run(tmp_path, workers=1)
    small(replications=2, measure_from=SINCE).run(tmp_path, workers=1)
    assert scenarios_run(tmp_path) == [["as is", "cashless"], ["as is", "counters"]]
    assert files(tmp_path) == files(at_once)


def test_a_scenario_with_new_outlets_moves_no_figure_of_the_others(at_once, tmp_path):
    small(as_is(), cashless(), replications=2, measure_from=SINCE).run(tmp_path, workers=1)
    small(replications=2, measure_from=SINCE).run(tmp_path, workers=1)
    assert scenarios_run(tmp_path) == [["as is", "cashless"], ["as is", "counters"]]
    assert files(tmp_path) == files(at_once)


def test_a_scenario_of_new_formats_moves_no_figure_of_the_others(tmp_path):
    library = as_is().with_policies("library", AddFacilities(format="library", count=3, siting="largest_gap"))
    small(replications=2, measure_from=SINCE).run(tmp_path / "steps", workers=1)
    asked = small(as_is(), counters(), cashless(), library, replications=2, measure_from=SINCE)
    asked.run(tmp_path / "steps", workers=1)
    asked.run(tmp_path / "whole", workers=1)
    assert files(tmp_path / "steps") == files(tmp_path / "whole")


def test_a_scenario_left_out_leaves_the_others_as_they_were(at_once, tmp_path):
    import shutil

    shutil.copytree(at_once, tmp_path / "run")
    two = small(as_is(), cashless(), replications=2, measure_from=SINCE)
    ran = two.run(tmp_path / "run", workers=1)
    assert scenarios_run(tmp_path / "run") == [["as is", "counters", "cashless"]]
    two.run(tmp_path / "fresh", workers=1)
    # The table of all outlets lists those of the roster that was asked for in either way.
    assert files(tmp_path / "run") == files(tmp_path / "fresh")
    assert len(ran.compare())


def test_the_map_is_made_again_where_another_scenario_comes_first(tmp_path):
    small(as_is(), cashless(), replications=1, measure_from=SINCE).run(tmp_path / "run", workers=1)
    turned = small(cashless(), as_is(), replications=1, measure_from=SINCE)
    turned.run(tmp_path / "run", workers=1)
    turned.run(tmp_path / "fresh", workers=1)
    assert files(tmp_path / "run") == files(tmp_path / "fresh")


def test_scenarios_added_under_assumptions_are_paired_with_the_same_draws(tmp_path):
    few = {"replications": 1, "assumptions": 2, "measure_from": SINCE}
    small(as_is(), counters(), **few).run(tmp_path / "run", workers=1)
    small(**few).run(tmp_path / "run", workers=1)
    small(**few).run(tmp_path / "fresh", workers=1)
    assert files(tmp_path / "run") == files(tmp_path / "fresh")


def test_the_same_baseline_run_twice_is_the_same_to_the_last_digit(at_once, tmp_path):
    small(as_is(), counters(), replications=1, measure_from=SINCE).run(tmp_path, workers=1)
    small(as_is(), cashless(), replications=1, measure_from=SINCE).run(tmp_path, workers=1)
    first, second = (UnitFile(path)["outcomes"] for path in sorted(tmp_path.glob("units/*/a000-r0000.zip")))
    both = [table[table["scenario"] == "as is"].reset_index(drop=True) for table in (first, second)]
    pd.testing.assert_frame_equal(*both, check_exact=True)


def test_units_are_found_by_what_they_hold_and_not_by_the_order_of_the_file(tmp_path):
    small(as_is(), counters(), cashless(), replications=1, measure_from=SINCE).run(tmp_path, workers=1)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("units/*/*.zip")}
    small(as_is(), cashless(), counters(), replications=1, measure_from=SINCE).run(tmp_path, workers=1)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("units/*/*.zip")} == before


def test_a_store_lists_its_casts(at_once):
    import json

    store = FolderStore(at_once, json.loads((at_once / "run.json").read_text())["digest"])
    assert [cast.names for cast in store.casts().values()] == [("as is", "counters", "cashless")]
