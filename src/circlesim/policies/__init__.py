"""Policies: what one may change in a neighbourhood."""

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
from circlesim.policies.registration import POLICIES, registered_policies
from circlesim.policies.services import AttachServices, InstantRetail, PutOnMap, RaiseCapacity
from circlesim.policies.supply import ReserveStock, SupplyShock
from circlesim.policies.support import SupportOutlets
from circlesim.policies.upgrading import JoinChains, MakeStepFree, UpgradeOutlets
from circlesim.policies.visits import HomeVisits
from circlesim.policies.volunteering import VolunteerVisits

__all__ = [
    "POLICIES",
    "AddFacilities",
    "AddPlaces",
    "AttachServices",
    "CapPrices",
    "CaringPosts",
    "CloseGates",
    "DigitaliseOutlets",
    "ExtendHours",
    "FillGaps",
    "HoldEvent",
    "HomeVisits",
    "InstantRetail",
    "JoinChains",
    "KeepCash",
    "LocalHire",
    "MakeStepFree",
    "MealAid",
    "OpenGates",
    "Policy",
    "PutOnMap",
    "RaiseCapacity",
    "RefuseCash",
    "ReserveStock",
    "SelfCheckout",
    "StaffCounters",
    "SupplyShock",
    "SupportOutlets",
    "UpgradeOutlets",
    "VolunteerVisits",
    "registered_policies",
]  # fmt: skip
