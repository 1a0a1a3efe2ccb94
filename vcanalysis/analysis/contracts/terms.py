"""What an outcomes contract says: metrics, prices, caps, indexation, what is taken back and what stops a payment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from vcanalysis.core.errors import InputError

KINDS = ("milestone", "weekly", "days_vs_baseline", "score_change")
CLOCKS = ("restart", "pause", "continue")
BASELINES = ("none", "historical", "matched", "trial")
ANY_BAND = "all"


@dataclass(frozen=True, slots=True)
class Rate:
    """A price for one unit of an outcome.

    Parameters
    ----------
    pence : int
        Price of a unit in pence, before indexation.
    band : str
        Band of need it holds for; "all" for any.
    valid_from, valid_to : date or None
        First and last day it holds; None is open.
    """

    pence: int
    band: str = ANY_BAND
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, band: str, day: date) -> bool:
        """Whether the price holds for a band on a day."""
        after = self.valid_from is None or self.valid_from <= day
        before = self.valid_to is None or day <= self.valid_to
        return self.band in (ANY_BAND, band) and after and before


@dataclass(frozen=True, slots=True)
class Metric:
    """An outcome that is paid for, and how it is counted.

    Parameters
    ----------
    id, definition : str
        Short name, and the outcome in words.
    kind : str
        One of `KINDS`. "milestone": one unit once the clock reaches `window_weeks`. "weekly": one unit for each whole
        week on the clock, at most `window_weeks` a child. "days_vs_baseline": baseline days less days counted within
        `window_weeks` of the referral; cohort by cohort, fewer days count against more. "score_change": points by
        which a score fell, less `baseline`; likewise.
    rates : tuple of Rate
        Prices of a unit.
    window_weeks : int
        As above; for "score_change" the latest week of the second score.
    clock : str
        One of `CLOCKS`. "restart": a move sets the clock to nought. "pause": it stands still outside and goes on.
        "continue": it runs from the first day whatever happens; a unit counts if the child is there when it falls due.
    grace_days : int
        Days away after which a return to the same place is no move.
    baseline : float
        Days, or points, expected without the contract.
    baseline_method : str
        One of `BASELINES`: where the baseline is from.
    target : float or None
        Units expected over the contract; shown, never paid on.
    validation : str
        Whose record proves it.
    cap_child_units : int or None
        Most units paid for a child.
    clawback_weeks : int
        A stay that ends so soon after a milestone was paid costs `clawback_share` of the payment.
    clawback_share : float
        From 0 to 1.
    """

    id: str
    definition: str
    kind: str
    rates: tuple[Rate, ...]
    window_weeks: int
    clock: str = "restart"
    grace_days: int = 0
    baseline: float = 0.0
    baseline_method: str = "none"
    target: float | None = None
    validation: str = ""
    cap_child_units: int | None = None
    clawback_weeks: int = 0
    clawback_share: float = 0.0

    @property
    def window_days(self) -> int:
        """The window in days."""
        return 7 * self.window_weeks

    @property
    def by_cohort(self) -> bool:
        """Whether units may be negative, so that children count against each other."""
        return self.kind in ("days_vs_baseline", "score_change")

    def rate(self, band: str, day: date) -> Rate:
        """Give the price that holds for a band on a day.

        Raises
        ------
        InputError
            If none holds.
        """
        for rate in self.rates:
            if rate.holds(band, day):
                return rate
        raise InputError(
            f"Metric {self.id}: no rate holds for band {band!r} on {day:%Y-%m-%d}. Add a [[metric.rate]] for it."
        )


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A harm that payment must not buy.

    Parameters
    ----------
    kind : str
        What happened, such as "missing".
    limit : float
        Most events per 100 child-years that are accepted.
    hold_weeks : int
        A child's outcomes within so many weeks after an event are withheld; 0 withholds none.
    """

    kind: str
    limit: float
    hold_weeks: int = 0


@dataclass(frozen=True, slots=True)
class Contract:
    """An outcomes contract, as its settings file says.

    Parameters
    ----------
    id, title, payer, provider : str
        Who pays whom for what.
    start, end : date
        First and last day of service.
    metrics : tuple of Metric
        What is paid for.
    guardrails : tuple of Guardrail
        What stops a payment.
    cap_pence, cap_child_pence : int or None
        Most that is paid in all, and for one child.
    index_rate : float
        Rise of every price on each `index_month`, from the first after the start; 0 for fixed prices.
    index_month : int
        1 to 12.
    source, url, note : str
        Where it was read, and what of it is ours.
    """

    id: str
    title: str
    payer: str
    provider: str
    start: date
    end: date
    metrics: tuple[Metric, ...]
    guardrails: tuple[Guardrail, ...] = ()
    cap_pence: int | None = None
    cap_child_pence: int | None = None
    index_rate: float = 0.0
    index_month: int = 4
    source: str = ""
    url: str = ""
    note: str = ""

    def metric(self, name: str) -> Metric:
        """Give a metric by its id.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        for metric in self.metrics:
            if metric.id == name:
                return metric
        raise InputError(f"Contract {self.id} has no metric {name!r}. It has: {', '.join(self.names())}.")

    def against(self, baseline: float, window_weeks: int) -> Contract:
        """Give the same contract with a baseline of its own, in days or points, and a window.

        Examples
        --------
        >>> metric = Metric("days", "fewer days", "days_vs_baseline", (Rate(100),), 10, baseline=40)
        >>> made = Contract("c", "c", "us", "them", date(2018, 4, 1), date(2021, 3, 31), (metric,))
        >>> made.against(300, 104).metrics[0].baseline
        300
        """
        first = replace(
            self.metrics[0], baseline=baseline, window_weeks=window_weeks, baseline_method="historical"
        )
        return replace(self, metrics=(first, *self.metrics[1:]))

    def names(self) -> tuple[str, ...]:
        """Give the ids of the metrics."""
        return tuple(m.id for m in self.metrics)

    def steps(self, day: date) -> int:
        """Count the rises of price between the start and a day."""
        months = (day.year - self.start.year) * 12 + day.month - self.index_month
        before = self.start.month >= self.index_month  # this year's rise was before, or on, the start
        return max(months // 12 + (0 if before else 1), 0)

    def price(self, metric: Metric, band: str, day: date) -> int:
        """Give the price of a unit in pence on a day, indexed and rounded half up.

        Examples
        --------
        >>> metric = Metric("home", "52 weeks", "milestone", (Rate(1_000_00),), 52)
        >>> made = Contract("c", "c", "us", "them", date(2018, 4, 1), date(2021, 3, 31), (metric,), index_rate=0.02)
        >>> made.price(metric, "all", date(2019, 3, 31)), made.price(metric, "all", date(2020, 4, 1))
        (100000, 104040)
        """
        rise = (1 + self.index_rate) ** self.steps(day)
        return round_half_up(metric.rate(band, day).pence * rise)

    def frame(self) -> pd.DataFrame:
        """Give one row per price: metric, kind, clock, window, band, price in pounds."""
        rows = [
            (m.id, m.definition, m.kind, m.clock, m.window_weeks, r.band, r.pence / 100)
            for m in self.metrics
            for r in m.rates
        ]
        names = ["metric", "definition", "kind", "clock", "window_weeks", "band", "price_gbp"]
        return pd.DataFrame(rows, columns=names)


def round_half_up(amount: float) -> int:
    """Round to a whole number, halves away from nought, as money is.

    Examples
    --------
    >>> round_half_up(2.5), round_half_up(-2.5), round_half_up(2.4999)
    (3, -3, 2)
    """
    size = int(abs(amount) + 0.5 + 1e-9)
    return size if amount >= 0 else -size
