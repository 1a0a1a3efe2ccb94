"""Where the setting may mask need: a child may look well because of the home they would leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

NEVER_SEEN, FELL, OTHER_RATER = (
    "never rated before the home",
    "need fell in the home",
    "another rater than at entry",
)
LONG = "rated after long in the home"
ENTRY = "_entry"


@dataclass(frozen=True, slots=True)
class Masking:
    """Children whose needs may look lower because of where they live.

    Parameters
    ----------
    table : DataFrame
        Index of the frame: a flag for each warning (missing where it cannot be told), ``fall`` (points, entry less
        now) and ``warnings`` (their number).
    why : tuple of str
        The warnings, columns of the table.
    """

    table: pd.DataFrame
    why: tuple[str, ...] = (NEVER_SEEN, FELL, OTHER_RATER, LONG)

    def counts(self, *, level: float = 0.95) -> Estimates:
        """Share of the children each warning concerns, Wilson; those for whom it cannot be told are left out."""
        return Estimates.of(self._count(name, level) for name in self.why)

    def _count(self, name: str, level: float) -> Estimate:
        known = self.table[name].dropna().astype(bool)
        count, n, term = int(known.sum()), len(known), "Children whose setting may mask need"
        if not n:
            return Estimate.not_estimable(term, n=0, reason="no child can be told", group=name, unit="share")
        ends = wilson(count, n, level)
        return Estimate(
            term,
            count / n,
            *ends,
            level,
            n,
            "share",
            "share; Wilson interval",
            name,
            support=min(count, n - count),
        )

    def sentence(self) -> str:
        """Say how many children a warning concerns."""
        warned = int((self.table["warnings"] > 0).sum())
        return f"The setting may mask the needs of {warned} of {len(self.table)} children: see each warning."


def masking(
    frame: pd.DataFrame,
    *,
    need: str = "need_total",
    rated_on: str = "need_date",
    placed_on: str = "placement_start",
    rater: str = "rater_id",
    least_fall: float = 3.0,
    long_weeks: float = 52.0,
) -> Masking:
    """Warn where a residential setting may mask need.

    Parameters
    ----------
    frame : DataFrame
        One row per child in a home: the latest rating in `need`, `rated_on` and `rater`, the last rating before the
        home in the same columns with the ending ``_entry`` (missing where there is none), and `placed_on`.
    need, rated_on, placed_on, rater : str
        Columns of total need, the day of the rating, the day the placement began and who rated.
    least_fall : float
        Points by which need must have fallen since entry to warn. Rating error moves a single total as much: the
        warning is a question to ask, not a finding.
    long_weeks : float
        Weeks in the home at the latest rating from which it says how the child does there.

    Returns
    -------
    Masking
        ``.table`` with the warnings of each child, ``.counts()``.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    A child rated in the home is rated with its staff around. The rule of open frameworks of this kind is to rate the
    need as it would be without the support; whether raters did is not known. A fall may be real: a warning asks, it
    does not exclude. A fall under another rater may be the rater's.

    References
    ----------
    Lyons JS (2009), Communimetrics, on rating needs apart from the services that meet them.

    Examples
    --------
    >>> rows = pd.DataFrame({"need_total": [8.0, 9.0], "need_total_entry": [14.0, np.nan],
    ...     "need_date": pd.Timestamp("2019-06-01"), "need_date_entry": pd.to_datetime(["2018-12-01", None]),
    ...     "placement_start": pd.Timestamp("2019-01-01"), "rater_id": "x", "rater_id_entry": ["x", None]})
    >>> masking(rows).table["warnings"].tolist()
    [1, 1]
    """
    entry = {name: f"{name}{ENTRY}" for name in (need, rated_on, rater)}
    require_columns(frame, need, rated_on, placed_on, rater, *entry.values())
    now, then = number_column(frame, need), number_column(frame, entry[need])
    weeks = (frame[rated_on] - frame[placed_on]).dt.days / 7
    in_home = (weeks > 0).astype("boolean").mask(weeks.isna())
    fall = pd.Series(then - now, index=frame.index)
    changed = frame[rater].astype("str") != frame[entry[rater]].astype("str")
    unknown = frame[rater].isna() | frame[entry[rater]].isna()
    table = pd.DataFrame(
        {
            NEVER_SEEN: (in_home & frame[entry[rated_on]].isna()).astype("boolean"),
            FELL: (fall >= least_fall).astype("boolean").mask(fall.isna()),
            OTHER_RATER: changed.astype("boolean").mask(unknown),
            LONG: (weeks >= long_weeks).astype("boolean").mask(weeks.isna()),
        },
        index=frame.index,
    )
    return Masking(table.assign(warnings=table.fillna(False).sum(axis=1).astype(int), fall=fall))


def unmasked(
    frame: pd.DataFrame, columns: Sequence[str], *, share: float = 0.5, whole: bool = False
) -> pd.DataFrame:
    """Give the frame with a share of every fall since entry undone: what needs might be outside the home.

    Parameters
    ----------
    frame : DataFrame
        With each column and the same with the ending ``_entry``.
    columns : sequence of str
        Levels or scores; where there is no rating at entry, or need rose, they stay as they are.
    share : float
        Share of the fall undone: 0 leaves the ratings, 1 puts those at entry back.
    whole : bool
        Whether to round to whole levels, halves upwards.

    Raises
    ------
    InputError
        If a column is missing or the share does not lie between 0 and 1.

    Examples
    --------
    >>> rows = pd.DataFrame({"attachment": [1.0, 2.0], "attachment_entry": [3.0, 1.0]})
    >>> unmasked(rows, ["attachment"], share=0.5)["attachment"].tolist()
    [2.0, 2.0]
    """
    if not 0 <= share <= 1:
        raise InputError(f"The share of the fall undone is {share:g}. It must lie between 0 and 1.")
    changed = {}
    for name in columns:
        now, then = number_column(frame, name), number_column(frame, f"{name}{ENTRY}")
        back = now + share * np.fmax(np.where(np.isnan(then), 0.0, then - now), 0.0)
        changed[name] = np.floor(back + 0.5) if whole else back
    return frame.assign(**changed)
