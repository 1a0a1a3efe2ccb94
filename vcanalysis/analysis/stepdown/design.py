"""What a probability is made of: columns as they are, as curves, and as kinds; and how it is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Which columns a child is compared by, and how the probability is fitted.

    Parameters
    ----------
    numbers : tuple of str
        Columns that enter as straight lines, such as the levels of the domains.
    curves : tuple of str
        Columns that enter as smooth curves (cubic splines), such as age.
    kinds : tuple of str
        Columns of words, such as sex.
    knots : int
        Knots of a curve, at quantiles.
    penalties : tuple of float
        Strengths of fit tried, from the most cautious; the one that predicts unseen children best is taken.
    folds, repeats : int
        Parts the children are cut into, and how often, each time anew; probabilities are means over the repeats.
    nearest : int
        How many children of the other group must lie beyond a child for it to count as comparable.
    seed : int
        Seed of the cutting.

    Examples
    --------
    >>> Recipe(numbers=("need_total",), curves=("age_years",), kinds=("sex",)).columns
    ('need_total', 'age_years', 'sex')
    """

    numbers: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    knots: int = 4
    penalties: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 1.0)
    folds: int = 5
    repeats: int = 1
    nearest: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("numbers", "curves", "kinds", "penalties"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.columns:
            raise InputError("A recipe needs a column to compare children by. Name numbers, curves or kinds.")
        for name, least in (("knots", 3), ("folds", 2), ("repeats", 1), ("nearest", 1)):
            if getattr(self, name) < least:
                raise InputError(f"Recipe: {name} is {getattr(self, name)}. Give {least} or more.")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order of the fit."""
        return self.numbers + self.curves + self.kinds

    def read(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give the columns as floats and words, missing where they are, with the index of the frame.

        Raises
        ------
        InputError
            If a column is missing or not numeric where it should be.
        """
        require_columns(frame, *self.columns)
        read: dict[str, object] = {name: number_column(frame, name) for name in self.numbers + self.curves}
        read |= {name: frame[name].astype("str").where(frame[name].notna()).to_numpy() for name in self.kinds}
        return pd.DataFrame(read, index=frame.index)

    def transformer(self) -> ColumnTransformer:
        """Give the transformer of the columns: scaled numbers, spline bases, one column for each kind."""
        spline = SplineTransformer(
            n_knots=self.knots, knots="quantile", extrapolation="linear", include_bias=False
        )
        kinds = OneHotEncoder(handle_unknown="ignore", drop="if_binary", sparse_output=False)
        return ColumnTransformer(
            [
                ("numbers", StandardScaler(), list(self.numbers)),
                ("curves", make_pipeline(spline, StandardScaler()), list(self.curves)),
                ("kinds", make_pipeline(kinds, StandardScaler()), list(self.kinds)),
            ]
        )


def profile_distance(read: pd.DataFrame, recipe: Recipe) -> np.ndarray:
    """Give children as points whose distance says how unlike they are: every column in standard deviations.

    Two kinds are as far apart as two standard deviations.

    Examples
    --------
    >>> points = profile_distance(pd.DataFrame({"age": [4.0, 8.0]}), Recipe(numbers=("age",)))
    >>> points.ravel().tolist()
    [-1.0, 1.0]
    """
    numbers = read[[*recipe.numbers, *recipe.curves]].to_numpy(dtype=float)
    spread = np.nanstd(numbers, axis=0)
    scaled = (numbers - np.nanmean(numbers, axis=0)) / np.where(spread > 0, spread, 1.0)
    kinds = [pd.get_dummies(read[name]).to_numpy(dtype=float) * np.sqrt(2) for name in recipe.kinds]
    return np.column_stack([scaled, *kinds])
