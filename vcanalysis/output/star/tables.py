"""The tables of a run, as frames and as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vcanalysis.core.errors import CheckFailed
from vcanalysis.core.period import Quarter
from vcanalysis.output.records import Record, Results, slug
from vcanalysis.output.star.columns import STAR
from vcanalysis.output.star.workbook import workbook

FOLDER, WORKBOOK = "tables", "tables.xlsx"
_TYPES = {"number": pa.float64(), "count": pa.int64(), "text": pa.string(), "date": pa.date32()}


def star(results: Results, about: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Make the tables of a run, and the dictionary of their columns.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run, policy.

    Returns
    -------
    dict of DataFrame
        `results`, `measures`, `questions`, `runs` with the columns of `STAR`, and `dictionary`.

    Raises
    ------
    CheckFailed
        If a record did not pass the gate.

    Examples
    --------
    >>> one = Record("mix.homes", "What does care cost?", "In homes", 0.12, unit="share", n=270, status="published")
    >>> about = {"council": {"name": "Demo"}, "quarter": "2019Q4", "run": "0a1b"}
    >>> print(star(Results((one,)), about)["results"][["result_id", "value", "status"]].to_string(index=False))
    result_id  value status
    mix.homes   0.12  shown
    """
    raw = [r.id for r in results if r.status == "private"]
    if raw:
        raise CheckFailed(f"{raw[0]} did not pass the gate and can stand in no published table.")
    facts = [_fact(r, about["run"]) for r in results]
    measures = {_measure_of(r): r for r in reversed(tuple(results))}
    questions = {r.notebook: r.question for r in results}
    rows = {
        "results": facts,
        "measures": [
            {"measure_id": name, **asdict(r), "of": _counted(r)} for name, r in sorted(measures.items())
        ],
        "questions": [{"question_id": name, "question": asked} for name, asked in sorted(questions.items())],
        "runs": [_run(about)],
    }
    made = {
        name: pd.DataFrame(rows[name], columns=[c.name for c in columns]) for name, columns in STAR.items()
    }
    made["results"] = made["results"].astype({"n": "Int64"})
    return {**made, "dictionary": dictionary()}


def dictionary() -> pd.DataFrame:
    """Say what every column of the tables holds: table, column, type, key, meaning."""
    rows = [(table, c.name, c.type, c.key, c.meaning) for table, columns in STAR.items() for c in columns]
    return pd.DataFrame(rows, columns=["table", "column", "type", "key", "meaning"])


def write_star(out: Path, results: Results, about: Mapping[str, Any]) -> None:
    """Write the tables as CSV and Parquet into a folder of their own, and as one workbook without macros.

    Parameters
    ----------
    out : Path
        The `publish` folder.
    results, about
        As in `star`.
    """
    tables = star(results, about)
    (out / FOLDER).mkdir(exist_ok=True)
    for name, frame in tables.items():
        frame.to_csv(out / FOLDER / f"{name}.csv", index=False, lineterminator="\n")
        if name in STAR:
            pq.write_table(_typed(frame, name), out / FOLDER / f"{name}.parquet")
    (out / WORKBOOK).write_bytes(workbook(tables, about))


def _fact(record: Record, run: str) -> dict[str, Any]:
    status = (
        "hidden"
        if record.status == "suppressed"
        else "shown"
        if record.value is not None
        else "not estimable"
    )
    own = {
        "result_id": record.id,
        "run_id": run,
        "measure_id": _measure_of(record),
        "question_id": record.notebook,
    }
    return {**asdict(record), **own, "status": status}


def _measure_of(record: Record) -> str:
    group = "" if record.group == "all" else f".{slug(record.group)}"
    return record.id.removesuffix(group) if group else record.id


def _run(about: Mapping[str, Any]) -> dict[str, Any]:
    council, quarter = about["council"], Quarter.parse(about["quarter"])
    return {
        "run_id": about["run"],
        "council": council["name"],
        "council_code": council.get("code", ""),
        "quarter": about["quarter"],
        "quarter_start": f"{quarter.start:%Y-%m-%d}",
        "quarter_end": f"{quarter.end - pd.Timedelta(days=1):%Y-%m-%d}",
        "price_year": council.get("price_year", ""),
        "policy": about.get("policy", {}).get("name", ""),
        "caveat": council.get("caveat", ""),
    }


def _typed(frame: pd.DataFrame, name: str) -> pa.Table:
    fields = [pa.field(c.name, _TYPES[c.type]) for c in STAR[name]]
    days = {c.name: pd.to_datetime(frame[c.name]).dt.date for c in STAR[name] if c.type == "date"}
    return pa.Table.from_pandas(
        frame.assign(**days), schema=pa.schema(fields), preserve_index=False
    ).replace_schema_metadata()


def _counted(record: Record) -> str:
    """Say what n counts; how many of them have a programme differs from row to row."""
    return record.of.split(",")[0]
