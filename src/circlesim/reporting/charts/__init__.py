"""Charts: each answers one question from one table and returns its axes."""
