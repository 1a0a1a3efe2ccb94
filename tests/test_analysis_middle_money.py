"""Unit, direction and edge tests of cost by group, definitions side by side, and the dearest placements."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from vcanalysis.analysis import middle as m
from vcanalysis.core.errors import InputError


def grouped(n, seed, gap=800.0):
    """Two groups hard to tell apart, and a cost that depends on the group only."""
    rng = np.random.default_rng(seed)
    high = rng.random(n) < 0.5
    items = pd.DataFrame(rng.binomial(3, np.where(high[:, None], 0.6, 0.35), (n, 6)), columns=list("abcdef"))
    return items, high, pd.Series(700 + gap * high + rng.normal(0, 100, n))


def two_dates(n, seed, *, r=0.7, effect=0.0, drift=0.0):
    """Costs on two dates: the dearest tenth of the first fall by chance, and by the effect."""
    rng = np.random.default_rng(seed)
    first, other = rng.normal(size=(2, n))
    second = r * first + np.sqrt(1 - r * r) * other
    costs = pd.DataFrame({"before": 3000 + 500 * first, "after": 3000 + 500 * second + drift})
    dear = costs["before"].rank(ascending=False) <= round(n / 10)
    return costs.assign(after=costs["after"] - effect * dear)


def test_the_likeliest_group_draws_means_together_and_three_steps_do_not():
    items, _, cost = grouped(2000, 1)
    found = m.find_classes(items, number=2)
    naive = cost.groupby(found.modal()).mean()
    corrected = m.compare_groups(found, cost, term="Weekly cost", unit="GBP per week")
    assert naive.iloc[1] - naive.iloc[0] < 700
    assert corrected.gaps[0].value == pytest.approx(800, abs=60)
    low, high = found.posterior.columns
    assert (corrected.gaps[0].term, corrected.gaps[0].group) == (f"Weekly cost above that of {low}", high)
    assert corrected.p_value < 0.001
    assert corrected.headline().startswith(f"Highest mean cost: {high}")


def test_no_difference_between_groups_is_said():
    items, _, cost = grouped(400, 2, gap=0)
    found = m.compare_groups(m.find_classes(items, number=2), cost, term="Weekly cost", unit="GBP per week")
    assert found.gaps[0].low < 0 < found.gaps[0].high
    assert "no clear difference" in found.sentence()
    assert found.headline().startswith("No clear difference")
    assert len(found.frame()) == 3


def test_children_without_a_price_are_left_out():
    items, _, cost = grouped(300, 3)
    found = m.compare_groups(
        m.find_classes(items, number=2), cost.where(cost.index < 200), term="Cost", unit="GBP per week"
    )
    assert found.means[0].n == 200
    few = m.compare_groups(m.find_classes(items, number=2), cost.head(5), term="Cost", unit="GBP per week")
    assert not few.gaps[0].estimable
    assert few.headline().startswith("Too few")


# --- definitions ------------------------------------------------------------------------------------------

COST = [400.0, 600.0, 1100.0, 1300.0, 2500.0] * 8


def test_definitions_stand_side_by_side():
    frame = pd.DataFrame({"cost": COST, "weeks": 10.0})
    flags = {"broad": frame["cost"] >= 1000, "strict": frame["cost"] >= 2000}
    found = m.compare_definitions(flags, frame, cost="cost", weeks="weeks")
    table = found.table.set_index("definition")
    assert table["children"].to_dict() == {"broad": 24, "strict": 8}
    assert table["gbp_week"].to_dict() == {"broad": 39_200, "strict": 20_000}
    assert table["weeks"].to_dict() == {"broad": 240, "strict": 80}
    assert found.of("strict", "kappa").value == pytest.approx(cohen_kappa_score(*flags.values()))
    assert (
        found.of("strict", "share_of_spend").low < 20_000 / 47_200 < found.of("strict", "share_of_spend").high
    )
    assert "from 8 children (£20,000 a week, strict) to 24" in found.sentence()


def test_half_a_membership_counts_half_a_child():
    frame = pd.DataFrame({"cost": COST})
    model = pd.Series([0.3, 0.7, 0.5, 0.5, 0.5] * 8)
    found = m.compare_definitions({"broad": frame["cost"] >= 1000, "model": model}, frame, cost="cost")
    assert found.table.set_index("definition").loc["model", "children"] == 20
    assert found.of("model", "kappa").value == pytest.approx(0)


def test_memberships_outside_nought_to_one_are_refused_and_few_children_said():
    frame = pd.DataFrame({"cost": COST})
    with pytest.raises(InputError, match="outside 0 to 1"):
        m.compare_definitions({"odd": frame["cost"]}, frame, cost="cost")
    few = m.compare_definitions({"broad": frame["cost"] > 0}, frame.head(3), cost="cost")
    assert "not estimable" in few.sentence()


def test_every_combination_of_cut_offs_is_tried():
    rng = np.random.default_rng(2)
    cost = np.exp(rng.normal(7, 0.7, 200))
    frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "standard", "cost": cost})
    found = m.find_middle(frame, need="need", n3="n3", band="band", cost="cost")
    assert len(found.every_cut) == 5 * 3 * 3 * 3 * 3
    chosen = found.every_cut.query(
        "floor_gbp_week == 1000 and most_intensive == 1 and outlier_iqr == 1.5 and need_low == .25 and need_high == .75"
    )
    assert chosen["share"].item() == pytest.approx(found.estimates[0].value)
    assert found.every_cut["share"].max() >= found.sensitivity["share"].max()
    assert "changing all at once" in m.cut_off_sensitivity(found)
    assert (found.members <= found.price_fits).all()


# --- the dearest ------------------------------------------------------------------------------------------


def test_a_fall_by_chance_alone_is_called_expected():
    found = m.dearest_fall(two_dates(2000, 1), before="before", after="after")
    away = 500 * stats.norm.pdf(stats.norm.ppf(0.9)) / 0.1  # of the dearest tenth above the mean
    assert found.of("fall").value == pytest.approx(0.3 * away, abs=60)
    assert found.of("expected").value == pytest.approx(0.3 * away, abs=80)
    assert found.of("correlation").value == pytest.approx(0.7, abs=0.03)
    assert not found.of("excess").excludes(0)
    assert "not clearly by more than was to be expected" in found.headline()


def test_a_fall_that_was_made_is_found_beside_the_one_that_was_not():
    found = m.dearest_fall(two_dates(2000, 1, effect=300.0), before="before", after="after")
    assert found.of("excess").low < 300 < found.of("excess").high
    assert found.of("excess").excludes(0)
    assert 0.3 < found.of("share").value < 0.6
    assert found.headline().endswith("of the fall among the dearest was to be expected with nothing done")


def test_a_general_rise_in_prices_is_no_fall():
    found = m.dearest_fall(two_dates(1000, 2, drift=800.0), before="before", after="after")
    assert found.headline() == "The dearest placements did not clearly become cheaper"
    assert not found.of("share").estimable
    level = m.dearest_fall(two_dates(1000, 2), before="before", after="after")
    assert found.of("excess").value == pytest.approx(level.of("excess").value)


def skewed(seed, n, effect=0.0):
    """Log-normal prices, correlation .8 of their logs, those of the dearest tenth then cut by the effect."""
    usual, *day = np.random.default_rng(seed).normal(size=(3, n))
    first, second = (np.exp(7 + 0.5 * (np.sqrt(0.8) * usual + np.sqrt(0.2) * d)) for d in day)
    return pd.DataFrame({"before": first, "after": second - effect * (first >= np.quantile(first, 0.9))})


def test_a_fall_by_chance_of_skewed_prices_is_called_expected():
    found = m.dearest_fall(skewed(0, 20_000), before="before", after="after", replicates=100)
    assert found.of("expected").value == pytest.approx(found.of("fall").value, rel=0.15)
    assert not found.of("excess").excludes(0)
    assert "to be expected" in found.headline()
    assert "of the fall among the dearest" not in found.headline()


def test_pounds_taken_off_skewed_prices_are_found_again():
    found = m.dearest_fall(skewed(0, 20_000, 300.0), before="before", after="after", replicates=100)
    assert found.of("excess").value == pytest.approx(300, abs=60)
    assert found.of("excess").low < 300 < found.of("excess").high


def test_where_no_fall_was_to_be_expected_no_share_is_given():
    first = np.random.default_rng(1).gamma(4, 300, 400)
    dear = first >= np.quantile(first, 0.9)
    frame = pd.DataFrame({"before": first, "after": first * 1.1 - 900 * dear})
    found = m.dearest_fall(frame, before="before", after="after", replicates=100)
    share = found.of("share")
    assert not share.estimable or share.value >= 0


@pytest.mark.parametrize("n", [0, 3, 39])
def test_too_few_prices_and_prices_all_alike_are_said(n):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = m.dearest_fall(two_dates(max(n, 3), 1).head(n), before="before", after="after")
        flat = m.dearest_fall(two_dates(60, 1) * 0 + 500, before="before", after="after")
    assert not found.of("excess").estimable
    assert "Too few" in found.headline()
    assert "does not vary" in flat.sentence()


def test_a_top_of_more_than_half_is_refused():
    with pytest.raises(InputError, match="between 0 and half"):
        m.dearest_fall(two_dates(100, 1), before="before", after="after", top=0.6)
