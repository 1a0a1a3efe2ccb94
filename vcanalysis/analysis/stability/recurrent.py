"""Children who move again and again: Andersen-Gill and Prentice-Williams-Peterson models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from vcanalysis.analysis.stability.cox import Hazards, cox
from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.survival.history import Watch

_STRATUM = "_order"


def andersen_gill(
    frame: pd.DataFrame,
    watch: Watch,
    *,
    covariates: Iterable[str],
    kind: str = "",
    steps: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> Hazards:
    """Ratio of the rates of moves over a child's time in care, every move counted.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        ``entry`` and ``time`` count days since the child came into care, not since the placement began; ``cluster`` is
        the child.
    covariates, kind, steps, level
        As for `cox`.

    Returns
    -------
    Hazards

    Raises
    ------
    InputError
        If entry or cluster is not named, a column is missing or a time cannot be.

    Notes
    -----
    A move is as likely after many moves as after none, but for the covariates; errors are robust to the child.

    References
    ----------
    Andersen PK, Gill RD (1982), Ann Stat 10:1100-1120; Lin DY, Wei LJ (1989) for the errors.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"child": np.repeat(range(60), 2), "need": np.repeat(rng.normal(size=60), 2),
    ...                      "from": [0, 50] * 60, "to": [50, 100] * 60})
    >>> rows["moved"] = rng.random(120) < 1 / (1 + np.exp(-rows["need"]))
    >>> andersen_gill(rows, Watch("to", "moved", "from", "child"), covariates=["need"]).ratios[0].value > 1
    True
    """
    if not (watch.entry and watch.cluster):
        raise InputError(
            "Recurrent moves need the day a placement begins (entry) and the child (cluster). Name both."
        )
    return cox(frame, watch, covariates=covariates, kind=kind, steps=steps, level=level)


def pwp_gap(
    frame: pd.DataFrame,
    watch: Watch,
    *,
    order: str,
    covariates: Iterable[str],
    kind: str = "",
    most: int = 5,
    steps: Mapping[str, float] | None = None,
) -> Hazards:
    """Ratio of the hazards of a move since the last one, first, second and later placements each on their own.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        ``time`` and ``entry`` count days since the placement began; ``cluster`` is the child.
    order : str
        Column with the number of the placement within the period of care, from 1.
    covariates, kind, steps
        As for `cox`.
    most : int
        Later placements share the stratum of this number.

    Returns
    -------
    Hazards

    Raises
    ------
    InputError
        If the cluster is not named, a column is missing or a time cannot be.

    References
    ----------
    Prentice RL, Williams BJ, Peterson AV (1981), Biometrika 68:373-379, gap time.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"child": np.repeat(range(60), 2), "need": np.repeat(rng.normal(size=60), 2),
    ...                      "number": [1, 2] * 60, "moved": True})
    >>> rows["days"] = rng.exponential(np.exp(-rows["need"]))
    >>> found = pwp_gap(rows, Watch("days", "moved", cluster="child"), order="number", covariates=["need"])
    >>> found.ratios[0].excludes(1)
    True
    """
    if not watch.cluster:
        raise InputError("Recurrent moves need the child (cluster). Name its column.")
    numbered = np.minimum(number_column(frame, order), most)
    return cox(
        frame.assign(**{_STRATUM: numbered}),
        watch,
        covariates=covariates,
        kind=kind,
        strata=_STRATUM,
        steps=steps,
    )
