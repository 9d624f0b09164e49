"""Synthesis: where synthetic people and towns are made."""

from circlesim.world.census_people import CensusPeople, HouseholdTable, synthesise_from_census
from circlesim.world.city import CIRCLES, city
from circlesim.world.old_town import OLD_TOWN_SEED, old_town
from circlesim.world.synthetic_population import synthesise_population, with_traits_redrawn

__all__ = [
    "CIRCLES",
    "OLD_TOWN_SEED",
    "CensusPeople",
    "HouseholdTable",
    "city",
    "old_town",
    "synthesise_from_census",
    "synthesise_population",
    "with_traits_redrawn",
]
