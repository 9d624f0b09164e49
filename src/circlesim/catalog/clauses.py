"""Clauses: sentences of the plan that policies carry out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean

PLAN = "全面推进城市一刻钟便民生活圈建设三年行动计划(2023-2025), 商办流通函〔2023〕401号, 11 July 2023"
"""The document the sections belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """
    One measure of the plan.

    Parameters
    ----------
    clause : str
        Id, such as ``"F16"``.
    section : str
        Section of the plan, such as ``"三(二)"``.
    zh, en : str
        The measure in the plan's words, and in English.
    policies : tuple of str
        Policies that carry it out, by their TOML name; empty where none is built.
    """

    clause: str
    section: str
    zh: str
    en: str
    policies: tuple[str, ...]


def _read_clauses() -> tuple[Clause, ...]:
    return tuple(
        Clause(
            clause=record["clause"], section=record["section"], zh=record["zh"], en=record["en"],
            policies=tuple(filter(None, record["policies"].split("; "))),
        )
        for record in read_table("clauses.csv")
    )  # fmt: skip


CLAUSES: tuple[Clause, ...] = _read_clauses()
"""Clauses in the order of their ids."""


@cache
def clause(identifier: str) -> Clause:
    """
    Return one clause.

    Parameters
    ----------
    identifier : str
        Id, such as ``"F16"``.

    Returns
    -------
    Clause
        The clause.

    Raises
    ------
    ConfigError
        If the catalogue has no such clause.
    """
    for one in CLAUSES:
        if one.clause == identifier:
            return one
    known = [one.clause for one in CLAUSES]
    raise ConfigError(f"no clause '{identifier}'; {did_you_mean(identifier, known)} known: {', '.join(known)}")
