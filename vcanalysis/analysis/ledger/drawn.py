"""What the homes and life elsewhere would have cost, drawn: the error of everything a ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.paid import as_days
from vcanalysis.analysis.ledger.reading import Array

if TYPE_CHECKING:
    from vcanalysis.analysis.ledger.savings_ledger import Terms
    from vcanalysis.core.survival.staying import Staying

_CELLS = 4_000_000  # draws of pieces held at once: 32 MB
Weights = tuple[Array, Array]


@dataclass(frozen=True)
class Drawn:
    """Draws of what would have been paid without the programme.

    Parameters
    ----------
    rows, claims : DataFrame
        Of the ledger.
    staying : Staying
        Natural stays.
    terms : Terms
        Replicates, seed and the cost elsewhere with its error.
    """

    rows: pd.DataFrame
    claims: pd.DataFrame
    staying: Staying
    terms: Terms

    @cached_property
    def pieces(self) -> pd.DataFrame:
        """Stretches of a claim with one fee in one financial year: begin and end as days since the move."""
        rows = self.rows
        new = (rows["claim"] != rows["claim"].shift()) | (rows["start"] != rows["stop"].shift())
        for name in ("rate", "year"):
            new |= rows[name] != rows[name].shift()
        move = as_days(self.claims["move"])[rows["claim"]]
        spans = rows.assign(begin=rows["start"] - move, end=rows["stop"] - move).groupby(new.cumsum())
        first = dict.fromkeys(("claim", "begin", "rate", "year", "given_up", "bed"), "first")
        return spans.agg(first | {"end": "last", "home": "sum", "elsewhere": "sum"}).reset_index(drop=True)

    @cached_property
    def leaving(self) -> Array:
        """Days after the move on which each child would have left, drawn: shape (replicates, children)."""
        since = as_days(self.claims["move"]) - as_days(self.claims["in_home_since"])
        terms = self.terms
        return self.staying.leaving(
            since.astype(float), replicates=int(terms.replicates), seed=int(terms.seed)
        )

    @cached_property
    def _elsewhere(self) -> Array:
        """Price of a week elsewhere in each draw."""
        noise = np.random.default_rng([int(self.terms.seed), 1]).normal(size=int(self.terms.replicates))
        value, error = self.terms.elsewhere
        return np.maximum(value + error * noise, 0.0)

    def _blocks(self) -> Iterator[slice]:
        step = max(1, _CELLS // max(len(self.pieces), 1))
        for first in range(0, int(self.terms.replicates), step):
            yield slice(first, first + step)

    def total(self, weights: Weights) -> Array:
        """Pounds in each draw, what the home and what elsewhere would have cost weighted by piece.

        Less what the ledger's own lines hold of it, so that the draws lie about nought.
        """
        piece = self.pieces
        begin, end, rate = (piece[name].to_numpy(dtype="float64") for name in ("begin", "end", "rate"))
        claim, home = piece["claim"].to_numpy(), weights[0] * rate / 700
        spent = np.empty(int(self.terms.replicates))
        for draws in self._blocks():
            days = np.clip(self.leaving[draws, claim], begin, end) - begin
            away = (end - begin) @ weights[1] - days @ weights[1]
            spent[draws] = days @ home + self._elsewhere[draws] / 7 * away
        return spent - float(piece["home"] @ weights[0] + piece["elsewhere"] @ weights[1]) / 100
