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
    amounts : dict of str to array
        Draws in rows, steps in columns, pounds in the prices of the scenario's price year, undiscounted: gross (saved
        by moves), backfill (of it, taken back by beds and families that serve another child), edge (saved by
        children kept out of homes), returns (dearer homes after a breakdown), programme; weekly (net weekly saving of
        those in place at the step's end); placed and moved (children).
    cashable_share : array
        Draws of the share of a saving that leaves the budget.
    """

    scenario: Scenario
    draws: int
    seed: int
    amounts: dict[str, np.ndarray]
    cashable_share: np.ndarray

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years, in order."""
        return self.scenario.financial_years()

    @cached_property
    def _year_of_step(self) -> np.ndarray:
        return np.array([self.years.index(year) for year in self.scenario.step_years()])

    def by_year(self, name: str) -> np.ndarray:
        """Add up one of the amounts within financial years: draws in rows, years in columns."""
        sums = np.zeros((self.draws, len(self.years)))
        for year in range(len(self.years)):
            sums[:, year] = self.amounts[name][:, self._year_of_step == year].sum(axis=1)
        return sums

    @cached_property
    def benefits_by_year(self) -> np.ndarray:
        """Saving before the programme's cost: gross and edge of care, less backfill and returns."""
        return (
            self.by_year("gross") + self.by_year("edge") - self.by_year("backfill") - self.by_year("returns")
        )

    @cached_property
    def net_by_year(self) -> np.ndarray:
        """Net saving in each financial year: benefits less programme."""
        return self.benefits_by_year - self.by_year("programme")

    @cached_property
    def cashable(self) -> np.ndarray:
        """Net saving over the horizon that leaves the budget: a share of each saving, but every loss and cost in full.

        Dearer homes after a breakdown are paid as the programme is; a year in which families cost more than homes
        is a loss.
        """
        saved = self.by_year("gross") - self.by_year("backfill"), self.by_year("edge")
        kept = self.cashable_share[:, None]
        cash = sum(np.where(part > 0, kept * part, part) for part in saved)
        return (cash - self.by_year("returns") - self.by_year("programme")).sum(axis=1)

    @cached_property
    def full_year_effect(self) -> np.ndarray:
        """Weekly saving of those in place at the end of each financial year, for 52 weeks, before programme cost."""
        last = [int(np.flatnonzero(self._year_of_step == year)[-1]) for year in range(len(self.years))]
        return WEEKS_FULL_YEAR * self.amounts["weekly"][:, last]

    @cached_property
    def present_benefits(self) -> np.ndarray:
        """Benefits over the horizon, discounted to the first financial year."""
        return self.benefits_by_year @ self.scenario.discount_factors()

    @cached_property
    def present_costs(self) -> np.ndarray:
        """Programme cost over the horizon, discounted to the first financial year."""
        return self.by_year("programme") @ self.scenario.discount_factors()

    @cached_property
    def present_value(self) -> np.ndarray:
        """Net saving over the horizon, discounted to the first financial year."""
        return self.present_benefits - self.present_costs

    @cached_property
    def after_optimism(self) -> np.ndarray:
        """Net present value once costs are raised and benefits cut for optimism bias."""
        bias = self.scenario.optimism
        return (
            self.present_benefits - bias.benefits * np.abs(self.present_benefits)
            - (1 + bias.costs) * self.present_costs
        )  # fmt: skip

    @cached_property
    def cumulative(self) -> np.ndarray:
        """Net saving from the start to the end of each step, undiscounted."""
        less = ("backfill", "returns", "programme")
        net = self.amounts["gross"] + self.amounts["edge"] - sum(self.amounts[name] for name in less)
        return net.cumsum(axis=1)

    @cached_property
    def payback_month(self) -> np.ndarray:
        """Months until the cumulative net saving stays above zero; NaN where it never does."""
        above = self.cumulative > 0
        lasting = np.flip(np.logical_and.accumulate(np.flip(above, axis=1), axis=1), axis=1)
        first = (lasting.argmax(axis=1) + 1.0) * self.scenario.step_months
        return np.where(lasting[:, -1], first, np.nan)

    @cached_property
    def estimates(self) -> Estimates:
        """All figures: part-year and full-year effect of each year (never to be added), totals, probabilities."""
        part, full, items = self.net_by_year, self.full_year_effect, []
        for i, year in enumerate(self.years):
            items.append(self._money(_PART, part[:, i], group=year))
            items.append(self._money(_FULL, full[:, i], unit="GBP per year", group=year))
            items.append(self._money(_SO_FAR, part[:, : i + 1].sum(axis=1), group=year))
        total = {
            name: self.by_year(name).sum(axis=1)
            for name in ("gross", "backfill", "edge", "returns", "programme")
        }
        benefits = self.benefits_by_year.sum(axis=1)
        items += [self._money(f"{words} over the horizon", total[name]) for name, words in _PARTS.items()]
        items += [
            self._money("Net saving over the horizon", benefits - total["programme"]),
            self._money("Cashable net saving over the horizon", self.cashable),
            self._money("Net present value over the horizon", self.present_value),
            self._money("Net present value after optimism bias", self.after_optimism),
            self.benefit_cost_ratio,
            self._chance("Likelihood that the net present value is positive", self.present_value > 0),
            self._chance("Likelihood of payback within the horizon", ~np.isnan(self.payback_month)),
        ]
        return Estimates.of(items, self.note)

    @property
    def note(self) -> str:
        """Say the price base, the years, the discounting, and the settings that made the result."""
        rate = self.scenario.rates[0][2]
        return (
            f"Pounds of {self.scenario.price_year}, real terms; {self.years[0]} to {self.years[-1]}; discounted at "
            f"{rate:.1%} a year. Settings {self.scenario.settings}; {self.draws:,} draws, seed {self.seed}."
        )

    @cached_property
    def benefit_cost_ratio(self) -> Estimate:
        """Discounted benefits for each pound of discounted programme cost: mean over mean, not mean of ratios."""
        term, method = (
            "Benefits for each pound of cost",
            "ratio of means of the draws, range of the middle 95%",
        )
        children = round(self.scenario.inputs["candidates"].central)
        if not (self.present_costs > 0).all():
            reason = "the programme costs nothing in some draws"
            return Estimate.not_estimable(term, n=children, reason=reason, method=method)
        low, high = np.quantile(
            self.present_benefits / self.present_costs, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        )
        value = float(self.present_benefits.mean() / self.present_costs.mean())
        left = (self.present_benefits - value * self.present_costs) / self.present_costs.mean()
        error = float(np.std(left, ddof=1) / np.sqrt(self.draws))
        about = (LEVEL, children, "ratio", method, "all", error, "children considered", "")
        return Estimate(
            term, value, float(low), float(high), *about, f"{term}: {{value}} ({{interval}}).", SPAN
        )

    def _money(self, term: str, values: np.ndarray, *, unit: str = "GBP", group: str = "all") -> Estimate:
        low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        error = float(np.std(values, ddof=1) / np.sqrt(self.draws))
        where = "" if group == "all" else f", {group}"
        wording = f"{term}{where}: {{value}} ({{interval}})."
        children = round(self.scenario.inputs["candidates"].central)
        about = (LEVEL, children, unit, METHOD, group, error, "children considered", "", wording, SPAN)
        return Estimate(term, float(values.mean()), float(low), float(high), *about, support=children)

    def _chance(self, term: str, hit: np.ndarray) -> Estimate:
        share = float(hit.mean())
        error = float(np.sqrt(share * (1 - share) / self.draws))
        children = round(self.scenario.inputs["candidates"].central)
        about = {"unit": "probability", "of": "children considered", "wording": f"{term}: {{value}}."}
        method = "Monte Carlo scenario: share of the draws"
        return Estimate(term, share, n=children, method=method, std_error=error, **about)  # type: ignore[arg-type]

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
        """Give the cumulative net saving step by step.

        Columns: month (months since the start), low, lower_quarter, median, upper_quarter, high (low and high hold the
        middle 95% of the draws), likelihood (share of draws above zero), paid_back (share of draws that have paid
        back by then and stay above zero) and error (Monte Carlo error of the likelihood).
        """
        month = np.arange(1, self.scenario.steps + 1) * self.scenario.step_months
        likelihood = (self.cumulative > 0).mean(axis=0)
        paid = np.searchsorted(np.sort(self.payback_month), month + 1e-6) / self.draws
        error = np.sqrt(likelihood * (1 - likelihood) / self.draws)
        return _fan_of(self.cumulative, "month", month).assign(
            likelihood=likelihood, paid_back=paid, error=error
        )

    def fan_by_year(self) -> pd.DataFrame:
        """Give the net saving within each financial year: year, low, lower_quarter, median, upper_quarter, high."""
        return _fan_of(self.net_by_year, "year", np.array(self.years))

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

    def likelihood_headline(self) -> str:
        """Say when saving so far first becomes likelier than not, for the head of a picture."""
        fan = self.fan()
        likely = fan.loc[fan["likelihood"] > 0.5, "month"]
        best, last = (
            write_number(float(fan["likelihood"].max()), "probability"),
            f"{fan['month'].iloc[-1]:.0f} months",
        )
        if likely.empty:
            return f"In {last} a saving is at no time likelier than not: {best} at most"
        return f"After {likely.iloc[0]:.0f} months a saving is likelier than not"

    def headline(self) -> str:
        """Say the mean net present value and how likely it is to be positive, for the head of a picture."""
        value = self.estimates.term("Net present value over the horizon").value or 0.0
        kind, size = ("saving" if value > 0 else "cost"), write_number(abs(value), "GBP")
        likely = write_number(self.likelihood.value, "probability")
        return f"A net {kind} of {size} over {self.scenario.horizon_years} years on average; {likely} likely to save"


def _fan_of(values: np.ndarray, name: str, at: np.ndarray) -> pd.DataFrame:
    ends = ["low", "lower_quarter", "median", "upper_quarter", "high"]
    table = pd.DataFrame(np.quantile(values, _FAN, axis=0).T, columns=ends)
    table.insert(0, name, at)
    return table


_PART = "Net saving within the year (part-year effect)"
_FULL = "Full-year effect of moves in place at the end of the year"
_SO_FAR = "Net saving added up to the end of the year"
_PARTS = {
    "gross": "Gross saving",
    "backfill": "Taken back by beds and families that serve another child",
    "edge": "Saved at the edge of care",
    "returns": "Cost of returns to homes",
    "programme": "Programme cost",
}
