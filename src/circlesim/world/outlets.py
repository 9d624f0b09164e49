"""Outlets: facilities made from the catalogue's defaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.world.facilities import OPEN_ENDED, Facilities
from circlesim.world.hours import parse_hours

_TYPES: dict[str, type[np.generic]] = {
    "format": np.int16, "services": np.uint32, "servers": np.int32, "service_min": np.float64,
    "queue_limit": np.int32, "price_level": np.float64, "quality": np.float64, "variety": np.float64,
    "payment_mode": np.uint8, "takes_card": np.uint8, "staffed": np.uint8, "self_service": np.uint8,
    "step_free": np.uint8, "on_map": np.uint8, "chain": np.uint8, "delivery": np.uint8, "walk_in": np.uint8,
    "delivery_radius_m": np.float64, "delivery_min": np.float64, "delivery_fee_fen": np.int64,
    "delivery_basket_fen": np.int64, "aid_fen": np.int64, "aid_from_age": np.int16, "home_visits": np.int32,
    "seats": np.int32, "places": np.int32, "supply_share": np.float64, "reserve_days": np.float64,
    "rent_yuan_month": np.float64, "support_yuan_month": np.float64,
    "local_share": np.float64, "reserved_posts": np.int32,
    "staff": np.float64, "margin": np.float64, "area_m2": np.float64, "visitors_per_day": np.float64,
}  # fmt: skip


def outlets(
    ids: Sequence[str],
    formats: Sequence[str],
    node_rows: NDArray[np.integer],
    *,
    money_per_yuan: float = 1.0,
    circle: int = 0,
    known: Formats = CATALOGUE,
) -> Facilities:
    """
    Make facilities that have the defaults of their formats.

    Parameters
    ----------
    ids : sequence of str, length F
        Stable ids.
    formats : sequence of str, length F
        Format ids.
    node_rows : ndarray of int, shape (F,)
        Node rows they stand on.
    money_per_yuan : float, default: 1.0
        World's currency for one yuan; scales rent, delivery fee and smallest basket.
    circle : int, default: 0
        Circle number.
    known : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    Facilities
        The outlets, in the order given.

    Raises
    ------
    ConfigError
        If a format is not known.
    """
    rows = [known.facts(format_id) for format_id in formats]
    columns: dict[str, Any] = {
        name: np.array([row[name] for row in rows], dtype=dtype) for name, dtype in _TYPES.items()
    }
    for name in ("delivery_fee_fen", "delivery_basket_fen"):
        columns[name] = np.floor(columns[name] * money_per_yuan + 0.5).astype(np.int64)
    columns["rent_yuan_month"] *= money_per_yuan
    weeks = {text: parse_hours(text) for text in {str(row["hours"]) for row in rows}}
    return Facilities(
        facility=np.array(list(ids), dtype=np.str_),
        id64=draws.hash_ids(ids),
        name=np.full(len(rows), "", dtype=np.str_),
        node_row=np.asarray(node_rows, dtype=np.int32),
        hours=np.array([weeks[str(row["hours"])] for row in rows], dtype=np.int16).reshape(-1, 7, 3, 2),
        opened=np.full(len(rows), OPEN_ENDED),
        closed=np.full(len(rows), OPEN_ENDED),
        circle=np.full(len(rows), circle, dtype=np.int32),
        **columns,
        formats=known,
    )
