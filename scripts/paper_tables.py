"""Tables of the model description, made from the code: what is declared once is described once."""

from __future__ import annotations

import ast
import csv
import pkgutil
import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import cache
from importlib import import_module
from inspect import cleandoc, getmembers, getsource, isclass, isfunction, signature
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import circlesim
from circlesim import behaviour, draws
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.labels import label
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import ParameterRow, default_parameters
from circlesim.catalog.services import SERVICES
from circlesim.engine import mechanisms
from circlesim.engine.mechanisms import Mechanisms
from circlesim.policies import POLICIES
from circlesim.schema.tables import FACILITIES
from paper_schedule import first_line, name_of, schedule
from paper_words import DRAW_WORDS
from write_reference import grid

SOURCE = Path(circlesim.__file__).parent
_PURPOSE_BELOW = 1000
_DRAWING = ("circlesim.draws", "circlesim.engine.luck")
_OWN = ("draws", "engine.luck")
_SHORT = 110

Entry = tuple[str, str, str]
"""Name, type and meaning of one numpydoc parameter."""


def entries(owner: Any) -> list[Entry]:
    """
    Read the parameters of a numpydoc docstring.

    Parameters
    ----------
    owner : class or function
        What is documented.

    Returns
    -------
    list of tuple of str
        One entry a name, also where several share a line.
    """
    lines = cleandoc(owner.__doc__ or "").split("\n")
    if "Parameters" not in lines:
        return []
    found: list[tuple[str, str, list[str]]] = []
    for line in lines[lines.index("Parameters") + 2 :]:
        if re.fullmatch(r"-{3,}", line):
            found.pop()
            break
        if line and not line.startswith(" "):
            names, _, kind = line.partition(" : ")
            found.append((names, kind, []))
        elif line and found:
            found[-1][2].append(line.strip())
    return [(name.strip(), kind, " ".join(text)) for names, kind, text in found for name in names.split(",")]


def classes(module_name: str) -> str:
    """
    Describe every public class of a module: enumerations by member, others by column.

    Parameters
    ----------
    module_name : str
        Such as ``"circlesim.world.population"``.

    Returns
    -------
    str
        One table a class, in the order of the source.
    """
    module = import_module(module_name)
    mine = [cls for _, cls in getmembers(module, isclass) if cls.__module__ == module_name]
    mine = [cls for cls in mine if not cls.__name__.startswith("_")]
    ordered = sorted(mine, key=lambda cls: getsource(module).index(f"class {cls.__name__}"))
    parts = []
    for cls in ordered:
        title = f"**`{cls.__name__}`**: {cleandoc(cls.__doc__ or '').split(chr(10))[0]}"
        if issubclass(cls, int):
            parts += [title, grid(["member", "value"], [[f"`{m.name}`", int(m)] for m in cls])]  # type: ignore[attr-defined]
        elif entries(cls):
            parts += [title, _columns(cls)]
    return "\n\n".join(parts)


def _columns(cls: type) -> str:
    changeable = {c.name for c in FACILITIES.columns if c.policy_may_change}
    by_policy = cls.__name__ == "Facilities"
    rows = [
        [f"`{name}`", kind, text.replace("``", "`"), *(["yes" if name in changeable else ""] if by_policy else [])]
        for name, kind, text in entries(cls)
    ]
    return grid(
        ["variable", "type and shape", "meaning", *(["a policy may change it"] if by_policy else [])], rows
    )


def vocabulary(which: str) -> str:
    """
    List a vocabulary of the catalogue.

    Parameters
    ----------
    which : {"services", "formats", "needs"}
        Which one.

    Returns
    -------
    str
        A table.
    """
    if which == "needs":
        many = [[f"`{service}`", ordinal] for service, ordinal in KINDS]
        return grid(["service", "ordinal"], many)
    if which == "services":
        rows = [[f"`{s}`", label(s, "en", kind="service"), label(s, "zh", kind="service")] for s in SERVICES]
        return grid(["service", "English", "中文"], rows)
    outlets = [format_row(name) for name in FORMATS]
    listed = [
        [f"`{r.format}`", r.en, r.zh, r.format_class, r.band_min, ", ".join(r.services) or "none", r.grade]
        for r in outlets
    ]
    return grid(["format", "English", "中文", "class", "walking band, min", "services", "grade"], listed)


def mechanism_table() -> str:
    """
    List every switch of the law from its docstring.

    Returns
    -------
    str
        A table: name, default, meaning.
    """
    built = getattr(mechanisms, "_BUILT", ())
    rows = []
    for name, _, text in entries(Mechanisms):
        default = getattr(Mechanisms(), name)
        state = "on" if default else "off" if name in built or not built else "off, not built"
        rows.append([f"`{name}`", state, text])
    return grid(["mechanism", "default", "what it is"], rows)


def schedule_table() -> str:
    """
    Write the schedule of a day.

    Returns
    -------
    str
        A table of numbered steps, in the order of the source.
    """
    counts: list[int] = []
    rows = []
    for depth, function, again in schedule():
        counts = [*counts[: depth + 1], *[0] * (depth + 1 - len(counts))]
        counts[depth] += 1
        words = "*(as above)* " if again else ""
        rows.append([".".join(map(str, counts)), f"`{name_of(function)}`", words + first_line(function)])
    return grid(["step", "function", "what it does"], rows)


def draw_table() -> str:
    """
    List every purpose of a draw.

    Returns
    -------
    str
        Number, what is drawn, what names the event, and the modules that draw it.
    """
    rows = []
    for name, number in purposes().items():
        what, named_by = DRAW_WORDS.get(name, (_comment(name), ""))
        rows.append([number, f"`{name}`", what, named_by, ", ".join(f"`{m}`" for m in _drawn_in(name))])
    return grid(["number", "purpose", "what is drawn", "named by, besides seed and replication", "drawn in"], rows)


def purposes() -> dict[str, int]:
    """
    Read the purposes of draws.

    Returns
    -------
    dict of str to int
        Name to number, rising.
    """
    found = {
        name: value
        for name, value in vars(draws).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int) and value < _PURPOSE_BELOW
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _comment(name: str) -> str:
    found = re.search(rf"^{name} = \d+  # (.*)$", getsource(draws), re.M)
    return found[1] if found else ""


def _drawn_in(name: str) -> list[str]:
    """Modules that name a purpose, or the row of keys of the same name in `engine.luck`."""
    hits = [module for module, named in _named().items() if name in named]
    return hits or ["engine.luck"]


@cache
def _named() -> dict[str, frozenset[str]]:
    """What each module takes from the modules of draws; those themselves left out."""
    trees = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
    }
    return {module: frozenset(_taken(tree)) for module, tree in trees.items() if module not in _OWN}


def _taken(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "draws":
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and node.module in _DRAWING:
            yield from (alias.name for alias in node.names)


def rule_modules() -> list[ModuleType]:
    """
    List the modules of `behaviour` that hold rules.

    Returns
    -------
    list of module
        By name.
    """
    found = [import_module(f"{behaviour.__name__}.{m.name}") for m in pkgutil.iter_modules(behaviour.__path__)]
    return [module for module in found if list(_rules(module))]


def rules(name: str) -> str:
    """
    Describe the rules of one module.

    Parameters
    ----------
    name : str
        Module within `behaviour`.

    Returns
    -------
    str
        What each rule says, and its code.
    """
    module = import_module(f"{behaviour.__name__}.{name}")
    return "\n\n".join(_rule(name, rule) for rule in _rules(module))


def _rules(module: ModuleType) -> Iterator[Callable[..., Any]]:
    found = [getattr(value, "py_func", None) for key, value in vars(module).items() if not key.startswith("_")]
    mine = [rule for rule in found if isfunction(rule) and rule.__module__ == module.__name__]
    yield from sorted(mine, key=lambda rule: rule.__code__.co_firstlineno)


def _rule(module: str, rule: Callable[..., Any]) -> str:
    words = cleandoc(rule.__doc__ or "").split("\n\nParameters\n")[0].replace("``", "`")
    title = f"**`{module}.{rule.__name__}({', '.join(signature(rule).parameters)})`**"
    tree = ast.parse(dedent(getsource(rule))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = "\n".join(ast.unparse(node) for node in tree.body[1:])
    return f"{title}\n\n{words}\n\n```python\n{body}\n```"


def parameter_table(names: list[str]) -> str:
    """
    Summarise parameters: a line a name, groups as a range.

    Parameters
    ----------
    names : list of str
        Which ones, in this order.

    Returns
    -------
    str
        A table.
    """
    lines = []
    for name in names:
        rows = [row for row in default_parameters().rows if row.name == name]
        if not rows:
            raise SystemExit(f"no parameter '{name}' in the catalogue")
        lines.append([f"`{name}`", _span([r.value for r in rows]), swept(rows), rows[0].unit, len(rows),
                      grades(rows), _source(rows)])  # fmt: skip
    return grid(["parameter", "default", "range", "unit", "groups", "grade", "source"], lines)


def swept(rows: list[ParameterRow]) -> str:
    """
    Write the range over all groups of one name.

    Parameters
    ----------
    rows : list of ParameterRow
        Of one name.

    Returns
    -------
    str
        ``"fixed"`` where no group has a range.
    """
    free = [row for row in rows if row.prior != "fixed" and row.high > row.low]
    return _span([bound for row in free for bound in (row.low, row.high)]) if free else "fixed"


def grades(rows: list[ParameterRow]) -> str:
    """
    Write the grades of one name.

    Parameters
    ----------
    rows : list of ParameterRow
        Of one name.

    Returns
    -------
    str
        Such as ``"C, D"``.
    """
    return ", ".join(sorted({row.grade for row in rows}))


def _span(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _source(rows: list[ParameterRow]) -> str:
    sources = list(dict.fromkeys(row.source for row in rows))
    first = sources[0]
    if len(first) > _SHORT:
        first = first[:_SHORT].rsplit(" ", 1)[0] + " …"
    return first + (f" (and {len(sources) - 1} more)" if len(sources) > 1 else "")


def policy_table() -> str:
    """
    List the levers.

    Returns
    -------
    str
        A table: policy, what it changes, measure of the plan.
    """
    rows = [
        [f"`{name}`", first_line(policy), ", ".join(f"`{c}`" for c in policy.changes), policy.clause]
        for name, policy in POLICIES.items()
    ]
    return grid(["policy", "what it does", "columns it changes", "measure of the plan"], rows)


def enumeration(cls: type[IntEnum]) -> str:
    """
    List the members of an enumeration.

    Parameters
    ----------
    cls : type of IntEnum
        The enumeration.

    Returns
    -------
    str
        A table.
    """
    return grid(["member", "value"], [[f"`{member.name}`", int(member)] for member in cls])


def read_csv(path: Path) -> list[dict[str, str]]:
    """
    Read a table with comment lines.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of dict of str to str
        By column.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))
