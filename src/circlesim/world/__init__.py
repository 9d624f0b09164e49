"""The world: streets, residents and outlets, and how they are read, written and made."""
