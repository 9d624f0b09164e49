"""Cast: the scenarios that a unit holds, each under an address made of everything that decides its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.compiled import source_digest
from circlesim.experiments.asked import Asked
from circlesim.experiments.digest import constants_digest, digest_text, policies_digest, world_digest

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.design import Design
    from circlesim.experiments.unit_file import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """
    Scenarios that are run together, in lock step.

    Parameters
    ----------
    names : tuple of str
        The scenarios, in order.
    addresses : tuple of str
        Digest of what decides the numbers of each: its policies with their dates and sites, its surface, its name,
        and the same of its baseline. What all scenarios share is in the digest of the folder; see `setting`.
    facilities : tuple of str
        Ids of the roster: what the rows of its tables mean.
    """

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    facilities: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Name of the cast in a folder."""
        return digest_text(*self.addresses, *self.facilities)

    def place(self, address: str, *, first: bool) -> int | None:
        """
        Find a scenario.

        Parameters
        ----------
        address : str
            What is looked for.
        first : bool
            Whether it is the first of its experiment: the map and the balance sheet are made of the first alone.

        Returns
        -------
        int or None
            Its position; None where it is not here, or has no map though it needs one.
        """
        at = self.addresses.index(address) if address in self.addresses else None
        return None if first and at != 0 else at

    def to_dict(self) -> dict[str, Any]:
        """
        Write it down.

        Returns
        -------
        dict
            For JSON.
        """
        return {name: list(getattr(self, name)) for name in ("names", "addresses", "facilities")}


def cast_of(design: Design) -> Cast:
    """
    Name the scenarios of a design.

    Parameters
    ----------
    design : Design
        The experiment, compiled.

    Returns
    -------
    Cast
        In order.
    """
    # The books of operators are kept by format, and one scenario may bring formats that others do not know.
    books = tuple(design.roster.facilities.facility.tolist()) if design.experiment.mechanisms.months else ()
    own = [
        digest_text(scenario.name, scenario.surface, policies_digest(policies), *books)
        for scenario, policies in zip(design.experiment.scenarios, design.policies, strict=True)
    ]
    return Cast(
        names=design.names,
        addresses=tuple(digest_text(own[j], own[base]) for j, base in enumerate(design.base)),
        facilities=tuple(design.roster.facilities.facility.tolist()),
    )


def cast_from(body: Mapping[str, Sequence[str]]) -> Cast:
    """
    Read a cast that was written down.

    Parameters
    ----------
    body : mapping
        As `Cast.to_dict` makes it.

    Returns
    -------
    Cast
        The same.
    """
    return Cast(**{name: tuple(map(str, body[name])) for name in ("names", "addresses", "facilities")})


def setting(asked: Asked) -> str:
    """
    Digest what all scenarios and replications of a run folder share.

    Parameters
    ----------
    asked : Asked
        The experiment.

    Returns
    -------
    str
        Of world, parameters, law, days, seed, measures and groups; not of scenarios, replications and draws, which
        may be added.
    """
    given = constants_digest(asked.constants) if asked.constants is not None else ""
    return digest_text(
        world_digest(asked.world), asked.parameters.digest, given, asked.mechanisms,
        asked.start, asked.days, asked.warmup_days, asked.first_measured_day, asked.seed, asked.measures, asked.by,
        source_digest(), asked.world.population_seed,
        *((row.low, row.high, row.prior, row.grade) for row in asked.parameters.rows),
        *([asked.survey] if asked.survey else []),
    )  # fmt: skip


def part_asked(asked: Asked, missing: Sequence[int]) -> Asked:
    """
    Ask for some scenarios of an experiment, with the baselines they are compared with.

    Parameters
    ----------
    asked : Asked
        The experiment.
    missing : sequence of int
        Positions of the scenarios.

    Returns
    -------
    Asked
        The same days, luck and measures; the experiment itself where nothing can be left out.
    """
    base = list(asked.baselines.values())
    names = [scenario.name for scenario in asked.scenarios]
    wanted = sorted({*missing, *(names.index(base[j]) for j in missing)})
    if len(wanted) == len(names):
        return asked
    return replace(
        asked, scenarios=[replace(asked.scenarios[j], baseline=base[j]) for j in wanted], expectations=(), laws=(),
        measure_from=asked.start + timedelta(days=asked.first_measured_day),
    )  # fmt: skip


def recast(wanted: Cast, sources: Sequence[tuple[Cast, Tables]]) -> Tables:
    """
    Put the tables of one unit together from files of several casts.

    Parameters
    ----------
    wanted : Cast
        Scenarios in the order wanted, and the roster whose rows the tables are to name.
    sources : sequence of (Cast, tables)
        Files that hold them, at least one a scenario; of two that hold the same one the first is taken.

    Returns
    -------
    mapping of str to DataFrame
        As if all scenarios had been run together.
    """
    if len(sources) == 1 and sources[0][0] == wanted:
        return sources[0][1]
    taken = [_source_of(wanted, j, sources) for j in range(len(wanted.names))]
    lead = sources[taken[0]][1]
    names = dict.fromkeys(name for at in dict.fromkeys(taken) for name in sources[at][1])
    return {name: _merged(name, wanted, taken, sources, lead) for name in names}


def _source_of(wanted: Cast, j: int, sources: Sequence[tuple[Cast, Tables]]) -> int:
    """Position of the source that scenario j is taken from."""
    address = wanted.addresses[j]
    return next(at for at, (cast, _) in enumerate(sources) if cast.place(address, first=j == 0) is not None)


WHOLE = ("anchoring", "edges", "walks")
"""Tables that are not of scenarios: of the draw, or of the first scenario."""


def _merged(
    name: str, wanted: Cast, taken: Sequence[int], sources: Sequence[tuple[Cast, Tables]], lead: Tables
) -> pd.DataFrame:
    import pandas as pd

    if name in WHOLE:
        return lead[name]
    if name == "changes":
        return _changes(wanted, taken, sources)
    read = {at: sources[at][1][name] for at in dict.fromkeys(taken) if name in sources[at][1]}
    parts = []
    for j, at in enumerate(taken):
        if at in read:
            part = read[at][read[at]["scenario"] == wanted.names[j]]
            parts.append(_in_rows_of(wanted, sources[at][0], name, part))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _changes(wanted: Cast, taken: Sequence[int], sources: Sequence[tuple[Cast, Tables]]) -> pd.DataFrame:
    """The changes of residents: one column a scenario and scale, named by the position of the scenario."""
    import pandas as pd

    columns: dict[str, pd.Series[float]] = {}
    for j, at in enumerate(taken):
        cast, tables = sources[at]
        before = f"{cast.addresses.index(wanted.addresses[j])}:"
        if "changes" in tables:
            table = tables["changes"]
            columns |= {f"{j}:{str(name).removeprefix(before)}": table[name]
                        for name in table if str(name).startswith(before)}  # fmt: skip
    return pd.DataFrame(columns)


ROSTER_TABLES = {"facilities": True, "operators": False}
"""Tables whose column `facility` is a row of the roster, and whether they have a row for every outlet."""


def _in_rows_of(wanted: Cast, cast: Cast, name: str, part: pd.DataFrame) -> pd.DataFrame:
    """The part of one scenario with rows of the roster wanted; outlets of other scenarios did nothing in it."""
    import pandas as pd

    if name not in ROSTER_TABLES or cast.facilities == wanted.facilities:
        return part
    row = pd.Series(range(len(wanted.facilities)), index=list(wanted.facilities))
    found = row.reindex(np.array(cast.facilities)[part["facility"]]).to_numpy()
    known = np.isfinite(found)  # what only scenarios that are no longer asked for had, did nothing here
    moved = part[known].assign(facility=found[known].astype(np.int64))
    if not ROSTER_TABLES[name]:
        return moved
    whole = moved.set_index("facility").reindex(range(len(wanted.facilities)))
    whole["scenario"] = part["scenario"].iloc[0]
    filled: pd.DataFrame = whole.fillna(0).reset_index()[list(part.columns)].astype(part.dtypes.to_dict())
    return filled
