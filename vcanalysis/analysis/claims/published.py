"""The published claims, each judged by code from the formulas in `data/reference/claims.csv`."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.analysis.claims.arithmetic import Given, calculate, figures_of, round_alike
from vcanalysis.analysis.claims.audit import ClaimAudit
from vcanalysis.analysis.claims.pairs import audit_published
from vcanalysis.analysis.claims.terms import Terms
from vcanalysis.analysis.claims.verdict import write_claimed
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.facts import Claim, claim, claims
from vcanalysis.core.intervals import wilson
from vcanalysis.core.numbers import write_number

_AUDIT, _OUT_OF = "audit of 2 councils", "out of"
_ADDS_UP = "adds up, not checked elsewhere"
_KINDS = ("holds", _ADDS_UP, "not reproduced", "not testable")


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
    used : tuple of Given
        The numbers of the formula.
    """

    name: str
    formula: str
    gives: float
    against: float
    agrees: bool
    used: tuple[Given, ...]

    @property
    def checks(self) -> bool:
        """Whether a fact stands in it: a formula over claims alone shows only that they add up."""
        return any(one.is_fact for one in self.used)


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
        """The verdict in a few words, by rule: every route agrees, some do, none does, or there is none.

        Where no route holds a fact, routes that agree show only that the source adds up.
        """
        if self.audit is not None:
            return self.audit.verdict
        if not self.routes:
            return "not testable"
        agreeing = [route.name for route in self.routes if route.agrees]
        if len(agreeing) == len(self.routes):
            return "holds" if any(route.checks for route in self.routes) else _ADDS_UP
        return f"holds only if it counts {' or '.join(agreeing)}" if agreeing else "not reproduced"

    @property
    def kind(self) -> str:
        """The verdict as one of `KINDS`, such as "holds", "holds in part" or "not testable"."""
        if self.verdict.startswith("holds only"):
            return "holds in part"
        return self.verdict if self.verdict in _KINDS else "cannot be told"

    @property
    def missing(self) -> str:
        """What would have to be known beside what is public."""
        asked = self.audit.missing if self.audit is not None else ()
        return "; ".join(part for part in (self.claim.needs, *asked) if part)

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
        alone = "Adds up, from its own source alone, by"
        groups = {True: alone if self.kind == _ADDS_UP else "Holds by", False: "Not by"}
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
        used = {one.id: one for route in self.routes for one in route.used}
        rows = [(one.id, one.value, one.unit, one.source) for one in used.values()]
        return pd.DataFrame(rows, columns=["input", "value", "unit", "source"])

    def formula(self) -> str:
        """Write every route with its formula and what it gives."""
        if self.audit is not None:
            words = self.audit.words()
            return "; ".join(words["route"] + ": " + words["formula"] + " = " + words["gives"])
        return "; ".join(f"{r.name}: {r.formula} = {_gives(r, self.claim)}" for r in self.routes)

    def inputs_words(self) -> str:
        """Write the numbers of the formulas with their sources, in one line."""
        if self.audit is not None:
            return self.audit.inputs_words()
        used = {one.id: one for route in self.routes for one in route.used}
        return "; ".join(one.words() for one in used.values())

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
    """Judge all published claims: claim, text, claimed, formula, inputs, missing, verdict, kind, why, own_data, source.

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
                "formula": found.formula(),
                "inputs": found.inputs_words(),
                "missing": found.missing,
                "verdict": found.verdict,
                "kind": found.kind,
                "why": found.why(),
                "own_data": found.claim.own_data,
                "source": found.claim.source,
            }
        )
    return pd.DataFrame(rows)


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
    gives, used = calculate(formula)
    agrees = gives > against if asked.relation == "more than" else round_alike(gives, against) == against
    return Route(name, formula, gives, against, agrees, used)


def _share(asked: Claim, out_of: float) -> Estimate:
    count = asked.value or 0.0
    low, high = wilson(count, out_of)
    return Estimate("Share", count / out_of, low, high, n=round(out_of), unit="share", method="Wilson")


def _say(route: Route, asked: Claim) -> str:
    return f"{route.name} ({_gives(route, asked)})"


def _gives(route: Route, asked: Claim) -> str:
    """Write what a route gives, a share to as many figures as it is judged by, two at least."""
    if route.against == asked.value:
        return write_number(route.gives, asked.unit.removesuffix(" in care"))
    if route.against < 1:
        return f"{100 * route.gives:.{max(figures_of(route.against), 2)}g}%"
    return write_number(route.gives, "count")


def _claimed(asked: Claim) -> str:
    if asked.value is None:
        return "no number"
    unit = {"children in care": "children", "GBP per year (not stated)": "GBP per year"}.get(
        asked.unit, asked.unit
    )
    over = "more than " if asked.relation == "more than" else ""
    return f"{over}{write_claimed(asked.value, unit.rstrip('s') if asked.value == 1 else unit)}"
