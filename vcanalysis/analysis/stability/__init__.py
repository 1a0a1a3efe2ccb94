"""Do placements last? How long, how they end, and whose hazards are higher."""

from vcanalysis.analysis.stability.compare import log_rank
from vcanalysis.analysis.stability.cox import Hazards, cox
from vcanalysis.analysis.stability.indicators import (
    Spells,
    last_31_march,
    long_term_stability,
    three_or_more_placements,
)
from vcanalysis.analysis.stability.rates import end_rates
from vcanalysis.analysis.stability.recurrent import andersen_gill, pwp_gap
from vcanalysis.analysis.stability.restricted import restricted_mean, restricted_mean_difference
from vcanalysis.analysis.stability.wording import curve_headline, ends_headline, how_sure, sooner
from vcanalysis.core.survival.competing import Incidence, aalen_johansen
from vcanalysis.core.survival.curve import Survival, kaplan_meier
from vcanalysis.core.survival.history import Watch

__all__ = [
    "Hazards",
    "Incidence",
    "Spells",
    "Survival",
    "Watch",
    "aalen_johansen",
    "andersen_gill",
    "cox",
    "curve_headline",
    "end_rates",
    "ends_headline",
    "how_sure",
    "kaplan_meier",
    "last_31_march",
    "log_rank",
    "long_term_stability",
    "pwp_gap",
    "restricted_mean",
    "restricted_mean_difference",
    "sooner",
    "three_or_more_placements",
]
