"""How figures stand on docs/findings_real_panel.md: with their interval, and beside what was measured before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis import association
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_interval, write_number


def said(estimate: Estimate) -> str:
    """Write a figure with its interval, or that there is none."""
    if not estimate.estimable:
        return "not estimable"
    number = write_number(estimate.value, estimate.unit)
    return (
        f"{number} ({write_interval(estimate.low, estimate.high, estimate.unit)})"
        if estimate.has_interval
        else number
    )


OTHERS = "; what is left may be its choice of councils, which is not known"
_ROUNDED = 0.0051  # two figures of two places this near are the same


def plainly(frame: pd.DataFrame, x: str, y: str, old: str, *, wider: pd.DataFrame, log: bool = False) -> str:
    """Say that it was Pearson's before, what that is here and in the wider choice of councils, and if that is all."""
    here, there = (_pearson(rows, x, y, log=log) for rows in (frame, wider))
    of = " of log spend," if log else ","
    said_here = f"before: Pearson's{of} which is {write_number(here, 'correlation')} here"
    if not unlike(here, old):
        return said_here
    return f"{said_here}, {write_number(there, 'correlation')} with Rutland{unlike(there, old)}"


def _pearson(frame: pd.DataFrame, x: str, y: str, *, log: bool) -> float:
    both = frame[[x, y]].dropna()
    return float(both[x].corr(np.log(both[y]) if log else both[y]))


def a_year_on(frame: pd.DataFrame, column: str, old: str) -> str:
    """Say that before it was Pearson's of all years, and what the middle of that over pairs of years is here."""
    wide = frame.pivot(index="council_code", columns="year", values=column)
    pairs = [wide[year].corr(wide[year + 1]) for year in wide.columns[:-1] if year + 1 in wide]
    here = float(pd.Series(pairs).median())
    return (
        f"before: Pearson's of all years since {frame['year'].min()}, whose middle is "
        f"{write_number(here, 'correlation')} here{unlike(here, old)}"
    )


def unadjusted(frame: pd.DataFrame, money: str, columns: list[str], old: str) -> str:
    """Say that R squared was not adjusted before, what it is here without that, and whether that is all."""
    both = frame[[money, *columns]].dropna()
    blocks = pd.get_dummies(both[columns], drop_first=True).astype("float64")
    known = np.column_stack([np.ones(len(both)), blocks])
    log = np.log(both[money])
    here = 1 - float((log - known @ np.linalg.lstsq(known, log)[0]).var() / log.var())
    return f"here adjusted R squared; not adjusted {write_number(here, 'correlation')}{unlike(here, old)}"


def unlike(here: float, old: str) -> str:
    """Say that something is left to explain, where a figure is not the one of before.

    Examples
    --------
    >>> unlike(0.196, "0.20"), unlike(0.20, "0.24 (0.09 to 0.38)") == OTHERS
    ('', True)
    """
    return "" if abs(here - float(old.split()[0])) <= _ROUNDED else OTHERS


def rho(frame: pd.DataFrame, x: str, y: str) -> Estimate:
    """Rank correlation over councils."""
    return association.rank_correlation(frame, x=x, y=y)


def table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    """Draw up a table of what was found, beside what was measured before and why the two differ."""
    head = ["| figure | here (95% interval) | measured before | why they differ |", "|---|---|---|---|"]
    return [*head, *(f"| {' | '.join(row)} |" for row in rows), ""]
