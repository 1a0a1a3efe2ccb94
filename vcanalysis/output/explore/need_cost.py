"""Need against cost: filter the children, frame a part of the cloud, and see who is in it and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.association import rank_correlation
from vcanalysis.core.columns import require_columns
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import skewed_interval
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.output.explore.cloud import Window, draw_cloud, said_of_drawing, said_of_nobody
from vcanalysis.output.explore.controls import Control, Pick, Several, Slider, Span
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.view import View, canvas

NEED, COST = "need_total", "cost_gbp_week"
ALL = "All"
FEWEST = 3  # prices whose spread says how far their mean may be out
_MOST_PROVIDERS = 40


@door("vc.explore.need_against_cost(children, domains=here.framework.domain_titles)", takes=pd.DataFrame)
def need_against_cost(
    children: pd.DataFrame, *, domains: Mapping[str, str] | None = None, label: str = ""
) -> Explorer:
    """Explore weekly cost against need.

    Parameters
    ----------
    children : DataFrame
        One row per child, as from `Council.snapshot`: need_total, cost_gbp_week, placement_type, age_years,
        provider_id and the domains.
    domains : mapping of str to str, optional
        Columns of domains and their titles.
    label : str
        Name of the council with what is not real about it.

    Returns
    -------
    Explorer
        Controls: types, ages, provider, domain, level (at least), and the frame: need and cost.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need_total": rng.integers(0, 30, 200), "cost_gbp_week": rng.uniform(300, 5000, 200),
    ...                       "placement_type": "Residential home", "age_years": 12, "provider_id": "a"})
    >>> need_against_cost(frame).set(cost=(4000, 5000), need=(0, 29)).view.headline
    'The frame holds 42 of 200 children and 37% of their weekly spend'
    """
    if domains is not None and not isinstance(domains, Mapping):
        raise InputError(
            "domains takes columns with their titles, and was given "
            f"{type(domains).__name__}. Write: domains=here.framework.domain_titles"
        )
    titles = dict(domains or {})
    require_columns(children, NEED, COST, "placement_type", "age_years", "provider_id", *titles)

    def draw(**state: Any) -> View:
        return look_at_need(children, state, titles=titles, label=label)

    return Explorer("Need against cost", _controls(children, titles), draw)


def look_at_need(
    children: pd.DataFrame, state: Mapping[str, Any], *, titles: Mapping[str, str], label: str = ""
) -> View:
    """Give the view of a state of `need_against_cost`.

    Parameters
    ----------
    children : DataFrame
        One row per child.
    state : mapping of str to object
        types, ages, provider, domain, level, need, cost.
    titles : mapping of str to str
        Columns of domains and their titles.
    label : str
        Name of the council.
    """
    kept = children.loc[_passing(children, state, titles)]
    points = kept[[NEED, COST]].dropna().set_axis(["need", "cost"], axis=1)
    frame = Window(*state["need"], *state["cost"])
    points["marked"] = points["need"].between(frame.need_low, frame.need_high) & points["cost"].between(
        frame.cost_low, frame.cost_high
    )
    inside = points.loc[points["marked"], "cost"]
    share = float(inside.sum() / points["cost"].sum()) if points["cost"].sum() > 0 else 0.0
    headline = (
        f"The frame holds {len(inside):,} of {len(points):,} children and {write_number(share, 'share')} of their "
        "weekly spend"
    )
    rho = rank_correlation(kept, x=NEED, y=COST, term="Rank correlation of need and cost of those shown")
    left_out = len(kept) - len(points)
    without = (f"Left out: {left_out:,} without a need score or a price.",) if left_out else ()
    ax = draw_cloud(canvas()[0], points, marks=("in the frame", "all others"), window=frame)
    return View(
        headline,
        (
            said_of_filters(state, titles),
            rho.sentence(),
            *without,
            *said_of_nobody(children, len(points)),
            *said_of_drawing(len(points)),
        ),
        _table(points),
        ax,
        alt=f"Scatter of weekly cost against need; a part is framed. {headline}.",
        source=f"Source: {label}, own calculation" if label else "",
    )


def said_of_filters(state: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Say who is shown, and what the slider of the level does.

    Examples
    --------
    >>> said_of_filters({"types": (), "provider": "All", "domain": "All", "level": 2}, {"safety": "Safety"})
    'Shown: all types of placement, all providers, any need (the level counts once a domain is chosen).'
    """
    types = ", ".join(state["types"]) or "all types of placement"
    provider = "all providers" if state["provider"] == ALL else f"provider {state['provider']}"
    if state["domain"] in titles.values():
        need = f"{state['domain']} at level {state['level']:g} or more"
    else:
        need = "any need (the level counts once a domain is chosen)"
    return f"Shown: {types}, {provider}, {need}."


def mean_cost(costs: np.ndarray, term: str) -> Estimate:
    """Give the mean weekly cost with an interval that follows the skewness of prices.

    Parameters
    ----------
    costs : array
        Weekly cost of each child, pounds.
    term : str
        Words for the sentence.

    Examples
    --------
    >>> mean_cost(np.array([400.0, 500.0, 600.0]), "Mean weekly cost").sentence()
    'Mean weekly cost: £500 a week (95% interval £252 to £748; 3 children).'
    """
    n, method = len(costs), "mean; Hall's interval for skewed values"
    if n < FEWEST:
        reason = f"at least {FEWEST} children with a price are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    spread = float(costs.std(ddof=1))
    if spread <= 1e-9 * abs(float(costs.mean())):
        return Estimate.not_estimable(term, n=n, reason="all cost the same", method=method)
    error = spread / math.sqrt(n)
    skewness = float((((costs - costs.mean()) / spread) ** 3).mean()) / math.sqrt(n)
    mean = float(costs.mean())
    low, high = skewed_interval(mean, error, skewness, freedom=n - 1)
    return Estimate(term, mean, low, high, n=n, unit="GBP per week", method=method, std_error=error)


def _passing(children: pd.DataFrame, state: Mapping[str, Any], titles: Mapping[str, str]) -> pd.Series:
    low, high = state["ages"]
    passing = children["age_years"].between(low, high)
    if state["types"]:
        passing &= children["placement_type"].astype("str").isin(list(state["types"]))
    if state["provider"] != ALL:
        passing &= children["provider_id"].astype("str").eq(str(state["provider"]))
    for column, title in titles.items():
        if state["domain"] == title:
            passing &= children[column].ge(float(state["level"]))
    return passing


def _table(points: pd.DataFrame) -> pd.DataFrame:
    rows = {}
    total = float(points["cost"].sum())
    for name, part in (("in the frame", points[points["marked"]]), ("all shown", points)):
        costs = part["cost"].to_numpy(dtype="float64")
        spent = float(costs.sum())
        rows[name] = {
            "children": f"{len(part):,}",
            "mean, £ a week (95% interval)": _short(mean_cost(costs, "Mean weekly cost")),
            "spent a week": write_number(spent, "GBP"),
            "share of spend": write_number(spent / total, "share") if total else "–",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _short(mean: Estimate) -> str:
    if not mean.has_interval:
        return mean.reason
    value = write_number(mean.value, mean.unit, with_unit=False)
    return f"{value} ({write_interval(mean.low, mean.high, mean.unit)})"


def _controls(children: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, Control]:
    both = children[[NEED, COST]].dropna()
    need, cost, ages = both[NEED], both[COST], children["age_years"].dropna()
    most_need = max(math.ceil(need.max()), 1) if len(need) else 1
    most_cost = 100 * max(math.ceil(cost.max() / 100), 1) if len(cost) else 100
    oldest = max(math.ceil(ages.max()), 1) if len(ages) else 18
    middle = [float(round(q)) for q in need.quantile([0.25, 0.75])] if len(need) else [0.0, 1.0]
    kinds = [str(k) for k in pd.unique(children["placement_type"].dropna())]
    order = (
        [str(k) for k in children["placement_type"].cat.categories] if _ordered(children) else sorted(kinds)
    )
    providers = children["provider_id"].dropna().astype("str").value_counts().index[:_MOST_PROVIDERS]
    return {
        "types": Several("Types of placement (none chosen: all)", tuple(k for k in order if k in kinds)),
        "ages": Span("Age, years", 0.0, oldest, 1, (0.0, oldest)),
        "provider": Pick("Provider, largest first", (ALL, *providers), ALL),
        "domain": Pick("Domain of need", (ALL, *titles.values()), ALL),
        "level": Slider("Level in the domain chosen, at least", 0, 3, 1, 2),
        "need": Span("Frame: total need", 0, most_need, 1, (middle[0], max(middle[1], middle[0]))),
        "cost": Span("Frame: £ a week", 0, most_cost, 50, (min(1000.0, most_cost), most_cost)),
    }


def _ordered(children: pd.DataFrame) -> bool:
    return isinstance(children["placement_type"].dtype, pd.CategoricalDtype)
