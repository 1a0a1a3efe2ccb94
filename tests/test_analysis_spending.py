"""Reference, property and edge tests of the spending analyses; short seeded coverage."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.analysis import spending as s
from vcanalysis.analysis.spending.concentration import _top_shares
from vcanalysis.core.errors import InputError
from vcanalysis.output import plots

REPLICATES = 200
costs = st.lists(st.floats(1, 20_000), min_size=20, max_size=80)


def drawn(values):
    return pd.DataFrame({"cost": values})


def test_medians_by_type_are_counted_by_hand():
    frame = pd.DataFrame(
        {
            "cost": [300, 400, 500, 600, 700, 800, 4000, 4200, 4400, 4600, 4800, 5000, None],
            "type": ["Foster"] * 6 + ["Home"] * 6 + ["Home"],
        }
    )
    result = s.cost_by(frame, cost="cost", group="type")
    assert [(e.group, e.value, e.low, e.high, e.n) for e in result.estimates] == [
        ("Foster", 550, 300, 800, 6),
        ("Home", 4500, 4000, 5000, 6),
    ]
    assert result.unpriced == 1
    assert result.table["share_of_spend"].tolist() == pytest.approx([3300 / 30300, 27000 / 30300])
    assert result.headline() == "Too few children have a price to show what care costs"


def test_the_headline_names_no_type_that_the_picture_leaves_out():
    frame = pd.DataFrame({"cost": [500] * 20 + [5000] * 9, "type": ["Foster"] * 20 + ["Home"] * 9})
    result = s.cost_by(frame, cost="cost", group="type")
    assert result.headline() == "Foster: 69% of children, 18% of the money"
    assert result.shown["group"].tolist() == ["Foster"]
    ax = plots.plot_cost_by_type(result, highlight="Home")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Foster (about 20)"]
    more = pd.concat([frame, frame.tail(1)])
    assert s.cost_by(more, cost="cost", group="type").headline() == "Home: 33% of children, 83% of the money"


def test_groups_keep_their_order_and_empty_ones_are_left_out():
    kinds = pd.CategoricalDtype(["Kinship", "Foster", "Home"], ordered=True)
    frame = pd.DataFrame({"cost": range(14), "type": ["Home"] * 7 + ["Kinship"] * 7}).astype({"type": kinds})
    assert list(s.cost_by(frame, cost="cost", group="type").table["group"]) == ["Kinship", "Home"]


def test_an_exponential_spread_of_cost_has_a_gini_of_one_half():
    values = -np.log(1 - (np.arange(20_000) + 0.5) / 20_000)
    result = s.concentration(drawn(values), cost="cost", replicates=20)
    assert result.gini.value == pytest.approx(0.5, abs=1e-3)
    # Share of the top p of an exponential: p (1 - log p)
    for share in (0.05, 0.10, 0.25):
        found = result.shares.group(f"dearest {100 * share:g}%").value
        assert found == pytest.approx(share * (1 - np.log(share)), abs=1e-3)


def test_one_who_takes_all_and_all_who_cost_the_same():
    one = s.concentration(drawn([0.0] * 99 + [100.0]), cost="cost", replicates=50)
    assert one.gini.value == pytest.approx(0.99)
    same = s.concentration(drawn([700.0] * 40), cost="cost", replicates=50)
    assert same.gini.value == pytest.approx(0)
    assert same.shares.group("dearest 10%").value == pytest.approx(0.10)


@given(costs)
def test_the_curve_rises_below_the_diagonal_and_its_area_is_the_gini(values):
    curve = s.lorenz(drawn(values), cost="cost", points=len(values) + 1)
    x, y = curve["share_of_children"], curve["share_of_spend"]
    assert (np.diff(y) >= -1e-12).all()
    assert (y <= x + 1e-9).all()
    gini = s.concentration(drawn(values), cost="cost", replicates=5).gini.value
    assert gini == pytest.approx(1 - 2 * np.trapezoid(y, x), abs=1e-9)


@given(costs, st.floats(0.1, 50))
def test_shares_do_not_depend_on_the_currency(values, rate):
    pounds, euros = (
        s.concentration(drawn(np.array(values) * r), cost="cost", replicates=5) for r in (1, rate)
    )
    assert [e.value for e in pounds.shares] == pytest.approx([e.value for e in euros.shares])


def test_the_standard_error_is_that_of_the_jackknife():
    values = -np.sort(-np.random.default_rng(1).lognormal(7, 0.8, 400))
    top, n = np.array([0.05, 0.25]), len(values)
    without = _top_shares(np.ones((n, n)) - np.eye(n), values, top)[0]
    jackknife = (n - 1) / np.sqrt(n) * np.std(without, axis=0)
    assert _top_shares(np.ones((1, n)), values, top)[1][0] == pytest.approx(jackknife, rel=0.05)


def test_a_child_counted_twice_is_two_children():
    values, counts = np.array([9.0, 5.0, 2.0, 1.0]), np.array([[2, 0, 1, 3]])
    spread = np.repeat(values, counts[0])
    for whole, weighted in zip(
        _top_shares(np.ones((1, 6)), spread, np.array([0.5])),
        _top_shares(counts, values, np.array([0.5])),
        strict=True,
    ):
        assert weighted[0, 0] == pytest.approx(whole[0, 0])
    assert _top_shares(counts, values, np.array([0.5]))[0][0, 1] == pytest.approx(
        _top_shares(np.ones((1, 6)), spread, np.array([0.5]))[0][0, 1]
    )


def test_the_mean_lies_above_the_median_where_a_few_are_dear():
    mean, median = s.mean_and_median(drawn([500.0] * 90 + [5000.0] * 10), cost="cost")
    assert (mean.value, median.value) == (950, 500)
    assert mean.low < 950 < mean.high


def test_the_dearest_are_compared_with_all_others():
    rng = np.random.default_rng(4)
    frame = drawn(np.arange(1.0, 201.0)).assign(
        need=rng.integers(0, 20, 200) + np.where(np.arange(200) >= 180, 15, 0), band="standard"
    )
    frame.loc[180:, "band"] = "complex"
    result = s.dearest(frame, cost="cost", need="need", band="band")
    assert result.threshold_gbp_week == 181
    assert result.estimates.group("dearest 10%").value == pytest.approx(
        sum(range(181, 201)) / sum(range(1, 201))
    )
    shares = [e.value for e in result.estimates if e.term == "Share with complex need"]
    assert shares == [1, 0]
    assert "have more need" in result.headline()


def test_need_drawn_by_lot_shows_no_clear_difference():
    rng = np.random.default_rng(5)
    frame = drawn(rng.lognormal(7, 1, 400)).assign(need=rng.integers(0, 30, 400))
    assert s.dearest(frame, cost="cost", need="need").headline().startswith("No clear difference")


@pytest.mark.parametrize("values", [[], [500.0] * 3, [None] * 30, [0.0] * 30])
def test_too_little_to_go_on_is_said_without_a_warning(values):
    frame = drawn(np.array(values, dtype=float)).assign(need=1.0, type="Foster")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = s.concentration(frame, cost="cost", replicates=20)
        other = s.dearest(frame, cost="cost", need="need", replicates=20)
        by_type = s.cost_by(frame, cost="cost", group="type")
    assert not result.gini.estimable
    assert "not estimable" in result.sentence()
    assert all(text for text in (result.headline(), other.headline(), by_type.headline(), other.sentence()))


def test_a_cost_below_zero_is_refused():
    with pytest.raises(InputError, match="1 costs lie below £0"):
        s.mean_and_median(drawn([500, -3]), cost="cost")


def test_no_frame_is_changed():
    frame = drawn([500.0, None] * 20).assign(need=2.0, type="Foster")
    before = frame.copy()
    s.concentration(frame, cost="cost", replicates=5)
    s.dearest(frame, cost="cost", need="need", replicates=5)
    s.cost_by(frame, cost="cost", group="type")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("weeks", "pounds", "estimable"),
    [
        ([13.0, 2.0], [1300.0, None], [True] * 4),
        ([13.0, 2.0], [None, None], [True, False, True, False]),
        ([], [], [False] * 4),
    ],
)
def test_a_period_is_told_by_the_same_four_numbers_whatever_it_holds(weeks, pounds, estimable):
    rows = pd.DataFrame({"child_id": list("ab")[: len(weeks)], "weeks": weeks, "gbp": pounds}).astype(
        {"weeks": float, "gbp": float}
    )
    found = s.period_cost(rows, weeks="weeks", cost="gbp", child="child_id")
    assert [e.term for e in found] == [
        "Weeks in care",
        "Cost of the weeks with a price",
        "Share of weeks with a price",
        "Cost of a child-week",
    ]
    assert [e.estimable for e in found] == estimable
