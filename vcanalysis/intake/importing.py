"""Import a council's extracts: returns in, council folder out, every row accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.children import children_table, clean_header, clean_uasc
from vcanalysis.intake.cleaning.episodes import clean_episodes
from vcanalysis.intake.cleaning.extras import DEFAULT_FRAMEWORK, read_extra, read_mapping, settle_prices
from vcanalysis.intake.cleaning.outcomes import (
    SDQ_FRAMEWORK,
    clean_missing,
    clean_oc2,
    outcomes_table,
    sdq_needs,
)
from vcanalysis.intake.cleaning.repair import repair_episodes
from vcanalysis.intake.cleaning.values import among, clean_ids, refuse_damaged_ids
from vcanalysis.intake.landing import Import, land
from vcanalysis.intake.pseudonyms import load_key
from vcanalysis.intake.readers.ssda903 import read_returns
from vcanalysis.intake.replacing import refuse_other_folder
from vcanalysis.intake.report import ImportReport
from vcanalysis.intake.simulate import SIMULATED, simulate_tables

_HOMES = ("K1", "K2", "K3", "R1", "R2", "R3", "R5", "S1", "H5", "P3")
_UNKNOWN_URN = ("", "XXXXXXX")
_EXTRA = {"needs": "assessments of need", "costs": "weekly prices", "outcomes": "outcomes"}


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
        Folder to write; an imported council already there is replaced once the new one is whole. Nothing else is.
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
    refuse_other_folder(folder, synthetic=False)
    _refuse_simulation(simulate, needs=needs, costs=costs)
    _refuse_absent(needs=needs, costs=costs, outcomes=outcomes)
    names = read_mapping(mapping)
    read = read_returns(ssda903)
    work = Import(read, load_key(key, outside=folder))
    _clean_ids(work)
    _take_children_and_placements(work)
    _take_outcomes(work)
    for table, file in (("needs", needs), ("costs", costs), ("outcomes", outcomes)):
        if file is not None:
            _take_extra(work, table, file, names.get(table, {}))
    work.ledger.refuse_if_too_many()
    _settle_needs(work, simulate)
    work.tables |= simulate_tables(work.tables, wanted=work.simulated, start=work.start, end=work.end)
    return land(work, folder, name or folder.resolve().name)


def _refuse_simulation(simulate: Sequence[str], *, needs: object, costs: object) -> None:
    given = {"needs": needs, "costs": costs}
    for table in simulate:
        if table not in SIMULATED:
            raise InputError(f"{table!r} cannot be simulated. What can be: {', '.join(SIMULATED)}.")
        if given[table] is not None:
            raise InputError(
                f"--{table} gives {table} and --simulate asks to invent them. Choose one of the two."
            )


def _refuse_absent(**files: str | Path | None) -> None:
    for table, file in files.items():
        if file is not None and not Path(file).exists():
            columns = ", ".join(TABLES[table].required)
            raise InputError(
                f"There is no file {file}. Give --{table} the file of {_EXTRA[table]}: CSV, workbook or Parquet "
                f"with the columns {columns}."
            )


def _clean_ids(work: Import) -> None:
    tables = work.read.tables
    for name, rows in tables.items():
        tables[name] = rows.assign(CHILD=clean_ids(rows["CHILD"]))
        work.ledger.take_in(name, rows)
    refuse_damaged_ids((name, rows["CHILD"]) for name, rows in tables.items())
    for table, file, row in work.read.broken:
        work.ledger.quarantine_broken(table, file, row)


def _pseudonymise(work: Import, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns="CHILD").assign(child_id=work.pseudonyms.replace(rows["CHILD"], kind="child"))


def _take_children_and_placements(work: Import) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = clean_header(raw["header"], ledger=ledger)
    ledger.refuse_if_too_many()  # or every episode would be an orphan
    uasc = None
    if "uasc" in raw:
        uasc = clean_uasc(raw["uasc"], header["CHILD"], ledger=ledger)
        work.kept["uasc"] = len(uasc)
    work.known = header["CHILD"]
    births = header.set_index("CHILD")["birth"]
    rows = clean_episodes(raw["episodes"], births, ledger=ledger)
    rows = repair_episodes(rows, ledger=ledger, last_year=max(work.read.years))
    ledger.flag(
        header, ~among(header["CHILD"], rows["CHILD"]), table="header", rule="no-episode", column="CHILD"
    )
    work.kept |= {"header": len(header), "episodes": len(rows)}
    children = _pseudonymise(work, children_table(header, uasc))
    work.tables["children"] = children.sort_values("child_id", ignore_index=True)
    work.tables["placements"] = _placements(work, rows)


def _placements(work: Import, rows: pd.DataFrame) -> pd.DataFrame:
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


def _take_outcomes(work: Import) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = raw["header"]
    known = work.known
    oc2 = clean_oc2(raw["oc2"], known, ledger=ledger) if "oc2" in raw else None
    missing = clean_missing(raw["missing"], known, ledger=ledger) if "missing" in raw else None
    for name, rows in (("oc2", oc2), ("missing", missing)):
        if rows is not None:
            work.kept[name] = len(rows)
    listed = header.loc[among(header["CHILD"], known)]
    work.tables["outcomes"] = _pseudonymise(work, outcomes_table(oc2, missing, listed))
    if oc2 is not None:
        work.tables["needs"] = _pseudonymise(work, sdq_needs(oc2))
        work.framework = SDQ_FRAMEWORK


def _take_extra(work: Import, table: str, file: str | Path, mapping: dict[str, str]) -> None:
    rows = read_extra(file, table=table, children=work.known, mapping=mapping, ledger=work.ledger)
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


def _settle_needs(work: Import, simulate: Sequence[str]) -> None:
    """Let simulated needs replace the SDQ as need score; the SDQ stays an outcome."""
    work.simulated = tuple(t for t in SIMULATED if t in simulate)
    if "needs" in simulate:
        work.tables.pop("needs", None)
        work.framework = DEFAULT_FRAMEWORK
