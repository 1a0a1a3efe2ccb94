"""Where children in homes and in families overlap: only there can one say what a comparable child does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from vcanalysis.analysis.stepdown.design import Recipe, profile_distance

Array = np.ndarray
INSIDE = "comparable"
BELOW = "no family cares for a child with so low a score"
ABOVE = "hardly a child in a home has so high a score"
UNLIKE = "too few children in families have a like profile"
REGIONS = (INSIDE, BELOW, ABOVE, UNLIKE)
_FAR = 0.95  # a child is unlike the others beyond the distance that this share of children in families keeps


@dataclass(frozen=True, slots=True)
class Overlap:
    """Where each child stands.

    Parameters
    ----------
    region : array of str
        One of `REGIONS` for each row.
    low, high : float
        Scores between which both groups are found.
    reach : float
        Distance within which so many children in families must be.
    """

    region: Array
    low: float
    high: float
    reach: float

    @property
    def fitted(self) -> Array:
        """Rows the probability is fitted to: both groups are found there."""
        return np.asarray(self.region == INSIDE)


def find_overlap(read: pd.DataFrame, outcome: Array, cluster: Array, score: Array, recipe: Recipe) -> Overlap:
    """Say which children have their like in both groups.

    Parameters
    ----------
    read : DataFrame
        Columns of the recipe without gaps.
    outcome, cluster : array
        1 for a child in a family, 0 in a home; number of the child.
    score : array of float
        How much each is like a child in a family, from models that did not see it.
    recipe : Recipe
        How many children must lie beyond, or near.

    Returns
    -------
    Overlap
        A score is common where at least so many children in families lie below it and as many in homes above.
        A profile is common where as many children in families are as near as nearly all of them are to each other.

    References
    ----------
    Dehejia RH, Wahba S (1999), J Am Stat Assoc 94:1053-1062, for the common range; Crump RK et al. (2009), Biometrika
    96:187-199, for why it is cut.
    """
    family = outcome == 1
    place = min(recipe.nearest, len(np.unique(cluster[family])), len(np.unique(cluster[~family]))) - 1
    low = np.sort(_by_child(score[family], cluster[family], np.min))[place]
    high = np.sort(_by_child(score[~family], cluster[~family], np.max))[::-1][place]
    distance = distance_to_families(read, outcome, cluster, recipe)
    reach = float(np.quantile(distance[family], _FAR))
    rules = [distance > reach, score < low, score > high]
    region = np.select(rules, [UNLIKE, BELOW, ABOVE], default=INSIDE)
    return Overlap(region, float(low), float(high), reach)


def _by_child(score: Array, cluster: Array, take: object) -> Array:
    """Give one score a child: its least or greatest."""
    return pd.Series(score).groupby(cluster).agg(take).to_numpy()  # type: ignore[arg-type]


def distance_to_families(read: pd.DataFrame, outcome: Array, cluster: Array, recipe: Recipe) -> Array:
    """Distance of each row to the last of the nearest other children in families, in standard deviations."""
    points, family = profile_distance(read, recipe), np.flatnonzero(outcome == 1)
    rows = np.bincount(cluster[family]).max() * (recipe.nearest + 1)
    near = NearestNeighbors(n_neighbors=min(rows, len(family))).fit(points[family])
    far, which = near.kneighbors(points)
    owner = cluster[family][which]
    # each child once, and never the child itself
    fresh = owner != cluster[:, None]
    order = np.argsort(owner, axis=1, kind="stable")
    first = np.take_along_axis(owner, order, 1)
    again = np.zeros_like(fresh)
    np.put_along_axis(
        again, order, np.column_stack([np.zeros(len(owner), bool), first[:, 1:] == first[:, :-1]]), 1
    )
    counted = np.cumsum(fresh & ~again, axis=1)
    enough = counted >= recipe.nearest
    last = np.where(enough.any(axis=1), enough.argmax(axis=1), far.shape[1] - 1)
    return np.asarray(np.where(enough.any(axis=1), far[np.arange(len(far)), last], np.inf))
