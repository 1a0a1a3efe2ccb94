"""Mutations of a valid extract: what fuzzing does to it, in every format, and what must hold whatever was done."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pyarrow.parquet as pq
from drawn import returns, text_of
from hypothesis import strategies as st

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.intake.checking import check_council
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.report import PARTS

Tables = dict[str, list[list[str]]]

CHILDREN = 24
CANARIES = ("QX000", "UPN0000", " 9QQ", " 8PP", " 7OO", "Zebedee")
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
            "0.5",
            "60",
            "inf",
            "nan",
            "1e309",
            "9" * 20,
        ),
        *(
            "£5,600.50",
            "(350.00)",
            "9000 CR",
            "£1,200 pcm",
            "200 - pw",
            "200000",
            "-20.5",
            "Weekly",
            "Annual",
            "Medium",
            "u1 ",
            "X9",
            "T1",
            "V4",
            "K2",
            "UN1",
        ),
        *(
            "31/04/2019",
            "43800",
            "2019-05-01",
            "2019-25-07",
            "01/01/1900",
            "31/12/9999",
            "31/12/2099",
            "03/04/19",
            "01/05/2019",
        ),
        *("'", '"', ",", "\n", "\x00", "é", "=1+1", "３", "QX00003", "ZZ99 9ZZ", "Zebedee"),
    ]
)
_PLACES = st.integers(0, 10_000)
_KINDS = st.sampled_from(
    [
        "cell",
        "cell",
        "cell",
        "repeat",
        "drop row",
        "drop field",
        "add field",
        "column",
        "swap",
        "head",
        "byte",
        "cut",
    ]
)
_BESIDE = ("costs", "needs", "outcomes", "stepdown")
_TABLES = st.sampled_from(["header", "episodes", "episodes", "oc2", "missing", "costs", *_BESIDE])
EDITS = st.lists(st.tuples(_KINDS, _TABLES, _PLACES, _PLACES, _WORDS), min_size=1, max_size=4)
Edit = tuple[str, str, int, int, str]


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
    elif kind == "head" and rows[0]:
        rows[0][column % len(rows[0])] = word
    elif kind == "swap":
        other = column % len(rows)
        rows[at], rows[other] = rows[other], rows[at]


def _prices(form: str) -> Tables:
    children = [f"QX{k:05d}" for k in range(CHILDREN)]
    if form == "finance":
        head = ["Client ID", "Name", "Start date", "End date", "Amount", "Frequency", "Care pays", "ICB pays"]
        ours = ["01/06/2018", "31/12/2019", "1,740.50", "Monthly", "1,240.25", "£500.25"]
        return {"costs": [head, *([c, "Zebedee", *ours] for c in children)]}
    if form == "placements-northwest":
        payers = [f"Contribution from {payer}" for payer in ("Social Care", "Education", "Health")]
        head = [
            "Identifier",
            "Looked after child?",
            "Placement start date",
            "Total weekly cost",
            *payers,
            "price_year",
        ]
        return {
            "costs": [
                head,
                *([c, "Yes", "01/06/2018", "£1,000", "600", "300", "100", "2019-20"] for c in children),
                *([c, "No", "01/06/2018", "£900.10", "900.10", "", "", "2019-20"] for c in children[::9]),
            ]
        }
    ends = {"1": "", "5": ""}
    rows = [
        [c, "01/06/2018", ends.get(c[-1], "01/03/2020"), "401.50", "20.50", "0.75", "0.25", "Home"]
        for c in children
    ]
    rows += [[c, "01/07/2019", "01/08/2019", "-40.15", "-2.05", "0", "1", "Home"] for c in children[:3]]
    late = [
        c for c in children if c[-1] in ends
    ]  # beside an open price: a credit and a line, beyond the data
    rows += [[c, "01/09/2019", "31/07/2020", "-40.15", "-2.05", "", "", "Home"] for c in late]
    rows += [[c, "01/10/2019", "30/06/2020", "140", "", "", "", "School"] for c in late[::2]]
    head = ["child_id", "from", "to", "gbp_week", "support_gbp_week", "care_share", "health_share", "line"]
    return {"costs": [head, *rows]}


def _ratings(form: str) -> Tables:
    if form == "words":
        head = ["Child ID", "Date", "Worker", "domain", "level"]
        rows = [
            [f"QX{k:05d}", "01/12/2018", "Zebedee", "education_learning", "Medium"] for k in range(CHILDREN)
        ]
    else:
        head = ["child_id", "date", "domain", "level"]
        rows = [[f"QX{k:05d}", "01/12/2018", "education_learning", str(k % 4)] for k in range(CHILDREN)]
    return {"needs": [head, *rows]}


def _plans() -> Tables:
    children = [f"QX{k:05d}" for k in range(CHILDREN)]
    said = ["child_id", "date", "measure", "value", "rater"]
    moves = ["child_id", "profiled", "offer", "match", "move", "decision", "reason"]
    days = ["01/12/2018", "01/02/2019", "01/03/2019", "01/06/2019"]
    return {
        "outcomes": [said, *([c, "01/12/2018", "sdq_total", "15", "carer"] for c in children)],
        "stepdown": [moves, *([c, *days, "search", "breakdown"] for c in children)],
    }


def _folder(made: dict[int, Tables], place: Path) -> Path:
    for year, tables in made.items():
        (place / str(year)).mkdir(parents=True)
        for name, rows in tables.items():
            (place / str(year) / f"{name}.csv").write_bytes(text_of(rows).encode("utf-8"))
    return place


def _zip(made: dict[int, Tables], place: Path) -> Path:
    with zipfile.ZipFile(place.with_suffix(".zip"), "w") as archive:
        for year, tables in made.items():
            for name, rows in tables.items():
                archive.writestr(f"{year}/{name}.csv", text_of(rows).encode("utf-8"))
    return place.with_suffix(".zip")


def _stacked(made: dict[int, Tables], place: Path) -> Path:
    """One file per table for all years, with columns LA and YEAR."""
    place.mkdir()
    for name in made[2020]:
        parts = [
            [
                [*row, "LA", "YEAR"] if at == 0 else [*row, "Anyshire", str(year)]
                for at, row in enumerate(tables[name])
            ]
            for year, tables in made.items()
        ]
        rows = [*parts[0], *(row for part in parts[1:] for row in part[1:])]
        (place / f"{name}.csv").write_bytes(text_of(rows).encode("utf-8"))
    return place


def _book(made: dict[int, Tables], place: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in made[2020].items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([value.replace("\x00", "") for value in row])
    book.save(place.with_suffix(".xlsx"))
    return place.with_suffix(".xlsx")


def _sqlite(made: dict[int, Tables], place: Path) -> Path:
    with contextlib.closing(sqlite3.connect(place.with_suffix(".sqlite"))) as base:
        for name, rows in made[2020].items():
            head = [
                f'"{column.replace(chr(34), "")}_{at}"'
                if rows[0].count(column) > 1
                else f'"{column.replace(chr(34), "")}"'
                for at, column in enumerate(rows[0])
            ]
            with contextlib.suppress(sqlite3.Error, ValueError):
                base.execute(f"CREATE TABLE {name} ({', '.join(c + ' TEXT' for c in head)})")
                full = [[*row, *[""] * len(head)][: len(head)] for row in rows[1:]]
                base.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(head))})", full)
        base.commit()
    return place.with_suffix(".sqlite")


def _element(tag: str, head: list[str], row: list[str]) -> str:
    pairs = zip(head, row, strict=False)
    return (
        f"<{tag}>"
        + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in pairs if v and k.replace("_", "").isalnum())
        + f"</{tag}>"
    )


def as_xml(tables: Tables) -> str:
    """Write one return as XML: HEADER with its groups, then EPISODE with PL for PLACE."""
    head, *children = tables["header"]
    groups = {tag: tables[t] for tag, t in (("OC2", "oc2"), ("AMISSING", "missing")) if t in tables}
    names = ["PL" if name == "PLACE" else name for name in tables["episodes"][0][1:]]
    out = []
    for child in children:
        header = _element("HEADER", ["CHILDID", *head[1:]], child).removesuffix("</HEADER>")
        for tag, (columns, *rows) in groups.items():
            header += "".join(_element(tag, columns[2:], row[2:]) for row in rows if row[:1] == child[:1])
        placed = [_element("EPISODE", names, r[1:]) for r in tables["episodes"][1:] if r[:1] == child[:1]]
        out.append(f"<CHILD>{header}</HEADER>{''.join(placed)}</CHILD>")
    return f"<EXPSSDA903>{''.join(out)}</EXPSSDA903>"


def _xml(made: dict[int, Tables], place: Path) -> Path:
    place.with_suffix(".xml").write_text(as_xml(made[2020]), encoding="utf-8")
    return place.with_suffix(".xml")


FORMATS = {
    "folder": _folder,
    "zip": _zip,
    "stacked": _stacked,
    "workbook": _book,
    "sqlite": _sqlite,
    "xml": _xml,
}
_FORMS = {
    "folder": ("plain", "plain"),
    "zip": ("finance", "plain"),
    "stacked": ("plain", "words"),
    "workbook": ("placements-northwest", "plain"),
    "sqlite": ("finance", "plain"),
    "xml": ("plain", "words"),
}
BASE = returns(CHILDREN)


def write_mutated(edits: list[Edit], form: str, folder: Path) -> dict[str, object]:
    """Write the extract of two dozen children in one format, with the edits done to it.

    Tables that no edit touches are given in one case of four, the return of the year before in one of two: to read
    them took most of the time.
    """
    made = {
        year: {name: [list(row) for row in rows] for name, rows in tables.items()}
        for year, tables in BASE.items()
    }
    touched = {table for _, table, *_ in edits}
    _, _, row, column, _ = edits[0]
    for tables in made.values():
        for unneeded in ("uasc", "reviews", *(() if column % 4 == 1 else {"oc2", "missing"} - touched)):
            del tables[unneeded]
    if column % 2:
        del made[2019]
    fees, scales = _FORMS[form]
    beside = {**_prices(fees), **_ratings(scales), **_plans()}
    tables = {**made[2020], **beside}
    for kind, table, row, column, word in edits:
        _edit(tables[table], kind, row, column, word)
    given: dict[str, object] = {"ssda903": FORMATS[form](made, folder / "f")}
    if row % 4 == 1:
        touched.add("costs")  # or edits of the return would never meet prices
    for name in _BESIDE:
        if name in touched:
            (folder / f"{name}.csv").write_bytes(text_of(beside[name]).encode("utf-8"))
            given[name] = folder / f"{name}.csv"
    named = next(
        (n for n, table in ((fees, "costs"), (scales, "needs")) if n != "plain" and table in given), None
    )
    for edit in edits:
        _spoil(edit, folder)
    return {**given, "mapping": _by_payer(folder) if named == "finance" else named}


def _by_payer(folder: Path) -> Path:
    """Write the mapping of a finance extract that says in pounds of the same period what each payer pays."""
    plain = data_file("mappings").joinpath("finance.toml").read_text(encoding="utf-8")
    own = '[costs]\nshares_as = "pounds"\ncare_share = "Care pays"\nhealth_share = "ICB pays"\n'
    (folder / "finance.toml").write_text(plain.replace("[costs]\n", own, 1), encoding="utf-8")
    return folder / "finance.toml"


def _spoil(edit: Edit, folder: Path) -> None:
    """Change or cut bytes of a file."""
    kind, table, row, column, word = edit
    if kind not in ("byte", "cut"):
        return
    files = [f for f in sorted(folder.rglob("*")) if f.is_file()]
    own = [f for f in files if f.stem == table]
    file = (own or files)[-1]
    data = file.read_bytes()
    at = (row * 7919 + column) % (len(data) + 1)
    file.write_bytes(
        data[:at] if kind == "cut" else data[:at] + bytes([column % 256]) + word.encode() + data[at + 1 :]
    )


def holds(edits: list[Edit], form: str) -> bool:
    """Import the mutated extract; say whether it was taken. Whatever happens, the promises are checked.

    One line for what is refused, and nothing written; otherwise rows and pounds balance. Nothing that
    identifies is in any output. One council in eight is opened and checked too, which takes as long as to
    import it.
    """
    folder = Path(tempfile.mkdtemp(prefix="vc-fuzz-"))
    heard = io.StringIO()
    try:
        given = write_mutated(edits, form, folder)
        try:
            with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
                report = import_extracts(folder / "out", key=folder / "keys" / "k.key", **given)  # type: ignore[arg-type]
        except InputError as error:
            said = str(error)
            assert "\n" not in said
            _unseen([said, heard.getvalue()])
            assert not (folder / "out").exists()
            return False
        if sum(row for _, _, row, _, _ in edits) % 8 == 0:
            check_council(open_council(report.path))  # what was taken can be opened
        _check(report, heard.getvalue())
        return True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unseen(texts: list[str]) -> None:
    for text in texts:
        for canary in CANARIES:
            assert canary not in text, f"{canary} in {text[:300]}"


def _check(report, heard: str) -> None:
    for line in report.balance:
        assert line["rows_in"] == sum(line[part] for part in PARTS), line
    if report.money is not None:
        assert abs(report.money.pounds_lost) < 0.02, report.money
    said = ["\n".join(report.lines()), json.dumps(report.rules), heard]
    for file in report.path.rglob("*"):
        said.append(str(file.relative_to(report.path)))
        if file.suffix == ".parquet":
            said.append(str(pq.read_table(file).to_pydict()))
        elif file.is_file():
            said.append(file.read_text(encoding="utf-8"))
    _unseen(said)
