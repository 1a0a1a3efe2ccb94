"""What can be set in a synthetic council: one frozen value that refuses names it does not know."""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError


@dataclass(frozen=True, slots=True)
class SynthSettings:
    """Everything that shapes a synthetic council.

    Parameters
    ----------
    children : int
        Children looked after at any time in the window (short breaks not counted): an exact count.
    years : int
        Length of the window, which ends on `data_to`.
    seed : int
        Seed of all randomness; the same seed gives the same council.
    name, code : str
        What the council is called.
    data_to : str
        Day after the last day covered, ISO date.
    programme_start : str
        First day of the step-down programme, ISO date.
    programme_monthly_hazard : float
        True effect: extra monthly hazard of a move from a residential home to a family while a family
        is searched for. Nought means no programme effect.
    profiled_share : float
        Share of the children with 12 weeks in a residential home since the start who are profiled.
    breakdown_per_year : float
        Hazard of a breakdown of a step-down family placement in its first half year, per year;
        half of it later.
    need_cost_slope : float
        True change in the logarithm of the weekly price per standard deviation of true need, given type,
        sector, age and provider.
    breakdown_need_slope : float
        True change in the logarithm of the hazard that a placement breaks down per standard deviation of true
        need on its first day, given the child's hazard of a move. That depends on the true class as well: at 0 the
        neediest still break down more often, by about a sixth per standard deviation.
    need_type_tilt : float
        How strongly the true class shifts the type of placement: 0 not at all, 1 as by default. With this and
        `need_cost_slope` at 0 a rank correlation of need and price of about .07 is left: older children need more
        and live in dearer placements. Given age there is none.
    rating_noise_sd, rater_severity_sd : float
        Standard deviations, in levels, of the error of one rating of one domain and of a rater's
        leaning to rate high or low.
    need_drift_per_year : float
        Rate at which a true level is drawn afresh from the child's class.
    double_rated_share, never_assessed_share, overdue_share, domain_missing_share : float
        Faults and features of the assessment record.
    framework_discount : float
        True discount of providers on the council's framework, who are half of those it buys from, picked by name.
    sdq_need_correlation : float
        Correlation of true need with the latent SDQ score.
    sdq_return_rate : float
        Share of eligible children with an SDQ, on average; high scores are returned less often.
    unpriced_share : float
        Share of placements without any price.
    uasc_share : float
        Share of unaccompanied asylum-seeking children among starts.
    residential_price_level, foster_price_level : float
        This council's price level, 1 being England's.
    residential_tilt, agency_tilt, kinship_tilt : float
        This council's leaning to residential homes, agency and kinship fostering.
    sdq_offset : float
        This council's difference in mean SDQ, points.
    edge_entry_per_year : float
        Hazard, per year, that a middling case on the edge of care enters care (see `edge`).
    edge_hazard_ratio : float
        True effect of the intervention on that hazard; 1 means none.

    Examples
    --------
    >>> SynthSettings(children=700, years=4).data_from.date().isoformat()
    '2016-01-01'
    """

    children: int = 700
    years: int = 4
    seed: int = 0
    name: str = "Synthetic council"
    code: str = "E99999999"
    data_to: str = "2020-01-01"
    programme_start: str = "2018-04-01"
    programme_monthly_hazard: float = 0.06
    profiled_share: float = 0.75
    breakdown_per_year: float = 0.6
    need_cost_slope: float = 0.07
    breakdown_need_slope: float = 0.2
    need_type_tilt: float = 1.0
    framework_discount: float = 0.0
    rating_noise_sd: float = 0.70
    rater_severity_sd: float = 0.18
    need_drift_per_year: float = 0.05
    double_rated_share: float = 0.10
    never_assessed_share: float = 0.04
    overdue_share: float = 0.10
    domain_missing_share: float = 0.02
    sdq_need_correlation: float = 0.5
    sdq_return_rate: float = 0.77
    unpriced_share: float = 0.01
    uasc_share: float = 0.135
    residential_price_level: float = 1.0
    foster_price_level: float = 1.0
    residential_tilt: float = 1.0
    agency_tilt: float = 1.0
    kinship_tilt: float = 1.0
    sdq_offset: float = 0.0
    edge_entry_per_year: float = 0.1
    edge_hazard_ratio: float = 0.6

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(f"Setting {name} is {value:,g}; it must lie between {low:,g} and {high:,g}.")

    @property
    def end(self) -> pd.Timestamp:
        """Day after the last day covered."""
        return pd.Timestamp(self.data_to)

    @property
    def data_from(self) -> pd.Timestamp:
        """First day of the window."""
        return self.end - pd.DateOffset(years=self.years)

    def with_(self, **changes: Any) -> SynthSettings:
        """Give a copy with some settings changed.

        Raises
        ------
        InputError
            If a name is not a setting (near names are offered) or a value lies outside its limits.

        Examples
        --------
        >>> SynthSettings().with_(programme_monthly_hazard=0).programme_monthly_hazard
        0
        """
        known = [f.name for f in fields(self)]
        for name in changes:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"Settings are: {', '.join(known)}."
                raise InputError(f"There is no setting {name!r} of a synthetic council. {hint}")
        return replace(self, **changes)

    def frame(self) -> dict[str, Any]:
        """Give the settings as plain values, for `truth.json`."""
        return asdict(self)


_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("children", 1, 1_000_000),
    ("years", 1, 15),
    ("seed", 0, 2**63),
    ("programme_monthly_hazard", 0, 5),
    ("profiled_share", 0, 1),
    ("breakdown_per_year", 0, 20),
    ("need_cost_slope", -2, 2),
    ("breakdown_need_slope", -1, 1),
    ("need_type_tilt", 0, 5),
    ("framework_discount", 0, 0.9),
    ("rating_noise_sd", 0, 5),
    ("rater_severity_sd", 0, 3),
    ("need_drift_per_year", 0, 20),
    ("double_rated_share", 0, 1),
    ("never_assessed_share", 0, 1),
    ("overdue_share", 0, 1),
    ("domain_missing_share", 0, 1),
    ("sdq_need_correlation", 0, 0.75),
    ("sdq_return_rate", 0.05, 1),
    ("unpriced_share", 0, 1),
    ("uasc_share", 0, 0.9),
    ("residential_price_level", 0.1, 10),
    ("foster_price_level", 0.1, 10),
    ("residential_tilt", 0, 10),
    ("agency_tilt", 0, 10),
    ("kinship_tilt", 0, 10),
    ("sdq_offset", -10, 10),
    ("edge_entry_per_year", 0, 5),
    ("edge_hazard_ratio", 0.05, 5),
)
