"""The beginning of an import: what is asked for, the returns read, every row counted, every child numbered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.identifiers import number_ids
from vcanalysis.intake.cleaning.sense import refuse_borrowed_keys
from vcanalysis.intake.cleaning.values import refuse_damaged_ids
from vcanalysis.intake.landing import Import
from vcanalysis.intake.memory import give_back
from vcanalysis.intake.pseudonyms import load_key
from vcanalysis.intake.readers.layout import LAYOUTS
from vcanalysis.intake.readers.ssda903 import read_returns
from vcanalysis.intake.simulate import SIMULATED

_EXTRA = {
    "needs": "assessments of need",
    "costs": "weekly prices",
    "outcomes": "outcomes",
    "goals": "goals",
    "stepdown": "children profiled for a move to a family",
    "carers": "capabilities of foster households",
    "send": "special educational needs, a row for each person and census",
    "edge": "cases on the edge of care",
}


def arrive(ssda903: str | Path, key: str | Path | None, folder: Path) -> Import:
    """Read the returns, number the children in them and let go of tables that no question uses.

    Raises
    ------
    InputError
        If the returns cannot be read or a spreadsheet has damaged the identifiers.
    """
    work = Import(read_returns(ssda903), load_key(key, outside=folder))
    _number_children(work)
    give_back()
    return work


def _number_children(work: Import) -> None:
    """Give every child a number by its clean identifier, and count the rows of every table."""
    tables, ledger = work.read.tables, work.ledger
    used = {name: rows["CHILD"] for name, rows in tables.items() if LAYOUTS[name].used}
    work.ids, numbers = number_ids(used)
    refuse_damaged_ids(used, distinct=pd.Series(work.ids.known))
    refuse_borrowed_keys(pd.Series(work.ids.known))
    for name, rows in tables.items():
        ledger.take_in(name, rows)
        if name in numbers:
            tables[name] = rows.assign(CHILD=numbers[name])
        else:
            for file in rows["_file"].unique():
                ledger.mark("table-unused", name, str(file))
            tables[name] = rows[[]]  # counted, not used
    for table, file, row in work.read.broken:
        ledger.quarantine_broken(table, file, [row])
    for rule, table, file in work.read.marks:
        ledger.mark(rule, table, file)
    for rule, table, column, rows in work.read.odd:
        ledger.empty(rows, pd.Series(True, index=rows.index), table=table, rule=rule, column=column)


def refuse_simulation(simulate: Sequence[str], *, needs: object, costs: object) -> None:
    """Refuse to simulate what cannot be, or what is given.

    Raises
    ------
    InputError
        Naming the table.
    """
    given = {"needs": needs, "costs": costs}
    for table in simulate:
        if table not in SIMULATED:
            raise InputError(f"{table!r} cannot be simulated. What can be: {', '.join(SIMULATED)}.")
        if given[table] is not None:
            raise InputError(
                f"--{table} gives {table} and --simulate asks to invent them. Choose one of the two."
            )


def refuse_within(folder: Path, ssda903: str | Path) -> None:
    """Refuse to write into the folder of the returns: the next import would read what this one wrote.

    Raises
    ------
    InputError
        Naming the folder to write.
    """
    source = Path(ssda903)
    if source.is_dir() and source.resolve() in folder.resolve().parents:
        raise InputError(
            f"{folder} lies in the folder of the returns, so that the next import would read it too. Choose a folder "
            "outside."
        )


def refuse_absent(**files: str | Path | None) -> None:
    """Refuse a file beside the return that is not there, before anything is read.

    Raises
    ------
    InputError
        With the columns that it needs.
    """
    for table, file in files.items():
        if file is not None and not Path(file).exists():
            columns = ", ".join(TABLES[table].required)
            raise InputError(
                f"The path given with --{table} leads to no file. Give the file of {_EXTRA[table]}: CSV, workbook or "
                f"Parquet with the columns {columns}."
            )
