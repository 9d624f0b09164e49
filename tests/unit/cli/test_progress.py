"""Progress where nobody watches a bar: few lines, the first and the last among them."""

from __future__ import annotations

import pytest

from circlesim.cli.progress import progress


def test_plain_lines_tell_each_stage_once_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report(0, 0, "building the world")
        for step in range(40):
            report(0, 0, f"anchors: step {step}")
        for done in range(21):
            report(done, 20, "running")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["building the world", "anchors: step 0", "running: 0/20", "running: 20/20"]
