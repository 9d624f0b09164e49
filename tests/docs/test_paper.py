"""The model description says what the code says, and every parameter says what identifies it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from doc_pages import ROOT

from circlesim import draws
from circlesim.catalog.parameters import default_parameters
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.state import State
from circlesim.ledger import Fate, Page
from circlesim.measures.catalogue import DEFAULT_MEASURES
from circlesim.world.facilities import COLUMNS
from circlesim.world.population import Population

PAPER = ROOT / "paper"
PAGES = sorted(PAPER.glob("*.md"))
ODD = (PAPER / "odd.md").read_text(encoding="utf-8")
PARAMETERS = default_parameters()


def script(name: str) -> Any:
    """A module of the folder `scripts`."""
    if str(ROOT / "scripts") not in sys.path:
        sys.path.insert(0, str(ROOT / "scripts"))
    return importlib.import_module(name)


def table_after(text: str, part: str) -> str:
    """What is generated between the markers of a part."""
    return text.partition(f"<!-- generated: {part}")[2].partition("<!-- end generated -->")[0]


def test_the_description_says_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_paper.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\npython scripts/write_paper.py"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("| `b_walk` | 0.15 |", "| `b_walk` | 0.25 |"),
        ("| `purse` |", "| `wallet` |"),
        ("| 4 | `CHOICE` |", "| 5 | `CHOICE` |"),
        ("| `capacity` | on |", "| `capacity` | off |"),
        ("held + rate * (observed - held)", "held + (observed - held)"),
    ],
)
def test_a_stale_table_is_seen_and_put_right(true: str, false: str) -> None:
    assert true in ODD
    stale = ODD.replace(true, false)
    assert script("write_paper").rewritten(stale) == ODD != stale


def test_prose_is_left_as_it_is() -> None:
    own_words = ODD.replace("## 1. Purpose and patterns", "## 1. Purpose, in other words")
    assert script("write_paper").rewritten(own_words) == own_words


def test_what_no_part_names_appears_by_itself() -> None:
    without = ODD.replace("parameters b_walk -->", "parameters b_wait -->")
    rest = table_after(script("write_paper").rewritten(without), "parameters *")
    assert "| `b_walk` |" in rest
    assert "| `b_wait` |" not in rest


def test_every_purpose_of_a_draw_is_described() -> None:
    numbered = {
        name: value for name, value in vars(draws).items()
        if name.isupper() and name[0] != "_" and isinstance(value, int) and value < 1000
    }  # fmt: skip
    table = table_after(ODD, "draws")
    assert len(numbered) >= 14
    for name, number in numbered.items():
        assert f"| {number} | `{name}` |" in table


def test_every_mechanism_is_described() -> None:
    for each in fields(Mechanisms):
        assert f"| `{each.name}` |" in table_after(ODD, "mechanisms")


def test_every_variable_is_described() -> None:
    for part, names in (
        ("classes circlesim.world.population", [f.name for f in fields(Population)]),
        ("classes circlesim.world.facilities", list(COLUMNS)),
        ("classes circlesim.engine.state", State._fields),
        ("classes circlesim.ledger", [f.name for f in fields(Page)]),
    ):
        missing = [name for name in names if f"| `{name}` |" not in table_after(ODD, part)]
        assert not missing, part
    assert all(f"`{fate.name}`" in table_after(ODD, "fates") for fate in Fate)


def test_every_rule_is_described_with_its_equation() -> None:
    modules = script("paper_tables").rule_modules()
    assert {module.__name__.rpartition(".")[2] for module in modules} >= {
        "choosing",
        "waiting",
        "judging",
        "paying",
    }
    for module in modules:
        name = module.__name__.rpartition(".")[2]
        for rule in script("paper_tables")._rules(module):
            assert f"**`{name}.{rule.__name__}(" in ODD


def test_every_parameter_is_described_once() -> None:
    tables = "".join(re.findall(r"<!-- generated: parameters.*?<!-- end generated -->", ODD, re.S))
    named = re.findall(r"^\| `(\w+)` \|", tables, re.M)
    assert sorted(named) == sorted(PARAMETERS.names)


def test_the_schedule_takes_up_every_need_before_any_counter() -> None:
    steps = re.findall(r"^\| ([\d.]+) \| `([\w.]+)` \|", table_after(ODD, "schedule"), re.M)
    order = [name for _, name in steps]
    for earlier, later in (
        ("engine.needs._arise", "engine.errands._run"),
        ("engine.errands._start", "engine.errands._arrive"),
        ("engine.counter.stopped_at", "engine.counter.serve"),
        ("engine.errands._arrive", "engine.errands._midnight"),
    ):
        assert order.index(earlier) < order.index(later)


def test_every_parameter_says_what_identifies_it() -> None:
    said = script("paper_identification").identification_rows()
    assert sorted(said) == sorted(PARAMETERS.names)
    for row in said.values():
        assert row["part"] in ("law", "residents", "town")
        assert row["moment"]
    page = (PAPER / "identification.md").read_text(encoding="utf-8")
    for name in PARAMETERS.names:
        assert f"| `{name}` |" in table_after(page, "identification")


def test_only_what_has_no_range_is_called_fixed() -> None:
    said = script("paper_identification").identification_rows()
    free = {row.name for row in PARAMETERS.rows if script("elasticities").is_free(row)}
    assert {name for name, row in said.items() if row["moment"] == "fixed"} == set(PARAMETERS.names) - free


def test_what_is_said_of_disconfirmation_is_so() -> None:
    # The pages say that it is idle at the defaults; they have to be rewritten when this no longer holds.
    assert PARAMETERS.number("perf_memory") == PARAMETERS.number("expectation_rate")
    rows = script("paper_tables").read_csv(PAPER / "elasticities.csv")
    idle = [row for row in rows if row["name"] == "w_disc"]
    assert len(idle) == len(DEFAULT_MEASURES)
    assert all(float(row["elasticity"]) == 0.0 for row in idle)


def test_elasticities_are_of_free_parameters_and_say_how_they_were_made() -> None:
    elasticities = script("elasticities")
    first, *_ = elasticities.OUT.read_text(encoding="utf-8").splitlines()
    assert first == f"# {elasticities.PROVENANCE}"
    rows = elasticities.read_rows(elasticities.OUT)
    assert {row["name"] for row in rows} <= set(elasticities.free_names(PARAMETERS))
    assert {row["measure"] for row in rows} == set(DEFAULT_MEASURES)
    assert all(np.isfinite(float(row[key])) for row in rows for key in ("elasticity", "standard_error", "value"))


def test_a_step_leaves_no_group_outside_its_range() -> None:
    elasticities = script("elasticities")
    for name in elasticities.free_names(PARAMETERS):
        down, up = elasticities.steps(PARAMETERS, name)
        assert 0.0 < down + up <= 2 * elasticities.STEP
        for factor in (1.0 - down, 1.0 + up):
            for row in elasticities.moved(PARAMETERS, name, factor).rows:
                if row.name == name and elasticities.is_free(row):
                    slack = 1e-12 * abs(row.value)
                    assert row.low - slack <= row.value <= row.high + slack


def test_an_elasticity_has_the_sign_and_size_it_must_have(monkeypatch: pytest.MonkeyPatch) -> None:
    elasticities = script("elasticities")
    for name, value in (("RESIDENTS", 400), ("DAYS", 3), ("WARMUP_DAYS", 1), ("REPLICATIONS", 2)):
        monkeypatch.setattr(elasticities, name, value)
    found = {(row[0], row[1]): float(row[2]) for row in elasticities.elasticities(["basket_yuan", "w_perf"])}
    assert 0.8 < found["basket_yuan", "spend"] < 1.2
    assert found["w_perf", "spend"] == 0.0
    assert found["w_perf", "satisfaction_index"] > 0.0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_of_the_paper_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).resolve().exists()] == []
