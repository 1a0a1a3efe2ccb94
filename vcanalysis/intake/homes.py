"""Children in homes as the question of a family needs them: over half years, at entry, and when they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vcanalysis.core.codes import FAMILY_TYPES

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_HOME = "Residential home"
_ETHNIC = {"W": "White", "M": "mixed", "A": "Asian", "B": "Black", "C": "other", "O": "other"}
_NOT_SAID = ("REFU", "NOBT")
_WITHIN = pd.Timedelta(days=365)


def over_half_years(council: Council, day: pd.Timestamp) -> pd.DataFrame:
    """List the children in care on a day and every half year before it, as snapshots below each other.

    Parameters
    ----------
    council : Council
        The council.
    day : Timestamp
        The last day, within the data.

    Returns
    -------
    DataFrame
        The columns of `Council.snapshot`, ``on`` (the day) and ``family``: 1 for a child with foster carers, 0 in a
        residential home, missing elsewhere; ``ethnic_group``: White, mixed, Asian, Black or other. A new index.
    """
    steps = (day - council.start).days // 183
    days = [day - pd.Timedelta(days=183 * back) for back in reversed(range(max(steps, 1)))]
    rows = pd.concat([council.snapshot(on).assign(on=on) for on in days], ignore_index=True)
    kind = rows["placement_type"].astype("str")
    lives = np.select([kind.isin(FAMILY_TYPES), kind.eq(_HOME)], [1.0, 0.0], np.nan)
    code = rows["ethnicity"].where(~rows["ethnicity"].isin(_NOT_SAID))
    return rows.assign(family=lives, ethnic_group=code.str[0].map(_ETHNIC))


def with_entry(council: Council, at: pd.DataFrame) -> pd.DataFrame:
    """Add who rated last, and the last rating in the year before the placement began.

    Parameters
    ----------
    council : Council
        The council.
    at : DataFrame
        Rows of a snapshot.

    Returns
    -------
    DataFrame
        With the index of `at`: ``rater_id``, and with the ending ``_entry`` need_total, need_date, rater_id and every
        domain, missing where there was no rating before.
    """
    domains = list(council.framework.domains)
    rated = council.assessments()
    rated = rated.loc[~rated["second_rating"]].rename(columns={"date": "need_date"}).sort_values("need_date")
    rated = rated.assign(child_id=rated["child_id"].astype("str"))
    last = rated.set_index(["child_id", "need_date"])["rater_id"]
    found = at.join(last[~last.index.duplicated()], on=["child_id", "need_date"])
    began = at.set_index("child_id")["placement_start"]
    since = pd.to_datetime(rated["child_id"].map(began.to_dict())) - rated["need_date"]
    before = rated[since.between(pd.Timedelta(0), _WITHIN)].drop_duplicates("child_id", keep="last")
    entry = before.set_index("child_id")[["need_total", "need_date", "rater_id", *domains]]
    return found.join(entry.add_suffix("_entry"), on="child_id")


def left_homes(council: Council, children: pd.Series, *, until: pd.Timestamp) -> pd.Series:
    """Give the day each child last left a residential home, missing while they live in one.

    Parameters
    ----------
    council : Council
        The council.
    children : Series of str
        Pseudonyms; the result has their index.
    until : Timestamp
        Day after the last day that counts.
    """
    weeks = council.child_weeks(council.start, until)
    last = weeks[weeks["placement_type"].eq(_HOME)].groupby("child_id", observed=True)["to"].max()
    days = pd.to_datetime(children.map(last.to_dict()))
    return days.where(days < until)
