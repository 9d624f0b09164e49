"""Need chapters: how needs end, where money comes from, at which hours."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.charts.fates import fates_figure
from circlesim.reporting.charts.hours import hours_figure
from circlesim.reporting.charts.switching import switching_figure
from circlesim.reporting.material import Material
from circlesim.reporting.need_tables import fates_table, hours_table, switching_table
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.records import records
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.switching import fate_shares, most_changed_service


def fates_chapter(material: Material) -> Chapter | None:
    """
    Say how needs ended.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where needs were not matched.
    """
    if not len(material.switching) or not material.run.pairs:
        return None
    words = material.vocabulary.words
    fates = fates_of_run(material)
    svg = figure_svg(fates_figure(fates, material.lang), "fates", words("fates"), words("fates.intro"))
    picture = Picture(key="fates", title="", svg=svg, twin=fates_table(fates, material.vocabulary))
    return Chapter(key="fates", title=words("fates"), paragraphs=(words("fates.intro"),), pictures=(picture,))


def fates_of_run(material: Material) -> pd.DataFrame:
    """
    Gather the bars of the fates figure.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    DataFrame
        All services in every scenario, then the most changed service of every comparison, before and after.
    """
    bars: dict[tuple[str, str], dict[str, float]] = {}
    everything = material.vocabulary.words("all_services")
    for pair in material.run.pairs:
        _add_bars(bars, fate_shares(material.switching, pair), everything, pair.baseline, pair.scenario)
    changed = [(most_changed_service(material.switching, pair), pair) for pair in material.run.pairs]
    for service in dict.fromkeys(name for name, _ in changed if name):
        for pair in (pair for name, pair in changed if name == service):
            shares = fate_shares(material.switching, pair, service)
            _add_bars(bars, shares, material.vocabulary.service(service), pair.baseline, pair.scenario)
    rows = [{"service": service, "scenario": scenario} | shares for (service, scenario), shares in bars.items()]
    return pd.DataFrame(rows).fillna(0.0)


def _add_bars(
    bars: dict[tuple[str, str], dict[str, float]], shares: pd.DataFrame, what: str, baseline: str, scenario: str
) -> None:  # fmt: skip
    before, after = records(shares)
    bars.setdefault((what, baseline), before)
    bars.setdefault((what, scenario), after)


def switching_chapter(material: Material) -> Chapter | None:
    """
    Say whether money in the circle is new or moved.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where needs were not matched.
    """
    if not material.money_parts:
        return None
    words = material.vocabulary.words
    titled = [(material.versus(pair), parts) for pair, parts in material.money_parts]
    svg = figure_svg(
        switching_figure(titled, material.lang), "switching", words("switching"), words("switching.intro")
    )
    twin = switching_table(material.money_parts, material.facts.currency, material.vocabulary)
    unit = words("unit.a_day", unit=material.vocabulary.quantity(material.facts.currency).level_unit)
    picture = Picture(key="switching", title=unit, svg=svg, twin=twin)
    return Chapter(
        key="switching", title=words("switching"), paragraphs=(words("switching.intro"),), pictures=(picture,)
    )


def hours_chapter(material: Material) -> Chapter | None:
    """
    Say at which hours needs arise and outlets are visited.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where hours were not counted.
    """
    hourly = material.run.table("hourly.csv")
    if not len(hourly):
        return None
    words, scenarios = material.vocabulary.words, material.run.scenarios
    hourly[["needs", "visits"]] = hourly[["needs", "visits"]] / material.facts.days_measured
    baseline = hourly[hourly["scenario"] == scenarios[0]]
    figure = hours_figure(baseline, hourly_change(hourly, material), material.lang)
    svg = figure_svg(figure, "hours", words("hours"), words("hours.intro"))
    picture = Picture(key="hours", title="", svg=svg, twin=hours_table(hourly, scenarios, material.vocabulary))
    return Chapter(key="hours", title=words("hours"), paragraphs=(words("hours.intro"),), pictures=(picture,))


def hourly_change(hourly: pd.DataFrame, material: Material) -> pd.DataFrame:
    """
    Subtract the visits of each baseline hour by hour.

    Parameters
    ----------
    hourly : DataFrame
        Columns `scenario`, `hour`, `visits`.
    material : Material
        For the comparisons.

    Returns
    -------
    DataFrame
        Columns `scenario` (the comparison in words), `hour`, `change`.
    """
    visits = hourly.pivot_table(index="hour", columns="scenario", values="visits", aggfunc="sum").sort_index()
    parts = [
        pd.DataFrame(
            {
                "scenario": material.versus(pair),
                "hour": visits.index,
                "change": (visits[pair.scenario] - visits[pair.baseline]).to_numpy(),
            }
        )
        for pair in material.run.pairs
        if {pair.scenario, pair.baseline} <= set(visits.columns)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
