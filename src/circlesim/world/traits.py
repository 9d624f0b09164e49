"""Traits: what residents can do and hold, tied by one latent disadvantage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.world.population import INCOME_BANDS, Means, Mobility, Schedule

Floats = NDArray[np.float64]
Ages = NDArray[np.int16]

_BANDS = np.array([0, 12, 18, 35, 50, 60, 70, 80])
"""First ages within which shares are met to the nearest whole person."""
_SCHEDULE_BANDS = np.array([0, 18, 23, 35, 50, 60, 70])
_FIRST_ERRAND = 12
_ADULT = 18
_SPEED_LIMITS_M_S = (0.3, 2.2)

# Words of the keys of this module.
_LATENT, _MOBILITY, _SCREEN, _CASH, _CARD, _INCOME, _SCHEDULE, _SPEED, _TOLERANCE, _CHRONIC = range(40, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """
    Traits of residents, as columns of `Population`.

    Parameters
    ----------
    mobility, schedule, income_band, means_owned, means_carried, digital, chronic : ndarray of uint8, shape (R,)
        See `Population`.
    speed_m_per_min, tolerance_min : ndarray of float64, shape (R,)
        See `Population`.
    budget_fen : ndarray of int64, shape (R,)
        See `Population`.
    """

    mobility: NDArray[np.uint8]
    schedule: NDArray[np.uint8]
    income_band: NDArray[np.uint8]
    means_owned: NDArray[np.uint8]
    means_carried: NDArray[np.uint8]
    digital: NDArray[np.uint8]
    chronic: NDArray[np.uint8]
    speed_m_per_min: Floats
    tolerance_min: Floats
    budget_fen: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Luck:
    """The keyed luck of a set of residents, and how far one latent factor ties it."""

    ids: NDArray[np.uint64]
    age: Ages
    correlation: float
    seed: int

    def normal(self, word: int) -> Floats:
        from scipy.special import ndtri

        luck: Floats = ndtri(draws.uniforms(self.seed, draws.SYNTHESIS, word, self.ids))
        return luck

    def rank(self, word: int, bands: NDArray[np.int64] = _BANDS, *, tied: bool = True) -> Floats:
        """Rank in 0..1 within the age band; 1 is the most disadvantaged of the band."""
        score = self.normal(word)
        if tied:
            score = np.sqrt(self.correlation) * self.normal(_LATENT) + np.sqrt(1 - self.correlation) * score
        band = np.searchsorted(bands, self.age, side="right")
        rank = np.empty(len(self.ids))
        for number in range(len(bands) + 1):
            rows = np.flatnonzero(band == number)
            order = _ascending(score[rows], self.ids[rows])
            rank[rows[order]] = (np.arange(len(rows)) + 0.5) / max(1, len(rows))
        return rank


def _ascending(score: Floats, ids: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Order by score, and by id where scores are equal, which is so rare that it is only looked for afterwards."""
    order = np.argsort(score)
    ascending = score[order]
    return np.lexsort((ids, score)) if (ascending[1:] == ascending[:-1]).any() else order


def traits(
    ids: NDArray[np.uint64],
    age: Ages,
    sex: NDArray[np.uint8],
    parameters: Parameters,
    seed: int,
    money_per_yuan: float = 1.0,
) -> Traits:
    """
    Give residents their traits.

    Mobility, phone payment and ordering, cash, cards, income and chronic illness share one latent factor (a
    Gaussian copula with one pairwise correlation, ``disadvantage_correlation``). Shares are met within age bands
    to the nearest whole person, by rank, so that no sampling error stands between the sources and the town.

    Parameters
    ----------
    ids : ndarray of uint64, shape (R,)
        Hashed ids: the names of the luck.
    age : ndarray of int16, shape (R,)
        Years.
    sex : ndarray of uint8, shape (R,)
        0 female, 1 male.
    parameters : Parameters
        Shares, speeds, tolerances and budgets.
    seed : int
        Root seed.
    money_per_yuan : float, default: 1.0
        World's currency for one yuan; scales budgets.

    Returns
    -------
    Traits
        One value a resident in each column.
    """
    luck = _Luck(ids, age, parameters.number("disadvantage_correlation"), seed)
    mobility = _mobility(luck, parameters)
    income = _income(luck, parameters)
    owned, carried, digital = _means(luck, parameters)
    return Traits(
        mobility=mobility,
        schedule=_schedule(luck, mobility, parameters),
        income_band=income,
        means_owned=owned,
        means_carried=carried,
        digital=digital,
        chronic=(luck.rank(_CHRONIC) > 1.0 - parameters.by_age("chronic_share", age)).astype(np.uint8),
        speed_m_per_min=_speed(luck, sex, mobility, parameters),
        tolerance_min=_tolerance(luck, mobility, parameters),
        budget_fen=_budget(age, income, parameters, money_per_yuan),
    )


def disadvantage(ids: NDArray[np.uint64], word: int, correlation: float, seed: int) -> Floats:
    """
    Draw one more trait that the latent factor ties to all others.

    Parameters
    ----------
    ids : ndarray of uint64, shape (n,)
        Hashed ids of residents.
    word : int
        Names the trait in the keys.
    correlation : float
        Correlation of any two traits.
    seed : int
        Root seed.

    Returns
    -------
    ndarray of float64, shape (n,)
        Standard normal; the higher, the more disadvantaged.
    """
    luck = _Luck(ids, np.zeros(len(ids), np.int16), correlation, seed)
    score: Floats = np.sqrt(correlation) * luck.normal(_LATENT) + np.sqrt(1 - correlation) * luck.normal(word)
    return score


def _mobility(luck: _Luck, parameters: Parameters) -> NDArray[np.uint8]:
    rank = luck.rank(_MOBILITY)
    mobility = np.full(len(rank), Mobility.INDEPENDENT, dtype=np.uint8)
    worse = np.zeros(len(rank))
    for level in (Mobility.HOMEBOUND, Mobility.AID, Mobility.SLOW):
        share = parameters.by_age("mobility_share", luck.age, mobility=level.name.lower())
        mobility[(rank > 1.0 - worse - share) & (rank <= 1.0 - worse)] = level
        worse = worse + share
    return mobility


def _schedule(luck: _Luck, mobility: NDArray[np.uint8], parameters: Parameters) -> NDArray[np.uint8]:
    """Type of week; adults who need an aid or cannot go out are taken as not in work."""
    rank = luck.rank(_SCHEDULE, _SCHEDULE_BANDS, tied=False)
    schedule = np.full(len(rank), Schedule.RETIRED, dtype=np.uint8)
    below = np.zeros(len(rank))
    for kind in Schedule:
        share = parameters.by_age("schedule_share", luck.age, schedule=kind.name.lower())
        schedule[(rank > below) & (rank <= below + share)] = kind
        below = below + share
    schedule[(mobility >= Mobility.AID) & (luck.age >= _ADULT)] = Schedule.RETIRED
    return schedule


def _income(luck: _Luck, parameters: Parameters) -> NDArray[np.uint8]:
    """Band of a resident's own purse: the more disadvantaged, the lower."""
    shares = parameters.by("income_share", "income")
    cuts = np.cumsum([shares[band] for band in INCOME_BANDS])[:-1]
    return np.searchsorted(cuts, 1.0 - luck.rank(_INCOME), side="right").astype(np.uint8)


def _means(luck: _Luck, parameters: Parameters) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Means owned, means carried, and digital ability.

    One rank decides owning and carrying, so what is carried is owned; a phone that pays is always carried.
    Who would go out with nothing takes cash along.
    """
    screen, cash, card = luck.rank(_SCREEN), luck.rank(_CASH), luck.rank(_CARD)
    phone = screen < parameters.by_age("phone_pay", luck.age)
    digital = phone & (screen < parameters.by_age("order_unaided", luck.age))
    owned = Means.MOBILE * phone
    carried = owned.copy()
    owned |= Means.CASH * (cash > 1.0 - parameters.by_age("cash_owned", luck.age))
    carried |= Means.CASH * (cash > 1.0 - parameters.by_age("cash_carried", luck.age))
    owned |= Means.CARD * (card < parameters.by_age("card_owned", luck.age))
    carried |= Means.CARD * (card < parameters.by_age("card_carried", luck.age))
    empty = (carried == 0) & (luck.age >= _FIRST_ERRAND)
    carried[empty] = Means.CASH
    owned |= carried
    return owned.astype(np.uint8), carried.astype(np.uint8), digital.astype(np.uint8)


def _speed(luck: _Luck, sex: NDArray[np.uint8], mobility: NDArray[np.uint8], parameters: Parameters) -> Floats:
    """Metres a minute: age norm, half the sex difference either way, and a spread; slower with limitations."""
    deviation = luck.normal(_SPEED) * parameters.by_age("walk_speed_sd", luck.age)
    offset = parameters.by_age("walk_speed_female_offset", luck.age)
    speed = parameters.by_age("walk_speed_mean", luck.age) + np.where(sex == 0, 0.5, -0.5) * offset + deviation
    for level in (Mobility.SLOW, Mobility.AID, Mobility.HOMEBOUND):
        limited = parameters.number("speed_mobility", mobility=level.name.lower()) + 0.5 * deviation
        speed = np.where(mobility == level, limited, speed)
    return 60.0 * np.clip(speed, *_SPEED_LIMITS_M_S)


def _tolerance(luck: _Luck, mobility: NDArray[np.uint8], parameters: Parameters) -> Floats:
    """Longest walk one way: lognormal; nothing for the homebound."""
    variance = np.log1p(parameters.number("tolerance_cv") ** 2)
    spread = np.exp(np.sqrt(variance) * luck.normal(_TOLERANCE) - 0.5 * variance)
    minutes = parameters.by_age("tolerance_min", luck.age) * spread
    return np.where(mobility == Mobility.HOMEBOUND, 0.0, minutes)


def _budget(
    age: Ages, income: NDArray[np.uint8], parameters: Parameters, money_per_yuan: float
) -> NDArray[np.int64]:
    """Weekly purse in minor units; minors hold a share of it from the age of errands on."""
    refill = np.array([parameters.number("weekly_budget_yuan", income=band) for band in INCOME_BANDS])
    part = np.where(age >= _ADULT, 1.0, parameters.number("minor_budget_share"))
    part = np.where(age < _FIRST_ERRAND, 0.0, part)
    return np.floor(refill[income] * part * money_per_yuan * 100.0 + 0.5).astype(np.int64)
