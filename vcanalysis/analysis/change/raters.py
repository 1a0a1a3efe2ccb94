"""Has the child changed, or the person who rates? Change with the same rater and with another."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.change.scores import MINIMUM, mean_change, t_estimate, two_scores
from vcanalysis.analysis.change.variance import least_squares, spread
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates

SAME, OTHER = "same rater", "another rater"
METHOD = "difference of mean changes; interval widened for shared raters"


def change_by_rater(
    pairs: pd.DataFrame, *, before: str, after: str, rater_before: str, rater_after: str, level: float = 0.95
) -> Estimates:
    """Mean change among children rated twice by one person, and among those whose rater changed.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    rater_before, rater_after : str
        Columns of who rated; pairs with an unknown rater are left out.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Mean change by group ("same rater", "another rater"), the difference between them, and how far single
        changes scatter in each (a standard deviation, without an interval).

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    If changes scatter more where the rater changed, part of what looks like change is a change of rater.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": range(40), "a": [x + (-1) ** x for x in range(40)], "r": list("wxyz") * 10})
    >>> frame["s"] = [*frame["r"][:20], *frame["r"][:20].iloc[::-1]]
    >>> [(e.group, e.n) for e in change_by_rater(frame, before="b", after="a", rater_before="r", rater_after="s")][:2]
    [('same rater', 20), ('another rater', 20)]
    """
    require_columns(pairs, rater_before, rater_after)
    known = pairs.dropna(subset=[rater_before, rater_after])
    same = known[rater_before].astype("str") == known[rater_after].astype("str")
    raters, items, spreads = [rater_before, rater_after], [], []
    for group, rows in ((SAME, known.loc[same]), (OTHER, known.loc[~same])):
        scores = two_scores(rows, before=before, after=after, cluster=raters)
        items.append(mean_change(scores, level=level).named(group=group))
        term = "Standard deviation of single changes"
        if len(scores) < MINIMUM:
            by = "one person" if group == SAME else "two people"
            few = f"at least {MINIMUM} children are needed whom {by} rated"
            spreads.append(Estimate.not_estimable(term, n=len(scores), reason=few, group=group))
        else:
            sd = float(scores.change.std(ddof=1))
            spreads.append(
                Estimate(term, sd, n=len(scores), unit="points", method="standard deviation", group=group)
            )
    return Estimates.of([*items, _difference(known, same, items, before, after, raters, level), *spreads])


def _difference(
    known: pd.DataFrame,
    same: pd.Series,
    items: list[Estimate],
    before: str,
    after: str,
    raters: list[str],
    level: float,
) -> Estimate:
    """Give how much more need changed where the rater changed."""
    term = "Change with another rater less change with the same"
    lacking = next((e for e in items if not e.estimable), None)
    if lacking is not None:
        return Estimate.not_estimable(term, n=lacking.n, reason=lacking.reason, method=METHOD)
    scores = two_scores(
        known.assign(_other=~same), before=before, after=after, cluster=raters, selected="_other"
    )
    coefficients, influence = least_squares([scores.picked.astype(float)], scores.change)
    within = spread(influence[:, 1], scores.codes, used=2)
    error = float(within.errors()[0])
    return t_estimate(
        term, float(coefficients[1]), error, within, n=len(scores), level=level, unit="points", method=METHOD
    )
