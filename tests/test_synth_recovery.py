"""Back-tests: groups of need against a classifier that knows, and no link of need and cost where there is none."""

import numpy as np
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


def rand_gap(levels, truth, children, found):
    """How far the fitted groups fall below the classifier that knows the parameters."""
    true = children["true_class"].reindex(levels.index)
    known = oracle.classify(levels.reset_index(drop=True), truth)
    return adjusted_rand_score(true, known) - adjusted_rand_score(true, found.modal())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_groups_of_a_fresh_council_come_within_a_twentieth_of_the_best_classifier(seed):
    synthetic = synthesise(SynthSettings(children=2500, seed=seed))
    levels = latest_levels(as_council(synthetic))
    found = middle.find_classes(levels, number=4, seed=seed)
    children = synthetic.truth_children.set_index("child_id")
    assert rand_gap(levels, synthetic.truth, children, found) <= 0.05


def test_where_there_is_no_link_the_answer_says_so():
    rows = open_council(data_file("demo")).snapshot(SNAPSHOT).dropna(subset=["need_total", "cost_gbp_week"])
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
