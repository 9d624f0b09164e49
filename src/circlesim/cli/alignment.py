"""Alignment on the screen: whose ledgers had to be identical, and whether they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    from circlesim.experiments.side_by_side import Alignment

_TITLES = {
    "queues": (
        "residents",
        "As the experiment has it: residents are joined by the queues of outlets they may use.",
    ),
    "purses": ("residents", "Without queues: a resident's own needs share a purse, a memory and a clock."),
    "nothing": ("needs", "Each need alone, one case a resident and service: no queue, memory, purse or clock."),
}
"""What a case is called, and the line above the table."""


def print_alignment(found: Sequence[Alignment]) -> bool:
    """
    Print the audit of every scenario, setting by setting.

    Parameters
    ----------
    found : sequence of Alignment
        As `check_alignment` returns them.

    Returns
    -------
    bool
        Whether every ledger that had to be identical is; True also where there was none to compare.
    """
    for shared in dict.fromkeys(each.shared for each in found):
        case, title = _TITLES[shared]
        headings = [case, "touched", "connected", "untouched", "identical", "share", "rows", "others identical"]
        say()
        say(title)
        rows = [_row(each) for each in found if each.shared == shared]
        tabulate(["scenario", *headings], rows, right=range(1, len(headings) + 1))
    say()
    wrong = [each for each in found if each.first is not None]
    for each in wrong:
        say(_difference(each))
    for line in _summary(found):
        say(line)
    return not wrong


def _row(each: Alignment) -> list[str]:
    numbers = (each.cases, each.direct, each.connected, each.untouched)
    others = f"{each.other_identical / each.other_rows:.1%}" if each.other_rows else "–"
    same = [f"{each.identical:,}", percent(each), f"{each.rows:,}"] if each.untouched else ["–", "no case", "0"]
    return [each.scenario, *(f"{number:,}" for number in numbers), *same, others]


def percent(each: Alignment) -> str:
    """
    Write a share so that only all of them read 100 %.

    Parameters
    ----------
    each : Alignment
        With somebody untouched.

    Returns
    -------
    str
        Such as ``"100 %"`` or ``"99.99 %"``; rounded down.
    """
    if each.identical == each.untouched:
        return "100 %"
    hundredths = 10_000 * each.identical // each.untouched
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def _difference(each: Alignment) -> str:
    first = each.first
    assert first is not None
    return (
        f"'{each.scenario}', sharing {each.shared}: resident {first.resident} is untouched, yet the need of "
        f"{first.service} on day {first.day} has {first.column} {first.after}, not {first.before} as under "
        f"'{each.baseline}'"
    )


def _summary(found: Sequence[Alignment]) -> Iterator[str]:
    if not found:
        yield "No scenario is compared with another: there is nothing to align."
    for shared in dict.fromkeys(each.shared for each in found):
        empty = [f"'{each.scenario}'" for each in found if each.shared == shared and not each.untouched]
        if empty:
            yield f"Sharing {shared}, nobody is untouched by {', '.join(empty)}: that shows nothing."
    if any(each.in_sight for each in found):
        yield "Barriers also name outlets out of reach: where one of them changes, those columns are left out."
