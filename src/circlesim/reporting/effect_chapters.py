"""Effect chapters: effects on all residents and on groups."""

from __future__ import annotations

from circlesim.measures.grouping import NEED_DIMENSIONS
from circlesim.reporting.charts.forest import forest_figure
from circlesim.reporting.effect_tables import effects_table, subgroup_table
from circlesim.reporting.findings import Finding
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.svg import figure_svg

PANELS = 3
"""Measures side by side in a forest plot."""


def effects_chapter(material: Material) -> Chapter | None:
    """
    Set out the effects on all residents.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        One table a comparison; None where nothing was compared.
    """
    words = material.vocabulary.words
    if not material.found:
        return None
    tables = tuple(
        effects_table(found, material.versus(pair), material.vocabulary) for pair, found in material.found.items()
    )
    return Chapter(
        key="effects",
        title=words("effects"),
        paragraphs=(words("effects.intro"), words("evidence.note")),
        tables=tables,
    )


def subgroups_chapter(material: Material) -> Chapter | None:
    """
    Set out the effects on groups of residents.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        One forest plot a comparison; None where no groups were asked for.
    """
    words = material.vocabulary.words
    pictures = [_forest(material, pair, position) for position, pair in enumerate(material.run.pairs)]
    drawn = tuple(picture for picture in pictures if picture)
    if not drawn:
        return None
    intro = words("subgroups.intro" if material.facts.draws else "subgroups.intro_luck")
    return Chapter(key="subgroups", title=words("subgroups"), paragraphs=(intro,), pictures=drawn)


def _forest(material: Material, pair: Pair, position: int) -> Picture | None:
    grouped = [each for each in material.found[pair] if each.by not in NEED_DIMENSIONS]
    measures = _measures_by_group(grouped)
    if not measures:
        return None
    shown = [each for each in grouped if each.measure in measures]
    rows = material.run.comparison
    rows = rows[(rows["scenario"] == pair.scenario) & (rows["baseline"] == pair.baseline)]
    rows = rows[~rows["by"].isin(NEED_DIMENSIONS) & rows["measure"].isin(measures) & rows["difference"].notna()]
    sizes = {(row["by"], row["group"]): int(row["n"]) for row in records(rows) if row["n"] == row["n"]}
    title = material.versus(pair)
    key = f"forest-{position}"
    names = material.vocabulary.words.join([material.vocabulary.measure(name) for name in measures[:PANELS]])
    svg = figure_svg(forest_figure(rows, measures[:PANELS], material.vocabulary), key, title, names)
    return Picture(key=key, title=title, svg=svg, twin=subgroup_table(shown, sizes, title, material.vocabulary))


def _measures_by_group(found: list[Finding]) -> list[str]:
    return list(dict.fromkeys(each.measure for each in found if each.by))
