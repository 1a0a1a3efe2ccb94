"""Headlines and sentences of the audit, each following its intervals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vcanalysis.analysis.claims.scaled import Scaled
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

# verdict -> how one claim has it, and how several do
KINDS = {
    "holds": ("holds", "hold"),
    "adds up, not checked elsewhere": (
        "adds up but is checked nowhere else",
        "add up but are checked nowhere else",
    ),
    "holds in part": ("holds in part", "hold in part"),
    "cannot be told": ("cannot be told", "cannot be told"),
    "not reproduced": ("is not reproduced", "are not reproduced"),
    "not testable": ("is not testable", "are not testable"),
}


def nothing_headline(report: Estimate, amount: float) -> str:
    """Say whether chance, with joining when care was dear, makes volunteers report an amount.

    Parameters
    ----------
    report : Estimate
        From `Scaled.report` of a world in which nothing is saved.
    amount : float
        Pounds a year that were reported.

    Examples
    --------
    >>> nothing_headline(Estimate("Reported", 2.7e6, 0.3e6, 8e6, unit="GBP per year"), 2.8e6)
    'Chance, and joining when care was dear, can make two volunteers report £2.8 million'
    """
    words = write_number(amount, "GBP")
    if report.low is None or report.high is None:
        return "What volunteers report where nobody saves anything cannot be told"
    if amount > report.high:
        return f"Chance, and joining when care was dear, rarely make two volunteers report {words}"
    if amount < report.low:
        return f"Where nobody saves anything, two volunteers report more than {words}"
    return f"Chance, and joining when care was dear, can make two volunteers report {words}"


def choice_headline(steps: Sequence[Scaled]) -> str:
    """Say what choosing the councils that report does to the figure for the nation.

    Parameters
    ----------
    steps : sequence of Scaled
        From `ladder_of_choice`.

    Examples
    --------
    >>> import numpy as np
    >>> one = Scaled(np.ones(9), np.full(9, 4.0), np.full(9, 2.0), "and the best two report")
    >>> choice_headline([one])
    'Scaled up from volunteers, the figure is 2.0 times the truth in the median nation'
    """
    ratio = steps[-1].over_truth()
    if ratio.value is None:
        return "Where nothing is saved, any figure scaled up is wrong"
    if not ratio.excludes(1.0):
        return "Scaled up from volunteers, the figure may be the truth or far from it"
    return f"Scaled up from volunteers, the figure is {ratio.value:.1f} times the truth in the median nation"


def count_verdicts(table: pd.DataFrame) -> Estimates:
    """Count the verdicts of `judge_claims`, one estimate for each of `KINDS`.

    Examples
    --------
    >>> count_verdicts(pd.DataFrame({"kind": ["holds", "holds", "not testable"]})).group("holds").sentence()
    'holds: 2 claims'
    """
    found = table["kind"].value_counts()
    return Estimates.of(
        Estimate(
            "Published claims",
            float(found.get(kind, 0)),
            n=len(table),
            unit="claim" if found.get(kind, 0) == 1 else "claims",
            method="formulas over facts, verdict by rule",
            group=kind,
            of="claims",
            wording="{value}",
        )
        for kind in KINDS
    )


def verdicts_sentence(counts: Estimates) -> str:
    """Say how many claims have which verdict.

    Examples
    --------
    >>> verdicts_sentence(count_verdicts(pd.DataFrame({"kind": ["holds", "holds", "not testable"]})))
    'Of 3 published claims 2 hold, 1 is not testable.'
    """
    parts = [f"{e.value:.0f} {KINDS[e.group][int(e.value > 1)]}" for e in counts if e.value]
    return f"Of {counts[0].n} published claims {', '.join(parts)}."
