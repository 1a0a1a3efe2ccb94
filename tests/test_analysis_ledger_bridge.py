"""Reference and property tests of the bridge of spending: hand arithmetic, limits of zero cells, exact sums."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcanalysis.analysis.ledger import need_at_the_time, spending_bridge
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

NAMES = {"need": "need", "kind": "type", "weeks": "weeks", "gbp": "gbp"}


def table(*rows):
    return pd.DataFrame(rows, columns=["need", "type", "weeks", "gbp"])


def test_one_cell_follows_the_logarithmic_mean_by_hand():
    # 10 weeks at 100 become 20 weeks at 130: L = (2600 - 1000) / ln 2.6; volume L ln 2, price L ln 1.3
    mean = 1600 / math.log(2.6)
    found = spending_bridge(table(("low", "home", 10, 1000)), table(("low", "home", 20, 2600)), **NAMES)
    assert found.effects["volume"] == pytest.approx(100 * mean * math.log(2), abs=1)
    assert found.effects["price"] == pytest.approx(100 * mean * math.log(1.3), abs=1)
    assert found.effects["need"] == found.effects["mix"] == 0


@pytest.mark.parametrize(
    ("first", "second", "factor"),
    [
        # a placement type appears within a band of need there was
        ([("low", "home", 10, 1000)], [("low", "home", 10, 1000), ("low", "foster", 0.001, 500)], "mix"),
        # a band of need appears
        ([("low", "home", 10, 1000)], [("low", "home", 10, 1000), ("high", "home", 0.001, 500)], "need"),
        # what cost nothing costs something
        ([("low", "home", 10, 0)], [("low", "home", 10, 500)], "price"),
        # children where there were none
        ([("low", "home", 0, 0)], [("low", "home", 10, 500)], "volume"),
    ],
)
def test_a_cell_that_appears_has_its_cost_in_the_factor_that_was_nought(first, second, factor):
    found = spending_bridge(table(*first), table(*second), **NAMES)
    assert found.effects[factor] == pytest.approx(50_000, abs=25)


def test_a_cell_that_appears_is_the_limit_of_one_that_was_very_small():
    second = table(("low", "home", 8, 800), ("low", "foster", 2, 90))
    zero = spending_bridge(table(("low", "home", 10, 1000)), second, **NAMES)
    tiny = spending_bridge(
        table(("low", "home", 10, 1000), ("low", "foster", 1e-200, 45e-200)), second, **NAMES
    )
    assert [zero.effects[f] for f in zero.effects] == pytest.approx(
        [tiny.effects[f] for f in tiny.effects], abs=60
    )


cells = st.lists(
    st.tuples(
        st.sampled_from(["low", "middle", "high"]),
        st.sampled_from(["home", "foster"]),
        st.integers(0, 500),
        st.integers(0, 999_999),
    ),
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(cells, cells)
def test_effects_add_up_to_the_penny_and_turn_round(one, two):
    frames = [table(*[(n, k, w, g / 100 if w else 0.0) for n, k, w, g in rows]) for rows in (one, two)]
    there, back = (spending_bridge(*pair, **NAMES) for pair in (frames, frames[::-1]))
    assert sum(there.effects.values()) == there.second - there.first
    assert all(abs(there.effects[f] + back.effects[f]) <= 2 for f in there.effects)


def test_children_without_a_rating_are_a_band_of_their_own():
    rows = table((None, "home", 10, 1000), ("low", "home", 10, 1000))
    assert spending_bridge(rows, rows, **NAMES).cells["band"].tolist() == ["low", "not rated"]


def test_pounds_without_weeks_or_price_are_refused():
    with pytest.raises(InputError, match="pounds without weeks cannot be split"):
        spending_bridge(table(("low", "home", 0, 5)), table(), **NAMES)
    with pytest.raises(InputError, match="1 rows have no price"):
        spending_bridge(table(("low", "home", 1, None)), table(), **NAMES)


def test_need_counts_as_known_when_the_money_was_spent():
    # ten days at ten pounds: low from 1 January, high from the fifth; the second child is rated only later
    spent = pd.DataFrame(
        {"child_id": ["a", "b"], "from": "2019-01-01", "to": "2019-01-11", "weeks": 10 / 7, "cost_gbp": 100.0}
    )
    rated = pd.DataFrame(
        {
            "child_id": ["a", "a", "b"],
            "date": ["2018-12-01", "2019-01-05", "2019-06-01"],
            "need_band": ["low", "high", "high"],
        }
    )
    found = need_at_the_time(spent, rated)
    assert found[["child_id", "cost_gbp"]].values.tolist() == [["a", 40.0], ["a", 60.0], ["b", 100.0]]
    assert found["need_band"].fillna("").tolist() == ["low", "high", ""]
    assert found["weeks"].sum() == pytest.approx(20 / 7)


def test_a_child_whose_need_falls_moves_the_need_and_not_the_price():
    # the same child at the same home: 1,000 pounds while high, 500 pounds a week later while low
    rated = pd.DataFrame(
        {"child_id": "a", "date": ["2018-01-01", "2019-01-08"], "need_band": ["high", "low"]}
    )
    weeks = [
        pd.DataFrame(
            {"child_id": ["a"], "from": day, "to": end, "weeks": 1.0, "cost_gbp": gbp, "type": "home"}
        )
        for day, end, gbp in (("2019-01-01", "2019-01-08", 1000.0), ("2019-01-08", "2019-01-15", 500.0))
    ]
    then = [need_at_the_time(week, rated) for week in weeks]
    found = spending_bridge(*then, need="need_band", kind="type", weeks="weeks", gbp="cost_gbp")
    assert found.effects == {"volume": 0, "need": -50_000, "mix": 0, "price": 0}


@pytest.mark.parametrize("there", [(0, 1), (1, 0)])
def test_a_change_from_or_to_nothing_has_no_reasons(there):
    spent = [table(("low", "home", 10, 1000)) if whole else table() for whole in there]
    found = spending_bridge(*spent, **NAMES)
    assert not found.spans_two
    assert not any(e.estimable for e in found.estimates())
    assert "both periods" in found.sentence()
    assert found.beside(Estimate("Net saving", 10.0, n=1, unit="GBP")) == found.sentence()
