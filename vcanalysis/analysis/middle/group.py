"""The children whom the rule puts in the middle: how many, what share of the money, how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.middle.cutoffs import cut_off_name, try_all, try_each
from vcanalysis.analysis.middle.rule import Known, MiddleRule, has_middle_price, is_middle
from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.doors import door
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, resample, wilson
from vcanalysis.core.numbers import write_number
from vcanalysis.core.parts import parts_of

MINIMUM = 20
METHOD = "share; percentile bootstrap over children, the rule applied anew to each resample"
HEADS = "Share of children in the middle"


@dataclass(frozen=True, slots=True)
class MiddleGroup:
    """The children in the middle.

    Parameters
    ----------
    rule : MiddleRule
        Rule applied.
    members : Series of bool
        One value per row of the frame, on its index: private. False where need or cost is not known.
    known : Series of bool
        Whether need and cost are both known, so that the rule could be applied.
    estimates : Estimates
        Share of children, of weekly spend and (where weeks were given) of weeks, with intervals.
    sensitivity : DataFrame
        One row per cut-off tried, one at a time: cut_off, value, chosen, children, share, share_of_spend.
    every_cut : DataFrame
        One row per combination of cut-offs: the cut-offs, share, share_of_spend.
    points : DataFrame
        need, cost and middle of each child, without identifiers: private, for the picture only.
    price_fits : Series of bool
        Whether a child's price alone is that of the middle: private; for a definition of need by a model.
    """

    rule: MiddleRule
    members: pd.Series
    known: pd.Series
    estimates: Estimates
    sensitivity: pd.DataFrame
    every_cut: pd.DataFrame
    points: pd.DataFrame
    price_fits: pd.Series

    def frame(self) -> pd.DataFrame:
        """Give the shares as tidy rows."""
        return self.estimates.frame()

    def sentence(self) -> str:
        """Say how many children are in the middle and what share of the money they take."""
        return self.estimates.sentence()

    def headline(self) -> str:
        """Say both shares, for the head of a picture."""
        children, spend = self.estimates[0], self.estimates[1]
        if not children.estimable or not spend.estimable:
            return "Too few children have both a need score and a price to find the middle"
        share, money = write_number(children.value, "share"), write_number(spend.value, "share")
        return f"{share} of children are in the middle, and they take {money} of the money"


@door(
    "vc.middle.find_middle(children, need='need_total', n3='n3', band='need_band', cost='cost_gbp_week')",
    takes=pd.DataFrame,
)
def find_middle(
    frame: pd.DataFrame,
    *,
    need: str,
    n3: str,
    band: str,
    cost: str,
    weeks: str = "",
    rule: MiddleRule | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> MiddleGroup:
    """Find the children in the middle by the rule.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    need, n3, band, cost : str
        Columns of the need total, the count of domains needing intensive action, the band of need, and weekly
        cost in pounds.
    weeks : str
        Column of weeks of care in the period, if there is one.
    rule : MiddleRule, optional
        Cut-offs; the broad definition when absent.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    MiddleGroup
        Members, shares and the sensitivity to each cut-off. Not estimable when fewer than 20 children have both
        a need score and a price.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    A definition, not a finding: the shares follow from the cut-offs, so read them beside the sensitivity. The
    intervals hold the error of the quantiles that the rule cuts at: where prices lie in clumps (a home costs many
    times a family), a few children more or fewer move these quantiles, and the middle with them, a long way.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> find_middle(frame, need="need", n3="n3", band="band", cost="cost").headline()
    '50% of children are in the middle, and they take 78% of the money'
    """
    rule = rule or MiddleRule()
    require_columns(frame, need, n3, band, cost, *([weeks] if weeks else []))
    needs, threes, costs = number_column(frame, need), number_column(frame, n3), cost_column(frame, cost)
    known = ~(np.isnan(needs) | np.isnan(costs) | np.isnan(threes))
    bands = frame[band].astype("str").to_numpy()
    parts = Known(needs[known], threes[known], bands[known], costs[known])
    enough = int(known.sum()) >= MINIMUM
    chosen = is_middle(parts, rule) if enough else np.zeros(len(parts.need), dtype=bool)
    sums = {"Share of weekly spend in the middle": parts.cost}
    if weeks:
        sums["Share of weeks of care in the middle"] = np.nan_to_num(number_column(frame, weeks)[known])
    return MiddleGroup(
        rule,
        _spread(chosen, known, frame.index, "middle"),
        pd.Series(known, index=frame.index, name="known"),
        _shares(parts, rule, chosen, sums, level=level, seed=seed),
        try_each(parts if enough else None, rule),
        try_all(parts if enough else None, rule),
        pd.DataFrame({"need": parts.need, "cost": parts.cost, "middle": chosen}),
        _spread(has_middle_price(parts, rule) if enough else chosen, known, frame.index, "price_fits"),
    )


def _spread(flags: np.ndarray, known: np.ndarray, index: pd.Index, name: str) -> pd.Series:
    whole = np.zeros(len(index), dtype=bool)
    whole[known] = flags
    return pd.Series(whole, index=index, name=name)


def _shares(
    known: Known,
    rule: MiddleRule,
    chosen: np.ndarray,
    sums: dict[str, np.ndarray],
    *,
    level: float,
    seed: int,
) -> Estimates:
    """Give the share of children and of each sum, with the error of the quantiles that the rule cuts at."""
    n, weights = len(chosen), {HEADS: np.ones(len(chosen)), **sums}
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children with a need score and a price are needed"
        return Estimates.of(Estimate.not_estimable(t, n=n, reason=reason, method=METHOD) for t in weights)
    columns = np.column_stack(list(weights.values()))

    def of_middle(counts: np.ndarray) -> np.ndarray:
        return counts * is_middle(known, rule, counts) @ columns / np.maximum(counts @ columns, 1e-9)

    drawn = resample(of_middle, n, seed=seed)
    return Estimates.of(
        _share(term, each, chosen, drawn[:, place], level=level)
        for place, (term, each) in enumerate(weights.items())
    )


def _share(
    term: str, weights: np.ndarray, chosen: np.ndarray, drawn: np.ndarray, *, level: float
) -> Estimate:
    n, total = len(chosen), float(weights.sum())
    if total <= 0:
        return Estimate.not_estimable(term, n=n, reason="the sum is zero", method=METHOD)
    ends, error = percentile_interval(drawn, level), float(np.std(drawn, ddof=1))
    if chosen.all() or not chosen.any():  # resamples of all or none are all or none again
        ends = wilson(int(chosen.sum()), n, level)
    value = float(weights[chosen].sum()) / total
    made = Estimate(term, value, *ends, level, n, "share", METHOD, std_error=error)
    inside = int(chosen.sum())
    if term == HEADS:
        return made.named(support=min(inside, n - inside))
    return made.named(support=inside, parts=parts_of(weights[chosen]))


def cut_off_sensitivity(group: MiddleGroup) -> str:
    """Say how far the share of children in the middle moves when cut-offs are changed.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> cut_off_sensitivity(find_middle(frame, need="need", n3="n3", band="band", cost="cost"))[67:116]
    ' runs from 16% to 100%, most of all with the floo'
    """
    table = group.sensitivity
    if table.empty:
        return "Too few children to try other cut-offs."
    shares = table.groupby("cut_off")["share"]
    spans = shares.max() - shares.min()
    ends = [table["share"].min(), table["share"].max()]
    ends += [group.every_cut["share"].min(), group.every_cut["share"].max()]
    low, high, least, most = (write_number(v, "share") for v in ends)
    return (
        f"Changing one cut-off at a time, the share of children in the middle runs from {low} to {high}, "
        f"most of all with the {cut_off_name(spans.idxmax())}; changing all at once, from {least} to {most}."
    )


def cut_off_headline(group: MiddleGroup) -> str:
    """Say which cut-off moves the share of children in the middle most, and how far.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> cut_off_headline(find_middle(frame, need="need", n3="n3", band="band", cost="cost"))
    'The floor of cost matters most: it puts from 16% to 100% of children in the middle'
    """
    if group.sensitivity.empty:
        return "Too few children to try other cut-offs"
    shares = group.sensitivity.groupby("cut_off")["share"].agg(["min", "max"])
    widest = (shares["max"] - shares["min"]).idxmax()
    low, high = (write_number(v, "share") for v in shares.loc[widest])
    return (
        f"The {cut_off_name(widest)} matters most: it puts from {low} to {high} of children in the middle"
        if low != high
        else f"No cut-off moves the share of children in the middle from {low}"
    )
