"""Config: the only untyped border, where TOML becomes objects."""
