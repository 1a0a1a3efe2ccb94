"""The probability that a comparable child lives in a family: where it can be said, and how well it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from vcanalysis.analysis.stepdown.calibration import Judged, judge
from vcanalysis.analysis.stepdown.design import Recipe
from vcanalysis.analysis.stepdown.fitting import Fitted, first_scores, fit_calibrated, unseen_scores
from vcanalysis.analysis.stepdown.overlap import ABOVE, INSIDE, Overlap, find_overlap
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

MINIMUM = 20
UNKNOWN, ELSEWHERE = "needs or age not known", "lives neither in a home nor in a family"


@dataclass(frozen=True, slots=True)
class FamilyProbability:
    """How likely children like each child are to live in a family.

    Parameters
    ----------
    rows : DataFrame
        With the index of the frame: ``probability`` (missing where it cannot be said), ``region`` (where the child
        stands, in words), ``comparable`` (flag, missing where needs or age are not known), ``family`` (flag) and
        ``child`` (number).
    recipe : Recipe
        What children are compared by.
    validation : Estimates
        Calibration slope and in the large, Brier score and skill, area under the curve: of children in the overlap,
        by models that did not see them.
    reason : str
        Why there is no probability; empty where there is.
    fitted : Fitted or None
        The model fitted to all children in the overlap.
    overlap : Overlap or None
        Where the two groups overlap.
    """

    rows: pd.DataFrame
    recipe: Recipe
    validation: Estimates
    reason: str = ""
    fitted: Fitted | None = field(default=None, repr=False)
    overlap: Overlap | None = field(default=None, repr=False)

    def regions(self) -> pd.DataFrame:
        """Count children by where they stand: ``region, in_homes, in_families``; those outside are said, not lost."""
        latest = self.rows[self.rows["family"].notna()].drop_duplicates("child", keep="last")
        table = pd.crosstab(latest["region"], latest["family"].astype(bool)).reindex(
            columns=[False, True], fill_value=0
        )
        table.columns = pd.Index(["in_homes", "in_families"])
        return table.reset_index()

    def inside(self) -> Estimate:
        """Share of children in homes who have their like in families and homes, counted once a child, the latest."""
        table = self.regions().set_index("region")["in_homes"]
        total, term = int(table.sum()), "Children in homes who are comparable with children in families"
        if not total or self.reason:
            return Estimate.not_estimable(term, n=total, reason=self.reason or "no child lives in a home")
        count = int(table.get(INSIDE, 0) + table.get(ABOVE, 0))
        return Estimate(
            term, count / total, n=total, unit="share", method="count", support=min(count, total - count)
        )

    def threshold(self, stable: pd.Series, *, quantile: float = 0.25) -> float:
        """Give the probability above which a child counts as like those who live in families, settled.

        Parameters
        ----------
        stable : Series of bool
            With the index of the frame: children in families whose placement has lasted long enough.
        quantile : float
            Quantile of their probability.

        Returns
        -------
        float
            NaN where there is no such child or no probability.

        Raises
        ------
        InputError
            If the quantile is not between 0 and 1.
        """
        if not 0 < quantile < 1:
            raise InputError(f"Quantile {quantile:g} must lie between 0 and 1.")
        known = self.rows.loc[
            stable.reindex(self.rows.index).fillna(False).astype(bool), "probability"
        ].dropna()
        return float(known.quantile(quantile)) if len(known) else np.nan

    def if_needs_were(self, frame: pd.DataFrame, changed: pd.DataFrame) -> pd.Series:
        """Give the probability of each row if its columns were others: the shift of the model on the logit scale.

        Parameters
        ----------
        frame, changed : DataFrame
            The rows as they are and as they might be, with one index, part of that of the fit.

        Returns
        -------
        Series of float
        """
        if self.fitted is None:
            return pd.Series(np.nan, index=frame.index)
        now, then = self.recipe.read(frame), self.recipe.read(changed)
        known = now.notna().all(axis=1) & then.notna().all(axis=1)
        found = pd.Series(np.nan, index=frame.index)
        shift = self.fitted.score(then[known]) - self.fitted.score(now[known])
        before = self.rows.loc[frame.index[known], "probability"].to_numpy(dtype=float)
        found[known] = expit(logit(before) + shift)
        return found

    def sentence(self) -> str:
        """Say how well the probability holds."""
        return self.validation[0].sentence() + " " + self.validation[-1].sentence()


def family_probability(
    frame: pd.DataFrame, *, family: str, recipe: Recipe, cluster: str = "", level: float = 0.95
) -> FamilyProbability:
    """Estimate how likely a comparable child is to live in a family, and judge it on children it did not see.

    Parameters
    ----------
    frame : DataFrame
        One row per child (or child and day) with the columns of the recipe; an index without repeats.
    family : str
        Flag: true for a child in a family, false in a home, missing for a child elsewhere, who is not used.
    recipe : Recipe
        Columns to compare by, such as the levels of the domains, age as a curve, and sex.
    cluster : str
        Column of the child where it has several rows: its rows stay together when models are judged.
    level : float
        Confidence level.

    Returns
    -------
    FamilyProbability
        ``.rows`` (probability and region of each row), ``.validation``, ``.threshold(stable)``. No probability, with
        the reason, where fewer than 20 children live in homes or in families, or fewer than that overlap.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or the index repeats.

    Notes
    -----
    What is learnt is past practice: where councils placed children, whoever had room. It says whether children like
    this one live in families, not whether this child should. A child's probability comes from models that had no
    row of it (outer folds); what they chose, they chose without it (inner folds). Only children in the overlap are
    fitted; one above it is judged by those within. Intervals of the validation hold the noise of the children judged,
    not that of those learnt from: for this model in new children the interval of the slope is too narrow (validity).

    References
    ----------
    Varma S, Simon R (2006), BMC Bioinformatics 7:91; Steyerberg EW (2019), Clinical Prediction Models, 2nd ed.,
    chapters 15 and 17; Dehejia RH, Wahba S (1999), J Am Stat Assoc 94:1053-1062.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> rows = pd.DataFrame({"need_total": rng.normal(10, 4, 300), "age_years": rng.integers(5, 18, 300)})
    >>> rows["family"] = rng.random(300) < 1 / (1 + np.exp(0.4 * (rows["need_total"] - 12)))
    >>> found = family_probability(rows, family="family", recipe=Recipe(numbers=("need_total", "age_years")))
    >>> found.validation.term("Area under the curve").low > 0.6
    True
    """
    require_columns(frame, family, *filter(None, [cluster]))
    if frame.index.has_duplicates:
        raise InputError("The rows must have an index without repeats. Call reset_index on the frame first.")
    read, lives = recipe.read(frame), number_column(frame, family)
    child = pd.factorize(frame[cluster])[0] if cluster else np.arange(len(frame))
    known = read.notna().all(axis=1).to_numpy()
    rows = pd.DataFrame({"probability": np.nan, "region": UNKNOWN}, index=frame.index)
    rows["region"] = np.select([np.isnan(lives), known], [ELSEWHERE, INSIDE], default=UNKNOWN)
    rows = rows.assign(family=pd.array(lives == 1, dtype="boolean"), child=child)
    rows.loc[np.isnan(lives), "family"] = pd.NA
    used = known & ~np.isnan(lives)
    return _fit(rows, used, read[used], recipe, level)


def _fit(
    rows: pd.DataFrame, used: np.ndarray, read: pd.DataFrame, recipe: Recipe, level: float
) -> FamilyProbability:
    """Find the overlap, fit and judge within it, and write what was found into the rows."""
    outcome = rows.loc[used, "family"].to_numpy(dtype=float)
    child = pd.factorize(rows.loc[used, "child"])[0]
    if reason := _too_few(outcome, child, ""):
        return _none(rows, recipe, reason)
    overlap = find_overlap(read, outcome, child, first_scores(read, outcome, child, recipe), recipe)
    inside = overlap.fitted
    rows.loc[used, "region"] = overlap.region
    if reason := _too_few(outcome[inside], child[inside], " who overlap"):
        return _none(rows, recipe, reason)
    score = np.full(len(outcome), np.nan)
    score[inside] = unseen_scores(read[inside], outcome[inside], child[inside], recipe)
    fitted = fit_calibrated(read[inside], outcome[inside], child[inside], recipe, seed=recipe.seed)
    above = overlap.region == ABOVE
    if above.any():
        score[above] = fitted.score(read[above])
    rows.loc[used, "probability"] = expit(score)
    rows["comparable"] = _comparable(rows["region"])
    judged = Judged(outcome[inside], expit(score[inside]), pd.factorize(child[inside])[0])
    return FamilyProbability(rows, recipe, judge(judged, level=level), "", fitted, overlap)


def _comparable(region: pd.Series) -> pd.Series:
    flags = region.isin([INSIDE, ABOVE]).astype("boolean")
    return flags.mask(region.isin([UNKNOWN, ELSEWHERE]))


def _too_few(outcome: np.ndarray, child: np.ndarray, where: str) -> str:
    counts = [len(np.unique(child[outcome == kind])) for kind in (0, 1)]
    if min(counts) >= MINIMUM:
        return ""
    return f"at least {MINIMUM} children in homes and {MINIMUM} in families{where} are needed"


def _none(rows: pd.DataFrame, recipe: Recipe, reason: str) -> FamilyProbability:
    empty = Judged(np.array([]), np.array([]), np.array([], dtype=int))
    n = int(rows.loc[rows["family"].notna(), "child"].nunique())
    said = [e.named(reason=reason, n=n) for e in judge(empty)]
    rows["comparable"] = pd.array([pd.NA] * len(rows), dtype="boolean")
    return FamilyProbability(rows.assign(probability=np.nan), recipe, Estimates.of(said), reason)
