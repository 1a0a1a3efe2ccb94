"""Who was at risk when an end happened, and what each placement contributes to an estimate.

statsmodels' `SurvfuncRight` and `CumIncidenceRight` know no clusters, and the second no delayed entry; the tests hold
curves and errors against R's survival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from vcanalysis.core.survival.history import Array, History


@dataclass(frozen=True, slots=True)
class Steps:
    """The times at which placements ended, in order, shape (times,) unless said.

    Parameters
    ----------
    time : array of float
        Distinct times of an end.
    at_risk : array of float
        Placements under watch just before.
    ends : array of float, shape (times, kinds)
        Ends of each kind.
    staying : array of float
        Kaplan-Meier estimate just after.
    before : array of float
        The same just before.
    """

    time: Array
    at_risk: Array
    ends: Array
    staying: Array
    before: Array

    @property
    def all_ends(self) -> Array:
        """Ends of all kinds."""
        return self.ends.sum(axis=1)

    def incidence(self) -> Array:
        """Aalen-Johansen cumulative incidence of each kind just after each time, shape (times, kinds)."""
        rate = self.ends / self.at_risk[:, None]
        return np.cumsum(self.before[:, None] * rate, axis=0)

    def upto(self, day: float) -> int:
        """Count the times up to and with a day."""
        return int(np.searchsorted(self.time, day, side="right"))


def at_risk(history: History, times: Array) -> Array:
    """Count the placements under watch just before each time: entered before it, not yet left."""
    entered = np.searchsorted(np.sort(history.entry), times, side="left")
    left = np.searchsorted(np.sort(history.exit), times, side="left")
    return (entered - left).astype(float)


def steps(history: History) -> Steps:
    """Count risk sets and ends, and follow the share that stays (Kaplan-Meier with delayed entry)."""
    ended = history.ended()
    time, place = np.unique(history.exit[ended], return_inverse=True)
    kinds = max(len(history.kinds), 1)
    cells = np.bincount(place * kinds + history.kind[ended], minlength=len(time) * kinds)
    ends = cells.reshape(len(time), kinds).astype(float)
    risk = at_risk(history, time)
    staying = np.cumprod(1 - ends.sum(axis=1) / risk)
    return Steps(time, risk, ends, staying, np.concatenate([[1.0], staying[:-1]]))


def _inverse(numbers: Array) -> Array:
    """Give 1/x, nought where x is nought."""
    return np.divide(1.0, numbers, out=np.zeros_like(numbers), where=numbers > 0)


def influence(history: History, found: Steps, weight: Array, *, kind: int = -1) -> Array:
    """Give what each placement adds to a weighted sum of hazard increments, shape (placements,).

    The sum is over times of ``weight * (own ends - at risk * ends / all at risk)``: the martingale increments of a
    placement. Every estimate here is a smooth function of the hazards, so its infinitesimal jackknife is such a sum.

    Parameters
    ----------
    history : History
        The placements.
    found : Steps
        Their risk sets.
    weight : array of float, shape (times,)
        Weight of each increment.
    kind : int
        Kind of end; any kind when -1.
    """
    ends = found.all_ends if kind < 0 else found.ends[:, kind]
    drift = np.concatenate([[0.0], np.cumsum(weight * ends / found.at_risk)])
    first = np.searchsorted(found.time, history.entry, side="right")
    last = np.searchsorted(found.time, history.exit, side="right")
    own = history.kind >= 0 if kind < 0 else history.kind == kind
    gain = np.zeros(len(history))
    gain[own] = weight[last[own] - 1]
    return gain - (drift[last] - drift[first])


def clustered_variance(history: History, contributions: Array) -> float:
    """Variance of a sum of contributions, those of a cluster added first."""
    sums = np.bincount(history.cluster, weights=contributions)
    return float(sums @ sums)


def staying_weight(found: Steps, day: float) -> Array:
    """Weights whose influence is that on the share staying on a day."""
    upto = found.upto(day)
    last = found.staying[upto - 1] if upto else 1.0
    left = found.at_risk - found.all_ends
    return np.asarray(np.where(np.arange(len(found.time)) < upto, -last * _inverse(left), 0.0))


def mean_weight(found: Steps, until: float) -> Array:
    """Weights whose influence is that on the mean time in placement up to a limit."""
    left = found.at_risk - found.all_ends
    return np.asarray(-area_after(found, until) * _inverse(left))


def incidence_weights(found: Steps, kind: int, day: float) -> tuple[Array, Array]:
    """Weights of ends of the kind and of all ends, whose influences add to that on the incidence on a day."""
    upto = found.upto(day)
    inside = np.arange(len(found.time)) < upto
    incidence = found.incidence()[:, kind]
    last = incidence[upto - 1] if upto else 0.0
    own = np.where(inside, found.before / found.at_risk, 0.0)
    lost = np.where(inside, -(last - incidence) * _inverse(found.at_risk - found.all_ends), 0.0)
    return own, lost


def area_after(found: Steps, until: float) -> Array:
    """Area under the curve from each time to a limit, nought for later times."""
    ends = np.minimum(np.append(found.time[1:], np.inf), until)
    pieces = found.staying * np.maximum(ends - np.minimum(found.time, until), 0.0)
    return np.asarray(np.cumsum(pieces[::-1])[::-1])


def greenwood(found: Steps) -> Array:
    """Increments of Greenwood's variance of the logarithm of the share staying."""
    left = found.at_risk - found.all_ends
    return np.asarray(found.all_ends * _inverse(found.at_risk * left))


def most_staying(history: History, found: Steps, day: float, level: float) -> float:
    """Upper end of the share staying on a day by which all had ended: the beta product of Fay and others.

    Without censoring it is that of Clopper and Pearson for none of so many; an end while few were still watched adds
    little. Placements that share clusters count as so many clusters.

    References
    ----------
    Fay MP, Brittain EH, Proschan MA (2013), Biostatistics 14:723-736, by the method of moments.
    """
    upto, alone = found.upto(day), history.clusters / len(history)
    risk = alone * found.at_risk[:upto]
    left = risk - alone * found.all_ends[:upto] + 1
    mean = float(np.prod(left / (risk + 1)))
    square = float(np.prod(left * (left + 1) / ((risk + 1) * (risk + 2))))
    size = (mean - square) / (square - mean**2)
    return float(stats.beta.ppf(0.5 + level / 2, mean * size, (1 - mean) * size))


def stood_for(history: History, found: Steps, day: float) -> float:
    """Placements that those watched stand for, at the fewest by a day: they bound a kind of end never seen.

    Those at risk stand for all of whom they are the share staying; without censoring, for all there were.
    """
    upto = found.upto(day)
    risk = np.append(found.at_risk[:upto], at_risk(history, np.array([day])))
    before = np.concatenate([[1.0], found.staying])[: upto + 1]
    seen = (risk > 0) & (before > 0)
    return float((risk[seen] / before[seen]).min()) * history.clusters / len(history)
