"""The schedule of a day, read from the calls in the source of the engine."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from inspect import cleandoc, getsource
from textwrap import dedent
from typing import Any

from circlesim.engine.simulation import Simulation

ROOTS: tuple[Any, ...] = (Simulation.needs, Simulation.run_day)
"""What is called once for the needs of a day, and once a scenario for its errands."""

_ROOMS = ("circlesim.engine.", "circlesim.behaviour.")
_DEEPEST = 6
_PLUMBING = ("empty_", "needs_room")
"""Beginnings of names of functions that only make room."""

Step = tuple[int, Callable[..., Any], bool]
"""Depth, function, and whether it was described before."""


def schedule() -> Iterator[Step]:
    """
    Walk through a day in the order in which its functions are written down.

    Yields
    ------
    tuple of int, function and bool
        How deep a step lies, what does it, and whether its own steps stand further up.
    """
    met: set[str] = set()
    for root in ROOTS:
        yield from _walk(root, 0, met)


def name_of(function: Callable[..., Any]) -> str:
    """
    Name a function by its module within the package.

    Parameters
    ----------
    function : callable
        The function.

    Returns
    -------
    str
        Such as ``"engine.choose.choose"``.
    """
    return f"{function.__module__.removeprefix('circlesim.')}.{function.__qualname__}"


def first_line(function: Callable[..., Any]) -> str:
    """
    Return the first sentence of a docstring.

    Parameters
    ----------
    function : callable
        The function.

    Returns
    -------
    str
        Its first line; the words of its name where it says nothing.
    """
    words = function.__name__.strip("_").replace("_", " ").capitalize() + "."
    return cleandoc(function.__doc__ or words).split("\n")[0]


def _walk(function: Callable[..., Any], depth: int, met: set[str]) -> Iterator[Step]:
    name = name_of(function)
    yield depth, function, name in met
    if name in met:
        return
    met.add(name)
    if depth < _DEEPEST:
        for called in dict.fromkeys(_called(function)):
            if not called.__name__.startswith(_PLUMBING):
                yield from _walk(called, depth + 1, met)


def _called(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Functions of engine and rules that a function calls, in the order of its source."""
    tree = ast.parse(dedent(getsource(function)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        found = _resolved(call.func, function)
        if found is not None and found.__module__.startswith(_ROOMS):
            yield found


def _resolved(node: ast.expr, caller: Callable[..., Any]) -> Any:
    """The plain function a call leads to, compiled or not; None for classes and everything of other rooms."""
    module = sys.modules[caller.__module__]
    target: Any = None
    if isinstance(node, ast.Name):
        target = getattr(module, node.id, None)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        owner = getattr(module, caller.__qualname__.partition(".")[0])
        target = getattr(owner, node.attr, None)
    target = getattr(target, "py_func", target)
    return target if callable(target) and hasattr(target, "__code__") else None
