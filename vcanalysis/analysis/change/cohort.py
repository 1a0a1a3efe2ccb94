"""All children assessed once, whether assessed again or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.change.variance import memberships
from vcanalysis.core.columns import number_column


@dataclass(frozen=True, eq=False)
class Cohort:
    """All children with a first score: the second where there is one, and what may go with having one."""

    before: np.ndarray
    after: np.ndarray
    design: np.ndarray
    codes: list[np.ndarray]

    @property
    def seen(self) -> np.ndarray:
        """Who was assessed again."""
        return ~np.isnan(self.after)


def cohort_of(
    everyone: pd.DataFrame, before: str, after: str, predictors: Sequence[str], cluster: str | Sequence[str]
) -> Cohort:
    """Take all children with a first score; predictors are standardised, a gap among them takes the mean."""
    first, second = number_column(everyone, before), number_column(everyone, after)
    known = ~np.isnan(first)
    columns = [np.ones(int(known.sum()))]
    for name in dict.fromkeys((before, *predictors)):
        values = number_column(everyone, name)[known]
        filled = np.where(np.isnan(values), np.nanmean(values) if (~np.isnan(values)).any() else 0.0, values)
        if len(filled) and np.ptp(filled) > 0:
            columns.append((filled - filled.mean()) / filled.std())
    codes = memberships(everyone.loc[known], cluster)
    return Cohort(first[known], second[known], np.column_stack(columns), codes)
