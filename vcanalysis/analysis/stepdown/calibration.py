"""How good probabilities are: calibration, Brier score and area under the curve, each with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from scipy.special import expit, logit

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import fit_of

Array = np.ndarray
MINIMUM = 10
SLOPE = "Calibration slope"
LARGE = "Calibration in the large, observed less predicted"
BRIER, SKILL, AREA = "Brier score", "Brier score better than the base rate", "Area under the curve"
_NEAREST = 1e-6  # probabilities are kept this far from 0 and 1, whose logits are infinite


@dataclass(frozen=True, slots=True)
class Judged:
    """Outcomes beside predicted probabilities.

    Parameters
    ----------
    outcome : array of float
        1 where it happened, 0 where it did not.
    probability : array of float
        Predicted beforehand, by a model that did not see the child.
    cluster : array of int
        Number of the child (or what rows share) of each row.
    """

    outcome: Array
    probability: Array
    cluster: Array

    @property
    def clusters(self) -> int:
        """How many children there are."""
        return int(self.cluster.max()) + 1 if len(self.cluster) else 0

    @property
    def fewest(self) -> int:
        """How many children there are with, or without, the outcome, whichever are fewer."""
        return min(len(np.unique(self.cluster[self.outcome == kind])) for kind in (0, 1))

    def why_not(self) -> str:
        """Say why nothing can be judged; empty where something can."""
        if self.fewest < MINIMUM:
            return f"at least {MINIMUM} children with and {MINIMUM} without the outcome are needed"
        return ""

    def spread(self, contributions: Array) -> float:
        """Give the standard error of a sum of contributions, those of a child added first."""
        sums = np.bincount(self.cluster, weights=contributions)
        return float(np.sqrt(sums @ sums * len(sums) / (len(sums) - 1)))

    def half_width(self, level: float) -> float:
        """Quantile of t with one degree of freedom fewer than there are children."""
        return float(stats.t.ppf(0.5 + level / 2, self.clusters - 1))


def read_judged(frame: pd.DataFrame, *, outcome: str, probability: str, cluster: str = "") -> Judged:
    """Read outcomes and probabilities; rows that lack either are left out.

    Raises
    ------
    InputError
        If a column is missing, an outcome is neither 0 nor 1, or a probability lies outside 0 to 1.
    """
    require_columns(frame, outcome, probability, *filter(None, [cluster]))
    happened, predicted = number_column(frame, outcome), number_column(frame, probability)
    known = ~np.isnan(happened) & ~np.isnan(predicted)
    if not np.isin(happened[known], [0, 1]).all():
        raise InputError(f"Column {outcome!r} must hold 0 and 1, or flags. Give whether it happened.")
    if ((predicted[known] < 0) | (predicted[known] > 1)).any():
        raise InputError(f"Column {probability!r} must lie between 0 and 1. Give probabilities.")
    rows = frame.loc[known, cluster] if cluster else pd.Series(np.arange(int(known.sum())))
    return Judged(happened[known], predicted[known], pd.factorize(rows)[0])


def calibration(
    frame: pd.DataFrame, *, outcome: str, probability: str, cluster: str = "", level: float = 0.95
) -> Estimates:
    """Judge predicted probabilities against what happened.

    Parameters
    ----------
    frame : DataFrame
        One row per prediction; rows without outcome or probability are left out.
    outcome, probability : str
        Columns of the outcome (0 and 1, or a flag) and of the probability, predicted without that outcome.
    cluster : str
        Column of what rows share, such as the child; each row on its own without it.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Terms `SLOPE` (1 is right; below 1, predictions are too extreme), `LARGE` (percentage points, 0 is right),
        `BRIER` (mean squared error), `SKILL` (share by which it is below that of the base rate) and `AREA` (chance
        that a child with the outcome has the higher probability). Not estimable below 10 children with and 10
        without the outcome; the slope, skill and area also where all probabilities are alike.

    Raises
    ------
    InputError
        If a column is missing or a value cannot be.

    References
    ----------
    Cox DR (1958), Biometrika 45:562-565 and Steyerberg EW et al. (2010), Epidemiology 21:128-138, for calibration;
    Brier GW (1950), Mon Weather Rev 78:1-3; DeLong ER et al. (1988), Biometrics 44:837-845 and Obuchowski NA (1997),
    Biometrics 53:567-578, for the area and its error with clusters.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"p": rng.uniform(0.1, 0.9, 500)})
    >>> rows["happened"] = rng.random(500) < rows["p"]
    >>> calibration(rows, outcome="happened", probability="p").term("Calibration slope").excludes(1)
    False
    """
    judged = read_judged(frame, outcome=outcome, probability=probability, cluster=cluster)
    return judge(judged, level=level)


def judge(judged: Judged, *, level: float = 0.95) -> Estimates:
    """Judge predicted probabilities: the terms of `calibration`."""
    reason = judged.why_not()
    if reason:
        terms = (SLOPE, LARGE, BRIER, SKILL, AREA)
        return Estimates.of(Estimate.not_estimable(t, n=judged.clusters, reason=reason) for t in terms)
    return Estimates.of(
        (
            _slope(judged, level),
            in_the_large(judged, level=level),
            *_brier(judged, level),
            _area(judged, level),
        )
    )


def in_the_large(judged: Judged, *, level: float = 0.95, group: str = "all") -> Estimate:
    """Observed less predicted share, in percentage points, with errors robust to children.

    Examples
    --------
    >>> even = Judged(np.array([1.0, 0.0] * 20), np.full(40, 0.5), np.arange(40))
    >>> round(in_the_large(even).value, 6)
    0.0
    """
    error = judged.outcome - judged.probability
    gap, n = float(error.mean()), len(error)
    spread = judged.spread((error - gap) / n)
    half = judged.half_width(level) * spread
    ends = (100 * (gap - half), 100 * (gap + half))
    return Estimate(
        LARGE, 100 * gap, *ends, level, judged.clusters, "percentage points", "mean difference; t interval",
        group, 100 * spread, support=judged.fewest,
    )  # fmt: skip


def _slope(judged: Judged, level: float) -> Estimate:
    """Slope of the outcome on the logit of the probability."""
    score = logit(np.clip(judged.probability, _NEAREST, 1 - _NEAREST))
    n = judged.clusters
    if np.ptp(score) < _NEAREST:
        return Estimate.not_estimable(SLOPE, n=n, reason="all probabilities are alike", unit="ratio")
    design = sm.add_constant(score)
    model = sm.GLM(judged.outcome, design, family=sm.families.Binomial())
    together = n < len(score)
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": judged.cluster}} if together else {}
    fit = model.fit(**errors)
    half = judged.half_width(level) * float(fit.bse[1])
    value = float(fit.params[1])
    method = "logistic regression on the logit; t interval" + (" robust to children" if together else "")
    about = {"std_error": float(fit.bse[1]), "fit": fit_of(design)}
    return Estimate(SLOPE, value, value - half, value + half, level, n, "ratio", method, **about)  # type: ignore[arg-type]


def _brier(judged: Judged, level: float) -> tuple[Estimate, Estimate]:
    """Mean squared error, and by how much it is below that of predicting the base rate for everyone."""
    loss, n = (judged.outcome - judged.probability) ** 2, len(judged.outcome)
    score, base = float(loss.mean()), float(judged.outcome.mean())
    spread = judged.spread((loss - score) / n)
    half = judged.half_width(level) * spread
    ends = (max(score - half, 0.0), min(score + half, 1.0))
    brier = Estimate(
        BRIER, score, *ends, level, judged.clusters, "", "mean squared error; t interval", "all", spread
    )
    plain = base * (1 - base)
    # the base rate is estimated too: its influence is (1 - 2 base) times the residual
    drift = ((loss - score) - score / plain * (1 - 2 * base) * (judged.outcome - base)) / (n * plain)
    half = judged.half_width(level) * judged.spread(drift)
    skill = 1 - score / plain
    method = "Brier skill score; delta method, t interval"
    return brier, Estimate(
        SKILL,
        skill,
        skill - half,
        skill + half,
        level,
        judged.clusters,
        "share",
        method,
        support=judged.clusters,
    )


def _area(judged: Judged, level: float) -> Estimate:
    """Area under the curve from placement values, on the logit scale."""
    yes, no = judged.outcome == 1, judged.outcome == 0
    if np.ptp(judged.probability) < _NEAREST:
        reason = "all probabilities are alike"
        return Estimate.not_estimable(AREA, n=judged.clusters, reason=reason, unit="probability")
    whole = stats.rankdata(judged.probability)
    above = np.empty(len(whole))
    above[yes] = (whole[yes] - stats.rankdata(judged.probability[yes])) / no.sum()
    above[no] = 1 - (whole[no] - stats.rankdata(judged.probability[no])) / yes.sum()
    area = float(above[yes].mean())
    given = np.where(yes, (above - area) / yes.sum(), (above - area) / no.sum())
    spread, half = judged.spread(given), judged.half_width(level)
    inside = 0 < area < 1
    scale = half * spread / (area * (1 - area)) if inside else 0.0
    low, high = expit(logit(area) + np.array([-scale, scale])) if inside else (area, area)
    method = "placement values (DeLong); logit interval robust to children"
    return Estimate(
        AREA, area, float(low), float(high), level, judged.clusters, "probability", method, std_error=spread
    )
