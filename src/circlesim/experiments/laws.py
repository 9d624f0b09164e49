"""Laws: the claims of an experiment that must hold, tried where one choice cannot change the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from circlesim.errors import ConfigError
from circlesim.experiments.asked import Progress
from circlesim.experiments.claims import Law
from circlesim.experiments.constants import constants_for
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.verdicts import kept

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS = 2
"""A law holds in every replication or not at all; two show that the first was no accident."""


def check_laws(
    experiment: Experiment, *, replications: int = REPLICATIONS, progress: Progress | None = None
) -> pd.DataFrame:
    """
    Try the laws of an experiment.

    The experiment is run as it stands, with the same people, outlets, luck and solved constants, but with the
    mechanisms off that a law names.

    Parameters
    ----------
    experiment : Experiment
        With `laws`.
    replications : int, default: 2
        Strokes of luck tried.
    progress : callable, optional
        See `Progress`.

    Returns
    -------
    DataFrame
        Columns of `verdicts.COLUMNS`, one row a law, in order.

    Raises
    ------
    ConfigError
        If the experiment names no law.
    """
    import pandas as pd

    if not experiment.laws:
        raise ConfigError("this experiment names no law; see `laws` in the reference of experiment files")
    told = None if progress is None else lambda text: progress(0, 0, text)
    constants = experiment.constants or constants_for(
        experiment.world, experiment.parameters, mechanisms=experiment.mechanisms, progress=told
    )
    under = replace(
        experiment, replications=replications, assumptions=0, survey=None, laws=(), expectations=(),
        constants=constants,
    )  # fmt: skip
    tables = []
    for off in dict.fromkeys(law.off for law in experiment.laws):
        mechanisms = replace(experiment.mechanisms, **dict.fromkeys(off, False))
        frame = replace(under, mechanisms=mechanisms).run(progress=progress).outcomes
        tables.append(kept(frame, _with(experiment.laws, off)).assign(off=" ".join(off)))
    order = {law.says: position for position, law in enumerate(experiment.laws)}
    whole = pd.concat(tables, ignore_index=True)
    return whole.sort_values("says", key=lambda says: says.map(order), kind="stable").reset_index(drop=True)


def _with(laws: Sequence[Law], off: tuple[str, ...]) -> tuple[Law, ...]:
    return tuple(law for law in laws if law.off == off)
