"""Does spend follow need? Rank correlation, rating reliability, and what else explains the cost."""

from vcanalysis.analysis.association.attenuation import (
    disattenuated,
    disattenuated_jointly,
    disattenuation_curve,
)
from vcanalysis.analysis.association.correlation import kendall_tau, rank_correlation, rank_correlation_by
from vcanalysis.analysis.association.explained import Explained, share_explained
from vcanalysis.analysis.association.ordinal import polychoric, polyserial
from vcanalysis.analysis.association.partial import adjusted_beside_unadjusted, partial_rank_correlation
from vcanalysis.analysis.association.picture import (
    NeedCost,
    cost_by_need,
    monotone_cost,
    same_need_spread,
)
from vcanalysis.analysis.association.reliability import reliability
from vcanalysis.analysis.association.wording import curve_headline, follows, headline

__all__ = [
    "Explained",
    "NeedCost",
    "adjusted_beside_unadjusted",
    "cost_by_need",
    "curve_headline",
    "disattenuated",
    "disattenuated_jointly",
    "disattenuation_curve",
    "follows",
    "headline",
    "kendall_tau",
    "monotone_cost",
    "partial_rank_correlation",
    "polychoric",
    "polyserial",
    "rank_correlation",
    "rank_correlation_by",
    "reliability",
    "same_need_spread",
    "share_explained",
]
