"""Time until something happens: who is watched from when to when, what ends it, and the curves."""

from vcanalysis.core.survival.competing import Incidence, aalen_johansen
from vcanalysis.core.survival.curve import Survival, kaplan_meier
from vcanalysis.core.survival.history import Watch

__all__ = ["Incidence", "Survival", "Watch", "aalen_johansen", "kaplan_meier"]
