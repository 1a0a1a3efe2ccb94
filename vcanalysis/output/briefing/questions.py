"""The questions that a hostile reader asks, and the artefact of the run that answers each.

An answer is a sentence of the run. Where the run holds none, the question is printed as not answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vcanalysis.core.estimate import Estimate
from vcanalysis.output.records import Results

NOT_ANSWERED = "NOT ANSWERED"

# topic -> (question, ids of the records that answer it, first of them taken that can be shown)
_ASKED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Baseline", "What would have happened anyway?", ("ledger.ladder", "ledger.natural_stay")),
    ("Baseline", "Is the baseline an approved budget or a realistic forecast?", ()),
    ("Baseline", "Were the dearest cases picked?", ("middle.dearest_fall.fall_expected_with_nothing_done",)),
    ("Baseline", "Are trend, inflation and demand taken out?", ("ledger.bridge",)),
    ("Baseline", "Compared with whom, and are they alike?", ("ledger.ladder.against_comparable_children",)),
    ("Baseline", "Who was offered a move, who refused, who is missing?", ("stepdown.reached", "stepdown.outcomes")),
    ("Money", "Gross or net?", ("ledger.statement.net_unspent", "savings.net_saving_over_the_horizon")),
    ("Money", "Cashable, avoided, or a cut in scope?",
     ("ledger.classes.cashable", "savings.cashable_net_saving_over_the_horizon")),
    ("Money", "Has the budget line fallen?", ()),
    ("Money", "Part year or full year, and discounted how?",
     ("ledger.full_year_effect", "savings.net_present_value_over_the_horizon")),
    ("Money", "Once or every year, and for how long?",
     ("ledger.by_year", "savings.full_year_effect_of_moves_in_place_at_the_end_of_the_year")),
    ("Money", "Is it counted once?", ("ledger.slippage",)),
    ("Money", "Were costs moved to health, education or another council?", ("ledger.classes.of_health",)),
    ("Money", "Were the beds given up?",
     ("ledger.statement.less_beds_kept_empty", "savings.taken_back_by_beds")),
    ("Money", "Is joint funding included?", ("ledger.classes.of_education",)),
    ("Evidence", "How many children, and would one change the answer?",
     ("ledger.robustness.robustness_value_to_nought",)),
    ("Evidence", "Is there an interval, and does it hold what it should?", ("need_spend.rank_correlation",)),
    ("Evidence", "Are moves still under way counted as successes?",
     ("stepdown.sustained.in_a_family_52_weeks", "stability.without_late_entry")),
    ("Evidence", "What is the design, and how far can it be trusted?", ("need_spend.share_explained",)),
    ("Evidence", "Was the analysis fixed before the data were seen?", ("@plan",)),
    ("Evidence", "How many looks and how many indicators?", ("@looks",)),
    ("Evidence", "What is missing or does not match?",
     ("data.known.weeks_of_the_quarter_with_a_price", "data.matched")),
    ("Evidence", "Who scored need, and how well do two agree?", ("need_spend.reliability",)),
    ("Evidence", "Is the link weak because need is badly measured?", ("need_spend.without_rating_error",)),
    ("Children", "Were children harmed: moves, breakdowns?", ("stability.three_or_more", "stability.breakdowns")),
    ("Children", "Do children and social workers decide, not a model?", ("@decide",)),
    ("Children", "Who gains and who loses?", ("stepdown.missed_gap", "stepdown.fair_calibration")),
    ("Scale", "Why should it hold elsewhere?", ("claims.routes.pooled_spread_uncertain", "claims.routes")),
    ("Integrity", "Who did it, who gains, who checked?", ("@roles",)),
    ("Integrity", "Can it be run again?", ("@rerun",)),
    ("Integrity", "What would change your mind?", ("savings.switching",)),
    ("Integrity", "What of targets missed and savings reversed?", ("ledger.slippage",)),
    ("Integrity", "Could a child be recognised?", ("@gate",)),
    ("Integrity", "Is every claim backed by its number?", ("@claims",)),
    ("Integrity", "When does this expire?", ("@sunset",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, and the record it comes from."""

    topic: str
    question: str
    answer: str
    id: str = ""

    @property
    def answered(self) -> bool:
        """Whether the run holds an answer."""
        return self.answer != NOT_ANSWERED


def answers(results: Results, stated: Mapping[str, str] | None = None) -> list[Answer]:
    """Answer the questions from the records of a run and from what its manifest states.

    Parameters
    ----------
    results : Results
        Gated records.
    stated : mapping, optional
        Answers that no record gives, such as ``plan`` or ``sunset``, by name.

    Examples
    --------
    >>> len(answers(Results())), sum(a.answered for a in answers(Results()))
    (35, 0)
    """
    return [_answer(topic, question, ids, results, stated or {}) for topic, question, ids in _ASKED]


def answered(results: Results) -> Estimate:
    """Count the questions that the records of a run answer, apart from what its manifest states.

    Examples
    --------
    >>> print(answered(Results()).sentence())
    Questions of a hostile reader answered by results: 0 questions (35 asked).
    """
    found = answers(results)
    number = sum(a.answered for a in found)
    words = "Questions of a hostile reader answered by results"
    return Estimate(words, number, n=len(found), unit="questions", of="asked", method="count")


def _answer(
    topic: str, question: str, ids: tuple[str, ...], results: Results, stated: Mapping[str, Any]
) -> Answer:
    for name in ids:
        if name.startswith("@"):
            if stated.get(name[1:]):
                return Answer(topic, question, str(stated[name[1:]]))
        else:
            found = next((r for r in results if r.id.startswith(name) and r.value is not None), None)
            if found is not None:
                return Answer(topic, question, found.sentence, found.id)
    return Answer(topic, question, NOT_ANSWERED)
