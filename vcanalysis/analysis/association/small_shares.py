"""Intervals of shares explained that hold near nought too, where the jackknife's error of a share falls away."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from scipy import special, stats

CLEAR = 16.0  # a share whose root lies four standard errors above nought is as good as normal


def ridged(cross: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Give the cross-products of some columns, with a trace of ridge where a category is gone or blocks overlap.

    Examples
    --------
    >>> ridged(np.eye(3)[None], np.array([0, 1])).round(6).tolist()
    [[[1.0, 0.0], [0.0, 1.0]]]
    """
    gram = cross[:, members[:, None], members]
    ridge = 1e-9 * np.trace(gram, axis1=1, axis2=2) / len(members)
    return gram + ridge[:, None, None] * np.eye(len(members))


def about_the_mean(rows: np.ndarray, sums: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Give what each unit adds to the centred cross-products of all, from its rows, their sums and products.

    Examples
    --------
    >>> about_the_mean(np.ones(2), np.array([[1.0], [3.0]]), np.array([[1.0], [9.0]])).ravel().tolist()
    [1.0, 1.0]
    """
    size, mean = sums.shape[1], sums.sum(axis=0) / rows.sum()
    crossed = sums[:, :, None] * mean
    centred = products.reshape(-1, size, size) - crossed - crossed.swapaxes(1, 2)
    return centred + rows[:, None, None] * np.outer(mean, mean)


def chance_shares(
    whole: np.ndarray, each: np.ndarray, spans: list[np.ndarray], sets: list[tuple[int, ...]]
) -> tuple[np.ndarray, np.ndarray]:
    """Give the size and the number of the squares that chance adds to each block; last, to all blocks together.

    A share is a sum of squares of coefficients, which are near normal even where it is nought. Their spread is
    taken from the scores, summed within units. A block has coefficients in every order of entry, which move
    together, so that the squares are fewer than they look and unlike: they are counted as so many alike squares as
    have the same mean and variance.

    Parameters
    ----------
    whole : array (columns, columns)
        Centred cross-products of all data, the outcome last.
    each : array (units, columns, columns)
        What each unit adds to them.
    spans : list of array
        Columns of each block.
    sets : list of tuple
        All sets of blocks.

    Returns
    -------
    tuple of array
        Mean of one square, as a share of all differences; number of squares, which need not be whole.

    References
    ----------
    Satterthwaite FE (1946), Biometrics Bull 2:110-114.

    Examples
    --------
    >>> data = np.random.default_rng(0).normal(size=(100, 2))
    >>> data = data - data.mean(axis=0)
    >>> found = chance_shares(data.T @ data, data[:, :, None] * data[:, None], [np.array([0])], [(0,)])
    >>> [part.round(2).tolist() for part in found]
    [[0.01, 0.01], [1.0, 1.0]]
    """
    size = len(spans)
    moves: list[list[np.ndarray]] = [[np.zeros((len(each), 1))] for _ in range(size + 1)]
    for chosen in sets:
        members = np.concatenate([spans[i] for i in chosen])
        if not len(members):
            continue
        inverse = np.linalg.inv(ridged(whole[None], members)[0])
        scores = each[:, members, -1] - each[:, members[:, None], members] @ (inverse @ whole[members, -1])
        weight = math.factorial(len(chosen) - 1) * math.factorial(size - len(chosen)) / math.factorial(size)
        for block in chosen:
            own = np.isin(members, spans[block])
            moves[block].append(
                math.sqrt(weight) * _whitened(scores @ inverse[:, own], inverse[np.ix_(own, own)])
            )
        if len(chosen) == size:
            moves[-1].append(_whitened(scores @ inverse, inverse))
    return _alike_squares([np.concatenate(m, axis=1) for m in moves], float(whole[-1, -1]))


def _whitened(moved: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Turn changes of coefficients into changes whose squares add up to the variance explained."""
    return np.asarray(moved @ np.linalg.inv(np.linalg.cholesky(spread)).T)


def _alike_squares(moves: list[np.ndarray], total: float) -> tuple[np.ndarray, np.ndarray]:
    """Give size and number of alike squares with the mean and variance of those the units' moves make."""
    spreads = [m.T @ m * len(m) / max(len(m) - 1, 1) / total for m in moves]
    means = np.array([np.trace(s) for s in spreads])
    squares = np.array([np.sum(s * s) for s in spreads])
    some = squares > 0
    return (
        np.divide(squares, means, out=np.zeros(len(moves)), where=some),
        np.divide(means**2, squares, out=np.ones(len(moves)), where=some),
    )


def near_nought(
    share: float, size: float, squares: float, freedom: float, level: float
) -> tuple[float, float]:
    """Give the ends of a share from the F distribution it follows, turned about its noncentrality.

    The upper end is never less than where chance alone is found: no interval is made surer by a share below it.
    Truths so small that they are therefore never missed from above have all of the tail on the other side.

    Parameters
    ----------
    share : float
        Share explained, not adjusted for the number of parameters.
    size, squares : float
        Of what chance adds, from `chance_shares`.
    freedom : float
        Degrees of freedom of the error.
    level : float
        Confidence level.

    References
    ----------
    Steiger JH (2004), Psychol Methods 9:164-182.

    Examples
    --------
    >>> [round(end, 3) for end in near_nought(0.03, 0.004, 1.0, 200, 0.95)]
    [0.005, 0.089]
    """
    if size <= 0:
        return (share, share)
    ratio, tail = share / (squares * size), (1 - level) / 2
    turn = partial(special.ncfdtrinc, squares, freedom)
    least, low, lower = turn(tail, 1.0), turn(1 - 2 * tail, ratio), turn(1 - tail, ratio)
    high = turn(tail, max(ratio, 1.0))
    low = low if low < least else max(lower, least)
    return min(size * float(low), 1.0), min(size * float(high), 1.0)


def share_intervals(
    found: tuple[np.ndarray, np.ndarray],
    plain: np.ndarray,
    chances: tuple[np.ndarray, np.ndarray],
    *,
    freedom: float,
    level: float,
) -> np.ndarray:
    """Give the ends of each share, between 0 and 1: on Fisher's scale where it is clear of nought, else by F.

    Parameters
    ----------
    found : tuple of array
        Adjusted share of each block and of all together, and their standard errors.
    plain : array
        The shares, not adjusted for the number of parameters.
    chances : tuple of array
        Size and number of the squares that chance adds, from `chance_shares`.
    freedom, level
        As above.

    Returns
    -------
    array (shares, 2)

    Examples
    --------
    >>> shares = np.array([0.2, 0.0]), np.array([0.05, 0.001])
    >>> chances = np.array([0.004, 0.004]), np.array([1.0, 1.0])
    >>> share_intervals(shares, shares[0], chances, freedom=200, level=0.95).round(2).tolist()
    [[0.11, 0.3], [0.0, 0.04]]
    """
    quantile, ends = float(stats.t.ppf(0.5 + level / 2, freedom)), []
    for share, error, whole, size, squares in zip(*found, plain, *chances, strict=True):
        half = quantile * error
        if share <= max(half, CLEAR * size):
            low, high = near_nought(float(whole), float(size), float(squares), freedom, level)
            ends.append((min(low, max(share, 0.0)), max(high, min(share, 1.0))))
        elif share >= 1:
            ends.append((max(1 - half, 0.0), 1.0))
        else:
            middle, half = np.arctanh(np.sqrt(share)), half / (2 * np.sqrt(share) * (1 - share))
            ends.append((np.tanh(max(middle - half, 0.0)) ** 2, np.tanh(middle + half) ** 2))
    return np.array(ends)
