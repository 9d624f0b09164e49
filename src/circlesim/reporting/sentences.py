"""Sentences: findings put into words; the words follow the numbers and nothing else."""

from __future__ import annotations

from circlesim.reporting.findings import Finding, Tone, Verdict, by_gain, judged_measures
from circlesim.reporting.quantities import number
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
    names = words.join([lowered(vocabulary.measure(measure), vocabulary) for measure in measures], "and")
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
