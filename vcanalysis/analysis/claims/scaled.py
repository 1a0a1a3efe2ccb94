"""What simulated nations report and what it becomes when scaled up, held against their planted truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile, percentile_interval, wilson

# what is true of those that report, each beside what was true before
RUNGS = (
    "any two councils",
    "two that join because care was dear",
    "and because they have most to gain",
    "and the best two report",
)
OF = "simulated nations"


@dataclass(frozen=True, slots=True)
class Scaled:
    """Simulated nations: what was reported, what it becomes for the nation, and the truth; made by `simulate_nation`.

    Parameters
    ----------
    reported : array
        Pounds a year the reporting councils report together, one number per draw.
    scaled : array
        The same scaled up by children in care.
    truth : array
        Pounds a year the whole nation would save.
    rung : str
        How councils were chosen, one of `RUNGS`.
    """

    reported: np.ndarray
    scaled: np.ndarray
    truth: np.ndarray
    rung: str

    def beyond(self, times: float = 2.0) -> Estimate:
        """Give how often the scaled-up figure is beyond so many times the truth, and of its sign."""
        if (self.truth == 0).any():
            return self._no_truth(f"Scaled up beyond {times:g} times the truth")
        hit = np.where(self.truth > 0, self.scaled > times * self.truth, self.scaled < times * self.truth)
        return self._rate(hit, f"Scaled up beyond {times:g} times the truth")

    def wrong_sign(self) -> Estimate:
        """Give how often the scaled-up figure shows a saving where there is a loss or none, or the reverse."""
        return self._rate((self.scaled > 0) != (self.truth > 0), "Scaled up with the wrong sign")

    def over_truth(self, level: float = 0.95) -> Estimate:
        """Give scaled-up figure over truth: the median nation, and the middle of the nations."""
        if (self.truth == 0).any():
            return self._no_truth("Scaled up over the truth")
        ratio = self.scaled / self.truth
        low, high = percentile_interval(ratio, level)
        return self._of(
            "Scaled up over the truth",
            float(np.median(ratio)),
            low,
            high,
            "ratio",
            "range of the nations",
            level,
        )

    def _no_truth(self, term: str) -> Estimate:
        reason = "nothing is saved in truth, so that there is nothing to compare with"
        return Estimate.not_estimable(term, n=len(self.truth), reason=reason, group=self.rung, of=OF)

    def report(self, level: float = 0.95) -> Estimate:
        """Give what is reported: the mean nation, and the middle of the nations."""
        low, high = percentile_interval(self.reported, level)
        mean = float(self.reported.mean())
        return self._of("Reported", mean, low, high, "GBP per year", "range of the nations", level)

    def reports_as_much(self, amount: float) -> Estimate:
        """Give how often the councils report an amount or more."""
        return self._rate(self.reported >= amount, "The councils report as much or more")

    def mean_reported(self) -> Estimate:
        """Give the mean of what is reported, with the Monte Carlo error as its interval."""
        return self._mean(self.reported, "Reported, on average")

    def mean_scaled(self) -> Estimate:
        """Give the mean of the scaled-up figure, with the Monte Carlo error as its interval."""
        return self._mean(self.scaled, "Scaled up, on average")

    def _mean(self, values: np.ndarray, term: str) -> Estimate:
        half = normal_quantile(0.95) * float(values.std(ddof=1) / len(values) ** 0.5)
        mean = float(values.mean())
        return self._of(term, mean, mean - half, mean + half, "GBP per year", "Monte Carlo interval", 0.95)

    def _rate(self, hit: np.ndarray, term: str) -> Estimate:
        ends = wilson(float(hit.sum()), len(hit))
        return self._of(term, float(hit.mean()), *ends, "probability", "Monte Carlo interval", 0.95)

    def _of(
        self, term: str, value: float, low: float, high: float, unit: str, span: str, level: float
    ) -> Estimate:
        n, method = len(self.scaled), "simulated nations with a planted truth"
        return Estimate(term, value, low, high, level, n, unit, method, self.rung, of=OF, span=span)
