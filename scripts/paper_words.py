"""Words of the model description that no table of the code holds."""

from __future__ import annotations

DRAW_WORDS: dict[str, tuple[str, str]] = {
    "NEED": ("whether a need arises today", "day, service, ordinal, resident"),
    "MINUTE": ("the minute at which it arises", "day, service, ordinal, resident"),
    "BASKET": ("the price of its basket at price level one", "day, service, ordinal, resident"),
    "CHOICE": (
        "Gumbel luck of one alternative",
        "day, service, ordinal, resident, alternative (outlet and channel)",
    ),
    "NEST": (
        "the two positive-stable draws of the nests of outlets and of orders",
        "day, service, ordinal, resident",
    ),
    "TASTE": ("lasting taste of a resident for an outlet", "resident, outlet; no day"),
    "SERVICE_TIME": ("the length of a service", "day, service, ordinal, resident, outlet"),
    "PATIENCE": ("patience on seeing a queue", "day, service, ordinal, resident, outlet"),
    "REFUSAL": ("whether a refusal at the counter ends the errand", "day, service, ordinal, resident, outlet"),
    "SURVEY": (
        "lasting noise in what a resident reports of a service",
        "service, resident; no replication, no day",
    ),
    "SYNTHESIS": ("everything a synthetic world is made of", "seed of the world, a word for the trait, row or id"),
    "SITING": ("places of new outlets where a policy leaves them to chance", "seed of the policy, rank, node"),
    "POLICY": ("outlets a policy picks by share", "seed of the policy, outlet"),
    "ASSUMPTION": ("the Latin hypercube over assumptions", "name of the parameter, number of draws, draw"),
}
"""Purpose to what is drawn and what names the event; one not listed takes the comment behind it in `draws`."""
