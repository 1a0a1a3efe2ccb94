"""Unit and property tests: no name of a file, folder or sheet reaches a log, a message or a report as it was given."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import PurePosixPath

import openpyxl
import pytest
from drawn import returns, text_of, write_folder, write_zip
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.cli import main
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import is_litter
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.readers.names import SafeNames

NAMED = "Smith_John"
COSTS = [["child_id", "from", "gbp_week"], ["QX00001", "01/06/2018", "700"], ["QX00002", "01/06/2018", "x"]]


def written(folder):
    return "".join(file.read_text() for file in (folder / "import").rglob("*.*"))


def bring_in(place, source, **options):
    return import_extracts(place / "out", ssda903=source, key=place / "k" / "k.key", **options)


@given(st.lists(st.lists(st.text("Sm ith_2019.csv/", min_size=1).filter(str.strip), min_size=1), max_size=6))
def test_different_paths_get_different_names_without_unknown_words(paths):
    names = SafeNames()
    given = {PurePosixPath(*("n" + "".join(part).replace("/", "x") for part in parts)) for parts in paths}
    safe = [names.of(path) for path in sorted(given)]
    assert len(set(safe)) == len(given)
    assert not any("Smith" in str(path) for path in safe)


@pytest.mark.parametrize("form", ["folder", "zip", "workbook", "sqlite"])
def test_a_name_in_a_path_of_the_returns_is_never_written(tmp_path, capsys, form):
    made = returns(years=(2019,))
    made[2019]["header"].append(list(made[2019]["header"][1]))  # a row to log
    made[2019]["notes"] = [["x"], ["y"]]
    place = tmp_path / NAMED
    place.mkdir()
    titles = {"episodes": f"{NAMED} episodes", "oc2": f"oc2 {NAMED}", "notes": NAMED}
    if form == "folder":
        write_folder(made, place)
        for name in list(titles):
            (place / "2019" / f"{name}.csv").rename(place / "2019" / f"{titles[name]}.csv")
        (place / "2019").rename(place / f"{NAMED} 2019")
        source = place
    elif form == "zip":
        source = write_zip(made, place / f"{NAMED}.zip")
    elif form == "workbook":
        book = openpyxl.Workbook()
        for name, rows in made[2019].items():
            sheet = book.create_sheet(titles.get(name, name))
            for row in rows:
                sheet.append(row)
        source = place / f"{NAMED}.xlsx"
        book.save(source)
    else:
        source = place / f"{NAMED}.db"
        with sqlite3.connect(source) as base:
            for name, rows in made[2019].items():
                title = titles.get(name, name)
                base.execute(f'CREATE TABLE "{title}" ({", ".join(f"{c} TEXT" for c in rows[0])})')
                base.executemany(f'INSERT INTO "{title}" VALUES ({",".join("?" * len(rows[0]))})', rows[1:])
    report = bring_in(tmp_path, source)
    said = written(report.path) + "\n".join(report.lines()) + repr(report.returns)
    assert report.rules["duplicate"] == 1
    assert "Smith" not in said.replace(str(report.path), "")


def test_a_name_in_a_file_beside_the_return_is_never_written(tmp_path):
    source = write_folder(returns(), tmp_path / "f")
    file = tmp_path / f"{NAMED}.csv"
    file.write_text(text_of([*COSTS, *(["QX00002", f"{day:02d}/06/2018", "x"] for day in range(2, 30))]))
    with pytest.raises(Exception, match=r"costs\.csv, line 3") as error:
        bring_in(tmp_path, source, costs=file)
    assert "Smith" not in str(error.value)
    file.write_text(text_of([COSTS[0], *([f"QX{k:05d}", "01/06/2018", "700"] for k in range(59)), COSTS[2]]))
    report = bring_in(tmp_path, source, costs=file)
    log = (report.path / "import" / "log.csv").read_text()
    assert "not-a-number,costs,costs.csv,61,gbp_week,quarantined" in log
    assert "Smith" not in written(report.path)


PEOPLE = ["Mary Jones", "M1 1AE", "Smith", "O'Brien", "J.Smith"]


@pytest.mark.parametrize("table", ["costs", "needs", "outcomes"])
def test_a_name_of_a_person_or_a_postcode_above_a_column_is_counted_and_not_said(tmp_path, table):
    source = write_folder(returns(children=10, years=(2019,)), tmp_path / "f")
    file = tmp_path / "a.csv"
    file.write_text(
        text_of([["child_id", "from", *PEOPLE], ["QX00001", "01/06/2018", "5", "6", "7", "8", "9"]])
    )
    with pytest.raises(
        InputError, match="Columns found: child_id, from and 5 others, whose names are not shown"
    ):
        bring_in(tmp_path, source, **{table: file})
    draft = draft_mapping(file, table=table)
    assert not any(person in draft for person in PEOPLE)
    assert "column 3, column 4" in draft


def test_a_name_above_a_column_of_the_return_is_not_said(tmp_path):
    made = returns(children=10, years=(2019,))
    made[2019]["header"] = [["CHILD", "SEXX", *row[2:], "Mary Decom"] if k == 0 else [*row, "1"]
                            for k, row in enumerate(made[2019]["header"])]  # fmt: skip
    with pytest.raises(
        InputError, match=r"Did you mean SEXX\?.*and 1 other, whose name is not shown"
    ) as error:
        bring_in(tmp_path, write_folder(made, tmp_path / "f"))
    assert "Mary" not in str(error.value)


def test_a_name_above_two_columns_is_said_by_its_place(tmp_path):
    source = write_folder(returns(children=10, years=(2019,)), tmp_path / "f")
    (tmp_path / "a.csv").write_text("child_id,from,Mary Jones,mary jones\nQX00001,01/06/2018,5,6\n")
    with pytest.raises(InputError, match="column 3 is there twice"):
        bring_in(tmp_path, source, costs=tmp_path / "a.csv")


@pytest.mark.parametrize("option", ["--ssda903", "--needs", "--costs", "--goals", "--carers"])
@pytest.mark.parametrize("end", ["", ".csv", ".zip", ".xlsx", ".parquet", ".xls", ".pdf"])
@pytest.mark.parametrize("there", [True, False])
def test_a_name_in_a_path_that_cannot_be_read_is_not_said(tmp_path, capsys, option, end, there):
    source = write_folder(returns(children=10, years=(2019,)), tmp_path / "f")
    file = tmp_path / f"{NAMED}{end}"
    if there:
        file.write_bytes(b"PK\x03\x04 no table")
    words = ["import", str(tmp_path / "out"), "--key", str(tmp_path / "k.key"), option, str(file)]
    assert main([*words, *(["--ssda903", str(source)] if option != "--ssda903" else [])]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Smith" not in said.err
    assert said.err.count("\n") == 1


def test_what_desktops_leave_is_not_read_from_folder_or_zip(tmp_path):
    source = write_folder(returns(), tmp_path / "f")
    clean = bring_in(tmp_path, source).balance
    shutil.rmtree(tmp_path / "out")
    litter = (
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "~$header.xlsx",
        "__MACOSX/._header.csv",
        "2019/Thumbs.db",
    )
    for name in litter:
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(b"\x00litter")
    assert bring_in(tmp_path, source).balance == clean
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        for file in sorted(source.rglob("*.*")):
            if file.is_file():
                archive.write(file, file.relative_to(source).as_posix())
    assert bring_in(tmp_path, tmp_path / "r.zip").balance == clean
    assert json.loads((tmp_path / "out" / "import" / "report.json").read_text())["balance"] == clean
    assert all(is_litter(PurePosixPath(name)) for name in litter)
