"""Which councils get most outcome per pound, and can they be told apart: spread first, then value."""

from vcanalysis.analysis.productivity.area import area_prices, in_area_prices
from vcanalysis.analysis.productivity.decomposition import Decomposition, decompose_spend
from vcanalysis.analysis.productivity.dispersion import overdispersion
from vcanalysis.analysis.productivity.envelopment import envelopment
from vcanalysis.analysis.productivity.funnel import Funnel, funnel, spreads
from vcanalysis.analysis.productivity.index import RECREATION, Productivity, outcome_productivity
from vcanalysis.analysis.productivity.levels import Levels, levels_over_years, shrunken
from vcanalysis.analysis.productivity.limits import exact_limits
from vcanalysis.analysis.productivity.page import FEWEST_NEIGHBOURS, CouncilPage, council_page
from vcanalysis.analysis.productivity.persistence import first_again, persistence, persistence_without_chance
from vcanalysis.analysis.productivity.pooling import Pooling, pool
from vcanalysis.analysis.productivity.ranks import BANDS, bands_of, deal_out, rank_intervals, rank_sets
from vcanalysis.analysis.productivity.scores import Layout, Outcome, Scores, read_scores
from vcanalysis.analysis.productivity.sensitivity import Sensitivity, sensitivity
from vcanalysis.analysis.productivity.standing import Standings, standings
from vcanalysis.analysis.productivity.stochastic import Frontier, stochastic_frontier
from vcanalysis.analysis.productivity.wording import (
    productivity_headline,
    productivity_sentence,
    told_apart_words,
)
from vcanalysis.analysis.productivity.yearly import yearly_index

__all__ = [
    "BANDS",
    "FEWEST_NEIGHBOURS",
    "RECREATION",
    "CouncilPage",
    "Decomposition",
    "Frontier",
    "Funnel",
    "Layout",
    "Levels",
    "Outcome",
    "Pooling",
    "Productivity",
    "Scores",
    "Sensitivity",
    "Standings",
    "area_prices",
    "bands_of",
    "council_page",
    "deal_out",
    "decompose_spend",
    "envelopment",
    "exact_limits",
    "first_again",
    "funnel",
    "in_area_prices",
    "levels_over_years",
    "outcome_productivity",
    "overdispersion",
    "persistence",
    "persistence_without_chance",
    "pool",
    "productivity_headline",
    "productivity_sentence",
    "rank_intervals",
    "rank_sets",
    "read_scores",
    "sensitivity",
    "shrunken",
    "spreads",
    "standings",
    "stochastic_frontier",
    "told_apart_words",
    "yearly_index",
]
