"""Record chapters: costs, the balance sheet, definitions, settings and provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from circlesim.errors import ConfigError
from circlesim.measures.catalogue import measure_named
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.tables import Table, heads


def costs_chapter(material: Material) -> Chapter:
    """
    Set out what policies cost.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter
        One row a scenario and policy; *no cost given* where nobody said.
    """
    words, vocabulary = material.vocabulary.words, material.vocabulary
    none = words("cost.none")
    rows = tuple(
        (
            name, vocabulary.policy(each.policy),
            none if each.capital is None else number(each.capital),
            none if each.running_month is None else number(each.running_month),
        )
        for name in material.run.scenarios for each in material.costs_of(name)
    )  # fmt: skip
    currency = vocabulary.quantity(material.facts.currency).level_unit
    table = Table(words("costs"), heads(vocabulary, "scenario", "policy", "capital", "running"), rows, 2)
    intro = words("costs.intro", currency=currency)
    return Chapter(key="costs", title=words("costs"), paragraphs=(intro,), tables=(table,) if rows else ())


def balance_chapter(material: Material) -> Chapter | None:
    """
    Set the baseline beside published figures.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the run holds no balance sheet.
    """
    sheet = material.run.table("balance.csv")
    if not len(sheet):
        return None
    words = material.vocabulary.words
    columns = [str(name) for name in sheet.columns]
    head = tuple(words(f"balance.{name}") if words.has(f"balance.{name}") else name for name in columns)
    rows = tuple(tuple(_cell(name, row[name], material) for name in columns) for row in sheet.to_dict("records"))
    table = Table(words("balance"), head, rows, 2)
    return Chapter(key="balance", title=words("balance"), paragraphs=(words("balance.intro"),), tables=(table,))


def _cell(column: str, value: Any, material: Material) -> str:
    if isinstance(value, int | float):
        return number(float(value), 0 if abs(value) >= 100 else 2) if value == value else ""
    return material.vocabulary.name(str(value)) if column == "service" else str(value)


def measures_chapter(material: Material) -> Chapter:
    """
    Say what every measure of the run means.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter
        Numerator, denominator and direction.
    """
    words = material.vocabulary.words
    names = list(dict.fromkeys(material.run.comparison["measure"]))
    rows = tuple(row for name in names if (row := _definition(name, material)))
    head = heads(material.vocabulary, "measure", "key", "definition", "direction")
    return Chapter(key="measures", title=words("measures"), tables=(Table(words("measures"), head, rows, 4),))


def _definition(name: str, material: Material) -> tuple[str, ...] | None:
    try:
        measure = measure_named(name)
    except ConfigError:
        return None
    meaning = f"{measure.numerator} / {measure.denominator}"
    return material.vocabulary.measure(name), name, meaning, measure.direction


def settings_chapter(material: Material) -> Chapter:
    """
    Set out settings and provenance.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter
        Everything of the manifest, then the settings of the experiment.
    """
    words = material.vocabulary.words
    head = heads(material.vocabulary, "key", "value")
    tables = [
        Table(name, head, rows, 2)
        for name, facts in (("manifest.json", material.run.manifest), ("experiment.toml", material.run.settings))
        if (rows := tuple(flattened(facts)))
    ]
    facts = material.facts
    lists = (("sources", facts.sources), ("licences", facts.licences))
    paragraphs = [words("settings.intro"), *(words("by_measure", measure=words(key), groups=words.join(list(said), "clause")) for key, said in lists if said)]
    return Chapter(key="settings", title=words("settings"), paragraphs=tuple(paragraphs), tables=tuple(tables))


def flattened(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """
    Write out nested settings as dotted keys.

    Parameters
    ----------
    facts : mapping
        Settings.
    above : str, default: ""
        Key of the mapping they stand in.

    Yields
    ------
    tuple of str
        Key and value.
    """
    for key, value in facts.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            yield from flattened(value, name)
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            for position, item in enumerate(value):
                yield from flattened(item if isinstance(item, Mapping) else {"": item}, f"{name}[{position}]")
        else:
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
