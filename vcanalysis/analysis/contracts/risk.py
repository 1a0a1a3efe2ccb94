"""What a contract risks, and whom: payments, what they buy and the provider's margin under the measured survival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vcanalysis.analysis.contracts.terms import Contract, Metric
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, wilson
from vcanalysis.core.parts import Priced
from vcanalysis.core.survival import Staying

METHOD = (
    "simulation under the measured survival; the error of both curves and the luck of the children are in it"
)
SPAN = "range of the simulation"
TERMS = (
    "Payment",
    "Share of the payment for what would have come anyway",
    "Provider's margin",
    "Cost of homes avoided less payment",
    "Chance that the provider loses money",
    "Chance that the payer pays more than it avoids",
    "Payment per additional week in a family",
)


def pay_for_days(contract: Contract, days: np.ndarray, anyway: np.ndarray | None = None) -> np.ndarray:
    """Give what a contract pays for children who each stay in one family for so many days, in pence.

    Parameters
    ----------
    contract : Contract
        Its first metric is paid, at its first price, without indexation: a picture of its risk, not a ledger.
    days : array (replicates, children)
        Days in the family, from the start of the window.
    anyway : array (replicates, children), optional
        Days the child would have stayed on in the home: no days in a home are counted after them, even where the
        family has broken down. Without it the child would have stayed throughout.

    Returns
    -------
    array (replicates, children)
        Of metrics by cohort, each child's share of the balance, which may be negative; caps of a child are kept, and
        sums are brought to the contract's cap.

    Raises
    ------
    InputError
        If the first metric is paid by scores.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> pay_for_days(read_contract("birmingham-52-weeks"), np.array([[363.0, 364.0]])).tolist()
    [[0.0, 1625000.0]]
    """
    metric = contract.metrics[0]
    paid = _units(metric, days, anyway) * float(metric.rates[0].pence)
    if contract.cap_child_pence is not None:
        paid = np.minimum(paid, contract.cap_child_pence)
    total = paid.sum(axis=1, keepdims=True)
    most = np.inf if contract.cap_pence is None else contract.cap_pence
    goal = np.clip(total, 0, most)
    scale = np.divide(goal, total, out=np.ones_like(total), where=total > 0)
    return np.where(total > 0, paid * scale, 0.0)


def _units(metric: Metric, days: np.ndarray, anyway: np.ndarray | None) -> np.ndarray:
    if metric.kind == "milestone":
        return (days >= metric.window_days).astype(float)
    if metric.kind == "weekly":
        return np.minimum(days // 7, metric.window_weeks)
    if metric.kind == "days_vs_baseline":
        there = np.full_like(days, metric.window_days) if anyway is None else anyway
        return metric.baseline - np.maximum(np.minimum(there, metric.window_days) - days, 0)
    raise InputError(f"Metric {metric.id} is paid by scores: its risk is not simulated from stays.")


def _bought(contract: Contract, both: np.ndarray, paid: np.ndarray) -> np.ndarray:
    """Give the part of the payment, in pounds, that is for what would not have come anyway."""
    metric = contract.metrics[0]
    if not metric.by_cohort:
        return pay_for_days(contract, both).sum(axis=1) / 100
    avoided = np.minimum(both, metric.window_days).sum(axis=1) * metric.rates[0].pence / 100
    return np.minimum(avoided, paid)


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays drawn for children of a contract, the same for every form of contract held beside another.

    Parameters
    ----------
    family, anyway : array (replicates, children)
        Days in the family; days the child would have stayed on in the home without the contract.
    why : str
        Why none could be drawn; empty where they could.
    """

    family: np.ndarray
    anyway: np.ndarray
    why: str = ""

    def days_anyway(self, window_weeks: int) -> float:
        """Give the mean days in a home within a window without the contract: the baseline of one's own history."""
        inside = np.minimum(self.anyway, 7 * window_weeks)
        return float(inside.mean()) if inside.size else 0.0


def draw_stays(
    family: Staying, home: Staying, *, home_days: np.ndarray, replicates: int = 2000, seed: int = 0
) -> Stays:
    """Draw how long children stay in families, and would have stayed in homes, from the council's own history.

    Parameters
    ----------
    family, home : Staying
        From `natural_stays`: stays in families like those of the contract, and stays in homes without it.
    home_days : array (children,)
        Days each child has been in the home when it moves.
    replicates : int
        Draws.
    seed : int
        Seed.

    Returns
    -------
    Stays
        None, and why, where a history does not say how long stays last, or there are no children.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.core.survival import natural_stays
    >>> rows = pd.DataFrame({"child_id": range(20), "entry_days": 0, "exit_days": range(10, 210, 10), "left": True})
    >>> same = natural_stays(rows)
    >>> draw_stays(same, same, home_days=np.zeros(5), replicates=3, seed=1).family.shape
    (3, 5)
    """
    why = family.why_not or home.why_not or ("" if len(home_days) else "no child lives in a home")
    if why:
        return Stays(np.zeros((1, 0)), np.zeros((1, 0)), why)
    stay = family.leaving(np.zeros(len(home_days)), replicates=replicates, seed=seed)
    anyway = home.leaving(np.asarray(home_days, dtype=float), replicates=replicates, seed=seed + 1)
    return Stays(stay.astype(float), anyway.astype(float))


@dataclass(frozen=True, slots=True)
class Risk:
    """What one form of contract does over many draws.

    Parameters
    ----------
    name : str
        The form.
    paid, bought, delivery, value : array (replicates,)
        Pounds paid; pounds paid for what would not have come anyway; cost of delivery; cost of homes avoided.
    children : int
        Children in the contract.
    why : str
        Why nothing can be said; empty where it can.
    weeks : array (replicates,), optional
        Weeks in a family in which the children would still have been in a home, within the horizon.
    """

    name: str
    paid: np.ndarray
    bought: np.ndarray
    delivery: float
    value: np.ndarray
    children: int
    why: str = ""
    weeks: np.ndarray | None = None

    def estimates(self, level: float = 0.95) -> Estimates:
        """Give payment, deadweight, margin, who may lose and the price of an additional week; group: the form."""
        if self.why:
            none = [
                Estimate.not_estimable(t, n=self.children, reason=self.why, group=self.name) for t in TERMS
            ]
            return Estimates.of(none)
        anyway, all_ = self.paid - self.bought, self.paid
        share = np.divide(anyway, all_, out=np.zeros_like(all_), where=all_ > 0)
        made = [
            self._spread(TERMS[0], self.paid, "GBP", level),
            self._spread(TERMS[1], share, "share", level),
            self._spread(TERMS[2], self.paid - self.delivery, "GBP", level).named(priced=self._delivered()),
            self._spread(TERMS[3], self.value - self.paid, "GBP", level),
            self._chance(TERMS[4], self.paid < self.delivery, level),
            self._chance(TERMS[5], self.value < self.paid, level),
            self._each_week(level),
        ]
        return Estimates.of(made)

    def _spread(self, term: str, draws: np.ndarray, unit: str, level: float) -> Estimate:
        ends = percentile_interval(draws, level)
        about: dict[str, Any] = {"group": self.name, "method": METHOD, "span": SPAN}
        about |= {"support": self.children}  # a share of simulated payments counts no child
        return Estimate(term, float(draws.mean()), *ends, level, self.children, unit, **about)

    def _delivered(self) -> Priced | None:
        """Say what a child more takes from the margin: with the payment beside it, it counts the children."""
        each = -self.delivery / max(self.children, 1)
        return Priced(self.children, each, each, each) if self.children else None

    def _each_week(self, level: float) -> Estimate:
        """Give all payments over all additional weeks, and the range of the same in each draw."""
        about: dict[str, Any] = {"group": self.name, "method": METHOD}
        weeks = np.zeros(0) if self.weeks is None else self.weeks
        if weeks.sum() <= 0:
            why = "no week in a family would be additional"
            return Estimate.not_estimable(TERMS[6], n=self.children, reason=why, **about)
        each = np.divide(self.paid, weeks, out=np.full_like(self.paid, np.inf), where=weeks > 0)
        ends = percentile_interval(each, level)
        if not np.isfinite(ends).all():
            why = "in too many draws no week in a family would be additional"
            return Estimate.not_estimable(TERMS[6], n=self.children, reason=why, **about)
        value = float(self.paid.sum() / weeks.sum())
        about |= {"support": self.children, "span": SPAN}
        return Estimate(TERMS[6], value, *ends, level, self.children, "GBP", **about)

    def _chance(self, term: str, happened: np.ndarray, level: float) -> Estimate:
        share = float(happened.mean())
        about = {"method": f"{METHOD}; interval of the number of draws", "group": self.name}
        ends = wilson(float(happened.sum()), len(happened), level)
        return Estimate(term, share, *ends, level, self.children, "probability", **about)  # type: ignore[arg-type]


def contract_risk(
    contracts: Mapping[str, Contract],
    stays: Stays,
    *,
    home_gbp_week: float,
    family_gbp_week: float,
    delivery_gbp_child: float,
    horizon_weeks: int = 104,
    same_payment_gbp: float | None = None,
) -> dict[str, Risk]:
    """Hold several forms of contract against the same children and the same luck.

    Parameters
    ----------
    contracts : mapping of str to Contract
        Forms by name.
    stays : Stays
        From `draw_stays`.
    home_gbp_week, family_gbp_week : float
        Prices: a week in the family instead of the home avoids the difference.
    delivery_gbp_child : float
        What the provider spends on each child it takes.
    horizon_weeks : int
        Weeks over which avoided cost is counted.
    same_payment_gbp : float, optional
        Where given, prices are scaled so that each form pays this on average: forms then differ in what they pay for.

    Returns
    -------
    dict of str to Risk

    Raises
    ------
    InputError
        If a form is paid by scores.

    Notes
    -----
    What a form bought is what it would pay for the days in the family within which the child would still have been in
    the home; against a baseline, the days that were really avoided, up to what was paid. A child whose family breaks
    down is taken to return to a home until the day on which it would have left it anyway.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> stays = Stays(np.array([[400.0, 100.0]]), np.array([[500.0, 500.0]]))
    >>> prices = {"home_gbp_week": 4000, "family_gbp_week": 1000, "delivery_gbp_child": 5000}
    >>> found = contract_risk({"52 weeks": read_contract("birmingham-52-weeks")}, stays, **prices)["52 weeks"]
    >>> float(found.paid[0]), float(found.bought[0])
    (16250.0, 16250.0)
    """
    both = np.minimum(stays.family, stays.anyway)
    weeks = np.minimum(both, 7 * horizon_weeks).sum(axis=1) / 7
    value = weeks * (home_gbp_week - family_gbp_week)
    children = stays.family.shape[1]
    priced = np.isfinite(home_gbp_week) and np.isfinite(family_gbp_week)
    why = stays.why or ("" if priced else "no price of homes, or of families, is known")
    made = {}
    for name, contract in contracts.items():
        paid = pay_for_days(contract, stays.family, stays.anyway).sum(axis=1) / 100
        bought, mean = _bought(contract, both, paid), float(paid.mean())
        scale = 1.0 if same_payment_gbp is None or mean <= 0 else same_payment_gbp / mean
        nothing = "it pays nothing for these stays" if mean <= 0 else ""
        delivery = children * delivery_gbp_child
        made[name] = Risk(
            name, scale * paid, scale * bought, delivery, value, children, why or nothing, weeks
        )
    return made
