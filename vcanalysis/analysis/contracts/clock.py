"""When an outcome falls due: clocks that restart, pause or go on, weeks, days against a baseline, change of a score.

Each function gives outcome events for `pay`: one row per child, metric and day on which units fall due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.contracts.terms import Metric
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

EVENTS = ("child_id", "metric", "date", "units", "band", "ended")
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch on the clock: first day, day after the last, clock at its start, and whether it has ended."""

    start: pd.Timestamp
    end: pd.Timestamp
    clock: int
    over: bool

    def due(self, days: int) -> pd.Timestamp | None:
        """Give the day on which the clock shows so many days, if it does so in this stretch."""
        lasted = (self.end - self.start).days
        return self.start + (days - self.clock) * _DAY if self.clock < days <= self.clock + lasted else None


def _day(as_of: pd.Timestamp) -> pd.Timestamp:
    day = pd.to_datetime(as_of, errors="coerce")
    if pd.isna(day):
        raise InputError("as_of is no day. Give a day such as 2019-12-31.")
    return day


def _require_dates(frame: pd.DataFrame, *names: str) -> None:
    for name in names:
        if frame[name].notna().any() and not pd.api.types.is_datetime64_any_dtype(frame[name]):
            raise InputError(
                f"Column {name!r} holds no dates. Turn it into dates first, with pandas.to_datetime."
            )


def _require_once(frame: pd.DataFrame, day: str, what: str, advice: str) -> None:
    """Refuse a child given twice, which would be paid for twice, and one without its first day."""
    blank, again = (
        int(frame[["child_id", day]].isna().any(axis=1).sum()),
        int(frame["child_id"].duplicated().sum()),
    )
    if blank:
        raise InputError(
            f"{blank:,} rows have no child or no day in {day!r}. Leave them out, or complete them."
        )
    if again:
        raise InputError(f"{again:,} children are {what} more than once. {advice}")


def _stays(frame: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Give stays known on a day, in order; an end not yet known is the day itself."""
    require_columns(frame, "child_id", "home_id", "from", "to")
    as_of = _day(as_of)
    _require_dates(frame, "from", "to")
    blank = int((frame["child_id"].isna() | frame["from"].isna()).sum())
    if blank:
        raise InputError(f"{blank:,} stays have no child or no first day. Leave them out, or complete them.")
    known = frame[frame["from"] < as_of].sort_values(["child_id", "from", "to"], kind="stable")
    ends = known["to"].where(known["to"] <= as_of)
    known = known.assign(over=ends.notna(), to=ends.fillna(as_of))
    before = known.groupby("child_id")["to"].shift()
    wrong = int(((known["to"] < known["from"]) | (before > known["from"])).sum())
    if wrong:
        raise InputError(
            f"{wrong:,} stays end before they begin, or begin before the last has ended. Clean the episodes first "
            "(vcanalysis check)."
        )
    return known


def _runs(child: pd.DataFrame, metric: Metric) -> Iterator[_Run]:
    """Put the stays of one child on the clock of a metric."""
    merged: list[list] = []
    for home, start, end, over in zip(
        child["home_id"], child["from"], child["to"], child["over"], strict=True
    ):
        last = merged[-1] if merged else None
        if last and pd.notna(home) and last[0] == home and (start - last[2]).days <= metric.grace_days:
            last[2], last[3] = end, over
        else:
            merged.append([home, start, end, over])
    clock = 0
    for _, start, end, over in merged:
        shown = {"restart": 0, "pause": clock, "continue": (start - merged[0][1]).days}[metric.clock]
        yield _Run(start, end, shown, over)
        clock += (end - start).days


def _events(rows: list[tuple], metric: Metric) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["child_id", "date", "units", "band", "ended"])
    return frame.assign(
        metric=metric.id, date=pd.to_datetime(frame["date"]), ended=pd.to_datetime(frame["ended"])
    )[list(EVENTS)]


def stay_events(metric: Metric, stays: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Give what falls due for stays: a milestone once, or each whole week.

    Parameters
    ----------
    metric : Metric
        Of kind "milestone" or "weekly".
    stays : DataFrame
        One row per stay in a place that counts: ``child_id``, ``home_id``, ``from``, ``to`` (the day after the last;
        empty while it lasts) and, where prices differ by need, ``band``.
    as_of : Timestamp
        Day before which things are known.

    Returns
    -------
    DataFrame
        Columns of `EVENTS`: the day on which a unit falls due is the day after the last that it needs; ``ended`` is
        when that stay ended, empty while it lasts.

    Raises
    ------
    InputError
        If a column is missing, stays of one child overlap, or the metric is not paid by stays.

    Notes
    -----
    Days of a child away for `grace_days` or fewer, who comes back to the same place, count as days there. A place
    that is not named is the same as no other.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.terms import Rate
    >>> days = pd.to_datetime(["2018-01-01", "2018-03-01"])
    >>> stays = pd.DataFrame({"child_id": "a", "home_id": ["x", "y"], "from": days, "to": [days[1], pd.NaT]})
    >>> year = Metric("year", "52 weeks in one family", "milestone", (Rate(100),), 52)
    >>> stay_events(year, stays, as_of=pd.Timestamp("2020-01-01"))["date"].dt.strftime("%Y-%m-%d").tolist()
    ['2019-02-28']
    """
    if metric.kind not in ("milestone", "weekly"):
        raise InputError(
            f"Metric {metric.id} of kind {metric.kind} is not paid by stays. Use days or scores."
        )
    known = _stays(stays, as_of)
    step, most = (metric.window_days, 1) if metric.kind == "milestone" else (7, metric.window_weeks)
    rows: list[tuple] = []
    for name, child in known.groupby("child_id", sort=True):
        band = child["band"].iloc[0] if "band" in child else "all"
        rows += [(name, day, 1, band, end) for day, end in _due(child, metric, step)][:most]
    return _events(rows, metric)


def _due(child: pd.DataFrame, metric: Metric, step: int) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    for run in _runs(child, metric):
        last = run.clock + (run.end - run.start).days
        upto = 1 if metric.kind == "milestone" else last // step
        for number in range(1, upto + 1):
            day = run.due(number * step)
            if day is not None:
                yield day, run.end if run.over else pd.NaT


def days_events(
    metric: Metric, stays: pd.DataFrame, referrals: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Give days below the baseline, for each child whose window has closed.

    Parameters
    ----------
    metric : Metric
        Of kind "days_vs_baseline".
    stays : DataFrame
        Stays that are to be fewer, such as in care: ``child_id``, ``home_id``, ``from``, ``to``.
    referrals : DataFrame
        One row per child: ``child_id``, ``referred`` (the window opens) and, where prices differ, ``band``.
    as_of : Timestamp
        Day before which things are known; later windows are still open.

    Returns
    -------
    DataFrame
        Columns of `EVENTS`; units are signed, so that a child with more days than the baseline counts against others.

    Raises
    ------
    InputError
        If a column is missing or holds no dates, stays overlap, or a child is referred twice.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.terms import Rate
    >>> metric = Metric("days", "fewer days", "days_vs_baseline", (Rate(100),), 10, baseline=40)
    >>> day = pd.Timestamp("2018-01-01")
    >>> stays = pd.DataFrame({"child_id": ["a"], "home_id": "x", "from": day, "to": day + pd.Timedelta(days=30)})
    >>> asked = pd.DataFrame({"child_id": ["a", "b"], "referred": day})
    >>> days_events(metric, stays, asked, as_of=pd.Timestamp("2019-01-01"))["units"].tolist()
    [10, 40]
    """
    require_columns(referrals, "child_id", "referred")
    _require_dates(referrals, "referred")
    _require_once(referrals, "referred", "referred", "Give each child one referral, the first.")
    as_of, known = _day(as_of), _stays(stays, as_of)
    closes = referrals["referred"] + pd.Timedelta(days=metric.window_days)
    inside = referrals.assign(closes=closes)[closes <= as_of]
    both = known.merge(inside[["child_id", "referred", "closes"]], on="child_id")
    start, end = both[["from", "referred"]].max(axis=1), both[["to", "closes"]].min(axis=1)
    spent = (end - start).dt.days.clip(lower=0).groupby(both["child_id"]).sum()
    units = metric.baseline - inside["child_id"].map(spent).fillna(0)
    whole = units.astype("int64") if metric.baseline == int(metric.baseline) else units
    band = inside["band"] if "band" in inside else pd.Series("all", index=inside.index)
    rows = list(
        zip(inside["child_id"], inside["closes"], whole.tolist(), band, [pd.NaT] * len(inside), strict=True)
    )
    return _events(rows, metric)


def score_events(metric: Metric, scores: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Give points by which a score of need fell beyond what is expected without the contract.

    Parameters
    ----------
    metric : Metric
        Of kind "score_change"; its `baseline` is the fall expected anyway, regression to the mean included.
    scores : DataFrame
        One row per child: ``child_id``, ``first_date``, ``first``, ``last_date``, ``last`` and maybe ``band``.
    as_of : Timestamp
        Day before which things are known.

    Returns
    -------
    DataFrame
        Columns of `EVENTS`; units are signed. Second scores later than the window, or missing, are left out.

    Raises
    ------
    InputError
        If a column is missing or holds no dates, a score is no number, a child has two pairs of scores, or a last score
        lies before its first.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.terms import Rate
    >>> metric = Metric("need", "lower need", "score_change", (Rate(100),), 52, baseline=1.5)
    >>> day = pd.Timestamp("2018-01-01")
    >>> scores = pd.DataFrame({"child_id": ["a"], "first_date": day, "first": 12.0,
    ...                        "last_date": day + pd.Timedelta(weeks=40), "last": 8.0})
    >>> score_events(metric, scores, as_of=pd.Timestamp("2019-01-01"))["units"].tolist()
    [2.5]
    """
    require_columns(scores, "child_id", "first_date", "last_date")
    _require_dates(scores, "first_date", "last_date")
    _require_once(scores, "first_date", "scored", "Give each child one first and one last score.")
    as_of, early = _day(as_of), int((scores["last_date"] < scores["first_date"]).sum())
    if early:
        raise InputError(f"{early:,} last scores lie before the first. Put first and last in order of time.")
    fell = number_column(scores, "first") - number_column(scores, "last") - metric.baseline
    late = scores["last_date"] - scores["first_date"] > pd.Timedelta(days=metric.window_days)
    kept = np.isfinite(fell) & ~late.to_numpy() & (scores["last_date"] < as_of).to_numpy()
    inside = scores[kept]
    band = inside["band"] if "band" in inside else pd.Series("all", index=inside.index)
    rows = list(
        zip(inside["child_id"], inside["last_date"], fell[kept], band, [pd.NaT] * len(inside), strict=True)
    )
    return _events(rows, metric)
