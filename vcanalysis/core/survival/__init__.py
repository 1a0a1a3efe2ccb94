"""Time until something happens: who is watched from when to when, what ends it, and the curves."""

from vcanalysis.core.survival.competing import Incidence, aalen_johansen
from vcanalysis.core.survival.curve import Survival, kaplan_meier
from vcanalysis.core.survival.history import Watch
from vcanalysis.core.survival.staying import Staying, natural_stays

__all__ = ["Incidence", "Staying", "Survival", "Watch", "aalen_johansen", "kaplan_meier", "natural_stays"]
