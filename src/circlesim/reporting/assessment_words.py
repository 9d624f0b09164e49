"""Assessment words: the verdict of a scorecard as a sentence."""

from __future__ import annotations

from circlesim.reporting.words import Words

GIVEN = ("basic", "improved", "quality")


def grade_sentence(words: Words, grade: str, at_most: str) -> str:
    """
    Say the grade, and what could still be true.

    Parameters
    ----------
    words : Words
        The language.
    grade : str
        A grade, ``below``, ``cannot_say`` or ``no_grades``.
    at_most : str
        Highest grade against which nothing known speaks; may be empty.

    Returns
    -------
    str
        One or two sentences.
    """
    if grade not in GIVEN:
        known = at_most if grade == "cannot_say" else ""
        return words(f"standard.grade.{grade}", at_most=grade_name(words, known) if known else "")
    said = words("standard.grade.given", grade=grade_name(words, grade))
    if at_most == grade:
        return said
    return words.join([said, words("standard.grade.open", at_most=grade_name(words, at_most))], "sentence")


def grade_name(words: Words, grade: str) -> str:
    """
    Name a grade.

    Parameters
    ----------
    words : Words
        The language.
    grade : str
        ``basic``, ``improved`` or ``quality``.

    Returns
    -------
    str
        Its name.
    """
    return words(f"standard.name.{grade}")
