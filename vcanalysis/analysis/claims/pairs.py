"""The saving two of five councils report, over the ten pairs they may be: which two is not said."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import replace

import pandas as pd

from vcanalysis.analysis.claims.audit import ClaimAudit, claim_audit
from vcanalysis.analysis.claims.terms import Terms
from vcanalysis.core.facts import Assumption, claim, fact

FIVE = ("hertfordshire", "oxfordshire", "norfolk", "central_bedfordshire", "north_east_lincolnshire")
YEAR = "2019-20"


def audit_published(*, national: float | None = None, terms: Terms | None = None) -> ClaimAudit:
    """Audit the saving two unnamed councils of five report, over all pairs they may be.

    Parameters
    ----------
    national : float, optional
        What is claimed for England; the published figure when left out.
    terms : Terms, optional
        Other things supposed; its `national` gives way to the claimed figure.

    Returns
    -------
    ClaimAudit

    Examples
    --------
    >>> by_child = audit_published().routes.group("per child")
    >>> round(by_child.low / 1e6), round(by_child.high / 1e6)
    (103, 284)
    """
    claimed = claim("saving_national").value if national is None else national
    pairs = pairs_of_five()
    return claim_audit(
        claim("saving_two_councils").value or 0.0,
        councils=2,
        price_year=YEAR,
        children=_over(pairs["children"], "children"),
        spend=_over(pairs["spend"], "GBP per year"),
        terms=replace(terms or Terms(), national=claimed),
    )


def pairs_of_five() -> pd.DataFrame:
    """Give the ten pairs of the five councils with what the claimed saving becomes by each proportion.

    Returns
    -------
    DataFrame
        pair, children, spend (pounds a year), and in pounds a year ``per_child`` and ``share_of_spend``.

    Examples
    --------
    >>> len(pairs_of_five())
    10
    """
    amount = claim("saving_two_councils").value or 0.0
    england = fact("england_children_2019").value, fact("england_spend_2019").value
    rows = []
    for pair in itertools.combinations(FIVE, 2):
        children, spend = (
            sum(fact(f"{name}_{what}_2019").value for name in pair) for what in ("children", "spend")
        )
        words = " and ".join(name.replace("_", " ").title() for name in pair)
        rows.append((words, children, spend, amount / children * england[0], amount / spend * england[1]))
    return pd.DataFrame(rows, columns=["pair", "children", "spend", "per_child", "share_of_spend"])


def _over(values: pd.Series, unit: str) -> Assumption:
    reason = "Any two of the five councils that took part then (facts of 2019); the middle is their median."
    return Assumption(
        f"two_of_five_{values.name}",
        statistics.median(values),
        float(values.min()),
        float(values.max()),
        unit,
        reason,
    )


def pairs_sentence(national: float) -> str:
    """Say how many of the ten pairs reach a claim for England, by spend and by children.

    Parameters
    ----------
    national : float
        What is claimed for England, pounds a year.

    Examples
    --------
    >>> pairs_sentence(300e6)
    'Of the 10 pairs the two may be, 1 reaches it by share of spend and none per child.'
    """
    pairs = pairs_of_five()
    spend, child = (int(pairs[name].ge(national).sum()) for name in ("share_of_spend", "per_child"))
    reach = "reaches" if spend == 1 else "reach"
    return (
        f"Of the {len(pairs)} pairs the two may be, {spend or 'none'} {reach} it by share of spend "
        f"and {child or 'none'} per child."
    )
