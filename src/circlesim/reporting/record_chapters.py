"""Record chapters: costs, definitions, settings and provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from circlesim.reporting.material import Material
from circlesim.reporting.measure_names import good_direction
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
        Meaning and direction.
    """
    words = material.vocabulary.words
    names = list(dict.fromkeys(material.run.comparison["measure"]))
    rows = tuple(_definition(name, material) for name in names)
    head = heads(material.vocabulary, "measure", "key", "definition", "direction")
    return Chapter(key="measures", title=words("measures"), tables=(Table(words("measures"), head, rows, 4),))


def _definition(name: str, material: Material) -> tuple[str, ...]:
    words = material.vocabulary.words
    key = f"definition.{name.split(':')[0]}"
    meaning = words(key) if words.has(key) else ""
    return material.vocabulary.measure(name), name, meaning, words(f"direction.{good_direction(name)}")


PROVENANCE = (
    "command",
    "seed",
    "replications",
    "assumptions",
    "units",
    "digests",
    "versions",
    "platform",
    "seconds",
)
"""Parts of the manifest that stand open; everything else is folded."""


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
        Provenance open; the whole manifest and the settings of the experiment folded.
    """
    words, manifest = material.vocabulary.words, material.run.manifest
    open_facts = {key: manifest[key] for key in PROVENANCE if key in manifest}
    folded = (("manifest.json", manifest), ("experiment.toml", material.run.settings))
    lists = (("sources", material.facts.sources), ("licences", material.facts.licences))
    said = [
        words("by_measure", measure=words(key), groups=words.join(list(lines), "clause"))
        for key, lines in lists if lines
    ]  # fmt: skip
    return Chapter(
        key="settings", title=words("settings"), paragraphs=(words("settings.intro"), *said),
        tables=(_facts_table(words("provenance"), open_facts, material),),
        folded=tuple(_facts_table(name, facts, material) for name, facts in folded if facts),
    )  # fmt: skip


def _facts_table(caption: str, facts: Mapping[str, Any], material: Material) -> Table:
    return Table(caption, heads(material.vocabulary, "key", "value"), tuple(flattened(facts)), 2)


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
