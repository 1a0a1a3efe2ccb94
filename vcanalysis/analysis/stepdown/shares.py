"""Shares of few children: the Wilson interval, what a prior adds, and what it lets expect of the next ones."""

from __future__ import annotations

from scipy import stats

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import wilson

JEFFREYS = (0.5, 0.5)
WILSON = "share; Wilson interval"


def share_of(
    count: int, n: int, *, term: str, group: str = "all", level: float = 0.95, reason: str = ""
) -> Estimate:
    """Give a count as a share of n, with a Wilson interval; not estimable when n is nought.

    Examples
    --------
    >>> share_of(10, 20, term="A family sought").words()
    '50% (95% interval 30% to 70%)'
    """
    if n < 1:
        return Estimate.not_estimable(
            term, n=0, reason=reason or "there are none", group=group, method=WILSON
        )
    support = min(count, n - count)
    return Estimate(
        term, count / n, *wilson(count, n, level), level, n, "share", WILSON, group, support=support
    )


def posterior_share(
    count: int,
    n: int,
    *,
    term: str,
    prior: tuple[float, float] = JEFFREYS,
    group: str = "all",
    level: float = 0.95,
) -> Estimate:
    """Give a share as a beta distribution: the council's own count with a prior that is stated.

    Parameters
    ----------
    count, n : int
        Children with the property, and children asked about; with none the prior alone speaks.
    term : str
        What is estimated.
    prior : tuple of float
        Prior successes and failures, such as those of a graded preset; Jeffreys' when left out, which weighs one
        child.
    group : str
        Whose share.
    level : float
        Probability the interval holds.

    Returns
    -------
    Estimate
        Posterior mean with the equal-tailed interval; the method says the prior and how many children it weighs.

    Raises
    ------
    InputError
        If the counts or the prior cannot be.

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001), Stat Sci 16:101-133, for Jeffreys' interval.

    Examples
    --------
    >>> posterior_share(3, 4, term="In a family at 52 weeks", prior=(13, 13)).words()
    '53% (95% interval 36% to 71%)'
    """
    _check(count, n, prior)
    beta = stats.beta(count + prior[0], n - count + prior[1])
    low, high = beta.interval(level)
    weight = f"prior Beta({prior[0]:.3g}, {prior[1]:.3g}), which weighs {sum(prior):.3g} children"
    return Estimate(
        term,
        float(beta.mean()),
        float(low),
        float(high),
        level,
        n,
        "share",
        f"beta-binomial; {weight}",
        group,
        float(beta.std()),
        support=min(count, n - count),
    )


def expect_of_next(
    count: int,
    n: int,
    *,
    next_children: int,
    term: str,
    prior: tuple[float, float] = JEFFREYS,
    level: float = 0.95,
) -> Estimate:
    """Say how many of the next children to expect, if they are like those so far: beta-binomial prediction.

    Parameters
    ----------
    count, n, term, prior, level
        As in `posterior_share`.
    next_children : int
        How many come next.

    Returns
    -------
    Estimate
        Number of children, with an interval that holds the chance of the next children as well.

    Raises
    ------
    InputError
        If the counts, the prior or the number of next children cannot be.

    Examples
    --------
    >>> expect_of_next(5, 24, next_children=20, term="Moves among the next 20").words()
    '4 children (95% interval 0 to 10)'
    """
    _check(count, n, prior)
    if next_children < 1:
        raise InputError(f"{next_children} next children: give 1 or more.")
    drawn = stats.betabinom(next_children, count + prior[0], n - count + prior[1])
    low, high = drawn.interval(level)
    method = f"beta-binomial prediction; prior Beta({prior[0]:.3g}, {prior[1]:.3g})"
    expected = float(drawn.mean())
    return Estimate(term, expected, float(low), float(high), level, n, "children", method)


def _check(count: int, n: int, prior: tuple[float, float]) -> None:
    if not 0 <= count <= n:
        raise InputError(f"{count} of {n} children cannot be: give a count from 0 to the number asked about.")
    if min(prior) <= 0:
        raise InputError(f"Prior Beta({prior[0]:g}, {prior[1]:g}) cannot be: both parts must be above 0.")
