"""Formats (业态): what an outlet is, with the defaults an outlet of that kind takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from circlesim.catalog.services import SERVICE_INDEX
from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean

PAYMENT_MODES: Final = ("staffed_accept", "staffed_refuse", "unattended", "online_only", "unattended_convert")
"""Names of `world.facilities.PaymentMode` in its order."""

FREE_SERVICES: Final = ("recycling", "library", "culture")
"""Services that are free or nearly so: outlets that offer nothing else have no till to refuse cash at."""

_FLAGS = ("takes_card", "staffed", "self_service", "step_free", "chain", "walk_in", "delivery")
_WHOLE = ("servers", "queue_limit", "home_visits", "seats", "places")
_REAL = (
    "service_min", "price_level", "quality", "variety", "delivery_radius_m", "delivery_min",
    "delivery_fee_yuan", "delivery_basket_yuan", "rent_yuan_month", "staff", "margin", "area_m2", "band_min",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRow:
    """
    One format, with what a typical outlet of it is like.

    Parameters
    ----------
    format : str
        Id, as the plan's glossary has it.
    zh, en : str
        Name in Chinese and in English.
    format_class : {"basic", "quality", "care"}
        Class of the plan: basic formats stand at the door, quality formats in the neighbourhood; the catalogue
        counts care among the latter.
    band_min : float
        Walking band in minutes: 10 for basic, 15 for quality formats.
    services : tuple of str
        Services offered; empty where no need for them is modelled.
    hours : str
        Opening hours in OSM syntax.
    servers : int
        People, seats, places or beds that serve at once.
    service_min : float
        Mean minutes a server needs for one customer.
    queue_limit : int
        Most people who may wait; 0 is a loss system, -1 no limit.
    price_level, quality, variety : float
        Price over the reference price, service quality in 0..1, assortment relative to a plain outlet.
    payment_mode : str
        One of `PAYMENT_MODES`.
    takes_card, staffed, self_service, step_free, chain, walk_in, delivery : bool
        Claims about the outlet.
    delivery_radius_m, delivery_min, delivery_fee_yuan, delivery_basket_yuan : float
        Straight-line radius, minutes to the door, fee, and smallest basket delivered.
    seats : int
        Seats at table; 0 where nobody sits down, or where tables are the servers.
    places : int
        Standing places in day care, out of its servers.
    home_visits : int
        Home visits a day.
    rent_yuan_month, staff, margin, area_m2 : float
        Facts of the operator.
    source : str
        Where the numbers come from.
    grade : {"A", "B", "C", "D"}
        Confidence of the weakest of them that matters.
    capital_yuan : float or None, default: None
        What it takes to set one up, where the source says so; see `catalog.format_costs` where it does not.
    """

    format: str
    zh: str
    en: str
    format_class: str
    band_min: float
    services: tuple[str, ...]
    hours: str
    servers: int
    service_min: float
    queue_limit: int
    price_level: float
    quality: float
    variety: float
    payment_mode: str
    takes_card: bool
    staffed: bool
    self_service: bool
    step_free: bool
    chain: bool
    walk_in: bool
    delivery: bool
    delivery_radius_m: float
    delivery_min: float
    delivery_fee_yuan: float
    delivery_basket_yuan: float
    seats: int
    places: int
    home_visits: int
    rent_yuan_month: float
    staff: float
    margin: float
    area_m2: float
    source: str
    grade: str
    capital_yuan: float | None = None

    @property
    def services_mask(self) -> int:
        """Bit s set where service number s is offered."""
        return sum(1 << SERVICE_INDEX[service] for service in self.services)

    @property
    def takes_money(self) -> bool:
        """True where something is sold; cash can only be refused there."""
        return any(service not in FREE_SERVICES for service in self.services)


def _read_row(record: Mapping[str, str]) -> FormatRow:
    values: dict[str, object] = dict(record)
    values["format_class"] = values.pop("class")
    values["services"] = tuple(record["services"].split())
    values |= {name: record[name] == "1" for name in _FLAGS}
    values |= {name: int(record[name]) for name in _WHOLE}
    values |= {name: float(record[name]) for name in _REAL}
    return FormatRow(**values)  # type: ignore[arg-type]


def _read_rows() -> dict[str, FormatRow]:
    return {record["format"]: _read_row(record) for record in read_table("formats.csv")}


_ROWS: Final = _read_rows()

FORMATS: tuple[str, ...] = tuple(_ROWS)
"""Ids of the catalogue in a fixed order; the position is the format number inside a world and is never changed.

A world may have further formats behind them: ask `world.facilities.formats`."""

FORMAT_INDEX: dict[str, int] = {name: index for index, name in enumerate(FORMATS)}


def format_row(format_id: str) -> FormatRow:
    """
    Return the row of one format of the catalogue.

    Parameters
    ----------
    format_id : str
        Id, such as ``"breakfast_shop"``.

    Returns
    -------
    FormatRow
        Its names and defaults.

    Raises
    ------
    ConfigError
        If the catalogue has no such format.
    """
    if format_id not in _ROWS:
        raise ConfigError(f"no format '{format_id}' in the catalogue; {did_you_mean(format_id, FORMATS)}")
    return _ROWS[format_id]


def outlet_facts(row: FormatRow, number: int) -> dict[str, int | float | str]:
    """
    Return the facts an outlet of a format has when nothing else is said.

    Parameters
    ----------
    row : FormatRow
        The format.
    number : int
        Its position among the formats of a world.

    Returns
    -------
    dict of str to int, float or str
        Keys are columns of `world.facilities.Facilities`; ``hours`` stays OSM text, money is in fen at the
        reference currency, ``payment_mode`` is the position in `PAYMENT_MODES`. Dates, place, circle, name and
        id are the caller's.
    """
    return {
        "format": number,
        "services": row.services_mask,
        "hours": row.hours,
        "payment_mode": PAYMENT_MODES.index(row.payment_mode),
        "on_map": 1,
        "visitors_per_day": 0.0,
        "aid_fen": 0,
        "aid_from_age": 0,
        "supply_share": 1.0,
        "reserve_days": 0.0,
        "local_share": 0.0,
        "reserved_posts": 0,
        "support_yuan_month": 0.0,
        "delivery_fee_fen": round(row.delivery_fee_yuan * 100),
        "delivery_basket_fen": round(row.delivery_basket_yuan * 100),
        **{name: int(getattr(row, name)) for name in (*_FLAGS, *_WHOLE)},
        **{name: getattr(row, name) for name in _REAL
           if name not in ("delivery_fee_yuan", "delivery_basket_yuan", "band_min")},
    }  # fmt: skip


def facility_defaults(format_id: str) -> dict[str, int | float | str]:
    """
    Return the facts an outlet of a format of the catalogue has when nothing else is said.

    Parameters
    ----------
    format_id : str
        Id, such as ``"breakfast_shop"``.

    Returns
    -------
    dict of str to int, float or str
        See `outlet_facts`.

    Raises
    ------
    ConfigError
        If the catalogue has no such format.
    """
    return outlet_facts(format_row(format_id), FORMAT_INDEX[format_id])
