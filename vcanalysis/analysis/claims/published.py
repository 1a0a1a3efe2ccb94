"""The published claims, each judged by code from the formulas in `data/reference/claims.csv`."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass, replace

import pandas as pd

from vcanalysis.analysis.claims.arithmetic import calculate, round_alike
from vcanalysis.analysis.claims.audit import ClaimAudit, claim_audit
from vcanalysis.analysis.claims.terms import Terms
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.facts import Assumption, Claim, claim, claims, fact
from vcanalysis.core.intervals import wilson
from vcanalysis.core.numbers import write_number

FIVE = ("hertfordshire", "oxfordshire", "norfolk", "central_bedfordshire", "north_east_lincolnshire")
YEAR = "2019-20"
_AUDIT, _OUT_OF = "audit of 2 councils", "out of"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a claimed number: what the formula gives and whether it agrees.

    Parameters
    ----------
    name, formula : str
        What is counted, and the formula over facts and claims.
    gives : float
        What the formula gives.
    against : float
        The number it is held against, in the same unit.
    agrees : bool
        Whether the two are the same as printed ("about"), or the first is the larger ("more than").
    """

    name: str
    formula: str
    gives: float
    against: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A published claim with its verdict; made by `judge_claim`.

    Parameters
    ----------
    claim : Claim
        The claim.
    routes : tuple of Route
        The ways to its number; empty where none is public.
    share : Estimate or None
        The number as a share of those asked about, with its interval, where it is one.
    audit : ClaimAudit or None
        The audit, where the claim carries some councils over to England.
    """

    claim: Claim
    routes: tuple[Route, ...]
    share: Estimate | None = None
    audit: ClaimAudit | None = None

    @property
    def verdict(self) -> str:
        """The verdict in a few words, by rule: every route agrees, some do, none does, or there is none."""
        if self.audit is not None:
            return self.audit.verdict
        if not self.routes:
            return "not testable"
        agreeing = [route.name for route in self.routes if route.agrees]
        if len(agreeing) == len(self.routes):
            return "holds"
        return f"holds only if it counts {' or '.join(agreeing)}" if agreeing else "not reproduced"

    @property
    def kind(self) -> str:
        """The verdict as one of five words: holds, holds in part, not reproduced, cannot be told, not testable."""
        if self.verdict.startswith("holds only"):
            return "holds in part"
        return (
            self.verdict if self.verdict in ("holds", "not reproduced", "not testable") else "cannot be told"
        )

    def why(self) -> str:
        """Say what the verdict rests on, in one or two sentences."""
        if self.audit is not None:
            said = self.audit.judged.sentence()
        elif not self.routes:
            said = f"Not testable: needs {self.claim.needs}."
        else:
            said = f"{self._by_routes()}{self._by_share()}"
        return f"{said} {self.claim.note}".strip()

    def _by_routes(self) -> str:
        groups = {True: "Holds by", False: "Not by"}
        parts = []
        for agrees, opening in groups.items():
            chosen = [_say(route, self.claim) for route in self.routes if route.agrees is agrees]
            if chosen:
                parts.append(f"{opening} {'; '.join(chosen)}.")
        return " ".join(parts)

    def _by_share(self) -> str:
        return f" As a share: {self.share.words()}." if self.share is not None else ""

    def inputs(self) -> pd.DataFrame:
        """Give the numbers its formulas are made of: input, value, unit, source."""
        if self.audit is not None:
            return self.audit.inputs()
        used = {one.id: one for route in self.routes for one in calculate(route.formula)[1]}
        rows = [(one.id, one.value, one.unit, one.source) for one in used.values()]
        return pd.DataFrame(rows, columns=["input", "value", "unit", "source"])

    def sentence(self) -> str:
        """Say claim, verdict and why."""
        return f"{self.claim.text}: {self.verdict}. {self.why()}"


def judge_claim(name: str, *, terms: Terms | None = None) -> JudgedClaim:
    """Judge a published claim by the formulas of its row.

    Parameters
    ----------
    name : str
        Id of the claim.
    terms : Terms, optional
        What the audit of a claim for England supposes; other claims do not use it.

    Raises
    ------
    InputError
        If there is no such claim, or a formula cannot be worked out.

    Notes
    -----
    "About" a number: the formula gives the same once rounded to the figures printed. "More than": it gives more.

    Examples
    --------
    >>> judge_claim("children_aligned_3400").verdict
    'holds only if it counts all children in care of the five councils, 31 March 2018'
    >>> judge_claim("outcome_contracts").why()
    'Not testable: needs a contract with its measured outcomes and payments.'
    """
    asked = claim(name)
    parts = [part.strip() for part in asked.routes.split("|") if part.strip()]
    named = dict(_split(part, name) for part in parts)
    if _AUDIT in named:
        if asked.value is None:
            raise InputError(f"Claim {name!r} states no number to audit.")
        return JudgedClaim(asked, (), audit=audit_published(national=asked.value, terms=terms))
    share = None
    if _OUT_OF in named:
        share = _share(asked, calculate(named.pop(_OUT_OF))[0])
    return JudgedClaim(asked, tuple(_route(asked, *part) for part in named.items()), share)


def judge_claims(*, terms: Terms | None = None) -> pd.DataFrame:
    """Judge all published claims: claim, text, claimed, verdict, kind, why, own_data, source.

    Parameters
    ----------
    terms : Terms, optional
        What the audit of claims for England supposes.

    Examples
    --------
    >>> int(judge_claims()["kind"].eq("not testable").sum())
    12
    """
    rows = []
    for name in claims()["id"]:
        found = judge_claim(name, terms=terms)
        rows.append(
            {
                "claim": name,
                "text": found.claim.text,
                "claimed": _claimed(found.claim),
                "verdict": found.verdict,
                "kind": found.kind,
                "why": found.why(),
                "own_data": found.claim.own_data,
                "source": found.claim.source,
            }
        )
    return pd.DataFrame(rows)


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


def _split(part: str, name: str) -> tuple[str, str]:
    words, colon, formula = part.rpartition(": ")
    if not colon:
        raise InputError(f"Claim {name!r}: the route {part!r} is not written as name: formula.")
    return words, formula


def _route(asked: Claim, name: str, written: str) -> Route:
    formula, _, other = (part.strip() for part in written.partition("~"))
    against = float(other) if other else asked.value
    if against is None:
        raise InputError(
            f"Claim {asked.id!r} states no number: write the one route {name!r} is held against behind ~."
        )
    gives, _ = calculate(formula)
    agrees = gives > against if asked.relation == "more than" else round_alike(gives, against) == against
    return Route(name, formula, gives, against, agrees)


def _share(asked: Claim, out_of: float) -> Estimate:
    count = asked.value or 0.0
    low, high = wilson(count, out_of)
    return Estimate("Share", count / out_of, low, high, n=round(out_of), unit="share", method="Wilson")


def _say(route: Route, asked: Claim) -> str:
    other = "share" if route.against < 1 else "count"
    unit = asked.unit.removesuffix(" in care") if route.against == asked.value else other
    return f"{route.name} ({write_number(route.gives, unit)})"


def _claimed(asked: Claim) -> str:
    if asked.value is None:
        return "no number"
    unit = {"children in care": "children", "GBP per year (not stated)": "GBP per year"}.get(
        asked.unit, asked.unit
    )
    over = "more than " if asked.relation == "more than" else ""
    return f"{over}{write_number(asked.value, unit.rstrip('s') if asked.value == 1 else unit)}"
