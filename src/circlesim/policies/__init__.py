"""Policies: what one may change in a neighbourhood."""

from circlesim.policies.facilities import AddFacilities
from circlesim.policies.hours import ExtendHours
from circlesim.policies.payment import KeepCash, RefuseCash
from circlesim.policies.policy import Policy
from circlesim.policies.registration import POLICIES, registered_policies

__all__ = ["POLICIES", "AddFacilities", "ExtendHours", "KeepCash", "Policy", "RefuseCash", "registered_policies"]
