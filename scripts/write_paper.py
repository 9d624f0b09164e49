"""
Rewrite the generated parts of `paper/odd.md` and `paper/identification.md`.

A part stands between ``<!-- generated: NAME WORDS -->`` and ``<!-- end generated -->``; the words say what is
asked of it. ``*`` stands for all that no other part of the page names, so that what is new in the code appears by
itself. ``python scripts/write_paper.py`` writes the pages, ``--check`` says which are not current and writes
nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from circlesim.catalog.parameters import default_parameters
from circlesim.ledger import Barrier, Fate
from circlesim.measures.catalogue import measure_table
from paper_identification import (
    base_values,
    counts,
    elasticity_table,
    identification_table,
    provenance,
    strongest_table,
)
from paper_tables import (
    classes,
    draw_table,
    enumeration,
    mechanism_table,
    parameter_table,
    policy_table,
    rule_modules,
    rules,
    schedule_table,
    vocabulary,
)
from write_reference import grid

PAPER = Path(__file__).parents[1] / "paper"
PAGES = ("odd.md", "identification.md")

_PART = re.compile(
    r"(?P<open><!-- generated: (?P<name>\w+)(?P<words>[^\n]*?) -->\n).*?(?P<close><!-- end generated -->)", re.S
)


def measures() -> str:
    """
    List the measures.

    Returns
    -------
    str
        A table.
    """
    keys = ("unit", "kind", "population", "numerator", "denominator")
    return grid(["measure", *keys], [[f"`{m['name']}`", *(m[k] for k in keys)] for m in measure_table()])


PARTS: dict[str, Callable[[list[str]], str]] = {
    "classes": lambda words: "\n\n".join(classes(word) for word in words),
    "vocabulary": lambda words: "\n\n".join(vocabulary(word) for word in words),
    "fates": lambda _: enumeration(Fate),
    "barriers": lambda _: enumeration(Barrier),  # type: ignore[arg-type]
    "mechanisms": lambda _: mechanism_table(),
    "schedule": lambda _: schedule_table(),
    "draws": lambda _: draw_table(),
    "rules": lambda words: "\n\n".join(rules(word) for word in words) or "None.",
    "parameters": lambda words: parameter_table(words) if words else "None.",
    "measures": lambda _: measures(),
    "policies": lambda _: policy_table(),
    "identification": lambda _: identification_table(),
    "counts": lambda _: counts(),
    "provenance": lambda _: provenance(),
    "base": lambda _: base_values(),
    "strongest": lambda _: strongest_table(),
    "elasticities": lambda _: elasticity_table(),
}
"""Name of a part to what makes it from its words."""

ALL: dict[str, Callable[[], list[str]]] = {
    "rules": lambda: [module.__name__.rpartition(".")[2] for module in rule_modules()],
    "parameters": lambda: list(default_parameters().names),
}
"""What ``*`` chooses from."""


def rewritten(text: str) -> str:
    """
    Put every generated part of a page as the code has it now.

    Parameters
    ----------
    text : str
        The page.

    Returns
    -------
    str
        The page, its prose as it was.
    """
    named = {
        (part["name"], word) for part in _PART.finditer(text) for word in part["words"].split() if word != "*"
    }

    def made(part: re.Match[str]) -> str:
        name, words = part["name"], part["words"].split()
        if words == ["*"]:
            words = [word for word in ALL[name]() if (name, word) not in named]
        return f"{part['open']}{PARTS[name](words)}\n{part['close']}"

    return _PART.sub(made, text)


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is not current")
    check = parser.parse_args().check
    stale = 0
    for name in PAGES:
        path = PAPER / name
        before = path.read_text(encoding="utf-8")
        after = rewritten(before)
        if after != before:
            stale += 1
            print(f"{'not current' if check else 'written'}: paper/{name}")
            if not check:
                path.write_text(after, encoding="utf-8")
    return int(check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
