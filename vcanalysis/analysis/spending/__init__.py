"""What care costs, where the money goes, and what the dearest placements really take."""

from vcanalysis.analysis.spending.concentration import (
    Concentration,
    concentration,
    lorenz,
)
from vcanalysis.analysis.spending.dearest import Dearest, dear_placements, dearest
from vcanalysis.analysis.spending.period import period_cost
from vcanalysis.analysis.spending.weekly import CostByGroup, cost_by, mean_and_median

__all__ = [
    "Concentration",
    "CostByGroup",
    "Dearest",
    "concentration",
    "cost_by",
    "dear_placements",
    "dearest",
    "lorenz",
    "mean_and_median",
    "period_cost",
]
