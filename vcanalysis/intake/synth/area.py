"""Which placements lie in the council's own area: fewer of those far from home."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Set so that 44% live outside, and 67% of those in children's homes (children looked after in England, 2025 and 2024).
MOST_OUTSIDE, MILES = 0.82, 10.0


def with_area(placements: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw whether each placement lies inside the council's area, the same for all placements in one home.

    Parameters
    ----------
    placements : DataFrame
        Columns child_id, home_id and distance_miles.
    rng : Generator
        A stream of its own.

    Returns
    -------
    DataFrame
        The placements with `area`: "inside" or "outside", missing where the distance is.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "b"], "home_id": ["h", "h"], "distance_miles": [400.0, 400.0]})
    >>> with_area(rows, np.random.default_rng(1))["area"].tolist()
    ['outside', 'outside']
    """
    miles = placements["distance_miles"].astype("float64")
    home = placements["home_id"].fillna(placements["child_id"] + miles.astype("str"))
    number, homes = pd.factorize(home)
    middle = miles.groupby(number).median().reindex(range(len(homes))).to_numpy()
    outside = rng.random(len(homes)) < MOST_OUTSIDE * (1 - np.exp(-middle / MILES))
    return placements.assign(
        area=pd.Series(np.where(outside[number], "outside", "inside"), index=placements.index).mask(
            miles.isna()
        )
    )
