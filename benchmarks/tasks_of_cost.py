"""Analyses of need and cost that are measured, by name: how their data are prepared, and the call itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from benchmarks.drawn import (
    DOMAINS,
    TYPES,
    again,
    groups,
    groups_and_costs,
    pathways,
    stretches,
    twice,
    with_ratings,
    with_weeks_without_price,
)
from vcanalysis.analysis import association, middle, profile, savings, spending

Task = tuple[Callable[[pd.DataFrame], Any], Callable[[Any], object]]

NEED = {"need": "need", "cost": "cost"}
PAIR = {"x": "need", "y": "cost", "cluster": "provider"}
BLOCKS = {"Need": ["need"], "Age": ["age"], "Placement": ["placement"]}
TERMS = {"terms": ["need", "age", "placement"], "cluster": "provider"}
PRICES = {"cost": "cost", "blocks": BLOCKS, "cluster": "provider"}


def _as_drawn(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def _scenario(frame: pd.DataFrame) -> object:
    """Simulate savings for one child in fifty, as many candidates as a nation would have."""
    given = savings.load_scenario().with_values(
        candidates=len(frame) // 50, residential_gbp_week=(4200, 3900, 4500)
    )
    return savings.simulate_savings(given, draws=2_000)


PROFILE: dict[str, Task] = {
    "profile: domains": (_as_drawn, lambda f: profile.domain_profile(f, domains=DOMAINS)),
    "profile: coverage of assessments": (
        _as_drawn,
        lambda f: profile.assessment_coverage(f, need="need", need_age_days="need_age"),
    ),
    "spending: cost by placement": (
        _as_drawn,
        lambda f: spending.cost_by(f, cost="cost", group="placement"),
    ),
    "spending: mean and median": (_as_drawn, lambda f: spending.mean_and_median(f, cost="cost")),
    "spending: the dearest, Gini": (_as_drawn, lambda f: spending.concentration(f, cost="cost")),
    "spending: need of the dearest": (
        _as_drawn,
        lambda f: spending.dearest(f, cost="cost", need="need", band="band"),
    ),
}

ASSOCIATION: dict[str, Task] = {
    "association: rank correlation": (_as_drawn, lambda f: association.rank_correlation(f, **PAIR)),
    "association: within placements": (
        _as_drawn,
        lambda f: association.rank_correlation_by(f, x="need", y="cost", group="placement"),
    ),
    "association: Kendall's tau-b": (_as_drawn, lambda f: association.kendall_tau(f, **PAIR)),
    "association: polychoric": (
        _as_drawn,
        lambda f: association.polychoric(f, x=DOMAINS[0], y=DOMAINS[1], cluster="provider"),
    ),
    "association: polyserial": (
        _as_drawn,
        lambda f: association.polyserial(f, x=DOMAINS[0], y="cost", cluster="provider"),
    ),
    "association: partial beside unadjusted": (
        _as_drawn,
        lambda f: association.adjusted_beside_unadjusted(f, **PAIR, given=["placement", "age"]),
    ),
    "association: reliability": (twice, lambda f: association.reliability(f, subject="child", score="need")),
    "association: weighted kappa": (
        twice,
        lambda f: association.weighted_kappa(f, subject="child", scores=["level"]),
    ),
    "association: share of raters": (
        twice,
        lambda f: association.rater_share(f, subject="child", rater="rater", score="need"),
    ),
    "association: without rating error": (
        with_ratings,
        lambda f: association.disattenuated_jointly(*f, **PAIR, child="child", subject="child"),
    ),
    "association: curve of reliabilities": (
        _as_drawn,
        lambda f: association.disattenuation_curve(association.rank_correlation(f, **PAIR)),
    ),
    "association: price model (gamma)": (
        _as_drawn,
        lambda f: association.cost_model(f, cost="cost", **TERMS),
    ),
    "association: price model with noughts (Tweedie)": (
        with_weeks_without_price,
        lambda f: association.cost_model(f, cost="cost", **TERMS, family="tweedie"),
    ),
    "association: linear model": (_as_drawn, lambda f: association.linear_model(f, y="cost", **TERMS)),
    "association: quantile slopes": (
        _as_drawn,
        lambda f: association.quantile_slopes(f, **NEED, cluster="provider"),
    ),
    "association: need curve, test of a line": (
        _as_drawn,
        lambda f: association.need_curve(f, **NEED, cluster="provider"),
    ),
    "association: monotone curve": (_as_drawn, lambda f: association.monotone_cost(f, **NEED)),
    "association: price setters": (
        _as_drawn,
        lambda f: association.price_setters(f, cost="cost", provider="provider", given=["need", "age"]),
    ),
    "association: share explained, log": (_as_drawn, lambda f: association.share_explained(f, **PRICES)),
    "association: share explained, pounds": (
        _as_drawn,
        lambda f: association.share_explained(f, **PRICES, scale="pounds"),
    ),
    "association: within and between placements": (
        _as_drawn,
        lambda f: association.within_between(f, **NEED, group="placement", cluster="provider"),
    ),
    "association: spread at like need": (_as_drawn, lambda f: association.same_need_spread(f, **NEED)),
    "association: ratio at like need": (
        _as_drawn,
        lambda f: association.same_need_ratio(f, **NEED, cluster="provider"),
    ),
    "association: two placements at like need": (
        _as_drawn,
        lambda f: association.same_need_ratio(f, **NEED, kind="placement", dear=TYPES[3], cheap=TYPES[1]),
    ),
    "association: cost since entry": (
        stretches,
        lambda f: association.cost_since_entry(f, child="child", weeks="weeks", cost="cost"),
    ),
    "association: pathway cost": (
        pathways,
        lambda f: association.pathway_cost(
            f, need="need", group="band", total="total", weekly="cost", cluster="provider"
        ),
    ),
    "association: wider range of need": (
        _as_drawn,
        lambda f: association.restriction_curve(association.rank_correlation(f, **PAIR)),
    ),
}

MIDDLE: dict[str, Task] = {
    "middle: the rule, every cut-off": (
        _as_drawn,
        lambda f: middle.find_middle(f, need="need", n3="n3", band="band", cost="cost"),
    ),
    "middle: latent classes": (_as_drawn, lambda f: middle.find_classes(f[DOMAINS])),
    "middle: number of groups, 20 resamples": (groups, lambda f: middle.check_number(f, replicates=20)),
    "middle: do groups return, 40 resamples": (groups, lambda f: middle.stability(f)),
    "middle: sizes of groups, 100 resamples": (groups, lambda f: middle.group_shares(f)),
    "middle: cost by group": (
        groups_and_costs,
        lambda f: middle.compare_groups(*f, term="Cost", unit="GBP per week"),
    ),
    "middle: definitions side by side": (
        again,
        lambda f: middle.compare_definitions({"a": f["profiled"], "b": f["high"]}, f, cost="cost"),
    ),
    "middle: agreement of two definitions": (again, lambda f: middle.agreement(f["profiled"], f["high"])),
    "middle: fall of the dearest": (
        again,
        lambda f: middle.dearest_fall(f, before="cost", after="cost_after"),
    ),
}

SAVINGS: dict[str, Task] = {
    "savings: price gap": (
        _as_drawn,
        lambda f: savings.price_gap(f, cost="cost", placement_type="placement"),
    ),
    "savings: 2,000 draws": (_as_drawn, _scenario),
}

TASKS: dict[str, Task] = PROFILE | ASSOCIATION | MIDDLE | SAVINGS
