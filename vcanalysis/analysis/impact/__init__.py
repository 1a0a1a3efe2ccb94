"""Did the programme work? Councils that took it up against councils that did not, few against many."""

from vcanalysis.analysis.impact.beside import WARNING
from vcanalysis.analysis.impact.bounds import TrendBounds, trend_bounds
from vcanalysis.analysis.impact.choices import choices_headline, other_choices
from vcanalysis.analysis.impact.event import Event
from vcanalysis.analysis.impact.fixed import PanelSlopes, panel_fe
from vcanalysis.analysis.impact.power import Power, minimum_effect
from vcanalysis.analysis.impact.series import InterruptedSeries, interrupted_series
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.several import Effects, holm, judge_together, several_effects
from vcanalysis.analysis.impact.staggered import StaggeredEffect, staggered_effect
from vcanalysis.analysis.impact.synthetic import SyntheticControl, synthetic_control
from vcanalysis.analysis.impact.synthetic_did import SyntheticDid, synthetic_did
from vcanalysis.analysis.impact.two_periods import two_period_did

__all__ = [
    "WARNING",
    "Effects",
    "Event",
    "InterruptedSeries",
    "PanelSlopes",
    "Power",
    "Settings",
    "StaggeredEffect",
    "SyntheticControl",
    "SyntheticDid",
    "TrendBounds",
    "choices_headline",
    "holm",
    "interrupted_series",
    "judge_together",
    "minimum_effect",
    "other_choices",
    "panel_fe",
    "several_effects",
    "staggered_effect",
    "synthetic_control",
    "synthetic_did",
    "trend_bounds",
    "two_period_did",
]
