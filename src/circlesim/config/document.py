"""Document: one TOML file read from disk, or told plainly why it cannot be."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from circlesim.errors import ConfigError, Fault, did_you_mean

EXAMPLE = "`circlesim show schema` lists every key"


def read_document(path: Path) -> dict[str, Any]:
    """
    Read a TOML file.

    Parameters
    ----------
    path : Path
        An experiment file.

    Returns
    -------
    dict of str to object
        The document.

    Raises
    ------
    ConfigError
        If there is no such file, it is empty, not text, or not TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _refusal(path, "there is no such file", hint=_near(path)) from None
    except IsADirectoryError:
        raise _refusal(
            path,
            "this is a folder",
            found=str(path),
            expected="an experiment file (TOML)",
            hint=_inside(path),
        ) from None
    except UnicodeDecodeError as error:
        raise _refusal(
            path,
            "this is not a text file",
            found=f"byte {error.object[error.start]:#04x} at {error.start}",
            expected="TOML text in UTF-8",
        ) from None
    except OSError as error:
        raise _refusal(path, "the file cannot be read", found=str(error.strerror)) from None
    if "\x00" in text:
        raise _refusal(path, "this is not a text file", found="a zero byte", expected="TOML text in UTF-8")
    if not text.strip():
        raise _refusal(
            path,
            "the file is empty",
            expected="an experiment: at least `world` and one scenario",
            hint=EXAMPLE,
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(
            path, f"not TOML: {error}", expected="key = value lines and [tables]", hint=_toml_hint(str(error))
        ) from None


def _refusal(path: Path, what: str, *, found: str = "", expected: str = "", hint: str = "") -> ConfigError:
    fault = Fault(what=what, where=path.name or str(path), found=found, expected=expected, hint=hint)
    return ConfigError(f"{path}: not a usable experiment file", [fault])


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either"
    return did_you_mean(path.name, sorted(each.name for each in path.parent.iterdir()))


def _inside(path: Path) -> str:
    inside = path / "experiment.toml"
    return f"did you mean '{inside}'?" if inside.is_file() else ""


def _toml_hint(message: str) -> str:
    if "twice" in message or "overwrite" in message:
        return "each name and each table may stand only once"
    return (
        'text, times and names that are not plain Latin letters need quotes: close = "21:00", [scenarios."现状"], '
        '[scenarios."as is"]; tables need their brackets'
    )
