"""The day loop over columns."""
