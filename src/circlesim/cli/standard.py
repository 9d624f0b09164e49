"""Standards on a terminal: those that ship, one of them in full, and a world's scorecard."""

from __future__ import annotations

from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    from circlesim.assessment.grade import Condition, Scorecard
    from circlesim.catalog.standards import Demands, Standard
    from circlesim.world.world import World


def show_standards(item: str | None) -> None:
    """
    Print the standards that ship, or one of them.

    Parameters
    ----------
    item : str or None
        Name or path of one.
    """
    from circlesim.catalog.standards import STANDARDS, read_standard

    if item is not None:
        print_standard(read_standard(item))
        return
    rows = []
    for name in STANDARDS:
        one = read_standard(name)
        rows.append(
            [name, one.title["zh"], one.title["en"], one.status, one.grade, ", ".join(one.grades) or "none"]
        )
    tabulate(["standard", "中文", "English", "status", "evidence", "grades"], rows)
    say("\nIn full: circlesim show standard NAME")


def print_standard(standard: Standard) -> None:
    """
    Print one standard.

    Parameters
    ----------
    standard : Standard
        The standard.
    """
    for lang in ("en", "zh"):
        say(f"{standard.title[lang]}: {standard.note[lang]}")
    say(f"status: {standard.status}; evidence {standard.grade}")
    say(f"source: {standard.source}\n")
    rows = [[duty.name, duty.format_class, "" if duty.minutes is None else f"{duty.minutes:g}",
             "yes" if duty.mandatory else "", ", ".join(duty.formats)] for duty in standard.duties]  # fmt: skip
    tabulate(["duty", "class", "minutes", "mandatory", "any of"], rows, right=(2,))
    say()
    asked = [*_asked("every grade", standard.common), *_asked("gate", standard.gate)]
    for grade, demands in standard.grades.items():
        asked += _asked(grade, demands)
    tabulate(["asked of", "what", "at least"], asked, right=(2,)) if asked else say("Nothing more is asked.")
    if standard.area_formats:
        say("\narea counts: " + ", ".join(standard.area_formats))
    if not standard.grades:
        say("\nThe source sets no counts for the grades: no grade is given under this standard.")


def _asked(level: str, demands: Demands | None) -> list[list[str]]:
    from circlesim.catalog.standards import DEMANDS

    values = [(name, getattr(demands, name)) for name in DEMANDS] if demands else []
    return [[level, name, f"{value}"] for name, value in values if value is not None]


def print_world_card(world: World, name: str) -> None:
    """
    Print what a world alone can tell under a standard.

    Parameters
    ----------
    world : World
        The world.
    name : str
        Name of a standard, or a path.
    """
    from circlesim.assessment.assess import WORLD_ALONE, assess_world
    from circlesim.catalog.standards import read_standard

    for card in assess_world(world, read_standard(name, Path(), world.formats)).cards[WORLD_ALONE]:
        say()
        print_card(card)


def print_card(card: Scorecard) -> None:
    """
    Print one scorecard.

    Parameters
    ----------
    card : Scorecard
        A circle under a standard.
    """
    from circlesim.assessment.path import area_lacking_m2, chain_outlets_lacking, shortest_path
    from circlesim.reporting.assessment_words import grade_sentence
    from circlesim.reporting.words import Words

    words = Words("en")
    say(words("standard.head", circle=card.circle.number, standard=card.standard.title["en"],
              status=words(f"standard.status.{card.standard.status}")))  # fmt: skip
    say(grade_sentence(words, card.grade, card.at_most))
    rows = [[level, *_row(each)] for level, each_level in card.levels.items() for each in each_level]
    say()
    tabulate(["level", "asked", "at least", "found", "result"], rows, right=(2, 3))
    if card.binding is not None:
        say(f"\nbinding: {card.binding.name} ({card.next_grade})")
    for step in shortest_path(card):
        far = (
            f", {step.minutes_lacking:.1f} minutes nearer" if isfinite(step.minutes_lacking) else ", none in reach"
        )
        far = far if step.minutes_lacking else ""
        say(f"add: {step.format}{far} (for {', '.join(step.duties)})")
    if chains := chain_outlets_lacking(card):
        say(f"add: {chains} chain outlets")
    if area := area_lacking_m2(card):
        say(f"add: {area:,.0f} m2 of service space")
    lacking = [state.duty.key for state in card.circle.states if not state.outlets]
    say("\nlacking in the circle: " + (", ".join(lacking) or "nothing"))
    say("Walks of every group: columns of have_lack.csv in a run folder.")


def _row(each: Condition) -> list[str]:
    found = "" if isnan(each.found) else f"{each.found:.4g}"
    return [each.name, f"{each.asked:g}", found, each.result + (f" ({each.reason})" if each.reason else "")]
