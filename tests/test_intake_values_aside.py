"""Unit tests: a value that cannot be read is set aside with its row's number; a column lost stops the import."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts

WORDS = "Mary Smith said yes"
HEADS = {
    "stepdown": ["child_id", "profiled", "decision", "reason"],
    "outcomes": ["child_id", "date", "measure", "value", "rater"],
}
PLAIN = {
    "stepdown": ["01/12/2018", "search", "breakdown"],
    "outcomes": ["01/12/2018", "sdq_total", "15", "carer"],
}


def bring_in(folder, table, column, odd):
    """Give 60 rows of a table, the first `odd` of which hold free text in a column of codes."""
    plain = dict(zip(HEADS[table][1:], PLAIN[table], strict=True))
    rows = [[f"QX{k:05d}", *(plain | ({column: WORDS} if k < odd else {})).values()] for k in range(60)]
    (folder / "t.csv").write_text(text_of([HEADS[table], *rows]))
    source = write_folder(returns(60), folder / "f")
    return import_extracts(
        folder / "out", ssda903=source, key=folder / "k" / "k.key", **{table: folder / "t.csv"}
    )


@pytest.mark.parametrize(
    ("table", "column"), [("stepdown", "decision"), ("stepdown", "reason"), ("outcomes", "rater")]
)
def test_a_column_that_cannot_be_read_stops_the_import(tmp_path, table, column):
    with pytest.raises(
        InputError, match=rf"line 2, column {column}: .*60 of 60 values .* more than 5%"
    ) as error:
        bring_in(tmp_path, table, column, 60)
    assert "Smith" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_value_that_cannot_be_read_is_in_quarantine_and_counted_as_set_aside(tmp_path):
    report = bring_in(tmp_path, "stepdown", "decision", 3)  # 3 of 60: 5%, no more
    line = next(line for line in report.balance if line["table"] == "stepdown")
    assert (line["kept"], line["quarantined"], line["emptied"], line["changed"]) == (60, 0, 3, 0)
    aside = pd.read_csv(report.path / "import" / "quarantine" / "stepdown_values.csv")
    assert aside[["rule", "row", "column"]].values.tolist() == [
        ["code-unknown", k, "decision"] for k in (2, 3, 4)
    ]
    assert "stepdown: 60 rows read, 60 kept (0 changed, 3 with a value set aside)" in "\n".join(
        report.lines()
    )
    written = "".join(f.read_text() for f in (report.path / "import").rglob("*.*"))
    assert "Smith" not in written
    assert "QX000" not in written
    assert json.loads((report.path / "import" / "report.json").read_text())["balance"] == report.balance
    import_extracts(report.path, ssda903=tmp_path / "f", key=tmp_path / "k" / "k.key")  # knows its own files
    assert not (report.path / "import" / "quarantine").exists()


def test_values_of_a_table_that_is_not_kept_stop_nothing(tmp_path):
    made = returns(60)
    for row in made[2020]["reviews"][1:]:
        row[3] = "PN9"
    source = write_folder(made, tmp_path / "f")
    report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert report.rules["unknown-value"] == len(made[2020]["reviews"]) - 1
    aside = pd.read_csv(report.path / "import" / "quarantine" / "reviews_values.csv")
    assert len(aside) == report.rules["unknown-value"]


@pytest.mark.parametrize("odd", [1, 2])
def test_one_or_two_slips_in_a_column_that_is_seldom_filled_stop_nothing(tmp_path, odd):
    heads = ["child_id", "profiled", "decision"]
    rows = [[f"QX{k:05d}", "01/12/2018", WORDS if k < odd else ""] for k in range(60)]
    (tmp_path / "t.csv").write_text(text_of([heads, *rows]))
    report = import_extracts(
        tmp_path / "out",
        ssda903=write_folder(returns(60), tmp_path / "f"),
        key=tmp_path / "k" / "k.key",
        stepdown=tmp_path / "t.csv",
    )
    assert report.rules["code-unknown"] == odd


def test_postcodes_not_known_stop_nothing(tmp_path):
    made = returns(60)
    for row in made[2020]["episodes"][1::3]:
        row[made[2020]["episodes"][0].index("PL_POST")] = "N/K"
    source = write_folder(made, tmp_path / "f")
    report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert report.rules["bad-postcode"] == len(made[2020]["episodes"][1::3])
