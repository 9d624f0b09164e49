"""Services: what residents need. A service is not a format; an outlet of one format may offer several."""

from __future__ import annotations

SERVICES: tuple[str, ...] = (
    "breakfast",
    "groceries",
    "daily_goods",
    "meal",
    "elder_meal",
    "pharmacy",
    "repair",
    "parcel",
    "laundry",
    "hair",
    "print",
    "bill_payment",
    "housekeeping",
    "recycling",
    "elder_care",
    "nursing",
    "childcare",
    "fitness",
    "library",
    "culture",
    "leisure",
    "care_goods",
)
"""Ids in a fixed order; the position is the service number inside the engine and is never changed."""

SERVICE_INDEX: dict[str, int] = {name: index for index, name in enumerate(SERVICES)}

HOUSEHOLD_SERVICES: frozenset[str] = frozenset(
    {"groceries", "daily_goods", "repair", "bill_payment", "housekeeping", "recycling"}
)
"""Services of which one errand serves all who live together."""
