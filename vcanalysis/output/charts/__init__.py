"""Charts of published records as accessible SVG.

Only gated records are drawn, so a chart holds no number that its table does not.
"""

from vcanalysis.output.charts.bars import ranges, steps
from vcanalysis.output.charts.dots import dots
from vcanalysis.output.charts.over_time import curve, fan, run_charts

__all__ = ["curve", "dots", "fan", "ranges", "run_charts", "steps"]
