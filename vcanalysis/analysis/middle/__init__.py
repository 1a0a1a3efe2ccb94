"""Who is in the middle: a transparent rule, latent classes beside it, and how far they agree."""

from vcanalysis.analysis.middle.agreement import agreement
from vcanalysis.analysis.middle.classes import Classes, find_classes
from vcanalysis.analysis.middle.cutoffs import cut_off_name
from vcanalysis.analysis.middle.dearest import DearestFall, dearest_fall
from vcanalysis.analysis.middle.definitions import Definitions, compare_definitions
from vcanalysis.analysis.middle.group import MiddleGroup, cut_off_headline, cut_off_sensitivity, find_middle
from vcanalysis.analysis.middle.number import NumberTest, check_number
from vcanalysis.analysis.middle.rise import general_rise
from vcanalysis.analysis.middle.rule import MiddleRule
from vcanalysis.analysis.middle.sizes import group_shares
from vcanalysis.analysis.middle.stability import Stability, stability
from vcanalysis.analysis.middle.threestep import GroupMeans, compare_groups
from vcanalysis.analysis.middle.wording import beyond_expected, how_sure

__all__ = [
    "Classes",
    "DearestFall",
    "Definitions",
    "GroupMeans",
    "MiddleGroup",
    "MiddleRule",
    "NumberTest",
    "Stability",
    "agreement",
    "beyond_expected",
    "check_number",
    "compare_definitions",
    "compare_groups",
    "cut_off_headline",
    "cut_off_name",
    "cut_off_sensitivity",
    "dearest_fall",
    "find_classes",
    "find_middle",
    "general_rise",
    "group_shares",
    "how_sure",
    "stability",
]
