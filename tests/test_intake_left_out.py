"""Unit and functional tests: what is in the source and is no table of the return is said, or the source refused."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile

import openpyxl
import pandas as pd
import pytest
from drawn import returns, text_of, write_folder, write_zip

from vcanalysis.core.errors import InputError
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.readers.layout import LAYOUTS
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.ssda903 import read_returns
from vcanalysis.intake.readers.xml import read_xml_bytes


def unknown(read):
    return [file for rule, _, file in read.marks if rule == "unknown-table"]


def test_a_zip_beside_a_folder_is_a_return_like_it(tmp_path):
    made = returns(20)
    source = write_folder({2020: made[2020]}, tmp_path / "f")
    write_zip({2019: made[2019]}, source / "2019.zip")
    read = read_returns(source)
    assert sorted(read.years) == [2019, 2020]
    assert len(read.tables["episodes"]) == sum(len(made[year]["episodes"]) - 1 for year in made)
    assert unknown(read) == []


def test_files_of_kinds_that_are_not_read_are_named_by_kind(tmp_path):
    source = write_folder(returns(20), tmp_path / "f")
    (source / "2019" / "oc2.csv").rename(source / "2019" / "oc2.dat")
    (source / "2020" / "Joan Smith.docx").write_text("x")
    (source / "2020" / "Joan.Smith").write_text("x")
    read = read_returns(source)
    assert unknown(read) == ["2019/oc2.dat", "2020/file 1.docx", "2020/file 2"]
    assert "Joan" not in " ".join(read.notes)
    assert "2019/oc2.dat: file that is no table of the return: left out." in read.notes


def test_files_of_a_zip_that_are_not_read_are_named_too(tmp_path):
    file = write_zip(returns(20), tmp_path / "r.zip")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("2020/missing.json", "{}")
    assert unknown(read_returns(file)) == ["2020/missing.json"]


def test_archives_that_are_not_read_are_refused(tmp_path):
    source = write_folder(returns(20), tmp_path / "f")
    (source / "2019" / "oc2.csv.gz").write_bytes(gzip.compress(b"CHILD\n"))
    with pytest.raises(InputError, match=r"2019/oc\.gz is packed in a way that is not read; unpack it"):
        read_returns(source)
    (source / "2019" / "oc2.csv.gz").unlink()
    with zipfile.ZipFile(source / "a.zip", "w") as archive:
        archive.writestr("b.zip", b"")
    with pytest.raises(InputError, match="a zip within a zip; unpack it"):
        read_returns(source)


def test_a_folder_of_nothing_that_is_read_is_refused(tmp_path):
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(InputError, match="holds no CSV file and no workbook"):
        list(read_source(tmp_path, known={"CHILD"}))


HEADER = "<HEADER><CHILDID>7</CHILDID><ETHNIC>WBRI</ETHNIC><UPN>U1</UPN>{}</HEADER>"


@pytest.mark.parametrize(
    ("group", "rows"),
    [
        ("<CONTACT><NAME>Joan</NAME><PHONE>1</PHONE></CONTACT>", 1),
        ("<CONTACT><UPN>U2</UPN></CONTACT>" * 2, 2),
        ("<EXTRA><CHILDID>7</CHILDID><DOB>x</DOB><A>1</A><B>1</B><REVIEW>x</REVIEW></EXTRA>", 1),
    ],
    ids=["nothing in common", "a column of the header alone", "one column of many"],
)
def test_a_group_of_no_table_replaces_no_header_and_is_marked(group, rows):
    text = f"<EXPSSDA903><CHILD>{HEADER.format(group)}</CHILD></EXPSSDA903>"
    header, other = read_xml_bytes(text.encode(), source="r.xml", group="")
    assert header.frame[["CHILD", "ETHNIC", "UPN"]].values.tolist() == [["7", "WBRI", "U1"]]
    assert (other.source, other.marks, len(other.frame)) == (
        "r.xml, group 1" if "EXTRA" in group else "r.xml, group CONTACT",
        ("unknown-table",),
        rows,
    )


def test_a_group_of_another_name_is_told_by_its_columns():
    group = "<TALK><REVIEW>01/02/2020</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></TALK>"
    text = f"<EXPSSDA903><CHILD>{HEADER.format(group)}</CHILD></EXPSSDA903>"
    assert [t.kind for t in read_xml_bytes(text.encode(), source="r.xml", group="")] == ["reviews", "header"]


def test_what_stands_outside_child_or_group_is_marked():
    text = f"<A><CHILD>{HEADER.format('')}<NOTES>Joan</NOTES></CHILD><EPISODE><DECOM>x</DECOM></EPISODE></A>"
    tables = read_xml_bytes(text.encode(), source="r.xml", group="")
    assert [t.marks for t in tables] == [(), ("unknown-table",), ("unknown-table",)]


def fields(text):
    """Read a return of one child with these fields beside those of its header; give the extra ones."""
    text = f"<EXPSSDA903><CHILD>{HEADER.format(text)}</CHILD></EXPSSDA903>"
    frame = read_xml_bytes(text.encode(), source="r.xml", group="")[0].frame
    return {name: frame[name].iloc[0] for name in frame if name not in (*LAYOUTS["header"].columns, "_row")}


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("<SIBLING>3</SIBLING><TEAM/>", {"SIBLING": "3"}),
        ("<UPN>U2</UPN><UPN>U1</UPN>", {"UPN 2": "U2"}),
        ("<MOTHER type='x'>1</MOTHER>", {"MOTHER TYPE": "x"}),
        ("<UASC>1</UASC><DUC>01/01/2030</DUC>", {}),
    ],
    ids=["a field of theirs", "a field twice", "an attribute", "fields that are read elsewhere"],
)
def test_fields_of_a_known_group_are_never_lost(text, extra):
    assert fields(text) == extra


def test_fields_of_xml_that_are_left_out_are_counted_and_the_known_ones_named(tmp_path):
    child = "<CHILD><HEADER><CHILDID>{}</CHILDID><SEX>1</SEX><DOB>2010-02-01</DOB><TEAM>T</TEAM></HEADER>{}</CHILD>"
    episode = (
        "<EPISODE><DECOM>2019-05-01</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><ZEBEDEE>x</ZEBEDEE>"
        "<COST>1</COST></EPISODE>"
    )
    text = "".join(child.format(f"QX{k}", episode) for k in range(20))
    (tmp_path / "r.xml").write_text(f"<EXPSSDA903>{text}</EXPSSDA903>", encoding="utf-8")
    report = import_extracts(tmp_path / "out", ssda903=tmp_path / "r.xml", key=tmp_path / "k" / "k.key")
    assert report.rules["extra-column"] == 2
    said = [note for note in report.notes if "does not have" in note]
    assert said == [
        "returns.xml, header: column, or field of XML, that the layout does not have: left out (1: TEAM).",
        "returns.xml, episodes: column, or field of XML, that the layout does not have: left out (2: COST and 1 other, "
        "whose name is not shown).",
    ]


PRICES = [
    ["child_id", "from", "gbp_week", "", ""],
    *([f"QX{k:05d}", "01/06/2018", "700", "x", ""] for k in range(9)),
]


def test_columns_without_a_title_are_said_in_text_and_in_a_sheet(tmp_path):
    source = write_folder(returns(20), tmp_path / "f")
    (tmp_path / "c.csv").write_text(text_of(PRICES), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in PRICES:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "c.xlsx")
    for kind in ("csv", "xlsx"):
        report = import_extracts(
            tmp_path / kind, ssda903=source, costs=tmp_path / f"c.{kind}", key=tmp_path / "k" / "k.key"
        )
        assert f"costs.{kind}" in "".join(note for note in report.notes if "no title: left out (1)." in note)
        assert report.rules["no-title"] == 1
    assert "1 of its columns hold values below no title" in draft_mapping(tmp_path / "c.csv")


def test_a_column_of_the_return_without_a_title_is_said(tmp_path):
    made = returns(20)
    for row in made[2020]["oc2"]:
        row.append("")
    made[2020]["oc2"][5][-1] = "see notes"
    read = read_returns(write_folder(made, tmp_path / "f"))
    assert ("no-title", "oc2", "2020/oc2.csv") in read.marks
    assert "2020/oc2.csv: column with values and no title: left out (1)." in read.notes


def test_empty_columns_without_a_title_are_nothing(tmp_path):
    made = returns(20)
    for row in made[2020]["oc2"]:
        row.append("")
    assert "no-title" not in {rule for rule, _, _ in read_returns(write_folder(made, tmp_path / "f")).marks}


def test_columns_beside_the_return_that_are_not_used_are_counted(tmp_path):
    source = write_folder(returns(20), tmp_path / "f")
    rows = [[*row[:3], "K2", "x"] for row in PRICES]
    rows[0] = ["child_id", "from", "gbp_week", "Service", "Joan Smith"]
    (tmp_path / "c.csv").write_text(text_of(rows), encoding="utf-8")
    report = import_extracts(
        tmp_path / "out", ssda903=source, costs=tmp_path / "c.csv", key=tmp_path / "k" / "k.key"
    )
    assert "(2: Service and 1 other, whose name is not shown)." in "".join(report.notes)


def database(file, *, close):
    base = sqlite3.connect(file)
    base.execute("PRAGMA journal_mode=WAL")
    for name, rows in returns(20, years=(2019,))[2019].items():
        pd.DataFrame(rows[1:], columns=rows[0]).to_sql(name, base, index=False)
    base.commit()
    if close:
        base.close()
    return base


def test_a_database_with_changes_beside_it_is_refused_until_it_is_closed(tmp_path):
    base = database(tmp_path / "r.db", close=False)
    with pytest.raises(InputError, match="changes lie beside it in a file that ends in -wal"):
        read_returns(tmp_path / "r.db")
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        for file in (tmp_path / "r.db", tmp_path / "r.db-wal"):
            archive.write(file, file.name)
    with pytest.raises(InputError, match="changes lie beside it"):
        read_returns(tmp_path / "r.zip")
    base.close()
    assert len(read_returns(tmp_path / "r.db").tables["header"]) == 20
