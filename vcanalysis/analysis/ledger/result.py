"""What a ledger of savings says: its lines, by whom and in which year, and the error of what would have been."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.drawn import Drawn, Weights
from vcanalysis.analysis.ledger.paid import PAYERS
from vcanalysis.analysis.ledger.reading import Array
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval
from vcanalysis.core.numbers import write_number
from vcanalysis.core.parts import Parts, parts_of
from vcanalysis.core.period import financial_year

if TYPE_CHECKING:
    from vcanalysis.analysis.ledger.savings_ledger import Terms
    from vcanalysis.core.survival.staying import Staying

METHOD = "fees not paid x probability of still being in the home (Kaplan-Meier), less all that was paid; \
Bayesian bootstrap of the curve, stays drawn from it"
NO_MOVES = "Nothing is claimed, because no child moved."
_NET = "Net unspent"


@dataclass(frozen=True)
class Ledger:
    """Result of `savings_ledger`.

    Parameters
    ----------
    rows : DataFrame
        One row per child-week: claim, start and stop (days since 1970), year, rate (fee of the home, pence a week),
        stay_days, bed, given_up, and in whole pence had_all_stayed, home (what the home would have cost) in all and by
        payer, elsewhere, paid by payer, support, homes (paid to homes after the move) and void.
    claims : DataFrame
        One row per child moved.
    programme : DataFrame
        Cost of the programme: day and pence.
    staying : Staying
        Natural stays.
    terms : Terms
        What it was drawn up on.
    unpriced_weeks : float
        Child-weeks without a price, which nobody claims.
    undated : int
        Children moved whose first day in homes is not known, for whom nothing is claimed.
    """

    rows: pd.DataFrame
    claims: pd.DataFrame
    programme: pd.DataFrame
    staying: Staying
    terms: Terms
    unpriced_weeks: float
    undated: int = 0

    @property
    def children(self) -> int:
        """Children whose move is claimed."""
        return len(self.claims)

    @property
    def child_weeks(self) -> float:
        """Child-weeks claimed."""
        return float((self.rows["stop"] - self.rows["start"]).sum() / 7)

    def reason(self) -> str:
        """Why nothing can be said of a saving; empty where it can."""
        if self.children and not len(self.rows):
            return "no child-week after a move has a price on both sides"
        return self.staying.why_not if self.children else ""

    @cached_property
    def drawn(self) -> Drawn:
        """Draws of what would have been."""
        return Drawn(self.rows, self.claims, self.staying, self.terms)

    @property
    def _pieces(self) -> pd.DataFrame:
        return self.drawn.pieces

    @cached_property
    def _parts(self) -> Parts:
        """What the moves of two children add to the net saving, beside all."""
        return parts_of(self.net_pence().groupby(self.rows["claim"]).sum() / 100)

    def _money(self, term: str, pence: int, weights: Weights, **about: object) -> Estimate:
        """Give pounds with the interval of what depends on what would have been, weighted by piece."""
        about = {"unit": "GBP", "method": METHOD, "n": self.children} | about
        if self.reason():
            return Estimate.not_estimable(term, reason=self.reason(), **about)  # type: ignore[arg-type]
        about |= {"parts": self._parts}
        if not self.children or not (weights[0].any() or weights[1].any()):
            return Estimate(term, pence / 100, **about)  # type: ignore[arg-type]
        drawn = self.drawn.total(weights)
        low, high = np.array(percentile_interval(drawn, self.terms.level)) + pence / 100
        error = float(drawn.std(ddof=1))
        return Estimate(term, pence / 100, low, high, self.terms.level, std_error=error, **about)  # type: ignore[arg-type]

    def _weights(self, payer: str = "", where: Array | bool = True) -> Weights:
        """Give the weight of each piece for the home's and the other cost: of one payer, in some of the pieces."""
        piece = self._pieces
        share = self.claims[payer].to_numpy()[piece["claim"]] if payer else np.ones(len(piece))
        other = np.full(len(piece), float(payer in ("", "care")))
        kept = np.where(piece["bed"].eq("void"), 0.0, 1.0)
        return share * kept * where, other * where

    def net_pence(self, payer: str = "") -> pd.Series:
        """Give the net saving of each child-week in pence, before the cost of the programme."""
        rows = self.rows
        payers = [payer] if payer else list(PAYERS)
        home = rows[[f"home_{p}" for p in payers]].sum(axis=1).where(~rows["bed"].eq("void"), 0)
        other = rows["elsewhere"] if "care" in payers else 0
        return home + other - rows[[f"paid_{p}" for p in payers]].sum(axis=1)

    def programme_pence(self, year: str = "") -> int:
        """Cost of the programme in pence, in one financial year or in all."""
        rows = self.programme
        if year:
            rows = rows[np.array([financial_year(day) == year for day in rows["day"]], dtype=bool)]
        return int(rows["pence"].sum())

    @cached_property
    def gross(self) -> Estimate:
        """What the homes would have cost less what the families did, before all that it took."""
        rows = self.rows
        families = rows[[f"paid_{p}" for p in PAYERS]].sum(axis=1) - self._beside().sum(axis=1)
        pence = int((rows["home"] + rows["elsewhere"] - families).sum())
        everywhere = np.ones(len(self._pieces))
        return self._money("Gross unspent", pence, (everywhere, everywhere))

    def _beside(self) -> pd.DataFrame:
        """Give support and returns to homes, the support of a child in a home counted as part of the home."""
        rows = self.rows
        paid = rows[[f"paid_{p}" for p in PAYERS]].sum(axis=1)
        support = np.minimum(rows["support"], paid - rows["homes"])
        return pd.DataFrame({"support": support, "homes": rows["homes"]})

    @cached_property
    def net(self) -> Estimate:
        """Gross less support, returns, void beds and the programme: everybody's money."""
        pence = int(self.net_pence().sum()) - self.programme_pence()
        return self._money(_NET, pence, self._weights())

    def statement(self) -> Estimates:
        """Every line from the cost had all stayed to the net saving; the lines add up to the penny."""
        rows, beside = self.rows, self._beside().sum()
        ones, none = np.ones(len(self._pieces)), np.zeros(len(self._pieces))
        void = np.where(self._pieces["bed"].eq("void"), 1.0, 0.0)
        families = int(rows[[f"paid_{p}" for p in PAYERS]].sum().sum()) - int(beside.sum())
        left = int((rows["home"] - rows["had_all_stayed"]).sum())
        lines = [
            self._money("Homes, had every child stayed", int(rows["had_all_stayed"].sum()), (none, none)),
            self._money("Less homes of children who would have left anyway", left, (ones, none)),
            self._money("Plus their cost elsewhere", int(rows["elsewhere"].sum()), (none, ones)),
            self._money("Less families", -families, (none, none)),
            self.gross,
            self._money("Less support", -int(beside["support"]), (none, none)),
            self._money("Less homes again, after a breakdown", -int(beside["homes"]), (none, none)),
            self._money("Less beds kept empty", -int(rows["void"].sum()), (-void, none)),
            self._money("Less the programme", -self.programme_pence(), (none, none)),
            self.net,
        ]
        return Estimates.of(lines, self.note())

    def note(self) -> str:
        """Say what a reader must know beside the numbers."""
        if not self.children:
            return self._nothing()
        priced = f"{self.child_weeks:,.0f} child-weeks of {self.children:,} children are claimed, each once."
        lost = f" {self.unpriced_weeks:,.0f} child-weeks without a price are claimed by nobody."
        since = f" {self.undated:,} more children moved, but their first day in a home is not known."
        return priced + (lost if self.unpriced_weeks else "") + (since if self.undated else "")

    def _nothing(self) -> str:
        if self.undated:
            return f"Nothing is claimed: of {self.undated:,} moved the first day in a home is not known."
        return NO_MOVES

    def classes(self) -> Estimates:
        """Net saving as cashable, avoided, and of education and health: the four add up to the net saving.

        Cashable is what the council's care budget no longer pays for beds that were given up or filled again, less
        the programme; avoided is the rest of the care budget's. A minus of education or health is cost shifted there.
        """
        up, given = self.rows["given_up"].to_numpy(), self._pieces["given_up"].to_numpy(dtype=bool)
        care, fixed = self.net_pence("care"), self.programme_pence()
        made = [
            self._money("Cashable", int(care[up].sum()) - fixed, self._weights("care", given)),
            self._money("Avoided, not cashable", int(care[~up].sum()), self._weights("care", ~given)),
        ]
        for payer in PAYERS[1:]:
            made.append(self._money(f"Of {payer}", int(self.net_pence(payer).sum()), self._weights(payer)))
        return Estimates.of(e.named(term=_NET, group=e.term) for e in made)

    def shifted(self) -> Estimates:
        """Give what education and health paid more than they would have: cost moved, not saved."""
        return Estimates.of(
            e.named(term="Cost shifted from care", group=e.group, **_turned(e))
            for e in list(self.classes())[2:]
        )

    def years(self) -> list[str]:
        """Financial years in which anything was claimed or spent."""
        found = {_year_words(year) for year in self.rows["year"]}
        return sorted(found | {financial_year(day) for day in self.programme["day"]})

    def in_year(self, year: str) -> Estimate:
        """Net saving that fell within a financial year, such as "2019-20": the part-year effect.

        Raises
        ------
        InputError
            If nothing was claimed or spent in the year.
        """
        if year not in self.years():
            found = ", ".join(self.years()) or "none"
            raise InputError(f"The ledger holds nothing of {year!r}. Financial years in it: {found}.")
        inside = np.array([_year_words(y) == year for y in self.rows["year"]], dtype=bool)
        pieces = np.array([_year_words(y) == year for y in self._pieces["year"]], dtype=bool)
        pence = int(self.net_pence()[inside].sum()) - self.programme_pence(year)
        return self._money(
            "Net unspent in the year (part-year effect)", pence, self._weights(where=pieces), group=year
        )

    def by_year(self) -> Estimates:
        """Net saving of every financial year; these add up to the net saving. No full-year effect stands among them."""
        return Estimates.of(self.in_year(year) for year in self.years())

    def by_child(self) -> pd.Series:
        """Net saving of each claim in pounds, before the programme: private, for the people concerned."""
        return self.net_pence().groupby(self.rows["claim"]).sum() / 100

    def without_the_largest(self) -> Estimate:
        """Give the net saving without the child that adds most, to see whether one child would change the answer."""
        term = "Net unspent without the child that adds most"
        if self.children < 2 or self.reason():
            reason = self.reason() or "at least 2 children must have moved"
            return Estimate.not_estimable(term, n=self.children, reason=reason, unit="GBP", method=METHOD)
        return self._without(int(self.by_child().idxmax()), term)

    def _without(self, claim: int, term: str) -> Estimate:
        others = (self.rows["claim"] != claim).to_numpy()
        pieces = (self._pieces["claim"] != claim).to_numpy()
        pence = int(self.net_pence()[others].sum()) - self.programme_pence()
        return self._money(term, pence, self._weights(where=pieces), n=self.children - 1)

    def leave_one_out(self) -> Estimate:
        """Give the share of children without any one of whom the verdict on the net saving stays the same.

        The verdict: the interval lies above nought, below it, or holds it. The amounts are not given: the net saving
        less one of them would be what a single child cost.
        """
        term = "Children without any one of whom the verdict on the net saving stays the same"
        about = {
            "n": self.children,
            "unit": "share",
            "method": "the ledger drawn up again without each child",
        }
        if self.children < 2 or self.reason():
            reason = self.reason() or "at least 2 children must have moved"
            return Estimate.not_estimable(term, reason=reason, **about)  # type: ignore[arg-type]
        same = sum(_side(self._without(claim, term)) == _side(self.net) for claim in range(self.children))
        behind = self.children if same == self.children else self.children - same
        return Estimate(term, same / self.children, support=behind, **about)  # type: ignore[arg-type]

    def counted_once(self) -> Estimate:
        """Count the child-weeks that more than one move claims: none, or the ledger was not drawn up rightly."""
        rows = self.rows.assign(child=self.claims["child_id"].to_numpy()[self.rows["claim"]])
        rows = rows.sort_values(["child", "start"], kind="stable")
        over = (rows.groupby("child")["stop"].shift() - rows["start"]).clip(lower=0).sum() / 7
        term, n = "Child-weeks claimed more than once", round(self.child_weeks)
        return Estimate(
            term, float(over), n=n, unit="weeks", method="count", of="child-weeks", support=self.children
        )

    def headline(self) -> str:
        """Give the finding with its interval, and a direction only where the interval has one."""
        net = self.net
        if net.value is None:
            return "What was saved cannot be told"
        if not self.children:
            cost = self.programme_pence() / 100
            beside = f"; the programme cost {write_number(cost, 'GBP')}" if cost else ""
            return self._nothing().removesuffix(".") + beside
        if net.has_interval and not net.excludes():
            return f"No clear saving: {net.words()} net"
        if net.value > 0:
            return f"{write_number(net.value, 'GBP')} net went unspent{net.brackets()}"
        spent = net.named(**_turned(net))
        return f"The moves went with {write_number(spent.value, 'GBP')} more spent{spent.brackets()}"

    def frame(self) -> pd.DataFrame:
        """Give the statement as a tidy frame."""
        return self.statement().frame()

    def sentence(self) -> str:
        """Say the net saving and what it rests on."""
        return f"{self.net.sentence()} {self.note()}"


def _side(net: Estimate) -> int:
    """Say on which side of nought a net saving lies: 0 where its interval holds nought."""
    if net.value is None or (net.has_interval and not net.excludes()):
        return 0
    return 1 if net.value > 0 else -1


def _turned(made: Estimate) -> dict[str, object]:
    """Give an estimate with its sign turned."""
    turned = {"value": made.value, "low": made.high, "high": made.low}
    return {name: None if number is None else 0.0 - number for name, number in turned.items()}


def _year_words(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02d}"
