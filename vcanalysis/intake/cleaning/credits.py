"""Credits: each netted, day by day, against the charges it gives money back for."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.entry import SUPPORT
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.payers import by_payer, lowered, money_columns, paid_columns, to_shares
from vcanalysis.intake.cleaning.values import among

TABLE = "costs"
ASIDE = ("credit-alone", "net-negative", "payer-negative")
_FAR = pd.Timestamp("2262-01-01")
_ROUNDING = 0.005  # pounds a week
_Met = dict[int, frozenset[int]]
_Spans = dict[int, tuple[pd.Timestamp, pd.Timestamp]]


def net_credits(rows: pd.DataFrame, *, ledger: Ledger, end: pd.Timestamp) -> pd.DataFrame:
    """Net credits against the charges that hold their days, one charge or several that follow one another.

    A credit with a day that no charge holds is set aside whole; so are charges that credits take below
    nought, in all, in support or in what one payer pays, with those credits and whatever else they were netted
    against. A credit that names payers lowers what these pay; one that names none lowers all by their shares.
    Against an open charge, which counts to the end of the data, a credit holds to that end; its later days are set
    aside in pounds.

    Parameters
    ----------
    rows : DataFrame
        CHILD, from, to, gbp_week (below nought in a credit), `_file`, `_row`; if there are any, support_gbp_week
        and the three shares.
    ledger : Ledger
        Takes note.
    end : Timestamp
        Day after the last day covered.

    Returns
    -------
    DataFrame
        Charges alone. A charge is cut where a credit begins and ends, and lowered in between.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> rows = pd.DataFrame({"CHILD": "a", "from": day(["2019-04-01", "2019-05-01", "2019-04-24"]),
    ...     "to": day(["2019-05-01", "2019-06-01", "2019-05-08"]), "gbp_week": [700.0, 800.0, -200.0],
    ...     "_file": "x", "_row": [2, 3, 4]})
    >>> net_credits(rows, ledger=Ledger(), end=day("2020-04-01"))["gbp_week"].tolist()
    [700.0, 500.0, 600.0, 800.0]
    """
    credit = rows["gbp_week"] < 0
    if not credit.any():
        return rows
    given = by_payer(rows).assign(_of=rows.index)
    if "_next" in rows:
        given["to"] = rows["to"].mask(credit & rows["to"].isna(), rows["_next"])
    concerned = among(given["CHILD"], given.loc[credit, "CHILD"])
    parts = [given.loc[~concerned]]
    met: _Met = {}
    late: dict[int, int] = {}
    for _, own in given.loc[concerned].groupby("CHILD", sort=False):
        pieces, found, after = _net_of_child(own, end)
        parts.append(pieces)
        met |= found
        late |= after
    charges = pd.concat(parts, ignore_index=True)
    sunk = _set_aside(rows, charges, met, ledger=ledger)
    _set_late_aside(
        rows, {credit: days for credit, days in late.items() if credit not in sunk}, ledger=ledger
    )
    left = charges.loc[~charges["_of"].isin(sunk)]
    _flag_nought(rows, left, ledger=ledger)
    return to_shares(left.drop(columns="_of")).sort_values(
        ["CHILD", "from", "_row"], kind="stable", ignore_index=True
    )


def _set_aside(rows: pd.DataFrame, charges: pd.DataFrame, met: _Met, *, ledger: Ledger) -> frozenset[int]:
    """Set aside credits alone and whatever goes below nought; give all rows of the latter."""
    money = [name for name in ("gbp_week", SUPPORT) if name in charges]
    low = charges[money].lt(-_ROUNDING).any(axis=1)
    less = charges[paid_columns(charges)].lt(-_ROUNDING).any(axis=1)
    sunk = _drawn_in(frozenset(charges.loc[low, "_of"]), met)
    short = _drawn_in(frozenset(charges.loc[less, "_of"]), met) - sunk
    credit = rows["gbp_week"] < 0
    alone = credit & ~rows.index.isin(list(met))
    below, unpaid = (pd.Series(rows.index.isin(list(found)), rows.index) for found in (sunk, short))
    ledger.flag(rows, credit & ~alone & ~below & ~unpaid, table=TABLE, rule="credit", column="gbp_week")
    ledger.quarantine(rows, alone, table=TABLE, rule="credit-alone", column="gbp_week")
    ledger.quarantine(rows, below, table=TABLE, rule="net-negative", column="gbp_week")
    ledger.quarantine(rows, unpaid, table=TABLE, rule="payer-negative", column="gbp_week")
    return sunk | short


def _flag_nought(rows: pd.DataFrame, charges: pd.DataFrame, *, ledger: Ledger) -> None:
    """Flag the charges that credits have brought to nought for a time."""
    nought = charges.loc[charges["gbp_week"].abs() < _ROUNDING, "_of"]
    brought = rows.index.isin(nought) & rows["gbp_week"].ne(0)
    ledger.flag(rows, brought, table=TABLE, rule="no-charge", column="gbp_week")


def _set_late_aside(rows: pd.DataFrame, late: dict[int, int], *, ledger: Ledger) -> None:
    """Set aside the pounds of the days of credits that come after the data, against open charges."""
    after = pd.Series(late, dtype="float64").reindex(rows.index).fillna(0.0)
    ledger.change(rows, after.gt(0), table=TABLE, rule="credit-late", column="to")
    week = rows["gbp_week"] + (rows[SUPPORT].fillna(0.0) if SUPPORT in rows else 0.0)
    ledger.pence_late += float((week * after).sum()) * 100 / 7


def _drawn_in(sunk: frozenset[int], met: _Met) -> frozenset[int]:
    """Add the credits of the charges below nought, and the other charges of those credits, until none is left."""
    wider = sunk.union(*(of | {credit} for credit, of in met.items() if of & sunk))
    return sunk if wider == sunk else _drawn_in(wider, met)


def _net_of_child(own: pd.DataFrame, end: pd.Timestamp) -> tuple[pd.DataFrame, _Met, dict[int, int]]:
    """Net the credits of one child; give the pieces of its charges, the charges that met each, its days too late."""
    credit = own["gbp_week"] < 0
    charges = own.loc[~credit].reset_index(drop=True)
    met: _Met = {}
    late: dict[int, int] = {}
    for position, row in own.loc[credit].iterrows():
        spans, after = _counted(_spans(charges, row), charges, row, end)
        if spans:
            late[int(str(position))] = after
            met[int(str(position))] = frozenset(charges.loc[list(spans), "_of"])
            pieces = [_cut(charges.loc[[of]], *span, row) for of, span in spans.items()]
            charges = pd.concat([charges.drop(index=list(spans)), *pieces], ignore_index=True)
    return charges, met, late


def _counted(
    spans: _Spans, charges: pd.DataFrame, credit: pd.Series, end: pd.Timestamp
) -> tuple[_Spans, int]:
    """Stop a span at the end of the data where charge or credit alone is open; give the credit's days left out.

    What is open counts nothing after the data, so there is nothing there for the other to be netted against.
    """
    kept: _Spans = {}
    late = 0
    for of, (first, last) in spans.items():
        endless = pd.isna(charges.loc[of, "to"])
        stop = max(first, min(last, end)) if endless != pd.isna(credit["to"]) else last
        late += (last - stop).days if endless else 0
        if stop > first:
            kept[of] = (first, stop)
    return kept, late


def _spans(charges: pd.DataFrame, credit: pd.Series) -> _Spans:
    """Give the charges that hold the days of a credit, each with its days; none if a day is without.

    A charge that stays above nought comes first, then one that holds all the days, then the dearest of the day;
    an open credit needs an open charge.
    """
    last = charges["to"].fillna(_FAR)
    end = credit["to"] if pd.notna(credit["to"]) else _FAR
    bears = lowered(charges, credit)[money_columns(charges)].lt(-_ROUNDING).any(axis=1).eq(False)
    ranks = pd.DataFrame({"bears": bears, "whole": last.ge(end), "rate": charges["gbp_week"]})
    order = ranks.sort_values(["bears", "whole", "rate"], ascending=False, kind="stable").index
    at, found = credit["from"], {}
    while at < end:
        here = (charges["from"].le(at) & last.gt(at)).loc[order]
        if not here.any():
            return {}
        of = int(here.idxmax())
        found[of] = (at, min(last[of], end))
        at = last[of]
    return found


def _cut(charge: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, credit: pd.Series) -> pd.DataFrame:
    """Cut a charge at two days, and lower it in between by a credit."""
    end = last if last < _FAR else pd.NaT
    before = charge.assign(to=first)
    within = lowered(charge, credit).assign(**{"from": first, "to": end})
    after = charge.assign(**{"from": end}) if pd.notna(end) else charge.iloc[:0]
    pieces = pd.concat([before, within, after])
    return pieces.loc[pieces["to"].isna() | (pieces["to"] > pieces["from"])]
