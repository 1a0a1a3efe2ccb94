"""The transparent rule: moderate need, not an outlier in cost, and yet thousands of pounds a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vcanalysis.core.errors import InputError
from vcanalysis.core.resampled import resampled_quantiles


class Known(NamedTuple):
    """Children whose need and price are both known: arrays of one length."""

    need: np.ndarray
    n3: np.ndarray
    band: np.ndarray
    cost: np.ndarray


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
        domains = "domain" if self.most_intensive == 1 else "domains"
        return (
            f"In the middle: {self.band} need, or a total between the {100 * self.need_low:.0f}th and the "
            f"{100 * self.need_high:.0f}th percentile, with at most {self.most_intensive} {domains} needing intensive "
            f"action; a weekly cost of at least £{self.floor_gbp_week:,.0f} that is not an outlier "
            f"(log cost above the upper quartile by more than {self.outlier_iqr:g} interquartile ranges)."
        )


def _quantiles(values: np.ndarray, shares: tuple[float, float], counts: np.ndarray | None) -> np.ndarray:
    """Give two quantiles: of the children, or of each resample of them as columns."""
    if counts is None:
        return np.quantile(values, shares)
    return resampled_quantiles(values, counts, shares)[..., None]


def has_moderate_need(known: Known, rule: MiddleRule, counts: np.ndarray | None = None) -> np.ndarray:
    """Say whose need is moderate by the rule.

    Parameters
    ----------
    known : Known
        The children.
    rule : MiddleRule
        Cut-offs.
    counts : array (resamples, children), optional
        How often each child was drawn: the quantiles are then taken in each resample, and the answer has its shape.

    Examples
    --------
    >>> known = Known(np.array([1.0, 5, 9]), np.array([0, 0, 0]), np.array(["standard"] * 3), np.ones(3))
    >>> has_moderate_need(known, MiddleRule()).tolist()
    [False, True, False]
    """
    low, high = _quantiles(known.need, (rule.need_low, rule.need_high), counts)
    within = (known.need >= low) & (known.need <= high)
    return ((known.band == rule.band) | within) & (known.n3 <= rule.most_intensive)


def has_middle_price(known: Known, rule: MiddleRule, counts: np.ndarray | None = None) -> np.ndarray:
    """Say whose weekly cost reaches the floor and is not an outlier; arguments as `has_moderate_need`.

    Examples
    --------
    >>> known = Known(np.ones(3), np.zeros(3), np.array(["standard"] * 3), np.array([500.0, 1500, 1600]))
    >>> has_middle_price(known, MiddleRule()).tolist()
    [False, True, True]
    """
    cost, some = known.cost, known.cost > 0
    logs = np.log(np.maximum(cost, 1e-9))
    drawn = None if counts is None else counts[:, some]
    first, third = _quantiles(logs[some], (0.25, 0.75), drawn) if some.any() else (0.0, 0.0)
    return (logs <= third + rule.outlier_iqr * (third - first) + 1e-12) & (cost >= rule.floor_gbp_week)


def is_middle(known: Known, rule: MiddleRule, counts: np.ndarray | None = None) -> np.ndarray:
    """Say who is in the middle: moderate need at a middling price; arguments as `has_moderate_need`."""
    return has_moderate_need(known, rule, counts) & has_middle_price(known, rule, counts)
