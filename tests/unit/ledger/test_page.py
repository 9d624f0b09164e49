"""The ledger page: a reusable buffer, one row a need."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from circlesim.ledger import BARRIERS, COUNTED, PAGE_TYPES, Barrier, Fate, Page, empty_page
from towns import random_town


def test_a_page_shows_only_the_rows_of_its_day() -> None:
    page = empty_page(10)
    page.rows = 3
    assert {len(column) for column in page.columns().values()} == {3}


def test_every_column_has_a_declared_type() -> None:
    assert {f.name for f in fields(Page)} - {"day", "rows"} == set(PAGE_TYPES)
    for name, column in empty_page(2).columns().items():
        assert column.dtype == PAGE_TYPES[name]


def test_barriers_are_single_bits_in_their_order_of_precedence() -> None:
    bits = [int(barrier) for barrier in BARRIERS]
    assert bits == sorted(bits)
    assert all(bit & (bit - 1) == 0 and bit > 0 for bit in bits)
    assert BARRIERS[0] is Barrier.FULL
    assert BARRIERS[-1] is Barrier.UNREACHABLE


def test_fates_are_those_of_the_contract() -> None:
    ends = [fate.name.lower() for fate in Fate if fate <= COUNTED]
    assert ends == ["inside", "delivered", "home", "outside", "declined", "unmet"]
    assert [fate.name.lower() for fate in Fate if fate > COUNTED] == ["put_off", "settled"]


def test_rows_are_sorted_by_resident_then_need_kind() -> None:
    page = random_town(3).simulation().run_day(0)
    kind = page.service[: page.rows].astype(int) * 64 + page.ordinal[: page.rows]
    name = page.resident[: page.rows].astype(np.int64) * 10_000 + kind
    assert (np.diff(name) > 0).all()
