"""Assessment chapter: the three instruments and the grade under the standard the experiment names."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any

import pandas as pd

from circlesim.assessment.have_lack import LEVELS
from circlesim.catalog.service_words import service_words
from circlesim.catalog.standards import STANDARDS, read_standard
from circlesim.reporting.assessment_words import grade_name, grade_sentence
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table
from circlesim.reporting.words import Words

AREA, COUNTS = "area_m2_per_100_households", ("basic", "quality", "mandatory")


def assessment_chapter(material: Material) -> Chapter | None:
    """
    Tell the grade of every circle, what holds it back, and the three instruments.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the experiment names no standard.
    """
    card = material.run.table("scorecard.csv")
    if not len(card):
        return None
    words = material.vocabulary.words
    name = str(card["standard"].iloc[0])
    title, note = _title(words, name)
    intro = words("standard.intro", standard=title, status=words(f"standard.status.{card['status'].iloc[0]}"))
    quality = material.run.table("service_quality.csv")
    have = material.run.table("have_lack.csv")
    return Chapter(
        key="standard", title=words("standard"),
        paragraphs=(words.join([intro, note], "sentence"), words("standard.apart")),
        tables=(grade_table(card, material), condition_table(card, material), word_table(quality, material),
                answer_table(card, material)),
        folded=(have_table(have, material),),
    )  # fmt: skip


def _title(words: Words, name: str) -> tuple[str, str]:
    """Title and note of a standard that ships; a user's own file is named by its path."""
    if name not in STANDARDS:
        return name, ""
    standard = read_standard(name)
    return standard.title[words.lang], standard.note[words.lang]


def _where(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["scenario"]), str(row["circle"])


def grade_table(card: pd.DataFrame, material: Material) -> Table:
    """
    Write out the grade, the binding condition and the shortest path.

    Parameters
    ----------
    card : DataFrame
        Contents of ``scorecard.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario and circle.
    """
    words, rows = material.vocabulary.words, []
    for _, own in card.groupby(["scenario", "circle"], sort=False):
        result = dict(zip(own["item"], own["result"], strict=True))
        binding = [_condition(row["item"], words) + _reason(row, words)
                   for row in records(own[own["kind"] == "binding"])]  # fmt: skip
        path = [_step(row, material) for row in records(own[own["kind"] == "path"])]
        verdict, nothing = grade_sentence(words, result["grade"], result["at_most"]), words("standard.nothing")
        where = _where(records(own)[0])
        rows.append((*where, verdict, words.join(binding) or nothing, words.join(path) or nothing))
    return Table(words("standard.grades"), _heads(words, "scenario", "circle", "grade", "binding", "path"),
                 tuple(rows), 5)  # fmt: skip


def _step(row: dict[str, Any], material: Material) -> str:
    words, item = material.vocabulary.words, str(row["item"])
    if item in ("chain_outlets", "area_m2"):
        return words(f"standard.add.{item}", many=number(float(row["asked"])))
    name, far = material.vocabulary.format(item), float(row["found"])
    if far == 0:
        return name
    far_words = {"minutes": number(far, 1)} if isfinite(far) else {}
    return words("standard.add.nearer" if far_words else "standard.add.none", format=name, **far_words)


def condition_table(card: pd.DataFrame, material: Material) -> Table:
    """
    Write out every condition.

    Parameters
    ----------
    card : DataFrame
        Contents of ``scorecard.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario, circle, level and condition.
    """
    words = material.vocabulary.words
    rows = tuple(
        (*_where(row), _level(str(row["level"]), words), _condition(str(row["item"]), words),
         _amount(row["asked"], str(row["item"])), _amount(row["found"], str(row["item"])),
         words(f"standard.result.{row['result']}") + _reason(row, words))
        for row in records(card[card["kind"] == "condition"])
    )  # fmt: skip
    return Table(
        words("standard.conditions"),
        _heads(words, "scenario", "circle", "level", "condition", "asked", "found", "result"), rows, 4, 1,
    )  # fmt: skip


def _level(level: str, words: Words) -> str:
    return words("standard.level.common") if level == "common" else grade_name(words, level)


def _condition(item: str, words: Words) -> str:
    return words(f"standard.condition.{item}")


def _reason(row: dict[str, Any], words: Words) -> str:
    return words("standard.because", reason=words(f"standard.reason.{row['reason']}")) if row["reason"] else ""


def _amount(value: float, item: str) -> str:
    if isnan(float(value)):
        return "–"
    if item in COUNTS:
        return number(float(value))
    return number(float(value), 1) if item == AREA else number(float(value), 2)


def word_table(quality: pd.DataFrame, material: Material) -> Table:
    """
    Write out the scores of the eight words.

    Parameters
    ----------
    quality : DataFrame
        Contents of ``service_quality.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a word and one for the whole, one column a scenario and circle.
    """
    words, lang = material.vocabulary.words, material.vocabulary.words.lang
    own = quality[quality["figure"] == ""]
    places = list(dict.fromkeys(_where(row) for row in records(own)))
    score = {(*_where(row), str(row["word"])): float(row["score"]) for row in records(own)}
    names = [(word.word, getattr(word, lang)) for word in service_words()]
    rows = tuple(
        (name, *(_amount(score[(*place, key)], key) for place in places))
        for key, name in [*names, ("overall", words("standard.overall"))]
    )
    many = len({circle for _, circle in places}) > 1
    head = [words("standard.in_circle", scenario=s, circle=c) if many else s for s, c in places]
    return Table(words("standard.words"), (words("standard.word"), *head), rows)


def answer_table(card: pd.DataFrame, material: Material) -> Table:
    """
    Write out what residents answer, with the sample a firm verdict needs.

    Parameters
    ----------
    card : DataFrame
        Contents of ``scorecard.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario, circle and reading.
    """
    words, rows = material.vocabulary.words, []
    answers = card[card["kind"] == "satisfaction"]
    for _, own in answers.groupby(["scenario", "circle"], sort=False):
        found = {str(row["item"]): float(row["found"]) for row in records(own)}
        for row in records(own[own["item"].isin(["top1", "top2", "index"])]):
            rule = str(row["item"])
            ends = [found[f"{rule}_{end}"] for end in ("low", "high")]
            between = words("range", low=number(ends[0], 3), high=number(ends[1], 3)) if isfinite(ends[0]) else "–"
            needed = found[f"{rule}_firm_sample"]
            sample = number(needed) if isfinite(needed) else "–"
            verdict = words(f"standard.reason.{row['reason']}") if row["reason"] else words("standard.no_target")
            names = words(f"standard.rule.{rule}"), words(f"standard.how.{row['level']}")
            many, value = number(found["respondents"]), number(found[rule], 3)
            rows.append((*_where(row), *names, many, value, between, sample, verdict))
    heads = ("scenario", "circle", "reading", "asked_of", "respondents", "value", "interval", "firm", "verdict")
    return Table(words("standard.answers"), _heads(words, *heads), tuple(rows), 4, 1)


def have_table(have: pd.DataFrame, material: Material) -> Table:
    """
    Write out which formats are there and who lives near them, open on the last day.

    Parameters
    ----------
    have : DataFrame
        Contents of ``have_lack.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario, circle and format; all residents.
    """
    words = material.vocabulary.words
    own = have[(have["group"] == "") & (have["open_on"] == "last_day")]
    rows = tuple(
        (*_where(row), material.vocabulary.format(str(row["format"])), number(float(row["outlets"])),
         _minutes(row["median_min"]), _minutes(row["worst_decile_min"]),
         *(number(100 * float(row[f"within_{level}"]), 1) for level in LEVELS))
        for row in records(own)
    )  # fmt: skip
    shares = (words("standard.within", minutes=level) for level in LEVELS)
    head = (*_heads(words, "scenario", "circle", "format", "outlets", "median", "decile"), *shares)
    return Table(words("standard.have"), head, rows, 3)


def _minutes(value: float) -> str:
    return number(float(value), 1) if isfinite(float(value)) else "–"


def _heads(words: Words, *keys: str) -> tuple[str, ...]:
    return tuple(words(f"standard.col.{key}") for key in keys)
