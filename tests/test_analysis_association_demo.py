"""Back-tests of the words on need and cost where the truth is zero, and where nothing can be estimated."""

from functools import cache

import numpy as np
import pandas as pd

from vcanalysis.analysis import association
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.population import SNAPSHOT, as_council

PAIR = {"x": "need_total", "y": "cost_gbp_week", "cluster": "home_id"}


@cache
def without_a_link(seed):
    """Snapshot of a council in which need moves neither the type of placement nor its price; age moves all three."""
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


def test_the_link_that_is_left_where_the_truth_is_zero_goes_with_age():
    rows = pd.concat([without_a_link(seed) for seed in range(12)], ignore_index=True)
    ages = pd.cut(rows["age_years"], [-1, 1, 3, 5, 7, 9, 11, 13, 15, 25]).astype("str")
    within = association.partial_rank_correlation(
        rows.assign(age=ages), x="need_total", y="cost_gbp_week", given=["age"]
    )
    assert within.low < 0
    assert abs(within.value) < association.rank_correlation(rows, x="need_total", y="cost_gbp_week").value


def test_where_the_truth_is_zero_the_notebook_still_says_that_type_matters():
    rows = without_a_link(3)
    blocks = {"Need": ["need_total"], "Type of placement": ["placement_type"]}
    explained = association.share_explained(rows, cost="cost_gbp_week", blocks=blocks, cluster="home_id")
    rho = association.rank_correlation(rows, **PAIR)
    said = association.how_sure(explained, rho, first="Type of placement", second="Need")
    assert "; high that type" in said
    turned = association.how_sure(explained, rho, first="Need", second="Type of placement")
    assert turned == said, "whichever is named first"


def test_what_cannot_be_estimated_is_said_in_every_sentence():
    few = open_council(data_file("demo")).snapshot(SNAPSHOT).head(4)
    model = association.cost_model(few, cost="cost_gbp_week", terms=["need_total", "age_years"])
    assert "not estimable" in association.in_pounds(model.effect("need"))
    adjusted = association.adjusted_beside_unadjusted(few, given=["placement_type", "age_years"], **PAIR)
    assert "cannot be compared" in association.side_by_side(adjusted)
    explained = association.share_explained(
        few, cost="cost_gbp_week", blocks={"A": ["need_total"], "B": ["ls"]}
    )
    said = association.how_sure(explained, association.rank_correlation(few, **PAIR), first="A", second="B")
    assert said.startswith("none for whether need and price go together; low: these data cannot tell")


def test_without_a_cluster_the_reason_speaks_of_children():
    none = open_council(data_file("demo")).snapshot(SNAPSHOT).head(0)
    slope = association.quantile_slopes(none, need="need_total", cost="cost_gbp_week")[0]
    assert slope.reason == "at least 50 priced children are needed"
