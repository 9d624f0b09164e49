"""Demo worlds: ready to run, by name; and the one rule that tells a name from a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import WorldError, did_you_mean
from circlesim.world.folder import FolderReport, open_folder
from circlesim.world.world import World

DEMO_WORLDS: tuple[str, ...] = ("old_town", "helsinki", "city")
"""`old_town` is a synthetic Chinese circle at the national anchors, `helsinki` stands on real streets, `city` is a
synthetic city of several circles."""


def demo_folder(name: str) -> Path:
    """
    Return the packaged folder of a demo world.

    Parameters
    ----------
    name : str
        A demo world that ships as a folder: ``"helsinki"``.

    Returns
    -------
    Path
        The folder.
    """
    return Path(str(files("circlesim.world") / "data" / name))


def demo_world(
    name: str = "old_town", residents: int | None = None, circles: Sequence[str] = (),
    *, formats: Formats = CATALOGUE,
) -> World:  # fmt: skip
    """
    Build a demo world.

    Parameters
    ----------
    name : str, default: "old_town"
        One of `DEMO_WORLDS`.
    residents : int, optional
        Scale to this many residents; the world's own number if left out.
    circles : sequence of str, default: ()
        Kinds of the circles of ``"city"``; one of each kind if left out.
    formats : Formats, default: CATALOGUE
        Formats its outlets may have; see `circlesim.read_formats`.

    Returns
    -------
    World
        The world, the same every time.

    Raises
    ------
    WorldError
        If there is no such demo world, or the number of residents cannot be had.
    """
    if name not in DEMO_WORLDS:
        hint = did_you_mean(name, DEMO_WORLDS) or "a path to a world folder contains / or ."
        raise WorldError(f"no demo world '{name}'; expected one of {', '.join(DEMO_WORLDS)}; {hint}")
    if residents is not None and residents < 1:
        raise WorldError(f"residents: found {residents}; expected a whole number of at least 1")
    if circles and name != "city":
        raise WorldError(f"circles: found {', '.join(circles)}; only the demo world 'city' has kinds of circles")
    if name == "helsinki":
        return open_folder(demo_folder(name), residents=residents, formats=formats).world
    from circlesim.world.synthesis import CIRCLES, city, old_town

    if name == "city":
        kinds = tuple(circles) or CIRCLES
        return city(kinds, formats=formats) if residents is None else city(kinds, residents, formats=formats)
    return old_town(formats=formats) if residents is None else old_town(residents, formats=formats)


def is_path(text: str) -> bool:
    """
    Tell a path from a name.

    Parameters
    ----------
    text : str
        What was written.

    Returns
    -------
    bool
        True where it contains ``/`` (or the system's separator) or ``.``; a name never does.
    """
    return any(mark in text for mark in ("/", ".", os.sep))


def resolve_world(text: str, residents: int | None = None) -> World:
    """
    Find a world by what a file or a command says.

    Parameters
    ----------
    text : str
        Name of a demo world, or a path to a world folder.
    residents : int, optional
        Scale to this many residents; only where residents are drawn.

    Returns
    -------
    World
        The world.

    Raises
    ------
    WorldError
        If there is no such world, or its folder has faults.
    """
    if is_path(text):
        return open_folder(text, residents=residents).world
    if text not in DEMO_WORLDS and Path(text).is_dir():
        raise WorldError(f"no demo world '{text}'; a folder of that name exists: write './{text}' to mean it")
    return demo_world(text, residents)


def demo_report(name: str) -> FolderReport | None:
    """
    Say what the reader filled in for a packaged folder.

    Parameters
    ----------
    name : str
        One of `DEMO_WORLDS`.

    Returns
    -------
    FolderReport or None
        None for a world that is generated, not read.
    """
    return open_folder(demo_folder(name)) if name == "helsinki" else None
