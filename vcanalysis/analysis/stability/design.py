"""Covariates of a hazard as numbers: what a term stands for, and its column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import holds_numbers, number_column, require_columns, say_column
from vcanalysis.core.survival.history import Array


@dataclass(frozen=True, slots=True)
class Design:
    """Covariates as numbers.

    Parameters
    ----------
    x : array of float, shape (rows, terms)
        One column a term; missing where the covariate is.
    terms : tuple of (str, str)
        Column in words and level ("all" for a number).
    """

    x: Array
    terms: tuple[tuple[str, str], ...]


def read_design(frame: pd.DataFrame, covariates: Iterable[str], steps: Mapping[str, float]) -> Design:
    """Turn covariates into numbers: a number or flag as it is, divided by its step; words as levels against the first.

    Raises
    ------
    InputError
        If a column is missing.
    """
    columns: list[Array] = []
    terms: list[tuple[str, str]] = []
    for name in covariates:
        require_columns(frame, name)
        values = frame[name]
        if holds_numbers(values) or pd.api.types.is_bool_dtype(values):
            columns.append(number_column(frame, name) / steps.get(name, 1.0))
            terms.append((say_column(name), "all"))
            continue
        levels = values.astype("category").cat.remove_unused_categories()
        codes = np.where(levels.isna(), np.nan, levels.cat.codes.astype(float))
        for number, level in enumerate(levels.cat.categories[1:], start=1):
            columns.append(np.where(np.isnan(codes), np.nan, codes == number).astype(float))
            terms.append((say_column(name), f"{level} against {levels.cat.categories[0]}"))
    x = np.stack(columns, axis=1) if columns else np.zeros((len(frame), 0))
    return Design(x, tuple(terms))
