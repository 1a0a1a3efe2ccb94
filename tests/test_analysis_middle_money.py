"""Unit, direction and edge tests of cost by group, definitions side by side, and the dearest placements."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from vcanalysis.analysis import middle as m
from vcanalysis.analysis.middle.shared import share_providers
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate


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


def test_an_error_of_a_hundred_resamples_has_the_freedom_of_54_children():
    """Half the middle 68% of 100 normal draws varies by 9.6%: one in 2 x .096^2 = .0185 = 1 / 54, by simulation."""
    drawn = np.quantile(np.random.default_rng(0).normal(size=(20_000, 100)), stats.norm.cdf([-1, 1]), axis=1)
    half = np.diff(drawn, axis=0) / 2
    assert 1 / (2 * (half.std() / half.mean()) ** 2) == pytest.approx(54, rel=0.05)
    items, _, cost = grouped(2000, 1)
    found = m.compare_groups(m.find_classes(items, number=2), cost, term="Weekly cost", unit="GBP per week")
    of_all = (found.gaps[0].high - found.gaps[0].low) / 2 / found.gaps[0].std_error
    assert stats.t.ppf(0.975, 54) < of_all < stats.t.ppf(0.975, 45)


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
    assert found.headline().startswith("The dearest became cheaper; by the best estimate, all or nearly all")


def test_a_fall_of_few_is_not_called_expected_when_the_interval_holds_both():
    found = next(
        one
        for one in (m.dearest_fall(two_dates(250, s), before="before", after="after") for s in range(40))
        if one.of("fall").excludes(0)
        and one.of("expected").value > one.of("fall").value
        and one.of("excess").low < 0
        and one.of("excess").high > one.of("fall").value / 2
    )
    assert found.headline().endswith("not clearly by more than was to be expected with nothing done")


def test_a_fall_that_was_made_is_found_beside_the_one_that_was_not():
    found = m.dearest_fall(two_dates(2000, 1, effect=300.0), before="before", after="after")
    assert found.of("excess").low < 300 < found.of("excess").high
    assert found.of("excess").excludes(0)
    assert 0.3 < found.of("share").value < 0.6
    assert found.headline().endswith("of the fall among the dearest was to be expected with nothing done")


def test_every_fall_found_beyond_expectation_is_said_with_what_a_crisis_would_leave():
    found = m.dearest_fall(two_dates(2000, 1, effect=400), before="before", after="after")
    assert found.of("excess").low > 0
    assert found.sentence().endswith("came down by themselves would leave such a rest too.")
    assert "crisis" not in m.dearest_fall(two_dates(2000, 1), before="before", after="after").sentence()


def test_a_fall_smaller_than_was_due_is_said_to_be_so():
    found = m.dearest_fall(two_dates(2000, 1, effect=-150.0), before="before", after="after")
    assert found.of("excess").high < 0
    assert found.headline() == "The dearest became cheaper, by less than was to be expected with nothing done"
    assert "They fell by less than that" in found.sentence()
    assert not found.sentence().endswith("such a rest too.")


def test_none_is_said_only_where_no_fall_was_to_be_expected():
    found = m.dearest_fall(two_dates(2000, 1, effect=300.0), before="before", after="after")
    unknown = found.of("share").not_estimable(found.of("share").term, n=9, reason="all alike", method="")
    rest = [unknown if e.term == unknown.term else e for e in found.estimates]
    said = type(found)(found.estimates.of(rest), found.top).headline()
    assert said == "The dearest became cheaper, by more than was to be expected with nothing done"


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
    found = m.dearest_fall(skewed(0, 20_000), before="before", after="after")
    assert found.of("expected").value == pytest.approx(found.of("fall").value, rel=0.15)
    assert not found.of("excess").excludes(0)
    assert "to be expected" in found.headline()
    assert "of the fall among the dearest" not in found.headline()


def test_pounds_taken_off_skewed_prices_are_found_again():
    found = m.dearest_fall(skewed(0, 20_000, 300.0), before="before", after="after")
    assert found.of("excess").value == pytest.approx(300, abs=60)
    assert found.of("excess").low < 300 < found.of("excess").high


def test_where_no_fall_was_to_be_expected_no_share_is_given():
    first = np.random.default_rng(1).gamma(4, 300, 400)
    dear = first >= np.quantile(first, 0.9)
    frame = pd.DataFrame({"before": first, "after": first * 1.1 - 900 * dear})
    found = m.dearest_fall(frame, before="before", after="after")
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


KINDS = ("before", "fall", "expected", "excess", "share", "correlation")


def framework_prices(seed, n=300):
    """Five prices of a framework, a fifth of the children at the highest; one in five is placed anew."""
    rng = np.random.default_rng(seed)
    prices, shares = [450.0, 700.0, 900.0, 1200.0, 5000.0], [0.4, 0.2, 0.18, 0.02, 0.2]
    first, anew = rng.choice(prices, (2, n), p=shares)
    return pd.DataFrame({"before": first, "after": np.where(rng.random(n) < 0.2, anew, first)})


@pytest.mark.parametrize("cluster", ["", "provider"])
def test_where_prices_tie_the_order_of_the_rows_changes_no_figure(cluster):
    frame = framework_prices(3).assign(provider=np.arange(300) % 60)
    orders = (frame.sort_values("after"), frame.sort_values("after", ascending=False), frame.sample(frac=1))
    found = m.dearest_fall(frame, before="before", after="after", cluster=cluster)
    assert found.of("excess").low < 0 < found.of("excess").high
    for order in orders:
        again = m.dearest_fall(order, before="before", after="after", cluster=cluster)
        assert (again.sentence(), again.headline()) == (found.sentence(), found.headline())
        for kind in KINDS:
            same = [(e.value, e.low, e.high) for e in (found.of(kind), again.of(kind))]
            assert same[0] == (None,) * 3 == same[1] or same[0][0] == pytest.approx(same[1][0], abs=1e-6)
            assert (same[0][1] is None) or same[0][1:] == pytest.approx(same[1][1:], abs=1e-6)


def test_children_at_the_cut_count_in_part():
    before = [9.0] * 2 + [7.0] * 8 + [1.0] * 90  # the dearest six: two, and half of each of the eight
    after = [8.0] * 2 + [7.0] * 6 + [3.0] * 2 + [1.0] * 90
    frame = pd.DataFrame({"before": before, "after": after})
    found = m.dearest_fall(frame, before="before", after="after", top=0.06)
    assert found.of("before").value == pytest.approx((2 * 9 + 4 * 7) / 6)
    assert found.of("fall").value == pytest.approx((2 * 1 + 2 * 4 / 2) / 6)


def test_pounds_taken_off_tied_prices_are_found_again():
    frame = framework_prices(0, 20_000)
    made = (
        frame["after"] - 400 * (frame["before"] == 5000) * 0.5
    )  # a tenth of a fifth at the cut: half of each
    found = m.dearest_fall(frame.assign(after=made), before="before", after="after")
    assert found.of("excess").low < 400 < found.of("excess").high
    assert found.of("excess").high - found.of("excess").low < 250


def test_one_price_of_all_the_dearest_is_given_and_children_are_not_called_too_few():
    frame = framework_prices(3)
    found = m.dearest_fall(frame, before="before", after="after")
    assert (found.of("before").value, found.of("before").has_interval) == (5000, False)
    assert found.of("before").sentence().endswith("£5,000 a week (300 children).")
    same = m.dearest_fall(frame.assign(after=frame["before"]), before="before", after="after")
    assert "alike" in same.of("fall").reason
    assert "alike" in same.headline()
    assert "Too few" not in same.headline()
    level = m.dearest_fall(
        frame.assign(before=frame["before"].clip(450, 450)), before="before", after="after"
    )
    assert level.headline().endswith("cost does not vary between the dearest children and the others")


def shared_prices(seed, providers=40, n=300):
    """Children of a provider share its price of the day; a quarter moved to any other."""
    rng = np.random.default_rng(seed)
    first, other = rng.integers(0, providers, (2, n))
    second = np.where(rng.random(n) < 0.25, other, first)
    usual, child = 0.2 * rng.normal(size=providers), 0.3 * rng.normal(size=n)
    days = 0.25 * rng.normal(size=(2, providers))
    own = 0.1 * rng.normal(size=(2, n))
    logs = [7 + usual[p] + child + day[p] + e for p, day, e in zip((first, second), days, own, strict=True)]
    return pd.DataFrame({"before": np.exp(logs[0]), "after": np.exp(logs[1]), "p": first, "q": second})


def test_prices_that_a_provider_sets_for_many_make_the_fall_less_sure():
    frame = shared_prices(5)
    alone, one, both = (
        m.dearest_fall(frame, before="before", after="after", cluster=c) for c in ("", "p", ["p", "q"])
    )
    for kind in ("fall", "expected", "excess"):
        assert alone.of(kind).value == one.of(kind).value == both.of(kind).value
        assert one.of(kind).std_error > (1.2 if kind == "excess" else 1) * alone.of(kind).std_error
    assert both.of("excess").method.endswith("summed by p")


def test_children_without_a_provider_stand_alone():
    frame = shared_prices(5)
    none = m.dearest_fall(frame.assign(p=None), before="before", after="after", cluster="p")
    assert none.of("excess").low == pytest.approx(
        m.dearest_fall(frame, before="before", after="after").of("excess").low
    )


def test_few_providers_among_the_dearest_are_said():
    frame = shared_prices(5).assign(provider_id="P1")
    one = m.dearest_fall(frame, before="before", after="after", cluster="provider_id")
    reason = "At least 5 providers of like weight are needed among the dearest; found 1."
    assert one.sentence().endswith(reason)
    assert "Too few children" not in one.headline()
    with pytest.raises(InputError, match="'provider' is missing"):
        m.dearest_fall(frame, before="before", after="after", cluster="provider")


def test_errors_of_children_who_share_a_provider_at_either_date_by_hand():
    frame = pd.DataFrame({"first": ["A", "A", "B", None], "second": ["A", "B", "B", None]})
    shared = share_providers(frame, ["first", "second"])
    # every pair but the first child with the third, and the last with anybody, shares a provider
    each = np.array([1.0, 2.0, 4.0, 8.0])
    assert shared.error(each) ** 2 == pytest.approx((1 + 2 + 4) ** 2 - 2 * 1 * 4 + 64)
    assert shared.effective(np.array([1.0, 0.0, 1.0, 1.0])) == pytest.approx(3)


def test_dates_that_nothing_balances_leave_open_what_was_to_be_expected():
    rng = np.random.default_rng(0)
    before, wild, little = rng.gamma(4, 300, 60), rng.gamma(0.3, 9000, 60), rng.normal(0, 30, 60)
    dear = before >= np.sort(before)[-6]
    frame = pd.DataFrame({"before": before, "after": np.where(dear, before - 700 + little, wild)})
    found = m.dearest_fall(frame, before="before", after="after")
    assert found.of("fall").low < 700 < found.of("fall").high
    assert found.of("fall").high < 800  # those below the cut, to whom nothing was done, make it no less sure
    assert "what was to be expected is open: no fall beyond it" in found.headline()
    assert "would balance the two dates; found 60" in found.sentence()


def test_a_correlation_that_nothing_can_be_said_of_has_its_own_reason():
    before = np.random.default_rng(0).gamma(4, 300, 60)
    frame = pd.DataFrame({"before": before, "turned": before.max() - before, "after": 500.0})
    turned = m.dearest_fall(frame, before="before", after="turned").of("correlation")
    assert "go together without exception" in turned.reason
    after = m.dearest_fall(frame, before="before", after="after").of("correlation")
    assert "does not vary between the children at the second date" in after.reason


def test_the_general_rise_is_that_of_those_who_stayed_at_the_median():
    # twenty stayed: eleven at 1.03, nine priced anew; ten moved to a place at double the price
    first = np.linspace(500, 5000, 30)
    ratio = np.array([1.03] * 11 + [1.5] * 5 + [0.8] * 4 + [2.0] * 10)
    frame = pd.DataFrame({"before": first, "after": first * ratio, "stayed": [True] * 20 + [False] * 10})
    about = {"before": "before", "after": "after", "stayed": "stayed"}
    found = m.general_rise(frame, **about)
    assert (found.value, found.n, found.unit) == (pytest.approx(1.03), 20, "ratio")
    assert found.low <= 1.03 <= found.high
    few = m.general_rise(frame[11:], **about)
    assert "at least 10 children" in few.reason


def test_a_rise_of_all_prices_by_a_share_is_taken_out_of_the_fall_of_the_dearest():
    still = two_dates(400, 3)
    stay = pd.Series(np.arange(400) % 2 == 0)
    still.loc[stay, "after"] = still.loc[
        stay, "before"
    ]  # those who stayed keep their price, so that the rise is seen
    risen = still.assign(after=1.05 * still["after"], stayed=stay)
    rise = m.general_rise(risen, before="before", after="after", stayed="stayed").value
    risen["before"] *= rise
    one, other = (m.dearest_fall(f, before="before", after="after").of("excess") for f in (still, risen))
    assert rise == pytest.approx(1.05)
    assert other.value == pytest.approx(1.05 * one.value, rel=1e-6)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((40, -260, 140), "no clear fall: between £260 a week dearer and £140 a week cheaper."),
        (
            (-400, -540, -260),
            "They fell by £400 a week (95% interval £260 to £540) less than was to be expected.",
        ),
        ((None, None, None), "not estimable. The data do not determine it; found 90."),
    ],
)
def test_a_fall_beyond_expectation_is_said_as_firmly_as_its_interval_allows(ends, said):
    excess = Estimate("Fall beyond", *ends, n=90, unit="GBP per week")
    assert m.beyond_expected(excess).endswith(said)
