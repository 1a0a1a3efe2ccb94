"""Extracts beside the return: prices, needs, goals, carers, the edge of care, special educational needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from vcanalysis.intake.cleaning.concurrent import add_lines
from vcanalysis.intake.cleaning.credits import ASIDE, net_credits
from vcanalysis.intake.cleaning.edge import known_entries
from vcanalysis.intake.cleaning.extras import OWN_CHILDREN, read_extra
from vcanalysis.intake.cleaning.outcomes import SDQ_FRAMEWORK, beside_return
from vcanalysis.intake.cleaning.prices import in_care_at_all, said_of_ends, settle_prices
from vcanalysis.intake.cleaning.rebilled import settle_reversals
from vcanalysis.intake.cleaning.send import read_send
from vcanalysis.intake.cleaning.values import among
from vcanalysis.intake.landing import Import
from vcanalysis.intake.linking import SHORT_BREAKS
from vcanalysis.intake.mapping import TableMapping


def pseudonymise(work: Import, rows: pd.DataFrame) -> pd.DataFrame:
    """Put the pseudonym in the place of the child's identifier."""
    return rows.drop(columns="CHILD").assign(child_id=work.child_ids(rows["CHILD"]))


def _take_send(work: Import, file: str | Path, mapping: TableMapping) -> None:
    """Take in those with special educational needs, in care or not."""
    rows = read_send(file, mapping=mapping, ledger=work.ledger, pseudonyms=work.pseudonyms)
    work.tables["send"] = rows
    work.kept["send"] = work.ledger.kept["send"]
    work.read.notes += work.ledger.notes + work.ledger.said_of_lacking("send")
    work.ledger.notes.clear()


def take_extra(work: Import, table: str, file: str | Path, mapping: TableMapping) -> None:
    """Read an extract beside the return by its mapping, clean it and put it among the tables."""
    if table == "send":
        _take_send(work, file, mapping)
        return
    if table in ("goals", "carers") and work.framework not in ("", SDQ_FRAMEWORK):
        mapping = replace(mapping, options={"framework": work.framework, **mapping.options})
    rows = read_extra(
        file,
        table=table,
        births=work.births,
        ids=work.ids,
        mapping=mapping,
        ledger=work.ledger,
        end=work.end,
    )
    work.read.notes += work.ledger.notes + work.ledger.said_of_lacking(table)
    work.ledger.notes.clear()
    if table == "costs":
        work.read.notes += said_of_ends(rows, mapping)
        rows = _settle_costs(work, rows, last_day=mapping.options.get("last_day") == "included")
    if table == "needs":
        outside = ~in_care_at_all(rows, work.episodes, start="date", end="date")
        work.ledger.flag(rows, outside, table=table, rule="rated-outside", column="date")
    if table == "outcomes":
        rows = rows.assign(child_id=work.child_ids(rows["CHILD"]))
        rows = beside_return(rows, work.tables[table], ledger=work.ledger)
    work.kept[table] = work.ledger.kept[table]
    rows = rows.drop(columns=["_file", "_row", "_pence", "_next"], errors="ignore")
    if table in OWN_CHILDREN:
        rows = _own_children(work, rows)
    elif "CHILD" in rows:
        rows = pseudonymise(work, rows)
    if table == "outcomes":
        returned = work.tables[table].astype({"measure": "str", "rater": "str"})
        rows = pd.concat([returned, rows], ignore_index=True)
    if table == "needs":
        work.framework = str(rows["framework"].mode().iloc[0]) if len(rows) else ""
        rows = rows.assign(rater_id=work.pseudonyms.replace(rows["rater_id"].fillna(""), kind="rater"))
    if table == "carers":
        rows = rows.assign(household_id=work.pseudonyms.replace(rows["household_id"], kind="home"))
    work.tables[table] = rows


def _own_children(work: Import, rows: pd.DataFrame) -> pd.DataFrame:
    """Name children who need not be in care, their teams, and the days of care that the return knows of."""
    rows = known_entries(rows, work.episodes)
    own = work.pseudonyms.replace(work.ids.text(rows["CHILD"]), kind="child")
    team = work.pseudonyms.replace(rows["team"].fillna(""), kind="team")
    return rows.drop(columns="CHILD").assign(child_id=own, team=team)


def _settle_costs(work: Import, rows: pd.DataFrame, *, last_day: bool) -> pd.DataFrame:
    """Net credits, keep one price a day, and set aside prices of children who were not in care."""
    ledger = work.ledger
    rows = settle_reversals(rows, ledger=ledger, last_day=last_day)
    given_back = rows.loc[rows["gbp_week"] < 0]
    rows = settle_prices(rows.loc[rows["gbp_week"] >= 0], ledger=ledger, last_day=last_day)
    inside = in_care_at_all(rows, work.episodes, start="from", end="to")
    rows = ledger.quarantine(rows, ~inside, table="costs", rule="price-outside", column="from")
    rows = net_credits(pd.concat([rows, given_back], ignore_index=True), ledger=ledger, end=work.end)
    _flag_unpriced(work, rows)
    once = rows[["_file", "_row"]].drop_duplicates()
    alone = [part for part in ledger.aside.get("costs", []) if part["_rule"].isin(ASIDE).any()]
    netted = len(given_back) - sum(int((part["gbp_week"] < 0).sum()) for part in alone)
    ledger.kept["costs"] = len(once) + netted
    return add_lines(rows, ledger=ledger, end=work.end)


def _flag_unpriced(work: Import, costs: pd.DataFrame) -> None:
    """Flag the children in care on the last day who have no price on it; none is invented."""
    last = work.end - pd.Timedelta(days=1)
    priced = costs.loc[(costs["from"] <= last) & (costs["to"].isna() | (costs["to"] > last)), "CHILD"]
    rows = work.episodes
    here = (
        (rows["decom"] <= last) & (rows["dec"].isna() | (rows["dec"] > last)) & ~rows["ls"].isin(SHORT_BREAKS)
    )
    lacking = here & ~among(rows["CHILD"], priced)
    work.ledger.flag(rows, lacking, table="episodes", rule="no-price", column="CHILD")
