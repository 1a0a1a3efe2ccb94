"""Presets: what published interventions are said to achieve, each with the grade of the design behind it.

A preset (`data/presets/interventions.csv`) is neither a fact of this council nor our judgement: it may serve as a
prior or a scenario, and only where its design allows. Grades are those of the Maryland scale, 0 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import row_of, rows_of
from vcanalysis.core.intervals import normal_quantile

USES = ("central", "optimistic", "none")
EFFECTS = ("rate", "diff", "OR", "HR", "RR", "")
LEAST_GRADE = 3  # below it a preset may never be the central case
_FILE = "presets/interventions.csv"
_COUNTS = ("age_min", "age_max", "n", "horizon_weeks", "sms")
_NUMBERS = ("point", "lo", "hi", "unit_cost")


@dataclass(frozen=True, slots=True)
class Preset:
    """A published intervention and its effect, as far as it is known.

    Parameters
    ----------
    id, label : str
        Name of the row, and what it is.
    population, setting, outcome, comparator, design : str
        For whom, where, what was measured, against what, and how it was studied.
    age_min, age_max, n, horizon_weeks : int or None
        Ages in years; how many; weeks until the outcome. None where not published.
    effect_type : str
        "rate" and "diff" are shares (or counts, as `outcome` says); "OR", "HR" and "RR" are ratios; empty where there
        is no number.
    point, lo, hi : float or None
        The effect with its interval.
    sms : int or None
        Grade of the design on the Maryland scale, 0 to 5; None where nothing was studied.
    eif, confidence, quote_page : str
        Grade of the Early Intervention Foundation where one was read, our confidence, and the page.
    unit_cost : float or None
        Pounds per child or family, in prices of `price_year`.
    price_year, payer, source_title, source_url, seen_on : str
        Year of the prices, who pays, where it was read and in which month.
    verified : bool
        Whether the numbers were read in the source; False where they are from memory.
    superseded_by : str
        Preset that should be used instead.
    transport_note : str
        What a reader must know before carrying it over.
    default_use : str
        One of `USES`: the part it may play in a scenario unless the user says otherwise.

    Examples
    --------
    >>> preset("fgc_rct").point, preset("fgc_rct").may_be_central
    (-0.086, True)
    """

    id: str
    label: str
    population: str
    age_min: int | None
    age_max: int | None
    setting: str
    n: int | None
    outcome: str
    horizon_weeks: int | None
    effect_type: str
    point: float | None
    lo: float | None
    hi: float | None
    comparator: str
    design: str
    sms: int | None
    eif: str
    confidence: str
    unit_cost: float | None
    price_year: str
    payer: str
    source_title: str
    source_url: str
    quote_page: str
    seen_on: str
    verified: bool
    superseded_by: str
    transport_note: str
    default_use: str

    @property
    def may_be_central(self) -> bool:
        """Whether the design is good enough for the central case of a scenario."""
        return self.sms is not None and self.sms >= LEAST_GRADE

    @property
    def grade(self) -> str:
        """Say the grade of the design in words."""
        return "not graded" if self.sms is None else f"design grade {self.sms} of 5"

    def beta(self) -> tuple[float, float]:
        """Give the beta distribution with this rate and the width of its 95% interval.

        Returns
        -------
        tuple of float
            Prior successes and failures; their sum is how many children the prior weighs.

        Raises
        ------
        InputError
            If the preset is no rate with an interval.

        Examples
        --------
        >>> [round(part, 1) for part in preset("bham_stepdown_sib").beta()]
        [12.8, 12.8]
        """
        if self.effect_type != "rate" or self.point is None or self.lo is None or self.hi is None:
            raise InputError(
                f"Preset {self.id!r} is no rate with an interval, so it cannot be a prior. Name another preset."
            )
        spread = (self.hi - self.lo) / (2 * normal_quantile(0.95))
        weight = self.point * (1 - self.point) / spread**2 - 1
        return weight * self.point, weight * (1 - self.point)

    def words(self) -> str:
        """Say what it is, how it was studied and where it was read."""
        return f"{self.label} ({self.design}, {self.grade}; {self.source_title})"


def _parse(row: dict[str, str]) -> Preset:
    read: dict[str, object] = dict(row)
    read.update({name: int(row[name]) if row[name] else None for name in _COUNTS})
    read.update({name: float(row[name]) if row[name] else None for name in _NUMBERS})
    return Preset(**{**read, "verified": row["verified"] == "true"})  # type: ignore[arg-type]


def preset(name: str, *, use: str = "") -> Preset:
    """Give a preset.

    Parameters
    ----------
    name : str
        Its id.
    use : str
        "central" where it is to be the central case: refused when its design is too weak.

    Raises
    ------
    InputError
        If there is no such preset (the message names the nearest), or its design does not allow the use.

    Examples
    --------
    >>> preset("oxon_vc").n
    20
    >>> preset("oxon_vc", use="central")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: Preset 'oxon_vc' has design grade 0 of 5: it may not be the central case, \
which takes 3 or more. Use it as an optimistic case, or the council's own data.
    """
    found = _parse(row_of(_FILE, name, "preset"))
    if use == "central" and not found.may_be_central:
        raise InputError(
            f"Preset {name!r} has {found.grade}: it may not be the central case, which takes {LEAST_GRADE} or more. "
            "Use it as an optimistic case, or the council's own data."
        )
    return found


def presets() -> pd.DataFrame:
    """Give all presets, one row each, with the fields of `Preset` as columns.

    Examples
    --------
    >>> presets().columns[:3].tolist()
    ['id', 'label', 'population']
    """
    names = [field.name for field in fields(Preset)]
    return pd.DataFrame([preset(name) for name in rows_of(_FILE)], columns=names)
