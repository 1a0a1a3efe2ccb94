"""Hazard ratios: cause-specific Cox regression with delayed entry, strata and clustered errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.stability import partial
from vcanalysis.analysis.stability.design import read_design
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import fit_of
from vcanalysis.core.survival.history import Array, History, Watch, read_history

METHOD = "cause-specific Cox regression, Efron ties"
_ENDS_PER_TERM = 5
_UNVARYING = "the covariate is the same for all placements"
_NONE_ENDED = "no such placement ended in that way"
_HOPELESS = 5.0  # standard error of a logarithm: an interval from nought to millions
_BOUNDLESS = "hazards differ without bound between placements"
TRANSFORMS = ("share", "log", "days")


@dataclass(frozen=True, slots=True)
class Hazards:
    """Hazard ratios, and what is needed to check that they do not change with time.

    Parameters
    ----------
    ratios : Estimates
        One for each term, unit "ratio"; above 1 the end comes sooner.
    fitted : Fit or None
        The model; None where nothing could be estimated.
    cluster : array of int
        Cluster of each placement.
    clustered : bool
        Whether errors are robust to clusters.
    staying : array of float
        Share staying just before each time of an end, for the check of proportional hazards.
    days : array of float
        Times of an end.
    ends, placements : int
        How many ends and placements the model rests on.
    """

    ratios: Estimates
    fitted: partial.Fit | None = field(default=None, repr=False)
    cluster: Array = field(default_factory=lambda: np.zeros(0, int), repr=False)
    clustered: bool = False
    staying: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    days: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    ends: int = 0
    placements: int = 0

    def frame(self) -> pd.DataFrame:
        """Give the hazard ratios as a tidy frame."""
        return self.ratios.frame()

    def sentence(self) -> str:
        """Say every hazard ratio."""
        return self.ratios.sentence()

    def proportional(self, *, transform: str = "share") -> Estimates:
        """Test, for each term and for all, that the ratio is the same early and late; values are p-values.

        Parameters
        ----------
        transform : str
            How time counts: "share" of placements ended (Kaplan-Meier), "log" or "days".

        References
        ----------
        Grambsch PM, Therneau TM (1994), Biometrika 81:515-526, as a score test; robust to clusters.
        """
        if transform not in TRANSFORMS:
            raise InputError(
                f"There is no transform {transform!r} of time. Write one of: {', '.join(TRANSFORMS)}."
            )
        names = [e.term if e.group == "all" else f"{e.term}: {e.group}" for e in self.ratios if e.estimable]
        about = {
            "unit": "probability",
            "of": "ends",
            "method": "score test of Schoenfeld residuals against time",
        }
        term = "Probability of so uneven a ratio if it were the same at all times"
        if self.fitted is None or not self.fitted.converged or len(self.days) < 3:
            reason = "too few ends at different times to see a change"
            return Estimates((Estimate.not_estimable(term, n=self.ends, reason=reason, **about),))
        time = {"share": 1 - self.staying, "log": np.log(np.maximum(self.days, 0.5)), "days": self.days}[
            transform
        ]
        tests = _proportional(self.fitted, time, self.cluster if self.clustered else None)
        groups = [*names, "all terms together"]
        return Estimates.of(
            Estimate(term, p, n=self.ends, group=name, **about)  # type: ignore[arg-type]
            for name, p in zip(groups, tests, strict=True)
        )


def _proportional(fitted: partial.Fit, time: Array, cluster: Array | None) -> list[float]:
    """Give the p-value of each term and of all together."""
    sets = fitted.sets
    time = time - time[sets.group].mean()
    _, mean, spread = partial.moments(sets, fitted.beta)
    by_end = time[sets.group]
    score = (by_end[:, None] * (sets.x[sets.rows] - mean)).sum(axis=0)
    cross, square = ((by_end[:, None, None] ** power * spread).sum(axis=0) for power in (1, 2))
    project = cross @ np.linalg.inv(fitted.information)
    variance = square - project @ cross.T
    if cluster is not None:
        given = partial.score_residuals(fitted, time) - partial.score_residuals(fitted) @ project.T
        sums = np.stack([np.bincount(cluster, weights=column) for column in given.T], axis=1)
        variance = sums.T @ sums
    each = [
        float(stats.chi2.sf(u * u / v, 1)) if v > 0 else 1.0
        for u, v in zip(score, np.diag(variance), strict=True)
    ]
    together = float(score @ np.linalg.pinv(variance) @ score)
    return [*each, float(stats.chi2.sf(together, len(score)))]


def cox(
    frame: pd.DataFrame,
    watch: Watch,
    *,
    covariates: Iterable[str],
    kind: str = "",
    strata: str = "",
    steps: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> Hazards:
    """Ratio of the hazards of an end between placements that differ in a covariate.

    Parameters
    ----------
    frame : DataFrame
        One row per placement, or per stretch of one in which covariates do not change. Rows with a missing covariate
        are left out.
    watch : Watch
        Columns of time, event, entry and cluster. With a cluster, errors are robust, corrected for the leverage of
        clusters, and the interval uses t with the effective number of clusters less one.
    covariates : iterable of str
        Columns: numbers, flags, or words (each level against the first category).
    kind : str
        Kind of end whose hazard is studied; any when empty. Other kinds end the watch: the ratio is cause-specific.
    strata : str
        Column of groups that may have hazards of any shape; rows without one are a stratum of their own.
    steps : mapping, optional
        How large a difference of a number the ratio is for, such as ``{"need_total": 5}``.
    level : float
        Confidence level.

    Returns
    -------
    Hazards
        ``.ratios``, ``.proportional()``.

    Raises
    ------
    InputError
        If a column is missing or a time cannot be.

    Notes
    -----
    A ratio of hazards goes with the covariate; it is not an effect of it. Where the ratio changes with time
    (``proportional``) it is an average over the times of the ends.

    References
    ----------
    Cox DR (1972), J R Stat Soc B 34:187-220; Prentice RL et al. (1978), Biometrics 34:541-554 for kinds of end.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> rows = pd.DataFrame({"need": rng.normal(size=400), "end": "moved"})
    >>> rows["days"] = rng.exponential(np.exp(-0.5 * rows["need"]))
    >>> cox(rows, Watch("days", "end"), covariates=["need"]).ratios[0].words()
    '1.56 (95% interval 1.41 to 1.73)'
    """
    history = read_history(frame, watch)
    design = read_design(frame, covariates, steps or {})
    history, event, x, empty = _used(history, design.x, kind)
    reason, n = _why_not(history, event, x, kind), len(history)
    method = METHOD + (" and clustered errors" if watch.cluster else "")
    about = {"unit": "ratio", "of": "placements", "method": method}
    if reason:
        given = (Estimate.not_estimable(t, n=n, reason=reason, group=g, **about) for t, g in design.terms)
        return Hazards(Estimates.of(given), ends=int(event.sum()), placements=n)
    moving = np.ptp(x, axis=0) > 0
    unable = [_NONE_ENDED if e else "" if m else _UNVARYING for e, m in zip(empty, moving, strict=True)]
    groups = _strata(frame, strata, history)
    centred = x[:, moving] - x[:, moving].mean(axis=0)
    fitted = partial.fit(partial.prepare(centred, history.entry, history.exit, event, groups))
    found = _ratios(fitted, design.terms, unable, history if watch.cluster else None, level, about)
    days, staying = _clock(history, event, groups, fitted)
    ratios = Estimates.of(e if e.n else e.named(n=n) for e in found)
    clustered = bool(watch.cluster) and history.clustered
    return Hazards(ratios, fitted, history.cluster, clustered, staying, days, int(event.sum()), n)


def _used(history: History, x: Array, kind: str) -> tuple[History, Array, Array, Array]:
    """Keep the placements with every covariate; give the flags of which none ended, and leave out their rows."""
    history = history.take(np.asarray(np.isfinite(x[history.rows]).all(axis=1)))
    event = history.ended(kind)
    x = x[history.rows]
    empty = _without_ends(x, event)
    outside = (x[:, empty] == 1).any(axis=1) if event.any() else np.zeros(len(x), bool)
    return history.take(~outside), event[~outside], x[~outside], empty


def _without_ends(x: Array, event: Array) -> Array:
    """Say which flags mark only placements that never ended in that way: their hazard has no estimate above nought."""
    flag = ((x == 0) | (x == 1)).all(axis=0) & (x == 1).any(axis=0)
    return np.asarray(flag & ~(x[event] == 1).any(axis=0))


def _why_not(history: History, event: Array, x: Array, kind: str) -> str:
    """Say why no ratio can be estimated; empty where one can."""
    reason = history.why_not() or history.none_ended(kind)
    if reason:
        return reason
    needed = _ENDS_PER_TERM * x.shape[1]
    if event.sum() < needed:
        return f"at least {needed} placements must have ended in that way"
    moving = x[:, np.ptp(x, axis=0) > 0]
    if not moving.shape[1]:
        return _UNVARYING
    if np.linalg.matrix_rank(moving - moving.mean(axis=0)) < moving.shape[1]:
        return "covariates say the same thing twice"
    return ""


def _strata(frame: pd.DataFrame, strata: str, history: History) -> Array:
    if not strata:
        return np.zeros(len(history), np.int64)
    require_columns(frame, strata)
    return np.asarray(pd.factorize(frame[strata].iloc[history.rows], use_na_sentinel=False)[0], np.int64)


def _ratios(
    fitted: partial.Fit,
    terms: tuple[tuple[str, str], ...],
    unable: list[str],
    clusters: History | None,
    level: float,
    about: dict[str, str],
) -> list[Estimate]:
    """Turn coefficients into hazard ratios; those of covariates that do not vary say so."""
    n, place, rests = len(fitted.sets.x), 0, fit_of(fitted.sets.x)
    if fitted.converged and clusters is not None:
        covariance, freedom = partial.robust(fitted, clusters.cluster)
    elif fitted.converged:
        covariance, freedom = np.linalg.inv(fitted.information), np.full(len(fitted.beta), np.inf)
    made = []
    for (term, group), lacking in zip(terms, unable, strict=True):
        error = 0.0 if lacking or not fitted.converged else float(np.sqrt(covariance[place, place]))
        reason = lacking or ("" if fitted.converged and error < _HOPELESS else _BOUNDLESS)
        if reason:
            made.append(Estimate.not_estimable(term, n=n, reason=reason, group=group, **about))
        else:
            z, beta = float(stats.t.ppf(0.5 + level / 2, freedom[place])), float(fitted.beta[place])
            low, ratio, high = (float(np.exp(beta + step * error)) for step in (-z, 0, z))
            found = Estimate(term, ratio, low, high, level, n, "ratio", about["method"], group, ratio * error)
            made.append(found.named(of="placements", fit=rests))
        place += not lacking
    return made


def _clock(history: History, event: Array, groups: Array, fitted: partial.Fit) -> tuple[Array, Array]:
    """Days and share staying just before, at each time of an end of each stratum."""
    days = np.zeros(fitted.sets.times)
    days[fitted.sets.group] = history.exit[fitted.sets.rows]
    time = np.unique(history.exit[event])
    risk = np.searchsorted(np.sort(history.entry), time) - np.searchsorted(np.sort(history.exit), time)
    ends = np.bincount(np.searchsorted(time, history.exit[event]), minlength=len(time))
    before = np.concatenate([[1.0], np.cumprod(1 - ends / risk)[:-1]])
    return days, before[np.searchsorted(time, days)]
