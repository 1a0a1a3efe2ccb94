"""What a step-down candidate must meet: every criterion by itself, and what to do where it cannot be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

MET, NOT_MET, UNKNOWN = "met", "not met", "cannot be judged"
VERDICTS = (MET, NOT_MET, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Names of the columns a child is screened by; those of a council's snapshot where they have the same meaning.

    Parameters
    ----------
    child : str
        Pseudonym of the child.
    setting : str
        Kind of placement, in words.
    legal_status : str
        Legal status, SSDA903 code.
    liberty : str
        Flag: an order depriving of liberty stands. No return holds it; empty where the council has no such column.
    weeks : str
        Weeks in the placement.
    assessed_days : str
        Days since the latest assessment.
    rated_share : str
        Share of the domains rated in it, 0 to 1.
    vetoed : str
        Flag: a need rules a move out by itself.
    comparable, probability : str
        Of `family_probability`: flag, and probability.
    wishes : str
        Flag: what the child wants is on record.
    """

    child: str = "child_id"
    setting: str = "placement_type"
    legal_status: str = "ls"
    liberty: str = ""
    weeks: str = "weeks_in_placement"
    assessed_days: str = "need_age_days"
    rated_share: str = "rated_share"
    vetoed: str = "vetoed"
    comparable: str = "comparable"
    probability: str = "probability"
    wishes: str = "wishes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked of a candidate: judgements, all of them, to be varied.

    Parameters
    ----------
    homes : tuple of str
        Settings a child may step down from; secure homes, hospitals and family centres are other settings.
    not_status : tuple of str
        Legal statuses that rule a move out: remand and detention.
    least_weeks : float
        Weeks in the home, so that placements have time to settle.
    assessed_within : float
        Days within which the latest assessment must lie.
    least_share : float
        Share of domains that must be rated.
    least_probability : float
        Probability from which a child counts as like those who live in families; NaN where there is none.
    """

    homes: tuple[str, ...] = ("Residential home",)
    not_status: tuple[str, ...] = ("J1", "J2", "J3")
    least_weeks: float = 12
    assessed_within: float = 183
    least_share: float = 0.8
    least_probability: float = np.nan

    def __post_init__(self) -> None:
        for name, low, high in (
            ("least_weeks", 0, 1000),
            ("assessed_within", 1, 3660),
            ("least_share", 0, 1),
            ("least_probability", 0, 1),
        ):
            value = getattr(self, name)
            if not np.isnan(value) and not low <= value <= high:
                raise InputError(f"Rules: {name} is {value:g}. It must lie between {low} and {high}.")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing asked of a candidate.

    Parameters
    ----------
    name : str
        Short name: the column of the screen.
    words : str
        The criterion in words.
    judge : callable
        Takes the frame and gives a nullable flag per row: met, not met, missing where it cannot be judged.
    unknown : str
        Why it cannot be judged where it is missing.
    held : bool
        Whether the council holds what it takes; where not, nobody is judged by it and the panel must ask.
    """

    name: str
    words: str
    judge: Callable[[pd.DataFrame], pd.Series] = field(repr=False)
    unknown: str
    held: bool = True

    def verdicts(self, frame: pd.DataFrame) -> pd.Categorical:
        """Give the verdict of each row: one of `VERDICTS`."""
        flags = self.judge(frame).astype("boolean")
        codes = np.select([flags.isna(), flags.fillna(False).to_numpy(dtype=bool)], [2, 0], default=1)
        return pd.Categorical.from_codes(codes, categories=list(VERDICTS))


def _flag(frame: pd.DataFrame, name: str) -> pd.Series:
    require_columns(frame, name)
    return frame[name].astype("boolean")


def _at_least(frame: pd.DataFrame, name: str, least: float) -> pd.Series:
    values = pd.Series(number_column(frame, name), index=frame.index)
    unknown = values.isna() | np.isnan(least)
    return (values >= least).astype("boolean").mask(unknown)


def _is_in(frame: pd.DataFrame, name: str, allowed: tuple[str, ...]) -> pd.Series:
    require_columns(frame, name)
    words = frame[name].astype("str")
    return words.isin(allowed).astype("boolean").mask(frame[name].isna())


def criteria(rules: Rules, columns: Columns) -> tuple[Criterion, ...]:
    """Give the criteria of a step-down candidate in the order they are asked.

    Examples
    --------
    >>> [c.name for c in criteria(Rules(), Columns())][:3]
    ['in_a_home', 'not_on_remand', 'no_liberty_order']
    """
    return (*_placement(rules, columns), *_needs(rules, columns), *_likeness(rules, columns))


def _placement(rules: Rules, columns: Columns) -> tuple[Criterion, ...]:
    return (
        Criterion(
            "in_a_home",
            "lives in a residential home (not secure, hospital, or parent and child)",
            lambda f: _is_in(f, columns.setting, rules.homes),
            "the kind of placement is not known",
        ),
        Criterion(
            "not_on_remand",
            "is not on remand or detained",
            lambda f: ~_is_in(f, columns.legal_status, rules.not_status),
            "the legal status is not known",
        ),
        Criterion(
            "no_liberty_order",
            "is under no order depriving of liberty",
            lambda f: ~_flag(f, columns.liberty) if columns.liberty else pd.Series(pd.NA, index=f.index),
            "orders depriving of liberty are not in the data: ask" if not columns.liberty else "not recorded",
            held=bool(columns.liberty),
        ),
        Criterion(
            "settled",
            f"has been in the home for {rules.least_weeks:g} weeks",
            lambda f: _at_least(f, columns.weeks, rules.least_weeks),
            "the start of the placement is not known",
        ),
    )


def _needs(rules: Rules, columns: Columns) -> tuple[Criterion, ...]:
    def assessed(frame: pd.DataFrame) -> pd.Series:
        return ~_at_least(frame, columns.assessed_days, np.nextafter(rules.assessed_within, np.inf))

    return (
        Criterion(
            "assessed",
            f"was assessed in the last {rules.assessed_within:g} days",
            assessed,
            "was never assessed",
        ),
        Criterion(
            "rated_in_full",
            f"has {rules.least_share:.0%} of the domains rated",
            lambda f: _at_least(f, columns.rated_share, rules.least_share),
            "was never assessed",
        ),
        Criterion(
            "no_veto",
            "has no need that rules a move out by itself",
            lambda f: ~_flag(f, columns.vetoed),
            "too few domains are rated, or the framework names no such need",
        ),
    )


def _likeness(rules: Rules, columns: Columns) -> tuple[Criterion, ...]:
    return (
        Criterion(
            "comparable",
            "has a profile that is found among children in families too",
            lambda f: _flag(f, columns.comparable),
            "needs or age are not known, or too few children to compare with",
        ),
        Criterion(
            "like_a_family_child",
            "is as likely to live in a family as most children settled in one",
            lambda f: _at_least(f, columns.probability, rules.least_probability),
            "there is no probability to hold against the threshold",
        ),
        Criterion(
            "wishes_known",
            "has said what they want",
            lambda f: _flag(f, columns.wishes) if columns.wishes else pd.Series(pd.NA, index=f.index),
            "wishes are not in the data: ask",
            held=bool(columns.wishes),
        ),
    )
