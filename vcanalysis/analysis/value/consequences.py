"""The cost-consequence table: need at the start, cost and every outcome side by side, nothing added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.gaps import Gaps, gaps_of
from vcanalysis.analysis.value.means import mean_interval
from vcanalysis.core.columns import flag_column, number_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import parts_of

METHOD = "mean; Hall's interval for skewed values, and wide enough were very skewed costs log-normal"
GAP = (
    "difference in means; studentised permutation with Hall's correction, very skewed costs held against "
    "log-normal ones too"
)
MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Consequences:
    """Need, cost and outcomes of a group and of the others.

    Parameters
    ----------
    means : Estimates
        A mean for each measure and group.
    gaps : Estimates
        The group less the others, for each measure.
    """

    means: Estimates
    gaps: Estimates

    def frame(self) -> pd.DataFrame:
        """Give means and differences as tidy rows."""
        return Estimates.of([*self.means, *self.gaps]).frame()

    def sentence(self) -> str:
        """Say the differences."""
        return self.gaps.sentence()


def compare_consequences(
    frame: pd.DataFrame,
    *,
    member: str,
    measures: Mapping[str, tuple[str | Line, str]],
    names: tuple[str, str] = ("group", "others"),
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Consequences:
    """Put need at the start, cost and outcomes of a group beside those of the others.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    member : str
        Column of flags: who belongs to the group.
    measures : mapping of str to (str or Line, str)
        Words for each measure, its column and its unit, in reading order: need first, then cost, then outcomes. In
        place of a column an outcome may be a `Line` it is measured from.
    names : tuple of str
        What to call the group and the others.
    cluster : str
        Column of what children share, such as who rated them, for the differences.
    level : float
        Confidence level.
    seed : int
        Seed of the draws from which the intervals are made.

    Returns
    -------
    Consequences
        Children who lack a measure are left out of that measure only; fewer than 10 in a group, or all alike, are
        not estimable.
        The differences carry the error of a line; a mean is stated from the line as it was drawn.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True, False] * 10, "cost": [900.0, 400.0, 1100.0, 600.0] * 5})
    >>> compare_consequences(frame, member="home", measures={"Cost": ("cost", "GBP")}).gaps[0].value
    500.0
    """
    inside, said = flag_column(frame, member)
    means, gaps = [], []
    for term, (column, unit) in measures.items():
        values = column.draw(frame).better if isinstance(column, Line) else number_column(frame, column)
        known = ~np.isnan(values) & said
        parts = (values[known & inside], values[known & ~inside])
        means += [
            _mean(part, term=term, unit=unit, group=name, level=level, seed=seed)
            for part, name in zip(parts, names, strict=True)
        ]
        found = gaps_of(frame, [column], member=member, cluster=cluster, seed=seed)
        gap = _gap(found, term=f"{term}, {names[0]} less {names[1]}", unit=unit, level=level)
        gaps.append(gap.named(parts=parts_of(values[known])))
    return Consequences(Estimates.of(means), Estimates.of(gaps))


def _mean(values: np.ndarray, *, term: str, unit: str, group: str, level: float, seed: int) -> Estimate:
    n = len(values)
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=METHOD)
    error, ends = float(values.std(ddof=1) / np.sqrt(n)), mean_interval(values, level=level, seed=seed)
    value, parts = float(values.mean()), parts_of(values)
    found = Estimate(term, value, *ends, level, n, unit, METHOD, group, error, parts=parts)
    return found.unless_alike(float(np.abs(values).max()), reason="the measure does not vary between them")


def _gap(found: Gaps, *, term: str, unit: str, level: float) -> Estimate:
    if found.reason:
        return Estimate.not_estimable(term, n=min(found.n), reason=found.reason, method=GAP)
    gap, n = found.along([1.0]), sum(found.n)
    return Estimate(
        term, gap.value, *gap.ends(level), level, n, unit, GAP, std_error=gap.error, support=min(found.n)
    )
