"""The claim audit: what is claimed, by which routes it can be reached, and what two councils can say of a nation."""

from vcanalysis.analysis.claims.audit import ClaimAudit, claim_audit
from vcanalysis.analysis.claims.pooling import Pooled, order_excess, pool_councils
from vcanalysis.analysis.claims.published import (
    JudgedClaim,
    Route,
    audit_published,
    judge_claim,
    judge_claims,
    pairs_of_five,
)
from vcanalysis.analysis.claims.routes import ROUTES, Reported
from vcanalysis.analysis.claims.simulation import (
    RUNGS,
    Scaled,
    World,
    ladder_of_choice,
    nations_that_report,
    simulate_nation,
)
from vcanalysis.analysis.claims.terms import QUESTIONS, Nation, Terms
from vcanalysis.analysis.claims.verdict import Judged

__all__ = [
    "QUESTIONS",
    "ROUTES",
    "RUNGS",
    "ClaimAudit",
    "Judged",
    "JudgedClaim",
    "Nation",
    "Pooled",
    "Reported",
    "Route",
    "Scaled",
    "Terms",
    "World",
    "audit_published",
    "claim_audit",
    "judge_claim",
    "judge_claims",
    "ladder_of_choice",
    "nations_that_report",
    "order_excess",
    "pairs_of_five",
    "pool_councils",
    "simulate_nation",
]
