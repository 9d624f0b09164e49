"""One made-up run for all tests of the reports."""

from pathlib import Path

import pytest
from made_up_run import write_run

from circlesim.reporting.material import Material
from circlesim.reporting.report import write_report


@pytest.fixture(scope="session")
def run_without_draws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("luck"))


@pytest.fixture(scope="session")
def run_with_draws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("draws"), draws=50)


@pytest.fixture(scope="session")
def english(run_with_draws: Path) -> Material:
    return Material.of(run_with_draws, "en")


@pytest.fixture(scope="session")
def pages(run_with_draws: Path, run_without_draws: Path) -> dict[str, str]:
    runs = {"draws": run_with_draws, "luck": run_without_draws}
    return {
        f"{lang}-{name}": write_report(run, lang, run / f"{lang}.html").read_text("utf-8")
        for name, run in runs.items() for lang in ("en", "zh")
    }  # fmt: skip
