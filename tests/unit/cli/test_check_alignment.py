"""Check with alignment: what is printed, and the exit code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from circlesim.cli import main
from circlesim.cli.alignment import percent, print_alignment
from circlesim.engine import prepared as engine_prepared
from circlesim.experiments.side_by_side import Alignment, Difference

Said = pytest.CaptureFixture[str]
MAIN = str(Path(__file__).parents[3] / "experiments" / "main" / "experiment.toml")
SMALL = ["--set", "world.residents=600", "--set", "days=8"]


def made_up(untouched: int, identical: int, first: Difference | None = None) -> Alignment:
    return Alignment(
        scenario="counters", baseline="as is", shared="queues", cases=untouched + 9, direct=4, connected=5,
        untouched=untouched, in_sight=0, identical=identical, rows=50 * untouched, other_rows=90,
        other_identical=45, first=first,
    )  # fmt: skip


def test_the_main_experiment_is_aligned(capsys: Said) -> None:
    assert main(["check", MAIN, "--alignment", *SMALL]) == 0
    out = capsys.readouterr().out
    each_alone = out.partition("Each need alone")[2]
    for scenario in ("breakfast counters", "longer hours", "cashless drift", "keep cash"):
        (line,) = [line for line in each_alone.splitlines() if line.startswith(scenario)]
        assert "100 %" in line


def test_a_misaligned_experiment_ends_in_one_and_names_who_when_and_what(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = engine_prepared.outlet_columns

    def keyed_by_number(world: object, stage: object, *rest: object) -> object:
        made = columns(world, stage, *rest)  # type: ignore[arg-type]
        made.record["id64"] += np.uint64(stage.present.sum())  # type: ignore[attr-defined]
        return made

    monkeypatch.setattr(engine_prepared, "outlet_columns", keyed_by_number)
    assert main(["check", MAIN, "--alignment", *SMALL]) == 1
    out = capsys.readouterr().out
    assert "'breakfast counters', sharing nothing: resident " in out
    assert "'longer hours'" not in out.partition("Each need alone")[2].partition("\n\n")[2]


def test_alignment_of_a_world_is_a_wrong_request(capsys: Said) -> None:
    assert main(["check", "old_town", "--alignment"]) == 2
    assert "an experiment file" in capsys.readouterr().err


def test_nobody_untouched_is_never_printed_as_all(capsys: Said) -> None:
    assert print_alignment([made_up(0, 0)])
    out = capsys.readouterr().out
    assert "100 %" not in out
    assert "shows nothing" in out


def test_one_of_many_that_differs_is_not_rounded_away(capsys: Said) -> None:
    first = Difference(resident="r7", day=3, service="repair", column="wait_min", before=0.0, after=1.5)
    each = made_up(1_000_000, 999_999, first)
    assert percent(each) == "99.99 %"
    assert not print_alignment([each])
    assert "resident r7" in capsys.readouterr().out


def test_an_experiment_of_one_scenario_has_nothing_to_align(capsys: Said) -> None:
    assert print_alignment([])
    assert "nothing to align" in capsys.readouterr().out
