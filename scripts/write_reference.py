"""
Write `docs/reference` from the code: what is declared once is documented once.

``python scripts/write_reference.py`` writes the pages, ``--check`` says which are not current and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, Field, fields
from inspect import Parameter, cleandoc, signature
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from typer.models import OptionInfo

from circlesim.assessment import card_table, have_lack, service_quality
from circlesim.catalog.anchors import OUTCOMES, anchor_rows
from circlesim.catalog.bands import bands
from circlesim.catalog.clauses import CLAUSES, PLAN
from circlesim.catalog.format_costs import format_cost, mean_cost
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.labels import label
from circlesim.catalog.parameters import ParameterRow, default_parameters, parse_group
from circlesim.catalog.service_words import service_figures, service_words
from circlesim.catalog.services import SERVICES
from circlesim.catalog.standards import DEMANDS, STANDARDS, Demands, read_standard
from circlesim.catalog.table import read_table
from circlesim.cli.app import app
from circlesim.cli.show import WRITTEN_BY_RUNS, kind_words
from circlesim.config.tables import (
    ClaimTable,
    ExperimentTable,
    LawTable,
    PrecisionTable,
    ScenarioTable,
    SideTable,
    SurveyTable,
    WorldTable,
)
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments import (
    anchoring,
    cells,
    comparison,
    displacement,
    economy,
    footfall,
    interactions,
    ledger_files,
    operators,
    readings,
    reviews,
    sampled,
    switching,
    tables,
    unmet,
    verdicts,
    winners,
    worth,
)
from circlesim.ledger import BARRIERS, Barrier, Fate
from circlesim.measures import balance
from circlesim.measures.catalogue import DEFAULT_MEASURES, measure_table
from circlesim.planning import circle_table, demand, proposing, tabling
from circlesim.policies import POLICIES
from circlesim.policies.policy import Policy, field_table
from circlesim.schema.formats import FORMAT_TABLE
from circlesim.schema.tables import CENSUS, EDGES, FACILITIES, HOMES, NODES, RESIDENTS
from circlesim.world.census import census_columns
from circlesim.world.groups import GROUP_LABELS
from circlesim.world.margins import EXAMPLES, MARGINS
from reference_words import COLUMN_WORDS, PLAN_COLUMN_WORDS, PLANNING_TERMS, THEMES

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "reference"
NOTE = "<!-- Written by scripts/write_reference.py from the code; do not edit. -->"

PLAN_FILES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("demand.csv", "Needs that the circle does not meet. Rows without a place are of the whole world, rows "
     "without a dimension of all residents; none tells of fewer than 30.", demand.COLUMNS),
    ("projects.csv", "Projects, each alone beside the baseline, on the luck on which the plan was chosen.",
     tabling.PROJECT_COLUMNS),
    ("sites.csv", "Sites of one, two ... outlets of each format.", proposing.SITE_COLUMNS),
    ("plan.csv", "The plan step by step, on luck that had no part in the choice.", tabling.CURVE_COLUMNS),
    ("alternatives.csv", "Other plans within the budget, on the same luck.", tabling.ALTERNATIVE_COLUMNS),
    ("circles.csv", "The plan circle by circle; the last row is all of them.", circle_table.CIRCLE_COLUMNS),
    ("displacement.csv", "What outlets lose and new ones take under the whole plan; as in the run folder.", ()),
)  # fmt: skip
HOURLY = ("hour", "needs", "visits", "unmet")
RUN_FILES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("outcomes.parquet", "Every value of every unit of work; what all else is computed from.", readings.COLUMNS),
    ("comparison.csv", "Each scenario beside its baseline.", comparison.COLUMNS),
    ("unmet.csv", "The demand list: unmet needs by the first barrier.", unmet.UNMET_COLUMNS),
    ("pushed_out.csv", "Needs met at home or outside because nothing inside was feasible.", unmet.PUSHED_COLUMNS),
    ("switching.csv", "How the same needs end in a scenario and in its baseline.", switching.COLUMNS),
    ("facilities.csv", "Outlets of each scenario.", tables.FACILITY_COLUMNS),
    (
        "displacement.csv",
        "Change of visits and revenue against the baseline: outlets that stay, come and go.",
        displacement.COLUMNS,
    ),
    (
        "winners.csv",
        "Who gains and who loses: the same residents under scenario and baseline, pooled over replications. For "
        "this a unit keeps 8 bytes a resident and comparison, whatever the days.",
        winners.COLUMNS,
    ),
    (
        "economy.csv",
        "What each scenario costs the public and gives residents, unit by unit; what the next two are computed "
        "from. Money in the world's currency.",
        economy.COLUMNS,
    ),
    (
        "cost_effectiveness.csv",
        "Cost and gain of each scenario beside its baseline, and what one more unit costs.",
        worth.COST_COLUMNS,
    ),
    (
        "acceptability.csv",
        "Which option of a baseline is best at which price of one more unit, and what knowing would be worth.",
        worth.CURVE_COLUMNS,
    ),
    ("hourly.csv", "Needs, visits and unmet needs by hour.", ("scenario", *HOURLY)),
    (
        "cells.csv",
        "Satisfaction and access on a grid of homes, cells of at least 30 adults.",
        (*cells.COLUMNS, *cells.ACCESS_COLUMNS),
    ),
    ("balance.csv", "The baseline beside published figures.", balance.COLUMNS),
    (
        "anchoring.csv",
        "How well each assumption draw meets the anchors; only with `assumptions`.",
        anchoring.COLUMNS,
    ),
    (
        "expectations.csv",
        "What was expected beside what was found; only where the file holds `expectations`.",
        verdicts.COLUMNS,
    ),
    (
        "survey.csv",
        "Satisfaction as a sample of adults gives it, replication by replication; only with `survey`.",
        sampled.COLUMNS,
    ),
    (
        "scorecard.csv",
        "Each circle under the standard: grade, conditions, what binds, shortest path, duties and answers; this "
        "and the next two only with `standard`.",
        card_table.COLUMNS,
    ),
    (
        "have_lack.csv",
        "Formats by circle and walker group: what stands there and how far residents walk.",
        have_lack.COLUMNS,
    ),
    ("service_quality.csv", "The plan's eight words, each by its figures.", service_quality.COLUMNS),
    ("operators.csv", "The books of outlets by month; only with the mechanism `months`.", operators.COLUMNS),
    (
        "operators_by_format.csv",
        "The same by format, with vacancies and support; only with the mechanism `months`.",
        operators.FORMAT_COLUMNS,
    ),
    (
        "interactions.csv",
        "Main effects, interactions, and packages less their parts; only with `factorial`.",
        interactions.COLUMNS,
    ),
    (
        "reviews.csv",
        "What policies with review dates opened, replication by replication; only where there is one.",
        reviews.COLUMNS,
    ),
    ("map/edges.csv", "Streets.", footfall.COLUMNS),
    (
        "ledger/*.parquet",
        "One row a need, and with `deferral` one for each day on which it could be open (fates up to unmet count "
        "it); only with `--keep-ledger`.",
        (*ledger_files.COLUMNS, "scenario"),
    ),
)
"""Files of a run folder whose columns are described; the order of a reader."""

MAP_FACILITIES: tuple[tuple[str, str], ...] = (
    ("facility", "Id of the outlet, those that policies add included."),
    ("name", "Name on the sign."),
    ("format", "Its format."),
    ("x_m", "East position."),
    ("y_m", "North position."),
    ("lon", "Longitude."),
    ("lat", "Latitude."),
)


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is not current")
    check = parser.parse_args().check
    stale = [name for name, text in pages().items() if not _is_current(OUT / name, text)]
    for name in stale:
        print(f"{'not current' if check else 'written'}: {(OUT / name).relative_to(ROOT)}")
    if check:
        return 1 if stale else 0
    OUT.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (OUT / name).write_text(text, encoding="utf-8")
    return 0


def _is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def pages() -> dict[str, str]:
    """
    Make every page.

    Returns
    -------
    dict of str to str
        File name to Markdown.
    """
    made = {name: make() for name, make in PAGES.items()}
    return {name: f"{NOTE}\n\n{text.strip()}\n" for name, text in made.items()}


def grid(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """
    Write a Markdown table.

    Parameters
    ----------
    header : sequence of str
        Column names.
    rows : iterable of sequence
        Cells.

    Returns
    -------
    str
        The table.
    """
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(_cell(each) for each in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.replace("|", "\\|").split())


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def parameters() -> str:
    """Every number of the law with its source."""
    table = default_parameters().rows
    placed = {name for names in THEMES.values() for name in names}
    others = tuple(dict.fromkeys(row.name for row in table if row.name not in placed))
    counts = {grade: sum(row.grade == grade for row in table) for grade in "ABCD"}
    parts = [
        "# Parameters",
        f"{len(table)} numbers in {len({row.name for row in table})} names: grade A {counts['A']}, "
        f"B {counts['B']}, C {counts['C']}, D {counts['D']}. A is official or peer-reviewed, B derived or "
        "secondary, C small or old, D an assumption. Numbers of grade C and D with a range are what "
        "`assumptions` draws over, one quantile a name. Sources marked *memory* were not looked up again. The "
        "table itself is `src/circlesim/catalog/data/parameters.csv`; `circlesim show "
        "parameters NAME` prints a part of it.",
        "To change one: `--set parameters.b_wait=0.2`, or "
        "`--set 'parameters.\"b_walk[age=70+]\"=0.25'` for one group.",
    ]
    for theme, names in {**THEMES, "Others": others}.items():
        if any(row.name in names for row in table):
            parts.append(f"## {theme}")
            parts += [_parameter(name, [row for row in table if row.name == name]) for name in names]
    return "\n\n".join(part for part in parts if part)


def _parameter(name: str, rows: list[ParameterRow]) -> str:
    if not rows:
        return ""
    notes = {
        source: chr(97 + i) if i < 26 else f"a{i}" for i, source in enumerate(_unique(r.source for r in rows))
    }
    many = len(notes) > 1
    if name == "profile_weight":
        body = _profiles(rows, notes)
    else:
        lines = [
            [_group(row.group), row.value, _range(row), row.grade, *([notes[row.source]] if many else [])]
            for row in rows
        ]
        body = grid(["for", "value", "range", "grade", *(["source"] if many else [])], lines)
    words = [f"{mark}: {source}" for source, mark in notes.items()] if many else list(notes)
    sources = "\n".join(f"- {word}" for word in words)
    return f"### `{name}`\n\nUnit: {rows[0].unit}.\n\n{body}\n\n{sources}"


def _profiles(rows: list[ParameterRow], notes: dict[str, str]) -> str:
    """Hourly weights: one line a kind of need."""
    kinds: dict[tuple[str, str], list[ParameterRow]] = {}
    for row in rows:
        group = parse_group(row.group)
        kinds.setdefault((group["service"], group["ordinal"]), []).append(row)
    lines = [
        [
            f"{service}, need {ordinal}",
            " ".join(f"{parse_group(row.group)['hour']}h {row.value:g}" for row in hours),
            _range(hours[0]),
            hours[0].grade,
            notes[hours[0].source],
        ]
        for (service, ordinal), hours in kinds.items()
    ]
    return grid(["for", "weight by hour, where above 0", "range of the first", "grade", "source"], lines)


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _group(group: str) -> str:
    return ", ".join(f"{key} {value}" for key, value in parse_group(group).items()) or "all"


def _range(row: ParameterRow) -> str:
    if row.prior == "fixed" or row.high <= row.low:
        return "fixed"
    return f"{row.low:g}–{row.high:g}" + (" (log)" if row.prior == "loguniform" else "")


def measures() -> str:
    """Every measure with what defines it."""
    keys = ("name", "unit", "direction", "kind", "population", "numerator", "denominator", "reference")
    rows = [[f"`{row['name']}`", *(row[key] for key in keys[1:])] for row in measure_table()]
    groups = [[f"`{name}`", ", ".join(labels)] for name, labels in GROUP_LABELS.items()]
    groups += [["`circle`", "as the world has them"], ["`service`, `format`", "of per-need measures only"]]
    return "\n\n".join(
        [
            "# Measures",
            "*Page sums* run from `measure_from`; *state at end* is read on the last day; *world alone* needs no "
            "run. Money is in the world's currency. Satisfaction levels are *anchored, not predicted*: only their "
            "differences are results. A figure of fewer than 30 residents stands in no file.",
            grid(keys, rows),
            f"Reported where an experiment names none: {_code(DEFAULT_MEASURES)}.",
            "## Groups (`by`)",
            grid(["dimension", "groups"], groups),
        ]
    )


def formats_and_services() -> str:
    """What outlets are, and what residents need."""
    rows = [format_row(name) for name in FORMATS]
    services = []
    for name in SERVICES:
        offered = [row.format for row in rows if name in row.services]
        zh, en = (label(name, lang, kind="service") for lang in ("zh", "en"))
        services.append([f"`{name}`", zh, en, _code(offered) or "nobody"])
    listed = [
        [f"`{r.format}`", r.zh, r.en, r.format_class, r.band_min, _code(r.services), r.hours, r.servers,
         float(r.service_min), float(r.price_level), float(r.quality), r.payment_mode, r.grade]
        for r in rows
    ]  # fmt: skip
    counts = [
        [f"`{row['format']}`", row["basis"], float(row["per_circle_27"]), float(row["per_20700"]),
         row["definition"], row["grade"], row["source"]]
        for row in read_table("format_counts.csv")
    ]  # fmt: skip
    return "\n\n".join(
        [
            "# Formats and services",
            "A *format* (业态) is what an outlet is; a *service* is what a resident needs. A format offers the "
            "services below unless the world folder says otherwise. `circlesim show formats` prints the list.",
            "## Services",
            grid(["service", "中文", "English", "offered by"], services),
            "## Formats",
            grid(
                ["format", "中文", "English", "class", "walking band, min", "services", "hours", "servers",
                 "min a customer", "price level", "quality", "payment", "grade"],
                listed,
            ),
            "## Where these facts come from",
            grid(["format", "source"], [[f"`{row.format}`", row.source] for row in rows]),
            "## How many of each stand in `old_town`",
            "*Scaled* counts take the mean of 27 circles to 240 outlets by largest remainder; others are counted "
            "per 20,700 residents from their own source.",
            grid(["format", "basis", "27-circle mean", "per 20,700", "definition", "grade", "source"], counts),
        ]
    )  # fmt: skip


def policies() -> str:
    """What one may change."""
    shared = {each.name for each in fields(Policy)}
    parts = [
        "# Policies",
        "A policy changes facts about outlets, never how people think. It reads the same in Python "
        '(`AddFacilities(format="breakfast_shop", count=4)`) and in an experiment file '
        '(`{add_facilities = {format = "breakfast_shop", count = 4}}`). To write your own, see '
        "[write a policy](../how-to/write-a-policy.md).",
        "## Keys every policy has",
        grid(
            ["key", "kind", "meaning"],
            [
                ["`starts`", "date", "First day in force; the first day of the experiment where missing."],
                ["`ends`", "date", "Last day in force, itself included; never where missing."],
                ["`capital_yuan`", "number", "Cost of setting it up, in the world's currency."],
                ["`running_yuan_per_month`", "number", "Cost of keeping it up. Without costs, *no cost given*."],
                [
                    "`circles`",
                    "list of whole numbers",
                    "Circles of a city it holds in; all where missing. Sites "
                    "are sought among their homes and outlets.",
                ],
                ["`delay_days`", "whole number", "Days from `starts` until it takes effect (F48, F61)."],
                ["`shared_cost`", "number", "Share of the capital that somebody else bears, 0 to 1 (F49, F59)."],
            ],
        ),
    ]
    for name, policy in POLICIES.items():
        hints, _ = field_table(policy)
        defaults = {each.name: each.default for each in fields(policy)}
        words = _docstring_keys(policy)
        rows = [
            [f"`{key}`", kind_words(hint), _default(defaults[key]), words.get(key, "")]
            for key, hint in hints.items()
            if key not in shared and key != WRITTEN_BY_RUNS
        ]
        lead = cleandoc(policy.__doc__ or "").split("\n\nParameters\n")[0].replace("``", "`")
        parts += [
            f"## `{name}`: {policy.__name__}",
            lead,
            f"Measure {policy.clause} of the plan; changes {_code(policy.changes)}.",
            grid(["key", "kind", "default", "meaning"], rows),
        ]
    clauses = [[c.clause, c.section, c.tier, c.zh, c.en, c.kind, _code(c.answer), c.note] for c in CLAUSES]
    parts += [
        "## What answers which measure of the plan",
        PLAN + ". Tier A: residents respond; B: formats and operators by configuration; C: assessment and "
        "reports; D: context, which moves cost or dates only. A *gap* is owed and not built; *none* means that "
        "no evidence was found and nothing is modelled. `circlesim show clauses F16` names the test.",
        grid(["measure", "section", "tier", "中文", "English", "kind", "answer", "note"], clauses),
    ]
    return "\n\n".join(parts)


def _docstring_keys(owner: type) -> dict[str, str]:
    """Meaning of each key, from a numpydoc class docstring."""
    lines = cleandoc(owner.__doc__ or "").split("\n")
    meaning: dict[str, str] = {}
    names: list[str] = []
    for line in lines[lines.index("Parameters") + 2 :] if "Parameters" in lines else ():
        if not line.strip():
            break
        if not line.startswith(" "):
            names = [name.strip() for name in line.split(" : ")[0].split(",")]
        else:
            for name in names:
                meaning[name] = f"{meaning.get(name, '')} {line.strip()}".replace("``", "`").strip()
    return meaning


def _default(value: object) -> str:
    if value is MISSING:
        return "required"
    if value in (None, (), ""):
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def experiment_file() -> str:
    """Keys of an experiment file."""
    built = [f"`{each.name}`" for each in fields(Mechanisms) if each.default is True]
    further = [f"`{each.name}`" for each in fields(Mechanisms) if each.default is False]
    return "\n\n".join(
        [
            "# The experiment file",
            "TOML. An unknown key is an error with a suggestion; nothing is read from a home folder or the "
            "environment. Paths are read from the folder of the file; a path contains `/` or `.` and a name never "
            "does. `circlesim check FILE` finds every fault at once; `circlesim show FILE` prints all settings "
            "with defaults filled in; `circlesim show schema` prints a JSON Schema for editors. For a first file "
            "see [write an experiment](../how-to/write-an-experiment.md).",
            "## Top of the file",
            _table_keys(ExperimentTable),
            '## `world = {name = "…", residents = …}`',
            _table_keys(WorldTable),
            '## `[scenarios."…"]`',
            _table_keys(ScenarioTable),
            '## `[policies."…"]`',
            "One policy under a name that scenarios can bring along: `[policies.\"late evenings\"]` with "
            "`extend_hours = {…}`. See [policies](policies.md).",
            "## `replications = {…}`",
            "Run until intervals are narrow enough, never until they leave zero out.",
            _table_keys(PrecisionTable),
            "## `survey = {…}`",
            "Ask a sample of adults besides, who answer with the response rate of their age; see `survey.csv`.",
            _table_keys(SurveyTable),
            "## `[[expectations]]` and `[[laws]]`",
            "Claims, written down before the run: of a measure, the side called `higher` lies above the side "
            "called `lower`; a side that is left out is zero. A run judges expectations (`expectations.csv` and a "
            "chapter of the report): *shown* where the whole 95 % interval over luck lies on the side expected, "
            "*refuted* where it lies on the other, *open* between. `circlesim check FILE --laws` tries laws, in "
            "every one of two replications, with the mechanisms off through which one choice changes the next; "
            "there `higher` may equal `lower`.",
            _table_keys(ClaimTable),
            "A law has one key more:",
            _table_keys(LawTable, only=("off",)),
            "A side:",
            _table_keys(SideTable),
            "## `[mechanisms]`",
            f"On unless switched off: {', '.join(built)}. Off unless switched on: {', '.join(further)}. "
            "Switching one leaves every other draw unchanged; "
            "[the law](../explanation/the-law.md) says what each does.",
            "## `--set key=value`",
            "Lays one setting over the file, on `run` and `show`. The key is dotted TOML; a list index stands in "
            "brackets; the value is TOML, and a bare word is a string: "
            "`--set 'scenarios.\"breakfast counters\".policies[0].add_facilities.count=4'`.",
        ]
    )  # fmt: skip


def _table_keys(table: type, only: Sequence[str] = ()) -> str:
    meaning = _docstring_keys(table)
    rows = [
        [f"`{each.name}`", each.metadata.get("expected", ""), _field_default(each), meaning.get(each.name, "")]
        for each in fields(table)
        if not only or each.name in only
    ]
    return grid(["key", "holds", "default", "meaning"], rows)


def _field_default(each: Field[Any]) -> str:
    if each.default_factory is not MISSING:
        return ""
    return _default(each.default)


def run_folder() -> str:
    """Files a run writes."""
    fates = [[f"`{fate.name.lower()}`", label(fate.name.lower(), "zh", kind="fate")] for fate in Fate]
    rows = [
        [f"`{b.name}`", int(b), label(str(b.name), "en", kind="barrier")]
        for b in BARRIERS
        if b is not Barrier.NONE
    ]
    parts = [
        "# The run folder",
        "`circlesim run FILE --out DIR` writes this; `outputs/<experiment>` where `--out` is missing. The same "
        "command again goes on where a stopped run left off. Groups of fewer than 30 residents stand in no file. "
        "Money is in the world's currency unless a name ends in `_fen` (hundredths).",
        grid(
            ["file", "what it is"],
            [
                [
                    "`report.html`",
                    "The report, one page that opens with no network, in the language asked for last.",
                ],
                [
                    "`manifest.json`",
                    "Digests of all inputs, versions, seed, units planned, done and failed, seconds, "
                    "groups left out, and the command and minutes of a run over assumptions.",
                ],
                ["`experiment.toml`", "The settings of this run, defaults and `--set` included."],
                *[[f"`{name}`", words] for name, words, _ in RUN_FILES],
                ["`map/facilities.csv`", "Places of the outlets."],
                [
                    "`ro-crate-metadata.json`",
                    "The folder as a Process Run Crate: what was made from what.",
                ],
                ["`constants.json`", "Constants of the default parameters, with every digit."],
                ["`run.json`, `plan.json`", "What the folder is for, and which units it is to hold."],
                [
                    "`units/`",
                    "One file a finished unit: a zip of Arrow files, compressed by Zstandard, with their digests.",
                ],
                ["`claims/`, `failed/`", "Units that runners are at; notes on units that failed."],
                ["`damaged/`", "Unit files found damaged and put aside; nothing needs them."],
            ],
        ),
    ]
    for name, words, columns in RUN_FILES:
        parts += [
            f"## `{name}`",
            words,
            grid(["column", "meaning"], [[f"`{c}`", COLUMN_WORDS[c]] for c in columns]),
        ]
    parts += [
        "## `map/facilities.csv`",
        grid(["column", "meaning"], [[f"`{name}`", words] for name, words in MAP_FACILITIES]),
        "## Fates",
        grid(["fate", "中文"], fates),
        "## Barriers, in order of precedence",
        grid(["barrier", "bit", "meaning"], rows),
    ]
    return "\n\n".join(parts)  # fmt: skip


def plan_folder() -> str:
    """Files a plan writes."""
    parts = [
        "# The plan folder",
        "`circlesim plan FILE --budget YUAN --out DIR` writes this; `outputs/<experiment>-plan` where `--out` is "
        "missing. `plan.toml` is an experiment file that runs the plan again beside its baseline. Money is in the "
        "world's currency. Gains are changes of the measure named with `--gain`; shares in percentage points.",
    ]
    for name, words, columns in PLAN_FILES:
        parts += [
            f"## `{name}`",
            words,
            *(
                [grid(["column", "meaning"], [[f"`{c}`", PLAN_COLUMN_WORDS[c]] for c in columns])]
                if columns
                else []
            ),
        ]
    costs = [format_cost(name) for name in FORMATS]
    parts += [
        "## What an outlet costs",
        f"Grade {costs[0].grade}. {mean_cost()['source']}. Spread by floor area (assumption). A month is rent, "
        "staff and wages of the catalogue and what comes with them; the budget bears it where nothing is sold.",
        grid(
            ["format", "capital, yuan", "a month, yuan", "sells"],
            [[f"`{c.format}`", c.capital_yuan, c.fixed_yuan_per_month, "yes" if c.sells else ""] for c in costs],
        ),
    ]
    return "\n\n".join(parts)


def world_folder() -> str:
    """Schema of a world folder."""
    parts = [
        "# The world folder",
        "Plain files. `circlesim check FOLDER` lists every fault at once and says how many rows took a default. "
        "To make one by hand, see [bring your own neighbourhood](../how-to/bring-your-own-neighbourhood.md).",
        "## `world.toml`",
        grid(
            ["key", "holds", "default"],
            [
                ["`name`", "Name of the world.", "required"],
                ["`crs`", '`"local"`, or an EPSG code of a frame in metres.', "required"],
                ["`synthetic`", "`true` for an invented place, `false` for an observed one.", "required"],
                ["`currency`", "Name of the major unit of money.", "`yuan`"],
                ["`title`", 'Title by language: `{en = "…", zh = "…"}`.', ""],
                ["`sources`, `licences`", "Lists of texts that a report prints.", ""],
                [
                    "`supply_counted`",
                    "`true` where the outlets of a real place were counted on the street: few are then few, and "
                    "effects are headlined.",
                    "`false`",
                ],
                [
                    "`population`",
                    "`{residents = …, seed = …}`: people drawn to `homes.csv`; or `{drop = […]}`: columns of "
                    "`residents.csv` to pass over.",
                    "",
                ],
            ],
        ),
        "A folder holds `nodes.csv`, `edges.csv`, `facilities.csv`, and either `residents.csv` or `homes.csv` "
        "with `census.csv`, `[population]` or both. An optional `constants.json` beside them holds solved "
        "constants, and an optional `formats.csv` formats besides those of the catalogue; an experiment file may "
        "name such a file too ([add a format](../how-to/add-a-format.md)).",
    ]
    for table in (NODES, EDGES, FACILITIES, FORMAT_TABLE, RESIDENTS, HOMES, census_columns()):
        rows = [
            [f"`{c.name}`",
             c.expected if c.choices or c.kind not in ("choice", "set") else "a word of the catalogue",
             "required" if c.needed else c.filled_from or _plain(c.default),
             c.sentence + (" A policy may change it." if c.policy_may_change else "")]
            for c in table.columns
        ]  # fmt: skip
        parts += [
            f"## `{table.file}`",
            table.sentence,
            grid(["column", "holds", "where missing", "meaning"], rows),
        ]
        if table is RESIDENTS:
            parts.append(
                "Also `need_SERVICE_ORDINAL`, such as `need_breakfast_0`: the probability of that need on a "
                "weekday; the catalogue's rates by age where missing. Columns that hold names, identity numbers, "
                "phones or addresses are refused."
            )
        if table.file == CENSUS.file:
            parts.append("Categories by margin; see [from a census page](../how-to/from-a-census-page.md).")
            parts.append(grid(["margin", "categories"], [[f"`{name}`", EXAMPLES[name]] for name in MARGINS]))
    return "\n\n".join(parts)


def _plain(default: object) -> str:
    return "" if str(default) in ("", "nan", "NaT") else f"`{default}`"


def command_line() -> str:
    """Verbs and options."""
    parts = [
        "# The command line",
        str(app.info.help),
        "Exit codes: 0 fine, 1 the run failed, 2 the request was wrong; then every fault is listed at once with "
        "its place, what was found and what would be right. `python -m circlesim` is the same program; "
        "`circlesim --version` prints the version and `circlesim VERB --help` this page's part.",
    ]
    for command in app.registered_commands:
        verb = command.callback
        assert verb is not None
        hints = get_type_hints(verb, include_extras=True)
        rows = [_option(name, hints[name], each.default) for name, each in signature(verb).parameters.items()]
        arguments = [row[0].strip("`") for row in rows if not row[0].startswith("`--")]
        optional = [word if rows[i][3] == "required" else f"[{word}]" for i, word in enumerate(arguments)]
        parts += [
            f"## `{' '.join(['circlesim', command.name or verb.__name__, *optional])}`",
            cleandoc(verb.__doc__ or ""),
            grid(["argument or option", "takes", "meaning", "default"], rows),
        ]
    return "\n\n".join(parts)


def _option(name: str, hint: Any, default: object) -> list[str]:
    """Describe one argument or option as a row."""
    kind, info = get_args(hint)[:2]
    inner = [each for each in get_args(kind) if each is not NoneType] if get_origin(kind) is not Literal else []
    base = inner[0] if inner else kind
    is_list = get_origin(base) is list
    base = get_args(base)[0] if is_list else base
    word = f"`{str(info.metavar or name).upper()}`"
    if isinstance(info, OptionInfo):
        # Inside Annotated, typer keeps the first spelling of an option in the place of its default.
        spelt = [each for each in (info.default, *(info.param_decls or ())) if isinstance(each, str)]
        flag = name.replace("_", "-")
        word = _code(spelt or [f"--{flag}", *([f"--no-{flag}"] if base is bool else [])])
    takes = {bool: "", int: "whole number", float: "number", str: "text", Path: "path"}.get(base, "")
    if get_origin(base) is Literal:
        takes = " or ".join(f"`{each}`" for each in get_args(base))
    if info.metavar and isinstance(info, OptionInfo):
        takes = f"`{info.metavar}`"
    switch = {True: "on", False: "off"}
    shown = "required" if default is Parameter.empty else "" if default is None else f"`{default}`"
    return [word, takes, str(info.help or ""), switch[bool(default)] if base is bool else shown]


def anchors_and_bands() -> str:
    """Published figures a baseline is solved to, or set beside."""
    rows = [
        [f"`{row.service}`", row.age, *(float(share) for share in row.shares), row.grade, row.source]
        for row in anchor_rows()
    ]
    beside = [
        [f"`{b.quantity}`", b.service or b.format or "all", b.bin, f"{b.low:g}–{b.high:g}", b.unit, b.grade,
         "yes" if b.built_to else "no", b.source]
        for b in bands()
    ]  # fmt: skip
    surveys = [
        [f"`{r['survey']}`", r["level"], float(r["share"]), r["grade"], r["source"]]
        for r in read_table("surveys.csv")
    ]
    return "\n\n".join(
        [
            "# Anchors and bands",
            "**Anchors** are what happens to needs today, by age. The constants of home, delivery, outside and "
            "forgo are solved on the baseline so that it meets them; a baseline that meets them is therefore no "
            "evidence. A share of 0 means that the service has no such alternative.",
            grid(["service", "age", *OUTCOMES, "grade", "source"], rows),
            "**Surveys**: shares of answers by level, lowest first. The thresholds of satisfaction are set so "
            "that the baseline meets `jinan_vulnerable`.",
            grid(["survey", "level", "share", "grade", "source"], surveys),
            "**Bands** are published figures that the balance sheet sets beside the baseline (`circlesim check "
            "old_town`). *Built to* says that the town was made to meet the figure: then meeting it is no "
            "evidence.",
            grid(["quantity", "of", "bin", "band", "unit", "grade", "built to", "source"], beside),
        ]
    )


def glossary() -> str:
    """Chinese and English words."""
    kinds = (("fate", "Fates"), ("barrier", "Barriers"), ("measure", "Measures"), ("policy", "Policies"))
    words = read_table("labels.csv")
    parts = [
        "# Glossary 中文–English",
        "## Planning terms",
        grid(["中文", "English", "in files"],
             [[zh, en, f"`{word}`" if word else ""] for zh, en, word in PLANNING_TERMS]),
        "## Services",
        grid(["中文", "English", "id"], [[label(s, "zh", kind="service"), label(s, "en", kind="service"), f"`{s}`"]
                                        for s in SERVICES]),
        "## Formats",
        grid(["中文", "English", "id"], [[r.zh, r.en, f"`{r.format}`"] for r in map(format_row, FORMATS)]),
    ]  # fmt: skip
    for kind, title in kinds:
        rows = [[row["zh"], row["en"], f"`{row['id']}`"] for row in words if row["kind"] == kind]
        if rows:
            parts += [f"## {title}", grid(["中文", "English", "id"], rows)]
    others = [row for row in words if row["kind"] not in ("service", "format", *(kind for kind, _ in kinds))]
    parts += ["## Others", grid(["中文", "English", "id", "kind"],
                                [[r["zh"], r["en"], f"`{r['id']}`", r["kind"]] for r in others])]  # fmt: skip
    return "\n\n".join(parts)


def standards() -> str:
    """What circles are graded by."""
    parts = [
        "# Standards",
        "A standard says what a circle must have and what is asked of each grade; see "
        "[Grade a circle](../how-to/grade-a-circle.md). What a source does not say is left unset.",
    ]
    for name in STANDARDS:
        one = read_standard(name)
        duties = [[f"`{d.name}`", d.format_class, "" if d.minutes is None else f"{d.minutes:g}",
                   "yes" if d.mandatory else "", ", ".join(f"`{each}`" for each in d.formats)]
                  for d in one.duties]  # fmt: skip
        levels = [("every grade", one.common), ("gate", one.gate), *one.grades.items()]
        asked = [row for level, demands in levels for row in _demanded(level, demands)]
        parts += [
            f"## `{name}`", f"{one.title['en']} ({one.title['zh']}). {one.note['en']}",
            f"Status: {one.status}. Evidence: {one.grade}. Source: {one.source}.",
        ]  # fmt: skip
        parts += [grid(["asked of", "what", "at least"], asked)] if asked else []
        if one.area_formats:
            parts.append("Area counts: " + ", ".join(f"`{each}`" for each in one.area_formats) + ".")
        parts.append(grid(["duty", "class", "minutes", "mandatory", "any of"], duties))
    figures = [[each.word, f"`{each.figure}`", each.en, each.unit, each.worst, each.best, each.grade, each.source]
               for each in service_figures()]  # fmt: skip
    weights = [[each.word, each.zh, each.en, each.weight, each.grade, each.source] for each in service_words()]
    parts += [
        "## Service quality",
        "Each figure scores 0 at *worst*, 1 at *best*, linearly between; a word is the plain mean of its figures.",
        grid(["word", "figure", "definition", "unit", "worst", "best", "grade", "source"], figures),
        "The whole is the mean of the words by these weights.",
        grid(["word", "中文", "English", "weight", "grade", "source"], weights),
    ]
    return "\n\n".join(parts)


def _demanded(level: str, demands: Demands | None) -> list[list[object]]:
    values = [(name, getattr(demands, name)) for name in DEMANDS] if demands else []
    return [[level, f"`{name}`", value] for name, value in values if value is not None]


PAGES: dict[str, Callable[[], str]] = {
    "parameters.md": parameters,
    "measures.md": measures,
    "formats-and-services.md": formats_and_services,
    "policies.md": policies,
    "experiment-file.md": experiment_file,
    "run-folder.md": run_folder,
    "plan-folder.md": plan_folder,
    "world-folder.md": world_folder,
    "command-line.md": command_line,
    "anchors-and-bands.md": anchors_and_bands,
    "standards.md": standards,
    "glossary.md": glossary,
}

if __name__ == "__main__":
    sys.exit(main())
