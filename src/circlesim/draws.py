"""
Randomness by name, not by turn.

A draw is a pure function of (root seed, replication, purpose, and the ids that name the event). Nothing holds
a generator that advances, so order, threads, chunking and unrelated policies cannot change a draw.

The hash is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195, constants of
Stafford's variant 13), chained once per word of the key.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from circlesim.compiled import compiled

UInt64Array = NDArray[np.uint64]
FloatArray = NDArray[np.float64]

# Purposes are never renumbered and never reused: a new mechanism takes a new number.
NEED = 1
MINUTE = 2
BASKET = 3
CHOICE = 4
NEST = 5
TASTE = 6
SERVICE_TIME = 7
PATIENCE = 8
REFUSAL = 9
SURVEY = 10
AWARE = 11  # how readily a resident hears of an outlet
RENEGE = 12  # how long who stands in a line waits
WEATHER = 13  # what lies on the street on a day
ERRAND = 14  # what an errand costs each member of a household
VISITORS = 15  # how many customers from elsewhere come to an outlet, when, and for how long
RESERVE = 16  # what an operator begins with
SHOCK = 17  # good or bad luck of an operator in a month
LET = 18  # whether vacant premises find an operator in a month
ASSIST = 19  # whether somebody of the household orders for a resident
EAT_IN = 20  # whether a meal is eaten at table
AT_TABLE = 21  # how long
APPLY = 22  # who applies for a place in day care
ALLOT = 23  # in which order those who wait are served
SAMPLE = 30  # whom a survey asks
RESPONSE = 31  # who of those asked answers
SYNTHESIS = 100
SITING = 101
POLICY = 102
ASSUMPTION = 103

# Alternatives that are no facility, and the marks of the channels of delivery and home visit in a key of luck.
HOME_ID = 0xFFFFFFFF00000001
OUTSIDE_ID = 0xFFFFFFFF00000002
FORGO_ID = 0xFFFFFFFF00000003
DELIVERY_MARK = 0x5D0F6E2A9B3C4711
VISIT_MARK = 0x3C79AC492BA7B653

_M1 = 0xBF58476D1CE4E5B9
_M2 = 0x94D049BB133111EB
_GOLDEN = 0x9E3779B97F4A7C15
_C1 = 0xD1342543DE82EF95
_C2 = 0x2545F4914F6CDD1D
_MASK = 0xFFFFFFFFFFFFFFFF
_HALF_STEP = 2.0**-53


@compiled("uint64(uint64)")
def mix(z: Any) -> Any:
    """Scramble 64 bits so that each input bit moves half of the output bits."""
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@compiled("uint64(uint64,uint64)")
def chain(key: Any, word: Any) -> Any:
    """Add one word to a key."""
    return mix(key ^ (word * uint64(0x9E3779B97F4A7C15) + uint64(0xD1342543DE82EF95)))


@compiled("uint64(uint64,uint64,uint64,uint64,uint64,uint64)")
def event_key(root: Any, replication: Any, purpose: Any, day: Any, service: Any, ordinal: Any) -> Any:
    """Name an event up to the resident and the facility."""
    key = chain(chain(mix(root + uint64(0x9E3779B97F4A7C15)), replication), purpose)
    return chain(chain(key, day), service * uint64(64) + ordinal)


@compiled("float64(uint64)")
def unit(bits: Any) -> Any:
    """Turn 64 random bits into a number strictly inside (0, 1)."""
    return (float(bits >> uint64(12)) + 0.5) * 2.220446049250313e-16


@compiled("float64(float64)")
def gumbel(u: Any) -> Any:
    """Standard Gumbel luck from a uniform."""
    return -math.log(-math.log(u))


@compiled("float64(float64)")
def exponential(u: Any) -> Any:
    """Exponential luck of mean one from a uniform."""
    return -math.log(u)


@compiled("float64(float64)")
def normal(u: Any) -> Any:
    """Standard normal luck from a uniform (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                 + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
               + 133.14166789178437745) * r + 3.387132872796366608  # fmt: skip
        low = ((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                 + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0  # fmt: skip
        return q * top / low
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                 + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
               + 4.6303378461565452959) * r + 1.42343711074968357734  # fmt: skip
        low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                 + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
               + 2.05319162663775882187) * r + 1.0  # fmt: skip
    else:
        r -= 5.0
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                 + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
               + 5.4637849111641143699) * r + 6.6579046435011037772  # fmt: skip
        low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                 + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
               + 0.59983220655588793769) * r + 1.0  # fmt: skip
    z = top / low
    return -z if q < 0.0 else z


@compiled("float64(float64,float64,float64)")
def log_stable(u: Any, v: Any, tau: Any) -> Any:
    """
    Logarithm of a positive stable variable with ``E exp(-t S) = exp(-t**tau)``.

    Kanter (1975), doi 10.1214/aop/1176996309. With it ``tau * (Gumbel + ln S)`` is the error of a nested logit.
    """
    if tau >= 1.0:
        return 0.0
    angle = math.pi * u
    wait = -math.log(v)
    first = math.log(math.sin(tau * angle)) - math.log(math.sin(angle)) / tau
    second = (1.0 - tau) / tau * (math.log(math.sin((1.0 - tau) * angle)) - math.log(wait))
    return first + second


def hash_id(text: str) -> int:
    """
    Hash an id of a file to the 64 bits that order and draws use.

    Parameters
    ----------
    text : str
        The id as it stands in the file.

    Returns
    -------
    int
        An unsigned 64-bit number.
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def hash_ids(texts: Iterable[str]) -> UInt64Array:
    """
    Hash many ids; see `hash_id`.

    Parameters
    ----------
    texts : iterable of str
        Ids, shape (n,).

    Returns
    -------
    ndarray of uint64, shape (n,)
        One hash per id.
    """
    return np.array([hash_id(str(text)) for text in texts], dtype=np.uint64)


def _mix_array(z: UInt64Array) -> UInt64Array:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_M1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_M2)
    return z ^ (z >> np.uint64(31))


def chain_array(key: UInt64Array | int, word: UInt64Array | int) -> UInt64Array:
    """
    Add one word to each of many keys: `chain`, bit for bit, in NumPy.

    Parameters
    ----------
    key, word : ndarray of uint64 or int
        Arrays that broadcast against each other.

    Returns
    -------
    ndarray of uint64
        The new keys.
    """
    key = np.asarray(key, dtype=np.uint64)
    word = np.asarray(word, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return _mix_array(key ^ (word * np.uint64(_GOLDEN) + np.uint64(_C1)))


def uniforms(root: int, purpose: int, *words: UInt64Array | int) -> FloatArray:
    """
    Draw uniforms by name, in NumPy; for building worlds and for policies.

    Parameters
    ----------
    root : int
        Root seed.
    purpose : int
        One of the purpose constants of this module.
    *words : ndarray of uint64 or int
        What names the event: ids and small numbers, broadcast against each other.

    Returns
    -------
    ndarray of float64
        Values strictly inside (0, 1).
    """
    with np.errstate(over="ignore"):
        key = _mix_array(np.asarray((root + _GOLDEN) & _MASK, dtype=np.uint64))
    key = chain_array(key, purpose)
    for word in words:
        key = chain_array(key, word)
    return ((key >> np.uint64(12)).astype(np.float64) + 0.5) * (2 * _HALF_STEP)
