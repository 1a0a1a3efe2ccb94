"""Unit tests: where nothing varies, no interval without width is claimed, but the reason said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import association, change, middle, stability, value
from vcanalysis.core.estimate import Estimate

N = 60
RNG = np.random.default_rng(1)
SAME = pd.DataFrame({"b": RNG.normal(10, 3, N)}).assign(
    a=lambda f: f["b"],
    some=lambda f: f["b"].where(np.arange(N) % 3 > 0),
    flag=np.arange(N) % 2 == 0,
    children=np.arange(N) // 2,
    years=np.tile([0.0, 1.0], N // 2),
    score=np.repeat(np.arange(N / 2), 2),
    five=5.0,
    need=RNG.integers(0, 5, N).astype(float),
    price=RNG.gamma(4, 300, N),
    days=400.0,
    end=[*[None] * (N - 1), "home"],
)
PAIR = {"before": "b", "after": "a"}
SINCE = stability.Watch("days", "end")
SIDES = RNG.random(200) < 0.5
GROUPS = middle.find_classes(
    pd.DataFrame(RNG.binomial(3, np.where(SIDES[:, None], 0.8, 0.1), (200, 6)), columns=list("uvwxyz")),
    number=2,
)
MODEL = GROUPS.middle().head(N)  # of two groups: nobody is in the middle
UNABLE = {
    "growth": lambda f: change.growth(f, child="children", time="years", score="score")[0],
    "expected change": lambda f: change.expected_change(f, **PAIR, population_mean=8.0),
    "beyond regression": lambda f: change.change_beyond_regression(f, **PAIR, population_mean=8.0),
    "groups": lambda f: change.compare_groups(f, **PAIR, group="flag"),
    "weighted": lambda f: change.weighted_change(f, before="b", after="some"),
    "imputed": lambda f: change.imputed_change(f, before="b", after="some"),
    "stability": lambda f: change.stability(f, **PAIR),
    "added value": lambda f: change.sdq_added_value(
        f, before="five", after="five", impact="five", emotional="five"
    ),
    "dearest": lambda f: middle.dearest_fall(f.assign(after=f["price"]), before="price", after="after").of(
        "fall"
    ),
    "fall beyond of the dearest": lambda f: middle.dearest_fall(
        f.assign(after=f["price"] - 50), before="price", after="after"
    ).of("excess"),
    "same need": lambda f: association.same_need_ratio(f, need="need", cost="five"),
    "same need spread": lambda f: association.same_need_spread(f, need="need", cost="five")[0],
    "linear model": lambda f: association.linear_model(f, y="five", terms=["need"])[1],
    "constant term": lambda f: association.linear_model(f, y="price", terms=["five", "need"])[1],
    "constant block": lambda f: association.share_explained(
        f, cost="price", blocks={"Five": ["five"], "Need": ["need"]}
    ).blocks[0],
    "restricted mean": lambda f: stability.restricted_mean(f, SINCE, until=300),
    "net benefit": lambda f: (
        value.net_benefit(
            f.assign(cost=1000 * (f["need"] + 5)), member="flag", cost="cost", effect="need", declared=1000
        ).at
    ),
    "agreement with a model of two groups": lambda f: middle.compare_definitions(
        {"rule": f["flag"], "model": MODEL}, f, cost="price"
    ).of("model", "kappa"),
    "agreement with itself": lambda f: middle.compare_definitions(
        {"rule": f["flag"], "again": f["flag"]}, f, cost="price"
    ).of("again", "kappa"),
    "half of each child": lambda f: middle.compare_definitions(
        {"rule": f["flag"], "half": f["flag"] * 0.0 + 0.5}, f, cost="price"
    ).of("half", "share_of_children"),
    "shares of no cost": lambda f: middle.compare_definitions(
        {"rule": f["flag"]}, f.assign(cost=0.0), cost="cost"
    ).of("rule", "share_of_spend"),
    "three-step gap": lambda f: alike_by_group().gaps[0],
    "three-step mean": lambda f: alike_by_group().means[0],
    "pathway": lambda f: association.pathway_cost(
        f, need="need", group="flag", total="days", weekly="five"
    ).weekly[1],
    "tau": lambda f: association.kendall_tau(f.assign(y=f["need"] + 1), x="need", y="y"),
}


def alike_by_group():
    return middle.compare_groups(GROUPS, pd.Series(0.0, index=range(200)), term="Moves", unit="ratio")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", UNABLE)
def test_where_nothing_varies_no_interval_is_claimed(name):
    found = UNABLE[name](SAME)
    assert not found.estimable
    assert any(word in found.reason for word in ("alike", "same", "no differences", "as one", "one order"))
    assert "not estimable" in found.sentence()


def test_nobody_in_a_definition_has_wilsons_ends():
    found = middle.compare_definitions({"rule": SAME["flag"], "model": MODEL}, SAME, cost="price")
    for kind in ("share_of_children", "share_of_spend"):
        share = found.of("model", kind)
        assert (share.value, share.low) == (0, 0)
        assert share.high == pytest.approx(1.96**2 / (N + 1.96**2), abs=1e-4)
    assert found.table["kappa"].isna().tolist() == [False, True]


def test_groups_that_are_alike_are_not_called_too_few():
    assert "All children have the same cost" in alike_by_group().headline()


def test_a_perfect_rank_correlation_of_clusters_has_an_interval_that_reaches_to_one():
    found = association.rank_correlation(SAME.assign(y=-SAME["b"]), x="b", y="y", cluster="children")
    assert found.value == pytest.approx(-1)
    assert found.low == -1 < found.high < 0


def test_a_width_of_rounding_is_none_beside_the_numbers_it_came_of():
    made = Estimate("Net benefit", 1e-12, -1e-5, 1e-5, n=40, unit="GBP")
    assert made.unless_alike(reason="").estimable
    assert not made.unless_alike(1e6, reason="all alike").estimable
