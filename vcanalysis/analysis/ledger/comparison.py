"""Children in the programme beside comparable ones outside it, weighted until they are alike (entropy balancing).

No dependency does entropy balancing; the tests hold it against the conditions that define its weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, special, stats

from vcanalysis.analysis.ledger.reading import LIMITS, Array
from vcanalysis.analysis.ledger.robustness import e_value, ratio_of_difference, robustness_value
from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.limits import allowed
from vcanalysis.core.parts import parts_of

METHOD = "entropy balancing; errors from residuals, t by Satterthwaite"
MINIMUM, ENOUGH = 5, 10
UNSEEN = tuple(
    f"{what} to {end} ({name})"
    for what, name in (
        ("Share of cost and of who takes part that an unknown cause must explain", "robustness value"),
        ("How many times likelier an unknown cause must make taking part, and a low cost,", "E-value"),
    )
    for end in ("undo the difference", "leave it unclear")
)
_NOBODY = "no weights make the children outside like those of the programme"
_BALANCED = 1e-4  # of a standard deviation


@dataclass(frozen=True)
class Comparison:
    """Children in a programme beside weighted children outside it; made by `compare_alike`.

    Parameters
    ----------
    outcome : array of float
        Of all children with known values.
    treated : array of bool
        Who was in the programme.
    columns : dict of str to array
        What they are compared by.
    weight : array of float
        Weights: of those outside they add up to one, of those inside each counts alike.
    reason : str
        Why there is no comparison; empty where there is one.
    level : float
        Confidence level.
    """

    outcome: Array
    treated: Array
    columns: dict[str, Array]
    weight: Array
    reason: str
    level: float

    @property
    def effective(self) -> float:
        """Children outside that the weights amount to."""
        weight = self.weight[~self.treated]
        return float(1 / (weight @ weight)) if not self.reason else 0.0

    def amounts_to(self) -> Estimate:
        """Say how many children outside the weights amount to: few, where few are like the programme's."""
        term, n = "Children outside that the weights amount to", int((~self.treated).sum())
        about = {"unit": "children", "method": "effective number of the weights (Kish)"}
        if self.reason:
            return Estimate.not_estimable(term, n=n, reason=self.reason, **about)
        return Estimate(term, self.effective, n=n, **about)  # type: ignore[arg-type]

    @property
    def _freedom(self) -> float:
        """Degrees of freedom left of the children inside and those the weights amount to."""
        return max(int(self.treated.sum()) + self.effective - len(self.columns) - 2, 2.0)

    @cached_property
    def effect(self) -> Estimate:
        """Mean of those in the programme less the weighted mean of those outside."""
        term, n = "Difference from comparable children", int(self.treated.sum())
        about = {"unit": "GBP per week", "method": METHOD}
        if self.reason:
            return Estimate.not_estimable(term, n=n, reason=self.reason, **about)
        value = float(np.where(self.treated, self.weight, -self.weight) @ self.outcome)
        parts, freedom = self._variances()
        error = float(np.sqrt(parts.sum()))
        df = float(parts.sum() ** 2 / (parts**2 / freedom).sum()) if parts.sum() > 0 else float(freedom.min())
        half = float(stats.t.ppf((1 + self.level) / 2, df)) * error
        return Estimate(
            term,
            value,
            value - half,
            value + half,
            self.level,
            n,
            std_error=error,
            parts=parts_of(self.weight * self.outcome),
            **about,  # type: ignore[arg-type]
        )

    def _variances(self) -> tuple[Array, Array]:
        """Give the variance of each side's mean about what the columns say, and its degrees of freedom.

        Cost falls a long way for the few who leave a home: where chance put few of them among the programme's
        children, these look both dear and alike. So their spread is taken to be at least that of the others.
        """
        outside, design = (
            ~self.treated,
            sm.add_constant(np.column_stack(list(self.columns.values())), has_constant="add"),
        )
        weight = self.weight[outside]
        root = np.sqrt(weight)[:, None]
        slope, *_ = np.linalg.lstsq(root * design[outside], root[:, 0] * self.outcome[outside], rcond=None)
        rest = self.outcome - design @ slope
        hat = ((root * design[outside]) @ np.linalg.pinv(root * design[outside])).diagonal()
        own = rest[outside] / np.sqrt(np.maximum(1 - hat, 1e-6))
        inside = rest[self.treated]
        spent = design.shape[1]
        least = float(weight @ own**2)
        parts = np.array(
            [max(inside.var(ddof=1), least) / len(inside), float((weight * own) @ (weight * own))]
        )
        return parts, np.array([len(inside) - 1.0, max(self.effective - spent, 1.0)])

    def balance(self) -> pd.DataFrame:
        """Give, for each column, the means and the standardised difference before and after weighting.

        No rows where nobody is on one of the two sides.
        """
        both = self.treated.any() and not self.treated.all()
        rows = [self._balance(name, values) for name, values in self.columns.items() if both]
        names = [
            "column",
            "programme",
            "outside",
            "outside_weighted",
            "difference_before",
            "difference_after",
        ]
        return pd.DataFrame(rows, columns=names)

    def alike(self) -> Estimates:
        """Say how far both sides differ in what they are compared by, as they are and weighted, in standard deviations.

        Not estimable where nobody is on one of the two sides, or no weights were found.
        """
        term, n = "Programme less outside", int(self.treated.sum())
        about = {
            "n": n,
            "unit": "standard deviations",
            "method": "standardised difference of means",
            "support": n,
        }
        rows = self.balance()
        if rows.empty or self.reason:
            reason = self.reason or "nobody is on one of the two sides"
            return Estimates.of([Estimate.not_estimable(term, reason=reason, **about)])  # type: ignore[arg-type]
        made = Estimate(term, 0.0, **about)  # type: ignore[arg-type]
        return Estimates.of(
            replace(
                made,
                value=round(float(getattr(row, f"difference_{when}")), 6),
                group=f"{say_column(row.column)}, {how}",
            )
            for row in rows.itertuples()
            for when, how in (("before", "as they are"), ("after", "weighted"))
        )

    def _balance(self, name: str, values: Array) -> tuple[str, float, float, float, float, float]:
        inside, outside = values[self.treated], values[~self.treated]
        spread = float(inside.std(ddof=1)) if len(inside) > 1 else 0.0
        spread = spread or float(outside.std(ddof=1)) or 1.0
        weighted = float(self.weight[~self.treated] @ outside) if not self.reason else float("nan")
        means = float(inside.mean()), float(outside.mean()), weighted
        return name, *means, (means[0] - means[1]) / spread, (means[0] - weighted) / spread

    def robustness(self) -> Estimates:
        """Say how strong something unseen would have to be to undo the difference: robustness value and E-value.

        Both are of the weighted comparison: its own error, and as many children as its weights amount to.
        """
        found, n = self.effect, self.effect.n
        if found.value is None or not found.std_error:
            reason = self.reason or "the costs do not vary"
            return Estimates.of([Estimate.not_estimable(UNSEEN[0], n=n, reason=reason)])
        t, df = found.value / found.std_error, self._freedom
        spread = float(np.std(self.outcome[~self.treated], ddof=1)) or 1.0
        near = 0.0 if not found.excludes() else min((found.low or 0.0, found.high or 0.0), key=abs)
        said = [e_value(ratio_of_difference(end, spread)) for end in (found.value, near)]
        about = {
            "n": n,
            "support": n,
            "method": "robustness value: Cinelli and Hazlett; E-value: VanderWeele and Ding",
        }
        return Estimates.of(
            [
                Estimate(UNSEEN[0], robustness_value(t, df), unit="share", **about),  # type: ignore[arg-type]
                Estimate(
                    UNSEEN[1],
                    robustness_value(t, df, level=self.level),
                    unit="share",
                    **about,  # type: ignore[arg-type]
                ),
                Estimate(UNSEEN[2], said[0], unit="ratio", **about),  # type: ignore[arg-type]
                Estimate(UNSEEN[3], said[1], unit="ratio", **about),  # type: ignore[arg-type]
            ]
        )


def compare_alike(
    frame: pd.DataFrame, *, treated: str, outcome: str, columns: Sequence[str], level: float = 0.95
) -> Comparison:
    """Compare children in a programme with children outside, weighted so that both are alike on average.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows with a missing value are left out.
    treated : str
        Column of True and False: in the programme.
    outcome : str
        Column of what is compared.
    columns : sequence of str
        Numeric columns they must be alike in, all known before the programme.
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        ``.effect``, ``.balance()``, ``.robustness()``. Not estimable where the programme's children lie outside what
        weights can reach: nobody comparable exists.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or the level cannot be.

    References
    ----------
    Hainmueller J (2012), Political Analysis 20:25-46; Zhao Q, Percival D (2017), J Causal Inference 5, for why it is
    also a regression.

    Examples
    --------
    >>> rows = pd.DataFrame({"in": [True] * 6 + [False] * 12, "age": [*range(10, 16), *range(8, 20)],
    ...                      "gbp": [float(x) for x in range(18)]})
    >>> found = compare_alike(rows, treated="in", outcome="gbp", columns=["age"])
    >>> float(found.balance()["outside_weighted"].iloc[0].round(3)), round(found.effect.value, 2)
    (12.5, -8.0)
    """
    require_columns(frame, treated, outcome, *columns)
    allowed(LIMITS, "level", level)
    numbers = {name: number_column(frame, name) for name in [outcome, *columns]}
    kept = ~np.isnan(np.column_stack(list(numbers.values()))).any(axis=1)
    inside = frame[treated].fillna(False).to_numpy(dtype=bool)[kept]
    numbers = {name: values[kept] for name, values in numbers.items()}
    values = numbers.pop(outcome)
    reason, weight = _weights(inside, numbers)
    return Comparison(values, inside, numbers, weight, reason, level)


def _weights(inside: Array, columns: dict[str, Array]) -> tuple[str, Array]:
    """Give the reason why not, and the weights: nearest to equal among those that balance every mean."""
    weight = np.where(inside, 1 / max(inside.sum(), 1), 0.0)
    if inside.sum() < MINIMUM:
        return f"at least {MINIMUM} children of the programme must have both costs", weight
    if (~inside).sum() < max(ENOUGH, 2 * len(columns) + 2):
        return f"at least {max(ENOUGH, 2 * len(columns) + 2)} children outside must be compared with", weight
    table = np.column_stack(list(columns.values()))
    spread = table.std(axis=0)
    apart = ((table - table[inside].mean(axis=0)) / np.where(spread > 0, spread, 1.0))[~inside]
    if not _within_reach(apart):
        return _NOBODY, weight
    found = optimize.minimize(
        lambda x: special.logsumexp(apart @ x),
        np.zeros(apart.shape[1]),
        jac=lambda x: special.softmax(apart @ x) @ apart,
        method="BFGS",
        options={"gtol": 1e-9},
    )
    weight[~inside] = special.softmax(apart @ found.x)
    if np.abs(weight[~inside] @ apart).max() > _BALANCED:
        return _NOBODY, weight
    return "", weight


def _within_reach(apart: Array) -> bool:
    """Whether any weights at all give children outside the means of the programme (a linear programme)."""
    rows = np.vstack([apart.T, np.ones(len(apart))])
    goal = np.append(np.zeros(apart.shape[1]), 1.0)
    return bool(optimize.linprog(np.zeros(len(apart)), A_eq=rows, b_eq=goal, method="highs").status == 0)
