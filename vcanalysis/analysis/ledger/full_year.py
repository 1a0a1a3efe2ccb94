"""The full-year effect: what the children in place would be worth in a whole year. A rate, never added to a saving.

It stands apart from the ledger on purpose: no result of ours holds both, and estimates cannot be added.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.paid import as_days
from vcanalysis.analysis.ledger.reading import Array
from vcanalysis.analysis.ledger.result import METHOD, Ledger
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import percentile_interval
from vcanalysis.core.parts import parts_of

WEEKS = 52


def full_year_effect(ledger: Ledger) -> Estimate:
    """Weekly gap of the children in a family on the last day of a ledger, for 52 weeks.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    Estimate
        In "GBP per year", before the cost of the programme. The chance that a child would have left the home by then
        is in it; that it will leave the family later is not.

    Notes
    -----
    The part-year effect is `Ledger.in_year`. The two are views of the same children and are never added.
    """
    about = {"unit": "GBP per year", "method": METHOD}
    term, last = "Full-year effect of the children in place", as_days(pd.Series([ledger.terms.day]))[0]
    rows = ledger.rows[(ledger.rows["stop"] == last) & ledger.rows["homes"].eq(0)]
    if ledger.reason() or not len(rows):
        reason = ledger.reason() or "no child is in a family on the last day"
        return Estimate.not_estimable(term, n=0, reason=reason, **about)
    days = (rows["stop"] - rows["start"]).to_numpy(dtype="float64")
    gap = WEEKS * 7 * ledger.net_pence()[rows.index].to_numpy() / 100 / days
    drawn = gap.sum() + _luck(ledger, rows).sum(axis=1)
    low, high = percentile_interval(drawn, ledger.terms.level)
    made = Estimate(term, float(gap.sum()), low, high, ledger.terms.level, len(rows), **about)  # type: ignore[arg-type]
    return made.named(std_error=float(drawn.std(ddof=1)), parts=parts_of(gap))


def _luck(ledger: Ledger, rows: pd.DataFrame) -> Array:
    """Give by how much the yearly gap of each child would differ, had it surely stayed or left by the last day."""
    claim = rows["claim"].to_numpy()
    move = as_days(ledger.claims["move"])[claim]
    there = ledger.drawn.leaving[:, claim] > rows["stop"].to_numpy() - move - 1
    home = np.where(rows["bed"].eq("void"), 0.0, rows["rate"].to_numpy() / 100)
    chance = rows["stay_days"].to_numpy() / (rows["stop"] - rows["start"]).to_numpy()
    return np.asarray(WEEKS * (there - chance) * (home - ledger.terms.elsewhere[0]))
