"""Resident table: ``residents.csv`` to and from `Population`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import default_parameters
from circlesim.draws import hash_ids
from circlesim.errors import Faults
from circlesim.schema import RESIDENTS, Cells, Table
from circlesim.schema.tables import need_column
from circlesim.world.population import INCOME_BANDS, Means, Mobility, Population, Schedule
from circlesim.world.sheet import write_sheet
from circlesim.world.streets import Streets

MINOR = 100
"""Minor units in a major unit of money."""
_SEXES = ("female", "male")


def resident_columns() -> Table:
    """
    Declare ``residents.csv`` with one column a kind of need.

    Returns
    -------
    Table
        The schema's table with the kinds of the catalogue.
    """
    return RESIDENTS.with_columns(*(need_column(*kind) for kind in KINDS))


_FIRST_ERRAND_AGE = 12
"""Age at which `b_walk` and all else of a choice begins."""


def check_means(cells: Mapping[str, Cells], faults: Faults) -> None:
    """
    Note residents who carry what they do not own.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read.
    faults : Faults
        Receives one fault a row, at most five.
    """
    owned, carried = _means(cells["owns"]), _means(cells["carries"])
    for row in np.flatnonzero(carried & ~owned)[:5].tolist():
        faults.add(
            "a means of payment carried and not owned",
            f"{RESIDENTS.file} row {row + 2}, column carries",
            found="+".join(cells["carries"].values[row]),
            expected="part of the column owns",
        )


def check_children(cells: Mapping[str, Cells], faults: Faults) -> None:
    """
    Note needs of residents too young to walk on their own, for whom the law has no numbers.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read.
    faults : Faults
        Receives one fault a row, at most five.
    """
    age = cells["age"].values
    columns = [need_column(*kind).name for kind in KINDS]
    given = np.array([cells[name].given & (cells[name].values > 0) for name in columns])
    for row in np.flatnonzero((age < _FIRST_ERRAND_AGE) & given.any(axis=0))[:5].tolist():
        faults.add(
            "a need of a resident too young to run errands",
            f"{RESIDENTS.file} row {row + 2}, column {columns[int(given[:, row].argmax())]}",
            found=f"age {int(age[row])}",
            expected=f"0 or nothing below age {_FIRST_ERRAND_AGE}; the need belongs to who takes the child along",
        )


def build_population(
    cells: Mapping[str, Cells], home_row: NDArray[np.int32], stop_row: NDArray[np.int32]
) -> Population:
    """
    Put the residents together.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read, without faults.
    home_row : ndarray of int32, shape (R,)
        Node row of each home.
    stop_row : ndarray of int32, shape (R,)
        Node row of the stop each passes daily; -1 for none.

    Returns
    -------
    Population
        The residents; kinds of need the file leaves open take the catalogue's rate at their age.
    """
    age = cells["age"].values.astype(np.int16)
    return Population(
        resident=np.array(cells["resident"].values.tolist(), dtype=np.str_),
        id64=hash_ids(cells["resident"].values),
        age=age,
        sex=_places(cells["sex"], _SEXES),
        household=_households(cells["household"]),
        home_row=home_row.astype(np.int32),
        mobility=_places(cells["mobility"], _words(Mobility)),
        speed_m_per_min=cells["speed_m_per_min"].values,
        tolerance_min=cells["tolerance_min"].values,
        digital=cells["digital"].values,
        means_owned=_means(cells["owns"]),
        means_carried=_means(cells["carries"]),
        schedule=_places(cells["schedule"], _words(Schedule)),
        income_band=_places(cells["income_band"], INCOME_BANDS),
        budget_fen=np.rint(cells["weekly_budget"].values * MINOR).astype(np.int64),
        need_rate=_need_rates(cells, age),
        chronic=cells["chronic"].values,
        circle=cells["circle"].values.astype(np.int32),
        stop_row=stop_row,
    )


def _words(words: type[IntEnum]) -> tuple[str, ...]:
    return tuple(word.name.lower() for word in words)


def _places(cells: Cells, words: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.array([words.index(word) for word in cells.values], dtype=np.uint8)


def _means(cells: Cells) -> NDArray[np.uint8]:
    bits = {means.name.lower(): int(means) for means in Means if means.name}
    return np.array([sum(bits.get(word, 0) for word in set(words)) for words in cells.values], dtype=np.uint8)


def _households(cells: Cells) -> NDArray[np.int32]:
    """Give residents without a household one of their own, with numbers not yet used."""
    household = cells.values.astype(np.int32)
    alone = np.flatnonzero(household < 0)
    household[alone] = max(-1, int(household.max(initial=-1))) + 1 + np.arange(len(alone), dtype=np.int32)
    return household


def _need_rates(cells: Mapping[str, Cells], age: NDArray[np.int16]) -> NDArray[np.float32]:
    rates = np.zeros((len(age), len(KINDS)), dtype=np.float32)
    for kind, (service, ordinal) in enumerate(KINDS):
        own = cells[need_column(service, ordinal).name]
        if not own.given.all():
            rates[:, kind] = default_parameters().by_age("need_rate", age, service=service, ordinal=ordinal)
        rates[own.given, kind] = own.values[own.given]
    return rates


def write_residents(population: Population, streets: Streets, folder: Path) -> None:
    """
    Write ``residents.csv``.

    Parameters
    ----------
    population : Population
        The residents.
    streets : Streets
        The network they live on.
    folder : Path
        Folder to write to.
    """
    columns: dict[str, list[object]] = {
        "node": streets.node[population.home_row].tolist(),
        "stop": [streets.node[row] if row >= 0 else "" for row in population.stop_row.tolist()],
        "sex": [_SEXES[i] for i in population.sex],
        "mobility": [_words(Mobility)[i] for i in population.mobility],
        "owns": _means_words(population.means_owned),
        "carries": _means_words(population.means_carried),
        "schedule": [_words(Schedule)[i] for i in population.schedule],
        "income_band": [INCOME_BANDS[i] for i in population.income_band],
        "weekly_budget": [f"{fen // MINOR}.{fen % MINOR:02d}" for fen in population.budget_fen.tolist()],
    }
    for kind, (service, ordinal) in enumerate(KINDS):
        # The text of the float32 itself: shorter than that of the double and read back to the same bits.
        texts = np.char.mod("%.9g", population.need_rate[:, kind].astype(np.float64))
        columns[need_column(service, ordinal).name] = texts.tolist()
    table = resident_columns()
    cells = [columns[n] if n in columns else getattr(population, n).tolist() for n in table.names]
    write_sheet(folder / table.file, table.names, zip(*cells, strict=True))


def _means_words(column: NDArray[np.uint8]) -> list[object]:
    words = {bits: "+".join(m.name.lower() for m in Means if m.name and bits & m) or "none" for bits in range(8)}
    return [words[int(bits)] for bits in column]
