"""Every page runs, says what it says truly, and leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import typer.main
from doc_pages import ROOT, Shown, commands, fences, pages, rewritten, run_page

from circlesim.assessment.assess import assess_run
from circlesim.catalog.standards import read_standard
from circlesim.engine.mechanisms import Mechanisms

PAGES = pages()
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.M)


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _runs(path: Path) -> bool:
    return any(
        (f.kind == "python" and not f.is_left_alone) or (f.kind == "console" and f.is_run)
        for f in fences(path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("path", [*filter(_runs, PAGES)], ids=_id)
def test_a_page_runs_and_shows_its_true_output(path: Path, tmp_path: Path) -> None:
    for each in run_page(path.read_text(encoding="utf-8"), tmp_path):
        assert each.agrees or each.shown == each.true, (
            "python tests/docs/doc_pages.py --write  brings pages up to date"
        )


@pytest.mark.parametrize("path", PAGES, ids=_id)
def test_every_command_of_a_page_is_one_the_program_takes(path: Path) -> None:
    from circlesim.cli.app import app

    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for arguments in commands(path.read_text(encoding="utf-8")):
        if arguments[0] != "--version":
            verbs[arguments[0]].make_context(arguments[0], arguments[1:])


@pytest.mark.parametrize("path", PAGES, ids=_id)
def test_every_toml_snippet_is_toml(path: Path) -> None:
    for fence in fences(path.read_text(encoding="utf-8")):
        if fence.kind == "toml":
            tomllib.loads(fence.body)


@pytest.mark.parametrize("path", PAGES, ids=_id)
def test_every_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    lost = []
    for target in _LINK.findall(re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.S)):
        file, _, anchor = target.partition("#")
        if file.startswith(("http://", "https://", "mailto:")):
            continue
        to = (path.parent / file).resolve() if file else path
        if not to.exists() or (anchor and anchor not in _anchors(to)):
            lost.append(target)
    assert not lost


def _anchors(path: Path) -> set[str]:
    titles = _HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_the_reference_says_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_reference.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\npython scripts/write_reference.py"


def test_a_run_writes_the_columns_the_reference_describes(tmp_path: Path) -> None:
    import circlesim as cs

    town = cs.demo_world("old_town", residents=500)
    # A day that ends a month, so that outlets close their books.
    as_is = cs.Scenario("as is", town, days=1, start=date(2024, 3, 31))
    cash = as_is.with_policies("keep cash", cs.KeepCash(), cs.FillGaps(formats=("laundry",), budget_yuan=1e5))
    months = Mechanisms(months=True)
    survey = cs.SurveyDesign(sample=120)
    other = as_is.with_policies("late", cs.ExtendHours(formats=("library",), close="23:00"))
    design = cs.Factorial(["keep cash", "late"])
    claim = cs.Expectation(says="more is met", measure="met_share", higher=cs.Side(scenario="keep cash"))
    asked = cs.Experiment(
        [as_is, cash, other, *design.scenarios([as_is, cash, other])],
        factorial=design,
        replications=2,
        assumptions=1,
        warmup_days=7,
        mechanisms=months,
        survey=survey,
        expectations=[claim],
    )
    outcomes = asked.run(tmp_path / "run", keep_ledger=True)
    assess_run(outcomes, asked, read_standard("demo-grades")).write(tmp_path / "run")
    described = re.findall(r"^## `([\w*/]+\.(?:csv|parquet))`\n(.*?)(?=^## |\Z)", _run_folder(), re.M | re.S)
    assert len(described) > 10
    for name, words in described:
        (path, *_) = sorted((tmp_path / "run").glob(name))
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
        assert re.findall(r"^\| `(\w+)` \|", words, re.M) == list(table.columns), name


def _run_folder() -> str:
    return (ROOT / "docs" / "reference" / "run-folder.md").read_text(encoding="utf-8")


def test_every_page_of_docs_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(index.read_text("utf-8"))
    }
    assert {path for path in PAGES if "docs" in path.parts[-3:] or path.parent.parent.name == "docs"} - linked <= {
        index
    }


def test_both_readmes_name_the_same_commands_but_for_the_language() -> None:
    english, chinese = (
        list(commands((ROOT / name).read_text(encoding="utf-8"))) for name in ("README.md", "README.zh.md")
    )
    assert english == [words[: words.index("--lang")] for words in chinese]


def test_the_test_command_can_be_cut_out_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    cut = text.partition("<!-- test command -->\n")[2].partition("<!-- end -->")[0]
    (fence,) = fences(cut)
    assert fence.kind == "bash"
    assert "pytest" in fence.body
    assert len(fence.body.splitlines()) == 1


def test_a_false_output_is_seen_and_put_right(tmp_path: Path) -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    (found,) = run_page(page, tmp_path)
    assert found == Shown(shown="3\n", true="2\n", start=found.start, end=found.end)
    assert "\n2\n```\n" in rewritten(page, [found])
