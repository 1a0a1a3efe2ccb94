"""How strong something unseen would have to be to explain a difference away."""

from __future__ import annotations

import math

from scipy import stats


def robustness_value(t: float, df: float, *, level: float | None = None) -> float:
    """Share of what is left of both the programme and the cost that something unseen must explain to undo an effect.

    Parameters
    ----------
    t : float
        t value of the effect in a least-squares regression.
    df : float
        Its residual degrees of freedom.
    level : float, optional
        With it, the share that brings the effect within the error at this confidence level; without, to nought.

    Returns
    -------
    float
        Between 0 and 1: at 0.05 something that explains 5% of each would do.

    References
    ----------
    Cinelli C, Hazlett C (2020), J R Stat Soc B 82:39-67, section 4. The package PySensemakr is no longer kept up.

    Examples
    --------
    >>> round(robustness_value(4.18445, 783), 3), round(robustness_value(4.18445, 783, level=0.95), 3)
    (0.139, 0.076)
    """
    strength = abs(t) / math.sqrt(df)
    if level is not None:
        strength -= float(stats.t.ppf((1 + level) / 2, df - 1)) / math.sqrt(df - 1)
    if strength <= 0:
        return 0.0
    squared = strength**2
    return 0.5 * (math.sqrt(squared**2 + 4 * squared) - squared)


def e_value(ratio: float) -> float:
    """Risk ratio that something unseen must have with both the programme and the outcome to undo a risk ratio.

    Parameters
    ----------
    ratio : float
        Risk ratio; for a difference in means of `d` standard deviations, ``exp(0.91 d)``.

    References
    ----------
    VanderWeele TJ, Ding P (2017), Ann Intern Med 167:268-274.

    Examples
    --------
    >>> round(e_value(3.9), 2), round(e_value(1 / 3.9), 2), e_value(1.0)
    (7.26, 7.26, 1.0)
    """
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def ratio_of_difference(difference: float, spread: float) -> float:
    """Give the risk ratio that stands for a difference in means, by its size in standard deviations.

    References
    ----------
    Chinn S (2000), Stat Med 19:3127-3131; VanderWeele and Ding (2017), table 2.

    Examples
    --------
    >>> round(ratio_of_difference(0.5, 1.0), 2)
    1.58
    """
    return math.exp(0.91 * difference / spread)
