"""Findings on plans and unit costs of special educational needs on the published panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vcanalysis import association, send

FIRST_TREND = 2025


def findings(panel: Any, made: Any) -> list[str]:
    """Write the part."""
    frame = panel.frame
    return [
        "## Special educational needs: plans and what support costs",
        "",
        *_growth(frame),
        "",
        *_avoided(frame),
        "",
        *_cost(frame),
        "",
        "The panel has counts of plans, one unit cost and the share of children in care who have a plan. It has no",
        "need, no setting and no transport by council: notebook 16 asks those of a council's own table.",
    ]


def _growth(frame: pd.DataFrame) -> list[str]:
    ends = frame[frame["year"].isin((2019, 2025))].pivot(
        index="council_code", columns="year", values="ehcp_n"
    )
    both = ends.dropna()
    ratio = both[2025] / both[2019]
    low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9])
    rose = send.share_of(int((ratio > 1).sum()), len(ratio), term="Councils with more plans").named(
        of="councils"
    )
    return [
        f"Plans of the {len(both)} councils with a count in both years went from {both[2019].sum():,.0f} in",
        f"January 2019 to {both[2025].sum():,.0f} in January 2025, {both[2025].sum() / both[2019].sum():.2f} times as",
        "many. The middle",
        f"council has {middle:.2f} times as many, one in ten under {low:.2f} and one in ten over {high:.2f}.",
        rose.sentence(),
    ]


def _avoided(frame: pd.DataFrame) -> list[str]:
    names = {"year": "year", "count": "ehcp_n", "since": FIRST_TREND}
    told, verdicts = [], []
    for _, rows in frame.dropna(subset=["ehcp_n"]).groupby("council_code"):
        if (rows["ehcp_n"] > 0).all():
            held = send.against_trend(rows, **names)
            told += [held] if held.avoided.estimable else []
    for held in told:
        verdicts.append(
            "below" if (held.avoided.low or 0) > 0 else "above" if (held.avoided.high or 0) < 0 else ""
        )
    fewer = sum((h.naive.value or 0) > 0 for h in told)
    below, above = verdicts.count("below"), verdicts.count("above")
    return [
        f"Held against its own trend of the years before {FIRST_TREND}, {below} of {len(told)} councils have fewer",
        f"plans in {FIRST_TREND} than the interval of the trend allows, and {above} have more.",
        f"Chance alone would give about {0.025 * len(told):.0f} of each. Against last year's level {fewer} have fewer.",
        "A short line foretells little, and councils share a nation's year: neither count says what a council did.",
    ]


def _cost(frame: pd.DataFrame) -> list[str]:
    known = frame.dropna(subset=["sen_gbp_week"])
    years = known.groupby("year")["sen_gbp_week"].agg(["median", "size"])
    first, last = years.index.min(), years.index.max()
    pairs = frame[frame["year"] == last].dropna(subset=["ehcp_pct", "sen_gbp_week"])
    rho = association.rank_correlation(pairs, x="ehcp_pct", y="sen_gbp_week").named(
        term="Rank correlation of the share of children in care with a plan and the unit cost of support",
        of="councils",
    )
    share = frame.dropna(subset=["ehcp_pct"]).groupby("year")["ehcp_pct"].median()
    return [
        "The published weekly unit cost of special needs support, in pounds of each year: the middle council",
        f"£{years.loc[first, 'median']:,.0f} in {first} ({years.loc[first, 'size']} councils) and",
        f"£{years.loc[last, 'median']:,.0f} in {last} ({years.loc[last, 'size']} councils). Of its children in care",
        f"the middle council has {share.iloc[0]:.0f}% with a plan in {share.index[0]} and {share.iloc[-1]:.0f}% in",
        f"{share.index[-1]}.",
        rho.sentence(),
    ]
