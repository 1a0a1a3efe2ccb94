"""Unit and property tests of analyses of a nation: little memory is held; numbers are those of the plain way."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import association
from vcanalysis.analysis.change.growth import _profile, _sums
from vcanalysis.core.components import fit_component


def most_megabytes(work):
    """Most memory allocated while some work is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_pairs_of_like_need_are_drawn_not_listed():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"need": rng.integers(0, 20, 30_000), "cost": rng.gamma(4, 500, 30_000)})
    # 45 million pairs: a list of their numbers alone takes 360 MB.
    assert most_megabytes(lambda: association.same_need_ratio(frame, need="need", cost="cost")) < 60


def ratings(pairs, raters, seed=1):
    """Pairs of ratings by raters drawn at random, some severe."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, raters, 2 * pairs)
    score = rng.normal(0, 1, raters)[who] + rng.normal(0, 1.5, 2 * pairs)
    return pd.DataFrame({"pair": np.repeat(np.arange(pairs), 2), "rater": who, "score": score})


def test_raters_are_crossed_without_a_table_of_pairs_by_raters():
    rows = ratings(20_000, 300)
    # Pairs by raters, dense, take 48 MB, and as much again for each of its factors.
    work = lambda: association.rater_share(rows, subject="pair", rater="rater", score="score")  # noqa: E731
    assert most_megabytes(work) < 40


@pytest.mark.parametrize(("pairs", "raters"), [(150, 12), (60, 45)])
def test_the_share_of_raters_is_that_of_dense_singular_vectors(pairs, raters):
    rows = ratings(pairs, raters)
    who = rows["rater"].to_numpy().reshape(-1, 2)
    met = (who[:, :1] == np.arange(raters)).astype(float) - (who[:, 1:] == np.arange(raters))
    left, size, _ = np.linalg.svd(met, full_matrices=False)
    kept = size > 1e-9
    gap = rows["score"].to_numpy().reshape(-1, 2) @ [1.0, -1.0]
    plain = fit_component(gap, np.zeros((pairs, 0)), left[:, kept], size[kept] ** 2)
    found = association.rater_share(rows, subject="pair", rater="rater", score="score")
    for ours, theirs in zip(
        (found.value, found.low, found.high), (plain.share, plain.low, plain.high), strict=True
    ):
        expected = 1.0 if theirs >= 1 else 2 * theirs / (1 + theirs)
        assert ours == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("theta", [(1.0, 0.2, 0.3), (0.7, -0.3, 0.0), (0.0, 0.4, 0.0)])
def test_the_likelihood_of_growth_is_that_of_the_whole_covariance(theta):
    rng = np.random.default_rng(2)
    child, time = np.repeat(np.arange(9), 3), rng.uniform(0, 4, 27)
    design = np.column_stack([np.ones(27), time, rng.normal(size=27)])
    score = rng.normal(10, 3, 27)
    z = np.zeros((27, 18))
    z[np.arange(27), 2 * child], z[np.arange(27), 2 * child + 1] = 1.0, time
    root = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    covariance = np.eye(27) + z @ np.kron(np.eye(9), root @ root.T) @ z.T
    inverse = np.linalg.inv(covariance)
    information = design.T @ inverse @ design
    effects = np.linalg.solve(information, design.T @ inverse @ score)
    left = score - design @ effects
    scale = left @ inverse @ left / 24
    logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    found = _profile(np.array(theta), _sums(child, time, design, score))
    assert found[0] == pytest.approx(24 * (np.log(scale) + 1 + np.log(2 * np.pi)) + logs)
    assert found[1] == pytest.approx(effects)
    assert found[3] == pytest.approx(scale)
