"""Facility table: ``facilities.csv`` to and from `Facilities`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.draws import hash_ids
from circlesim.errors import Faults, WorldError, did_you_mean
from circlesim.schema import FACILITIES, Cells, Table
from circlesim.world.facilities import Facilities, PaymentMode
from circlesim.world.hours import format_hours, parse_hours, read_hours
from circlesim.world.sheet import write_sheet
from circlesim.world.streets import Streets

MINOR = 100
"""Minor units in a major unit of money."""

_MONEY = {"delivery_fee": "delivery_fee_fen", "delivery_basket": "delivery_basket_fen", "aid": "aid_fen"}
_SCALED = ("delivery_fee", "delivery_basket", "rent_month")
_RENAMED = {**_MONEY, "rent_month": "rent_yuan_month", "support_month": "support_yuan_month"}
_OWN = (
    "facility",
    "node",
    "lon",
    "lat",
    "format",
    "services",
    "name",
    "hours",
    "payment_mode",
    "opened",
    "closed",
    "circle",
)
_DTYPES = {
    "servers": np.int32,
    "queue_limit": np.int32,
    "home_visits": np.int32,
    "seats": np.int32,
    "places": np.int32,
    "reserved_posts": np.int32,
    "delivery_fee_fen": np.int64,
    "delivery_basket_fen": np.int64,
    "aid_fen": np.int64,
    "aid_from_age": np.int16,
    "payment_mode": np.uint8,
    "services": np.uint32,
}


def facility_columns(formats: Formats = CATALOGUE) -> Table:
    """
    Declare ``facilities.csv`` with the words of the catalogue.

    Parameters
    ----------
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    Table
        The schema's table, formats and services filled in.
    """
    return FACILITIES.with_choices(format=formats.ids, services=SERVICES)


def changeable_fields() -> frozenset[str]:
    """
    Name the columns of `Facilities` a policy may change.

    Returns
    -------
    frozenset of str
        Field names of `Facilities`, as the schema marks them.
    """
    named = {_RENAMED.get(column.name, column.name) for column in FACILITIES.columns if column.policy_may_change}
    return frozenset(named - {"node", "lon", "lat"} | {"node_row"})


def read_all_hours(cells: Cells, faults: Faults) -> tuple[list[NDArray[np.int16] | None], int]:
    """
    Read the opening hours of a table.

    Parameters
    ----------
    cells : Cells
        Opening hours as text.
    faults : Faults
        Receives what cannot be read.

    Returns
    -------
    list of (ndarray of int16, shape (7, 3, 2)) or None
        Hours by row; None where none were given.
    int
        Rows in which a rule for holidays or a comment was passed over.
    """
    hours: list[NDArray[np.int16] | None] = []
    ignored = 0
    for row, text in enumerate(cells.values.tolist()):
        found = None
        if cells.given[row]:
            try:
                reading = read_hours(text, f"{FACILITIES.file} row {row + 2}, column hours")
                found, ignored = reading.hours, ignored + bool(reading.ignored)
            except WorldError as error:
                faults.extend(error.faults)
        hours.append(found)
    return hours, ignored


@cache
def _default_hours(text: str) -> NDArray[np.int16]:
    return parse_hours(text, f"formats.csv, hours {text!r}")


def money_scale(currency: str) -> float | None:
    """
    Say how much of a currency stands for one unit of the catalogue's.

    Parameters
    ----------
    currency : str
        Name of a currency.

    Returns
    -------
    float or None
        The parameter ``money_per_yuan``; None for a currency without a row.
    """
    return default_parameters().by("money_per_yuan", "currency").get(currency)


def check_money(cells: Mapping[str, Cells], currency: str, faults: Faults, *, drawn: bool = False) -> None:
    """
    Note money of formats that cannot be had in the world's currency.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read.
    currency : str
        The world's currency.
    faults : Faults
        Receives one fault where amounts are missing and the catalogue knows no rate.
    drawn : bool, default: False
        True where residents are drawn, with budgets of the catalogue.
    """
    missing = [name for name in _SCALED if not cells[name].given.all()]
    missing += ["weekly_budget"] if drawn else []
    if missing and money_scale(currency) is None:
        known = default_parameters().by("money_per_yuan", "currency")
        faults.add(
            "no exchange rate for the amounts that the catalogue answers for",
            "world.toml.currency",
            found=repr(currency),
            expected="one of " + ", ".join(known) + f", or the columns {', '.join(missing)} filled in every row",
            hint=did_you_mean(currency, known),
        )


def build_facilities(
    cells: Mapping[str, Cells],
    node_row: NDArray[np.int32],
    hours: list[NDArray[np.int16] | None],
    currency: str = "yuan",
    known: Formats = CATALOGUE,
) -> Facilities:
    """
    Put the outlets together; what the file leaves open is answered by the format.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read, without faults.
    node_row : ndarray of int32, shape (F,)
        Node row of each outlet.
    hours : list of (ndarray of int16, shape (7, 3, 2)) or None
        Hours by row; None takes those of the format.
    currency : str, default: "yuan"
        The world's currency; amounts of the format are turned into it.
    known : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    Facilities
        The outlets.
    """
    formats = cells["format"].values.tolist()
    defaults = [known.facts(name) for name in formats]
    week = [
        own if own is not None else _default_hours(str(row["hours"]))
        for own, row in zip(hours, defaults, strict=True)
    ]
    n = len(formats)
    scale = money_scale(currency) or 1.0
    columns: dict[str, NDArray[Any]] = {
        "facility": np.array(cells["facility"].values.tolist(), dtype=np.str_),
        "id64": hash_ids(cells["facility"].values),
        "name": np.array(cells["name"].values.tolist(), dtype=np.str_),
        "node_row": node_row.astype(np.int32),
        "format": np.array(known.numbers(formats), dtype=np.int16),
        "services": _filled(_masks(cells["services"]), [row["services"] for row in defaults], np.uint32),
        "hours": np.array(week, dtype=np.int16).reshape(n, 7, 3, 2),
        "payment_mode": _filled(
            _modes(cells["payment_mode"]), [row["payment_mode"] for row in defaults], np.uint8
        ),
        "opened": cells["opened"].values,
        "closed": cells["closed"].values,
        "circle": cells["circle"].values.astype(np.int32),
    }
    for name in FACILITIES.names:
        if name not in _OWN:
            field = _RENAMED.get(name, name)
            own = _minor(cells[name]) if name in _MONEY else cells[name]
            given: Any = [row[field] for row in defaults]
            if name in _SCALED and scale != 1.0:
                given = np.asarray(given, dtype=np.float64) * scale
                given = np.rint(given) if name in _MONEY else given
            columns[field] = _filled(own, given, _dtype(name, field))
    return Facilities(**columns, formats=known)


def _dtype(name: str, field: str) -> Any:
    return _DTYPES.get(field, np.uint8 if FACILITIES.column(name).kind == "flag" else np.float64)


def _filled(cells: Cells, defaults: Sequence[Any] | NDArray[Any], dtype: Any) -> NDArray[Any]:
    values = np.array(defaults).astype(dtype)
    values[cells.given] = cells.values[cells.given]
    return values


def _masks(cells: Cells) -> Cells:
    masks = [
        sum(1 << SERVICE_INDEX[word] for word in set(words) if word in SERVICE_INDEX) for words in cells.values
    ]
    return Cells(values=np.array(masks, dtype=np.uint32), given=cells.given)


def _modes(cells: Cells) -> Cells:
    known = {mode.name.lower(): int(mode) for mode in PaymentMode}
    return Cells(values=np.array([known.get(str(word), 0) for word in cells.values], np.uint8), given=cells.given)


def _minor(cells: Cells) -> Cells:
    return Cells(values=np.rint(cells.values * MINOR).astype(np.int64), given=cells.given)


def write_facilities(facilities: Facilities, streets: Streets, folder: Path) -> None:
    """
    Write ``facilities.csv``, every fact spelt out.

    Parameters
    ----------
    facilities : Facilities
        The outlets.
    streets : Streets
        The network they stand on.
    folder : Path
        Folder to write to.
    """
    formats = facilities.formats.ids
    texts: dict[str, list[object]] = {
        "node": streets.node[facilities.node_row].tolist(),
        "format": [formats[i] for i in facilities.format],
        "services": [
            "+".join(s for s, i in SERVICE_INDEX.items() if int(m) >> i & 1) for m in facilities.services
        ],
        "hours": [format_hours(week) for week in facilities.hours],
        "payment_mode": [PaymentMode(int(mode)).name.lower() for mode in facilities.payment_mode],
        "opened": _dates(facilities.opened),
        "closed": _dates(facilities.closed),
    }
    for name, field in _MONEY.items():
        texts[name] = [f"{fen // MINOR}.{fen % MINOR:02d}" for fen in getattr(facilities, field).tolist()]
    names = [name for name in FACILITIES.names if name not in ("lon", "lat")]
    columns = [texts[n] if n in texts else getattr(facilities, _RENAMED.get(n, n)).tolist() for n in names]
    write_sheet(folder / FACILITIES.file, names, zip(*columns, strict=True))


def _dates(days: NDArray[np.datetime64]) -> list[object]:
    return ["" if np.isnat(day) else str(day) for day in days]
