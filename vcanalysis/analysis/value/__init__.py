"""Value: need at the start, cost over the period and outcome, together; never one of them alone."""

from vcanalysis.analysis.value.benefit import NetBenefit, net_benefit, say_chance
from vcanalysis.analysis.value.change import Line, adjusted_change
from vcanalysis.analysis.value.consequences import Consequences, compare_consequences
from vcanalysis.analysis.value.goals import goals_met
from vcanalysis.analysis.value.ratio import Range, cost_per_outcome, fieller
from vcanalysis.analysis.value.saving import GoodSaving, how_sure, judge_saving

__all__ = [
    "Consequences",
    "GoodSaving",
    "Line",
    "NetBenefit",
    "Range",
    "adjusted_change",
    "compare_consequences",
    "cost_per_outcome",
    "fieller",
    "goals_met",
    "how_sure",
    "judge_saving",
    "net_benefit",
    "say_chance",
]
