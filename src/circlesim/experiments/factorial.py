"""Factorial: policies in all their combinations, or in half of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import combinations

from circlesim.errors import ConfigError, Fault, Faults
from circlesim.experiments.scenario import Scenario

FRACTIONS: tuple[str, ...] = ("full", "half")
FEWEST_FOR_HALF = 4
"""Factors from which half of the runs still tells main effects from pairs."""

MOST = 10
"""Factors of the largest design: 1,023 combinations."""

_JOIN = " + "


@dataclass(frozen=True, slots=True)
class Factorial:
    """
    A two-level factorial design over scenarios.

    Every combination of the scenarios named is a scenario too, called ``"a + b"``. In half the design those of odd
    size are run (defining relation: the product of all factors), in which each effect is told together with the
    effect of all other factors: with four, mains stand apart from pairs, and pairs come two by two; with five or
    more, pairs stand apart too (Box, Hunter & Hunter 2005, *Statistics for Experimenters*, 2nd ed., ch. 6).

    Parameters
    ----------
    of : sequence of str
        Names of scenarios, all on the same baseline.
    fraction : {"full", "half"}, default: "full"
        Run all combinations, or half of them.
    """

    of: Sequence[str]
    _: KW_ONLY
    fraction: str = "full"

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", tuple(self.of))
        faults = Faults("the factorial design cannot be used", ConfigError)
        faults.extend(self._faults())
        faults.raise_if_any()

    def _faults(self) -> Iterator[Fault]:
        if not 2 <= len(self.of) <= MOST:
            yield Fault(what="too few or too many factors", where="factorial.of", found=str(len(self.of)),
                        expected=f"2 to {MOST} names of scenarios")  # fmt: skip
        for name in dict.fromkeys(name for name in self.of if list(self.of).count(name) > 1):
            yield Fault(what="a factor stands twice", where="factorial.of", found=repr(name))
        if self.fraction not in FRACTIONS:
            yield Fault(what="unknown fraction", where="factorial.fraction", found=repr(self.fraction),
                        expected=" or ".join(map(repr, FRACTIONS)))  # fmt: skip
        if self.fraction == "half" and len(self.of) < FEWEST_FOR_HALF:
            yield Fault(what="half of so few combinations cannot tell mains from pairs",
                        where="factorial.fraction", found=f"{len(self.of)} factors",
                        expected=f"{FEWEST_FOR_HALF} factors or more")  # fmt: skip

    @property
    def subsets(self) -> tuple[tuple[str, ...], ...]:
        """Combinations that the effects are read from, by size; the empty one is the baseline."""
        sizes = range(1, len(self.of) + 1, 2) if self.fraction == "half" else range(len(self.of) + 1)
        return tuple(subset for size in sizes for subset in combinations(self.of, size))

    @property
    def effects(self) -> tuple[tuple[str, ...], ...]:
        """Mains and interactions that the design tells; of half a design, mains and pairs, one of each alias."""
        most = 2 if self.fraction == "half" else len(self.of)
        every = (subset for size in range(1, most + 1) for subset in combinations(self.of, size))
        told: list[tuple[str, ...]] = []
        for effect in every:
            if self.alias(effect) not in told:
                told.append(effect)
        return tuple(told)

    def alias(self, effect: tuple[str, ...]) -> tuple[str, ...]:
        """
        Name the effect that cannot be told from another.

        Parameters
        ----------
        effect : tuple of str
            Factors.

        Returns
        -------
        tuple of str
            All other factors in half a design; nobody in a full one.
        """
        return () if self.fraction == "full" else tuple(name for name in self.of if name not in effect)

    def scenarios(self, parts: Sequence[Scenario]) -> tuple[Scenario, ...]:
        """
        Make the combinations of two factors and more.

        Parameters
        ----------
        parts : sequence of Scenario
            The scenarios named in `of`, and any others.

        Returns
        -------
        tuple of Scenario
            Stacked in the order of `of`, on the baseline of the first.

        Raises
        ------
        ConfigError
            If a factor is no scenario, is the baseline of another, or they have several baselines.
        """
        known = {each.name: each for each in parts}
        faults = Faults("the factorial design cannot be used", ConfigError)
        for place, name in enumerate(self.of):
            if name not in known:
                faults.add(
                    "no such scenario", f"factorial.of.{place}", found=repr(name), expected=", ".join(known)
                )
        bases = {known[name].baseline or parts[0].name for name in self.of if name in known}
        if len(bases) > 1 or bases & set(self.of):
            faults.add("the factors do not share one baseline apart from them", "factorial.of",
                       found=", ".join(sorted(bases)))  # fmt: skip
        for subset in self.subsets:
            if len(subset) > 1 and joined(subset) in known:
                faults.add("the name of a combination is taken", "factorial.of", found=repr(joined(subset)))
        faults.raise_if_any()
        (base,) = bases
        return tuple(
            Scenario(
                joined(subset), parts[0].world, days=parts[0].days, start=parts[0].start, baseline=base,
                policies=tuple(known[name] for name in subset),
            )
            for subset in self.subsets if len(subset) > 1
        )  # fmt: skip


def joined(names: Sequence[str]) -> str:
    """
    Name a combination.

    Parameters
    ----------
    names : sequence of str
        Its factors.

    Returns
    -------
    str
        Such as ``"more breakfast + longer hours"``.
    """
    return _JOIN.join(names)
