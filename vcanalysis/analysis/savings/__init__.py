"""What could be saved: a Monte Carlo scenario of step-downs, as a distribution and never a point."""

from vcanalysis.analysis.savings.information import value_of_information
from vcanalysis.analysis.savings.inputs import Correlation, Input, Optimism
from vcanalysis.analysis.savings.own import (
    told_count,
    with_own_level,
    with_own_means,
    with_own_shares,
    with_own_values,
)
from vcanalysis.analysis.savings.own_moves import OwnMoves, own_moves
from vcanalysis.analysis.savings.presetting import Shrunk, shrunk_effect
from vcanalysis.analysis.savings.prices import or_national, price_gap
from vcanalysis.analysis.savings.reading import load_scenario
from vcanalysis.analysis.savings.result import Savings
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.sensitivity import (
    break_even_sentence,
    by_input,
    switching_values,
    tornado,
    tornado_headline,
)
from vcanalysis.analysis.savings.simulation import simulate_savings
from vcanalysis.analysis.savings.sobol import sobol_headline, sobol_indices
from vcanalysis.analysis.savings.writing import write_scenario

__all__ = [
    "Correlation",
    "Input",
    "Optimism",
    "OwnMoves",
    "Savings",
    "Scenario",
    "Shrunk",
    "break_even_sentence",
    "by_input",
    "load_scenario",
    "or_national",
    "own_moves",
    "price_gap",
    "shrunk_effect",
    "simulate_savings",
    "sobol_headline",
    "sobol_indices",
    "switching_values",
    "told_count",
    "tornado",
    "tornado_headline",
    "value_of_information",
    "with_own_level",
    "with_own_means",
    "with_own_shares",
    "with_own_values",
    "write_scenario",
]
