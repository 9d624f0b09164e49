"""Purse: a budget, and what of it is set aside for each circle of a city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from circlesim.errors import ConfigError, Fault
from circlesim.planning.project import Project, cost_of
from circlesim.policies.siting import circles_of
from circlesim.world.world import World

TOGETHER, EQUAL, POPULATION = "together", "equal", "population"
SPLITS: tuple[str, ...] = (TOGETHER, EQUAL, POPULATION)
"""How circles share a budget: wherever it gains most, in equal parts, or by their residents."""

_FEN = 0.005
"""Half a fen: sums of costs are compared to the fen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """
    A budget that circles share.

    Parameters
    ----------
    total : float
        All of it, in the world's currency.
    reserved : mapping of int to float, default: empty
        By circle: what no other circle may spend. What a project costs that belongs to no circle comes out of what
        is not reserved.
    circle_of : mapping of int to int, default: empty
        Circle of each node of a city; empty in a world of one circle.
    """

    total: float
    reserved: Mapping[int, float] = field(default_factory=dict)
    circle_of: Mapping[int, int] = field(default_factory=dict)

    def allows(self, project: Project, chosen: Sequence[Project]) -> bool:
        """
        Say whether a project may be paid on top of others.

        Parameters
        ----------
        project : Project
            The project.
        chosen : sequence of Project
            What is paid already.

        Returns
        -------
        bool
            True where all together cost no more, to the fen, and what is reserved for other circles is left.
        """
        every = [*chosen, project]
        left = self.total - cost_of(every)
        if not self.reserved:
            return left >= -_FEN
        spent: dict[int, float] = {}
        for each in every:
            if (circle := self.circle(each)) is not None:
                spent[circle] = spent.get(circle, 0.0) + each.cost_yuan
        waiting = sum(max(0.0, part - spent.get(circle, 0.0)) for circle, part in self.reserved.items())
        return left >= waiting - _FEN

    def circle(self, project: Project) -> int | None:
        """
        Find the circle a project is for.

        Parameters
        ----------
        project : Project
            The project.

        Returns
        -------
        int or None
            That of its sites, or the one its policy names; None where there are several or none.
        """
        named = {self.circle_of[node] for node in getattr(project.policy, "sites", ()) if node in self.circle_of}
        named = named or set(project.policy.circles)
        return named.pop() if len(named) == 1 else None


def purse_of(world: World, total: float, split: str = TOGETHER, floor_yuan: float = 0.0) -> Purse:
    """
    Divide a budget between the circles of a world.

    Parameters
    ----------
    world : World
        For the circles and who lives in them.
    total : float
        The budget.
    split : {"together", "equal", "population"}, default: "together"
        See `SPLITS`.
    floor_yuan : float, default: 0.0
        Set aside for each circle, where the budget is spent together.

    Returns
    -------
    Purse
        With nothing reserved in a world of one circle.

    Raises
    ------
    ConfigError
        If the floors come to more than the budget.
    """
    numbers, residents = np.unique(world.population.circle, return_counts=True)
    if len(numbers) == 1:
        return Purse(total=total)
    parts = {
        TOGETHER: np.full(len(numbers), floor_yuan), EQUAL: np.full(len(numbers), total / len(numbers)),
        POPULATION: total * residents / residents.sum(),
    }[split]  # fmt: skip
    if parts.sum() > total + _FEN:
        fault = Fault(what="the floors of the circles come to more than the budget", where="floor_yuan",
                      found=f"{len(numbers)} x {floor_yuan:g}",
                      expected=f"at most {total / len(numbers):g} each")  # fmt: skip
        raise ConfigError("this plan cannot be made", [fault])
    reserved = {int(number): float(part) for number, part in zip(numbers, parts, strict=True) if part > 0}
    circles = circles_of(world, np.arange(len(world.streets)))
    circle_of = dict(zip(world.streets.node.tolist(), circles.tolist(), strict=True))
    return Purse(total=total, reserved=reserved, circle_of=circle_of)
