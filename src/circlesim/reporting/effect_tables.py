"""Effect tables: paired differences written out, of all residents and of groups."""

from __future__ import annotations

from collections.abc import Iterable

from circlesim.reporting.findings import Finding
from circlesim.reporting.quantities import number
from circlesim.reporting.sentences import percent, verdict_words
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary

EFFECT_HEADS = ("assumptions", "same", "change", "luck", "before", "after", "unit", "verdict", "evidence")


def effect_cells(found: Finding, vocabulary: Vocabulary) -> tuple[str, ...]:
    """
    Write out one finding, its range over assumptions first.

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
    wide = quantity.bare_span(*found.assumptions) if found.assumptions else vocabulary.words("not_computed")
    return (
        wide,
        percent(found.same_sign),
        quantity.bare_change(found.change),
        quantity.bare_span(*found.luck),
        quantity.short_level(found.before),
        quantity.short_level(found.after),
        quantity.change_unit,
        verdict_words(found, vocabulary),
        found.grade,
    )


def effects_table(found: Iterable[Finding], caption: str, vocabulary: Vocabulary) -> Table:
    """
    Write out the effects of one scenario on all residents.

    Parameters
    ----------
    found : iterable of Finding
        Findings of one scenario.
    caption : str
        The comparison.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a measure.
    """
    rows = tuple(
        (vocabulary.measure(each.measure), *effect_cells(each, vocabulary)) for each in found if not each.by
    )
    return Table(caption, heads(vocabulary, "measure", *EFFECT_HEADS), rows, 1, 3)


def subgroup_table(
    found: Iterable[Finding], sizes: dict[tuple[str, str], int], caption: str, vocabulary: Vocabulary
) -> Table:
    """
    Write out the effects on groups of residents.

    Parameters
    ----------
    found : iterable of Finding
        Findings of one scenario.
    sizes : dict of (str, str) to int
        Residents by (by, group).
    caption : str
        The comparison.
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
    return Table(caption, head, rows, 3, 3)
