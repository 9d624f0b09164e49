"""Every published result of the register, looked for on the real engine; those that do not show are findings."""

from __future__ import annotations

import json

import numpy as np
import pytest
from circles import is_above_zero
from page import FIGURES, PAGE, page
from pattern import Kind, Pattern
from register import NOT_YET, PATTERNS


def marked(pattern: Pattern) -> object:
    marks = [pytest.mark.xfail(reason=pattern.missed, strict=True)] if pattern.missed else []
    return pytest.param(pattern, id=pattern.id, marks=[*marks, *([pytest.mark.slow] if pattern.slow else [])])


@pytest.mark.parametrize("pattern", [marked(pattern) for pattern in PATTERNS])
def test_the_published_result_shows(pattern: Pattern) -> None:
    # One that is missed must stay missed: if it shows, that is news, and the register has to say so.
    finding = pattern.check()
    assert finding.shown, finding.figure


def test_the_register_names_each_result_once_and_says_why_it_is_of_its_kind() -> None:
    names = [pattern.id for pattern in PATTERNS]
    assert len(set(names)) == len(names)
    assert not set(names) & set(NOT_YET)
    assert {pattern.kind for pattern in PATTERNS} == set(Kind)
    assert all(pattern.because and pattern.source and pattern.accepted for pattern in PATTERNS)


def test_the_page_says_what_the_register_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python tests/patterns/page.py"
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert {name: row["shown"] for name, row in kept.items()} == {one.id: not one.missed for one in PATTERNS}


def test_a_sign_is_accepted_only_beyond_luck() -> None:
    rng = np.random.default_rng(1)
    assert is_above_zero(rng.normal(1.0, 1.0, 30))[0]
    assert not is_above_zero(rng.normal(0.0, 1.0, 30))[0]
    assert not is_above_zero(-rng.random(30))[0]
