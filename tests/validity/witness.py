"""What a trial that only says yes or no worked out on its way: means of the estimates that its replicates made.

By these numbers its code can be told to be the code measured although it was moved or renamed. A trial that makes no
estimate of ours has none, and its key alone decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from tests.validity.laboratory import Trial, forget
from tests.validity.state import Rows
from vcanalysis.core.estimate import Estimate

DIGITS = 7
ENDS = ("value", "low", "high")


def witnessed(trial: Trial, replicates: int) -> Rows:
    """Run the first replicates and give, for each, how many estimates it made and the means of value, low and high.

    Parameters
    ----------
    trial : Trial
        Its replicates are run in full: what shared runs kept is dropped.
    replicates : int
        How many.

    Returns
    -------
    list of list
        None where no estimate had the number; nothing at all where no estimate was made.
    """
    rows = []
    for seed in range(replicates):
        forget()
        with _watched() as made:
            trial.replicate(seed)
        rows.append([float(len(made)), *(_mean([getattr(one, end) for one in made]) for end in ENDS)])
    return rows if any(row[0] for row in rows) else []


@contextmanager
def _watched() -> Iterator[list[Estimate]]:
    made: list[Estimate] = []
    first = Estimate.__init__

    def noted(self: Estimate, *given: object, **named: object) -> None:
        first(self, *given, **named)  # type: ignore[arg-type]
        made.append(self)

    Estimate.__init__ = noted  # type: ignore[method-assign, assignment]
    try:
        yield made
    finally:
        Estimate.__init__ = first  # type: ignore[method-assign]


def _mean(values: Sequence[float | None]) -> float | None:
    """Give the mean on a scale where pounds do not drown shares."""
    told = np.array([v for v in values if v is not None and math.isfinite(v)], dtype=float)
    return float(f"{np.arcsinh(told).mean():.{DIGITS}g}") if told.size else None
