"""Sentences: findings put into words; the words follow the numbers and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from circlesim.reporting.costs import PolicyCost
from circlesim.reporting.findings import Finding, Tone, Verdict, by_gain, judged_measures
from circlesim.reporting.outlets import losers, noticeable_losses
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_facts import RunFacts
from circlesim.reporting.vocabulary import Vocabulary

GROUPS_NAMED = 4
"""Groups named in a sentence; the table has them all."""


def effect_sentence(found: Finding, draws: int, vocabulary: Vocabulary) -> str:
    """
    Say what a measure does, its range over assumptions first.

    Parameters
    ----------
    found : Finding
        The finding.
    draws : int
        Draws over assumptions.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        A sentence to be read after the name of the measure.
    """
    quantity = vocabulary.quantity(found.unit)
    blanks = {
        "change": quantity.bare_change(found.change),
        "before": quantity.short_level(found.before),
        "after": quantity.short_level(found.after),
        "size": quantity.change(abs(found.change), signed=False),
    }
    if found.assumptions is None:
        blanks["change"] = quantity.change(found.change)
        return vocabulary.words(f"effect.luck.{found.verdict.value}", **blanks)
    ends = sorted(abs(end) for end in found.assumptions)
    blanks |= {
        "draws": str(draws),
        "span": quantity.span(*found.assumptions),
        "low": quantity.bare_change(ends[0], signed=False),
        "high": quantity.change(ends[1], signed=False),
        "same": percent(found.same_sign),
    }
    return vocabulary.words(f"effect.range.{found.verdict.value}", **blanks)


def percent(share: float, decimals: int = 0, *, signed: bool = False) -> str:
    """
    Write a share as a percentage.

    Parameters
    ----------
    share : float
        In 0..1, or a relative change.
    decimals : int, default: 0
        Digits after the point.
    signed : bool, default: False
        Whether a gain carries a plus sign.

    Returns
    -------
    str
        The percentage, or an en dash.
    """
    text = number(100 * share, decimals, signed=signed)
    return text if text == "–" else f"{text}%"


def groups_sentence(found: list[Finding], tone: Tone, vocabulary: Vocabulary) -> str:
    """
    Say which groups of residents gain, or lose.

    Parameters
    ----------
    found : list of Finding
        Findings of one scenario.
    tone : Tone
        `Tone.BETTER` or `Tone.WORSE`.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One sentence; it says so where nobody does.
    """
    words = vocabulary.words
    measures = judged_measures(found)
    if not measures:
        return words("no_groups")
    parts = [_groups_of(found, measure, tone, vocabulary) for measure in measures]
    named = [part for part in parts if part]
    if named:
        return words.join(named, "clause") + ("。" if words.lang == "zh" else ".")
    ranged = any(each.assumptions for each in found)
    basis = words("basis.assumptions" if ranged else "basis.luck")
    names = words.join([lowered(vocabulary.measure(measure), vocabulary) for measure in measures])
    sentence = words("nobody_gains" if tone is Tone.BETTER else "nobody_loses", measures=names, basis=basis)
    return capitalised(sentence)


def _groups_of(found: list[Finding], measure: str, tone: Tone, vocabulary: Vocabulary) -> str:
    words = vocabulary.words
    groups = by_gain(found, measure, tone)
    if not groups:
        return ""
    quantity = vocabulary.quantity(groups[0].unit)
    named = [
        words(
            "group_change", group=vocabulary.group(each.by, each.group), change=quantity.bare_change(each.change)
        )
        for each in groups[:GROUPS_NAMED]
    ]
    if len(groups) > GROUPS_NAMED:
        named.append(words("and_more", count=len(groups) - GROUPS_NAMED))
    head = words("measure_in_unit", measure=vocabulary.measure(measure), unit=quantity.change_unit)
    return words("by_measure", measure=head, groups=words.join(named))


def lowered(text: str, vocabulary: Vocabulary) -> str:
    """
    Write a name as it stands inside a sentence.

    Parameters
    ----------
    text : str
        The name.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        With a small first letter in English.
    """
    return text[:1].lower() + text[1:] if vocabulary.words.lang == "en" else text


def capitalised(text: str) -> str:
    """
    Write a text as it stands at the head of a sentence.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    str
        With a capital first letter.
    """
    return text[:1].upper() + text[1:]


def outlets_sentence(changes: pd.DataFrame, vocabulary: Vocabulary) -> str:
    """
    Say which existing outlets lose most visits.

    Parameters
    ----------
    changes : DataFrame
        As `outlets.outlet_changes` makes it.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One or two sentences.
    """
    words = vocabulary.words
    worst = losers(changes)
    if not len(worst):
        return words("outlets_lose.none")
    named = words.join([_outlet_loss(row, vocabulary) for row in records(worst)], "clause")
    count, total = noticeable_losses(changes)
    stop = "。" if words.lang == "zh" else "."
    return words.join([named + stop, words("outlets_lose.count", count=count, total=total)], "sentence")


def outlet_name(name: str, facility: str, format_id: str, vocabulary: Vocabulary) -> str:
    """
    Name an outlet with what it is.

    Parameters
    ----------
    name, facility, format_id : str
        Its name, its id, its format.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        Such as ``"Wang's (breakfast shop)"``; the id stands where it has no name.
    """
    own, kind = name or facility, vocabulary.format(format_id) if format_id else ""
    return own if not kind or kind in own else vocabulary.words("group_change", group=own, change=kind)


def _outlet_loss(row: dict[str, Any], vocabulary: Vocabulary) -> str:
    name = outlet_name(str(row.get("name", "")), str(row["facility"]), str(row.get("format", "")), vocabulary)
    change, relative = float(row["change"]), float(row["relative"])
    key = "outlets_lose.one" if math.isfinite(relative) else "outlets_lose.one_noshare"
    decimals = 0 if abs(change) >= 10 else 1
    return vocabulary.words(
        key, name=name, change=number(change, decimals, signed=True), relative=percent(relative, signed=True)
    )


def money_sentence(parts: pd.DataFrame, currency: str, vocabulary: Vocabulary) -> str:
    """
    Say whether spending is new or moved.

    Parameters
    ----------
    parts : DataFrame
        As `switching.spending_parts` makes it, per day.
    currency : str
        Unit of money.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One sentence.
    """
    quantity = vocabulary.quantity(currency)
    values = {str(row["part"]): float(row["spend_change"]) for row in records(parts)}
    written = {
        part: quantity.with_unit(number(value, day_decimals(values.values()), signed=True), quantity.level_unit)
        for part, value in values.items()
    }
    return vocabulary.words("money.sentence", **written)


def day_decimals(values: Iterable[float]) -> int:
    """
    Choose the digits of sums of money a day.

    Parameters
    ----------
    values : iterable of float
        What stands side by side.

    Returns
    -------
    int
        None where they run into hundreds.
    """
    return 0 if max((abs(value) for value in values), default=0.0) >= 100 else 2


def cost_sentence(costs: list[PolicyCost], facts: RunFacts, vocabulary: Vocabulary) -> str:
    """
    Say what the policies of a scenario cost.

    Parameters
    ----------
    costs : list of PolicyCost
        Of the policies of a scenario that its baseline has not.
    facts : RunFacts
        For the currency.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One phrase a policy; *no cost given* where nobody said.
    """
    words = vocabulary.words
    if not costs:
        return words("cost.no_further")
    said = [
        words("cost.of", policy=vocabulary.policy(each.policy), cost=cost_words(each, facts.currency, vocabulary))
        for each in costs
    ]
    return words.join(said, "clause")


def cost_words(cost: PolicyCost, currency: str, vocabulary: Vocabulary) -> str:
    """
    Write the cost of one policy.

    Parameters
    ----------
    cost : PolicyCost
        The policy.
    currency : str
        Unit of money.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        Once and a month, or *no cost given*.
    """
    words, quantity = vocabulary.words, vocabulary.quantity(currency)
    parts = [
        words(key, amount=quantity.with_unit(number(value), quantity.level_unit))
        for key, value in (("cost.capital", cost.capital), ("cost.running", cost.running_month))
        if value is not None
    ]
    return words.join(parts) if parts else words("cost.none")


def verdict_words(found: Finding, vocabulary: Vocabulary) -> str:
    """
    Name what a change does, and whether residents would want it.

    Parameters
    ----------
    found : Finding
        The finding.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        Such as *rises (better)*.
    """
    words = vocabulary.words
    verdict = words(f"verdict.{found.verdict.value}")
    if found.verdict in (Verdict.UNSETTLED, Verdict.UNCHANGED) or found.tone is Tone.NEUTRAL:
        return verdict
    return words("group_change", group=verdict, change=words(f"tone.{found.tone.value}"))
