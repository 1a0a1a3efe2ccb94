"""What is shown beside the randomisation, with its warning: errors clustered by council, and the wild bootstrap."""

from __future__ import annotations

import numpy as np
from scipy import stats

from vcanalysis.analysis.impact.dealing import Reference
from vcanalysis.analysis.impact.studentised import PLAIN
from vcanalysis.core.estimate import Estimate

Array = np.ndarray
WARNING = (
    "Errors clustered by council and the wild bootstrap are shown for comparison only: with few councils that start "
    "the first are too narrow and the second errs either way."
)


def clustered(reference: Reference, plain: Estimate) -> Estimate:
    """Give the same effect with errors clustered by unit and t of the units less one: too narrow for few.

    References
    ----------
    Cameron AC, Miller DL (2015), J Hum Resour 50:317-372, section II; MacKinnon J, Webb M (2020).
    """
    values, inside, part = _collapsed(reference)
    error = float(_errors(values[None], inside, part)[0])
    units = len(values)
    half = float(stats.t.ppf(0.5 + plain.level / 2, units - 1)) * error
    value = plain.value or 0.0
    method = plain.method.replace(PLAIN, "clustered by council")
    return plain.named(low=value - half, high=value + half, std_error=error, method=method)


def wild(reference: Reference, *, draws: int, seed: int) -> float:
    """Give the p-value of the wild cluster bootstrap with the null imposed, signs drawn by unit.

    References
    ----------
    Cameron AC, Gelbach J, Miller DL (2008), Rev Econ Stat 90:414-427.
    """
    values, inside, part = _collapsed(reference)
    rest = values - np.average(values, weights=reference.weights)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (draws, len(values)))
    drawn = np.vstack([values, signs * rest])
    t = np.abs(drawn @ part / np.maximum(_errors(drawn, inside, part), 1e-300))
    return float((t >= t[0] * (1 - 1e-9)).mean())


def _collapsed(reference: Reference) -> tuple[Array, Array, Array]:
    """Give one number a unit, who starts, and the weights that make the difference."""
    held, weights = reference.deals[0], reference.weights
    inside = np.zeros(len(weights), dtype=bool)
    inside[held] = True
    part = np.where(inside, weights / weights[inside].sum(), -weights / weights[~inside].sum())
    apart = reference.scores - np.average(reference.scores[~inside], axis=0, weights=weights[~inside])
    mix = np.zeros_like(apart)
    mix[held, reference.cohort] = 1.0
    mix[~inside] = part[held] @ mix[held]
    return (mix * apart).sum(axis=1), inside, part


def _errors(values: Array, inside: Array, part: Array) -> Array:
    """Give the error of a difference from squared residuals alone, for each row of values."""
    size = np.abs(part)
    means = [(values * np.where(group, size, 0.0)).sum(axis=1) for group in (inside, ~inside)]
    rest = values - np.where(inside, means[0][:, None], means[1][:, None])
    units = len(part)
    return np.asarray(np.sqrt(((rest * part) ** 2).sum(axis=1) * units / (units - 1)))
