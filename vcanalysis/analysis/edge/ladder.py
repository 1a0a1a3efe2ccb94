"""What support changed: from what happened to those supported, up to children alike in all that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.edge.cases import Cases
from vcanalysis.analysis.edge.hazard import Hazard, days_in_pieces, fit_hazard, known_at_opening
from vcanalysis.analysis.edge.rungs import FEWEST, alike, as_they_came, beside_other_teams, historical
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval
from vcanalysis.core.parts import priced_alike

Array = np.ndarray
_SIMPSON = np.array([4.0, 2, 4, 2, 4, 1]) / 3  # weights of six steps; at the first day nothing is gained yet
DRAWS = 1000
_AT_ONCE = 2000
_NUMBERS = ("need_total", "age_years", "earlier_plans")
_KINDS = ("plan", "team")
_WORDS = {"need_total": "need", "age_years": "age", "earlier_plans": "earlier plans"}


@dataclass(frozen=True, slots=True)
class Effect:
    """What support changed, rung by rung.

    Parameters
    ----------
    ladder : Estimates
        Ratios of hazards, the weakest comparison first; below one, fewer came into care.
    expected, averted, days : Estimate
        Of the children supported, in the days after support began: entries expected without it, entries averted by it
        (expected less what is expected with it), and days of care averted. By the last rung.
    watched : Estimates
        In the time that supported children were watched: entries expected, and observed.
    horizon : int
        Days after support began.
    supported : int
        Children supported.
    days_each : float
        Days of care averted with each entry averted.
    drawn : DataFrame
        Draws of expected, averted and days.
    alike_in : tuple of str
        What is known at the opening of most cases, and in which children are made alike.
    """

    ladder: Estimates
    expected: Estimate
    averted: Estimate
    days: Estimate
    watched: Estimates
    horizon: int
    supported: int
    days_each: float
    drawn: pd.DataFrame
    alike_in: tuple[str, ...] = ()

    @property
    def hazard(self) -> Estimate:
        """The last rung."""
        return self.ladder[len(self.ladder) - 1]

    def e_value(self) -> float | None:
        """Give how strongly a cause unknown here must go with both support and entry to explain the last rung away.

        References
        ----------
        VanderWeele TJ, Ding P (2017), Ann Intern Med 167:268-274.
        """
        ratio = self.hazard.value
        if not ratio:
            return None
        ratio = max(ratio, 1 / ratio)
        return ratio + math.sqrt(ratio * (ratio - 1))

    def sentence(self) -> str:
        """Say what is shown, and what is not."""
        if not self.hazard.estimable:
            return self.hazard.sentence()
        clear = "fewer" if (self.hazard.high or 1) < 1 else "more" if (self.hazard.low or 1) > 1 else ""
        said = (
            f"shows that {clear} came into care"
            if clear
            else "does not show whether support kept children at home"
        )
        times = f"the hazard with support is {self.hazard.words()} times that without"
        alike = f" in {', '.join(self.alike_in)}" if self.alike_in else ""
        return f"Held against children alike{alike}, the council's own record {said}: {times}."


def support_effect(
    cases: Cases,
    *,
    horizon: int = 365,
    numbers: tuple[str, ...] = _NUMBERS,
    kinds: tuple[str, ...] = _KINDS,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    """Hold entries to care of children with support against those of others, ever more alike.

    Parameters
    ----------
    cases : Cases
        From `edge_cases`. Time before support began counts as time without it.
    horizon : int
        Days after support began for which entries and days averted are given.
    numbers, kinds : tuple of str
        What is known at the opening, and in which children are made alike.
    level : float
        Confidence level.
    seed : int
        Seed of the draws.

    Returns
    -------
    Effect
        The first three rungs are shown for what they are: times change, teams differ, and who is supported is chosen.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The last rung is a Poisson regression on pieces of time since the opening. It holds if all that led to support and
    to entry alike is known at the opening. Cases of one child are not taken as independent. The table does not say
    who are brothers and sisters: those who come into care together make the interval somewhat too narrow.
    """
    rows = cases.rows
    design = known_at_opening(rows, numbers=numbers, kinds=kinds)
    fitted, why = _fit(rows, design)
    # With what was expected, each of these gives away how many supported children came into care.
    few = int((rows["supported"] & rows["entered"]).sum())
    about: dict[str, Any] = {
        "level": level, "n": int(rows["supported"].sum()), "of": "children supported", "support": few
    }  # fmt: skip
    last = alike(fitted, why, {**about, "of": "cases, supported"})
    ladder = Estimates(
        (historical(rows, level), beside_other_teams(rows, level), as_they_came(rows, level), last)
    )
    if fitted is None:
        none = [
            Estimate.not_estimable(term, n=why[1], reason=why[0], of="entries") for term in _terms(horizon)
        ]
        observed = Estimates((_observed(rows),))
        drawn = pd.DataFrame(columns=["expected", "averted", "days"], dtype="float64")
        supported = int(rows["supported"].sum())
        return Effect(ladder, none[0], none[1], none[2], observed, horizon, supported, 0.0, drawn, ())
    share = _in_care_after(rows, cases.day, horizon)
    both = np.vstack([fitted.mean, fitted.draws(DRAWS, seed)])
    drawn, point = _drawn(fitted, both, rows, horizon, share)
    made = [
        Estimate(
            term, point[name], *ends, level, about["n"], unit,
            "piecewise exponential model; interval of drawn coefficients", of="children supported",
            support=None if name == "expected" else few,
            priced=priced_alike(about["n"], point[name], *ends) if name == "days" else None,
        )
        for name, term, unit in zip(drawn.columns, _terms(horizon), ("children", "children", "days"), strict=True)
        for ends in [percentile_interval(drawn[name].to_numpy(), level)]
    ]  # fmt: skip
    each = point["days"] / point["averted"] if point["averted"] else share * horizon / 2
    words = tuple(_WORDS.get(name, name) for name in (*numbers, *kinds) if _is_known(rows[name]))
    watched = Estimates((_expected_watched(fitted, both, rows, level), _observed(rows)))
    return Effect(ladder, made[0], made[1], made[2], watched, horizon, about["n"], float(each), drawn, words)


def _terms(horizon: int) -> tuple[str, str, str]:
    span = f"in the {horizon} days after support began"
    return (
        f"Entries expected without support, {span}",
        f"Entries averted by support, {span}",
        f"Days of care averted by support, {span}",
    )


def _is_known(values: pd.Series) -> bool:
    """Whether a thing known at the opening is known of half of the cases, and tells any of them apart."""
    return bool(values.notna().mean() >= 0.5 and len(values.dropna().unique()) > 1)


def _fit(rows: pd.DataFrame, design: Array) -> tuple[Hazard | None, tuple[str, int]]:
    """Fit the hazard; where it cannot be, say why, and how many entries there are of those needed."""
    given, entered = rows["supported"], int(rows["entered"].sum())
    few = min(int((rows["entered"] & given).sum()), int((rows["entered"] & ~given).sum()))
    if few < FEWEST:
        return None, (f"at least {FEWEST} entries to care with and {FEWEST} without support are needed", few)
    if entered < 2 * design.shape[1]:
        reason = (
            f"at least {2 * design.shape[1]} entries to care are needed for all that is known at the opening"
        )
        return None, (reason, entered)
    fitted = fit_hazard(rows, design)
    return fitted, ("" if fitted else "the data do not tell children with and without support apart", entered)


def _in_care_after(rows: pd.DataFrame, day: pd.Timestamp, horizon: int) -> float:
    """Share of the days after entry that children spend in care, up to the horizon or the last day known."""
    entered = rows[rows["entered"]]
    until = (entered["entered_care"] + pd.Timedelta(days=horizon)).clip(upper=day)
    back = entered["returned"] if "returned" in entered else pd.Series(pd.NaT, index=entered.index)
    out = back.where(back < until, until)
    days = (until - entered["entered_care"]).dt.days.sum()
    return float((out - entered["entered_care"]).dt.days.sum() / days) if days else 1.0


def _blocks(rows: pd.DataFrame) -> list[Array]:
    """Give the cases supported, so many at a time that the draws of a nation fit into memory."""
    of = np.flatnonzero(rows["supported"])
    return np.array_split(of, max(-(-len(of) // _AT_ONCE), 1))


def _drawn(
    fitted: Hazard, both: Array, rows: pd.DataFrame, horizon: int, share: float
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Draw expected entries, entries averted and days averted of the children supported."""
    step, ratio = horizon / len(_SIMPSON), np.exp(both[:, -1])[:, None, None]
    expected, gained = np.zeros(len(both)), np.zeros((len(both), len(_SIMPSON)))
    for of in _blocks(rows):
        start = rows["supported_day"].to_numpy(dtype=float)[of]
        until = start[:, None] + step * np.arange(1, len(_SIMPSON) + 1)
        weights = days_in_pieces(np.broadcast_to(start[:, None], until.shape), until)
        total = fitted.without(both, of, weights)
        without = np.exp(-total)
        expected += (1 - without[:, :, -1]).sum(axis=1)
        gained += (np.exp(-total * ratio) - without).sum(axis=1)
    days = share * step * gained @ _SIMPSON
    table = pd.DataFrame({"expected": expected, "averted": gained[:, -1], "days": days})
    return table.iloc[1:].reset_index(drop=True), table.iloc[0].to_dict()


def _expected_watched(fitted: Hazard, both: Array, rows: pd.DataFrame, level: float) -> Estimate:
    total, number = np.zeros(len(both)), int(rows["supported"].sum())
    for of in _blocks(rows):
        start, end = (rows[name].to_numpy(dtype=float)[of] for name in ("supported_day", "days"))
        weights = days_in_pieces(start, np.maximum(start, end))[:, None, :]
        total += fitted.without(both, of, weights).sum(axis=(1, 2))
    return Estimate(
        "Entries expected without support, in the time watched", float(total[0]),
        *percentile_interval(total[1:], level), level, number, "children",
        "piecewise exponential model; interval of drawn coefficients", of="children supported",
    )  # fmt: skip


def _observed(rows: pd.DataFrame) -> Estimate:
    given = rows["supported"]
    count = int((rows["entered"] & given).sum())
    term = "Entries observed with support, in the time watched"
    if not given.any():
        return Estimate.not_estimable(term, n=0, reason="no child was supported", of="children supported")
    return Estimate(
        term,
        count,
        n=int(given.sum()),
        unit="children",
        method="count",
        of="children supported",
        support=count,
    )


def ladder_headline(found: Effect) -> str:
    """Say which rungs show fewer entries.

    Examples
    --------
    >>> none = Estimate.not_estimable("Hazard", n=0, reason="no support")
    >>> ladder_headline(Effect(Estimates((none,)), none, none, none, Estimates(()), 365, 0, 0.0, pd.DataFrame()))
    'Whether support keeps children at home cannot be said here'
    """
    if not found.hazard.estimable:
        return "Whether support keeps children at home cannot be said here"
    clear = [e for e in found.ladder if e.high is not None and e.high < 1]
    if found.hazard in clear:
        return "Fewer supported children came into care than children alike without support"
    if clear:
        return "Weaker comparisons show fewer entries; among children alike, chance may explain it"
    return "No comparison shows clearly that support keeps children at home"
