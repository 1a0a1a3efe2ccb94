"""The audit of a claim: what some councils report, carried over to England by every route, with a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.claims.limits import LIMITS
from vcanalysis.analysis.claims.routes import (
    LEARNT,
    LINEAR,
    Reported,
    linear,
    pooled,
)
from vcanalysis.analysis.claims.terms import QUESTIONS, Given, Nation, Terms, as_range
from vcanalysis.analysis.claims.verdict import Judged, judge, write_claimed
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import Assumption
from vcanalysis.core.limits import allowed
from vcanalysis.core.numbers import write_interval, write_number


@dataclass(frozen=True, slots=True)
class ClaimAudit:
    """An audited claim; made by `claim_audit`.

    Parameters
    ----------
    reported : Reported
        What the councils report.
    nation : Nation
        England at the beginning of the year.
    terms : Terms
        What is supposed.
    routes : Estimates
        What England would save a year, the group naming the route (`ROUTES`); where nothing carries it, why.
    new_council : Estimate
        What one council more would save per child.
    judged : Judged
        The verdict, computed from the routes.
    """

    reported: Reported
    nation: Nation
    terms: Terms
    routes: Estimates
    new_council: Estimate
    judged: Judged

    @property
    def verdict(self) -> str:
        """The verdict in a few words."""
        return self.judged.verdict

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be known and is not stated."""
        known = {"children": self.reported.children, "spend": self.reported.spend}
        stated = {name for name, given in known.items() if given is not None and given.low == given.high}
        stated |= set(self.terms.stated) | ({"by_council"} if self.reported.rates is not None else set())
        return tuple(words for name, words in QUESTIONS.items() if name not in stated)

    def frame(self) -> pd.DataFrame:
        """Give the routes as a tidy frame, with formula and supposition."""
        words = [self.reported.words(e.group) for e in self.routes]
        formula, supposes = zip(*words, strict=True)
        return self.routes.frame().assign(formula=formula, supposes=supposes)

    def words(self) -> pd.DataFrame:
        """Give each route to be read: its formula, what it supposes, and what it gives."""
        said = [e.words() if e.estimable else f"not estimable: {e.reason}" for e in self.routes]
        frame = self.frame()
        return pd.DataFrame(
            {
                "route": frame["group"],
                "formula": frame["formula"],
                "supposes": frame["supposes"],
                "gives": said,
            }
        )

    def inputs(self) -> pd.DataFrame:
        """Give every input with its range and where it comes from: input, central, low, high, source."""
        amount, england = self.reported.amount, self.nation
        exact = {
            "amount reported": (amount, "GBP per year", "the claim"),
            "councils that report": (self.reported.councils, "councils", "the claim"),
            "children in care in England": (england.children, "children", england.source),
            "councils of England": (england.councils, "councils", england.source),
            "spend of England": (england.spend, "GBP per year", england.source),
        }
        ranged = {
            "children in care in the councils": self.reported.children,
            "spend of the councils": self.reported.spend,
            "share kept": self.terms.ranges["kept"],
            "spread between councils": None
            if self.reported.rates is not None
            else self.terms.ranges["between"],
        }
        rows = [(name, value, value, value, unit, source) for name, (value, unit, source) in exact.items()]
        rows += [
            (name, one.central, one.low, one.high, one.unit, one.reason)
            for name, one in ranged.items()
            if one
        ]
        return pd.DataFrame(rows, columns=["input", "central", "low", "high", "unit", "source"])

    def inputs_words(self) -> str:
        """Write every input with its range and where it comes from, in one line."""
        said = []
        for row in self.inputs().itertuples():
            ends = "" if row.low == row.high else f" ({write_interval(row.low, row.high, row.unit)})"
            said.append(f"{row.input} = {write_number(row.central, row.unit)}{ends} ({row.source})")
        return "; ".join(said)

    def sentence(self) -> str:
        """Say the verdict, why, and what the routes give."""
        return f"{self.judged.sentence()} {self.figures()}"

    def figures(self) -> str:
        """Say what the routes give, from least to most in proportion, and pooled."""
        simple = [e for e in self.routes if e.group in LINEAR]
        ends = [end for e in simple for end in (e.value, e.low, e.high) if end is not None]
        span = write_interval(min(ends), max(ends), "GBP")
        amount = write_claimed(self.reported.amount, "GBP")
        learnt = self.routes.group(LEARNT)
        pooled_words = (
            f"Pooled, England would save {learnt.words()}." if learnt.estimable else learnt.sentence()
        )
        return f"In proportion, {amount} becomes {span} a year. {pooled_words}"

    def headline(self) -> str:
        """Give the finding, for the picture of the routes."""
        return self.judged.headline()


def claim_audit(
    amount: float | Sequence[float],
    *,
    councils: int,
    price_year: str,
    children: Given | Sequence[float] | None = None,
    spend: Given | None = None,
    terms: Terms | None = None,
) -> ClaimAudit:
    """Audit a claim: what some councils report saving, carried over to England by every route there is.

    Parameters
    ----------
    amount : float, or one number per council
        Pounds saved in a year, of all councils together, or of each.
    councils : int
        How many councils report it.
    price_year : str
        Financial year of the amount, such as "2019-20".
    children : float, three numbers, Assumption, or one number per council
        Children in care in those councils together (a range where it is not known which councils), or of each.
    spend : float, three numbers or Assumption
        Pounds a year those councils spend on children in care, together.
    terms : Terms, optional
        What is claimed for England, the ranges of assumptions, what the claim states.

    Returns
    -------
    ClaimAudit
        ``.routes``, ``.words()``, ``.inputs()``, ``.missing``, ``.new_council``, ``.verdict``, ``.sentence()``.

    Raises
    ------
    InputError
        If a number is not as `limits.LIMITS` says, there are more councils or children than England has, or the price
        year is missing or one England is not known for.

    Notes
    -----
    The first three routes are proportions: they have no error, only ranges where an input is not known. Pooling asks
    what a council that did not volunteer would save. Two councils show next to nothing about how councils differ: by
    t with one degree of freedom the interval is more than six times as wide as if that were known. Where only their
    sum is known the spread itself is an assumption with a range.

    References
    ----------
    Higgins, Thompson and Spiegelhalter (2009), J R Stat Soc A 172:137-159, for the predictive interval.

    Examples
    --------
    >>> audit = claim_audit(2_800_000, councils=2, price_year="2024-25", terms=Terms(national=300e6))
    >>> round(audit.routes.group("per council").value / 1e6, 1)
    214.2
    >>> audit.verdict
    'not shown: the amount carries it by no route that can be computed'
    """
    terms, nation = terms or Terms(), Nation.at(price_year)
    reported = _read(amount, councils, children, spend)
    _refuse(reported, nation)
    made = [linear(name, reported, nation, terms.level) for name in LINEAR]
    *whole, new_council = pooled(reported, nation, terms)
    routes = Estimates.of(made + whole)
    judged = judge(routes, reported, nation, terms.national)
    return ClaimAudit(reported, nation, terms, routes, new_council, judged)


def _read(
    amount: float | Sequence[float],
    councils: int,
    children: Given | Sequence[float] | None,
    spend: Given | None,
) -> Reported:
    spent = None if spend is None else as_range("spend", spend)
    if amount is None or isinstance(amount, str) or not np.iterable(amount):
        looked_after = None if children is None else as_range("children", _one(children))
        return Reported(
            allowed(LIMITS, "amount", amount),
            int(allowed(LIMITS, "councils", councils)),
            looked_after,
            spent,
            None,
        )
    each = np.array([allowed(LIMITS, "one amount", one) for one in amount])
    if isinstance(children, (str, Assumption)) or not np.iterable(children) or len(children) != len(each):  # type: ignore[arg-type]
        raise InputError(f"{len(each)} amounts are given: give the children in care of each council too.")
    if councils != len(each):
        raise InputError(
            f"{len(each)} amounts are given for {councils} councils. Give one amount per council."
        )
    heads = np.array([allowed(LIMITS, "heads", one) for one in children])  # type: ignore[union-attr]
    whole = float(heads.sum())
    total = Assumption("children", whole, whole, whole, "children", "Given in the call.")
    return Reported(allowed(LIMITS, "amount", each.sum()), len(each), total, spent, each / heads)


def _one(children: Given | Sequence[float]) -> Given:
    three = isinstance(children, tuple) and len(children) == 3
    if three or isinstance(children, (str, Assumption)) or not np.iterable(children):
        return children  # type: ignore[return-value]
    raise InputError(
        "One amount is given: give the children in care of all its councils together, or a range."
    )


def _refuse(reported: Reported, nation: Nation) -> None:
    if reported.councils > nation.councils:
        raise InputError(
            f"{reported.councils:,} councils are refused: England had {nation.councils:.0f}. "
            "Give no more than that."
        )
    for given, whole, what in (
        (reported.children, nation.children, "children in care"),
        (reported.spend, nation.spend, "pounds of spend"),
    ):
        if given is not None and not 0 < given.low <= given.central <= given.high <= whole:
            raise InputError(
                f"{given.central:,.0f} {what} ({given.low:,.0f} to {given.high:,.0f}) are refused: give more than 0 "
                f"and no more than England had ({whole:,.0f})."
            )
