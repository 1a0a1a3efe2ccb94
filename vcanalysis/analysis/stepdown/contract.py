"""A step-down contract from its published counts: what survival says where the individual times are not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.survival import Watch, kaplan_meier

_WATCH = Watch("days", "end", of="children")
WORST = "those still there had just begun"
CENTRAL = "those still there were spread over the weeks"
BEST = "those still there had nearly finished"


@dataclass(frozen=True, slots=True)
class Contract:
    """Published counts of a contract that pays once a child has lived in a family for so many weeks.

    Parameters
    ----------
    started : int
        Children (or placements) that began.
    reached : int
        Of them, those that reached the last week.
    current : int
        Of them, those still in the family at the time of the report, before the last week.
    weeks : int
        Weeks the contract pays for.
    early_share, early_week : float
        Share of the breakdowns that came before a week, where that was published: it places the breakdowns in the
        central case. Even over all weeks when the share is that of the weeks.

    Examples
    --------
    >>> Contract(31, 12, 7).broke_down
    12
    """

    started: int
    reached: int
    current: int
    weeks: int = 52
    early_share: float = 0.25
    early_week: float = 13

    def __post_init__(self) -> None:
        if min(self.started, self.reached, self.current) < 0 or self.broke_down < 0:
            raise InputError(
                f"{self.reached} reached the end and {self.current} go on, of {self.started} that began: the parts "
                "must be 0 or more and no more than the whole."
            )
        if not 0 < self.early_week < self.weeks or not 0 <= self.early_share <= 1:
            raise InputError(
                f"Early share {self.early_share:g} by week {self.early_week:g} cannot be: give a share from 0 to 1 "
                f"and a week between 0 and {self.weeks}."
            )

    @property
    def broke_down(self) -> int:
        """Those neither there at the end nor there now."""
        return self.started - self.reached - self.current

    def breakdown_days(self) -> np.ndarray:
        """Place the breakdowns: the early share evenly before the early week, the others evenly after it."""
        early = round(self.early_share * self.broke_down)
        late = self.broke_down - early
        before = (np.arange(early) + 0.5) / max(early, 1) * self.early_week
        after = self.early_week + (np.arange(late) + 0.5) / max(late, 1) * (self.weeks - self.early_week)
        return 7 * np.concatenate([before, after])

    def rows(self, current_days: np.ndarray) -> pd.DataFrame:
        """Give one row a child: days watched and how it ended, with those still there seen for so many days."""
        days = [self.breakdown_days(), current_days, np.full(self.reached, 7.0 * self.weeks)]
        end = ["breakdown"] * self.broke_down + [None] * (self.current + self.reached)
        return pd.DataFrame({"days": np.concatenate(days), "end": pd.Series(end, dtype="str")})


def contract_survival(contract: Contract, *, level: float = 0.95) -> Estimates:
    """Share still in a family at the last week, by survival with censoring, for the times that could have been.

    A child still in the family counts for as long as it was seen. Where its time is not published, the share depends
    on it: it is lowest if those children had only just begun, when they tell nothing and drop out of the count, and
    highest if they had nearly finished, when they count as having stayed.

    Parameters
    ----------
    contract : Contract
        The published counts.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Three shares, groups `WORST`, `CENTRAL` and `BEST`; whatever the true times, the share lies between the first
        and the last. Not estimable below 10 children, or where none broke down.

    References
    ----------
    Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, where a curve is bounded by the order of the losses.

    Examples
    --------
    >>> found = contract_survival(Contract(31, 12, 7))
    >>> [round(e.value, 3) for e in found]
    [0.5, 0.548, 0.613]
    """
    last = 7.0 * contract.weeks
    spread = (np.arange(contract.current) + 0.5) / max(contract.current, 1) * last
    arrangements = {
        WORST: np.full(contract.current, 1e-6),
        CENTRAL: spread,
        BEST: np.full(contract.current, last),
    }
    term = f"In a family {contract.weeks} weeks after the move"
    made = []
    for name, days in arrangements.items():
        curve = kaplan_meier(contract.rows(days), _WATCH, level=level, group=name)
        made.append(curve.at(last, term=term))
    note = "Those still there count for as long as they were seen; groups say how long that might have been."
    return Estimates.of(made, note)


def whatever_the_times(found: Estimates) -> Estimate:
    """Give the central share with an interval that holds whatever the times were: from worst low to best high.

    Examples
    --------
    >>> whatever_the_times(contract_survival(Contract(31, 12, 7))).words()
    '55% (95% interval 29% to 76%)'
    """
    worst, central, best = (found.group(name) for name in (WORST, CENTRAL, BEST))
    if not central.estimable:
        return central.named(group="all")
    method = f"{central.method}; bounds over the unpublished times"
    return Estimate(
        central.term,
        central.value,
        worst.low,
        best.high,
        central.level,
        central.n,
        "share",
        method,
        of="children",
    )
