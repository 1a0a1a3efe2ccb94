"""Would the forecast have been right? Each past day forecast with what was known then, beside two rivals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.sufficiency.forecasting import forecast
from vcanalysis.analysis.sufficiency.panel import Panel, monthly_panel, months_on
from vcanalysis.analysis.sufficiency.peer import Band, peer_band
from vcanalysis.analysis.sufficiency.rivals import unchanged
from vcanalysis.analysis.sufficiency.settings import Settings
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

OURS, PEER, SAME = "this forecast", "peer's band (re-created)", "nothing changes"
METHODS = (OURS, PEER, SAME)
ALL = "all"
LEAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class BackTest:
    """Forecasts of past days beside what came.

    Parameters
    ----------
    table : DataFrame
        Columns day, months, method, group, actual, value, low, high, error (absolute), score (of the interval), inside.
    level : float
        Coverage the intervals were built for.

    Notes
    -----
    The score of an interval is its width, and 2 / (1 - level) more for each child by which it missed: less is better,
    and neither a wide nor a narrow band pays.

    References
    ----------
    Gneiting T, Raftery AE (2007), J Am Stat Assoc 102:359-378, section 6.2.
    """

    table: pd.DataFrame
    level: float

    def frame(self) -> pd.DataFrame:
        """Sum up by method: days, share inside, mean absolute error and mean score, all children and kinds apart."""
        rows = self.table.assign(
            who=np.where(self.table["group"].eq(ALL), "all children", "a kind of placement")
        )
        found = rows.groupby(["who", "method"], sort=False).agg(
            forecasts=("actual", "size"),
            inside=("inside", "mean"),
            error=("error", "mean"),
            score=("score", "mean"),
        )
        return found.reset_index()

    def coverage(self) -> Estimates:
        """Say how often what came lay in the interval, by method, all children and kinds together."""
        return Estimates.of(self._coverage(method) for method in METHODS)

    def _coverage(self, method: str) -> Estimate:
        inside = self.table.loc[self.table["method"].eq(method), "inside"].dropna()
        term, of = f"What came lay in the {100 * self.level:.0f}% interval", "forecasts"
        name = "share inside; Wilson interval, as if forecasts were apart"
        days = self.table["day"].nunique()
        if days < LEAST_DAYS or not len(inside):
            why = f"at least {LEAST_DAYS} past days are needed"
            return Estimate.not_estimable(term, n=days, reason=why, method=name, group=method, of=of)
        count = int(inside.sum())
        low, high = wilson(count, len(inside), 0.95)
        return Estimate(term, count / len(inside), low, high, 0.95, len(inside), "share", name, method, of=of)

    def against(self, rival: str, *, measure: str = "score") -> Estimate:
        """Compare with a rival: mean difference a forecast, negative where this forecast is better.

        Parameters
        ----------
        rival : str
            One of `METHODS`.
        measure : str
            "score" of the interval or "error" of the middle.

        Raises
        ------
        InputError
            If there is no such rival or measure.
        """
        if rival not in METHODS or measure not in ("score", "error"):
            raise InputError(
                f"No {measure!r} against {rival!r}. Give score or error, and one of: {', '.join(METHODS)}."
            )
        wide = self.table.pivot_table(index=["day", "group"], columns="method", values=measure)
        wide = wide.reindex(columns=list(METHODS)).dropna(subset=[OURS, rival])
        by_day = (wide[OURS] - wide[rival]).groupby("day").mean()
        term = {"score": "Interval score", "error": "Absolute error"}[measure] + f" beyond that of: {rival}"
        name = f"mean over {len(by_day)} past days; t interval, as if they were apart"
        of = "forecasts"
        if len(by_day) < LEAST_DAYS or by_day.std() == 0:
            why = f"at least {LEAST_DAYS} past days that differ are needed"
            return Estimate.not_estimable(term, n=len(by_day), reason=why, method=name, of=of)
        error = float(by_day.std() / np.sqrt(len(by_day)))
        half = float(stats.t.ppf(0.975, len(by_day) - 1)) * error
        middle, unit = float(by_day.mean()), "points" if measure == "score" else "children a forecast"
        return Estimate(
            term,
            middle,
            middle - half,
            middle + half,
            0.95,
            len(wide),
            unit,
            name,
            std_error=error,
            of=of,
        )

    def verdict(self, rival: str) -> str:
        """Say, as far as the interval bears it, whether the intervals were better than those of a rival.

        Raises
        ------
        InputError
            If there is no such rival.
        """
        found = self.against(rival)
        if not found.estimable:
            return found.sentence()
        clear = "better than" if (found.value or 0) < 0 else "worse than"
        said = (
            f"Its intervals were {clear} those of"
            if found.excludes(0)
            else "Its intervals were neither clearly better nor clearly worse than those of"
        )
        return f"{said}: {rival} (score {found.words()}; less is better)."

    def of_all(self) -> Estimate:
        """Say how often the number of all children, kinds together, lay in the interval of this forecast."""
        whole = BackTest(self.table[self.table["group"].eq(ALL)], self.level)._coverage(OURS)
        term = f"The number of all children lay in the {100 * self.level:.0f}% interval"
        return whole.named(term=term, group="all")

    def misses(self) -> str:
        """Say how many forecasts of all children held, on which side the others missed, and how the number moved.

        The number of children of all kinds is what most hangs on, and few of all forecasts: a share over kinds and all
        together can be high where it failed.
        """
        whole = self.table[self.table["group"].eq(ALL)]
        ours = whole[whole["method"].eq(OURS)].sort_values("day")
        if not len(ours):
            return "No past forecast could be made."
        below, above = ((ours["actual"] < ours["low"]).sum(), (ours["actual"] > ours["high"]).sum())
        said = f"Of {len(ours)} past forecasts of all children {len(ours) - below - above} held what came"
        sides = [f"{n} came out {where}" for n, where in ((below, "lower"), (above, "higher")) if n]
        known = whole[whole["method"].eq(SAME)].sort_values("day")
        if len(known):
            first, last = known["value"].iloc[0], known["actual"].iloc[-1]
            sides.append(f"over the years tested the number went from {first:.0f} to {last:.0f}")
        why = (
            " A forecast takes those who come and leave to be as in the years before it."
            if below + above
            else ""
        )
        return f"{'; '.join([said, *sides])}.{why}"

    def sentence(self) -> str:
        """Say how often each held what it said."""
        return self.coverage().sentence()

    def headline(self) -> str:
        """Say the finding for a picture or a table."""
        ours = self.coverage().group(OURS)
        if not ours.estimable:
            return "Too few past forecasts to say how often they hold what comes"
        return f"{ours.value:.0%} of what came lay in the {self.level:.0%} intervals of past forecasts"


def back_test(
    spells: pd.DataFrame,
    *,
    days: Iterable[pd.Timestamp],
    since: str | pd.Timestamp,
    until: str | pd.Timestamp | None = None,
    months: int = 12,
    draws: int = 500,
    settings: Settings | None = None,
) -> BackTest:
    """Forecast from past days, each with what was known then, and set what came beside it.

    Parameters
    ----------
    spells : DataFrame
        As `forecast`, up to some months after the last of `days`.
    days : iterable of Timestamp
        Days to forecast from.
    since : str or Timestamp
        First day of the records.
    until : str or Timestamp, optional
        Last day of the records. Default: the end of the month in which a placement last began or ended.
    months, draws : int
        Months ahead and futures; the seed of each day is its number.
    settings : Settings, optional
        As `forecast`.

    Returns
    -------
    BackTest
        Days on which the forecast is not estimable, or whose outcome lies beyond the records, are left out.

    Notes
    -----
    Forecasts of days that lie closer than the months ahead share what came: they are fewer than they look.

    Examples
    --------
    >>> back_test(spells, days=quarter_ends, since=here.start).coverage()  # doctest: +SKIP
    """
    chosen = settings or Settings()
    known = _reach(spells) if until is None else pd.Timestamp(until)
    parts = []
    for number, day in enumerate(map(pd.Timestamp, days)):
        if months_on(day, months) > known:
            continue
        found = forecast(
            spells, day=day, since=since, months=months, draws=draws, seed=number, settings=chosen
        )
        if found.reason:
            continue
        panel, actual = found.panel, _came(spells, found.panel, months_on(day, months))
        own = [found.total(months), *found.by_kind(months)]
        ours = tuple(
            np.array([getattr(e, end) for e in own], dtype="float64") for end in ("value", "low", "high")
        )
        bands: dict[str, Band] = {
            OURS: ours,  # type: ignore[dict-item]
            PEER: peer_band(spells, day=day, kinds=panel.kinds, months=months),
            SAME: unchanged(panel, months=months, level=chosen.level),
        }
        parts += [
            _rows(panel, name, band, actual, chosen.level).assign(day=day, months=months)
            for name, band in bands.items()
        ]
    columns = [
        "day",
        "months",
        "method",
        "group",
        "actual",
        "value",
        "low",
        "high",
        "error",
        "score",
        "inside",
    ]
    table = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    return BackTest(table, chosen.level)


def _reach(spells: pd.DataFrame) -> pd.Timestamp:
    last = pd.concat([spells["start"], spells["end"]]).max()
    return last + pd.offsets.MonthEnd(0) if pd.notna(last) else pd.Timestamp.min


def _came(spells: pd.DataFrame, panel: Panel, day: pd.Timestamp) -> np.ndarray:
    """Count who was in care on the later day: all, then the kinds known on the day of the forecast."""
    later = monthly_panel(spells, day=day, since=months_on(day, -2))
    counts = dict(zip(later.kinds, later.counts()[-1], strict=True))
    return np.array([sum(counts.values()), *(counts.get(kind, 0) for kind in panel.kinds)], dtype="float64")


def _rows(panel: Panel, method: str, band: Band, actual: np.ndarray, level: float) -> pd.DataFrame:
    value, low, high = band
    beyond = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    inside = pd.array(np.where(np.isnan(low), np.nan, (beyond == 0).astype("float64")), dtype="Float64")
    return pd.DataFrame(
        {
            "method": method,
            "group": [ALL, *panel.kinds],
            "actual": actual,
            "value": value,
            "low": low,
            "high": high,
            "error": np.abs(actual - value),
            "score": high - low + 2 / (1 - level) * beyond,
            "inside": inside,
        }
    )
