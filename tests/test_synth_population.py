"""Validity tests: the planted population values lie in the intervals, and the file of truths is what the code gives."""

from __future__ import annotations

import json

import pytest

from vcanalysis.analysis.association import rank_correlation
from vcanalysis.core.paths import data_file
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import SNAPSHOT, as_council, simulate


@pytest.fixture(scope="module")
def truth():
    return json.loads(data_file("assumptions/synthetic_truth.json").read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_planted_rank_correlation_lies_in_the_interval_of_at_least_90_of_100_councils(truth):
    planted, inside = truth["small_council"]["spearman_observed_need_cost"], 0
    for seed in range(100):
        council = as_council(synthesise(SynthSettings(children=700, seed=seed)))
        rho = rank_correlation(
            council.snapshot(SNAPSHOT), x="need_total", y="cost_gbp_week", cluster="home_id"
        )
        inside += rho.low <= planted <= rho.high
    assert inside >= 90


def test_planted_values_are_what_the_design_asks_for(truth):
    assert 0.15 <= truth["spearman_observed_need_cost"] <= 0.25
    assert truth["spearman_observed_need_cost"] < truth["spearman_true_need_cost"]
    assert truth["reliability_of_total"] == pytest.approx(0.75, abs=0.02)
    assert max(truth["monte_carlo_error"]) < 0.006


def test_a_small_council_differs_little_from_a_nation_and_its_value_is_known_well(truth):
    small = truth["small_council"]
    assert small["spearman_observed_need_cost"] == pytest.approx(
        truth["spearman_observed_need_cost"], abs=0.015
    )
    assert max(small["monte_carlo_error"]) < 0.003


@pytest.mark.long
def test_the_file_of_truths_is_what_the_code_gives(truth):
    fresh = simulate(children=40_000, replicates=4, seed=900)
    for name, error in zip(
        ("spearman_observed_need_cost", "spearman_true_need_cost"), fresh["monte_carlo_error"], strict=True
    ):
        assert fresh[name] == pytest.approx(truth[name], abs=4 * error + 0.004)
    assert fresh["reliability_of_total"] == pytest.approx(truth["reliability_of_total"], abs=0.012)
    assert fresh["class_shares_in_snapshot"] == pytest.approx(truth["class_shares_in_snapshot"], abs=0.01)
