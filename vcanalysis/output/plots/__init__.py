"""Pictures: Axes in, Axes out; headline, subtitle, source and alt text put on by `finish`, shown by `show`."""

from vcanalysis.output.plots.change import plot_band_transitions, plot_change_by_first
from vcanalysis.output.plots.claims import plot_claim_routes
from vcanalysis.output.plots.edge import plot_decision
from vcanalysis.output.plots.frame import Caption, caption_of, finish, in_style, new_axes, render, show
from vcanalysis.output.plots.impact import plot_event_study, plot_placebo_gaps, plot_synthetic_control
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, GREY, INK, money_axis, style
from vcanalysis.output.plots.middle import plot_classes, plot_cut_offs, plot_middle
from vcanalysis.output.plots.need import (
    plot_domain_profile,
    plot_level_distribution,
    plot_need_against_cost,
)
from vcanalysis.output.plots.prevention import plot_running_net, plot_spend_mix
from vcanalysis.output.plots.productivity import plot_funnel, plot_outcome_against_spend, plot_ranks
from vcanalysis.output.plots.ranges import plot_estimates, plot_rank_correlations, plot_share_explained
from vcanalysis.output.plots.savings import (
    plot_savings_by_year,
    plot_savings_fan,
    plot_savings_likelihood,
    plot_sobol,
)
from vcanalysis.output.plots.spending import plot_cost_by_type, plot_lorenz
from vcanalysis.output.plots.stability import plot_incidence, plot_survival
from vcanalysis.output.plots.stepdown import plot_calibration, plot_contract, plot_overlap, plot_screen
from vcanalysis.output.plots.stock import plot_flows, plot_stock
from vcanalysis.output.plots.sufficiency import plot_forecast
from vcanalysis.output.plots.value import plot_acceptability

__all__ = [
    "ACCENT",
    "CATEGORIES",
    "GREY",
    "INK",
    "Caption",
    "caption_of",
    "finish",
    "in_style",
    "money_axis",
    "new_axes",
    "plot_acceptability",
    "plot_band_transitions",
    "plot_calibration",
    "plot_change_by_first",
    "plot_claim_routes",
    "plot_classes",
    "plot_contract",
    "plot_cost_by_type",
    "plot_cut_offs",
    "plot_decision",
    "plot_domain_profile",
    "plot_estimates",
    "plot_event_study",
    "plot_flows",
    "plot_forecast",
    "plot_funnel",
    "plot_incidence",
    "plot_level_distribution",
    "plot_lorenz",
    "plot_middle",
    "plot_need_against_cost",
    "plot_outcome_against_spend",
    "plot_overlap",
    "plot_placebo_gaps",
    "plot_rank_correlations",
    "plot_ranks",
    "plot_running_net",
    "plot_savings_by_year",
    "plot_savings_fan",
    "plot_savings_likelihood",
    "plot_screen",
    "plot_share_explained",
    "plot_sobol",
    "plot_spend_mix",
    "plot_stock",
    "plot_survival",
    "plot_synthetic_control",
    "render",
    "show",
    "style",
]
