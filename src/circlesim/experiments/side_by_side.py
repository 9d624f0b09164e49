"""Side by side: the ledgers of a scenario and its baseline, compared for those whom no policy can touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import RunError
from circlesim.experiments.design import Design
from circlesim.experiments.facts_apart import facts_apart
from circlesim.experiments.links import BoolArray, Links
from circlesim.ledger import Fate, Page

NAMES_WHAT_IS_FAR: tuple[str, ...] = ("first_barrier", "barriers", "met_if_lifted")
"""Ledger columns that also speak of outlets no one could use, such as one that is too far away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    The first cell in which an untouched ledger differs.

    Parameters
    ----------
    resident : str
        Id of the resident.
    day : int
        Days since the start.
    service : str
        What was needed.
    column : str
        Column of the ledger.
    before, after : object
        Under the baseline, and under the scenario.
    """

    resident: str
    day: int
    service: str
    column: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """
    One scenario beside its baseline in one replication.

    Everybody who had a need on these days is a case; where nothing is shared, every resident and service is one.

    Parameters
    ----------
    scenario, baseline : str
        Names.
    shared : str
        What joins one need to another; see `alignment.SHARED`.
    cases : int
        Residents with a ledger, or pairs of resident and service.
    direct : int
        Those who may use an outlet that the policies add or change.
    connected : int
        Others joined to them by a chain of shared queues, or by a household.
    untouched : int
        All others.
    in_sight : int
        Those of the untouched whose barriers may name an outlet they cannot use; there the columns
        `NAMES_WHAT_IS_FAR` are not compared.
    identical : int
        Untouched cases whose ledgers are identical on every day.
    rows : int
        Ledger rows of the untouched.
    other_rows, other_identical : int
        Ledger rows of those touched or connected, and how many of them are identical; for information.
    first : Difference or None
        Where the first untouched ledger differs.
    """

    scenario: str
    baseline: str
    shared: str
    cases: int
    direct: int
    connected: int
    untouched: int
    in_sight: int
    identical: int
    rows: int
    other_rows: int
    other_identical: int
    first: Difference | None

    @property
    def share(self) -> float:
        """Return the share of untouched ledgers that are identical; nan where there are none."""
        return self.identical / self.untouched if self.untouched else float("nan")


class SideBySide:
    """
    One scenario and its baseline: who is touched, and whose ledgers have differed so far.

    Inside, claims have the shape (R, S); where a resident's needs share a purse, whoever is touched in one service
    is touched in all.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    mechanisms : Mechanisms
        What is switched on.
    links : Links
        Who may use what.
    scenario : int
        Position of the scenario.
    shared : str
        What joins needs: ``"queues"``, ``"purses"`` or ``"nothing"``.
    """

    def __init__(self, design: Design, mechanisms: Mechanisms, links: Links, scenario: int, shared: str) -> None:
        self.design, self.scenario, self.shared = design, scenario, shared
        outlets, residents = facts_apart(design, scenario)
        self.direct: BoolArray = links.touched_by(outlets) | residents[:, None]
        self.joined = self.direct
        if shared != "nothing":
            people, shape = np.asarray(self.direct.any(axis=1)), self.direct.shape
            # Residents act on each other at outlets both may use: in the queue, and by word of mouth.
            queues = mechanisms.capacity or mechanisms.awareness
            whole = links.joined_to(people, queues=queues, households=mechanisms.household_bearers)
            outlets = outlets | links.used_by(whole) if queues else outlets
            self.direct, self.joined = (np.broadcast_to(claim[:, None], shape) for claim in (people, whole))
        self.in_sight = ~self.joined & links.in_sight_of(outlets)
        self.seen, self.differs = np.zeros_like(self.in_sight), np.zeros_like(self.in_sight)
        self.rows = self.other_rows = self.other_identical = 0
        self.first: Difference | None = None

    def compare(self, day: int, before: Page, after: Page) -> None:
        """
        Compare two pages cell by cell; row i of both is the same need.

        Parameters
        ----------
        day : int
            Days since the start.
        before, after : Page
            Of the baseline and of the scenario.

        Raises
        ------
        RunError
            If the pages do not hold the same needs.
        """
        if before.rows != after.rows:
            raise RunError(f"day {day}: '{self.design.names[self.scenario]}' has other needs than its baseline")
        olds, news = before.columns(), after.columns()
        near, far = np.zeros(before.rows, dtype=bool), np.zeros(before.rows, dtype=bool)
        for name, old in olds.items():
            into = far if name in NAMES_WHAT_IS_FAR else near
            into |= _bits(old) != _bits(news[name])
        at = olds["resident"], olds["service"]
        # What was settled in both before is no evidence of anything.
        told = (olds["fate"] != Fate.SETTLED) | (news["fate"] != Fate.SETTLED)
        self.seen[at[0][told], at[1][told]] = True
        touched, wrong = self.joined[at] & told, near | (far & ~self.in_sight[at])
        self.rows += int((~touched & told).sum())
        self.other_rows += int(touched.sum())
        self.other_identical += int((touched & ~near & ~far).sum())
        wrong &= ~self.joined[at]
        self.differs[at[0][wrong], at[1][wrong]] = True
        if self.first is None and wrong.any():
            self.first = self._difference(day, int(np.flatnonzero(wrong)[0]), olds, news)

    def _difference(self, day: int, row: int, olds: dict[str, Any], news: dict[str, Any]) -> Difference:
        who, service = int(olds["resident"][row]), int(olds["service"][row])
        left_out = NAMES_WHAT_IS_FAR if self.in_sight[who, service] else ()
        column = next(n for n in olds if n not in left_out and _bits(olds[n])[row] != _bits(news[n])[row])
        return Difference(
            resident=str(self.design.experiment.world.population.resident[who]), day=day,
            service=SERVICES[service], column=column, before=olds[column][row].item(),
            after=news[column][row].item(),
        )  # fmt: skip

    def result(self) -> Alignment:
        """
        Count what was found.

        Returns
        -------
        Alignment
            Over all days compared.
        """
        names = self.design.names
        cases, direct, joined, in_sight, differs = (
            self._cases(claim) for claim in (True, self.direct, self.joined, self.in_sight, self.differs)
        )
        untouched = cases & ~joined
        return Alignment(
            scenario=names[self.scenario], baseline=names[self.design.base[self.scenario]], shared=self.shared,
            cases=int(cases.sum()), direct=int(direct.sum()), connected=int((joined & ~direct).sum()),
            untouched=int(untouched.sum()), in_sight=int((untouched & in_sight).sum()),
            identical=int((untouched & ~differs).sum()), rows=self.rows, other_rows=self.other_rows,
            other_identical=self.other_identical, first=self.first,
        )  # fmt: skip

    def _cases(self, claim: BoolArray | bool) -> BoolArray:
        """Cases with a ledger of which a claim holds."""
        found = self.seen & claim
        return found if self.shared == "nothing" else np.asarray(found.any(axis=1))


def _bits(column: NDArray[Any]) -> NDArray[Any]:
    """A column as whole numbers, so that nan equals nan and 0.0 is not -0.0."""
    return column.view(np.uint64) if column.dtype.kind == "f" else column
