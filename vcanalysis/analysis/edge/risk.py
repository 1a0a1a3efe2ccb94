"""The risk of entry to care within so many days, by a penalised regression with curves, judged on unseen cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from sklearn import config_context
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from vcanalysis.analysis.edge.cases import Cases
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate

Array = np.ndarray
FEWEST = 20  # cases with and without entry, below which nothing is learnt
PENALTIES = (0.003, 0.01, 0.03, 0.1, 1.0)


class Recipe(Protocol):
    """Which columns a case is judged by: `vcanalysis.analysis.stepdown.Recipe` is one."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns."""

    def read(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give the columns as floats and words."""

    def transformer(self) -> ColumnTransformer:
        """Turn columns into numbers: lines, spline bases, kinds."""


@dataclass(frozen=True, slots=True)
class EntryRisk:
    """Probabilities of entry within so many days.

    Parameters
    ----------
    horizon : int
        The days.
    unseen : DataFrame
        Cases whose days are up, with ``happened``, ``later`` (probability by a model of earlier cases; missing for
        the cases it learnt from) and ``other_team`` (by a model of the other teams' cases).
    now : DataFrame
        Open cases of children at home, with ``probability``: what it was at the opening.
    reason : str
        Why there are none; empty where there are.
    split : Timestamp or None
        First day of the cases kept for the judgement over time.
    """

    horizon: int
    unseen: pd.DataFrame
    now: pd.DataFrame
    reason: str = ""
    split: pd.Timestamp | None = None

    @property
    def judge(self) -> str:
        """Name the column that judges most unseen cases: by other teams, or by earlier cases."""
        return "other_team" if self.unseen["other_team"].notna().any() else "later"

    def base(self) -> Estimate:
        """Share of the cases whose days are up that came into care: the base of every probability."""
        count, n = int(self.unseen["happened"].sum()), len(self.unseen)
        term = f"Came into care within {self.horizon} days, of cases whose {self.horizon} days are up"
        if not n:
            return Estimate.not_estimable(term, n=0, reason="no case has been open so long", unit="share")
        return Estimate(
            term, count / n, n=n, unit="share", method="share", of="cases", support=min(count, n - count)
        )


def entry_risk(
    cases: Cases, *, horizon: int, recipe: Recipe, team: str = "team", later_share: float = 0.4, seed: int = 0
) -> EntryRisk:
    """Give the probability of entry to care within so many days of the opening.

    Parameters
    ----------
    cases : Cases
        From `edge_cases`.
    horizon : int
        Days; only cases opened so long before the day are learnt from, so that every outcome is known and none is
        taken for staying at home because it has not happened yet.
    recipe : Recipe
        Columns known at the opening. What happened later, such as support, must not be among them.
    team : str
        Column of the team; each team's cases are also judged by a model of the others.
    later_share : float
        Share of the latest cases kept for the judgement over time. The model that judges them learns from cases alone
        whose outcome was known when the first of them was opened.
    seed : int
        Seed of the cutting by which the penalty is chosen.

    Returns
    -------
    EntryRisk
        With a reason and no probabilities where fewer than 20 cases came into care, or 20 did not.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    A missing number is filled with the median of the cases learnt from; that it is missing is not used. A risk is not
    a benefit: who is at high risk need not be who gains most by support.

    References
    ----------
    Steyerberg EW (2019), Clinical Prediction Models; Collins GS et al. (2024), BMJ 385:e078378 (TRIPOD+AI).
    """
    rows = cases.rows
    require_columns(rows, team, *recipe.columns)
    up = rows["opened"] <= cases.day - pd.Timedelta(days=horizon)
    happened = (rows["entered"] & rows["days"].le(horizon)).astype("float64")
    known = rows[up].assign(happened=happened[up], later=np.nan, other_team=np.nan)
    now = cases.open_now()
    few = min(int(known["happened"].sum()), int((1 - known["happened"]).sum()))
    if few < FEWEST:
        reason = f"at least {FEWEST} cases with and {FEWEST} without entry to care are needed"
        return EntryRisk(horizon, known, now.assign(probability=np.nan), reason)
    split = known["opened"].quantile(1 - later_share).normalize()
    before = known["opened"] <= split - pd.Timedelta(days=horizon)
    after = known["opened"] >= split
    strength = _penalty(known[before], recipe, seed)
    known.loc[after, "later"] = _predict(known[before], known[after], recipe, strength)
    for name in known[team].dropna().unique():
        mine = known[team].eq(name)
        known.loc[mine, "other_team"] = _predict(known[~mine], known[mine], recipe, strength)
    return EntryRisk(
        horizon, known, now.assign(probability=_predict(known, now, recipe, strength)), "", split
    )


def _filled(rows: pd.DataFrame, recipe: Recipe, like: pd.DataFrame) -> pd.DataFrame:
    """Read the columns with gaps filled: numbers by the median of those learnt from, words by a kind of their own."""
    read, learnt = recipe.read(rows), recipe.read(like)
    numbers = learnt.select_dtypes("number").median().fillna(0.0)
    return read.fillna(numbers).fillna("not known")


def _predict(learn: pd.DataFrame, judge: pd.DataFrame, recipe: Recipe, strength: float) -> Array:
    outcome = learn["happened"].to_numpy()
    if not len(judge):
        return np.zeros(0)
    if min(outcome.sum(), (1 - outcome).sum()) < FEWEST / 2:
        return np.full(len(judge), np.nan)
    columns = recipe.transformer()
    x = columns.fit_transform(_filled(learn, recipe, learn))
    with config_context(assume_finite=True, skip_parameter_validation=True):
        model = _model(strength).fit(x, outcome)
        return model.predict_proba(columns.transform(_filled(judge, recipe, learn)))[:, 1]


def _penalty(learn: pd.DataFrame, recipe: Recipe, seed: int) -> float:
    """Give the penalty that predicts best cases that had no part in the fit, among the earlier cases alone."""
    outcome = learn["happened"].to_numpy()
    if min(outcome.sum(), (1 - outcome).sum()) < FEWEST / 2:
        return PENALTIES[0]
    x = recipe.transformer().fit_transform(_filled(learn, recipe, learn))
    losses = np.zeros(len(PENALTIES))
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, outcome):
            for place, strength in enumerate(PENALTIES):
                score = _model(strength).fit(x[train], outcome[train]).decision_function(x[test])
                losses[place] += np.sum(np.logaddexp(0, score) - outcome[test] * score)
    return PENALTIES[int(np.argmin(losses))]


def _model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)


def risk_headline(found: EntryRisk, slope: Estimate, area: Estimate) -> str:
    """Say whether the risk holds in cases it has not seen.

    Parameters
    ----------
    found : EntryRisk
        The probabilities.
    slope, area : Estimate
        Calibration slope and area under the curve on unseen cases.
    """
    if found.reason:
        return f"No risk is given: {found.reason}"
    if slope.value is None or area.value is None:
        return "Too few unseen cases to say how good the risk is"
    spread = "too bold" if slope.value < 1 else "too timid"
    held = f"its spread is {spread}" if slope.excludes(1) else "its spread is not shown to be wrong"
    told = (
        "ranks unseen cases better than chance"
        if area.excludes(0.5)
        else "ranks unseen cases no better than chance"
    )
    return f"The risk {told}, and {held}"
