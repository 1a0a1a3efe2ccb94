"""A panel as a folder: the tidy table, its long form with reasons, the dictionary, the log and the neighbours."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import KEYS, measures
from vcanalysis.intake.statistics.assemble import LOG, LONG

META = "statistics.toml"
_TABLES = ("panel.csv", "panel_long.parquet", "log.csv", "neighbours.csv", "totals.csv", "sources.csv")
_LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."


def write_stored(out: Path, tables: Mapping[str, pd.DataFrame], *, label: str) -> None:
    """Write a panel as a folder, whole or not at all.

    Parameters
    ----------
    out : Path
        Folder to write; one that such a panel was written to is replaced, any other is refused.
    tables : mapping of str to DataFrame
        By file name: panel.csv, panel_long.parquet, log.csv, neighbours.csv, totals.csv, sources.csv.
    label : str
        Years and number of councils, for `statistics.toml`.

    Raises
    ------
    InputError
        If the folder is there and holds something else.
    """
    if out.exists() and not (out / META).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} holds something that is no panel. Give a new folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        for name in _TABLES:
            _write(part / name, tables[name])
        _write(part / "dictionary.csv", _dictionary())
        (part / META).write_text(_meta(label), encoding="utf-8")
        part.chmod(0o755)
        _take_the_place(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_stored(folder: Path) -> dict[str, Any]:
    """Read a panel's folder: frame, long, log and neighbours.

    Raises
    ------
    InputError
        If a table is missing, cannot be read, or lacks a column.
    """
    try:
        tomllib.loads((folder / META).read_text(encoding="utf-8"))
        frame = pd.read_csv(folder / "panel.csv", dtype=dict.fromkeys(KEYS[:3], "str"), keep_default_na=True)
        long = pd.read_parquet(folder / "panel_long.parquet")
        log = pd.read_csv(folder / "log.csv", dtype={"detail": "str", "council_code": "str"})
        neighbours = pd.read_csv(
            folder / "neighbours.csv", dtype={"council_code": "str", "neighbour_code": "str"}
        )
    except (OSError, ValueError):
        raise InputError(
            f"{folder} is damaged. Make the panel again with: vcanalysis statistics OUT"
        ) from None
    wanted = {"panel.csv": (frame, KEYS), "panel_long.parquet": (long, LONG), "log.csv": (log, LOG)}
    for name, (table, columns) in wanted.items():
        absent = [column for column in columns if column not in table.columns]
        if absent:
            raise InputError(f"{folder / name} has no column {absent[0]}. Make the panel again.")
    floats = {name: frame.get(name, pd.Series(float("nan"), index=frame.index)) for name in measures()}
    tidy = pd.concat([frame[list(KEYS)], pd.DataFrame(floats).astype("float64")], axis=1)
    return {"frame": tidy, "long": long[list(LONG)], "log": log[list(LOG)], "neighbours": neighbours}


def _write(path: Path, table: pd.DataFrame) -> None:
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False, lineterminator="\n")


def _dictionary() -> pd.DataFrame:
    names = ("measure", "label", "unit", "better", "low", "high", "since", "source", "meaning")
    return pd.DataFrame([{name: getattr(m, name) for name in names} for m in measures().values()])


def _meta(label: str) -> str:
    return f'title = "Council-year panel of official statistics, {label}"\nlicence = "{_LICENCE}"\n'


def _take_the_place(part: Path, out: Path) -> None:
    """Put the new folder where the old one was; the old one goes only when the new one is whole."""
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.old.", dir=out.parent))
    try:
        if out.exists():
            os.replace(out, old / "before")
        os.replace(part, out)
    finally:
        shutil.rmtree(old, ignore_errors=True)
