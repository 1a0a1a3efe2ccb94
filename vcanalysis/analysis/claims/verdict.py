"""The verdict on a claim, in words that follow its interval and never run ahead of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vcanalysis.analysis.claims.routes import KNOWN, LEARNT, LINEAR, Reported
from vcanalysis.analysis.claims.terms import Nation
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import Assumption
from vcanalysis.core.numbers import count_words, write_interval, write_number


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and what it rests on; made by `judge`.

    Parameters
    ----------
    verdict : str
        The verdict in a few words.
    conditions : tuple of str
        What must be true for the claim to hold by each proportion.
    reaching : tuple of str
        Proportions that reach the claim for at least some of the councils it may be.
    national : float or None
        What is claimed for England, pounds a year.
    councils : int
        Councils that report.
    beyond : str
        Where the claim lies if it were known how much councils differ.
    """

    verdict: str
    conditions: tuple[str, ...]
    reaching: tuple[str, ...]
    national: float | None
    councils: int
    beyond: str = ""

    def sentence(self) -> str:
        """Say the verdict and on what it hangs."""
        said = self.verdict[:1].upper() + self.verdict[1:]
        holds = (
            f" In proportion it holds only if {' or if '.join(self.conditions)}." if self.conditions else ""
        )
        return f"{said}.{holds}{self.beyond}"

    def headline(self) -> str:
        """Give the finding as the headline of a picture."""
        whose = f"{count_words(self.councils)} council{'s' * (self.councils != 1)}"
        if self.national is None:
            return f"What {whose} report: {self.verdict}"
        amount = write_claimed(self.national, "GBP")
        if self.verdict.startswith("cannot be told"):
            by = f"; of the proportions {_listed(self.reaching)} can reach it" if self.reaching else ""
            return f"Whether England would save {amount} cannot be told from {whose}{by}"
        return f"{amount} for England from {whose}: {self.verdict}"


def _listed(names: tuple[str, ...]) -> str:
    return f"only {names[0]}" if len(names) == 1 else " and ".join(names)


def write_claimed(value: float, unit: str) -> str:
    """Write a number as it was claimed, without the decimals nobody stated.

    Examples
    --------
    >>> write_claimed(300e6, "GBP"), write_claimed(2.8e6, "GBP per year")
    ('£300 million', '£2.8 million a year')
    """
    return re.sub(r"\.0+ (m|b)illion", r" \1illion", write_number(value, unit))


def judge(routes: Estimates, reported: Reported, nation: Nation, national: float | None) -> Judged:
    """Judge a claim by the pooled interval, and say what would have to be true for each proportion.

    Parameters
    ----------
    routes : Estimates
        Of a `ClaimAudit`.
    reported : Reported
        What the councils report.
    nation : Nation
        England at the time.
    national : float or None
        What is claimed for England.

    Returns
    -------
    Judged
    """
    spread = routes.group(LEARNT)
    reaching = tuple(e.group for e in routes if national and e.group in LINEAR and _highest(e) >= national)
    conditions = _conditions(routes, reported, nation, national) if national else ()
    verdict = _verdict(spread, reported.councils, national, bool(reaching))
    beyond = _beyond(routes.group(KNOWN), spread, reported, national)
    return Judged(verdict, conditions, reaching, national, reported.councils, beyond)


def _highest(estimate: Estimate) -> float:
    return max((end for end in (estimate.value, estimate.high) if end is not None), default=float("-inf"))


def _least(estimate: Estimate) -> float:
    return min((end for end in (estimate.value, estimate.low) if end is not None), default=float("-inf"))


def _verdict(spread: Estimate, councils: int, national: float | None, reached: bool) -> str:
    whose = f"{count_words(councils)} council{'s' * (councils != 1)}"
    if spread.low is None or spread.high is None:
        if national and not reached:
            return "not shown: the amount carries it by no route that can be computed"
        return f"cannot be told from {whose}: {spread.reason}"
    if national is None:
        if spread.excludes():
            return f"a saving in England is likely, its size cannot be told from {whose}"
        return f"cannot be told from {whose}, not even whether England would save"
    if spread.low > national:
        return "holds, as far as the assumptions do"
    if spread.high < national:
        return "not reproduced: it lies above the whole interval"
    if spread.low > 0:
        return f"possible, not shown by {whose}"
    return f"cannot be told from {whose}: the interval runs from a loss to more than is claimed"


def _conditions(routes: Estimates, reported: Reported, nation: Nation, national: float) -> tuple[str, ...]:
    share = reported.amount / national
    if any(_least(routes.group(name)) >= national for name in (LINEAR[0], LINEAR[2])):
        return ()  # by one proportion it holds whatever the rest: there is no "only if"
    said = []
    for name, verb, unit, whole, given in (
        (LINEAR[0], "looked after, or the saving came from,", "children", nation.children, reported.children),
        (LINEAR[2], "spent", "GBP", nation.spend, reported.spend),
    ):
        if routes.group(name).estimable and given is not None and round(share * whole) > 0:
            said.append(
                f"the councils {verb} at most {write_number(share * whole, unit)} together ({_had(given, unit)})"
            )
    return tuple(said)


def _had(given: Assumption, unit: str) -> str:
    if given.low == given.high:
        return f"they had {write_number(given.central, unit, with_unit=False)}"
    return f"they may have had {write_interval(given.low, given.high, unit)}"


def _beyond(known: Estimate, learnt: Estimate, reported: Reported, national: float | None) -> str:
    """Say where the claim lies if the spread between councils is taken as it is, where only that settles it."""
    if national is None or known.low is None or known.high is None or known.low <= national <= known.high:
        return ""
    if learnt.excludes(national):
        return ""
    side = "above" if national > known.high else "below"
    ends = write_interval(known.low, known.high, "GBP")
    if reported.rates is not None:
        return f" Were it known how much councils differ, the claim would lie {side} the interval ({ends})."
    return (
        f" If councils differ as much as assumed, the claim lies {side} the interval ({ends}); the wider one counts "
        f"that assumption as if it had been estimated from {count_words(reported.councils)} councils."
    )
