"""Claims on the screen: what was expected and found, and which laws hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.reporting.vocabulary import Vocabulary


def print_expectations(table: pd.DataFrame, lang: str | Vocabulary = "en") -> None:
    """
    Print what was expected beside what was found.

    Parameters
    ----------
    table : DataFrame
        Columns of ``expectations.csv``.
    lang : {"en", "zh"} or Vocabulary, default: "en"
        Language.
    """
    from circlesim.reporting.expectation_chapter import expectation_table, tally
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(lang)
    shown = expectation_table(table, vocabulary)
    say()
    tabulate(list(shown.head), shown.rows, title=vocabulary.words("expectations"), right=(2, 3), whole=(2, 3))
    say(tally(table, vocabulary))


def print_laws(table: pd.DataFrame) -> bool:
    """
    Print which laws hold.

    Parameters
    ----------
    table : DataFrame
        What `check_laws` returns.

    Returns
    -------
    bool
        Whether all do.
    """
    from circlesim.experiments.verdicts import HOLDS
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of("en")
    rows = []
    for law in table.to_dict("records"):
        change = vocabulary.quantity(str(law["unit"])).change(law["difference"]) if law["replications"] else "–"
        rows.append(
            [
                law["says"],
                vocabulary.measure(str(law["measure"])),
                change,
                law["off"].replace(" ", ", "),
                law["verdict"],
            ]
        )
    say()
    tries = int(table["replications"].max())
    title = f"Laws, each with these mechanisms off, in every one of {tries} replications"
    tabulate(["law", "measure", "higher less lower", "off", "verdict"], rows, title=title, right=(2,), whole=(2,))
    return bool((table["verdict"] == HOLDS).all())
