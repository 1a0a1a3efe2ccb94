"""Import a council's extracts: returns in, council folder out, every row accounted for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.children import children_table, clean_header, clean_uasc
from vcanalysis.intake.cleaning.episodes import clean_episodes
from vcanalysis.intake.cleaning.extras import read_extra, read_mapping, settle_prices
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.outcomes import (
    SDQ_FRAMEWORK,
    clean_missing,
    clean_oc2,
    outcomes_table,
    sdq_needs,
)
from vcanalysis.intake.cleaning.repair import repair_episodes
from vcanalysis.intake.cleaning.values import clean_ids, refuse_damaged_ids
from vcanalysis.intake.pseudonyms import Pseudonymiser, load_key
from vcanalysis.intake.quarantine import write_quarantine
from vcanalysis.intake.readers.layout import LAYOUTS
from vcanalysis.intake.readers.ssda903 import ReturnSet, read_returns
from vcanalysis.intake.report import ImportReport, rule_counts
from vcanalysis.intake.simulate import SIMULATED, simulate_tables
from vcanalysis.intake.tables import refuse_other_folder, save_council

_HOMES = ("K1", "K2", "K3", "R1", "R2", "R3", "R5", "S1", "H5", "P3")
_UNKNOWN_URN = ("", "XXXXXXX")


@dataclass
class _Import:
    """An import under way: what was read, what it became, what was noted."""

    read: ReturnSet
    pseudonyms: Pseudonymiser
    ledger: Ledger = field(default_factory=Ledger)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    framework: str = ""
    simulated: tuple[str, ...] = ()

    @property
    def start(self) -> pd.Timestamp:
        """First day covered: 1 April of the first return."""
        return pd.Timestamp(min(self.read.years) - 1, 4, 1)

    @property
    def end(self) -> pd.Timestamp:
        """Day after the last day covered, the 31 March of the last return."""
        return pd.Timestamp(max(self.read.years), 4, 1)


def import_extracts(
    out: str | Path,
    *,
    ssda903: str | Path,
    needs: str | Path | None = None,
    costs: str | Path | None = None,
    outcomes: str | Path | None = None,
    mapping: str | Path | None = None,
    simulate: Sequence[str] = (),
    key: str | Path | None = None,
    name: str | None = None,
) -> ImportReport:
    """Make a council folder of a council's own extracts.

    Parameters
    ----------
    out : str or Path
        Folder to write; a council folder already there is replaced once the new one is whole.
    ssda903 : str or Path
        SSDA903 returns: folder per year, flat folder, zip or workbook.
    needs, costs, outcomes : str or Path, optional
        Tables in the columns of the schema (CSV, workbook or Parquet), children identified as in the return.
    mapping : str or Path, optional
        TOML file with the council's own names of the columns of those tables.
    simulate : sequence of str
        Tables to simulate where the extracts hold none: needs, costs. Marked wherever they are shown.
    key : str or Path, optional
        Key file of the pseudonyms; by default in the user's configuration folder, made on first use.
    name : str, optional
        Name of the council; by default that of the folder.

    Returns
    -------
    ImportReport
        What was read, kept, changed and set aside, as also written to `import/` in the folder.

    Raises
    ------
    InputError
        If anything cannot be used; the folder is then left as it was.

    Examples
    --------
    >>> import_extracts("council", ssda903="no/such.zip")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: There is no file or folder no/such.zip. Give the folder, zip or workbook of the \
returns.
    """
    folder = Path(out)
    refuse_other_folder(folder)
    _refuse_simulation(simulate, needs=needs, costs=costs)
    names = read_mapping(mapping)
    read = read_returns(ssda903)
    work = _Import(read, load_key(key, outside=folder))
    _clean_ids(work)
    _take_children_and_placements(work)
    _take_outcomes(work)
    for table, file in (("needs", needs), ("costs", costs), ("outcomes", outcomes)):
        if file is not None:
            _take_extra(work, table, file, names.get(table, {}))
    work.ledger.refuse_if_too_many()
    _settle_needs(work, simulate)
    work.tables |= simulate_tables(work.tables, wanted=work.simulated, start=work.start, end=work.end)
    return _write(work, folder, name or folder.resolve().name)


def _refuse_simulation(simulate: Sequence[str], *, needs: object, costs: object) -> None:
    given = {"needs": needs, "costs": costs}
    for table in simulate:
        if table not in SIMULATED:
            raise InputError(f"{table!r} cannot be simulated. What can be: {', '.join(SIMULATED)}.")
        if given[table] is not None:
            raise InputError(
                f"--{table} gives {table} and --simulate asks to invent them. Choose one of the two."
            )


def _clean_ids(work: _Import) -> None:
    tables = work.read.tables
    for name, rows in tables.items():
        tables[name] = rows.assign(CHILD=clean_ids(rows["CHILD"]))
        if name != "unknown":
            work.ledger.take_in(name, rows)
    refuse_damaged_ids((name, rows["CHILD"]) for name, rows in tables.items())
    for table, file, row in work.read.broken:
        work.ledger.quarantine_broken(table, file, row)


def _pseudonymise(work: _Import, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns="CHILD").assign(child_id=work.pseudonyms.replace(rows["CHILD"], kind="child"))


def _take_children_and_placements(work: _Import) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = clean_header(raw["header"], ledger=ledger)
    ledger.refuse_if_too_many()  # or every episode would be an orphan
    uasc = None
    if "uasc" in raw:
        uasc = clean_uasc(raw["uasc"], header["CHILD"], ledger=ledger)
        work.kept["uasc"] = len(uasc)
    births = header.set_index("CHILD")["birth"]
    rows = clean_episodes(raw["episodes"], births, ledger=ledger)
    rows = repair_episodes(rows, ledger=ledger, last_year=max(work.read.years))
    ledger.flag(
        header, ~header["CHILD"].isin(rows["CHILD"]), table="header", rule="no-episode", column="CHILD"
    )
    work.kept |= {"header": len(header), "episodes": len(rows)}
    children = _pseudonymise(work, children_table(header, uasc))
    work.tables["children"] = children.sort_values("child_id", ignore_index=True)
    work.tables["placements"] = _placements(work, rows)


def _placements(work: _Import, rows: pd.DataFrame) -> pd.DataFrame:
    codes = ["RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE"]
    urn = rows["URN"].mask(rows["URN"].isin(_UNKNOWN_URN), "")
    named = {code.lower(): rows[code].mask(rows[code].eq("")) for code in codes}
    table = pd.DataFrame(
        {
            "CHILD": rows["CHILD"],
            "decom": rows["decom"],
            "dec": rows["dec"],
            **named,
            "provider_id": work.pseudonyms.replace(urn, kind="provider"),
            "home_id": work.pseudonyms.replace(urn.where(rows["PLACE"].isin(_HOMES), ""), kind="home"),
        }
    )
    return _pseudonymise(work, table).sort_values(["child_id", "decom"], ignore_index=True)


def _take_outcomes(work: _Import) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = raw["header"]
    children = work.read.tables["header"]["CHILD"]
    known = children[
        work.pseudonyms.replace(children, kind="child").isin(work.tables["children"]["child_id"])
    ]
    oc2 = clean_oc2(raw["oc2"], known, ledger=ledger) if "oc2" in raw else None
    missing = clean_missing(raw["missing"], known, ledger=ledger) if "missing" in raw else None
    for name, rows in (("oc2", oc2), ("missing", missing)):
        if rows is not None:
            work.kept[name] = len(rows)
    listed = header.loc[header["CHILD"].isin(known)]
    work.tables["outcomes"] = _pseudonymise(work, outcomes_table(oc2, missing, listed))
    if oc2 is not None:
        work.tables["needs"] = _pseudonymise(work, sdq_needs(oc2))
        work.framework = SDQ_FRAMEWORK


def _take_extra(work: _Import, table: str, file: str | Path, mapping: dict[str, str]) -> None:
    header = work.read.tables["header"]["CHILD"]
    rows = read_extra(file, table=table, children=header, mapping=mapping, ledger=work.ledger)
    if table == "costs":
        rows = settle_prices(rows, ledger=work.ledger)
    work.kept[table] = len(rows)
    rows = _pseudonymise(work, rows.drop(columns=["_file", "_row"]))
    if table == "outcomes":
        both = pd.concat([work.tables["outcomes"], rows], ignore_index=True)
        rows = both.drop_duplicates(["child_id", "date", "measure"], keep="last")
    if table == "needs":
        work.framework = str(rows["framework"].mode().iloc[0]) if len(rows) else ""
        rows = rows.assign(rater_id=work.pseudonyms.replace(rows["rater_id"].fillna(""), kind="rater"))
    work.tables[table] = rows


def _settle_needs(work: _Import, simulate: Sequence[str]) -> None:
    """Let simulated needs replace the SDQ as need score; the SDQ stays an outcome."""
    work.simulated = tuple(t for t in SIMULATED if t in simulate)
    if "needs" in simulate:
        work.tables.pop("needs", None)
        work.framework = "vcw-default-12"


def _write(work: _Import, folder: Path, name: str) -> ImportReport:
    part = folder.parent / f".{folder.name}.part-{os.getpid()}"
    report = _report(work, folder, name)
    try:
        part.mkdir(parents=True)
        save_council(part, {t: work.tables[t] for t in TABLES if t in work.tables}, _meta(work, name))
        notes = part / "import"
        notes.mkdir()
        work.ledger.log().to_csv(notes / "log.csv", index=False, lineterminator="\n", encoding="utf-8")
        write_quarantine(notes / "quarantine", work.ledger.aside, work.pseudonyms)
        (notes / "report.json").write_text(report.to_json(), encoding="utf-8", newline="\n")
        _swap(part, folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}. Nothing was changed.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return report


def _swap(part: Path, folder: Path) -> None:
    """Move the new folder into place; the old one goes only when the new one is there."""
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(part, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    with suppress(OSError):
        shutil.rmtree(old)


def _meta(work: _Import, name: str) -> dict[str, Any]:
    costs = work.tables.get("costs")
    years = sorted(work.read.years)
    return {
        "name": name,
        "code": "",
        "synthetic": False,
        "framework": work.framework or "vcw-default-12",
        "price_year": str(costs["price_year"].max()) if costs is not None and len(costs) else "",
        "programme_start": "",
        "simulated": list(work.simulated),
        "data_from": f"{work.start:%Y-%m-%d}",
        "data_to": f"{work.end:%Y-%m-%d}",
        "source": "SSDA903 returns of the years to 31 March " + ", ".join(map(str, years)),
        "key_id": work.pseudonyms.key_id,
    }


def _report(work: _Import, folder: Path, name: str) -> ImportReport:
    raw = work.read.tables
    unused = {t: len(raw[t]) for t in raw if not LAYOUTS[t].used}
    kept = {**{t: n for t, n in unused.items()}, **work.kept}
    balance = [{**line, "not_used": 0} for line in work.ledger.balance(kept)]
    for line in balance:
        if line["table"] in unused:
            line.update(kept=0, not_used=line["kept"])
    strange = [
        f"{source} ({rows:,} rows) is no table of the return: left out." for source, rows in work.read.unknown
    ]
    placements = work.tables["placements"]
    last = work.end - pd.Timedelta(days=1)
    open_on = (placements["decom"] <= last) & (placements["dec"].isna() | (placements["dec"] > last))
    in_care = placements.loc[open_on & ~placements["ls"].isin(("V3", "V4")), "child_id"].nunique()
    made = work.pseudonyms.made_at
    return ImportReport(
        council=name,
        path=folder,
        returns=dict(sorted(work.read.years.items())),
        balance=balance,
        rules=rule_counts(work.ledger.log()),
        notes=work.read.notes + strange,
        children=len(work.tables["children"]),
        in_care=int(in_care),
        simulated=work.simulated,
        key_id=work.pseudonyms.key_id,
        made_key=str(made) if made else "",
    )
