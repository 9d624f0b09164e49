"""Luck of the object form: drawn by name as in the kernels, or by turn from one stream as a comparison."""

from __future__ import annotations

import random
from typing import Protocol

from circlesim import draws
from circlesim.catalog.needs import KINDS, ORDINALS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.errors import ConfigError

_WORD = 0xFFFFFFFFFFFFFFFF


class Luck(Protocol):
    """What agents ask for luck; every answer lies strictly inside (0, 1)."""

    @property
    def root(self) -> tuple[int, int]:
        """Root seed and number of the replication; the weather is drawn from them."""

    def begin(self, day: int) -> None:
        """Turn to another day."""

    def of_day(self, day: int) -> Luck:
        """Give the luck of another day, by which needs arose then."""

    def draw(self, purpose: int, kind: int, resident: int, *about: int) -> float:
        """Draw for one purpose of one need (kind) of one resident (id), about a facility or a nest."""

    def taste(self, resident: int, facility: int) -> float:
        """Draw the lasting taste of a resident for a facility (ids)."""

    def attention(self, resident: int, facility: int) -> float:
        """Draw how readily a resident hears of a facility (ids), the same every day."""

    def application(self, service: int, resident: int) -> float:
        """Draw whether a resident (id) wants a standing place, the same every day."""

    def lot(self, service: int, resident: int) -> float:
        """Draw the lot of a resident (id) among those who wait as long."""


class KeyedLuck:
    """
    Luck by name: a pure function of what the draw is about, bit-equal with the kernels.

    Parameters
    ----------
    seed : int
        Root seed.
    replication : int
        Number of the replication.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self._lasting = draws.event_key(seed, replication, draws.TASTE, 0, 0, 0)
        self._heard = draws.event_key(seed, replication, draws.AWARE, 0, 0, 0)
        self._keys: dict[tuple[int, int], int] = {}
        self._stamp = 0

    @property
    def root(self) -> tuple[int, int]:
        """Root seed and number of the replication; see `Luck`."""
        return self.seed, self.replication

    def begin(self, day: int) -> None:
        """Turn to another day; see `Luck`."""
        self._stamp, self._keys = day & _WORD, {}

    def of_day(self, day: int) -> KeyedLuck:
        """Draw by the names of another day; see `Luck`."""
        other = KeyedLuck(self.seed, self.replication)
        other.begin(day)
        return other

    def draw(self, purpose: int, kind: int, resident: int, *about: int) -> float:
        """Draw by name; see `Luck`."""
        key = self._keys.get((purpose, kind)) or self._event(purpose, kind)
        key = draws.chain(key, resident)
        for word in about:
            key = draws.chain(key, word)
        return float(draws.unit(key))

    def taste(self, resident: int, facility: int) -> float:
        """Draw a lasting taste; see `Luck`."""
        return float(draws.unit(draws.chain(draws.chain(self._lasting, resident), facility)))

    def attention(self, resident: int, facility: int) -> float:
        """Draw how readily one hears of a place; see `Luck`."""
        return float(draws.unit(draws.chain(draws.chain(self._heard, resident), facility)))

    def application(self, service: int, resident: int) -> float:
        """Draw who wants a place; see `Luck`."""
        key = draws.event_key(self.seed, self.replication, draws.APPLY, 0, service, 0)
        return float(draws.unit(draws.chain(key, resident)))

    def lot(self, service: int, resident: int) -> float:
        """Draw a lot; see `Luck`."""
        key = draws.event_key(self.seed, self.replication, draws.ALLOT, self._stamp, service, 0)
        return float(draws.unit(draws.chain(key, resident)))

    def _event(self, purpose: int, kind: int) -> int:
        """Name an event of the day up to the resident; kept until the day ends."""
        waited, of_today = divmod(kind, len(KINDS))
        service, ordinal = KINDS[of_today]
        key: int = draws.event_key(
            self.seed, self.replication, purpose, self._stamp, SERVICE_INDEX[service], ordinal + ORDINALS * waited
        )
        self._keys[purpose, kind] = key
        return key


class StreamLuck:
    """
    Luck by turn: the next number of one generator, whatever it is for.

    What most agent-based models do. It is here only to show what drawing by name saves: with it, one more draw
    in one scenario moves all later luck of everybody. An error drawn for an alternative is kept for the day and
    a taste for the run, so that the law itself is the same.

    Parameters
    ----------
    seed : int
        Root seed.
    replication : int
        Number of the replication.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._root = seed, replication
        self._random = random.Random(f"{seed} {replication}")
        self._today: dict[tuple[int, ...], float] = {}
        self._tastes: dict[tuple[int, int], float] = {}
        self._heard: dict[tuple[int, int], float] = {}

    @property
    def root(self) -> tuple[int, int]:
        """Root seed and number of the replication; see `Luck`."""
        return self._root

    def begin(self, day: int) -> None:
        """Forget the luck of the day before; see `Luck`."""
        self._today.clear()

    def of_day(self, day: int) -> StreamLuck:
        """Refuse: what was drawn by turn is gone; see `Luck`."""
        raise ConfigError(f"luck drawn by turn knows no day but today, and not day {day}: switch deferral off")

    def draw(self, purpose: int, kind: int, resident: int, *about: int) -> float:
        """Draw by turn; see `Luck`."""
        event = (purpose, kind, resident, *about)
        if event not in self._today:
            self._today[event] = self._next()
        return self._today[event]

    def taste(self, resident: int, facility: int) -> float:
        """Draw a lasting taste when it is first asked for; see `Luck`."""
        pair = (resident, facility)
        if pair not in self._tastes:
            self._tastes[pair] = self._next()
        return self._tastes[pair]

    def attention(self, resident: int, facility: int) -> float:
        """Draw how readily one hears of a place when it is first asked for; see `Luck`."""
        pair = (resident, facility)
        if pair not in self._heard:
            self._heard[pair] = self._next()
        return self._heard[pair]

    def application(self, service: int, resident: int) -> float:
        """Draw who wants a place when it is first asked for; see `Luck`."""
        pair = (-service - 1, resident)
        if pair not in self._heard:
            self._heard[pair] = self._next()
        return self._heard[pair]

    def lot(self, service: int, resident: int) -> float:
        """Draw a lot by turn; see `Luck`."""
        return self.draw(draws.ALLOT, service, resident)

    def _next(self) -> float:
        """Return the next number above zero."""
        number = self._random.random()
        while number == 0.0:
            number = self._random.random()
        return number


LUCK: dict[str, type[KeyedLuck] | type[StreamLuck]] = {"keyed": KeyedLuck, "stream": StreamLuck}
"""Ways to draw, by name."""
