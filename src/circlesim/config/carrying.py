"""Carrying: changed parameters taken into the world an experiment stands in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.config.place import open_world, world_table
from circlesim.config.tables import WorldTable
from circlesim.errors import ConfigError, Faults
from circlesim.world.world import World

FIXED_LAW = ("tries_max",)
"""Parameters the law looks up that no draw moves."""


def world_under_parameters(
    choice: str | WorldTable,
    world: World | None,
    parameters: Parameters,
    folder: Path,
    formats: Formats = CATALOGUE,
) -> World:
    """
    Open the world, with changed parameters carried into whom and what it was made of.

    Parameters
    ----------
    choice : str or WorldTable
        Demo name or path; checked by `world_faults`.
    world : World or None
        The world, where it has been read before.
    parameters : Parameters
        The numbers of the experiment.
    folder : Path
        Folder paths are read from.
    formats : Formats, default: CATALOGUE
        Formats its outlets may have.

    Returns
    -------
    World
        The synthetic town built anew, or another world whose residents have the traits these numbers imply.

    Raises
    ------
    ConfigError
        If a changed parameter could have no effect in this world.
    """
    from circlesim.experiments.assumptions import world_under
    from circlesim.world.old_town import RESIDENTS
    from circlesim.world.synthesis import old_town

    table, default = world_table(choice), default_parameters()
    changed = changed_names(default, parameters)
    if changed and table.name == "old_town":
        return old_town(table.residents or RESIDENTS, parameters=parameters, formats=formats)
    if changed and table.name == "city":
        return _city_under(table, changed, parameters, formats)
    world = world or open_world(choice, folder, formats)
    if not changed:
        return world
    faults = Faults("parameters would be changed to no effect", ConfigError)
    for name in idle_names(world, default, changed):
        faults.add(
            "this world was made without it", f"parameters.{name}", expected="a parameter this world still uses"
        )
    faults.raise_if_any()
    return world_under(world, default, parameters)


def _city_under(table: WorldTable, changed: Iterable[str], parameters: Parameters, formats: Formats) -> World:
    """The city built anew; what every kind of circle sets for itself cannot be changed for all."""
    from circlesim.catalog.presets import preset
    from circlesim.world.synthesis import CIRCLES, city

    kinds = table.circles or CIRCLES
    faults = Faults("parameters would be changed to no effect", ConfigError)
    for name in changed:
        if all(name in preset(kind).values for kind in kinds):
            faults.add("every kind of circle of this city sets it", f"parameters.{name}",
                       expected="a parameter that some kind of circle leaves alone")  # fmt: skip
    faults.raise_if_any()
    size = {} if table.residents is None else {"residents": table.residents}
    return city(kinds, **size, parameters=parameters, formats=formats)


def changed_names(default: Parameters, parameters: Parameters) -> list[str]:
    """
    List the parameters whose numbers are not the shipped ones.

    Parameters
    ----------
    default, parameters : Parameters
        The shipped table and that of an experiment.

    Returns
    -------
    list of str
        Names, each once.
    """
    shipped = {row.key: row.value for row in default.rows}
    return list(dict.fromkeys(row.name for row in parameters.rows if shipped.get(row.key) != row.value))


def idle_names(world: World, default: Parameters, changed: Iterable[str]) -> list[str]:
    """
    List changed parameters that no part of a run would look at.

    Parameters
    ----------
    world : World
        The world as it was read.
    default : Parameters
        The shipped table.
    changed : iterable of str
        Names.

    Returns
    -------
    list of str
        Those behind streets, homes, outlets, and the traits of observed residents.
    """
    from circlesim.experiments.assumptions import LAW, MEASURED, TRAITS, is_synthesised

    used = {
        *LAW,
        *FIXED_LAW,
        *MEASURED,
        "survey_response",
        *(TRAITS if is_synthesised(world, default) else ("need_rate",)),
    }
    return [name for name in changed if name not in used]
