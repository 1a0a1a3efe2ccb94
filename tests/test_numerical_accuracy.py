"""Reference tests: certified values of the National Institute of Standards and Technology, by our own functions.

The data sets ship inside scipy (analysis of variance) and statsmodels (Longley); Norris stands with the tests of
association. Digits that agree are counted as minus the decimal logarithm of the relative error. The lower sets hold 3
leading digits that are constant, the average 7, the higher 13: doubles cannot store these exactly, so that 10 and 4
digits are asked of them. Against the exact mean squares of the numbers as stored all sets are held to 12.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pytest
from statsmodels.datasets import longley

from vcanalysis.analysis.association import linear_model
from vcanalysis.core.variance import one_way

ANOVA = files("scipy.stats.tests") / "data" / "nist_anova"
LOWER = ["SiRstv", "SmLs01", "SmLs02", "SmLs03"]
AVERAGE = ["AtmWtAg", "SmLs04", "SmLs05", "SmLs06"]
HIGHER = ["SmLs07", "SmLs08", "SmLs09"]
SETS = [*((s, 12) for s in LOWER), *((s, 10) for s in AVERAGE), *((s, 4) for s in HIGHER)]


def digits(found, certified):
    """Decimal digits on which a number agrees with its certified value."""
    return 15.0 if found == certified else -math.log10(abs(found - certified) / abs(certified))


def certified(name):
    """Groups, values and certified mean squares, F, R squared and residual standard deviation of a set."""
    path = ANOVA / f"{name}.dat"
    if not path.is_file():
        pytest.skip("this scipy was installed without its test data")
    lines = path.read_text(encoding="ascii").splitlines()
    first = int(re.search(r"Data +\(lines (\d+) to", "\n".join(lines)).group(1))
    data = np.array([[float(part) for part in line.split()] for line in lines[first - 1 :] if line.strip()])
    between = next(line.split() for line in lines if line.startswith("Between"))
    within = next(line.split() for line in lines if line.startswith("Within"))
    after = [line for line in lines if "R-Squared" in line or line.strip().startswith("Standard Deviation")]
    share, deviation = (float(line.split()[-1]) for line in after[:2])
    wanted = (*map(float, between[-2:]), float(within[-1]), share, deviation)
    return (
        data[:, 0].astype(int) - 1,
        data[:, 1],
        dict(zip(("between", "ratio", "within", "share", "sd"), wanted, strict=True)),
    )


def exact(codes, values):
    """Mean squares of the stored numbers in rational arithmetic."""
    groups = [[Fraction(v) for v in values[codes == code]] for code in range(codes.max() + 1)]
    means = [sum(group) / len(group) for group in groups]
    middle = sum(sum(group) for group in groups) / len(values)
    between = sum(len(g) * (m - middle) ** 2 for g, m in zip(groups, means, strict=True)) / (len(groups) - 1)
    within = sum((v - m) ** 2 for g, m in zip(groups, means, strict=True) for v in g) / (
        len(values) - len(groups)
    )
    return float(between), float(within)


@pytest.mark.parametrize(("name", "least"), SETS)
def test_the_analysis_of_variance_keeps_the_certified_digits(name, least):
    codes, values, wanted = certified(name)
    found = one_way(values, codes)
    got = {"ratio": found.ratio, "share": found.share, "sd": math.sqrt(found.within)}
    agree = {key: round(digits(value, wanted[key]), 1) for key, value in got.items()}
    assert min(agree.values()) >= least, agree


@pytest.mark.parametrize(("name", "least"), SETS)
def test_the_mean_squares_are_those_of_the_stored_numbers_to_twelve_digits(name, least):
    codes, values, wanted = certified(name)
    found = one_way(values, codes)
    between, within = exact(codes, values)
    assert min(digits(found.between, between), digits(found.within, within)) >= 12
    # what is lost against the certified mean squares is lost in storing the numbers, not in reckoning
    assert digits(found.between, wanted["between"]) >= min(least, 9.5) - 0.2


# StRD Longley: certified estimates and their standard deviations.
LONGLEY = {
    "constant": (-3482258.63459582, 890420.383607373),
    "GNPDEFL": (15.0618722713733, 84.9149257747669),
    "GNP": (-0.358191792925910e-01, 0.334910077722432e-01),
    "UNEMP": (-2.02022980381683, 0.488399681651699),
    "ARMED": (-1.03322686717359, 0.214274163161675),
    "POP": (-0.511041056535807e-01, 0.226073200069370),
    "YEAR": (1829.15146461355, 455.478499142212),
}


def test_linear_regression_keeps_ten_certified_digits_of_longley():
    frame = longley.load_pandas().data
    found = linear_model(frame, y="TOTEMP", terms=[name for name in LONGLEY if name != "constant"])
    for name, (value, deviation) in LONGLEY.items():
        assert digits(found.group(name).value, value) >= 10, name
        assert digits(found.group(name).std_error, deviation) >= 10, name
