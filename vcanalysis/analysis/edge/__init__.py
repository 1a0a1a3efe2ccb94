"""Who on the edge of care could stay at home? A risk is not a benefit, and no score decides."""

from vcanalysis.analysis.edge.cases import Cases, base_headline, edge_cases
from vcanalysis.analysis.edge.decision import decision_curve, decision_headline, positive_value
from vcanalysis.analysis.edge.ladder import Effect, ladder_headline, support_effect
from vcanalysis.analysis.edge.risk import EntryRisk, entry_risk, risk_headline
from vcanalysis.analysis.edge.rungs import why_not_before_and_after
from vcanalysis.analysis.edge.working_list import working_list
from vcanalysis.analysis.edge.worth import Worth, needed_to_break_even, support_worth

__all__ = [
    "Cases",
    "Effect",
    "EntryRisk",
    "Worth",
    "base_headline",
    "decision_curve",
    "decision_headline",
    "edge_cases",
    "entry_risk",
    "ladder_headline",
    "needed_to_break_even",
    "positive_value",
    "risk_headline",
    "support_effect",
    "support_worth",
    "why_not_before_and_after",
    "working_list",
]
