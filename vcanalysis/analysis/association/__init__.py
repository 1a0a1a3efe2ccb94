"""Does spend follow need? Rank correlation, rating reliability, and what else explains the cost."""

from vcanalysis.analysis.association.correlation import rank_correlation, rank_correlation_by
from vcanalysis.analysis.association.explained import Explained, share_explained
from vcanalysis.analysis.association.picture import (
    NeedCost,
    cost_by_need,
    monotone_cost,
    same_need_spread,
)
from vcanalysis.analysis.association.reliability import disattenuated, disattenuation_curve, reliability
from vcanalysis.analysis.association.wording import curve_headline, follows, headline

__all__ = [
    "Explained",
    "NeedCost",
    "cost_by_need",
    "curve_headline",
    "disattenuated",
    "disattenuation_curve",
    "follows",
    "headline",
    "monotone_cost",
    "rank_correlation",
    "rank_correlation_by",
    "reliability",
    "same_need_spread",
    "share_explained",
]
