"""Which councils the tables of docs/findings_real_panel.md leave out, all of them by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from vcanalysis.analysis import productivity
from vcanalysis.core.measures import measure


def too_small(frame: pd.DataFrame, *, since: int, fewest: int) -> str:
    """Name the councils with fewer children than asked in some year, or with no number of them."""
    late = frame[frame["year"] >= since]
    short = late[~(late["looked_after_n"] >= fewest)]
    return f"Fewer than {fewest} children or no number of them, so left out: {_by_years(late, short)}."


def lacking(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Name, measure by measure, the councils without a number."""
    short = {column: frame[frame[column].isna()] for column in columns}
    return [
        f"- {measure(column).label}: {_by_years(frame, rows)}." for column, rows in short.items() if len(rows)
    ]


def left_out(found: productivity.Productivity, names: Any) -> str:
    """Name the councils that an index leaves out, all of them, by reason."""
    lost = found.scores.left_out.assign(council=lambda f: f["unit"].map(names))
    return "; ".join(f"{', '.join(sorted(part))} ({why})" for why, part in lost.groupby("reason")["council"])


def without(frame: pd.DataFrame, columns: Iterable[str]) -> str:
    """Name the councils of a year that lack a number, all of them."""
    lost = frame.loc[frame[list(columns)].isna().any(axis=1), "council"]
    return f" Without a number, so left out: {', '.join(sorted(lost))}." if len(lost) else ""


def _by_years(frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Name councils; with the years where there are others."""
    every = frame.groupby("council")["year"].nunique()
    said = []
    for name, years in rows.groupby("council")["year"]:
        some = f" ({', '.join(str(year) for year in sorted(years))})" if len(years) < every[name] else ""
        said.append(f"{name}{some}")
    return "; ".join(said) or "none"
