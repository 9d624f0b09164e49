"""Barrier chapters: why needs stay unmet or are pushed out, and what lifting one barrier would do."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from circlesim.reporting.barriers import barrier_change, shared_barriers
from circlesim.reporting.charts.barriers import (
    barrier_figure,
    plot_met_if_lifted,
    plot_pushed_out_by_barrier,
    plot_unmet_by_barrier,
)
from circlesim.reporting.material import Material
from circlesim.reporting.need_tables import barrier_table
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.svg import figure_svg


def unmet_chapter(material: Material) -> Chapter | None:
    """
    Say why needs stay unmet.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no unmet needs by barrier.
    """
    return _barrier_chapter(
        material, material.unmet, "unmet", "unmet", plot_unmet_by_barrier, "unit.unmet_per_1000"
    )


def lifted_chapter(material: Material) -> Chapter | None:
    """
    Say what lifting one barrier alone would do.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no such counts.
    """
    return _barrier_chapter(
        material, material.unmet, "lifted", "met_if_lifted", plot_met_if_lifted, "unit.needs_per_1000"
    )


def pushed_chapter(material: Material) -> Chapter | None:
    """
    Say why needs are met at home or outside for want of an alternative inside.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no such counts.
    """
    pushed = material.run.table("pushed_out.csv")
    return _barrier_chapter(
        material, pushed, "pushed", "pushed_out", plot_pushed_out_by_barrier, "unit.needs_per_1000"
    )


def _barrier_chapter(
    material: Material, counts: pd.DataFrame, key: str, column: str, plot: Callable[..., Axes], unit: str
) -> Chapter | None:  # fmt: skip
    if not len(counts) or column not in counts or not material.run.pairs:
        return None
    words, pairs = material.vocabulary.words, material.run.pairs
    tables = shared_barriers([barrier_change(counts, pair, column) for pair in pairs])
    if not len(tables[0]):
        return None
    titles = [material.versus(pair) for pair in pairs]
    figure = barrier_figure(list(zip(titles, tables, strict=True)), plot, material.lang)
    svg = figure_svg(figure, key, words(key), words(f"{key}.intro"))
    twin = barrier_table(list(zip(pairs, tables, strict=True)), words(key), words(unit), material.vocabulary)
    picture = Picture(key=key, title="", svg=svg, twin=twin)
    return Chapter(key=key, title=words(key), paragraphs=(words(f"{key}.intro"),), pictures=(picture,))
