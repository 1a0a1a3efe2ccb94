"""The definition of the middle: move its cut-offs, and see what becomes of children, weeks and pounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.middle import MiddleRule, find_middle
from vcanalysis.analysis.middle.rule import Known, is_middle
from vcanalysis.core.columns import require_columns
from vcanalysis.core.doors import door
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.output.explore.cloud import draw_cloud, said_of_drawing, said_of_nobody
from vcanalysis.output.explore.controls import Control, Slider, Span
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.view import View, canvas

COLUMNS = {"need": "need_total", "n3": "n3", "band": "need_band", "cost": "cost_gbp_week"}
WEEKS = "weeks"
MOST_RESAMPLED = 2_000  # children: for more the intervals take longer than a hand on a slider waits
_TITLES = ("children", "pounds a week", "weeks in care")


@door("vc.explore.definition_of_the_middle(children)", takes=pd.DataFrame)
def definition_of_the_middle(children: pd.DataFrame, *, label: str = "", seed: int = 2019) -> Explorer:
    """Explore who counts as being in the middle.

    Parameters
    ----------
    children : DataFrame
        One row per child, as from `Council.snapshot`: need_total, n3, need_band, cost_gbp_week, and weeks (of care in
        the period) where known.
    label : str
        Name of the council with what is not real about it.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Explorer
        Controls: floor (£ a week), need (percentiles), intensive (most domains), outlier (interquartile ranges).

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need_total": rng.integers(0, 30, 200), "n3": 0, "need_band": "enhanced",
    ...                       "cost_gbp_week": np.exp(rng.normal(7, 0.7, 200))})
    >>> explorer = definition_of_the_middle(frame)
    >>> explorer.set(floor=2000).view.headline
    '16% of children are in the middle, and they take 40% of the money'
    """
    require_columns(children, *COLUMNS.values())

    def draw(**state: Any) -> View:
        return look_at_definition(children, rule_of(state), label=label, seed=seed)

    usual = MiddleRule()
    controls: dict[str, Control] = {
        "floor": Slider("Least weekly cost, £", 0, 6000, 50, usual.floor_gbp_week),
        "need": Span("Moderate need: percentiles of total need", 0, 100, 5, (25.0, 75.0)),
        "intensive": Slider("Domains needing intensive action, at most", 0, 12, 1, usual.most_intensive),
        "outlier": Slider(
            "Outlier: interquartile ranges above the upper quartile", 0, 5, 0.25, usual.outlier_iqr
        ),
    }
    return Explorer("Who is in the middle?", controls, draw)


def rule_of(state: Mapping[str, Any]) -> MiddleRule:
    """Give the rule that the sliders stand for.

    Examples
    --------
    >>> rule_of({"floor": 2000.0, "need": (25.0, 75.0), "intensive": 1.0, "outlier": 1.5}) == MiddleRule.strict()
    True
    """
    low, high = state["need"]
    return MiddleRule(
        need_low=low / 100,
        need_high=high / 100,
        most_intensive=int(state["intensive"]),
        outlier_iqr=float(state["outlier"]),
        floor_gbp_week=float(state["floor"]),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Children known, who of them is in the middle, and the shares of heads, pounds and weeks."""

    points: pd.DataFrame
    shares: tuple[Estimate, ...]


def look_at_definition(
    children: pd.DataFrame, rule: MiddleRule, *, label: str = "", seed: int = 2019
) -> View:
    """Give the view of a rule, with the usual rule beside it.

    Parameters
    ----------
    children : DataFrame
        One row per child, as `definition_of_the_middle` takes it.
    rule : MiddleRule
        Who counts as being in the middle.
    label : str
        Name of the council.
    seed : int
        Seed of the bootstrap.
    """
    known = children.dropna(subset=list(COLUMNS.values()))
    found, usual = _find(known, rule, seed), _heads(known, MiddleRule())
    weeks = known.get(WEEKS)
    headline = _headline(found.shares)
    marked = found.points["marked"]
    moved = (
        f"In by this rule and out by the usual one: {int((marked & ~usual).sum()):,}; the other way round: "
        f"{int((usual & ~marked).sum()):,}."
    )
    apart = len(children) - len(known)
    without = (f"Left out: {apart:,} without a need score or a price.",) if apart else ()
    ax = draw_cloud(
        canvas()[0], found.points, marks=("in the middle", "all others"), floor=rule.floor_gbp_week
    )
    return View(
        headline,
        (
            rule.words(),
            moved,
            *without,
            *said_of_nobody(children, len(known)),
            *_said_of_intervals(len(known)),
            *said_of_drawing(len(known)),
        ),
        _table(found, usual, weeks),
        ax,
        alt=f"Scatter of weekly cost against need with the middle marked. {headline}.",
        source=f"Source: {label}, own calculation" if label else "",
    )


def _find(known: pd.DataFrame, rule: MiddleRule, seed: int) -> _Found:
    points = known[["need_total", "cost_gbp_week"]].set_axis(["need", "cost"], axis=1)
    weeks = WEEKS if WEEKS in known else ""
    if len(known) <= MOST_RESAMPLED:
        group = find_middle(known, **COLUMNS, weeks=weeks, rule=rule, seed=seed)  # type: ignore[arg-type]
        return _Found(points.assign(marked=group.members), tuple(group.estimates))
    marked = _heads(known, rule)
    parts = [np.ones(len(known)), known["cost_gbp_week"].to_numpy(dtype="float64")]
    parts += [np.nan_to_num(known[weeks].to_numpy(dtype="float64"))] if weeks else []
    shares = (
        Estimate(
            f"Share of {what}",
            float(part[marked].sum() / part.sum()),
            n=len(known),
            unit="share",
            method="share",
        )
        for what, part in zip(_TITLES, parts, strict=False)
    )
    return _Found(points.assign(marked=marked), tuple(shares))


def _heads(known: pd.DataFrame, rule: MiddleRule) -> pd.Series:
    arrays = [known[COLUMNS[name]].to_numpy(dtype="float64") for name in ("need", "n3", "cost")]
    bands = known[COLUMNS["band"]].astype("str").to_numpy()
    marked = (
        is_middle(Known(arrays[0], arrays[1], bands, arrays[2]), rule) if len(known) else np.zeros(0, bool)
    )
    return pd.Series(marked, index=known.index)


def _headline(shares: tuple[Estimate, ...]) -> str:
    if not shares[0].estimable or not shares[1].estimable:
        return "Too few children have both a need score and a price to find the middle"
    heads, money = (write_number(share.value, "share") for share in shares[:2])
    return f"{heads} of children are in the middle, and they take {money} of the money"


def _said_of_intervals(children: int) -> tuple[str, ...]:
    if children <= MOST_RESAMPLED:
        return ()
    return (f"Intervals are made for up to {MOST_RESAMPLED:,} children; notebook 05 makes them for more.",)


def _table(found: _Found, usual: pd.Series, weeks: pd.Series | None) -> pd.DataFrame:
    """Give children, pounds and weeks in the middle: by this rule, and beside it by the usual one."""
    counts = [_amounts(found.points, who, weeks) for who in (found.points["marked"], usual)]
    rows = {
        title: {
            "in the middle": mine,
            "share of all": share.words() if share.estimable else share.reason,
            "by the usual rule": theirs,
        }
        for title, mine, theirs, share in zip(_TITLES, *counts, found.shares, strict=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _amounts(points: pd.DataFrame, who: pd.Series, weeks: pd.Series | None) -> list[str]:
    spent = write_number(float(points.loc[who, "cost"].sum()), "GBP per week")
    return [f"{int(who.sum()):,}", spent, "–" if weeks is None else f"{weeks[who].sum():,.0f}"]
