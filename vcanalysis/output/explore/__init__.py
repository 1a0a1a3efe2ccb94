"""Explore: pictures that answer when a slider moves, and the map of questions.

Each explorer shows controls beside a view in JupyterLab, and the view alone where no widget runs. In code `set` does
what a slider does: ``explore.need_against_cost(children).set(cost=(2000, 5000)).view``.
"""

from vcanalysis.output.explore.councils import compare_councils
from vcanalysis.output.explore.definition import definition_of_the_middle
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.listed import list_by_risk
from vcanalysis.output.explore.map import map_of_questions
from vcanalysis.output.explore.need_cost import need_against_cost
from vcanalysis.output.explore.scenario import savings_scenario
from vcanalysis.output.explore.timeline import timeline
from vcanalysis.output.explore.view import View
from vcanalysis.output.explore.words import CHILDREN, PLANS, Words

__all__ = [
    "CHILDREN",
    "PLANS",
    "Explorer",
    "View",
    "Words",
    "compare_councils",
    "definition_of_the_middle",
    "list_by_risk",
    "map_of_questions",
    "need_against_cost",
    "savings_scenario",
    "timeline",
]
