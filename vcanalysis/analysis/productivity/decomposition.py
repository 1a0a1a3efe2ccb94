"""Why one council spends more on children in care than another: need, rate beyond need, mix, price, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, resample

PARTS = ("need", "rate beyond need", "mix of placements", "price", "not explained")
FEWEST = 20
REPLICATES = 1000
METHOD = "covariance of each part with log spend over its variance; bootstrap of councils"


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Parts whose logs add up to log spend per resident child, and their shares of its variance.

    Parameters
    ----------
    parts : DataFrame
        One row per council: unit, total, and the five of `PARTS`, logs about the mean of councils.
    shares : Estimates
        Share of the variance of log spend that moves with each part; they add up to 1, and one may lie below 0.
    """

    parts: pd.DataFrame
    shares: Estimates

    def sentence(self) -> str:
        """Say the shares, the largest first."""
        if not self.shares[0].estimable:
            return self.shares[0].sentence()
        ordered = sorted(self.shares, key=lambda e: -(e.value or 0.0))
        said = ", ".join(f"{e.group} {e.words()}" for e in ordered)
        return f"Of the differences in spend per resident child between {self.shares[0].n} councils: {said}."

    def headline(self) -> str:
        """Say the largest part, for the head of a picture."""
        if not self.shares[0].estimable:
            return "What makes councils' spend differ cannot be told from these data"
        first = max(self.shares, key=lambda e: e.value or 0.0)
        return (
            f"Councils' spend differs most by {first.group}: {100 * (first.value or 0):.0f}% of the variance"
        )


def decompose_spend(
    frame: pd.DataFrame,
    *,
    unit: str,
    total: str,
    rate: str,
    mix: dict[str, str],
    need: Sequence[str],
    level: float = 0.95,
    seed: int = 0,
) -> Decomposition:
    """Split the variance of log spend per resident child into need, rate beyond need, mix, price and the rest.

    Parameters
    ----------
    frame : DataFrame
        One row per council; rows that lack a column are left out.
    unit : str
        Column that names the council.
    total : str
        Spend on children in care per resident child, above 0.
    rate : str
        Children in care per resident child (any multiple of it), above 0.
    mix : dict of str to str
        For each kind of placement the column of its share of children (any multiple, such as per cent) and the
        column of its price; shares need not add up to all children.
    need : sequence of str
        What the rate of children in care is expected by, such as deprivation.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Decomposition
        Not estimable below 20 councils, or where spend does not vary.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or none is given for mix or need.

    Notes
    -----
    An identity for every council: log total = log rate + log spend per child. The log rate is what need leads to
    expect plus the rest; the log spend per child is what the council's mix would cost at the mean prices, plus what
    its own prices add to that, plus the rest (placements of no known price, the accounts). What need "leads to
    expect" is a regression over councils: a council's own choices that go with deprivation are counted as need.

    References
    ----------
    Klenow PJ, Rodriguez-Clare A (1997), NBER Macroecon Annu 12:73-103, for sharing out covariances; Shorrocks AF
    (1982), Econometrica 50:193-211.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> made = pd.DataFrame({"council": np.arange(60), "poor": rng.normal(20, 5, 60), "homes": rng.uniform(8, 16, 60)})
    >>> made = made.assign(rate=np.exp(4 + 0.05 * made["poor"]), price=5000.0, foster=80.0, fee=700.0)
    >>> made["total"] = made["rate"] * (made["homes"] * 5000 + 80 * 700)
    >>> found = decompose_spend(made, unit="council", total="total", rate="rate",
    ...                         mix={"homes": "price", "foster": "fee"}, need=["poor"])
    >>> [round(abs(e.value), 1) for e in found.shares]
    [0.9, 0.0, 0.1, 0.0, 0.0]
    """
    if not mix or not need:
        raise InputError(
            "A decomposition needs at least one kind of placement with its price, and one column of need."
        )
    parts, columns = _parts(frame, unit, (total, rate), mix, need)
    n = len(parts)
    if n < FEWEST or not np.ptp(parts["total"].to_numpy()) > 0:
        reason = f"at least {FEWEST} councils are needed" if n < FEWEST else "all councils spend alike"
        return Decomposition(parts, Estimates.of(_none(name, n, reason) for name in PARTS))
    data = parts[["total", "log_rate", *PARTS[2:]]].to_numpy()
    shares = _shares(np.ones((1, n)), data, columns)[0]
    drawn = resample(
        lambda counts: _shares(counts.astype(float), data, columns), n, replicates=REPLICATES, seed=seed
    )
    fitted = columns @ np.linalg.lstsq(columns, data[:, 1], rcond=None)[0]
    made = parts.assign(**{PARTS[0]: fitted - fitted.mean(), PARTS[1]: data[:, 1] - fitted})
    ends = [percentile_interval(drawn[:, i], level) for i in range(len(PARTS))]
    about: dict[str, Any] = {"unit": "share", "of": "councils", "method": METHOD, "n": n, "level": level}
    term = "Share of the differences in spend per resident child"
    found = (
        Estimate(term, float(value), low, high, group=name, **about)
        for name, value, (low, high) in zip(PARTS, shares, ends, strict=True)
    )
    return Decomposition(made[["unit", "total", *PARTS]], Estimates.of(found))


def _none(name: str, n: int, reason: str) -> Estimate:
    term = "Share of the differences in spend per resident child"
    return Estimate.not_estimable(term, n=n, reason=reason, group=name, of="councils", method=METHOD)


def _parts(
    frame: pd.DataFrame, unit: str, money: tuple[str, str], mix: dict[str, str], need: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Take logs apart, about the mean of councils; and the columns that need is expected by."""
    names = [*money, *mix, *mix.values(), *need]
    data = pd.DataFrame({name: number_column(frame, name) for name in names}, index=frame.index)
    positive = data[[*money, *mix.values()]] > 0
    kept = data.notna().all(axis=1) & positive.all(axis=1) & (data[list(mix)].sum(axis=1) > 0)
    data = data[kept]
    shares, prices = data[list(mix)].to_numpy(), data[list(mix.values())].to_numpy()
    typical = (shares * prices.mean(axis=0)).sum(axis=1) if len(data) else np.zeros(0)
    own = (shares * prices).sum(axis=1)
    logs = pd.DataFrame(
        {"unit": frame.loc[kept, unit], "total": np.log(data[money[0]]), "log_rate": np.log(data[money[1]])}
    )
    logs[PARTS[2]], logs[PARTS[3]] = np.log(typical), np.log(own) - np.log(typical)
    logs[PARTS[4]] = logs["total"] - logs["log_rate"] - np.log(own)
    numbers = logs.columns[1:]
    centred = logs[numbers] - logs[numbers].mean()
    columns = np.column_stack([np.ones(len(data)), *(data[name] - data[name].mean() for name in need)])
    return pd.concat([logs[["unit"]], centred], axis=1), columns


def _shares(counts: np.ndarray, data: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Shares of each part in resamples given as counts; the regression on need is fitted anew in each."""
    n = counts.sum(axis=1, keepdims=True)
    gram = np.einsum("rj,jp,jq->rpq", counts, columns, columns) + 1e-9 * np.eye(columns.shape[1])
    slopes = np.linalg.solve(gram, np.einsum("rj,jp,j->rp", counts, columns, data[:, 1])[..., None])[..., 0]
    fitted = slopes @ columns.T
    left = data[:, 0] - counts @ data[:, :1] / n
    total = (counts * left * data[:, 0]).sum(axis=1)
    first = (counts * left * fitted).sum(axis=1)
    rate = (counts * left * data[:, 1]).sum(axis=1)
    others = np.stack([(counts * left * data[:, i]).sum(axis=1) for i in range(2, data.shape[1])], axis=1)
    return np.asarray(np.column_stack([first, rate - first, others]) / total[:, None])
