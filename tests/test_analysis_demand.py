"""Demand: unit tests on drawn episodes, a reference by another route, and measured coverage of the interval."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import demand
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter

QUARTER = Quarter.parse("2019Q4")


def episodes(*rows):
    """Draw episodes: child, decom, rne, ls, dec, rec."""
    frame = pd.DataFrame(rows, columns=["child_id", "decom", "rne", "ls", "dec", "rec"])
    return frame.assign(decom=pd.to_datetime(frame["decom"]), dec=pd.to_datetime(frame["dec"]))


def counted(frame):
    found = demand.flows(frame, start=QUARTER.start, end=QUARTER.end)
    return {estimate.group: estimate.n for estimate in found}


def test_a_child_who_comes_moves_and_leaves_counts_once_in_each_flow():
    frame = episodes(
        ("a", "2019-10-01", "S", "C2", "2019-11-05", "X1"),
        ("a", "2019-11-05", "P", "C2", "2019-12-31", "E4A"),
    )
    assert counted(frame) == {"came into care": 1, "moved placement": 1, "left care": 1}


def test_the_first_day_counts_and_the_day_after_the_last_does_not():
    frame = episodes(
        ("a", "2019-10-01", "S", "C2", None, None),
        ("b", "2020-01-01", "S", "C2", None, None),
        ("c", "2019-09-30", "S", "C2", "2020-01-01", "E3"),
    )
    assert counted(frame) == {"came into care": 1, "moved placement": 0, "left care": 0}


def test_a_change_of_legal_status_is_no_move_and_short_breaks_are_no_care():
    frame = episodes(
        ("a", "2019-10-10", "L", "C2", None, None),
        ("b", "2019-10-10", "S", "V4", "2019-10-12", "E8"),
        ("c", "2019-10-10", "B", "C2", None, None),
    )
    assert counted(frame) == {"came into care": 0, "moved placement": 1, "left care": 0}


def test_the_interval_of_a_change_is_that_of_a_binomial_share():
    change = demand.change_in_count(31, 17, term="Change")
    low, high = stats.beta.ppf(0.025, 31, 18), stats.beta.ppf(0.975, 32, 17)
    assert change.low == pytest.approx(low / (1 - low) - 1)
    assert change.high == pytest.approx(high / (1 - high) - 1)


def test_the_interval_covers_at_least_as_often_as_it_says():
    rng = np.random.default_rng(4)
    now, before = rng.poisson(33, 400), rng.poisson(30, 400)
    found = [demand.change_in_count(a, b, term="Change") for a, b in zip(now, before, strict=True)]
    assert np.mean([e.low <= 0.1 <= e.high for e in found]) >= 0.94


def test_no_change_is_called_a_change_at_most_one_time_in_twenty():
    rng = np.random.default_rng(5)
    pairs = rng.poisson(30, (400, 2))
    words = [demand.direction(demand.change_in_count(a, b, term="Change")) for a, b in pairs]
    assert np.mean([word != "no clear change" for word in words]) <= 0.06


@pytest.mark.parametrize(("now", "before"), [(0, 0), (4, 5), (12, 0)])
def test_too_few_events_are_not_estimable_and_say_why(now, before):
    change = demand.change_in_count(now, before, term="Change")
    assert not change.estimable
    assert "At least 10 events" in change.sentence()
    assert demand.direction(change) == "could not be estimated"


def test_more_events_now_never_lower_the_change():
    changes = [demand.change_in_count(n, 20, term="Change").value for n in range(10, 40)]
    assert changes == sorted(changes)


def test_a_negative_count_is_refused():
    with pytest.raises(InputError, match="must not be negative"):
        demand.change_in_count(-1, 20, term="Change")


def test_the_groups_of_two_periods_are_compared_by_name():
    frame = episodes(*[(f"c{i}", "2019-10-10", "S", "C2", None, None) for i in range(30)])
    now = demand.flows(frame, start=QUARTER.start, end=QUARTER.end)
    before = demand.flows(frame, start=QUARTER.shift(-4).start, end=QUARTER.shift(-4).end)
    words = {e.group: e.estimable for e in demand.changes(now, before)}
    assert words == {"came into care": False, "moved placement": False, "left care": False}
