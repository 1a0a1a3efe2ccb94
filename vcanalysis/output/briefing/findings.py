"""Findings: words that follow the interval of a record, never the other way round.

A finding names what to say when the interval lies above a neutral value, below it, or holds it. Which of
the three is printed is decided by the numbers of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vcanalysis.output.briefing.blocks import Said
from vcanalysis.output.briefing.words import added_up, base, capital, interval, number, span_words
from vcanalysis.output.records import Record, Results

# the probability yardstick of the Professional Head of Intelligence Assessment (gov.uk, 24 March 2025):
# its bands leave gaps, which are split halfway here
YARDSTICK = (
    (0.075, "a remote chance"),
    (0.225, "highly unlikely"),
    (0.375, "unlikely"),
    (0.525, "a realistic possibility"),
    (0.775, "likely"),
    (0.925, "highly likely"),
    (1.01, "almost certain"),
)
# grades of the Maryland scale of scientific methods, 0 for a scenario
CONFIDENCE = {"0": "low", "1": "low", "2": "low", "3": "moderate", "4": "high", "5": "high"}
_ADDED = "Added up from what was paid, so no interval"
ELSEWHERE = (
    "elsewhere"  # behind a grade: the study was of other children, its effect is carried over to these
)
_LOWER = {"high": "moderate", "moderate": "low", "low": "low"}
_DESIGNS = {
    "0": "a scenario: assumptions, not an observation",
    "1": "before and after, nobody to compare with",
    "2": "compared with others who differ",
    "3": "compared with similar others",
    "4": "a natural experiment",
    "5": "drawn by lot",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What to say of a record.

    Parameters
    ----------
    id : str
        Id of the record.
    up : str
        Said when the interval lies above the neutral value, or of a record that has none; ``{value}``,
        ``{interval}``, ``{label}`` and ``{group}`` stand for the record's own.
    down, flat : str
        Said when the interval lies below it, and when it holds it.
    neutral : float or None
        Where nothing differs: 0, or 1 for a ratio; None where no direction is claimed.
    named : str
        What it is called where there is nothing to show, if its label alone would not say it.
    """

    id: str
    up: str
    down: str = ""
    flat: str = ""
    neutral: float | None = 0.0
    named: str = ""

    def lead(self, record: Record, *, ranged: bool = True) -> str:
        """Choose the words for a record that has a value: its interval goes with it wherever it is quoted."""
        words = {"up": self.up, "down": self.down, "flat": self.flat}[self.verdict(record)]
        range_ = interval(record)
        beside = f" ({range_})" if ranged and range_ and "{interval}" not in words else ""
        value = f"{number(record)}{beside}"
        return words.format(value=value, group=record.group, interval=range_, label=record.label)

    def verdict(self, record: Record) -> str:
        """Give "up", "down" or "flat": "up" where no direction is claimed."""
        if self.neutral is None or not self.down:
            return "up"
        return direction(record, self.neutral)

    def said(self, record: Record, text: str, lead: str = "") -> Said:
        """Give words about a record with the direction that they claim, so that it can be held against it."""
        claims = self.neutral is not None and bool(self.down) and record.value is not None
        verdict = self.verdict(record) if claims else ""
        return Said(text, lead, (record.id,), verdict=verdict, neutral=self.neutral or 0.0)


def direction(record: Record, neutral: float = 0.0) -> str:
    """Say on which side of a neutral value the interval lies.

    Returns
    -------
    str
        "up", "down", or "flat" where the interval holds the neutral value or there is none.

    Examples
    --------
    >>> direction(Record("a.b", "Q?", "Change", 0.5, -0.2, 1.8, unit="change", n=50))
    'flat'
    """
    if record.low is None or record.high is None:
        return "flat"
    return "up" if record.low > neutral else "down" if record.high < neutral else "flat"


def say(finding: Finding, results: Results) -> Said | None:
    """Say a finding: the lead in bold, then the record in its own words; nothing where it is not in the run."""
    if finding.id not in results:
        return None
    record = results[finding.id]
    if record.value is None:
        said = record.sentence.replace(record.label, finding.named, 1) if finding.named else record.sentence
        return Said(said, ids=(record.id,))  # nothing was found that could stand in bold
    lead = finding.lead(record)
    said = " ".join(filter(None, _evidence(record, lead)))
    return (
        finding.said(record, said, lead)
        if _may_be_bold(record, lead)
        else finding.said(record, f"{lead} {said}")
    )


def _may_be_bold(record: Record, lead: str) -> bool:
    """Say whether a figure in the lead says how sure it is: what is bold is quoted alone."""
    sure = interval(record) or record.kind == "count" or record.unit == "probability" or added_up(record)
    return bool(sure) or number(record) not in lead


def likelihood(record: Record) -> str:
    """Put a probability into the words of the yardstick, with its figure.

    Examples
    --------
    >>> likelihood(Record("a.b", "Q?", "Pays back", 0.13, unit="probability", n=400))
    'highly unlikely (13%)'
    """
    if record.value is None:
        return "could not be estimated"
    return f"{next(words for top, words in YARDSTICK if record.value < top)} ({number(record)})"


def confidence(record: Record) -> str:
    """Grade how far a claim can be trusted by the design behind it, apart from how likely it is.

    Examples
    --------
    >>> confidence(Record("a.b", "Q?", "Saving", 5.0, unit="GBP", n=40, design="2"))
    'low (design grade 2 of 5: compared with others who differ)'
    >>> confidence(Record("a.b", "Q?", "Net", 5.0, unit="GBP", n=40, design="5 elsewhere"))
    'moderate (design grade 5 of 5: drawn by lot, but elsewhere; that it carries over to this council is assumed)'
    """
    grade, _, where = record.design.partition(" ")
    if grade not in CONFIDENCE:
        return ""
    sure, said = CONFIDENCE[grade], f"design grade {grade} of 5: {_DESIGNS[grade]}"
    if where == ELSEWHERE:
        sure, said = _LOWER[sure], f"{said}, but elsewhere; that it carries over to this council is assumed"
    return f"{sure} ({said})"


def _evidence(record: Record, lead: str) -> Iterator[str]:
    yield _brief(record) if number(record) in lead else record.sentence
    if record.unit == "probability" and confidence(record):
        yield f"In words: {likelihood(record)}."
    if confidence(record):
        yield f"Confidence: {confidence(record)}."


def _brief(record: Record) -> str:
    if record.kind == "count" and not interval(record):
        return ""  # a count rests on itself
    if record.wording:
        return record.sentence
    # the lead has said the number: what is left is how sure it is, and of whom
    of_whom = f"{_ADDED}; {base(record)}" if added_up(record) else capital(base(record))
    sure = f"In brackets: {span_words(record)}; {base(record)}" if interval(record) else of_whom
    return sure if sure.endswith(".") else f"{sure}."
