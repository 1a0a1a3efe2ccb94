"""What was really saved: the ledger child-week by child-week, the bridge of spending, the counterfactual ladder."""

from vcanalysis.analysis.ledger.bands import need_at_the_time
from vcanalysis.analysis.ledger.bridge import Bridge, spending_bridge
from vcanalysis.analysis.ledger.claims import BEDS, claimed_once
from vcanalysis.analysis.ledger.comparison import Comparison, compare_alike
from vcanalysis.analysis.ledger.elsewhere import cost_elsewhere
from vcanalysis.analysis.ledger.evidence import Evidence, SignOff, evidence
from vcanalysis.analysis.ledger.full_year import full_year_effect
from vcanalysis.analysis.ledger.homes import stays_in_homes
from vcanalysis.analysis.ledger.ladder import Ladder, ladder
from vcanalysis.analysis.ledger.paid import Paid, read_paid
from vcanalysis.analysis.ledger.result import Ledger
from vcanalysis.analysis.ledger.robustness import e_value, robustness_value
from vcanalysis.analysis.ledger.savings_ledger import Sources, Terms, savings_ledger
from vcanalysis.analysis.ledger.stages import against_targets, counted, reversals, stage_reached
from vcanalysis.analysis.ledger.two_days import before_and_after
from vcanalysis.core.survival.staying import Staying, natural_stays

__all__ = [
    "BEDS",
    "Bridge",
    "Comparison",
    "Evidence",
    "Ladder",
    "Ledger",
    "Paid",
    "SignOff",
    "Sources",
    "Staying",
    "Terms",
    "against_targets",
    "before_and_after",
    "claimed_once",
    "compare_alike",
    "cost_elsewhere",
    "counted",
    "e_value",
    "evidence",
    "full_year_effect",
    "ladder",
    "natural_stays",
    "need_at_the_time",
    "read_paid",
    "reversals",
    "robustness_value",
    "savings_ledger",
    "spending_bridge",
    "stage_reached",
    "stays_in_homes",
]
