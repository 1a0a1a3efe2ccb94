"""Change beside a comparison group: analysis of covariance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.change.scores import (
    FEWEST_RATERS,
    MINIMUM,
    TwoScores,
    rated_by,
    t_estimate,
    two_scores,
)
from vcanalysis.analysis.change.variance import effective, least_squares, spread_of_sides
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate

NEVER, BEFORE, BETWEEN, AFTER = "never", "before the first", "between the two", "after the last"
WHEN = (NEVER, BEFORE, BETWEEN, AFTER)
METHOD = "analysis of covariance, errors robust to unequal spread (HC2)"


def when_started(pairs: pd.DataFrame, *, on: str) -> pd.Series:
    """Say on which side of a child's two assessments something began, such as a programme.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice, with ``date_before`` and ``date_after``, such as ``Pairs.frame``.
    on : str
        Column of the day it began; empty where it never did.

    Returns
    -------
    Series
        Ordered Categorical: "never", "before the first", "between the two" or "after the last". Only what began
        between them can show in the change: a child who had begun before the first assessment belongs in neither
        group, one who began on the day of the last or later had not begun for this pair.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> days = pd.to_datetime(["2018-01-01", "2019-01-01", "2018-06-01"])
    >>> pairs = pd.DataFrame({"date_before": [days[0]] * 2, "date_after": [days[1]] * 2, "on": [days[2], pd.NaT]})
    >>> list(when_started(pairs, on="on"))
    ['between the two', 'never']
    """
    require_columns(pairs, "date_before", "date_after", on)
    began = pairs[on]
    side = pd.Series(BETWEEN, index=pairs.index).mask(began < pairs["date_before"], BEFORE)
    side = side.mask(began >= pairs["date_after"], AFTER).mask(began.isna(), NEVER)
    return side.astype(pd.CategoricalDtype(list(WHEN), ordered=True))


def compare_groups(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    group: str,
    covariates: Sequence[str] = (),
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> Estimate:
    """How much lower the later need of one group is than that of the others with the same first need.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    group : str
        Column of True and False: who had the programme.
    covariates : sequence of str
        Numeric columns held equal besides the first score; a missing value takes the mean.
    cluster : str or sequence of str
        One or two columns of raters.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In points; negative where the group's need is lower than expected from the others.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or `group` is not of True and False.

    Notes
    -----
    Free of regression to the mean only if both groups come from one population at the same first score, or the first
    score itself parted them. Where one group is truly the needier, the error of the first score alone leaves a
    difference (Lord's paradox): the gap of mean first scores, times the share of their spread within groups that is
    error, nought where it was the first score that picked.
    Where children were chosen for something else that goes with how need develops, the difference is no effect.

    References
    ----------
    Vickers AJ, Altman DG (2001), BMJ 323:1123-1124; MacKinnon JG, White H (1985), J Econom 29:305-325; Lord FM
    (1967), Psychol Bull 68:304-305.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": [5.0, 7, 9, 12] * 10, "g": [True, False] * 20})
    >>> frame["a"] = 0.8 * frame["b"] - 2 * frame["g"] + ([0.1] * 4 + [-0.1] * 4) * 5
    >>> round(compare_groups(frame, before="b", after="a", group="g").value, 1)
    -2.0
    """
    term = "Later need beside that of children with the same first need"
    scores = two_scores(pairs, before=before, after=after, cluster=cluster, selected=group)
    few = min(scores.picked_count, len(scores) - scores.picked_count)
    method = METHOD + rated_by(scores.codes)
    reason = (
        f"at least {MINIMUM} children are needed in each group" if few < MINIMUM else scores.lacking_line()
    )
    reason = reason or _few_raters(scores)
    if reason:
        return Estimate.not_estimable(
            term, n=few if few < MINIMUM else len(scores), reason=reason, method=method
        )
    known = pairs[before].notna().to_numpy() & pairs[after].notna().to_numpy()
    columns = [scores.picked.astype(float), scores.before - scores.before.mean()]
    for name in covariates:
        values = number_column(pairs, name)[known]
        columns.append(np.where(np.isnan(values), 0.0, values - np.nanmean(values)))
    coefficients, influence = least_squares(columns, scores.after)
    within = spread_of_sides(influence[:, 1], scores.codes, scores.picked, used=1 + len(columns))
    error = float(within.errors()[0])
    return t_estimate(
        term, float(coefficients[1]), error, within, n=len(scores), level=level, unit="points", method=method
    )


def _few_raters(scores: TwoScores) -> str:
    """Say that one side was rated by too few people, whose leaning cannot be told from a difference."""
    if not scores.codes:
        return ""
    sides = (scores.picked, ~scores.picked)
    least = min(effective([codes[side] for codes in scores.codes]) for side in sides)
    if least >= FEWEST_RATERS - 0.5:  # three people rate no equal number
        return ""
    return (
        f"it hangs on the ratings of fewer than {FEWEST_RATERS} people on one side, counted by how many they "
        "rated, so that how they lean cannot be told from a difference"
    )
