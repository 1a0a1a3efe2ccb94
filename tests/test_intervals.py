"""Reference and property tests: intervals held against published figures and independent code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vcanalysis.core.intervals import (
    bonett_wright,
    icc_interval,
    median_interval,
    percentile_interval,
    quantile_interval,
    resample,
    wilson,
)
from vcanalysis.core.resampled import mean_draws, resampled_medians, resampled_quantiles, studentised_interval


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [  # Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_published_intervals(count, n, low, high):
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_gives_the_interval_of_ten_of_twenty_in_oxfordshire():
    assert wilson(10, 20) == pytest.approx((0.299, 0.701), abs=5e-4)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_ends_where_the_score_test_begins_to_reject_and_stays_inside_zero_and_one(n, data, level):
    count = data.draw(st.integers(0, n))
    low, high = wilson(count, n, level)
    assert 0 <= low <= count / n <= high <= 1
    for end in {low, high} - {0.0, 1.0}:
        z = (count / n - end) / np.sqrt(end * (1 - end) / n)
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(1 - level, abs=1e-6)


def test_wilson_takes_an_effective_number_of_children():
    # n 12.5, share .4, z 1.96: centre (.4 + .1537) / 1.3073 = .4235; half 1.96 sqrt(.0192 + .0061) / 1.3073 = .2387
    assert wilson(5.0, 12.5) == pytest.approx((0.1848, 0.6622), abs=2e-4)


def test_bonett_wright_agrees_with_its_formula_by_hand():
    # rho .5, n 28: se = sqrt(1.125 / 25) = .2121; atanh .5 = .5493; half 1.96 x .2121 = .4158
    assert bonett_wright(0.5, 28) == pytest.approx((np.tanh(0.1336), np.tanh(0.9651)), abs=2e-4)


@given(st.floats(-1, 1), st.integers(0, 400))
def test_bonett_wright_always_holds_the_estimate_and_stays_inside(rho, n):
    low, high = bonett_wright(rho, n)
    assert -1 <= low <= rho + 1e-12
    assert rho - 1e-12 <= high <= 1


def test_a_perfect_correlation_keeps_an_interval_with_width():
    low, high = bonett_wright(1.0, 12)
    assert low < 0.99
    assert high == 1


def test_the_median_interval_takes_the_published_order_statistics():
    # Conover (1999): for n = 16 the 95% interval of the median runs from the 4th to the 13th value.
    assert median_interval(np.arange(1.0, 17.0)) == (4.0, 13.0)
    assert median_interval(np.arange(1.0, 6.0)) is None


def test_a_quantile_interval_covers_at_least_as_often_as_it_says():
    rng, inside = np.random.default_rng(11), 0
    for _ in range(1000):
        low, high = quantile_interval(rng.lognormal(size=60), 0.9)
        inside += low <= np.exp(stats.norm.ppf(0.9)) <= high
    assert inside >= 940


def test_the_icc_interval_is_shrouts_and_fleiss():
    # Shrout and Fleiss (1979), table 2 and text: BMS 11.24, WMS 6.26, n 6, k 4; ICC(1,1) = .17
    low, high = icc_interval(11.24 / 6.26, 6, 18, 4)
    assert (low, high) == pytest.approx((-0.133, 0.723), abs=2e-3)


def test_resampling_counts_draw_each_observation_once_on_average():
    counts = resample(lambda drawn: drawn, 50, replicates=2000, seed=3)
    assert counts.sum(axis=1).tolist() == [50] * 2000
    assert counts.mean(axis=0) == pytest.approx(np.ones(50), abs=0.1)


def test_resampling_repeats_with_its_seed():
    values = np.arange(30.0)
    first, again, other = (resample(lambda c: c @ values, 30, replicates=50, seed=s) for s in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_the_error_of_each_resampled_mean_is_that_of_its_values():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    counts = resample(lambda c: c, 4, replicates=5, seed=3)
    means, errors = mean_draws(values, replicates=5, seed=3)
    samples = [np.repeat(values, row) for row in counts]
    assert means == pytest.approx([sample.mean() for sample in samples])
    assert errors == pytest.approx([stats.sem(sample) for sample in samples])


def test_the_bootstrap_t_of_normal_values_is_close_to_students_interval():
    values = stats.norm.ppf((np.arange(60) + 0.5) / 60)
    error = stats.sem(values)
    found = studentised_interval(mean_draws(values, replicates=40_000), 0.0, error, n=60)
    assert found == pytest.approx(stats.t.interval(0.95, 59, scale=error), rel=0.03)


def test_the_bootstrap_t_of_a_share_stays_inside_nought_and_one():
    values = np.array([0.0] * 3 + [1.0] * 37)
    low, high = studentised_interval(mean_draws(values), 0.925, stats.sem(values), n=40, share=True)
    assert 0 < low < 0.925 < high < 1


def test_the_bootstrap_t_of_almost_equal_values_has_two_finite_ends():
    values = np.array([500.0] * 18 + [4000.0] * 2)
    low, high = studentised_interval(mean_draws(values), 850.0, stats.sem(values), n=20)
    assert 0 < low < 850 < high < 4000


@pytest.mark.parametrize("n", [1, 2, 7, 10])
def test_medians_without_resamples_are_distributed_as_with_them(n):
    values = np.random.default_rng(n).lognormal(size=n)
    quick = resampled_medians(values, 20_000, np.random.default_rng(1))
    plain = np.median(np.random.default_rng(2).choice(values, (20_000, n)), axis=1)
    cuts = np.quantile(plain, [0.1, 0.3, 0.5, 0.7, 0.9]) + 1e-9
    for cut in cuts:  # four simulation errors of a difference of two shares
        assert np.mean(quick <= cut) == pytest.approx(np.mean(plain <= cut), abs=0.02)
    assert quick.mean() == pytest.approx(plain.mean(), abs=6 * plain.std() / np.sqrt(20_000) + 1e-12)


def test_the_percentile_interval_takes_the_middle():
    assert percentile_interval(np.arange(1001.0)) == pytest.approx((25, 975))


def test_quantiles_of_counts_are_those_of_the_resamples_themselves():
    rng, shares = np.random.default_rng(3), (0.0, 0.25, 0.5, 0.9, 1.0)
    values = rng.normal(size=37).round(1)
    counts = rng.multinomial(30, np.full(37, 1 / 37), 50)
    expected = [np.quantile(np.repeat(values, drawn), shares) for drawn in counts]
    assert np.allclose(resampled_quantiles(values, counts, shares).T, expected)
