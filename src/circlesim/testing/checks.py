"""Checks: the contract of a policy and of a measure, run on anybody's."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np

from circlesim.catalog.clauses import CLAUSES
from circlesim.catalog.services import SERVICES
from circlesim.draws import hash_ids
from circlesim.errors import CircleSimError, Faults, PolicyError
from circlesim.measures.grouping import Grouping, everybody
from circlesim.measures.measure import DIRECTIONS, KINDS, WORLD_ALONE, Measure, Values
from circlesim.measures.reading import Reading
from circlesim.policies.policy import Policy
from circlesim.policies.registration import POLICIES, registration_faults
from circlesim.policies.reviewing import ReviewingPolicy
from circlesim.schema import FACILITIES
from circlesim.testing.fingerprint import fingerprint
from circlesim.testing.readings import tiny_reading
from circlesim.testing.worlds import without_facilities
from circlesim.world.facilities import Facilities
from circlesim.world.observation import Observation
from circlesim.world.world import World

_FIELD_OF = {"node": "node_row", "delivery_fee": "delivery_fee_fen", "delivery_basket": "delivery_basket_fen",
             "aid": "aid_fen", "rent_month": "rent_yuan_month",
             "support_month": "support_yuan_month"}  # fmt: skip
_ELSEWHERE = frozenset({"streets.locked"})
"""What a policy may change besides facilities, where its `changes` name it."""

MAY_CHANGE: frozenset[str] = frozenset(
    _FIELD_OF.get(column.name, column.name) for column in FACILITIES.columns if column.policy_may_change
) & {each.name for each in fields(Facilities)}
"""Columns of `Facilities` that a policy may change in an outlet that stands; the schema says so."""

_TOML = (str, bool, int, float, date)


def check_policy(policy: Policy, world: World) -> None:
    """
    Check that a policy keeps its contract.

    It leaves its input untouched; gives the same result twice; applied twice it is applied once; its choices of
    where, once fixed, give the same world; it changes only what the schema lets policies change and what it
    declares in `changes`; it survives a world without outlets; dates and costs change neither its content nor its
    ids; after a review it opens what it named beforehand and nothing else; it pickles
    and comes back from its TOML table; its clause is in the catalogue; its class is final and draws from no
    generator that advances.

    Parameters
    ----------
    policy : Policy
        Ours or anybody's.
    world : World
        A world it fits.

    Raises
    ------
    PolicyError
        Listing every promise that is broken.
    """
    faults = Faults(f"{type(policy).__name__} breaks the contract of a policy", PolicyError)
    _check_class(type(policy), faults)
    _check_value(policy, faults)
    before = fingerprint(world)
    result = _attempt("apply", lambda: policy.apply(world), faults)
    if fingerprint(world) != before:
        faults.add("it changes the world it was given", "apply", found=_differing(before, fingerprint(world)))
    elif result is not None:
        _check_result(policy, world, result, faults)
        _check_replay(policy, world, result, faults)
        if isinstance(policy, ReviewingPolicy):
            _check_reviews(policy, world, faults)
    _check_empty(policy, without_facilities(world), faults)
    faults.raise_if_any()


def _attempt(where: str, act: Callable[[], World], faults: Faults) -> World | None:
    """Run a part of a policy; whatever it raises is a fault and not the end of the check."""
    try:
        return act()
    except Exception as error:
        faults.add("it fails on a world it should fit", where, found=f"{type(error).__name__}: {error}")
        return None


def _check_class(kind: type[Policy], faults: Faults) -> None:
    known = {name: each for name, each in POLICIES.items() if each is not kind}
    faults.extend(registration_faults(kind, known, kind.__name__))
    if kind.clause not in {each.clause for each in CLAUSES}:
        faults.add("no such clause in the catalogue", "clause", found=repr(kind.clause), expected="such as 'F52'")
    for parent in kind.__mro__[1:]:
        if issubclass(parent, Policy) and not inspect.isabstract(parent):
            faults.add("classes are abstract or final", "class", found=f"a subclass of {parent.__name__}",
                       expected="a policy that wraps the other one")  # fmt: skip


def _check_value(policy: Policy, faults: Faults) -> None:
    """Dates, pickle and TOML table."""
    start = date(2024, 3, 4)
    other = replace(
        policy, starts=start, ends=start + timedelta(days=6), capital_yuan=1.0, running_yuan_per_month=2.0,
        delay_days=2, shared_cost=0.5,
    )  # fmt: skip
    if other.content_digest != policy.content_digest:
        faults.add("its content changes with its dates or costs", "content_digest")
    for each, how in ((policy, "undated"), (other, "dated")):
        try:
            if pickle.loads(pickle.dumps(each)) != each:
                faults.add("it comes back from a pickle as another one", how)
            table = each.to_dict()
            if type(each).from_dict(table) != each:
                faults.add("it comes back from its table as another one", how, found=table)
        except Exception as error:
            faults.add("it cannot be written and read", how, found=f"{type(error).__name__}: {error}")
            continue
        for key, value in table.items():
            if not all(isinstance(item, _TOML) for item in (value if isinstance(value, list) else [value])):
                faults.add("a value TOML cannot hold", f"to_dict.{key}", found=repr(value))


def _check_result(policy: Policy, world: World, result: World, faults: Faults) -> None:
    """What changed, and whether it may."""
    before, after = fingerprint(world), fingerprint(result)
    for path in sorted(set(before) | set(after)):
        if path.startswith("facilities.") or path in _ELSEWHERE & set(policy.changes):
            continue
        if before.get(path) != after.get(path):
            faults.add(
                "it changes what no policy may change", f"apply, {path}",
                expected="facts of facilities, and gates where it says so",
            )  # fmt: skip
    old, new = world.facilities, result.facilities
    if new.facility[: len(old)].tolist() != old.facility.tolist():
        faults.add("outlets are missing or in another order", "apply, facilities.facility",
                   expected="standing outlets first, as they were; closing one sets its date")  # fmt: skip
        return
    allowed = MAY_CHANGE & set(policy.changes)
    for each in fields(Facilities):
        was, now = getattr(old, each.name), getattr(new, each.name)
        _check_column(each.name, was, now, allowed, faults)
    added = new.take(np.arange(len(old), len(new)))
    if len(added) and "rows" not in policy.changes:
        faults.add("it adds outlets", "apply", found=added.facility.tolist(), expected="'rows' in its changes")
    if not np.array_equal(added.id64, hash_ids(added.facility)) or len(np.unique(new.id64)) < len(new):
        faults.add("ids of new outlets are not hashed from their text, or met before", "apply, facilities.id64")


def _check_column(
    name: str, was: np.ndarray, now: np.ndarray, allowed: frozenset[str] | set[str], faults: Faults
) -> None:
    where = f"apply, facilities.{name}"
    if now.dtype.kind != was.dtype.kind or (was.dtype.kind != "U" and now.dtype != was.dtype):
        faults.add("a column of another type", where, found=now.dtype, expected=str(was.dtype))
    if now.shape[1:] != was.shape[1:]:
        faults.add("a column of another shape", where, found=now.shape[1:], expected=str(was.shape[1:]))
    elif name not in allowed and not _same(was, now[: len(was)]):
        what = (
            "it changes what it does not declare" if name in MAY_CHANGE else "it changes what no policy may change"
        )
        faults.add(what, where, expected="one of " + ", ".join(sorted(allowed)) if allowed else "no change")


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    return bool(np.array_equal(first, second, equal_nan=first.dtype.kind in "fM"))


def _check_replay(policy: Policy, world: World, result: World, faults: Faults) -> None:
    """Twice, once more on top, and with its choices fixed."""
    expected = fingerprint(result)
    fixed = policy
    try:
        fixed = policy.resolve(world)
        if fixed.resolve(world) != fixed:
            faults.add("resolving twice is not resolving once", "resolve")
    except Exception as error:
        faults.add("it cannot be resolved", "resolve", found=f"{type(error).__name__}: {error}")
    if fixed.content_digest != policy.content_digest:
        faults.add("resolving changes its content digest", "resolve", expected="resolved_from=self.content_digest")
    for where, act in (
        ("applied again to the same world", lambda: policy.apply(world)),
        ("applied on top of itself", lambda: policy.apply(result)),
        ("resolved, then applied", lambda: fixed.apply(world)),
        ("resolved, then applied on top of itself", lambda: fixed.apply(result)),
        ("resolved where it is in force already", lambda: policy.resolve(result).apply(world)),
    ):
        again = _attempt(where, act, faults)
        if again is not None and fingerprint(again) != expected:
            faults.add("another world", where, found=_differing(expected, fingerprint(again)))


def _check_reviews(policy: ReviewingPolicy, world: World, faults: Faults) -> None:
    """On a world that was observed, it opens outlets it named beforehand, and the same ones again."""
    fixed = policy.resolve(world)
    shape = len(world.population), len(SERVICES)
    seen = Observation(days=1, lacking=np.ones(shape, np.int64))
    observed = world.as_observed(np.ones(len(world.facilities), bool), seen)
    then = fixed.apply(observed)
    may = {*world.facilities.facility.tolist(), *fixed.possible(world).facilities.facility.tolist()}
    unnamed = sorted(set(then.facilities.facility.tolist()) - may)
    if unnamed:
        faults.add("a review opens outlets it did not name beforehand", "possible", found=", ".join(unnamed))
    if fingerprint(fixed.apply(then)) != fingerprint(then):
        faults.add("another world", "applied on top of itself, after a review")


def _check_empty(policy: Policy, empty: World, faults: Faults) -> None:
    """A world without outlets: a result, or a sentence that says why not."""
    try:
        policy.resolve(empty).apply(empty)
    except PolicyError:
        return
    except Exception as error:
        faults.add(
            "it does not survive a world without outlets", "apply", found=f"{type(error).__name__}: {error}"
        )


def _differing(first: dict[str, str], second: dict[str, str]) -> str:
    return ", ".join(sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path)))


def check_measure(measure: Measure, world: World) -> None:
    """
    Check that a measure keeps its contract.

    Name, unit, direction, kind and definition are filled in; it pickles; it leaves its reading untouched and gives
    the same figures twice; it gives one figure and one head count a group; a group's figure does not depend on the
    order or on the figures of other groups; where nothing was summed, it gives a number or nan and does not fail;
    a measure of the world alone does not look at sums.

    Parameters
    ----------
    measure : Measure
        Ours or anybody's.
    world : World
        Residents and outlets to measure on; sums are made up.

    Raises
    ------
    CircleSimError
        Listing every promise that is broken.
    """
    faults = Faults(f"measure '{measure.name}' breaks the contract of a measure")
    for word in ("name", "unit", "population", "numerator", "denominator", "reference"):
        if not getattr(measure, word):
            faults.add("not filled in", word)
    if measure.direction not in DIRECTIONS:
        faults.add("unknown direction", "direction", found=measure.direction, expected=" | ".join(DIRECTIONS))
    if measure.kind not in KINDS:
        faults.add("unknown kind", "kind", found=measure.kind, expected=" | ".join(KINDS))
    try:
        if pickle.loads(pickle.dumps(measure)) != measure:
            faults.add("it comes back from a pickle as another one", "pickle")
    except Exception as error:
        faults.add("it cannot be pickled", "pickle", found=f"{type(error).__name__}: {error}")
    _check_figures(measure, tiny_reading(world), faults)
    _figures(measure, tiny_reading(world, days=0), everybody(len(world.population)), "no days", faults)
    faults.raise_if_any()


def _check_figures(measure: Measure, reading: Reading, faults: Faults) -> None:
    people = len(reading.population)
    before = fingerprint(reading)
    groups = {
        "everybody": everybody(people),
        "halves": Grouping(by="half", labels=("a", "b"), rows=(np.arange(people) % 2).astype(np.int16)),
        "halves the other way": Grouping(
            by="half", labels=("b", "a"), rows=((np.arange(people) + 1) % 2).astype(np.int16)
        ),
    }
    found = {where: _figures(measure, reading, group, where, faults) for where, group in groups.items()}
    if fingerprint(reading) != before:
        faults.add("it changes its reading", "value", found=_differing(before, fingerprint(reading)))
    whole, halves, turned = found.values()
    if halves is not None and turned is not None and not _same_values(halves, turned, slice(None, None, -1)):
        faults.add("the order of groups changes the figures of groups", "value")
    for where, other in (
        ("value, again", reading),
        ("value, other sums", tiny_reading(_world_of(reading), seed=1)),
    ):
        if where == "value, again" or measure.kind == WORLD_ALONE:
            again = _figures(measure, other, groups["everybody"], where, faults)
            if whole is not None and again is not None and not _same_values(whole, again, slice(None)):
                faults.add("another figure", where)


def _world_of(reading: Reading) -> World:
    return World(name="", streets=reading.streets, population=reading.population, facilities=reading.facilities,
                 currency=reading.currency)  # fmt: skip


def _same_values(first: Values, second: Values, order: slice) -> bool:
    same = np.allclose(first.value, second.value[order], rtol=1e-12, atol=0.0, equal_nan=True)
    return bool(same and np.array_equal(first.n, second.n[order]))


def _figures(measure: Measure, reading: Reading, grouping: Grouping, where: str, faults: Faults) -> Values | None:
    """Take a measure; shapes and failures are faults."""
    try:
        values = measure.value(reading, grouping)
    except CircleSimError as error:
        faults.extend(error.faults)
        return None
    except Exception as error:
        faults.add("it fails", f"value, {where}", found=f"{type(error).__name__}: {error}")
        return None
    if values is None:
        if len(grouping.labels) == 1:
            faults.add("no figure for all residents", f"value, {where}")
        return None
    shape = (len(grouping.labels),)
    if values.value.shape != shape or values.n.shape != shape:
        faults.add("not one figure a group", f"value, {where}", found=(values.value.shape, values.n.shape),
                   expected=str(shape))  # fmt: skip
        return None
    if np.isinf(values.value).any() or (values.n < 0).any():
        faults.add("an infinite figure, or a head count below zero", f"value, {where}")
    return values
