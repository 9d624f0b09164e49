"""Effect tables: paired differences written out, of all residents and of groups."""

from __future__ import annotations

from collections.abc import Iterable

from circlesim.reporting.findings import Finding
from circlesim.reporting.quantities import number
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent, verdict_words
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary


EFFECT_HEADS = ("before", "after", "change", "assumptions", "same", "luck", "unit", "verdict", "evidence")


def effect_cells(found: Finding, vocabulary: Vocabulary) -> tuple[str, ...]:
    """
    Write out one finding: before, after, change, both ranges, sign, reading.

    Parameters
    ----------
    found : Finding
        The finding.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    tuple of str
        One cell for each of `EFFECT_HEADS`.
    """
    quantity = vocabulary.quantity(found.unit)
    wide = quantity.bare_span(*found.assumptions) if found.assumptions else "–"
    suffix = "%" if quantity.level_unit == "%" else ""
    return (
        quantity.bare_level(found.before) + suffix,
        quantity.bare_level(found.after) + suffix,
        quantity.bare_change(found.change),
        wide,
        percent(found.same_sign),
        quantity.bare_span(*found.luck),
        quantity.change_unit,
        verdict_words(found, vocabulary),
        found.grade,
    )


def effects_table(found: Iterable[tuple[Pair, Finding]], vocabulary: Vocabulary) -> Table:
    """
    Write out the effects on all residents.

    Parameters
    ----------
    found : iterable of (Pair, Finding)
        Findings with the scenario they are about.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a scenario and measure.
    """
    rows = tuple(
        (pair.scenario, pair.baseline, vocabulary.measure(each.measure), *effect_cells(each, vocabulary))
        for pair, each in found
    )
    head = heads(vocabulary, "scenario", "baseline", "measure", *EFFECT_HEADS)
    return Table(vocabulary.words("effects"), head, rows, 3)


def subgroup_table(found: Iterable[Finding], sizes: dict[tuple[str, str], int], vocabulary: Vocabulary) -> Table:
    """
    Write out the effects on groups of residents.

    Parameters
    ----------
    found : iterable of Finding
        Findings of one scenario.
    sizes : dict of (str, str) to int
        Residents by (by, group).
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a measure and group.
    """
    rows = tuple(
        (
            vocabulary.measure(each.measure), vocabulary.dimension(each.by) if each.by else "",
            vocabulary.group(each.by, each.group), number(sizes.get((each.by, each.group), float("nan"))),
            *effect_cells(each, vocabulary),
        )
        for each in found
    )  # fmt: skip
    head = heads(vocabulary, "measure", "dimension", "group", "n", *EFFECT_HEADS)
    return Table(vocabulary.words("subgroups"), head, rows, 3)
