"""Need kinds: a service and the ordinal of the need that day (lunch and dinner are two)."""

from __future__ import annotations

from circlesim.catalog.services import SERVICE_INDEX

KINDS: tuple[tuple[str, int], ...] = (
    ("breakfast", 0),
    ("groceries", 0),
    ("daily_goods", 0),
    ("meal", 0),
    ("meal", 1),
    ("elder_meal", 0),
    ("elder_meal", 1),
    ("elder_meal", 2),
    ("pharmacy", 0),
    ("repair", 0),
    ("parcel", 0),
    ("laundry", 0),
    ("hair", 0),
    ("print", 0),
    ("bill_payment", 0),
    ("housekeeping", 0),
    ("recycling", 0),
    ("elder_care", 0),
    ("nursing", 0),
    ("childcare", 0),
    ("fitness", 0),
    ("library", 0),
    ("culture", 0),
    ("leisure", 0),
    ("care_goods", 0),
)
"""Columns of `Population.need_rate`; meal 0 is lunch, 1 dinner; elder_meal 0 breakfast, 1 lunch, 2 dinner."""

LONGEST_WAIT = 7
"""Most days for which a need can be put off."""

ORDINALS = 8
"""Room for the ordinals of a service in the names of draws; those of needs put off come behind."""

KIND_SERVICE: tuple[int, ...] = tuple(SERVICE_INDEX[service] for service, _ in KINDS)
KIND_ORDINAL: tuple[int, ...] = tuple(ordinal for _, ordinal in KINDS)
