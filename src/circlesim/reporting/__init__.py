"""Reporting: a run folder told in words, tables, figures and maps, in English and Chinese."""
