"""Experiment: the settings of a checked file, turned into objects and back into TOML."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from circlesim.catalog.format_set import Formats
from circlesim.catalog.parameters import Parameters
from circlesim.config.carrying import world_under_parameters
from circlesim.config.stacking import Place
from circlesim.config.tables import ClaimTable, ExperimentTable, FactorialTable, PrecisionTable, SurveyTable
from circlesim.config.toml_text import toml_document
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.claims import Claim, Expectation, Law, Side
from circlesim.experiments.factorial import Factorial
from circlesim.experiments.precision import Precision
from circlesim.measures.sampling import SurveyDesign
from circlesim.policies.policy import Policy
from circlesim.world.demo import is_path
from circlesim.world.world import World

if TYPE_CHECKING:
    from circlesim.experiments.experiment import Experiment
    from circlesim.experiments.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentFile:
    """
    An experiment file in which nothing was found wrong.

    Parameters
    ----------
    path : Path
        The file; paths inside it are read from its folder.
    table : ExperimentTable
        Its settings, ``--set`` and defaults included.
    origins : dict of str to str
        Top-level key to where its value comes from: ``"file"``, ``"--set"`` or ``"default"``.
    parameters : Parameters
        The numbers of the law, changes included.
    mechanisms : Mechanisms
        The switches of the law.
    policies : dict
        Place in the file to policy, for every policy written out.
    formats : Formats
        Those of the world, the file's own included.
    world : World or None
        The world, where it was read from a folder; a demo world is built on demand.
    """

    path: Path
    table: ExperimentTable
    origins: dict[str, str]
    parameters: Parameters
    mechanisms: Mechanisms
    policies: dict[Place, Policy]
    formats: Formats
    world: World | None

    @property
    def name(self) -> str:
        """Name of the experiment: of the folder of an ``experiment.toml``, else of the file."""
        path = self.path.absolute()
        return path.parent.name if path.name == "experiment.toml" else path.stem

    def experiment(self) -> Experiment:
        """
        Build the experiment.

        Returns
        -------
        Experiment
            Ready to run.

        Raises
        ------
        CircleSimError
            If a policy does not fit the world.
        """
        from circlesim.experiments.experiment import Experiment

        table = self.table
        world = world_under_parameters(table.world, self.world, self.parameters, self.path.parent, self.formats)
        return Experiment(
            self._scenarios(world),
            replications=precision(table.replications),
            seed=table.seed,
            warmup_days=table.warmup_days,
            measures=table.measures or (),
            by=table.by,
            assumptions=table.assumptions,
            measure_from=table.measure_from,
            parameters=self.parameters,
            mechanisms=self.mechanisms,
            question=table.question,
            survey=survey_design(table.survey),
            factorial=factorial_design(table.factorial),
            expectations=tuple(claim(each, Expectation) for each in table.expectations),
            laws=tuple(claim(each, Law) for each in table.laws),
        )

    def _scenarios(self, world: World) -> tuple[Scenario, ...]:
        """Build scenarios with those they name; inside, an entry of [policies] is a scenario of its own."""
        from circlesim.experiments.scenario import Scenario

        table = self.table
        made: dict[str, Scenario] = {}

        def build(name: str) -> Scenario:
            if name in made:
                return made[name]
            entries: list[Policy | Scenario] = []
            if name in table.policies:
                entries, baseline, surface = [self.policies["policies", name]], None, None
            else:
                baseline = table.scenarios[name].baseline or table.baseline
                surface = table.scenarios[name].surface
                for position, entry in enumerate(table.scenarios[name].policies):
                    place = ("scenarios", name, "policies", position)
                    entries.append(build(entry) if isinstance(entry, str) else self.policies[place])
            made[name] = Scenario(
                name, world, days=table.days, start=table.start, policies=tuple(entries), baseline=baseline,
                surface=surface,
            )  # fmt: skip
            return made[name]

        scenarios = tuple(build(name) for name in table.scenarios)
        design = factorial_design(table.factorial)
        return scenarios if design is None else (*scenarios, *design.scenarios(scenarios))

    def document(self, folder: Path) -> dict[str, Any]:
        """
        Return all settings as they would stand in a file.

        Parameters
        ----------
        folder : Path
            Where that file would stand; paths are written to be read from there.

        Returns
        -------
        dict of str to object
            Nothing is left to a default.
        """
        document = {each.name: _plain(getattr(self.table, each.name)) for each in fields(self.table)}
        for key, part in (("world", "name"), ("parameters", "base")):
            value = document[key]
            if isinstance(value, dict) and part in value:
                value[part] = self._from(folder, value[part])
            elif isinstance(value, str):
                document[key] = self._from(folder, value)
        for key in ("standard", "formats"):
            document[key] = document[key] and self._from(folder, document[key])
        empty = (
            "policies", "mechanisms", "survey", "factorial", "expectations", "laws", "standard", "formats",
        )  # fmt: skip
        return {key: value for key, value in document.items() if value or key not in empty}

    def _from(self, folder: Path, text: str) -> str:
        if not is_path(text):
            return text
        moved = Path(os.path.relpath(self.path.parent / text, folder)).as_posix()
        return moved if is_path(moved) else f"./{moved}"

    def toml(self, folder: Path) -> str:
        """
        Write all settings as TOML.

        Parameters
        ----------
        folder : Path
            See `document`.

        Returns
        -------
        str
            An experiment file that asks for the same run.
        """
        return toml_document(self.document(folder), f"resolved settings of {self.path.name}; defaults written out")


def survey_design(table: SurveyTable | None) -> SurveyDesign | None:
    """
    Turn the table of a survey into its design.

    Parameters
    ----------
    table : SurveyTable or None
        As read.

    Returns
    -------
    SurveyDesign or None
        None where no survey is asked for.

    Raises
    ------
    ConfigError
        Listing everything that cannot be.
    """
    if table is None:
        return None
    return SurveyDesign(**{each.name: getattr(table, each.name) for each in fields(table)})


def precision(table: int | PrecisionTable) -> int | Precision:
    """
    Turn the number of replications, or the precision wanted, into a rule.

    Parameters
    ----------
    table : int or PrecisionTable
        As read.

    Returns
    -------
    int or Precision
        A number stays one.

    Raises
    ------
    ConfigError
        Listing everything that cannot be.
    """
    if not isinstance(table, PrecisionTable):
        return table
    return Precision(min=table.min, batch=table.batch, max=table.max, half_width=dict(table.half_width))


def factorial_design(table: FactorialTable | None) -> Factorial | None:
    """
    Turn the table of a factorial design into the design.

    Parameters
    ----------
    table : FactorialTable or None
        As read.

    Returns
    -------
    Factorial or None
        None where none is asked for.

    Raises
    ------
    ConfigError
        Listing everything that cannot be.
    """
    return None if table is None else Factorial(table.of, fraction=table.fraction)


AClaim = TypeVar("AClaim", bound=Claim)


def claim(table: ClaimTable, kind: type[AClaim]) -> AClaim:
    """
    Turn the table of a claim into a claim.

    Parameters
    ----------
    table : ClaimTable
        As read.
    kind : type of Claim
        `Expectation` or `Law`.

    Returns
    -------
    Claim
        Of that kind.
    """
    values = {each.name: getattr(table, each.name) for each in fields(table)}
    for name in ("higher", "lower"):
        if values[name] is not None:
            values[name] = Side(**{each.name: getattr(values[name], each.name) for each in fields(values[name])})
    return kind(**values)


def _plain(value: Any) -> Any:
    """Turn tables of dataclasses into what TOML holds, without keys that are missing."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        table = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {key: item for key, item in table.items() if item not in (None, [], "")}
    return value
