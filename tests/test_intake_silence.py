"""Property tests: what the import says and writes holds no value of the data, whichever message it is."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest
from drawn import returns, write_folder
from intake_cases import CASES
from intake_cases_beyond import BEYOND

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts

INTAKE = Path(__file__).parents[1] / "vcanalysis" / "intake"
IDENTIFY = {"CHILD", "CHILDID", "DOB", "UPN", "HOME_POST", "PL_POST", "GBPWEEK", "AMOUNT", "FROM", "TO"}

_REFUSED = [case for case in (*CASES, *BEYOND) if case.kind == "STOP"]

# What a message of the readers and the cleaning may hold: places, counts, names of ours, and names of files and
# columns that were made safe before. A new one must be looked at before it is added here.
PLACES = {"source", "place", "found.source", "found[0].source", "table.source", "first['_file']", "first['file']",
          "frame['_file'].iloc[0]", "other['_file'].iloc[0]",
          "rows['_file'].iloc[0]", "wrong['_file'].iloc[0]", "safe", "called", "group",
          "seen[mark]", "source[0]", "read.years[year]", "safe_name(file.name, table)"}  # fmt: skip
ROWS = {
    "first['_row']",
    "first['row']",
    "wrong['_row'].iloc[0]",
    "row",
    "torn.running_on[0]",
    "found[0].broken[0]",
    "error.lineno",
    "cell",
    "place",
}
COUNTS = {"alike", "MAX_CELLS", "MAX_COLUMNS", "MAX_FILES", "MAX_RATIO",
          "cased", "count", "councils", "files", "given", "int(empty.sum())", "int(wrong.sum())", "len(needed)",
          "int(strange.sum())", "len(out)", "len(own)", "len(theirs)", "lost", "many", "self.rows_in[str(table)]",
          "later", "len(both)", "len(left)", "other", "seen",
          "rows", "size / 1000000.0", "MAX_BYTES / 1000000.0", "top", "year", "year + 1"}  # fmt: skip
OURS = {"FEWER", "_ONE", "draft if several else ''",
        "', '.join(frameworks())", "ACCEPTED", "at", "to_do", "why",  # the last three: see cleaning/limit
        "RULES[rule].text", "RULES[rule].detects",
        "_REFUSED.get(kind, 'of a kind that is not read')",
        "WITH_MACROS", "_REFUSED[kind]", "absent[0]", "by_columns", "by_name", "column", "kind", "name",
        "other", "ours", "side", "standard", "table", "what"}  # fmt: skip
MAPPED = {"named[name]", "theirs", "wanted"}  # the analyst's own words in the mapping
# These read published statistics of councils, where no line is about a child.
PUBLISHED = {"education_statistics.py", "joined_panel.py", "lait.py", "neighbours.py", "outturn.py"}
SHOWN = {"about", "shown or f'column {place}'"}  # through shown_columns


def _said_by(file):
    """Give what the messages of a module put in."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        if name in ("refuse", "Refused", "InputError"):
            yield from (ast.unparse(v.value) for v in ast.walk(call) if isinstance(v, ast.FormattedValue))


@pytest.mark.parametrize("layer", ["readers", "cleaning"])
def test_no_message_puts_in_anything_but_places_counts_and_names_of_ours(layer):
    allowed = PLACES | ROWS | COUNTS | OURS | MAPPED | SHOWN
    files = [file for file in (INTAKE / layer).glob("*.py") if file.name not in PUBLISHED]
    said = {(file.name, what) for file in files for what in _said_by(file)}
    assert {what for _, what in said} - allowed == set()


def _values(folder):
    """Give the cells of a case's files that identify a child or are an amount or a day of one."""
    found = set()
    for file in folder.rglob("*.csv"):
        try:
            rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
        except (UnicodeDecodeError, csv.Error):
            continue
        wanted = (
            [
                i
                for i, n in enumerate(rows[0])
                if re.sub("[^A-Z_]", "", n.upper().replace("_", "")) in IDENTIFY
            ]
            if rows
            else []
        )
        found |= {row[i].strip() for row in rows[1:] for i in wanted if i < len(row)}
    return {value for value in found if len(value) > 4} - {"1.2E+05"}  # the example that its message gives


@pytest.mark.parametrize("case", _REFUSED, ids=lambda case: case.number)
def test_no_refusal_holds_a_value_of_the_data(case, tmp_path, capsys):
    given = case.draw(tmp_path)
    values = _values(tmp_path)
    if given.get("mapping"):
        text = given["mapping"].read_text()
        given["mapping"] = given["mapping"] if "=" in text else text
    with pytest.raises(InputError) as refused:
        import_extracts(tmp_path / "out", key=tmp_path / "k" / "k.key", **given)
    said = str(refused.value).replace(str(tmp_path), "") + capsys.readouterr().out
    words = set(re.split(r"[\s,;()]+", said))
    assert not {v for v in values if v in words or (" " in v and v in said)}


def test_what_stands_in_the_column_of_years_is_not_said(tmp_path):
    made = returns(20)
    for rows in made[2020].values():
        rows[0].append("YEAR")
        for row in rows[1:]:
            row.append("2020")
    made[2020]["episodes"][3][-1] = "Zebedee"
    source = write_folder({2020: made[2020]}, tmp_path / "f")
    with pytest.raises(InputError, match="line 4, column YEAR: no year") as refused:
        import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert "Zebedee" not in str(refused.value)
