"""What could be saved: a Monte Carlo scenario of step-downs, as a distribution and never a point."""

from vcanalysis.analysis.savings.prices import or_national, price_gap
from vcanalysis.analysis.savings.reading import load_scenario
from vcanalysis.analysis.savings.result import Savings
from vcanalysis.analysis.savings.scenario import Correlation, Input, Scenario
from vcanalysis.analysis.savings.simulation import simulate_savings
from vcanalysis.analysis.savings.worst import one_at_a_time, one_at_a_time_headline

__all__ = [
    "Correlation",
    "Input",
    "Savings",
    "Scenario",
    "load_scenario",
    "one_at_a_time",
    "one_at_a_time_headline",
    "or_national",
    "price_gap",
    "simulate_savings",
]
