"""Card table: a scorecard as rows of ``scorecard.csv``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from circlesim.assessment.grade import Scorecard, access_share
from circlesim.assessment.path import area_lacking_m2, chain_outlets_lacking, shortest_path
from circlesim.assessment.satisfaction import FAILED, MET

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "scenario", "circle", "standard", "status", "kind", "level", "item", "asked", "found", "result", "reason",
)  # fmt: skip
"""Columns of ``scorecard.csv``."""

KINDS: tuple[str, ...] = ("grade", "condition", "binding", "path", "duty", "satisfaction")
"""Kinds of row: the verdict, demands level by level, what holds the circle back, what to add, duties, answers."""

Row = tuple[str, str, str, object, object, str, str]
NAN = math.nan


def card_table(card: Scorecard, scenario: str) -> pd.DataFrame:
    """
    Table one scorecard.

    Parameters
    ----------
    card : Scorecard
        The circle under its standard.
    scenario : str
        Name.

    Returns
    -------
    DataFrame
        `COLUMNS`.
    """
    import pandas as pd

    head = (scenario, card.circle.number, card.standard.name, card.standard.status)
    rows = [
        *_verdict(card),
        *_conditions(card),
        *_binding(card),
        *_path(card),
        *_duties(card),
        *_satisfaction(card),
    ]
    return pd.DataFrame([(*head, *row) for row in rows], columns=list(COLUMNS))


def _verdict(card: Scorecard) -> Iterator[Row]:
    yield "grade", "", "grade", NAN, NAN, card.grade, ""
    yield "grade", "", "at_most", NAN, NAN, card.at_most, ""


def _conditions(card: Scorecard) -> Iterator[Row]:
    for level, conditions in card.levels.items():
        for each in conditions:
            yield "condition", level, each.name, each.asked, each.found, each.result, each.reason


def _binding(card: Scorecard) -> Iterator[Row]:
    each = card.binding
    if each is not None:
        yield "binding", card.next_grade, each.name, each.asked, each.found, each.result, each.reason


def _path(card: Scorecard) -> Iterator[Row]:
    level = card.next_grade
    for step in shortest_path(card):
        yield "path", level, step.format, NAN, step.minutes_lacking, "minutes_lacking", " ".join(step.duties)
    if chain := chain_outlets_lacking(card):
        yield "path", level, "chain_outlets", chain, NAN, "outlets", ""
    if area := area_lacking_m2(card):
        yield "path", level, "area_m2", area, NAN, "m2", ""


def _duties(card: Scorecard) -> Iterator[Row]:
    """Asked and found as shares within the minutes; judged as the next grade would, or the last one reached."""
    level = card.next_grade or next(reversed(card.levels))
    own = card.standard.grades.get(level, card.standard.common)
    share = access_share(own, card.standard.common)
    for state in card.circle.states:
        reason = "mandatory" if state.duty.mandatory else ""
        asked = NAN if share is None else share
        yield "duty", level, state.duty.key, asked, state.share, MET if state.met(share) else FAILED, reason


def _satisfaction(card: Scorecard) -> Iterator[Row]:
    answers = card.circle.answers
    if answers is None:
        return
    target = max((each.asked for level in card.levels.values() for each in level if each.name == "satisfaction"),
                 default=NAN)  # fmt: skip
    how = "survey" if answers.sampled else "all_adults"
    for rule, reply in answers.replies.items():
        _, reason = answers.verdict(target, rule)
        yield "satisfaction", how, rule, target, reply.value, "", reason
        yield "satisfaction", how, f"{rule}_low", NAN, reply.low, "", ""
        yield "satisfaction", how, f"{rule}_high", NAN, reply.high, "", ""
        yield "satisfaction", how, f"{rule}_firm_sample", NAN, answers.firm_sample(target, rule), "", ""
    for name, value in (("asked", answers.asked), ("respondents", answers.respondents),
                        ("nonresponse", answers.nonresponse)):  # fmt: skip
        yield "satisfaction", how, name, NAN, value, "", answers.weights if name == "respondents" else ""
