"""Policies of other packages: what is let in."""

from __future__ import annotations

import sys
import types
from importlib.metadata import EntryPoint

import pytest

from circlesim.errors import PolicyError
from circlesim.policies import POLICIES, registered_policies, registration

HEAD = """
from dataclasses import dataclass
from typing import ClassVar
from circlesim.policies import Policy
{extra}
@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Policy):
    name: ClassVar[str] = "{name}"
    clause: ClassVar[str] = "F02"
    def apply(self, world):
        {body}
        return world
"""


@pytest.fixture
def offer(monkeypatch, tmp_path):
    """Offer a module as if an installed package named it in the entry-point group."""

    def offer(name="other_policy", extra="", body="pass", value="offered:Other"):
        path = tmp_path / "offered.py"
        path.write_text(HEAD.format(name=name, extra=extra, body=body), encoding="utf-8")
        module = types.ModuleType("offered")
        module.__file__ = str(path)
        monkeypatch.setitem(sys.modules, "offered", module)
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
        entry = EntryPoint(name=name, value=value, group=registration.GROUP)
        monkeypatch.setattr(registration, "entry_points", lambda group: [entry])
        return module

    return offer


def test_without_other_packages_ours_are_all():
    assert registered_policies() == dict(POLICIES)


def test_a_sound_policy_of_another_package_is_let_in(offer):
    module = offer()
    assert registered_policies() == {**POLICIES, "other_policy": module.Other}


@pytest.mark.parametrize(
    ("extra", "body"),
    [
        ("import random", "random.random()"),
        ("from random import choice", "choice([1])"),
        ("import numpy as np", "np.random.default_rng(1)"),
        ("import numpy", "numpy.random.seed(1)"),
        ("from numpy import random as luck", "luck.random()"),
        ("from numpy.random import default_rng", "default_rng()"),
        ("import numpy.random as luck", "luck.random()"),
        ("", "import random"),
        ("import secrets", "secrets.token_hex()"),
    ],
)
def test_raw_randomness_is_refused(offer, extra, body):
    offer(extra=extra, body=body)
    with pytest.raises(PolicyError, match="draws from a generator that advances"):
        registered_policies()


def test_keyed_draws_are_let_in(offer):
    offer(extra="from circlesim.draws import POLICY, uniforms", body="random = uniforms(1, POLICY, 2)")
    assert "other_policy" in registered_policies()


def test_a_name_in_use_is_refused(offer):
    offer(name="keep_cash")
    with pytest.raises(PolicyError, match="the name is in use"):
        registered_policies()


@pytest.mark.parametrize("value", ["offered:HEAD", "offered:Policy", "no_such_module:Other", "offered:dataclass"])
def test_what_is_no_policy_is_refused(offer, value):
    offer(value=value)
    with pytest.raises(PolicyError, match=r"not a policy|cannot be imported"):
        registered_policies()


def test_all_faults_of_other_packages_are_told_at_once(offer):
    offer(name="keep_cash", extra="import random")
    with pytest.raises(PolicyError) as caught:
        registered_policies()
    assert len(caught.value.faults) == 2
