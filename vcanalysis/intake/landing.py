"""The end of an import: the council folder written whole, with the account of every row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.extras import DEFAULT_FRAMEWORK
from vcanalysis.intake.cleaning.identifiers import Identifiers
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.log import write_lines
from vcanalysis.intake.linking import SHORT_BREAKS
from vcanalysis.intake.memory import give_back
from vcanalysis.intake.pence import pounds_of_extract
from vcanalysis.intake.pseudonyms import Pseudonymiser
from vcanalysis.intake.quarantine import write_quarantine
from vcanalysis.intake.readers.layout import LAYOUTS
from vcanalysis.intake.readers.ssda903 import ReturnSet
from vcanalysis.intake.reconciling import Reconciliation, reconcile, written_pence
from vcanalysis.intake.replacing import refuse_other_folder, replacing
from vcanalysis.intake.report import ImportReport, rule_counts
from vcanalysis.intake.tables import read_table, write_council


@dataclass
class Import:
    """An import under way: what was read, what it became, what was noted.

    Parameters
    ----------
    read : ReturnSet
        The returns as text.
    pseudonyms : Pseudonymiser
        Replaces identifiers.
    ledger : Ledger
        Account of every row.
    tables : dict of DataFrame
        Tables of the council, as far as they are made.
    kept : dict of str to int
        Rows kept of each table of the extracts.
    known : Series of int
        Numbers of the children kept.
    births : Series of datetime64
        Dates of birth by these numbers.
    ids : Identifiers
        Numbers the identifiers.
    framework : str
        Needs framework of the needs table.
    simulated : tuple of str
        Tables to simulate.
    episodes : DataFrame
        CHILD, decom, dec and ls of the episodes kept.
    totals : dict of str to float
        Pounds by financial year in a ledger, to reconcile with.
    """

    read: ReturnSet
    pseudonyms: Pseudonymiser
    ledger: Ledger = field(default_factory=Ledger)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    known: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    births: pd.Series = field(default_factory=lambda: pd.Series(dtype="datetime64[ns]"))
    ids: Identifiers = field(default_factory=lambda: Identifiers(pd.Index([], dtype="str")))
    framework: str = ""
    simulated: tuple[str, ...] = ()
    episodes: pd.DataFrame = field(default_factory=pd.DataFrame)
    totals: dict[str, float] = field(default_factory=dict)

    def child_ids(self, numbers: pd.Series) -> pd.Series:
        """Give the pseudonyms of known children by their numbers, as categories in the order of their text."""
        rank, names = self._named
        return pd.Series(
            pd.Categorical.from_codes(rank[numbers.to_numpy()], dtype=names), index=numbers.index
        )

    @cached_property
    def _named(self) -> tuple[np.ndarray, pd.CategoricalDtype]:
        """Rank of each number's pseudonym, and the pseudonyms of the known children in order."""
        made = self.pseudonyms.replace(self.ids.text(self.known), kind="child")
        order = made.argsort().to_numpy()
        rank = np.full(len(self.ids.known), -1, dtype="int32")
        rank[self.known.to_numpy()[order]] = np.arange(len(order))
        return rank, pd.CategoricalDtype(pd.Index(made.iloc[order]), ordered=False)

    @property
    def start(self) -> pd.Timestamp:
        """First day covered: 1 April of the first return."""
        return pd.Timestamp(min(self.read.years) - 1, 4, 1)

    @property
    def end(self) -> pd.Timestamp:
        """Day after the last day covered, the 31 March of the last return."""
        return pd.Timestamp(max(self.read.years), 4, 1)


def land(work: Import, folder: Path, name: str) -> ImportReport:
    """Write the council folder with the account of the import, whole or not at all.

    Raises
    ------
    InputError
        If the folder cannot be written or may not be replaced.
    """
    refuse_other_folder(folder, synthetic=False)  # again: it may have changed since the import began
    give_back()
    with replacing(folder) as part:
        part.chmod(0o700)
        tables = {t: work.tables[t] for t in TABLES if t in work.tables}
        notes = part / "import"
        notes.mkdir()
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(write_council, part, tables, _meta(work, name), as_text=("child_id",))
            write_lines(work.ledger.lines(), notes / "log.csv")
            balance = _balance(work)
            writing.result()
        report = _report(work, folder, name, balance=balance, money=_reconciled(work, part))
        aside, values = (_as_text(work, of) for of in (work.ledger.aside, work.ledger.values_aside))
        write_quarantine(notes / "quarantine", aside, work.pseudonyms)
        write_quarantine(notes / "quarantine", values, work.pseudonyms, end="_values")
        (notes / "report.json").write_text(report.to_json(), encoding="utf-8", newline="\n")
        for entry in part.rglob("*"):
            entry.chmod(0o700 if entry.is_dir() else 0o600)
    return report


def _as_text(work: Import, aside: dict[str, list[pd.DataFrame]]) -> dict[str, list[pd.DataFrame]]:
    return {
        table: [p.assign(CHILD=work.ids.text(p["CHILD"])) if "CHILD" in p else p for p in parts]
        for table, parts in aside.items()
    }


def _meta(work: Import, name: str) -> dict[str, Any]:
    costs = work.tables.get("costs")
    years = sorted(work.read.years)
    return {
        "name": name,
        "code": "",
        "synthetic": False,
        "framework": work.framework or DEFAULT_FRAMEWORK,
        "price_year": str(costs["price_year"].max()) if costs is not None and len(costs) else "",
        "programme_start": "",
        "simulated": list(work.simulated),
        "data_from": f"{work.start:%Y-%m-%d}",
        "data_to": f"{work.end:%Y-%m-%d}",
        "source": "SSDA903 returns of the years to 31 March " + ", ".join(map(str, years)),
        "key_id": work.pseudonyms.key_id,
    }


def _balance(work: Import) -> list[dict[str, str | int]]:
    raw = work.read.tables
    unused = {t: len(rows) for t, rows in raw.items() if not LAYOUTS[t].used}
    kept = {**{t: n for t, n in unused.items()}, **work.kept}
    balance = [{**line, "not_used": 0} for line in work.ledger.balance(kept)]
    for line in balance:
        if line["table"] in unused:
            line.update(kept=0, not_used=line["kept"])
    return balance


def _report(
    work: Import,
    folder: Path,
    name: str,
    *,
    balance: list[dict[str, str | int]],
    money: Reconciliation | None,
) -> ImportReport:
    placements = work.tables["placements"]
    last = work.end - pd.Timedelta(days=1)
    open_on = (placements["decom"] <= last) & (placements["dec"].isna() | (placements["dec"] > last))
    in_care = placements.loc[open_on & ~placements["ls"].isin(SHORT_BREAKS), "child_id"].nunique()
    made = work.pseudonyms.made_at
    return ImportReport(
        council=name,
        path=folder,
        returns=dict(sorted(work.read.years.items())),
        balance=balance,
        rules=rule_counts(work.ledger.lines()),
        notes=work.read.notes,
        children=len(work.tables["children"]),
        in_care=int(in_care),
        simulated=work.simulated,
        key_id=work.pseudonyms.key_id,
        made_key=str(made) if made else "",
        money=money,
    )


def _reconciled(work: Import, written: Path) -> Reconciliation | None:
    """Reconcile the money; what was kept is summed again from the table as it was written."""
    costs = work.tables.get("costs")
    if costs is None or "costs" in work.simulated:
        return None
    ledger = work.ledger
    aside = sum(float(part["_pence"].sum()) for part in ledger.aside.get("costs", []) if "_pence" in part)
    aside += ledger.pence_late
    kept = written_pence(read_table(written, "costs"), end=work.end)
    extract = pounds_of_extract(
        ledger.pence_in,
        kept=kept,
        aside=aside,
        repeated=ledger.pence_repeated,
        left_out=ledger.pence_left_out,
        rows_without=ledger.rows_without_pence,
    ) | {"rows_not_split": ledger.rows_not_split}
    placements = work.tables["placements"]
    return reconcile(placements, costs, start=work.start, end=work.end, totals=work.totals, extract=extract)
