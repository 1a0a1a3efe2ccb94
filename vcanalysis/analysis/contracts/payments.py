"""The payment ledger: what each outcome earns, what is withheld, carried, capped or taken back, to the penny."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.contracts.terms import Contract, Metric, round_half_up
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import parts_of

_AMOUNTS = ("gross", "withheld", "carried", "capped", "clawback", "net")
COLUMNS = (
    "child_id",
    "metric",
    "date",
    "entry",
    "band",
    "units",
    "price_pence",
    *(f"{a}_pence" for a in _AMOUNTS),
)
_DAYS = pd.Timedelta(days=1)
_Place = tuple[pd.Timestamp, int, int, dict[str, Any]]  # day, order on the day, number, entry


@dataclass(frozen=True, slots=True)
class PaymentLedger:
    """What a contract pays, line by line.

    Parameters
    ----------
    contract : Contract
        The terms.
    rows : DataFrame
        Columns of `COLUMNS`, all amounts in whole pence. In every row net = gross - withheld - carried - capped -
        clawback. Carried is what one child's result takes from, or adds to, the balance of a cohort.
    """

    contract: Contract
    rows: pd.DataFrame

    @property
    def net_pence(self) -> int:
        """All that is paid, in pence."""
        return int(self.rows["net_pence"].sum())

    def reconciles(self) -> bool:
        """Whether every row, and the sum by child, by metric and by quarter, comes to the same penny.

        Examples
        --------
        >>> PaymentLedger(None, pd.DataFrame([], columns=list(COLUMNS))).reconciles()
        True
        """
        amounts = {name: self.rows[f"{name}_pence"].astype("int64") for name in _AMOUNTS}
        left = amounts["gross"] - sum(amounts[name] for name in _AMOUNTS[1:-1])
        by = [self.rows["child_id"], self.rows["metric"], pd.to_datetime(self.rows["date"]).dt.to_period("Q")]
        sums = {int(amounts["net"].groupby(key).sum().sum()) for key in by}
        return bool((left == amounts["net"]).all()) and sums <= {self.net_pence}

    def statement(self) -> Estimates:
        """Give the sums of each column in pounds: exact, so without an interval."""
        by_child = self.rows.groupby("child_id")[[f"{name}_pence" for name in _AMOUNTS]].sum()
        words = {
            "gross": "Earned",
            "withheld": "Withheld: not validated, or after a harm",
            "carried": "Set against other children's results",
            "capped": "Beyond a cap",
            "clawback": "Taken back",
            "net": "Paid",
        }
        return Estimates.of(
            Estimate(
                words[name],
                int(self.rows[f"{name}_pence"].sum()) / 100,
                n=len(by_child),
                unit="GBP",
                method="payment ledger, exact to the penny",
                parts=parts_of(by_child[f"{name}_pence"] / 100),
            )
            for name in _AMOUNTS
        )

    def by_quarter(self) -> pd.DataFrame:
        """Give units and amounts by metric and calendar quarter, in pence."""
        when = pd.to_datetime(self.rows["date"]).dt.to_period("Q").astype(str).rename("quarter")
        amounts = ["units", *(f"{name}_pence" for name in _AMOUNTS)]
        return self.rows.groupby(["metric", when])[amounts].sum().reset_index()

    def sentence(self) -> str:
        """Say what was earned and paid."""
        found = self.statement()
        return f"{found.term('Earned').sentence()} {found.term('Paid').sentence()}"


@dataclass(slots=True)
class _Book:
    """Running sums while the events are worked through in order of time."""

    contract: Contract
    paid: int = 0
    child: Counter = field(default_factory=Counter)
    units: Counter = field(default_factory=Counter)
    balance: Counter = field(default_factory=Counter)  # of a cohort metric: earned so far
    peak: Counter = field(default_factory=Counter)
    settled: Counter = field(default_factory=Counter)  # of a cohort metric: passed on so far

    def room(self, child: Any) -> int | None:
        """Say how much may still be paid for a child; None where there is no cap."""
        of = self.contract
        caps = ((of.cap_pence, self.paid), (of.cap_child_pence, self.child[child]))
        left = [cap - spent for cap, spent in caps if cap is not None]
        return max(min(left), 0) if left else None

    def book(self, child: Any, net: int) -> None:
        """Note a payment."""
        self.paid += net
        self.child[child] += net


def pay(contract: Contract, events: pd.DataFrame, *, harms: pd.DataFrame | None = None) -> PaymentLedger:
    """Work outcome events through a contract into a ledger.

    Parameters
    ----------
    contract : Contract
        From `read_contract`.
    events : DataFrame
        From `stay_events`, `days_events` and `score_events`, one below the other: ``child_id``, ``metric``, ``date``,
        ``units``, ``band``, ``ended``; ``validated`` (false where the proof is missing) is optional.
    harms : DataFrame, optional
        ``child_id``, ``kind``, ``date``: a child's outcomes within the `hold_weeks` of a guardrail are withheld.

    Returns
    -------
    PaymentLedger

    Raises
    ------
    InputError
        If a column is missing, an event has no child, day or finite number of units, a metric is unknown, or no price
        holds for a band on a day.

    Notes
    -----
    Rules, in this order: a unit counts where the last day it needs is a day of the contract, first and last included;
    it falls due on the day after. So a week that straddles the first day is paid whole and one that straddles the last
    is not: the published rules do not say, and over both ends this pays on average for the days in between. Who is
    referred is the council's to say: a child who was in a family long before the contract should not be. Gross is
    units times the price of the day on which they fall due, or of the last day, rounded half up to the penny.
    Unvalidated and harmed outcomes are withheld. Units beyond a child's cap are capped. Metrics by cohort pay only the
    rise of the balance over all children so far, those of one day together; a fall is taken back only where the metric
    has a `clawback_share`.
    Then the caps of the child and of the contract. A stay that ends within `clawback_weeks` of a paid milestone gives
    that share back on the day it ends.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> made = read_contract("birmingham-52-weeks")
    >>> day = pd.Timestamp("2016-01-01")
    >>> event = {"child_id": "a", "metric": "family_52_weeks", "date": day, "units": 1, "band": "all", "ended": pd.NaT}
    >>> pay(made, pd.DataFrame([event])).reconciles()
    True
    """
    require_columns(events, "child_id", "metric", "date", "units", "band", "ended")
    _refuse(events)
    book, rows, queue = _Book(contract), [], _queue(_inside(events, contract), contract, harms)
    while queue:
        entry = heapq.heappop(queue)[-1]
        rows.append(_work(entry, book))
        back = _taken_back(rows[-1], entry, contract)
        if back:
            heapq.heappush(queue, (back["date"], 1, len(rows), back))
    return PaymentLedger(contract, pd.DataFrame(rows, columns=list(COLUMNS)))


def _inside(events: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Keep the units whose last day is one of the contract; a score is given on its day, all else the day after."""
    scores = [m.id for m in contract.metrics if m.kind == "score_change"]
    last = events["date"] - _DAYS
    last = last.mask(events["metric"].isin(scores), events["date"])
    return events[last.between(pd.Timestamp(contract.start), pd.Timestamp(contract.end))]


def _refuse(events: pd.DataFrame) -> None:
    dated = not len(events) or pd.api.types.is_datetime64_any_dtype(events["date"])
    units = number_column(events, "units")
    wrong = int((events["child_id"].isna() | events["date"].isna() | np.isnan(units)).sum())
    if wrong or not dated:
        what = f"{wrong:,} events have no child, day or units" if dated else "Column 'date' holds no dates"
        raise InputError(f"{what}. Make events with stay_events, days_events or score_events.")


def _queue(events: pd.DataFrame, contract: Contract, harms: pd.DataFrame | None) -> list[_Place]:
    """Line events up in order of time; what is taken back on a day comes after what is earned on it.

    Of one day the worst results come first: a balance pays the rise over the whole day, whatever children are called.
    """
    first = ["date", "metric", "units", "child_id", "band", "ended"]
    ordered = events.sort_values(first + (["validated"] if "validated" in events else []), kind="stable")
    held = _held(ordered, contract, harms)
    valid = ordered["validated"].astype("bool").tolist() if "validated" in ordered else [True] * len(ordered)
    return [
        (row["date"], 0, number, row | {"entry": "outcome", "withhold": hold or not proved})
        for number, (row, hold, proved) in enumerate(
            zip(ordered.to_dict("records"), held, valid, strict=True)
        )
    ]


def _held(events: pd.DataFrame, contract: Contract, harms: pd.DataFrame | None) -> list[bool]:
    """Say which events come within the hold of a harm to the child."""
    weeks = {g.kind: g.hold_weeks for g in contract.guardrails if g.hold_weeks}
    if harms is None or not weeks:
        return [False] * len(events)
    require_columns(harms, "child_id", "kind", "date")
    by_child: dict[Any, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
    for child, kind, day in zip(harms["child_id"], harms["kind"], harms["date"], strict=True):
        if kind in weeks:
            by_child.setdefault(child, []).append((day, day + 7 * weeks[kind] * _DAYS))
    return [
        any(first <= day <= last for first, last in by_child.get(child, ()))
        for child, day in zip(events["child_id"], events["date"], strict=True)
    ]


def _work(entry: dict[str, Any], book: _Book) -> tuple:
    """Settle one entry and give its row."""
    child, metric = entry["child_id"], book.contract.metric(entry["metric"])
    if entry["entry"] == "clawback":
        book.book(child, -entry["pence"])
        amounts = (0, 0, 0, 0, entry["pence"], -entry["pence"])
        return (child, metric.id, entry["date"], "clawback", entry["band"], 0, 0, *amounts)
    price = book.contract.price(metric, entry["band"], min(entry["date"].date(), book.contract.end))
    gross = round_half_up(entry["units"] * price)
    withheld = max(gross, 0) if entry["withhold"] else 0
    over = 0 if withheld else _units_beyond(entry, metric, book, price)
    due = gross - withheld - over
    passed = _settle(metric, due, book) if metric.by_cohort else due
    room = book.room(child)
    net = passed if room is None else min(passed, room)
    book.book(child, net)
    amounts = (gross, withheld, due - passed, over + passed - net, 0, net)
    return (child, metric.id, entry["date"], "outcome", entry["band"], entry["units"], price, *amounts)


def _units_beyond(entry: dict[str, Any], metric: Metric, book: _Book, price: int) -> int:
    """Give the pence of the units beyond the child's cap."""
    if metric.cap_child_units is None or entry["units"] <= 0:
        return 0
    key = (entry["child_id"], metric.id)
    left = max(metric.cap_child_units - book.units[key], 0)
    paid = min(entry["units"], left)
    book.units[key] += paid
    return round_half_up(entry["units"] * price) - round_half_up(paid * price)


def _settle(metric: Metric, due: int, book: _Book) -> int:
    """Pass on what a cohort's balance comes to: of a fall from its peak, only the share that is taken back."""
    name, share = metric.id, metric.clawback_share
    book.balance[name] += due
    now = max(book.balance[name], 0)
    book.peak[name] = max(book.peak[name], now)
    passed = round_half_up(share * now + (1 - share) * book.peak[name]) - book.settled[name]
    book.settled[name] += passed
    return passed


def _taken_back(row: tuple, entry: dict[str, Any], contract: Contract) -> dict[str, Any] | None:
    """Give the entry that takes a payment back, where its stay ended too soon after."""
    metric, net = contract.metric(entry["metric"]), row[-1]
    if entry["entry"] == "clawback" or metric.kind != "milestone" or not metric.clawback_weeks or net <= 0:
        return None
    ended = entry["ended"]
    if pd.isna(ended) or ended > entry["date"] + 7 * metric.clawback_weeks * _DAYS:
        return None
    pence = round_half_up(metric.clawback_share * net)
    return entry | {"entry": "clawback", "date": max(ended, entry["date"]), "pence": pence}
