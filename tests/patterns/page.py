"""
The page of patterns, from the register: `python tests/patterns/page.py` looks for all of them and writes it.

Figures are kept beside the register, so that the page can be written, and tested, without looking again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "patterns")]

from pattern import Pattern  # noqa: E402
from register import NOT_YET, PATTERNS  # noqa: E402

FIGURES = Path(__file__).parent / "figures" / "patterns.json"
PAGE = ROOT / "docs" / "explanation" / "patterns.md"

HEAD = """\
# Patterns

Published results that the model is held against, each by a test on the real engine (`tests/patterns`). This page
is written by `python tests/patterns/page.py`; what is looked for, and how, stands in `tests/patterns/register.py`.

A pattern that shows is worth something only where nobody put it in. An **echo** is implied by an input or by the
form of a rule; a **calibrated** one was fitted. Both are verification. An **emergent** pattern was neither put in
nor fitted, a **held-out** one besides came from data that nobody used to make the model. Only the last two count
as evidence, and on synthetic circles it is evidence about the rules, not about a town. One that does not show
stays in the table with its reason; the model was not tuned to it.
"""


def write() -> None:
    """Look for every pattern, keep the figures and write the page."""
    figures = {}
    for pattern in PATTERNS:
        finding = pattern.check()
        figures[pattern.id] = {"shown": finding.shown, "figure": finding.figure}
        print(f"{pattern.id:5} {'shows' if finding.shown else 'does not show':14} {finding.figure}", flush=True)  # noqa: T201
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, from the register and the figures kept."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    evidence = [pattern for pattern in PATTERNS if pattern.kind.counts]
    shown = [pattern for pattern in evidence if figures[pattern.id]["shown"]]
    count = (
        f"Of {len(PATTERNS)} patterns looked for, {sum(row['shown'] for row in figures.values())} show. "
        f"{len(evidence)} are emergent or held-out, and {len(shown)} of those show: "
        + ", ".join(pattern.id for pattern in shown) + "."
    )  # fmt: skip
    rows = ["| | published result | source | kind | accepted | found | verdict |", "| --- " * 7 + "|"]
    rows += [_row(pattern, figures[pattern.id]) for pattern in PATTERNS]
    why = [f"- **{pattern.id}**, {pattern.kind}: {pattern.because}." for pattern in PATTERNS]
    missed = [f"- **{pattern.id}**: {pattern.missed}." for pattern in PATTERNS if pattern.missed]
    yet = [f"- **{name}**: {reason}." for name, reason in NOT_YET.items()]
    parts = [HEAD, count, "\n".join(rows), "## Those that do not show", "\n".join(missed), "## Why of this kind",
             "\n".join(why), "## Not looked for yet", "\n".join(yet)]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _row(pattern: Pattern, found: dict[str, object]) -> str:
    told = (pattern.id, pattern.published, pattern.source, pattern.kind, pattern.accepted, found["figure"])
    verdict = "shows" if found["shown"] else "does not show"
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in (*told, verdict)) + " |"


if __name__ == "__main__":
    write()
