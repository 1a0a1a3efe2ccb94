"""Are there really that many groups? The bootstrap likelihood ratio test of one number against one fewer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.mixture import SMALLEST, Fits, find, fit, one_class, some_children
from vcanalysis.analysis.middle.patterns import Patterns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

METHOD = "parametric bootstrap of the likelihood ratio"
_AT_A_TIME = 20
_HALF = 0.5
_STARTS = 6  # from which each simulated council is given one group more
_ROUGH, _FINE = 0.5, 0.01  # gain in log likelihood at which a simulated council's starts, and the best, stop
_CLEARLY_NOT = 3  # exceedances among the first of the simulated councils that settle the question


@dataclass(frozen=True, slots=True)
class NumberTest:
    """Whether one group more is needed than the null has.

    Parameters
    ----------
    groups : int
        Groups with one more; the null has one fewer.
    statistic : float or None
        Twice the gain in log likelihood.
    p_value : Estimate
        Chance of a gain as large were there one group fewer; n counts children.
    replicates : int
        Simulated councils.
    """

    groups: int
    statistic: float | None
    p_value: Estimate
    replicates: int

    def sentence(self) -> str:
        """Say whether the further group is needed."""
        if self.p_value.value is None:
            return self.p_value.sentence()
        few, many = self.groups - 1, self.groups
        fewer = "one group" if few == 1 else f"{few} groups"
        chance = f"p = {self.p_value.value:.2f} from {self.replicates} simulated councils"
        if self.p_value.value < 0.05:
            return f"{many} groups fit better than {fewer} beyond what chance gives ({chance})."
        return f"Chance alone could make {many} groups fit better than {fewer} as much as they do ({chance})."


def check_number(
    classes: Classes, groups: int | None = None, *, replicates: int = 40, seed: int = 0
) -> NumberTest:
    """Test a number of groups against one fewer by simulating councils that have one fewer.

    Parameters
    ----------
    classes : Classes
        From `find_classes`.
    groups : int, optional
        Number to test against one fewer; the number chosen when absent.
    replicates : int
        Simulated councils. With 20, 40, 60 or 100 the test rejects just under 5% of the time when there is one
        group fewer. It stops after 20 when these settle that p lies above .05.
    seed : int
        Seed of starts and simulation.

    Returns
    -------
    NumberTest
        Not estimable when there are no groups to test.

    Raises
    ------
    InputError
        If groups is below 2 or replicates below 20.

    Notes
    -----
    Missing levels are missing in the simulated councils too. The council and the simulated ones are searched alike
    for the fit with a group more. Above 5,000 children the test is made on so many of them, drawn by lot.

    References
    ----------
    McLachlan GJ (1987), Appl Stat 36:318-324; Nylund KL, Asparouhov T, Muthen BO (2007), Struct Equ Modeling
    14:535-569.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.middle.classes import find_classes
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)[:, None]
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high, (200, 6)), columns=list("abcdef"))
    >>> check_number(find_classes(items, max_classes=2), replicates=20).sentence()
    '2 groups fit better than one group beyond what chance gives (p = 0.05 from 20 simulated councils).'
    """
    groups = max(classes.number, 2) if groups is None else groups
    if groups < 2 or replicates < _AT_A_TIME:
        raise InputError(
            f"groups {groups} and replicates {replicates} are refused: give 2 or more, and {_AT_A_TIME} or more."
        )
    if classes.patterns is None:
        reason = classes.shares[0].reason or "there are no groups"
        none = Estimate.not_estimable(
            "Chance of as good a fit", n=classes.shares[0].n, reason=reason, method=METHOD
        )
        return NumberTest(groups, None, none, 0)
    rng = np.random.default_rng([seed, groups])
    patterns = some_children(classes.patterns, rng)
    null = _null(classes, patterns, groups - 1, rng)
    statistic = float(_gain(patterns, null, patterns.ones[patterns.where][None], rng)[0])
    beaten, done = 0, 0
    while done < replicates and not (done == _AT_A_TIME and beaten >= _CLEARLY_NOT):
        size = min(_AT_A_TIME, replicates - done)
        beaten += int((_simulated(patterns, null, size, rng) >= statistic).sum())
        done += size
    chance = (1 + beaten) / (1 + done)
    method = f"{METHOD}, {done} replicates"
    found = Estimate(
        "Chance of as good a fit with one group fewer", chance, n=patterns.n, unit="ratio", method=method
    )
    return NumberTest(groups, statistic, found, done)


def _null(classes: Classes, patterns: Patterns, number: int, rng: np.random.Generator) -> Fits:
    if classes.number == number and classes.fitted is not None:
        found = classes.fitted
        return found if patterns is classes.patterns else fit(patterns, (found.shares, found.levels))
    return find(patterns, number, starts=20, rng=rng).best()


def _gain(patterns: Patterns, few: Fits, data: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Twice the log likelihood gained by one group more, for each data set with its fit of one fewer.

    The council and the simulated ones are searched alike, so that a search that stops short favours neither.
    """
    sets, n = data.shape[:2]
    ones, each = np.repeat(data, _STARTS, axis=0), np.ones((1, n))
    rough = fit(patterns, _splits(few, data, patterns, rng), counts=each, ones=ones, tolerance=_ROUGH)
    lead = rough.take(rough.likelihood.reshape(sets, _STARTS).argmax(axis=1) + _STARTS * np.arange(sets))
    many = fit(patterns, (lead.shares, lead.levels), counts=each, ones=data, tolerance=_FINE)
    return 2 * (many.likelihood - few.likelihood)


def _splits(
    few: Fits, data: np.ndarray, patterns: Patterns, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Give starts with one group more: each adds a group that leans to one child of its data set."""
    sets = len(data)
    child = rng.integers(0, data.shape[1], (sets, _STARTS))
    drawn = np.take_along_axis(data, child[:, :, None], axis=1).reshape(-1, data.shape[2])
    shares, levels = np.repeat(few.shares, _STARTS, axis=0), np.repeat(few.levels, _STARTS, axis=0)
    size = np.exp(rng.uniform(np.log(0.05), np.log(0.5), (sets * _STARTS, 1)))
    leaning = np.log(np.maximum(0.5 * patterns.shares() + 0.5 * drawn, SMALLEST))[:, None, :]
    return (
        np.concatenate([shares + np.log(1 - size), np.log(size)], axis=1),
        np.concatenate([levels, leaning], axis=1),
    )


def _smoothed(patterns: Patterns, null: Fits) -> Fits:
    """Give the null with half a child more at every level of every group.

    A level no child of a group happens to have would otherwise never occur in the simulated councils, which leaves
    them too little room to gain from a group more: without this the test rejects a true null 9% of the time.
    """
    held = np.exp(null.shares) * patterns.n
    size = np.bincount(patterns.domain)[patterns.domain]
    levels = (np.exp(null.levels) * held[..., None] + _HALF) / (held[..., None] + _HALF * size)
    return Fits(null.shares, np.log(levels), null.likelihood)


def _draw(patterns: Patterns, null: Fits, size: int, rng: np.random.Generator) -> np.ndarray:
    """Simulate councils from the null, with the levels missing that are missing: (size, children, columns)."""
    n = patterns.n
    group = rng.choice(
        null.shares.shape[1], (size, n), p=np.exp(null.shares[0]) / np.exp(null.shares[0]).sum()
    )
    ends = [*patterns.edges, len(patterns.domain)]
    made = np.zeros((size, n, len(patterns.domain)))
    for first, last in pairwise(ends):
        passed = np.cumsum(np.exp(null.levels[0, :, first:last]), axis=1)[group]
        level = (rng.random((size, n, 1)) > passed[..., :-1]).sum(axis=2)
        np.put_along_axis(made[:, :, first:last], level[..., None], 1.0, axis=2)
    seen = np.add.reduceat(patterns.ones, patterns.edges, axis=1)[:, patterns.domain][patterns.where]
    made *= seen
    return made


def _simulated(patterns: Patterns, null: Fits, size: int, rng: np.random.Generator) -> np.ndarray:
    """Twice the gain in log likelihood in councils simulated from the null."""
    made = _draw(patterns, _smoothed(patterns, null), size, rng)
    if null.shares.shape[1] == 1:
        each = [one_class(Patterns(d, np.ones(len(d)), patterns.where, patterns.domain)) for d in made]
        few = Fits(
            *(np.concatenate([getattr(f, a) for f in each]) for a in ("shares", "levels", "likelihood"))
        )
    else:
        start = (np.repeat(null.shares, size, axis=0), np.repeat(null.levels, size, axis=0))
        few = fit(patterns, start, counts=np.ones((1, patterns.n)), ones=made, tolerance=_FINE)
    return _gain(patterns, few, made, rng)
