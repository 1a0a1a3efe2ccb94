"""Plans avoided against the trend they were on, beside what last year's level would make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

FEWEST = 4
METHOD = "log-linear trend of the years before, drawn on; prediction interval by t"


@dataclass(frozen=True, slots=True)
class Avoided:
    """Plans of a year against the trend, and against the year before; made by `against_trend`.

    Parameters
    ----------
    expected, avoided, naive : Estimate
        Plans the trend foretold; expected less observed; plans of the last year before less observed, which is a
        difference of two counts and has no interval.
    observed : float
        Plans there were.
    """

    expected: Estimate
    avoided: Estimate
    naive: Estimate
    observed: float

    def sentence(self) -> str:
        """Say what was avoided against the trend, beside last year's level."""
        if self.avoided.value is None:
            return self.avoided.sentence()
        return f"{self.avoided.sentence()} Against last year's level it would be {self.naive.words()}."

    def frame(self) -> pd.DataFrame:
        """Give the three as a tidy frame."""
        return pd.concat([e.frame() for e in (self.expected, self.avoided, self.naive)], ignore_index=True)


def against_trend(
    frame: pd.DataFrame,
    *,
    year: str,
    count: str,
    since: int | None = None,
    at: int | None = None,
    level: float = 0.95,
) -> Avoided:
    """Hold the plans of a year against the trend of the years before a change.

    Parameters
    ----------
    frame : DataFrame
        One row per year; rows that lack a count are left out.
    year, count : str
        Columns of the year and of the plans in it, above 0.
    since : int, optional
        First year in which the change could show: the trend is fitted on the years before it. By default the last.
    at : int, optional
        The year asked about; by default the last.
    level : float
        Confidence level.

    Returns
    -------
    Avoided
        Not estimable with fewer than 4 years before the change.

    Raises
    ------
    InputError
        If a column is missing or a count is not above 0.

    Notes
    -----
    Where demand grows, last year's level hides a failure to hold it: a programme that slows growth looks like one
    that does nothing, and where demand falls anyway, one that does nothing looks like a success. The interval holds
    the error of the line and the scatter of one further year; it takes for granted that the line would have gone on,
    and errors of one year to be independent of the next.

    References
    ----------
    Montgomery DC, Peck EA, Vining GG (2012), Introduction to Linear Regression Analysis, section 2.5.

    Examples
    --------
    >>> frame = pd.DataFrame({"year": range(2015, 2021), "plans": [100, 111, 119, 134, 146, 130]})
    >>> found = against_trend(frame, year="year", count="plans", since=2020)
    >>> round(found.avoided.value), round(found.naive.value)
    (31, 16)
    """
    years, counts = number_column(frame, year), number_column(frame, count)
    known = ~np.isnan(years) & ~np.isnan(counts)
    years, counts = years[known], counts[known]
    if (counts <= 0).any():
        raise InputError(f"Column {count!r}: counts must lie above 0; {int((counts <= 0).sum())} do not.")
    newest = int(years.max(initial=0))
    since, at = newest if since is None else since, newest if at is None else at
    before, now = years < since, years == at
    terms = (
        "Plans that the trend foretold",
        "Plans avoided against the trend",
        "Plans below last year's level",
    )
    n = int(before.sum())
    if n < FEWEST or not now.any():
        reason = f"{FEWEST} years before the change, and the year asked about, are needed"
        none = [Estimate.not_estimable(t, n=n, reason=reason, method=METHOD, of="years") for t in terms]
        return Avoided(none[0], none[1], none[2], float("nan"))
    observed, last = float(counts[now][0]), float(counts[before][years[before].argmax()])
    middle, ends = _foretold(years[before], np.log(counts[before]), at, level)
    about = {"n": n, "unit": "count", "of": "years", "support": round(min(observed, last))}
    expected = Estimate(terms[0], middle, *ends, level=level, method=METHOD, **about)  # type: ignore[arg-type]
    low, high = ends[0] - observed, ends[1] - observed
    avoided = Estimate(terms[1], middle - observed, low, high, level=level, method=METHOD, **about)  # type: ignore[arg-type]
    naive = Estimate(terms[2], last - observed, method="difference of two counts", **about)  # type: ignore[arg-type]
    alike = "the years before lie on one line, so that nothing says how sure it is"
    return Avoided(expected.unless_alike(reason=alike), avoided.unless_alike(reason=alike), naive, observed)


def _foretold(x: np.ndarray, y: np.ndarray, at: int, level: float) -> tuple[float, tuple[float, float]]:
    """Give the count a straight line of logs foretells, and the ends of its prediction interval."""
    fit = stats.linregress(x, y)
    left = y - fit.intercept - fit.slope * x
    spread = float(np.sqrt((left**2).sum() / (len(x) - 2)))
    far = 1 + 1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    half = float(stats.t.ppf(0.5 + level / 2, len(x) - 2)) * spread * float(np.sqrt(far))
    line = float(fit.intercept + fit.slope * at)
    return float(np.exp(line)), (float(np.exp(line - half)), float(np.exp(line + half)))
