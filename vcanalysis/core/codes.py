"""SSDA903 code sets with their years, and what a placement code means in plain words."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from vcanalysis.core.paths import data_file

# The kinds of placement an evaluator speaks of, in the order they are shown.
PLACEMENT_TYPES = (
    "Kinship fostering",
    "In-house fostering",
    "Agency fostering",
    "Residential home",
    "Secure home",
    "Supported accommodation",
    "With parents",
    "Placed for adoption",
    "Other",
)
FAMILY_TYPES = PLACEMENT_TYPES[:3]
HOME_TYPES = PLACEMENT_TYPES[3:5]
# Reasons for a change of placement that count as a breakdown: carer or child ended it, or care was not safe.
# A judgement; such reasons are about a fifth of the changes of England (domain of `REASON_PLACE_CHANGE`).
BREAKDOWNS = ("CREQB", "CREQO", "CHILD", "STAND", "ALLEG")
_OWN = ("PR0", "PR1", "PR2", "PR3")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the SSDA903 return and the collection years (by 31 March) it is valid in."""

    code_set: str
    code: str
    meaning: str
    first_year: int
    last_year: int
    note: str = ""

    def valid_in(self, year: int) -> bool:
        """Whether the return of the year ending on 31 March `year` may hold the code."""
        return self.first_year <= year <= self.last_year


@cache
def code_table() -> tuple[Code, ...]:
    """Read all code sets from `data/reference/ssda903_codes.csv`."""
    with data_file("reference/ssda903_codes.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            Code(
                r["set"],
                r["code"],
                r["meaning"],
                int(r["first_year"] or 0),
                int(r["last_year"] or 9999),
                r["note"],
            )
            for r in csv.DictReader(handle)
        )


@cache
def codes_in(code_set: str, year: int | None = None) -> tuple[str, ...]:
    """Give the codes of a set, of all years or of one collection year (named by its 31 March).

    Examples
    --------
    >>> "K3" in codes_in("PLACE", 2020), "K3" in codes_in("PLACE", 2025)
    (False, True)
    """
    return tuple(
        c.code for c in code_table() if c.code_set == code_set and (year is None or c.valid_in(year))
    )


def family_or_home(kind: pd.Series) -> pd.Series:
    """Say whether a placement is with foster carers, in a children's home or elsewhere.

    Parameters
    ----------
    kind : Series
        One of `PLACEMENT_TYPES`.

    Examples
    --------
    >>> list(family_or_home(pd.Series(["Agency fostering", "Secure home", "With parents"])))
    ['a foster family', 'a home', 'elsewhere']
    """
    words = dict.fromkeys(FAMILY_TYPES, "a foster family") | dict.fromkeys(HOME_TYPES, "a home")
    return kind.astype("str").map(words).fillna("elsewhere")


def placement_type(place: pd.Series, provider: pd.Series) -> pd.Categorical:
    """Say what kind of placement an episode is.

    Parameters
    ----------
    place, provider : Series of str
        SSDA903 codes PLACE and PLACE_PROVIDER.

    Returns
    -------
    Categorical
        One of `PLACEMENT_TYPES`, ordered as they are. Fostering by a relative or friend is kinship
        whoever approved it; by another carer it is in-house when the council or another public body
        provides it and agency when a private or voluntary body does.

    Examples
    --------
    >>> list(placement_type(pd.Series(["U4", "U6", "K2"]), pd.Series(["PR1", "PR4", "PR4"])))
    ['In-house fostering', 'Agency fostering', 'Residential home']
    """
    code = place.astype("str")
    carers = code.isin(["U4", "U5", "U6"])
    own = provider.astype("str").isin(_OWN) | provider.isna()
    conditions = [
        code.isin(["U1", "U2", "U3"]),
        carers & own,
        carers & ~own,
        code.isin(["K2", "R1", "S1"]),
        code.eq("K1"),
        code.isin(["H5", "P2", "K3"]),
        code.eq("P1"),
        code.isin(["A3", "A4", "A5", "A6"]),
    ]
    labels = np.select([c.to_numpy(bool) for c in conditions], range(8), default=8)
    return pd.Categorical.from_codes(labels, categories=list(PLACEMENT_TYPES), ordered=True)
