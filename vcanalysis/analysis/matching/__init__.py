"""Matching: children to the council's own homes, what cannot be met, and what more homes would mean."""

from vcanalysis.analysis.matching.alternatives import Alternatives, alternatives
from vcanalysis.analysis.matching.assignment import Assignment, actual, assign, compare, greedy
from vcanalysis.analysis.matching.gaps import ruled_out, why_unmatched
from vcanalysis.analysis.matching.homes import free_places, profile_homes
from vcanalysis.analysis.matching.noise import Stability, headline, judged, rerate, stability
from vcanalysis.analysis.matching.problem import Problem, pose
from vcanalysis.analysis.matching.recruit import (
    Recruits,
    added_place,
    kinds_of_home,
    short_by_domain,
    short_headline,
    supply_gap,
    unmet_capability,
)
from vcanalysis.analysis.matching.rules import Names, Rules
from vcanalysis.analysis.matching.share import agency_gap, in_house_share, more_in_house

__all__ = [
    "Alternatives", "Assignment", "Names", "Problem", "Recruits", "Rules", "Stability", "actual", "added_place",
    "agency_gap", "alternatives", "assign", "compare", "free_places", "greedy", "headline", "in_house_share",
    "judged", "kinds_of_home", "more_in_house", "pose", "profile_homes", "rerate", "ruled_out", "short_by_domain",
    "short_headline", "stability", "supply_gap", "unmet_capability", "why_unmatched",
]  # fmt: skip
