"""Would prevention pay? What is spent before care, what goes with it, and what a shift of spend would have to do."""

from vcanalysis.analysis.prevention.lagged import (
    WARNINGS,
    LaggedLink,
    fall_to_break_even,
    lagged_link,
    other_links,
    per_resident_child,
)
from vcanalysis.analysis.prevention.mix import SpendMix, spend_mix
from vcanalysis.analysis.prevention.now import CareNow, Columns, assumed, care_now
from vcanalysis.analysis.prevention.result import Prevented
from vcanalysis.analysis.prevention.scenario import Shift, simulate_shift
from vcanalysis.analysis.prevention.trials import trial_effects
from vcanalysis.analysis.prevention.wording import beside_all, needed_headline, verdict

__all__ = [
    "WARNINGS",
    "CareNow",
    "Columns",
    "LaggedLink",
    "Prevented",
    "Shift",
    "SpendMix",
    "assumed",
    "beside_all",
    "care_now",
    "fall_to_break_even",
    "lagged_link",
    "needed_headline",
    "other_links",
    "per_resident_child",
    "simulate_shift",
    "spend_mix",
    "trial_effects",
    "verdict",
]
