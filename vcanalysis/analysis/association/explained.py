"""Share of the differences in cost that each block of facts explains: Shapley (LMG) decomposition."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Literal

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.design import POOLED, RARE
from vcanalysis.analysis.association.small_shares import (
    about_the_mean,
    chance_shares,
    ridged,
    share_intervals,
)
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters, unit_sums
from vcanalysis.core.columns import cost_column, holds_numbers, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_interval, write_number

METHOD = "Shapley (LMG) share of adjusted R squared; jackknife interval on Fisher's scale, by F near 0"
_SAME = "it is the same for all children"
MOST_LEFT_OUT = 400  # more clusters are left out in random groups
Parts = tuple[np.ndarray, np.ndarray, np.ndarray]  # shares, their errors, their ends


@dataclass(frozen=True, slots=True)
class Explained:
    """What explains the differences in cost: one estimate per block, and all together.

    Parameters
    ----------
    blocks : Estimates
        Share of the variance of cost each block explains, in the order given.
    together : Estimate
        Share explained by all blocks; the rest is not explained by anything recorded.
    scale : str
        "log" or "pounds": what the variance is of.
    """

    blocks: Estimates
    together: Estimate
    scale: str

    def frame(self) -> pd.DataFrame:
        """Give one tidy row per block and one for all together."""
        return Estimates((*self.blocks.items, self.together)).frame()

    def sentence(self) -> str:
        """Say how much all blocks explain, then each."""
        if not self.together.estimable:
            return self.together.sentence()
        parts = ", ".join(f"{e.group} {write_number(e.value, 'share')}" for e in self.ordered())
        return f"{self.together.sentence()} Of all differences, {parts}."

    def headline(self) -> str:
        """Say which block explains most, for the head of a picture."""
        if not self.together.estimable:
            return "What explains the cost cannot be told from these data"
        first = self.ordered()[0]
        return f"{first.group} explains most: {write_number(first.value, 'share')} of the differences in cost"

    def words(self, block: str) -> str:
        """Write one block's share with its interval: "4.1% (0.9% to 8.2%)"."""
        share = self.blocks.group(block)
        if not share.estimable:
            return write_number(None, "share")
        return f"{write_number(share.value, 'share')} ({write_interval(share.low, share.high, 'share')})"

    def ordered(self) -> list[Estimate]:
        """Give the blocks, the one that explains most first."""
        return sorted(self.blocks, key=lambda e: -(e.value or 0.0))


def _design(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Code columns as numbers: categories as indicators, rare ones pooled, gaps as a level of their own."""
    parts = []
    for name in columns:
        column = frame[name]
        if holds_numbers(column):
            values = column.to_numpy(dtype="float64", na_value=np.nan)
            gaps = np.isnan(values)
            parts.append(np.where(gaps, np.nanmean(values) if (~gaps).any() else 0.0, values)[:, None])
            if gaps.any():
                parts.append(gaps.astype(float)[:, None])
        else:
            codes = pd.factorize(_pooled(column.astype("str").where(column.notna(), "(missing)")))[0]
            parts.append((codes[:, None] == np.arange(1, codes.max(initial=0) + 1)).astype(float))
    return np.concatenate(parts, axis=1) if parts else np.empty((len(frame), 0))


def _pooled(names: pd.Series) -> pd.Series:
    """Pool rare categories; those too few even so count with the most frequent, whatever any is called."""
    counts = names.value_counts()
    rare = names.map(counts) < RARE
    most = min(counts.index, key=lambda name: (-counts[name], name), default="")
    return names.mask(rare, POOLED if int(rare.sum()) >= RARE else most)


def independent(design: np.ndarray) -> np.ndarray:
    """Give an orthonormal basis of the centred design, so that collinear columns count once."""
    centred = design - design.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    keep = values > 1e-9 * max(values[0], 1e-300) if len(values) else np.zeros(0, dtype=bool)
    return left[:, keep] * math.sqrt(len(design))


def _r_squared(cross: np.ndarray, members: np.ndarray, *, rank: int, n: np.ndarray) -> np.ndarray:
    """R squared adjusted for its parameters, from a stack of cross-product matrices (outcome last)."""
    if not len(members):
        return np.zeros(len(cross))
    side, total = cross[:, members, -1], cross[:, -1, -1]
    solved = np.linalg.solve(ridged(cross, members), side[..., None])[..., 0]
    explained = np.minimum(np.sum(solved * side, axis=1) / np.maximum(total, 1e-300), 1.0)
    return 1 - (1 - explained) * (n - 1) / np.maximum(n - 1 - rank, 1)


def _shapley(
    cross: np.ndarray, spans: list[np.ndarray], ranks: dict[tuple[int, ...], int], n: np.ndarray
) -> np.ndarray:
    """Average what each block adds over all orders of entry; the last column is all blocks together."""
    size = len(spans)
    worth: dict[tuple[int, ...], np.ndarray] = {(): np.zeros(len(cross))}
    for chosen, rank in ranks.items():
        worth[chosen] = _r_squared(cross, np.concatenate([spans[i] for i in chosen]), rank=rank, n=n)
    shares = np.zeros((len(cross), size + 1))
    for chosen, value in worth.items():
        weight = (
            math.factorial(len(chosen)) * math.factorial(size - len(chosen) - 1) if len(chosen) < size else 0
        )
        for block in set(range(size)) - set(chosen):
            gain = worth[tuple(sorted((*chosen, block)))] - value
            shares[:, block] += gain * weight / math.factorial(size)
    shares[:, -1] = worth[tuple(range(size))]
    return shares


def _ranks(data: np.ndarray, spans: list[np.ndarray]) -> dict[tuple[int, ...], int]:
    """Count the free parameters of every set of blocks that has any."""
    sets = [c for size in range(1, len(spans) + 1) for c in combinations(range(len(spans)), size)]
    gram = data.T @ data
    ranks = {}
    for chosen in sets:
        members = np.concatenate([spans[i] for i in chosen])
        values = np.linalg.eigvalsh(gram[np.ix_(members, members)]) if len(members) else np.zeros(1)
        ranks[chosen] = int((values > 1e-9 * max(values[-1], 1e-300)).sum())
    return ranks


def _products(data: np.ndarray, units: Units) -> tuple[np.ndarray, np.ndarray]:
    """Add up rows and their cross-products within units: shapes (units, columns) and (units, columns squared)."""
    squares = [unit_sums(data * data[:, [column]], units) for column in range(data.shape[1])]
    return unit_sums(data, units), np.stack(squares, axis=1).reshape(units.count, -1)


def _cross(rows: np.ndarray, sums: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Give centred cross-product matrices from counts, sums and products of rows."""
    size = sums.shape[1]
    return products.reshape(-1, size, size) - sums[:, :, None] * sums[:, None, :] / rows[:, None, None]


def left_out(units: Units, seed: int) -> Units:
    """Give what is left out at a time: each unit, or random groups of many."""
    if units.count <= MOST_LEFT_OUT:
        return units
    group = np.random.default_rng([seed, units.count]).permutation(units.count) % MOST_LEFT_OUT
    return Units(group[units.codes], MOST_LEFT_OUT, units.clusters)


def _empty(blocks: dict[str, list[str]], n: int, reason: str, scale: str) -> Explained:
    def none(term: str, group: str) -> Estimate:
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=METHOD)

    each = Estimates.of(none("Share of cost explained", name) for name in blocks)
    return Explained(each, none("Share of the differences in cost explained by all together", "all"), scale)


def share_explained(
    frame: pd.DataFrame,
    *,
    cost: str,
    blocks: dict[str, list[str]],
    scale: Literal["log", "pounds"] = "log",
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Explained:
    """Share of the differences in weekly cost explained by need, age, placement type and the like.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a cost are left out.
    cost : str
        Weekly cost, pounds; on the log scale costs of zero are left out.
    blocks : dict of str to list of str
        Name of each block and its columns. Text and categories enter as indicators (categories of fewer
        than 5 children pooled; if fewer than 5 even so, counted with the most frequent), numbers linearly, a
        missing value as a level of its own.
    scale : {"log", "pounds"}
        Whether to explain log cost (ratios of prices) or pounds (where the dearest weigh most).
    cluster : str
        Column of what children share; whole clusters are left out. Without it each child stands alone.
    level : float
        Confidence level.
    seed : int
        Seed of the random groups left out where there are more than 400 clusters.

    Returns
    -------
    Explained
        Shares that add up to the share explained by all together (but for a share cut at 0 or 1), with intervals.

    Raises
    ------
    InputError
        If a column is missing, or costs are not numbers of at least 0.

    Notes
    -----
    Each block is credited with what it adds, averaged over all orders in which the blocks could enter. R
    squared is adjusted for the number of parameters, so that a block of pure noise gets about 0; a share
    that comes out below 0 is shown as 0, above 1 as 1. The interval is by leaving out each cluster in turn,
    with t, on the scale on which the spread of a correlation hardly depends on its size (Fisher's z of the
    root of the share). Near 0, where the error of a share falls away with it, the error is that of the
    coefficients, and the F distribution of the share is turned about. Describes; does not say what causes
    the price.

    References
    ----------
    Lindeman RH, Merenda PF, Gold RZ (1980); Groemping U (2007), Am Stat 61:139-147; Kott PS
    (2001), J Off Stat 17:521-526, for leaving out groups; Steiger JH (2004), Psychol Methods 9:164-182.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": rng.normal(size=200), "age": rng.normal(size=200)})
    >>> frame["cost"] = np.exp(7 + frame["need"])
    >>> result = share_explained(frame, cost="cost", blocks={"Need": ["need"], "Age": ["age"]})
    >>> round(result.together.value, 3)
    1.0
    """
    require_columns(frame, cost, *(name for names in blocks.values() for name in names))
    pounds = cost_column(frame, cost)
    known = ~np.isnan(pounds) & ((pounds > 0) | (scale == "pounds"))
    rows, outcome = frame.loc[known], pounds[known]
    n = len(rows)
    bases = [independent(_design(rows, names)) for names in blocks.values()] if n else []
    parameters = sum(b.shape[1] for b in bases)
    if n < max(30, 2 * parameters):
        reason = f"at least {max(30, 2 * parameters)} priced children are needed for so many columns"
        return _empty(blocks, n, reason, scale)
    units = clusters_of(frame, known, cluster, seed)
    if reason := _unable(outcome, units, cluster):
        return _empty(blocks, min(n, units.clusters), reason, scale)
    data = np.column_stack([*bases, np.log(outcome) if scale == "log" else outcome])
    edges = np.cumsum([0, *(b.shape[1] for b in bases)])
    spans = [np.arange(a, b) for a, b in pairwise(edges)]
    parts = decompose(data, spans, left_out(units, seed), level)
    found = _explained(list(blocks), parts, n=n, level=level, scale=scale)
    each = [e if len(s) else e.unless_alike(reason=_SAME) for e, s in zip(found.blocks, spans, strict=True)]
    return replace(found, blocks=Estimates.of(each))


def decompose(data: np.ndarray, spans: list[np.ndarray], left: Units, level: float) -> Parts:
    """Give the share of each block and of all together, their standard errors, and the ends of their intervals."""
    ranks = _ranks(data[:, :-1], spans)
    counts, (sums, products) = np.bincount(left.codes).astype(float), _products(data, left)
    rows, all_sums, all_products = (x.sum(axis=0, keepdims=True) for x in (counts, sums, products))
    whole = _cross(rows, all_sums, all_products)
    without = _cross(rows - counts, all_sums - sums, all_products - products)
    shares, plain = (_shapley(whole, spans, r, rows)[0] for r in (ranks, dict.fromkeys(ranks, 0)))
    errors = np.std(_shapley(without, spans, ranks, rows - counts), axis=0) * math.sqrt(left.count - 1)
    chances = chance_shares(whole[0], about_the_mean(counts, sums, products), spans, list(ranks))
    freedom = max(min(left.count - 1, len(data) - data.shape[1]), 1)
    return shares, errors, share_intervals((shares, errors), plain, chances, freedom=freedom, level=level)


def _unable(outcome: np.ndarray, units: Units, cluster: str) -> str:
    return (
        "the cost is the same for all children" if np.ptp(outcome) == 0 else too_few_clusters(units, cluster)
    )


def _explained(names: list[str], parts: Parts, *, n: int, level: float, scale: str) -> Explained:
    shares, errors, ends = parts

    def estimate(index: int, term: str, group: str) -> Estimate:
        value, (low, high) = float(np.clip(shares[index], 0.0, 1.0)), ends[index].tolist()
        return Estimate(
            term, value, low, high, level, n, "share", METHOD, group, float(errors[index]), support=n
        )

    each = Estimates.of(estimate(i, "Share of cost explained", name) for i, name in enumerate(names))
    words = "Share of the differences in cost explained by all together"
    return Explained(each, estimate(len(names), words, "all"), scale)
