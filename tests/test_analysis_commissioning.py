"""Tests of what the council buys and from whom: hand arithmetic (unit), codes of the return, thin data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vcanalysis as vc
from tests.drawn import save_council
from vcanalysis.analysis import association
from vcanalysis.analysis import commissioning as c
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.paths import data_file
from vcanalysis.intake.meta import meta_names
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth.council import synthesise
from vcanalysis.intake.synth.settings import SynthSettings


def test_four_equal_providers_and_a_large_one():
    # 4 x 10 children: two of the same with chance 9 / 39. 30, 5 and 5 of 40: (870 + 20 + 20) / 1560.
    frame = pd.DataFrame(
        {"who": list("abcd") * 10 + ["a"] * 30 + list("bc") * 5, "kind": ["even"] * 40 + ["one"] * 40}
    )
    even, one = c.concentration(frame, provider="who", group="kind")
    assert not even.estimable or even.value == pytest.approx(9 / 39)
    assert one.value == pytest.approx(910 / 1560)
    assert one.low < one.value < one.high


def test_the_jackknife_is_that_of_leaving_each_child_out():
    sizes = np.array([12, 7, 4, 2, 1])
    names = np.repeat(list("abcde"), sizes)

    def chance(n):
        return (n * (n - 1)).sum() / (n.sum() * (n.sum() - 1))

    left = np.array([chance(sizes - (np.array(list("abcde")) == name)) for name in names])
    spread = np.sqrt((len(names) - 1) / len(names) * ((left - left.mean()) ** 2).sum())
    found = c.concentration(pd.DataFrame({"who": names}), provider="who")[0]
    assert found.std_error == pytest.approx(spread, rel=1e-9)


@pytest.mark.parametrize("who", [["a"] * 3, ["a"] * 40, list("ab") * 3])
def test_a_market_too_thin_says_why(who):
    found = c.concentration(pd.DataFrame({"who": who}), provider="who")[0]
    assert not found.estimable
    assert found.reason


def test_shares_of_spend_are_arithmetic():
    frame = pd.DataFrame({"who": ["a", "a", "b", "c", None], "gbp": [300.0, 300.0, 200.0, 200.0, 900.0]})
    share, index = c.spend_shares(frame, provider="who", cost="gbp", largest=2)
    assert (share.value, round(index.value, 2), share.n) == (0.8, 0.44, 4)
    assert not c.spend_shares(frame.head(0), provider="who", cost="gbp")[0].estimable


PRICED = pd.DataFrame(
    {
        "placement_type": ["Home"] * 20 + ["Family"] * 40 + ["Rare"] * 4,
        "gbp": [4000.0, 5000.0] * 10 + [600.0, 800.0] * 20 + [9.0] * 4,
    }
)
OTHERS = pd.DataFrame({"home": np.linspace(3000, 5000, 21), "family": np.linspace(500, 700, 21), "rare": 1.0})
KINDS = {"home": ["Home"], "family": ["Family"], "rare": ["Rare"]}


def test_the_price_index_is_own_prices_over_the_middle_council_at_the_same_mix():
    index, cheaper, spread = c.price_index(PRICED, OTHERS, prices=KINDS, cost="gbp")
    # 20 x 4,500 + 40 x 700 over 20 x 4,000 + 40 x 600; four children of a kind are too few to count
    assert index.value == pytest.approx(59_000 / 52_000)
    assert index.n == 60
    assert index.low < 59_000 / 52_000 < index.high
    assert cheaper.value == pytest.approx((OTHERS @ [10, 20, 0] < 59_000).mean())
    assert cheaper.low <= cheaper.value <= cheaper.high
    assert spread.value == pytest.approx((10 * 4800 + 20 * 680) / (10 * 3200 + 20 * 520))
    assert (spread.n, spread.of) == (21, "councils")


def test_more_homes_make_nobody_dearer_and_dearer_prices_do():
    twice = pd.concat([PRICED, PRICED[PRICED["placement_type"].eq("Home")]])
    same = OTHERS.assign(home=4500.0, family=700.0)
    assert c.price_index(twice, same, prices=KINDS, cost="gbp")[0].value == pytest.approx(1)
    dear = c.price_index(PRICED.assign(gbp=PRICED["gbp"] * 1.2), same, prices=KINDS, cost="gbp")
    assert dear[0].value == pytest.approx(1.2)
    assert dear[1].value == 1.0


@pytest.mark.parametrize(
    ("children", "councils", "why"),
    [
        (PRICED.tail(4), OTHERS, "20 priced children in one kind of placement are needed; found 4"),
        (PRICED.head(0), OTHERS, "found 0"),
        (PRICED, OTHERS.head(4), "5 councils with every price are needed; found 4"),
        (PRICED, OTHERS.assign(home=np.nan), "found 0"),
    ],
)
def test_an_index_of_too_few_prices_says_why(children, councils, why):
    assert all(why in e.sentence() for e in c.price_index(children, councils, prices=KINDS, cost="gbp"))


def test_an_index_of_one_price_is_not_estimable():
    flat = PRICED.assign(gbp=1000.0)
    assert not any(e.estimable for e in c.price_index(flat, OTHERS, prices=KINDS, cost="gbp")[:2])
    with pytest.raises(InputError, match="'seller' is missing"):
        c.price_index(flat, OTHERS, prices=KINDS, cost="gbp", seller="seller")


def test_a_council_stands_beside_its_region_in_one_year():
    rows = [
        ("a", "East", 2019),
        ("a", "East", 2020),
        ("b", "East", 2020),
        ("c", "West", 2020),
        ("c", "West", 2021),
    ]
    panel = pd.DataFrame(rows, columns=["council_code", "region", "year"])

    def beside(council, **options):
        return c.councils_beside(panel, council=council, year=2020, **options)["council_code"].tolist()

    assert beside("a") == ["b"]
    assert beside("a", region="West") == ["c"]
    assert beside("not there") == ["a", "b", "c"]
    with pytest.raises(InputError, match="Its regions are: East, West"):
        beside("a", region="North")


def test_spot_against_framework_is_found_at_the_same_need_and_never_where_none_is_planted():
    rng = np.random.default_rng(8)
    who = rng.integers(0, 40, 600).astype(str)
    listed, need = [str(n) for n in range(20)], rng.integers(0, 20, 600).astype(float)
    route = c.how_bought(pd.Series(who, name="who"), framework=listed)
    dearer = np.where(route.eq("spot"), 1.25, 1.0)
    base = 800 * np.exp(0.03 * need + rng.normal(0, 0.2, 600))
    for gbp, planted in ((base * dearer, 1 / 1.25), (base, 1.0)):
        frame = pd.DataFrame({"who": who, "need": need, "route": route, "gbp": gbp})
        model = association.cost_model(frame, cost="gbp", terms=["need", "route"], cluster="who")
        found = next(e for e in model.ratios if "framework against spot" in e.term)
        assert found.low < planted < found.high
        assert found.excludes(1) == (planted < 1)
    for wrong in ([], ["nobody"]):
        with pytest.raises(InputError, match="named as on the framework"):
            c.how_bought(pd.Series(who), framework=wrong)


def bought_now(council):
    """Give the priced placements of today that are bought, and how."""
    priced = council.snapshot("2019-12-31").dropna(subset=["cost_gbp_week"])
    away = priced["placement_type"].isin(["With parents", "Placed for adoption"])
    bought = priced[~priced["place_provider"].isin(["PR0", "PR1"]) & ~away]
    listed = set(council.framework_providers) & set(bought["provider_id"].dropna())
    return bought.assign(route=c.how_bought(bought["provider_id"], framework=listed))


def spot_over_framework(council):
    terms = ["need_total", "age_years", "placement_type", "route"]
    model = association.cost_model(
        bought_now(council), cost="cost_gbp_week", terms=terms, cluster="provider_id"
    )
    return next(e for e in model.ratios if "framework" in e.term)  # against the more frequent of the two


def test_the_discount_planted_in_a_synthetic_council_lies_in_the_interval(tmp_path):
    made = synthesise(SynthSettings(children=1800, years=2, seed=1, framework_discount=0.25))
    save_council(tmp_path / "made", made.tables, made.meta)
    found = spot_over_framework(open_council(tmp_path / "made"))
    assert found.low < 1 / 0.75 < found.high
    assert found.excludes(1)


def test_the_demo_council_names_its_framework_and_region_and_no_discount_is_planted_in_it():
    council = open_council(data_file("demo"))
    assert len(council.framework_providers) == 19
    found = spot_over_framework(council)
    assert found.low < 1 < found.high
    panel = vc.open_panel("").frame
    others = c.councils_beside(panel, council=council.code, year=2020, region=council.region)
    assert len(others) >= 5
    assert set(others["region"]) == {council.region}


@pytest.mark.parametrize("wrong", ["0bcbe3", [1, 2]])
def test_a_list_of_providers_that_is_none_is_refused(tmp_path, wrong):
    with pytest.raises(InputError, match="framework_providers is no list of names"):
        meta_names({"framework_providers": wrong}, "framework_providers", tmp_path)


def test_how_a_placement_began_follows_the_codes_of_the_return():
    # An episode's reason says why the placement of the episode before it ended.
    drawn = pd.DataFrame(
        [
            ("a", "2018-01-01", "S", "L1", "CARPL", "emergency"),
            ("a", "2018-02-01", "P", "C1", "CREQB", "planned move"),
            ("a", "2018-03-01", "L", "C2", None, None),
            ("b", "2018-01-01", "S", "V2", None, "start of care"),
            ("b", "2018-02-01", "P", "V2", None, None),
            ("c", "2018-01-01", "S", "C1", "STAND", "start of care"),
            ("c", "2018-02-01", "T", "C1", None, "unplanned move"),
        ],
        columns=["child_id", "decom", "rne", "ls", "reason_place_change", "expected"],
    )
    found = c.how_it_began(drawn.sample(frac=1, random_state=1)).reindex(drawn.index)
    assert found.fillna("-").tolist() == drawn["expected"].fillna("-").tolist()
    with pytest.raises(InputError, match="Column 'rne' is missing"):
        c.how_it_began(drawn.drop(columns="rne"))


def test_the_working_list_is_by_the_gap_to_those_alike():
    gbp = [100.0] * 4 + [150.0, 300.0, 900.0]
    who, band = ["p"] * 5 + ["q", "q"], ["x"] * 6 + ["y"]
    frame = pd.DataFrame({"child_id": list("abcdefg"), "band": band, "who": who, "gbp": gbp})
    excess = Estimates((Estimate("e", 0.5, 0.2, 0.8, n=9, group="q"),))
    found = c.working_list(frame, excess, cost="gbp", provider="who", alike=["band"])
    assert found["child_id"].tolist() == ["f", "e"], "g has nobody alike"
    assert found["gap_gbp_week"].tolist() == [200.0, 50.0]
    assert "clearly more than its children account for" in found["why"][0]


def test_joint_funding_is_held_against_the_need_that_calls_for_it():
    frame = pd.DataFrame(
        {"health_share": [0.5] * 6 + [0.0] * 24, "gbp": 1000.0, "mental": [3.0] * 12 + [1.0] * 18}
    )
    asked = {"shares": ["health_share"], "cost": "gbp", "needed": ["mental"]}
    with_need, without, part = c.joint_funding(frame, **asked)
    assert (with_need.value, without.value, part.value) == (0.5, 0.0, 0.1)
    thin = c.joint_funding(frame.head(3), **asked)
    assert [e.estimable for e in thin][:2] == [False, False]


def test_of_a_need_that_the_framework_does_not_rate_only_the_part_paid_is_known():
    frame = pd.DataFrame({"health_share": [0.5] * 20, "gbp": 1000.0})
    found = c.joint_funding(frame, shares=["health_share"], cost="gbp", needed=["mental_health"])
    assert [e.reason for e in found][:2] == ["no mental health is rated here"] * 2
    assert found[2].value == 0.5
