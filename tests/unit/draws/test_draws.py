"""Draws by name: the same number whoever computes it, and as good as random."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from circlesim import draws

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


# The reference: plain Python integers, masked by hand; written from the papers and not from the module.


def mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def chain(key: int, word: int) -> int:
    return mix(key ^ ((word * GOLDEN + 0xD1342543DE82EF95) & MASK))


def key_of(root: int, *words: int) -> int:
    key = mix((root + GOLDEN) & MASK)
    for word in words:
        key = chain(key, word)
    return key


def words(count: int, seed: int) -> np.ndarray:
    """Arbitrary 64-bit words with the corners among them."""
    some = np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64, endpoint=False)
    some[:4] = 0, 1, MASK, 1 << 63
    return some


def test_the_finaliser_is_splitmix64() -> None:
    # First outputs of SplitMix64 from state 0, as published with the generator.
    published = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC)
    for step, bits in enumerate(published, start=1):
        assert mix((step * GOLDEN) & MASK) == bits
        assert draws.mix(np.uint64((step * GOLDEN) & MASK)) == bits


def test_a_few_draws_are_frozen_for_ever() -> None:
    # Computed once by the reference; a change here changes every published result.
    assert draws.event_key(0, 0, draws.NEED, 0, 0, 0) == 0x9D81131280346C1A
    assert draws.event_key(20230711, 19, draws.CHOICE, MASK, 3, 1) == 0xE7FAD4399972B255
    assert draws.hash_id("r00001") == 0x315A80E2A2D78E35
    assert float(draws.uniforms(7, draws.SITING, 1, 2)) == 0.7709291362502501


def test_compiled_draws_equal_the_reference_bit_for_bit() -> None:
    for key, word in zip(words(2_000, 1).tolist(), words(2_000, 2)[::-1].tolist(), strict=True):
        assert draws.mix(key) == mix(key)
        assert draws.chain(key, word) == chain(key, word)
    for root, day in itertools.product((0, 7, MASK), (0, 27, MASK - 6)):
        expected = chain(chain(chain(chain(key_of(root), 3), draws.CHOICE), day), 21 * 64 + 2)
        assert draws.event_key(root, 3, draws.CHOICE, day, 21, 2) == expected


def test_numpy_draws_equal_compiled_draws_bit_for_bit() -> None:
    keys, tails = words(5_000, 3), words(5_000, 4)[::-1]
    compiled = [draws.chain(k, w) for k, w in zip(keys, tails, strict=True)]
    assert np.array_equal(draws.chain_array(keys, tails), np.array(compiled, np.uint64))
    for root in (0, 11, MASK):
        numpy = draws.uniforms(root, draws.SYNTHESIS, keys[:500], 5)
        one_by_one = [draws.unit(key_of(root, draws.SYNTHESIS, k, 5)) for k in keys[:500].tolist()]
        assert np.array_equal(numpy, np.array(one_by_one))


def test_every_uniform_lies_strictly_inside_zero_and_one() -> None:
    assert 0.0 < draws.unit(np.uint64(0)) == 2.0**-53
    assert 1.0 > draws.unit(np.uint64(MASK)) == 1.0 - 2.0**-53
    for luck in (draws.gumbel, draws.exponential, draws.normal):
        assert math.isfinite(luck(2.0**-53))
        assert math.isfinite(luck(1.0 - 2.0**-53))


RESIDENTS = draws.hash_ids(f"r{i:06d}" for i in range(2_000))


def grid_of_draws() -> np.ndarray:
    """1.2 million uniforms: 4 seeds x 5 purposes x 30 days x 2,000 residents."""
    out = np.empty((4, 5, 30, len(RESIDENTS)))
    for seed, purpose, day in itertools.product(range(4), range(1, 6), range(30)):
        key = np.uint64(draws.event_key(seed, 0, purpose, day, 0, 0))
        bits = draws.chain_array(key, RESIDENTS)
        out[seed, purpose - 1, day] = ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return out


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    return grid_of_draws()


def test_a_million_events_have_a_million_draws(many: np.ndarray) -> None:
    assert many.size == 1_200_000
    assert len(np.unique(many)) == many.size


def test_draws_are_uniform(many: np.ndarray) -> None:
    assert stats.kstest(many.ravel(), "uniform").pvalue > 1e-4
    per_day = [
        stats.kstest(many[s, p, d], "uniform").pvalue for s in range(4) for p in range(5) for d in range(30)
    ]
    assert stats.kstest(per_day, "uniform").pvalue > 1e-4


@pytest.mark.parametrize(("name", "axis"), [("seed", 0), ("purpose", 1), ("day", 2), ("resident", 3)])
def test_neighbouring_draws_are_uncorrelated(many: np.ndarray, name: str, axis: int) -> None:
    centred = many - 0.5
    low = np.take(centred, range(many.shape[axis] - 1), axis).ravel()
    high = np.take(centred, range(1, many.shape[axis]), axis).ravel()
    z = (low * high).mean() * 12.0 * math.sqrt(low.size)
    assert abs(z) < 4.0, f"lag-1 z along {name}: {z:.2f}"


@pytest.mark.parametrize("flipped", ["key", "word"])
def test_one_bit_of_a_name_moves_half_the_bits_of_the_draw(flipped: str) -> None:
    keys, tails = words(400, 5), words(400, 6)
    moved = []
    for bit in range(64):
        flip = np.uint64(1 << bit)
        other = (keys ^ flip, tails) if flipped == "key" else (keys, tails ^ flip)
        moved.append(np.bitwise_count(draws.chain_array(keys, tails) ^ draws.chain_array(*other)).mean())
    assert np.mean(moved) == pytest.approx(32.0, abs=0.5)
    assert min(moved) > 30.0
    assert max(moved) < 34.0


def test_small_consecutive_numbers_make_good_names() -> None:
    # Days, ordinals and ranks are small; neighbouring ones must not be neighbours as draws.
    u = draws.uniforms(1, draws.POLICY, np.arange(200_000, dtype=np.uint64))
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert len(np.unique(u)) == u.size


UNIFORMS = draws.uniforms(3, draws.SYNTHESIS, np.arange(100_000, dtype=np.uint64))
SECOND = draws.uniforms(4, draws.SYNTHESIS, np.arange(100_000, dtype=np.uint64))


def test_normal_luck_is_the_normal_quantile() -> None:
    tails = np.concatenate([np.geomspace(2.0**-53, 0.1, 400), 1.0 - np.geomspace(2.0**-53, 0.1, 400)])
    u = np.concatenate([UNIFORMS[:5_000], tails, [0.075, 0.5, 0.925]])
    assert np.allclose([draws.normal(x) for x in u], stats.norm.ppf(u), rtol=1e-13, atol=1e-15)


def test_gumbel_and_exponential_luck_have_their_distributions() -> None:
    assert stats.kstest([draws.gumbel(u) for u in UNIFORMS], "gumbel_r").pvalue > 1e-4
    assert stats.kstest([draws.exponential(u) for u in UNIFORMS], "expon").pvalue > 1e-4


@pytest.mark.parametrize("tau", [0.05, 0.3, 0.5, 0.8, 0.99])
def test_nest_luck_is_positive_stable(tau: float) -> None:
    stable = np.exp([draws.log_stable(u, v, tau) for u, v in zip(UNIFORMS, SECOND, strict=True)])
    for t in (0.1, 0.5, 1.0, 3.0):
        sample = np.exp(-t * stable)
        bound = 3.29 * sample.std() / math.sqrt(len(sample))
        assert sample.mean() == pytest.approx(math.exp(-(t**tau)), abs=bound)


@pytest.mark.parametrize("tau", [0.02, 0.3, 0.7])
def test_nest_luck_and_own_luck_add_up_to_gumbel(tau: float) -> None:
    # The error of one alternative of a nest is a standard Gumbel, whatever the similarity.
    own = draws.uniforms(5, draws.SYNTHESIS, np.arange(len(UNIFORMS), dtype=np.uint64))
    errors = [tau * (draws.gumbel(w) + draws.log_stable(u, v, tau))
              for u, v, w in zip(UNIFORMS, SECOND, own, strict=True)]  # fmt: skip
    assert stats.kstest(errors, "gumbel_r").pvalue > 1e-4


def test_a_nest_of_unlike_alternatives_shares_no_luck() -> None:
    assert draws.log_stable(0.3, 0.6, 1.0) == 0.0


def test_reserved_ids_are_no_ids_of_files() -> None:
    reserved = {draws.HOME_ID, draws.OUTSIDE_ID, draws.FORGO_ID, draws.DELIVERY_MARK}
    assert len(reserved) == 4
    assert not reserved & set(draws.hash_ids(f"f{i}" for i in range(100_000)).tolist())


def test_ids_keep_their_hash_across_sessions() -> None:
    assert np.array_equal(
        draws.hash_ids(["a", "早餐店"]), np.array([draws.hash_id("a"), draws.hash_id("早餐店")], np.uint64)
    )
    assert draws.hash_id("早餐店") == 0xF5429DCADDD3DC72


def test_purposes_are_all_different() -> None:
    names = ("NEED", "MINUTE", "BASKET", "CHOICE", "NEST", "TASTE", "SERVICE_TIME", "PATIENCE", "REFUSAL",
             "SURVEY", "SYNTHESIS", "SITING", "POLICY", "ASSUMPTION")  # fmt: skip
    assert len({getattr(draws, name) for name in names}) == len(names)
