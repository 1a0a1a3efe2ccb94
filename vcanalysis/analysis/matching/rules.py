"""What decides whether a home may be offered to a child: rules that are declared, and the columns they read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vcanalysis.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of a match; each is a judgement of the council and none is hidden.

    Parameters
    ----------
    ages : bool
        Whether a home may only be offered within the ages it is approved for.
    together : bool
        Whether brothers and sisters with the same value in the sibling column go to one home or none.
    most_short : float
        Levels by which a home may fall short of a child's need in any one domain.
    most_miles : float
        Farthest a home may be, miles.
    unmatched : float
        Levels of unmet need that leaving one child without a home counts as. A home that would fall shorter than
        this is not offered.
    mile_levels : float
        Levels of unmet need that one mile counts as.
    present_allowed : bool
        Whether the home a child lives in is allowed whatever the rules say (an exemption already given).

    Raises
    ------
    InputError
        If a limit or weight is below zero, or `unmatched` is not above zero.

    Examples
    --------
    >>> Rules(most_miles=20).most_miles
    20
    """

    ages: bool = True
    together: bool = True
    most_short: float = math.inf
    most_miles: float = math.inf
    unmatched: float = 36.0
    mile_levels: float = 0.0
    present_allowed: bool = True

    def __post_init__(self) -> None:
        for name in ("most_short", "most_miles", "mile_levels"):
            if not getattr(self, name) >= 0:
                raise InputError(f"Rules: {name} is {getattr(self, name):g}. Give 0 or more.")
        if not 0 < self.unmatched < math.inf:
            raise InputError(
                f"Rules: unmatched is {self.unmatched:g}. Say how many levels of unmet need a child without a home "
                "counts as: a number above 0."
            )


@dataclass(frozen=True, slots=True)
class Names:
    """Columns of the two tables that are matched.

    Parameters
    ----------
    child, age, siblings, present : str
        Columns of the children: identifier, age in years, sibling group (missing: none) and the home lived in now.
        A table without the last two has no siblings and nobody in a home.
    home, places, age_min, age_max : str
        Columns of the homes: identifier, free places, and the ages in whole years they are approved for.
    """

    child: str = "child_id"
    age: str = "age_years"
    siblings: str = "sibling_group"
    present: str = "home_id"
    home: str = "household_id"
    places: str = "approved_places"
    age_min: str = "age_min"
    age_max: str = "age_max"
