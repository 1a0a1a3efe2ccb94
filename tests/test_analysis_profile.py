"""Unit tests of the needs profile: small drawn tables, counts beside them."""

import warnings

import pandas as pd
import pytest

from vcanalysis.analysis import profile
from vcanalysis.core.intervals import wilson

# child         a  b  c  d  e
LEVELS = {
    "safety": [0, 1, 2, 3, None],
    "health": [2, 2, 3, 0, 2],
}


def test_the_share_in_need_counts_levels_two_and_three_of_those_assessed():
    result = profile.domain_profile(
        pd.DataFrame(LEVELS), domains=["safety", "health"], titles={"safety": "Safety"}
    )
    assert [(e.group, e.value, e.n) for e in result] == [("health", 0.8, 5), ("Safety", 0.5, 4)]
    assert (result[1].low, result[1].high) == wilson(2, 4)


def test_a_missing_level_is_never_taken_as_no_need():
    frame = pd.DataFrame(LEVELS)
    filled = frame.fillna(0)
    shares = [profile.domain_profile(f, domains=["safety"])[0].value for f in (frame, filled)]
    assert shares == [0.5, 0.4]


def test_levels_are_counted_into_shares_that_add_up():
    table = profile.level_distribution(
        pd.DataFrame(LEVELS), domains=["safety", "health"], levels=list("abcd")
    )
    assert table["count"].tolist() == [1, 1, 1, 1, 1, 0, 3, 1]
    assert table.groupby("domain")["share"].sum().tolist() == [1, 1]


def test_an_empty_band_is_shown_as_nobody():
    bands = pd.Categorical(["standard", "complex", None], ["standard", "enhanced", "complex"], ordered=True)
    result = profile.band_shares(pd.DataFrame({"band": bands}), band="band")
    assert [(e.group, e.value) for e in result] == [("standard", 0.5), ("enhanced", 0.0), ("complex", 0.5)]


def test_coverage_counts_the_unassessed_and_the_overdue():
    frame = pd.DataFrame({"need": [3, 9, None, 4], "days": [20, 184, None, 183]})
    assessed, overdue = profile.assessment_coverage(frame, need="need", need_age_days="days")
    assert (assessed.value, overdue.value) == (0.75, pytest.approx(1 / 3))


def test_raters_are_counted_over_children_assessed_again():
    rows = pd.DataFrame({"child": [1, 1, 2, 2, 3], "rater": list("abaac")})
    share, mean = profile.raters_per_child(rows, child="child", rater="rater")
    assert (share.value, share.n) == (0.5, 2)
    assert mean.value == pytest.approx(4 / 3)


def test_nobody_assessed_is_said_without_a_warning():
    frame = pd.DataFrame(
        {"safety": [None, None], "band": [None, None], "days": [None, None]}, dtype="Float64"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        domains = profile.domain_profile(frame, domains=["safety"])
        bands = profile.band_shares(frame, band="band")
        coverage = profile.assessment_coverage(frame.head(0), need="safety", need_age_days="days")
        raters = profile.raters_per_child(frame.head(0), child="safety", rater="band")
        levels = profile.level_distribution(frame, domains=["safety"], levels=["none", "some"])
    for result in (*domains, *bands, *coverage, *raters):
        assert not result.estimable
        assert "not estimable" in result.sentence()
    assert levels["share"].tolist() == [0, 0]
