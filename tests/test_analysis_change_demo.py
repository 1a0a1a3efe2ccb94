"""Back-tests of change of need where the truth is planted: children whose needs hardly change.

The estimand is the change of the rating that is to be expected of the children assessed twice: their true levels on
both days, each passed through the rating error (a level at either end can err only inwards). Computed so from the
drawn true levels, its mean over 200 councils of 700 children (seeds 20000 to 20199) is 0.05 points (between councils
0.04), and that of the yearly slope 0.03. By domain it lies within 0.02 of nought, but for the adolescent domain
(0.05), which begins at the age of ten.

Intervals that let children share raters hold this truth in 94 of 100 of those councils (growth: 92), and in 95 of 100
of 500 further ones (growth: 93; seeds 30000 to 30499); intervals of independent children only in 77. The demo council's
own truth is 0.03 and its estimate lies 2.5 standard errors above it, the yearly slope 3.9: by their own t intervals
draws of rating error as rare as one in sixty and one in three thousand, as notebook 09 says on its first screen and in
what it does not show. Over 40 fresh councils such errors have a standard deviation of 1.01, so the interval is sound.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq

from vcanalysis.analysis import change
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import as_council

TRUE_CHANGE, TRUE_SLOPE = 0.05, 0.03
ADOLESCENT = "transition_substance_offending"
SCORES = {"before": "need_total_before", "after": "need_total_after"}
RATERS = ["rater_id_before", "rater_id_after"]


def measured(council):
    rated = council.assessments(end=pd.Timestamp("2020-01-01"))
    rated = rated[~rated["second_rating"] & rated["need_total"].notna()]
    kept = ["need_total", "rater_id", *council.framework.domains]
    pairs = change.pair_assessments(rated, child="child_id", date="date", columns=kept, least_days=150)
    mean = float(pairs.everyone["need_total_before"].mean())
    against = change.Yardstick(2.3, threshold=14, population_mean=mean)
    return pairs.frame, change.need_change(pairs.frame, **SCORES, against=against, cluster=RATERS)


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


def once_in(estimate, truth):
    """In how many draws chance goes so far once, by the t interval the estimate was given."""
    half = (estimate.high - estimate.low) / 2 / estimate.std_error
    freedom = brentq(lambda df: stats.t.ppf(0.975, df) - half, 2, 10_000)
    return 0.5 / stats.t.sf(abs(estimate.value - truth) / estimate.std_error, freedom)


def test_over_councils_the_change_is_unbiased_and_mostly_covered():
    found = [
        measured(as_council(synthesise(SynthSettings(children=700, seed=s))))[1] for s in range(100, 108)
    ]
    beyond = np.array([each.adjusted.value for each in found])
    assert abs(beyond.mean() - TRUE_CHANGE) < 3 * 0.28 / np.sqrt(len(found))
    assert sum(holds(each.raw, TRUE_CHANGE) for each in found) >= 6


def slope(council):
    rated = council.assessments(end=pd.Timestamp("2020-01-01"))
    rated = rated[~rated["second_rating"] & rated["need_total"].notna()]
    since = rated.groupby("child_id", observed=True)["date"].transform("min")
    timed = rated.assign(years=(rated["date"] - since).dt.days / 365.25)
    return change.growth(timed, child="child_id", time="years", score="need_total", rater="rater_id")[0]


@pytest.mark.long
def test_over_many_councils_change_and_growth_are_covered_as_often_as_they_say():
    held = []
    for seed in range(300):
        council = as_council(synthesise(SynthSettings(children=700, seed=40_000 + seed)))
        held.append((holds(measured(council)[1].raw, TRUE_CHANGE), holds(slope(council), TRUE_SLOPE)))
    raw, growth = np.mean(held, axis=0)
    assert 0.91 <= raw <= 0.98
    assert 0.89 <= growth <= 0.98


@pytest.fixture(scope="module")
def demo():
    council = open_council(data_file("demo"))
    return (*measured(council), council)


def test_the_domains_of_the_demo_hold_their_truth_together(demo):
    pairs, _, council = demo
    domains = council.framework.domains
    found = change.domain_changes(pairs, domains=domains, cluster=RATERS)
    for name, each in zip(domains, found.estimates, strict=True):
        assert holds(each, 0.05 if name == ADOLESCENT else -0.005), name


def test_the_total_of_the_demo_misses_its_truth_but_not_by_more_than_chance_can(demo):
    _, found, council = demo
    # Its children truly changed by 0.02 points, their expected ratings by 0.03; the rest of the 0.6 is rating error.
    # How rarely chance does so much, notebook 09 says in words: once in 50 to 80 and in 2,000 to 4,000 councils.
    for estimate, least, most in ((found.raw, 50, 80), (slope(council), 2000, 4000)):
        assert not holds(estimate, 0.03)
        assert least < once_in(estimate, 0.03) < most
    assert found.expected.low <= found.expected.value <= found.expected.high


def test_the_programme_which_does_not_move_needs_is_not_said_to(demo):
    pairs, _, council = demo
    profiled = council.tables["stepdown"].set_index("child_id")["profiled"]
    dated = pairs.assign(on=pairs["child_id"].map(profiled))
    when = change.when_started(dated, on="on")
    fair = dated.assign(between=when == "between the two")[when != "before the first"]
    found = change.compare_groups(fair, **SCORES, group="between", covariates=["years"], cluster=RATERS)
    assert holds(found, 0.0)
    assert change.beside_others(found).startswith("No clear difference")
