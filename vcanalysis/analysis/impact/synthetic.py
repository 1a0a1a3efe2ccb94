"""One council against a weighted mean of others that moved like it before: synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.dealing import reach_of
from vcanalysis.analysis.impact.design import Design, read_design
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.simplex import simplex_weights
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

Array = np.ndarray
DONORS, BEFORE = 10, 2
METHOD = "synthetic control on the outcome's own path; placebos in every donor"
_USED = 1e-4  # weight from which a donor is left out in turn
_FLOOR = 0.1  # of the usual yearly move: what a fit before the start counts as at least


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """A council's path beside that of its synthetic control.

    Parameters
    ----------
    effect : Estimate
        Mean gap after the start; its interval holds the gaps that placebos in donors reach by chance, as if all
        councils varied alike.
    p_value : float or None
        Rank of the ratio of the gap after the start to the gap before, among all placebos.
    path : DataFrame
        time, actual, synthetic, gap.
    weights : DataFrame
        donor, weight, the greatest first.
    placebos : DataFrame
        unit, gap (mean after the start), before, after (root mean squares), ratio; the council itself first.
    gaps : DataFrame
        Gaps of every placebo, one row a unit, one column a time.
    left_out : Estimates
        The effect without each donor in use.
    exact : bool
        Whether the path before is matched exactly, so that other weights would do as well.
    start : float
        First time with the programme.
    """

    effect: Estimate
    p_value: float | None
    path: pd.DataFrame
    weights: pd.DataFrame
    placebos: pd.DataFrame
    gaps: pd.DataFrame
    left_out: Estimates
    exact: bool
    start: float

    def frame(self) -> pd.DataFrame:
        """Give the effect, and without each donor in use, as tidy rows."""
        return Estimates.of([self.effect, *self.left_out]).frame()

    @property
    def rank(self) -> int:
        """Place of the council's ratio among all, the greatest first."""
        return int((self.placebos["ratio"] >= self.placebos["ratio"].iloc[0]).sum())

    def headline(self, name: str) -> str:
        """Say whether the council parted from its mixture further than councils without the programme."""
        if not self.effect.estimable:
            return f"No synthetic control of {name} can be made"
        if not self.effect.excludes():
            return f"{name} moved no further from its mixture than councils without the programme do"
        return (
            f"{name} lay {'below' if (self.effect.value or 0) < 0 else 'above'} its mixture after the start"
        )

    def rank_headline(self, name: str) -> str:
        """Say the rank among placebos."""
        if not self.effect.estimable:
            return f"No synthetic control of {name} can be made"
        return f"The gap of {name} ranks {self.rank} of {len(self.placebos)}: {self._unusual()}"

    def _unusual(self) -> str:
        return (
            "such a rank is rare by chance"
            if (self.p_value or 1) < 0.05
            else "chance alone makes such a rank"
        )

    def sentence(self) -> str:
        """Say the gap, its rank among placebos, and how far it hangs on one donor."""
        if not self.effect.estimable:
            return self.effect.sentence()
        found = [one.value for one in self.left_out if one.value is not None]
        said = f"{self.effect.sentence()} Its ratio ranks {self.rank} of {len(self.placebos)} placebos."
        if found:
            ends = " to ".join(
                write_number(end, self.effect.unit, with_unit=False) for end in (min(found), max(found))
            )
            said += f" Without one donor in turn it is {ends}."
        if self.exact:
            said += " The years before are matched exactly: other weights would match them as well."
        return said


def synthetic_control(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    treated: tuple[object, float],
    donors: Sequence[object] | None = None,
    settings: Settings | None = None,
) -> SyntheticControl:
    """Compare one unit with a weighted mean of donors that follows its path before the start.

    Parameters
    ----------
    panel : DataFrame
        One row per unit and time.
    unit, time, outcome : str
        Columns of the unit, the time and the outcome, which alone is matched, as it is.
    treated : tuple
        The unit, and its first time with the programme.
    donors : sequence, optional
        Units that may be used: leave out others with the programme; all others when absent.
    settings : Settings, optional
        Level and unit of the outcome; weights, strata, anticipation, estimator and controls are refused.

    Returns
    -------
    SyntheticControl
        Not estimable below ten donors, two times before or one after, where the unit lacks a time that most have,
        or where donors do not move.

    Raises
    ------
    InputError
        If the unit or a donor is not in the panel, of settings that are not used here, and as `read_design`.

    References
    ----------
    Abadie A, Diamond A, Hainmueller J (2010), J Am Stat Assoc 105:493-505; Abadie A (2021), J Econ Lit 59:391-425.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, 10 + u % 4 + t / 2 + rng.normal() / 4 - 3 * (u == 0 and t > 6))
    ...                       for u in range(30) for t in range(10)], columns=["council", "year", "rate"])
    >>> found = synthetic_control(panel, unit="council", time="year", outcome="rate", treated=(0, 7))
    >>> round(found.effect.value, 1), round(found.p_value, 2)
    (-3.1, 0.03)
    """
    settings = settings or Settings()
    name, start = treated
    settings.refuse("weights", "strata", "anticipation", "estimator", "controls", by="synthetic_control")
    _known(panel, unit, name, donors)
    kept = panel if donors is None else panel[panel[unit].isin([name, *donors])]
    design = read_design(
        kept, unit=unit, time=time, outcome=outcome, first_treated={name: start}, settings=settings
    )
    term = f"{settings.term(outcome)}, {name}"
    seen = number_column(kept, time)[((kept[unit] == name) & kept[outcome].notna()).to_numpy()]
    reason, found = _why_not(design, np.setdiff1d(design.times, seen), start)
    if reason:
        return _nothing(Estimate.not_estimable(term, n=found, reason=reason, of="councils"), start)
    order = np.append(design.treated, design.controls)
    return _compared(design.paths[order], design.units[order], design.times, start, term, settings)


def _why_not(design: Design, lacks: Array, start: float) -> tuple[str, int]:
    """Say why no mixture can be made, and how many there are of what is too few."""
    before, others = design.times < start, len(design.units) - 1
    whole = f"the unit must have the outcome in every year; it lacks {', '.join(f'{t:g}' for t in lacks)}"
    checks = (
        (int(not len(lacks)), 1, whole),
        (len(design.treated), 1, "the unit must have the outcome before and after the start"),
        (others, DONORS, f"at least {DONORS} donors are needed"),
        (int(before.sum()), BEFORE, f"at least {BEFORE} times before the start are needed"),
        (int((~before).sum()), 1, "the outcome must be measured after the start"),
    )
    for found, least, reason in checks:
        if found < least:
            return reason, found
    if np.ptp(design.paths - design.paths.mean(axis=1, keepdims=True)) == 0:
        return "the outcome does not vary", others
    return "", 0


def _known(panel: pd.DataFrame, unit: str, name: object, donors: Sequence[object] | None) -> None:
    """Refuse units that the panel does not hold."""
    require_columns(panel, unit)
    units = set(panel[unit])
    if name not in units:
        raise InputError(f"Column {unit!r} does not hold the unit that starts. Write it as in the data.")
    absent = 0 if donors is None else sum(donor not in units for donor in donors)
    if donors is not None and absent:
        raise InputError(
            f"Column {unit!r} does not hold {absent:,} of {len(donors):,} donors. Write them as in the data, or leave "
            "them out."
        )


def _nothing(why: Estimate, start: float) -> SyntheticControl:
    none = pd.DataFrame()
    return SyntheticControl(why, None, none, none, none, none, Estimates(()), False, start)


def _compared(
    values: Array, units: Array, times: Array, start: float, term: str, settings: Settings
) -> SyntheticControl:
    before = times < start
    weights = simplex_weights(values[1:, before].T, values[0, before])
    gaps = np.array([_gap(values, row, before) for row in range(len(units))])
    placebos = _placebos(gaps, before, values).assign(unit=units)[["unit", "gap", "before", "after", "ratio"]]
    p_value = float((placebos["ratio"] >= placebos["ratio"].iloc[0] * (1 - 1e-9)).mean())
    value = float(placebos["gap"].iloc[0])
    half = reach_of(placebos["gap"].abs().to_numpy()[1:], settings.level)
    about: dict[str, Any] = {"unit": settings.measure, "method": METHOD, "of": "councils"}
    low, high = (None, None) if half is None else (value - half, value + half)
    effect = Estimate(term, value, low, high, settings.level, len(units), **about)
    effect = effect.unless_alike(float(np.abs(values).max()), reason="the outcome moves alike in all donors")
    if not effect.estimable:
        return _nothing(effect, start)
    used = np.flatnonzero(weights > _USED) + 1
    left_out = Estimates.of(
        Estimate(
            term, _without(values, int(row), before), n=len(units) - 1, group=f"without {units[row]}", **about
        )
        for row in used
        if len(units) > 2
    )
    path = pd.DataFrame(
        {"time": times, "actual": values[0], "synthetic": values[0] - gaps[0], "gap": gaps[0]}
    )
    table = pd.DataFrame({"donor": units[1:], "weight": weights}).sort_values("weight", ascending=False)
    exact = float(np.abs(gaps[0, before]).max()) < 1e-6 * float(np.ptp(values) or 1.0)
    every = pd.DataFrame(gaps, index=units, columns=times)
    return SyntheticControl(
        effect,
        p_value,
        path,
        table[table["weight"] > 0].reset_index(drop=True),
        placebos,
        every,
        left_out,
        exact,
        start,
    )


def _gap(values: Array, row: int, before: Array) -> Array:
    """Give one unit's path less that of its synthetic control; the unit that starts is donor of none."""
    others = np.delete(np.arange(len(values)), [0] if row == 0 else [0, row])
    weights = simplex_weights(values[others][:, before].T, values[row, before])
    return np.asarray(values[row] - weights @ values[others])


def _without(values: Array, row: int, before: Array) -> float:
    return float(_gap(np.delete(values, row, axis=0), 0, before)[~before].mean())


def _placebos(gaps: Array, before: Array, values: Array) -> pd.DataFrame:
    moves = np.diff(values[:, before], axis=1)
    floor = _FLOOR * float(np.sqrt((moves - moves.mean(axis=0)).var()))
    ahead, after = (np.sqrt((gaps[:, part] ** 2).mean(axis=1)) for part in (before, ~before))
    ratio = after / np.maximum(np.hypot(ahead, floor), 1e-300)
    return pd.DataFrame(
        {"gap": gaps[:, ~before].mean(axis=1), "before": ahead, "after": after, "ratio": ratio}
    )
