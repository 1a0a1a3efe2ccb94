"""Unit, direction and recovery tests of who is in the middle; the planted classes are made here."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score

from vcanalysis.analysis import middle as m
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

COLUMNS = {"need": "need", "n3": "n3", "band": "band", "cost": "cost"}

# need  n3  band        cost   in the middle, broad   why
DRAWN = [
    (12, 0, "enhanced", 1500, True),  # moderate need, thousands a week
    (12, 0, "enhanced", 900, False),  # below the floor
    (12, 1, "enhanced", 1000, True),  # one intensive need is allowed, and so is the floor itself
    (12, 2, "complex", 1500, False),  # two intensive needs
    (2, 0, "standard", 1500, False),  # little need
    (9, 0, "standard", 1500, True),  # a total in the middle half is moderate whatever the band
    (30, 0, "enhanced", 1500, True),  # the band is moderate whatever the total
    (12, 0, "enhanced", 90_000, False),  # an outlier in cost
    (12, 0, "enhanced", None, False),  # no price
    (None, None, None, 1500, False),  # not assessed
]


def council(n=200, seed=0):
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(6.8, 0.8, n))
    return pd.DataFrame({"need": rng.integers(0, 30, n), "n3": 0, "band": "standard", "cost": cost})


def test_the_rule_takes_the_children_it_says():
    frame = pd.DataFrame(DRAWN, columns=["need", "n3", "band", "cost", "expected"])
    around = council(100).assign(need=np.tile([6, 8, 10, 14], 25), cost=np.tile([500.0, 700, 900, 1500], 25))
    both = pd.concat([frame, around], ignore_index=True)
    found = m.find_middle(both, **COLUMNS)
    assert found.members[: len(frame)].tolist() == frame["expected"].tolist()
    assert found.known.sum() == len(both) - 2


def test_the_shares_are_counted_over_children_with_need_and_price():
    frame = council().assign(weeks=10.0)
    found = m.find_middle(frame, **COLUMNS, weeks="weeks")
    inside = found.members
    children, spend, weeks = found.estimates
    assert children.value == pytest.approx(inside.mean())
    assert spend.value == pytest.approx(frame["cost"][inside].sum() / frame["cost"].sum())
    assert weeks.value == pytest.approx(inside.mean())
    assert spend.low < spend.value < spend.high


def test_the_interval_holds_the_error_of_the_cut_for_outliers():
    """The upper quartile lies where prices jump: with a few children fewer at 1,100 all of them are outliers."""
    found = m.find_middle(
        council().assign(cost=np.repeat([500.0, 1100.0, 4200.0], [148, 32, 20]), need=10), **COLUMNS
    )
    assert all(share.value > 0.15 and share.low == 0 for share in found.estimates)


def test_no_child_in_the_middle_is_no_certainty():
    found = m.find_middle(council().assign(cost=500.0), **COLUMNS)
    assert [e.value for e in found.estimates] == [0, 0]
    assert all(e.high > 0.01 for e in found.estimates)


def test_a_higher_floor_never_takes_in_more_children():
    frame = council()
    broad, strict = (m.find_middle(frame, **COLUMNS, rule=r) for r in (m.MiddleRule(), m.MiddleRule.strict()))
    assert (strict.members <= broad.members).all()
    table = broad.sensitivity.query("cut_off == 'floor_gbp_week'")
    assert table["children"].is_monotonic_decreasing
    assert table["chosen"].sum() == 1


@pytest.mark.parametrize(
    "rule",
    [{"need_low": 0.8, "need_high": 0.2}, {"need_low": -0.1}, {"floor_gbp_week": -1}, {"outlier_iqr": -1}],
)
def test_cut_offs_that_make_no_sense_are_refused(rule):
    with pytest.raises(InputError, match=r"(is|are) refused"):
        m.MiddleRule(**rule)


@pytest.mark.parametrize("n", [0, 3, 19])
def test_too_few_children_have_no_middle(n):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = m.find_middle(council(n), **COLUMNS)
    assert not found.members.any()
    assert not found.estimates[0].estimable
    assert "Too few" in found.headline()
    assert "Too few" in m.cut_off_sensitivity(found)
    assert "Too few" in m.cut_off_headline(found)


# --- agreement --------------------------------------------------------------------------------------------


def test_kappa_is_fleiss_cohen_and_everitts():
    # Their example (1969, p. 325), as counts of 200: kappa .429, standard error .054
    table = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    rows, columns = np.indices(table.shape)
    first, second = (np.repeat(x.ravel(), table.ravel()) for x in (rows, columns))
    found = m.agreement(pd.Series(first), pd.Series(second))
    assert found.value == pytest.approx(0.429, abs=1e-3)
    assert found.std_error == pytest.approx(0.054, abs=1e-3)
    assert found.value == pytest.approx(cohen_kappa_score(first, second))


def test_children_are_matched_by_index_and_agreement_of_one_group_says_nothing():
    flags = pd.Series([True, False] * 10)
    assert m.agreement(flags, flags.sample(frac=1, random_state=1)).value == 1
    assert not m.agreement(pd.Series([True] * 20), pd.Series([True] * 20)).estimable
    assert not m.agreement(flags.head(4), flags).estimable


# --- classes ----------------------------------------------------------------------------------------------


def plant(n, seed, *, classes=3, spread=0.30, missing=0.03):
    """Children of known classes, and the class a judge who knows the true parameters would give them."""
    rng = np.random.default_rng(seed)
    centre = np.linspace(0.5 - spread, 0.5 + spread, classes)[:, None]
    rates = np.clip(centre + rng.normal(0, 0.12, (classes, 12)), 0.05, 0.95)
    weights = np.array([0.40, 0.35, 0.25])[:classes] / sum([0.40, 0.35, 0.25][:classes])
    truth = rng.choice(classes, n, p=weights)
    levels = rng.binomial(3, rates[truth]).astype(float)
    levels[rng.random(levels.shape) < missing] = np.nan
    chance = np.nan_to_num(binom.logpmf(levels[:, None, :], 3, rates[None, :, :])).sum(axis=2)
    return (
        pd.DataFrame(levels, columns=list("abcdefghijkl")),
        truth,
        (np.log(weights) + chance).argmax(axis=1),
    )


def test_planted_classes_are_found_nearly_as_well_as_by_one_who_knows_them():
    gaps = []
    for seed in range(4):
        items, truth, judged = plant(700, seed)
        found = m.find_classes(items, number=3, n_init=4, seed=seed).modal()
        gaps.append(adjusted_rand_score(truth, judged) - adjusted_rand_score(truth, found))
    assert np.mean(gaps) < 0.05


def test_the_number_of_classes_is_found_and_they_are_ordered_by_need():
    items, _, _ = plant(700, 1)
    found = m.find_classes(items, max_classes=4, n_init=3)
    assert found.number == 3
    means = found.profile.groupby("group", sort=False)["mean_level"].mean()
    assert means.is_monotonic_increasing
    assert found.posterior.sum(axis=1).to_numpy() == pytest.approx(np.ones(700))
    assert sum(e.value for e in found.shares) == pytest.approx(1)
    assert found.middle().between(0, 1).all()


def test_children_all_of_one_kind_give_one_class():
    items = pd.DataFrame(np.random.default_rng(1).binomial(3, 0.4, (400, 8)), columns=list("abcdefgh"))
    found = m.find_classes(items, max_classes=4, n_init=2)
    assert found.number == 1
    assert "no ground for separate groups" in found.sentence()


def test_classes_along_one_scale_are_called_slices_and_classes_of_kind_are_not():
    rng, side = np.random.default_rng(2), np.random.default_rng(2).integers(0, 2, 600)
    scale = pd.DataFrame(
        rng.binomial(3, np.where(side, 0.7, 0.25)[:, None], (600, 8)), columns=list("abcdefgh")
    )
    kind = np.where(side[:, None] == (np.arange(8) < 4), 0.7, 0.2)
    kinds = pd.DataFrame(rng.binomial(3, kind), columns=list("abcdefgh"))
    assert m.find_classes(scale, max_classes=3, n_init=2).only_severity
    other = m.find_classes(kinds, max_classes=3, n_init=2)
    assert not other.only_severity
    assert "differ in kind" in other.sentence()


def test_classes_repeat_with_their_seed_and_leave_the_unassessed_out():
    items, _, _ = plant(200, 3)
    items.iloc[5] = np.nan
    first, again = (m.find_classes(items, number=2, n_init=2, seed=7) for _ in range(2))
    pd.testing.assert_frame_equal(first.posterior, again.posterior)
    assert 5 not in first.posterior.index
    assert len(first.posterior) == 199


@pytest.mark.parametrize("items", [plant(3, 1)[0], plant(100, 1)[0] * np.nan, plant(100, 1)[0] * 0])
def test_too_little_for_classes_is_said(items):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = m.find_classes(items)
    assert found.number == 0
    assert "not estimable" in found.sentence()
    assert found.headline()


def test_a_level_between_two_is_refused():
    with pytest.raises(InputError, match="not whole numbers"):
        m.find_classes(pd.DataFrame({"a": [0.5] * 60}))


def test_fitting_prints_nothing(capsys):
    m.find_classes(plant(120, 2)[0], max_classes=2, n_init=2)
    assert capsys.readouterr() == ("", "")


def put(value, low, high, *tried):
    """Give a middle of a share, its ends and the shares under other cut-offs."""
    found = m.find_middle(council(), **COLUMNS)
    share = Estimate("Share", value, low, high, n=200, unit="share")
    return replace(found, estimates=Estimates((share,)), sensitivity=pd.DataFrame({"share": tried}))


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ((0.06, 0.03, 0.1, 0.02, 0.4), "low for the count under each rule and for where the rule should lie"),
        (
            (0.3, 0.22, 0.39, 0.1, 0.4),
            "moderate for the count under each rule, low for where the rule should lie",
        ),
        (
            (0.3, 0.27, 0.33, 0.29, 0.31),
            "high for the count under each rule; other cut-offs move it no further",
        ),
        ((0.0, 0.0, 0.02, 0.0, 0.1), "low for the count"),
        ((None, None, None), "none"),
    ],
)
def test_how_sure_the_middle_is_follows_its_interval_and_its_cut_offs(group, said):
    assert m.how_sure(put(*group)).startswith(said)
