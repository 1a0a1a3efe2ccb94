"""What an audit supposes: the nation a claim is carried over to, the ranges of what nobody knows, what was stated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from vcanalysis.analysis.claims.limits import LIMITS
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import Assumption, assumption, fact_of_year, rows_of
from vcanalysis.core.limits import allowed, is_number
from vcanalysis.core.period import as_financial_year
from vcanalysis.core.presets import preset

# what a reader must know before a saving may be carried anywhere; the key is how it is said to be stated
QUESTIONS = {
    "by_council": "the amount of each council",
    "children": "how many children in care the councils have",
    "spend": "what the councils spend on children in care",
    "net": "gross, or net of the programme, its staff and support",
    "cashable": "cashable, avoided, or moved to health or education",
    "full_year": "part-year or full-year effect, and for how many years",
    "counterfactual": "what would have happened anyway",
    "stage": "counted when identified, offered, moved, or after 52 weeks",
    "signed": "who checked it and whether a budget was cut",
}
# what an assumption may be: lowest and highest
_ALLOWED = {"between": (0.0, 10.0), "kept": (0.0, 1.0)}
_COUNTS = ("children", "spend")  # numbers of the councils themselves: no assumption or preset is one
_UNITS = {"kept": "share", "children": "children", "spend": "GBP per year"}
Given = float | str | Assumption | tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Nation:
    """England when a claim was made: at the beginning of its financial year.

    Parameters
    ----------
    children : float
        Children in care on 31 March before the year.
    councils : float
        Councils with responsibility for them on that day.
    spend : float
        Pounds spent on them in the year before, gross.
    source : str
        Where the three come from.

    Examples
    --------
    >>> england = Nation.at("2019-20")
    >>> england.children, england.councils, england.spend
    (78140.0, 152.0, 4880000000.0)
    """

    children: float
    councils: float
    spend: float
    source: str = ""

    @classmethod
    def at(cls, price_year: str) -> Nation:
        """Give England at the beginning of a financial year.

        Raises
        ------
        InputError
            If the year is missing, is none, or there are no facts of England for it.
        """
        if not price_year:
            raise InputError("The price year of the claim is missing. Write it as a financial year: 2019-20.")
        first = _first_year(price_year)
        before = f"{first - 1}-{first % 100:02d}"
        children, councils, spend = (
            fact_of_year(f"england_{name}", before) for name in ("children", "councils", "spend")
        )
        source = f"facts {children.id}, {councils.id}, {spend.id}"
        return cls(children.value, councils.value, spend.value, source)


def _first_year(price_year: str) -> int:
    year = as_financial_year(price_year)
    if not year:
        raise InputError(f"Price year {price_year!r} is not a financial year. Write it as 2019-20.")
    ends = [int(name[-4:]) for name in rows_of("reference/facts.csv") if name.startswith("england_councils_")]
    first, last = min(ends), max(ends)
    if not first <= int(year[:4]) <= last:
        raise InputError(
            f"Price year {year} is refused: England is known for {first}-{(first + 1) % 100:02d} to "
            f"{last}-{(last + 1) % 100:02d}. Give a year of those."
        )
    return int(year[:4])


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an audit supposes, each part with a default.

    Parameters
    ----------
    national : float, optional
        What is claimed for England, pounds a year: the audit then says whether the amount carries it.
    between : float, three numbers, id or Assumption
        Spread of the true saving per child between councils, as a multiple of what is reported per child.
    kept : float, three numbers, id or Assumption
        Share of what volunteers report that a council which did not volunteer would find, 0 to 1. An id is one of
        `data/assumptions` or a preset that is a rate.
    stated : tuple of str
        Which of `QUESTIONS` the claim answers.
    level : float
        Level of intervals.
    draws, seed : int
        Draws over the ranges, and their seed.
    ranges : dict of Assumption
        `between` and `kept` as read.

    Raises
    ------
    InputError
        If a value is out of range or a name is unknown.

    Examples
    --------
    >>> Terms().ranges["kept"].central
    0.4
    >>> Terms(kept="bham_referral").ranges["kept"].high
    0.52
    """

    national: float | None = None
    between: Given = "claim_between_councils"
    kept: Given = "claim_kept"
    stated: tuple[str, ...] = ()
    level: float = 0.95
    draws: int = 10_000
    seed: int = 0
    ranges: dict[str, Assumption] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, (lowest, highest) in _ALLOWED.items():
            read = as_range(name, getattr(self, name))
            if not lowest <= read.low <= read.central <= read.high <= highest:
                raise InputError(
                    f"{name} of {read.central:g} ({read.low:g} to {read.high:g}) is refused. "
                    f"Give low <= central <= high, from {lowest:g} to {highest:g}."
                )
            self.ranges[name] = read
        unknown = [name for name in self.stated if name not in QUESTIONS]
        if unknown:
            raise InputError(f"There is no question {unknown[0]!r}. Questions are: {', '.join(QUESTIONS)}.")
        for name, given in (("level", self.level), ("audit draws", self.draws), ("seed", self.seed)):
            allowed(LIMITS, name, given)
        if self.national is not None:
            allowed(LIMITS, "national", self.national)


def as_range(name: str, given: Given) -> Assumption:
    """Read a number, three numbers, the id of an assumption or preset, or an Assumption as a range.

    Raises
    ------
    InputError
        If an id is neither an assumption nor a preset that is a rate, or numbers are missing.

    Examples
    --------
    >>> as_range("kept", 0.5).words(), as_range("kept", (0.4, 0.2, 0.6)).high
    ('50% (50% to 50%)', 0.6)
    """
    if isinstance(given, Assumption):
        return given
    if isinstance(given, str) and name in _COUNTS:
        raise InputError(f"{name} of {given!r} is refused: give a number, or three (central, low, high).")
    if isinstance(given, str):
        return assumption(given) if given in rows_of("assumptions/assumptions.csv") else _of_preset(given)
    numbers = given if isinstance(given, (tuple, list)) else (given,) * 3
    if len(numbers) != 3 or not all(is_number(number) for number in numbers):
        raise InputError(f"{name}: give a number, or three (central, low, high).")
    unit = _UNITS.get(name, "ratio")
    central, low, high = (float(number) for number in numbers)
    return Assumption(name, central, low, high, unit, "Given in the call.")


def _of_preset(name: str) -> Assumption:
    found = preset(name)
    if found.effect_type != "rate" or found.point is None:
        raise InputError(f"Preset {name!r} is no rate. Name one that is, or give a share.")
    low, high = (found.point if end is None else end for end in (found.lo, found.hi))
    return Assumption(name, found.point, low, high, "share", found.words())


def draw(given: Assumption, uniform: np.ndarray) -> np.ndarray:
    """Draw a range as a beta-PERT: the likeliest value four times as heavy as an end.

    References
    ----------
    Malcolm and others (1959), Operations Research 7:646-669.

    Examples
    --------
    >>> draw(Assumption("a", 0.4, 0, 1, "share", ""), np.array([0.5])).round(2)
    array([0.43])
    """
    width = given.high - given.low
    if width == 0:
        return np.full(len(uniform), given.central)
    left, right = (given.central - given.low) / width, (given.high - given.central) / width
    return given.low + width * stats.beta.ppf(uniform, 1 + 4 * left, 1 + 4 * right)


def strata(columns: int, draws: int, seed: int) -> np.ndarray:
    """Give uniform numbers in shape (columns, draws), evenly spread in each column and shuffled apart.

    Examples
    --------
    >>> strata(2, 4, 0).mean(axis=1)
    array([0.5, 0.5])
    """
    rng = np.random.default_rng(seed)
    even = (np.arange(draws) + 0.5) / draws
    return np.array([rng.permutation(even) for _ in range(columns)])
