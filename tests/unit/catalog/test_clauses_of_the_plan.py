"""The plan's measures: every one has an answer that exists, or is said to have none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from circlesim.catalog.clauses import CLAUSES, KINDS, Clause
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.parameters import default_parameters
from circlesim.cli import main
from circlesim.experiments.outcomes import CSV_TABLES
from circlesim.measures.catalogue import MEASURE_NAMES
from circlesim.planning.planned import TABLES as PLAN_TABLES
from circlesim.policies import POLICIES, Policy
from circlesim.policies.policy import field_table

ROOT = Path(__file__).parents[3]
OWED: set[str] = set()
"""What is not built yet; a measure leaves this list when it is answered, and none may join it unseen."""

TABLES = {f"{name}.csv" for name in (*CSV_TABLES, *PLAN_TABLES)}

each = pytest.mark.parametrize("one", CLAUSES, ids=lambda one: one.clause)


def test_all_seventy_eight_have_a_row() -> None:
    assert [one.clause for one in CLAUSES] == [f"F{number:02d}" for number in range(1, 79)]


def test_what_is_owed_is_said_and_nothing_else_is() -> None:
    assert {one.clause for one in CLAUSES if one.kind == "gap"} == OWED


@each
def test_what_a_measure_of_the_plan_is_answered_with_exists(one: Clause) -> None:
    shared = {name for name in field_table(POLICIES["keep_cash"])[0] if name in Policy.__dataclass_fields__}
    parameters = {*default_parameters().names, *shared, "presets", "city"}
    known = {
        "policy": set(POLICIES), "format": set(FORMATS), "measure": {*MEASURE_NAMES, "coverage"},
        "parameter": parameters, "report": {"survey", "standards", "annual.csv", *TABLES, *parameters},
        "none": set(), "gap": set(),
    }  # fmt: skip
    assert set(one.answer) <= known[one.kind]
    assert bool(one.answer) == (one.kind not in ("none", "gap"))
    assert one.kind in KINDS
    assert one.tier in "ABCD"


@each
def test_the_test_a_measure_of_the_plan_names_is_there(one: Clause) -> None:
    if one.kind in ("none", "gap"):
        assert not one.test
        assert one.note
        return
    path, _, name = one.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in names if name else any(found.startswith("test_") for found in names)


@each
def test_context_moves_cost_or_dates_or_nothing(one: Clause) -> None:
    if one.tier == "D":
        assert set(one.answer) <= {"delay_days", "shared_cost"}


def test_every_policy_carries_out_a_measure_that_names_it() -> None:
    for name, policy in POLICIES.items():
        assert name in {answer for one in CLAUSES if one.kind == "policy" for answer in one.answer}, name
        assert policy.clause in {one.clause for one in CLAUSES}


def test_the_list_and_one_measure_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "clauses"]) == 0
    listed = capsys.readouterr().out
    assert all(f"F{number:02d}" in listed for number in range(1, 79))
    assert main(["show", "clauses", "F47"]) == 0
    shown = capsys.readouterr().out
    assert "no effect modelled" in shown
    assert "退休人员再就业" in shown
