"""Needed: the measures a scorecard reads out of a run."""

from __future__ import annotations

from circlesim.assessment.satisfaction import READINGS
from circlesim.assessment.service_quality import RUN_MEASURES

MEASURES: tuple[str, ...] = (*(name for name, _ in READINGS.values()), *RUN_MEASURES)
"""An experiment file that names a standard measures these besides its own."""
