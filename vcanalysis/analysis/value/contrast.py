"""Two groups of children by cost and outcome at once: differences in means and how the two go together."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.gaps import Gaps, gaps_of

ONLY_COST, ONLY_EFFECT = (1.0, 0.0), (0.0, 1.0)  # weights that take one of the two differences


def contrast(
    frame: pd.DataFrame, *, member: str, cost: str, effect: str | Line, cluster: str = "", seed: int = 0
) -> Gaps:
    """Contrast the children of a group with all others, cost first; those lacking cost or outcome are left out.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": range(20), "better": [1.0, 2.0] * 10})
    >>> contrast(frame, member="home", cost="cost", effect="better").means.tolist()
    [-10.0, 0.0]
    """
    about = "cost and outcome", "cost or outcome does not vary between the children"
    return gaps_of(frame, (cost, effect), member=member, cluster=cluster, seed=seed, about=about)
