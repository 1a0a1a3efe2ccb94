"""How many children will be in care, by age and kind of placement, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.arrivals import draw_arrivals, learn_level
from vcanalysis.analysis.sufficiency.panel import Panel, monthly_panel
from vcanalysis.analysis.sufficiency.rates import Rates, draw_rates
from vcanalysis.analysis.sufficiency.result import Forecast
from vcanalysis.analysis.sufficiency.settings import AGE_BANDS, Settings
from vcanalysis.analysis.sufficiency.simulation import Shift, Start, simulate
from vcanalysis.core.errors import InputError

LEAST_CHILDREN, LEAST_ARRIVALS, LEAST_MONTHS = 10, 10, 12
MOST_MONTHS = 120
_AT_ONCE = 4_000_000  # children of all futures held in memory together


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from the records, to play futures from: the same for every scenario."""

    panel: Panel
    start: Start
    rates: Rates
    coming: np.ndarray
    seed: int


def forecast(
    spells: pd.DataFrame,
    *,
    day: str | pd.Timestamp,
    since: str | pd.Timestamp,
    months: int = 12,
    draws: int = 1000,
    seed: int = 0,
    settings: Settings | None = None,
) -> Forecast:
    """Forecast children in care by age and kind of placement, one to five years ahead and more.

    Parameters
    ----------
    spells : DataFrame
        One row a placement: child_id, start, end (missing while it lasts), placement_type, birth_month. Short breaks
        left out, temporary stays joined to the placement around them: `Council.placement_spells(by_kind=True)`.
    day, since : str or Timestamp
        Day of the forecast, and first day from which every placement is known. What came after `day` is not used.
    months, draws, seed : int
        Months ahead, futures and their seed.
    settings : Settings, optional
        Window, shrinkage, beliefs about arrivals, level.

    Returns
    -------
    Forecast
        Children in care in every future; "not estimable" with the reason where the records are too thin.

    Raises
    ------
    InputError
        If a column is missing, or a number cannot be meant.

    Notes
    -----
    Children age by their month of birth and leave on their 18th birthday. Monthly chances to leave and to move are
    constant within bands of age and of time in the kind of placement, learnt from the window in resamples of children
    and drawn towards each other where events are few. Each future has its own resample, its own level of arrivals and
    its own luck. Children who come and leave within a month are not on any month's day and not counted.

    References
    ----------
    Putter H, Fiocco M, Geskus RB (2007), Stat Med 26:2389-2430; Rubin DB (1981), Ann Stat 9:130-134.

    Examples
    --------
    >>> start = pd.date_range("2016-01-05", periods=120, freq="12D")
    >>> spells = pd.DataFrame({"child_id": range(120), "start": start, "end": start + pd.Timedelta(days=500),
    ...     "placement_type": "Agency fostering", "birth_month": pd.Timestamp("2010-01-01")})
    >>> ahead = forecast(spells, day="2019-06-30", since="2016-01-01", draws=200, seed=1)
    >>> ahead.total(12).n
    42
    """
    chosen = settings or Settings()
    panel = monthly_panel(spells, day=day, since=since)
    _refuse(months, draws, seed)
    reason, found = _too_thin(panel, chosen.window)
    if reason:
        return Forecast(panel, None, np.zeros((0, months)), reason, chosen.level, None, found)
    learnt = _learn(panel, months=months, draws=draws, seed=seed, settings=chosen)
    return Forecast(panel, play(learnt), learnt.coming, "", chosen.level, learnt)


def _refuse(months: int, draws: int, seed: int) -> None:
    if not (isinstance(months, Integral) and 1 <= months <= MOST_MONTHS):
        raise InputError(f"months is {months}. Give a whole number from 1 to {MOST_MONTHS}.")
    if not (isinstance(draws, Integral) and draws >= 2):
        raise InputError(f"draws is {draws}. Give a whole number, at least 2, better 1,000.")
    if not (isinstance(seed, Integral) and seed >= 0):
        raise InputError(f"seed is {seed}. Give a whole number from 0.")


def _too_thin(panel: Panel, window: int) -> tuple[str, int]:
    """Say why the records do not allow a forecast, and what was found instead; nothing where they do."""
    came = panel.came & (panel.month > panel.months - window)
    for least, found, what in (
        (LEAST_MONTHS, panel.months, "months of records"),
        (LEAST_CHILDREN, (panel.month == panel.months).sum(), "children in care on the day"),
        (LEAST_ARRIVALS, came.sum(), f"children who came in the last {window} months"),
    ):
        if found < least:
            return f"at least {least} {what} are needed", int(found)
    return "", 0


def _learn(panel: Panel, *, months: int, draws: int, seed: int, settings: Settings) -> Learnt:
    """Learn rates and arrivals."""
    now = panel.month == panel.months
    new = panel.came & (panel.month > panel.months - settings.window)
    rng = np.random.default_rng(seed)
    rates = draw_rates(panel, window=settings.window, strength=settings.strength, draws=draws, rng=rng)
    coming = draw_arrivals(learn_level(panel.arrivals(), settings), months=months, draws=draws, rng=rng)
    start = Start(
        kind=panel.kind[now],
        age=np.maximum(panel.age[now], 0.0),
        stay=panel.stay[now].astype(np.int16),
        new_kind=panel.kind[new],
        new_age=np.maximum(panel.age[new], 0.0),
        kinds=len(panel.kinds),
    )
    return Learnt(panel, start, rates, coming, int(rng.integers(2**32)))


def play(learnt: Learnt, shifts: Sequence[Shift] = ()) -> np.ndarray:
    """Play all futures, some at a time so that memory stays within bounds.

    Parameters
    ----------
    learnt : Learnt
        What was learnt from the records.
    shifts : sequence of Shift
        Changes of a scenario; the same child meets the same fate with and without them.

    Returns
    -------
    array of int (futures, months + 1, kinds, ages)
    """
    draws = len(learnt.coming)
    each = len(learnt.start.kind) + float(learnt.coming.sum(axis=1).mean())
    size = int(max(1, min(draws, _AT_ONCE // max(each, 1))))
    parts = []
    for first in range(0, draws, size):
        some = slice(first, first + size)
        rates = Rates(learnt.rates.leave[some], learnt.rates.move[some], learnt.rates.where[some])
        rng = np.random.default_rng((learnt.seed, first))
        coming = learnt.coming[some]
        parts.append(
            simulate(learnt.start, rates, coming, rng=rng, shifts=shifts, shift_seed=learnt.seed + first)
        )
    return np.concatenate(parts)


__all__ = ["AGE_BANDS", "Learnt", "forecast", "play"]
