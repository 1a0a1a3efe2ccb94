"""How well a saving is evidenced: the five questions of the National Audit Office, a grade by rule, and who signs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from vcanalysis.analysis.ledger.result import Ledger
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

QUESTIONS = ("causation", "realisation", "valuation", "attribution", "validation")
ENOUGH_PRICED = 0.95
LONG_ENOUGH_WEEKS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """What the finance team has confirmed; roles, never names.

    Parameters
    ----------
    role : str
        Role of who signed, such as "finance business partner"; empty while nobody has.
    on : str
        Day of signing.
    budget_line : str
        Budget the saving comes from.
    budget_reduced : bool
        Whether that budget has been cut by it.
    note : str
        What was said.
    """

    role: str = ""
    on: str = ""
    budget_line: str = ""
    budget_reduced: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.role and pd.isna(pd.to_datetime(self.on or None, errors="coerce")):
            raise InputError("A sign-off needs the day it was given. Write it as yyyy-mm-dd.")

    def sentence(self) -> str:
        """Say who has signed for what."""
        if not self.role:
            return "Finance has not signed this saving off."
        cut = "has been reduced" if self.budget_reduced else "has not been reduced"
        return f"Signed off by the {self.role} on {self.on}; the budget {self.budget_line or 'line'} {cut}."


@dataclass(frozen=True, slots=True)
class Evidence:
    """Answers to the five questions, with the reason for each.

    Parameters
    ----------
    answers : dict of str to bool
        By question, in the order of `QUESTIONS`.
    reasons : dict of str to str
        Why, by question.
    signed : SignOff
        What finance has confirmed.
    """

    answers: dict[str, bool]
    reasons: dict[str, str]
    signed: SignOff = field(default_factory=SignOff)

    @property
    def grade(self) -> str:
        """Give SUFFICIENT, PARTIAL or INSUFFICIENT.

        SUFFICIENT with all five met; INSUFFICIENT where causation, realisation or valuation is not met and validation
        is not either; PARTIAL otherwise. The words are those of the National Audit Office, the rule is ours.
        """
        if all(self.answers.values()):
            return "SUFFICIENT"
        core = all(self.answers[question] for question in QUESTIONS[:3])
        return "PARTIAL" if core or self.answers["validation"] else "INSUFFICIENT"

    def frame(self) -> pd.DataFrame:
        """Give the five questions: question, met, reason."""
        rows = [(q, "yes" if self.answers[q] else "no", self.reasons[q]) for q in QUESTIONS]
        return pd.DataFrame(rows, columns=["question", "met", "reason"])

    def sentence(self) -> str:
        """Say the grade and what is not met."""
        missing = [q for q in QUESTIONS if not self.answers[q]]
        met = f"not met: {', '.join(missing)}" if missing else "all five questions met"
        return f"Evidence {self.grade} ({met}). {self.signed.sentence()}"


def evidence(ledger: Ledger, *, effect: Estimate, design: int, signed: SignOff | None = None) -> Evidence:
    """Answer the five questions of the National Audit Office for a ledger.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    effect : Estimate
        Saving against comparable children: the last rung of the `ladder`.
    design : int
        Grade of that design on the Maryland scale, 0 to 5.
    signed : SignOff, optional
        What finance has confirmed.

    Returns
    -------
    Evidence
        ``.grade``, ``.frame()``, ``.sentence()``.

    Raises
    ------
    InputError
        If the grade of the design is not 0 to 5.

    Notes
    -----
    Causation: a design of grade 3 or more whose interval lies above nought. Realisation: a net saving whose interval
    lies above nought, with half of the moves claimed for 13 weeks or more. Valuation: 95% of child-weeks priced.
    Attribution: each child-week once (the ledger refuses otherwise) and no cost shifted to education or health.
    Validation: signed off, and the budget reduced.

    References
    ----------
    National Audit Office (2013), Savings from operational PFI contracts, appendix two; its rules for its own impacts.

    Examples
    --------
    >>> SignOff().sentence()
    'Finance has not signed this saving off.'
    """
    if design not in range(6):
        raise InputError(f"A design of grade {design} does not exist. Grades are 0 to 5 (Maryland scale).")
    signed = signed or SignOff()
    lived = _weeks_half(ledger)
    priced = ledger.child_weeks / max(ledger.child_weeks + ledger.unpriced_weeks, 1e-9)
    moved_costs = [e.group for e in ledger.shifted() if e.value is not None and e.value > 0]
    answers = {
        "causation": design >= 3 and _above(effect),
        "realisation": _above(ledger.net) and lived >= LONG_ENOUGH_WEEKS,
        "valuation": bool(ledger.child_weeks) and priced >= ENOUGH_PRICED,
        "attribution": bool(ledger.child_weeks) and not moved_costs,
        "validation": bool(signed.role) and signed.budget_reduced,
    }
    shifted = f"cost shifted: {', '.join(moved_costs)}" if moved_costs else "no cost shifted to others"
    half = f" Half of the claims are of {lived:,.0f} weeks or more." if ledger.children else ""
    reasons = {
        "causation": f"design of grade {design}; {effect.sentence()}",
        "realisation": f"{ledger.net.sentence()}{half}",
        "valuation": f"{100 * priced:.0f}% of child-weeks have a price on both sides.",
        "attribution": f"each child-week is claimed once; {shifted}.",
        "validation": signed.sentence(),
    }
    return Evidence(answers, reasons, signed)


def _above(found: Estimate) -> bool:
    return found.estimable and found.excludes() and (found.low or 0.0) > 0


def _weeks_half(ledger: Ledger) -> float:
    """Weeks that half of the claims have reached; a child with none claimed counts as nought."""
    rows = ledger.rows
    weeks = (rows["stop"] - rows["start"]).groupby(rows["claim"]).sum() / 7
    return float(weeks.reindex(range(ledger.children), fill_value=0.0).median()) if ledger.children else 0.0
