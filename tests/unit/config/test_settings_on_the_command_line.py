"""``--set``: any key of an experiment file, changed without touching the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from circlesim.config.overrides import toml_word, with_settings
from circlesim.errors import ConfigError

DOCUMENT: dict[str, Any] = {
    "world": "old_town",
    "days": 28,
    "measures": ["spend", "unmet_share"],
    "scenarios": {"as is": {}, "four counters": {"policies": [{"add_facilities": {"count": 4}}]}},
}


def changed(*settings: str) -> dict[str, Any]:
    document, _ = with_settings(DOCUMENT, settings)
    return document


def test_a_setting_changes_one_key_and_leaves_the_file_alone() -> None:
    assert changed("days=7")["days"] == 7
    assert DOCUMENT["days"] == 28


@pytest.mark.parametrize(
    "setting",
    [
        'scenarios."four counters".policies[0].add_facilities.count=8',
        "scenarios.'four counters'.policies.0.add_facilities.count=8",
        '"scenarios"."four counters".policies[0].add_facilities."count"= 8',
    ],
)
def test_a_key_path_of_a_message_can_be_set(setting: str) -> None:
    policy = changed(setting)["scenarios"]["four counters"]["policies"][0]
    assert policy == {"add_facilities": {"count": 8}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("true", True),
        ("2024-03-11", date(2024, 3, 11)),
        ('["a", "b"]', ["a", "b"]),
        ('{base = "default"}', {"base": "default"}),
        ("largest_gap", "largest_gap"),
        ("./towns/mine", "./towns/mine"),
        ('"7"', "7"),
        ("as is", "as is"),
        ("1\nb = 2", "1\nb = 2"),
        ("", ""),
    ],
)
def test_a_value_is_toml_and_a_bare_word_is_text(text: str, value: object) -> None:
    assert toml_word(text) == value


def test_an_item_can_be_replaced_or_added_at_the_end_of_a_list() -> None:
    assert changed("measures[1]=walk_min", "measures[2]=wait_min")["measures"] == ["spend", "walk_min", "wait_min"]


def test_a_short_form_grows_into_its_table() -> None:
    document = changed("world.residents=2000", 'parameters."b_walk[age=70+]"=0.2')
    assert document["world"] == {"name": "old_town", "residents": 2000}
    assert document["parameters"] == {"b_walk[age=70+]": 0.2}


def test_a_path_typed_in_a_shell_is_read_from_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert changed("world=towns/mine")["world"] == str(tmp_path / "towns" / "mine")
    assert changed("world=helsinki")["world"] == "helsinki"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("days", "not a setting"),
        ("=7", "not a setting"),
        ("days.=7", "not a setting"),
        ("da ys=7", "not a setting"),
        ("measures=[1", "not a TOML value"),
        ("measures[9]=spend", "a whole number below 3"),
        ("measures.first=spend", "a whole number below 3"),
        ("days.hours=7", "a single value"),
        ('scenarios."for counters".baseline=x', "did you mean 'four counters'?"),
        ('scenarios."four counters".policies[1].add_facilities.count=1', "a whole number below 1"),
    ],
)
def test_a_setting_that_leads_nowhere_is_refused(setting: str, told: str) -> None:
    with pytest.raises(ConfigError, match="--set") as refused:
        changed(setting)
    assert told in str(refused.value)


def test_all_faulty_settings_are_listed_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        changed("days", "days=7", "measures=[1", "days.hours=7")
    assert len(refused.value.faults) == 3
