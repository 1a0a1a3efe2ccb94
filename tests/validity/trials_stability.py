"""Trials of how long placements last: curves, competing ends, restricted means, hazard ratios, rates, tests."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded, remembered
from tests.validity.planted import generator
from vcanalysis.analysis.stability import (
    Watch,
    aalen_johansen,
    andersen_gill,
    cox,
    end_rates,
    kaplan_meier,
    log_rank,
    pwp_gap,
    restricted_mean,
    restricted_mean_difference,
)

ENDS = {"breakdown": 0.3, "planned move": 0.5, "18th birthday": 0.2}  # hazards per year
ALL = sum(ENDS.values())
SLOPE = 0.4  # true log hazard ratio per standard deviation of need
HARDLY_ANY = 0.02  # share that lasts to the horizon where nearly all end before
LONGER = 1.3  # by so much placements of one kind last longer, where children have both
FRAILTY = 2.5  # shape of the gamma spread between children, mean 1
ALONE = Watch("years", "end", "entry")
SHARED = Watch("years", "end", "entry", "child")


def placements(seed, *, n=300, slope=0.0, late=0.4, hazards=None):
    """Independent placements with constant hazards; a share began up to a year before the watch (left truncation)."""
    rng, hazards = generator(seed), hazards or ENDS
    rate = np.array(list(hazards.values()))
    size = 6 * n
    need = rng.standard_normal(size)
    cause = np.outer(np.exp(slope * need), rate)
    cause[:, 1:] = rate[1:]  # need bears on the first kind alone
    times = rng.exponential(size=cause.shape) / cause
    stay, which = times.min(axis=1), times.argmin(axis=1)
    entry = np.where(rng.random(size) < late, rng.random(size), 0.0)
    limit = entry + rng.uniform(1.0, 4.0, size)
    seen = np.flatnonzero(stay > entry)[:n]
    end = pd.Series(np.array(list(hazards))[which]).where(stay <= limit)
    rows = pd.DataFrame({"years": np.minimum(stay, limit), "entry": entry, "end": end, "need": need})
    return rows.iloc[seen].reset_index(drop=True)


def moves(seed, *, children=120, slope=SLOPE, frailty=True, pace=1.2):
    """Moves of children over 1 to 4 years: a Poisson stream for each, cut into its placements."""
    rng = generator(seed)
    need = rng.standard_normal(children)
    spread = rng.gamma(FRAILTY, 1 / FRAILTY, children) if frailty else np.ones(children)
    gaps = rng.exponential(size=(children, 40)) / (pace * np.exp(slope * need) * spread)[:, None]
    stop = np.cumsum(gaps, axis=1)
    limit = rng.uniform(1.0, 4.0, children)[:, None]
    start = np.concatenate([np.zeros((children, 1)), stop[:, :-1]], axis=1)
    child, order = np.nonzero(start < limit)
    until = np.minimum(stop, limit)[child, order]
    return pd.DataFrame(
        {
            "child": child,
            "order": order + 1,
            "entry": start[child, order],
            "years": until,
            "gap": until - start[child, order],
            "end": stop[child, order] <= limit[child, 0],
            "need": need[child],
        }
    )


def siblings(seed, *, children=120, each=3):
    """Give `each` placements of every child, which share its pace."""
    rng = generator(seed)
    child = np.repeat(np.arange(children), each)
    pace = ALL * rng.gamma(FRAILTY, 1 / FRAILTY, children)[child]
    stay, limit = rng.exponential(size=len(child)) / pace, rng.uniform(1.0, 4.0, len(child))
    rows = pd.DataFrame(
        {"child": child, "years": np.minimum(stay, limit), "end": stay <= limit, "entry": 0.0}
    )
    return rows.assign(group=np.where(child % 2, "a", "b"))


@remembered
def lasting(seed):
    return kaplan_meier(placements(seed), ALONE)


def share_that_lasts(seed):
    return lasting(seed).at(1.0)


def hardly_any_lasts(seed):
    """None lost from view; in three samples of ten none lasts so long."""
    rows = pd.DataFrame({"years": generator(seed).exponential(size=60), "end": "home"})
    return kaplan_meier(rows, Watch("years", "end")).at(-np.log(HARDLY_ANY))


def median_length(seed):
    return lasting(seed).median()


def clustered_share(seed):
    return kaplan_meier(siblings(seed), SHARED).at(1.0)


def ended_in_one_way(seed):
    return aalen_johansen(placements(seed), ALONE).at(1.0, "breakdown")


def few_breakdowns(seed):
    rare = {"breakdown": 0.05, "planned move": 0.95}
    return aalen_johansen(placements(seed, hazards=rare), ALONE).at(1.0, "breakdown")


def mean_time(seed):
    return restricted_mean(placements(seed), ALONE, until=2.0)


def clustered_mean_time(seed):
    return restricted_mean(siblings(seed), SHARED, until=2.0)


def difference_of_means(seed):
    slow = {"breakdown": 0.2, "planned move": 0.4}
    rows = [
        placements(seed, n=200).assign(who="a"),
        placements(seed + 10**6, n=200, hazards=slow).assign(who="b"),
    ]
    watched = pd.concat(rows, ignore_index=True)
    return restricted_mean_difference(watched, ALONE, group="who", pair=("b", "a"), until=2.0)


def difference_within_children(seed):
    """Placements of one child in either group share its pace, so the difference is surer than of strangers."""
    rows = siblings(seed)
    rows["group"] = np.tile(["a", "b", "b"], len(rows) // 3)
    rows.loc[rows["group"] == "a", "years"] *= LONGER
    return restricted_mean_difference(rows, SHARED, group="group", pair=("a", "b"), until=1.5)


@remembered
def breakdowns(seed):
    return cox(placements(seed, slope=SLOPE), ALONE, covariates=["need"], kind="breakdown")


def ratio_of_breakdowns(seed):
    return breakdowns(seed).ratios[0]


def ratio_of_planned_moves(seed):
    return cox(placements(seed, slope=SLOPE), ALONE, covariates=["need"], kind="planned move").ratios[0]


@remembered
def rates(seed, children):
    return andersen_gill(moves(seed, children=children), SHARED, covariates=["need"])


def ratio_of_rates(seed, children=300):
    return rates(seed, children).ratios[0]


def ratio_by_gaps(seed, **design):
    watch = Watch("gap", "end", cluster="child")
    return pwp_gap(moves(seed, **design), watch, order="order", covariates=["need"]).ratios[0]


@cache
def ratio_of_all():
    """What the model tends to when children differ: among those who have moved, need says less than at the start."""
    return float(ratio_by_gaps(10**6, children=20_000).value)


def no_ratio_by_gaps(seed):
    return excluded(ratio_by_gaps(seed, slope=0.0), 1.0)


def rate_of_moves(seed):
    rows = moves(seed, slope=0.0, children=300)
    return end_rates(rows.assign(gap=365.25 * rows["gap"]), Watch("gap", "end", cluster="child"))[0]


def uneven(seed):
    return breakdowns(seed).proportional()[0].value


def uneven_clustered(seed):
    return rates(seed, 300).proportional()[0].value


def unequal(seed):
    rows = placements(seed)
    return log_rank(rows.assign(group=rows["need"] > 0), ALONE, group="group").value


def unequal_clustered(seed):
    return log_rank(siblings(seed), SHARED, group="group").value


def no_ratio(seed):
    found = cox(placements(seed), ALONE, covariates=["need"], kind="breakdown").ratios[0]
    return 0.0 if found.excludes(1) else 1.0


def marginal_mean(until):
    """Restricted mean when the pace differs between children (Lomax lengths)."""
    times = np.linspace(0, until, 200_001)
    return float(np.trapezoid((1 + ALL * times / FRAILTY) ** -FRAILTY, times))


def restricted(rate, until):
    return (1 - np.exp(-rate * until)) / rate


LATE = "300 placements, 40% already under way (left truncation)"
THREE = "120 children with three placements each, gamma spread between children"
STREAM = "300 children over 1 to 4 years, gamma spread between children"
TRIALS: tuple[Trial, ...] = (
    Coverage("Share of placements that last a year", LATE, float(np.exp(-ALL)), share_that_lasts, run="lasting"),
    Coverage("Share that last a year, placements alike", THREE, (1 + ALL / FRAILTY) ** -FRAILTY, clustered_share),
    Coverage(
        "Share that last, hardly any", "60 placements, all seen to end", HARDLY_ANY, hardly_any_lasts, gate=(93.6, 99.0)
    ),
    Coverage("Median length of a placement", LATE, float(np.log(2) / ALL), median_length, run="lasting"),
    Coverage("Share that break down in a year", LATE, float(0.3 / ALL * (1 - np.exp(-ALL))), ended_in_one_way),
    Coverage("Share that break down in a year, rare", LATE, float(0.05 * (1 - np.exp(-1))), few_breakdowns),
    Coverage("Mean time in placement within two years", LATE, float(restricted(ALL, 2.0)), mean_time),
    Coverage("Mean time in placement, placements alike", THREE, partial(marginal_mean, 2.0), clustered_mean_time),
    Coverage(
        "Difference in mean time in placement",
        "2 x 200 placements, 40% already under way",
        float(restricted(0.6, 2.0) - restricted(ALL, 2.0)),
        difference_of_means,
    ),
    Coverage(
        "Difference in mean time, children with both kinds",
        THREE,
        lambda: LONGER * marginal_mean(1.5 / LONGER) - marginal_mean(1.5),
        difference_within_children,
    ),
    Coverage("Hazard ratio of breakdown by need", LATE, float(np.exp(SLOPE)), ratio_of_breakdowns, run="breakdowns"),
    Coverage("Hazard ratio of planned moves by need, none planted", LATE, 1.0, ratio_of_planned_moves),
    Coverage("Ratio of rates of moves (Andersen-Gill)", STREAM, float(np.exp(SLOPE)), ratio_of_rates, run="rates"),
    Coverage(
        "Ratio of rates of moves (Andersen-Gill), few children",
        STREAM.replace("300", "120"),
        float(np.exp(SLOPE)),
        partial(ratio_of_rates, children=120),
    ),
    Coverage(
        "Ratio by gap times (PWP)",
        "120 children over 1 to 4 years",
        float(np.exp(SLOPE)),
        partial(ratio_by_gaps, frailty=False),
    ),
    Coverage("Ratio by gap times (PWP), children differ", STREAM.replace("300", "120"), ratio_of_all, ratio_by_gaps),
    Rejection(
        "Ratio by gap times (PWP), children differ, no link planted", STREAM.replace("300", "120"), no_ratio_by_gaps
    ),
    Coverage("Moves per 100 children a year", STREAM, 120.0, rate_of_moves),
    Rejection("Proportional hazards, test when they are", LATE, uneven, run="breakdowns"),
    Rejection("Proportional rates, test when they are, clustered", STREAM, uneven_clustered, run="rates"),
    Rejection("Log-rank test, equal hazards", LATE, unequal),
    Rejection("Log-rank test, equal hazards, clustered", THREE, unequal_clustered),
    Rejection("Hazard ratio of breakdown, no link planted", LATE, no_ratio),
)  # fmt: skip
