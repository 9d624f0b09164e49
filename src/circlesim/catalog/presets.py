"""Presets: kinds of circles a city is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """
    A kind of circle.

    Parameters
    ----------
    preset : str
        Id, such as ``"new_estate"``.
    zh, en : str
        Names.
    values : dict of str to float
        Parameters it sets; all others are those of the experiment.
    """

    preset: str
    zh: str
    en: str
    values: dict[str, float]


@cache
def presets() -> dict[str, Preset]:
    """
    Read the presets.

    Returns
    -------
    dict of str to Preset
        By id, in the order of the table ``presets.csv``, which gives source and grade of each value.
    """
    found: dict[str, Preset] = {}
    for row in read_table("presets.csv"):
        one = found.setdefault(row["preset"], Preset(preset=row["preset"], zh=row["zh"], en=row["en"], values={}))
        one.values[row["parameter"]] = float(row["value"])
    return found


def preset(name: str) -> Preset:
    """
    Return one preset.

    Parameters
    ----------
    name : str
        Id.

    Returns
    -------
    Preset
        The preset.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    known = presets()
    if name not in known:
        hint = did_you_mean(name, list(known))
        raise ConfigError(f"no kind of circle '{name}'; {hint} known: {', '.join(known)}")
    return known[name]
