"""Signs that a contract is gamed: children chosen, stays that end once paid, scores that drift."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm

from vcanalysis.core.columns import flag_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, wilson
from vcanalysis.core.parts import fewest_of, fit_of

MINIMUM = 10


def cherry_picking(
    frame: pd.DataFrame, *, accepted: str, columns: Sequence[str], level: float = 0.95
) -> Estimates:
    """Say how children a provider took differ from those it was offered and did not take.

    Parameters
    ----------
    frame : DataFrame
        One row per eligible referral.
    accepted : str
        Column of flags.
    columns : sequence of str
        Numbers known before the decision: need, age, moves so far.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One for each column, in standard deviations; below nought: those taken had less. Not estimable below 10 on
        either side, or where nothing varies.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    A provider may take children with less need because it is asked for them: compare with what it was asked for.

    References
    ----------
    Hedges LV, Olkin I (1985), Statistical Methods for Meta-Analysis, section 5.E.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": rng.normal(12, 4, 200), "taken": rng.random(200) < 0.5})
    >>> frame.loc[frame["taken"], "need"] -= 3
    >>> cherry_picking(frame, accepted="taken", columns=["need"])[0].excludes(0)
    True
    """
    taken, known = flag_column(frame, accepted)
    return Estimates.of(_apart(frame, name, taken, known, level) for name in columns)


def _apart(frame: pd.DataFrame, name: str, taken: np.ndarray, known: np.ndarray, level: float) -> Estimate:
    values = number_column(frame, name)
    use = known & ~np.isnan(values)
    one, two = values[use & taken], values[use & ~taken]
    term, method = (
        "Children taken less children not taken",
        "standardised difference of means, large-sample interval",
    )
    about = {"group": say_column(name), "method": method, "of": "referrals"}
    if min(len(one), len(two)) < MINIMUM:
        reason = f"at least {MINIMUM} referrals taken and {MINIMUM} not taken are needed"
        return Estimate.not_estimable(term, n=min(len(one), len(two)), reason=reason, **about)
    pooled = math.sqrt(
        ((len(one) - 1) * one.var(ddof=1) + (len(two) - 1) * two.var(ddof=1)) / (len(one) + len(two) - 2)
    )
    if pooled == 0:
        return Estimate.not_estimable(term, n=int(use.sum()), reason="nothing varies", **about)
    gap = float(one.mean() - two.mean()) / pooled
    error = math.sqrt(1 / len(one) + 1 / len(two) + gap**2 / (2 * (len(one) + len(two))))
    half = normal_quantile(level) * error
    return Estimate(
        term,
        gap,
        gap - half,
        gap + half,
        level,
        int(use.sum()),
        "standard deviations",
        std_error=error,
        support=fewest_of(one, two),
        **about,  # type: ignore[arg-type]
    )


def early_exits(
    frame: pd.DataFrame, *, days: str, ended: str, milestone_days: int, width: int = 91, level: float = 0.95
) -> Estimate:
    """Compare how fast stays end just after a payment falls due with how fast they ended just before.

    Parameters
    ----------
    frame : DataFrame
        One row per stay.
    days, ended : str
        Columns: days the stay has lasted, and whether it has ended.
    milestone_days : int
        Day on which the payment falls due.
    width : int
        Days looked at on either side.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "ratio": 2 says stays end twice as fast once paid. Not estimable below 10 ends in the two spans together.

    Raises
    ------
    InputError
        If a column is missing or not what it should be.

    Notes
    -----
    Most endings become rarer with time, so that one would expect a little less than one.

    References
    ----------
    Przyborowski J, Wilenski H (1940), Biometrika 31:313-323: two Poisson rates given their sum; Wilson (1927).

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [300] * 10 + [370] * 30 + [900] * 60, "over": [True] * 40 + [False] * 60})
    >>> early_exits(frame, days="days", ended="over", milestone_days=364).words()
    '4.50 (95% interval 2.23 to 9.07)'
    """
    lasted = number_column(frame, days)
    over, known = flag_column(frame, ended)
    use = known & ~np.isnan(lasted)
    spans = [(milestone_days - width, milestone_days), (milestone_days, milestone_days + width)]
    ends = [int((use & over & (lasted >= a) & (lasted < b)).sum()) for a, b in spans]
    watched = [float(np.clip(lasted[use] - a, 0, b - a).sum()) for a, b in spans]
    term, total = "Rate at which stays end just after payment, over just before", sum(ends)
    method = "ratio of two Poisson rates given their sum, Wilson interval"
    if total < MINIMUM or not all(watched):
        reason = f"at least {MINIMUM} stays must end within {width} days of the payment"
        return Estimate.not_estimable(term, n=total, reason=reason, method=method, of="stays")
    low, high = wilson(ends[1], total, level)
    scale = watched[0] / watched[1]
    value, low, high = (scale * p / (1 - p) if p < 1 else math.inf for p in (ends[1] / total, low, high))
    about = {"of": "ends of stays", "support": min(ends)}
    return Estimate(term, value, low, high, level, total, "ratio", method, **about)  # type: ignore[arg-type]


def score_drift(frame: pd.DataFrame, *, score: str, after: str, rater: str, level: float = 0.95) -> Estimate:
    """Say how much higher first scores are since money hangs on them.

    Parameters
    ----------
    frame : DataFrame
        One row per first assessment of a child.
    score, after, rater : str
        Columns: the score, whether it was given since then, and who gave it.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "points". Not estimable below 10 scores before or after, or below 6 raters.

    Raises
    ------
    InputError
        If a column is missing or not what it should be.

    Notes
    -----
    Children may have changed: beside it stands an audit by raters who gain nothing.

    References
    ----------
    Cameron AC, Miller DL (2015), J Hum Resour 50:317-372: clusters of raters, t with one degree fewer than raters.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> order = np.arange(300)
    >>> frame = pd.DataFrame({"need": rng.normal(12, 4, 300), "after": order > 150, "rater": order % 20})
    >>> score_drift(frame, score="need", after="after", rater="rater").excludes(0)
    False
    """
    require_columns(frame, rater)
    values = number_column(frame, score)
    since, known = flag_column(frame, after)
    use = known & ~np.isnan(values) & frame[rater].notna().to_numpy()
    codes = pd.factorize(frame.loc[use, rater])[0]
    fewest, raters = min(int((use & since).sum()), int((use & ~since).sum())), len(np.unique(codes))
    term, method = (
        f"Rise of first scores of {say_column(score)}",
        "difference of means, clusters of raters, t",
    )
    if fewest < MINIMUM or raters < 6 or np.ptp(values[use]) == 0:
        reason = f"at least {MINIMUM} scores that vary before and after, by 6 raters, are needed"
        return Estimate.not_estimable(term, n=fewest, reason=reason, method=method, of="scores")
    x = sm.add_constant(since[use].astype(float))
    fit = sm.OLS(values[use], x).fit(cov_type="cluster", cov_kwds={"groups": codes}, use_t=True)
    low, high = fit.conf_int(1 - level)[1]
    return Estimate(
        term,
        float(fit.params[1]),
        float(low),
        float(high),
        level,
        int(use.sum()),
        "points",
        method,
        of="scores",
        fit=fit_of(x),
    )
