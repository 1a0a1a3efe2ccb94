"""Words of direction and of cause, and what a record must bear before they may be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from vcanalysis.output.briefing.findings import direction
from vcanalysis.output.records import Record

_LEAST_DESIGN = 3
_QUOTED = re.compile(r"“[^”]*”")
_SENTENCE = re.compile(r"(?<=[.:;?!])\s+")
# what is said to be open, asked, or a rule of the document, claims no direction
_OPEN = re.compile(
    r"\b(?:no clear|not clearly|clearly (?:not|differ)|whether|cannot (?:tell|be told)|is open|no [\w ]+ clearly"
    r"|do not say|has to be ruled out)\b|\?[;\s]*$",
    re.I,
)
_CAUSAL = re.compile(
    r"\b(?:reduc(?:ed|es|ing)|sav(?:ed|es)|led to|leads to|caus(?:ed|es)|improv(?:ed|es|ing)|thanks to|due to"
    r"|because of|cuts? (?:the )?(?:costs?|spend\w*|need|moves)|(?:works|worked)(?! out)|effective|better|worse"
    r"|successful)\b",
    re.I,
)
_SIDES = {
    "up": re.compile(
        r"\b(?:rose|risen|rises|rising|increas(?:ed|es|ing)|gr(?:ew|own|ows|owing)|(?:went|gone|going) up|climbed"
        r"|jumped|soared|higher|dearer|more (?:often|frequent)|costs? more|more children)\b",
        re.I,
    ),
    "down": re.compile(
        r"\b(?:fell|fallen|falls(?! short)|falling|decreas(?:ed|es|ing)|declin(?:ed|es|ing)|drop(?:ped|s|ping)"
        r"|shr(?:ank|unk|inks|inking)|(?:went|gone|going) down|lower|cheaper|(?:less|fewer) (?:often|frequent)"
        r"|costs? less|fewer children)\b",
        re.I,
    ),
}


def has_direction(text: str) -> bool:
    """Say whether words claim a direction or a cause.

    Examples
    --------
    >>> has_direction("Costs went up."), has_direction("Whether costs went up is open."), has_direction("275 children")
    (True, False, False)
    """
    return any(pattern.search(s) for s in _claiming(text) for pattern in (_CAUSAL, *_SIDES.values()))


def unborne(
    text: str, records: Sequence[Record], *, verdict: str = "", neutral: float = 0.0, some: bool = False
) -> str:
    """Say what a text claims that its records do not bear, or nothing.

    Parameters
    ----------
    text : str
        Words that a form chose, those of the records left out.
    records : sequence of Record
        What the text rests on.
    verdict, neutral : str, float
        On which side of the neutral value the text says that the interval lies, where it was chosen by it.
    some : bool
        Whether one of the records is enough, as in the row of a table.

    Examples
    --------
    >>> fall = Record("a.b", "Q?", "Cost", -9.0, -12.0, -6.0, unit="change", n=50)
    >>> unborne("Costs went up.", [fall])
    'says "went up", which the interval does not bear'
    >>> unborne("Costs fell.", [fall])
    ''
    """
    if verdict and any(direction(r, neutral) != verdict for r in records):
        return f'says that the interval lies "{verdict}", which it does not'
    for sentence in _claiming(text):
        causal = _CAUSAL.search(sentence)
        if causal and not (records and all(map(_causal, records))):
            return f'says "{causal[0]}", which needs a design of grade {_LEAST_DESIGN} and an interval without nought'
        moved = "" if verdict in ("up", "down") else _moved(sentence, records, some=some)
        if moved:
            return f'says "{moved}", which the interval does not bear'
    return ""


def _claiming(text: str) -> list[str]:
    return [s for s in _SENTENCE.split(_QUOTED.sub("", text)) if not _OPEN.search(s)]


def _moved(sentence: str, records: Sequence[Record], *, some: bool) -> str:
    for side, pattern in _SIDES.items():
        found = pattern.search(sentence)
        if found and not _bears(side, records, some=some):
            return found[0]
    return ""


def _bears(side: str, records: Sequence[Record], *, some: bool) -> bool:
    if not records:
        return False
    if len({r.group for r in records}) > 1 and not some:  # one group beside another
        return all(_apart(one, other) for one, other in combinations(records, 2))
    found = [direction(r, 1.0 if r.unit == "ratio" else 0.0) == side for r in records]
    return any(found) if some else all(found)


def _apart(one: Record, other: Record) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return True
    return one.low > other.high or other.low > one.high


def _causal(record: Record) -> bool:
    grade = int(record.design) if record.design.isdigit() else 0
    return grade >= _LEAST_DESIGN and direction(record) != "flat"
