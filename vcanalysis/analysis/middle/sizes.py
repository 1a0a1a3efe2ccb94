"""How large are the groups, with an interval that counts the doubt about where they lie."""

from __future__ import annotations

import numpy as np
from scipy import stats

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.refits import REPLICATES, Refits, refit
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

METHOD = "share by maximum likelihood; bootstrap error, groups fitted again, their number held fixed; logit interval"


def group_shares(
    classes: Classes, *, replicates: int = REPLICATES, seed: int = 0, level: float = 0.95
) -> Estimates:
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
    again = refit(classes, replicates, seed)
    if again is None:
        return classes.shares
    n = len(classes.posterior)
    errors = _errors(again) * np.sqrt(again.patterns.n / n)
    known = [share.value or 0.0 for share in classes.shares]
    return Estimates.of(
        _share(name, share, error, n, level)
        for name, share, error in zip(classes.posterior.columns, known, errors, strict=True)
    )


def _errors(again: Refits) -> np.ndarray:
    """Give half the width of the middle 68% of each share over resamples of the children."""
    low, high = np.quantile(np.exp(again.fits.shares), stats.norm.cdf([-1, 1]), axis=0)
    return np.asarray((high - low) / 2)


def _share(name: str, share: float, error: float, n: int, level: float) -> Estimate:
    inside = min(max(share, 0.5 / n), 1 - 0.5 / n)
    error = max(error, float(np.sqrt(inside * (1 - inside) / n)))
    odds, half = np.log(inside / (1 - inside)), normal_quantile(level) * error / (inside * (1 - inside))
    low, high = (float(1 / (1 + np.exp(-end))) for end in (odds - half, odds + half))
    return Estimate("Share of children", share, low, high, level, n, "share", METHOD, name, error)
