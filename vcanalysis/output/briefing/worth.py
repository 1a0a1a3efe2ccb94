"""Value for money: economy, efficiency, effectiveness and cost-effectiveness, each decided by one result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vcanalysis.core.facts import fact_of_year
from vcanalysis.core.numbers import count_words
from vcanalysis.output.briefing.blocks import Block, Cell, Said, Section, Table
from vcanalysis.output.briefing.findings import confidence, direction, likelihood
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.records import Record, Results

TITLE = "Conclusion on value for money"
SHOWN, OTHERWISE, OPEN, HIDDEN, NONE = "shown", "the other way", "open", "withheld", "not measured"
_LIKELY = "savings.likelihood_that_the_net_present_value_is_positive"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect of value for money.

    Parameters
    ----------
    name, asks : str
        What it is called, and what it asks.
    ids : tuple of str
        Records that may decide it; the first that the run can show does.
    good : str
        "up" or "down": on which side of the neutral value money is well spent.
    neutral : float or str
        Where nothing differs; the name of a yearly national fact stands for its value in the price year.
    """

    name: str
    asks: str
    ids: tuple[str, ...]
    good: str
    neutral: float | str = 0.0


ASPECTS = (
    Aspect(
        "Economy",
        "Is the same care bought at no more than elsewhere? Residential homes, beside England",
        ("cost.residential_mean",),
        "down",
        "england_residential_week",
    ),
    Aspect("Efficiency", "Does money follow need?", ("need_spend.rank_correlation",), "up"),
    Aspect(
        "Effectiveness",
        "Do children’s needs fall by more than was to be expected?",
        ("need_change.all.change_beyond_what_is_expected", "need_change.all.mean_change"),
        "down",
    ),
    Aspect(
        "Cost-effectiveness",
        "Is more gained than it costs, all costs counted?",
        (
            "ledger.statement.net_unspent",
            "savings.net_present_value_after_optimism_bias",
            "savings.net_present_value_over_the_horizon",
        ),
        "up",
    ),
)


def section(results: Results, about: Mapping[str, Any]) -> Section:
    """Conclude on value for money: how many aspects are shown, how likely, how far to be trusted, on which results.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: the price year chooses the national figure.
    """
    judged = [_judge(aspect, results, about) for aspect in ASPECTS]
    blocks: list[Block] = [_concluded([words for words, _ in judged])]
    likely = results.get(_LIKELY)
    if likely is not None and likely.value is not None:
        sure = f" Confidence: {confidence(likely)}." if confidence(likely) else ""
        lead = f"On the assumptions of the scenario, that a programme would pay for itself is {likelihood(likely)}."
        blocks.append(Said(f"{likely.sentence}{sure}", lead, (likely.id,)))
    rows = tuple(_row(a, words, record) for a, (words, record) in zip(ASPECTS, judged, strict=True))
    columns = ("Aspect", "What it asks", "What was found", "Verdict", "Confidence")
    notes = (
        "An aspect is shown only where the whole interval of its result lies on the side that means money well spent; "
        "it is open where the interval holds the neutral value. What went together is not said to be caused.",
    )
    table = Table("value_for_money", "Value for money by aspect", columns, rows, source_of(about), notes,
                  words=(1, 2, 3, 4))  # fmt: skip
    return Section(TITLE, (*blocks, table), numbered=True)


def verdicts(results: Results, price_year: str) -> dict[str, str]:
    """Say of each aspect of value for money whether it is shown, with the result that decides it.

    Parameters
    ----------
    results : Results
        Gated records.
    price_year : str
        Financial year that chooses the national figure, such as "2019-20".

    Examples
    --------
    >>> verdicts(Results(), "2019-20")["Efficiency"]
    'not measured'
    """
    judged = {a.name: _judge(a, results, {"council": {"price_year": price_year}}) for a in ASPECTS}
    return {
        name: f"{words}. {record.sentence}" if record else words for name, (words, record) in judged.items()
    }


def _concluded(verdicts: list[str]) -> Said:
    count = Counter(verdicts)
    if count[SHOWN] == len(verdicts):
        lead = "On every aspect, value for money is shown."
    elif count[SHOWN]:
        lead = "Value for money is shown in part."
    else:
        lead = "Whether it is value for money cannot be told from this run."
    parts = [f"{count_words(count[v])} {v}" for v in (SHOWN, OTHERWISE, OPEN, HIDDEN, NONE) if count[v]]
    return Said(
        f"Of {count_words(len(verdicts))} aspects: {', '.join(parts)}. Not shown is not the same as poor.",
        lead,
    )


def _judge(aspect: Aspect, results: Results, about: Mapping[str, Any]) -> tuple[str, Record | None]:
    found = [results[name] for name in aspect.ids if name in results]
    told = next((r for r in found if r.value is not None and r.low is not None), None)
    neutral = _neutral(aspect, about)
    if told is None or neutral is None:
        hidden = next((r for r in found if r.status == "suppressed"), None)
        return (HIDDEN, hidden) if hidden is not None else (NONE, None)
    side = direction(told, neutral)
    return (OPEN if side == "flat" else SHOWN if side == aspect.good else OTHERWISE), told


def _neutral(aspect: Aspect, about: Mapping[str, Any]) -> float | None:
    if not isinstance(aspect.neutral, str):
        return aspect.neutral
    year = about["council"].get("price_year", "")
    return fact_of_year(aspect.neutral, year).value if year else None


def _row(aspect: Aspect, words: str, record: Record | None) -> tuple[Cell, ...]:
    name = record.id if record else ""
    return (
        Cell(aspect.name),
        Cell(aspect.asks),
        Cell(record.sentence if record else "–", name),
        Cell(words, name),
        Cell((confidence(record) if record else "") or "no causal design", name),
    )
