"""Standards as data."""

from pathlib import Path

import pytest

from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.service_words import service_figures, service_words
from circlesim.catalog.standards import STANDARDS, read_standard
from circlesim.errors import ConfigError

FOLDER = Path(__file__).parents[3] / "src" / "circlesim" / "catalog" / "data" / "standards"


def test_every_file_is_listed_and_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(STANDARDS)
    for name in STANDARDS:
        standard = read_standard(name)
        assert standard.source
        assert all(standard.title.values())


def test_only_the_demonstration_sets_counts_for_grades() -> None:
    assert [name for name in STANDARDS if read_standard(name).grades] == ["demo-grades"]
    assert read_standard("demo-grades").status == "assumption"


def test_the_plan_asks_for_basic_formats_in_ten_minutes_and_quality_in_fifteen() -> None:
    duties = read_standard("plan-2023").duties
    assert {(duty.format_class, duty.minutes) for duty in duties} == {("basic", 10.0), ("quality", 15.0)}
    assert {duty.name: duty.format_class for duty in duties} == {f: format_row(f).format_class for f in FORMATS}
    assert read_standard("plan-2023").common.satisfaction == 0.9


def test_the_upgrade_makes_elder_care_mandatory_and_asks_for_chains_and_space() -> None:
    standard = read_standard("upgrade-2025")
    assert [duty.name for duty in standard.duties if duty.mandatory] == ["elder_care"]
    assert (standard.common.chain_share, standard.common.area_m2_per_100_households) == (0.3, 30)
    assert {"recycling_point", "car_wash"} <= {duty.name for duty in standard.duties}


def test_one_error_lists_every_fault(tmp_path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'title = {en = "x"}\nnote = {en = "", zh = ""}\nstatus = "officially"\nsource = "s"\ngrade = "B"\n'
        'chain_shares = 0.3\nsatisfaction = 90\n[[duties]]\nclass = "basic"\nformats = ["farmacy"]\nminutes = 90\n'
        "[grades.best]\nbasic = 1\n[grades.basic]\nquality = 3\n"
    )
    with pytest.raises(ConfigError) as caught:
        read_standard(str(file))
    text = str(caught.value)
    for words in ("both languages", "unknown status", "did you mean 'chain_share'", "found 90;",
                  "did you mean 'pharmacy'", "not a walk", "'best'", "more duties are asked for"):  # fmt: skip
        assert words in text


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'demo-grades'"):
        read_standard("demo-grade")


def test_every_word_has_figures_and_every_number_a_source() -> None:
    assert [word.word for word in service_words()] == list(dict.fromkeys(f.word for f in service_figures()))
    assert len(service_words()) == 8
    assert all(each.source and each.grade in "ABCD" for each in (*service_words(), *service_figures()))


def test_a_figure_scores_linearly_between_worst_and_best() -> None:
    walk = next(each for each in service_figures() if each.figure == "walk_min")
    assert [walk.score(minutes) for minutes in (20.0, 15.0, 9.0, 3.0, 0.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]
