"""Unit and direction tests of outcome productivity: small councils drawn beside what must come out, and refusals."""

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import productivity as prod
from vcanalysis.core.errors import InputError
from vcanalysis.core.price_index import PriceIndex
from vcanalysis.core.real_terms import real_terms

LAYOUT = prod.Layout(unit="council", year="year", size="children", spend="spend", need=("poor",))
HEALTH = prod.Outcome("sdq", "lower", "Emotional health")
WORK = prod.Outcome("work", "higher", "Care leavers in work or education")


def panel(councils=60, *, own=1.0, seed=1, years=(2023, 2024, 2025)):
    """Draw councils whose outcomes differ by `own` beyond what deprivation explains; chance falls with children."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"council": np.repeat([f"C{i:03d}" for i in range(councils)], len(years))})
    at = np.repeat(np.arange(councils), len(years))
    poor, true = rng.normal(20, 5, councils), rng.normal(0, own, (2, councils))
    children = rng.integers(150, 1200, councils)[at]
    chance = rng.normal(0, 1, (2, len(rows))) * 10 / np.sqrt(children)
    return rows.assign(
        year=np.tile(years, councils),
        children=children,
        poor=poor[at],
        spend=np.exp(7.6 + rng.normal(0, 0.2, councils)[at] + rng.normal(0, 0.03, len(rows))),
        sdq=14 + 0.1 * poor[at] - true[0][at] + chance[0],
        work=55 + 5 * (true[1][at] + chance[1]),
        truth=true.sum(axis=0)[at],
    )


def index(frame, **settings):
    return prod.outcome_productivity(frame, outcomes=[HEALTH, WORK], layout=LAYOUT, **settings)


def test_real_terms_come_of_the_index_year_by_year():
    drawn = PriceIndex({"2022-23": 90.0, "2023-24": 100.0}, "drawn")
    spend = pd.DataFrame({"year": [2023, 2024, 2024], "gbp": [90.0, 100.0, np.nan]})
    assert real_terms(spend, "gbp", to=2024, index=drawn)["gbp"].tolist()[:2] == [100.0, 100.0]
    with pytest.raises(InputError, match="1 values are no year"):
        real_terms(spend.assign(year=[2023.5, 2024, 2024]), "gbp", to=2024, index=drawn)
    with pytest.raises(InputError, match="has no year 2024-25"):
        real_terms(spend.assign(year=2025), "gbp", to=2024, index=drawn)


def councils_alike(counts, size=1000.0):
    return pd.DataFrame({"council": range(len(counts)), "count": counts, "children": size})


def test_a_funnel_finds_the_one_council_that_stands_out():
    found = prod.funnel(
        councils_alike([50, 48, 52, 51, 47, 55, 49, 50, 46, 95]),
        unit="council",
        value="count",
        size="children",
    )
    assert found.limits == "exact"
    assert found.points["position"].tolist() == ["within"] * 9 + ["above 99.8%"]
    assert found.beyond(0.998).value == pytest.approx(0.1)
    assert found.beyond(side="below").value == 0
    assert found.headline() == "1 of 10 councils lie beyond the 95% limits, 1 far beyond"


def test_limits_widen_where_councils_differ_more_than_chance():
    wild = councils_alike([20, 80, 30, 70, 50, 45, 90, 10, 60, 40, 55, 35])
    about = {"unit": "council", "value": "count", "size": "children"}
    exact, additive, times = (
        prod.funnel(wild, **about, adjust=kind) for kind in ("exact", "additive", "multiplicative")
    )
    assert exact.phi > 5
    assert exact.beyond().value > 0.5
    assert max(additive.beyond().value, times.beyond().value) < 0.1
    assert prod.funnel(wild, **about).limits == "additive"
    times_chance = (
        f"variance is {exact.phi:.1f} times that of chance, {exact.phi**0.5:.1f} times in standard dev"
    )
    assert times_chance in exact.sentence()
    assert exact.spread().low > 1
    sizes = np.array([1000.0, 5000.0])
    curve = additive.curve(sizes)
    assert (curve["low_95"] < curve["exact_low_95"]).all()
    assert (curve["high_998"] > curve["high_95"]).all()


def test_a_funnel_of_means_needs_the_spread_of_one_child():
    frame = pd.DataFrame({"council": range(12), "mean": np.linspace(13, 16, 12), "children": 200.0})
    about = {"unit": "council", "value": "mean", "size": "children", "kind": "mean"}
    found = prod.funnel(frame, **about, sd=8.0, adjust="exact")
    half = 1.959964 * 8 / np.sqrt(200)
    assert found.points[["low_95", "high_95"]].iloc[0].tolist() == pytest.approx([14.5 - half, 14.5 + half])
    with pytest.raises(InputError, match="needs sd"):
        prod.funnel(frame, **about)


@pytest.mark.parametrize(
    ("frame", "kind", "reason"),
    [
        (councils_alike([3] * 9), "rate", "at least 10 councils"),
        (councils_alike([0] * 12), "share", "it is none, or all"),
        (councils_alike([1000] * 12), "share", "it is none, or all"),
    ],
)
def test_a_funnel_says_why_there_is_none(frame, kind, reason):
    found = prod.funnel(frame, unit="council", value="count", size="children", kind=kind)
    assert reason in found.reason
    assert not found.beyond().estimable
    assert "not estimable" in found.sentence()
    assert not found.spread().estimable
    assert found.headline() == "Too few councils for a funnel"


@pytest.mark.parametrize(("counts", "message"), [([-1] * 10, "below 0"), ([1001] * 10, "exceed their size")])
def test_a_funnel_refuses_counts_that_cannot_be(counts, message):
    with pytest.raises(InputError, match=message):
        prod.funnel(councils_alike(counts), unit="council", value="count", size="children", kind="share")


def test_chance_of_single_years_is_split_into_a_floor_and_a_part_by_children():
    rng = np.random.default_rng(3)
    children = np.repeat(rng.integers(50, 1500, 2000), 3)
    drawn = pd.DataFrame(
        {"council": np.repeat(np.arange(2000), 3), "year": [1, 2, 3] * 2000, "children": children}
    )
    drawn["sdq"] = 14 + rng.normal(0, 1, 6000) * np.sqrt(0.1 + 64 / children)
    found = prod.levels_over_years(drawn, unit="council", year="year", value="sdq", size="children")
    assert found.floor == pytest.approx(0.1, abs=0.02)
    assert found.by_child == pytest.approx(64, rel=0.1)


def test_small_councils_are_drawn_nearest_to_the_mean():
    frame = panel(own=1.0)
    found = prod.shrunken(
        prod.levels_over_years(frame, unit="council", year="year", value="sdq", size="children")
    )
    middle = found["value"].mean()
    kept = (found["shrunken"] - middle) / (found["value"] - middle)
    far = (found["value"] - middle).abs() > 0.5
    assert np.corrcoef(found["variance"][far], kept[far])[0, 1] < -0.7
    assert ((found["low"] < found["shrunken"]) & (found["shrunken"] < found["high"])).all()


def test_levels_say_why_chance_is_not_known():
    one_year = panel(30, years=(2025,))
    about = {"unit": "council", "year": "year", "value": "sdq", "size": "children"}
    assert "two years" in prod.levels_over_years(one_year, **about).reason
    still = prod.levels_over_years(panel(30).assign(sdq=14.0), **about)
    assert "the same in every year" in still.reason
    assert prod.shrunken(still)["shrunken"].isna().all()
    with pytest.raises(InputError, match="a year twice"):
        prod.levels_over_years(pd.concat([one_year, one_year]), **about)


def test_the_index_finds_who_does_well_given_need_and_not_who_is_rich():
    frame = panel(120, own=1.5)
    found = index(frame)
    truth = frame.drop_duplicates("council").set_index("council")["truth"]
    ours = found.table.set_index("unit")["productivity"]
    assert np.corrcoef(ours, truth.reindex(ours.index))[0, 1] > 0.85
    poor = frame.drop_duplicates("council").set_index("council")["poor"].reindex(ours.index)
    assert abs(np.corrcoef(ours, poor)[0, 1]) < 0.1
    assert found.reliability().low > 0.5
    assert found.banded("above expectation") > 5


def test_a_better_outcome_raises_a_council_and_nothing_else():
    frame = panel()
    before = index(frame).table.set_index("unit")
    better = frame.assign(sdq=frame["sdq"] - 3 * (frame["council"] == "C007"))
    after = index(better).table.set_index("unit")
    assert after.loc["C007", "productivity"] > before.loc["C007", "productivity"] + 2
    assert after.loc["C007", "rank"] < before.loc["C007", "rank"]


def test_less_spend_for_the_same_outcome_raises_the_ratio():
    frame = panel()
    half = frame.assign(spend=frame["spend"] * np.where(frame["council"] == "C007", 0.5, 1.0))
    before, after = (index(f).table.set_index("unit").loc["C007", "ratio"] for f in (frame, half))
    assert after == pytest.approx(2 * before, rel=0.02)


def test_where_councils_are_alike_nobody_is_told_apart():
    found = index(panel(100, own=0.0))
    assert found.banded("cannot be told apart") == 100
    assert found.width().value > 70
    assert found.told_apart().value < 0.01
    assert found.reliability().low < 0.1


def test_the_index_is_the_same_for_rows_in_any_order_and_leaves_the_frame_alone():
    frame = panel()
    copy = frame.copy()
    mixed = frame.sample(frac=1, random_state=1)
    one, other = index(frame).table.set_index("unit"), index(mixed).table.set_index("unit")
    # draws go to other councils, so means agree only as far as draws do
    assert np.allclose(one["productivity"], other["productivity"].reindex(one.index), atol=0.4)
    pd.testing.assert_frame_equal(frame, copy)


def test_a_measure_that_is_mostly_chance_counts_little():
    frame = panel(own=1.0)
    noise = np.random.default_rng(5).normal(0, 20, len(frame))
    found = index(frame.assign(work=50 + noise))
    assert found.weights[0] > 0.85


def test_councils_that_cannot_be_counted_are_named_with_the_reason():
    frame = panel()
    frame.loc[frame["council"] == "C001", "spend"] = np.nan
    frame.loc[frame["council"] == "C002", ["sdq", "work"]] = np.nan
    frame.loc[frame["council"] == "C003", "poor"] = np.nan
    frame.loc[frame["council"] == "C004", "work"] = np.nan
    found = index(frame)
    assert found.scores.left_out.set_index("unit")["reason"].to_dict() == {
        "C001": "spend is not known",
        "C002": "fewer than half of the outcomes are known",
        "C003": "need is not known",
    }
    assert found.table.set_index("unit").loc["C004", "measured"] == 1
    assert not found.council("C001").estimable
    assert found.council("C010").excludes(1000)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (panel(3), "at least 10 councils with two years"),
        (panel(15), "at least 20 councils"),
        (panel(30, years=(2025,)), "two years"),
        (panel(30).assign(sdq=14.0), "the same in every year"),
        (panel(30).assign(spend=np.nan), "two years"),
    ],
)
def test_the_index_says_why_there_is_none(frame, reason):
    found = index(frame)
    assert reason in found.reason
    for estimate in (
        found.reliability(),
        found.width(),
        found.told_apart(),
        *found.slopes(),
        found.council("C000"),
    ):
        assert not estimable_or_number(estimate)
    assert found.banded("above expectation") == 0
    assert prod.sensitivity(found).table.empty
    assert "not estimable" in prod.sensitivity(found).sentence()
    assert "not estimable" in prod.council_page(found, unit="C000", neighbours=["C001"]).sentence()


def estimable_or_number(estimate):
    return estimate.estimable or "not estimable" not in estimate.sentence()


def test_the_index_refuses_what_it_cannot_mean():
    with pytest.raises(InputError, match="No outcome is given"):
        prod.outcome_productivity(panel(), outcomes=[], layout=LAYOUT)
    with pytest.raises(InputError, match="better is 'higher' or 'lower'"):
        prod.outcome_productivity(panel(), outcomes=[prod.Outcome("sdq", "down")], layout=LAYOUT)
    with pytest.raises(InputError, match="'sdq' is missing"):
        index(panel().drop(columns="sdq"))


def test_slopes_say_what_goes_with_spend_and_need():
    slopes = index(panel(200, own=0.3)).slopes()
    assert [e.group for e in slopes] == ["a tenth more spend", "a standard deviation more poor"]
    assert slopes.group("a standard deviation more poor").high < 0  # a higher score is worse


def test_other_weights_move_ranks_most_where_outcomes_disagree():
    frame = panel(own=1.5)
    agreeing = frame.assign(work=100 - 2 * frame["sdq"] + np.random.default_rng(1).normal(0, 0.3, len(frame)))
    apart, together = (prod.sensitivity(index(f), mixtures=200).agreement[0] for f in (frame, agreeing))
    assert together.low > 0.95 > apart.low
    found = prod.sensitivity(index(frame), mixtures=200)
    assert {"without Emotional health", "the ratio to spend instead of the residual"} <= {
        e.group for e in found.agreement
    }
    assert (found.table["best"] <= found.table["worst"]).all()
    assert "under at least 95% of the choices" in found.sentence()


def nation(seed=1, n=80):
    rng = np.random.default_rng(seed)
    made = pd.DataFrame({"council": range(n), "poor": rng.normal(20, 5, n)})
    made["rate"] = np.exp(4 + 0.04 * made["poor"] + rng.normal(0, 0.1, n))
    made["homes"], made["foster"] = rng.uniform(8, 16, n), rng.uniform(60, 75, n)
    made["fee"], made["allowance"] = np.exp(rng.normal(8.8, 0.2, n)), np.exp(rng.normal(6.6, 0.2, n))
    each = made["homes"] * made["fee"] + made["foster"] * made["allowance"]
    return made.assign(total=made["rate"] * each * np.exp(rng.normal(0, 0.02, n)))


def split(frame, **more):
    mix = {"homes": "fee", "foster": "allowance"}
    return prod.decompose_spend(
        frame, unit="council", total="total", rate="rate", mix=mix, need=["poor"], **more
    )


def test_the_parts_of_spend_add_up_for_every_council_and_the_shares_to_one():
    found = split(nation())
    parts = ["need", "rate beyond need", "mix of placements", "price", "not explained"]
    assert np.allclose(found.parts[parts].sum(axis=1), found.parts["total"])
    assert sum(e.value for e in found.shares) == pytest.approx(1.0)
    assert all(e.low <= e.value <= e.high for e in found.shares)
    assert "Of the differences in spend per resident child between 80 councils" in found.sentence()


def test_a_council_more_deprived_spends_more_by_need_and_one_that_pays_more_by_price():
    frame = nation()
    dearer = frame.assign(fee=frame["fee"] * np.where(frame["council"] == 3, 2, 1))
    dearer["total"] *= (dearer["homes"] * dearer["fee"] + dearer["foster"] * dearer["allowance"]) / (
        frame["homes"] * frame["fee"] + frame["foster"] * frame["allowance"]
    )
    price = [split(f).parts.set_index("unit").loc[3, "price"] for f in (frame, dearer)]
    assert price[1] > price[0] + 0.3
    calm = split(frame.assign(rate=frame["rate"].mean(), total=frame["total"] / frame["rate"]))
    assert abs(calm.shares.group("need").value) < 0.01


def test_the_decomposition_says_why_there_is_none():
    assert "At least 20" in split(nation(n=12)).sentence()
    alike = nation().assign(total=100.0)
    assert "All councils spend alike" in split(alike).sentence()
    assert "cannot be told" in split(alike).headline()
    with pytest.raises(InputError, match="at least one kind of placement"):
        prod.decompose_spend(nation(), unit="council", total="total", rate="rate", mix={}, need=["poor"])


def test_persistence_falls_with_the_years_between():
    rng = np.random.default_rng(2)
    values = np.cumsum(rng.normal(0, 1, (80, 6)), axis=1)
    frame = pd.DataFrame({"council": np.repeat(np.arange(80), 6), "year": np.tile(range(2020, 2026), 80)})
    found = prod.persistence(
        frame.assign(rate=values.ravel()), unit="council", year="year", value="rate", lags=(1, 2, 4)
    )
    assert found[0].value > found[1].value > found[2].value > 0
    assert [e.group for e in found] == ["1 year apart", "2 years apart", "4 years apart"]


def test_persistence_says_why_there_is_none_and_refuses_nonsense():
    few = panel(20)
    about = {"unit": "council", "year": "year", "value": "sdq"}
    assert "At least 25 councils" in prod.persistence(few, **about)[0].sentence()
    assert "No two years lie so far apart" in prod.persistence(panel(), **about, lags=(9,))[0].sentence()
    assert (
        "It is the same for all councils" in prod.persistence(panel().assign(sdq=1.0), **about)[0].sentence()
    )
    noise = panel(own=0.0).assign(chance=1e6)
    assert "Chance alone" in prod.persistence_without_chance(noise, **about, variance="chance").sentence()
    assert "At least 80" in prod.first_again(panel(), **about, top=40).sentence()
    assert not prod.first_again(few, **about).estimable
    with pytest.raises(InputError, match="lag is below 1"):
        prod.persistence(panel(), **about, lags=(0,))
    with pytest.raises(InputError, match="a year twice"):
        prod.persistence(pd.concat([few, few]), **about)


def test_the_same_councils_come_first_again_where_nothing_changes():
    about = {"unit": "council", "year": "year", "value": "sdq"}
    frame = panel()
    still = frame.assign(sdq=frame.groupby("council")["sdq"].transform("first"))
    assert prod.first_again(still, **about).value == 1.0
    assert prod.first_again(frame, **about).value < 1.0


def test_area_prices_are_of_the_same_kind_of_placement_within_a_year():
    frame = pd.DataFrame(
        {"council": list("abcdef") * 2, "year": [2024] * 6 + [2025] * 6, "region": list("NNNSSS") * 2}
    )
    frame["fee"] = [100.0, 100, 100, 200, 200, 200, 1000, 1000, 1000, 2000, 2000, 2000]
    factors = prod.area_prices(frame, unit="council", year="year", area="region", prices=["fee"])
    ratio = factors.set_index("area")["factor"]
    assert ratio["S"] / ratio["N"] == pytest.approx(2.0)
    assert prod.in_area_prices(frame, "fee", area="region", factors=factors)["fee"].round(6).nunique() == 2
    two = frame[frame["council"].isin(["a", "b", "d"])]
    assert (
        prod.area_prices(two, unit="council", year="year", area="region", prices=["fee"])["low"].isna().all()
    )
    with pytest.raises(InputError, match="not above £0"):
        prod.area_prices(frame.assign(fee=0.0), unit="council", year="year", area="region", prices=["fee"])
    with pytest.raises(InputError, match="No price is given"):
        prod.area_prices(frame, unit="council", year="year", area="region", prices=[])


def test_a_page_sets_a_council_beside_its_neighbours_and_names_those_absent():
    frame = panel(own=2.0)
    better = frame.assign(sdq=frame["sdq"] - 6 * (frame["council"] == "C007"))
    found = index(better)
    page = prod.council_page(found, unit="C007", neighbours=["C001", "C002", "C003", "C004", "C999"])
    assert page.absent == ("C999",)
    assert page.outcomes.set_index("outcome").loc["Emotional health", "says"] == "better than its neighbours"
    assert set(page.neighbours["unit"]) == {"C007", "C001", "C002", "C003", "C004"}
    assert f"rank {found.table.set_index('unit').loc['C007', 'rank']} of 60" in page.sentence()
    less = page.beside()[0]
    assert less.high < 0
    assert (less.n, less.of, less.group) == (4, "councils", "Emotional health, lower is better")
    alone = prod.council_page(found, unit="C007", neighbours=["C001"])
    assert not any(e.estimable for e in alone.beside())
    assert set(alone.outcomes["says"]) == {"not known"}
    assert prod.council_page(found, unit="C007", neighbours=[]).outcomes["neighbours"].isna().all()
    with pytest.raises(InputError, match="among its own neighbours"):
        prod.council_page(found, unit="C007", neighbours=["C007"])


def test_an_envelopment_refuses_what_is_not_above_nought():
    frame = pd.DataFrame({"council": [1, 2], "spend": [1.0, 0.0], "outcome": [1.0, 2.0]})
    with pytest.raises(InputError, match="above 0"):
        prod.envelopment(frame, unit="council", inputs=["spend"], outputs=["outcome"])
    with pytest.raises(InputError, match="at least one input"):
        prod.envelopment(frame, unit="council", inputs=[], outputs=["outcome"])


def test_the_two_sides_of_an_envelopment_agree_where_returns_are_constant():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"council": range(12), "spend": rng.uniform(1, 3, 12), "outcome": rng.uniform(1, 2, 12)}
    )
    about = {"unit": "council", "inputs": ["spend"], "outputs": ["outcome"], "returns": "constant"}
    one, other = (prod.envelopment(frame, **about, side=side)["efficiency"] for side in ("input", "output"))
    assert np.allclose(one, other)


def test_a_frontier_says_why_there_is_none_and_when_no_shortfall_is_seen():
    rng = np.random.default_rng(1)
    few = pd.DataFrame({"council": range(5), "spend": range(5), "outcome": range(5)}).astype(float)
    about = {"unit": "council", "output": "outcome", "inputs": ["spend"]}
    assert "at least 20" in prod.stochastic_frontier(few, **about).sentence()
    still = pd.DataFrame({"council": range(30), "spend": 1.0, "outcome": rng.normal(0, 1, 30)})
    assert "does not vary" in prod.stochastic_frontier(still, **about).sentence()
    wrong = pd.DataFrame({"council": range(60), "spend": rng.normal(0, 1, 60)})
    wrong["outcome"] = wrong["spend"] + rng.exponential(1, 60)
    found = prod.stochastic_frontier(wrong, **about)
    assert found.p_value == 1.0
    assert "cannot be told from chance" in found.sentence()
    assert (found.units["efficiency"] == 1).all()
