"""A run under a standard: its tables agree with the run, and the chapter says so in both languages."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from circlesim.assessment.assess import TABLES, assess_run
from circlesim.assessment.have_lack import COLUMNS
from circlesim.assessment.needed import MEASURES
from circlesim.catalog.standards import read_standard
from circlesim.cli import app as cli_app
from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.outcomes import Outcomes, read_outcomes
from circlesim.experiments.scenario import Scenario
from circlesim.measures.sampling import SurveyDesign
from circlesim.policies import AddFacilities
from circlesim.reporting.report import write_report
from circlesim.world.synthesis import old_town

FILE = """
world = {name = "old_town", residents = 300}
days = 1
replications = 2
standard = "demo-grades"
measures = ["spend"]
[scenarios."as is"]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Experiment]:
    folder = tmp_path_factory.mktemp("graded")
    as_is = Scenario("as is", old_town(300), days=2)
    care = as_is.with_policies("care", AddFacilities(format="elder_care_station", count=1, siting="largest_gap"))
    asked = Experiment([as_is, care], replications=2, warmup_days=0, survey=SurveyDesign(sample=80),
                       measures=(*MEASURES, "coverage:elder_care_station:15"))  # fmt: skip
    asked.run(folder)
    return folder, asked


@pytest.fixture(scope="module")
def outcomes(run: tuple[Path, Experiment]) -> Outcomes:
    folder, asked = run
    assess_run(read_outcomes(folder), asked, read_standard("demo-grades")).write(folder)
    return read_outcomes(folder)


def test_the_folder_holds_the_three_tables(outcomes: Outcomes) -> None:
    assert set(TABLES) <= set(outcomes.tables)
    assert tuple(outcomes.tables["have_lack"].columns) == COLUMNS
    groups = outcomes.tables["have_lack"].query("by != ''")
    assert len(groups)
    assert (groups["residents"] >= 30).all()


def test_have_and_lack_is_the_coverage_the_run_measured_in_both_scenarios(outcomes: Outcomes) -> None:
    have = outcomes.tables["have_lack"].query(
        "format == 'elder_care_station' and group == '' and open_on == 'last_day'"
    )
    run = outcomes.frame().query("measure == 'coverage:elder_care_station:15' and by == ''")
    measured = run.groupby("scenario")["value"].mean()
    shares = have.set_index("scenario")["within_15"]
    assert shares.to_dict() == pytest.approx(measured[shares.index].to_dict())
    assert shares["care"] > shares["as is"]


def test_the_figures_of_the_words_are_those_of_the_run(outcomes: Outcomes) -> None:
    quality = outcomes.tables["service_quality"].query("scenario == 'care'").set_index("figure")["value"]
    run = outcomes.frame().query("scenario == 'care' and by == ''").groupby("measure")["value"].mean()
    for name in ("walk_min", "wait_min", "refused_share", "unmet_share", "delivered_share"):
        assert quality[name] == pytest.approx(run[name])
    visits = outcomes.facilities().query("scenario == 'care'")
    assert 0.5 < quality["quality_met"] < 0.9
    assert visits["visits"].sum() > 0


def test_the_survey_gives_sample_and_interval_and_no_verdict(outcomes: Outcomes) -> None:
    card = outcomes.tables["scorecard"].query("kind == 'satisfaction' and scenario == 'as is'").set_index("item")
    survey = outcomes.tables["survey"].query("scenario == 'as is' and replication == 0").set_index("measure")
    assert card["level"].unique().tolist() == ["survey"]
    assert card["found"]["asked"] == 80
    assert card["found"]["top2"] == pytest.approx(survey["estimate"]["satisfaction_top2"])
    assert card["found"]["index_low"] == pytest.approx(survey["ci_low"]["satisfaction_index"] / 100)
    assert card["reason"]["top2"] == "anchored"


def test_a_run_without_the_measures_leaves_conditions_unknown(run: tuple[Path, Experiment]) -> None:
    folder, asked = run
    found = read_outcomes(folder)
    bare = replace(found, outcomes=found.outcomes[found.outcomes["measure"] == "walk_min"])
    card = assess_run(bare, asked, read_standard("demo-grades")).cards["as is"][0]
    assert "wait_min" in card.circle.quality.missing
    assert np.isnan(card.circle.quality.overall)


@pytest.mark.parametrize(("lang", "title"), [("en", "The circle under a standard"), ("zh", "按标准评价生活圈")])
def test_the_report_has_the_chapter_in_both_languages(
    outcomes: Outcomes, run: tuple[Path, Experiment], tmp_path: Path, lang: str, title: str
) -> None:
    page = write_report(run[0], lang, tmp_path / "r.html").read_text("utf-8")
    assert title in page
    assert "{" not in page[page.index('id="standard-chapter"') :].partition("</section>")[0]


def test_a_file_that_names_a_standard_measures_what_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(FILE)
    asked = read_experiment(file)
    assert set(MEASURES) <= set(asked.table.measures or ())
    assert 'standard = "demo-grades"' in asked.toml(tmp_path)


def test_an_unknown_standard_is_one_fault_among_the_others(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(FILE.replace("demo-grades", "demo-grade").replace("spend", "spent"))
    with pytest.raises(ConfigError) as caught:
        read_experiment(file)
    assert "did you mean 'demo-grades'" in str(caught.value)
    assert "spent" in str(caught.value)


def test_check_prints_the_scorecard_of_a_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_app is not None
    from circlesim.cli import main

    main(["check", "old_town", "--residents", "300", "--standard", "demo-grades"])
    said = capsys.readouterr().out
    assert "Below the lowest grade." in said
    assert "binding: " in said
    assert "elder_care_station:15" in said


def test_show_standard_says_that_the_plan_sets_no_grades(capsys: pytest.CaptureFixture[str]) -> None:
    from circlesim.cli import main

    main(["show", "standard", "plan-2023"])
    assert "no grade is given under this standard" in capsys.readouterr().out
