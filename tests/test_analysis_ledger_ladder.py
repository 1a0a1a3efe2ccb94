"""Reference and direction tests of the ladder: published robustness values, balance, and what each rung takes off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.validity.trials_ledger import before_and_after as drawn
from vcanalysis.analysis import ledger
from vcanalysis.core.errors import InputError


def children(treated=12, outside=40, seed=1):
    rng = np.random.default_rng(seed)
    inside = np.arange(treated + outside) < treated
    first = rng.normal(4000, 500, len(inside))
    frame = {"in": inside, "age": rng.uniform(8, 16, len(inside)), "gbp_before": first, "in_home": True}
    return pd.DataFrame(frame).assign(gbp_after=1000 + 0.75 * first)


def test_robustness_values_are_those_published():
    # sensemakr's vignette, Darfur: estimate 0.09731582, error 0.02325654, 783 degrees of freedom
    t = 0.09731582 / 0.02325654
    assert ledger.robustness_value(t, 783) == pytest.approx(0.13878, abs=5e-6)
    assert ledger.robustness_value(t, 783, level=0.95) == pytest.approx(0.07626, abs=5e-6)
    assert ledger.robustness_value(0.5, 783, level=0.95) == 0.0


def test_e_values_are_those_published():
    # VanderWeele and Ding (2017): risk ratio 3.9 (1.8 to 8.7) has E-values 7.26 and 3.0
    assert ledger.e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert ledger.e_value(1.8) == pytest.approx(3.0, abs=0.005)


def test_a_programme_that_does_nothing_saves_nothing_on_the_upper_rungs():
    found = ledger.ladder(children(), treated="in", columns=["age"])
    assert [rung.value for rung in found.rungs][1:] == pytest.approx([0, 0, 0], abs=1e-3)


def test_regression_to_the_mean_is_taken_off_the_naive_rung():
    rows = children()
    rows.loc[rows["in"], "gbp_before"] += 1000  # picked for price
    rows["gbp_after"] = 1000 + 0.75 * rows["gbp_before"]
    naive, regressed, *_ = ledger.ladder(rows, treated="in", columns=["age"]).rungs
    assert naive.value > 200
    assert regressed.value == pytest.approx(0, abs=1e-6)


def test_natural_exits_are_taken_off_the_second_rung():
    rows = children()
    gone = ~rows["in"] & (np.arange(len(rows)) % 4 == 0)
    rows = rows.assign(in_home=~gone, gbp_after=rows["gbp_after"].where(~gone, 0.0))
    _, regressed, exits, _ = ledger.ladder(rows, treated="in", columns=["age"]).rungs
    assert exits.value < regressed.value - 500


def test_weights_make_children_outside_alike_and_add_up():
    comparison = drawn(3).comparison
    table = comparison.balance()
    assert table["difference_before"].abs().max() > 0.2
    assert table["difference_after"].abs().max() < 1e-3
    said = comparison.alike()
    assert [e.value for e in said][::2] == pytest.approx(table["difference_before"], abs=1e-5)
    assert {e.group.split(", ")[1] for e in said} == {"as they are", "weighted"}
    assert comparison.weight[~comparison.treated].sum() == pytest.approx(1)
    assert (comparison.weight >= 0).all()


def test_robustness_is_that_of_the_weighted_comparison():
    # 12 inside and as many outside as the weights amount to, less two columns, a constant and the programme
    found = drawn(3).comparison
    outside = found.weight[~found.treated]
    amount = outside.sum() ** 2 / (outside**2).sum()
    effect, df = found.effect, 12 + amount - 4
    assert found.amounts_to().value == pytest.approx(amount)
    assert found.robustness()[0].value == pytest.approx(
        ledger.robustness_value(effect.value / effect.std_error, df)
    )
    assert found.robustness()[1].value <= found.robustness()[0].value


def test_weights_solve_the_condition_that_defines_them():
    # of all weights with these means, those of greatest entropy are exponential in the columns: a straight line in logs
    comparison = drawn(5).comparison
    outside = ~comparison.treated
    design = np.column_stack([np.ones(outside.sum()), *[c[outside] for c in comparison.columns.values()]])
    logs = np.log(comparison.weight[outside])
    fitted = design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    assert np.abs(logs - fitted).max() < 1e-6


def test_where_nobody_is_comparable_it_says_so():
    rows = children()
    rows.loc[rows["in"], "age"] = 40.0
    last = ledger.ladder(rows, treated="in", columns=["age"]).last
    assert "no weights make the children outside like" in last.reason
    assert ledger.ladder(rows, treated="in", columns=["age"]).comparison.robustness()[0].reason


@pytest.mark.parametrize(("treated", "outside"), [(3, 40), (0, 40), (12, 4), (12, 0), (0, 0)])
def test_too_few_children_give_a_sentence_on_every_rung(treated, outside):
    found = ledger.ladder(children(treated, outside), treated="in", columns=["age"])
    assert not found.last.estimable
    assert "not estimable" in found.last.sentence()
    assert "cannot be told" in found.headline()
    assert len(found.words()) == 4
    assert found.comparison.amounts_to().reason
    assert len(found.comparison.balance()) == (2 if treated and outside else 0)


def test_the_first_and_last_rung_are_said_together():
    said = drawn(1).sentence()
    assert said.startswith("Before and after: ")
    assert "against comparable children: " in said


def test_costs_not_known_on_the_later_day_leave_the_child_out():
    rows = pd.DataFrame({"child_id": ["a", "b"], "day": pd.to_datetime(["2019-01-01", "2019-12-01"])})
    paid = pd.DataFrame(
        {"child_id": ["a"], "from": pd.to_datetime(["2018-01-01"]), "to": pd.NaT, "gbp_week": [700.0]}
    )
    read = ledger.read_paid(paid.assign(placement_type="Residential home"), until="2020-01-01")
    found = ledger.before_and_after(rows, read, weeks=26, until="2020-01-01")
    assert found[["child_id", "gbp_before", "gbp_after", "in_home"]].values.tolist() == [
        ["a", 700.0, 700.0, True]
    ]


def test_stages_go_as_far_as_was_reached():
    rows = pd.DataFrame(
        {
            "profiled": ["2019-01-01"] * 3,
            "offer": ["2019-02-01", "2019-02-01", None],
            "move": ["2019-03-01", None, None],
            "sustained_13_weeks": pd.array([True, None, None], "boolean"),
        }
    ).astype(dict.fromkeys(("profiled", "offer", "move"), "datetime64[ns]"))
    found = ledger.stage_reached(rows, day="2020-01-01", weeks=(13,))
    assert found.tolist() == ["sustained 13 weeks", "offered", "identified"]
    assert ledger.counted(found, weeks=(13,)).group("moved").value == 0


def profiled(**more):
    rows = {"profiled": "2019-01-01", "offer": "2019-02-01", "move": "2019-05-15"}
    flags = {f"sustained_{week}_weeks": True for week in (13, 26, 52)}
    return pd.DataFrame([rows | flags | more])


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        ("2019-05-16", "moved"),
        ("2019-06-01", "moved"),
        ("2019-08-13", "moved"),
        ("2019-08-14", "sustained 13 weeks"),  # 15 May and 91 days
        ("2020-05-12", "sustained 26 weeks"),
        ("2020-05-13", "sustained 52 weeks"),  # 15 May and 364 days
    ],
)
def test_a_flag_counts_only_once_its_weeks_are_over(day, stage):
    assert ledger.stage_reached(profiled(), day=day).tolist() == [stage]


def test_a_child_who_never_moved_sustains_nothing():
    assert ledger.stage_reached(profiled(offer=None, move=None), day="2021-01-01").tolist() == ["identified"]


def test_only_children_a_search_was_decided_for_are_identified():
    rows = pd.concat([profiled(offer=None, move=None, decision=d) for d in ("search", "appropriate", None)])
    found = ledger.stage_reached(rows, day="2021-01-01")
    assert found.tolist() == ["identified", "not identified", "not identified"]
    assert ledger.counted(found).group("identified").value == 1


def test_a_day_that_is_none_is_refused():
    with pytest.raises(InputError, match="day of 'soon' is no day"):
        ledger.stage_reached(profiled(), day="soon")


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="Column 'age' is missing"):
        ledger.ladder(children().drop(columns="age"), treated="in", columns=["age"])


def test_a_level_that_cannot_be_is_refused():
    with pytest.raises(
        InputError, match=r"level of 95 is refused\. Write 95% as 0\.95; it lies from 0\.5 to 0\.999"
    ):
        ledger.ladder(children(), treated="in", columns=["age"], level=95)
