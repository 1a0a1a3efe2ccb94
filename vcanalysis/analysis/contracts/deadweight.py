"""What would have come anyway: outcomes beyond those expected without the contract, and what each of them costs."""

from __future__ import annotations

from dataclasses import dataclass

from statsmodels.stats.proportion import confint_proportions_2indep

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

METHOD = "two shares; Newcombe interval of a difference, adjusted log interval of a ratio"
MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Deadweight:
    """What a contract bought beyond what would have come anyway.

    Parameters
    ----------
    additional : Estimate
        Outcomes beyond those expected, in children.
    share : Estimate
        Share of the outcomes paid for that would have come anyway; above one where more came without the contract.
    per_additional : Estimate
        Payment per additional outcome, in pounds; not estimable where all may have come anyway.
    """

    additional: Estimate
    share: Estimate
    per_additional: Estimate

    def estimates(self) -> Estimates:
        """Give the three together."""
        return Estimates((self.additional, self.share, self.per_additional))

    def sentence(self) -> str:
        """Say the three."""
        return self.estimates().sentence()


def deadweight(
    expected: tuple[float, float], *, outcomes: int, children: int, paid_gbp: float, level: float = 0.95
) -> Deadweight:
    """Take from the outcomes paid for those that would have come anyway.

    Parameters
    ----------
    expected : tuple of float
        Outcomes and children of a comparison without the contract; of a share with a standard error, the numbers that
        have both (`effective_counts`).
    outcomes, children : int
        Outcomes paid for, and children in the contract.
    paid_gbp : float
        What was paid for them.
    level : float
        Confidence level.

    Returns
    -------
    Deadweight
        Not estimable below 10 children on either side, or without any outcome.

    Raises
    ------
    InputError
        If there are more outcomes than children, or a number lies below nought.

    Notes
    -----
    The comparison stands for what these children would have done. If the provider chose children who would have done
    well anyway, the additional outcomes are fewer: `cherry_picking` looks for it.

    References
    ----------
    Newcombe RG (1998), Stat Med 17:873-890, method 10; Fagerland MW, Lydersen S, Laake P (2015), Stat Methods Med Res
    24:224-254, for the ratio.

    Examples
    --------
    >>> deadweight((20, 100), outcomes=30, children=50, paid_gbp=300_000).share.words()
    '33% (95% interval 22% to 53%)'
    """
    if not (0 <= outcomes <= children and 0 <= expected[0] <= expected[1]) or paid_gbp < 0:
        raise InputError(
            "Outcomes must lie between 0 and the number of children, with and without the contract; pounds from 0."
        )
    terms = (
        "Additional outcomes",
        "Share of outcomes paid for that would have come anyway",
        "Payment per additional outcome",
    )
    fewest = min(children, expected[1])
    if fewest < MINIMUM or outcomes == 0:
        reason = (
            "no outcome was paid for"
            if outcomes == 0
            else f"at least {MINIMUM} children on either side are needed"
        )
        none = [Estimate.not_estimable(t, n=int(fewest), reason=reason, method=METHOD) for t in terms]
        return Deadweight(*none)
    counts = (outcomes, children, expected[0], expected[1])
    low, high = confint_proportions_2indep(*counts, compare="diff", method="newcomb", alpha=1 - level)
    difference = outcomes / children - expected[0] / expected[1]
    ends = (children * float(low), children * float(high))
    additional = Estimate(
        terms[0], children * difference, *ends, level, children, "children", METHOD, support=outcomes
    )
    share = _share(terms[1], counts, level)
    return Deadweight(additional, share, _price(terms[2], paid_gbp / outcomes, share))


def _share(term: str, counts: tuple[float, float, float, float], level: float) -> Estimate:
    outcomes, children, events, others = counts
    low, high = confint_proportions_2indep(
        events, others, outcomes, children, compare="ratio", method="log-adjusted", alpha=1 - level
    )
    value = (events / others) / (outcomes / children)
    low = 0.0 if events == 0 else float(low)
    return Estimate(
        term, value, low, float(high), level, int(children), "share", METHOD, support=int(outcomes)
    )


def _price(term: str, each: float, share: Estimate) -> Estimate:
    """Give the payment for an outcome over the share of outcomes that is additional."""
    assert share.value is not None
    assert share.low is not None
    assert share.high is not None
    if share.high >= 1:
        least = (
            f"; each additional one costs at least {write_number(each / (1 - share.low), 'GBP')}"
            if share.low < 1
            else ""
        )
        reason = f"all outcomes may have come anyway{least}"
        return Estimate.not_estimable(term, n=share.n, reason=reason, method=METHOD)
    value, low, high = (each / (1 - s) for s in (share.value, share.low, share.high))
    return Estimate(term, value, low, high, share.level, share.n, "GBP", METHOD, support=share.support)


def effective_counts(share: Estimate) -> tuple[float, float]:
    """Give the outcomes and children that a share with a standard error is worth.

    Raises
    ------
    InputError
        If it has no standard error, or lies at nought or one.

    Examples
    --------
    >>> effective_counts(Estimate("Moved anyway", 0.2, 0.1, 0.3, std_error=0.04, unit="share"))
    (20.0, 100.0)
    """
    p, error = share.value, share.std_error
    if p is None or not error or not 0 < p < 1:
        raise InputError(
            "The share expected without the contract needs a standard error and a value between 0 and 1."
        )
    size = p * (1 - p) / error**2
    return round(p * size, 6), round(size, 6)
