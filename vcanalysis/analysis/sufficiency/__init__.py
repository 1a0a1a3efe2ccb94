"""What homes will we need? Children in care forecast by age and kind of placement, and what could change it."""

from vcanalysis.analysis.sufficiency.backtest import BackTest, back_test
from vcanalysis.analysis.sufficiency.costs import draw_costs, price_growth, yearly_cost
from vcanalysis.analysis.sufficiency.distance import by_area, by_distance, far_from_home
from vcanalysis.analysis.sufficiency.forecasting import forecast
from vcanalysis.analysis.sufficiency.gaps import gap_by_age, gap_by_capability, strategy_table
from vcanalysis.analysis.sufficiency.measured import measured_coverage
from vcanalysis.analysis.sufficiency.result import Forecast
from vcanalysis.analysis.sufficiency.scenarios import Change, changed, differences, grown
from vcanalysis.analysis.sufficiency.settings import AGE_BANDS, Settings

__all__ = [
    "AGE_BANDS", "BackTest", "Change", "Forecast", "Settings", "back_test", "by_area", "by_distance", "changed",
    "differences", "draw_costs", "far_from_home", "forecast", "gap_by_age", "gap_by_capability", "grown",
    "measured_coverage", "price_growth", "strategy_table", "yearly_cost",
]  # fmt: skip
