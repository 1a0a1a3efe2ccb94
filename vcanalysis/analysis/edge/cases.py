"""Cases on the edge of care as they stand on a day: how long they were watched, and what had happened by then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.survival import Survival, Watch, kaplan_meier

_YEAR = 365.25
_ETHNIC = {"W": "White", "M": "mixed", "A": "Asian", "B": "Black", "C": "other", "O": "other"}
NEEDED = ("child_id", "opened", "plan", "birth_month", "entered_care", "intervention_from")


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases opened in the data, as known on a day.

    Parameters
    ----------
    rows : DataFrame
        The table, with ``age_years`` at the opening, ``days`` (from the opening to entry, or to the day), ``entered``
        (a flag), ``supported`` (support had begun by then, at home) and ``supported_day`` (days to its start).
    day : Timestamp
        Day after the last day known.
    left_out : int
        Cases left out, since they were opened outside the data: who entered before it began is not seen.
    """

    rows: pd.DataFrame
    day: pd.Timestamp
    left_out: int = 0

    def within(self, days: int, *, level: float = 0.95) -> Estimate:
        """Share who come into care within so many days of the opening; later entries and open ends count as watched."""
        term = f"Came into care within {days} days of the opening"
        stayed = self.staying(level=level).at(float(days), term=term)
        if not stayed.estimable or stayed.value is None:
            return stayed
        ends = [1 - end for end in (stayed.high, stayed.low) if end is not None]
        entered = int((self.rows["entered"] & self.rows["days"].le(days)).sum())
        return stayed.named(value=1 - stayed.value, low=ends[0], high=ends[1], support=entered)

    def staying(self, *, level: float = 0.95, group: str = "all") -> Survival:
        """Give the curve of those who have not come into care, Kaplan-Meier."""
        watch = Watch("days", "entered", cluster="child_id", of="cases on the edge of care")
        return kaplan_meier(self.rows, watch, level=level, group=group)

    def by(self, column: str, *, days: int, level: float = 0.95) -> Estimates:
        """Share who come into care within so many days, for each value of a column."""
        require_columns(self.rows, column)
        parts = self.rows.groupby(column, observed=True, sort=True)
        return Estimates.of(
            Cases(part, self.day).within(days, level=level).named(group=str(name)) for name, part in parts
        )

    def ethnic_groups(self) -> pd.Series:
        """Give the ethnic group of each row: White, mixed, Asian, Black or other, from the code."""
        return self.rows["ethnicity"].astype("str").str[0].map(_ETHNIC)

    def said(self, *sentences: str) -> list[str]:
        """Give the sentences of an answer; where no case is known, the one on what is missing alone."""
        return [self.sentence()] if self.rows.empty else list(sentences)

    def how_sure(self, base: Estimate) -> str:
        """Say how sure the share who come into care is, by the width of its interval."""
        width = (base.high or 0.0) - (base.low or 0.0)
        return "high" if width <= 0.06 else "moderate" if width <= 0.15 else "low"

    def open_now(self) -> pd.DataFrame:
        """Give the cases that are open on the day, of children at home."""
        rows = self.rows
        return rows[(rows["closed"].isna() | (rows["closed"] >= self.day)) & ~rows["entered"]]

    def sentence(self) -> str:
        """Say how many cases there are, how many came into care, and how long they were watched."""
        if self.rows.empty:
            return "No case on the edge of care is known. Add the table edge with: vcanalysis import ... --edge FILE"
        years = self.rows["days"].sum() / _YEAR
        entered = int(self.rows["entered"].sum())
        aside = (
            f" {self.left_out:,} opened before the data or after the day are left out."
            if self.left_out
            else ""
        )
        said = f"{len(self.rows):,} cases watched at home for {years:,.0f} years in all"
        return f"{said}; {entered:,} came into care.{aside}"


def base_headline(base: Estimate) -> str:
    """Say how many of a hundred cases come into care, and how many do not.

    Examples
    --------
    >>> base_headline(Estimate("Came into care", 0.12, 0.10, 0.14, n=1400, unit="share"))
    'Of 100 cases on the edge of care, 12 come into care within a year and 88 do not'
    """
    if base.value is None:
        return "How many come into care cannot be said here"
    enter = round(100 * base.value)
    return f"Of 100 cases on the edge of care, {enter} come into care within a year and {100 - enter} do not"


def edge_cases(edge: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> Cases:
    """Say of every case what was known of it by a day.

    Parameters
    ----------
    edge : DataFrame
        Table `edge`: child_id, opened, closed, plan, birth_month, entered_care, intervention_from and what else is
        known at the opening.
    start, end : Timestamp
        First day of the data, and the day after the last day known: nothing that happened from then on is used.

    Returns
    -------
    Cases
        Cases opened from the first day on. A case without entry is watched up to the day, closed or not: a child whose
        case was closed may still come into care.

    Raises
    ------
    InputError
        If a column is missing, or the day does not lie after the first.

    Examples
    --------
    >>> day = pd.Timestamp
    >>> table = pd.DataFrame({"child_id": ["a", "b"], "opened": [day("2019-01-01"), day("2019-06-01")],
    ...     "closed": pd.NaT, "plan": "child in need", "birth_month": day("2010-01-01"),
    ...     "entered_care": [day("2019-03-02"), pd.NaT], "intervention_from": pd.NaT})
    >>> edge_cases(table, start=day("2019-01-01"), end=day("2020-01-01")).sentence()
    '2 cases watched at home for 1 years in all; 1 came into care.'
    """
    require_columns(edge, *NEEDED)
    if end <= start:
        raise InputError(
            f"The day {end:%d/%m/%Y} must lie after the first day, {start:%d/%m/%Y}. Give a later one."
        )
    inside = (edge["opened"] >= start) & (edge["opened"] < end)
    rows = edge[inside].reset_index(drop=True)
    entered = rows["entered_care"] < end
    until = rows["entered_care"].where(entered, end)
    day = (rows["intervention_from"] - rows["opened"]).dt.days.astype("float64")
    supported = (rows["intervention_from"] < end) & ~(rows["entered_care"] <= rows["intervention_from"])
    watched = (until - rows["opened"]).dt.days.astype("float64")
    made = rows.assign(
        age_years=np.maximum((rows["opened"] - rows["birth_month"]).dt.days / _YEAR, 0.0),
        days=np.maximum(watched, 0.5),  # entry on the day of the opening counts as half a day
        entered=entered.astype(bool),
        supported=supported.astype(bool),
        supported_day=day.where(supported),
    )
    return Cases(made, end, int((~inside).sum()))
