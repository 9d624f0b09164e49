from __future__ import annotations

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.experiments.unit_file import (
    CONTENTS,
    DamagedUnitError,
    UnitFile,
    digest_of,
    open_unit,
    stacked,
    write_unit,
)

WORDS = pd.DataFrame({"group": ["70-79", "80+", "70-79"], "n": [3, 4, 5], "value": [0.1, np.nan, 1 / 3]})
TABLES = {"outcomes": WORDS, "changes": pd.DataFrame({"1:welfare": np.array([1, np.nan], np.float32)})}


@pytest.fixture
def path(tmp_path):
    write_unit(tmp_path / "a000-r0000.zip", TABLES, {"unit": "a000-r0000"})
    return tmp_path / "a000-r0000.zip"


def test_a_unit_is_read_as_it_was_written(path):
    unit = open_unit(path)
    assert list(unit) == ["outcomes", "changes"]
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(unit[name], table, check_exact=True)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_byte_changed_anywhere_is_found_or_changes_nothing(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("unit") / "unit.zip"
    write_unit(path, TABLES, {"unit": "a000-r0000"})
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        unit = open_unit(path)
    except DamagedUnitError:
        return
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(unit[name], table, check_exact=True)


def test_tables_exchanged_between_units_are_found_by_their_digest(path, tmp_path):
    # Each member is whole by the checks of the zip; only the digest knows that it is not the one that was written.
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    other = {"outcomes": WORDS.assign(n=[3, 4, 6]), "changes": TABLES["changes"]}
    write_unit(tmp_path / "other.zip", other, {})
    with zipfile.ZipFile(tmp_path / "other.zip") as file:
        name = next(each for each in file.namelist() if each.startswith("outcomes"))
        members[name] = file.read(name)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    with pytest.raises(DamagedUnitError, match="digest differs"):
        open_unit(path)


@pytest.mark.parametrize("contents", ["{", "[]", "{}", json.dumps({"tables": {"outcomes": 3}})])
def test_contents_that_say_nothing_are_damage(contents, tmp_path):
    with zipfile.ZipFile(tmp_path / "unit.zip", "w") as file:
        file.writestr(CONTENTS, contents)
    with pytest.raises(DamagedUnitError):
        open_unit(tmp_path / "unit.zip")
    with pytest.raises(FileNotFoundError):
        open_unit(tmp_path / "none.zip")  # not damage: it may be in another place, or come yet


def test_equal_units_are_equal_files(path, tmp_path):
    write_unit(tmp_path / "again.zip", TABLES, {"unit": "a000-r0000"})
    assert digest_of((tmp_path / "again.zip").read_bytes()) == digest_of(path.read_bytes())


def test_a_unit_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    from circlesim.experiments import unit_file

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unit_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_unit(tmp_path / "unit.zip", TABLES, {})
    assert not list(tmp_path.iterdir())


def test_tables_of_files_are_stacked_as_tables_in_memory_are(path, tmp_path):
    other = {"outcomes": WORDS.assign(group=["80+", "60-69", "n/a"]), "changes": TABLES["changes"]}
    write_unit(tmp_path / "other.zip", other, {})
    files = [UnitFile(path), UnitFile(tmp_path / "other.zip")]
    pd.testing.assert_frame_equal(
        stacked(files, "outcomes"), stacked([TABLES, other], "outcomes"), check_exact=True
    )
