"""Measures: outcome formulas, here and nowhere else."""

from circlesim.measures.catalogue import DEFAULT_MEASURES, MEASURE_NAMES, MEASURES, measure_named, measure_table
from circlesim.measures.measure import Measure

__all__ = ["DEFAULT_MEASURES", "MEASURES", "MEASURE_NAMES", "Measure", "measure_named", "measure_table"]
