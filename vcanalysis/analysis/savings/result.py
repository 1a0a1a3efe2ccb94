"""What a savings simulation found: distributions by financial year, never a point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_interval, write_number

LEVEL = 0.95
SPAN = "range of the scenario"
WEEKS_FULL_YEAR = 52
METHOD = "Monte Carlo scenario: mean of the draws, range of the middle 95% (not a confidence interval)"
_FAN = (0.025, 0.25, 0.5, 0.75, 0.975)


@dataclass(frozen=True)
class Savings:
    """Result of `simulate_savings`.

    Parameters
    ----------
    scenario : Scenario
        Settings that made it.
    draws, seed : int
        Draws and their seed.
    monthly : dict of str to array
        Draws in rows, months in columns, pounds in the prices of the scenario's price year: gross, returns,
        programme (all undiscounted), weekly (net weekly saving of those in place at the month's end), placed and
        moved (children).
    cashable_share : array
        Draws of the share of the saving that leaves the budget.
    """

    scenario: Scenario
    draws: int
    seed: int
    monthly: dict[str, np.ndarray]
    cashable_share: np.ndarray

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years, in order."""
        return self.scenario.financial_years()

    @cached_property
    def _year_of_month(self) -> np.ndarray:
        months = self.scenario.month_years()
        return np.array([self.years.index(year) for year in months])

    def by_year(self, name: str) -> np.ndarray:
        """Add up one of the monthly amounts within financial years: draws in rows, years in columns."""
        sums = np.zeros((self.draws, len(self.years)))
        for year in range(len(self.years)):
            sums[:, year] = self.monthly[name][:, self._year_of_month == year].sum(axis=1)
        return sums

    @cached_property
    def net_by_year(self) -> np.ndarray:
        """Net saving in each financial year: gross less returns less programme."""
        return self.by_year("gross") - self.by_year("returns") - self.by_year("programme")

    @cached_property
    def full_year_effect(self) -> np.ndarray:
        """Weekly saving of those in place at the end of each financial year, for 52 weeks, before programme cost."""
        last = [int(np.flatnonzero(self._year_of_month == year)[-1]) for year in range(len(self.years))]
        return WEEKS_FULL_YEAR * self.monthly["weekly"][:, last]

    @cached_property
    def present_value(self) -> np.ndarray:
        """Net saving over the horizon, discounted to the first financial year."""
        return self.net_by_year @ self.scenario.discount_factors()

    @cached_property
    def cumulative(self) -> np.ndarray:
        """Net saving from the start to the end of each month, undiscounted."""
        net = self.monthly["gross"] - self.monthly["returns"] - self.monthly["programme"]
        return net.cumsum(axis=1)

    @cached_property
    def payback_month(self) -> np.ndarray:
        """First month from which the cumulative net saving stays above zero; NaN where it never does."""
        above = self.cumulative > 0
        lasting = np.flip(np.logical_and.accumulate(np.flip(above, axis=1), axis=1), axis=1)
        first = lasting.argmax(axis=1) + 1.0
        return np.where(lasting[:, -1], first, np.nan)

    @cached_property
    def estimates(self) -> Estimates:
        """All figures: part-year and full-year effect of each year (never to be added), totals, probabilities."""
        part, full, items = self.net_by_year, self.full_year_effect, []
        for i, year in enumerate(self.years):
            items.append(self._money(_PART, part[:, i], group=year))
            items.append(self._money(_FULL, full[:, i], unit="GBP per year", group=year))
        gross, returns, programme = (self.by_year(n).sum(axis=1) for n in ("gross", "returns", "programme"))
        cashable = self.cashable_share * (gross - returns) - programme
        items += [
            self._money("Gross saving over the horizon", gross),
            self._money("Cost of returns to homes over the horizon", returns),
            self._money("Programme cost over the horizon", programme),
            self._money("Net saving over the horizon", gross - returns - programme),
            self._money("Cashable net saving over the horizon", cashable),
            self._money("Net present value over the horizon", self.present_value),
            self._chance("Likelihood that the net present value is positive", self.present_value > 0),
            self._chance("Likelihood of payback within the horizon", ~np.isnan(self.payback_month)),
        ]
        return Estimates.of(
            items, f"Pounds of {self.scenario.price_year}, real terms; {self.years[0]} to {self.years[-1]}."
        )

    def _money(self, term: str, values: np.ndarray, *, unit: str = "GBP", group: str = "all") -> Estimate:
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        error = float(np.std(values, ddof=1) / np.sqrt(self.draws))
        where = "" if group == "all" else f", {group}"
        wording = f"{term}{where}: {{value}} ({{interval}})."
        children = round(self.scenario.inputs["candidates"].central)
        about = (LEVEL, children, unit, METHOD, group, error, "children considered", "", wording, SPAN)
        return Estimate(term, float(values.mean()), float(low), float(high), *about)

    def _chance(self, term: str, hit: np.ndarray) -> Estimate:
        share = float(hit.mean())
        error = float(np.sqrt(share * (1 - share) / self.draws))
        children = round(self.scenario.inputs["candidates"].central)
        method = "Monte Carlo scenario: share of the draws"
        wording = f"{term}: {{value}}."
        return Estimate(
            term,
            share,
            n=children,
            unit="probability",
            method=method,
            std_error=error,
            of="children considered",
            wording=wording,
        )

    @property
    def likelihood(self) -> Estimate:
        """Likelihood that the net present value is positive."""
        return self.estimates.term("Likelihood that the net present value is positive")

    def within_years(self) -> Estimates:
        """Give the part-year effect of each financial year, after all costs."""
        return Estimates.of(e for e in self.estimates if e.term == _PART)

    def years_headline(self) -> str:
        """Say in which financial year the mean saving first covers its cost, for the head of a picture."""
        positive = [e.group for e in self.within_years() if (e.value or 0.0) > 0]
        if not positive:
            return "In no year does the mean saving cover the cost of the programme"
        return f"On average the saving first covers the year's cost in {positive[0]}"

    def frame(self) -> pd.DataFrame:
        """Give all figures as tidy rows; std_error is the Monte Carlo error of the mean."""
        return self.estimates.frame()

    def fan(self) -> pd.DataFrame:
        """Give the cumulative net saving by month: month, low, lower_quarter, median, upper_quarter, high, likelihood.

        low and high hold the middle 95% of the draws; likelihood is the share of draws above zero.
        """
        table = pd.DataFrame(
            np.quantile(self.cumulative, _FAN, axis=0).T,
            columns=["low", "lower_quarter", "median", "upper_quarter", "high"],
        )
        table.insert(0, "month", np.arange(1, len(table) + 1))
        return table.assign(likelihood=(self.cumulative > 0).mean(axis=0))

    def monte_carlo_error(self) -> float:
        """Monte Carlo standard error of the mean net present value, pounds."""
        return float(np.std(self.present_value, ddof=1) / np.sqrt(self.draws))

    def sentence(self) -> str:
        """Say the last year's full-year effect, what it costs, and how likely it pays."""
        last = self.years[-1]
        full = next(e for e in self.estimates if e.term == _FULL and e.group == last)
        cost = self.estimates.term("Programme cost over the horizon")
        value = self.estimates.term("Net present value over the horizon")
        return (
            f"{write_number(full.value, full.unit)}, full-year effect of the moves in place at the end of {last} "
            f"({full.interval_words()}), before a programme cost of {write_number(cost.value, cost.unit)} "
            f"over {self.scenario.horizon_years} years. "
            f"Net of it and discounted: {write_number(value.value, value.unit)} "
            f"({write_interval(value.low, value.high, value.unit)}); "
            f"{write_number(self.likelihood.value, 'probability')} likely to be positive."
        )

    def headline(self) -> str:
        """Say the mean net present value and how likely it is to be positive, for the head of a picture."""
        value = self.estimates.term("Net present value over the horizon").value or 0.0
        kind, size = ("saving" if value > 0 else "cost"), write_number(abs(value), "GBP")
        likely = write_number(self.likelihood.value, "probability")
        return f"A net {kind} of {size} over {self.scenario.horizon_years} years on average; {likely} likely to save"


_PART = "Net saving within the year (part-year effect)"
_FULL = "Full-year effect of moves in place at the end of the year"
