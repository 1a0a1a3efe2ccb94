"""Back-tests of stability: rating error draws the planted ratio towards one, and the ratio follows the planted slope.

Population values: mean of two councils of 40,000 children at the default settings, seeds 77 and 79 (1.383 and 1.413
for need as rated, 1.435 and 1.494 for need as it truly is, about 6,100 breakdowns each): ratios for five points, as the
notebook states them. Rating error draws the first towards one. Both hold the planted slope of breakdowns (0.2 for each
standard deviation of true need) and the planted difference in moves between classes. The same councils gave the curves
that tests/test_demo_truths.py holds.
"""

from __future__ import annotations

import pytest

from vcanalysis.analysis.stability import Watch, cox
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import as_council

AS_RATED, AS_TRUE = 1.40, 1.46
THREE_ERRORS = 0.11  # three standard errors in a council of 12,000 children
KNOWN = Watch("exit_days", "end_kind", "known_days", "child_id")
FIVE = {"need_total": 5, "true_total": 5}


def rated(council):
    return council.placement_spells().dropna(subset=["known_days", "need_total"])


def by_need(rows, *covariates):
    return cox(rows, KNOWN, covariates=covariates or ["need_total"], kind="breakdown", steps=FIVE).ratios


@pytest.mark.slow
def test_rating_error_draws_the_ratio_towards_one():
    made = synthesise(SynthSettings(children=12_000, seed=78))
    rows = rated(as_council(made)).merge(made.truth_children[["child_id", "true_total"]], on="child_id")
    seen, true = by_need(rows)[0], by_need(rows, "true_total")[0]
    assert true.value > seen.value
    assert (seen.value, true.value) == pytest.approx((AS_RATED, AS_TRUE), abs=THREE_ERRORS)


@pytest.mark.slow
def test_the_ratio_follows_the_planted_slope():
    found = []
    for slope in (0.0, 0.2, 0.6):
        council = as_council(synthesise(SynthSettings(children=6_000, seed=4, breakdown_need_slope=slope)))
        found.append(by_need(rated(council))[0].value)
    assert found[0] < found[1] - 0.05 < found[2] - 0.2
