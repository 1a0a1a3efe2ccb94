"""How figures stand on docs/findings_real_panel.md: with their interval, and beside what was measured before."""

from __future__ import annotations

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


def plainly(frame: pd.DataFrame, x: str, y: str) -> str:
    """Say that it was Pearson's before, and what Pearson's is here."""
    both = frame[[x, y]].dropna()
    return f"before: Pearson's, which is {write_number(float(both[x].corr(both[y])), 'correlation')} here"


def rho(frame: pd.DataFrame, x: str, y: str) -> Estimate:
    """Rank correlation over councils."""
    return association.rank_correlation(frame, x=x, y=y)


def table(rows: list[tuple[str, str, str, str]]) -> list[str]:
    """Draw up a table of what was found, beside what was measured before and why the two differ."""
    head = ["| figure | here (95% interval) | measured before | why they differ |", "|---|---|---|---|"]
    return [*head, *(f"| {' | '.join(row)} |" for row in rows), ""]
