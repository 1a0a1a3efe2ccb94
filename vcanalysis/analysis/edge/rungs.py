"""The rungs of the ladder: ratios of hazards of entry to care, from before and after up to children alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.edge.hazard import Hazard, repeated
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

Sides = tuple[pd.Series, pd.Series]
TERM = "Hazard of entry to care with support, over that without"
RUNGS = (
    "the same teams after they began, over before",
    "the same, over the change of teams that did not begin",
    "supported over all others, as they came",
    "supported over children alike at the opening",
)
FEWEST = 5
FEWEST_TEAMS = 2  # on either side
EARLY = 90  # days after the opening


def alike(fitted: Hazard | None, why: tuple[str, int], about: dict[str, Any]) -> Estimate:
    """Children supported, over children alike in all that is known at the opening; else why not, and what was found."""
    method = "Poisson regression on pieces of time"
    if fitted is None:
        return Estimate.not_estimable(
            TERM, reason=why[0], group=RUNGS[3], method=method, n=why[1], of="entries"
        )
    log, error = float(fitted.mean[-1]), float(np.sqrt(fitted.covariance[-1, -1]))
    half = float(stats.t.ppf(0.5 + float(about["level"]) / 2, fitted.freedom)) * error
    ends = math.exp(log - half), math.exp(log + half)
    return Estimate(TERM, math.exp(log), *ends, unit="ratio", method=method, group=RUNGS[3], **about)


def _ratio(
    rows: pd.DataFrame,
    entered: tuple[pd.Series, pd.Series],
    days: tuple[pd.Series, pd.Series],
    group: str,
    level: float,
) -> Estimate:
    """Hold the rate of the first side over that of the second; entries and days of each row on either side."""
    method = "ratio of two rates; interval on the log scale"
    about: dict[str, Any] = {"n": len(rows), "group": group, "of": "cases"}
    counts, times = [float(one.sum()) for one in entered], [float(one.sum()) for one in days]
    if min(counts) < FEWEST or min(times) <= 0:
        reason = f"at least {FEWEST} entries to care on either side are needed"
        return Estimate.not_estimable(
            TERM, reason=reason, method=method, **{**about, "n": int(min(counts)), "of": "entries"}
        )
    rates = [count / time for count, time in zip(counts, times, strict=True)]
    variance = sum(1 / count for count in counts)
    if repeated(rows):  # a child's cases are not independent: its parts of the log ratio are added up first
        one, other = (
            (e - rate * t) / count for e, t, rate, count in zip(entered, days, rates, counts, strict=True)
        )
        variance = float(((one - other).groupby(rows["child_id"]).sum() ** 2).sum())
        method += ", errors shared within children"
    ratio, spread = rates[0] / rates[1], math.exp(normal_quantile(level) * math.sqrt(variance))
    ends = ratio / spread, ratio * spread
    return Estimate(TERM, ratio, *ends, level, unit="ratio", method=method, support=int(min(counts)), **about)


def historical(rows: pd.DataFrame, level: float) -> Estimate:
    """Teams that support children: cases opened since the first support of any, over those before."""
    mine, after = _since_support(rows)
    sides = (after.astype(float), 1.0 - after)
    entered = (sides[0] * mine["entered"], sides[1] * mine["entered"])
    days = (sides[0] * mine["days"], sides[1] * mine["days"])
    return _ratio(mine, entered, days, RUNGS[0], level)


def why_not_before_and_after(rows: pd.DataFrame, *, level: float = 0.95) -> str:
    """Say why the first rung errs, and which way where the data show it.

    Cases opened since support began are watched for another time than those before. Where entry is more likely just
    after the opening than later, the side watched for less time has the higher rate, whatever support does.

    Parameters
    ----------
    rows : DataFrame
        Of `Cases.rows`.
    level : float
        Confidence level of the ratio of early to later hazard.

    Examples
    --------
    >>> rows = pd.DataFrame({"opened": [], "days": [], "entered": [], "supported": [], "intervention_from": []})
    >>> why_not_before_and_after(rows)
    'Before and after also differ in the year and in how long cases were watched, whatever support does.'
    """
    plain = (
        "Before and after also differ in the year and in how long cases were watched, whatever support does."
    )
    mine, after = _since_support(rows)
    days, entered = mine["days"].astype(float), mine["entered"].astype(bool)
    first = days.clip(upper=EARLY)
    early = entered & days.le(EARLY)
    found = _ratio(
        mine, (early.astype(float), (entered & ~early).astype(float)), (first, days - first), "", level
    )
    if found.value is None or not found.excludes(1) or after.all() or not after.any():
        return plain
    watched = days[after].mean(), days[~after].mean()
    higher = (watched[0] < watched[1]) == (found.value > 1)
    return (
        f"Entry is {'more' if found.value > 1 else 'less'} likely just after the opening: in the first {EARLY} days "
        f"the hazard is {found.words()} times the later one. Cases opened since support began were watched for "
        f"{watched[0]:,.0f} days on average, those before for {watched[1]:,.0f}. That alone puts the first "
        f"comparison too {'high' if higher else 'low'}, whatever support does."
    )


def _since_support(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Give the cases of teams that support children, and which were opened since the first support of any."""
    mine = (
        rows[rows["team"].isin(rows.loc[rows["supported"].astype(bool), "team"])] if "team" in rows else rows
    )
    return mine, mine["opened"] >= mine.loc[mine["supported"].astype(bool), "intervention_from"].min()


def beside_other_teams(rows: pd.DataFrame, level: float) -> Estimate:
    """Teams that began: their change from before to after, over that of teams that did not (difference in differences).

    Parameters
    ----------
    rows : DataFrame
        Of `Cases.rows`, with the column team. All cases of a team count, supported or not: the effect of the offer.
    level : float
        Confidence level.

    Notes
    -----
    The mean of the teams' own changes of the log rate, t over teams (two fewer): years in which a team of its own
    accord did better or worse are counted. It holds if the teams would have changed alike.

    References
    ----------
    Donald SG, Lang K (2007), Rev Econ Stat 89:221-233, on few groups.
    """
    method = "difference in differences of log rates; t over teams"
    began, changes, least = _changes(rows)
    sides = [changes[began == side] for side in (True, False)]
    teams = min(map(len, sides))
    if teams < FEWEST_TEAMS or least < FEWEST:
        reason = (
            f"at least {FEWEST_TEAMS} teams that began and {FEWEST_TEAMS} that did not are needed, each with "
            "entries before and after"
            if teams < FEWEST_TEAMS
            else f"at least {FEWEST} entries before and after on either side are needed"
        )
        found = teams if teams < FEWEST_TEAMS else least
        return Estimate.not_estimable(TERM, n=found, reason=reason, group=RUNGS[1], method=method)
    one, other = sides
    free = len(changes) - 2
    pooled = (((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()) / free
    error = math.sqrt(pooled * (1 / len(one) + 1 / len(other)))
    log, half = float(one.mean() - other.mean()), float(stats.t.ppf(0.5 + level / 2, free)) * error
    ends = math.exp(log - half), math.exp(log + half)
    return Estimate(
        TERM, math.exp(log), *ends, level, len(rows), "ratio", method, RUNGS[1], of="cases", support=least
    )


def _changes(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, int]:
    """Give which teams began, the change of each team's log rate, and the fewest entries of any side and period."""
    none = np.array([], dtype=bool), np.array([]), 0
    if "team" not in rows or not rows["supported"].any():
        return none
    after = rows["opened"] >= rows.loc[rows["supported"], "intervention_from"].min()
    values = ["entered", "days"]
    table = rows.assign(after=after).pivot_table(
        index="team", columns="after", values=values, aggfunc="sum", fill_value=0, observed=True
    )
    if table.shape[1] < 4:
        return none
    whole = (table > 0).all(axis=1)
    table = table[whole]
    began = table.index.isin(rows.loc[rows["supported"], "team"])
    rate = np.log(table["entered"] / table["days"])
    counts = [table["entered"][began == side].sum() for side in (True, False)]
    least = int(min((count.min() for count in counts), default=0))
    return began, (rate[True] - rate[False]).to_numpy(), least


def as_they_came(rows: pd.DataFrame, level: float) -> Estimate:
    """Time with support, over all time without it."""
    given = rows["supported"]
    before = rows["supported_day"].fillna(0.0).where(given, rows["days"])
    entered = ((rows["entered"] & given).astype(float), (rows["entered"] & ~given).astype(float))
    return _ratio(rows, entered, (rows["days"] - before, before), RUNGS[2], level)
