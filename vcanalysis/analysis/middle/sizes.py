"""How large are the groups, with an interval that counts the doubt about where they lie."""

from __future__ import annotations

import numpy as np
from scipy import stats

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.mixture import Fits, fit, some_children
from vcanalysis.analysis.middle.patterns import Patterns, add_up
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

_OPEN = 1e-4  # a level no child of a group has may yet be had by one of a resample
METHOD = "share by maximum likelihood; bootstrap error, groups fitted again, their number held fixed; logit interval"


def group_shares(classes: Classes, *, replicates: int = 100, seed: int = 0, level: float = 0.95) -> Estimates:
    """Give the share of children in each group, with the doubt about membership and about the groups themselves.

    Parameters
    ----------
    classes : Classes
        From `find_classes`.
    replicates : int
        Resamples of the children.
    seed : int
        Seed of the resamples.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One per group, the lowest need first. Below two groups what `find_classes` gave: there is nothing to divide.

    Notes
    -----
    The groups are fitted to every resample from the groups found, so each keeps its name. The number of groups is held
    fixed: the interval does not count the doubt about it, which `check_number` and `stability` speak of. The error is
    half the width of the middle 68% of the resamples: a few, in which one group takes in much of another, make their
    standard deviation wider than that of samples of children. It is never less than the error of counting children
    whose group is known. Above 5,000 children so many are drawn by lot, and the error is made as small as that of all.

    References
    ----------
    McLachlan GJ, Peel D (2000), Finite Mixture Models, chapter 2, for why the information matrix needs far larger
    samples than the bootstrap.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.classes import find_classes
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)[:, None]
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high, (200, 6)), columns=list("abcdef"))
    >>> group_shares(find_classes(items, max_classes=2))[1].words()
    '51% (95% interval 44% to 58%)'
    """
    if classes.patterns is None or classes.fitted is None or classes.number < 2:
        return classes.shares
    n = classes.patterns.n
    errors = _errors(classes.patterns, classes.fitted, replicates, seed)
    known = [share.value or 0.0 for share in classes.shares]
    return Estimates.of(
        _share(name, share, error, n, level)
        for name, share, error in zip(classes.posterior.columns, known, errors, strict=True)
    )


def _errors(whole: Patterns, fitted: Fits, replicates: int, seed: int) -> np.ndarray:
    """Give half the width of the middle 68% of each share over resamples of the children."""
    rng = np.random.default_rng(seed)
    patterns = some_children(whole, rng)
    drawn = rng.multinomial(patterns.n, np.full(patterns.n, 1 / patterns.n), size=replicates)
    levels = np.maximum(fitted.levels, np.log(_OPEN))
    starts = (np.repeat(fitted.shares, replicates, axis=0), np.repeat(levels, replicates, axis=0))
    again = fit(patterns, starts, counts=add_up(drawn, patterns), tolerance=1e-3)
    low, high = np.quantile(np.exp(again.shares), stats.norm.cdf([-1, 1]), axis=0)
    return np.asarray((high - low) / 2 * np.sqrt(patterns.n / whole.n))


def _share(name: str, share: float, error: float, n: int, level: float) -> Estimate:
    inside = min(max(share, 0.5 / n), 1 - 0.5 / n)
    error = max(error, float(np.sqrt(inside * (1 - inside) / n)))
    odds, half = np.log(inside / (1 - inside)), normal_quantile(level) * error / (inside * (1 - inside))
    low, high = (float(1 / (1 + np.exp(-end))) for end in (odds - half, odds + half))
    return Estimate("Share of children", share, low, high, level, n, "share", METHOD, name, error)
