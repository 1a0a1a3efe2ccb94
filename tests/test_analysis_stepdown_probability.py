"""Unit, direction, reference and recovery tests of the probability of living in a family and of its validation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from sklearn.metrics import brier_score_loss, roc_auc_score

from vcanalysis.analysis import stepdown
from vcanalysis.analysis.stepdown.calibration import AREA, BRIER, LARGE, SKILL, SLOPE
from vcanalysis.analysis.stepdown.overlap import ABOVE, BELOW, INSIDE, UNLIKE
from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import load_framework

RECIPE = stepdown.Recipe(numbers=("need",), curves=("age",), kinds=("sex",))


def council(n=400, *, slope=0.5, seed=1, each=1):
    """Children with need, age and sex; the log odds of a family fall by `slope` for each point of need above 10."""
    rng = np.random.default_rng(seed)
    need = np.clip(rng.normal(10, 4, n), 0, 30)
    rows = pd.DataFrame({"child": np.arange(n), "need": need, "age": rng.integers(4, 18, n)})
    rows["sex"] = rng.choice(["F", "M"], n)
    rows["true"] = expit(0.8 - slope * (need - 10))
    rows["family"] = rng.random(n) < rows["true"]
    return pd.concat([rows] * each, ignore_index=True)


FOUND = stepdown.family_probability(council(), family="family", recipe=RECIPE)


def test_the_planted_probability_is_found_and_holds_for_unseen_children():
    rows = council()
    known = FOUND.rows["probability"].notna()
    assert np.corrcoef(FOUND.rows["probability"][known], rows["true"][known])[0, 1] > 0.95
    assert (FOUND.rows["probability"] - rows["true"])[known].abs().mean() < 0.06
    assert not FOUND.validation.term(SLOPE).excludes(1)
    assert not FOUND.validation.term(LARGE).excludes(0)
    assert FOUND.validation.term(AREA).low > 0.6


def test_where_nothing_is_learnt_everybody_has_the_base_rate():
    rows = council(slope=0.0)
    found = stepdown.family_probability(rows, family="family", recipe=RECIPE)
    assert (found.rows["probability"].dropna() - rows["family"].mean()).abs().mean() < 0.05
    assert not found.validation.term(SKILL).low > 0


def test_only_the_overlap_is_fitted_and_who_lies_outside_is_said():
    rows = council(slope=1.2)
    odd = pd.DataFrame({"child": [9001], "need": [10.0], "age": [60], "sex": ["F"], "family": [False]})
    rows = pd.concat([rows, odd], ignore_index=True)
    found = stepdown.family_probability(rows, family="family", recipe=RECIPE)
    regions = found.rows["region"]
    assert regions.iloc[-1] == UNLIKE
    assert {INSIDE, BELOW, ABOVE} <= set(regions)
    assert rows.loc[regions == BELOW, "need"].min() > rows.loc[regions == ABOVE, "need"].max()
    assert found.rows.loc[regions.isin([BELOW, UNLIKE]), "probability"].isna().all()
    assert found.rows.loc[regions.isin([INSIDE, ABOVE]), "probability"].notna().all()
    table = found.regions()
    assert table[["in_homes", "in_families"]].to_numpy().sum() == len(rows)


def test_more_need_never_makes_a_family_likelier():
    rows = council()
    higher = rows.assign(need=rows["need"] + 3)
    changed = FOUND.if_needs_were(rows, higher)
    known = changed.notna()
    assert (changed[known] < FOUND.rows["probability"][known]).all()
    assert np.allclose(FOUND.if_needs_were(rows, rows)[known], FOUND.rows["probability"][known])


def test_a_childs_own_rows_do_not_help_to_predict_it():
    # each child three times: with rows split at random the models would know every child by its own row
    rows = council(n=120, slope=0.0, each=3, seed=5)
    rows["noise"] = rows["child"] * 1.0
    recipe = stepdown.Recipe(curves=("noise",), knots=12, penalties=(1.0, 100.0))
    found = stepdown.family_probability(rows, family="family", recipe=recipe, cluster="child")
    assert found.validation.term(AREA).n <= 120
    if found.validation.term(AREA).estimable:
        assert not found.validation.term(AREA).low > 0.5


def test_the_threshold_is_a_quantile_of_the_settled_children():
    stable = council()["family"]
    values = FOUND.rows.loc[stable, "probability"]
    assert FOUND.threshold(stable) == pytest.approx(values.quantile(0.25))
    assert FOUND.threshold(stable, quantile=0.1) < FOUND.threshold(stable, quantile=0.5)
    assert np.isnan(FOUND.threshold(stable & False))


def test_the_same_seed_gives_the_same_and_the_frame_is_not_changed():
    rows = council(n=200)
    before = rows.copy()
    first, again = (stepdown.family_probability(rows, family="family", recipe=RECIPE).rows for _ in "ab")
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize(
    "rows",
    [
        council().assign(family=True),
        council().assign(family=False),
        council().iloc[:3],
        council().assign(need=np.nan),
        council().assign(family=np.nan),
    ],
    ids=["no homes", "no families", "three children", "no needs", "all elsewhere"],
)
def test_without_both_groups_there_is_no_probability_and_the_reason_is_said(rows):
    found = stepdown.family_probability(rows, family="family", recipe=RECIPE)
    assert "at least 20 children in homes and 20 in families" in found.reason
    assert found.rows["probability"].isna().all()
    assert len(found.rows) == len(rows)
    assert not any(e.estimable for e in found.validation)
    assert not found.inside().estimable
    assert np.isnan(found.threshold(pd.Series(True, index=rows.index)))
    assert found.if_needs_were(rows, rows).isna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"index": [0] * 400}, "index without repeats"),
        ({"recipe": {"numbers": ("nowhere",)}}, "'nowhere' is missing"),
        ({"recipe": {}}, "needs a column"),
        ({"recipe": {"numbers": ("need",), "folds": 1}}, "folds is 1"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_line(change, message):
    rows = council().set_axis(change.get("index", range(400)))
    with pytest.raises(InputError, match=message):
        stepdown.family_probability(
            rows,
            family="family",
            recipe=stepdown.Recipe(**change["recipe"]) if "recipe" in change else RECIPE,
        )


def test_validation_agrees_with_the_libraries():
    rng = np.random.default_rng(4)
    p = rng.uniform(0.05, 0.95, 300)
    y = rng.random(300) < expit(0.3 + 0.8 * logit(p))
    rows = pd.DataFrame({"y": y, "p": p})
    found = stepdown.calibration(rows, outcome="y", probability="p")
    fit = sm.Logit(y.astype(float), sm.add_constant(logit(p))).fit(disp=0)
    assert found.term(SLOPE).value == pytest.approx(fit.params[1])
    assert found.term(SLOPE).std_error == pytest.approx(fit.bse[1])
    assert found.term(AREA).value == pytest.approx(roc_auc_score(y, p))
    assert found.term(BRIER).value == pytest.approx(brier_score_loss(y, p))
    assert found.term(LARGE).value == pytest.approx(100 * (y.mean() - p.mean()))


def test_the_error_of_the_area_is_delongs_by_hand():
    # One of the ten without the outcome lies above all with it. Placements: 0.9 ten times; 1 nine times and 0 once.
    p = np.r_[np.linspace(0.5, 0.59, 10), np.linspace(0.1, 0.19, 9), 0.9]
    rows = pd.DataFrame({"y": np.repeat([1, 0], 10), "p": p})
    area = stepdown.calibration(rows, outcome="y", probability="p").term(AREA)
    assert area.value == pytest.approx(0.9)
    # sum of squares of the placements about 0.9: none with, 9 * 0.01 + 0.81 without, over 10 squared
    by_hand = np.sqrt((9 * 0.01 + 0.81) / 100 * 20 / 19)
    assert area.std_error == pytest.approx(by_hand)


def test_rows_of_one_child_widen_the_interval():
    rng = np.random.default_rng(6)
    p = np.repeat(rng.uniform(0.2, 0.8, 100), 4)
    child = np.repeat(np.arange(100), 4)
    y = np.repeat(rng.random(100), 4) < p
    rows = pd.DataFrame({"y": y, "p": p, "child": child})
    alone = stepdown.calibration(rows, outcome="y", probability="p")
    together = stepdown.calibration(rows, outcome="y", probability="p", cluster="child")
    for term in (SLOPE, LARGE, AREA):
        assert together.term(term).value == pytest.approx(alone.term(term).value)
        assert together.term(term).std_error > 1.5 * alone.term(term).std_error


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (pd.DataFrame({"y": [1] * 30, "p": 0.5}), "10 children with and 10 without"),
        (pd.DataFrame({"y": [1, 0, 1], "p": 0.5}), "10 children with and 10 without"),
    ],
)
def test_one_class_or_three_children_cannot_be_judged(rows, reason):
    assert all(reason in e.reason for e in stepdown.calibration(rows, outcome="y", probability="p"))


def test_probabilities_that_are_all_alike_have_a_score_but_no_slope():
    rows = pd.DataFrame({"y": [1, 0] * 20, "p": 0.5})
    found = stepdown.calibration(rows, outcome="y", probability="p")
    assert "alike" in found.term(SLOPE).reason
    assert "alike" in found.term(AREA).reason
    assert found.term(BRIER).value == 0.25
    with pytest.raises(InputError, match="between 0 and 1"):
        stepdown.calibration(rows.assign(p=1.5), outcome="y", probability="p")
    with pytest.raises(InputError, match="must hold 0 and 1"):
        stepdown.calibration(rows.assign(y=2), outcome="y", probability="p")


def homes_with_entry(rows):
    """Every child as in a home, with levels now and two levels higher at entry."""
    framework = load_framework("vcw-default-12")
    levels = {name: 1.0 for name in framework.domains}
    now = rows.assign(**levels, **{f"{name}_entry": 3.0 for name in framework.domains})
    return framework, now.assign(
        child_id=now.index.astype("str"), placement_type="Residential home", ls="C2", weeks_in_placement=30,
        need_age_days=10, rated_share=1.0, vetoed=False, comparable=True, wishes=True,
        probability=FOUND.rows["probability"],
    )  # fmt: skip


def test_the_list_never_grows_when_falls_are_undone_and_the_veto_follows():
    framework, now = homes_with_entry(council())
    rules = stepdown.Rules(least_probability=0.5)
    table = stepdown.list_if_unmasked(now, found=FOUND, framework=framework, rules=rules)
    assert table["share"].tolist() == [0.0, 0.5, 1.0]
    assert table["for_review"].iloc[0] > 0
    # half of the fall back leaves level 2, which no veto knows; all of it is level 3 everywhere
    assert table["for_review"].iloc[2] == 0
    assert (table["kept"] <= table["for_review"].iloc[0]).all()
    assert table["new"].tolist() == [0, 0, 0]
    assert stepdown.robust_sentence(table).endswith("0 if all did.")


def test_a_higher_threshold_never_lengthens_the_list():
    _, now = homes_with_entry(council())
    found = stepdown.list_by_threshold(
        now, found=FOUND, settled=council()["family"], rules=stepdown.Rules(), quantiles=(0.1, 0.25, 0.5)
    )
    assert found["threshold"].is_monotonic_increasing
    assert found["for_review"].is_monotonic_decreasing


def test_headlines_say_what_the_numbers_allow():
    assert "largely" in stepdown.overlap_headline(FOUND) or "partly" in stepdown.overlap_headline(FOUND)
    assert stepdown.calibration_headline(FOUND).startswith("The probabilities hold")
    few = stepdown.family_probability(council().iloc[:3], family="family", recipe=RECIPE)
    assert stepdown.overlap_headline(few).startswith("No probability can be given")
    assert "cannot be said" in stepdown.calibration_headline(few)
    rng = np.random.default_rng(3)
    noise = council(slope=0.0).assign(need=rng.normal(size=400))
    told = stepdown.overlap_headline(stepdown.family_probability(noise, family="family", recipe=RECIPE))
    assert "do not clearly tell" in told or "probabilities are alike" in told
