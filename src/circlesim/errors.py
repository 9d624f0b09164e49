"""Errors that list every fault at once: what, where, found, expected, did you mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    One thing that is wrong with what the user gave.

    Parameters
    ----------
    what : str
        What is wrong, in a sentence a policy researcher can act on.
    where : str
        File and key path, or file, row and column.
    found : str, default: ""
        The offending value as it stood.
    expected : str, default: ""
        What would be right.
    hint : str, default: ""
        Did-you-mean, or the command that shows the choices.
    """

    what: str
    where: str
    found: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}"]
        if self.found:
            parts.append(f"found {self.found}")
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.hint:
            parts.append(self.hint)
        return "; ".join(parts)


class CircleSimError(ValueError):
    """
    Base of all errors of the package; carries every fault found.

    Parameters
    ----------
    message : str
        The heading: what could not be done.
    faults : iterable of Fault, optional
        Everything that was wrong, in the order met.
    """

    def __init__(self, message: str, faults: Iterable[Fault] = ()) -> None:
        self.message = message
        self.faults = tuple(faults)
        super().__init__(message, self.faults)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {fault}" for fault in self.faults)])

    def __reduce__(self) -> tuple[type[CircleSimError], tuple[str, tuple[Fault, ...]]]:
        return type(self), (self.message, self.faults)


class WorldError(CircleSimError):
    """A world folder or table cannot be used."""


class PolicyError(CircleSimError):
    """A policy cannot be applied or breaks its contract."""


class ConfigError(CircleSimError):
    """An experiment or parameter file cannot be used."""


class RunError(CircleSimError):
    """A run was asked for correctly and failed on the way."""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """
    Suggest the nearest of some known words.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What would have been accepted.

    Returns
    -------
    str
        ``"did you mean 'x'?"``, or an empty string where nothing is near.
    """
    near = get_close_matches(str(word), list(choices), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


class Faults:
    """
    A list of faults that becomes one error.

    Parameters
    ----------
    heading : str
        First line of the error.
    error : type of CircleSimError, default: CircleSimError
        Which error to raise.
    """

    def __init__(self, heading: str, error: type[CircleSimError] = CircleSimError) -> None:
        self.heading = heading
        self.error = error
        self._found: list[Fault] = []

    def add(self, what: str, where: str, *, found: object = "", expected: str = "", hint: str = "") -> None:
        """
        Note one fault and go on.

        Parameters
        ----------
        what, where : str
            See `Fault`.
        found : object, default: ""
            The offending value; shown as text.
        expected, hint : str, default: ""
            See `Fault`.
        """
        self._found.append(Fault(what=what, where=where, found=str(found), expected=expected, hint=hint))

    def extend(self, faults: Iterable[Fault]) -> None:
        """
        Take over faults found elsewhere.

        Parameters
        ----------
        faults : iterable of Fault
            What another check found.
        """
        self._found.extend(faults)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """
        Turn an error raised inside the block into faults of this list.

        Yields
        ------
        None
            Nothing; the block runs.
        """
        try:
            yield
        except CircleSimError as error:
            found = error.faults or (Fault(what=error.message, where=self.heading),)
            self._found.extend(found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found)

    def raise_if_any(self) -> None:
        """
        Raise one error with everything found, or do nothing.

        Raises
        ------
        CircleSimError
            Of the type given at construction.
        """
        if self._found:
            raise self.error(self.heading, self._found)
