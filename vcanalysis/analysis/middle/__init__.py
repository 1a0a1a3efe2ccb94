"""Who is in the middle: a transparent rule, latent classes beside it, and how far they agree."""

from vcanalysis.analysis.middle.agreement import agreement
from vcanalysis.analysis.middle.classes import Classes, find_classes
from vcanalysis.analysis.middle.rule import MiddleGroup, MiddleRule, cut_off_sensitivity, find_middle

__all__ = [
    "Classes",
    "MiddleGroup",
    "MiddleRule",
    "agreement",
    "cut_off_sensitivity",
    "find_classes",
    "find_middle",
]
