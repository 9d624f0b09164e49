"""Shared by all rooms; that this file stands here puts `towns` on the import path."""
