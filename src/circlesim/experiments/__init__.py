"""Experiments: scenarios, design, runner, store, comparison."""
