"""Census pages of towns drawn at random: counted from people in households, so that they hold together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from circlesim.world.margins import OPEN, Margins, Span, margins_of

BANDS = (
    (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85),
    (0, 15, 60),
    (0, 15, 65),
    (0, 7, 18, 60, 65, 80),
    (0, 1, 5, 20, 65, 100),
)


def random_census(
    seed: int, households: int, bands: int, open_size: int, elders: str, *, sexes: bool, dormitory: int
) -> Margins:
    """Draw households of one to four generations, count them, and forget them."""
    luck = np.random.default_rng(seed)
    ages, sex, size, depth, old = [], [], [], [], []
    for _ in range(households):
        members, generations = _household(luck)
        ages += members
        sex += luck.integers(0, 2, len(members)).tolist()
        size.append(len(members))
        depth.append(generations)
        old.append(sum(age >= (60 if elders == "elders60" else 65) for age in members))
    outside = luck.integers(16, 30, dormitory).tolist()
    rows = _ages(
        np.array(ages + outside), np.array(sex + [0, 1] * dormitory)[: len(ages) + dormitory], BANDS[bands], sexes
    )
    if dormitory:
        rows += [
            ("living", Span(word="family"), float(len(ages))),
            ("living", Span(word="collective"), float(dormitory)),
        ]
    rows += _numbers("household_size", size, 1, open_size)
    rows += _numbers("generations", depth, 1, 4) + _numbers(elders, old, 0, 3)
    rented = int(luck.integers(0, households + 1))
    rows += [
        ("tenure", Span(word="owned"), float(households - rented)),
        ("tenure", Span(word="rented"), float(rented)),
    ]
    return margins_of(rows)


def _household(luck):
    """Ages of people who could live together: each generation some 20 to 34 years above the next."""
    generations = int(luck.choice([1, 2, 3, 4], p=[0.45, 0.4, 0.13, 0.02]))
    gaps = luck.integers(22, 33, generations)
    youngest = int(luck.integers(20, 85)) if generations == 1 else int(luck.integers(0, 30))
    members = []
    for above in range(generations):
        own = youngest + int(gaps[:above].sum())
        count = int(luck.integers(1, 3))
        members += [min(98, own)] * count
    return members, generations


def _ages(age, sex, bands, sexes):
    spans = [(low, (*bands[1:], OPEN + 1)[i] - 1) for i, low in enumerate(bands)]
    rows = []
    for low, high in spans:
        inside = (age >= low) & (age <= high)
        if sexes:
            rows += [
                ("sex_age", Span(word=word, low=low, high=high), float((inside & (sex == number)).sum()))
                for number, word in enumerate("fm")
            ]
        else:
            rows.append(("age", Span(low=low, high=high), float(inside.sum())))
    if not sexes:
        rows += [("sex", Span(word=word), float((sex == number).sum())) for number, word in enumerate("fm")]
    return rows


def _numbers(name, found, first, last):
    counts = np.bincount(np.minimum(found, last), minlength=last + 1)
    return [(name, Span(low=n, high=OPEN if n == last else n), float(counts[n])) for n in range(first, last + 1)]


def disturbed(margins: Margins, seed: int) -> Margins:
    """Move counts about within tables, so that totals still agree and all else may not."""
    luck = np.random.default_rng(seed)
    tables = [
        replace(
            m, counts=np.round(m.total * luck.dirichlet(np.ones(len(m.counts)) * luck.choice([0.3, 3.0, 30.0])))
        )
        if luck.random() < 0.5
        else m
        for m in margins.margins
    ]
    return replace(margins, margins=tuple(tables))
