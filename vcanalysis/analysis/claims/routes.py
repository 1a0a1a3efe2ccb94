"""The routes from some councils to England: each with its formula in words, what it supposes and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from vcanalysis.analysis.claims.pooling import LEAST
from vcanalysis.analysis.claims.terms import Nation, Terms, draw, strata
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.facts import Assumption
from vcanalysis.core.intervals import percentile_interval
from vcanalysis.core.numbers import count_words

LINEAR = ("per child", "per council", "share of spend")
KNOWN, LEARNT, NEXT = "pooled, spread taken as known", "pooled, spread uncertain", "pooled, the next council"
POOLED = (KNOWN, LEARNT, NEXT)
ROUTES = {
    LINEAR[0]: (
        "amount / children of the councils x children of England",
        "every child in care saves as much as one of the councils that reported",
    ),
    LINEAR[1]: (
        "amount / councils x councils of England",
        "every council saves as much, whatever its size",
    ),
    LINEAR[2]: (
        "amount / spend of the councils x spend of England",
        "every pound of spend saves as much",
    ),
    KNOWN: (
        "share kept x amount per child x children of England, normal, spread between councils assumed",
        "councils that did not volunteer save a share of it; how much councils differ is known",
    ),
    LEARNT: (
        "the same by t with one degree of freedom less than councils",
        "as before, but how much councils differ must be learnt from those that reported",
    ),
    NEXT: (
        "share kept x amount per child, by t, with the spread of one council more",
        "one council more, of the size of the mean",
    ),
}
_AS_IF = "interval, as if the spread were estimated from {} councils,"
# where only a sum is reported the spread is an assumption: what the pooled routes are then
_FROM_SUM = {
    KNOWN: (
        ROUTES[KNOWN][0],
        "councils that did not volunteer save a share of it; councils differ as much as assumed, within its range",
    ),
    LEARNT: (
        ROUTES[LEARNT][0],
        "as before, but the spread assumed counts as if estimated from the {councils} councils: an interval wider "
        "than its level asks for",
    ),
    NEXT: (ROUTES[NEXT][0], "one council more, of the size of the mean; the spread as in the row before"),
}
_TERM = "Saving of England"


@dataclass(frozen=True, slots=True)
class Reported:
    """What some councils report, as ranges where it is not known exactly.

    Parameters
    ----------
    amount : float
        Pounds a year, of all of them.
    councils : int
        How many report.
    children, spend : Assumption or None
        Children in care and pounds of spend of those councils together; None where not known.
    rates : array or None
        Pounds per child of each, where each is known.
    """

    amount: float
    councils: int
    children: Assumption | None
    spend: Assumption | None
    rates: np.ndarray | None

    def words(self, route: str) -> tuple[str, str]:
        """Give the formula of a route and what it supposes of these councils."""
        formula, supposes = (_FROM_SUM if self.rates is None else {}).get(route) or ROUTES[route]
        return formula, supposes.format(councils=count_words(self.councils))

    def base(self) -> dict[str, Any]:
        """Give what a route rests on: the children in care of the councils, the fewest they may be, or the councils."""
        if self.children is None:
            return {"n": self.councils, "of": "councils"}
        least = "" if self.children.low == self.children.high else ", at the least"
        return {"n": int(self.children.low), "of": f"children in care in the councils{least}"}

    @property
    def span(self) -> str:
        """What the wide interval is one of: learnt from the councils, or of an assumption taken for so learnt."""
        return "interval" if self.rates is not None else _AS_IF.format(count_words(self.councils))


def linear(name: str, reported: Reported, nation: Nation, level: float) -> Estimate:
    """Carry the amount over in proportion to children, councils or spend: no error of any kind is in it."""
    about = _about(name, reported, level)
    whole = {LINEAR[0]: nation.children, LINEAR[1]: nation.councils, LINEAR[2]: nation.spend}[name]
    if name == LINEAR[1]:
        return Estimate(value=reported.amount / reported.councils * whole, **about)
    given = reported.children if name == LINEAR[0] else reported.spend
    if given is None:
        what = "children in care" if name == LINEAR[0] else "spend"
        return Estimate(value=None, reason=f"the {what} of the councils must be known", **about)
    value, low, high = (reported.amount / part * whole for part in (given.central, given.high, given.low))
    if given.low == given.high:
        return Estimate(value=value, **about)
    about |= {"level": 1.0, "span": "range over the councils it may be"}
    return Estimate(value=value, low=low, high=high, **about)


def pooled(reported: Reported, nation: Nation, terms: Terms) -> list[Estimate]:
    """Carry the amount over as what councils that did not volunteer may save, and how far councils may differ.

    Returns
    -------
    list of Estimate
        The routes `KNOWN`, `LEARNT` and `NEXT`, of the same draws.
    """
    reason = _not_poolable(reported)
    if reason:
        whom = {"n": reported.councils, "of": "councils"}
        return [
            Estimate(value=None, reason=reason, **{**_of(name, reported, terms), **whom}) for name in POOLED
        ]
    kept, rate, spread, even = _draws(reported, terms)
    centre = terms.ranges["kept"].central * reported.amount / reported.children.central  # type: ignore[union-attr]
    made = []
    for name in POOLED:
        error = stats.norm.ppf(even) if name == KNOWN else stats.t.ppf(even, reported.councils - 1)
        ahead, whole = (1.0, 1.0) if name == NEXT else (1 / nation.councils, nation.children)
        found = whole * (kept * rate + error * spread * (kept**2 / reported.councils + ahead) ** 0.5)
        low, high = percentile_interval(found, terms.level)
        made.append(Estimate(value=whole * centre, low=low, high=high, **_of(name, reported, terms)))
    return made


def _not_poolable(reported: Reported) -> str:
    if reported.children is None:
        return "the children in care of the councils must be known"
    if reported.councils < LEAST:
        return f"at least {LEAST} councils are needed to see how councils differ"
    if reported.rates is not None and reported.rates.std() == 0:
        return "the councils report the same per child, so that nothing shows how councils differ"
    return ""


def _of(name: str, reported: Reported, terms: Terms) -> dict[str, Any]:
    about = _about(name, reported, terms.level)
    if name == LEARNT:
        about |= {"span": reported.span}
    if name == NEXT:
        about |= {"unit": "GBP per child", "term": "Saving per child", "span": f"predictive {reported.span}"}
    return about


def _draws(reported: Reported, terms: Terms) -> tuple[np.ndarray, ...]:
    """Draw share kept, amount per child, spread between councils in pounds, and uniform numbers for the error."""
    uniform = strata(4, terms.draws, terms.seed)
    kept = draw(terms.ranges["kept"], uniform[0])
    rate = reported.amount / draw(reported.children, uniform[1])  # type: ignore[arg-type]
    if reported.rates is None:
        return kept, rate, draw(terms.ranges["between"], uniform[2]) * rate, uniform[3]
    return kept, rate, np.full(terms.draws, reported.rates.std(ddof=1)), uniform[3]


def _about(name: str, reported: Reported, level: float) -> dict[str, Any]:
    return {
        "term": _TERM,
        "group": name,
        "level": level,
        "unit": "GBP per year",
        "method": ROUTES[name][0],
        **reported.base(),
    }
