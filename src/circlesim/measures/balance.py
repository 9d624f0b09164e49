"""Balance sheet: what the baseline does beside what has been published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import Formats
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.measures.page_ratio import FEN
from circlesim.world.facilities import Facilities

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "quantity", "service", "format", "bin", "value", "unit", "low", "high", "within", "source", "grade",
    "built_to",
)  # fmt: skip

FATES: tuple[str, ...] = ("inside", "delivered", "home", "outside", "declined", "unmet")

Row = tuple[str, str, str, str, float, str]
"""Quantity, service, format, bin, value, unit."""


def balance_sheet(
    *,
    services: pd.DataFrame,
    facilities: pd.DataFrame,
    walks: pd.DataFrame,
    roster: Facilities,
    ready_min: NDArray[np.float64],
    busy_min: NDArray[np.float64],
    days: int,
    residents: int,
    currency: str,
) -> pd.DataFrame:
    """
    Set what the baseline does beside published bands.

    Parameters
    ----------
    services : DataFrame
        Sums by service over the days: columns service, needs, served, spend_fen, inside … unmet.
    facilities : DataFrame
        Columns facility, format, visits, revenue of the outlets that exist, over the days.
    walks : DataFrame
        Columns service, bin, visits.
    roster : Facilities
        Every facility.
    ready_min : ndarray of float64, shape (F,)
        Minutes servers stand ready over the days; 0 for outlets that do not exist.
    busy_min : ndarray of float64, shape (F,)
        Minutes they serve.
    days : int
        Days added up.
    residents : int
        Residents.
    currency : str
        Major unit.

    Returns
    -------
    DataFrame
        `COLUMNS`; an empty service or format means all of them, `within` is yes, no, or empty without a band.
    """
    import pandas as pd

    rows = [
        *_needs_and_fates(services, days, residents),
        *_supply(services, roster, ready_min, busy_min, days, currency),
        *_walking(walks),
        *_formats(facilities, roster.formats, days, currency),
        *_whole(services, facilities, days, residents, currency),
    ]
    table = pd.DataFrame(rows, columns=["quantity", "service", "format", "bin", "value", "unit"])
    return _beside_bands(table)


def _needs_and_fates(services: pd.DataFrame, days: int, residents: int) -> Iterator[Row]:
    """Needs a day, per resident and week, and how they end."""
    for row in services[services["needs"] > 0].to_dict("records"):
        yield "needs_per_day", row["service"], "", "", row["needs"] / days, "needs/day"
        yield "needs_per_resident_week", row["service"], "", "", 7 * row["needs"] / days / residents, "needs/week"
        for fate in FATES:
            yield f"{fate}_share", row["service"], "", "", row[fate] / row["needs"], "share"


def _supply(
    services: pd.DataFrame,
    roster: Facilities,
    ready_min: NDArray[np.float64],
    busy_min: NDArray[np.float64],
    days: int,
    currency: str,
) -> Iterator[Row]:
    """Outlets, capacity, load, visits and turnover by service; outlets of several services count for each."""
    for row in services[services["needs"] > 0].to_dict("records"):
        name = row["service"]
        offers = (roster.services >> np.uint32(SERVICE_INDEX[name])) & np.uint32(1) == 1
        offers &= ready_min > 0
        count = int(offers.sum())
        capacity = float((ready_min[offers] / roster.service_min[offers]).sum()) / days
        yield "outlets", name, "", "", float(count), "outlets"
        yield "capacity_per_day", name, "", "", capacity, "customers/day"
        if count:
            yield "load", name, "", "", float(busy_min[offers].sum() / ready_min[offers].sum()), "share"
            yield "visits_per_outlet_day", name, "", "", row["served"] / days / count, "visits/day"
            yield "turnover_per_outlet_day", name, "", "", FEN * row["spend_fen"] / days / count, f"{currency}/day"


def _walking(walks: pd.DataFrame) -> Iterator[Row]:
    """Share of visits on foot by minutes walked, by service and over all."""
    for name, group in [*walks.groupby("service", sort=False), ("", walks)]:
        total = float(group["visits"].sum())
        if total > 0:
            for minutes, visits in group.groupby("bin", sort=False)["visits"].sum().items():
                yield "walking_time", str(name), "", str(minutes), float(visits) / total, "share"


def _formats(facilities: pd.DataFrame, formats: Formats, days: int, currency: str) -> Iterator[Row]:
    """Visits and turnover of an outlet of each format."""
    for name in formats.ids:
        outlets = facilities[facilities["format"] == name]
        if len(outlets):
            yield "visits_per_outlet_day", "", name, "", float(outlets["visits"].mean()) / days, "visits/day"
            turnover = float(outlets["revenue"].mean()) / days
            yield "turnover_per_outlet_day", "", name, "", turnover, f"{currency}/day"


def _whole(
    services: pd.DataFrame, facilities: pd.DataFrame, days: int, residents: int, currency: str
) -> Iterator[Row]:
    """Figures of the whole circle."""
    outlets = len(facilities)
    yield "residents_per_outlet", "", "", "", residents / max(outlets, 1), "residents"
    yield "outlets", "", "", "", float(outlets), "outlets"
    yield (
        "visits_per_outlet_day",
        "",
        "",
        "",
        float(facilities["visits"].sum()) / days / max(outlets, 1),
        "visits/day",
    )
    turnover = float(facilities["revenue"].sum()) / days
    yield "turnover_per_outlet_day", "", "", "", turnover / max(outlets, 1), f"{currency}/day"
    yield (
        "spend_per_resident_day",
        "",
        "",
        "",
        FEN * float(services["spend_fen"].sum()) / days / residents,
        f"{currency}/day",
    )
    needs = float(services["needs"].sum())
    for fate in FATES:
        yield f"{fate}_share", "", "", "", float(services[fate].sum()) / max(needs, 1.0), "share"


def _beside_bands(table: pd.DataFrame) -> pd.DataFrame:
    """Join the published bands of the same unit: bands in another currency say nothing here."""
    joined = table.merge(_bands(), on=["quantity", "service", "format", "bin", "unit"], how="left")
    inside = (joined["value"] >= joined["low"]) & (joined["value"] <= joined["high"])
    known = joined["low"].notna() & joined["value"].notna()
    joined["within"] = np.where(known, np.where(inside, "yes", "no"), "")
    words = ["source", "grade", "built_to"]
    joined[words] = joined[words].fillna("")
    return joined[list(COLUMNS)]


def _bands() -> pd.DataFrame:
    """Bands of the catalogue as a table."""
    import pandas as pd

    from circlesim.catalog.bands import bands

    columns = ("quantity", "service", "format", "bin", "low", "high", "unit", "source", "grade", "built_to")
    rows: list[dict[str, Any]] = [{name: getattr(band, name) for name in columns} for band in bands()]
    table = pd.DataFrame(rows, columns=list(columns))
    return table.assign(built_to=np.where(table["built_to"].astype(bool), "yes", "no"))
