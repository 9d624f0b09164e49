"""Report: one self-contained HTML page, in English or Chinese."""

from __future__ import annotations

import os
from pathlib import Path

from circlesim.reporting.assessment_chapter import assessment_chapter
from circlesim.reporting.balance_chapter import balance_chapter
from circlesim.reporting.barrier_chapters import lifted_chapter, pushed_chapter, unmet_chapter
from circlesim.reporting.displacement_chapter import displacement_chapter
from circlesim.reporting.effect_chapters import effects_chapter, subgroups_chapter
from circlesim.reporting.expectation_chapter import expectation_chapter
from circlesim.reporting.first_page import cards, caveats, command_note, warning
from circlesim.reporting.html import render
from circlesim.reporting.interaction_chapter import interaction_chapter
from circlesim.reporting.material import Material
from circlesim.reporting.need_chapters import fates_chapter, hours_chapter, switching_chapter
from circlesim.reporting.operator_chapter import operator_chapter
from circlesim.reporting.page import Chapter, Page
from circlesim.reporting.place_chapters import homes_chapter, map_chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.record_chapters import costs_chapter, measures_chapter, settings_chapter
from circlesim.reporting.review_chapter import review_chapter
from circlesim.reporting.survey_chapter import survey_chapter
from circlesim.reporting.winners_chapter import winners_chapter
from circlesim.reporting.worth_chapter import worth_chapter

CHAPTERS = (
    effects_chapter, interaction_chapter, expectation_chapter, subgroups_chapter, winners_chapter,
    unmet_chapter, lifted_chapter,
    pushed_chapter, fates_chapter, switching_chapter, hours_chapter, map_chapter, displacement_chapter,
    operator_chapter, review_chapter, homes_chapter, survey_chapter, assessment_chapter, costs_chapter,
    worth_chapter, balance_chapter,
    measures_chapter, settings_chapter,
)  # fmt: skip
"""In the order of the page; each leaves itself out where the run holds nothing for it."""


def write_report(run_dir: Path | str, lang: str = "en", path: Path | str | None = None) -> Path:
    """
    Write the report of a run as one HTML file that opens without a network.

    Parameters
    ----------
    run_dir : path
        Folder written by ``circlesim run``.
    lang : {"en", "zh"}, default: "en"
        Language.
    path : path, optional
        Where to; ``report.html`` in the run folder by default.

    Returns
    -------
    Path
        The file; it appears whole or not at all.

    Raises
    ------
    RunError
        If the folder lacks the files of a run.
    ConfigError
        If there is no such language.
    """
    page = report_page(Material.of(Path(run_dir), lang))
    target = Path(path) if path is not None else Path(run_dir) / "report.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    draft.write_text(render(page, lang), "utf-8")
    draft.replace(target)
    return target


def report_page(material: Material) -> Page:
    """
    Gather everything a report says.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Page
        Words, figures and tables.
    """
    words, facts = material.vocabulary.words, material.facts
    chapters: list[Chapter | None] = [chapter(material) for chapter in CHAPTERS]
    return Page(
        lang=words("html_lang"),
        title=facts.question or words("no_question"),
        world=material.vocabulary.world(facts.world),
        banner=facts.title,
        synthetic=facts.synthetic,
        facts=_facts(material),
        cards=cards(material),
        caveats=caveats(material),
        command="" if facts.draws else facts.range_command,
        command_note=command_note(material),
        chapters=tuple(chapter for chapter in chapters if chapter),
        licences=facts.licences,
        warning=warning(facts.supply, words),
    )


def _facts(material: Material) -> tuple[str, ...]:
    words, facts = material.vocabulary.words, material.facts
    lines = [words("window", days=facts.days, start=facts.start, measure_from=facts.measure_from)]
    if facts.residents:
        lines.append(words("residents_outlets", residents=number(facts.residents), outlets=number(facts.outlets)))
    if facts.failed:
        lines.append(words("failed", failed=facts.failed))
    lines.append(words("repeated", replications=facts.replications, draws=facts.draws))
    return tuple(lines)
