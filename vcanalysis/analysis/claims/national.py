"""What the national arithmetic on a panel says: every pair, what it reaches, and the sentence that may be said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

ROUTES = {"per child": "per child", "share of spend": "by share of spend", "per council": "per council"}


@dataclass(frozen=True, slots=True)
class NationalArithmetic:
    """Claimed numbers beside those of a panel; made by `national_arithmetic`.

    Parameters
    ----------
    stock : Estimates
        Children of the councils named, and their share of all, over the years: the first year with the range of all.
    pairs : DataFrame
        pair, children, spend, share (the saving as a share of the pair's spend), and what it becomes for all councils
        ``per child``, as a ``share of spend`` and ``per council``, pounds a year. A pair without a number is NaN.
    routes : Estimates
        For all councils, one estimate a route: the middle pair with the range of pairs.
    growth : Estimate
        Growth of the number of children in foster care of the councils named, from the first year to the last: the
        nearest a panel comes to the 14% more with the council's own carers.
    asked : Estimates
        The national claim as a share of all spend and by child, over the years.
    chance : Estimate
        How many of other pairs of councils moved by as large a share of spend, downwards, from the year before.
    implied : Estimate
        What the middle pair implies for all, with the range that moves of other pairs alone give it.
    claimed : float
        Pounds a year claimed for all.
    """

    stock: Estimates
    pairs: pd.DataFrame
    routes: Estimates
    growth: Estimate
    asked: Estimates
    chance: Estimate
    implied: Estimate
    claimed: float

    def reach(self, route: str) -> tuple[int, int]:
        """Count the pairs that reach the claim by a route, and all that have a number."""
        cells = self.pairs[route].dropna()
        return int(cells.ge(self.claimed).sum()), len(cells)

    def sentence(self) -> str:
        """Say how many pairs reach the national claim by each route, as the second half of a sentence."""
        found = {route: self.reach(route) for route in ROUTES}
        count = max(n for _, n in found.values())
        if not count:
            return "none of the pairs has both numbers, so that nothing can be carried over."
        parts = [f"{reached or 'none'} {ROUTES[route]}" for route, (reached, _) in found.items()]
        words = f"{', '.join(parts[:-1])} and {parts[-1]} reach {self._claimed()}"
        return f"of {count} pairs, {words}."

    def estimates(self) -> Estimates:
        """Give all numbers, each a group of its own, so that they can be recorded together."""
        named = {
            "children": self.stock[0],
            "share of children": self.stock[1],
            "share of spend": self.asked[0],
        }
        named |= {"by child": self.asked[1], "growth of foster care": self.growth}
        named |= {f"carried over {ROUTES[e.group]}": e for e in self.routes}
        named |= {"pairs that moved as much": self.chance, "implied": self.implied}
        return Estimates.of(e.named(group=name) for name, e in named.items())

    def headline(self) -> str:
        """Say whether the pairs carry the claim, and no more than the ranges do."""
        reached = [self.reach(route) for route in ("per child", "share of spend")]
        if not any(n for _, n in reached):
            return f"Whether two councils carry {self._claimed()} cannot be told from this panel"
        if not any(k for k, _ in reached):
            return f"No pair of the councils named reaches {self._claimed()} in proportion"
        if all(k == n for k, n in reached):
            return f"Every pair of the councils named reaches {self._claimed()} in proportion"
        return f"{self._reaching()}: it hangs on which two they are"

    def _reaching(self) -> str:
        """Count the pairs that reach the claim, each once, and name the routes by which one does."""
        routes = ["per child", "share of spend"]
        cells = self.pairs[routes].dropna(how="all")
        count = int(cells.ge(self.claimed).any(axis=1).sum())
        ways = " or ".join(ROUTES[route] for route in routes if self.reach(route)[0])
        verb = "reaches" if count == 1 else "reach"
        return f"{count} of {len(cells)} pairs {verb} {self._claimed()}, {ways}"

    def _claimed(self) -> str:
        return write_number(self.claimed, "GBP")
