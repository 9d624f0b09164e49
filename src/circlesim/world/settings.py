"""Settings: the file ``world.toml`` of a world folder."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from circlesim.errors import Faults, did_you_mean
from circlesim.schema.check import unknown_words
from circlesim.world.sheet import read_text
from circlesim.world.world import World

FILE = "world.toml"
_DEGREES = ("EPSG:4326", "EPSG:4490", "EPSG:4258", "OGC:CRS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What ``world.toml`` says.

    Parameters
    ----------
    name : str
        Name of the world.
    crs : str
        ``local``, or an EPSG code of a frame in metres.
    synthetic : bool
        False where streets and outlets were observed.
    currency : str, default: "yuan"
        Major unit of money.
    title : dict of str to str
        Title by language.
    sources, licences : tuple of str
        What a report must print.
    residents : int, default: 0
        Residents to draw where the folder holds homes and no residents.
    seed : int, default: 0
        Seed of that draw.
    supply_counted : bool, default: False
        Whether the outlets were counted on the street.
    drop : tuple of str, default: ()
        Columns of ``residents.csv`` to pass over.
    """

    name: str
    crs: str
    synthetic: bool
    currency: str = "yuan"
    title: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    residents: int = 0
    seed: int = 0
    supply_counted: bool = False
    drop: tuple[str, ...] = ()


_KEYS: dict[str, tuple[type, str]] = {
    "name": (str, "a name in quotes"),
    "crs": (str, '"local", or an EPSG code of a frame in metres such as "EPSG:3067"'),
    "synthetic": (bool, "true for an invented place, false for an observed one"),
    "currency": (str, 'a name in quotes such as "yuan"'),
    "title": (dict, 'a title by language such as { en = "…", zh = "…" }'),
    "sources": (list, "a list of texts"),
    "licences": (list, "a list of texts"),
    "supply_counted": (bool, "true where the outlets were counted on the street, so that none is missing"),
    "population": (dict, "a table with residents and seed, or drop"),
}
_NEEDED = ("name", "crs", "synthetic")
_POPULATION = ("residents", "seed", "drop")


def read_settings(folder: Path, faults: Faults) -> Settings | None:
    """
    Read ``world.toml``.

    Parameters
    ----------
    folder : Path
        World folder.
    faults : Faults
        Receives everything that is wrong with it.

    Returns
    -------
    Settings or None
        None where something is wrong.
    """
    before = len(list(faults))
    text = read_text(folder / FILE, faults)
    if text is None:
        return None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add("not a TOML file", FILE, found=str(error), expected='lines such as  name = "my circle"')
        return None
    _check(table, faults)
    if len(list(faults)) > before:
        return None
    people = table.get("population", {})
    return Settings(
        name=table["name"],
        crs=table["crs"],
        synthetic=table["synthetic"],
        currency=table.get("currency", "yuan"),
        title=dict(table.get("title", {})),
        sources=tuple(table.get("sources", ())),
        licences=tuple(table.get("licences", ())),
        residents=people.get("residents", 0),
        seed=people.get("seed", 0),
        supply_counted=table.get("supply_counted", False),
        drop=tuple(people.get("drop", ())),
    )


def _check(table: Mapping[str, Any], faults: Faults) -> None:
    unknown_words(table, _KEYS, FILE, faults)
    for key, (kind, expected) in _KEYS.items():
        if key in table and not isinstance(table[key], kind):
            faults.add("wrong kind of value", f"{FILE}.{key}", found=repr(table[key]), expected=expected)
        elif key in _NEEDED and key not in table:
            unread = [word for word in table if word not in _KEYS]
            faults.add("missing key", f"{FILE}.{key}", expected=expected, hint=did_you_mean(key, unread))
    for key in ("sources", "licences"):
        if isinstance(table.get(key), list) and not all(isinstance(t, str) for t in table[key]):
            faults.add("wrong kind of value", f"{FILE}.{key}", found=repr(table[key]), expected="a list of texts")
    _check_crs(table.get("crs"), faults)
    if isinstance(table.get("population"), dict):
        _check_people(table["population"], faults)


def _check_crs(crs: object, faults: Faults) -> None:
    if not isinstance(crs, str):
        return
    where, expected = f"{FILE}.crs", _KEYS["crs"][1]
    if crs.upper() in _DEGREES:
        faults.add("a frame in degrees, walking needs metres", where, found=crs, expected=expected)
    elif crs != "local" and not re.fullmatch(r"EPSG:\d{4,6}", crs):
        faults.add("not a coordinate frame", where, found=repr(crs), expected=expected)


def _check_people(people: Mapping[str, Any], faults: Faults) -> None:
    unknown_words(people, _POPULATION, f"{FILE}.population", faults)
    drop = people.get("drop", [])
    if not isinstance(drop, list) or not all(isinstance(name, str) for name in drop):
        where = f"{FILE}.population.drop"
        faults.add("wrong kind of value", where, found=repr(drop), expected="a list of columns of residents.csv")
    for key in _POPULATION[:2]:
        value = people.get(key, 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < (key == "residents"):
            faults.add(
                "not a usable number",
                f"{FILE}.population.{key}",
                found=repr(value),
                expected="a whole number" + (" of at least 1" if key == "residents" else ", 0 or more"),
            )


def settings_text(world: World) -> str:
    """
    Write ``world.toml`` of a world.

    Parameters
    ----------
    world : World
        Any world.

    Returns
    -------
    str
        TOML that reads back to the same settings.
    """
    lines = [
        f"name = {_quoted(world.name)}",
        f"crs = {_quoted(world.crs)}",
        f"currency = {_quoted(world.currency)}",
        f"synthetic = {str(world.synthetic).lower()}",
    ]
    if world.supply_counted:
        lines.append("supply_counted = true")
    for key in ("sources", "licences"):
        lines.append(f"{key} = [{', '.join(map(_quoted, getattr(world, key)))}]")
    if world.title:
        lines.append("\n[title]")
        lines += [f"{_quoted(language)} = {_quoted(text)}" for language, text in world.title.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
