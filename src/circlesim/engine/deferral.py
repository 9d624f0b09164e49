"""Deferral: needs that were not met and can wait are open for some days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint8

from circlesim.behaviour.deferring import comes_again
from circlesim.compiled import compiled
from circlesim.engine.choice import FORGO
from circlesim.engine.needs import SERVICE
from circlesim.engine.waiting_list import COUNT
from circlesim.ledger import Fate

_DECLINED, _UNMET, _PUT_OFF, _SETTLED = (
    int(fate) for fate in (Fate.DECLINED, Fate.UNMET, Fate.PUT_OFF, Fate.SETTLED)
)


@compiled(inline=True, borrow=True)
def is_settled(state: Any, r: Any, k: Any) -> Any:
    """Tell whether a need of resident r that arose on an earlier day is open no more."""
    return k >= COUNT and (state.pending[r, k % COUNT] >> uint8(k // COUNT)) & uint8(1) == 0


@compiled(inline=True, borrow=True)
def settle(sheet: Any, i: Any) -> None:
    """Close the row of a need that ended on an earlier day."""
    sheet.fate[i], sheet.first_choice[i] = _SETTLED, FORGO


@compiled(borrow=True)
def turn_day(state: Any) -> None:
    """Let what was put off be a day older."""
    for r in range(state.pending.shape[0]):
        for k in range(state.pending.shape[1]):
            state.pending[r, k] = state.pending[r, k] << uint8(1)


@compiled(borrow=True)
def put_off(town: Any, state: Any, sheet: Any, resident: Any, kind: Any, rows: Any, last: Any) -> None:
    """Put off what was not met and can wait, and forget what ended."""
    for i in range(rows):
        r, k, waited = resident[i], kind[i] % COUNT, kind[i] // COUNT
        fate, bit = sheet.fate[i], np.uint8(1 << waited)
        failed = fate in (_DECLINED, _UNMET)
        if last == 0 and failed and comes_again(waited + 1, town.service[SERVICE[k]].defer_days):
            sheet.fate[i] = _PUT_OFF
            state.pending[r, k] |= bit
        else:
            state.pending[r, k] &= ~bit
