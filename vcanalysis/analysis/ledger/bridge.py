"""Why spending changed: volume, need, mix and price, by the logarithmic mean, exactly and to the penny.

No library has it for Python with zero cells done by their limits (PyLMDI puts a small number there); tests hold it
against hand arithmetic and the identities that define it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.reading import Array
from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.log_mean import log_mean_effects, to_the_penny
from vcanalysis.core.numbers import write_number

FACTORS = ("volume", "need", "mix", "price")
_WORDS = {
    "volume": "More or fewer child-weeks",
    "need": "Needs of the children",
    "mix": "Where children of the same need live",
    "price": "Price of the same placement at the same need",
}
METHOD = "additive logarithmic mean Divisia (LMDI-I), zero cells by their limits"
_ONE_SIDED = "spending of both periods is needed"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Spending of two periods and what lies between; made by `spending_bridge`.

    Parameters
    ----------
    first, second : int
        Spending of the two periods in pence.
    effects : dict of str to int
        Pence by factor, in the order of `FACTORS`; they add up to ``second - first``.
    weeks : tuple of float
        Child-weeks of the two periods.
    cells : DataFrame
        Per need and placement type: spending of the two periods and the effect of each factor, in pounds.
    """

    first: int
    second: int
    effects: dict[str, int]
    weeks: tuple[float, float]
    cells: pd.DataFrame

    @property
    def spans_two(self) -> bool:
        """Whether money was spent in both periods; a change from nothing has no reason in prices or mix."""
        return self.first > 0 and self.second > 0

    def estimates(self) -> Estimates:
        """Give the effects in pounds; an identity has no interval. Not estimable where a period has no spending."""
        if not self.spans_two:
            none = [Estimate.not_estimable(_WORDS[f], n=0, reason=_ONE_SIDED, method=METHOD) for f in FACTORS]
            return Estimates.of(none, self.sentence())
        n = round(sum(self.weeks))
        about = {"unit": "GBP", "method": METHOD, "of": "child-weeks", "n": n, "support": n}
        made = [Estimate(_WORDS[f], self.effects[f] / 100, **about) for f in FACTORS]  # type: ignore[arg-type]
        return Estimates.of(made, self.sentence())

    def frame(self) -> pd.DataFrame:
        """Give the effects as a tidy frame."""
        return self.estimates().frame()

    def sentence(self) -> str:
        """Say both totals and what moved the one to the other."""
        if not self.spans_two:
            return f"Why spending changed: not estimable ({_ONE_SIDED})."
        ends = [write_number(pence / 100, "GBP") for pence in (self.first, self.second)]
        parts = [f"{name} {write_number(self.effects[name] / 100, 'GBP')}" for name in FACTORS]
        return f"Spending went from {ends[0]} to {ends[1]}: {', '.join(parts)}."

    def beside(self, saving: Estimate) -> str:
        """Say a saving claimed for the second period beside the change in spending it must be part of.

        Examples
        --------
        >>> rows = pd.DataFrame({"need": ["low"], "type": ["home"], "weeks": [52.0], "gbp": [52_000.0]})
        >>> names = {"need": "need", "kind": "type", "weeks": "weeks", "gbp": "gbp"}
        >>> bridge = spending_bridge(rows, rows.assign(gbp=49_400.0), **names)
        >>> bridge.beside(Estimate("Net saving", 2600.0, n=1, unit="GBP"))
        'Spending fell by £2,600, and a net saving of £2,600 is claimed. Where children live (mix) moved it by £0.'
        """
        if saving.value is None:
            return saving.sentence()
        if not self.spans_two:
            return self.sentence()
        change = (self.second - self.first) / 100
        moved = (
            f"fell by {write_number(-change, 'GBP')}"
            if change < 0
            else f"rose by {write_number(change, 'GBP')}"
        )
        mix = write_number(self.effects["mix"] / 100, "GBP")
        claimed = write_number(saving.value, "GBP")
        said = f"Spending {moved}, and a net saving of {claimed} is claimed."
        return f"{said} Where children live (mix) moved it by {mix}."


def spending_bridge(
    first: pd.DataFrame, second: pd.DataFrame, *, need: str, kind: str, weeks: str, gbp: str
) -> Bridge:
    """Split the change in spending between two periods into volume, need, mix and price.

    Parameters
    ----------
    first, second : DataFrame
        One row per stretch, child or cell of each period.
    need : str
        Column of the band of need; children without one are a band of their own.
    kind : str
        Column of the placement type.
    weeks, gbp : str
        Columns of child-weeks and of the pounds paid for them.

    Returns
    -------
    Bridge
        ``.effects`` in pence add up to the change exactly; ``.frame()``, ``.sentence()``, ``.beside(saving)``.

    Raises
    ------
    InputError
        If a column is missing, or child-weeks or pounds lie below nought, are missing, or stand alone.

    Notes
    -----
    Spending is ``sum of Q x s x m x p``: child-weeks, share of a band of need, share of a type within the band, pounds
    a week. Each factor's effect is the sum over cells of ``L(E2, E1) ln(x2 / x1)``, L the logarithmic mean. A cell
    that appears or goes has its whole change in the first factor that was nought: the limit of the formula.

    References
    ----------
    Ang BW (2005), Energy Policy 33:867-871; Ang BW, Liu N (2007), Energy Policy 35:238-246, for zeros.

    Examples
    --------
    >>> before = pd.DataFrame({"need": ["low"], "type": ["home"], "weeks": [10.0], "gbp": [1000.0]})
    >>> after = before.assign(weeks=20.0, gbp=2000.0)
    >>> spending_bridge(before, after, need="need", kind="type", weeks="weeks", gbp="gbp").effects
    {'volume': 100000, 'need': 0, 'mix': 0, 'price': 0}
    """
    tables = [_cells(frame, need, kind, weeks, gbp) for frame in (first, second)]
    both = pd.concat([t.add_suffix(f"_{i}") for i, t in enumerate(tables, 1)], axis=1).fillna(0.0)
    factors = np.stack([_factors(both, period) for period in ("_1", "_2")])
    money = both[["gbp_1", "gbp_2"]].to_numpy()
    effects = log_mean_effects(money, *factors)
    totals = [round(100 * float(_gbp(frame, gbp).sum())) for frame in (first, second)]
    pence = to_the_penny(100 * effects.sum(axis=0), totals[1] - totals[0])
    cells = both[["gbp_1", "gbp_2"]].assign(**dict(zip(FACTORS, effects.T, strict=True))).reset_index()
    child_weeks = (float(both["weeks_1"].sum()), float(both["weeks_2"].sum()))
    return Bridge(totals[0], totals[1], dict(zip(FACTORS, pence, strict=True)), child_weeks, cells)


def _gbp(frame: pd.DataFrame, gbp: str) -> Array:
    pounds = cost_column(frame, gbp)
    if np.isnan(pounds).any():
        raise InputError(
            f"Column {gbp!r}: {int(np.isnan(pounds).sum()):,} rows have no price. Leave them out and say so."
        )
    return pounds


def _cells(frame: pd.DataFrame, need: str, kind: str, weeks: str, gbp: str) -> pd.DataFrame:
    """Add up weeks and pounds by need and type."""
    require_columns(frame, need, kind, weeks, gbp)
    time, pounds = cost_column(frame, weeks), _gbp(frame, gbp)
    if np.isnan(time).any() or ((time == 0) & (pounds > 0)).any():
        raise InputError(f"Columns {weeks!r} and {gbp!r}: pounds without weeks cannot be split. Give both.")
    rows = pd.DataFrame(
        {
            "band": frame[need].astype("str").where(frame[need].notna(), "not rated").to_numpy(),
            "type": frame[kind].astype("str").where(frame[kind].notna(), "not known").to_numpy(),
            "weeks": time,
            "gbp": pounds,
        }
    )
    return rows[rows["weeks"] > 0].groupby(["band", "type"])[["weeks", "gbp"]].sum()


def _factors(both: pd.DataFrame, period: str) -> Array:
    """Give child-weeks, share of the band, share of the type in it and price of each cell; nought where undefined."""
    weeks, money = both[f"weeks{period}"], both[f"gbp{period}"]
    band, total = weeks.groupby(level="band").transform("sum"), weeks.sum()
    parts = [np.full(len(both), total), _over(band, total), _over(weeks, band), _over(money, weeks)]
    return np.column_stack(parts)


def _over(top: pd.Series, bottom: pd.Series | float) -> Array:
    bottom = np.broadcast_to(np.asarray(bottom, dtype=float), len(top))
    return np.divide(top.to_numpy(dtype=float), bottom, out=np.zeros(len(top)), where=bottom > 0)
