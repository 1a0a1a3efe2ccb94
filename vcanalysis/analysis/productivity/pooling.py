"""Partial pooling: what a council differs from what is expected of it, chance and the unknown spread allowed for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

GRID = 150
FAR = 0.97  # the grid reaches a thousand times the spread that the values show
DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Pooling:
    """What the data leave open about councils: draws of what each differs from what is expected of it.

    Parameters
    ----------
    effects : array (draws, councils)
        Difference from what is expected, in the unit of the values.
    expected : array (draws, councils)
        What is expected of the council by its design.
    slopes : array (draws, columns)
        Slopes of the design's columns; the first is the mean where the columns are centred.
    between : array (draws,)
        Standard deviation of true differences.
    chance : float
        Mean variance of chance.
    p_value : float
        Of the councils not differing at all (Cochran's Q).
    """

    effects: np.ndarray
    expected: np.ndarray
    slopes: np.ndarray
    between: np.ndarray
    chance: float
    p_value: float

    @property
    def reliability(self) -> np.ndarray:
        """Draws of the share of the spread of councils that is not chance."""
        return np.asarray(self.between**2 / (self.between**2 + self.chance))


def pool(
    values: np.ndarray,
    variances: np.ndarray,
    design: np.ndarray | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Pooling:
    """Draw what councils differ from what is expected of them.

    Parameters
    ----------
    values, variances : array (councils,)
        What was measured of each council, and the variance of its chance, above 0.
    design : array (councils, columns), optional
        What is expected depends on, without the column of ones; none for the mean alone.
    draws, seed : int
        Draws and their seed.

    Returns
    -------
    Pooling
        The draws.

    Notes
    -----
    value = expected + effect + chance, effect normal with an unknown spread: the model of Fay and Herriot. The spread
    has a flat prior on its square, drawn on a grid, and the slopes a flat one; so the interval of a council knows that
    neither is known. Where the data show no spread, the effects lie near 0 and none can be told from another.

    References
    ----------
    Fay RE, Herriot RA (1979), J Am Stat Assoc 74:269-277; Morris CN, Tang R (2011), Stat Sci 26:271-287, for the
    flat prior.

    Examples
    --------
    >>> found = pool(np.arange(12.0), np.full(12, 0.01), seed=1)
    >>> bool(np.abs(found.effects.mean(axis=0) - (np.arange(12) - 5.5)).max() < 0.2)
    True
    """
    n = len(values)
    columns = np.column_stack([np.ones(n)] if design is None else [np.ones(n), design])
    squares = _grid(values, variances, columns)
    weights = 1 / (squares[:, None] + variances)
    gram = np.einsum("gj,jp,jq->gpq", weights, columns, columns)
    middle = np.linalg.solve(gram, np.einsum("gj,jp,j->gp", weights, columns, values)[..., None])[..., 0]
    rng = np.random.default_rng(seed)
    chosen = rng.choice(GRID, draws, p=_posterior(values, columns, squares, weights, gram, middle))
    spread = np.linalg.cholesky(np.linalg.inv(gram))
    slopes = middle[chosen] + np.einsum(
        "dpq,dq->dp", spread[chosen], rng.standard_normal((draws, columns.shape[1]))
    )
    square, expected = squares[chosen][:, None], slopes @ columns.T
    kept = square / (square + variances)
    effects = kept * (values - expected) + np.sqrt(kept * variances) * rng.standard_normal((draws, n))
    return Pooling(
        effects,
        expected,
        slopes,
        np.sqrt(squares[chosen]),
        float(variances.mean()),
        _alike(values, variances, columns),
    )


def _grid(values: np.ndarray, variances: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Give squares of the spread from 0 to far above what the values show, dense near 0."""
    left = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    freedom = max(len(values) - columns.shape[1], 1)
    middle = float(left @ left) / freedom + float(variances.min())
    steps = np.linspace(0, FAR, GRID)
    return np.asarray(middle * (steps / (1 - steps)) ** 2)


def _posterior(
    values: np.ndarray,
    columns: np.ndarray,
    squares: np.ndarray,
    weights: np.ndarray,
    gram: np.ndarray,
    middle: np.ndarray,
) -> np.ndarray:
    """Weigh the grid by the likelihood of the spread, the slopes integrated out, times the width of its cells."""
    left = values - middle @ columns.T
    log = 0.5 * np.log(weights).sum(axis=1) - 0.5 * np.linalg.slogdet(gram)[1]
    log -= 0.5 * (weights * left**2).sum(axis=1)
    chance = np.exp(log - log.max()) * np.gradient(squares)
    return np.asarray(chance / chance.sum())


def _alike(values: np.ndarray, variances: np.ndarray, columns: np.ndarray) -> float:
    """p-value of Cochran's Q: that what is left over is chance alone."""
    root = 1 / np.sqrt(variances)
    scaled = columns * root[:, None]
    left = values * root - scaled @ np.linalg.lstsq(scaled, values * root, rcond=None)[0]
    return float(stats.chi2.sf(left @ left, max(len(values) - columns.shape[1], 1)))
