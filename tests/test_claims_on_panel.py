"""Unit, direction and reference tests: the claimed numbers held against a panel of all councils."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis.claims import Columns, national_arithmetic, pairs_of_five
from vcanalysis.core.errors import InputError
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.synth.panel import draw_panel

NAMED = Columns("code", "name", "year", "children", "spend")
REAL = Columns("council_code", "council", "year", "looked_after_n", "looked_after_gbp", "foster_pct")
SAVING, NATIONAL = 2.8e6, 300e6


def drawn(others=20, seed=1, noise=0.05):
    """Councils a, b, c and others in two years; all spend grows by 10%, others by chance besides."""
    rng = np.random.default_rng(seed)
    codes = ["a", "b", "c", *(f"x{k}" for k in range(others))]
    before = pd.DataFrame({"code": codes, "name": codes, "year": 2018, "children": 500.0, "spend": 2e7})
    before.loc[:2, ["children", "spend"]] = [[700, 4e7], [300, 1e7], [1000, 5e7]]
    moved = 1.1 * before["spend"] * np.r_[1, 1, 1, np.exp(noise * rng.standard_normal(others))]
    return pd.concat([before, before.assign(year=2019, spend=moved)], ignore_index=True)


def found(frame, councils=("a", "b", "c"), year=2019, years=(2018, 2019), columns=NAMED):
    return national_arithmetic(frame, councils=list(councils), year=year, years=list(years), columns=columns)


def test_every_pair_is_carried_over_by_hand_arithmetic():
    frame = drawn(others=0)
    result = found(frame).pairs.set_index("pair")
    # 2,000 children, 110 million pounds, three councils in 2019
    assert result.loc["a and b", "per child"] == pytest.approx(SAVING / 1000 * 2000)
    assert result.loc["a and c", "share of spend"] == pytest.approx(SAVING / (1.1 * 9e7) * 1.1e8)
    assert set(result["per council"]) == {SAVING / 2 * 3}
    assert "range" not in found(frame).routes.group("per council").sentence()
    assert len(result) == 3


def test_stock_and_share_are_the_full_count_with_the_range_of_the_years():
    frame = drawn()
    frame.loc[frame["code"].eq("a") & frame["year"].eq(2019), "children"] = 800.0
    count, share = found(frame).stock
    assert (count.value, count.low, count.high) == (2000, 2000, 2100)
    assert share.value == pytest.approx(2000 / 12000)


def test_what_the_national_claim_asks_is_its_share_of_all():
    share, each = found(drawn(noise=0)).asked
    spend = 1e8 + 20 * 2e7
    assert (share.value, share.low) == (
        pytest.approx(NATIONAL / spend),
        pytest.approx(NATIONAL / (1.1 * spend)),
    )
    assert each.value == pytest.approx(NATIONAL / 12000)


def test_without_chance_no_other_pair_moves_and_the_implied_range_has_no_width():
    result = found(drawn(noise=0))
    assert result.chance.value == 0
    assert result.implied.high - result.implied.low == pytest.approx(0, abs=1)


def test_more_chance_between_years_widens_what_the_pair_implies():
    calm, wild = (found(drawn(noise=size)) for size in (0.02, 0.2))
    assert wild.implied.high - wild.implied.low > 3 * (calm.implied.high - calm.implied.low)
    assert wild.chance.value > calm.chance.value


def test_a_council_without_spend_leaves_its_pairs_without_a_number():
    frame = drawn()
    frame.loc[frame["code"].eq("c"), "spend"] = np.nan
    result = found(frame)
    assert result.reach("share of spend")[1] == 1
    assert result.reach("per child")[1] == 3


@pytest.mark.parametrize(
    ("frame", "part", "reason"),
    [
        (drawn(others=3), "chance", "fewer than 10 other councils"),
        (drawn(others=3), "implied", "fewer than 10 other councils"),
        (drawn(), "growth", "does not say who is fostered"),
        (drawn().assign(spend=np.nan), "implied", "no pair has a number"),
    ],
)
def test_what_cannot_be_told_says_why(frame, part, reason):
    estimate = getattr(found(frame), part)
    assert not estimate.estimable
    assert reason in estimate.reason


def test_growth_of_foster_care_needs_both_years():
    columns = Columns("code", "name", "year", "children", "spend", "fostered")
    frame = drawn().assign(fostered=70.0)
    frame.loc[frame["year"].eq(2019), "fostered"] = 77.0
    assert found(frame, columns=columns).growth.value == pytest.approx(0.1)
    late = frame.assign(fostered=frame["fostered"].where(frame["year"].eq(2019)))
    assert "published from 2019 on" in found(late, columns=columns).growth.sentence()


def test_order_of_rows_changes_nothing():
    frame = drawn()
    one, other = found(frame), found(frame.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    assert one.sentence() == other.sentence()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="spend"), "no column 'spend'"),
        (lambda f: f[f["code"] != "c"], "'c' is not in the panel"),
        (lambda f: pd.concat([f, f]), "a council and year twice"),
    ],
)
def test_a_panel_that_cannot_be_used_is_refused(change, words):
    with pytest.raises(InputError, match=words):
        found(change(drawn()))


def test_the_headline_follows_how_many_pairs_reach_the_claim():
    small = drawn()
    assert found(small).headline().startswith("No pair")
    large = small.assign(
        children=small["children"].where(small["code"].isin(["a", "b", "c"]), 6e5), spend=small["spend"]
    )
    large["spend"] = large["spend"].where(large["code"].isin(["a", "b", "c"]), 4e9)
    assert found(large).headline().startswith("Every pair")


@pytest.mark.parametrize(
    ("by_child", "by_spend", "words"),
    [
        ([1e8, 1e8, 1e8], [4e8, 1e8, 1e8], "1 of 3 pairs reaches £300.0 million, by share of spend:"),
        (
            [4e8, 1e8, 1e8],
            [4e8, 4e8, 1e8],
            "2 of 3 pairs reach £300.0 million, per child or by share of spend:",
        ),
    ],
)
def test_the_headline_counts_the_pairs_each_once_and_names_the_route(by_child, by_spend, words):
    pairs = pd.DataFrame({"per child": by_child, "share of spend": by_spend, "per council": 9e8})
    assert replace(found(drawn()), pairs=pairs).headline().startswith(words)


def test_chance_alone_makes_other_pairs_move_as_much_on_the_synthetic_panel():
    panel = draw_panel(seed=3, errors=False, complete=True)
    councils = panel.programme["council_code"].tolist()[:5]
    result = found(panel.frame, councils, years=(2018, 2019, 2020), columns=REAL)
    assert 0.05 < result.chance.value < 0.5
    assert result.implied.low < 0 < result.implied.high


@pytest.mark.shared
def test_the_published_panel_gives_what_was_calibrated(shared):
    panel = open_panel(shared / "authorities")
    five = panel.programme.loc[panel.programme["first_treated"].eq(2019), "council_code"].tolist()
    result = found(panel.frame, five, years=(2018, 2019, 2020), columns=REAL)
    count, share = result.stock
    assert count.value == 3424  # calibrated: 3,424 in 2018, 3,664 in 2019, 4.5 to 4.7% of England
    assert share.low == pytest.approx(0.0454, abs=2e-4)
    assert share.high == pytest.approx(0.0469, abs=4e-4)
    by_child = result.pairs["per child"].sort_values() / 1e6
    assert by_child.round(0).tolist()[0] == 103  # calibrated: 103 to 284, the other eight 111 to 199
    assert by_child.round(0).tolist()[1:-1] == sorted(by_child.round(0).tolist()[1:-1])
    assert (by_child.iloc[1].round(), by_child.iloc[-2].round(), by_child.iloc[-1].round()) == (111, 199, 284)
    assert result.reach("per child") == (0, 10)
    # the same pairs from facts of 2019, entered one by one
    facts = pairs_of_five()
    assert np.allclose(sorted(result.pairs["share of spend"]), sorted(facts["share_of_spend"]), rtol=0.01)
    assert not result.growth.estimable
