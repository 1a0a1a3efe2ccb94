"""How far the list hangs on what was assumed: on needs as rated in the home, and on the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from vcanalysis.analysis.stepdown.criteria import Columns, Rules
from vcanalysis.analysis.stepdown.family import FamilyProbability
from vcanalysis.analysis.stepdown.masking import unmasked
from vcanalysis.analysis.stepdown.screen import screen
from vcanalysis.core.framework import Framework


def list_if_unmasked(
    frame: pd.DataFrame,
    *,
    found: FamilyProbability,
    framework: Framework,
    rules: Rules,
    shares: Sequence[float] = (0.5, 1.0),
) -> pd.DataFrame:
    """Screen again with a share of every fall in need since entry undone.

    Parameters
    ----------
    frame : DataFrame
        What `screen` takes, with the domains of the framework, those at entry (ending ``_entry``) and the columns of
        the recipe; the index is part of that of the fit.
    found : FamilyProbability
        Its probability follows the needs.
    framework : Framework
        Scores and vetoes the needs.
    rules : Rules
        What is asked.
    shares : sequence of float
        Shares of the fall undone.

    Returns
    -------
    DataFrame
        One row per share, nought first: ``share``, ``for_review`` (children on the list), ``kept`` (of the list as it
        is) and ``new``.

    Raises
    ------
    InputError
        If a column is missing or a share does not lie between 0 and 1.

    Examples
    --------
    >>> list_if_unmasked.__name__
    'list_if_unmasked'
    """
    name, domains = Columns().child, list(framework.domains)
    first = set(screen(frame, rules=rules).for_review[name])
    rows = [(0.0, len(first), len(first), 0)]
    for share in shares:
        back = unmasked(frame, domains, share=share, whole=True)
        back = back.assign(**framework.score(back), vetoed=framework.is_vetoed(back))
        back = back.assign(probability=found.if_needs_were(frame, back))
        listed = set(screen(back, rules=rules).for_review[name])
        rows.append((share, len(listed), len(listed & first), len(listed - first)))
    return pd.DataFrame(rows, columns=["share", "for_review", "kept", "new"])


def list_by_threshold(
    frame: pd.DataFrame,
    *,
    found: FamilyProbability,
    settled: pd.Series,
    rules: Rules,
    quantiles: Sequence[float] = (0.1, 0.25, 0.5),
) -> pd.DataFrame:
    """Screen again with other thresholds: quantiles of the probability of children settled in families.

    Returns
    -------
    DataFrame
        One row per quantile: ``quantile``, ``threshold`` and ``for_review``.

    Raises
    ------
    InputError
        If a column is missing or a quantile does not lie between 0 and 1.

    Examples
    --------
    >>> list_by_threshold.__name__
    'list_by_threshold'
    """
    rows = []
    for quantile in quantiles:
        threshold = found.threshold(settled, quantile=quantile)
        other = replace(rules, least_probability=threshold)
        rows.append((quantile, threshold, len(screen(frame, rules=other).for_review)))
    return pd.DataFrame(rows, columns=["quantile", "threshold", "for_review"])


def robust_sentence(table: pd.DataFrame) -> str:
    """Say how the list changes where needs are masked.

    Examples
    --------
    >>> robust_sentence(pd.DataFrame({"share": [0.0, 0.5, 1.0], "for_review": [4, 3, 1], "kept": [4, 3, 1]}))
    'Of 4 for review, 3 would stay if half of every fall in need since entry came back outside the home, 1 if all did.'
    """
    kept = dict(zip(table["share"], table["kept"].astype(int), strict=True))
    half, whole = kept.get(0.5, np.nan), kept.get(1.0, np.nan)
    return (
        f"Of {kept[0.0]} for review, {half} would stay if half of every fall in need since entry came back outside the "
        f"home, {whole} if all did."
    )
