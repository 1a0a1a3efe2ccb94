"""Weights that undo the known errors of taking the likeliest group for the true one, and the means they give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.middle.mixture import Fits, memberships_of
from vcanalysis.analysis.middle.patterns import Patterns, add_up
from vcanalysis.analysis.middle.refits import Refits

_WORST = 1e6  # condition of the table of errors beyond which groups cannot be told apart


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Means by group, the groups held fixed.

    Parameters
    ----------
    means : array (groups,)
        Weighted means.
    influence : array (children with a value, groups)
        What each child does to each mean.
    freedom : array (groups,)
        Degrees of freedom: children whose worth of weight a group has, less one.
    """

    means: np.ndarray
    influence: np.ndarray
    freedom: np.ndarray


def _undoing(patterns: Patterns, fits: Fits, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Likeliest group of each pattern, as ones and zeros, and the table that undoes errors (missing: cannot be)."""
    member = memberships_of(patterns, fits)
    groups = np.arange(member.shape[1])[:, None]
    likeliest = (member.argmax(axis=1)[:, None, :] == groups).astype(float)
    weighted = member * counts[:, None, :]
    errors = weighted @ likeliest.swapaxes(1, 2) / np.maximum(weighted.sum(axis=2), 1e-9)[:, :, None]
    apart = np.linalg.cond(errors) < _WORST
    errors[~apart] = np.eye(len(groups))
    undone = np.linalg.inv(errors)
    undone[~apart] = np.nan
    return likeliest, undone


def weigh(patterns: Patterns, fitted: Fits, values: np.ndarray) -> Weighed | None:
    """Give the mean of each group; None where the groups cannot be told apart.

    Parameters
    ----------
    patterns, fitted
        Of the groups found.
    values : array (children,)
        Missing where there is none.
    """
    likeliest, undone = _undoing(patterns, fitted, patterns.counts[None])
    known = np.isfinite(values)
    weights = (likeliest[0].T @ undone[0])[patterns.where][known]
    sums = weights.sum(axis=0)
    if not np.isfinite(undone).all() or (sums <= 0).any():
        return None
    means = weights.T @ values[known] / sums
    influence = weights * (values[known][:, None] - means) / sums
    return Weighed(means, influence, np.maximum(sums**2 / (weights**2).sum(axis=0) - 1, 2.0))


def weigh_again(again: Refits, values: np.ndarray) -> np.ndarray:
    """Give the mean of each group in each resample, the groups fitted again: (resamples, groups), missing where none.

    Parameters
    ----------
    again : Refits
        From `refit`.
    values : array (children,)
        Of the children resampled; missing where there is none.
    """
    known = np.isfinite(values).astype(float)
    likeliest, undone = _undoing(again.patterns, again.fits, add_up(again.drawn, again.patterns))
    held, sums = (
        np.einsum("rsp,rp->rs", likeliest, add_up(again.drawn * part, again.patterns))
        for part in (known, np.nan_to_num(values))
    )
    weight = np.einsum("rs,rst->rt", held, undone)
    weight[weight <= 0] = np.nan
    return np.asarray(np.einsum("rs,rst->rt", sums, undone) / weight)
