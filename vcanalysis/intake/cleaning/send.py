"""The table of special educational needs, whose children need not be in care."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.intake.cleaning.beside import table_of
from vcanalysis.intake.cleaning.entry import plain_dates
from vcanalysis.intake.cleaning.extras import chosen_rows, drop_repeated, one_per_key, typed_rows
from vcanalysis.intake.cleaning.identifiers import clean_ids, no_id
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.sense import refuse_borrowed_keys
from vcanalysis.intake.mapping import TableMapping
from vcanalysis.intake.pseudonyms import Pseudonymiser

_OLDEST = 26  # years: the age at which no plan can run


def read_send(
    file: str | Path, *, mapping: TableMapping, ledger: Ledger, pseudonyms: Pseudonymiser
) -> pd.DataFrame:
    """Read the table `send`: everybody in it is kept, in care or not, under a pseudonym from the first step on.

    Parameters
    ----------
    file : str or Path
        CSV, workbook or Parquet; `sen2` is a mapping for extracts like the SEN2 person-level return.
    mapping : TableMapping
        The council's names of columns and values.
    ledger : Ledger
        Takes note of every row changed, flagged or set aside.
    pseudonyms : Pseudonymiser
        Replaces identifiers as in every other table, so that children in care are found again.

    Returns
    -------
    DataFrame
        Columns of the schema in their types; dates of birth are months.

    Raises
    ------
    InputError
        If the file cannot be read or a needed column is missing.
    """
    found = table_of(Path(file), "send", mapping)
    for rule in found.marks:
        ledger.mark(rule, "send", found.source)
    rows, _ = chosen_rows(found, "send", mapping, ledger=ledger)
    refuse_borrowed_keys(clean_ids(rows["child_id"]))
    rows = rows.assign(child_id=pseudonyms.replace(clean_ids(rows["child_id"]), kind="child"))
    rows = plain_dates(rows, "send", mapping, born=None, ledger=ledger)
    rows = ledger.quarantine(rows, no_id(rows["child_id"]), table="send", rule="no-child", column="child_id")
    rows = drop_repeated(rows, "send", ledger=ledger)
    rows = _sensible(typed_rows(rows, "send", mapping, ledger=ledger), ledger)
    return one_per_key(rows, "send", ledger=ledger).drop(columns=["_file", "_row"])


def _sensible(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Set aside who cannot be from birth to 25; flag days out of order and parts beyond their whole."""
    if "birth_month" in rows:
        months = 12 * (rows["census"].dt.year - rows["birth_month"].dt.year)
        months += rows["census"].dt.month - rows["birth_month"].dt.month
        odd = (months < 0) | (months >= 12 * _OLDEST)
        rows = rows.assign(birth_month=rows["birth_month"].dt.to_period("M").dt.to_timestamp())
        rows = ledger.quarantine(rows, odd, table="send", rule="age-beyond-25", column="birth_month")
    for first, then in (("plan_from", "plan_to"), ("requested_on", "plan_from")):
        if {first, then} <= set(rows):
            ledger.flag(rows, rows[then] < rows[first], table="send", rule="plan-order", column=then)
    parts = [name for name in ("top_up_gbp_year", "transport_gbp_year") if name in rows]
    if parts and "gbp_year" in rows:
        over = rows[parts].sum(axis=1) > rows["gbp_year"] + 0.005
        ledger.flag(rows, over, table="send", rule="parts-over-whole", column="gbp_year")
    return rows
