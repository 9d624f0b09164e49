"""The words of the first page follow the numbers."""

import pandas as pd
import pytest
from made_up_run import comparison, outlets, switching

from circlesim.reporting.costs import policy_costs
from circlesim.reporting.findings import Tone, Verdict, findings, headlines
from circlesim.reporting.first_page import cards, caveats
from circlesim.reporting.market_sentences import money_sentence, outlets_sentence
from circlesim.reporting.outlets import outlet_changes
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import effect_sentence as sentence_of
from circlesim.reporting.sentences import groups_sentence
from circlesim.reporting.switching import spending_parts
from circlesim.reporting.vocabulary import Vocabulary

EN, ZH = Vocabulary.of("en"), Vocabulary.of("zh")


def effect_sentence(*facts) -> str:
    """The sentence with plain blanks."""
    return sentence_of(*facts).replace("\N{NO-BREAK SPACE}", " ")


PAIR = Pair("new", "old")


def one(
    measure="satisfaction_top2", unit="share", change=0.012, wide=None, luck=0.001, by="", group="", same=0.96
):
    """One finding."""
    low, high = wide or (float("nan"), float("nan"))
    row = {
        "measure": measure, "by": by, "group": group, "baseline": "old", "scenario": "new", "baseline_value": 0.7,
        "value": 0.7 + change, "difference": change, "unit": unit, "n": 900, "ci_low": change - luck,
        "ci_high": change + luck, "assumption_low": low, "assumption_high": high,
        "sign_share": same if wide else float("nan"), "evidence_grade": "D",
    }  # fmt: skip
    return findings(pd.DataFrame([row]), PAIR, EN.quantity)[0]


def test_a_rise_over_all_assumptions_rises_with_its_range_first():
    sentence = effect_sentence(one(wide=(0.004, 0.021)), 50, EN)
    assert sentence.startswith("rises by 0.4 to 2.1 percentage points over 50 sets of assumptions")
    assert "70.0% → 71.2%" in sentence
    assert "96% of the sets agree" in sentence


def test_a_flipped_sign_flips_the_sentence():
    rise, fall = one(wide=(0.004, 0.021)), one(change=-0.012, wide=(-0.021, -0.004))
    assert effect_sentence(fall, 50, EN).startswith("falls by 0.4 to 2.1 percentage points")
    assert effect_sentence(rise, 50, ZH).startswith("在50组假设下上升0.4至2.1个百分点")
    assert effect_sentence(fall, 50, ZH).startswith("在50组假设下下降0.4至2.1个百分点")
    assert (rise.tone, fall.tone) == (Tone.BETTER, Tone.WORSE)


def test_a_range_across_zero_has_no_direction_however_narrow_luck_is():
    found = one(wide=(-0.004, 0.021), luck=0.0001)
    assert found.verdict is Verdict.UNSETTLED
    assert found.tone is Tone.NEUTRAL
    assert "no settled direction: −0.4 to +2.1 percentage points" in effect_sentence(found, 50, EN)
    assert "方向不定" in effect_sentence(found, 50, ZH)


def test_without_draws_the_sentence_claims_the_default_assumptions_only():
    assert (
        effect_sentence(one(), 0, EN)
        == "rises by 1.2 percentage points (70.0% → 71.2%), default assumptions only."
    )
    assert effect_sentence(one(change=-0.012), 0, ZH) == "下降1.2个百分点（由70.0%变为68.8%），仅限默认假设。"


def test_a_change_within_luck_is_no_change_one_can_tell():
    assert "no change that can be told from luck" in effect_sentence(one(luck=0.05), 0, EN)


def test_a_change_that_prints_as_zero_hardly_changes():
    found = one(change=0.00001, luck=0.000001)
    assert found.verdict is Verdict.UNCHANGED
    assert effect_sentence(found, 0, EN).startswith("hardly changes (0.0 percentage points")


@pytest.mark.parametrize(
    ("measure", "change", "tone"),
    [
        ("unmet_share", -0.01, Tone.BETTER), ("unmet_share", 0.01, Tone.WORSE), ("walk_min", 0.5, Tone.WORSE),
        ("met_inside_share", 0.01, Tone.BETTER), ("spend", 0.5, Tone.NEUTRAL), ("made_up", 0.5, Tone.NEUTRAL),
    ],
)  # fmt: skip
def test_better_and_worse_follow_the_direction_of_the_measure(measure, change, tone):
    assert one(measure, change=change).tone is tone


def test_who_gains_and_who_loses_are_different_groups():
    groups = [
        one(by="age_band", group="70-79", change=0.02, wide=(0.01, 0.03)),
        one(by="age_band", group="18-29", change=-0.01, wide=(-0.02, -0.005)),
        one(by="age_band", group="30-39", change=0.01, wide=(-0.02, 0.03)),
        one(by="service", group="breakfast", change=0.2, wide=(0.1, 0.3)),
    ]
    gains, loses = (groups_sentence(groups, tone, EN) for tone in (Tone.BETTER, Tone.WORSE))
    assert gains == "Share satisfied, percentage points: aged 70–79 (+2.0)."
    assert loses == "Share satisfied, percentage points: aged 18–29 (−1.0)."
    assert "18–29岁（−1.0）" in groups_sentence(groups, Tone.WORSE, ZH)


def test_two_measures_that_say_nothing_are_named_together():
    groups = [one(name, by="sex", group="male", change=0.0) for name in ("satisfaction_top2", "unmet_share")]
    assert groups_sentence(groups, Tone.BETTER, EN).startswith(
        "By share satisfied and share of needs unmet, no group"
    )


def test_where_nobody_loses_the_page_says_by_what_it_judged():
    groups = [one(by="sex", group="female", change=0.02, wide=(0.01, 0.03))]
    assert groups_sentence(groups, Tone.WORSE, EN) == (
        "By share satisfied, no group of 30 or more residents loses beyond the range over assumptions."
    )
    alone = [one(by="sex", group="female")]
    assert "beyond luck" in groups_sentence(alone, Tone.WORSE, EN)
    assert "asked for no groups" in groups_sentence([one()], Tone.WORSE, EN)


def test_the_outlets_that_lose_most_are_existing_ones():
    table, places = outlets()
    table = table.merge(places[["facility", "name"]], on="facility")
    changes = outlet_changes(table, Pair("four counters", "as is"), 21)
    assert set(changes.loc[changes["new"], "facility"]) == {"new-1", "new-2"}
    sentence = outlets_sentence(changes, EN)
    assert "4 of 120 existing outlets lose 5%" in sentence
    assert "Shop 2 (" in sentence
    assert "−20%" in sentence
    still = outlet_changes(table, Pair("late evenings", "as is"), 21)
    assert outlets_sentence(still, EN) == "No existing outlet loses as much as one visit in ten days."


def test_the_parts_of_spending_add_up_to_its_change():
    table = switching()
    parts = spending_parts(table, Pair("four counters", "as is")).set_index("part")["spend_change"]
    mine = table[table["scenario"] == "four counters"]
    whole = mine["spend_after"].sum() - mine["spend_before"].sum()
    assert parts["total"] == pytest.approx(whole)
    assert parts[["new", "recaptured", "shifted", "lost"]].sum() == pytest.approx(whole)
    assert parts["new"] > 0 > parts["lost"]


def test_money_is_told_in_the_currency_of_the_data():
    parts = spending_parts(switching(), Pair("four counters", "as is"), 21)
    assert "euro" in money_sentence(parts, "euro", EN)
    assert "欧元" in money_sentence(parts, "euro", ZH)
    assert "yuan" not in money_sentence(parts, "euro", EN)


def test_the_first_measures_of_the_experiment_lead_and_money_welfare_never():
    found = [one(name) for name in ("welfare_money", "spend", "unmet_share", "walk_min", "wait_min", "met_share")]
    assert [each.measure for each in headlines(found)] == ["spend", "unmet_share", "walk_min", "wait_min"]


def test_a_policy_without_a_price_has_no_cost_given(english):
    by_title = {card.title: dict(card.notes) for card in cards(english)}
    assert by_title["‘four counters’ compared with ‘as is’"]["Cost"] == (
        "add outlets: 120,000\N{NO-BREAK SPACE}yuan once, 8,000\N{NO-BREAK SPACE}yuan a month"
    )
    assert by_title["‘late evenings’ compared with ‘as is’"]["Cost"] == "longer opening hours: no cost given"
    assert by_title["‘keep cash’ compared with ‘cashless drift’"]["Cost"] == "keep cash: no cost given"
    assert len(policy_costs(english.run.manifest, "keep cash")) == 2


def test_the_page_says_what_was_held_still_and_what_is_anchored(english):
    text = " ".join(sentence for _, sentence in caveats(english))
    for word in ("Prices, rents, need rates and tastes", "partial-equilibrium", "anchored", "50 draws"):
        assert word in text


def test_the_card_of_each_comparison_follows_its_own_numbers(english):
    tones = {card.title: [effect.verdict for effect in card.effects] for card in cards(english)}
    assert tones["‘four counters’ compared with ‘as is’"][0] is Verdict.RISES
    assert tones["‘cashless drift’ compared with ‘as is’"][0] is Verdict.FALLS
    assert all(verdicts[1] is Verdict.UNSETTLED for verdicts in tones.values())
    assert len(tones) == comparison()["scenario"].nunique()
