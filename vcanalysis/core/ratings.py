"""Ratings: how good the ground of an assumption or decision is, and how much rests on it (assumptions/log.csv)."""

from __future__ import annotations

from dataclasses import dataclass

from vcanalysis.core.facts import row_of

_LOG = "assumptions/log.csv"


@dataclass(frozen=True, slots=True)
class Rating:
    """How good the ground of an assumption or decision is, and how much rests on it.

    Parameters
    ----------
    id, kind : str
        Name of the assumption or number of the decision; "assumption" or "decision".
    quality : str
        "high" where tests, published sources or data bear it, "moderate" where few do, "low" where it is a judgement.
    impact : str
        "high" where a headline could change its sign or be half as large, "moderate" where its size would move,
        else "low".
    why : str
        The reason for both, in words without numbers.
    """

    id: str
    kind: str
    quality: str
    impact: str
    why: str

    def words(self) -> str:
        """Write quality and impact."""
        return f"{self.quality}; {self.impact}"


def rating(name: str) -> Rating:
    """Give the rating of an assumption, or of a decision of method by its number.

    Raises
    ------
    InputError
        If it is not rated; the message names the nearest.

    Examples
    --------
    >>> rating("ramp_up_weeks").words()
    'low; moderate'
    """
    return Rating(**row_of(_LOG, name, "rating"))
