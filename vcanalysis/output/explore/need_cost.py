"""Need against cost: filter children or plans, frame a part of the cloud, see who is in it and what they cost."""

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
from vcanalysis.output.explore.words import CHILDREN, Words

NEED = "need_total"
ALL = "All"
FEWEST = 3  # prices whose spread says how far their mean may be out
_MOST_PROVIDERS = 40


@door("vc.explore.need_against_cost(children, domains=here.framework.domain_titles)", takes=pd.DataFrame)
def need_against_cost(
    children: pd.DataFrame,
    *,
    domains: Mapping[str, str] | None = None,
    label: str = "",
    words: Words = CHILDREN,
) -> Explorer:
    """Explore weekly cost against need.

    Parameters
    ----------
    children : DataFrame
        One row per child, as from `Council.snapshot`: need_total, cost_gbp_week, placement_type, age_years,
        provider_id and the domains. With `words=PLANS` one row per plan at one census, as from `send.at_censuses`:
        need_total, gbp_week, setting, age and the areas.
    domains : mapping of str to str, optional
        Columns of domains and their titles.
    label : str
        Name of the council with what is not real about it.
    words : Words
        Whom it shows: `CHILDREN` in care, or `PLANS` of special educational needs.

    Returns
    -------
    Explorer
        Controls: types, ages, provider (where there is one), domain, level (at least), and the frame: need and cost.

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
    if not isinstance(words, Words):
        raise InputError(
            f"words takes whom the table shows, and was given {type(words).__name__}. Write: words=vc.explore.PLANS"
        )
    titles = dict(domains or {})
    require_columns(children, NEED, *words.columns, *titles)

    def draw(**state: Any) -> View:
        return look_at_need(children, state, titles=titles, label=label, words=words)

    return Explorer(words.title, _controls(children, titles, words), draw)


def look_at_need(
    children: pd.DataFrame,
    state: Mapping[str, Any],
    *,
    titles: Mapping[str, str],
    label: str = "",
    words: Words = CHILDREN,
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
    words : Words
        Whom it shows.
    """
    kept = children.loc[_passing(children, state, titles, words)]
    points = kept[[NEED, words.cost]].dropna().set_axis(["need", "cost"], axis=1)
    frame = Window(*state["need"], *state["cost"])
    points["marked"] = points["need"].between(frame.need_low, frame.need_high) & points["cost"].between(
        frame.cost_low, frame.cost_high
    )
    inside = points.loc[points["marked"], "cost"]
    share = float(inside.sum() / points["cost"].sum()) if points["cost"].sum() > 0 else 0.0
    headline = (
        f"The frame holds {len(inside):,} of {len(points):,} {words.people} and {write_number(share, 'share')} of "
        "their weekly spend"
    )
    rho = rank_correlation(
        kept, x=NEED, y=words.cost, term="Rank correlation of need and cost of those shown"
    )
    rho = rho.named(of=words.people, reason=words.said(rho.reason))
    left_out = len(kept) - len(points)
    without = (f"Left out: {left_out:,} without a need score or a price.",) if left_out else ()
    ax = draw_cloud(canvas()[0], points, marks=("in the frame", "all others"), window=frame, words=words)
    return View(
        headline,
        (
            said_of_filters(state, titles, words),
            *_said_of_kinds(kept.loc[points.index[points["marked"]], words.kind], words),
            rho.sentence(),
            *without,
            *said_of_nobody(children, len(points), words),
            *said_of_drawing(len(points), words),
        ),
        _table(points, words),
        ax,
        alt=f"Scatter of weekly cost against need; a part is framed. {headline}.",
        source=f"Source: {label}, own calculation" if label else "",
    )


def said_of_filters(state: Mapping[str, Any], titles: Mapping[str, str], words: Words = CHILDREN) -> str:
    """Say who is shown, and what the slider of the level does.

    Examples
    --------
    >>> said_of_filters({"types": (), "provider": "All", "domain": "All", "level": 2}, {"safety": "Safety"})
    'Shown: all types of placement, all providers, any need (the level counts once a domain is chosen).'
    """
    types = ", ".join(state["types"]) or f"all {words.kinds}"
    chosen = state.get("provider")
    provider = "all providers, " if chosen == ALL else f"provider {chosen}, " if chosen else ""
    if state["domain"] in titles.values():
        need = f"{state['domain']} at level {state['level']:g} or more"
    else:
        need = "any need (the level counts once a domain is chosen)"
    return f"Shown: {types}, {provider}{need}."


def _said_of_kinds(framed: pd.Series, words: Words) -> tuple[str, ...]:
    """Say where those in the frame are, most first."""
    counts = framed.astype("str").value_counts()
    said = ", ".join(f"{kind} {count:,}" for kind, count in counts[counts > 0].items())
    return (f"In the frame, {words.kinds}: {said}.",) if said else ()


def mean_cost(costs: np.ndarray, term: str, *, of: str = "children") -> Estimate:
    """Give the mean weekly cost with an interval that follows the skewness of prices.

    Parameters
    ----------
    costs : array
        Weekly cost of each child, pounds.
    term : str
        Words for the sentence.
    of : str
        Whose cost it is.

    Examples
    --------
    >>> mean_cost(np.array([400.0, 500.0, 600.0]), "Mean weekly cost").sentence()
    'Mean weekly cost: £500 a week (95% interval £252 to £748; 3 children).'
    """
    n, method = len(costs), "mean; Hall's interval for skewed values"
    if n < FEWEST:
        reason = f"at least {FEWEST} {of} with a price are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=method, of=of)
    spread = float(costs.std(ddof=1))
    if spread <= 1e-9 * abs(float(costs.mean())):
        return Estimate.not_estimable(term, n=n, reason="all cost the same", method=method, of=of)
    error = spread / math.sqrt(n)
    skewness = float((((costs - costs.mean()) / spread) ** 3).mean()) / math.sqrt(n)
    mean = float(costs.mean())
    low, high = skewed_interval(mean, error, skewness, freedom=n - 1)
    return Estimate(term, mean, low, high, n=n, unit="GBP per week", method=method, std_error=error, of=of)


def _passing(
    children: pd.DataFrame, state: Mapping[str, Any], titles: Mapping[str, str], words: Words
) -> pd.Series:
    low, high = state["ages"]
    passing = children[words.age].between(low, high)
    if state["types"]:
        passing &= children[words.kind].astype("str").isin(list(state["types"]))
    if state.get("provider", ALL) != ALL:
        passing &= children[words.provider].astype("str").eq(str(state["provider"]))
    for column, title in titles.items():
        if state["domain"] == title:
            passing &= children[column].ge(float(state["level"]))
    return passing


def _table(points: pd.DataFrame, words: Words) -> pd.DataFrame:
    rows = {}
    total = float(points["cost"].sum())
    for name, part in (("in the frame", points[points["marked"]]), ("all shown", points)):
        costs = part["cost"].to_numpy(dtype="float64")
        spent = float(costs.sum())
        rows[name] = {
            words.people: f"{len(part):,}",
            "mean, £ a week (95% interval)": _short(mean_cost(costs, "Mean weekly cost", of=words.people)),
            "spent a week": write_number(spent, "GBP"),
            "share of spend": write_number(spent / total, "share") if total else "–",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _short(mean: Estimate) -> str:
    if not mean.has_interval:
        return mean.reason
    value = write_number(mean.value, mean.unit, with_unit=False)
    return f"{value} ({write_interval(mean.low, mean.high, mean.unit)})"


def _controls(children: pd.DataFrame, titles: Mapping[str, str], words: Words) -> dict[str, Control]:
    both = children[[NEED, words.cost]].dropna()
    need, cost, ages = both[NEED], both[words.cost], children[words.age].dropna()
    most_need = max(math.ceil(need.max()), 1) if len(need) else 1
    most_cost = 100 * max(math.ceil(cost.max() / 100), 1) if len(cost) else 100
    oldest = max(math.ceil(ages.max()), 1) if len(ages) else 18
    middle = [float(round(q)) for q in need.quantile([0.25, 0.75])] if len(need) else [0.0, 1.0]
    provided = {"provider": _providers(children[words.provider])} if words.provider else {}
    return {
        "types": Several(
            f"{words.kinds.capitalize()} (none chosen: all)", _kinds_in_order(children[words.kind])
        ),
        "ages": Span("Age, years", 0.0, oldest, 1, (0.0, oldest)),
        **provided,
        "domain": Pick("Domain of need", (ALL, *titles.values()), ALL),
        "level": Slider("Level in the domain chosen, at least", 0, 3, 1, 2),
        "need": Span("Frame: total need", 0, most_need, 1, (middle[0], max(middle[1], middle[0]))),
        "cost": Span("Frame: £ a week", 0, most_cost, 50, (min(words.dear, most_cost), most_cost)),
    }


def _providers(column: pd.Series) -> Pick:
    largest = column.dropna().astype("str").value_counts().index[:_MOST_PROVIDERS]
    return Pick("Provider, largest first", (ALL, *largest), ALL)


def _kinds_in_order(column: pd.Series) -> tuple[str, ...]:
    there = {str(kind) for kind in pd.unique(column.dropna())}
    ordered = isinstance(column.dtype, pd.CategoricalDtype)
    order = [str(kind) for kind in column.cat.categories] if ordered else sorted(there)
    return tuple(kind for kind in order if kind in there)
