"""How many children come into care, stay and leave: counts, and whether a change is more than chance."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from scipy import stats

from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.period import Quarter

METHOD = "ratio of two counts; exact conditional (binomial) interval"
SHORT_BREAKS = ("V3", "V4")


def flows(episodes: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> Estimates:
    """Count the children who came into care, moved placement and left care in a period.

    Parameters
    ----------
    episodes : DataFrame
        SSDA903 episodes: child_id, decom, rne, ls, dec, rec. Short breaks (V3, V4) are left out.
    start, end : Timestamp
        First day, and the day after the last day.

    Returns
    -------
    Estimates
        Counts of events, groups "came into care", "moved placement", "left care"; a child may count twice.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> episodes = pd.DataFrame({"child_id": ["a", "a"], "decom": day(["2019-10-05", "2019-11-01"]),
    ...     "rne": ["S", "P"], "ls": ["C2", "C2"], "dec": day(["2019-11-01", "2019-12-24"]), "rec": ["X1", "E4A"]})
    >>> counts = flows(episodes, start=pd.Timestamp("2019-10-01"), end=pd.Timestamp("2020-01-01"))
    >>> [(e.group, e.value) for e in counts]
    [('came into care', 1.0), ('moved placement', 1.0), ('left care', 1.0)]
    """
    require_columns(episodes, "child_id", "decom", "rne", "ls", "dec", "rec")
    rows = episodes.loc[~episodes["ls"].isin(SHORT_BREAKS)]
    began = (rows["decom"] >= start) & (rows["decom"] < end)
    ended = (rows["dec"] >= start) & (rows["dec"] < end)
    counts = {
        "came into care": int((began & rows["rne"].eq("S")).sum()),
        "moved placement": int((began & rows["rne"].isin(["P", "B"])).sum()),
        "left care": int((ended & rows["rec"].ne("X1")).sum()),
    }
    return Estimates.of(
        Estimate(
            "Events in the period", count, n=count, unit="count", method="count", group=name, of="events"
        )
        for name, count in counts.items()
    )


def flows_by_quarter(episodes: pd.DataFrame, *, quarters: Iterable[Quarter]) -> pd.DataFrame:
    """Count arrivals, moves and departures in each of several quarters.

    Parameters
    ----------
    episodes : DataFrame
        As for `flows`.
    quarters : iterable of Quarter
        In the order they are to be shown.

    Returns
    -------
    DataFrame
        Columns when (text such as 2019Q4), flow, events.

    Raises
    ------
    InputError
        If a column is missing.
    """
    rows = [
        (str(quarter), count.group, count.n)
        for quarter in quarters
        for count in flows(episodes, start=quarter.start, end=quarter.end)
    ]
    return pd.DataFrame(rows, columns=["when", "flow", "events"])


def counts(table: pd.DataFrame) -> Estimates:
    """Give the counts of a table of flows one by one, to be recorded.

    Parameters
    ----------
    table : DataFrame
        From `flows_by_quarter`.

    Returns
    -------
    Estimates
        The term names the flow, the group the quarter.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> print(counts(pd.DataFrame({"when": ["2019Q4"], "flow": ["left care"], "events": [28]})).sentence())
    Left care, 2019Q4: 28.
    """
    require_columns(table, "when", "flow", "events")
    rows = table[["when", "flow", "events"]].itertuples(index=False)
    return Estimates.of(
        Estimate(str(flow).capitalize(), n, n=n, unit="count", method="count", group=str(when), of="events")
        for when, flow, n in rows
    )


def flows_headline(table: pd.DataFrame) -> str:
    """Say in how many of the quarters more children came into care than left.

    Parameters
    ----------
    table : DataFrame
        From `flows_by_quarter`.

    Examples
    --------
    >>> table = pd.DataFrame({"when": ["2019Q3"] * 2 + ["2019Q4"] * 2, "events": [9, 7, 5, 8],
    ...                       "flow": ["came into care", "left care"] * 2})
    >>> flows_headline(table)
    'More children came into care than left it in 1 of 2 quarters'
    """
    wide = table.pivot_table(index="when", columns="flow", values="events", aggfunc="sum")
    if wide.empty:
        return "No quarter to show"
    more = int((wide["came into care"] > wide["left care"]).sum())
    return f"More children came into care than left it in {more} of {len(wide)} quarters"


def changes(
    now: Estimates, before: Estimates, *, covered: bool = True, base: int = 1, level: float = 0.95
) -> Estimates:
    """Compare the flows of two periods of equal length, group by group.

    Parameters
    ----------
    now, before : Estimates
        From `flows`.
    covered : bool
        Whether the data cover the earlier period whole; if not, nothing can be compared.
    base : int
        Counts are rounded to this before they are compared. A change to be published is made of counts
        rounded as they are shown (to 5), so that it gives away no more than they do.
    level : float
        Confidence level of each interval; no allowance is made for looking at several.

    Returns
    -------
    Estimates
        Relative changes with exact intervals, one per group.

    Examples
    --------
    >>> def counted(n): return Estimates((Estimate("Events", n, n=n, unit="count", group="left care"),))
    >>> [direction(e) for e in changes(counted(60), counted(20))]
    ['rose']
    """
    term = "Change on the earlier period"
    if not covered:
        reason = "the data do not cover the earlier period"
        return Estimates.of(
            Estimate.not_estimable(term, n=0, reason=reason, group=e.group, method=METHOD, of="events")
            for e in now
        )
    pairs = [(e.group, e.n, before.group(e.group).n) for e in now]
    return Estimates.of(
        change_in_count(_to(base, a), _to(base, b), term=term, level=level).named(group=g, support=min(a, b))
        for g, a, b in pairs
    )


def _to(base: int, count: int) -> int:
    return base * ((2 * count + base) // (2 * base))


def change_in_count(now: int, before: int, *, term: str, level: float = 0.95, of: str = "events") -> Estimate:
    """Relative change from one count of events to another, with an exact interval.

    Parameters
    ----------
    now, before : int
        Events in two periods of equal length.
    term : str
        What changed, in words.
    level : float
        Confidence level.
    of : str
        What is counted.

    Returns
    -------
    Estimate
        ``now / before - 1`` in unit "change". Not estimable when the two hold fewer than 10 events.

    Raises
    ------
    InputError
        If a count is negative.

    Notes
    -----
    Takes both counts as Poisson. Given their sum the first is binomial, whose Clopper-Pearson interval
    gives an interval for the ratio that covers at least as often as it says. Siblings who come into care
    together make it somewhat too narrow.

    References
    ----------
    Przyborowski J, Wilenski H (1940), Biometrika 31:313-323.

    Examples
    --------
    >>> change_in_count(30, 20, term="Change in children who came into care").sentence()
    'Change in children who came into care: 50% (95% interval -18% to 179%; 50 events).'
    """
    if now < 0 or before < 0:
        raise InputError(f"{term}: counts must not be negative, found {min(now, before)}.")
    total = now + before
    if total < 10 or before == 0:
        reason = "at least 10 events in the two periods, and one in the first, are needed"
        return Estimate.not_estimable(term, n=total, reason=reason, method=METHOD, of=of)
    ends = stats.binomtest(now, total).proportion_ci(level, method="exact")
    low = ends.low / (1 - ends.low) - 1
    high = ends.high / (1 - ends.high) - 1 if ends.high < 1 else float("inf")
    few = min(now, before)
    return Estimate(term, now / before - 1, low, high, level, total, "change", METHOD, of=of, support=few)


def direction(change: Estimate) -> str:
    """Say a change in the words its interval allows: "rose", "fell", "no clear change".

    Examples
    --------
    >>> direction(change_in_count(30, 20, term="Change"))
    'no clear change'
    >>> direction(change_in_count(60, 20, term="Change"))
    'rose'
    """
    if not change.estimable:
        return "could not be estimated"
    if not change.excludes(0):
        return "no clear change"
    return "rose" if (change.value or 0) > 0 else "fell"
