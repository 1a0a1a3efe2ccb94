"""Unit, direction and reference tests of step-down: criteria, pipeline, contract, masking, fairness, panel."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import stepdown
from vcanalysis.analysis.stepdown.contract import BEST, CENTRAL, WORST
from vcanalysis.analysis.stepdown.flags import EDUCATION, SETTLED, SIBLINGS
from vcanalysis.analysis.stepdown.masking import FELL, LONG, NEVER_SEEN, OTHER_RATER
from vcanalysis.core.errors import InputError
from vcanalysis.core.survival import Watch, kaplan_meier

RULES = stepdown.Rules(least_probability=0.7)


def drawn(text: str) -> pd.DataFrame:
    """Read a small table: words in columns, - for missing."""
    rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(rows[1:], columns=rows[0]).replace("-", None)


def children(text: str, **columns: object) -> pd.DataFrame:
    rows = drawn(text)
    for name in ("weeks_in_placement", "need_age_days", "rated_share", "probability"):
        rows[name] = pd.to_numeric(rows[name])
    for name in ("vetoed", "comparable", "wishes"):
        rows[name] = rows[name].map({"y": True, "n": False}).astype("boolean")
    return rows.assign(placement_type=rows["placement_type"].str.replace("_", " "), **columns)


SIX = children("""
    child_id placement_type     ls weeks_in_placement need_age_days rated_share vetoed comparable probability wishes
    a        Residential_home   C2 30                 20            1.0         n      y          0.9         y
    b        Residential_home   C2 5                  20            1.0         n      y          0.9         y
    c        Residential_home   J1 30                 20            1.0         n      y          0.9         y
    d        Residential_home   C2 30                 -             -           -      -          -           n
    e        Secure_home        C2 30                 20            1.0         y      y          0.4         y
    f        Residential_home   C2 30                 184           0.7         n      n          -           y
""")


def test_every_criterion_has_its_column_and_nobody_is_dropped():
    found = stepdown.screen(SIX, rules=RULES)
    assert found.table["child_id"].tolist() == list("abcdef")
    names = [one.name for one in found.asked]
    assert set(names) <= set(found.table.columns)
    assert found.table["status"].tolist() == [
        "for review",
        "not now",
        "not now",
        "not now",
        "not now",
        "not now",
    ]
    why = dict(zip(found.table["child_id"], found.table["why"], strict=True))
    assert why["a"] == ""
    assert why["b"] == "not: has been in the home for 12 weeks"
    assert "not: is not on remand or detained" in why["c"]
    assert "not: has said what they want" in why["d"]
    assert "was never assessed" in why["d"]
    assert "secure" in why["e"]
    assert "not: was assessed in the last 183 days" in why["f"]


def test_a_child_who_meets_what_is_known_cannot_be_judged_on_what_is_not():
    unknown = SIX.assign(wishes=True).iloc[[3]]
    found = stepdown.screen(unknown, rules=RULES)
    assert found.table["status"].tolist() == ["cannot be judged"]
    assert found.table["no_veto"].tolist() == ["cannot be judged"]
    assert "cannot be judged: 1" in found.sentence()


def test_the_funnel_counts_each_criterion_alone_and_each_in_turn():
    table = stepdown.screen(SIX, rules=RULES).funnel().set_index("criterion")
    alone = table[["met", "not_met", "cannot_be_judged"]].sum(axis=1)
    assert (alone == len(SIX)).all()
    assert table["left"].is_monotonic_decreasing
    assert table["left"].tolist() == [5, 4, 4, 3, 1, 1, 1, 1, 1, 1]
    assert table["unjudged_so_far"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, 0]
    liberty = table.loc["is under no order depriving of liberty"]
    assert liberty.tolist() == [0, 0, 6, 4, 0]


def test_children_whom_a_single_criterion_keeps_back_are_counted():
    short = stepdown.screen(SIX, rules=RULES).one_short().set_index("criterion")["children"]
    assert short["has been in the home for 12 weeks"] == 1
    assert short["is not on remand or detained"] == 1
    assert short.sum() == 2


def test_a_criterion_the_council_does_not_hold_is_asked_and_rules_nobody_out():
    found = stepdown.screen(SIX, rules=RULES)
    assert "The panel must ask whether the child is under no order depriving of liberty" in found.sentence()
    known = SIX.assign(dols=pd.array([True, False, False, False, False, False], dtype="boolean"))
    held = stepdown.screen(known, rules=RULES, columns=stepdown.Columns(liberty="dols"))
    assert held.table["status"].iloc[0] == "not now"


@pytest.mark.parametrize(
    ("easier", "field"),
    [
        (stepdown.Rules(least_probability=0.7, least_weeks=4), "settled"),
        (stepdown.Rules(least_probability=0.7, assessed_within=200), "assessed"),
        (stepdown.Rules(least_probability=0.7, least_share=0.5), "rated_in_full"),
        (stepdown.Rules(least_probability=0.3), "like_a_family_child"),
    ],
)
def test_an_easier_rule_never_shortens_the_list(easier, field):
    before = stepdown.screen(SIX, rules=RULES).table
    after = stepdown.screen(SIX, rules=easier).table
    assert (after[field] == "met").sum() > (before[field] == "met").sum()
    assert (after["status"] == "for review").sum() >= (before["status"] == "for review").sum()


def test_without_a_threshold_nobody_is_like_a_family_child_and_the_reason_is_said():
    found = stepdown.screen(SIX.iloc[[0]])
    assert found.table["status"].tolist() == ["cannot be judged"]
    assert "no probability to hold against the threshold" in found.table["why"].iloc[0]


def test_no_homes_and_no_children_give_counts_of_nought():
    fostered = SIX.assign(placement_type="Agency fostering")
    assert len(stepdown.screen(fostered, rules=RULES).for_review) == 0
    none = stepdown.screen(fostered, rules=RULES).among("in_a_home")
    assert not none.count().estimable
    assert none.sentence().startswith("Of 0 children")


@pytest.mark.parametrize(
    ("frame", "rules", "message"),
    [
        (pd.concat([SIX, SIX]), {}, "6 children come more than once"),
        (SIX.drop(columns="vetoed"), {}, "'vetoed' is missing"),
        (SIX, {"least_share": 80}, "least_share is 80"),
        (SIX, {"least_weeks": -1}, "least_weeks is -1"),
    ],
)
def test_a_frame_or_rule_that_cannot_be_is_refused_in_one_line(frame, rules, message):
    with pytest.raises(InputError, match=message) as caught:
        stepdown.screen(frame, rules=stepdown.Rules(**rules))
    assert "\n" not in str(caught.value)


def profiles(n=40, *, moved=12, decision="search"):
    """n profiles a week apart; every one searched after 10 days, the first `moved` placed after 100."""
    start = pd.Series(pd.date_range("2018-01-01", periods=n, freq="7D"))
    some = pd.Series(np.arange(n) < moved)
    return pd.DataFrame(
        {
            "profiled": start,
            "decision": decision,
            "search": start + pd.Timedelta(days=10),
            "offer": (start + pd.Timedelta(days=60)).where(some),
            "match": (start + pd.Timedelta(days=80)).where(some),
            "move": (start + pd.Timedelta(days=100)).where(some),
            "sustained_52_weeks": pd.Series([True, True, False] * n).iloc[:n].where(some).astype("boolean"),
            "ended": pd.Series(pd.NaT, index=start.index),
            "reason": pd.Series(None, index=start.index, dtype="object"),
        }
    )


def test_ten_of_twenty_is_the_interval_published_for_oxfordshire():
    rows = profiles(20).assign(decision=["search"] * 10 + ["appropriate"] * 6 + ["joint funding"] * 4)
    found = stepdown.pipeline(rows, day="2019-12-31").outcomes()
    searched = found.group("search")
    assert (round(searched.low, 3), round(searched.high, 3)) == (0.299, 0.701)
    assert [e.group for e in found] == ["search", "appropriate", "joint funding", "other"]
    assert sum(e.value for e in found) == pytest.approx(1)


def test_the_steps_count_and_their_days_are_those_drawn():
    found = stepdown.pipeline(profiles(), day="2019-12-31")
    assert [e.value for e in found.reached()] == pytest.approx([1, 0.3, 0.3, 0.3])
    assert [e.value for e in found.conversions()] == pytest.approx([1, 0.3, 1, 1])
    assert found.median_days().group("search").value == 10
    assert found.median_days().group("move").value == 20
    assert "fewer than half" in found.median_days().group("offer").reason
    assert found.within(52).value == pytest.approx(0.3, abs=0.01)


def test_those_who_wait_now_have_waited_since_their_last_step():
    rows = profiles().assign(decision=["search"] * 36 + ["appropriate"] * 4)
    rows.loc[30:, "search"] = pd.NaT
    waited = stepdown.pipeline(rows, day="2019-12-31").waiting()
    assert [e.group for e in waited] == ["search", "offer"]  # nobody waits for a match or a move
    since = (pd.Timestamp("2019-12-31") - rows["profiled"]).dt.days
    assert (waited[0].value, waited[0].n) == (
        since[30:36].median(),
        6,
    )  # those decided on otherwise do not wait
    assert (waited[1].value, waited[1].n) == ((since[12:30] - 10).median(), 18)
    assert waited[1].support < 10  # so few of the door's ten lie beyond the ends of its interval
    assert stepdown.pipeline(rows.head(12), day="2019-12-31").waiting()[0].reason == "nobody waits"


def test_what_happens_after_the_day_has_not_happened():
    early = stepdown.pipeline(profiles(), day="2018-03-31")
    assert len(early.rows) == 13
    assert not early.rows["move"].notna().any()
    assert not early.median_days().group("move").estimable


def test_leaving_the_home_otherwise_competes_and_is_not_censored():
    rows = profiles(moved=12)
    left = rows["profiled"] + pd.Timedelta(days=50)
    gone = rows.assign(left=left.where(rows["move"].isna()))
    competing = stepdown.pipeline(gone, day="2019-12-31", left="left").within(20)
    assert competing.value == pytest.approx(12 / 40)
    # were leaving censored instead, the twelve would stand for all
    waits = stepdown.pipeline(gone, day="2019-12-31", left="left").wait("profiled", "move").history
    rows = pd.DataFrame({"days": waits.exit, "moved": waits.kind == waits.kinds.index("move")})
    assert 1 - kaplan_meier(rows, Watch("days", "moved")).at(100).value == 1.0


def test_only_children_whose_weeks_are_up_count_as_sustained_or_not():
    rows = profiles(moved=12)
    day = rows["move"].iloc[5] + pd.Timedelta(weeks=52)
    known_early = rows.assign(
        sustained_52_weeks=pd.array([True] * 6 + [False] * 6 + [None] * 28, dtype="boolean")
    )
    found = stepdown.pipeline(known_early, day=day).sustained([52])
    assert (found[0].value, found[0].n) == (1.0, 6)


def test_a_prior_draws_few_moves_to_itself_and_many_hardly():
    prior = (13.0, 13.0)
    few = stepdown.posterior_share(3, 3, term="t", prior=prior)
    many = stepdown.posterior_share(300, 300, term="t", prior=prior)
    assert few.value == pytest.approx(16 / 29)
    assert many.value > 0.95
    assert "weighs 26 children" in few.method


def test_the_prediction_of_the_next_children_is_wider_than_the_share():
    share = stepdown.posterior_share(10, 20, term="t")
    following = stepdown.expect_of_next(10, 20, next_children=20, term="t")
    assert following.value == pytest.approx(20 * share.value)
    assert following.high - following.low > 20 * (share.high - share.low)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offer": pd.Timestamp("2017-01-01")}, "lie before 'search'"),
        ({"search": pd.NaT}, "have a date there and none in 'search'"),
        ({"profiled": "soon"}, "holds no dates"),
    ],
)
def test_steps_in_disorder_are_refused(change, message):
    rows = profiles()
    rows = rows.assign(**{k: pd.Series([v] * len(rows)) for k, v in change.items()})
    with pytest.raises(InputError, match=message):
        stepdown.pipeline(rows, day="2019-12-31")


def test_an_unknown_decision_is_refused():
    rows = profiles(decision="perhaps")
    with pytest.raises(InputError, match="holds 'perhaps'"):
        stepdown.pipeline(rows, day="2019-12-31").outcomes()


def test_an_empty_pipeline_is_not_estimable_with_the_reason():
    found = stepdown.pipeline(profiles().iloc[:0], day="2019-12-31")
    every = [
        *found.outcomes(),
        *found.reached(),
        *found.conversions(),
        *found.median_days(),
        *found.sustained([52]),
    ]
    assert not any(e.estimable for e in every)
    assert all(e.reason for e in every)
    assert not found.within(52).estimable


def test_three_children_have_shares_but_no_median():
    found = stepdown.pipeline(profiles(3, moved=3), day="2019-12-31")
    assert found.reached()[0].low == pytest.approx(0.438, abs=0.001)  # Wilson, 3 of 3
    assert all("at least 10 children" in e.reason for e in found.median_days())


def test_birmingham_by_survival_lies_below_the_published_figure():
    # 31 children, 12 reached 52 weeks, 7 current: 12 broke down.
    # By hand: 12/24 if the 7 tell nothing, 19/31 if they stay.
    found = stepdown.contract_survival(stepdown.Contract(31, 12, 7, early_share=5 / 6, early_week=14))
    assert found.group(WORST).value == pytest.approx(12 / 24)
    assert found.group(BEST).value == pytest.approx(19 / 31)
    assert found.group(WORST).value < found.group(CENTRAL).value < found.group(BEST).value < 20 / 31
    whole = stepdown.whatever_the_times(found)
    assert whole.low == found.group(WORST).low
    assert whole.high == found.group(BEST).high
    assert whole.low < 20 / 31 < whole.high  # few children: the published figure is not ruled out


def test_by_placement_where_the_clock_restarts_it_is_lower_still():
    children_, placements = (stepdown.contract_survival(stepdown.Contract(n, 12, 7)) for n in (31, 33))
    for name in (WORST, CENTRAL, BEST):
        assert placements.group(name).value < children_.group(name).value


def test_kaplan_meier_by_hand_where_one_is_current():
    # 10 began: 8 reached the end, 1 was last seen halfway, 1 broke down late: 8/9 if it was seen before, 9/10 if after
    found = stepdown.contract_survival(stepdown.Contract(10, 8, 1, early_share=0.0, early_week=13))
    assert [round(e.value, 4) for e in found] == [round(8 / 9, 4), round(8 / 9, 4), 0.9]


@pytest.mark.parametrize(
    ("counts", "message"), [((31, 30, 7), "30 reached the end"), ((5, -1, 2), "-1 reached")]
)
def test_counts_that_do_not_add_up_are_refused(counts, message):
    with pytest.raises(InputError, match=message):
        stepdown.Contract(*counts)


def test_few_or_no_breakdowns_are_not_estimable():
    assert "at least 10" in stepdown.contract_survival(stepdown.Contract(5, 2, 1))[0].reason
    assert "ended while watched" in stepdown.contract_survival(stepdown.Contract(20, 15, 5))[0].reason


def rated(**columns):
    rows = pd.DataFrame(
        {
            "need_total": [8.0, 8.0, 8.0, 8.0],
            "need_total_entry": [12.0, 9.0, np.nan, 12.0],
            "need_date": pd.to_datetime(["2019-06-01"] * 4),
            "need_date_entry": pd.to_datetime(["2018-12-01", "2018-12-01", None, "2017-12-01"]),
            "placement_start": pd.to_datetime(["2019-01-01", "2019-01-01", "2019-01-01", "2018-01-01"]),
            "rater_id": ["x", "y", "x", "x"],
            "rater_id_entry": ["x", "x", None, "x"],
        }
    )
    return rows.assign(**columns)


def test_each_warning_of_masked_need_stands_where_it_was_drawn():
    found = stepdown.masking(rated(), least_fall=3, long_weeks=52)
    table = found.table.astype("object").where(found.table.notna(), None)
    assert table[FELL].tolist() == [True, False, None, True]
    assert table[OTHER_RATER].tolist() == [False, True, None, False]
    assert table[NEVER_SEEN].tolist() == [False, False, True, False]
    assert table[LONG].tolist() == [False, False, False, True]
    assert found.table["warnings"].tolist() == [1, 1, 1, 2]
    assert found.counts().group(FELL).n == 3


def test_undoing_the_fall_never_lowers_need_and_all_of_it_is_the_entry():
    rows = pd.DataFrame({"a": [1.0, 2.0, 1.0], "a_entry": [3.0, 1.0, np.nan]})
    assert stepdown.unmasked(rows, ["a"], share=0)["a"].tolist() == [1, 2, 1]
    assert stepdown.unmasked(rows, ["a"], share=1)["a"].tolist() == [3, 2, 1]
    assert stepdown.unmasked(rows, ["a"], share=0.25, whole=True)["a"].tolist() == [2, 2, 1]
    with pytest.raises(InputError, match="between 0 and 1"):
        stepdown.unmasked(rows, ["a"], share=1.5)


def test_flags_name_what_they_see_and_exclude_nobody():
    rows = pd.DataFrame(
        {
            "sibling_group": ["s", "s", "t", None],
            "education_share": [0.2, 0.0, np.nan, 0.0],
            "weeks_in_placement": [60.0, 60.0, 60.0, 5.0],
            "fall": [4.0, 1.0, np.nan, 4.0],
        }
    )
    found = stepdown.flags(rows)
    assert len(found) == 4
    assert found[SIBLINGS].tolist() == [True, True, False, False]
    assert found[EDUCATION].fillna(False).tolist() == [True, False, False, False]
    assert found[SETTLED].iloc[[0, 1, 3]].tolist() == [True, False, False]
    assert pd.isna(found[SETTLED].iloc[2])


def test_the_panel_list_puts_wishes_beside_and_the_longest_waiting_first_with_siblings_together():
    at = pd.concat([SIX.iloc[[0]]] * 4, ignore_index=True).assign(
        child_id=list("wxyz"),
        weeks_in_placement=[20, 90, 30, 40],
        sibling_group=["s", "t", None, "s"],
        warnings=0,
    )
    goals = pd.DataFrame(
        {
            "child_id": ["x", "x", "w"],
            "set_on": pd.to_datetime(["2019-01-01"] * 3),
            "domain": ["education_learning", "family_friends_contact", "education_learning"],
            "horizon": "long",
            "child_authored": pd.array([False, True, True], dtype="boolean"),
            "progress": ["some", "met", "dropped"],
        }
    )
    made = stepdown.panel_list(
        stepdown.screen(at, rules=RULES),
        goals=stepdown.wishes_and_goals(goals),
        about=at[["weeks_in_placement", "sibling_group", "warnings"]],
    )
    assert made["child_id"].tolist() == ["x", "z", "w", "y"]
    assert made["place"].tolist() == [1, 2, 3, 4]
    assert made["what the child wants"].tolist() == ["family friends contact (long, met)", "", "", ""]
    assert made["other goals"].iloc[0] == "education learning (long, some)"
    assert made["to_ask"].str.contains("depriving of liberty").all()


def test_the_nearest_children_are_counted_and_never_named():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"child_id": [f"c{i}" for i in range(60)], "age_years": rng.integers(6, 17, 60)})
    rows = rows.assign(a=rng.integers(0, 4, 60).astype(float), b=rng.integers(0, 4, 60).astype(float))
    rows["family"] = pd.array(rng.random(60) < 0.7, dtype="boolean")
    asked = ~rows["family"].astype(bool)
    found = stepdown.nearest_children(rows, of=asked, family="family", domains=["a", "b"], nearest=5)
    assert found.index.tolist() == rows.index[asked].tolist()
    assert found["in_families_of_nearest"].between(0, 5).all()
    assert (found["domains_alike"] <= found["within_a_level"]).all()
    assert not found.astype("str").apply(lambda c: c.str.startswith("c")).any().any()
    unrated = rows.assign(a=np.nan, b=np.nan)
    none = stepdown.nearest_children(unrated, of=asked, family="family", domains=["a", "b"])
    assert none["in_families_of_nearest"].isna().all()


def predictions(n=600, seed=1, *, bent=0.0):
    """Probabilities that hold, but for group F where the outcome is likelier than they say by `bent`."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"p": rng.uniform(0.3, 0.9, n), "sex": rng.choice(["F", "M"], n), "rare": "no"})
    rows.loc[:5, "rare"] = "yes"
    true = np.clip(rows["p"] + bent * rows["sex"].eq("F"), 0, 1)
    return rows.assign(family=rng.random(n) < true)


def test_a_gap_planted_in_one_group_is_found_and_small_groups_are_left_out_with_the_reason():
    about = {
        "outcome": "family",
        "probability": "p",
        "threshold": 0.5,
        "groups": {"Sex": "sex", "Rare": "rare"},
    }
    even = stepdown.fairness(predictions(), **about)
    bent = stepdown.fairness(predictions(bent=0.3), **about)
    assert not even.calibration.group("Sex: F").excludes(0)
    assert bent.calibration.group("Sex: F").low > 10
    assert "Sex: F" in bent.sentence()
    small = even.calibration.group("Rare: yes")
    assert not small.estimable
    assert "at least 10 children" in small.reason
    assert "1 groups are too small" in even.sentence()


def test_a_group_in_which_hardly_any_has_the_outcome_has_the_interval_of_a_share():
    """None of 25 where 12% were said: residuals that hardly differ would call the gap sure. Wilson: 0 to 13.3%."""
    rng = np.random.default_rng(5)
    p = np.r_[rng.uniform(0.1, 0.14, 25), rng.uniform(0, 1, 200)]
    rows = pd.DataFrame({"p": p, "alone": ["yes"] * 25 + ["no"] * 200, "child": np.arange(225)})
    rows["entered"] = np.r_[np.zeros(25), rng.random(200) < p[25:]]
    about = {"outcome": "entered", "probability": "p", "threshold": 0.2, "groups": {"Alone": "alone"}}
    found = stepdown.fairness(rows, **about, of="in care", cluster="child")
    gap = found.calibration.group("Alone: yes")
    low, high = (100 * (end - p[:25].mean()) for end in (0.0, 0.1332))
    assert (gap.low, gap.high) == pytest.approx((low, high), abs=0.01)
    assert "10 others, in care are needed" in found.missed.group("Alone: yes").reason
    assert "families" not in f"{found.sentence()} {stepdown.fairness_headline(found)}"


def test_a_headline_speaks_only_of_the_gap_that_is_drawn_and_says_which_way_it_goes():
    # all live in families as often as is said; 40 of 40 girls lie below the threshold and 20 of 60 boys
    p = np.r_[
        np.full(40, 0.5),
        np.full(40, 0.5),
        np.full(20, 0.5),
        np.full(20, 0.5),
        np.full(40, 0.8),
        np.full(10, 0.8),
    ]
    sex = ["F"] * 80 + ["M"] * 90
    family = np.r_[[True] * 40, [False] * 40, [True] * 20, [False] * 20, [True] * 40, [False] * 10]
    rows = pd.DataFrame({"p": p, "sex": sex, "family": family})
    found = stepdown.fairness(rows, outcome="family", probability="p", threshold=0.6, groups={"Sex": "sex"})
    assert [e.value for e in found.calibration] == pytest.approx([0, 0])
    assert [e.value for e in found.gaps] == pytest.approx([100 * (1 - 20 / 60), 100 * (20 / 60 - 1)])
    assert stepdown.fairness_headline(found) == "No clear gap in any of 2 groups, allowing for their number"
    assert stepdown.fairness_headline(found, drawn=stepdown.GAP) == (
        "More often missed by the threshold than others: Sex: F; less often: Sex: M"
    )


def test_a_headline_of_a_contract_gives_the_interval_and_what_was_published():
    # Kaplan-Meier 0.5 to 0.613; the published share is 20 of 31, printed as 64%
    bounds = stepdown.contract_survival(stepdown.Contract(31, 12, 7))
    published = stepdown.share_of(20, 31, term="Published")
    whole = stepdown.whatever_the_times(bounds)
    said = stepdown.contract_headline(bounds, published, printed=0.64)
    assert said.startswith(f"50% to 61% were in a family after 52 weeks (95% interval {whole.low:.0%} to")
    assert said.endswith("not the 64% published (20 of 31 is 65%)")
    plain = stepdown.contract_headline(bounds, published)
    assert plain.endswith("not the 65% published (20 of 31)")


def test_the_difference_of_missed_shares_is_newcombes_of_the_book():
    # Newcombe (1998), table II (a), method 10: 56/70 - 48/80 = 0.20, 0.0524 to 0.3339
    p = np.r_[np.where(np.arange(70) < 56, 0.1, 0.9), np.where(np.arange(80) < 48, 0.1, 0.9)]
    rows = pd.DataFrame({"p": p, "sex": ["F"] * 70 + ["M"] * 80, "family": True})
    found = stepdown.fairness(rows, outcome="family", probability="p", threshold=0.5, groups={"Sex": "sex"})
    gap = found.gaps.group("Sex: F")
    assert (gap.value, gap.low, gap.high) == pytest.approx((20, 5.24, 33.39), abs=0.01)


def test_nothing_is_changed_in_the_frame_that_is_given():
    before = SIX.copy()
    stepdown.screen(SIX, rules=RULES)
    pd.testing.assert_frame_equal(SIX, before)
    rows = profiles()
    kept = rows.copy()
    stepdown.pipeline(rows, day="2018-06-30").reached()
    pd.testing.assert_frame_equal(rows, kept)
    assert math.isnan(stepdown.Rules().least_probability)
