"""Are needs falling? Change of need between assessments, and how much of it would have been there anyway."""

from vcanalysis.analysis.change.indices import NeedChange, need_change
from vcanalysis.analysis.change.initial import blomqvist, oldham
from vcanalysis.analysis.change.pairs import Pairs, pair_around, pair_assessments
from vcanalysis.analysis.change.regression import (
    change_beyond_regression,
    expected_fall,
    mee_chua,
    stability,
)
from vcanalysis.analysis.change.yardstick import Yardstick, rating_error

__all__ = [
    "NeedChange",
    "Pairs",
    "Yardstick",
    "blomqvist",
    "change_beyond_regression",
    "expected_fall",
    "mee_chua",
    "need_change",
    "oldham",
    "pair_around",
    "pair_assessments",
    "rating_error",
    "stability",
]
