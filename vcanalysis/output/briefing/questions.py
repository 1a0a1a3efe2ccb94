"""The questions that a hostile reader asks, and the artefact of the run that answers each.

A question is answered only where the run can show every result that it asks for, and where none of them is a
scenario if it asks for a fact. Else it is printed as not answered, with what it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import count_words
from vcanalysis.output.briefing.findings import confidence
from vcanalysis.output.briefing.words import row_name
from vcanalysis.output.records import Record, Results

NOT_ANSWERED = "NOT ANSWERED"
_ASSUMED = "0"  # design grade of a scenario
_NAMED = 3  # what is lacking is named, so many at the most


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what answers it.

    Parameters
    ----------
    topic, text : str
        What it is about, and the question.
    needs : tuple of str
        Ids of records, all of them needed; ``topic.*`` stands for every record of a topic, ``@name`` for what the
        manifest states. Empty where no run can answer it.
    because : str
        Why these answer it: what they are.
    of_fact : bool
        Whether it asks what happened, so that an assumption is no answer.
    always : str
        What is said first, since it holds by the way the figures are made: also where none could be estimated yet.
    apart : str
        The part of the question that no table of a council answers, named in every answer to the rest.
    """

    topic: str
    text: str
    needs: tuple[str, ...]
    because: str
    of_fact: bool = True
    always: str = ""
    apart: str = ""


_STATEMENT, _LADDER, _FALL = "ledger.statement", "ledger.ladder", "middle.dearest_fall"
_SWITCH = "savings.switching.switching_value_of"
ASKED = (
    Question("Baseline", "What would have happened anyway?",
             ("ledger.natural_stay", f"{_LADDER}.less_regression_to_the_mean", f"{_LADDER}.less_natural_exits",
              f"{_LADDER}.against_comparable_children"),
             "how long such stays last without a programme, and what is left of the difference beyond regression to "
             "the mean, natural exits and children alike"),
    Question("Baseline", "Is the baseline an approved budget or a realistic forecast?", ("@baseline",),
             "[[budget]] in evaluation.toml: an approved budget or forecast beside the spending"),
    Question("Baseline", "Were the dearest cases picked?",
             (f"{_FALL}.fall_in_mean_weekly_cost_of_the_dearest", f"{_FALL}.fall_expected_with_nothing_done"),
             "the fall among the dearest beside the fall that regression to the mean alone gives"),
    Question("Baseline", "Are trend, inflation and demand taken out?", ("ledger.bridge.*",),
             "what moved spending, in parts: volume, need, placement and price"),
    Question("Baseline", "Compared with whom, and are they alike?",
             (f"{_LADDER}.against_comparable_children", "ledger.balance.*"),
             "the comparison, and how far both groups differ in what was known beforehand"),
    Question("Baseline", "Who was offered a move, who refused, who is missing?",
             ("stepdown.outcomes.*", "stepdown.reached.*"),
             "every decision on a profile, and every step that followed"),
    Question("Money", "Gross or net?",
             (f"{_STATEMENT}.gross_unspent", f"{_STATEMENT}.less_support", f"{_STATEMENT}.less_the_programme",
              f"{_STATEMENT}.net_unspent"), "the ledger from gross to net, with each cost taken off"),
    Question("Money", "Cashable, avoided, or a cut in scope?",
             ("ledger.classes.cashable", "ledger.classes.avoided_not_cashable"), "the ledger by class of saving"),
    Question("Money", "Has the budget line fallen?", ("@outturn",),
             "[[budget]] in evaluation.toml: the outturn of the budget line in two years or more"),
    Question("Money", "Part year or full year, and discounted how?", ("ledger.by_year.*", "ledger.full_year_effect"),
             "the effect within each year beside that of a full year"),
    Question("Money", "Once or every year, and for how long?",
             ("ledger.by_year.*", "stepdown.sustained.in_a_family_52_weeks_after_the_move"),
             "the effect year by year, and how long moves last"),
    Question("Money", "Is it counted once?", ("ledger.counted_once",),
             "a check that no week of a child is claimed twice, by this programme or by another"),
    Question("Money", "Were costs moved to health, education or another council?",
             ("ledger.classes.of_health", "ledger.classes.of_education"), "the ledger by who pays",
             apart="Other councils: it would take their extracts"),
    Question("Money", "Were the beds given up?", (f"{_STATEMENT}.less_beds_kept_empty",),
             "what beds cost that were kept empty after a move"),
    Question("Money", "Is joint funding included?", ("ledger.classes.of_education", "ledger.classes.of_health"),
             "the parts of education and of health"),
    Question("Evidence", "How many children, and would one change the answer?", ("ledger.leave_one_out",),
             "the net saving with each child left out in turn"),
    Question("Evidence", "Is there an interval, and does it hold what it should?", ("@coverage",),
             "how often our intervals hold a truth that is known"),
    Question("Evidence", "Are moves still under way counted as successes?",
             ("stepdown.sustained.in_a_family_52_weeks_after_the_move",),
             "the share still in a family after a year, of moves watched for a year",
             always="No. A move counts only when all of the time named has passed since, whatever became of it."),
    Question("Evidence", "What is the design, and how far can it be trusted?",
             (f"{_LADDER}.against_comparable_children",),
             "the design grade of the comparison, and the confidence it bears"),
    Question("Evidence", "Was the analysis fixed before the data were seen?", ("@plan",), "the plan and its hash"),
    Question("Evidence", "How many looks and how many indicators?", ("@looks",), "the allowance that the plan makes"),
    Question("Evidence", "What is missing or does not match?",
             ("data.known.weeks_of_the_quarter_with_a_price", "data.matched", "needs.complex_bounds"),
             "weeks without a price, rows that match nobody, and bounds for children without an assessment"),
    Question("Evidence", "Who scored need, and how well do two agree?",
             ("data.raters.mean_number_of_raters_per_child", "need_spend.reliability",
              "need_change.rater.change_with_another_rater_less_change_with_the_same"),
             "how many rate a child, how well two agree, and what a change of rater does"),
    Question("Evidence", "Is the link weak because need is badly measured or varies little?",
             ("need_spend.without_rating_error", "need_spend.wider_range.1_50"),
             "the link without rating error, and had need varied more"),
    Question("Children", "Were children harmed: moves, breakdowns, missing, distance, school?",
             ("stability.three_or_more", "stability.breakdown_by_need", "contracts.guardrail.missing",
              "outcomes.distance"), "moves, breakdowns, missing episodes and distance from home",
             apart="Schooling: no table of a council folder holds it"),
    Question("Children", "Do children and social workers decide, not a model?", ("@decide",),
             "how lists are made and who sees them"),
    Question("Children", "Who gains and who loses?", ("stepdown.missed_gap.*",),
             "whom the rule would miss, in every group of children"),
    Question("Scale", "Why should it hold elsewhere?",
             ("claims.routes.per_child", "claims.routes.per_council", "claims.routes.share_of_spend",
              "claims.routes.pooled_spread_uncertain"), "the nation by several routes", of_fact=False),
    Question("Integrity", "Who did it, who gains, who checked?", ("@roles",), "roles and interests in the plan"),
    Question("Integrity", "Can it be run again?", ("@rerun",), "the manifest"),
    Question("Integrity", "What would change your mind?",
             (f"{_SWITCH}_moves_that_last_a_year", f"{_SWITCH}_children_who_would_leave_anyway",
              f"{_SWITCH}_price_of_a_home"), "values at which the verdict turns", of_fact=False),
    Question("Integrity", "What of targets missed and savings reversed?",
             ("ledger.slippage.*", f"{_STATEMENT}.less_homes_again_after_a_breakdown"),
             "what falls short of the target, and what returns to homes cost"),
    Question("Integrity", "Could a child be recognised?", ("@gate",), "the disclosure gate"),
    Question("Integrity", "Is every claim backed by its number?", ("@claims",), "the register of claims"),
    Question("Integrity", "When does this expire?", ("@sunset",), "the last day it may be quoted"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, and the records it comes from."""

    topic: str
    question: str
    answer: str
    ids: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the run holds an answer."""
        return not self.answer.startswith(NOT_ANSWERED)

    @property
    def in_part(self) -> bool:
        """Whether it holds an answer but for a part that no table of a council answers."""
        return self.answered and NOT_ANSWERED in self.answer


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
    >>> answers(Results())[8].answer
    'NOT ANSWERED. It would take [[budget]] in evaluation.toml: the outturn of the budget line in two years or more.'
    """
    return [_answer(question, results, stated or {}) for question in ASKED]


def answered(results: Results) -> Estimate:
    """Count the questions that the records of a run answer, apart from what its manifest states.

    Examples
    --------
    >>> print(answered(Results()).sentence())
    Questions of a hostile reader that results answer, withheld ones too: 0 questions (35 asked).
    """
    found = answers(results)
    number = sum(a.answered for a in found)
    words = "Questions of a hostile reader that results answer, withheld ones too"
    return Estimate(words, number, n=len(found), unit="questions", of="asked", method="count")


def _answer(question: Question, results: Results, stated: Mapping[str, str]) -> Answer:
    names = [name[1:] for name in question.needs if name.startswith("@")]
    if names:
        said = " ".join(stated.get(name, "") for name in names).strip()
        return Answer(question.topic, question.text, said or _unanswered(question, (), ()))
    found = [r for name in question.needs for r in _records(name, results)]
    lacking = [name for name in question.needs if not _records(name, results)]
    shown = [r for r in found if _answers(question, r)]
    ids = tuple(r.id for r in shown)
    if not question.needs or lacking or len(shown) < len(found):
        hidden = [r for r in found if r not in shown]
        named = tuple(r.id for r in hidden)  # "in a home 52 weeks after": the name alone holds a number
        return Answer(question.topic, question.text, _unanswered(question, hidden, shown), ids + named)
    return Answer(question.topic, question.text, _told(question, shown), ids)


def _answers(question: Question, record: Record) -> bool:
    if question.always and record.status == "published" and record.value is None:
        return True  # what could not be estimated yet was not counted either
    return record.value is not None and not (question.of_fact and record.design == _ASSUMED)


def _records(name: str, results: Results) -> list[Record]:
    if name.endswith(".*"):
        return [r for r in results.of(name[:-2]) if r.id != name[:-2]]
    found = results.get(name)
    return [] if found is None else [found]


def _told(question: Question, shown: Sequence[Record]) -> str:
    lacks = f"{question.apart}: {NOT_ANSWERED}." if question.apart else ""
    said = " ".join(filter(None, (question.always, *(r.sentence for r in shown), lacks)))
    if question.text.startswith("What is the design"):
        sure = confidence(shown[0])
        return (
            f"Confidence: {sure}. {said}" if sure else f"{NOT_ANSWERED}. The comparison has no design grade."
        )
    return said


def _unanswered(question: Question, hidden: Sequence[Record], shown: Sequence[Record]) -> str:
    beside = f" {question.apart}." if question.apart else ""
    said = [f"{NOT_ANSWERED}. It would take {question.because}.{beside}"]
    for status, words in (
        ("suppressed", "Withheld to protect children"),
        ("published", "Not estimable or assumed"),
    ):
        names = list(dict.fromkeys(row_name(r) for r in hidden if r.status == status))
        if names:
            more = f" and {count_words(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
            said.append(f"{words}: {'; '.join(names[:_NAMED])}{more}.")
    if shown:
        said.append("What is shown: " + " ".join(r.sentence for r in shown))
    return " ".join(said)
