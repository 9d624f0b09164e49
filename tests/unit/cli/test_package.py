"""The package: cheap to import, everything public on first touch."""

from __future__ import annotations

import subprocess
import sys

import pytest

import circlesim


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_next_to_nothing() -> None:
    heavy = {"numba", "pandas", "scipy", "networkx", "pyarrow", "matplotlib", "mesa", "pydantic", "rich", "typer"}
    assert not loaded_by("import circlesim") & heavy


def test_asking_for_help_starts_no_engine() -> None:
    heavy = {"numba", "pandas", "scipy", "matplotlib", "mesa"}
    assert not loaded_by("from circlesim.cli import main; main(['--version'])") & heavy


@pytest.mark.parametrize("name", circlesim.__all__)
def test_every_public_name_can_be_touched(name: str) -> None:
    assert getattr(circlesim, name) is not None
    assert name in dir(circlesim)


def test_a_name_the_package_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Wrold'"):
        circlesim.Wrold  # noqa: B018
