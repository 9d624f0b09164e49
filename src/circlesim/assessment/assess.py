"""Assess: a world, or a finished run, under a standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.assessment.card_table import card_table
from circlesim.assessment.circle import circle_of
from circlesim.assessment.duties import duty_states
from circlesim.assessment.grade import Scorecard, scorecard
from circlesim.assessment.have_lack import have_lack_table, without_small_groups
from circlesim.assessment.place import Place, place_of
from circlesim.assessment.satisfaction import Answers, read_answers
from circlesim.assessment.service_quality import RUN_MEASURES, service_quality, service_rows
from circlesim.catalog.standards import Standard
from circlesim.experiments.design import Design, compile_design
from circlesim.experiments.reviews import reacts
from circlesim.experiments.store import write_text
from circlesim.measures.reading import ADULT_AGE

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.asked import Asked
    from circlesim.experiments.outcomes import Outcomes
    from circlesim.world.world import World

TABLES: tuple[str, ...] = ("scorecard", "have_lack", "service_quality")
"""Files of a run folder, without suffix."""

WORLD_ALONE = "as it stands"
"""Name of the scenario where nothing was run."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """
    What the three instruments found, and the grades.

    Parameters
    ----------
    cards : dict of str to tuple of Scorecard
        Scenario to one scorecard a circle.
    tables : dict of str to DataFrame
        ``scorecard``, ``have_lack``, ``service_quality``.
    """

    cards: Mapping[str, tuple[Scorecard, ...]]
    tables: Mapping[str, pd.DataFrame]

    def write(self, folder: Path) -> None:
        """
        Write the tables into a run folder.

        Parameters
        ----------
        folder : Path
            The folder.
        """
        for name, table in self.tables.items():
            write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))


def assess_world(world: World, standard: Standard, weekday: int = 0) -> Assessment:
    """
    Assess what a world alone can tell: have and lack, and those of the eight words that need no visits.

    Parameters
    ----------
    world : World
        The world.
    standard : Standard
        What it is judged by.
    weekday : int, default: 0
        Day on which outlets must open, Monday 0.

    Returns
    -------
    Assessment
        One scenario, `WORLD_ALONE`.
    """
    place = place_of(world, weekday)
    return _gathered({WORLD_ALONE: (place, [_card(place, standard, n, None, {}, None) for n in place.circles])})


def assess_run(outcomes: Outcomes, experiment: Asked, standard: Standard) -> Assessment:
    """
    Assess every scenario of a finished run on its last day.

    Parameters
    ----------
    outcomes : Outcomes
        What the run found, under the default parameters.
    experiment : Experiment
        What was asked.
    standard : Standard
        What the circles are judged by.

    Returns
    -------
    Assessment
        With unknown conditions where the run lacks one of `needed.MEASURES`.

    Notes
    -----
    With `months` the outlets are those permitted on the last day: who trades is a matter of luck. What reviews
    opened is there where it stands in most replications.
    """
    design = compile_design(experiment)
    found = {}
    for j, name in enumerate(design.names):
        place = last_day(design, j, _standing(design, outcomes, name))
        visits = _visits(outcomes, place, name)
        cards = []
        for number in place.circles:
            frame = _rows_of(outcomes.outcomes, place, number)
            own = frame[frame["scenario"] == name].groupby("measure")["value"].mean()
            measured = {key: float(own[key]) for key in RUN_MEASURES if key in own}
            cards.append(
                _card(place, standard, number, visits, measured, _answers(outcomes, frame, place, name, number))
            )
        found[name] = (place, cards)
    return _gathered(found)


def _standing(design: Design, outcomes: Outcomes, name: str) -> NDArray[np.bool_] | None:
    """Outlets that stand at the end of a run, where its reviews opened some."""
    if not reacts(design):
        return None
    table = outcomes.tables["facilities"]
    stands = table[(table["scenario"] == name) & (table["present"] == 1)]
    return np.isin(design.roster.facilities.facility, stands["facility"].to_numpy(str))


def last_day(design: Design, scenario: int, standing: NDArray[np.bool_] | None = None) -> Place:
    """
    Look at a scenario on its last day.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    scenario : int
        Position of the scenario.
    standing : ndarray of bool, shape (F,), optional
        Outlets that stand in a run, where its reviews opened some; what the policies permit where missing.

    Returns
    -------
    Place
        With the outlets and gates of that day.
    """
    asked, stage = design.experiment, design.roster.stages[scenario][-1]
    streets = asked.world.streets
    if stage.gates:
        streets = replace(streets, locked=design.roster.gates[stage.gates])
    return Place(
        population=asked.world.population, streets=streets, facilities=stage.facilities,
        present=stage.present if standing is None else stage.present | standing,
        weekday=(asked.start.weekday() + asked.days - 1) % 7, currency=asked.world.currency,
        parameters=asked.parameters,
    )  # fmt: skip


def _card(
    place: Place,
    standard: Standard,
    number: int,
    visits: np.ndarray | None,
    measured: Mapping[str, float],
    answers: Answers | None,
) -> Scorecard:
    states = duty_states(place, standard, number)
    quality = service_quality(place, number, states, visits, measured)
    return scorecard(standard, circle_of(place, standard, number, states, quality, answers))


def _rows_of(frame: pd.DataFrame, place: Place, number: int) -> pd.DataFrame:
    """Outcomes of one circle under the default parameters; those of all residents where there is one circle."""
    frame = frame[frame["assumption"] == 0]
    if len(place.circles) == 1:
        return frame[frame["by"] == ""]
    return frame[(frame["by"] == "circle") & (frame["group"] == str(number))]


def _answers(outcomes: Outcomes, frame: pd.DataFrame, place: Place, scenario: str, number: int) -> Answers:
    people = place.population
    adults = int(((people.age >= ADULT_AGE) & (people.circle == number)).sum())
    # A sample of the whole town says nothing firm of one circle of many.
    survey = outcomes.tables.get("survey") if len(place.circles) == 1 else None
    weights = str(outcomes.manifest.get("survey", {}).get("weights", "none"))
    return read_answers(frame, survey, scenario, adults, weights)


def _visits(outcomes: Outcomes, place: Place, scenario: str) -> np.ndarray | None:
    table = outcomes.tables.get("facilities")
    if table is None:
        return None
    own = table[table["scenario"] == scenario].set_index("facility")["visits"]
    return np.asarray(own.reindex(list(place.facilities.facility)).fillna(0.0), np.float64)


def _gathered(found: Mapping[str, tuple[Place, list[Scorecard]]]) -> Assessment:
    import pandas as pd

    def rows() -> Iterator[pd.DataFrame]:
        for name, (_, cards) in found.items():
            for card in cards:
                yield service_rows(card.circle.quality, name, card.circle.number)

    tables = {
        "scorecard": pd.concat([card_table(card, name) for name, (_, cards) in found.items() for card in cards],
                               ignore_index=True),
        "have_lack": pd.concat(
            [without_small_groups(have_lack_table(place, name)) for name, (place, _) in found.items()],
            ignore_index=True),
        "service_quality": pd.concat([*rows()], ignore_index=True),
    }  # fmt: skip
    return Assessment(cards={name: tuple(cards) for name, (_, cards) in found.items()}, tables=tables)
