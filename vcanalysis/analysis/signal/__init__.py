"""Signal or noise: is a new quarter more than chance, by a chart that suits the measure.

Flows (children who come, move, leave) are counted events: `judge_flows` holds the newest against the range that
chance gives, by the quarters before. Stocks (who is in care, where, at what cost) are mostly the same children as
last time, and have no control chart: `change_of_mean` and `growth` give the change with an interval, `moves` where
the children went.
"""

from vcanalysis.analysis.signal.flow import FlowSignal, judge_flow, judge_flows, verdict
from vcanalysis.analysis.signal.limits import LEVEL, prediction_limits
from vcanalysis.analysis.signal.moves import moves
from vcanalysis.analysis.signal.runs import autocorrelation, crossings, longest_run
from vcanalysis.analysis.signal.stock import change_of_mean, change_of_mix, growth, mix

__all__ = [
    "LEVEL",
    "FlowSignal",
    "autocorrelation",
    "change_of_mean",
    "change_of_mix",
    "crossings",
    "growth",
    "judge_flow",
    "judge_flows",
    "longest_run",
    "mix",
    "moves",
    "prediction_limits",
    "verdict",
]
