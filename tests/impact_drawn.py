"""Small panels drawn for the tests of impact."""

from __future__ import annotations

import numpy as np
import pandas as pd

ABOUT = {"unit": "council", "time": "year", "outcome": "rate"}


def panel_of(paths, *, first=2015):
    """Make a tidy panel of rows of values, one row a council named a, b, c and so on."""
    rows = [(chr(97 + u), first + t, value) for u, path in enumerate(paths) for t, value in enumerate(path)]
    return pd.DataFrame(rows, columns=["council", "year", "rate"])


def noise(councils=30, years=8, *, starts=(), effect=0.0, seed=1):
    """Draw councils with a level of their own and noise; the first of them start in the years given."""
    rng = np.random.default_rng(seed)
    values = 50 + rng.normal(0, 5, (councils, 1)) + rng.normal(0, 1, (councils, years)) + np.arange(years)
    for council, start in enumerate(starts):
        values[council, start - 2015 :] += effect
    panel = pd.DataFrame(
        [(u, 2015 + t, values[u, t]) for u in range(councils) for t in range(years)],
        columns=["council", "year", "rate"],
    )
    return panel, dict(enumerate(map(float, starts)))
