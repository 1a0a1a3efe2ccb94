"""Signal or noise: unit and direction tests, and references by another route (enumeration, by hand, paired t)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import signal
from vcanalysis.analysis.signal.limits import rise_that_is_seen
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

CALM = [30, 28, 33, 25, 31, 29, 36, 27, 30, 32, 26, 31]
NONE = Estimate.not_estimable("Check", n=0, reason="few")


def binomial_tail(n, p, least):
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


def test_limits_of_even_counts_are_the_exact_binomial_ones():
    low, high = signal.prediction_limits([10] * 12, level=0.99)
    total, share = 120, 1 / 13
    # the greatest count not yet in the upper 0.5% given the sum, and the next one that is
    assert (
        binomial_tail(total + high, share, high) > 0.005 >= binomial_tail(total + high + 1, share, high + 1)
    )
    assert (
        1 - binomial_tail(total + low, share, low + 1)
        > 0.005
        >= 1 - binomial_tail(total + low - 1, share, low)
    )


def test_counts_that_vary_more_than_chance_widen_the_limits():
    even, uneven = [30] * 12, [12, 48, 20, 40, 15, 45, 30, 30, 18, 42, 25, 35]
    narrow, wide = signal.prediction_limits(even), signal.prediction_limits(uneven)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    roots = np.sqrt(np.array(uneven) + 0.375)
    half = stats.t.ppf(0.995, 11) * roots.std(ddof=1) * math.sqrt(1 + 1 / 12)
    assert wide[1] == math.floor((roots.mean() + half) ** 2 - 0.375)


@pytest.mark.parametrize("counts", [[], [3], [3, -1]])
def test_limits_without_counts_are_refused(counts):
    with pytest.raises(InputError, match="at least 2 counts, none below nought"):
        signal.prediction_limits(counts)


def test_a_rise_that_is_seen_is_seen_as_often_as_it_says():
    rise = rise_that_is_seen(46, 30.0, chance=0.8)
    assert stats.poisson.sf(46, 30.0 * (1 + rise)) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("newest", "said"), [(31, "within chance"), (70, "above chance"), (5, "below chance")]
)
def test_the_verdict_follows_the_newest_count(newest, said):
    found = signal.judge_flow([*CALM, newest])
    assert found.verdict == said
    assert said in found.sentence()
    assert found.newest.value == newest


def test_a_flow_that_carries_over_is_not_judged():
    rising = [10, 12, 15, 17, 20, 24, 27, 31, 36, 40, 45, 60]
    assert signal.judge_flow(rising).verdict == "not judged: quarters carry over"


def test_a_lasting_shift_needs_a_run_longer_than_chance_gives():
    newest, run = Estimate("Came", 30, 15, 45, n=400, unit="count"), Estimate("Run", 9, 1, 7, n=400)
    assert signal.verdict(newest, NONE, run, NONE) == "a lasting shift"
    assert signal.verdict(newest, NONE, Estimate("Run", 7, 1, 7, n=400), NONE) == "within chance"
    crossed = Estimate("Crossings", 1, 4, 15, n=400)
    assert signal.verdict(newest, NONE, NONE, crossed) == "a lasting shift"


@pytest.mark.parametrize("counts", [[], [30], CALM[:8], [0] * 12])
def test_too_few_quarters_or_events_are_not_judged_and_say_why(counts):
    found = signal.judge_flow(counts)
    assert found.verdict == "could not be judged"
    assert "at least 8 earlier quarters with 10 events" in found.newest.sentence().lower()
    assert len(found.frame()) == 6


def test_all_quarters_alike_are_judged_without_a_correlation():
    found = signal.judge_flow([20] * 12)
    assert found.verdict == "within chance"
    assert "all quarters are alike" in found.carried.sentence().lower()


def test_runs_and_crossings_are_counted_by_hand():
    # median 10: above, above, below, (on it), below, above, below, below, below, above, above
    counts = [12, 13, 8, 10, 7, 11, 9, 6, 5, 14, 15]
    assert signal.longest_run(counts).value == 3
    assert signal.crossings(counts).value == 4
    # Anhøj's table for 10 useful observations: longest run 6, crossings at least 2
    assert (signal.longest_run(counts).high, signal.crossings(counts).low) == (6, 2)


def test_the_correlation_of_neighbours_is_the_sum_of_products():
    counts = [3, 5, 4, 8, 9, 7, 2, 6]
    away = np.array(counts) - np.mean(counts)
    found = signal.autocorrelation(counts)
    assert found.value == pytest.approx((away[1:] * away[:-1]).sum() / (away**2).sum())


def test_counts_are_rounded_before_they_are_judged():
    exact, rounded = (
        [31, 29, 33, 28, 32, 30, 29, 31, 33, 27, 62],
        [30, 30, 35, 30, 30, 30, 30, 30, 35, 25, 60],
    )
    found = signal.judge_flow(exact, base=5)
    assert found.newest.value == 60
    assert found.newest.low % 5 == found.newest.high % 5 == 0
    assert found.usual.value == pytest.approx(np.mean(rounded[:-1]))


def test_every_flow_of_a_table_is_judged_by_itself():
    when = [f"{y}Q{q}" for y in (2017, 2018, 2019) for q in (1, 2, 3, 4)]
    table = pd.concat(
        [
            pd.DataFrame({"when": when, "flow": f, "events": c})
            for f, c in (("came", CALM), ("left", [*CALM[:11], 90]))
        ]
    )
    found = signal.judge_flows(table)
    assert {name: f.verdict for name, f in found.items()} == {"came": "within chance", "left": "above chance"}


def children(values, first=0):
    return pd.DataFrame({"id": range(first, first + len(values)), "cost": np.asarray(values, dtype=float)})


def test_with_the_same_children_the_change_is_that_of_a_paired_t_test():
    rng = np.random.default_rng(3)
    before, now = rng.normal(900, 200, 40), rng.normal(950, 200, 40)
    found = signal.change_of_mean(children(now), children(before), child="id", value="cost", term="Change")
    paired = stats.ttest_rel(now, before).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((paired.low, paired.high))


def test_with_other_children_the_error_is_that_of_strangers():
    rng = np.random.default_rng(4)
    before, now = rng.normal(900, 200, 60), rng.normal(950, 100, 60)
    found = signal.change_of_mean(
        children(now, 100), children(before), child="id", value="cost", term="Change"
    )
    assert found.std_error == pytest.approx(math.sqrt(before.var() / 60 + now.var() / 60), rel=0.01)


@pytest.mark.parametrize(("now", "before"), [([1.0] * 3, [2.0] * 40), ([], []), ([5.0] * 30, [5.0] * 30)])
def test_a_change_of_too_few_or_of_alike_children_is_not_estimable(now, before):
    found = signal.change_of_mean(children(now), children(before), child="id", value="cost", term="Change")
    assert not found.estimable
    assert found.reason


def test_growth_is_the_difference_with_recovered_variance():
    found = signal.growth(120, 100)
    z = stats.norm.ppf(0.975)
    low = [x + z * z / 2 - z * math.sqrt(x + z * z / 4) for x in (120, 100)]
    high = [x + z * z / 2 + z * math.sqrt(x + z * z / 4) for x in (120, 100)]
    assert found.low == pytest.approx(20 - math.hypot(120 - low[0], high[1] - 100), rel=1e-6)
    assert found.high == pytest.approx(20 + math.hypot(high[0] - 120, 100 - low[1]), rel=1e-6)
    assert not signal.growth(2, 3).estimable


def test_the_mix_adds_up_and_its_change_to_nought():
    before = pd.DataFrame({"id": range(100), "kind": ["a"] * 50 + ["b"] * 30 + ["c"] * 12 + ["d"] * 8})
    now = before.assign(kind=["a"] * 40 + ["b"] * 38 + ["c"] * 12 + ["d"] * 10)
    shares = signal.mix(now, group="kind", kept=2)
    moved = signal.change_of_mix(now, before, child="id", group="kind", kept=2)
    assert [e.group for e in shares] == [e.group for e in moved] == ["a", "b", "All others"]
    assert sum(e.value for e in shares) == pytest.approx(1)
    assert [e.value for e in moved] == pytest.approx([-10, 8, 2])
    assert [e.support for e in moved] == [40, 30, 20]


@pytest.mark.parametrize("call", [
    lambda f: signal.judge_flows(f),
    lambda f: signal.change_of_mean(f, f, child="id", value="cost", term="C"),
    lambda f: signal.mix(f, group="kind"),
])  # fmt: skip
def test_a_missing_column_is_named(call):
    with pytest.raises(InputError, match=r"flow|id|kind"):
        call(pd.DataFrame({"when": ["2019Q4"]}))


def test_shares_out_of_a_kind_of_placement_add_up_and_those_who_left_are_counted():
    then = pd.DataFrame({"id": range(6), "kind": ["home"] * 4 + ["family"] * 2})
    now = pd.DataFrame({"id": [0, 1, 4, 9], "kind": ["family", "home", "family", "abroad"]})
    found = signal.moves(now, then, child="id", group="kind")
    shares = {e.group: e.value for e in found if e.value}
    assert shares == {
        "home to home": 0.25,
        "home to family": 0.25,
        "home to left care": 0.5,
        "family to family": 0.5,
        "family to left care": 0.5,
    }


def test_without_children_before_no_flow_between_placements_is_claimed():
    now = pd.DataFrame({"id": [1], "kind": ["home"]})
    assert len(signal.moves(now, now.head(0), child="id", group="kind")) == 0
