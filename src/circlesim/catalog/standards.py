"""Standards: what a circle is judged by, as data; what a source does not say is left unset."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import ConfigError, Faults, did_you_mean

STANDARDS: tuple[str, ...] = (
    "plan-2023", "upgrade-2025", "shanxi-2023-gate", "beijing-8", "mofcom-2021-minutes", "demo-grades",
)  # fmt: skip
"""Names of the standards that ship with the package."""

GRADES: tuple[str, ...] = ("basic", "improved", "quality")
"""Grades of the plan (基础型, 提升型, 品质型), lowest first."""

CLASSES: tuple[str, ...] = ("basic", "quality")
STATUSES: tuple[str, ...] = ("official", "local", "assumption")
EVIDENCE: tuple[str, ...] = ("A", "B", "C", "D")
RULES: tuple[str, ...] = ("top1", "top2", "index")
"""Readings of satisfaction a target may be set on; the index is taken in 0..1."""

_SHARES = ("access_share", "service_quality", "satisfaction", "chain_share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """
    One thing a circle must have: a format, or any of several, within some minutes.

    Parameters
    ----------
    name : str
        The format, or the name of what several formats serve.
    formats : tuple of str
        Any of them discharges the duty.
    format_class : {"basic", "quality"}
        Which count of a grade it adds to.
    minutes : float or None, default: None
        Longest walk at own speed; None where the source states none.
    mandatory : bool, default: False
        Without it there is no grade.
    """

    name: str
    formats: tuple[str, ...]
    format_class: str
    minutes: float | None = None
    mandatory: bool = False

    @property
    def key(self) -> str:
        """Name and level, such as ``"pharmacy:8"``: a level is a duty of its own."""
        return self.name if self.minutes is None else f"{self.name}:{self.minutes:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """
    What a grade, a gate or the whole standard asks for; None is not asked.

    Parameters
    ----------
    basic, quality : int or None
        Duties of each class to be met.
    access_share : float or None
        Share of residents who must be within the minutes of a duty for it to be met; by presence where None.
    service_quality : float or None
        Least overall score of service quality, 0..1.
    satisfaction : float or None
        Least satisfaction, 0..1.
    satisfaction_rule : str or None
        Which reading of it, one of `RULES`; a target without a rule cannot be judged.
    chain_share : float or None
        Least share of chain outlets.
    area_m2_per_100_households : float or None
        Least floor area of `area_formats`.
    """

    basic: int | None = None
    quality: int | None = None
    access_share: float | None = None
    service_quality: float | None = None
    satisfaction: float | None = None
    satisfaction_rule: str | None = None
    chain_share: float | None = None
    area_m2_per_100_households: float | None = None


DEMANDS: tuple[str, ...] = tuple(Demands.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """
    A standard a circle is judged by.

    Parameters
    ----------
    name : str
        Name, or path of the file.
    title, note : dict of str to str
        By language.
    status : {"official", "local", "assumption"}
        Whose it is.
    source, grade : str
        Where it comes from, and how sure that is.
    duties : tuple of Duty
        What the circle must have.
    common : Demands
        Asked for at every grade.
    gate : Demands or None
        Asked for before anything is scored.
    grades : dict of str to Demands
        By grade; empty where the source sets none.
    area_formats : tuple of str
        Formats whose floor area counts.
    """

    name: str
    title: dict[str, str]
    note: dict[str, str]
    status: str
    source: str
    grade: str
    duties: tuple[Duty, ...]
    common: Demands = field(default_factory=Demands)
    gate: Demands | None = None
    grades: dict[str, Demands] = field(default_factory=dict)
    area_formats: tuple[str, ...] = ()


def standard_faults(text: str, folder: Path, formats: Formats = CATALOGUE) -> Faults:
    """
    Find what is wrong with the name or file of a standard.

    Parameters
    ----------
    text : str
        One of `STANDARDS`, or a path (a path contains / or .).
    folder : Path
        Paths are read from there.
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    Faults
        Empty where the standard can be read.
    """
    faults = Faults(f"the standard {text} cannot be used", ConfigError)
    with faults.collecting():
        read_standard(text, folder, formats)
    return faults


def read_standard(text: str, folder: Path | str = ".", formats: Formats = CATALOGUE) -> Standard:
    """
    Read a standard that ships with the package, or a user's own file.

    Parameters
    ----------
    text : str
        One of `STANDARDS`, or a path (a path contains / or .).
    folder : path, default: "."
        Paths are read from there.
    formats : Formats, default: CATALOGUE
        Those of the world that is judged; what a duty may name.

    Returns
    -------
    Standard
        The standard.

    Raises
    ------
    ConfigError
        Listing everything that is wrong with it.
    """
    faults = Faults(f"the standard {text} cannot be used", ConfigError)
    if text in STANDARDS:
        body = (files("circlesim.catalog") / "data" / "standards" / f"{text}.toml").read_text(encoding="utf-8")
    elif "/" not in text and "." not in text:
        hint = did_you_mean(text, STANDARDS) or "see: circlesim show standards"
        known = "one of " + ", ".join(STANDARDS) + ", or a path"
        faults.add("unknown standard", "standard", found=f"'{text}'", expected=known, hint=hint)
        faults.raise_if_any()
    else:
        path = Path(folder) / text
        if not path.is_file():
            faults.add("there is no such file", "standard", found=f"'{text}'", expected="a TOML file")
            faults.raise_if_any()
        body = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        faults.add(f"this is not TOML: {error}", text)
        faults.raise_if_any()
    standard = _Reader(text, faults, formats).read(document)
    faults.raise_if_any()
    return standard


class _Reader:
    """Turns a document into a standard and notes what is wrong on the way."""

    def __init__(self, name: str, faults: Faults, formats: Formats) -> None:
        self.name, self.faults, self.formats = name, faults, formats

    def read(self, document: Mapping[str, Any]) -> Standard:
        """Read everything; the faults say whether it can be used."""
        heads = ("title", "note", "status", "source", "grade", "area_formats")
        tables = ("duties", "gate", "grades")
        self._known(document, (*heads, *tables, *DEMANDS), "")
        common = self._demands({k: v for k, v in document.items() if k in DEMANDS}, "")
        grades = document.get("grades", {})
        if not isinstance(grades, Mapping):
            self.faults.add("not a table", self._at("grades"), found=grades)
            grades = {}
        self._known(grades, GRADES, "grades.")
        gate = document.get("gate")
        duties = tuple(self._duties(document.get("duties", [])))
        standard = Standard(
            name=self.name, title=self._both(document, "title"), note=self._both(document, "note"),
            status=self._one_of(document, "status", STATUSES), source=self._text(document, "source"),
            grade=self._one_of(document, "grade", EVIDENCE), duties=duties,
            common=common, gate=None if gate is None else self._demands(gate, "gate."),
            grades={g: self._demands(grades[g], f"grades.{g}.") for g in GRADES if g in grades},
            area_formats=self._formats(document.get("area_formats", []), "area_formats"),
        )  # fmt: skip
        self._agree(standard)
        return standard

    def _agree(self, standard: Standard) -> None:
        """See that counts can be reached, and that area is of something."""
        keys = [duty.key for duty in standard.duties]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self.faults.add("a duty stands twice", self._at("duties"), found=key)
        there = {c: sum(duty.format_class == c for duty in standard.duties) for c in CLASSES}
        for where, asked in (("gate", standard.gate), *((f"grades.{g}", d) for g, d in standard.grades.items())):
            for name in CLASSES:
                count = getattr(asked, name) if asked else None
                if count is not None and count > there[name]:
                    self.faults.add("more duties are asked for than are listed", self._at(f"{where}.{name}"),
                                    found=count, expected=f"at most {there[name]}")  # fmt: skip
        if standard.common.area_m2_per_100_households is not None and not standard.area_formats:
            self.faults.add("an area is asked for, and no format counts", self._at("area_formats"),
                            expected="a list of formats")  # fmt: skip

    def _at(self, key: str) -> str:
        return f"{self.name}: {key}"

    def _known(self, table: Mapping[str, Any], known: tuple[str, ...], above: str) -> None:
        for key in table:
            if key not in known:
                hint = did_you_mean(key, known) or "known are " + ", ".join(known)
                self.faults.add("unknown key", self._at(above + key), found=f"'{key}'", hint=hint)

    def _text(self, document: Mapping[str, Any], key: str) -> str:
        value = document.get(key)
        if not isinstance(value, str) or not value:
            self.faults.add("words are needed", self._at(key), found=value if value is not None else "nothing",
                            expected="text in quotes")  # fmt: skip
        return str(value)

    def _one_of(self, document: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
        value = str(document.get(key, ""))
        if value not in known:
            self.faults.add(f"unknown {key}", self._at(key), found=f"'{value}'",
                            expected="one of " + ", ".join(known), hint=did_you_mean(value, known))  # fmt: skip
        return value

    def _both(self, document: Mapping[str, Any], key: str) -> dict[str, str]:
        value = document.get(key)
        if not isinstance(value, Mapping) or any(not isinstance(value.get(lang), str) for lang in ("en", "zh")):
            self.faults.add("words are needed in both languages", self._at(key), expected='{ en = "…", zh = "…" }')
            return {"en": "", "zh": ""}
        return {lang: value[lang] for lang in ("en", "zh")}

    def _demands(self, table: Any, above: str) -> Demands:
        if not isinstance(table, Mapping):
            self.faults.add("not a table", self._at(above.rstrip(".")), found=table)
            return Demands()
        self._known(table, DEMANDS, above)
        good = {key: value for key, value in table.items() if key in DEMANDS and self._fits(key, value, above)}
        if "satisfaction_rule" in good and "satisfaction" not in table:
            self.faults.add("a rule without a target", self._at(above + "satisfaction_rule"),
                            expected="satisfaction beside it")  # fmt: skip
        return Demands(**good)

    def _fits(self, key: str, value: Any, above: str) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if key == "satisfaction_rule":
            fits, expected = value in RULES, "one of " + ", ".join(RULES)
        elif key in CLASSES:
            fits, expected = number and isinstance(value, int) and value >= 0, "a whole number of duties"
        elif key in _SHARES:
            fits, expected = number and 0 < value <= 1, "a share above 0, at most 1"
        else:
            fits, expected = number and value > 0, "a number of square metres above 0"
        if not fits:
            self.faults.add("not what stands here", self._at(above + key), found=value, expected=expected)
        return fits

    def _formats(self, names: Any, where: str) -> tuple[str, ...]:
        if not isinstance(names, list):
            self.faults.add("not a list of formats", self._at(where), found=names)
            return ()
        for name in names:
            if name not in self.formats:
                hint = did_you_mean(str(name), self.formats.ids) or "see: circlesim show formats"
                self.faults.add("unknown format", self._at(where), found=f"'{name}'", hint=hint)
        return tuple(name for name in names if name in self.formats)

    def _duties(self, tables: Any) -> Iterator[Duty]:
        if not isinstance(tables, list) or not tables:
            self.faults.add("a standard lists duties", self._at("duties"), expected="[[duties]] tables")
            return
        for number, table in enumerate(tables):
            yield from self._duty(table, f"duties[{number}]")

    def _duty(self, table: Any, where: str) -> Iterator[Duty]:
        if not isinstance(table, Mapping):
            self.faults.add("not a table", self._at(where), found=table)
            return
        self._known(table, ("class", "any_of", "formats", "minutes", "mandatory"), f"{where}.")
        formats = self._formats(table.get("formats", []), f"{where}.formats")
        if not table.get("formats"):
            self.faults.add("a duty names a format", self._at(f"{where}.formats"))
        minutes, mandatory, any_of = table.get("minutes"), table.get("mandatory", False), table.get("any_of")
        kind = self._one_of({"class": table.get("class", "")}, "class", CLASSES)
        if minutes is not None and not (type(minutes) in (int, float) and 0 < minutes <= 60):
            self.faults.add("not a walk", self._at(f"{where}.minutes"), found=minutes,
                            expected="minutes above 0, at most 60")  # fmt: skip
            minutes = None
        if not isinstance(mandatory, bool):
            self.faults.add("neither true nor false", self._at(f"{where}.mandatory"), found=mandatory)
        if any_of is not None and (not isinstance(any_of, str) or not any_of):
            self.faults.add("not a name", self._at(f"{where}.any_of"), found=any_of, expected="text in quotes")
        far = None if minutes is None else float(minutes)
        facts: dict[str, Any] = {"format_class": kind, "minutes": far, "mandatory": mandatory is True}
        if isinstance(any_of, str):
            yield Duty(name=any_of, formats=formats, **facts)
        else:
            yield from (Duty(name=name, formats=(name,), **facts) for name in formats)


def duty_name(duty: Duty, lang: str = "en", formats: Formats = CATALOGUE) -> str:
    """
    Name a duty in a language.

    Parameters
    ----------
    duty : Duty
        The duty.
    lang : {"en", "zh"}, default: "en"
        Language.
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    str
        Names of its formats, joined by a slash.
    """
    return " / ".join(formats.names(lang)[name] for name in duty.formats)
