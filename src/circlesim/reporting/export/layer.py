"""Layer: rows with a shape each, ready to be written in any format."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Shape = Literal["Point", "LineString", "Polygon"]

DIGITS = 7
"""Decimals of a degree in results: a centimetre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """
    Rows with a shape each.

    Parameters
    ----------
    name : str
        Name of the file or layer; letters, digits, ``-`` and ``_`` only.
    title : str
        Name for people.
    shape : {"Point", "LineString", "Polygon"}
        Kind of the shapes.
    degrees : ndarray of float64, shape (n, k, 2)
        Longitude and latitude (WGS-84) of the points of each shape: one of a point, two of a line, the corners of
        a polygon against the clock, the first not repeated.
    table : DataFrame
        Columns of the rows.
    shown : str, default: ""
        Column a map colours or sizes by.
    """

    name: str
    title: str
    shape: Shape
    degrees: NDArray[np.float64]
    table: pd.DataFrame
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    A table without shapes.

    Parameters
    ----------
    name : str
        Name of the file; letters, digits, ``-`` and ``_`` only.
    title : str
        Name for people, that of the sheet in a workbook.
    table : DataFrame
        Its columns.
    """

    name: str
    title: str
    table: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """
    All that is exported of one run or world.

    Parameters
    ----------
    title : str
        What it is.
    about : tuple of (str, str)
        What should be known of it: label and text; sources and licences among them.
    layers : tuple of Layer
        For maps.
    sheets : tuple of Sheet
        For spreadsheets.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    layers: tuple[Layer, ...]
    sheets: tuple[Sheet, ...]


def slug(text: str) -> str:
    """
    Turn a name a user chose into one every file system takes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Letters of any script and digits, other characters as ``-``; never empty.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:40] or "x"
