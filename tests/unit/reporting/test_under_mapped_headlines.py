"""Where a map misses outlets no effect is headlined, in either language, on the page and on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up_run import write_run

from circlesim.cli import main
from circlesim.reporting.findings import headlines
from circlesim.reporting.first_page import cards
from circlesim.reporting.material import Material
from circlesim.reporting.report import write_report

SUPPLY = {"under_mapped": True, "share": 0.07, "basic_share": 0.09, "rule": "r", "source": "s", "formats": []}


@pytest.fixture(scope="module")
def thin_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = write_run(tmp_path_factory.mktemp("thin"), draws=50)
    path = run / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["world"]["supply"] = SUPPLY
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return run


def test_cards_state_no_effect_and_say_why(thin_run: Path, english: Material) -> None:
    thin = Material.of(thin_run, "en")
    assert [card.effects for card in cards(thin)] == [()] * len(thin.run.pairs)
    assert all(card.withheld for card in cards(thin))
    assert {label for card in cards(thin) for label, _ in card.notes} == {"Cost"}
    assert all(card.effects and not card.withheld for card in cards(english))


def test_findings_give_no_headline_where_supply_is_under_mapped(english: Material) -> None:
    found = next(iter(english.found.values()))
    assert headlines(found)
    assert headlines(found, under_mapped=True) == []


@pytest.mark.parametrize(("lang", "words"), [("en", "Under-mapped supply"), ("zh", "网点数据不全")])
def test_the_warning_stands_above_the_first_card(thin_run: Path, tmp_path: Path, lang: str, words: str) -> None:
    text = write_report(thin_run, lang, tmp_path / "report.html").read_text("utf-8")
    head = text[: text.index('class="card"')]
    assert words in head
    assert "7%" in head
    assert 'class="mark' not in text


def test_the_screen_warns_before_the_table(thin_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from circlesim.cli.effects import print_warning

    print_warning(json.loads((thin_run / "manifest.json").read_text("utf-8")))
    assert "UNDER-MAPPED SUPPLY: the map shows 7%" in capsys.readouterr().out
    print_warning({"world": {"supply": {**SUPPLY, "under_mapped": False}}})
    assert capsys.readouterr().out == ""
    assert main(["report", str(thin_run)]) == 0
