"""The transparent rule: moderate need, not an outlier in cost, and yet thousands of pounds a week."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, resample, wilson
from vcanalysis.core.numbers import write_number

MINIMUM = 20
RATIO = "share of a sum; percentile bootstrap over children, cut-offs held fixed"
_TRIED: dict[str, tuple[float, ...]] = {
    "floor_gbp_week": (0, 500, 1000, 1500, 2000),
    "most_intensive": (0, 1, 2),
    "outlier_iqr": (1.0, 1.5, 3.0),
    "need_low": (0.20, 0.25, 0.33),
    "need_high": (0.67, 0.75, 0.80),
}
_NAMES = {
    "floor_gbp_week": "floor of cost",
    "most_intensive": "number of intensive needs allowed",
    "outlier_iqr": "cut for outliers in cost",
    "need_low": "lower cut of need",
    "need_high": "upper cut of need",
}


@dataclass(frozen=True, slots=True)
class MiddleRule:
    """Who counts as being in the middle.

    Parameters
    ----------
    band : str
        Band that counts as moderate need whatever the total.
    need_low, need_high : float
        Quantiles of the need of assessed children between which the total counts as moderate.
    most_intensive : int
        Most domains that may need immediate or intensive action.
    outlier_iqr : float
        A log cost above the upper quartile by more than this many interquartile ranges is an outlier.
    floor_gbp_week : float
        Lowest weekly cost, pounds: 1,000 in the broad definition, 2,000 in the strict one.

    Examples
    --------
    >>> MiddleRule.strict().floor_gbp_week
    2000.0
    """

    band: str = "enhanced"
    need_low: float = 0.25
    need_high: float = 0.75
    most_intensive: int = 1
    outlier_iqr: float = 1.5
    floor_gbp_week: float = 1000.0

    def __post_init__(self) -> None:
        if not 0 <= self.need_low < self.need_high <= 1:
            raise InputError(
                f"need_low {self.need_low:g} and need_high {self.need_high:g} are refused: give two quantiles "
                "from 0 to 1, the lower first."
            )
        for name in ("most_intensive", "outlier_iqr", "floor_gbp_week"):
            if getattr(self, name) < 0:
                raise InputError(f"{name} {getattr(self, name):g} is refused: give 0 or more.")

    @classmethod
    def strict(cls) -> MiddleRule:
        """Give the strict definition: a floor of 2,000 pounds a week."""
        return cls(floor_gbp_week=2000.0)

    def words(self) -> str:
        """Say the rule in a sentence."""
        return (
            f"In the middle: {self.band} need, or a total between the {100 * self.need_low:.0f}th and the "
            f"{100 * self.need_high:.0f}th percentile, with at most {self.most_intensive} domain needing intensive "
            f"action; a weekly cost of at least £{self.floor_gbp_week:,.0f} that is not an outlier "
            f"(log cost above the upper quartile by more than {self.outlier_iqr:g} interquartile ranges)."
        )


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
    points : DataFrame
        need, cost and middle of each child, without identifiers: private, for the picture only.
    """

    rule: MiddleRule
    members: pd.Series
    known: pd.Series
    estimates: Estimates
    sensitivity: pd.DataFrame
    points: pd.DataFrame

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


def _members(
    need: np.ndarray, n3: np.ndarray, band: np.ndarray, cost: np.ndarray, rule: MiddleRule
) -> np.ndarray:
    """Apply the rule to children whose need and cost are known."""
    low, high = np.quantile(need, [rule.need_low, rule.need_high])
    moderate = ((band == rule.band) | ((need >= low) & (need <= high))) & (n3 <= rule.most_intensive)
    logs = np.log(np.maximum(cost, 1e-9))
    first, third = np.quantile(logs[cost > 0], [0.25, 0.75]) if (cost > 0).any() else (0.0, 0.0)
    usual = logs <= third + rule.outlier_iqr * (third - first) + 1e-12
    return moderate & usual & (cost >= rule.floor_gbp_week)


def _share_of_sum(values: np.ndarray, inside: np.ndarray, *, term: str, seed: int, level: float) -> Estimate:
    n, total = len(values), float(values.sum())
    if total <= 0:
        return Estimate.not_estimable(term, n=n, reason="the sum is zero", method=RATIO)
    drawn = resample(
        lambda counts: counts @ (values * inside) / np.maximum(counts @ values, 1e-9), n, seed=seed
    )
    error = float(np.std(drawn, ddof=1))
    ends = percentile_interval(drawn, level)
    return Estimate(
        term, float(values[inside].sum()) / total, *ends, level, n, "share", RATIO, std_error=error
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
    A definition, not a finding: the shares follow from the cut-offs, so read them beside the sensitivity.

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
    parts = (needs[known], threes[known], frame[band].astype("str").to_numpy()[known], costs[known])
    enough = int(known.sum()) >= MINIMUM
    chosen = _members(*parts, rule) if enough else np.zeros(int(known.sum()), dtype=bool)
    sums = {"Share of weekly spend in the middle": parts[3]}
    if weeks:
        sums["Share of weeks of care in the middle"] = np.nan_to_num(number_column(frame, weeks)[known])
    members = pd.Series(False, index=frame.index, name="middle")
    members[known] = chosen
    return MiddleGroup(
        rule,
        members,
        pd.Series(known, index=frame.index, name="known"),
        _shares(chosen, sums, level=level, seed=seed),
        _sensitivity(parts, rule) if enough else _sensitivity_frame([]),
        pd.DataFrame({"need": parts[0], "cost": parts[3], "middle": chosen}),
    )


def _shares(chosen: np.ndarray, sums: dict[str, np.ndarray], *, level: float, seed: int) -> Estimates:
    children = _headcount(chosen, level)
    if not children.estimable:
        return Estimates.of([children, *(children.named(term=term) for term in sums)])
    shares = [_share_of_sum(v, chosen, term=term, seed=seed, level=level) for term, v in sums.items()]
    return Estimates.of([children, *shares])


def _headcount(chosen: np.ndarray, level: float) -> Estimate:
    term, method, n = (
        "Share of children in the middle",
        "share; Wilson interval, cut-offs held fixed",
        len(chosen),
    )
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children with a need score and a price are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    count = int(chosen.sum())
    return Estimate(term, count / n, *wilson(count, n, level), level, n, "share", method)


def _sensitivity_frame(rows: list[tuple]) -> pd.DataFrame:
    columns = ["cut_off", "value", "chosen", "children", "share", "share_of_spend"]
    return pd.DataFrame(rows, columns=columns)


def _sensitivity(
    parts: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], rule: MiddleRule
) -> pd.DataFrame:
    rows, costs = [], parts[3]
    for cut_off, tried in _TRIED.items():
        used = float(asdict(rule)[cut_off])
        for value in sorted({*tried, used}):
            number = int(value) if cut_off == "most_intensive" else float(value)
            inside = _members(*parts, replace(rule, **{cut_off: number}))  # type: ignore[arg-type]
            spend = float(costs[inside].sum() / costs.sum()) if costs.sum() > 0 else 0.0
            rows.append(
                (cut_off, float(value), value == used, int(inside.sum()), float(inside.mean()), spend)
            )
    return _sensitivity_frame(rows)


def cut_off_sensitivity(group: MiddleGroup) -> str:
    """Say how far the share of children in the middle moves when one cut-off at a time is changed.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> cut_off_sensitivity(find_middle(frame, need="need", n3="n3", band="band", cost="cost"))[-41:]
    '100%, most of all with the floor of cost.'
    """
    table = group.sensitivity
    if table.empty:
        return "Too few children to try other cut-offs."
    spans = table.groupby("cut_off")["share"].agg(lambda s: s.max() - s.min())
    low, high = (write_number(v, "share") for v in (table["share"].min(), table["share"].max()))
    return (
        f"Changing one cut-off at a time, the share of children in the middle runs from {low} to {high}, "
        f"most of all with the {_NAMES[spans.idxmax()]}."
    )
