"""Reference tests of outcome productivity: published examples, and numbers made by R 4.2 from the formulae.

Data envelopment: Cooper, Seiford and Tone (2007), Data Envelopment Analysis, 2nd ed., tables 1.1 and 2.2.
Stochastic frontier: the 60 firms that come with Coelli's FRONTIER 4.1 (CEPA working paper 96/07), whose published
estimates are the first four digits; the others were made in R by optim() on the likelihood written out anew.
Funnels, rank sets and partial pooling: R's own ppois, qbinom, integrate and 400,000 draws, from the papers' formulae.
"""

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import productivity as prod

OUTPUT = [
    12.778, 24.285, 20.855, 13.213, 12.018, 15.284, 6.707, 21.656, 14.574, 13.743, 3.793, 37.118, 11.235,
    9.237, 12.634, 9.677, 18.315, 17.094, 21.566, 18.872, 17.102, 14.55, 24.031, 6.787, 6.388, 32.996,
    26.04, 16.619, 10.065, 6.554, 3.539, 1.66, 16.775, 10.085, 7.064, 31.793, 32.303, 14.571, 12.258,
    12.683, 12.88, 15.841, 24.623, 20.571, 21.208, 12.493, 32.313, 15.575, 13.414, 10.228, 19.927,
    26.938, 35.825, 12.768, 18.412, 19.853, 3.269, 21.358, 27.124, 14.105,
]  # fmt: skip
CAPITAL = [
    9.416, 4.643, 5.095, 4.935, 8.717, 1.066, 0.258, 6.334, 2.35, 1.076, 3.432, 4.033, 7.975, 7.604,
    0.344, 2.44, 7.891, 2.906, 2.668, 4.22, 2.661, 2.455, 2.827, 0.439, 0.312, 3.265, 6.752, 4.425,
    1.583, 0.907, 6.149, 0.479, 1.955, 8.169, 4.055, 5.029, 6.937, 8.405, 2.503, 6.59, 7.149, 8.04,
    4.896, 6.722, 4.195, 4.551, 7.223, 9.561, 4.871, 9.312, 2.895, 8.085, 8.656, 3.427, 1.918, 6.177,
    7.188, 9.329, 7.834, 5.621,
]  # fmt: skip
LABOUR = [
    35.134, 77.297, 89.799, 35.698, 27.878, 92.174, 97.907, 82.084, 38.876, 81.761, 9.476, 55.096, 73.13,
    24.35, 65.38, 63.839, 59.241, 72.574, 68.916, 57.424, 87.843, 30.789, 93.734, 35.961, 94.264, 95.773,
    80.275, 49.886, 22.072, 38.727, 5.322, 2.52, 41.545, 68.389, 77.556, 77.812, 98.904, 42.74, 59.741,
    18.085, 26.651, 50.488, 88.182, 30.451, 95.834, 36.704, 89.312, 29.055, 50.018, 40.996, 63.051,
    60.992, 94.159, 39.312, 78.628, 64.377, 1.073, 87.124, 60.34, 44.218,
]  # fmt: skip


def test_a_stochastic_frontier_gives_the_published_estimates_of_frontier_4_1():
    firms = pd.DataFrame({"firm": range(60), "output": np.log(OUTPUT)})
    firms["capital"], firms["labour"] = np.log(CAPITAL), np.log(LABOUR)
    found = prod.stochastic_frontier(firms, unit="firm", output="output", inputs=["capital", "labour"])
    slopes = [found.slopes.group(name).value for name in ("constant", "capital", "labour")]
    assert slopes == pytest.approx([0.56160, 0.28110, 0.53648], abs=2e-4)
    assert found.squared == pytest.approx(0.21700, abs=2e-4)
    assert found.slopes.term("Share that is shortfall (gamma)").value == pytest.approx(0.7972, abs=5e-4)
    assert found.log_likelihood == pytest.approx(-17.027225, abs=1e-5)
    assert found.units["efficiency"].mean() == pytest.approx(0.74057, abs=1e-4)
    assert found.units["efficiency"][:3].tolist() == pytest.approx([0.65069, 0.82889, 0.72643], abs=2e-4)
    assert found.p_value == pytest.approx(0.045994, abs=1e-4)  # half of chi-squared, of R's likelihoods


def test_an_envelopment_gives_the_published_efficiencies():
    stores = pd.DataFrame(
        {"store": list("ABCDEFGH"), "staff": [2.0, 3, 3, 4, 5, 5, 6, 8], "sales": [1.0, 3, 2, 3, 4, 2, 3, 5]}
    )
    found = prod.envelopment(stores, unit="store", inputs=["staff"], outputs=["sales"], returns="constant")
    assert found["efficiency"].round(3).tolist() == [0.5, 1.0, 0.667, 0.75, 0.8, 0.4, 0.5, 0.625]
    plants = pd.DataFrame(
        {"plant": list("ABCDEF"), "one": [4.0, 7, 8, 4, 2, 10], "two": [3.0, 3, 1, 2, 4, 1], "made": 1.0}
    )
    both = prod.envelopment(plants, unit="plant", inputs=["one", "two"], outputs=["made"], returns="constant")
    assert both["efficiency"].round(4).tolist() == [0.8571, 0.6316, 1.0, 1.0, 1.0, 1.0]
    assert both["peers"].tolist()[:2] == [2, 2]


@pytest.mark.parametrize(
    ("kind", "size", "target", "expected"),
    [
        ("rate", 1000, 0.01, [1.220529316, 3.775187948, 16.159950673, 20.662000836]),
        ("rate", 1000, 0.0555, [33.41923916, 40.88077088, 70.06154057, 79.43098827]),
        ("share", 120, 0.12, [4.099061691, 7.263664059, 21.244365042, 25.898104637]),
    ],
)
def test_exact_funnel_limits_are_those_of_the_interpolated_quantiles(kind, size, target, expected):
    sizes = np.array([float(size)])
    inner, outer = (prod.exact_limits(sizes, target, level, kind=kind) for level in (0.95, 0.998))
    assert [x[0] * size for x in (outer[0], inner[0], inner[1], outer[1])] == pytest.approx(
        expected, rel=1e-8
    )


def test_overdispersion_is_that_of_the_paper_but_for_the_mean_square_of_winsorised_normals():
    counts = np.array([100.0, 150, 180, 80, 120, 225, 90, 140, 60, 310])
    sizes = np.array([1080.0, 1120, 1650, 950, 1000, 2200, 1000, 1150, 800, 1900])
    target = counts.sum() / sizes.sum()
    z, phi, tau = prod.overdispersion(counts / sizes, sizes, target, kind="share")
    assert z[[0, 5, 9]] == pytest.approx([-2.23471612, -1.65796021, 6.33028240], rel=1e-7)
    assert phi == pytest.approx(6.56447070873, rel=1e-6)  # 4.45501175990 without dividing by 0.67865513574
    assert tau == pytest.approx(0.03605308, rel=1e-5)  # uniroot() on the mean square of winsorised z


# First six countries of PISA 2018 mathematics, as in the R package csranks
PISA = np.array([491.3600, 498.9423, 508.0703, 512.0169, 417.4066, 390.9323])
PISA_ERRORS = np.array([1.939833, 2.970999, 2.262662, 2.357476, 2.415888, 2.989559])


def test_rank_sets_are_those_of_a_direct_simulation():
    best, worst = prod.rank_sets(PISA, PISA_ERRORS, draws=20_000)
    assert best.tolist() == [3, 2, 1, 1, 5, 6]
    assert worst.tolist() == [4, 4, 3, 2, 5, 6]
    together = prod.rank_sets(PISA, PISA_ERRORS, together=True, draws=20_000)
    assert (together[0] <= best).all()
    assert (together[1] >= worst).all()


def test_partial_pooling_gives_the_eight_schools_of_numerical_integration():
    """Rubin (1981), J Educ Stat 6:377-401; flat on the square of the spread, integrated in R."""
    schools = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    found = prod.pool(schools, errors**2, draws=60_000, seed=1)
    expected = [6.519572, -0.123682, -3.493906, -0.560648, -4.779616, -3.213941, 4.652541, 0.999679]
    assert found.effects.mean(axis=0) == pytest.approx(expected, abs=0.15)
    assert found.between.mean() == pytest.approx(11.43091, rel=0.01)
    assert found.p_value == pytest.approx(0.6956592, rel=1e-6)
