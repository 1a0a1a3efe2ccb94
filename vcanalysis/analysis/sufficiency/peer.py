"""The forecast of the only other open package in Python that gives a band, made again from its published code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.panel import months_on
from vcanalysis.analysis.sufficiency.settings import AGE_EDGES

Band = tuple[np.ndarray, np.ndarray, np.ndarray]  # middle, low and high of all children, then of each kind
YEAR_DAYS = 365.24
_EDGES = np.array(AGE_EDGES[1:]) // 12  # birthdays on which a child grows into the next age
_AGES = len(AGE_EDGES)
_GROWS = np.array([365, 4 * 365, 5 * 365, 6 * 365, 14 * 365])  # days of each age, as the parent counts them
_OUT = -1


@dataclass(frozen=True, slots=True)
class _Rates:
    """Children now, daily chances from state to state and arrivals a day; a state is an age and a kind."""

    now: np.ndarray
    chance: np.ndarray
    come: np.ndarray


def peer_band(
    spells: pd.DataFrame,
    *,
    day: pd.Timestamp,
    kinds: tuple[str, ...],
    months: int,
    window: int = 12,
    parent: bool = False,
) -> Band:
    """Forecast as cs-demand-model-regional does, or as its parent, cs-demand-model 0.5.1.

    Parameters
    ----------
    spells : DataFrame
        As `forecast`. What happened after `day` is not looked at.
    day : Timestamp
        Day of the forecast.
    kinds : tuple of str
        Kinds of placement, in their order; others are not counted.
    months, window : int
        Months ahead, and months before the day from which rates are taken: the packages propose the last year.
    parent : bool
        Forecast as the parent does, which gives no band: the ends are missing.

    Returns
    -------
    tuple of array (1 + kinds)
        Middle, low and high of all children, then of each kind: two of its standard deviations around, at least 0.

    Notes
    -----
    Day by day. The chance to go from one age and kind to another is the mean over the days of those who went, by those
    who were there the day before; arrivals come at their mean. Variances of the days are added up without what later
    days take from them, and nothing stands for how well the rates are known or for years that differ. A child grows
    older by its birthdays, but not in a placement that still lasts; in the parent by a flat chance. Children without
    a month of birth are left out. Where the package fails, for a child who left an age and kind that was empty the day
    before, the child is left out of the rate. It is given our placements and kinds, which flatters it: the package
    would count short breaks as care, and temporary stays as a kind of their own.
    `tests/test_analysis_sufficiency_peer.py` holds this against the numbers of both packages.
    """
    rows = _rows(spells, day, kinds)
    if not parent:
        rows = _grown(rows)
    rates = _rates(_followed(rows), day, months_on(day, -window), len(kinds), parent=parent)
    middle, spread = rates.now, np.zeros_like(rates.now)
    stays = rates.chance * (1 - rates.chance)
    for _ in range((months_on(day, months) - day).days):
        spread = spread + middle @ stays + rates.come
        middle = middle @ rates.chance + rates.come
    mean, variance = (_with_all(values, len(kinds)) for values in (middle, spread))
    half = np.full_like(mean, np.nan) if parent else 2 * np.sqrt(np.maximum(variance, 0))
    return mean, np.maximum(mean - half, 0.0), mean + half


def _rows(spells: pd.DataFrame, day: pd.Timestamp, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Give the placements known on a day, none over another: child, start, end, kind, born, age at either end."""
    kind = pd.Series(pd.Index(kinds).get_indexer(spells["placement_type"].astype("str")), index=spells.index)
    known = (spells["start"] <= day) & (kind >= 0) & spells["birth_month"].notna()
    born = pd.to_datetime(spells["birth_month"]) + pd.Timedelta(days=15)
    found = pd.DataFrame(
        {
            "child": pd.factorize(spells["child_id"], sort=True)[0],
            "start": spells["start"],
            "end": spells["end"].where(spells["end"] <= day),
            "kind": kind,
            "born": born,
        }
    )[known]
    found = found.sort_values(["child", "start", "end"], na_position="first")
    found = found.drop_duplicates(["child", "start"], keep="last").drop_duplicates(["child", "end"])
    following = found.groupby("child")["start"].shift(-1)
    found["end"] = found["end"].mask(found["end"].isna() | (found["end"] > following), following)
    for side in ("start", "end"):
        found[f"age_{side}"] = (found[side] - found["born"]).dt.days / YEAR_DAYS
    return found


def _grown(rows: pd.DataFrame) -> pd.DataFrame:
    """Cut placements that have ended on the birthdays on which a child grows into the next age."""
    for years in _EDGES:
        turns = (rows["age_start"] < years) & (rows["age_end"] >= years)
        birthday = rows["born"] + pd.DateOffset(years=int(years))
        before = rows.assign(
            end=rows["end"].mask(turns, birthday), age_end=rows["age_end"].mask(turns, years)
        )
        after = rows[turns].assign(start=birthday[turns], age_start=float(years))
        rows = pd.concat([before, after])
    return rows


def _followed(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each placement its age and kind, those it was left for, and whether the child was in care before."""
    rows = rows.sort_values(["child", "start", "end"], na_position="first", ignore_index=True)
    here, there = rows.iloc[:-1], rows.iloc[1:]
    joins = (here["child"].to_numpy() == there["child"].to_numpy()) & (
        here["end"].to_numpy() == there["start"].to_numpy()
    )
    to = np.append(np.where(joins, there["kind"].to_numpy(), _OUT), _OUT)
    age, age_end = (np.searchsorted(_EDGES, rows[f"age_{side}"], side="right") for side in ("start", "end"))
    return rows.assign(age=age, grown=age_end, to=to[: len(rows)], came=~np.append(False, joins)[: len(rows)])


def _rates(rows: pd.DataFrame, day: pd.Timestamp, since: pd.Timestamp, kinds: int, *, parent: bool) -> _Rates:
    size, days = kinds * _AGES, (day - since).days
    state = (rows["kind"] * _AGES + rows["age"]).to_numpy()
    start, end = ((rows[side] - since).dt.days.fillna(days + 1).to_numpy(int) for side in ("start", "end"))
    stock = np.zeros((days + 2, size))
    np.add.at(stock, (np.clip(start, 0, days + 1), state), 1)
    np.add.at(stock, (np.clip(end, 0, days + 1), state), -1)
    stock = stock.cumsum(axis=0)[:-1]
    before = np.vstack([stock[:1], stock[:-1]])  # of the first day itself
    seen = np.full(size, days + 1.0) if parent else np.maximum((before > 0).sum(axis=0), 1)
    went = np.flatnonzero((end >= 0) & (end <= days))
    went = went[before[end[went], state[went]] > 0]
    weight = 1 / before[end[went], state[went]] / seen[state[went]]
    to, ages = rows["to"].to_numpy()[went], rows["age" if parent else "grown"].to_numpy()[went]
    chance = np.zeros((size, size + 1))
    np.add.at(chance, (state[went], np.where(to == _OUT, size, to * _AGES + ages)), weight)
    if parent:
        older = np.where(np.arange(1, size + 1) % _AGES, np.arange(1, size + 1), size)
        chance[np.arange(size), older] += 1 / np.tile(_GROWS, kinds)
    chance[np.diag_indices(size)] = 0
    chance[np.diag_indices(size)] = 1 - chance.sum(axis=1)
    came = rows["came"].to_numpy() & (start >= 0) & (start <= days)
    return _Rates(stock[-1], chance[:, :-1], np.bincount(state[came], minlength=size) / days)


def _with_all(values: np.ndarray, kinds: int) -> np.ndarray:
    """Set all children before each kind, ages together."""
    by_kind = values.reshape(kinds, _AGES).sum(axis=1)
    return np.append(by_kind.sum(), by_kind)
