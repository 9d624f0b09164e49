"""Fields of policies: what is refused, what is equal, when they are in force."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from circlesim.errors import PolicyError
from circlesim.policies import POLICIES, AddFacilities, ExtendHours, KeepCash, RefuseCash


def faults_of(make, **table):
    with pytest.raises(PolicyError) as caught:
        make(table)
    return {fault.where: fault for fault in caught.value.faults}


def test_all_faults_of_a_policy_are_told_at_once():
    faults = faults_of(
        AddFacilities.from_dict, format="brekfast_shop", count=0, siting="larges_gap", quality=1.5, capasity=3,
        hours="Mo-Su 25:00-26:00", starts=date(2024, 3, 11), ends=date(2024, 3, 4),
    )  # fmt: skip
    assert {where.split(".")[1] for where in faults} == {
        "format", "count", "siting", "quality", "capasity", "hours", "ends",
    }  # fmt: skip
    assert "breakfast_shop" in faults["add_facilities.format"].hint
    assert "largest_gap" in faults["add_facilities.siting"].hint


@pytest.mark.parametrize(
    ("policy", "table", "where", "words"),
    [
        (AddFacilities, {"count": 2}, "format", "missing"),
        (AddFacilities, {"format": "gym", "count": "2"}, "count", "wrong kind"),
        (AddFacilities, {"format": "gym", "count": True}, "count", "wrong kind"),
        (AddFacilities, {"format": "gym", "count": 2.0}, "count", "wrong kind"),
        (AddFacilities, {"format": "gym", "count": 2, "price_level": 0}, "price_level", "too small"),
        (AddFacilities, {"format": "gym", "count": 2, "price_level": float("nan")}, "price_level", "finite"),
        (AddFacilities, {"format": "gym", "count": 2, "servers": 0}, "servers", "too small"),
        (AddFacilities, {"format": "gym", "count": 2, "seed": -1}, "seed", "too small"),
        (AddFacilities, {"format": "gym", "count": 2, "hours": "09:00-08:00"}, "hours", "closing before opening"),
        (AddFacilities, {"format": "gym", "count": 2, "sites": [1, 2]}, "siting", "sites are given"),
        (AddFacilities, {"format": "gym", "count": 2, "siting": "given", "sites": [1]}, "sites", "one site"),
        (AddFacilities, {"format": "gym", "count": 2, "within_min": 5}, "within_min", "no effect"),
        (KeepCash, {"formats": ["libary"]}, "formats", "unknown format"),
        (KeepCash, {"formats": "library"}, "formats", "a list is needed"),
        (KeepCash, {"formats": ["library", "library"]}, "formats", "twice"),
        (KeepCash, {"capital_yuan": -5}, "capital_yuan", "too small"),
        (KeepCash, {"starts": "2024-03-11"}, "starts", "wrong kind"),
        (KeepCash, {"starts": datetime(2024, 3, 11, 8)}, "starts", "wrong kind"),
        (RefuseCash, {}, "share", "missing"),
        (RefuseCash, {"share": 30}, "share", "not a share"),
        (RefuseCash, {"share": -0.1}, "share", "not a share"),
        (ExtendHours, {}, "close", "neither"),
        (ExtendHours, {"close": "25:00"}, "close", "no such time"),
        (ExtendHours, {"close": "22.00"}, "close", "no such time"),
        (ExtendHours, {"open": "07:60"}, "open", "no such time"),
        (ExtendHours, {"open": "10:00", "close": "09:00"}, "close", "closing before opening"),
        (ExtendHours, {"close": "22:00", "days": ["Mon"]}, "days", "unknown day"),
        (ExtendHours, {"close": "22:00", "days": []}, "days", "no day"),
    ],
)
def test_a_faulty_field_is_named(policy, table, where, words):
    faults = faults_of(policy.from_dict, **table)
    assert words in faults[f"{policy.name}.{where}"].what


def test_a_percentage_is_taken_for_a_slip():
    assert "0.3" in faults_of(RefuseCash.from_dict, share=30)["refuse_cash.share"].hint


def test_a_closing_up_to_six_lies_after_midnight():
    assert ExtendHours(open="18:00", close="02:00").close == "02:00"


def test_a_policy_is_in_force_from_its_first_to_its_last_day():
    policy = KeepCash(starts=date(2024, 3, 11), ends=date(2024, 3, 12))
    days = [date(2024, 3, day) for day in (10, 11, 12, 13)]
    assert [policy.active_on(day) for day in days] == [False, True, True, False]


def test_an_undated_policy_is_always_in_force():
    assert KeepCash().active_on(date(1999, 1, 1))
    assert KeepCash(ends=date(2024, 3, 4)).active_on(date(1999, 1, 1))


def test_dates_and_costs_do_not_change_ids():
    plain = AddFacilities(format="gym", count=2)
    dated = replace(plain, starts=date(2024, 3, 11), ends=date(2024, 4, 1), capital_yuan=9.0)
    assert dated.ids == plain.ids


def test_any_other_field_changes_ids():
    plain = AddFacilities(format="gym", count=2)
    changes = [{"count": 3}, {"seed": 1}, {"siting": "random"}, {"format": "pool"}, {"servers": 9},
               {"hours": "24/7"}, {"quality": 0.9}, {"price_level": 1.1}]  # fmt: skip
    others = [replace(plain, **change) for change in changes]
    assert len({policy.ids[0] for policy in [plain, *others]}) == len(others) + 1


def test_an_id_tells_format_digest_and_rank():
    first, second = AddFacilities(format="breakfast_shop", count=2).ids
    head, digest, rank = first.rsplit("-", 2)
    assert (head, len(digest), rank) == ("add-breakfast_shop", 10, "1")
    assert second == f"{head}-{digest}-2"


def test_ids_stay_the_same_between_versions():
    # A change here changes the luck of every published scenario with new outlets.
    assert AddFacilities(format="breakfast_shop", count=4).ids[0] == "add-breakfast_shop-f6e7198f4a-1"


def test_the_same_content_is_equal_however_it_was_written():
    assert KeepCash(formats=["gym"]) == KeepCash(formats=("gym",))
    one = AddFacilities(format="gym", count=np.int64(2), price_level=1)
    assert one == AddFacilities(format="gym", count=2, price_level=1.0)
    assert one.ids == AddFacilities(format="gym", count=2, price_level=1.0).ids
    assert hash(one) == hash(AddFacilities(format="gym", count=2, price_level=1.0))


def test_a_table_holds_only_what_was_said():
    table = {"formats": ["library"], "close": "22:00", "starts": date(2024, 3, 11)}
    assert ExtendHours.from_dict(table).to_dict() == table


def test_an_error_of_a_policy_travels_between_processes():
    with pytest.raises(PolicyError) as caught:
        RefuseCash(share=30)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_keys_of_experiment_files_name_the_classes():
    assert {key: kind.__name__ for key, kind in POLICIES.items()} == {
        "add_facilities": "AddFacilities", "keep_cash": "KeepCash", "refuse_cash": "RefuseCash",
        "extend_hours": "ExtendHours", "meal_aid": "MealAid", "cap_prices": "CapPrices",
        "home_visits": "HomeVisits", "support_outlets": "SupportOutlets",
        "open_gates": "OpenGates", "close_gates": "CloseGates",
        "supply_shock": "SupplyShock", "reserve_stock": "ReserveStock",
        "add_places": "AddPlaces",
        "local_hire": "LocalHire", "caring_posts": "CaringPosts",
        "upgrade_outlets": "UpgradeOutlets",
        "join_chains": "JoinChains",
        "make_step_free": "MakeStepFree",
        "staff_counters": "StaffCounters",
        "self_checkout": "SelfCheckout",
        "attach_services": "AttachServices",
        "instant_retail": "InstantRetail",
        "put_on_map": "PutOnMap",
        "raise_capacity": "RaiseCapacity",
        "hold_event": "HoldEvent", "volunteer_visits": "VolunteerVisits",
        "digitalise_outlets": "DigitaliseOutlets", "fill_gaps": "FillGaps",
    }  # fmt: skip
