"""Fingerprint: what a frozen table of arrays holds, byte for byte, to see whether anything touched it."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np


def fingerprint(value: object) -> dict[str, str]:
    """
    Digest every leaf of a dataclass of arrays.

    Parameters
    ----------
    value : dataclass
        Such as `World`, `Reading`, `Facilities`; nested ones are gone into. Fields that do not take part in
        comparison, such as what was reckoned once and kept, are passed over.

    Returns
    -------
    dict of str to str
        Dotted path to digest; equal where dtype, shape and bytes are (text by its characters, not its width).
    """
    found: dict[str, str] = {}
    if not is_dataclass(value):
        raise TypeError(f"no dataclass: {type(value).__name__}")
    for each in fields(value):
        if not each.compare:
            continue
        item = getattr(value, each.name)
        if is_dataclass(item) and not isinstance(item, type):
            found |= {f"{each.name}.{path}": digest for path, digest in fingerprint(item).items()}
        else:
            found[each.name] = _digest(item)
    return found


def _digest(item: object) -> str:
    if isinstance(item, np.ndarray) and item.dtype.kind != "U":
        head = f"{item.dtype.str}{item.shape}".encode()
        return hashlib.sha256(head + np.ascontiguousarray(item).tobytes()).hexdigest()
    return hashlib.sha256(repr(item.tolist() if isinstance(item, np.ndarray) else item).encode()).hexdigest()
