"""Unit tests and back-tests of the edge of care: by hand, on planted truth, at zero effect, and on nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import edge, savings, stepdown
from vcanalysis.analysis.edge import rungs
from vcanalysis.analysis.edge.hazard import fit_hazard, known_at_opening
from vcanalysis.analysis.edge.rungs import beside_other_teams
from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.synth import SynthSettings, synthesise

END = pd.Timestamp("2020-01-01")
RECIPE = stepdown.Recipe(numbers=("earlier_plans",), curves=("need_total", "age_years"), kinds=("plan",))
MONEY = {"gbp_week": 1400.0, "service_gbp_child": 2000.0}


def cases_of(**settings):
    made = SynthSettings(**{"children": 2500, "seed": 7, **settings})
    council = synthesise(made)
    return edge.edge_cases(council.tables["edge"], start=made.data_from, end=END), council.truth["edge"]


@pytest.fixture(scope="module")
def planted():
    return cases_of()


@pytest.fixture(scope="module")
def effect(planted):
    return edge.support_effect(planted[0])


@pytest.fixture(scope="module")
def risk(planted):
    return edge.entry_risk(planted[0], horizon=365, recipe=RECIPE)


def by_hand():
    day = pd.Timestamp
    return pd.DataFrame(
        {
            "child_id": list("abcd"),
            "opened": [day("2019-01-01"), day("2019-01-01"), day("2019-11-01"), day("2015-01-01")],
            "closed": [pd.NaT, day("2019-02-01"), pd.NaT, pd.NaT],
            "plan": "child in need",
            "birth_month": day("2009-01-01"),
            "entered_care": [day("2019-03-02"), pd.NaT, day("2020-03-01"), pd.NaT],
            "intervention_from": [pd.NaT, day("2019-01-31"), pd.NaT, pd.NaT],
        }
    )


def test_a_case_is_what_was_known_by_the_day():
    found = edge.edge_cases(by_hand(), start=pd.Timestamp("2019-01-01"), end=END)
    assert found.left_out == 1  # opened before the data
    assert found.rows["days"].tolist() == [60, 365, 61]
    assert found.rows["entered"].tolist() == [True, False, False]  # an entry after the day is not known
    assert found.rows["supported"].tolist() == [False, True, False]
    assert found.open_now()["child_id"].tolist() == ["c"]
    with pytest.raises(InputError, match="Give a later one"):
        edge.edge_cases(by_hand(), start=END, end=END)


def test_the_share_who_enter_is_that_of_the_curve(planted):
    cases, _ = planted
    up = cases.rows[cases.rows["opened"] <= END - pd.Timedelta(days=365)]
    plain = (up["entered"] & up["days"].le(365)).mean()
    found = cases.within(365)
    assert found.low < plain < found.high
    assert found.value == pytest.approx(plain, abs=0.01)
    assert cases.within(90).value < found.value


def test_the_risk_holds_in_later_cases_and_in_other_teams(risk):
    for unseen in ("later", "other_team"):
        found = stepdown.calibration(risk.unseen, outcome="happened", probability=unseen, cluster="child_id")
        slope, large, *_, area = found
        assert slope.low < 1 < slope.high
        assert large.low < 0 < large.high
        assert area.excludes(0.5)
    assert risk.unseen["later"].isna().any()  # cases the model learnt from are not judged by it


def test_the_risk_uses_nothing_that_came_after_the_opening(planted, risk):
    cases, _ = planted
    changed = cases.rows.assign(intervention=None, supported=False, closed=pd.NaT)
    other = edge.entry_risk(edge.Cases(changed, cases.day), horizon=365, recipe=RECIPE)
    assert np.allclose(other.unseen["other_team"], risk.unseen["other_team"])


def test_net_benefit_by_hand(risk):
    rows = pd.DataFrame({"y": [1, 1, 0, 0], "p": [0.9, 0.1, 0.6, 0.1]})
    found = edge.decision_curve(rows, outcome="y", probability="p", thresholds=[0.5]).set_index("policy")
    assert found["net_benefit"].tolist() == [0.0, 0.0, 0.0]  # one reached, one needless; all: two, two
    curve = edge.decision_curve(risk.unseen, outcome="happened", probability="other_team", thresholds=[0.1])
    best = curve.set_index("policy")["net_benefit"]
    assert best["by risk"] > max(best["all"], best["none"])
    with pytest.raises(InputError, match="between 0 and 1"):
        edge.decision_curve(rows, outcome="y", probability="p", thresholds=[1.0])


def test_what_was_planted_lies_in_the_intervals(planted, effect):
    _, truth = planted
    for estimate, value in (
        (effect.hazard, truth["hazard_ratio_of_the_intervention"]),
        (effect.averted, truth["entries_averted_in_a_year"]),
    ):
        assert estimate.low < value < estimate.high, estimate.sentence()
    assert effect.watched[0].value > effect.watched[1].value
    assert 0 < effect.days.value < 365 * effect.averted.value


def test_the_offer_is_held_against_teams_that_did_not_begin(planted, effect):
    rung = effect.ladder[1]
    assert rung.group.startswith("the same, over the change of teams")
    assert rung.low < 1, "among all cases of a team, supported or not, the effect is diluted"
    rows = planted[0].rows
    twice = edge.support_effect(replace(planted[0], rows=pd.concat([rows, rows], ignore_index=True))).ladder[
        1
    ]
    assert (twice.low, twice.high) == pytest.approx((rung.low, rung.high)), "teams count, not cases"
    one = edge.support_effect(replace(planted[0], rows=rows[rows["team"].isin(rows["team"].unique()[:3])]))
    assert "at least 2 teams" in one.ladder[1].reason


def test_the_change_beside_other_teams_by_hand():
    counts = {
        "a": (20, 10),
        "b": (30, 12),
        "c": (25, 24),
        "d": (40, 36),
    }  # entries before and after, of 100 cases
    rows = []
    for team, pair in counts.items():
        for year, entries in zip((2018, 2019), pair, strict=True):
            for case in range(100):
                began = pd.Timestamp("2019-01-01") if team in "ab" and year == 2019 and case == 99 else pd.NaT
                rows.append((team, pd.Timestamp(year, 1, 1), case < entries, 300.0, pd.notna(began), began))
    names = ["team", "opened", "entered", "days", "supported", "intervention_from"]
    rung = beside_other_teams(pd.DataFrame(rows, columns=names), 0.95)
    logs = {team: np.log(after / before) for team, (before, after) in counts.items()}
    test = stats.ttest_ind([logs["a"], logs["b"]], [logs["c"], logs["d"]]).confidence_interval()
    assert [rung.low, rung.high] == pytest.approx(np.exp([test.low, test.high]))


def test_why_before_and_after_errs_is_said_as_the_data_have_it():
    """Cases before the start are watched for about a year; those since for less, or for longer."""
    began = pd.Timestamp("2019-01-01")

    def rows(early, late, after):
        days = np.r_[np.full(early, 30.0), np.full(late, 200.0), np.full(200, 360.0), np.full(100, after)]
        made = pd.DataFrame(
            {"days": days, "entered": np.arange(len(days)) < early + late, "supported": False}
        )
        opened = [*[began - pd.Timedelta(days=400)] * (len(days) - 100), *[began] * 100]
        made = made.assign(opened=opened, intervention_from=pd.NaT, child_id=np.arange(len(days)))
        made.loc[made.index[-1], ["supported", "intervention_from"]] = [True, began]
        return made

    fading = edge.why_not_before_and_after(rows(30, 10, 100.0))
    assert "more likely just after the opening" in fading
    assert "for 100 days on average" in fading
    assert "too high" in fading
    assert "too low" in edge.why_not_before_and_after(rows(30, 10, 900.0)), "the newer are watched longer"
    rising = edge.why_not_before_and_after(rows(5, 60, 100.0))
    assert "less likely just after the opening" in rising
    assert "too low" in rising
    assert edge.why_not_before_and_after(rows(1, 1, 100.0)).startswith("Before and after also differ")


def test_where_nothing_is_planted_nothing_is_said():
    cases, truth = cases_of(edge_hazard_ratio=1.0)
    assert "too high" in edge.why_not_before_and_after(cases.rows), "newer cases are watched for less time"
    found = edge.support_effect(cases)
    assert truth["entries_averted_in_a_year"] == 0
    assert found.averted.low < 0 < found.averted.high
    assert "does not show" in found.sentence()
    assert "chance" in edge.ladder_headline(found) or "No comparison" in edge.ladder_headline(found)


def test_money_is_days_at_their_price_less_support(effect):
    own = edge.support_worth(effect, **MONEY)
    assert own.gross.value == pytest.approx(effect.days.value * 200)
    assert own.net.value == pytest.approx(own.gross.value - effect.supported * 2000)
    none = edge.support_worth(effect, **MONEY, share=(0.0, -0.1, 0.1), case="By a trial")
    assert none.gross.value == 0
    assert none.averted.low < 0 < none.averted.high
    with pytest.raises(InputError, match="below £0"):
        edge.support_worth(effect, gbp_week=-1, service_gbp_child=0)


def test_at_the_share_to_break_even_support_pays_for_itself(effect):
    even = edge.needed_to_break_even(effect, **MONEY, places=20, weeks_each=13)
    at = (even.value, even.value - 0.01, even.value + 0.01)
    assert edge.support_worth(effect, **MONEY, share=at).net.value == pytest.approx(0, abs=1)
    assert "80 children a year" in even.sentence()
    with pytest.raises(InputError, match="at least one place"):
        edge.needed_to_break_even(effect, **MONEY, places=0, weeks_each=13)


def test_a_historical_comparison_may_not_be_the_central_case():
    with pytest.raises(InputError, match="may not be the central case"):
        savings.shrunk_effect("essex_mst_sib", base=0.5, use="central")


def test_a_council_without_the_table_gets_a_sentence():
    cases = edge.edge_cases(TABLES["edge"].empty(), start=pd.Timestamp("2016-01-01"), end=END)
    assert "--edge FILE" in cases.sentence()
    found = edge.support_effect(cases)
    assert not any(e.estimable for e in (*found.ladder, found.averted, found.days, found.expected))
    assert not cases.within(365).estimable
    assert edge.entry_risk(cases, horizon=365, recipe=RECIPE).reason
    assert not edge.support_worth(found, **MONEY).net.estimable
    assert "cannot be said" in edge.ladder_headline(found)
    assert "cannot be said" in edge.base_headline(cases.within(365))
    assert found.e_value() is None


def test_the_list_is_ordered_by_team_and_time_never_by_risk(planted, risk):
    listed = edge.working_list(risk.now, day=END)
    for _, mine in listed.groupby("team"):
        assert mine["opened"].is_monotonic_increasing
    assert listed.columns[-1].startswith("of 100")


def test_a_child_with_two_cases_counts_once(planted):
    """Every case written twice under the same child says no more: errors are those of the cases written once."""
    once = planted[0].rows
    twice = pd.concat([once, once], ignore_index=True)
    alone = twice.assign(child_id=np.arange(len(twice)).astype(str))
    for rung in (rungs.historical, rungs.as_they_came, hazard_ratio):
        first, shared, apart = (
            np.log(one.high / one.low) for one in (rung(r, 0.95) for r in (once, twice, alone))
        )
        assert shared == pytest.approx(first, rel=0.12)
        assert apart == pytest.approx(first / np.sqrt(2), rel=0.02)


def test_a_list_by_risk_counts_a_child_with_two_cases_once(risk):
    once = risk.unseen.dropna(subset=["other_team"])
    twice = pd.concat([once, once], ignore_index=True)
    alone = twice.assign(child_id=np.arange(len(twice)).astype(str))
    about = {"outcome": "happened", "probability": "other_team", "cluster": "child_id"}

    def curve(rows):
        found = edge.decision_curve(rows, thresholds=[0.1], **about)
        return found.query("policy == 'by risk'").iloc[0]

    def listed(rows):
        return edge.positive_value(rows, threshold=0.2, **about)

    def groups(rows):
        return stepdown.fairness(rows, threshold=0.2, groups={"Sex": "sex"}, **about).calibration[0]

    def slope(rows):
        return stepdown.calibration(rows, **about)[0]

    for what in (curve, listed, groups, slope):
        first, shared, apart = (one.high - one.low for one in map(what, (once, twice, alone)))
        assert shared == pytest.approx(first, rel=0.08)
        assert apart == pytest.approx(first / np.sqrt(2), rel=0.03)
    assert "children as clusters" in listed(twice).method
    few = edge.positive_value(
        twice[twice["child_id"].isin(once["child_id"].iloc[:9])], threshold=0.01, **about
    )
    assert "at least 10 children" in few.reason


def hazard_ratio(rows, level):
    design = known_at_opening(rows, numbers=("need_total", "age_years", "earlier_plans"), kinds=("plan",))
    return rungs.alike(fit_hazard(rows, design), ("", 0), {"level": level, "n": len(rows), "of": "cases"})
