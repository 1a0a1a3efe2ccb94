"""What a shift of spend came to, draw by draw: children, pounds, and the effect it would take to break even."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number
from vcanalysis.core.period import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from vcanalysis.analysis.prevention.scenario import Shift

Array = np.ndarray
SPAN = "range of the scenario"
NO_MONEY = "no money is moved, or the spend on care of which it is a share is not known"
_LEVEL = 0.95


@dataclass(frozen=True)
class Prevented:
    """Children and pounds of a shift of spend; arrays of draws by steps.

    Parameters
    ----------
    shift : Shift
        What was moved, and what was supposed.
    effect, cashable : ndarray
        Draws of the share kept out, and of the share of care that leaves the budget.
    reached, moved : ndarray
        Children reached, and pounds moved.
    years_out, care : ndarray
        Years out of care, and pounds of care, if all who would be in care were kept out of it: times the effect they
        are what is averted. So every result is a straight line in the effect.
    weight : ndarray
        Discount of each step.
    step_months : int
        Months of a step.
    name : str
        Group of the estimates.
    """

    shift: Shift
    effect: Array = field(repr=False)
    cashable: Array = field(repr=False)
    reached: Array = field(repr=False)
    years_out: Array = field(repr=False)
    moved: Array = field(repr=False)
    care: Array = field(repr=False)
    weight: Array = field(repr=False)
    step_months: int = 1
    name: str = "all"

    @cached_property
    def saved(self) -> Array:
        """Pounds that leave the budget, discounted, by draw."""
        return self.effect * self.cashable * (self.care @ self.weight)

    @cached_property
    def cost(self) -> Array:
        """Pounds moved, discounted, by draw."""
        return self.moved @ self.weight

    def net(self) -> Estimate:
        """Give what is left after the cost, over all years, discounted."""
        return self._of("Net saving over the years", self.saved - self.cost, "GBP")

    def pays(self) -> Estimate:
        """Give the share of draws in which more is saved than moved."""
        if not self.shift.moved_gbp_year:
            return Estimate.not_estimable("Chance that it pays", reason=NO_MONEY, **self._about() | {"n": 0})
        share = float(np.mean(self.saved > self.cost))
        return Estimate("Chance that it pays", share, unit="probability", **self._about())

    def per_pound(self) -> Estimate:
        """Give pounds saved for each pound moved."""
        return self._of("Pounds saved for each pound", self._by_cost(self.saved), "ratio")

    def children(self) -> Estimate:
        """Give children reached, over all years."""
        return self._of("Children reached", self.reached.sum(axis=1), "children")

    def averted(self) -> Estimate:
        """Give weeks of care that are not needed, all children together, over all years."""
        weeks = self.effect * self.years_out.sum(axis=1) * WEEKS_PER_YEAR
        return self._of("Weeks of care averted", weeks, "weeks")

    def needed(self) -> Estimate:
        """Give by how many percentage points fewer must be in care after a year for it to pay."""
        gain = self.cashable * (self.care @ self.weight)
        share = np.where(gain > 0, self.cost / np.where(gain > 0, gain, 1.0), np.inf)
        term = "Fewer in care after a year, to break even"
        return self._of(term, 100 * self.shift.base * share, "percentage points")

    def possible(self) -> Estimate:
        """Give the share of draws in which keeping all of them out would pay: else nothing could."""
        share = float(np.mean(self.cashable * (self.care @ self.weight) > self.cost))
        return Estimate("Chance that any effect could pay", share, unit="probability", **self._about())

    def estimates(self) -> Estimates:
        """Give all of them."""
        return Estimates.of(
            [self.children(), self.averted(), self.net(), self.per_pound(), self.pays(), self.needed()]
        )

    def by_year(self) -> pd.DataFrame:
        """Give the running net saving at the end of each year, discounted: year, median, low, high, mean."""
        step = (self.effect * self.cashable)[:, None] * self.care - self.moved
        running = np.cumsum(step * self.weight, axis=1)[
            :, 12 // self.step_months - 1 :: 12 // self.step_months
        ]
        low, middle, high = np.quantile(running, [(1 - _LEVEL) / 2, 0.5, (1 + _LEVEL) / 2], axis=0)
        years = np.arange(1, running.shape[1] + 1)
        return pd.DataFrame(
            {"year": years, "median": middle, "low": low, "high": high, "mean": running.mean(axis=0)}
        )

    def headline(self) -> str:
        """Say whether it pays, as far as the draws say one thing."""
        if not self.shift.moved_gbp_year:
            return "Whether moving the money pays cannot be told"
        return f"Moving the money pays in {write_number(self.pays().value, 'probability')} of draws"

    def sentence(self) -> str:
        """Say what is reached, averted and left, and the effect needed."""
        if not self.shift.moved_gbp_year:
            return self.net().sentence()
        years = self.shift.years
        return (
            f"Over {years} years {self.children().words()} are reached and {self.averted().words()} of care are not "
            f"needed. Net saving: {self.net().words()}; above nought in "
            f"{write_number(self.pays().value, 'probability')} of draws. Pounds saved for each pound: "
            f"{self.per_pound().words()}. {self.needed().sentence()}"
        )

    def frame(self) -> pd.DataFrame:
        """Give the estimates as tidy rows."""
        return self.estimates().frame()

    def _by_cost(self, pounds: Array) -> Array:
        return pounds / np.where(self.cost > 0, self.cost, np.inf)

    def _about(self) -> dict[str, Any]:
        draws, councils = len(self.effect), self.shift.councils
        of: dict[str, Any] = {"n": councils, "of": "councils"} if councils else {"n": draws, "of": "draws"}
        return {**of, "group": self.name, "method": f"simulation of {draws:,} draws"}

    def _of(self, term: str, values: Array, unit: str) -> Estimate:
        if not self.shift.moved_gbp_year:
            return Estimate.not_estimable(term, reason=NO_MONEY, **self._about() | {"n": 0})
        low, middle, high = np.quantile(values, [(1 - _LEVEL) / 2, 0.5, (1 + _LEVEL) / 2])
        if not np.isfinite([low, middle, high]).all():
            reason = "care that is not needed is worth nothing in some draws"
            return Estimate.not_estimable(term, reason=reason, **self._about())
        ends = (float(middle), float(low), float(high))
        return Estimate(term, *ends, _LEVEL, unit=unit, span=SPAN, **self._about())


__all__ = ["SPAN", "Prevented"]
