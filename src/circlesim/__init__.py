"""circlesim: who gains and who loses when a neighbourhood changes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circlesim import errors
    from circlesim.catalog.parameters import Parameters, default_parameters
    from circlesim.experiments.claims import Expectation, Law, Side
    from circlesim.experiments.experiment import Experiment
    from circlesim.experiments.laws import check_laws
    from circlesim.experiments.outcomes import Outcomes, read_outcomes
    from circlesim.experiments.scenario import Scenario
    from circlesim.planning.plan import plan
    from circlesim.policies import AddFacilities, ExtendHours, KeepCash, RefuseCash
    from circlesim.world.demo import demo_world
    from circlesim.world.folder import read_world
    from circlesim.world.format_table import read_formats
    from circlesim.world.world import World

    __version__: str

__all__ = [
    "AddFacilities",
    "Expectation",
    "Experiment",
    "ExtendHours",
    "KeepCash",
    "Law",
    "Outcomes",
    "Parameters",
    "RefuseCash",
    "Scenario",
    "Side",
    "World",
    "__version__",
    "check_laws",
    "default_parameters",
    "demo_world",
    "errors",
    "plan",
    "read_formats",
    "read_outcomes",
    "read_world",
]

_ROOMS = {
    "AddFacilities": "policies",
    "Experiment": "experiments.experiment",
    "ExtendHours": "policies",
    "Factorial": "experiments.factorial",
    "FillGaps": "policies",
    "KeepCash": "policies",
    "Outcomes": "experiments.outcomes",
    "Parameters": "catalog.parameters",
    "RefuseCash": "policies",
    "CapPrices": "policies",
    "HomeVisits": "policies",
    "MealAid": "policies",
    "SupportOutlets": "policies",
    "CloseFacilities": "policies",
    "ConvertOutlets": "policies",
    "OpenGates": "policies",
    "CloseGates": "policies",
    "AddPlaces": "policies",
    "ReserveStock": "policies",
    "SupplyShock": "policies",
    "LocalHire": "policies",
    "CaringPosts": "policies",
    "DigitaliseOutlets": "policies",
    "HoldEvent": "policies",
    "VolunteerVisits": "policies",
    "UpgradeOutlets": "policies",
    "JoinChains": "policies",
    "MakeStepFree": "policies",
    "StaffCounters": "policies",
    "SelfCheckout": "policies",
    "AttachServices": "policies",
    "InstantRetail": "policies",
    "PutOnMap": "policies",
    "RaiseCapacity": "policies",
    "Scenario": "experiments.scenario",
    "Expectation": "experiments.claims",
    "Law": "experiments.claims",
    "Side": "experiments.claims",
    "check_laws": "experiments.laws",
    "SurveyDesign": "measures.sampling",
    "World": "world.world",
    "default_parameters": "catalog.parameters",
    "demo_world": "world.demo",
    "plan": "planning.plan",
    "read_formats": "world.format_table",
    "read_outcomes": "experiments.outcomes",
    "read_world": "world.folder",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first touch, so that importing the package costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("circlesim")
    elif name == "errors":
        found = import_module("circlesim.errors")
    elif name in _ROOMS:
        found = getattr(import_module(f"circlesim.{_ROOMS[name]}"), name)
    else:
        raise AttributeError(f"module 'circlesim' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
