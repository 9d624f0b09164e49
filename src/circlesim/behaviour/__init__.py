"""The rules of the law: one equation a function, written once, called by every engine."""
