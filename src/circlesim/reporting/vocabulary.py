"""Vocabulary: names of measures, groups, fates and outlets in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from circlesim.catalog.format_set import Formats
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.labels import label
from circlesim.measures.group_gap import GAPS
from circlesim.reporting.quantities import Quantity
from circlesim.reporting.words import Words, as_language


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    Names in one language.

    Parameters
    ----------
    words : Words
        The language.
    formats : tuple of (str, str), default: ()
        Ids and names of formats that the catalogue does not have, or names otherwise.
    """

    words: Words
    formats: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(lang: str | Vocabulary) -> Vocabulary:
        """
        Give the vocabulary of a language.

        Parameters
        ----------
        lang : str or Vocabulary
            ``"en"`` or ``"zh"``; a vocabulary is its own.

        Returns
        -------
        Vocabulary
            Its names.
        """
        return lang if isinstance(lang, Vocabulary) else _vocabulary(lang)

    @staticmethod
    def of_run(lang: str, manifest: Mapping[str, Any]) -> Vocabulary:
        """
        Give the vocabulary of a language, with the formats of a run.

        Parameters
        ----------
        lang : str
            ``"en"`` or ``"zh"``.
        manifest : mapping
            Contents of ``manifest.json``.

        Returns
        -------
        Vocabulary
            Its names.
        """
        vocabulary = Vocabulary.of(lang)
        named = ((str(row["format"]), str(row[vocabulary.words.lang])) for row in manifest.get("formats", ()))
        return replace(vocabulary, formats=tuple(named))

    @staticmethod
    def of_world(lang: str, formats: Formats) -> Vocabulary:
        """
        Give the vocabulary of a language, with the formats of a world.

        Parameters
        ----------
        lang : str
            ``"en"`` or ``"zh"``.
        formats : Formats
            Those of the world.

        Returns
        -------
        Vocabulary
            Its names.
        """
        vocabulary = Vocabulary.of(lang)
        named = {row.format: row for row in formats.own}
        names = formats.names(vocabulary.words.lang)
        return replace(vocabulary, formats=tuple((name, names[name]) for name in named))

    def knows_format(self, identifier: str) -> bool:
        """
        Tell whether an id is that of a format.

        Parameters
        ----------
        identifier : str
            Any text.

        Returns
        -------
        bool
            True for formats of the catalogue, and of the run or world.
        """
        return identifier in FORMATS or any(identifier == name for name, _ in self.formats)

    def quantity(self, unit: str) -> Quantity:
        """
        Give the way numbers of a unit are written.

        Parameters
        ----------
        unit : str
            Unit in the data.

        Returns
        -------
        Quantity
            The writer.
        """
        return Quantity(unit, self.words)

    def name(self, identifier: str, kind: str = "") -> str:
        """
        Name anything the catalogue knows; else show the id with blanks for underscores.

        Parameters
        ----------
        identifier : str
            Any id.
        kind : str, default: ""
            Kind of the id, such as ``"service"``; any by default.

        Returns
        -------
        str
            Its name.
        """
        if kind in ("", "format"):
            own = next((name for format_id, name in self.formats if format_id == identifier), "")
            if own:
                return own
        found = label(identifier, self.words.lang, kind=kind)
        return identifier.replace("_", " ") if found == identifier else found

    def headed(self, identifier: str, kind: str) -> str:
        """
        Name an id as a heading would.

        Parameters
        ----------
        identifier : str
            Any id.
        kind : str
            Kind of the id.

        Returns
        -------
        str
            Its name, with a capital in English.
        """
        name = self.name(identifier, kind)
        return name[:1].upper() + name[1:]

    def measure(self, measure: str) -> str:
        """
        Name a measure as the head of a sentence would.

        Parameters
        ----------
        measure : str
            Its id, such as ``"unmet_share"`` or ``"coverage:breakfast_shop:10"``.

        Returns
        -------
        str
            Its name.
        """
        parts = measure.split(":")
        if parts[0] == "coverage" and len(parts) > 2:
            coverage = self.words("measure.coverage", format=self.format(parts[1]), minutes=parts[2])
            return f"{coverage} ({parts[3]}:00)" if len(parts) > 3 else coverage
        return self._of_inequality(parts) or self.headed(measure, "measure")

    def _of_inequality(self, parts: list[str]) -> str:
        """Name a measure of inequality that is made by name; empty for any other."""
        first, *rest = parts
        named = {"access_gini": 2, "access_concentration": 3, "met_inside_concentration": 1}
        if first == "group_gap" and len(rest) > 1 and rest[0] in GAPS:
            gap = GAPS[rest[0]]
            group, other = (self.group(gap.by, name) for name in (gap.group, gap.rest))
            return self.words(
                "measure.group_gap", measure=self.measure(":".join(rest[1:])), group=group, rest=other
            )
        if named.get(first) != len(rest) or not rest:
            return ""
        blanks = {"rank": self.words(f"rank.{rest[0]}")} if first.endswith("concentration") else {}
        if first.startswith("access"):
            blanks["what"] = self.name(rest[-1], rest[-2])
        return self.words(f"measure.{first}", **blanks)

    def dimension(self, by: str) -> str:
        """
        Name a way of grouping.

        Parameters
        ----------
        by : str
            Such as ``"age_band"``.

        Returns
        -------
        str
            Its name.
        """
        return self.headed(by, "dimension")

    def group(self, by: str, group: str) -> str:
        """
        Name a group so that it can stand alone in a sentence.

        Parameters
        ----------
        by : str
            The grouping; empty for all residents.
        group : str
            The group.

        Returns
        -------
        str
            Its name.
        """
        if not by:
            return self.words("all_residents")
        if by == "circle":
            return group
        if by == "means" and group == "none":
            return self.words("group.means.none")
        return self.name(group, {"means": "means", "service": "service", "format": "format"}.get(by, "group"))

    def service(self, service: str) -> str:
        """
        Name a service as a heading would.

        Parameters
        ----------
        service : str
            Its id.

        Returns
        -------
        str
            Its name.
        """
        return self.headed(service, "service")

    def format(self, format_id: str) -> str:
        """
        Name a format.

        Parameters
        ----------
        format_id : str
            Its id.

        Returns
        -------
        str
            Its name.
        """
        return self.name(format_id, "format")

    def format_class(self, name: str) -> str:
        """
        Name a class of formats.

        Parameters
        ----------
        name : str
            Its id, or ``"other"``.

        Returns
        -------
        str
            Its name.
        """
        return self.words("class.other") if name == "other" else self.name(name, "class")

    def fate(self, fate: str) -> str:
        """
        Name how a need ended.

        Parameters
        ----------
        fate : str
            Id in lower case.

        Returns
        -------
        str
            Its name.
        """
        return self.name(fate, "fate")

    def barrier(self, barrier: str) -> str:
        """
        Name what stood in the way.

        Parameters
        ----------
        barrier : str
            Id, in either case.

        Returns
        -------
        str
            Its name.
        """
        return self.name(barrier.lower(), "barrier")

    def world(self, world: str) -> str:
        """
        Name a world.

        Parameters
        ----------
        world : str
            Its name in files.

        Returns
        -------
        str
            The name of a demo world in words, else as it stands.
        """
        return label(world, self.words.lang, kind="world")

    def policy(self, policy: str) -> str:
        """
        Name a kind of policy.

        Parameters
        ----------
        policy : str
            Its name in experiment files.

        Returns
        -------
        str
            Its name.
        """
        return self.name(policy, "policy")


@cache
def _vocabulary(lang: str) -> Vocabulary:
    return Vocabulary(Words(as_language(lang)))
