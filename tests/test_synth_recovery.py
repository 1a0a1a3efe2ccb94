"""Planted truths recovered: groups of need against a classifier that knows, correlation, reliability, no link."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from tests import oracle
from vcanalysis.analysis import association, middle
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import SNAPSHOT, as_council


def latest_levels(council):
    rated = council.assessments().query("~second_rating").sort_values("date")
    latest = rated.drop_duplicates("child_id", keep="last").set_index("child_id")
    return latest[list(council.framework.domains)]


@pytest.fixture(scope="module")
def demo():
    folder = data_file("demo")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    children = pd.read_parquet(folder / "truth_children.parquet").set_index("child_id")
    return open_council(folder), truth, children


def rand_gap(levels, truth, children, found):
    """How far the fitted groups fall below the classifier that knows the parameters."""
    true = children["true_class"].reindex(levels.index)
    known = oracle.classify(levels.reset_index(drop=True), truth)
    return adjusted_rand_score(true, known) - adjusted_rand_score(true, found.modal())


@pytest.mark.slow
def test_the_demo_council_shows_as_many_groups_as_were_planted_and_the_right_children_in_them(demo):
    council, truth, children = demo
    levels = latest_levels(council)
    found = middle.find_classes(levels, max_classes=5, seed=2019)
    assert found.number == len(truth["classes"])
    assert rand_gap(levels, truth, children, found) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_groups_of_a_fresh_council_come_within_a_twentieth_of_the_best_classifier(seed):
    synthetic = synthesise(SynthSettings(children=2500, seed=seed))
    levels = latest_levels(as_council(synthetic))
    found = middle.find_classes(levels, number=4, seed=seed)
    children = synthetic.truth_children.set_index("child_id")
    assert rand_gap(levels, synthetic.truth, children, found) <= 0.05


def test_the_planted_correlation_and_reliability_lie_in_the_intervals_of_the_demo_council(demo):
    council, truth, _ = demo
    planted = truth["population"]
    rows = council.snapshot(SNAPSHOT)
    rho = association.rank_correlation(rows, x="need_total", y="cost_gbp_week", cluster="home_id")
    agreement = association.reliability(council.double_ratings(), subject="pair", score="need_total")
    corrected = association.disattenuated(rho, agreement)
    assert rho.low <= planted["spearman_observed_need_cost"] <= rho.high
    assert agreement.low <= planted["reliability_of_total"] <= agreement.high
    assert corrected.low <= planted["spearman_true_need_cost"] <= corrected.high


def test_where_there_is_no_link_the_answer_says_so(demo):
    council, _, _ = demo
    rows = council.snapshot(SNAPSHOT).dropna(subset=["need_total", "cost_gbp_week"])
    rng, words = np.random.default_rng(11), []
    for _ in range(200):
        shuffled = rows.assign(cost_gbp_week=rng.permutation(rows["cost_gbp_week"]))
        words.append(
            association.follows(association.rank_correlation(shuffled, x="need_total", y="cost_gbp_week"))
        )
    assert 0.91 <= np.mean([word == "No clear link." for word in words]) <= 0.99


def test_a_council_without_a_need_slope_shows_a_weaker_link_than_one_with_it():
    sizes = []
    for slope in (0.0, 0.3):
        councils = [as_council(synthesise(SynthSettings(seed=s, need_cost_slope=slope))) for s in range(6)]
        found = [c.snapshot(SNAPSHOT)[["need_total", "cost_gbp_week"]].corr("spearman") for c in councils]
        sizes.append(np.mean([table.iloc[0, 1] for table in found]))
    assert sizes[0] < sizes[1] - 0.1
