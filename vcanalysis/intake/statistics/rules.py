"""What is strange about a panel, by rule and never by name: jumps, sources that differ, sums that do not add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.measures import Measure, measures
from vcanalysis.core.paths import data_file
from vcanalysis.intake.statistics.assemble import LOG

JUMP, APART, TOTAL, ABSENT = (
    "jump from year to year",
    "two returns differ",
    "sum is not the total",
    "absent from source",
)
_LEAST_CHILDREN = 30  # councils with fewer move by chance
_LEAST_JUMP = 0.3  # of the logarithm, less what all councils did: a third more, or a quarter less
SPREADS = 5  # robust standard deviations beyond which a value is no longer of the same kind
_MAD = 1.4826  # robust standard deviation of a normal distribution by median absolute deviation
_LACKING = 0.5  # share of a source's measures
_USUAL = 0.9  # share of councils that a source must give for an absence to be told
_ADDED_UP = 0.002  # of a total: sums of figures that were corrected here and there
_NATION = 140  # councils from which a panel is held to be all of England
_ADDED = ("children", "placements", "GBP")  # units of what can be added up
_ROUNDED = 10.0  # what published totals are rounded to where nothing is said
# the same spend in two returns
_PAIRS = (("ro3_looked_after_gbp", "looked_after_gbp"), ("looked_after_second_n", "looked_after_n"))


def flags(frame: pd.DataFrame, totals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Apply all rules to a panel.

    Parameters
    ----------
    frame : DataFrame
        Panel: council_code, council, region, year and measures.
    totals : DataFrame, optional
        Published totals: area ("England" or a region), year, measure, value; those of
        `data/reference/national_totals.csv` when None and the panel has 140 councils or more.

    Returns
    -------
    DataFrame
        Log: rule, council_code, council, year, measure, value, expected, detail.
    """
    parts = [
        jumps(frame),
        apart(frame),
        absent(frame),
        sums(frame, _totals_for(frame) if totals is None else totals),
    ]
    return pd.concat([p for p in parts if len(p)] or [_log([])], ignore_index=True)[list(LOG)]


def _totals_for(frame: pd.DataFrame) -> pd.DataFrame:
    return national_totals() if frame["council_code"].nunique() >= _NATION else pd.DataFrame()


def national_totals() -> pd.DataFrame:
    """Give published totals of England: area, year, measure, value, rounded_to, source."""
    return pd.read_csv(data_file("reference/national_totals.csv")).assign(area="England")


def jumps(frame: pd.DataFrame) -> pd.DataFrame:
    """Flag money and counts that change from year to year as hardly any other does.

    The change of the logarithm, less the median change of all councils in the year, is more than 0.3 and more
    than five robust standard deviations. Councils with fewer than 30 children looked after are left out.

    Parameters
    ----------
    frame : DataFrame
        Panel.

    Returns
    -------
    DataFrame
        Log; `expected` is the value of the year before, moved as all councils moved.
    """
    amounts = [m for m in measures().values() if m.measure in frame and _is_amount(m)]
    names = dict.fromkeys(["looked_after_n", *(m.measure for m in amounts)])
    large = frame[["council_code", "council", "year", *names]].sort_values(["council_code", "year"])
    large = large[large["looked_after_n"].fillna(np.inf) >= _LEAST_CHILDREN]
    parts = [_jumps_of(large, m) for m in amounts]
    return pd.concat([p for p in parts if len(p)] or [_log([])], ignore_index=True)


def _is_amount(measure: Measure) -> bool:
    return measure.unit == "GBP" or measure.measure in ("looked_after_n", "children_0_17_n", "ehcp_n")


def _jumps_of(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    cells = frame[measure.measure]
    own, bound = _own_change(frame, measure.measure)
    strange = own.abs() > bound
    expected = cells / np.exp(own)
    ratio = (cells / expected)[strange]
    return _rows(
        frame[strange],
        JUMP,
        measure.measure,
        expected[strange],
        [f"{r:.2f} times what was expected" for r in ratio],
    )


def own_change(frame: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    """Give the log change of a measure from the year before, less that of all councils, and what it is flagged beyond.

    Of councils with 30 children looked after and more, by the index of the frame.

    Examples
    --------
    >>> drawn = pd.DataFrame({"council_code": list("aabbcc"), "year": [2024, 2025] * 3, "looked_after_n": 100,
    ...                       "spend": [1.0, 1.0, 1.0, 1.1, 1.0, 3.0]})
    >>> own, bound = own_change(drawn, "spend")
    >>> own.round(2).tolist()[1::2], bound.round(2).tolist()[1::2]
    ([-0.1, 0.0, 1.0], [0.71, 0.71, 0.71])
    """
    large = frame.sort_values(["council_code", "year"])
    return _own_change(large[large["looked_after_n"].fillna(np.inf) >= _LEAST_CHILDREN], name)


def _own_change(frame: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    log = np.log(frame[name].where(frame[name] > 0))
    by = frame["council_code"]
    next_year = frame["year"] - frame.groupby(by)["year"].shift(1) == 1
    change = (log - log.groupby(by).shift(1)).where(next_year)
    own = change - change.groupby(frame["year"]).transform("median")
    spread = _MAD * own.abs().groupby(frame["year"]).transform("median")
    return own, (SPREADS * spread).clip(lower=_LEAST_JUMP)


def apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Flag the same amount in two returns where they lie further apart than nearly all others do.

    Parameters
    ----------
    frame : DataFrame
        Panel.

    Returns
    -------
    DataFrame
        Log; the value is that of the first return, `expected` that of the second.
    """
    parts = []
    for first, second in _PAIRS:
        if first not in frame or second not in frame:
            continue
        ratio = np.log(frame[first].where(frame[first] > 0) / frame[second].where(frame[second] > 0))
        own = ratio - ratio.median()
        strange = (own.abs() > _LEAST_JUMP) & (own.abs() > SPREADS * _MAD * own.abs().median())
        strange |= (frame[first].eq(0) & frame[second].gt(0)) | (frame[second].eq(0) & frame[first].gt(0))
        detail = [f"against {second}"] * int(strange.sum())
        parts.append(_rows(frame[strange], APART, first, frame.loc[strange, second], detail))
    return pd.concat(parts, ignore_index=True) if parts else _log([])


def absent(frame: pd.DataFrame) -> pd.DataFrame:
    """List the councils of which a source that gives nearly all others says little or nothing in a year.

    Of the measures of the source that 90% of councils have in the year, the council lacks half or more.

    Parameters
    ----------
    frame : DataFrame
        Panel.

    Returns
    -------
    DataFrame
        Log; `measure` is the first measure of the source, `detail` names the source.
    """
    sources: dict[str, list[str]] = {}
    for m in measures().values():
        if (
            m.measure in frame
            and not m.measure.startswith("imd2019")
            and not m.source.startswith("worked out")
        ):
            sources.setdefault(m.source, []).append(m.measure)
    parts = []
    for source, names in sources.items():
        there = frame[names].notna()
        usual = there.groupby(frame["year"]).transform("mean") >= _USUAL
        lacking = (usual & ~there).sum(axis=1) / usual.sum(axis=1).replace(0, np.nan)
        lost = frame[lacking >= _LACKING]
        detail = [f"{source}: {share:.0%} of its measures" for share in lacking[lost.index]]
        parts.append(_rows(lost, ABSENT, names[0], np.full(len(lost), np.nan), detail))
    return pd.concat([p for p in parts if len(p)] or [_log([])], ignore_index=True)


def sums(frame: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Hold sums of councils against published totals, of England and its regions.

    A sum is told where it lies further from the total than rounding and 0.2% explain, in a year in which all
    councils that existed gave a number; where some did not, only where the sum is above the total.

    Parameters
    ----------
    frame : DataFrame
        Panel.
    totals : DataFrame
        area, year, measure, value; optionally rounded_to.

    Returns
    -------
    DataFrame
        Log; council_code is empty, council the area, value the sum, `expected` the total.
    """
    found = compare_totals(frame, totals)
    wrong = found[~found["agrees"] & found["councils"].gt(0)].reset_index(drop=True)
    lost = [
        f"{n} councils, {k} without a number"
        for n, k in zip(wrong["councils"], wrong["missing"], strict=True)
    ]
    named = wrong.rename(columns={"area": "council", "sum": "value", "total": "expected"})
    return named.assign(rule=TOTAL, council_code="", detail=pd.Series(lost, dtype="str"))[list(LOG)]


def compare_totals(frame: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Give every published total of what can be added up beside the sum of councils.

    Parameters
    ----------
    frame : DataFrame
        Panel.
    totals : DataFrame
        area, year, measure, value; optionally rounded_to (10 where it is not said).

    Returns
    -------
    DataFrame
        area, year, measure, total, sum, councils, missing (councils without a number), agrees.
    """
    names = [m.measure for m in measures().values() if m.measure in frame and m.unit in _ADDED]
    asked = totals[totals["measure"].isin(names)] if len(totals) else totals
    if not len(asked):
        none = ("area", "year", "measure", "total", "sum", "councils", "missing", "agrees")
        return pd.DataFrame(
            {name: pd.Series(dtype="bool" if name == "agrees" else "float64") for name in none}
        )
    added = pd.concat([_added(frame, area, names) for area in asked["area"].unique()], ignore_index=True)
    rounded = asked["rounded_to"] if "rounded_to" in asked else pd.Series(np.nan, index=asked.index)
    told = asked.rename(columns={"value": "total"}).assign(rounded=rounded.fillna(_ROUNDED))
    both = told.merge(added, on=["area", "year", "measure"], how="inner")
    slack = both["rounded"] / 2 + _ADDED_UP * both["total"].abs()
    over, apart_by = both["sum"] - both["total"], (both["sum"] - both["total"]).abs()
    both["agrees"] = (apart_by <= slack).where(both["missing"].eq(0), over <= slack)
    return both[["area", "year", "measure", "total", "sum", "councils", "missing", "agrees"]]


def _added(frame: pd.DataFrame, area: str, names: list[str]) -> pd.DataFrame:
    """Add up the councils of an area by year: sum, how many gave a number, how many did not."""
    inside = frame["region"].map({region: _within(region, area) for region in frame["region"].unique()})
    by = frame[inside.astype("bool")].groupby("year")[names]
    parts = {"sum": by.sum(), "councils": by.count()}
    long = [t.reset_index().melt("year", var_name="measure", value_name=name) for name, t in parts.items()]
    size = frame[inside.astype("bool")].groupby("year").size().rename("size")
    told = long[0].merge(long[1], on=["year", "measure"]).join(size, on="year")
    return told.assign(area=area, missing=told["size"] - told["councils"]).drop(columns="size")


def _within(region: str, area: str) -> bool:
    """Say whether a region is an area, or a part of it: London is parted in two by some sources."""
    return (
        area == "England"
        or region.lower() == area.lower()
        or (area == "London" and region.endswith("London"))
    )


def _rows(found: pd.DataFrame, rule: str, measure: str, expected: object, detail: list[str]) -> pd.DataFrame:
    told = found[["council_code", "council", "year"]].assign(rule=rule, measure=measure, value=found[measure])
    return told.assign(expected=expected, detail=pd.Series(detail, index=found.index, dtype="str"))[list(LOG)]


def _log(rows: list[dict]) -> pd.DataFrame:  # type: ignore[type-arg]
    return pd.DataFrame(rows, columns=list(LOG))
