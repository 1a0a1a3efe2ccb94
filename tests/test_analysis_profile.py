"""Unit tests of the needs profile: small drawn tables, counts beside them."""

import warnings

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import profile
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson
from vcanalysis.output import plots

# child         a  b  c  d  e
LEVELS = {
    "safety": [0, 1, 2, 3, None],
    "health": [2, 2, 3, 0, 2],
}


def test_the_share_in_need_counts_levels_two_and_three_of_those_assessed():
    result = profile.domain_profile(
        pd.DataFrame(LEVELS), domains=["safety", "health"], titles={"safety": "Safety"}
    )
    assert [(e.group, e.value, e.n) for e in result] == [("health", 0.8, 5), ("Safety", 0.5, 4)]
    assert (result[1].low, result[1].high) == wilson(2, 4)


def test_a_missing_level_is_never_taken_as_no_need():
    frame = pd.DataFrame(LEVELS)
    filled = frame.fillna(0)
    shares = [profile.domain_profile(f, domains=["safety"])[0].value for f in (frame, filled)]
    assert shares == [0.5, 0.4]


def test_levels_are_counted_into_shares_that_add_up():
    table = profile.level_distribution(
        pd.DataFrame(LEVELS), domains=["safety", "health"], levels=list("abcd")
    )
    assert table["count"].tolist() == [1, 1, 1, 1, 1, 0, 3, 1]
    assert table.groupby("domain")["share"].sum().tolist() == [1, 1]


def test_an_empty_band_is_shown_as_nobody():
    bands = pd.Categorical(["standard", "complex", None], ["standard", "enhanced", "complex"], ordered=True)
    result = profile.band_shares(pd.DataFrame({"band": bands}), band="band")
    assert [(e.group, e.value) for e in result] == [("standard", 0.5), ("enhanced", 0.0), ("complex", 0.5)]


def test_coverage_counts_the_unassessed_and_the_overdue():
    frame = pd.DataFrame({"need": [3, 9, None, 4], "days": [20, 184, None, 183]})
    assessed, overdue = profile.assessment_coverage(frame, need="need", need_age_days="days")
    assert (assessed.value, overdue.value) == (0.75, pytest.approx(1 / 3))


def test_raters_are_counted_over_children_assessed_again():
    rows = pd.DataFrame({"child": [1, 1, 2, 2, 3], "rater": list("abaac")})
    share, mean = profile.raters_per_child(rows, child="child", rater="rater")
    assert (share.value, share.n) == (0.5, 2)
    assert mean.value == pytest.approx(4 / 3)


def test_raters_whom_no_assessment_names_are_not_known_rather_than_one():
    rows = pd.DataFrame({"child": [1, 1, 2], "rater": pd.Series([None] * 3, dtype="str")})
    found = profile.raters_per_child(rows, child="child", rater="rater")
    assert {e.reason for e in found} == {"who rated is not known"}


def test_nobody_assessed_is_said_without_a_warning():
    frame = pd.DataFrame(
        {"safety": [None, None], "band": [None, None], "days": [None, None]}, dtype="Float64"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        domains = profile.domain_profile(frame, domains=["safety"])
        bands = profile.band_shares(frame, band="band")
        coverage = profile.assessment_coverage(frame.head(0), need="safety", need_age_days="days")
        raters = profile.raters_per_child(frame.head(0), child="safety", rater="band")
        levels = profile.level_distribution(frame, domains=["safety"], levels=["none", "some"])
    for result in (*domains, *bands, *coverage, *raters):
        assert not result.estimable
        assert "not estimable" in result.sentence()
    assert levels["share"].tolist() == [0, 0]


def test_a_strength_counts_from_the_best_end_of_its_scale_and_a_gap_is_left_out():
    frame = pd.DataFrame({"safety": [0, 1, 2, None], "health": [3, 3, 0, 4]})
    found = profile.strength_profile(frame, domains=["health", "safety"], titles={"safety": "Safety"})
    assert [(e.group, e.n) for e in found] == [("Safety", 3), ("health", 4)]
    assert [e.value for e in found] == [pytest.approx(2 / 3), 0.25]
    assert profile.strengths_headline(found).startswith("Too few children")
    many = profile.strength_profile(
        pd.concat([frame] * 4), domains=["health", "safety"], titles={"safety": "Safety"}
    )
    assert profile.strengths_headline(many).endswith("in safety: 67% of 12 children")
    none = profile.strength_profile(frame.assign(health=None, safety=None), domains=["safety"])
    assert none[0].reason == "no strength is recorded in this domain"
    assert profile.strengths_headline(none) == "No strength is recorded"


def test_the_gap_of_one_domain_is_newcombes_published_interval():
    # Newcombe (1998), Stat Med 17:873-890, table II, example (a): 56/70 less 48/80, method 10: 0.0524 to 0.3339
    frame = pd.DataFrame({"safety": [3] * 56 + [0] * 14 + [3] * 48 + [0] * 32})
    frame["older"] = [True] * 70 + [False] * 80
    found = profile.domain_gaps(frame, domains=["safety"], group="older")[0]
    assert (found.value, found.low, found.high) == pytest.approx((20.0, 5.24, 33.39), abs=0.005)


def test_the_intervals_of_many_domains_are_wider_so_that_they_hold_together():
    frame = pd.DataFrame({"a": [3, 0] * 40, "b": [0, 3] * 40, "older": [True] * 30 + [False] * 50})
    alone = profile.domain_gaps(frame, domains=["a"], group="older")[0]
    among = profile.domain_gaps(frame, domains=["a", "b"], group="older")
    for each in among:
        if each.group == "a":
            assert each.low < alone.low
            assert each.high > alone.high


def test_too_few_on_one_side_have_no_gap_and_a_group_must_be_of_true_and_false():
    frame = pd.DataFrame({"a": [3, 0] * 10, "older": [True] * 5 + [False] * 15})
    found = profile.domain_gaps(frame, domains=["a"], group="older")
    assert found[0].reason == "at least 10 children are needed on each side"
    assert profile.gaps_headline(found, who="Older children") == "Too few children to compare needs"
    with pytest.raises(InputError, match="must hold True or False"):
        profile.domain_gaps(frame.assign(older="yes"), domains=["a"], group="older")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((-0.8, -1.2, -0.4), "Children without an assessment differ from the others in age (lower)"),
        ((0.1, -0.2, 0.4), "Children without an assessment do not clearly differ from the others"),
    ],
)
def test_the_unassessed_are_said_to_differ_only_where_the_interval_does(ends, words):
    value, low, high = ends
    one = Estimate("Unassessed", value, low, high, n=90, unit="ratio", group="age")
    assert profile.unlike_headline(Estimates((one,))) == words
    few = Estimate.not_estimable("Unassessed", n=3, reason="at least 10 children are needed on each side")
    assert profile.unlike_headline(Estimates((few,))).startswith("Too few children")


def test_where_older_children_need_less_the_headline_says_less():
    gap = Estimate("Gap", -30, -50, -10, n=80, unit="percentage points", group="Safety")
    assert profile.gaps_headline(Estimates((gap,)), who="Older children") == (
        "Older children clearly need action less often in 1 of 1 domains, most of all in safety"
    )


def needing(*shares):
    made = [
        Estimate("Share", s, *wilson(100 * s, 100), n=100, unit="share", group=f"Help {i}")
        for i, s in enumerate(shares)
    ]
    return Estimates(made)


@pytest.mark.parametrize(
    ("shares", "said", "sure"),
    [
        (
            (0.6, 0.3, 0.1),
            "Most often, help with help 0.",
            "high that help 0 needs action more often than help 2",
        ),
        (
            (0.40, 0.35, 0.1),
            "not clearly ahead of help 1.",
            "high that help 0 needs action more often than help 2",
        ),
        ((0.40, 0.38, 0.35), "not clearly ahead of the next 2 domains.", "low for the order of domains"),
        ((), "No child is assessed.", "none"),
    ],
)
def test_the_most_frequent_domain_and_its_confidence_follow_the_intervals(shares, said, sure):
    assert profile.most_often(needing(*shares)).endswith(said)
    assert profile.how_sure(needing(*shares)).startswith(sure)


def test_where_all_domains_are_needed_alike_none_is_set_ahead_of_another():
    """Of twelve domains the first and the last are picked: intervals that do not touch said "high" in 16%."""
    rng, said = np.random.default_rng(1), 0
    for counts in rng.binomial(56, 0.3, (60, 12)):
        made = [
            Estimate("Share", k / 56, *wilson(int(k), 56), n=56, unit="share", group=f"D{i}")
            for i, k in enumerate(sorted(counts, reverse=True))
        ]
        ahead = not profile.most_often(Estimates(made)).endswith("the next 11 domains.")
        assert profile.how_sure(Estimates(made)).startswith("high") == ahead
        said += ahead
    assert said <= 4  # 3.4% of 1,000 draws


def test_of_three_children_no_order_of_domains_is_put_into_words():
    """ "A strength is most often recorded in safety: 100% of 1 children" was said of a council of three."""
    three = pd.DataFrame({"Safety": [3, 1, 0], "Health": [0, 2, 3]})
    need = profile.domain_profile(three, domains=list(three))
    levels = profile.level_distribution(three, domains=list(three), levels=list("abcd"))
    strengths = profile.strength_profile(three, domains=list(three))
    said = [profile.headline(levels), profile.domains_headline(need), profile.most_often(need)]
    assert all(
        words.startswith("Too few children") for words in (*said, profile.strengths_headline(strengths))
    )
    assert profile.how_sure(need).startswith("none")
    calm = profile.level_distribution(
        pd.DataFrame({"Safety": [0] * 20}), domains=["Safety"], levels=list("abcd")
    )
    assert profile.headline(calm) == "No child needs the highest level of action in any domain"


def test_a_gap_that_is_published_is_made_of_counts_in_fives():
    def gap(few: int, size: int, base: int) -> Estimate:
        levels = np.repeat([3, 0, 3, 0], [few, size - few, 40, 60])
        frame = pd.DataFrame({"a": levels, "young": np.arange(size + 100) < size})
        return profile.domain_gaps(frame, domains=["a"], group="young", base=base)[0]

    told = [gap(few, size, 5) for few, size in ((13, 58), (16, 61), (15, 60))]
    assert len({(e.value, e.low, e.high) for e in told}) == 1
    assert told[0].value == pytest.approx(gap(15, 60, 1).value)
    assert [e.support for e in told] == [13, 16, 15]  # of the counts themselves


def test_of_a_score_of_many_levels_the_headline_says_how_many_reach_its_half():
    frame = pd.DataFrame({"sdq": [3.0] * 6 + [25.0] * 14})
    levels = [str(level) for level in range(41)]
    told = profile.level_distribution(
        frame, domains=["sdq"], levels=levels, titles={"sdq": "Total difficulties"}
    )
    assert profile.headline(told) == "Total difficulties: 70% of children at 21 or more, of 40"
    assert "Too few" in profile.headline(
        profile.level_distribution(frame.head(9), domains=["sdq"], levels=levels)
    )


def test_many_levels_are_drawn_in_as_many_bands_as_there_are_shades():
    levels = [str(level) for level in range(41)]
    frame = pd.DataFrame({"sdq": np.arange(40.0)})
    ax = plots.plot_level_distribution(profile.level_distribution(frame, domains=["sdq"], levels=levels))
    bands = [text.get_text() for text in ax.get_legend().get_texts()]
    assert (bands[0], bands[-1], len(bands)) == ("0 to 10", "31 to 40", 4)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(1)
