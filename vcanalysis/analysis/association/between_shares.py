"""How much of the differences between children lies between their types, with an interval that may hold nought."""

from __future__ import annotations

import numpy as np

from vcanalysis.analysis.association.components import fit_along
from vcanalysis.analysis.association.resampling import Units, unit_sums
from vcanalysis.analysis.association.small_shares import share_intervals
from vcanalysis.core.estimate import Estimate

TYPES = "adjusted R squared of the types; interval by influence on Fisher's scale, by F near 0"
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
    the number of types, and near 0 its interval is that of a share that may be 0.

    References
    ----------
    Steiger JH (2004), Psychol Methods 9:164-182; Patterson HD, Thompson R (1971), Biometrika 58:545-554.

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
    size, squares = _by_chance(values, codes, units)
    freedom = max(units.count - types, 1)
    parts = np.array([share]), np.array([error])
    chances = np.array([size]), np.array([squares])
    low, high = share_intervals(parts, np.array([plain]), chances, freedom=freedom, level=level)[0].tolist()
    value = float(np.clip(share, 0.0, 1.0))
    return Estimate(term, value, low, high, level, n, "share", TYPES, std_error=error, support=n)


def _share(values: np.ndarray, codes: np.ndarray, units: Units) -> tuple[float, float, float]:
    """Give the adjusted share, its error from what each unit does to it, and the share not adjusted."""
    n, types = len(values), int(codes.max()) + 1
    away, within = (values - values.mean()) ** 2, _within(values, codes) ** 2
    left, adjusted = within.sum() / away.sum(), (n - 1) / (n - types)
    felt = unit_sums((left * away - within)[:, None], units)[:, 0] / away.sum() * adjusted
    error = float(np.linalg.norm(felt) * np.sqrt(units.count / (units.count - 1)))
    return float(1 - left * adjusted), error, float(1 - left)


def _within(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return values - (np.bincount(codes, values) / np.bincount(codes))[codes]


def _by_chance(values: np.ndarray, codes: np.ndarray, units: Units) -> tuple[float, float]:
    """Size and number of the squares between types alike, if all share as much within clusters as they do on average.

    A type of three homes says next to nothing of how far its own mean lies from the truth; all homes together do.
    """
    n, sizes = len(values), np.bincount(codes).astype(float)
    types, each = len(sizes), np.bincount(units.codes, minlength=units.count).astype(float)
    alike, variance = 0.0, float(np.sum(_within(values, codes) ** 2)) / (n - types)
    if each.max() > 1:
        design = (codes[:, None] == np.arange(types)).astype(float)
        root = np.sqrt(np.maximum(each, 1.0))[:, None]
        sums = unit_sums(np.column_stack([values, design]), units) / root
        fit = fit_along(values, design, each, (sums[:, 0], sums[:, 1:]))
        alike, variance = fit.share, fit.residual * (1 + fit.ratio)
    held = np.zeros((units.count, types))
    np.add.at(held, (units.codes, codes), 1.0)
    held = held / np.sqrt(sizes)
    cover = (1 - alike) * np.eye(types) + alike * held.T @ held
    root = np.sqrt(sizes / n)
    flat = np.eye(types) - np.outer(root, root)  # squares are about the mean of all
    cover = flat @ cover @ flat * variance / float(np.sum((values - values.mean()) ** 2))
    mean, spread = float(np.trace(cover)), float(np.sum(cover * cover))
    return (spread / mean, mean**2 / spread) if spread > 0 else (0.0, 1.0)
