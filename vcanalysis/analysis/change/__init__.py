"""Are needs falling? Change of need between assessments, and how much of it would have been there anyway."""

from vcanalysis.analysis.change.bands import band_transitions, share_changing_band
from vcanalysis.analysis.change.chance import Due, chance_all_fall, count_falling, expected_by_selection
from vcanalysis.analysis.change.comparison import compare_groups, when_started
from vcanalysis.analysis.change.domains import DomainChanges, domain_changes
from vcanalysis.analysis.change.expected import expected_change, expected_fall
from vcanalysis.analysis.change.growth import GrowthFit, fit_growth, growth
from vcanalysis.analysis.change.imputation import combine_imputations, imputed_change, tipping_point
from vcanalysis.analysis.change.indices import NeedChange, need_change
from vcanalysis.analysis.change.initial import blomqvist, oldham
from vcanalysis.analysis.change.missing import weighted_change, who_is_missing
from vcanalysis.analysis.change.ordinal import ordinal_change
from vcanalysis.analysis.change.pairs import Pairs, pair_around, pair_assessments
from vcanalysis.analysis.change.picture import ChangeByFirst, change_by_first
from vcanalysis.analysis.change.raters import change_by_rater
from vcanalysis.analysis.change.regression import (
    change_beyond_regression,
    mee_chua,
    stability,
)
from vcanalysis.analysis.change.sdq import sdq_added_value, sdq_pairs
from vcanalysis.analysis.change.wording import (
    all_fall_sentence,
    bands_headline,
    beside_others,
    domains_headline,
    how_sure,
    indices_headline,
    moved,
    side_by_side,
    verdict,
    was_due,
)
from vcanalysis.analysis.change.yardstick import Yardstick, rating_error

__all__ = [
    "ChangeByFirst",
    "DomainChanges",
    "Due",
    "GrowthFit",
    "NeedChange",
    "Pairs",
    "Yardstick",
    "all_fall_sentence",
    "band_transitions",
    "bands_headline",
    "beside_others",
    "blomqvist",
    "chance_all_fall",
    "change_beyond_regression",
    "change_by_first",
    "change_by_rater",
    "combine_imputations",
    "compare_groups",
    "count_falling",
    "domain_changes",
    "domains_headline",
    "expected_by_selection",
    "expected_change",
    "expected_fall",
    "fit_growth",
    "growth",
    "how_sure",
    "imputed_change",
    "indices_headline",
    "mee_chua",
    "moved",
    "need_change",
    "oldham",
    "ordinal_change",
    "pair_around",
    "pair_assessments",
    "rating_error",
    "sdq_added_value",
    "sdq_pairs",
    "share_changing_band",
    "side_by_side",
    "stability",
    "tipping_point",
    "verdict",
    "was_due",
    "weighted_change",
    "when_started",
    "who_is_missing",
]
