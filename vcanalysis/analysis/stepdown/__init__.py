"""Which children could live in a family, and how sure are we? It supports professionals and decides nothing."""

from vcanalysis.analysis.stepdown.calibration import calibration
from vcanalysis.analysis.stepdown.contract import Contract, contract_survival, whatever_the_times
from vcanalysis.analysis.stepdown.criteria import Columns, Criterion, Rules, criteria
from vcanalysis.analysis.stepdown.design import Recipe
from vcanalysis.analysis.stepdown.fairness import CALIBRATION, GAP, Fairness, fairness
from vcanalysis.analysis.stepdown.family import FamilyProbability, family_probability
from vcanalysis.analysis.stepdown.flags import flags
from vcanalysis.analysis.stepdown.masking import Masking, masking, unmasked
from vcanalysis.analysis.stepdown.nearest import nearest_children
from vcanalysis.analysis.stepdown.panel import panel_list, wishes_and_goals
from vcanalysis.analysis.stepdown.pipeline import Pipeline, pipeline
from vcanalysis.analysis.stepdown.robust import list_by_threshold, list_if_unmasked, robust_sentence
from vcanalysis.analysis.stepdown.screen import Screen, screen
from vcanalysis.analysis.stepdown.shares import expect_of_next, posterior_share, share_of
from vcanalysis.analysis.stepdown.wording import (
    calibration_headline,
    contract_headline,
    fairness_headline,
    overlap_headline,
    pipeline_headline,
    screen_headline,
)

__all__ = [
    "CALIBRATION",
    "GAP",
    "Columns",
    "Contract",
    "Criterion",
    "Fairness",
    "FamilyProbability",
    "Masking",
    "Pipeline",
    "Recipe",
    "Rules",
    "Screen",
    "calibration",
    "calibration_headline",
    "contract_headline",
    "contract_survival",
    "criteria",
    "expect_of_next",
    "fairness",
    "fairness_headline",
    "family_probability",
    "flags",
    "list_by_threshold",
    "list_if_unmasked",
    "masking",
    "nearest_children",
    "overlap_headline",
    "panel_list",
    "pipeline",
    "pipeline_headline",
    "posterior_share",
    "robust_sentence",
    "screen",
    "screen_headline",
    "share_of",
    "unmasked",
    "whatever_the_times",
    "wishes_and_goals",
]
