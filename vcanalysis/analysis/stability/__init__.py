"""Do placements last? How long, how they end, and whose hazards are higher."""

from vcanalysis.analysis.stability.compare import log_rank
from vcanalysis.analysis.stability.competing import Incidence, aalen_johansen
from vcanalysis.analysis.stability.cox import Hazards, cox
from vcanalysis.analysis.stability.history import Watch
from vcanalysis.analysis.stability.recurrent import andersen_gill, pwp_gap
from vcanalysis.analysis.stability.restricted import restricted_mean, restricted_mean_difference
from vcanalysis.analysis.stability.survival import Survival, kaplan_meier

__all__ = [
    "Hazards",
    "Incidence",
    "Survival",
    "Watch",
    "aalen_johansen",
    "andersen_gill",
    "cox",
    "kaplan_meier",
    "log_rank",
    "pwp_gap",
    "restricted_mean",
    "restricted_mean_difference",
]
