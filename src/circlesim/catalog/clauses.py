"""Clauses: sentences of the plan that policies carry out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean

PLAN = "全面推进城市一刻钟便民生活圈建设三年行动计划(2023-2025), 商办流通函〔2023〕401号, 11 July 2023"
"""The document the sections belong to; F70 to F78 are from the notice of nine departments, September 2025."""


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
    tier : str
        ``"A"`` residents respond, ``"B"`` formats and operators by configuration, ``"C"`` assessment and reports,
        ``"D"`` context: cost or delay only, or nothing modelled.
    groups : str
        Whom it is for: E elders, D disabled and ill, C families with small children, W workers, Y young, L low
        income, M merchants, * all.
    kind : str
        One of `KINDS`: what answers it.
    answer : tuple of str
        Policies, formats, parameters, measures or parts of a report, by name.
    test : str
        The test that sees it move, as ``path`` or ``path::name``; empty where nothing is modelled.
    note : str
        What the answer leaves out.
    """

    clause: str
    section: str
    zh: str
    en: str
    tier: str
    groups: str
    kind: str
    answer: tuple[str, ...]
    test: str
    note: str

    @property
    def policies(self) -> tuple[str, ...]:
        """Policies that carry it out, by their TOML name; empty where it is answered otherwise."""
        return self.answer if self.kind == "policy" else ()


KINDS: tuple[str, ...] = ("policy", "format", "parameter", "measure", "report", "none", "gap")
"""What answers a measure of the plan: *none* where there is no evidence and nothing is modelled, *gap* where an
answer is owed and not built."""


def _read_clauses() -> tuple[Clause, ...]:
    return tuple(
        Clause(
            clause=record["clause"], section=record["section"], zh=record["zh"], en=record["en"],
            tier=record["tier"], groups=record["groups"], kind=record["kind"], test=record["test"],
            answer=tuple(filter(None, record["answer"].split("; "))), note=record["note"],
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
