"""A document written back reads back."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.config.toml_text import toml_document, toml_value

ROOT = Path(__file__).parents[3]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.one_of(texts, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(texts, values, max_size=5))
def test_any_document_reads_back_as_it_was_written(document: dict[str, object]) -> None:
    assert tomllib.loads(toml_document(document)) == document


@pytest.mark.parametrize("name", ["main", "helsinki", "elders", "operators"])
def test_a_shipped_experiment_reads_back_as_it_was_written(name: str) -> None:
    document = tomllib.loads((ROOT / "experiments" / name / "experiment.toml").read_text("utf-8"))
    assert tomllib.loads(toml_document(document, "a heading\nof two lines")) == document


def test_a_value_toml_cannot_hold_is_refused() -> None:
    assert toml_value(date(2024, 3, 11)) == "2024-03-11"
    with pytest.raises(TypeError, match="NoneType"):
        toml_value(None)
