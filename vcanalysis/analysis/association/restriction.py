"""Only children in care are seen: what the correlation might be where need varies more."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

METHOD = "correction for restricted range (Pearson 1903; Thorndike case 2)"
RATIOS = (1.0, 1.25, 1.5, 2.0)


def unrestricted(correlation: Estimate, ratio: float) -> Estimate:
    """Correlation there would be if need varied more widely than among the children seen.

    Parameters
    ----------
    correlation : Estimate
        Correlation of need and cost among those seen.
    ratio : float
        Spread (standard deviation) of need among all whom the claim is about, over that among those seen;
        taken as certain.

    Returns
    -------
    Estimate
        Unit "correlation", with the ends of its interval carried along.

    Raises
    ------
    InputError
        If the ratio is not above 0.

    Notes
    -----
    Assumes that children were selected on need alone, and that cost rises with need along one line with the
    same scatter throughout. Children are taken into care for much besides, so this is a what-if.

    References
    ----------
    Pearson K (1903), Philos Trans A 200:1-66; Thorndike RL (1949), Personnel Selection, case 2.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.2, 0.1, 0.3, n=300, unit="correlation")
    >>> round(unrestricted(rho, 1.5).value, 2)
    0.29
    """
    if not ratio > 0:
        raise InputError(f"A ratio of spreads of {ratio} is refused: give a number above 0, such as 1.5.")
    term = f"{correlation.term}, had need varied {write_number(ratio, 'ratio')} times as widely"
    if not correlation.estimable:
        return correlation.named(term=term, method=METHOD)

    def wide(r: float | None) -> float | None:
        return None if r is None else float(r * ratio / np.sqrt(1 + r * r * (ratio * ratio - 1)))

    ends = {"value": wide(correlation.value), "low": wide(correlation.low), "high": wide(correlation.high)}
    return correlation.named(term=term, method=METHOD, std_error=None, **ends)


def restriction_curve(correlation: Estimate, *, ratios: Iterable[float] = RATIOS) -> Estimates:
    """Give the correlation for several spreads of need among all children.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.2, 0.1, 0.3, n=300, unit="correlation")
    >>> [e.group for e in restriction_curve(rho, ratios=[1.0, 2.0])]
    ['1.00', '2.00']
    """
    term = f"{correlation.term}, had need varied so many times as widely"
    return Estimates.of(unrestricted(correlation, r).named(term=term, group=f"{r:.2f}") for r in ratios)
