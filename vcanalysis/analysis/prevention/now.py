"""What care costs now and how long children stay in it, from the last year of a panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.prevention.scenario import Range
from vcanalysis.core.columns import number_column
from vcanalysis.core.facts import assumption
from vcanalysis.core.price_index import price_index

NOT_KNOWN = "the panel does not hold {} of its last year"


@dataclass(frozen=True, slots=True)
class CareNow:
    """Care in one year, all councils together.

    Parameters
    ----------
    care_gbp, support_gbp : float
        Spend on care and on family support; 0 where not known.
    week_gbp : tuple of float
        Pounds of a week of care that is not needed: likeliest, lowest and highest. Between the price of a foster
        family and the mean of all care, since those who can stay at home are seldom those in the dearest homes.
    leave_year : float
        Children who leave care in a year, of those in it.
    starts : float
        Children who come into care in a year.
    councils : int
        Councils whose spend on care is in the sum.
    reason : str
        What the panel lacks; empty when it has all.
    """

    care_gbp: float
    support_gbp: float
    week_gbp: Range
    leave_year: float
    starts: float
    councils: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a panel that `care_now` reads; the names are those of the workbench's own panel."""

    care: str = "looked_after_gbp"
    support: str = "family_support_gbp"
    week: str = "looked_after_gbp_child_week"
    foster_week: str = "fostering_gbp_week"
    children: str = "looked_after_n"
    left: str = "ceased_n"
    came: str = "starts_n"


def care_now(frame: pd.DataFrame, *, columns: Columns | None = None) -> CareNow:
    """Sum up one year of a panel.

    Parameters
    ----------
    frame : DataFrame
        One row per council, of one year.
    columns : Columns, optional
        Names of the columns; prices are medians over councils.

    Returns
    -------
    CareNow
        With a reason, and no money, where the panel lacks an amount of every council.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> drawn = pd.DataFrame({"looked_after_gbp": [8e6], "family_support_gbp": [2e6], "ceased_n": [30.0],
    ...     "looked_after_gbp_child_week": [1500.0], "fostering_gbp_week": [700.0], "looked_after_n": [100.0],
    ...     "starts_n": [32.0]})
    >>> now = care_now(drawn)
    >>> now.week_gbp, now.leave_year
    ((1100.0, 700.0, 1500.0), 0.3)
    """
    names = columns or Columns()
    asked = {
        "spend on care": names.care,
        "spend on family support": names.support,
        "the price of a week": names.week,
        "the price of fostering": names.foster_week,
        "who left care": names.left,
        "who came into care": names.came,
    }
    held = {words: number_column(frame, column) for words, column in asked.items()}
    lost = [words for words, column in held.items() if np.isnan(column).all()]
    if lost:
        return CareNow(0.0, 0.0, (0.0, 0.0, 0.0), 0.0, 0.0, 0, NOT_KNOWN.format(" and ".join(lost)))
    foster, mean = sorted(float(np.nanmedian(held[f"the price of {k}"])) for k in ("fostering", "a week"))
    children = number_column(frame, names.children)
    both = ~np.isnan(children) & ~np.isnan(held["who left care"])
    leave = float(held["who left care"][both].sum() / max(children[both].sum(), 1.0))
    sums = [float(np.nansum(held[f"spend on {kind}"])) for kind in ("care", "family support")]
    week = ((foster + mean) / 2, foster, mean)
    starts = float(np.nansum(held["who came into care"]))
    councils = int((~np.isnan(held["spend on care"])).sum())
    return CareNow(sums[0], sums[1], week, min(leave, 0.99), starts, councils)


def assumed(name: str, *, to: str = "") -> Range:
    """Give an assumption as likeliest, lowest and highest; pounds in the prices of a financial year.

    Parameters
    ----------
    name : str
        Id of an assumption.
    to : str
        Financial year such as "2024-25" that its pounds are brought to by the GDP deflator.

    Raises
    ------
    InputError
        If there is no such assumption, or the price index lacks a year.

    Examples
    --------
    >>> assumed("cashable_share")
    (0.5, 0.2, 0.9)
    """
    found = assumption(name)
    factor = price_index().factor(found.price_year, to) if to and found.price_year else 1.0
    return found.central * factor, found.low * factor, found.high * factor


__all__ = ["CareNow", "Columns", "assumed", "care_now"]
