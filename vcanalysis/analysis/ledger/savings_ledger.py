"""The ledger of realised savings: child-week by child-week, against what would have been without the programme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.claims import GIVEN_UP, child_weeks, read_claims
from vcanalysis.analysis.ledger.paid import PAYERS, Paid, as_days
from vcanalysis.analysis.ledger.reading import LIMITS, Array, as_day, known, with_days
from vcanalysis.analysis.ledger.result import Ledger
from vcanalysis.core.columns import cost_column
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.limits import allowed
from vcanalysis.core.survival.staying import Staying

_SEVENTHS = 7.0  # sevenths of a penny in a penny


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a ledger is drawn up on.

    Parameters
    ----------
    day : str or Timestamp
        Day of the ledger: nothing from it on has happened.
    inflation : float
        Yearly rise of the home's fee each 1 April after the move, such as 0.03: the fee not paid rises too.
    elsewhere_gbp_week : Estimate or float
        What a child costs who would have left the home by then, nought where it left care: `cost_elsewhere`. At nought
        (the most cautious) a family found by the programme is never cheaper than the one found without it.
    level : float
        Confidence level.
    replicates, seed : int
        Draws of what would have been, and their seed.
    """

    day: str | pd.Timestamp
    inflation: float = 0.0
    elsewhere_gbp_week: Estimate | float = 0.0
    level: float = 0.95
    replicates: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        as_day(self.day)
        for name in LIMITS:
            set_to = getattr(self, name)
            allowed(LIMITS, name, (set_to.value or 0.0) if isinstance(set_to, Estimate) else set_to)

    @property
    def elsewhere(self) -> tuple[float, float]:
        """Cost elsewhere and its error; nought where it could not be estimated: the most cautious."""
        price = self.elsewhere_gbp_week
        return (price.value or 0.0, price.std_error or 0.0) if isinstance(price, Estimate) else (price, 0.0)


@dataclass(frozen=True, slots=True)
class Sources:
    """What was really paid.

    Parameters
    ----------
    paid : Paid
        Prices with all that was bought for the child.
    support : Paid, optional
        The part of them that is support beside the placement.
    programme : DataFrame
        Cost of the programme itself: day, gbp and, if known, what (staff, search, recruitment of carers).
    """

    paid: Paid
    support: Paid | None = None
    programme: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"day": [], "gbp": []}))


def savings_ledger(moves: pd.DataFrame, sources: Sources, staying: Staying, terms: Terms) -> Ledger:
    """Draw up what was saved by moves from residential homes to families.

    Parameters
    ----------
    moves : DataFrame
        One row per child moved: child_id, move (day), in_home_since (day the stay in homes began), gbp_week (price of
        the home at the move); where known until (18th birthday) and left_care (the claim ends then),
        care_share, education_share, health_share (who paid the home) and bed (what became of it: see `BEDS`).
    sources : Sources
        What was really paid.
    staying : Staying
        How long children stay in homes without a programme.
    terms : Terms
        Day, inflation, cost elsewhere, level and draws.

    Returns
    -------
    Ledger
        ``.statement()``, ``.net``, ``.by_year()``, ``.classes()`` and more. Child-weeks without a price on
        either side are counted and claimed by nobody.

    Raises
    ------
    InputError
        If a column or a programme cost is missing, a child-week is claimed twice, or days, shares, words and terms
        are not as they must be.

    Notes
    -----
    For each child-week, what would have been paid is ``p c + (1 - p) e``: the home's fee `c` with the probability `p`
    of still being there, and the cost elsewhere `e`. What was paid is everything: family, support, and a home again
    where the family did not hold. The interval draws the curve anew and, from it, each child's stay: it is for what
    these children would have cost, not for children like them.

    Examples
    --------
    >>> prices = pd.DataFrame({"child_id": ["a"], "from": pd.to_datetime(["2019-01-01"]), "to": pd.NaT,
    ...                        "gbp_week": [900.0]})
    >>> from vcanalysis.analysis.ledger.paid import read_paid
    >>> from vcanalysis.core.survival.staying import natural_stays
    >>> stays = pd.DataFrame({"child_id": range(40), "entry_days": 0, "exit_days": range(50, 2050, 50), "left": True})
    >>> moves = pd.DataFrame({"child_id": ["a"], "move": pd.to_datetime(["2019-01-07"]),
    ...                       "in_home_since": pd.to_datetime(["2018-06-01"]), "gbp_week": [3900.0]})
    >>> sources = Sources(read_paid(prices, until="2019-03-04"))
    >>> ledger = savings_ledger(moves, sources, natural_stays(stays), Terms(day="2019-03-04"))
    >>> len(ledger.rows), ledger.gross.value, ledger.net.value
    (8, 23597.62, 23597.62)
    """
    day = as_day(terms.day)
    claims, undated = read_claims(moves, day)
    programme = _programme(sources.programme, day)
    rows = child_weeks(claims)
    spent = _spent(rows, claims, sources)
    known = spent["unpriced"].eq(0).to_numpy() & claims["gbp_week"].notna().to_numpy()[rows["claim"]]
    rows = pd.concat([rows, spent], axis=1)
    rows["rate"] = _fee(rows, claims, terms.inflation)
    rows["stay_days"] = _stay_days(rows, claims, staying)
    if staying.why_not:
        rows["stay_days"] = 0.0
    kept = rows[known].reset_index(drop=True)
    left_out = float((rows["stop"] - rows["start"])[~known].sum() / 7)
    made = _in_pence(kept, claims, terms.elsewhere[0])
    return Ledger(made, claims, programme, staying, terms, left_out, undated)


def _programme(costs: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Give the programme's costs before a day in pence, so rounded that any stretch of them is right to the penny."""
    for name in ("day", "gbp"):
        known(costs, name)
    rows = with_days(costs, "day").sort_values("day", kind="stable")
    rows = rows[rows["day"] < day].reset_index(drop=True)
    sums = np.rint(100 * cost_column(rows, "gbp").cumsum()).astype(np.int64)
    return rows.assign(pence=np.diff(sums, prepend=0))


def _spent(rows: pd.DataFrame, claims: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Give what was paid in each child-week in sevenths of a penny, support and days without a price beside it."""
    ids = claims["child_id"].iloc[rows["claim"]].reset_index(drop=True)
    when = rows["start"].to_numpy(), rows["stop"].to_numpy()
    spent = sources.paid.between(ids, *when)
    support = sources.support.between(ids, *when) if sources.support else 0 * spent
    return spent.assign(support=support[list(PAYERS)].sum(axis=1))


def _fee(rows: pd.DataFrame, claims: pd.DataFrame, inflation: float) -> Array:
    """Give the home's weekly fee in pence in each child-week, raised each 1 April since the move."""
    first = rows.groupby("claim")["year"].transform("first") if len(rows) else rows["year"]
    price = claims["gbp_week"].to_numpy()[rows["claim"]]
    return np.asarray(100 * price * (1 + inflation) ** (rows["year"] - first).to_numpy(dtype="float64"))


def _stay_days(rows: pd.DataFrame, claims: pd.DataFrame, staying: Staying) -> Array:
    """Give the days of each child-week on which the child would be expected still to be in the home."""
    claim = rows["claim"].to_numpy()
    move = as_days(claims["move"])
    since, days = (move - as_days(claims["in_home_since"]))[claim], (rows["stop"] - rows["start"]).to_numpy()
    after, stay = rows["start"].to_numpy() - move[claim], np.zeros(len(rows))
    for day in range(7):
        there = np.flatnonzero(days > day)
        stay[there] += staying.still_there(since[there].astype(float), (after[there] + day).astype(float))
    return stay


def _in_pence(rows: pd.DataFrame, claims: pd.DataFrame, elsewhere: float) -> pd.DataFrame:
    """Give every amount of every child-week in whole pence, rounded so that those of a child add up exactly."""
    days = (rows["stop"] - rows["start"]).to_numpy(dtype="float64")
    stay, rate = rows["stay_days"].to_numpy(), rows["rate"].to_numpy()
    shares = claims[list(PAYERS)].to_numpy()[rows["claim"]]
    fee, other = rate * stay / _SEVENTHS, 100 * elsewhere * (days - stay) / _SEVENTHS
    amounts = {"had_all_stayed": rate * days / _SEVENTHS, "elsewhere": other}
    amounts |= {f"home_{payer}": fee * shares[:, i] for i, payer in enumerate(PAYERS)}
    amounts |= {f"paid_{payer}": rows[payer].to_numpy() / _SEVENTHS for payer in PAYERS}
    amounts |= {name: rows[name].to_numpy() / _SEVENTHS for name in ("support", "homes")}
    bed = claims["bed"].to_numpy()[rows["claim"]]
    found = rows[["claim", "start", "stop", "year", "rate", "stay_days"]].assign(
        bed=bed, given_up=np.isin(bed, GIVEN_UP), **{n: _whole(a, rows["claim"]) for n, a in amounts.items()}
    )
    home = found[[f"home_{payer}" for payer in PAYERS]].sum(axis=1)
    return found.assign(home=home, void=home.where(found["bed"].eq("void"), 0))


def _whole(amount: Array, claim: pd.Series) -> Array:
    """Round sums so far and give their differences: no penny is made or lost within a child."""
    sums = np.rint(pd.Series(amount).groupby(claim.to_numpy()).cumsum().to_numpy())
    first = ~claim.duplicated().to_numpy()
    before = np.where(first, 0.0, np.concatenate([[0.0], sums[:-1]]) if len(sums) else sums)
    return np.asarray((sums - before).astype(np.int64))
