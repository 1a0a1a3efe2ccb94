"""Back-tests: the sample returns beside the project, counted again by plain Python.

The count here uses the csv module and dates alone, none of our code. It is written from the published
repair rules, child by child:

* of two versions of an episode (same child and first day) the one in the later return holds;
* an episode without an end, in a return that is not the last, that equals its neighbour in all but the first
  day is a repetition;
* otherwise such an episode ends when the next begins; if there is none, or the child then enters care anew,
  it ends after the 31 March of its return, on which the return says the child was in care;
* no episode runs on beyond the first day of the next; one that ends with X1 runs on to it.

A child is in care on a day if an episode has begun by then, has not ended by then, and is no short break
(V3, V4). Without the repairs the plain count (latest version of each episode) is higher: it counts a child
whose short-break episode begins before the episode before it is ended, and it counts on for ever the children
who were left open in a return and never returned again. The last test says exactly that.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections import defaultdict
from itertools import pairwise

import pandas as pd
import pytest

from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.report import PARTS

pytestmark = pytest.mark.shared
_SAME = ("RNE", "LS", "PLACE", "PLACE_PROVIDER", "PL_POST", "URN")
_MARCHES = [dt.date(year, 3, 31) for year in range(2018, 2023)]


def _day(text: str) -> dt.date | None:
    return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None


def _episodes(file) -> dict[str, list[dict]]:
    """Latest version of every episode of each child; the folder is named after the 1 April of its year."""
    versions: dict[tuple[str, dt.date], dict] = {}
    with zipfile.ZipFile(file) as archive:
        for name in sorted(n for n in archive.namelist() if n.endswith("episodes.csv")):
            year = int(name.split("/")[0]) + 1
            for row in csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))):
                begun = _day(row["DECOM"])
                versions[row["CHILD"], begun] = {**row, "begin": begun, "end": _day(row["DEC"]), "year": year}
    by_child = defaultdict(list)
    for (child, _), row in sorted(versions.items(), key=lambda item: (item[0][0], item[0][1])):
        by_child[child].append(row)
    return by_child


def _repair(rows: list[dict], last: int) -> list[dict]:
    def repeats(i: int) -> bool:
        if rows[i]["end"] or rows[i]["year"] == last:
            return False
        beside = [rows[j] for j in (i - 1, i + 1) if 0 <= j < len(rows)]
        return any(all(rows[i][c] == other[c] for c in _SAME) for other in beside)

    kept = [row for i, row in enumerate(rows) if not repeats(i)]
    for i, row in enumerate(kept):
        after = kept[i + 1] if i + 1 < len(kept) else None
        if row["end"] is None and row["year"] < last:
            april = dt.date(row["year"], 4, 1)
            if after is None:
                row["end"] = april
            elif after["RNE"] == "S":
                row["end"] = min(april, after["begin"])
            else:
                row["end"] = after["begin"]
        if after and (row["end"] is None or row["end"] > after["begin"] or row["REC"] == "X1"):
            row["end"] = after["begin"]
    return kept


def _in_care(by_child: dict[str, list[dict]], day: dt.date) -> set[str]:
    return {
        child
        for child, rows in by_child.items()
        for row in rows
        if row["begin"] <= day and (row["end"] is None or row["end"] > day) and row["LS"] not in ("V3", "V4")
    }


@pytest.fixture(scope="module")
def sample(shared):
    return shared / "ssda903" / "returns_2017_2021.zip"


@pytest.fixture(scope="module")
def imported(sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    return import_extracts(folder / "council", ssda903=sample, key=folder / "sample.key")


def test_children_in_care_at_each_31_march_agree_with_a_plain_count(sample, imported):
    council = open_council(imported.path)
    by_child = {child: _repair(rows, last=2022) for child, rows in _episodes(sample).items()}
    ours = [len(council.snapshot(day.isoformat())) for day in _MARCHES]
    assert ours == [len(_in_care(by_child, day)) for day in _MARCHES]


def test_the_plain_count_without_repairs_differs_only_where_a_repair_says_why(sample):
    raw = _episodes(sample)
    mended = {child: _repair([dict(row) for row in rows], last=2022) for child, rows in raw.items()}
    overlapping = {
        child
        for child, rows in raw.items()
        for row, after in pairwise(rows)
        if row["end"] and row["end"] > after["begin"]
    }
    stale = {child for child, rows in raw.items() if rows[-1]["end"] is None and rows[-1]["year"] < 2022}
    repeated = {child for child, rows in raw.items() if len(mended[child]) < len(rows)}
    for day in _MARCHES:
        plain, repaired = _in_care(raw, day), _in_care(mended, day)
        assert repaired <= plain
        assert plain - repaired <= overlapping | stale | repeated


def test_every_row_of_the_sample_is_accounted_for(sample, imported):
    log = pd.read_csv(imported.path / "import" / "log.csv", keep_default_na=False)
    kept = {"header": "children", "episodes": "placements"}
    with zipfile.ZipFile(sample) as archive:
        for name, table in kept.items():
            files = [n for n in archive.namelist() if n.endswith(f"{name}.csv")]
            rows = sum(len(archive.read(n).decode("utf-8-sig").splitlines()) - 1 for n in files)
            gone = log.loc[(log["table"] == name) & log["action"].isin(["dropped", "quarantined"])]
            assert rows == len(gone) + len(pd.read_parquet(imported.path / f"{table}.parquet"))
    report = json.loads((imported.path / "import" / "report.json").read_text())
    for line in report["balance"]:
        assert line["rows_in"] == sum(line[part] for part in PARTS)


def test_nothing_that_identifies_a_child_of_the_sample_is_written(sample, imported):
    """Identifiers have six digits, which also occur by chance in hashes: they are searched for as cells."""
    tokens, cells = set(), set()
    with zipfile.ZipFile(sample) as archive:
        for name in archive.namelist():
            if name.endswith(("header.csv", "episodes.csv")):
                for row in csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))):
                    cells.add(row["CHILD"])
                    tokens |= {row.get(c) or "" for c in ("UPN", "HOME_POST", "PL_POST")}
                    cells.add(row.get("URN") or "")
    tokens, cells = {t for t in tokens if len(t) > 4}, {c for c in cells if c}
    for file in imported.path.rglob("*"):
        if file.suffix == ".parquet":
            frame = pd.read_parquet(file)
            text = frame.to_csv(index=False)
            assert not cells & set(frame.astype("str").to_numpy().ravel()), file.name
        elif file.is_file():
            text = file.read_text(encoding="utf-8")
            if file.suffix == ".csv":
                frame = pd.read_csv(file, dtype=str).drop(columns="row")
                assert not cells & set(frame.to_numpy().ravel()), file.name
        else:
            continue
        assert not [token for token in tokens if token in text], file.name


def test_the_workbook_imports_and_the_children_whose_last_episode_is_open_are_in_care(shared, tmp_path):
    book = shared / "ssda903" / "workbook_clean.xlsx"
    report = import_extracts(tmp_path / "council", ssda903=book, key=tmp_path / "k.key")
    episodes = pd.read_excel(book, sheet_name="episodes", dtype=str, keep_default_na=False)
    begun = pd.to_datetime(episodes["DECOM"], format="%d/%m/%Y")
    latest = episodes.loc[begun.groupby(episodes["CHILD"]).idxmax()]
    in_care = latest["DEC"].isin(["", "01/04/2018"]) & ~latest["LS"].isin(["V3", "V4"])
    assert report.in_care == in_care.sum()
    assert report.returns == {2018: "the return"}
