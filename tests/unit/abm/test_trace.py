"""A resident's day told from the objects is the day the columns ran, with every term of every utility."""

from __future__ import annotations

import math

import mesa
import numpy as np
import pytest

from circlesim import draws
from circlesim.abm import trace as tracing
from circlesim.abm.errand import DELIVERY, HOME_VISIT, WALK_IN
from circlesim.abm.luck import KeyedLuck
from circlesim.abm.objects import state_of
from circlesim.abm.takeover import take_over
from circlesim.abm.town import ObjectTown
from circlesim.abm.trace import Arrival, Choice, Trace, trace_day
from circlesim.errors import RunError
from circlesim.ledger import Fate, Page
from crowded_towns import bedside_town, everything_on, featured_town
from towns import Town, random_town

BUSY = range(24)
MARKS = {WALK_IN: 0, DELIVERY: draws.DELIVERY_MARK, HOME_VISIT: draws.VISIT_MARK}


def told(town: Town, resident: int, day: int = 2) -> Trace:
    stages = (town.stage(),)
    return trace_day(
        town.prepared(), stages, stages, seed=7, replication=0, warmup_days=2, resident=resident, day=day
    )


TOWNS = [random_town(seed, people=20) for seed in BUSY] + [featured_town(s, everything_on(0)) for s in range(12)]


@pytest.mark.parametrize("number", range(len(TOWNS)))
def test_the_terms_of_a_utility_add_up_to_it_and_its_luck_is_the_draw_by_name(number: int) -> None:
    trace = told(TOWNS[number], number % 20)
    for story in trace.needs:
        errand = story.errand
        numbers = trace.town.law.service[errand.service]
        for step in story.steps:
            for option in step.options if isinstance(step, Choice) else ():
                if option.channel not in MARKS or math.isnan(option.utility):
                    continue
                assert math.fsum(option.terms.values()) == pytest.approx(option.utility, abs=1e-12)
                outlet = trace.town.facilities[option.target].id64 ^ MARKS[option.channel]
                u = trace.town.luck.draw(draws.CHOICE, errand.kind, errand.resident.id64, outlet)
                shared = errand.nest_luck.get(2 if option.channel == DELIVERY else 0, 0.0)
                assert option.terms["luck"] == pytest.approx(numbers["tau"] * (draws.gumbel(u) + shared), abs=1e-9)


@pytest.mark.parametrize("seed", BUSY)
def test_what_is_chosen_is_liked_best_of_all_that_could_be_had(seed: int) -> None:
    for story in told(random_town(seed, people=20), seed % 20).needs:
        choices = [step for step in story.steps if isinstance(step, Choice)]
        for choice in choices:
            had = [o.utility for o in choice.options if not math.isnan(o.utility)]
            assert choice.options[choice.chosen].utility == max(had)
        arrivals = [step for step in story.steps if isinstance(step, Arrival)]
        assert len(arrivals) == story.errand.tries
        assert (story.errand.fate <= Fate.DELIVERED) == bool(arrivals and arrivals[-1].barrier == 0)


def test_every_outlet_of_the_service_in_reach_is_told_of_once_a_choice() -> None:
    trace = told(random_town(5, people=20), 5)
    for story in trace.needs:
        for step in story.steps:
            if isinstance(step, Choice):
                pairs = [(o.target, o.channel) for o in step.options]
                assert len(pairs) == len(set(pairs))
                near = {
                    f.row for f, _ in trace.town.within(trace.resident.origin, story.errand.service)
                    if f.offers(story.errand.service)
                }  # fmt: skip
                assert near == {target for target, channel in pairs if channel == WALK_IN}


def test_agents_take_over_all_that_columns_hold() -> None:
    town = random_town(11)
    columns = town.simulation()
    for day in range(-2, 3):
        columns.run_day(day)
    objects = ObjectTown(town.prepared(), town.stage(), KeyedLuck(7, 0), mesa.Model(rng=7))
    take_over(objects, columns.state)
    state = state_of(objects)
    for name in ("performance", "expectation", "equity", "purse", "refused", "free_at", "wait_public"):
        assert np.array_equal(getattr(state, name), getattr(columns.state, name)), name


def test_agents_take_over_what_waits_and_who_is_on_a_list() -> None:
    town = bedside_town(3)
    columns = town.simulation()
    for day in range(-2, 4):
        columns.run_day(day)
    objects = ObjectTown(town.prepared(), town.stage(), KeyedLuck(7, 0), mesa.Model(rng=7))
    take_over(objects, columns.state)
    state = state_of(objects)
    for name in ("pending", "listed", "promised"):
        assert np.array_equal(getattr(state, name), getattr(columns.state, name)), name
    assert columns.state.pending.any()
    assert (columns.state.listed >= 0).any()


def test_a_day_the_engines_disagree_on_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = tracing.written

    def forged(*given: object) -> Page:
        page: Page = honest(*given)  # type: ignore[arg-type]
        page.utility[: page.rows] += 1e-9
        return page

    monkeypatch.setattr(tracing, "written", forged)
    town = random_town(3, people=20)
    someone = int(town.run(range(-2, 3)).columns["resident"][-1])
    with pytest.raises(RunError, match="cannot be trusted"):
        told(town, someone)
