"""Mutations of a valid extract: what fuzzing does to files, and what must hold of any import whatever was done."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd
from drawn import returns, text_of
from hypothesis import strategies as st

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts

_WORDS = st.sampled_from(
    [
        *(
            "",
            " ",
            "NA",
            "None",
            "null",
            "0",
            "-1",
            "1E5",
            "1.5",
            "£5,600.50",
            "(350.00)",
            "31/04/2019",
            "43800",
        ),
        *("2019-05-01", "01/01/1900", "31/12/9999", "03/04/19", "u1 ", "X9", "T1", "V4", "'", '"', ",", "\n"),
        *(
            "\x00",
            "é",
            "=1+1",
            "01/05/2019",
            "QX00003",
            "K2",
            "9" * 20,
            "ZZ99 9ZZ",
            "UN1",
            "inf",
            "nan",
            "1e309",
            "３",
        ),
    ]
)
_TABLES = st.sampled_from(["header", "episodes", "oc2", "missing", "uasc", "costs"])
_PLACES = st.integers(0, 10_000)
_EDITS = st.one_of(
    st.tuples(st.just("cell"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("repeat"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("drop row"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("drop field"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("add field"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("column"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("swap"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("byte"), _TABLES, _PLACES, _PLACES, _WORDS),
    st.tuples(st.just("cut"), _TABLES, _PLACES, _PLACES, _WORDS),
)
mutations = st.lists(_EDITS, min_size=1, max_size=4)
CANARIES = ("QX000", "UPN0000", " 9QQ", " 8PP", " 7OO")


def _prices() -> list[list[str]]:
    rows = [["child_id", "from", "to", "gbp_week"]]
    return rows + [[f"QX{k:05d}", "01/06/2018", "01/03/2020", f"{400 + k}.50"] for k in range(30)]


def _edit(rows: list[list[str]], kind: str, row: int, column: int, word: str) -> None:
    at = row % len(rows)
    field = column % max(len(rows[at]), 1)
    if kind == "cell" and rows[at]:
        rows[at][field] = word
    elif kind == "repeat":
        rows.append(list(rows[at]))
    elif kind == "drop row" and len(rows) > 1:
        del rows[at]
    elif kind == "drop field" and rows[at]:
        del rows[at][field]
    elif kind == "add field":
        rows[at].append(word)
    elif kind == "column":
        for other in rows[1:]:
            if field < len(other):
                other[field] = word
    elif kind == "swap":
        other = column % len(rows)
        rows[at], rows[other] = rows[other], rows[at]


def write_mutated(edits: list[tuple[str, str, int, int, str]], folder: Path) -> dict[str, Path]:
    """Write the extract of 30 children with the edits done to it."""
    made = returns(30)
    tables = {**made[2020], "costs": _prices()}
    for kind, table, row, column, word in edits:
        _edit(tables[table], kind, row, column, word)
    for year in made:
        (folder / "f" / str(year)).mkdir(parents=True)
        for name, rows in made[year].items():
            (folder / "f" / str(year) / f"{name}.csv").write_bytes(text_of(rows).encode("utf-8"))
    costs = folder / "costs.csv"
    costs.write_bytes(text_of(tables["costs"]).encode("utf-8"))
    for kind, table, row, column, word in edits:
        file = costs if table == "costs" else folder / "f" / "2020" / f"{table}.csv"
        data = file.read_bytes()
        if kind == "byte" and data:
            at = (row * 7919 + column) % len(data)
            file.write_bytes(data[:at] + bytes([column % 256]) + word.encode() + data[at + 1 :])
        if kind == "cut":
            file.write_bytes(data[: (row * 7919 + column) % (len(data) + 1)])
    return {"ssda903": folder / "f", "costs": costs}


def holds(edits: list[tuple[str, str, int, int, str]]) -> bool:
    """Import the mutated extract; say whether it was taken. Whatever happens, the promises are checked.

    One line for what is refused, and nothing written; otherwise rows and pounds balance and nothing that
    identifies is in any output.
    """
    folder = Path(tempfile.mkdtemp(prefix="vc-fuzz-"))
    try:
        given = write_mutated(edits, folder)
        try:
            report = import_extracts(folder / "out", key=folder / "keys" / "k.key", **given)
        except InputError as error:
            said = str(error)
            assert "\n" not in said
            assert not any(canary in said for canary in CANARIES), said
            assert not (folder / "out").exists()
            return False
        _check(report)
        return True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(report) -> None:
    for line in report.balance:
        assert line["rows_in"] == line["kept"] + line["dropped"] + line["quarantined"] + line["not_used"], (
            line
        )
    money = report.money
    parts = (
        round(100 * money.pounds_kept) + round(100 * money.pounds_aside) + round(100 * money.pounds_repeated)
    )
    assert round(100 * money.pounds_in) == parts
    said = ["\n".join(report.lines()), json.dumps(report.rules)]
    for file in report.path.rglob("*"):
        if file.suffix == ".parquet":
            said.append(pd.read_parquet(file).to_csv())
        elif file.is_file():
            said.append(file.read_text(encoding="utf-8"))
    for text in said:
        assert not any(canary in text for canary in CANARIES)
