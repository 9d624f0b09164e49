import pytest

from circlesim.catalog.bands import bands
from circlesim.catalog.clauses import CLAUSES, PLAN, clause
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.labels import kinds, label
from circlesim.catalog.services import SERVICES
from circlesim.errors import ConfigError
from circlesim.ledger import BARRIERS, Fate
from circlesim.world.groups import GROUP_LABELS

MEASURES = (
    "satisfaction_top1", "satisfaction_top2", "satisfaction_index", "spend", "spend_outside", "met_inside_share",
    "met_share", "unmet_share", "declined_share", "pushed_out_share", "walk_min", "wait_min", "delivered_share",
    "refused_share", "welfare_min", "welfare_money", "coverage", "jobs", "facility_profit", "public_cost",
    "access_gini", "access_concentration", "met_inside_gini", "met_inside_concentration", "group_gap",
    "jobs_needed", "jobs_local", "jobs_reserved", "nuisance_share", "outlets_trading",
)  # fmt: skip
POLICIES = ("add_facilities", "keep_cash", "refuse_cash", "extend_hours", "meal_aid", "cap_prices",
            "home_visits", "support_outlets", "open_gates", "close_gates", "supply_shock",
            "reserve_stock", "add_places", "local_hire", "caring_posts",
            "upgrade_outlets", "join_chains", "make_step_free", "staff_counters", "self_checkout",
            "attach_services", "instant_retail", "put_on_map", "raise_capacity",
            "hold_event", "volunteer_visits", "digitalise_outlets", "fill_gaps")  # fmt: skip


def test_every_id_that_a_report_shows_has_words_in_both_languages():
    groups = [group for labels in GROUP_LABELS.values() for group in labels]
    fates = [fate.name.lower() for fate in Fate]
    barriers = [str(barrier.name) for barrier in BARRIERS]
    for identifier in (*FORMATS, *SERVICES, *MEASURES, *POLICIES, *GROUP_LABELS, *groups, *barriers, *fates):
        assert label(identifier, "zh") != identifier, identifier
        assert "_" not in label(identifier, "en"), identifier


def test_chinese_labels_hold_chinese():
    for name in FORMATS:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in label(name, "zh")), name


def test_a_shop_and_the_service_it_offers_may_share_an_id_but_not_a_word():
    assert label("pharmacy", "zh") == format_row("pharmacy").zh == "药店"
    assert label("pharmacy", "zh", kind="service") == "购药"


def test_an_id_without_words_stands_for_itself():
    assert label("r00001", "zh") == "r00001"


def test_an_unknown_language_or_kind_is_refused():
    with pytest.raises(ConfigError, match="en, zh"):
        label("spend", "fr")
    with pytest.raises(ConfigError, match="service"):
        label("spend", kind="servce")
    assert "service" in kinds()


def test_the_plans_clauses_are_quoted_with_their_section():
    assert {one.clause for one in CLAUSES} >= {"F02", "F16", "F21", "F23", "F25", "F31", "F52"}
    assert clause("F16").section == "三(二)"
    assert "早餐" in clause("F16").zh
    assert clause("F25").policies == ("keep_cash", "refuse_cash")
    assert "401" in PLAN
    with pytest.raises(ConfigError, match="F16"):
        clause("F166")


def test_clauses_name_only_formats_of_policies_that_exist():
    assert {policy for one in CLAUSES for policy in one.policies} == set(POLICIES)


def test_every_band_has_a_range_a_source_and_says_whether_the_town_was_built_to_it():
    for band in bands():
        assert band.low <= band.high, band
        assert len(band.source) > 5, band
        assert band.grade in "ABCD", band
        assert band.unit, band
        assert band.service in ("", *SERVICES)
        assert band.format in ("", *FORMATS)
    assert {band.built_to for band in bands()} == {True, False}


def test_no_two_bands_are_about_the_same_figure():
    keys = [(band.quantity, band.service, band.format, band.bin) for band in bands()]
    assert len(keys) == len(set(keys))
