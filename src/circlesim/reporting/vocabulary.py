"""Vocabulary: names of measures, groups, fates and outlets in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.labels import label
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
    """

    words: Words

    @staticmethod
    @cache
    def of(lang: str) -> Vocabulary:
        """
        Give the vocabulary of a language.

        Parameters
        ----------
        lang : str
            ``"en"`` or ``"zh"``.

        Returns
        -------
        Vocabulary
            Its names.
        """
        return Vocabulary(Words(as_language(lang)))

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

    def name(self, identifier: str) -> str:
        """
        Name anything the catalogue knows; else show the id with blanks for underscores.

        Parameters
        ----------
        identifier : str
            Id of a service, format, fate, barrier or group.

        Returns
        -------
        str
            Its name.
        """
        found = str(label(identifier, self.words.lang)) if identifier else ""
        return identifier.replace("_", " ") if found in ("", identifier) else found

    def measure(self, measure: str) -> str:
        """
        Name a measure as a sentence would.

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
            coverage = self.words("measure.coverage", format=self.name(parts[1]), minutes=parts[2])
            return f"{coverage} ({parts[3]}:00)" if len(parts) > 3 else coverage
        key = f"measure.{measure}"
        return self.words(key) if self.words.has(key) else self.name(measure)

    def dimension(self, by: str) -> str:
        """
        Name a way of grouping.

        Parameters
        ----------
        by : str
            Such as ``"age_band"``; empty for all residents.

        Returns
        -------
        str
            Its name.
        """
        key = f"by.{by}"
        return self.words(key) if self.words.has(key) else self.name(by)

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
        key = f"group.{by}.{group}"
        if self.words.has(key):
            return self.words(key)
        if by in ("age_band", "age60") and group[:1].isdigit():
            if group.endswith("+"):
                return self.words("group.age_over", age=group[:-1])
            return self.words("group.age", age=group.replace("-", "–"))
        if by == "circle":
            return group
        if by == "means":
            return self.words.join([self.name(part) for part in group.split("+")], "list")
        return self.name(group)

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
        return self.words(f"fate.{fate}") if self.words.has(f"fate.{fate}") else self.name(fate)

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
        key = f"barrier.{barrier.lower()}"
        return self.words(key) if self.words.has(key) else self.name(barrier)

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
            Its name, with a capital in English.
        """
        name = self.name(service)
        return name[:1].upper() + name[1:]

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
        key = f"policy.{policy}"
        return self.words(key) if self.words.has(key) else self.name(policy)
