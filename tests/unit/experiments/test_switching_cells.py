from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.catalog.formats import FORMATS
from circlesim.experiments.divisions import divide
from circlesim.experiments.switching import Switching, endings, part_of, spending_parts
from circlesim.ledger import COUNTED, Fate, empty_page
from circlesim.measures.grouping import Grouping
from towns import outlets

SHOPS = outlets(3, "breakfast", format=np.array([0, 0, 1]))
PEOPLE = 100


SAME = (SHOPS.format, SHOPS.format)


def page(rows):
    """A page from (resident, fate, facility, price, fee, voucher)."""
    made = empty_page(max(len(rows), 1))
    made.rows = len(rows)
    for i, (who, fate, facility, price, fee, voucher) in enumerate(rows):
        made.resident[i], made.fate[i], made.facility[i] = who, fate, facility
        made.price_fen[i], made.fee_fen[i], made.voucher_fen[i] = price, fee, voucher
    return made


def counted(before, after, half=PEOPLE // 2):
    side = Grouping(by="side", labels=("left", "right"), rows=(np.arange(PEOPLE) >= half).astype(np.int16))
    switching = Switching(endings(SHOPS), divide([side], PEOPLE))
    switching.add(page(before), page(after), SAME)
    return switching.table("more")


ROW = st.tuples(
    st.integers(0, PEOPLE - 1), st.sampled_from([fate for fate in Fate if fate <= COUNTED]), st.integers(0, 2),
    st.integers(0, 10**9), st.integers(0, 500), st.integers(0, 500),
)  # fmt: skip


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(ROW, ROW), max_size=40))
def test_the_spending_change_is_the_sum_of_its_parts_to_the_fen(pairs):
    before = [a for a, _ in pairs]
    after = [(a[0], *b[1:]) for a, b in pairs]
    table = counted(before, after)
    inside = (Fate.INSIDE, Fate.DELIVERED)
    change = sum(b[3] + b[4] - b[5] for b in after if b[1] in inside)
    change -= sum(a[3] + a[4] - a[5] for a in before if a[1] in inside)
    parts = spending_parts(table[table["by"] == ""])[["new", "recaptured", "shifted", "lost"]].sum()
    assert parts["new"] + parts["recaptured"] + parts["shifted"] - parts["lost"] == change
    assert table.loc[table["by"] == "", "needs"].sum() == len(pairs)
    assert table.loc[table["by"] == "side", "needs"].sum() == len(pairs)


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [("declined", "inside", "new"), ("unmet", "delivered", "new"), ("home", "inside", "new"),
     ("outside", "inside", "recaptured"), ("inside", "delivered", "shifted"), ("inside", "home", "lost"),
     ("delivered", "outside", "lost"), ("home", "outside", "")],
)  # fmt: skip
def test_a_switch_is_told_by_where_it_comes_from_and_goes(before, after, part):
    assert part_of(before, after) == part


def test_fates_and_formats_are_named():
    table = counted([(0, Fate.INSIDE, 0, 500, 0, 0)], [(0, Fate.DELIVERED, 2, 600, 300, 100)])
    row = table[table["by"] == ""].iloc[0]
    assert (row["from_fate"], row["from_format"], row["to_fate"], row["to_format"]) == (
        "inside", FORMATS[0], "delivered", FORMATS[1],
    )  # fmt: skip
    assert (row["needs"], row["spend_before"], row["spend_after"]) == (1, 500, 800)


def test_money_spent_outside_is_not_money_of_the_circle():
    table = counted([(0, Fate.OUTSIDE, -1, 900, 0, 0)], [(0, Fate.INSIDE, 1, 400, 0, 0)])
    assert table["spend_before"].tolist()[0] == 0
    assert table["spend_after"].tolist()[0] == 400


def test_a_group_under_thirty_is_left_out():
    table = counted([(0, Fate.HOME, -1, 0, 0, 0)], [(0, Fate.INSIDE, 0, 100, 0, 0)], half=29)
    assert set(table["group"]) == {""}
    table = counted([(0, Fate.HOME, -1, 0, 0, 0)], [(0, Fate.INSIDE, 0, 100, 0, 0)], half=30)
    assert set(table["group"]) == {"", "left"}


def waiting(day, waited, fate, facility=-1, price=0):
    """A page of the need of resident 7 so many days after it arose."""
    made = page([(7, fate, facility, price, 0, 0)])
    made.day, made.days_open[0] = day, waited
    return made


def test_a_need_that_ends_on_another_day_is_matched_with_itself():
    switching = Switching(endings(SHOPS), divide([], PEOPLE))
    # Under the baseline shoes wait until Wednesday; under the scenario they are mended on Monday.
    switching.add(waiting(0, 0, Fate.PUT_OFF), waiting(0, 0, Fate.INSIDE, 0, 500), SAME)
    switching.add(waiting(1, 1, Fate.PUT_OFF), waiting(1, 1, Fate.SETTLED), SAME)
    assert len(switching.table("more")) == 0
    switching.add(waiting(2, 2, Fate.INSIDE, 2, 700), waiting(2, 2, Fate.SETTLED), SAME)
    # And the other way round, given up in the end.
    switching.add(waiting(4, 0, Fate.OUTSIDE, -1, 900), waiting(4, 0, Fate.PUT_OFF), SAME)
    switching.add(waiting(5, 1, Fate.SETTLED), waiting(5, 1, Fate.UNMET), SAME)
    # A need whose end lies before the days counted is left out.
    switching.add(waiting(6, 3, Fate.SETTLED), waiting(6, 3, Fate.INSIDE, 0, 100), SAME)
    table = switching.table("more").sort_values("from_fate")
    rows = table[["from_fate", "from_format", "to_fate", "needs", "spend_before", "spend_after"]].values.tolist()
    assert rows == [["inside", FORMATS[1], "inside", 1, 700, 500], ["outside", "", "unmet", 1, 0, 0]]
