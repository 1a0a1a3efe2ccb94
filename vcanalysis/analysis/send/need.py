"""Need over time: its mean yearly change by phase of education, and as if nobody had left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.send.fit import FEWEST
from vcanalysis.analysis.send.moves import PHASES, pairs_of
from vcanalysis.core.columns import number_column
from vcanalysis.core.estimate import Estimate, Estimates

Array = np.ndarray
PLAIN = "mean of pairs; errors by person, t interval"
WEIGHTED = "mean of pairs weighted to everybody at the census before, by classes of need; errors by person, t interval"
MOST = 10  # classes of need
AS_IF = "all, as if nobody had left"


def need_over_time(
    frame: pd.DataFrame, *, child: str, census: str, areas: Sequence[str], age: str, level: float = 0.95
) -> Estimates:
    """Give the mean yearly change of total need by phase of education, errors by person.

    Parameters
    ----------
    frame : DataFrame
        One row per person and census.
    child, census, age : str
        Columns of the person, the census and age in whole years.
    areas : sequence of str
        Columns of levels of need; rows that lack one are left out.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Levels a year, of all areas together: among all who stay, by phase at the earlier census, and among all as if
        nobody had left. Everybody who stays is in it, whatever the first rating was, so that no group is chosen for
        being high and must fall by chance.

    Notes
    -----
    Those who leave between two censuses are in no pair. Where people of high need leave more often, those of low need
    are left, whose ratings rise by chance alone, and the plain mean rises with them. The last estimate weights the
    pairs so that their need at the start is that of everybody who could have stayed. It takes for granted that of
    people alike in need those who left would have changed as those who stayed did: who leaves because a need has
    fallen is missed by both.

    References
    ----------
    Little RJA, Rubin DB (2019), Statistical Analysis with Missing Data, section 3.3 (weighting by classes).

    Examples
    --------
    >>> day = pd.to_datetime(["2018-01-18", "2019-01-17"])
    >>> frame = pd.DataFrame({"child": np.repeat(range(20), 2), "census": list(day) * 20, "age": [8, 9] * 20,
    ...                       "a": [1, 2, 1, 1] * 10})
    >>> need_over_time(frame, child="child", census="census", areas=["a"], age="age")[0].value
    0.5
    """
    total = np.column_stack([number_column(frame, area) for area in areas]).sum(axis=1)
    rows = frame[[child, census, age]].assign(_total=total)
    both = pairs_of(rows, child=child, census=census)
    change = number_column(both, "_total") - number_column(both, "_total_before")
    phase = np.digitize(number_column(both, f"{age}_before"), PHASES)
    names = ("before school", "primary", "secondary", "after 16")
    known, person = ~np.isnan(change), pd.factorize(both[child])[0]
    groups = [("all", known), *((name, known & (phase == k)) for k, name in enumerate(names, 1))]
    plain = [_mean(change[at], person[at], group, level) for group, at in groups]
    paired = both.loc[known, [child, f"{census}_before"]].set_axis([child, census], axis=1)
    return Estimates.of(
        [*plain, _as_if(rows, paired.assign(_change=change[known]), (child, census, age), level)]
    )


def _as_if(rows: pd.DataFrame, paired: pd.DataFrame, names: tuple[str, str, str], level: float) -> Estimate:
    """Give the mean change as if nobody had left: of classes of need at the start, weighted by all who were there."""
    child, census, age = names
    there = rows.merge(paired, on=[child, census], how="left").dropna(subset=["_total", age])
    stayed = there["_change"].notna()
    oldest = there.loc[stayed, age].max()  # who is older is too old for the next census
    there = there[there[census].isin(paired[census]) & there[age].le(oldest)]
    need, stayed = there["_total"].to_numpy(), there["_change"].notna().to_numpy()
    if there.loc[stayed, child].nunique() < FEWEST:
        return _mean(need[stayed], pd.factorize(there.loc[stayed, child])[0], AS_IF, level, WEIGHTED)
    classes = int(np.clip(stayed.sum() // FEWEST, 1, MOST))
    ends = np.unique(np.quantile(need[stayed], np.arange(1, classes) / classes, method="nearest"))
    kind = np.digitize(need, ends[ends > need[stayed].min()])
    change = there["_change"].to_numpy()
    means = np.bincount(kind[stayed], change[stayed]) / np.bincount(kind[stayed])
    weight = (np.bincount(kind) / np.bincount(kind[stayed]))[kind]
    pull = means[kind] + np.where(stayed, weight * (np.nan_to_num(change) - means[kind]), 0.0)
    return _mean(pull, pd.factorize(there[child])[0], AS_IF, level, WEIGHTED)


def _mean(change: Array, person: Array, group: str, level: float, method: str = PLAIN) -> Estimate:
    """Give a mean with an error that adds up what belongs to one person."""
    term = "Change of total need in a year"
    people = len(np.unique(person))
    if people < FEWEST:
        reason = f"at least {FEWEST} people are needed"
        return Estimate.not_estimable(term, n=people, reason=reason, group=group, method=method, of="people")
    mean = float(change.mean())
    sums = np.bincount(person, change - mean)
    error = float(np.sqrt((sums**2).sum() * people / (people - 1))) / len(change)
    half = float(stats.t.ppf(0.5 + level / 2, people - 1)) * error
    made = Estimate(
        term, mean, mean - half, mean + half, level, people, "levels", method, group, error, of="people"
    )
    return made.unless_alike(reason="all changed alike")
