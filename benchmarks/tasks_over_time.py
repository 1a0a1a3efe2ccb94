"""Analyses of change, of placements and of value that are measured, as in `tasks_of_cost`."""

from __future__ import annotations

from benchmarks.drawn import DOMAINS, again, episodes, families, moves, placements, ratings, spells, twice
from benchmarks.tasks_of_cost import Task
from vcanalysis.analysis import change, stability, value
from vcanalysis.intake import stays

WATCH = stability.Watch("days", "end", cluster="provider")
IN_CARE = stability.Watch("until", "moved", "entry", "child")
GAPS = stability.Watch("gap", "moved", cluster="child")
YARD = change.Yardstick(3.0, threshold=14, population_mean=10.0)
LINE = value.Line("need", "last", adjust=("age",), reference="family")
ENDS = {"before": "before", "after": "after"}
RATERS = {"cluster": ["rater_before", "rater_after"]}
SEEN = {"before": "before", "after": "seen", "predictors": ["age"], **RATERS}
WHEN = {"baseline": "2015-04-01", "follow_up": "2017-04-01"}
BANDS = ("standard", "complex")
ABOUT = {"member": "family", "cost": "cost", "effect": LINE, "cluster": "rater"}
MEASURES = {"Need": ("need", "points"), "Cost": ("cost", "GBP"), "Outcome": (LINE, "points")}

CHANGE: dict[str, Task] = {
    "change: pairs of assessments": (
        ratings,
        lambda f: change.pair_around(f, child="child", date="date", columns=["score"], **WHEN),
    ),
    "change: all indices": (again, lambda f: change.need_change(f, **ENDS, against=YARD, **RATERS)),
    "change: by first score": (
        again,
        lambda f: change.change_by_first(f, **ENDS, population_mean=10.0, **RATERS),
    ),
    "change: beyond regression": (
        again,
        lambda f: change.change_beyond_regression(f, **ENDS, population_mean=10.0, selected="high", **RATERS),
    ),
    "change: Blomqvist": (again, lambda f: change.blomqvist(f, **ENDS, reliability=0.8, **RATERS)),
    "change: Oldham": (again, lambda f: change.oldham(f, **ENDS)),
    "change: profiled and others": (
        again,
        lambda f: change.compare_groups(f, **ENDS, group="profiled", covariates=["age"], **RATERS),
    ),
    "change: by rater": (
        again,
        lambda f: change.change_by_rater(f, **ENDS, rater_before="rater_before", rater_after="rater_after"),
    ),
    "change: rating error": (twice, lambda f: change.rating_error(f, subject="child", score="need")),
    "change: bands": (again, lambda f: change.band_transitions(f, before="band_before", after="band_after")),
    "change: by domain": (again, lambda f: change.domain_changes(f, domains=DOMAINS, **RATERS)),
    "change: chance that all domains fall": (
        again,
        lambda f: change.chance_all_fall(f, domains=DOMAINS, **RATERS),
    ),
    "change: ordinal": (
        again,
        lambda f: change.ordinal_change(
            f, before=DOMAINS[0] + "_before", after=DOMAINS[0] + "_after", **RATERS
        ),
    ),
    "change: growth, four assessments each": (
        ratings,
        lambda f: change.growth(f, child="child", time="years", score="score"),
    ),
    "change: growth with raters": (
        ratings,
        lambda f: change.growth(f, child="child", time="years", score="score", rater="rater"),
    ),
    "change: who is not rated again": (
        again,
        lambda f: change.who_is_missing(f, after="seen", columns=["before", "age"]),
    ),
    "change: weighted for who is missing": (again, lambda f: change.weighted_change(f, **SEEN)),
    "change: imputed 40 times": (again, lambda f: change.imputed_change(f, **SEEN)),
    "change: tipping point": (again, lambda f: change.tipping_point(f, **SEEN)),
    "change: SDQ added value": (
        again,
        lambda f: change.sdq_added_value(f, **ENDS, impact="n3", emotional="n3"),
    ),
}

STABILITY: dict[str, Task] = {
    "stability: spells, three placements each": (
        episodes,
        lambda f: stays.placement_spells(*f, start=f[0]["decom"].min(), end=f[0]["decom"].max()),
    ),
    "stability: how long placements last": (placements, lambda f: stability.kaplan_meier(f, WATCH).at(365)),
    "stability: median days": (placements, lambda f: stability.kaplan_meier(f, WATCH).median()),
    "stability: competing ends": (placements, lambda f: stability.aalen_johansen(f, WATCH).all_at(365)),
    "stability: median days to a move": (
        placements,
        lambda f: stability.aalen_johansen(f, WATCH).median("moved"),
    ),
    "stability: mean days": (placements, lambda f: stability.restricted_mean(f, WATCH, until=365)),
    "stability: mean days of two bands": (
        placements,
        lambda f: stability.restricted_mean_difference(f, WATCH, group="band", pair=BANDS, until=365),
    ),
    "stability: log-rank": (placements, lambda f: stability.log_rank(f, WATCH, group="band", kind="moved")),
    "stability: ends over time": (placements, lambda f: stability.end_rates(f, WATCH, group="band")),
    "stability: Cox": (placements, lambda f: stability.cox(f, WATCH, covariates=["need"], kind="moved")),
    "stability: are hazards proportional": (
        placements,
        lambda f: stability.cox(f, WATCH, covariates=["need"], kind="moved").proportional(),
    ),
    "stability: moves of a child (Andersen-Gill)": (
        moves,
        lambda f: stability.andersen_gill(f, IN_CARE, covariates=["need"]),
    ),
    "stability: moves of a child (PWP, gap time)": (
        moves,
        lambda f: stability.pwp_gap(f, GAPS, order="order", covariates=["need"]),
    ),
    "stability: three or more placements": (
        spells,
        lambda f: stability.three_or_more_placements(f, day="2019-03-31"),
    ),
    "stability: long-term stability": (spells, lambda f: stability.long_term_stability(f, day="2019-03-31")),
}

VALUE: dict[str, Task] = {
    "value: need, cost and outcome": (
        families,
        lambda f: value.compare_consequences(f, member="family", measures=MEASURES, cluster="rater"),
    ),
    "value: net benefit": (families, lambda f: value.net_benefit(f, **ABOUT)),
    "value: cost of an outcome (Fieller)": (families, lambda f: value.cost_per_outcome(f, **ABOUT)),
    "value: good savings": (families, lambda f: value.judge_saving(f, **ABOUT, margin=1.0)),
    "value: goals met": (families, lambda f: value.goals_met(f, child="child", progress="progress")),
}

TASKS: dict[str, Task] = CHANGE | STABILITY | VALUE
