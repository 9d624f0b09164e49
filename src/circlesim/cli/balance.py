"""Balance: the sheet of a town under no policy, beside what has been published, as tables for the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    import pandas as pd

SUPPLY = (
    "needs_per_day",
    "outlets",
    "capacity_per_day",
    "load",
    "visits_per_outlet_day",
    "turnover_per_outlet_day",
)
FATES = ("inside_share", "delivered_share", "home_share", "outside_share", "declined_share", "unmet_share")


def print_balance(sheet: pd.DataFrame) -> None:
    """
    Print the balance sheet.

    Parameters
    ----------
    sheet : DataFrame
        Columns quantity, service, format, bin, value, unit, low, high, within, source, grade and built_to.
    """
    sheet = sheet.fillna(
        {name: "" for name in ("service", "format", "bin", "within", "source", "grade", "built_to")}
    )
    by_service = sheet[(sheet["service"] != "") & (sheet["bin"] == "")]
    by_format = sheet[sheet["format"] != ""]
    walks = sheet[sheet["quantity"] == "walking_time"]
    _pivot(by_service, "service", SUPPLY, "Needs and supply by service, a day")
    _pivot(by_service, "service", FATES, "How needs end, by service")
    _pivot(
        walks.assign(quantity=walks["bin"]),
        "service",
        tuple(dict.fromkeys(walks["bin"])),
        "Walk to the outlet, minutes",
    )
    _pivot(by_format, "format", ("visits_per_outlet_day", "turnover_per_outlet_day"), "Trade by format, a day")
    _print_bands(sheet[sheet["low"].notna()])


def _pivot(part: pd.DataFrame, key: str, quantities: Sequence[str], title: str) -> None:
    """Print one row a service or format, one column a quantity."""
    present = [name for name in quantities if (part["quantity"] == name).any()]
    if not present:
        return
    values = {(row[key], row["quantity"]): (row["value"], row["unit"]) for row in part.to_dict("records")}
    names = list(dict.fromkeys(part[key]))
    rows = [
        [name or "all", *(figure(*values.get((name, each), (math.nan, ""))) for each in present)] for name in names
    ]
    headings = [key, *(each.removesuffix("_share").replace("_", " ") for each in present)]
    say()
    tabulate(headings, rows, title=title, right=range(1, len(headings)), whole=range(len(headings)))


def _print_bands(banded: pd.DataFrame) -> None:
    """Print every figure that has a published band, with the source as a numbered note."""
    sources = {text: number for number, text in enumerate(dict.fromkeys(banded["source"]), start=1)}
    rows = []
    for row in banded.to_dict("records"):
        what = " ".join(str(part) for part in (row["service"] or row["format"], row["bin"]) if part) or "all"
        band = f"{figure(row['low'], row['unit'])} to {figure(row['high'], row['unit'])}"
        kind = "echo" if row["built_to"] not in ("", "0", "no") else "emergent"
        here = figure(row["value"], row["unit"])
        note = f"{row['grade']} [{sources[row['source']]}]"
        rows.append([str(row["quantity"]).replace("_", " "), what, here, band, str(row["within"]), kind, note])
    say()
    headings = ["figure", "of", "here", "published", "within", "kind", "grade"]
    tabulate(headings, rows, title="Beside published figures", right=(2, 3), whole=(0, 1, 2, 3))
    say("echo: the town was built to meet it, so it is no evidence; emergent: it was not")
    for text, number in sources.items():
        say(f"[{number}] {text}")


def figure(value: float, unit: str) -> str:
    """
    Write one figure of the sheet.

    Parameters
    ----------
    value : float
        The figure.
    unit : str
        Its unit; a share is written in percent.

    Returns
    -------
    str
        Three digits or so; a dash where there is none.
    """
    if not math.isfinite(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f}%"
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
