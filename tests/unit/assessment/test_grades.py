"""Grades: what moves them, and how the three instruments can disagree."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.assessment.circle import Circle
from circlesim.assessment.duties import DutyState
from circlesim.assessment.grade import BELOW, CANNOT_SAY, NO_GRADES, scorecard
from circlesim.assessment.path import area_lacking_m2, chain_outlets_lacking, cover, minutes_lacking, shortest_path
from circlesim.assessment.satisfaction import Answers, Reply
from circlesim.assessment.service_quality import ServiceQuality
from circlesim.catalog.service_words import service_figures
from circlesim.catalog.standards import Demands, Duty, Standard

NEAR, FAR = np.array([2.0, 3.0]), np.array([30.0, 40.0])
DUTIES = (
    Duty(name="pharmacy", formats=("pharmacy",), format_class="basic", minutes=10.0),
    Duty(name="laundry", formats=("laundry",), format_class="basic", minutes=10.0),
    Duty(
        name="elder_care", formats=("elder_care_station", "elder_day_care"), format_class="quality", minutes=15.0
    ),
)
GRADES = {
    "basic": Demands(basic=1, access_share=0.5),
    "improved": Demands(basic=2, access_share=0.5, service_quality=0.5),
    "quality": Demands(basic=2, quality=1, access_share=0.5, satisfaction=0.9, satisfaction_rule="top2"),
}


def standard(**changes: object) -> Standard:
    """Three duties and three grades."""
    plain = Standard(
        name="t", title={}, note={}, status="assumption", source="t", grade="D", duties=DUTIES, grades=GRADES
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def quality(score: float) -> ServiceQuality:
    """Every figure at one score."""
    return ServiceQuality({f.figure: f.worst + score * (f.best - f.worst) for f in service_figures()})


def answers(value: float, *, surveyed: bool = True, half: float = 0.01, adults: int = 10_000) -> Answers:
    """One value on every reading."""
    reply = Reply(value=value, low=value - half, high=value + half)
    return Answers(replies=dict.fromkeys(("top1", "top2", "index"), reply), adults=adults, asked=1000,
                   respondents=500, surveyed=surveyed)  # fmt: skip


def circle(*has: str, score: float = 0.9, told: Answers | None = None, **facts: float) -> Circle:
    """A circle that has some duties by name."""
    states = tuple(DutyState(duty, int(duty.name in has), NEAR if duty.name in has else FAR) for duty in DUTIES)
    plain = {"outlets": 10, "chain_share": 0.2, "area_m2_per_100_households": 20.0, **facts}
    return Circle(number=0, residents=2, households=200, states=states, quality=quality(score),
                  answers=told or answers(0.95), **plain)  # type: ignore[arg-type]  # fmt: skip


ALL = ("pharmacy", "laundry", "elder_care")


@pytest.mark.parametrize(
    ("found", "grade"),
    [
        (circle(), BELOW),
        (circle("pharmacy"), "basic"),
        (circle("pharmacy", "laundry"), "improved"),
        (circle(*ALL), "quality"),
        (circle(*ALL, score=0.4), "basic"),
        (circle(*ALL, told=answers(0.8)), "improved"),
    ],
)
def test_the_grade_is_the_highest_whose_conditions_and_those_below_it_are_met(found: Circle, grade: str) -> None:
    assert scorecard(standard(), found).grade == grade


def test_each_instrument_can_be_the_one_that_disagrees() -> None:
    lacks = scorecard(standard(), circle("pharmacy", score=0.9, told=answers(0.95)))
    bad = scorecard(standard(), circle(*ALL, score=0.3, told=answers(0.95)))
    unhappy = scorecard(standard(), circle(*ALL, score=0.9, told=answers(0.7)))
    assert [card.binding.name for card in (lacks, bad, unhappy) if card.binding] == [
        "basic", "service_quality", "satisfaction",
    ]  # fmt: skip


def test_anchored_satisfaction_gives_no_verdict_and_no_grade_that_needs_one() -> None:
    card = scorecard(standard(), circle(*ALL, told=answers(0.99, surveyed=False)))
    assert (card.grade, card.at_most) == ("improved", "quality")
    assert card.binding is not None
    assert (card.binding.result, card.binding.reason) == ("unknown", "anchored")


def test_a_target_without_a_reading_cannot_be_judged() -> None:
    assert answers(0.99).verdict(0.9, None) == ("unknown", "no_rule")


def test_an_interval_that_holds_the_target_is_not_firm() -> None:
    assert answers(0.9, half=0.02).verdict(0.9, "top2") == ("unknown", "not_firm")
    assert answers(0.95, half=0.02).verdict(0.9, "top2") == ("met", "")
    assert answers(0.85, half=0.02).verdict(0.9, "top2") == ("failed", "")


def test_the_sample_for_a_firm_verdict_is_the_textbooks() -> None:
    # (1.96 / 0.05)^2 * 0.95 * 0.05 = 73.0; over a population of ten million; half of those asked answer.
    assert answers(0.95, adults=10_000_000).firm_sample(0.9, "top2") == 146
    assert answers(0.9).firm_sample(0.9, "top2") == np.inf
    # The same with the correction for 100 adults needs 42.2 answers of 84.4 asked.
    assert answers(0.95, adults=100).firm_sample(0.9, "top2") == 85


def test_a_standard_without_grades_gives_none_and_still_names_what_is_missed() -> None:
    card = scorecard(standard(grades={}, gate=Demands(basic=2)), circle("pharmacy"))
    assert card.grade == NO_GRADES
    assert card.binding is not None
    assert card.binding.name == "basic"
    assert [step.format for step in shortest_path(card)] == ["laundry"]


def test_nothing_known_for_the_lowest_grade_cannot_be_said() -> None:
    only = standard(grades={"basic": Demands(service_quality=0.5)})
    assert scorecard(only, circle(*ALL, score=float("nan"))).grade == CANNOT_SAY


def test_mandatory_elder_care_moves_the_grade() -> None:
    must = (*DUTIES[:2], replace(DUTIES[2], mandatory=True))
    strict = standard(duties=must)
    without = circle("pharmacy", "laundry")
    states = tuple(replace(state, duty=duty) for state, duty in zip(without.states, must, strict=True))
    assert scorecard(standard(), without).grade == "improved"
    card = scorecard(strict, replace(without, states=states))
    assert card.grade == BELOW
    assert [step.format for step in shortest_path(card)] == ["elder_care_station"]


def test_chain_share_moves_the_grade_and_says_how_many_outlets_lack() -> None:
    strict = standard(common=Demands(chain_share=0.3))
    few, enough = circle(*ALL), circle(*ALL, chain_share=0.3)
    card = scorecard(strict, few)
    assert (card.grade, scorecard(strict, enough).grade) == (BELOW, "quality")
    # 2 of 10 are chains: 1 more makes 3 of 11 (27 %), 2 more 4 of 12 (33 %).
    assert chain_outlets_lacking(card) == 2


def test_service_space_moves_the_grade_and_says_how_much_lacks() -> None:
    strict = standard(common=Demands(area_m2_per_100_households=30.0))
    card = scorecard(strict, circle(*ALL))
    assert (card.grade, area_lacking_m2(card)) == (BELOW, 20.0)
    assert scorecard(strict, circle(*ALL, area_m2_per_100_households=30.0)).grade == "quality"


FORMATS = ("a", "b", "c", "d", "e")


@st.composite
def lists(draw: st.DrawFn) -> list[DutyState]:
    """Duties that are lacking, over few formats, some of which serve several duties."""
    some = st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3, unique=True)
    count = draw(st.integers(1, 6))
    return [
        DutyState(
            Duty(name=f"d{i}", formats=tuple(draw(some)), format_class=draw(st.sampled_from(["basic", "quality"])),
                 minutes=10.0, mandatory=draw(st.booleans())),
            0, np.array([draw(st.sampled_from([11.0, 14.0, 40.0, np.inf]))]),
        )
        for i in range(count)
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(states=lists(), data=st.data())
def test_the_path_is_as_short_as_the_best_of_all_subsets(states: list[DutyState], data: st.DataObject) -> None:
    there = {name: sum(s.duty.format_class == name for s in states) for name in ("basic", "quality")}
    needed = {name: data.draw(st.integers(0, many)) for name, many in there.items()}

    def enough(chosen: tuple[str, ...]) -> bool:
        met = [s for s in states if set(s.duty.formats) & set(chosen)]
        counts = all(sum(s.duty.format_class == c for s in met) >= n for c, n in needed.items())
        return counts and all(s in met for s in states if s.duty.mandatory)

    shortest = next(n for n in range(6) if any(enough(c) for c in combinations(FORMATS, n)))
    steps = cover(states, needed, 1.0)
    assert len(steps) == shortest
    assert not steps or enough(tuple(step.format for step in steps))


def test_of_equal_paths_the_one_with_fewer_minutes_lacking() -> None:
    near = DutyState(replace(DUTIES[1]), 1, np.array([12.0]))
    far = DutyState(replace(DUTIES[0]), 1, np.array([25.0]))
    assert [step.format for step in cover([far, near], {"basic": 1, "quality": 0}, 1.0)] == ["laundry"]
    assert minutes_lacking(near, 1.0) == 2.0
