"""Plan text: what is lacking and what to build, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    from circlesim.planning.planned import Planned
    from circlesim.planning.project import Project
    from circlesim.reporting.vocabulary import Vocabulary

LACKING_SHOWN = 8
"""Lines of the demand list on a terminal; the file has all."""


def print_plan(planned: Planned, folder: Path, lang: str = "en") -> None:
    """
    Print the demand list, the plan and what to know about it.

    Parameters
    ----------
    planned : Planned
        The plan.
    folder : Path
        Where it was written.
    lang : {"en", "zh"}, default: "en"
        Language.
    """
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of_run(lang, planned.outcomes.manifest)
    words = vocabulary.words
    say()
    lacking = ("service", "barrier", "unmet", "pushed", "levers")
    tabulate([words(f"plan.col.{key}") for key in lacking], _lacking(planned, vocabulary),
             title=words("plan.lacking"), right=(2, 3))  # fmt: skip
    say()
    if not planned.projects:
        say(words("plan.nothing"))
    else:
        keys = ("step", "project", "cost", "so_far", "gain", "luck", "per", "better", "worse", "lost")
        tabulate([words(f"plan.col.{key}") for key in keys], _steps(planned, vocabulary),
                 title=words("plan.steps", measure=vocabulary.measure(planned.brief.gain),
                             unit=_unit(planned, vocabulary)),
                 right=range(2, len(keys)), whole=(1,))  # fmt: skip
    if len(planned.circles) > 2:
        say()
        shown = ("circle", "residents", "cost", "cost_share", "resident_share", "gain", "luck", "projects")
        tabulate([words(f"plan.col.{key}") for key in shown], _circles(planned, vocabulary),
                 title=words("plan.circles"), right=range(1, 7), whole=(7,))  # fmt: skip
    say()
    for note in notes(planned, vocabulary):
        say(note)
    say()
    say(str(folder / "plan.toml"))


def _lacking(planned: Planned, vocabulary: Vocabulary) -> Iterator[list[str]]:
    table = planned.demand
    for row in table[(table["place"] == "") & (table["by"] == "")].head(LACKING_SHOWN).to_dict("records"):
        levers = ", ".join(vocabulary.policy(name) for name in str(row["levers"]).split())
        yield [vocabulary.service(row["service"]), vocabulary.barrier(row["barrier"].upper()),
               f"{row['unmet_per_day']:,.1f}", f"{row['pushed_out_per_day']:,.1f}", levers]  # fmt: skip


def _steps(planned: Planned, vocabulary: Vocabulary) -> Iterator[list[str]]:
    for project, row in zip(planned.projects, planned.curve.to_dict("records"), strict=True):
        yield [
            f"{row['step']}", project_words(project, vocabulary), f"{row['cost_yuan']:,.0f}",
            f"{row['cumulative_cost_yuan']:,.0f}", f"{row['marginal_gain']:+.3f}",
            vocabulary.words("range", low=f"{row['marginal_low']:+.3f}", high=f"{row['marginal_high']:+.3f}"),
            f"{row['marginal_per_10000_yuan']:+.4f}", f"{row['better_residents']:,.0f}",
            f"{row['worse_residents']:,.0f}", f"{row['lost_yuan_per_day']:,.0f}",
        ]  # fmt: skip


def _circles(planned: Planned, vocabulary: Vocabulary) -> Iterator[list[str]]:
    named = {each.name: project_words(each, vocabulary) for each in planned.projects}
    for row in planned.circles.to_dict("records"):
        built = [named[each] for each in str(row["projects"]).split("; ") if each]
        yield [
            str(row["circle"]) or vocabulary.words("plan.city"), f"{row['residents']:,.0f}",
            f"{row['cost_yuan']:,.0f}", f"{100 * row['cost_share']:.0f}%", f"{100 * row['resident_share']:.0f}%",
            f"{row['gain']:+.3f}",
            vocabulary.words("range", low=f"{row['gain_low']:+.3f}", high=f"{row['gain_high']:+.3f}"),
            "; ".join(built) if row["circle"] else "",
        ]  # fmt: skip


def project_words(project: Project, vocabulary: Vocabulary) -> str:
    """
    Name a project as a planner would.

    Parameters
    ----------
    project : Project
        The project.
    vocabulary : Vocabulary
        For the language.

    Returns
    -------
    str
        Format and node, or the name of the policy.
    """
    if not project.format:
        return f"{vocabulary.policy(project.policy.name)} ({project.name.partition(' of ')[2]})"
    nodes: Any = getattr(project.policy, "sites", ())
    where = ", ".join(map(str, nodes)) or "–"
    return vocabulary.words("plan.at", format=vocabulary.format(project.format), node=where)


def _unit(planned: Planned, vocabulary: Vocabulary) -> str:
    from circlesim.measures import measure_named

    return vocabulary.quantity(measure_named(planned.brief.gain, None).unit).change_unit


def notes(planned: Planned, vocabulary: Vocabulary) -> Iterator[str]:
    """
    Say what one must know before building.

    Parameters
    ----------
    planned : Planned
        The plan.
    vocabulary : Vocabulary
        For the language.

    Yields
    ------
    str
        A sentence.
    """
    words, last = vocabulary.words, planned.curve.to_dict("records")[-1:]
    yield words("plan.cost", cost=f"{planned.cost_yuan:,.0f}", budget=f"{planned.brief.budget_yuan:,.0f}",
                projects=len(planned.projects), tried=planned.simulated)  # fmt: skip
    near = int(planned.alternatives["near_best"].sum())
    if len(planned.alternatives):
        yield words("plan.near", near=near, others=len(planned.alternatives))
    for row in last:
        if row["operator_balance_yuan_per_month"] < 0:
            yield words("plan.balance", yuan=f"{-row['operator_balance_yuan_per_month']:,.0f}")
        if isfinite(row["assumption_low"]):
            span = words("range", low=f"{row['assumption_low']:+.3f}", high=f"{row['assumption_high']:+.3f}")
            yield words("plan.range", span=span, share=f"{100 * row['sign_share']:.0f}")
        else:
            yield words("plan.no_range")
    yield words("plan.grade")
