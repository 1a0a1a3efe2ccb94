"""Unit and property tests: one return as XML, SQLite and a misspelt workbook; what is refused before parsing."""

from __future__ import annotations

import sqlite3
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts


def _element(name, head, row):
    inside = "".join(f"<{tag}>{escape(cell)}</{tag}>" for tag, cell in zip(head, row, strict=True) if cell)
    return f"<{name}>{inside}</{name}>"


def as_xml(tables):
    """Write a return as XML: HEADER with its groups, then EPISODE with PL for PLACE."""
    head, *children = tables["header"]
    parts = []
    for row in children:
        own = {name: [r for r in rows[1:] if r[0] == row[0]] for name, rows in tables.items()}
        groups = "".join(_element("AREVIEW", ["REVIEW", "REVIEW_CODE"], r[2:]) for r in own["reviews"])
        groups += "".join(_element("OC2", tables["oc2"][0][2:], r[2:]) for r in own["oc2"])
        groups += "".join(_element("AMISSING", tables["missing"][0][2:], r[2:]) for r in own["missing"])
        groups += "".join(f"<UASC>1</UASC><DUC>{r[3]}</DUC>" for r in own["uasc"])
        header = _element("HEADER", ["CHILDID", *head[1:]], row).replace("</HEADER>", f"{groups}</HEADER>")
        names = ["PL" if name == "PLACE" else name for name in tables["episodes"][0][1:]]
        parts.append(header + "".join(_element("EPISODE", names, r[1:]) for r in own["episodes"]))
    return "<EXPSSDA903>" + "".join(f"<CHILD>{part}</CHILD>" for part in parts) + "</EXPSSDA903>"


@pytest.fixture
def made():
    return returns(years=(2019,))


@pytest.fixture
def from_csv(made, tmp_path):
    return import_extracts(
        tmp_path / "csv", ssda903=write_folder(made, tmp_path / "f"), key=tmp_path / "k" / "k.key"
    )


def same(one, other):
    for name in ("children", "placements", "outcomes"):
        frames = [pd.read_parquet(report.path / f"{name}.parquet") for report in (one, other)]
        pd.testing.assert_frame_equal(*frames)


def test_xml_gives_the_same_council_as_csv(made, from_csv, tmp_path):
    (tmp_path / "return.xml").write_text(as_xml(made[2019]), encoding="utf-8")
    same(
        from_csv,
        import_extracts(tmp_path / "x", ssda903=tmp_path / "return.xml", key=tmp_path / "k" / "k.key"),
    )


def test_rows_of_an_xml_on_a_single_line_are_told_apart(made, tmp_path):
    for _ in range(2):
        made[2019]["episodes"].append(list(made[2019]["episodes"][-1]))
    (tmp_path / "return.xml").write_text(as_xml(made[2019]), encoding="utf-8")
    report = import_extracts(tmp_path / "x", ssda903=tmp_path / "return.xml", key=tmp_path / "k" / "k.key")
    assert report.rules["duplicate"] == 2


def test_sqlite_gives_the_same_council_as_csv(made, from_csv, tmp_path):
    with sqlite3.connect(tmp_path / "return.sqlite") as base:
        for name, rows in made[2019].items():
            base.execute(f"CREATE TABLE {name} ({', '.join(f'{c} TEXT' for c in rows[0])})")
            base.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows[1:])
    same(
        from_csv,
        import_extracts(tmp_path / "s", ssda903=tmp_path / "return.sqlite", key=tmp_path / "k" / "k.key"),
    )


def test_a_workbook_with_misspelt_sheets_gives_the_same_council_and_says_so(made, from_csv, tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in made[2019].items():
        sheet = book.create_sheet({"episodes": "Epsiodes", "header": "Heeader"}.get(name, name))
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "return.xlsx")
    report = import_extracts(tmp_path / "w", ssda903=tmp_path / "return.xlsx", key=tmp_path / "k" / "k.key")
    same(from_csv, report)
    assert report.rules["sheet-name"] == 2


def test_a_table_of_social_workers_is_not_taken_for_episodes(made, tmp_path):
    made[2019]["sw_episodes"] = [
        ["CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"],
        ["QX00001"] + [""] * 5,
    ]
    report = import_extracts(
        tmp_path / "o", ssda903=write_folder(made, tmp_path / "f"), key=tmp_path / "k" / "k.key"
    )
    assert report.rules["table-unused"] == 2


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><EXPSSDA903>&a;</EXPSSDA903>',
        '<!DOCTYPE x SYSTEM "file:///etc/hostname"><EXPSSDA903/>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "http://localhost/">]><EXPSSDA903><CHILD>&a;</CHILD></EXPSSDA903>',
    ],
    ids=["entity", "outside type", "outside entity"],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_xml_that_declares_anything_is_refused(tmp_path, text, coding):
    (tmp_path / "r.xml").write_bytes(text.encode(coding))
    with pytest.raises(InputError, match="declares a document type or an entity"):
        import_extracts(tmp_path / "o", ssda903=tmp_path / "r.xml", key=tmp_path / "k" / "k.key")


def test_xml_that_nests_without_end_is_refused(tmp_path):
    (tmp_path / "r.xml").write_text("<a>" * 5000, encoding="utf-8")
    with pytest.raises(InputError, match="nests elements deeper"):
        import_extracts(tmp_path / "o", ssda903=tmp_path / "r.xml", key=tmp_path / "k" / "k.key")


def test_a_file_that_is_no_sqlite_is_refused(tmp_path):
    (tmp_path / "r.db").write_bytes(b"no database" * 50)
    with pytest.raises(InputError, match="no sound SQLite file"):
        import_extracts(tmp_path / "o", ssda903=tmp_path / "r.db", key=tmp_path / "k" / "k.key")


def test_formulas_are_never_evaluated(made, tmp_path):
    made[2019]["header"][1][3] = "=1+1"
    report = import_extracts(
        tmp_path / "o", ssda903=write_folder(made, tmp_path / "f"), key=tmp_path / "k" / "k.key"
    )
    assert report.rules["unknown-value"] == 1
    assert "=1+1" not in "".join(f.read_text() for f in (report.path / "import").rglob("*.*"))


def test_a_first_row_of_data_is_not_shown(tmp_path):
    source = write_folder(returns(), tmp_path / "f")
    lines = (source / "2020" / "header.csv").read_text().splitlines()[1:]
    (source / "2020" / "header.csv").write_text("\n".join(lines))
    with pytest.raises(InputError, match="seems to be no header") as error:
        import_extracts(tmp_path / "o", ssda903=source, key=tmp_path / "k" / "k.key")
    assert "QX0" not in str(error.value)
    assert text_of([["x"]])
