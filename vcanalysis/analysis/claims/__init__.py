"""The claim audit: what is claimed, by which routes it can be reached, and what two councils can say of a nation."""

from vcanalysis.analysis.claims.audit import ClaimAudit, claim_audit
from vcanalysis.analysis.claims.cross_checks import cross_checks
from vcanalysis.analysis.claims.given_report import nations_that_report
from vcanalysis.analysis.claims.national import NationalArithmetic
from vcanalysis.analysis.claims.on_panel import Columns, national_arithmetic
from vcanalysis.analysis.claims.pairs import FIVE, YEAR, audit_published, pairs_of_five, pairs_sentence
from vcanalysis.analysis.claims.pooling import Pooled, order_excess, pool_councils
from vcanalysis.analysis.claims.published import JudgedClaim, Route, judge_claim, judge_claims
from vcanalysis.analysis.claims.routes import ROUTES, Reported
from vcanalysis.analysis.claims.scaled import RUNGS, Scaled
from vcanalysis.analysis.claims.simulation import World, ladder_of_choice, simulate_nation
from vcanalysis.analysis.claims.terms import QUESTIONS, Nation, Terms
from vcanalysis.analysis.claims.verdict import Judged, write_claimed
from vcanalysis.analysis.claims.wording import (
    choice_headline,
    count_verdicts,
    nothing_headline,
    verdicts_sentence,
)

__all__ = [
    "FIVE",
    "QUESTIONS",
    "ROUTES",
    "RUNGS",
    "YEAR",
    "ClaimAudit",
    "Columns",
    "Judged",
    "JudgedClaim",
    "Nation",
    "NationalArithmetic",
    "Pooled",
    "Reported",
    "Route",
    "Scaled",
    "Terms",
    "World",
    "audit_published",
    "choice_headline",
    "claim_audit",
    "count_verdicts",
    "cross_checks",
    "judge_claim",
    "judge_claims",
    "ladder_of_choice",
    "national_arithmetic",
    "nations_that_report",
    "nothing_headline",
    "order_excess",
    "pairs_of_five",
    "pairs_sentence",
    "pool_councils",
    "simulate_nation",
    "verdicts_sentence",
    "write_claimed",
]
