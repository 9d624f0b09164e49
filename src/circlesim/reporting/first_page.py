"""First page: the answer in words."""

from __future__ import annotations

import math

from circlesim.reporting.findings import Tone, headlines
from circlesim.reporting.market_sentences import cost_sentence, money_sentence, outlets_sentence
from circlesim.reporting.material import Material
from circlesim.reporting.page import Card, Effect
from circlesim.reporting.run_facts import SupplyFact
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import effect_sentence, groups_sentence, percent
from circlesim.reporting.words import Words


def cards(material: Material) -> tuple[Card, ...]:
    """
    Tell every comparison in words.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    tuple of Card
        In the order of the experiment.
    """
    return tuple(_card(material, pair) for pair in material.run.pairs)


def _card(material: Material, pair: Pair) -> Card:
    words = material.vocabulary.words
    title = words("versus", scenario=words.quote(pair.scenario), baseline=words.quote(pair.baseline))
    effects = tuple(
        Effect(
            measure=material.vocabulary.measure(each.measure), verdict=each.verdict, tone=each.tone,
            sentence=effect_sentence(each, material.facts.draws, material.vocabulary),
        )
        for each in headlines(material.found[pair], under_mapped=material.facts.supply is not None)
    )  # fmt: skip
    if material.facts.supply:
        return Card(
            title=title, effects=(), notes=(_cost_note(material, pair),), withheld=words("supply.withheld")
        )
    return Card(title=title, effects=effects, notes=tuple(_notes(material, pair)))


def _notes(material: Material, pair: Pair) -> list[tuple[str, str]]:
    vocabulary, words = material.vocabulary, material.vocabulary.words
    found = material.found[pair]
    notes = [
        (words("gains"), groups_sentence(found, Tone.BETTER, vocabulary)),
        (words("loses"), groups_sentence(found, Tone.WORSE, vocabulary)),
    ]
    notes += [
        (words("outlets_lose"), outlets_sentence(each, vocabulary))
        for of, each in material.outlet_changes
        if of == pair
    ]
    notes += [
        (words("money"), money_sentence(parts, material.facts.currency, vocabulary))
        for of, parts in material.money_parts if of == pair
    ]  # fmt: skip
    return [*notes, _cost_note(material, pair)]


def _cost_note(material: Material, pair: Pair) -> tuple[str, str]:
    """What the policies cost: a price list, whatever the map shows."""
    sentence = cost_sentence(material.further_costs(pair), material.facts, material.vocabulary)
    return material.vocabulary.words("cost"), sentence


def warning(supply: SupplyFact | None, words: Words) -> tuple[str, str] | None:
    """
    Warn, above the answer, that the map of the place misses outlets.

    Parameters
    ----------
    supply : SupplyFact or None
        What the manifest says.
    words : Words
        The language.

    Returns
    -------
    tuple of (str, str) or None
        Heading and text; None where nothing is missing.
    """
    if supply is None:
        return None
    blanks = {
        "share": percent(supply.share),
        "basic": percent(supply.basic_share),
        "source": words("world.source"),
    }
    return words("supply.heading"), words("supply.text", **blanks)


def caveats(material: Material) -> tuple[tuple[str, str], ...]:
    """
    Say how sure the answer is and what it leaves out.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    tuple of (str, str)
        Heading and text.
    """
    words, facts = material.vocabulary.words, material.facts
    sure = words("sure.draws", draws=facts.draws) if facts.draws else words("sure.single")
    return (
        (words("how_sure"), sure),
        (words("held_still"), words("held_still.months" if facts.months else "held_still.text", days=facts.days)),
        (words("anchored"), words("anchored.text")),
        (words("no_verdict"), words("no_verdict.text")),
    )


def command_note(material: Material) -> str:
    """
    Say how to get the range over assumptions, and how long it takes.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    str
        Empty where the range is there.
    """
    words, facts = material.vocabulary.words, material.facts
    if facts.draws:
        return ""
    if not facts.range_command:
        return words("sure.no_command")
    if not math.isfinite(facts.range_minutes):
        return ""
    minutes = max(1, math.ceil(facts.range_minutes))
    return words("sure.minute") if minutes == 1 else words("sure.minutes", minutes=minutes)
