"""How sure a coefficient is when children share clusters, some of which may decide it almost alone.

Within the only cluster of a category residuals add up to nought, so that its error seems nought too. What a cluster
holds of a column says so: errors are made up for it (CR2), and degrees of freedom count the clusters, by their size,
that a coefficient rests on, not all there are. statsmodels has neither; the tests hold both against R's clubSandwich.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vcanalysis.core.clusters import FEWEST_CLUSTERS, Units, unit_sums
from vcanalysis.core.columns import say_column

SHARED = (
    0.5  # of what sets children apart is taken as shared within clusters, for the degrees of freedom only
)
_ALL = 1 - 1e-8  # a share of a column above which a cluster holds it all
_NONE = 1e-6  # of a contrast below which its part in a direction is rounding


class Rests(NamedTuple):
    """What an error rests on.

    Parameters
    ----------
    freedom : float
        Degrees of freedom; 0 where one cluster decides.
    short : float
        Factor, 1 or more, by which the error (CR2) falls short where clusters are unlike in size.
    """

    freedom: float
    short: float


@dataclass(frozen=True, slots=True)
class Leverage:
    """What each cluster holds of the columns of a regression.

    Parameters
    ----------
    root : array (k, k)
        Turns the columns into ones of unit (weighted) cross-product.
    share, axes : array (units, k) and (units, k, k)
        How much of each of some directions a cluster holds, 0 to 1, and the directions.
    level : array (units, k)
        Weighted sums of the turned columns.
    units : Units
        The clusters.
    """

    root: np.ndarray
    share: np.ndarray
    axes: np.ndarray
    level: np.ndarray
    units: Units

    @classmethod
    def of(cls, matrix: np.ndarray, weight: np.ndarray, units: Units) -> Leverage:
        """Take the shares of a regression with columns of full rank, and the weight of each child in it.

        Examples
        --------
        >>> found = Leverage.of(np.ones((4, 1)), np.ones(4), Units(np.array([0, 0, 0, 1]), 2, 2))
        >>> found.share.round(6).tolist()
        [[0.75], [0.25]]
        """
        root = np.linalg.cholesky(np.linalg.inv((matrix * weight[:, None]).T @ matrix))
        tidy = matrix @ root
        parts = [unit_sums(tidy * (weight * column)[:, None], units) for column in tidy.T]
        share, axes = np.linalg.eigh(np.stack(parts, axis=1))
        return cls(root, np.clip(share, 0.0, 1.0), axes, unit_sums(tidy * weight[:, None], units), units)

    def felt(self, score: np.ndarray) -> np.ndarray:
        """Give what each cluster adds to the error of the coefficients, made up for what it holds (CR2; HC2 alone).

        Parameters
        ----------
        score : array (children, k)
            Rows add up to 0 at the fit.

        Returns
        -------
        array (units, k)
            Their cross-product is the covariance of the coefficients.

        References
        ----------
        Bell RM, McCaffrey DF (2002), Surv Methodol 28:169-181; Pustejovsky JE, Tipton E (2018), J Bus Econ Stat
        36:672-683.

        Examples
        --------
        >>> alone, ones = Units(np.arange(3), 3, 3), np.ones((3, 1))
        >>> Leverage.of(ones, np.ones(3), alone).felt(np.array([[1.0], [-1.0], [0.0]])).round(3).tolist()
        [[0.408], [-0.408], [0.0]]
        """
        return self._made_up(unit_sums(score, self.units) @ self.root) @ self.root.T

    def rests(self, along: np.ndarray, shared: float = SHARED) -> Rests:
        """Say what the error of a weighted sum of the coefficients rests on.

        Parameters
        ----------
        along : array (k,)
            The weights: a one and noughts for a coefficient.
        shared : float
            Share of what sets children apart that those of a cluster have in common.

        Notes
        -----
        As if children varied alike, half of it shared within clusters. Satterthwaite's degrees of freedom: with k of 24
        providers of one size in a category 1.2, 4.3 and 14 for k of 2, 4 and 8; a provider of half its children brings
        them near 2 however many others there are. There the error is too small too, and is made up for that.

        References
        ----------
        Bell RM, McCaffrey DF (2002), Surv Methodol 28:169-181; Imbens GW, Kolesar M (2016), Rev Econ Stat 98:701-712.

        Examples
        --------
        >>> ones, few = np.ones((8, 1)), Units(np.arange(8) // 2, 4, 4)
        >>> found = Leverage.of(ones, np.ones(8), few).rests(np.array([1.0]))
        >>> round(found.freedom, 3), round(found.short, 3)
        (3.0, 1.0)
        """
        turned = self.root.T @ along
        inside = np.einsum("gji,j->gi", self.axes, turned)
        if np.any((self.share > _ALL) & (np.abs(inside) > _NONE * np.linalg.norm(turned))):
            return Rests(0.0, 1.0)
        weights = self._made_up(np.broadcast_to(turned, self.level.shape))
        pulled = np.einsum("gij,gj->gi", self.axes, self.share * np.einsum("gji,gj->gi", self.axes, weights))
        own, whole = np.sum(weights * pulled, axis=1), np.sum(weights * self.level, axis=1)
        # the covariance of what clusters add is this diagonal, and sides x middle x sides' (never written out)
        diagonal, size = (1 - shared) * own + shared * whole**2, len(turned)
        sides, one = np.hstack([pulled, whole[:, None] * self.level]), np.eye(size)
        middle = np.block(
            [
                [shared * self.level.T @ self.level - (1 - shared) * one, -shared * one],
                [-shared * one, np.zeros((size, size))],
            ]
        )
        rest, square = np.einsum("gi,ij,gj->g", sides, middle, sides), middle @ (sides.T @ sides)
        trace = float(diagonal.sum() + rest.sum())
        freedom = trace**2 / float(diagonal @ (diagonal + 2 * rest) + np.trace(square @ square))
        true = (1 - shared) * float(turned @ turned) + shared * float(np.sum((self.level @ turned) ** 2))
        return Rests(freedom, float(np.sqrt(max(true / trace, 1.0))))

    def _made_up(self, vectors: np.ndarray) -> np.ndarray:
        """Divide by the root of what a cluster leaves to the others; where that is nothing, so is the vector."""
        turned = np.einsum("gji,gj->gi", self.axes, vectors)
        return np.einsum(
            "gij,gj->gi", self.axes, turned / np.sqrt(np.where(self.share > _ALL, 1.0, 1 - self.share))
        )


def hangs_on(freedom: float, cluster: str) -> str:
    """Say why an error of so few degrees of freedom is none; empty where it is one.

    Examples
    --------
    >>> hangs_on(0.0, "provider"), hangs_on(1.2, "provider"), hangs_on(2.6, "provider")
    ('it hangs on the children of one provider', 'it hangs on the children of fewer than 3 different values of \
provider, counted by size', '')
    """
    if freedom >= FEWEST_CLUSTERS - 1 - 1e-6:
        return ""
    if not cluster:
        return f"it hangs on fewer than {FEWEST_CLUSTERS} children"
    if freedom == 0:
        return f"it hangs on the children of one {say_column(cluster)}"
    return (
        f"it hangs on the children of fewer than {FEWEST_CLUSTERS} different values of {say_column(cluster)}, "
        "counted by size"
    )
