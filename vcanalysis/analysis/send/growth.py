"""Why spending on plans grew: residents, prevalence, plan rate, mix of settings and price, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.send.fit import FEWEST
from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.log_mean import Array, log_mean_effects, to_the_penny
from vcanalysis.core.numbers import write_number

FACTORS = ("population", "prevalence", "plan rate", "mix of settings", "price")
METHOD = "additive logarithmic mean Divisia (LMDI-I), zero cells by their limits"
_WORDS = {
    "population": "Residents aged 0 to 25",
    "prevalence": "Those with needs, of residents",
    "plan rate": "Those with a plan, of those with needs",
    "mix of settings": "Where those with a plan learn",
    "price": "Cost of the same type of setting",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """Spending of two censuses and what lies between; made by `demand_growth`.

    Parameters
    ----------
    first, second : int
        Yearly cost of all plans, pence.
    effects : dict of str to int
        Pence by factor, in the order of `FACTORS`; they add up to ``second - first``.
    plans : tuple of int
        People with a plan at either census.
    rates : dict of str to float
        Growth of population, prevalence, plan rate and price from first to second, as a ratio; of price it is the
        geometric mean over settings, weighted by their pounds at both, and there only where a setting is in both.
    reason : str
        Why there is no split; empty where there is one.
    """

    first: int
    second: int
    effects: dict[str, int]
    plans: tuple[int, int]
    rates: dict[str, float]
    reason: str = ""

    @property
    def why_not(self) -> str:
        """Why nothing is said; empty where something is."""
        few = min(self.plans) < FEWEST
        return self.reason or (f"at least {FEWEST} plans at either census are needed" if few else "")

    def estimates(self) -> Estimates:
        """Give the effects in pounds; an identity has no interval. Of fewer than 10 plans nothing is said."""
        n, reason = sum(self.plans), self.why_not
        if reason:
            n = min(self.plans)
            about = {"reason": reason, "method": METHOD, "of": "plans", "n": n}
            return Estimates.of(Estimate.not_estimable(_WORDS[f], **about) for f in FACTORS)  # type: ignore[arg-type]
        made = [
            Estimate(_WORDS[f], self.effects[f] / 100, unit="GBP", method=METHOD, n=n, of="plans", support=n)
            for f in FACTORS
        ]
        return Estimates.of(made, self.sentence())

    def frame(self) -> pd.DataFrame:
        """Give the effects as a tidy frame."""
        return self.estimates().frame()

    def sentence(self) -> str:
        """Say both totals and what moved the one to the other."""
        if reason := self.why_not:
            return f"Why the cost of plans changed: not estimable. {reason[:1].upper()}{reason[1:]}."
        ends = [write_number(pence / 100, "GBP") for pence in (self.first, self.second)]
        parts = ", ".join(f"{f} {write_number(self.effects[f] / 100, 'GBP')}" for f in FACTORS)
        return f"The yearly cost of plans went from {ends[0]} to {ends[1]}: {parts}."


def demand_growth(
    first: pd.DataFrame, second: pd.DataFrame, *, setting: str, cost: str, plan: str, residents: str
) -> Growth:
    """Split the change in the cost of plans into five factors that add up to the penny.

    Parameters
    ----------
    first, second : DataFrame
        One row per person with special educational needs at either census.
    setting : str
        Column of the type of setting.
    cost : str
        Column of yearly pounds; every plan needs one.
    plan : str
        Column of truth values: has a plan.
    residents : str
        Column of residents aged 0 to 25, the same in every row of a census.

    Returns
    -------
    Growth
        ``.effects`` in pence; ``.estimates()``, ``.frame()``, ``.sentence()``.

    Raises
    ------
    InputError
        If a column is missing. Without plans, without a cost for each, or without one number of residents at both
        there is no split, and the result says why.

    Notes
    -----
    Cost is ``sum over settings of R x N/R x P/N x m x p``: residents, those with needs of residents, those with a plan
    of them, share of a setting among plans, mean cost in it. The split is an identity: it says what moved, not why.
    Price is the mean cost of a plan in a setting: it moves with who is there as well as with what a place costs.

    References
    ----------
    Ang BW (2005), Energy Policy 33:867-871.

    Examples
    --------
    >>> before = pd.DataFrame({"setting": ["school"] * 2, "gbp": [100.0, 0.0], "plan": [True, False], "people": 50})
    >>> after = before.assign(gbp=[110.0, 0.0], people=60)
    >>> names = {"setting": "setting", "cost": "gbp", "plan": "plan", "residents": "people"}
    >>> {name: pence for name, pence in demand_growth(before, after, **names).effects.items() if pence}
    {'population': 1913, 'prevalence': -1913, 'price': 1000}
    """
    reasons = [_lacking(frame, cost, plan, residents) for frame in (first, second)]
    if any(reasons):
        return Growth(0, 0, dict.fromkeys(FACTORS, 0), (0, 0), {}, next(r for r in reasons if r))
    read = [_read(frame, setting, cost, plan, residents) for frame in (first, second)]
    cells = pd.concat([r[0].add_suffix(f"_{i}") for i, r in enumerate(read)], axis=1).fillna(0.0)
    factors = [_factors(cells, i, r[1], r[2]) for i, r in enumerate(read)]
    money = cells[["gbp_0", "gbp_1"]].to_numpy()
    pence = [round(100 * float(total)) for total in money.sum(axis=0)]
    effects = to_the_penny(100 * log_mean_effects(money, *factors).sum(axis=0), pence[1] - pence[0])
    plans = int(cells["plans_0"].sum()), int(cells["plans_1"].sum())
    rates = dict(zip(FACTORS[:3], map(float, factors[1][0, :3] / factors[0][0, :3]), strict=True))
    both = (money > 0).all(axis=1)
    if both.any():
        unit = np.ones(
            (int(both.sum()), 1)
        )  # with a factor that grows e times, effects are the weights themselves
        weights = log_mean_effects(money[both], unit, np.e * unit).sum()
        rates["price"] = float(np.exp(effects[-1] / 100 / weights))
    return Growth(pence[0], pence[1], dict(zip(FACTORS, effects, strict=True)), plans, rates)


def _lacking(frame: pd.DataFrame, cost: str, plan: str, residents: str) -> str:
    """Say why a census cannot be split; empty where it can."""
    require_columns(frame, plan, residents)
    people = np.unique(number_column(frame, residents))
    has = frame[plan].fillna(False).to_numpy(dtype=bool)
    without = int(np.isnan(cost_column(frame, cost)[has]).sum())
    if not has.any():
        return "a census has no plan"
    if without:
        return f"{without:,} of {int(has.sum()):,} plans of a census have no cost"
    return (
        ""
        if len(people) == 1 and people[0] > 0
        else "the residents of a census are not one number above nought"
    )


def _read(
    frame: pd.DataFrame, setting: str, cost: str, plan: str, residents: str
) -> tuple[pd.DataFrame, float, int]:
    """Give plans and pounds by setting, the residents and the number with needs."""
    require_columns(frame, setting, plan, residents)
    pounds, people = cost_column(frame, cost), np.unique(number_column(frame, residents))
    has = frame[plan].fillna(False).to_numpy(dtype=bool)
    kind = frame[setting].astype("str").where(frame[setting].notna(), "not known")
    rows = pd.DataFrame({"kind": kind.to_numpy(), "gbp": pounds, "plans": 1.0})[has]
    return rows.groupby("kind")[["plans", "gbp"]].sum(), float(people[0]), len(frame)


def _factors(cells: pd.DataFrame, period: int, residents: float, needs: int) -> Array:
    plans, money = cells[f"plans_{period}"].to_numpy(), cells[f"gbp_{period}"].to_numpy()
    total = plans.sum()
    whole = np.tile([residents, needs / residents, total / needs], (len(cells), 1))
    price = np.divide(money, plans, out=np.zeros(len(plans)), where=plans > 0)
    return np.column_stack([whole, plans / total, price])
