"""Back-tests of need against cost on the demo council, and of its words where the truth is zero."""

import json

import numpy as np
import pytest

from vcanalysis.analysis import association
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import SNAPSHOT, as_council

PAIR = {"x": "need_total", "y": "cost_gbp_week", "cluster": "home_id"}


@pytest.fixture(scope="module")
def demo():
    folder = data_file("demo")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["population"]
    council = open_council(folder)
    return council.snapshot(SNAPSHOT), council.double_ratings(), truth


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


def test_every_planted_truth_of_need_and_cost_lies_in_its_interval(demo):
    rows, ratings, truth = demo
    assert holds(association.rank_correlation(rows, **PAIR), truth["spearman_observed_need_cost"])
    agreement = association.reliability(ratings, subject="pair", score="need_total")
    assert holds(agreement, truth["reliability_of_total"])
    corrected = association.disattenuated_jointly(rows, ratings, child="child_id", subject="pair", **PAIR)
    assert holds(corrected, truth["spearman_true_need_cost"])
    split = association.within_between(
        rows, need="need_total", cost="cost_gbp_week", group="placement_type", cluster="home_id"
    )
    assert holds(split.variance_between, truth["share_between_types"])


def test_the_rank_correlation_within_each_type_holds_the_planted_one(demo):
    rows, _, truth = demo
    within = association.rank_correlation_by(rows, group="placement_type", **PAIR)
    known = [e for e in within if e.estimable]
    inside = [holds(e, truth["rank_correlation_within_type"][e.group]) for e in known]
    assert len(known) >= 5
    assert sum(inside) >= len(known) - 1  # one in twenty may miss


def without_a_link(seed):
    """Snapshot of a council in which need moves neither the type of placement nor its price."""
    flat = SynthSettings(seed=seed, need_cost_slope=0.0, need_type_tilt=0.0)
    rows = as_council(synthesise(flat)).snapshot(SNAPSHOT)
    return rows.dropna(subset=["need_total", "cost_gbp_week"])


def test_where_the_truth_is_zero_no_sentence_names_a_direction():
    words, pounds = [], []
    for seed in range(12):
        rows = without_a_link(seed)
        rho = association.rank_correlation(rows, **PAIR)
        model = association.cost_model(
            rows, cost="cost_gbp_week", terms=["need_total", "age_years"], cluster="home_id"
        )
        words.append(association.follows(rho))
        pounds.append(association.in_pounds(model.effect("need")))
    assert np.mean([word == "No clear link." for word in words]) >= 0.75
    assert np.mean(["no clear difference" in said for said in pounds]) >= 0.75
    for said in pounds:
        assert ("no clear difference" in said) == ("goes with" not in said)


def test_where_the_truth_is_zero_the_notebook_still_says_that_type_matters():
    rows = without_a_link(3)
    blocks = {"Need": ["need_total"], "Type of placement": ["placement_type"]}
    explained = association.share_explained(rows, cost="cost_gbp_week", blocks=blocks, cluster="home_id")
    assert association.how_sure(explained, first="Type of placement", second="Need").startswith(
        "high that type"
    )
    assert association.how_sure(explained, first="Need", second="Type of placement").startswith("low")


def test_what_cannot_be_estimated_is_said_in_every_sentence(demo):
    rows, *_ = demo
    few = rows.head(4)
    model = association.cost_model(few, cost="cost_gbp_week", terms=["need_total", "age_years"])
    assert "not estimable" in association.in_pounds(model.effect("need"))
    adjusted = association.adjusted_beside_unadjusted(few, given=["placement_type", "age_years"], **PAIR)
    assert "cannot be compared" in association.side_by_side(adjusted)
    explained = association.share_explained(
        few, cost="cost_gbp_week", blocks={"A": ["need_total"], "B": ["ls"]}
    )
    assert association.how_sure(explained, first="A", second="B").startswith("low: these data cannot tell")
