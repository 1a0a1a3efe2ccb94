"""More spend on families and children in care later: the link within councils and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number
from vcanalysis.core.within import clustered_slopes, without_both

Array = np.ndarray
FOUND = 0.8
TENTH = 1.1
METHOD = (
    "log on log, effects of councils and of years; errors clustered by council, t of the councils less one"
)
FEW = "at least 10 councils with the spend of a year and the rate of a later one, in two years or more, are needed"
MINIMUM = 10
WARNINGS = (
    "Councils are compared, not children: that councils with more support had fewer or more children in care does "
    "not say what it did for a family (the ecological fallacy).",
    "Where need rises, both may rise: then support seems to fill care. Where money is short, care takes it from "
    "support: then care seems to follow from less support, and is its cause.",
    "What is called family support differs between councils, and moves between lines of the return. Such errors draw "
    "a slope towards nought.",
    "Effects that take longer than the lag, or children who would have come into care later, are not seen.",
)


@dataclass(frozen=True, slots=True)
class LaggedLink:
    """What a tenth more spend goes with in the rate of a later year, within councils and years.

    Parameters
    ----------
    change : Estimate
        Relative change of the rate after a tenth more spend, a share.
    slope : Estimate
        The same as an elasticity: log rate on log spend (of the lags together).
    minimum : Estimate
        Smallest fall of the rate after a tenth more spend that four in five such panels would find.
    rows, units : int
        What it rests on.
    """

    change: Estimate
    slope: Estimate
    minimum: Estimate
    rows: int
    units: int

    def frame(self) -> pd.DataFrame:
        """Give the estimates as tidy rows."""
        return Estimates.of([self.change, self.slope, self.minimum]).frame()

    def headline(self) -> str:
        """Say the direction where the interval does."""
        if not self.change.estimable:
            return "The panel cannot say whether support goes with less care later"
        if not self.change.excludes():
            return "More family support goes neither with clearly fewer nor with clearly more children in care later"
        fewer = (self.change.value or 0.0) < 0
        return f"More family support goes with {'fewer' if fewer else 'more'} children in care later"

    def sentence(self) -> str:
        """Say the link, and the smallest that could have been found."""
        if not self.change.estimable:
            return self.change.sentence()
        least = write_number(abs(self.minimum.value or 0.0), "small change")
        return f"{self.change.sentence()} A fall of {least} or more would be found four times in five."

    def rules_out(self, needed: Estimate) -> bool:
        """Whether the whole interval lies above a fall that is needed (a share below nought)."""
        ends = (self.change.low, needed.value)
        return ends[0] is not None and ends[1] is not None and ends[0] > ends[1]


def lagged_link(
    panel: pd.DataFrame,
    *,
    unit: str,
    year: str,
    rate: str,
    spend: str,
    lags: Sequence[int] = (1,),
    weights: str = "",
    within: str = "",
    name: str = "all",
    level: float = 0.95,
) -> LaggedLink:
    """Slope of the log rate on the log spend of an earlier year, councils and years taken out.

    Parameters
    ----------
    panel : DataFrame
        One row per council and year; the panel need not be balanced.
    unit, year : str
        Columns of the council and the year.
    rate : str
        Children looked after per 10,000 resident children.
    spend : str
        Pounds a resident child in the prices of one year.
    lags : sequence of int
        Years from spend to rate; of several the slopes are added up (a lasting rise of spend). A lag of -1 sets the
        spend of the next year beside the rate: what that finds can be no effect.
    weights : str
        Column of weights; every council counts alike without one.
    within : str
        Column such as the region, whose years are taken out instead of those of all.
    name : str
        Group of the estimates.
    level : float
        Confidence level.

    Returns
    -------
    LaggedLink
        Not estimable with fewer than 10 councils, or where spend does not vary within councils.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or a council and year come twice.

    References
    ----------
    Cameron AC, Miller DL (2015), J Hum Resour 50:317-372; smallest effect: Bloom HS (1995), Eval Rev 19:547-556.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> drawn = pd.DataFrame([(c, y) for c in range(60) for y in range(2017, 2026)], columns=["council", "year"])
    >>> drawn["spend"] = np.exp(5 + rng.normal(0, 0.2, len(drawn)))
    >>> before = drawn.groupby("council")["spend"].shift(1).fillna(150)
    >>> drawn["rate"] = np.exp(4 - 0.3 * np.log(before / 150) + rng.normal(0, 0.05, len(drawn)))
    >>> lagged_link(drawn, unit="council", year="year", rate="rate", spend="spend").change.words()
    '-2.8% (95% interval -3.0% to -2.6%)'
    """
    if not lags:
        raise InputError("No lag is named. Give at least one, such as 1 for the year after.")
    rows = _lagged(panel, (unit, year, rate, spend), lags, [c for c in (weights, within) if c])
    heads = rows.columns[2 : 3 + len(lags)]
    table = rows[heads].to_numpy()
    units = rows[unit].nunique()
    when = rows[year].astype("str") + (" " + rows[within].astype("str") if within else "")
    codes = [pd.factorize(rows[unit])[0], pd.factorize(when)[0]]
    weight = rows[weights].to_numpy(dtype="float64") if weights else np.ones(len(rows))
    if units < MINIMUM or rows[year].nunique() < 2:
        return _nothing(name, FEW, len(rows), units)
    apart = without_both(table, codes, weight)
    size = np.maximum(np.abs(table).max(axis=0), 1e-300)
    if np.linalg.matrix_rank(apart[:, 1:] / size[1:], tol=1e-7) < len(lags):
        return _nothing(name, "spend does not vary of its own within councils and years", len(rows), units)
    used = len(lags) + len(np.unique(codes[1]))
    slopes, covariance = clustered_slopes(apart, weight, codes[0], used)
    return _link(float(slopes.sum()), float(np.sqrt(covariance.sum())), name, len(rows), units, level)


def other_links(
    panel: pd.DataFrame, *, choices: Mapping[str, Mapping[str, Any]], **how: Any
) -> dict[str, LaggedLink]:
    """Give the same link by other choices.

    Parameters
    ----------
    panel : DataFrame
        As in `lagged_link`.
    choices : mapping of str to mapping
        What each is called, and what it changes.
    **how
        Arguments of `lagged_link` that all share.
    """
    return {name: lagged_link(panel, **{**how, **changed, "name": name}) for name, changed in choices.items()}


def per_resident_child(frame: pd.DataFrame, spend: str, *, size: str, children: str, rate: str) -> pd.Series:
    """Give pounds a resident child; before resident children are published, by children in care over their rate.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    spend, size, children, rate : str
        Pounds, resident children, children in care, and these per 10,000 resident children.

    Examples
    --------
    >>> drawn = pd.DataFrame({"support": [900.0, 900.0], "size": [None, 9.0], "n": [60.0, 60.0], "rate": [60.0, 60.0]})
    >>> per_resident_child(drawn, "support", size="size", children="n", rate="rate").tolist()
    [0.09, 100.0]
    """
    told = pd.Series(number_column(frame, size), index=frame.index)
    rates = pd.Series(number_column(frame, rate), index=frame.index)
    implied = 1e4 * number_column(frame, children) / rates.where(rates > 0)
    people = told.fillna(implied)
    return pd.Series(number_column(frame, spend), index=frame.index) / people.where(people > 0)


def fall_to_break_even(
    *, support_gbp: float, care_gbp: float, cashable: Mapping[str, float], councils: int
) -> Estimates:
    """Give the change of spend on care, in the same year, that would pay for a tenth more support.

    Parameters
    ----------
    support_gbp, care_gbp : float
        Yearly spend on family support and on care; missing where they are not known.
    cashable : mapping of str to float
        Share of care not needed that leaves the budget, above 0 and up to 1, by what it is called.
    councils : int
        Councils whose spend it is.

    Returns
    -------
    Estimates
        Shares below nought, to be held against `LaggedLink.change`.

    Examples
    --------
    >>> fall_to_break_even(support_gbp=2.0, care_gbp=9.0, cashable={"all of it": 1.0}, councils=9)[0].words()
    '-2.2%'
    """
    term = "Change of care that pays for a tenth more support"
    if not (support_gbp > 0 and care_gbp > 0):
        reason = "spend on support and on care must both be known"
        return Estimates.of(
            Estimate.not_estimable(term, n=councils, reason=reason, group=g, of="councils") for g in cashable
        )
    return Estimates.of(
        Estimate(
            term,
            -(TENTH - 1) * support_gbp / care_gbp / share,
            n=councils,
            of="councils",
            group=group,
            unit="small change",
            method="pounds of a tenth more support / pounds of care that leave the budget",
        )
        for group, share in cashable.items()
    )


def _lagged(
    panel: pd.DataFrame, names: tuple[str, str, str, str], lags: Sequence[int], more: list[str]
) -> pd.DataFrame:
    """Give unit, year, log rate and log spend of each lag: rows with all of them."""
    unit, year, rate, spend = names
    require_columns(panel, unit, year, *more)
    keys = panel[[unit, year]].reset_index(drop=True)
    if keys.duplicated().any():
        raise InputError(f"Rows repeat a {unit} and {year}. Give one row for each.")
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log(number_column(panel, name)) for name in (rate, spend)]
    logs = [np.where(np.isfinite(one), one, np.nan) for one in logs]
    rows = pd.concat([keys.assign(_rate=logs[0]), panel[more].reset_index(drop=True)], axis=1)
    rows = rows[[unit, year, "_rate", *more]]
    for place, lag in enumerate(lags):
        earlier = keys.assign(**{year: keys[year] + lag, f"_spend_{lag}": logs[1]})
        rows = rows.merge(earlier, on=[unit, year], how="left")
        rows.insert(3 + place, f"_spend_{lag}", rows.pop(f"_spend_{lag}"))
    return rows.dropna().reset_index(drop=True)


def _link(slope: float, error: float, name: str, rows: int, units: int, level: float) -> LaggedLink:
    half = float(stats.t.ppf(0.5 + level / 2, units - 1))
    least = (half + float(stats.t.ppf(FOUND, units - 1))) * error
    about: dict[str, Any] = {"n": units, "of": "councils", "method": METHOD, "group": name}
    ends = (slope, slope - half * error, slope + half * error)
    told = (TENTH ** ends[0] - 1, TENTH ** ends[1] - 1, TENTH ** ends[2] - 1)
    change = Estimate(
        "Change of the rate of care after a tenth more support", *told, level, unit="small change", **about
    )
    elastic = Estimate("Elasticity of care to support", *ends, level, unit="ratio", std_error=error, **about)
    fall = Estimate(
        "Smallest fall that four in five would find", TENTH**-least - 1, unit="small change", **about
    )
    return LaggedLink(change, elastic, fall, rows, units)


def _nothing(name: str, reason: str, rows: int, units: int) -> LaggedLink:
    none = Estimate.not_estimable(
        "Change of the rate of care after a tenth more support",
        n=units,
        reason=reason,
        of="councils",
        group=name,
    )
    fall = replace(none, term="Smallest fall that four in five would find")
    return LaggedLink(none, replace(none, term="Elasticity of care to support"), fall, rows, units)


__all__ = [
    "WARNINGS",
    "LaggedLink",
    "fall_to_break_even",
    "lagged_link",
    "other_links",
    "per_resident_child",
]
