"""Bench: what a worker needs for the units of one experiment, made once in a process."""

from __future__ import annotations

from functools import cached_property
from threading import RLock

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters
from circlesim.experiments.asked import Asked
from circlesim.experiments.assumptions import draw_parameters
from circlesim.experiments.cast import Cast, cast_of, setting
from circlesim.experiments.design import Design, compile_design
from circlesim.experiments.digest import constants_digest, digest_text, policies_digest
from circlesim.experiments.draw import Draw, make_draw, solved_draw
from circlesim.experiments.scenario import Scenario


class Bench:
    """
    What a worker needs for the units of one experiment, made when it is first needed and then kept.

    Parameters
    ----------
    asked : Asked
        The experiment.
    constants : Constants
        Those of the default parameters.
    design : Design, optional
        The experiment compiled, where it has been.
    """

    def __init__(self, asked: Asked, constants: Constants, design: Design | None = None) -> None:
        self.asked, self.constants = asked, constants
        self.design: Design = design or compile_design(asked)
        self.cast: Cast = cast_of(self.design)
        self._making = RLock()

    @cached_property
    def parameters(self) -> list[Parameters]:
        """Drawn parameters, the first draw first."""
        draws = self.asked.assumptions
        return draw_parameters(self.asked.parameters, draws) if draws else []

    @cached_property
    def default(self) -> Draw:
        """The default parameters, prepared."""
        return make_draw(self.design, 0, self.asked.world, self.asked.parameters, self.constants)

    def draw(self, assumption: int) -> Draw:
        """
        Prepare a draw.

        Parameters
        ----------
        assumption : int
            0 for the default parameters, which are kept; another one is solved at every call.

        Returns
        -------
        Draw
            Ready for its units.
        """
        if assumption == 0:
            with self._making:
                return self.default
        with self._making:
            parameters = self.parameters[assumption - 1]
        return solved_draw(self.design, assumption, parameters, self.constants)


_benches: dict[str, Bench] = {}
_opening = RLock()


def bench_of(asked: Asked, constants: Constants) -> Bench:
    """
    Find or make what this process needs for an experiment.

    Parameters
    ----------
    asked : Asked
        The experiment.
    constants : Constants
        Those of the default parameters.

    Returns
    -------
    Bench
        Shared by all threads; those of the last two experiments are kept.
    """
    key = digest_text(setting(asked), asked.assumptions, constants_digest(constants),
                      sorted(asked.baselines.items()), *map(_told, asked.scenarios))  # fmt: skip
    with _opening:
        if key not in _benches:
            while len(_benches) > 1:
                _benches.pop(next(iter(_benches)))
            _benches[key] = Bench(asked, constants)
        return _benches[key]


def _told(scenario: Scenario) -> str:
    """A scenario with those it names, whose sites it takes over."""
    inner = (_told(each) if isinstance(each, Scenario) else policies_digest([each]) for each in scenario.policies)
    return digest_text(scenario.name, scenario.surface, *inner)
