"""The Valuing Care evaluation workbench: need, cost and outcome of children in care.

The evaluator's small vocabulary, learnt in ten minutes (`import vcanalysis as vc`):

- `open_council`, `in_prices_of`, `Quarter`, `write_day`: the data, the year of its prices and the calendar;
- `open_panel`, `real_terms`: all councils by year, as published, or a synthetic panel that says so;
- `flow`: how children and money flow through the data, and who is lost where;
- `demand`, `signal`, `profile`, `spending`, `association`, `middle`, `change`, `value`, `savings`, `stability`,
  `stepdown`, `edge`, `sufficiency`, `matching`, `ledger`, `commissioning`, `contracts`, `claims`, `productivity`,
  `impact`, `send`, `prevention`: the questions;
- `draw_nation`, `draw_panel`: a nation of councils, and a panel of them, with planted truth;
- `plots`: the pictures, Axes in and Axes out; `briefing`: the documents, and the words that intervals bear;
- `explore`: pictures that answer when a slider moves, and the map of questions;
- `fact`, `assumption`, `claim`, `preset`: what is known from elsewhere, and who says so;
- `record`, `in_short`, `say`, `answer`: what a notebook hands to the report; `private_list`: what it never does.
"""

from __future__ import annotations

import difflib
from functools import partial
from importlib import import_module
from typing import Any

from vcanalysis.core.errors import UnknownWord

__version__ = "0.1.0"

# name -> (module, attribute); loaded on first use, so that the command line starts at once
_VOCABULARY: dict[str, tuple[str, str]] = {
    "open_council": ("vcanalysis.intake.opening", "open_council"),
    "open_panel": ("vcanalysis.intake.panel", "open_panel"),
    "in_prices_of": ("vcanalysis.intake.deflating", "in_prices_of"),
    "check_council": ("vcanalysis.intake.checking", "check_council"),
    "Quarter": ("vcanalysis.core.period", "Quarter"),
    "YEAR": ("vcanalysis.core.period", "YEAR"),
    "write_day": ("vcanalysis.core.period", "write_day"),
    "Estimate": ("vcanalysis.core.estimate", "Estimate"),
    "Estimates": ("vcanalysis.core.estimate", "Estimates"),
    "say": ("vcanalysis.core.sentence", "say"),
    "family_or_home": ("vcanalysis.core.codes", "family_or_home"),
    "fact": ("vcanalysis.core.facts", "fact"),
    "fact_of_year": ("vcanalysis.core.facts", "fact_of_year"),
    "assumption": ("vcanalysis.core.facts", "assumption"),
    "claim": ("vcanalysis.core.facts", "claim"),
    "preset": ("vcanalysis.core.presets", "preset"),
    "flow": ("vcanalysis.intake.flow", ""),
    "profile": ("vcanalysis.analysis.profile", ""),
    "spending": ("vcanalysis.analysis.spending", ""),
    "association": ("vcanalysis.analysis.association", ""),
    "demand": ("vcanalysis.analysis.demand", ""),
    "signal": ("vcanalysis.analysis.signal", ""),
    "middle": ("vcanalysis.analysis.middle", ""),
    "change": ("vcanalysis.analysis.change", ""),
    "savings": ("vcanalysis.analysis.savings", ""),
    "stability": ("vcanalysis.analysis.stability", ""),
    "stepdown": ("vcanalysis.analysis.stepdown", ""),
    "edge": ("vcanalysis.analysis.edge", ""),
    "sufficiency": ("vcanalysis.analysis.sufficiency", ""),
    "value": ("vcanalysis.analysis.value", ""),
    "matching": ("vcanalysis.analysis.matching", ""),
    "ledger": ("vcanalysis.analysis.ledger", ""),
    "commissioning": ("vcanalysis.analysis.commissioning", ""),
    "contracts": ("vcanalysis.analysis.contracts", ""),
    "claims": ("vcanalysis.analysis.claims", ""),
    "productivity": ("vcanalysis.analysis.productivity", ""),
    "send": ("vcanalysis.analysis.send", ""),
    "prevention": ("vcanalysis.analysis.prevention", ""),
    "real_terms": ("vcanalysis.core.real_terms", "real_terms"),
    "impact": ("vcanalysis.analysis.impact", ""),
    "draw_nation": ("vcanalysis.intake.synth.nation", "draw_nation"),
    "draw_panel": ("vcanalysis.intake.synth.panel", "draw_panel"),
    "explore": ("vcanalysis.output.explore", ""),
    "plots": ("vcanalysis.output.plots", ""),
    "briefing": ("vcanalysis.output.briefing", ""),
    "record": ("vcanalysis.output.results", "record"),
    "in_short": ("vcanalysis.output.results", "in_short"),
    "answer": ("vcanalysis.output.results", "answer"),
    "example_results": ("vcanalysis.output.results", "example_results"),
    "private_list": ("vcanalysis.output.lists", "private_list"),
    "read_results": ("vcanalysis.output.results", "read_results"),
}

__all__ = ["__version__", *_VOCABULARY]


def __getattr__(name: str) -> Any:
    if name not in _VOCABULARY:
        near = difflib.get_close_matches(name, _VOCABULARY, n=1)
        hint = f"Did you mean vc.{near[0]}?" if near else f"It has: {', '.join(sorted(_VOCABULARY))}."
        raise UnknownWord(f"vcanalysis has no {name!r}. {hint}")
    module, attribute = _VOCABULARY[name]
    value = import_module(module)
    if not attribute and "__getattr__" not in vars(value):
        value.__dict__["__getattr__"] = partial(_say_near, value)
    found = getattr(value, attribute) if attribute else value
    _show_results()
    globals()[name] = found
    return found


def _say_near(module: Any, name: str) -> Any:
    """Refuse a word that a module lacks, and say the nearest it has."""
    words = [word for word in vars(module) if not word.startswith("_")]
    near = difflib.get_close_matches(name, words, n=1)
    own = module.__name__.rsplit(".", 1)[-1]
    hint = f"Did you mean vc.{own}.{near[0]}?" if near else f"vc.{own}.<Tab> lists what it has."
    raise UnknownWord(f"vc.{own} has no {name!r}. {hint}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _show_results() -> None:
    """Let what is loaded show itself in a notebook, and say what a word written amiss may mean.

    Pictures are loaded when shown.
    """
    from vcanalysis.core import amiss, shown

    shown.draw_with(_picture_of)
    shown.teach_results()
    amiss.teach_names()
    amiss.teach_notebook()


def _picture_of(result: Any) -> str:
    from vcanalysis.output.explore.pictures import picture_of

    return picture_of(result)
