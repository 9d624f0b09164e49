"""Market sentences: outlets, money and costs put into words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from circlesim.reporting.costs import PolicyCost
from circlesim.reporting.outlets import losers, noticeable_losses
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_facts import RunFacts
from circlesim.reporting.sentences import percent
from circlesim.reporting.vocabulary import Vocabulary


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
        Such as ``"Wang's (breakfast shop)"``; where it has no name, what it is and the
        rest of its id.
    """
    if not format_id:
        return name or facility
    kind = vocabulary.format(format_id)
    if not name:
        number_of = "-".join(part for part in facility.replace(format_id, "").split("-") if part)
        return f"{kind} {number_of}"
    return name if kind in name else vocabulary.words("group_change", group=name, change=kind)


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
    if cost.outlets == 0:
        parts.append(words("cost.idle"))
    return words.join(parts) if parts else words("cost.none")
