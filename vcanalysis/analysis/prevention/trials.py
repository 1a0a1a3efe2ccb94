"""What trials found, in the terms in which the effect to break even is said."""

from __future__ import annotations

from collections.abc import Iterable

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.presets import Preset, preset

TERM = "Fewer in care after a year"
_ODDS, _RISKS = ("OR",), ("RR",)


def trial_effects(names: Iterable[str], *, base: float) -> Estimates:
    """Give what studies say of the share in care: percentage points fewer, as published.

    Parameters
    ----------
    names : iterable of str
        Ids of presets that are a difference of shares or a ratio of odds or of risks.
    base : float
        Share in care without it, to which a ratio is applied.

    Returns
    -------
    Estimates
        Group: the label, and that its numbers are not verified where so; method: design and grade. Nothing is shrunk.

    Raises
    ------
    InputError
        If there is no such preset, the base is no share, or the preset is no effect on a share.

    Examples
    --------
    >>> for found in trial_effects(["fgc_rct", "start_mst_rct"], base=0.448):
    ...     print(found.words())
    8.6 percentage points (95% interval 4.8 to 12.4)
    -5.6 percentage points (95% interval -17.7 to 6.3)
    """
    if not 0 < base < 1:
        raise InputError(f"base {base} is no share. Give the share in care without it, between 0 and 1.")
    return Estimates.of(_effect(preset(name), base) for name in names)


def _effect(found: Preset, base: float) -> Estimate:
    small = found.effect_type == "diff" and abs(found.point or 0.0) <= 1
    if found.point is None or not (small or found.effect_type in (*_ODDS, *_RISKS)):
        raise InputError(
            f"Preset {found.id!r} is no effect on a share of children against others. Name one that is a difference "
            "of shares, or a ratio of odds or risks."
        )
    values = [_fewer(found, value, base) for value in (found.point, found.lo, found.hi) if value is not None]
    method = f"{found.design}, {found.grade}"
    label = found.label if found.verified else f"{found.label}: from memory, not verified"
    about = {"n": found.n or 0, "unit": "percentage points", "method": method, "group": label}
    if len(values) < 3:
        return Estimate(TERM, values[0], **about)  # type: ignore[arg-type]
    return Estimate(TERM, values[0], min(values[1:]), max(values[1:]), **about)  # type: ignore[arg-type]


def _fewer(found: Preset, value: float, base: float) -> float:
    if found.effect_type == "diff":
        return -100 * value
    if found.effect_type in _RISKS:
        return 100 * base * (1 - value)
    odds = value * base / (1 - base)
    return 100 * (base - odds / (1 + odds))


__all__ = ["trial_effects"]
