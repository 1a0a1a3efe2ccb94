"""Drawn tables of counts for the tests of disclosure control: synthetic, skewed as placements and ages are."""

from __future__ import annotations

import numpy as np
import pandas as pd

NAMES = ("council", "placement", "age")


def draw_table(shape, children, seed):
    """Draw a tidy table of counts: large columns alike, small ones uneven, cells uneven within them."""
    rng = np.random.default_rng(seed)
    array = np.ones(())
    for size in shape:
        shares = np.full(size, 3.0) if size > 10 else np.linspace(0.6, 2.5, size)
        array = np.multiply.outer(array, rng.dirichlet(shares))
    array = array * rng.gamma(2, 1, array.shape)
    counts = rng.multinomial(children, (array / array.sum()).ravel()).reshape(shape)
    rows = [(*(f"{n[0]}{i}" for n, i in zip(NAMES, at, strict=False)), v) for at, v in np.ndenumerate(counts)]
    return pd.DataFrame(rows, columns=[*NAMES[: len(shape)], "children"])
