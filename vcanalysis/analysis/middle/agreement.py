"""How far two definitions of the same group agree, beyond what chance would give."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

METHOD = "Cohen's kappa; large-sample interval"
MINIMUM = 10


def agreement(first: pd.Series, second: pd.Series, *, level: float = 0.95, term: str = "") -> Estimate:
    """Agreement of two classifications of the same children: Cohen's kappa.

    Parameters
    ----------
    first, second : Series
        A label or a flag per child, matched on the index; children missing in either are left out.
    level : float
        Confidence level.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        1 is full agreement, 0 what chance alone gives. Unit "ratio". Not estimable below 10 children, or when
        one of the two puts every child in the same group.

    References
    ----------
    Cohen J (1960), Educ Psychol Meas 20:37-46; Fleiss JL, Cohen J, Everitt BS (1969), Psychol Bull 72:323-327.

    Examples
    --------
    >>> first = pd.Series([True] * 20 + [False] * 20)
    >>> second = pd.Series([True] * 15 + [False] * 25)
    >>> agreement(first, second).value
    0.75
    """
    term = term or "Agreement of the two definitions"
    both = pd.concat([first.rename("first"), second.rename("second")], axis=1, join="inner").dropna()
    labels = sorted(set(both["first"].astype("str")) | set(both["second"].astype("str")))
    n = len(both)
    if n < MINIMUM or both["first"].nunique() < 2 or both["second"].nunique() < 2:
        few = n < MINIMUM
        reason = (
            f"at least {MINIMUM} children are needed" if few else "one of the two puts all children together"
        )
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
    counted = pd.crosstab(both["first"].astype("str"), both["second"].astype("str"))
    table = counted.reindex(index=labels, columns=labels, fill_value=0).to_numpy()
    if np.array_equal(table, np.diag(np.diag(table))):
        return Estimate(term, 1.0, n=n, unit="ratio", method="Cohen's kappa; no disagreement, so no interval")
    found = cohens_kappa(table)
    kappa, error = float(found.kappa), float(found.std_kappa)
    half = normal_quantile(level) * error
    low, high = max(kappa - half, -1.0), min(kappa + half, 1.0)
    return Estimate(term, kappa, low, high, level, n, "ratio", METHOD, std_error=error)
