"""Edit files: every fault of shape at once, with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.building.changes import ORDER
from circlesim.config.edit_file import read_edits
from circlesim.errors import ConfigError


def told(tmp_path: Path, text: str) -> str:
    file = tmp_path / "changes.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_edits(file)
    return str(error.value)


def test_a_file_is_read_into_entries_of_every_kind(tmp_path: Path) -> None:
    file = tmp_path / "changes.toml"
    file.write_text(
        '[[add]]\nformat = "pharmacy"\nnode = 1\nstep_free = true\n[[move]]\nid = "a"\nlon = 116.3\nlat = 40\n'
        '[[rehour]]\nid = "a"\nhours = "24/7"\n[[set]]\nid = "a"\nopened = 2024-05-01\n[[close]]\nid = "b"\n'
        '[[add_street]]\nfrom = 1\nto = 2\n[[open_gate]]\ngate = "x"\n[[lock_gate]]\nedge = [1, 2]\n',
        encoding="utf-8",
    )
    edits = read_edits(file)
    assert len(edits) == len(ORDER)
    assert edits.add[0].cells == {"format": "pharmacy", "step_free": "1"}
    assert (edits.move[0].place.lon, edits.move[0].place.lat) == (116.3, 40.0)
    assert edits.set[0].cells == {"opened": "2024-05-01"}
    assert [gate.locked for gate in edits.gates] == [False, True]
    assert read_edits(file) == edits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[clsoe]]\nid = "a"\n', "did you mean 'close'?"),
        ('[close]\nid = "a"\n', "entries under [[close]]"),
        ('[[close]]\nid = 7\n', "close[0].id: wrong kind of value"),
        ('[[close]]\nidd = "a"\n', "did you mean 'id'?"),
        ('[[move]]\nid = "a"\n', "node, or lon and lat"),
        ('[[move]]\nid = "a"\nlon = 116.3\n', "found lon"),
        ('[[move]]\nid = "a"\nlon = 40.0\nlat = 116.3\n', "are lon and lat swapped?"),
        ('[[move]]\nid = "a"\nlon = nan\nlat = inf\n', "move[0].lat"),
        ('[[rehour]]\nid = "a"\nformat = "pharmacy"\nhours = "24/7"\n', "it is not clear what is meant"),
        ('[[add]]\nnode = 1\n', "add[0].format: missing key"),
        ('[[lock_gate]]\nedge = [1]\n', "[node, node]"),
        ('[[open_gate]]\n', "it is not clear what is meant"),
        ('source = 7\n[[close]]\nid = "a"\n', "source: wrong kind of value"),
        ('source = "x"\n', "the file corrects nothing"),
        ("[[close]\n", "not TOML"),
        ("", "the file is empty"),
    ],
)  # fmt: skip
def test_a_fault_of_shape_says_what_would_be_right(tmp_path: Path, text: str, words: str) -> None:
    said = told(tmp_path, text)
    assert words in said, said
    assert "experiment" not in said, said


def test_all_faults_of_shape_come_at_once(tmp_path: Path) -> None:
    said = told(tmp_path, '[[clsoe]]\nid = "a"\n[[move]]\nid = 3\n[[rehour]]\nhours = "24/7"\n')
    assert all(words in said for words in ("clsoe", "move[0].id", "move[0]:", "rehour[0]")), said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        read_edits(tmp_path / "none.toml")
