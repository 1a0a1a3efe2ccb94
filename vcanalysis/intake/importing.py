"""Import a council's extracts: returns in, council folder out, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pandas as pd

from vcanalysis.intake.arriving import arrive, refuse_absent, refuse_simulation, refuse_within
from vcanalysis.intake.beside import pseudonymise, take_extra
from vcanalysis.intake.cleaning.children import children_table, clean_header, clean_uasc
from vcanalysis.intake.cleaning.coded import plain, put
from vcanalysis.intake.cleaning.episodes import clean_episodes
from vcanalysis.intake.cleaning.extras import DEFAULT_FRAMEWORK
from vcanalysis.intake.cleaning.identifiers import no_id
from vcanalysis.intake.cleaning.limit import refuse_if_too_many
from vcanalysis.intake.cleaning.one_council import refuse_none_left
from vcanalysis.intake.cleaning.outcomes import (
    SDQ_FRAMEWORK,
    clean_missing,
    clean_oc2,
    outcomes_table,
    sdq_needs,
)
from vcanalysis.intake.cleaning.repair import repair_episodes
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.cleaning.values import among
from vcanalysis.intake.landing import Import, land
from vcanalysis.intake.mapping import TableMapping, mapped_without_file, read_mapping
from vcanalysis.intake.memory import give_back, lean_memory
from vcanalysis.intake.replacing import refuse_other_folder
from vcanalysis.intake.report import ImportReport
from vcanalysis.intake.simulate import SIMULATED, simulate_tables

_HOMES = ("K1", "K2", "K3", "R1", "R2", "R3", "R5", "S1", "H5", "P3")
_UNKNOWN_URN = ("", "XXXXXXX", "NULL", "Null", "null")


def import_extracts(
    out: str | Path,
    *,
    ssda903: str | Path,
    needs: str | Path | None = None,
    costs: str | Path | None = None,
    outcomes: str | Path | None = None,
    goals: str | Path | None = None,
    stepdown: str | Path | None = None,
    carers: str | Path | None = None,
    send: str | Path | None = None,
    edge: str | Path | None = None,
    mapping: str | Path | None = None,
    simulate: Sequence[str] = (),
    key: str | Path | None = None,
    name: str | None = None,
    totals: Mapping[str, float] | None = None,
    postcodes: str | Path | None = None,
) -> ImportReport:
    """Make a council folder of a council's own extracts.

    Parameters
    ----------
    out : str or Path
        Folder to write; an imported council already there is replaced once the new one is whole. Nothing else is.
    ssda903 : str or Path
        SSDA903 returns: folder per year, flat folder, zip, workbook, SQLite or XML.
    needs, costs, outcomes, goals, stepdown, carers, edge, send : str or Path, optional
        Tables beside the return (CSV, workbook or Parquet), children identified as in the return.
    mapping : str or Path, optional
        TOML file with the council's own names, or the name of one of ours; see `vcanalysis.intake.mapping`.
    simulate : sequence of str
        Tables to simulate where the extracts hold none: needs, costs. Marked wherever they are shown.
    key : str or Path, optional
        Key file of the pseudonyms; by default in the user's configuration folder, made on first use.
    name : str, optional
        Name of the council; by default that of the folder.
    totals : mapping of str to float, optional
        Pounds by financial year in a ledger or section 251 return, to reconcile with.
    postcodes : str or Path, optional
        Directory of postcodes with their places, from which distances from home are made; see
        `vcanalysis.intake.cleaning.distance`.

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
    vcanalysis.intake.cleaning.rules.Refused: The path given for the returns leads to no file or folder. Give \
the folder, zip, workbook or CSV.
    """
    clock = perf_counter()
    folder = Path(out)
    refuse_other_folder(folder, synthetic=False)
    refuse_within(folder, ssda903)
    refuse_simulation(simulate, needs=needs, costs=costs)
    beside = {"needs": needs, "costs": costs, "outcomes": outcomes, "goals": goals}
    beside |= {"stepdown": stepdown, "carers": carers, "edge": edge, "send": send}
    refuse_absent(**beside)
    names = read_mapping(mapping)
    idle = mapped_without_file(names, given=[table for table, file in beside.items() if file is not None])
    with lean_memory():
        work = arrive(ssda903, key, folder)
        work.read.notes += idle
        _take_children_and_placements(work, postcodes)
        _take_outcomes(work)
        for table, file in beside.items():
            if file is not None:
                take_extra(work, table, file, names.get(table, TableMapping()))
        refuse_if_too_many(work.ledger)
        _settle_needs(work, simulate)
        work.tables |= simulate_tables(work.tables, wanted=work.simulated, start=work.start, end=work.end)
        work.totals = dict(totals or {})
        report = land(work, folder, name or folder.resolve().name)
        del work  # its memory is given back here
    return replace(report, seconds=perf_counter() - clock)


def _take_children_and_placements(work: Import, postcodes: str | Path | None) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = clean_header(raw["header"], ledger=ledger)
    listed = raw["header"]["CHILD"].drop_duplicates()
    listed = listed.loc[~no_id(listed) & ~among(listed, header["CHILD"])]
    ledger.headless = listed.loc[~among(listed, ledger.stopped)]
    raw["header"] = raw["header"][["CHILD", "_year"]]
    refuse_if_too_many(ledger)  # or every episode would be an orphan
    if header.empty:
        raise refuse(
            "no-table",
            "header: no child is left, since all were given twice with different dates of birth. Give each child one "
            "identifier.",
        )
    uasc = None
    if "uasc" in raw:
        uasc = clean_uasc(raw.pop("uasc"), header["CHILD"], ledger=ledger)
        work.kept["uasc"] = len(uasc)
    work.known = header["CHILD"]
    work.births = header.set_index("CHILD")["birth"]
    rows = clean_episodes(raw.pop("episodes"), work.births, ledger=ledger, directory=postcodes)
    refuse_none_left(rows.loc[rows["dec"].isna(), ["CHILD", "_year"]], raw["header"])
    give_back()
    rows = repair_episodes(rows, ledger=ledger, last_year=max(work.read.years))
    ledger.flag(
        header, ~among(header["CHILD"], rows["CHILD"]), table="header", rule="no-episode", column="CHILD"
    )
    give_back()
    work.kept |= {"header": len(header), "episodes": len(rows)}
    work.episodes = rows[["CHILD", "decom", "dec", "LS", "_file", "_row"]].rename(columns={"LS": "ls"})
    children = pseudonymise(work, children_table(header, uasc))
    work.tables["children"] = children.sort_values("child_id", ignore_index=True)
    work.tables["placements"] = _placements(work, rows)
    give_back()
    work.read.notes.append(_said_of_distance(rows))


def _said_of_distance(rows: pd.DataFrame) -> str:
    if "distance_miles" not in rows:
        return "Distances from home were not derived: give a directory of postcodes with --postcodes FILE."
    known = int(rows["distance_miles"].notna().sum())
    placed = int(rows["area"].notna().sum())
    area = (
        f"Whether inside the council's area, taken as that of most families' homes, for {placed:,}."
        if placed
        else "Whether inside the council's area is not: the directory does not say in which council most homes lie."
    )
    return f"The distance from home is known for {known:,} of {len(rows):,} episodes, in whole miles. {area}"


def _placements(work: Import, rows: pd.DataFrame) -> pd.DataFrame:
    codes = ["RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE"]
    urn = put(rows["URN"], rows["URN"].isin(_UNKNOWN_URN), "")
    named = {code.lower(): plain(rows[code]) for code in codes}
    named |= {name: rows[name] for name in ("distance_miles", "area") if name in rows}
    table = pd.DataFrame(
        {
            "CHILD": rows["CHILD"],
            "decom": rows["decom"],
            "dec": rows["dec"],
            **named,
            "provider_id": work.pseudonyms.replace(urn, kind="provider"),
            "home_id": work.pseudonyms.replace(put(urn, ~rows["PLACE"].isin(_HOMES), ""), kind="home"),
        }
    )
    return pseudonymise(work, table).sort_values(["child_id", "decom"], ignore_index=True)


def _take_outcomes(work: Import) -> None:
    raw, ledger = work.read.tables, work.ledger
    header = raw["header"]
    known = work.known
    oc2 = clean_oc2(raw.pop("oc2"), known, ledger=ledger) if "oc2" in raw else None
    missing = clean_missing(raw.pop("missing"), known, ledger=ledger) if "missing" in raw else None
    work.read.notes += ledger.notes
    ledger.notes.clear()
    for name, rows in (("oc2", oc2), ("missing", missing)):
        if rows is not None:
            work.kept[name] = len(rows)
    listed = header.loc[among(header["CHILD"], known)]
    aside = [rows[["CHILD", "_year"]] for rows in ledger.aside.get("missing", []) if "CHILD" in rows]
    outcomes = outcomes_table(oc2, missing, listed, lost=pd.concat(aside) if aside else None)
    work.tables["outcomes"] = pseudonymise(work, outcomes)
    if oc2 is not None:
        work.tables["needs"] = pseudonymise(work, sdq_needs(oc2))
        work.framework = SDQ_FRAMEWORK


def _settle_needs(work: Import, simulate: Sequence[str]) -> None:
    """Let simulated needs replace the SDQ as need score; the SDQ stays an outcome."""
    work.simulated = tuple(t for t in SIMULATED if t in simulate)
    if "needs" in simulate:
        work.tables.pop("needs", None)
        work.framework = DEFAULT_FRAMEWORK
