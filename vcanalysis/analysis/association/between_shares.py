"""How much of the differences between children lies between their types, with an interval that may hold nought."""

from __future__ import annotations

import numpy as np

from vcanalysis.analysis.association.small_shares import share_intervals
from vcanalysis.core.clusters import Units, unit_sums
from vcanalysis.core.components import fit_along
from vcanalysis.core.estimate import Estimate

TYPES = "adjusted R squared of the types, each as spread as it is; interval by influence on Fisher's scale, by F near 0"
DRAWN = "variance component by restricted maximum likelihood, types as drawn; profile likelihood interval"
_CHILDREN_EACH = 15  # on average; types with fewer are so many that they count as drawn from more


def share_between(
    values: np.ndarray, codes: np.ndarray, units: Units, *, term: str, level: float
) -> Estimate:
    """Share of the differences in some values that lies between types.

    Parameters
    ----------
    values : array (children,)
        What differs.
    codes : array of int (children,)
        Type of each child, from 0.
    units : Units
        What children share.
    term : str
        Words for the sentence.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "share". Of these types where each has children enough; of all types they are drawn from where they are
        many and small, or are themselves what children share.

    Notes
    -----
    The share of squares between types never comes out as 0, for means of few children differ by chance alone: of 40
    homes alike, one would be told that 13% of the differences in price lie between them. So the share is adjusted for
    what chance makes of types as many and as spread as these, and near 0 its interval is that of a share that may be 0:
    rare types with wide prices differ by chance more than all children do on average.

    References
    ----------
    Brown MB, Forsythe AB (1974), Technometrics 16:129-132; Steiger JH (2004), Psychol Methods 9:164-182; Patterson HD,
    Thompson R (1971), Biometrika 58:545-554.

    Examples
    --------
    >>> kind, units = np.arange(90) % 3, Units(np.arange(90), 90, 90)
    >>> chance = np.random.default_rng(1).normal(size=90)
    >>> share_between(chance, kind, units, term="Share between types", level=0.95).low
    0.0
    """
    n, types = len(values), int(codes.max()) + 1
    alone = len(np.unique(codes * units.count + units.codes)) == types  # each type is one cluster
    if alone or n < _CHILDREN_EACH * types:
        sizes = np.bincount(codes).astype(float)
        along = (np.bincount(codes, values) / np.sqrt(sizes), np.sqrt(sizes)[:, None])
        fit = fit_along(values, np.ones((n, 1)), sizes, along, level)
        return Estimate(term, fit.share, fit.low, fit.high, level, n, "share", DRAWN, support=n)
    share, error, plain = _share(values, codes, units)
    size, squares, freedom = _by_chance(values, codes, units)
    parts, chances = (np.array([share]), np.array([error])), (np.array([size]), np.array([squares]))
    low, high = share_intervals(parts, np.array([plain]), chances, freedom=freedom, level=level)[0].tolist()
    value = float(np.clip(share, 0.0, 1.0))
    return Estimate(term, value, low, high, level, n, "share", TYPES, std_error=error, support=n)


def _share(values: np.ndarray, codes: np.ndarray, units: Units) -> tuple[float, float, float]:
    """Give the adjusted share, its error from what each unit does to it, and the share not adjusted."""
    n, sizes = len(values), np.bincount(codes)
    away, within = (values - values.mean()) ** 2, _within(values, codes) ** 2
    left, adjusted = within.sum() / away.sum(), (n - 1) / (n - len(sizes))
    felt = unit_sums((left * away - within)[:, None], units)[:, 0] / away.sum() * adjusted
    error = float(np.linalg.norm(felt) * np.sqrt(units.count / (units.count - 1)))
    chance = float((1 - sizes / n) @ _variances(values, codes)) / away.sum()
    return float(1 - left - chance), error, float(1 - left)


def _within(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return values - (np.bincount(codes, values) / np.bincount(codes))[codes]


def _variances(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Give the variance within each type; of all types together for a type of one child."""
    squares, spare = np.bincount(codes, _within(values, codes) ** 2), np.bincount(codes) - 1
    return np.where(spare > 0, squares / np.maximum(spare, 1), squares.sum() / spare.sum())


def _by_chance(values: np.ndarray, codes: np.ndarray, units: Units) -> tuple[float, float, float]:
    """Size and number of the squares between types alike, each as spread as it is, and the freedom of their size.

    Clusters are taken to share as much within each type as they do on average: a type of three homes says next to
    nothing of how far its own mean lies from the truth; all homes together do.
    """
    n, sizes, spread = len(values), np.bincount(codes).astype(float), _variances(values, codes)
    types, each = len(sizes), np.bincount(units.codes, minlength=units.count).astype(float)
    alike = 0.0
    if each.max() > 1:
        design = (codes[:, None] == np.arange(types)).astype(float)
        root = np.sqrt(np.maximum(each, 1.0))[:, None]
        sums = unit_sums(np.column_stack([values, design]), units) / root
        fit = fit_along(values, design, each, (sums[:, 0], sums[:, 1:]))
        pooled = float((sizes - 1) @ spread) / (n - types)
        alike, spread = fit.share, spread * fit.residual * (1 + fit.ratio) / pooled
    held = np.zeros((units.count, types))
    np.add.at(held, (units.codes, codes), 1.0)
    spare = np.maximum((held > 0).sum(axis=0) - 1, 1)
    held, root = held / np.sqrt(sizes), np.sqrt(spread)
    cover = ((1 - alike) * np.eye(types) + alike * held.T @ held) * np.outer(root, root)
    share = np.sqrt(sizes / n)
    flat = np.eye(types) - np.outer(share, share)  # squares are about the mean of all
    counted = np.diag(flat @ flat) * np.diag(cover)
    cover = flat @ cover @ flat / float(np.sum((values - values.mean()) ** 2))
    mean, square = float(np.trace(cover)), float(np.sum(cover * cover))
    freedom = float(counted.sum() ** 2 / np.sum(counted**2 / spare)) if square > 0 else 1.0
    return (square / mean, mean**2 / square, freedom) if square > 0 else (0.0, 1.0, freedom)
