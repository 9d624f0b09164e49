"""Registration: the policies that experiment files can name, ours and those of other packages."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from circlesim.errors import Fault, Faults, PolicyError
from circlesim.policies.counters import SelfCheckout, StaffCounters
from circlesim.policies.day_care import AddPlaces
from circlesim.policies.digital import DigitaliseOutlets
from circlesim.policies.events import HoldEvent
from circlesim.policies.facilities import AddFacilities
from circlesim.policies.gap_filling import FillGaps
from circlesim.policies.gates import CloseGates, OpenGates
from circlesim.policies.hiring import CaringPosts, LocalHire
from circlesim.policies.hours import ExtendHours
from circlesim.policies.payment import KeepCash, RefuseCash
from circlesim.policies.policy import Policy
from circlesim.policies.prices import CapPrices, MealAid
from circlesim.policies.services import AttachServices, InstantRetail, PutOnMap, RaiseCapacity
from circlesim.policies.supply import ReserveStock, SupplyShock
from circlesim.policies.support import SupportOutlets
from circlesim.policies.upgrading import JoinChains, MakeStepFree, UpgradeOutlets
from circlesim.policies.visits import HomeVisits
from circlesim.policies.volunteering import VolunteerVisits

BUILT_IN: tuple[type[Policy], ...] = (
    AddFacilities, KeepCash, RefuseCash, ExtendHours, MealAid, CapPrices, HomeVisits,
    SupportOutlets, OpenGates, CloseGates, SupplyShock, ReserveStock, LocalHire, CaringPosts, AddPlaces,
    UpgradeOutlets, JoinChains, MakeStepFree, StaffCounters, SelfCheckout, AttachServices, InstantRetail,
    PutOnMap, RaiseCapacity, HoldEvent, VolunteerVisits, DigitaliseOutlets, FillGaps,
)  # fmt: skip
"""The policies of the package."""

POLICIES: Mapping[str, type[Policy]] = {policy.name: policy for policy in BUILT_IN}
"""Key in an experiment file to class, for the policies of the package."""

GROUP = "circlesim.policies"
"""Entry-point group in which another package names its policies."""

_KEYED = "circlesim.draws.uniforms(seed, POLICY, ...), keyed by ids"


def registered_policies() -> dict[str, type[Policy]]:
    """
    List all policies that an experiment file can name.

    Returns
    -------
    dict of str to type of Policy
        The package's own first, then those of the entry-point group ``circlesim.policies``.

    Raises
    ------
    PolicyError
        Listing every third-party policy that cannot be loaded, is no policy, takes a name in use, or draws from
        a generator that advances.
    """
    known = dict(POLICIES)
    faults = Faults("policies of other packages cannot be used", PolicyError)
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        where = f"entry point {entry.name} = {entry.value}"
        policy = _loaded(entry, where, faults)
        if policy is None:
            continue
        found = list(registration_faults(policy, known, where))
        faults.extend(found)
        if not found:
            known[policy.name] = policy
    faults.raise_if_any()
    return known


def _loaded(entry: EntryPoint, where: str, faults: Faults) -> type[Policy] | None:
    try:
        policy = entry.load()
    except Exception as error:
        faults.add("cannot be imported", where, found=f"{type(error).__name__}: {error}")
        return None
    if not (inspect.isclass(policy) and issubclass(policy, Policy)) or inspect.isabstract(policy):
        faults.add("not a policy", where, found=repr(policy), expected="a final subclass of circlesim Policy")
        return None
    return policy


def registration_faults(
    policy: type[Policy], known: Mapping[str, type[Policy]], where: str = ""
) -> Iterator[Fault]:
    """
    Check whether a policy of another package may be used.

    Parameters
    ----------
    policy : type of Policy
        The class.
    known : mapping of str to type of Policy
        Names in use.
    where : str, default: ""
        Entry point, for the message.

    Yields
    ------
    Fault
        Everything against it.
    """
    where = where or f"{policy.__module__}.{policy.__qualname__}"
    if not policy.name.isidentifier():
        yield Fault(what="the policy has no usable name", where=where, found=repr(policy.name),
                    expected="name = 'words_joined_by_underscores'")  # fmt: skip
    elif policy.name in known and known[policy.name] is not policy:
        yield Fault(what="the name is in use", where=where, found=repr(policy.name),
                    expected="a name other than " + ", ".join(known))  # fmt: skip
    try:
        source = inspect.getsource(inspect.getmodule(policy) or policy)
    except (OSError, TypeError):
        yield Fault(what="the source cannot be read, so its randomness cannot be checked", where=where)
        return
    for line, words in raw_randomness(source):
        yield Fault(what="draws from a generator that advances", where=f"{where}, line {line}", found=words,
                    expected=_KEYED)  # fmt: skip


def raw_randomness(source: str) -> list[tuple[int, str]]:
    """
    Find the use of ``random``, ``secrets`` or ``numpy.random`` in a source text.

    Parameters
    ----------
    source : str
        Python source.

    Returns
    -------
    list of tuple of int and str
        Line and what stands there.
    """
    tree = ast.parse(source)
    arrays = {alias.asname or "numpy" for node in ast.walk(tree) if isinstance(node, ast.Import)
              for alias in node.names if alias.name.split(".")[0] == "numpy"}  # fmt: skip
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, f"import {a.name}") for a in node.names if _is_raw(a.name)}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {(node.lineno, f"from {node.module} import {name.rsplit('.', 1)[1]}")
                      for name in names if _is_raw(name)}  # fmt: skip
        elif (
            isinstance(node, ast.Attribute) and node.attr == "random"
            and isinstance(node.value, ast.Name) and node.value.id in arrays
        ):  # fmt: skip
            found.add((node.lineno, f"{node.value.id}.random"))
    return sorted(found)


def _is_raw(module: str) -> bool:
    parts = module.split(".")
    return parts[0] in ("random", "secrets") or parts[:2] == ["numpy", "random"]
