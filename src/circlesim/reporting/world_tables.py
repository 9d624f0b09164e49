"""World tables: formats beside the mean circle, residents by group, and the balance sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.reporting.balance_chapter import balance_table
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.sentences import percent
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.reporting.world_words import rule_words
from circlesim.world.groups import group_labels, group_rows
from circlesim.world.supply import supply_of
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = ("age_band", "sex", "mobility", "schedule", "means", "income_band")
"""Groups whose sizes are shown."""


def formats_chapter(world: World, vocabulary: Vocabulary) -> Chapter:
    """
    Set outlets by format beside those of the mean circle.

    Parameters
    ----------
    world : World
        The world.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Chapter
        One row a format that is here or in the mean circle.
    """
    words = vocabulary.words
    counts = np.bincount(world.facilities.format, minlength=len(world.formats))
    expected = {each.name: each for each in supply_of(world).formats}
    rows = []
    for position in np.argsort(-counts, kind="stable").tolist():
        name, count = world.formats.ids[position], int(counts[position])
        mean = expected.get(name)
        if not count and mean is None:
            continue
        rows.append((
            vocabulary.format(name), vocabulary.format_class(world.formats.row(name).format_class), number(count),
            number(len(world.population) / count) if count else "–", number(mean.expected, 1) if mean else "–",
            percent(mean.share) if mean else "–", words("world.too_few") if mean and mean.too_few else "",
        ))  # fmt: skip
    head = heads(vocabulary, "format", "class", "outlets", "residents_per_outlet", "mean_circle", "of_mean")
    table = Table(words("world.formats"), (*head, ""), tuple(rows), 2, 1)
    note = words("world.formats.intro", **rule_words(vocabulary))
    return Chapter(key="formats", title=words("world.formats"), paragraphs=(note,), tables=(table,))


def residents_chapter(world: World, vocabulary: Vocabulary) -> Chapter:
    """
    Count residents by group.

    Parameters
    ----------
    world : World
        The world.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Chapter
        Groups of fewer than 30 residents say so instead of their number.
    """
    words, people = vocabulary.words, world.population
    rows = []
    for by in DIMENSIONS:
        labels = group_labels(people, by)
        counts = np.bincount(group_rows(people, by), minlength=len(labels))
        for place, (label, count) in enumerate(zip(labels, counts.tolist(), strict=True)):
            shown = (number(count), percent(count / max(1, len(people)), 1)) if count >= SMALLEST_GROUP else (
                words("world.under"), "")  # fmt: skip
            rows.append((vocabulary.dimension(by) if not place else "", vocabulary.group(by, label), *shown))
    head = heads(vocabulary, "by", "group", "residents", "share")
    table = Table(words("world.residents"), head, tuple(rows), 2)
    return Chapter(key="residents", title=words("world.residents"), tables=(table,))


def balance_chapters(sheet: pd.DataFrame | None, vocabulary: Vocabulary) -> tuple[Chapter, ...]:
    """
    Set a week without policies beside published figures.

    Parameters
    ----------
    sheet : DataFrame or None
        The balance sheet.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    tuple of Chapter
        None where no week was run.
    """
    if sheet is None or not len(sheet):
        return ()
    words = vocabulary.words
    texts = [
        name for name in ("service", "format", "bin", "within", "source", "grade", "built_to") if name in sheet
    ]
    sheet = sheet.fillna(dict.fromkeys(texts, ""))
    banded = sheet["low"].notna() | sheet["high"].notna()
    beside = balance_table(sheet[banded], words("balance.banded"), vocabulary)
    alone = balance_table(sheet[~banded], words("balance.alone"), vocabulary, ("value", "unit"))
    return (Chapter(key="balance", title=words("balance"), paragraphs=(words("world.balance.intro"),),
                    tables=(beside,), folded=(alone,)),)  # fmt: skip
