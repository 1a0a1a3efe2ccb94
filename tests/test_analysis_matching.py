"""Unit, property, direction and edge tests of matching: brute force, scipy's assignment, what must move which way."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tests.drawn import drawn
from vcanalysis.analysis import matching as m
from vcanalysis.analysis.matching import together, transport
from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.transport import place, whole_market
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import fact

DOMAINS = ["education", "contact", "risk"]
CHILDREN = """
child_id age_years sibling_group education contact risk home_id
ann      4         -             3         0       1    near
bob      9         -             1         2       0    -
cat      9         fam           0         1       0    far
dan      12        fam           2         0       0    far
eve      16        -             3         3       3    -
"""
HOMES = """
household_id approved_places age_min age_max education contact risk
near         1               0       5       2         1       1
far          2               5       17      1         1       0
full         0               0       17      3         3       3
"""


def small(rules=None, **changes):
    children = drawn(CHILDREN).replace("", None).assign(**changes)
    return m.pose(children, drawn(HOMES), domains=DOMAINS, rules=rules or m.Rules())


def made(n, homes, seed=0, *, siblings=0, domains=4, most=3):
    """Draw children, the first of them in pairs of siblings, and homes."""
    rng = np.random.default_rng(seed)
    names = [f"d{i}" for i in range(domains)]
    children = pd.DataFrame(rng.integers(0, 4, (n, domains)), columns=names)
    pair = pd.Series(np.arange(n) // 2).astype("str").where(np.arange(n) < 2 * siblings)
    children = children.assign(child_id=[f"c{i}" for i in range(n)], age_years=rng.integers(0, 18, n) + 0.5)
    low = rng.choice([0, 0, 5, 11], homes)
    table = pd.DataFrame(rng.integers(0, 4, (homes, domains)), columns=names).assign(
        household_id=[f"h{i}" for i in range(homes)], approved_places=rng.integers(0, most + 1, homes),
        age_min=low, age_max=np.where(low == 0, 12, 17),
    )  # fmt: skip
    return children.assign(sibling_group=pair), table, names


def posed(n, homes, seed=0, *, rules=None, **drawn_as):
    children, table, names = made(n, homes, seed, **drawn_as)
    return m.pose(children, table, domains=names, rules=rules or m.Rules())


def gap_by_hand(problem, child, home):
    return float(np.clip(problem.need[child] - problem.capability[home], 0, None).sum())


def allowed_by_hand(problem, child, home):
    rules, ages = problem.rules, problem.approved[home]
    short = np.max(problem.need[child] - problem.capability[home])
    return ages[0] <= problem.age[child] <= ages[1] and short <= rules.most_short


def brute_force(problem):
    """Least total over every way of giving sibling groups a home or none."""
    groups = [np.flatnonzero(problem.unit == u) for u in range(problem.unit.max() + 1)]
    best = np.inf
    for way in itertools.product(range(-1, problem.shape[1]), repeat=len(groups)):
        used, total = np.zeros(problem.shape[1]), 0.0
        for group, home in zip(groups, way, strict=True):
            if home < 0:
                total += problem.rules.unmatched * len(group)
            elif all(allowed_by_hand(problem, child, home) for child in group):
                used[home] += len(group)
                total += sum(gap_by_hand(problem, child, home) for child in group)
            else:
                total = np.inf
        if (used <= problem.places).all():
            best = min(best, total)
    return best


# --- by hand ------------------------------------------------------------------------------------------------


def test_the_gap_is_what_is_needed_beyond_what_the_home_can_meet():
    problem = small()
    near, far = Gaps(problem).own(np.arange(5)).T  # the home without a place takes no part
    assert near.tolist() == [1.0, 1.0, 0.0, 0.0, 1.0 + 2 + 2]
    assert far.tolist() == [2.0 + 1, 1.0, 0.0, 1.0, 2 + 2 + 3.0]


def test_the_best_way_by_hand():
    # ann alone fits near; far has two places: cat and dan together (1 level) beat bob and a hole
    found = m.assign(small())
    homes = found.frame().set_index("child_id")["household_id"]
    assert homes[["ann", "cat", "dan"]].tolist() == ["near", "far", "far"]
    assert homes[["bob", "eve"]].isna().all()
    assert found.total == 1 + 0 + 1 + 2 * 36
    assert found.bound == found.total


def test_a_child_that_would_fall_too_short_stays_without_a_home():
    cheap = m.assign(small(m.Rules(unmatched=1.5)))
    assert cheap.frame().set_index("child_id")["gap"].dropna().max() <= 1.5


def test_what_each_rule_rules_out_is_counted_by_hand():
    rows = m.ruled_out(small(m.Rules(most_short=1, present_allowed=False))).set_index("rule")
    # near (0 to 5): all but ann; far (5 to 17): ann. Siblings cat and dan need two places, near has one.
    assert rows.loc["not approved for the age", "pairs"] == 5
    assert rows.loc["too few places for the siblings together", "pairs"] == 2
    assert rows.loc["falls too short in one domain", "pairs"] == 3  # ann in far; eve in both
    assert rows.loc["falls too short in one domain", "children_without_home"] == 1
    assert rows.loc["all rules together", "pairs"] == 6


def test_children_without_a_home_are_counted_by_reason():
    problem = small(m.Rules(most_short=1))
    found = m.assign(problem)
    reasons = m.why_unmatched(problem, found.home)
    assert reasons["every home: falls too short in one domain"] == 1  # eve
    assert reasons["the homes that would do are given to other children"] == 1  # bob
    assert reasons.sum() == (found.home < 0).sum()


def test_a_child_may_stay_where_it_lives_whatever_the_rules_say():
    moved = small(home_id=["far", None, None, None, None])
    assert Gaps(moved).allowed(np.arange(1)).tolist() == [[True, True]]
    strict = small(m.Rules(present_allowed=False), home_id=["far", None, None, None, None])
    assert Gaps(strict).allowed(np.arange(1)).tolist() == [[True, False]]


def test_where_they_live_is_compared_with_its_faults():
    problem = small(home_id=["near", None, "far", "near", None])
    table = m.compare({"best": m.assign(problem), "now": m.actual(problem)}).set_index("way")
    assert table.loc["now", "placed"] == 3
    assert table.loc["now", "outside_rules"] == 2  # the siblings are apart
    assert table.loc["now", "regret"] == table.loc["now", "total"] - table.loc["best", "total"]


def test_intensive_needs_count_at_the_highest_level_only():
    found = m.assign(small())
    assert found.frame().set_index("child_id")["intensive_unmet"].to_dict() == {
        "ann": True, "bob": False, "cat": False, "dan": False, "eve": False,
    }  # fmt: skip


def test_a_missing_domain_is_neither_a_need_nor_none():
    children, table, names = made(1, 1, 3, domains=5)
    table = table.assign(**dict.fromkeys(names, 0), approved_places=1, age_min=0, age_max=17)
    children = children.assign(**dict.fromkeys(names, 2.0))
    children.loc[0, names[0]] = np.nan
    assert m.assign(m.pose(children, table, domains=names)).gap.tolist() == [10.0]


def test_free_places_are_those_nobody_lives_in():
    living = pd.Series(["far", "near", "near", "gone", None])
    assert m.free_places(drawn(HOMES), living).tolist() == [0, 1, 0]


def test_without_homes_no_place_is_free():
    """A return as it is names no home; the names are then of a kind of their own."""
    none = drawn(HOMES).iloc[:0].astype({"household_id": "str"})
    assert m.free_places(none, pd.Series(["near"])).tolist() == []
    assert m.free_places(drawn(HOMES), pd.Series([], dtype="str")).tolist() == [1, 2, 0]


# --- against brute force and scipy --------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from([5.0, 36.0]),
)
def test_the_best_way_is_that_of_brute_force(seed, n, homes, siblings, unmatched):
    rules = m.Rules(unmatched=unmatched, most_short=[np.inf, 1, 2][seed % 3])
    problem = posed(n, homes, seed, rules=rules, siblings=min(siblings, n // 2))
    if problem.reason():
        return
    found = m.assign(problem)
    assert found.total == pytest.approx(brute_force(problem))
    assert found.bound == pytest.approx(found.total)


@pytest.mark.parametrize("held", [300_000, 0])
@pytest.mark.parametrize(("n", "homes"), [(60, 40), (40, 90), (80, 20)])
def test_without_siblings_it_is_scipys_assignment(monkeypatch, n, homes, held):
    monkeypatch.setattr(transport, "_ALL_PAIRS", held)  # 0: pairs are priced in
    monkeypatch.setattr(transport, "_NEAREST", 3)
    problem = posed(n, homes, 5)
    gaps = np.minimum(Gaps(problem).cost(np.arange(n), ties=False), problem.rules.unmatched)
    seats = np.repeat(gaps, problem.places, axis=1)
    child, seat = linear_sum_assignment(seats)
    least = seats[child, seat].sum() + problem.rules.unmatched * (n - len(child))
    found = m.assign(problem)
    assert found.total == pytest.approx(least)
    assert found.bound == pytest.approx(least)


def test_prices_prove_that_no_chain_of_changes_helps():
    problem = posed(70, 40, 2)
    flow = place(whole_market(problem))
    cost = Gaps(problem).cost(np.arange(70))
    worth = flow.own + np.r_[flow.price, 0.0][flow.home]
    assert (cost + flow.price >= worth[:, None] - 1e-9).all()
    assert (worth <= problem.rules.unmatched + 1e-9).all()
    taken = np.bincount(flow.home[flow.home >= 0], minlength=problem.shape[1])
    assert flow.price[taken < problem.places].max(initial=0) == 0
    assert (worth - np.r_[flow.price, 0.0] @ np.r_[problem.places, 0] / 70).sum() == pytest.approx(
        flow.own.sum()
    )


def test_no_two_children_would_both_do_better_by_a_swap():
    problem = posed(50, 40, 8)
    found, cost = m.assign(problem), Gaps(problem).cost(np.arange(50), ties=False)
    here = np.flatnonzero(found.placed)
    for a, b in itertools.combinations(here, 2):
        now = cost[a, found.home[a]] + cost[b, found.home[b]]
        assert cost[a, found.home[b]] + cost[b, found.home[a]] >= now - 1e-9


def test_many_siblings_are_placed_whole_and_the_bound_holds(monkeypatch):
    problem = posed(60, 40, 4, siblings=15)
    exact = m.assign(problem)
    monkeypatch.setattr(together, "_EXACT", 0)
    quick = m.assign(problem)
    assert quick.bound <= exact.total <= quick.total <= m.greedy(problem).total


# --- what must hold, and what must move which way -----------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 20), st.integers(0, 8))
def test_nobody_is_placed_twice_no_home_is_over_full_and_siblings_stay_together(seed, n, homes, siblings):
    problem = posed(n, homes, seed, siblings=min(siblings, n // 2))
    for found in (m.assign(problem), m.greedy(problem), m.greedy(problem, order="given")):
        assert found.home.shape == (n,)
        taken = np.bincount(found.home[found.placed], minlength=problem.shape[1])
        assert (taken <= problem.places).all()
        assert not together.parted(found.home, problem.unit).any()
        assert not found.outside.any()
        assert found.total >= m.assign(problem).total - 0.02


@pytest.mark.parametrize("seed", range(5))
def test_more_capability_more_places_and_looser_rules_never_make_it_worse(seed):
    children, table, names = made(30, 15, seed, siblings=4)
    base = m.assign(m.pose(children, table, domains=names)).total
    able = table.assign(**{names[0]: table[names[0]] + 1})
    more = table.assign(approved_places=table["approved_places"] + 1)
    better = [m.assign(m.pose(children, homes, domains=names)).total for homes in (able, more)]
    looser = [m.Rules(ages=False), m.Rules(together=False)]
    better += [m.assign(m.pose(children, table, domains=names, rules=rules)).total for rules in looser]
    assert max(better) <= base
    tight = [m.Rules(most_short=1), m.Rules(most_short=0), m.Rules(unmatched=40)]
    worse = [m.assign(m.pose(children, table, domains=names, rules=rules)).total for rules in tight]
    assert min(worse) >= base
    assert worse[1] >= worse[0]


def test_a_nearer_limit_never_places_more_children_and_miles_weigh_as_declared():
    children, table, names = made(20, 12, 3)
    rng = np.random.default_rng(0)
    ids = children["child_id"].tolist(), table["household_id"].tolist()
    miles = pd.DataFrame(rng.uniform(0, 40, (20, 12)), index=ids[0], columns=ids[1])
    found = [
        m.assign(m.pose(children, table, domains=names, rules=m.Rules(most_miles=far), miles=miles))
        for far in (5, 15, 40)
    ]
    assert found[0].total >= found[1].total >= found[2].total
    assert found[0].frame()["miles"].max() <= 5
    weighed = m.assign(m.pose(children, table, domains=names, rules=m.Rules(mile_levels=0.5), miles=miles))
    assert weighed.frame()["miles"].mean() < found[2].frame()["miles"].mean()
    assert weighed.total == pytest.approx(
        weighed.gap[weighed.placed].sum()
        + 0.5 * weighed.frame()["miles"].sum()
        + 36 * (~weighed.placed).sum()
    )


def test_the_same_seed_gives_the_same_homes_and_another_may_break_ties_otherwise():
    children, table, names = made(40, 30, 1)
    homes = [m.assign(m.pose(children, table, domains=names, seed=s)) for s in (1, 1, 2)]
    assert (homes[0].home == homes[1].home).all()
    assert (homes[0].home != homes[2].home).any()
    assert homes[0].total == homes[2].total


def test_the_order_of_the_rows_does_not_change_the_total():
    children, table, names = made(25, 12, 6, siblings=5)
    turned = m.pose(children.iloc[::-1], table.iloc[::-1], domains=names)
    assert m.assign(turned).total == m.assign(m.pose(children, table, domains=names)).total


# --- near ties, noise, recruits -----------------------------------------------------------------------------


def forced(problem, child, home):
    """Least total with a child in a home: placed without it, the home one place smaller."""
    keep = np.arange(problem.shape[0]) != child
    places = problem.places.copy()
    places[home] -= 1
    rest = m.Problem(
        problem.child_ids[keep], problem.home_ids, problem.need[keep], problem.capability, problem.age[keep],
        np.arange(keep.sum()), places, problem.approved, problem.present[keep], None, problem.domains, problem.rules,
    )  # fmt: skip
    return m.assign(rest).total + gap_by_hand(problem, child, home)


@pytest.mark.parametrize(("n", "homes", "seed"), [(9, 5, 0), (14, 5, 1), (6, 8, 2), (12, 6, 3)])
def test_what_another_home_costs_in_all_is_what_placing_everybody_anew_costs(n, homes, seed):
    problem = posed(n, homes, seed, most=2)
    best = m.assign(problem)
    extra = m.alternatives(best).extra
    for child, home in itertools.product(range(n), range(problem.shape[1])):
        if allowed_by_hand(problem, child, home):
            expected = forced(problem, child, home) - best.total
            assert extra[child, home] == pytest.approx(expected, abs=0.02)
        else:
            assert np.isinf(extra[child, home])


def test_near_ties_are_counted_and_listed():
    table = drawn(HOMES).assign(approved_places=[1, 1, 1])
    problem = m.pose(drawn(CHILDREN).head(1), table, domains=DOMAINS)
    found = m.alternatives(m.assign(problem), within=1)
    assert m.assign(problem).frame()["household_id"].tolist() == ["full"]  # no gap at all
    assert found.number.tolist() == [1.0]  # near costs one level more
    assert found.frame()["household_id"].tolist() == ["full", "near"]
    assert found.estimates()[1].sentence().endswith("; 1 children with no brothers or sisters to place).")
    assert m.alternatives(m.assign(problem), within=0).number.tolist() == [0.0]


def test_without_rating_error_every_home_is_the_same_and_nothing_is_lost():
    found = m.stability(posed(30, 20, 1, siblings=5), reliability=1.0, draws=5).estimates()
    assert [e.value for e in found] == [1.0, 1.0, 0.0]


def test_homes_are_less_sure_the_less_ratings_agree():
    problem = posed(30, 20, 1)
    shares = [m.stability(problem, reliability=r, draws=20).estimates()[0].value for r in (0.99, 0.8, 0.3)]
    assert shares[0] > shares[1] > shares[2]


def test_another_rating_keeps_the_shares_of_levels_and_agrees_as_stated():
    rng = np.random.default_rng(0)
    need = rng.choice([0.0, 1.0, 2.0, 3.0], (20_000, 1), p=[0.5, 0.3, 0.15, 0.05])
    again = m.rerate(need, reliability=0.7, seed=1)
    for level in range(4):
        assert (again == level).mean() == pytest.approx((need == level).mean(), abs=0.01)
    median = 2 * np.pi * (((need < 1) & (again < 1)).mean() - 0.25)  # Sheppard: cut at the median of both
    assert np.sin(median) == pytest.approx(0.7, abs=0.03)
    assert (m.rerate(need, reliability=0.0, seed=1)[:, 0] == need[:, 0]).mean() < 0.4


def test_the_best_by_one_rating_looks_worse_by_another_and_the_rest_hardly_does():
    rng = np.random.default_rng(3)
    children, table, names = made(40, 30, 3, domains=6)
    problem = m.pose(children, table, domains=names)
    best = m.assign(problem)
    any_ = m.Assignment(problem, np.where(best.placed, rng.permutation(best.home), -1), "by lot")
    found = m.judged({"best": best, "lot": any_}, reliability=0.6, draws=40)
    means = [np.nanmean(way.gap) for way in (best, any_)]
    assert found[0].value > means[0] + 0.3
    assert found[1].value == pytest.approx(means[1], rel=0.2)


@pytest.mark.parametrize(("n", "homes", "seed"), [(12, 5, 0), (8, 8, 1), (25, 12, 2)])
def test_what_an_added_place_takes_away_is_what_placing_everybody_anew_with_it_takes_away(n, homes, seed):
    children, table, names = made(n, homes, seed)
    problem = m.pose(children, table, domains=names)
    found, kinds = m.added_place(problem), m.kinds_of_home(problem)
    for estimate, (_, kind) in zip(found.estimates, kinds.iterrows(), strict=True):
        new = kind.to_frame().T.assign(household_id="new", approved_places=1)
        both = m.pose(children, pd.concat([table, new]), domains=names)
        assert estimate.group == kind["kind"]
        assert estimate.value == pytest.approx(m.assign(problem).total - m.assign(both).total, abs=0.02)


def test_a_home_able_in_everything_helps_at_least_as_much_as_one_strength():
    found = m.added_place(posed(30, 12, 5), reliability=0.7, draws=10)
    value = {e.group: e.value for e in found.estimates}
    assert max(value.values()) == value["able in every domain"]
    assert min(value.values()) == value["typical"]
    assert sum(found.first.values()) == pytest.approx(1)
    assert all(e.low <= e.value <= e.high for e in found.beyond)


def test_unmet_capability_adds_up_to_the_gap_by_group_and_domain():
    found = m.assign(posed(30, 12, 5))
    area = pd.Series(np.where(np.arange(30) % 2, "north", "south"), index=found.problem.child_ids)
    table = m.unmet_capability(found, group=area)
    assert table["levels"].sum() == pytest.approx(np.nansum(found.gap))
    assert set(table["group"]) == {"north", "south"}
    assert table["levels"].is_monotonic_decreasing
    shares = m.short_by_domain(found)
    assert [e.value for e in shares] == sorted((e.value for e in shares), reverse=True)


def test_supply_counts_places_that_can_meet_the_highest_need():
    table = m.supply_gap(small()).set_index("domain")
    assert table["children"].to_dict() == {"education": 2, "contact": 1, "risk": 1}
    assert table["places"].to_dict() == {"education": 0, "contact": 0, "risk": 0}


# --- shares and pounds --------------------------------------------------------------------------------------


def fostered(n=40, gap=340.0, seed=0):
    rng = np.random.default_rng(seed)
    need = rng.normal(10, 4, 2 * n) + np.repeat([0, 3], n)
    frame = pd.DataFrame({"type": np.repeat(["In-house fostering", "Agency fostering"], n), "need": need})
    cost = 400 + 10 * need + gap * (frame["type"] == "Agency fostering") + rng.normal(0, 40, 2 * n)
    return frame.assign(cost=cost)


def test_the_share_leaves_out_kinship_and_homes():
    frame = pd.DataFrame(
        {"type": ["In-house fostering"] * 3 + ["Agency fostering", "Kinship fostering", "Residential home"]}
    )
    found = m.in_house_share(frame, placement_type="type")
    assert (found.value, found.n) == (0.75, 4)


def test_the_plain_gap_is_the_difference_in_means_and_the_adjusted_one_leaves_need_out():
    frame = fostered()
    means = frame.groupby("type")["cost"].mean()
    plain = m.agency_gap(frame, cost="cost", placement_type="type")
    assert plain.value == pytest.approx(means["Agency fostering"] - means["In-house fostering"])
    alike = m.agency_gap(frame, cost="cost", placement_type="type", adjust=("need",))
    assert alike.low < 340 < alike.high
    assert alike.value < plain.value


def test_growth_is_of_the_count_and_a_year_has_52_weeks_and_a_bit():
    gap = m.agency_gap(fostered(), cost="cost", placement_type="type")
    places, week, year = m.more_in_house(385, gap, growth=0.14)
    assert places.value == pytest.approx(53.9)
    assert week.value == pytest.approx(53.9 * gap.value)
    assert year.value / week.value == pytest.approx(52.18, abs=0.01)
    assert year.low == pytest.approx(places.value * gap.low * 365.25 / 7)


def test_norfolks_claim_comes_to_about_25_000_pounds_a_child():
    # 385 children with in-house carers after 14% growth are 47 more than before
    more = 385 - 385 / 1.14
    assert float(fact("norfolk_inhouse_saving_year")) / more == pytest.approx(25_000, rel=0.02)


# --- nobody, nowhere, nothing allowed -----------------------------------------------------------------------


def test_no_children_no_homes_all_forbidden_and_one_child_end_in_a_sentence():
    children, table, names = made(3, 3, 1, most=1)
    none = m.pose(children.head(0), table, domains=names)
    nowhere = m.pose(children, table.head(0), domains=names)
    shut = m.pose(children.assign(age_years=30), table.assign(approved_places=1), domains=names)
    said = [m.assign(p).sentence() for p in (none, nowhere, shut)]
    assert said[0] == "No match: no child with known needs is to be matched."
    assert said[1] == "No match: no home has a free place."
    assert said[2].startswith("None of 3 children can be matched")
    for problem in (none, nowhere, shut):
        best = m.assign(problem)
        for found in (best, m.greedy(problem), m.actual(problem)):
            assert not found.placed.any()
            assert len(found.frame()) == problem.shape[0]
        assert all(not e.estimable for e in m.alternatives(best).estimates()[:2])
        assert m.unmet_capability(best).empty
        m.stability(problem, reliability=0.7, draws=2).estimates().sentence()
        m.added_place(problem, reliability=0.7, draws=2).headline()
        assert not m.judged({"best": best}, reliability=0.7, draws=2)[0].estimable
        m.ruled_out(problem), m.why_unmatched(problem, best.home), m.short_by_domain(best).sentence()
        m.compare({"best": best})
    one = m.assign(
        m.pose(children.head(1), table.assign(approved_places=1, age_min=0, age_max=17), domains=names)
    )
    assert one.placed.all()


def test_unrated_children_and_homes_without_a_profile_are_left_out_and_counted():
    children, table, names = made(4, 3, 1, most=2)
    table = table.assign(approved_places=[1, 1, 0]).astype({names[0]: "float64"})
    children = children.astype({names[0]: "float64"})
    children.loc[0, names[0]], table.loc[0, names[0]] = np.nan, np.nan
    problem = m.pose(children, table, domains=names)
    assert problem.shape == (3, 1)
    assert problem.left_out["children without enough ratings"] == 1
    assert problem.left_out["homes without a whole profile"] == 1
    assert problem.left_out["homes without a free place"] == 1


def test_too_few_for_a_gap_is_said():
    found = m.agency_gap(fostered().head(43), cost="cost", placement_type="type")
    assert "At least 10 children with a price" in found.sentence()
    none = m.in_house_share(pd.DataFrame({"type": ["Residential home"]}), placement_type="type")
    assert not none.estimable
    assert not m.more_in_house(20, found)[1].estimable


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: m.Rules(most_miles=-1), "most_miles is -1"),
        (lambda: m.Rules(unmatched=0), "unmatched is 0"),
        (lambda: small(m.Rules(most_miles=10)), "no distances are given"),
        (lambda: m.greedy(small(), order="age"), "Order 'age'"),
        (lambda: m.alternatives(m.assign(small()), within=-1), "within is -1"),
        (lambda: m.rerate(np.zeros((2, 1)), reliability=1.2), "Reliability 1.2"),
        (lambda: m.stability(small(), reliability=0.7, draws=0), "draws 0"),
        (lambda: m.more_in_house(10, m.in_house_share(fostered(), placement_type="type"), growth=0), "Growth 0"),
        (lambda: m.pose(drawn(CHILDREN), drawn(HOMES), domains=[]), "No domain is named"),
        (lambda: m.pose(pd.concat([drawn(CHILDREN)] * 2), drawn(HOMES), domains=DOMAINS), "names 5 of them twice"),
        (lambda: m.pose(drawn(CHILDREN), drawn(HOMES), domains=["music"]), "Column 'music' is missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(call, words):
    with pytest.raises(InputError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
