"""Every broken experiment file ends in exit 2, says what to do, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.cli import main
from circlesim.config.experiment import ExperimentFile

SOUND = """
question     = "Do more breakfast counters raise satisfaction?"
world        = "old_town"
start        = 2024-03-04
days         = 14
warmup_days  = 2
replications = 4
assumptions  = 0
measure_from = 2024-03-06
seed         = 7
measures     = ["satisfaction_top2", "unmet_share"]
by           = ["age_band"]
baseline     = "as is"
[scenarios."as is"]
[scenarios."counters"]
policies = [ {add_facilities = {format = "breakfast_shop", count = 2, starts = 2024-03-05}} ]
[scenarios."longer"]
policies = [ {extend_hours = {formats = ["library"], close = "22:00"}} ]
[scenarios."drift"]
policies = [ {refuse_cash = {share = 0.3, seed = 5}} ]
[scenarios."keep"]
baseline = "drift"
policies = [ "drift", {keep_cash = {}} ]
[scenarios."package"]
policies = [ "counters", "late evenings" ]
[policies."late evenings"]
extend_hours = {formats = ["gym"], close = "22:00"}
"""

ADD = '{add_facilities = {format = "breakfast_shop", count = 2, starts = 2024-03-05}}'

BROKEN: dict[str, tuple[str, str, list[str]]] = {
    "unknown key": ("days         = 14", "dayz = 14", ["dayz", "unknown key", "did you mean 'days'?"]),
    "key under the wrong table": (
        '[scenarios."counters"]',
        '[scenarios."counters"]\nmeasures = ["spend"]',
        ["scenarios.counters.measures", "belongs at the top of the file"],
    ),
    "misspelt scenario table": ('[scenarios."longer"]', '[scenario."longer"]', ["did you mean 'scenarios'?"]),
    "misspelt measure": ('"unmet_share"', '"unmet_shares"', ["measures[1]", "did you mean 'unmet_share'?"]),
    "coverage of no format": (
        '"unmet_share"',
        '"coverage:breakfst_shop:10"',
        ["measures[1]", "did you mean 'breakfast_shop'?"],
    ),
    "measure named twice": ('"unmet_share"', '"satisfaction_top2"', ["measures[1]", "named twice"]),
    "survey of nobody": (
        "seed         = 7",
        "seed = 7\nsurvey = {sample = 1, strat = 'age_band', weights = 'raked'}",
        ["survey.sample", "survey.strat", "did you mean 'strata'?"],
    ),
    "survey weighted as nobody can": (
        "seed         = 7",
        'seed = 7\nsurvey = {sample = 50, strata = "age", weights = "raked"}',
        ["survey.strata", "survey.weights", "none or post_stratified"],
    ),
    "claims on what is not there": (
        "seed         = 7",
        """seed = 7
expectations = [{says = "x", measure = "unmet", higher = {scenario = "countrs", over = "as is", grup = "70+"}}]
laws = [{says = "y", measure = "unmet_share", higher = {scenario = "as is", by = "sex"}, off = ["queues"]}]""",
        [
            "expectations[0].higher.grup",
            "did you mean 'group'?",
            "expectations[0].measure",
            "did you mean 'unmet_share'?",
            "expectations[0].higher.scenario",
            "did you mean 'counters'?",
            "laws[0].higher.by",
            "laws[0].off[0]",
            "unknown mechanism",
        ],
    ),
    "a claim without words": (
        "seed         = 7",
        'seed = 7\nlaws = [{measure = "unmet_share"}]',
        ["laws[0].says", "missing", "a sentence in quotes"],
    ),
    "no measures": ('["satisfaction_top2", "unmet_share"]', "[]", ["measures", "no measure is named"]),
    "misspelt policy": (
        "{keep_cash = {}}",
        "{kep_cash = {}}",
        ["scenarios.keep.policies[1].kep_cash", "did you mean 'keep_cash'?"],
    ),
    "policy as text": (
        '"drift", {keep_cash = {}}',
        '"drift", "keep_cash"',
        ["scenarios.keep.policies[1]", "{keep_cash = {}}"],
    ),
    "two policies in one table": (
        "{keep_cash = {}}",
        "{keep_cash = {}, refuse_cash = {share = 0.1, seed = 1}}",
        ["scenarios.keep.policies[1]", "not exactly one policy"],
    ),
    "misspelt key of a policy": (
        "count = 2",
        "cuont = 2",
        ["scenarios.counters.policies[0].add_facilities.cuont", "did you mean 'count'?"],
    ),
    "unknown format": (
        '"breakfast_shop", count',
        '"brekfast_shop", count',
        ["scenarios.counters.policies[0].add_facilities.format", "did you mean 'breakfast_shop'?"],
    ),
    "unknown format in a named policy": (
        '["gym"]',
        '["gim"]',
        ['policies."late evenings".extend_hours.formats', "did you mean 'gym'?"],
    ),
    "count of none": ("count = 2", "count = 0", ["add_facilities.count", "found 0"]),
    "count in words": ("count = 2", 'count = "two"', ["add_facilities.count", "a whole number"]),
    "starts before the first day": (
        "starts = 2024-03-05",
        "starts = 2024-02-05",
        ["add_facilities.starts", "not simulated", "2024-03-04 to 2024-03-17"],
    ),
    "starts after the last day": ("starts = 2024-03-05", "starts = 2024-03-18", ["add_facilities.starts"]),
    "ends before it starts": (
        "starts = 2024-03-05",
        "starts = 2024-03-08, ends = 2024-03-07",
        ["add_facilities.ends", "2024-03-08 or later"],
    ),
    "ends before the first day": ("{keep_cash = {}}", "{keep_cash = {ends = 2024-03-01}}", ["keep_cash.ends"]),
    "start as text": (
        "starts = 2024-03-05",
        'starts = "2024-03-05"',
        ["add_facilities.starts", "a date such as 2024-03-11"],
    ),
    "share above one": ("share = 0.3", "share = 1.3", ["refuse_cash.share", "between 0 and 1"]),
    "share in percent": ("share = 0.3", "share = 30.0", ["refuse_cash.share", "did you mean 0.3?"]),
    "a 25th hour": ('"22:00"}} ]', '"25:00"}} ]', ["extend_hours.close", "25:00", "00:00 to 24:00"]),
    "close before open": (
        'close = "22:00"}} ]',
        'open = "12:00", close = "08:00"}} ]',
        ["scenarios.longer.policies[0].extend_hours"],
    ),
    "negative cost": ("{keep_cash = {}}", "{keep_cash = {capital_yuan = -5}}", ["keep_cash.capital_yuan"]),
    "stacks itself": (
        '"counters", "late evenings"',
        '"package", "late evenings"',
        ["scenarios.package.policies[0]", "stacks itself"],
    ),
    "stacks in a circle": (
        '{keep_cash = {}} ]\n[scenarios."package"]\npolicies = [ "counters"',
        '"package" ]\n[scenarios."package"]\npolicies = [ "keep"',
        ["scenarios.keep.policies[1]", "scenarios.package.policies[0]", "in a circle"],
    ),
    "stacks an unknown name": (
        '"counters", "late evenings"',
        '"counter", "late evenings"',
        ["scenarios.package.policies[0]", "did you mean 'counters'?"],
    ),
    "name of a scenario and a policy": (
        '[policies."late evenings"]',
        '[policies.drift]\nkeep_cash = {}\n[policies."late evenings"]',
        ["policies.drift", "both a scenario and a policy"],
    ),
    "unknown baseline": ('baseline     = "as is"', 'baseline = "as it"', ["baseline", "did you mean 'as is'?"]),
    "compared with itself": ('baseline = "drift"', 'baseline = "keep"', ["scenarios.keep.baseline", "itself"]),
    "scenario twice": ('[scenarios."longer"]', '[scenarios."drift"]', ["not TOML", "only once"]),
    "scenario without a name": ('[scenarios."longer"]', '[scenarios.""]', ["a scenario needs a name"]),
    "scenario that is no table": ('[scenarios."as is"]', '[scenarios]\n"as is" = 3', ['scenarios."as is"']),
    "days of none": ("days         = 14", "days = 0", ["days", "too small", "at least 1"]),
    "days as text": ("days         = 14", 'days = "14"', ["days", 'found "14"', "a whole number of days"]),
    "days in halves": ("days         = 14", "days = 14.5", ["days", "found 14.5"]),
    "no such date": ("start        = 2024-03-04", "start = 2024-02-30", ["not TOML"]),
    "start as a word": ("start        = 2024-03-04", 'start = "March"', ["start", "a date without quotes"]),
    "negative warm-up": ("warmup_days  = 2", "warmup_days = -1", ["warmup_days", "at least 0"]),
    "one replication": ("replications = 4", "replications = 1", ["replications", "an interval needs two"]),
    "negative replications": ("replications = 4", "replications = -4", ["replications", "found -4"]),
    "misspelt precision": (
        "replications = 4",
        "replications = {min = 4, btach = 2, half_width = {satisfaction_top2 = 0.005}}",
        ["replications.btach", "did you mean 'batch'?"],
    ),
    "negative assumptions": ("assumptions  = 0", "assumptions = -1", ["assumptions"]),
    "negative seed": ("seed         = 7", "seed = -7", ["seed", "found -7"]),
    "seed with a point": ("seed         = 7", "seed = 7.0", ["seed", "found 7.0"]),
    "seed in words": ("seed         = 7", "seed = true", ["seed", "found true"]),
    "measured before the start": ("measure_from = 2024-03-06", "measure_from = 2024-03-01", ["measure_from"]),
    "measured after the end": (
        "measure_from = 2024-03-06",
        "measure_from = 2024-03-18",
        ["measure_from", "2024-03-04 to 2024-03-17"],
    ),
    "unknown dimension": ('["age_band"]', '["age_bands"]', ["by[0]", "did you mean 'age_band'?"]),
    "dimension without a list": ('["age_band"]', '"age_band"', ["by", "a list of dimensions"]),
    "unknown demo world": ('"old_town"', '"oldtown"', ["world", "did you mean 'old_town'?"]),
    "demo world as a path": ('"old_town"', '"./old_town"', ["world", 'written world = "old_town"']),
    "world folder as a name": ('"old_town"', '"mytown"', ["world", "did you mean './mytown'?"]),
    "no such world folder": ('"old_town"', '"towns/nowhere"', ["world", "no such world folder"]),
    "a file as world": ('"old_town"', '"notes.txt"', ["world", "a file, not a world folder"]),
    "an empty world folder": ('"old_town"', '"./mytown"', ["world.toml"]),
    "misspelt parameter": ("seed         = 7", "parameters = {b_walc = 0.2}", ["did you mean 'b_walk'?"]),
    "unknown group of a parameter": (
        "seed         = 7",
        'parameters = {"b_walk[age=99-100]" = 0.2}',
        ['parameters."b_walk[age=99-100]"', "no such group"],
    ),
    "broken group of a parameter": (
        "seed         = 7",
        'parameters = {"b_walk[70+" = 0.2}',
        ['parameters."b_walk[70+"', "no such group"],
    ),
    "parameter out of range": ("seed         = 7", "parameters = {b_walk = 99}", ["parameters.b_walk", "range"]),
    "parameter below zero": ("seed         = 7", "parameters = {b_walk = -0.1}", ["parameters.b_walk"]),
    "parameter not a number": ("seed         = 7", "parameters = {b_walk = nan}", ["parameters.b_walk"]),
    "parameter in words": ("seed         = 7", 'parameters = {b_walk = "steep"}', ["parameters.b_walk", "number"]),
    "unknown parameter set": ("seed         = 7", 'parameters = "defaults"', ["did you mean 'default'?"]),
    "no such parameter file": ("seed         = 7", 'parameters = "./none.csv"', ["cannot be read", "none.csv"]),
    "a text as parameter file": ("seed         = 7", 'parameters = "notes.txt"', ["wrong columns"]),
    "misspelt mechanism": (
        '[policies."late evenings"]',
        '[mechanisms]\ncapasity = false\n[policies."late evenings"]',
        ["mechanisms.capasity", "did you mean 'capacity'?"],
    ),
    "mechanism in words": (
        '[policies."late evenings"]',
        '[mechanisms]\ncapacity = "no"\n[policies."late evenings"]',
        ["mechanisms.capacity", "true or false"],
    ),
    "text without quotes": ('world        = "old_town"', "world = old_town", ["not TOML", "quotes"]),
}


def _let_through(_: ExperimentFile) -> None:
    raise AssertionError("a broken file was let through")


def refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """Run a command that must be refused with exit 2 and must write nothing; return what it said."""
    (tmp_path / "mytown").mkdir(exist_ok=True)
    (tmp_path / "notes.txt").write_text("not a world\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ExperimentFile, "experiment", _let_through)
    before = sorted(tmp_path.rglob("*"))
    code = main([*words])
    said = capsys.readouterr()
    assert code == 2, said
    assert "Traceback" not in said.err
    assert said.out == ""
    assert sorted(tmp_path.rglob("*")) == before
    return said.err


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_words_to_act_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, told = BROKEN[name]
    assert old in SOUND
    (tmp_path / "experiment.toml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    said = refusal(tmp_path, monkeypatch, capsys, "run", "experiment.toml")
    missing = [words for words in told if words not in said]
    assert not missing, said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\n  \n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"PK\x03\x04 spreadsheet \x00", "not a text file"),
        ('world = "旧城"'.encode("gbk"), "UTF-8"),
        (b"seed = 3\n", "scenarios"),
        (b'{"world": "old_town"}', "not TOML"),
    ],
    ids=["empty", "blank", "picture", "spreadsheet", "other encoding", "no world and no scenario", "json"],
)
def test_a_file_that_is_no_experiment_is_refused(
    content: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "experiment.toml").write_bytes(content)
    assert told in refusal(tmp_path, monkeypatch, capsys, "run", "experiment.toml")


@pytest.mark.parametrize("verb", ["run", "show", "check"])
def test_a_missing_file_suggests_its_neighbour(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "experiment.toml").write_text(SOUND, encoding="utf-8")
    said = refusal(tmp_path, monkeypatch, capsys, verb, "./experimnt.toml")
    assert "there is no such file" in said
    assert "did you mean 'experiment.toml'?" in said


def test_a_folder_instead_of_a_file_points_to_the_file_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "experiment.toml").write_text(SOUND, encoding="utf-8")
    said = refusal(tmp_path, monkeypatch, capsys, "run", "main")
    assert "this is a folder" in said
    assert "main/experiment.toml" in said


def test_all_faults_of_a_file_are_listed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SOUND.replace("days         = 14", 'days = "14"').replace('"old_town"', '"oldtown"')
    text = text.replace("share = 0.3", "share = 1.3").replace('"unmet_share"', '"unmt_share"')
    text = text.replace('"breakfast_shop"', '"bookshp"').replace('"counters", "late', '"countrs", "late')
    (tmp_path / "experiment.toml").write_text(text + "\n[mechanisms]\nmemry = true\n", encoding="utf-8")
    said = refusal(tmp_path, monkeypatch, capsys, "run", "experiment.toml")
    for place in ("days", "world", "refuse_cash.share", "measures[1]", "add_facilities.format",
                  "scenarios.package.policies[0]", "mechanisms.memry"):  # fmt: skip
        assert f"{place}\n" in said
    assert "(7 faults)" in said


def test_a_fault_is_told_once_where_another_follows_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "experiment.toml").write_text(SOUND.replace("days         = 14", "days = 0"), encoding="utf-8")
    said = refusal(tmp_path, monkeypatch, capsys, "run", "experiment.toml")
    assert "faults" not in said


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "experiment.toml"
    path.write_text(SOUND, encoding="utf-8-sig")
    assert main(["show", str(path)]) == 0
    assert "days = 14" in capsys.readouterr().out
