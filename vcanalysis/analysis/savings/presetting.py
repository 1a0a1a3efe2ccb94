"""A published effect as an input: drawn towards no effect by the weakness of its design and of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from vcanalysis.analysis.savings.inputs import Input
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import assumption
from vcanalysis.core.intervals import normal_quantile
from vcanalysis.core.presets import Preset, preset

BEST_GRADE = 5
RATIOS = ("OR", "HR", "RR")


@dataclass(frozen=True, slots=True)
class Shrunk:
    """An effect as published and as it may be used.

    Parameters
    ----------
    preset : Preset
        Where it comes from.
    raw, raw_low, raw_high : float
        The share by which things got better as the study says, with its interval (the same number thrice where the
        study gives none).
    shrunk, low, high : float
        The same after shrinking towards 0, with the middle 95% of what it may be.
    weight : float
        Share of the published effect that is kept.

    Examples
    --------
    >>> effect = shrunk_effect("fgc_rct", base=0.448)
    >>> round(effect.raw, 2), round(effect.shrunk, 2)
    (0.19, 0.16)
    """

    preset: Preset
    raw: float
    raw_low: float
    raw_high: float
    shrunk: float
    low: float
    high: float
    weight: float

    def sentence(self) -> str:
        """Say the raw and the shrunk effect, and why they differ."""
        return (
            f"{self.preset.label}: {self.raw:.1%} as published, {self.shrunk:.1%} ({self.low:.1%} to {self.high:.1%}) "
            f"after shrinking towards no effect ({self.preset.grade})."
        )

    def as_input(self, unit: str = "share") -> Input:
        """Give the shrunk effect as an input; below nought it is cut, since an input is a share.

        Raises
        ------
        InputError
            If the design has grade 2 or lower: an input has a central value, and such an effect may not be it.
        """
        preset(self.preset.id, use="central")
        ends = [min(max(value, 0.0), 1.0) for value in (self.shrunk, self.low, self.high)]
        return Input(ends[0], ends[1], ends[2], unit, self.sentence(), f"preset {self.preset.id}")


def _share_better(found: Preset, value: float, base: float | None) -> float:
    """Turn a rate, a difference or a ratio into the share by which things get better."""
    if found.effect_type == "rate":
        return value
    if found.effect_type in RATIOS:
        return 1 - value
    if base is None:
        raise InputError(f"Preset {found.id!r} is a difference of shares: give the share without it as base.")
    return -value / base


def shrunk_effect(name: str, *, base: float | None = None, use: str = "") -> Shrunk:
    """Draw a published effect towards no effect.

    Parameters
    ----------
    name : str
        Id of a preset.
    base : float, optional
        Share without the intervention, for a preset that is a difference of shares.
    use : str
        "central" where it is to be the central case: refused when the design has grade 2 or lower.

    Returns
    -------
    Shrunk
        The effect raw and shrunk, both to be reported.

    Raises
    ------
    InputError
        If there is no such preset, it has no number, its design does not allow the use, or the base is missing.

    Notes
    -----
    A normal prior at 0 with the spread of true effects (assumption `preset_effect_sd`); the published number errs by
    its own standard error and by a bias whose spread grows with each grade below 5 (`preset_bias_sd_grade`):
    weight = tau^2 / (tau^2 + se^2 + bias^2). A study without an interval is given the spread of the prior as its error.
    """
    found = preset(name, use=use)
    if found.point is None or (base is not None and not 0 < base <= 1):
        raise InputError(
            f"Preset {name!r} has no number to use, or base {base} is no share. Name another preset."
        )
    ends = [found.point if end is None else end for end in (found.lo, found.hi)]
    raw, *others = (_share_better(found, value, base) for value in (found.point, *ends))
    spread = assumption("preset_effect_sd").central
    error = (max(others) - min(others)) / (2 * normal_quantile(0.95)) or spread
    bias = assumption("preset_bias_sd_grade").central * (BEST_GRADE - (found.sms or 0))
    weight = spread**2 / (spread**2 + error**2 + bias**2)
    half = normal_quantile(0.95) * (weight * (error**2 + bias**2)) ** 0.5
    kept = weight * raw
    return Shrunk(found, raw, min(others), max(others), kept, kept - half, kept + half, weight)
