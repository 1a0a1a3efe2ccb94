"""Which children could live in a family, and how sure are we? It supports professionals and decides nothing."""

from vcanalysis.analysis.stepdown.calibration import calibration
from vcanalysis.analysis.stepdown.contract import Contract, contract_survival, whatever_the_times
from vcanalysis.analysis.stepdown.criteria import Columns, Criterion, Rules, criteria
from vcanalysis.analysis.stepdown.design import Recipe
from vcanalysis.analysis.stepdown.fairness import Fairness, fairness
from vcanalysis.analysis.stepdown.family import FamilyProbability, family_probability
from vcanalysis.analysis.stepdown.flags import flags
from vcanalysis.analysis.stepdown.masking import Masking, masking, unmasked
from vcanalysis.analysis.stepdown.nearest import nearest_children
from vcanalysis.analysis.stepdown.panel import panel_list, wishes_and_goals
from vcanalysis.analysis.stepdown.pipeline import Pipeline, pipeline
from vcanalysis.analysis.stepdown.screen import Screen, screen
from vcanalysis.analysis.stepdown.shares import expect_of_next, posterior_share

__all__ = [
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
    "contract_survival",
    "criteria",
    "expect_of_next",
    "fairness",
    "family_probability",
    "flags",
    "masking",
    "nearest_children",
    "panel_list",
    "pipeline",
    "posterior_share",
    "screen",
    "unmasked",
    "whatever_the_times",
    "wishes_and_goals",
]
