"""The Mesa face: a `mesa.Model` on the engine, and the same law with one object per resident."""
