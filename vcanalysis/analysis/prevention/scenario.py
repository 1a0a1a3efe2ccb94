"""Move a share of spend to families: who is reached, how many stay out of care, and what that is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import stats

from vcanalysis.analysis.prevention.result import Prevented
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import is_number
from vcanalysis.core.period import WEEKS_PER_YEAR
from vcanalysis.core.pert import pert_draws

Array = np.ndarray
Range = tuple[float, float, float]
_ENDS = 2 * 1.959964
# name -> lowest and highest value allowed
LIMITS: dict[str, tuple[float, float]] = {
    "moved_gbp_year": (0, 1e12),
    "pool_year": (0, 1e7),
    "base": (0, 1),
    "effect": (-1, 1),
    "child_gbp": (1, 1e6),
    "care_gbp_week": (0, 1e5),
    "cashable": (0, 1),
    "delay_months": (0, 120),
    "ramp_months": (0, 120),
    "fade_year": (0, 0.99),
    "leave_year": (0, 0.99),
    "spend_years": (1, 30),
    "years": (1, 30),
    "discount": (0, 0.2),
    "councils": (0, 1e6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A share of spend moved to families: three numbers are likeliest, lowest and highest.

    Parameters
    ----------
    moved_gbp_year : float
        Pounds a year moved, in prices of one year.
    pool_year : float
        Children a year at such risk; no more can be reached, and money beyond is not spent.
    base : float
        Share of those reached who would be in care after a year without it.
    effect : tuple of float
        Share of these who are not in care because of it: value, and the ends of its middle 95%; normal, so that harm
        is possible. A trial's effect should be shrunk by its grade first (`savings.shrunk_effect`).
    child_gbp : tuple of float
        Pounds a child reached.
    care_gbp_week : tuple of float
        Pounds of a week of the care that is not needed.
    cashable : tuple of float
        Share of these that leaves the budget.
    delay_months : tuple of float
        Months from the money to the difference.
    ramp_months : tuple of float
        Months until as many are reached as the money is for.
    fade_year : tuple of float
        Share of those kept out who come in all the same, a year (decay).
    leave_year : float
        Share of children in care who leave it in a year: they would not have stayed for ever.
    spend_years, years : int
        Years in which money is moved, and years looked at.
    discount : float
        Discount rate a year.
    councils : int
        Councils whose spend is moved, for the estimates to say; 0 where it is of none.

    Raises
    ------
    InputError
        If a number is missing, out of order or beyond what it may be.

    Examples
    --------
    >>> Shift(moved_gbp_year=1e6, pool_year=500, base=0.45, effect=(0.16, 0.08, 0.24), child_gbp=(5000, 2000, 9000),
    ...       care_gbp_week=(1400, 700, 2100)).years
    5
    """

    moved_gbp_year: float
    pool_year: float
    base: float
    effect: Range
    child_gbp: Range
    care_gbp_week: Range
    cashable: Range = (1.0, 1.0, 1.0)
    delay_months: Range = (6.0, 3.0, 12.0)
    ramp_months: Range = (6.0, 3.0, 12.0)
    fade_year: Range = (0.0, 0.0, 0.0)
    leave_year: float = 0.0
    spend_years: int = 5
    years: int = 5
    discount: float = 0.0
    councils: int = 0

    def __post_init__(self) -> None:
        for name, (lowest, highest) in LIMITS.items():
            given = getattr(self, name)
            value = given if isinstance(given, tuple) else (given, given, given)
            numbers = len(value) == 3 and all(is_number(v) and math.isfinite(v) for v in value)
            if not numbers or not lowest <= value[1] <= value[0] <= value[2] <= highest:
                raise InputError(
                    f"{name} {given} is refused. Give a number, or likeliest, lowest and highest in this order, "
                    f"from {lowest:g} to {highest:,.0f}."
                )
        for name in ("spend_years", "years", "councils"):
            if getattr(self, name) != int(getattr(self, name)):
                raise InputError(f"{name} {getattr(self, name)} is refused. Give a whole number.")

    def but(self, **changed: object) -> Shift:
        """Give the same with some numbers changed.

        Raises
        ------
        InputError
            If there is no such number.
        """
        wrong = sorted(set(changed) - {f.name for f in fields(self)})
        if wrong:
            raise InputError(f"A shift has no {wrong[0]!r}. It has: {', '.join(LIMITS)}.")
        return replace(self, **changed)  # type: ignore[arg-type]


@door("vc.prevention.simulate_shift(vc.prevention.Shift(...))", takes=Shift)
def simulate_shift(
    shift: Shift, *, draws: int = 10_000, seed: int = 0, step_months: int = 1, name: str = "all"
) -> Prevented:
    """Draw every uncertain number, and follow children and pounds from step to step.

    Parameters
    ----------
    shift : Shift
        What is moved, and what is supposed of it.
    draws : int
        Draws, 100 or more.
    seed : int
        Seed. The same seed uses the same random numbers for every shift, so that two can be compared.
    step_months : int
        12 for yearly steps, 1 for monthly ones, or another divisor of 12.
    name : str
        Group of the estimates.

    Returns
    -------
    Prevented
        With an effect of nought the saving is nought in every draw, and the cost is what was moved.

    Raises
    ------
    InputError
        If there are fewer than 100 draws or the step does not divide a year.

    Notes
    -----
    Those kept out would have left care at `leave_year`, and come in all the same at `fade_year`; a step adds up their
    time exactly where as many are reached throughout it. Years are shorter only by rounding with monthly steps.

    Examples
    --------
    >>> shift = Shift(moved_gbp_year=1e6, pool_year=500, base=0.45, effect=(0.0, 0.0, 0.0),
    ...               child_gbp=(5000, 2000, 9000), care_gbp_week=(1400, 700, 2100))
    >>> simulate_shift(shift, draws=100).net().value
    -5000000.0
    """
    if draws < 100 or 12 % max(int(step_months), 1) or step_months < 1:
        raise InputError("Draw 100 times or more, in steps of 1, 2, 3, 4, 6 or 12 months.")
    x = _drawn(shift, draws, seed)
    edges = np.arange(0, 12 * shift.years + 1, step_months) / 12
    wanted = np.minimum(shift.moved_gbp_year / x["child_gbp"], shift.pool_year)
    ramp, late = x["ramp_months"] / 12, x["delay_months"][:, None] / 12
    reached, shown = (wanted[:, None] * _arrived(at, ramp, shift.spend_years) for at in (edges, edges - late))
    years_out = _time_out(np.diff(shown, axis=1), _leaving(shift, x), step_months / 12)
    running = np.clip(shift.spend_years - edges[:-1], 0, step_months / 12)
    weight = (1 + shift.discount) ** -((edges[:-1] + edges[1:]) / 2)
    care = years_out * shift.base * (x["care_gbp_week"] * WEEKS_PER_YEAR)[:, None]
    return Prevented(
        shift=shift,
        effect=x["effect"],
        cashable=x["cashable"],
        reached=np.diff(reached, axis=1),
        years_out=years_out * shift.base,
        moved=(wanted * x["child_gbp"])[:, None] * running,
        care=care,
        weight=weight,
        step_months=int(step_months),
        name=name,
    )


def _drawn(shift: Shift, draws: int, seed: int) -> dict[str, Array]:
    names = [f.name for f in fields(shift) if isinstance(getattr(shift, f.name), tuple)]
    uniform = np.random.default_rng([seed, 18]).random((draws, len(names)))
    ranges: dict[str, Range] = {name: getattr(shift, name) for name in names}
    x = {
        name: pert_draws(central, low, high, uniform[:, i])
        for i, (name, (central, low, high)) in enumerate(ranges.items())
    }
    value, low, high = shift.effect
    normal = stats.norm.ppf(uniform[:, names.index("effect")])
    return {**x, "effect": np.clip(value + (high - low) / _ENDS * normal, -1.0, 1.0)}


def _arrived(at: Array, ramp: Array, years: float) -> Array:
    """Give how many had come by a time, for one wanted a year: a ramp, a full stream, and an end."""
    at = np.clip(np.broadcast_to(at, (len(ramp), np.shape(at)[-1])), 0, years)
    ramp = ramp[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(ramp > 0, at**2 / (2 * ramp), at)
    return np.where(at < ramp, rising, at - ramp / 2)


def _leaving(shift: Shift, x: dict[str, Array]) -> Array:
    """Give the rate at which a difference ends, a year."""
    return -np.log1p(-shift.leave_year) - np.log1p(-x["fade_year"])


def _time_out(new: Array, rate: Array, step: float) -> Array:
    """Give years out of care by step, for those whose difference begins in it or began before and lasts."""
    rate = np.maximum(rate, 1e-12)
    kept, lived = np.exp(-rate * step), -np.expm1(-rate * step) / rate
    still, out = np.zeros(len(new)), np.empty(new.shape)
    for k in range(new.shape[1]):
        flow = new[:, k] / step
        out[:, k] = still * lived + flow * np.where(rate * step < 1e-6, step**2 / 2, (step - lived) / rate)
        still = still * kept + flow * lived
    return out


__all__ = ["LIMITS", "Shift", "simulate_shift"]
