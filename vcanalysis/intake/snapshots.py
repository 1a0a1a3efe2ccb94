"""The parts of a snapshot: ages, prices and latest needs of children on a day."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.period import age_years

ABOUT = ("sex", "ethnicity", "uasc", "disability", "sen_status", "sibling_group")
SHARES = ("care_share", "education_share", "health_share")
_PLACED = (
    "ls",
    "cin",
    "place",
    "place_provider",
    "placement_type",
    "provider_id",
    "home_id",
    "distance_miles",
    "area",
)
_SINCE = ("care_start", "weeks_in_care", "placement_start", "weeks_in_placement")
# Columns of a snapshot before the scores of the needs framework.
BEFORE_SCORES = (
    "child_id",
    "age_years",
    *ABOUT,
    *_PLACED,
    *_SINCE,
    "cost_gbp_week",
    *SHARES,
    "need_date",
    "need_age_days",
)


def ages(birth_month: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Give ages in years; missing for a child without a row in children, which the check reports."""
    known = birth_month.notna()
    years = age_years(birth_month.fillna(day), day)
    return years if known.all() else years.where(known)


def prices_on(cut: pd.DataFrame, children: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """Give the price and its payers on a day, in the order of `children`; missing when unpriced.

    Parameters
    ----------
    cut : DataFrame
        Stretches with one placement and one price, see `vcanalysis.intake.linking.stretches`.
    children : Series of str
        Pseudonyms; the result has their index.
    day : Timestamp
        The day.
    """
    now = cut.loc[(cut["from"] <= day) & (cut["to"] > day)].set_index("child_id")
    prices = now[["gbp_week", *SHARES]].reindex(children.to_numpy())
    return prices.rename(columns={"gbp_week": "cost_gbp_week"}).set_index(children.index)


def needs_on(
    ratings: pd.DataFrame, children: pd.Series, day: pd.Timestamp, *, within_days: int, columns: list[str]
) -> pd.DataFrame:
    """Give the latest rating up to a day, in the order of `children`; missing when there is none.

    The second of a double rating never counts here: it says how far raters agree, not what a child needs.
    """
    old = (day - ratings["date"]).dt.days
    fresh = ratings.loc[(old >= 0) & (old <= within_days) & ~ratings["second_rating"]]
    last = fresh.sort_values(["child_id", "date"], kind="stable").drop_duplicates("child_id", keep="last")
    found = last.set_index("child_id")[["date", *columns]].reindex(children.to_numpy())
    found = found.set_index(children.index).rename(columns={"date": "need_date"})
    return found.assign(need_age_days=(day - found["need_date"]).dt.days)
