"""Place: the world an experiment file, or a command, names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.config.tables import WorldTable
from circlesim.errors import CircleSimError, ConfigError, Fault, Faults, did_you_mean
from circlesim.world.demo import DEMO_WORLDS, demo_world, is_path
from circlesim.world.folder import open_folder
from circlesim.world.format_table import folder_formats, formats_of
from circlesim.world.world import World


def world_table(choice: str | WorldTable) -> WorldTable:
    """
    Write the short form of a world out.

    Parameters
    ----------
    choice : str or WorldTable
        As in the file.

    Returns
    -------
    WorldTable
        Name or path, and the number of residents where one is stated.
    """
    return choice if isinstance(choice, WorldTable) else WorldTable(name=choice)


def world_faults(choice: str | WorldTable, folder: Path, where: str = "world") -> list[Fault]:
    """
    Check that there is such a world, without building it.

    Parameters
    ----------
    choice : str or WorldTable
        Demo name or path.
    folder : Path
        Folder paths are read from.
    where : str, default: "world"
        Key path for the message.

    Returns
    -------
    list of Fault
        Everything wrong.
    """
    name = world_table(choice).name
    if not is_path(name):
        if name not in DEMO_WORLDS:
            return [_unknown(name, folder, where)]
        return [*_too_small(choice, where), *_circle_faults(choice, where)]
    path = folder / name
    if path.is_dir():
        return []
    stem = Path(name).stem
    hint = f'the demo world is written world = "{stem}"' if stem in DEMO_WORLDS else ""
    what = "this is a file, not a world folder" if path.is_file() else "there is no such world folder"
    return [
        Fault(
            what=what,
            where=where,
            found=f"'{name}'",
            hint=hint,
            expected=f"a folder with world.toml; paths are read from {folder}",
        )
    ]


def _too_small(choice: str | WorldTable, where: str) -> Iterator[Fault]:
    from circlesim.world.old_town import SMALLEST_TOWN

    residents = world_table(choice).residents
    if world_table(choice).name == "old_town" and residents is not None and residents < SMALLEST_TOWN:
        expected = f"{SMALLEST_TOWN} or more in old_town"
        yield Fault(what="too small", where=f"{where}.residents", found=str(residents), expected=expected)


def _circle_faults(choice: str | WorldTable, where: str) -> Iterator[Fault]:
    from circlesim.catalog.presets import presets
    from circlesim.world.old_town import SMALLEST_TOWN

    table, known = world_table(choice), list(presets())
    if table.circles and table.name != "city":
        yield Fault(what="only the demo world 'city' has kinds of circles", where=f"{where}.circles",
                    found=", ".join(table.circles))  # fmt: skip
    for place, kind in enumerate(table.circles):
        if kind not in known:
            yield Fault(what="no such kind of circle", where=f"{where}.circles[{place}]", found=f"'{kind}'",
                        expected="one of " + ", ".join(known), hint=did_you_mean(kind, known))  # fmt: skip
    least = SMALLEST_TOWN * (len(table.circles) or len(known))
    if table.name == "city" and table.residents is not None and table.residents < least:
        yield Fault(what="too small", where=f"{where}.residents", found=str(table.residents),
                    expected=f"{least} or more, {SMALLEST_TOWN} for each circle")  # fmt: skip


def _unknown(name: str, folder: Path, where: str) -> Fault:
    hint = did_you_mean(name, DEMO_WORLDS)
    if name and (folder / name).is_dir():
        hint = f"a path contains / or .: did you mean './{name}'?"
    expected = "one of " + ", ".join(DEMO_WORLDS) + ", or a path to a world folder (a path contains / or .)"
    return Fault(what="no demo world has this name", where=where, found=f"'{name}'", expected=expected, hint=hint)


def place_formats(choice: str | WorldTable, folder: Path, further: str | None) -> tuple[Formats, list[Fault]]:
    """
    Gather the formats of a world and of an experiment.

    Parameters
    ----------
    choice : str or WorldTable
        Demo name or path of the world, which may be faulty.
    folder : Path
        Folder paths are read from.
    further : str or None
        Path to the experiment's own file of formats.

    Returns
    -------
    tuple
        Those of the catalogue, then of the world folder, then of the file; and everything wrong.
    """
    faults = Faults("these formats cannot be used", ConfigError)
    name = world_table(choice).name
    formats = folder_formats(folder / name, faults) if is_path(name) else CATALOGUE
    if further is None:
        return formats, [*faults]
    if not is_path(further):
        faults.add("a path contains / or .", "formats", found=f"'{further}'", expected="such as my_formats.csv")
    elif not (folder / further).is_file():
        faults.add("there is no such file", "formats", found=f"'{further}'",
                   expected=f"a CSV file of formats; paths are read from {folder}")  # fmt: skip
    else:
        formats = formats_of(folder / further, formats, faults)
    return formats, [*faults]


def open_world(choice: str | WorldTable, folder: Path, formats: Formats | None = None) -> World:
    """
    Build a demo world or read a world folder.

    Parameters
    ----------
    choice : str or WorldTable
        Demo name or path; checked by `world_faults`.
    folder : Path
        Folder paths are read from.
    formats : Formats, optional
        Formats its outlets may have; those of the catalogue and of its folder where left out.

    Returns
    -------
    World
        The world.

    Raises
    ------
    WorldError
        Listing everything wrong with a world folder.
    """
    table = world_table(choice)
    if is_path(table.name):
        return open_folder(folder / table.name, residents=table.residents, formats=formats).world
    return demo_world(table.name, residents=table.residents, circles=table.circles, formats=formats or CATALOGUE)


def folder_world(
    choice: str | WorldTable, folder: Path, formats: Formats | None = None
) -> tuple[World | None, list[Fault]]:
    """
    Check the world; read a folder at once, so that its faults stand in one list with the others.

    Parameters
    ----------
    choice : str or WorldTable
        Demo name or path.
    folder : Path
        Folder paths are read from.
    formats : Formats, optional
        See `open_world`.

    Returns
    -------
    tuple
        The world, or None for a demo world or a faulty folder; and everything wrong.
    """
    wrong = world_faults(choice, folder)
    if wrong or not is_path(world_table(choice).name):
        return None, wrong
    try:
        return open_world(choice, folder, formats), []
    except CircleSimError as error:
        return None, list(error.faults) or [Fault(what=error.message, where="world")]
