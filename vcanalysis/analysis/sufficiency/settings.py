"""What a forecast of children in care is told: bands of age and time, and what is believed before the data speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral

import numpy as np

from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import assumption

AGE_BANDS = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17")
AGE_EDGES = (0, 12, 60, 120, 192)  # months from which each band runs
STAY_EDGES = (0, 1, 3, 6, 12, 24)  # months in one kind of placement
ADULT = 216  # months: care ends on the 18th birthday
MONTH_DAYS = 365.25 / 12
LEAVES = "left care"


def _central(name: str) -> float:
    return assumption(name).central


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Choices of a forecast, all with defaults.

    Parameters
    ----------
    window : int
        Months before the forecast from which exits, moves and the children who come are learnt.
    strength : float
        Events for which a borrowed rate counts: a kind, age or time with few events leans on its neighbours.
    drift, swing : float
        Spread, before the data speak, of the year-to-year change of the number who come that stays and that passes
        again, as logarithms. Default: the assumptions `entries_drift_year` and `entries_swing_year`.
    steady : float
        Belief, before the data speak, that the number who come does neither, so that years differ by chance alone.
        Default: the assumption `entries_steady_share`.
    level : float
        Coverage the intervals are built for.

    Raises
    ------
    InputError
        If a value cannot be meant.

    Examples
    --------
    >>> Settings(window=24).window
    24
    """

    window: int = 36
    strength: float = 3.0
    drift: float = field(default_factory=lambda: _central("entries_drift_year"))
    swing: float = field(default_factory=lambda: _central("entries_swing_year"))
    steady: float = field(default_factory=lambda: _central("entries_steady_share"))
    level: float = 0.95

    def __post_init__(self) -> None:
        if not (isinstance(self.window, Integral) and self.window >= 6):
            raise InputError(f"window is {self.window} months. Give a whole number, at least 6.")
        if not 0 < self.level < 1:
            raise InputError(f"level is {self.level}. Give a share between 0 and 1, such as 0.95.")
        if not all(0 < value < np.inf for value in (self.strength, self.drift, self.swing)):
            raise InputError("strength, drift and swing must be numbers above 0.")
        if not 0 <= self.steady < 1:
            raise InputError(f"steady is {self.steady}. Give a share from 0 to below 1, such as 0.25.")


def age_band(months: np.ndarray) -> np.ndarray:
    """Give the number of the age band of ages in months.

    Examples
    --------
    >>> age_band(np.array([3.0, 15.0, 200.0])).tolist()
    [0, 1, 4]
    """
    return np.searchsorted(AGE_EDGES, months, side="right") - 1


def stay_band(months: np.ndarray) -> np.ndarray:
    """Give the number of the band of months spent in one kind of placement.

    Examples
    --------
    >>> stay_band(np.array([0.2, 4.0, 50.0])).tolist()
    [0, 2, 5]
    """
    return np.searchsorted(STAY_EDGES, months, side="right") - 1
