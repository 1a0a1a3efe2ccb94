"""Unit tests: the lines of a text file, however they end, and the rows of a table that a person counts in it."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.readers.text import read_csv_bytes


def table(text, known=("CHILD", "DOB")):
    return read_csv_bytes(text.encode(), source="x.csv", name="x", group="", known=set(known))


PLAIN = 'CHILD,DOB\n1,"a\nb"\n2,c\n'


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_as_on_any_machine(end):
    read = table(PLAIN.replace("\n", end)).frame
    assert read["_row"].tolist() == [2, 3]
    assert [cell.split() for cell in read["DOB"]] == [["a", "b"], ["c"]]


def test_some_lines_that_end_as_on_old_macs_are_rows_like_the_others():
    assert table("Export\rCHILD,DOB\r\n1,a\r2,b\n").frame.values.tolist() == [["1", "a", 3], ["2", "b", 4]]


def test_returns_and_drafts_are_read_from_files_of_old_macs(tmp_path):
    source = write_folder(returns(60), tmp_path / "f")
    for file in source.rglob("*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))
    report = import_extracts(tmp_path / "o", ssda903=source, key=tmp_path / "k" / "k.key")
    assert report.children == 60
    (tmp_path / "c.csv").write_bytes(b"Client ID,Start date,Weekly cost\rQX00001,01/06/2018,700\r")
    assert "Weekly cost" in draft_mapping(tmp_path / "c.csv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("CHILD,DOB\n\n1,a\n\r\n2,b\n\n", [3, 5]),
        ("\n\nTitle\n\nCHILD,DOB\n1,a\n\n2,b", [6, 8]),
        ('CHILD,DOB\n1,"a\n\nb"\n\n2,b\n', [2, 4]),
        ('"CHILD\n","DO\nB"\n\n1,a\n2,b\n', [3, 4]),
        ("CHILD\n\n1\n2\n", [3, 4]),
    ],
    ids=["between", "above", "inside a cell", "below a header of two lines", "one column"],
)
def test_a_blank_line_is_no_row_of_the_table_but_one_of_the_file(text, rows):
    read = table(text)
    assert read.frame["_row"].tolist() == rows
    assert read.broken == ()


def test_a_row_of_empty_cells_is_a_blank_line():
    assert table("CHILD,DOB\n1,a\n\n,\n2,b\n").frame.values.tolist() == [["1", "a", 2], ["2", "b", 5]]


def test_a_broken_row_below_blank_lines_is_named_by_its_place_in_the_file():
    read = table("Title\n\nCHILD,DOB\n\n1,a\n\n2\n\n3,c\n")
    assert (read.frame["_row"].tolist(), read.broken) == ([5, 9], (7,))


def test_a_header_whose_cells_run_over_lines_is_read():
    text = 'Payments\n"Child\nID","Weekly\r\ncost (£)",Notes\n1,700,"one\ntwo"\n2,800,\n'
    read = table(text.replace("\r\n", "\n"), known=("CHILDID",))
    assert read.frame.columns.tolist() == ["Child ID", "Weekly cost (£)", "Notes", "_row"]
    assert read.frame["_row"].tolist() == [3, 4]


@pytest.mark.parametrize("sign", ["\x0c", "\x0b", "\x85", "\u2028", "\x1c"])
def test_a_sign_that_ends_no_line_is_none_in_a_title(sign):
    read = table(f"Payments{sign}report\nCHILD,DOB\n1,a\n")
    assert read.frame.values.tolist() == [["1", "a", 3]]


def test_a_quote_that_never_closes_is_found_by_its_line():
    with pytest.raises(InputError, match="line 3: a quote that opens in or after this line never closes"):
        table('Pay\u2028ments\nCHILD,DOB\n1,"a\n2,b\n')


def test_the_log_names_the_row_that_a_person_sees(tmp_path):
    source = write_folder(returns(60), tmp_path / "f")
    rows = [f"QX{k:05d},01/06/2018,,700" for k in range(1, 41)]
    rows[10:10] = ["", ""]
    text = "\n".join(["child_id,from,to,gbp_week", *rows, "QX00041,soon,,700"])
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    report = import_extracts(
        tmp_path / "o", ssda903=source, costs=tmp_path / "c.csv", key=tmp_path / "k" / "k.key"
    )
    log = pd.read_csv(report.path / "import" / "log.csv")
    assert log.loc[log["rule"].eq("not-a-date"), "row"].tolist() == [1 + 40 + 2 + 1]


def test_blanks_that_do_not_break_are_blanks_around_a_cell():
    assert table("CHILD\u00a0,DOB\n1\u00a0,a\n2,\u00a0b\u00a0\n").frame.values.tolist() == [
        ["1", "a", 2],
        ["2", "b", 3],
    ]
