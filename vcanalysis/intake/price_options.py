"""What a draft asks about a file of prices: the last day, the period, lines side by side, shares."""

from __future__ import annotations

import re

import pandas as pd

from vcanalysis.intake.cleaning.amounts import amounts, periods
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.heading import WORD, shown_as
from vcanalysis.intake.likely import Matched, columns_of_days
from vcanalysis.intake.mapping import PERIODS

_PAYERS = ("care_share", "education_share", "health_share")


def side_by_side(rows: pd.DataFrame, matched: Matched) -> bool:
    """Say whether two closed prices of one child overlap."""
    if not {"child_id", "from", "to"} <= set(matched):
        return False
    child = rows[matched["child_id"][0]]
    first, last = (parse_dates(rows[matched[name][0]]) for name in ("from", "to"))
    spans = pd.DataFrame({"child": child, "first": first, "last": last}).dropna()
    spans = spans.sort_values(["child", "first"], kind="stable")
    reached = spans.groupby("child")["last"].cummax().groupby(spans["child"]).shift()
    return bool((spans["first"] < reached).any())


def price_options(rows: pd.DataFrame, matched: Matched) -> list[str]:
    """Write the options of a mapping of prices, each to be checked."""
    lines = ['last_day = "included"  # CHECK: is the end the last day charged, or the day after it?']
    lines += _period(rows, matched)
    if side_by_side(rows, matched):
        lines.append(
            "# CHECK: prices of one child overlap. `line` names the column of the service: lines add up"
        )
    price = matched.get("amount", matched.get("gbp_week"))
    if price:
        text = rows[price[0]]
        bad = int((amounts(text)["pounds"].isna() & text.ne("")).sum())
        if bad:
            lines.append(f"# CHECK: {bad} of the first {len(rows)} amounts cannot be read")
    shares = [matched[name][0] for name in _PAYERS if name in matched]
    if shares:
        unit = "percent" if any(re.search("%|per ?cent", name.lower()) for name in shares) else "pounds"
        lines.append(f'shares_as = "{unit}"  # CHECK: shares, percent or pounds')
        if "care_share" not in matched:
            lines.append(
                "# CHECK: no column was found for what care pays (care_share). Shares must add up to the whole, or the "
                "price is set aside: name its column, or take the others out"
            )
    return lines


def endless(rows: pd.DataFrame, columns: list[str], names: list[str], matched: Matched) -> list[str]:
    """Ask for the end of a price where no column was found for it, and name the columns that hold days."""
    if "to" in matched:
        return []
    called = shown_as(columns, names)
    days = [called[c] for c in columns_of_days(rows, columns, matched)]
    also = f". Days are also in: {', '.join(days)}" if days else ""
    return [
        "# CHECK: no column was found for to, the end of a price: without it each is paid until the next of its child "
        f"begins, the last to the end of the data{also}"
    ]


def _period(rows: pd.DataFrame, matched: Matched) -> list[str]:
    if "period" in matched:
        words = rows[matched["period"][0]]
        unread = set(words[periods(words).isna() & words.ne("")])
        said = f"# CHECK: {len(unread)} words for the period are not known; add [costs.values.period]"
        return [said] if unread else []
    if "amount" not in matched:
        return []
    parts = pd.Series([word.lower() for word in WORD.findall(matched["amount"][0])], dtype="str")
    told = list(periods(parts).dropna())
    every = next((word for word in told if word != "total"), told[0] if told else "")  # a total weekly cost
    if every:
        return [f'every = "{every}"  # CHECK: the name says so']
    known = ", ".join(PERIODS)
    return [
        f'# every = "week"  # CHECK: nothing says what period the amount is for, so no price is read yet: {known}'
    ]
