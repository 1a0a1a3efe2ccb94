"""Which year each SSDA903 return is for, by the days in it and by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from vcanalysis.intake.cleaning.dates import ACCEPTED, parse_dates
from vcanalysis.intake.cleaning.rules import refuse

if TYPE_CHECKING:
    from vcanalysis.intake.readers.ssda903 import ReturnSet

_KEY, _SAME, _SEVERAL = ["CHILD", "DECOM"], 0.2, 10
_FEW = 0.05  # episodes of a year in care are many; a smaller share are moves after the year, or slips


def years_of(episodes: Mapping[str, list[pd.DataFrame]], read: ReturnSet) -> dict[str, int]:
    """Infer each return's year, by its 31 March, from the days its episodes began.

    Parameters
    ----------
    episodes : mapping of str to list of DataFrame
        Episodes of each return as text, by the name of its folder.
    read : ReturnSet
        Told the years, and what is odd about them.

    Raises
    ------
    InputError
        If two returns are of one year, or nothing in a return is of the year it is named after.
    """
    begun = {group: _days(rows, "DECOM") for group, rows in episodes.items()}
    found = {group: _last_year(episodes[group], days.dropna()) for group, days in begun.items()}
    named = {group: _named_year(group) for group in episodes}
    shifts = Counter(found[g] - named[g] for g in episodes if named[g] and found[g] - named[g] in (0, 1))
    shift = shifts.most_common(1)[0][0] if shifts else None
    years = {}
    for group in episodes:
        by_name = (
            named[group] + (shift or 0) if named[group] and (shift is not None or len(episodes) == 1) else 0
        )
        years[group] = max(found[group], by_name)
        if found[group] < by_name:
            _refuse_stale(episodes[group], by_name)
        expected = named[group] + (shift or 0) if named[group] else 0
        read.notes += _said_of_year(episodes[group], begun[group], years[group], expected)
    for group, year in sorted(years.items(), key=lambda item: item[1]):
        if year in read.years:
            raise refuse(
                "year-twice",
                f"{group} and {read.years[year]} both look like the return of the year to 31 March {year}. "
                "Give one return per year.",
            )
        read.years[year] = group or "the return"
    if shift is not None:
        how = "the 1 April it begins" if shift else "the 31 March it ends"
        read.notes.append(f"The dates say that each return is named after {how}.")
    return years


def refuse_two_years(episodes: Mapping[str, list[pd.DataFrame]]) -> None:
    """Stop where two files of one return hold the same episodes: two years lie together and neither is named.

    Raises
    ------
    InputError
        If more than a fifth of the episodes of a file are in another of the same return.
    """
    for frames in episodes.values():
        for frame, other in combinations(frames, 2):
            small, large = sorted((frame, other), key=len)
            both = small[_KEY].merge(large[_KEY].drop_duplicates(), on=_KEY)
            if len(both) > _SAME * max(len(small), _SEVERAL):
                raise refuse(
                    "stacked",
                    f"{frame['_file'].iloc[0]} and {other['_file'].iloc[0]} hold the same episodes: two returns seem "
                    "to lie together. Give each a folder or a workbook of its own, or put its year (2020) into the "
                    "names of its files.",
                )


def _days(episodes: list[pd.DataFrame], column: str) -> pd.Series:
    return parse_dates(pd.concat([frame[column] for frame in episodes], ignore_index=True))


def _refuse_stale(episodes: list[pd.DataFrame], year: int) -> None:
    """Refuse a return in which episodes ended, all of them before its year: it is another year's."""
    days = _days(episodes, "DEC").dropna()
    if len(days) and days.max() < pd.Timestamp(year - 1, 4, 1):
        source = episodes[0]["_file"].iloc[0]
        raise refuse(
            "outside-period",
            f"{source} is named for the year to 31 March {year}, but nothing in it began or ended in that year. "
            "Give the return of that year.",
        )


def _named_year(group: str) -> int:
    names = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", group)
    return int(names[-1]) if names else 0


def _said_of_year(episodes: list[pd.DataFrame], days: pd.Series, year: int, by_name: int) -> list[str]:
    """Say where the dates of a return contradict its name, or run beyond its year."""
    source, said = episodes[0]["_file"].iloc[0], []
    if by_name and year != by_name:
        said.append(
            f"{source} is named for the year to 31 March {by_name}, but its dates are of the year to 31 March {year}: "
            "read as the latter."
        )
    after = int((days >= pd.Timestamp(year, 4, 1)).sum())
    if after:
        said.append(
            f"{source} is read as the return of the year to 31 March {year}; {after:,} of {len(days):,} episodes begin "
            "after it and are set aside."
        )
    return said


def _last_year(episodes: list[pd.DataFrame], days: pd.Series) -> int:
    """Give the last year, by its 31 March, in which episodes began; fewer than 5% of them do not count."""
    if days.empty:
        source = episodes[0]["_file"].iloc[0]
        raise refuse(
            "no-date-at-all",
            f"{source}, column DECOM: no value is a date. Write dates as {ACCEPTED}.",
        )
    years = (days.dt.year + (days.dt.month > 3)).value_counts().sort_index()
    return int(years.index[years >= min(_FEW * len(days), years.max())].max())
