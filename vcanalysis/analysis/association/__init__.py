"""Does spend follow need? Rank correlation, rating reliability, and what else explains the cost."""

from vcanalysis.analysis.association.attenuation import (
    break_even_agreement,
    disattenuated,
    disattenuated_jointly,
    disattenuation_curve,
)
from vcanalysis.analysis.association.between import WithinBetween, within_between
from vcanalysis.analysis.association.correlation import kendall_tau, rank_correlation, rank_correlation_by
from vcanalysis.analysis.association.curve import Curve, need_curve
from vcanalysis.analysis.association.explained import Explained, share_explained
from vcanalysis.analysis.association.partial import adjusted_beside_unadjusted, partial_rank_correlation
from vcanalysis.analysis.association.pathway import Pathway, cost_since_entry, pathway_cost
from vcanalysis.analysis.association.picture import NeedCost, cost_by_need, monotone_cost, same_need_spread
from vcanalysis.analysis.association.polychoric import polychoric
from vcanalysis.analysis.association.polyserial import polyserial
from vcanalysis.analysis.association.price_model import Check, CostModel, cost_model
from vcanalysis.analysis.association.providers import PriceSetters, price_setters
from vcanalysis.analysis.association.quantiles import quantile_slopes
from vcanalysis.analysis.association.raters import rater_share, weighted_kappa
from vcanalysis.analysis.association.regression import linear_model
from vcanalysis.analysis.association.reliability import reliability
from vcanalysis.analysis.association.restriction import restriction_curve, unrestricted
from vcanalysis.analysis.association.same_need import same_need_ratio
from vcanalysis.analysis.association.wording import (
    curve_headline,
    follows,
    headline,
    how_sure,
    in_pounds,
    side_by_side,
    widest,
)

__all__ = [
    "Check",
    "CostModel",
    "Curve",
    "Explained",
    "NeedCost",
    "Pathway",
    "PriceSetters",
    "WithinBetween",
    "adjusted_beside_unadjusted",
    "break_even_agreement",
    "cost_by_need",
    "cost_model",
    "cost_since_entry",
    "curve_headline",
    "disattenuated",
    "disattenuated_jointly",
    "disattenuation_curve",
    "follows",
    "headline",
    "how_sure",
    "in_pounds",
    "kendall_tau",
    "linear_model",
    "monotone_cost",
    "need_curve",
    "partial_rank_correlation",
    "pathway_cost",
    "polychoric",
    "polyserial",
    "price_setters",
    "quantile_slopes",
    "rank_correlation",
    "rank_correlation_by",
    "rater_share",
    "reliability",
    "restriction_curve",
    "same_need_ratio",
    "same_need_spread",
    "share_explained",
    "side_by_side",
    "unrestricted",
    "weighted_kappa",
    "widest",
    "within_between",
]
