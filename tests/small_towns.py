"""Hypothesis strategies over the random towns of `towns`: shrinking makes a town smaller."""

from __future__ import annotations

from hypothesis import strategies as st

from circlesim.engine.mechanisms import Mechanisms, memoryless
from towns import random_town

seeds = st.integers(0, 1_000_000)

feedback_towns = st.builds(
    random_town, seeds, st.integers(1, 60), st.integers(0, 14),
    st.builds(Mechanisms, capacity=st.booleans(), memory=st.booleans(), budget=st.booleans(), clock=st.booleans()),
)  # fmt: skip
"""Towns with any mechanisms switched on."""

memoryless_towns = st.builds(random_town, seeds, st.integers(1, 60), st.integers(0, 14), st.just(memoryless()))
"""Towns in which needs do not touch each other: the condition of the laws of attraction."""

DAYS = range(3, 9)
"""Thursday to Tuesday: weekdays, a weekend, and a Monday with its refill."""
