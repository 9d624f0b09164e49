"""Digests: what a run, and constants solved on a world, are stamped with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from circlesim.catalog.constants import Constants
from circlesim.policies.policy import Policy
from circlesim.world.world import World

LENGTH = 20
_DECIMALS = 6
"""Decimals of real columns that count: worlds built on two platforms differ in the last bits only."""


def digest_text(*parts: object) -> str:
    """
    Digest a few texts and numbers.

    Parameters
    ----------
    *parts : object
        Shown as text, in order.

    Returns
    -------
    str
        `LENGTH` hexadecimal digits.
    """
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:LENGTH]


def digest_arrays(arrays: Iterable[np.ndarray[Any, Any]]) -> str:
    """
    Digest columns by type, shape and content.

    Parameters
    ----------
    arrays : iterable of ndarray
        Columns.

    Returns
    -------
    str
        `LENGTH` hexadecimal digits.
    """
    digest = hashlib.sha256()
    for array in arrays:
        column = np.round(array, _DECIMALS) + 0.0 if array.dtype.kind == "f" else array
        if column.dtype.kind == "U":
            digest.update("\x1f".join(map(str, column.ravel().tolist())).encode())
        else:
            digest.update(np.ascontiguousarray(column).tobytes())
        digest.update(f"{column.dtype.kind}{column.shape}".encode())
    return digest.hexdigest()[:LENGTH]


def world_digest(world: World) -> str:
    """
    Digest the streets, residents, outlets and currency of a world.

    Parameters
    ----------
    world : World
        The world; its name, titles and notices do not count, nor do formats of which it has no outlet.

    Returns
    -------
    str
        `LENGTH` hexadecimal digits.
    """
    tables = (world.streets, world.population, world.facilities)
    names = ((table, each.name) for table in tables for each in fields(table))
    columns = digest_arrays(getattr(table, name) for table, name in names if name != "formats")
    return digest_text(columns, world.currency)


def constants_digest(constants: Constants) -> str:
    """
    Digest the numbers of solved constants.

    Parameters
    ----------
    constants : Constants
        The constants.

    Returns
    -------
    str
        `LENGTH` hexadecimal digits.
    """
    return digest_arrays((constants.alternative, constants.thresholds))


def policies_digest(policies: Iterable[Policy]) -> str:
    """
    Digest policies with their dates and costs.

    Parameters
    ----------
    policies : iterable of Policy
        In order.

    Returns
    -------
    str
        `LENGTH` hexadecimal digits.
    """
    return digest_text(*(f"{type(policy).__name__}{_content(policy)}" for policy in policies))


def _content(value: object) -> object:
    """Fields of a dataclass as sorted text."""
    if is_dataclass(value) and not isinstance(value, type):
        return sorted((entry.name, repr(getattr(value, entry.name))) for entry in fields(value))
    return repr(value)
