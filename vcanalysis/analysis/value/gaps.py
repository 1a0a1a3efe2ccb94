"""Differences in means between a group and the others, with the error of the line an outcome is measured from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.value.change import Drawn, Line
from vcanalysis.core.columns import flag_column, number_column, require_columns, say_column

MINIMUM = 10
FEWEST_CLUSTERS = 6


@dataclass(frozen=True, slots=True)
class Gaps:
    """Differences in means of several measures over the same children.

    Parameters
    ----------
    means : array (k,)
        The group less the others.
    spread : array (k, k)
        Their variances and covariances.
    freedom : array (k,)
        Degrees of freedom.
    n : tuple of int
        Children in the group, and others.
    reason : str
        Why there are none, else empty.
    """

    means: np.ndarray
    spread: np.ndarray
    freedom: np.ndarray
    n: tuple[int, int]
    reason: str = ""


def gaps_of(
    frame: pd.DataFrame,
    measures: Sequence[str | Line],
    *,
    member: str,
    cluster: str = "",
    about: tuple[str, str] = ("the measure", "the measure does not vary between the children"),
) -> Gaps:
    """Take differences in means between a group and the others, over children who lack no measure.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    measures : sequence of str or Line
        Numeric columns, or lines from which an outcome is measured.
    member : str
        Column of flags: who belongs to the group.
    cluster : str
        Column of what children share, such as who rated them; a child without one stands alone.
    about : tuple of str
        Words for what children must have, and for the reason where it does not vary.

    Notes
    -----
    The error is a sum over children of what each adds to the difference: its own deviation and, where it helped to
    draw the line, what it does to the line, times how far apart the groups began. Without a line or clusters it is
    that of Welch. With clusters the sums are taken within them, made up by G / (G - 1), with t on G - 1 at most; chance
    can make them smaller than those of children alone, which then stand.

    References
    ----------
    Welch BL (1947), Biometrika 34:28-35; Newey WK, McFadden D (1994), Handbook of Econometrics 4, section 6, for
    estimates in two steps; MacKinnon JG, White H (1985), J Econometrics 29:305-325; Liang KY, Zeger SL (1986),
    Biometrika 73:13-22.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": range(20)})
    >>> gaps_of(frame, ["cost"], member="home").means.tolist()
    [-10.0]
    """
    inside, said = flag_column(frame, member)
    lines = [measure.draw(frame) if isinstance(measure, Line) else None for measure in measures]
    values = np.column_stack([
        number_column(frame, str(measure)) if line is None else line.better
        for measure, line in zip(measures, lines, strict=True)
    ])  # fmt: skip
    known = said & ~np.isnan(values).any(axis=1)
    groups = (known & inside, known & ~inside)
    n = (int(groups[0].sum()), int(groups[1].sum()))
    undrawn = next((line.reason for line in lines if line and line.reason), "")
    if undrawn or min(n) < MINIMUM:
        few = f"at least {MINIMUM} children with {about[0]} are needed in either group"
        return _none(len(measures), n, undrawn or few)
    parts = [_influence(column, groups, line) for column, line in zip(values.T, lines, strict=True)]
    influence = np.column_stack(parts)
    if not all(
        np.ptp(column[known]) > 0 and part.any() for column, part in zip(values.T, parts, strict=True)
    ):
        return _none(len(measures), n, about[1])
    gap = values[groups[0]].mean(axis=0) - values[groups[1]].mean(axis=0)
    alone, freedom = _welch(influence, inside, n)
    if not cluster:
        return Gaps(gap, alone, freedom, n)
    codes = _codes(frame, cluster)
    count = len(np.unique(codes[known]))
    if count < FEWEST_CLUSTERS:
        few = f"at least {FEWEST_CLUSTERS} different values of {say_column(cluster)} are needed"
        return _none(len(measures), n, few)
    shared = _shared(influence, codes, count, alone)
    return Gaps(gap, shared, np.minimum(freedom, count - 1.0), n)


def _influence(values: np.ndarray, groups: tuple[np.ndarray, np.ndarray], line: Drawn | None) -> np.ndarray:
    """Give what each child adds to the error of the difference."""
    added = np.zeros(len(values))
    for group, sign in zip(groups, (1.0, -1.0), strict=True):
        n, part = int(group.sum()), values[group]
        added[group] = sign * (part - part.mean()) / np.sqrt(n * (n - 1))
    if line is not None:
        added += line.pull @ (line.design[groups[0]].mean(axis=0) - line.design[groups[1]].mean(axis=0))
    return added


def _welch(influence: np.ndarray, inside: np.ndarray, n: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Add up the squares of either group; degrees of freedom after Welch and Satterthwaite."""
    parts = [influence[side].T @ influence[side] for side in (inside, ~inside)]
    spread = parts[0] + parts[1]
    below = sum(np.diag(part) ** 2 / (size - 1) for part, size in zip(parts, n, strict=True))
    return spread, np.diag(spread) ** 2 / below


def _shared(influence: np.ndarray, codes: np.ndarray, count: int, alone: np.ndarray) -> np.ndarray:
    """Add up within clusters; no variance falls below that of children who share nothing."""
    sums = np.column_stack([np.bincount(codes, weights=column) for column in influence.T])
    spread = sums.T @ sums * count / (count - 1)
    grown = np.sqrt(np.maximum(np.diag(alone) / np.maximum(np.diag(spread), 1e-300), 1.0))
    return spread * np.outer(grown, grown)


def _codes(frame: pd.DataFrame, cluster: str) -> np.ndarray:
    require_columns(frame, cluster)
    codes = pd.factorize(frame[cluster])[0]
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def _none(count: int, n: tuple[int, int], reason: str) -> Gaps:
    gone = np.full(count, np.nan)
    return Gaps(gone, np.full((count, count), np.nan), gone, n, reason)
