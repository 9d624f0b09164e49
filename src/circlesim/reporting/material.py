"""Material: everything a report is written from, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from circlesim.reporting.costs import PolicyCost, policy_costs
from circlesim.reporting.findings import Finding, findings
from circlesim.reporting.outlets import outlet_changes
from circlesim.reporting.run_facts import RunFacts, run_facts
from circlesim.reporting.run_folder import Pair, RunFolder
from circlesim.reporting.switching import spending_parts
from circlesim.reporting.vocabulary import Vocabulary


@dataclass(frozen=True)
class Material:
    """
    A run with the language it is told in.

    Parameters
    ----------
    run : RunFolder
        The run.
    vocabulary : Vocabulary
        The language.
    """

    run: RunFolder
    vocabulary: Vocabulary

    @staticmethod
    def of(path: Path, lang: str) -> Material:
        """
        Open a run folder.

        Parameters
        ----------
        path : Path
            The folder.
        lang : {"en", "zh"}
            The language.

        Returns
        -------
        Material
            Tables are read when they are asked for.
        """
        run = RunFolder(path)
        return Material(run, Vocabulary.of_run(lang, run.manifest))

    @property
    def lang(self) -> str:
        """The language."""
        return self.vocabulary.words.lang

    @cached_property
    def facts(self) -> RunFacts:
        """What the manifest says."""
        return run_facts(self.run, self.lang)

    @cached_property
    def found(self) -> dict[Pair, list[Finding]]:
        """Findings of every comparison."""
        return {pair: findings(self.run.comparison, pair, self.vocabulary.quantity) for pair in self.run.pairs}

    @cached_property
    def unmet(self) -> pd.DataFrame:
        """Contents of ``unmet.csv``."""
        return self.run.table("unmet.csv")

    @cached_property
    def switching(self) -> pd.DataFrame:
        """Contents of ``switching.csv``."""
        return self.run.table("switching.csv")

    @cached_property
    def facilities(self) -> pd.DataFrame:
        """Contents of ``facilities.csv``, with names and places from ``map/facilities.csv``."""
        table = self.run.table("facilities.csv")
        places = self.run.table("map/facilities.csv")
        if not len(table) or not len(places):
            return table
        known = places.drop(columns=[name for name in places if name in table and name != "facility"])
        return table.merge(known.drop_duplicates("facility"), on="facility", how="left")

    @cached_property
    def money_parts(self) -> list[tuple[Pair, pd.DataFrame]]:
        """Parts of the change in spending a day, comparison by comparison."""
        if not len(self.switching):
            return []
        return [(pair, spending_parts(self.switching, pair, self.facts.days_measured)) for pair in self.run.pairs]

    @cached_property
    def outlet_changes(self) -> list[tuple[Pair, pd.DataFrame]]:
        """Visits a day of every outlet before and after, comparison by comparison."""
        if not len(self.facilities):
            return []
        return [(pair, outlet_changes(self.facilities, pair, self.facts.days_measured)) for pair in self.run.pairs]

    def costs_of(self, scenario: str) -> list[PolicyCost]:
        """
        List what the policies of a scenario cost.

        Parameters
        ----------
        scenario : str
            Name.

        Returns
        -------
        list of PolicyCost
            From the manifest.
        """
        return policy_costs(self.run.manifest, scenario)

    def further_costs(self, pair: Pair) -> list[PolicyCost]:
        """
        List what the policies cost that a scenario has and its baseline has not.

        Parameters
        ----------
        pair : Pair
            Scenario and baseline.

        Returns
        -------
        list of PolicyCost
            Of the scenario.
        """
        shared = self.costs_of(pair.baseline)
        return [each for each in self.costs_of(pair.scenario) if each not in shared]

    def versus(self, pair: Pair) -> str:
        """
        Name a comparison.

        Parameters
        ----------
        pair : Pair
            Scenario and baseline.

        Returns
        -------
        str
            Both names.
        """
        return self.vocabulary.words("versus.short", scenario=pair.scenario, baseline=pair.baseline)
