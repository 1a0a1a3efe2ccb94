"""How long a child would have stayed in the home without the programme: the council's own history, and its error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.survival.curve import Survival, kaplan_meier
from vcanalysis.core.survival.history import Array, Watch

_CELLS = 4_000_000  # weights held at once: 32 MB
_NEARLY = 1e-12  # stands for nobody left where all at risk leave on one day: later days keep their own hazard


@dataclass(frozen=True)
class Staying:
    """Natural stays in homes, from children who were not in the programme.

    Parameters
    ----------
    curve : Survival
        The share of children still in a home by days since they came.

    Notes
    -----
    A child who had been there `entry` days stays another `t` with probability S(entry + t) / S(entry). Beyond the
    longest stay watched the council's history says nothing: from there on the child counts as having left, so that
    no saving is claimed.
    """

    curve: Survival

    @property
    def why_not(self) -> str:
        """Why the history does not say how long children stay; empty where it does."""
        return self.curve.history.why_not()

    @property
    def last(self) -> float:
        """Longest stay watched, in days."""
        return float(self.curve.history.exit.max(initial=0.0))

    @cached_property
    def _log(self) -> Array:
        found = self.curve.found
        hazard = found.all_ends / found.at_risk if len(found.time) else np.zeros(0)
        return np.concatenate([[0.0], np.cumsum(np.log(np.maximum(1 - hazard, _NEARLY)))])

    def still_there(self, entry: Array, after: Array) -> Array:
        """Probability of still being in the home some days after the move, given the days there before it."""
        time = self.curve.found.time
        now, then = (self._log[np.searchsorted(time, days, side="right")] for days in (entry, entry + after))
        return np.where(entry + after < self.last, np.exp(then - now), 0.0)

    def leaving(self, entry: Array, *, replicates: int, seed: int) -> Array:
        """Draw the day after the move on which each child would have left, shape (replicates, children).

        Each replicate draws a curve anew (Bayesian bootstrap over the children of the history), then a day for each
        child: the error of the curve and the luck of the children are both in it.

        References
        ----------
        Rubin DB (1981), Ann Stat 9:130-134; Lo AY (1993), Ann Stat 21:100-123, for censored data.
        """
        rng, history = np.random.default_rng(seed), self.curve.history
        times = np.append(self.curve.found.time, np.inf)
        begin = np.searchsorted(times, entry, side="right")
        drawn = np.empty((replicates, len(entry)), dtype="float32")  # whole days, and half the memory
        step = max(1, _CELLS // max(len(history), len(entry), 1))
        for first in range(0, replicates, step):
            rows = slice(first, min(first + step, replicates))
            lost = self._lost(rng.exponential(size=(rows.stop - rows.start, int(history.cluster.max()) + 1)))
            target = lost[:, begin] + rng.exponential(size=(len(lost), len(entry)))
            found = [np.searchsorted(one, all_, side="left") for one, all_ in zip(lost, target, strict=True)]
            ends = np.minimum(times[np.minimum(found, len(times)) - 1], self.last)
            drawn[rows] = np.maximum(ends - entry, 0.0)
        return drawn

    def _lost(self, cluster_weight: Array) -> Array:
        """Give minus the logarithm of the curve after each end, for each row of weights of the children."""
        history, time = self.curve.history, self.curve.found.time
        weight = cluster_weight[:, history.cluster]
        entered, left = (_weight_before(days, weight, time) for days in (history.entry, history.exit))
        ended = np.flatnonzero(history.ended())
        ended = ended[np.argsort(history.exit[ended], kind="stable")]
        ends = np.add.reduceat(weight[:, ended], np.searchsorted(history.exit[ended], time), axis=1)
        hazard = ends / np.maximum(entered - left, ends)
        gone = -np.cumsum(np.log(np.maximum(1 - hazard, _NEARLY)), axis=1)
        return np.concatenate([np.zeros((len(gone), 1)), gone], axis=1)

    def at(self, weeks: float) -> Estimate:
        """Share of children who still live in a home so many weeks after coming, with its interval."""
        return self.curve.at(
            7 * weeks, term=f"Still in a home {weeks:g} weeks after coming, without a programme"
        )


def _weight_before(days: Array, weight: Array, time: Array) -> Array:
    """Sum each row's weights of stays whose day lies before each time."""
    order = np.argsort(days, kind="stable")
    sums = np.pad(np.cumsum(weight[:, order], axis=1), ((0, 0), (1, 0)))
    return np.asarray(sums[:, np.searchsorted(days[order], time, side="left")])


def natural_stays(frame: pd.DataFrame, *, level: float = 0.95, of: str = "stays in homes") -> Staying:
    """Estimate how long children stay in residential homes when no programme looks for a family.

    Parameters
    ----------
    frame : DataFrame
        One row per stay: ``child_id``, ``entry_days`` (since it began, when watching began), ``exit_days`` (when it
        ended or watching did) and ``left`` (true where it ended). `stays_in_homes` gives it.
    level : float
        Confidence level of the curve.
    of : str
        What the rows are, in words.

    Returns
    -------
    Staying
        ``.at(weeks)`` says the share still there.

    Raises
    ------
    InputError
        If a column is missing or a stay ends before it is entered.

    References
    ----------
    Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, with delayed entry.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": range(20), "entry_days": 0, "exit_days": range(10, 210, 10), "left": True})
    >>> natural_stays(rows).still_there(np.array([100.0]), np.array([50.0])).round(2).tolist()
    [0.5]
    """
    watch = Watch("exit_days", "left", entry="entry_days", cluster="child_id", of=of)
    return Staying(kaplan_meier(frame, watch, level=level))
