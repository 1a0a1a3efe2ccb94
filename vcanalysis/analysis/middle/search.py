"""The search for the number of classes: one number after the other, each from many starts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.middle.mixture import Fits, find, memberships
from vcanalysis.analysis.middle.patterns import Patterns

VERY_STRONG = 10.0  # difference in BIC that is very strong evidence (Raftery 1995): no more classes are tried
SAME = 0.05  # two starts within this of each other in log likelihood found the same maximum
COLUMNS = [
    "classes", "log_likelihood", "parameters", "bic", "sabic", "smallest_share", "entropy", "starts",
    "replicated_share", "chosen",
]  # fmt: skip


def _entropy(posterior: np.ndarray, counts: np.ndarray) -> float:
    """Relative entropy: 1 when every child's class is certain."""
    number = posterior.shape[1]
    if number == 1:
        return 1.0
    doubt = -np.sum(posterior * np.log(np.clip(posterior, 1e-300, None)), axis=1)
    return float(1 - counts @ doubt / (counts.sum() * np.log(number)))


def search(
    patterns: Patterns, tried: range, *, seed: int, n_init: int
) -> tuple[dict[int, Fits], pd.DataFrame]:
    """Fit one number of classes after the other, until BIC is far above its lowest."""
    rows, n, fits, lowest = [], patterns.n, {}, np.inf
    for number in tried:
        found = find(patterns, number, starts=n_init, rng=np.random.default_rng([seed, number]))
        fits[number] = found.best()
        likelihood = float(found.likelihood.max())
        parameters = number - 1 + number * patterns.free
        bic, sabic = (-2 * likelihood + parameters * np.log(size) for size in (n, (n + 2) / 24))
        posterior = memberships(patterns, fits[number])
        smallest = float((patterns.counts @ posterior).min() / n)
        same = float(np.mean(found.likelihood > likelihood - SAME))
        about = (smallest, _entropy(posterior, patterns.counts), len(found.likelihood), same, False)
        rows.append((number, likelihood, parameters, bic, sabic, *about))
        lowest = min(lowest, bic)
        if bic > lowest + VERY_STRONG:
            break
    return fits, pd.DataFrame(rows, columns=COLUMNS)
