"""The catalogue: the vocabulary of the plan as data, in Chinese and English, with sources."""
