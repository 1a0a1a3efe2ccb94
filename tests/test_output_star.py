"""Unit and property tests of what colleagues take: the star of tables and its workbook, the crate, the revisions."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.briefing_drawn import PLANNED, raw
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output import leaks
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import Record, Results, example_results, read_results, write_results
from vcanalysis.output.revisions import KINDS, revisions
from vcanalysis.output.run import crate, folder
from vcanalysis.output.star.columns import STAR
from vcanalysis.output.star.tables import FOLDER, WORKBOOK, star, write_star

ABOUT = {**PLANNED, "policy": {"name": "strict"}}
ABOUT["council"] = {**ABOUT["council"], "code": "E99999998"}


@pytest.fixture(scope="module", params=["drawn", "example"])
def shown(request):
    """Gated records of a small run, and of the demo run."""
    return gate(raw())[0] if request.param == "drawn" else read_results(example_results())


@pytest.fixture(scope="module")
def out(shown, tmp_path_factory):
    """A publish folder with its tables and its crate."""
    folder = tmp_path_factory.mktemp("publish")
    write_results(folder / "results.json", shown)
    write_star(folder, shown, ABOUT)
    crate.write_crate(folder, ABOUT)
    return folder


# ── the star ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_result_is_a_row_and_every_key_leads_to_one_row(shown):
    tables = star(shown, ABOUT)
    assert list(tables["results"]["result_id"]) == [r.id for r in shown]
    assert list(
        tables["results"]["value"].astype(object).where(tables["results"]["value"].notna(), None)
    ) == [r.value for r in shown]
    for table, columns in STAR.items():
        for column in columns:
            if column.key == "key":
                assert table == "results" or tables[table][column.name].is_unique
            elif column.key:
                assert set(tables[table][column.name]) == set(tables[column.key][column.name])


def test_what_a_measure_says_of_itself_holds_for_all_its_rows(shown):
    tables = star(shown, ABOUT)
    joined = tables["results"].merge(tables["measures"], on="measure_id", validate="many_to_one")
    for name in ("label", "kind", "design"):
        assert list(joined[name]) == [getattr(r, name) for r in shown]
    assert list(joined["of"]) == [r.of.split(",")[0] for r in shown]


def test_what_is_hidden_has_no_number_and_says_so(shown):
    rows = star(shown, ABOUT)["results"].set_index("result_id")
    hidden = [r.id for r in shown if r.status == "suppressed"]
    assert hidden
    assert set(rows.loc[hidden, "status"]) == {"hidden"}
    assert rows.loc[hidden, ["value", "low", "high", "n"]].isna().all(axis=None)


def test_what_did_not_pass_the_gate_stands_in_no_table():
    with pytest.raises(CheckFailed, match="did not pass the gate"):
        star(raw(), ABOUT)


@pytest.mark.parametrize("table", STAR)
def test_text_and_parquet_hold_the_same_rows_typed_as_the_dictionary_says(out, table):
    text = pd.read_csv(
        out / FOLDER / f"{table}.csv",
        keep_default_na=False,
        na_values={"value": "", "low": "", "high": "", "n": "", "level": ""},
    )
    typed = pq.read_table(out / FOLDER / f"{table}.parquet")
    types = {"number": pa.float64(), "count": pa.int64(), "text": pa.string(), "date": pa.date32()}
    assert {f.name: f.type for f in typed.schema} == {c.name: types[c.type] for c in STAR[table]}
    whole = {c.name: "Int64" for c in STAR[table] if c.type == "count"}
    pd.testing.assert_frame_equal(text.astype(whole).astype(str), typed.to_pandas().astype(whole).astype(str))
    told = pd.read_csv(out / FOLDER / "dictionary.csv", keep_default_na=False)
    assert list(told.loc[told["table"] == table, "column"]) == list(text.columns)


def test_tables_of_two_runs_can_be_put_under_each_other(shown):
    one, other = star(shown, ABOUT), star(shown, {**ABOUT, "quarter": "2020Q1", "run": "fedcba9876"})
    both = {name: pd.concat([one[name], other[name]]).drop_duplicates() for name in STAR}
    assert len(both["measures"]) == len(one["measures"])
    assert len(both["results"]) == 2 * len(one["results"])
    assert not both["results"].duplicated(["run_id", "result_id"]).any()


def test_the_workbook_is_plain_one_table_a_sheet_no_macro_no_formula_no_empty_cell(out):
    names = zipfile.ZipFile(out / WORKBOOK).namelist()
    assert not [n for n in names if re.search(r"vba|external|pivot|connections|drawing", n, re.I)]
    book = openpyxl.load_workbook(out / WORKBOOK)
    assert book.sheetnames[2:] == [*STAR, "dictionary"]
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        cells = [cell for row in sheet[table.ref] for cell in row]
        assert not [c.coordinate for c in cells if c.value is None or c.data_type == "f"]
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
    assert {s.value for s in book["results"][1]} - {None}


def test_the_same_results_give_the_same_bytes(out, shown, tmp_path):
    write_results(tmp_path / "results.json", shown)
    write_star(tmp_path, shown, ABOUT)
    crate.write_crate(tmp_path, ABOUT)
    files = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file())
    assert [(f, (tmp_path / f).read_bytes() == (out / f).read_bytes()) for f in files] == [
        (f, True) for f in files
    ]


def test_tables_pass_the_scan_and_parquet_of_anything_else_does_not(out, tmp_path):
    assert not leaks.scan(out)
    rows = pa.table({"child_id": ["a"], "gbp_week": [900.0]})
    pq.write_table(rows, tmp_path / "rows.parquet")
    assert [leak.rule for leak in leaks.scan(tmp_path)] == ["rows of a data file"]
    same = pq.read_table(out / FOLDER / "questions.parquet")
    names = pa.array(["NR1 2DH"] * len(same))
    pq.write_table(same.set_column(1, "question", names), tmp_path / "rows.parquet")
    assert "a postcode" in [leak.rule for leak in leaks.scan(tmp_path)]
    pq.write_table(same.replace_schema_metadata({"who": "NR1 2DH"}), tmp_path / "rows.parquet")
    assert "a postcode" in [leak.rule for leak in leaks.scan(tmp_path)]
    buffer = io.BytesIO()
    pq.write_table(rows, buffer)
    (tmp_path / "rows.parquet").write_bytes(buffer.getvalue()[:-40])
    assert [leak.rule for leak in leaks.scan(tmp_path)] == ["rows of a data file"]


# ── the crate: what RO-Crate 1.1 demands of its metadata file ───────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def graph(out):
    """Entities of the crate by their name."""
    told = json.loads((out / crate.CRATE).read_text())
    assert set(told) == {"@context", "@graph"}
    assert told["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {e["@id"]: e for e in told["@graph"]}
    assert len(entities) == len(told["@graph"])
    return entities


def test_the_crate_describes_itself_and_a_root_with_a_name_a_day_and_rights(graph):
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = graph[descriptor["about"]["@id"]]
    assert (root["@id"], root["@type"], root["datePublished"]) == ("./", "Dataset", "2019-12-31")
    assert all(root[name] for name in ("name", "description", "license", "hasPart"))


def test_the_crate_is_flat_and_every_name_in_it_is_told(graph):
    outside = ("https://w3id.org/ro/crate/1.1",)
    for entity in graph.values():
        assert entity["@type"]
        for value in entity.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    assert set(item) == {"@id"}
                    assert item["@id"] in graph or item["@id"] in outside, item


def test_the_crate_holds_every_file_with_its_size_and_hash(out, graph):
    files = {e["@id"]: e for e in graph.values() if e["@type"] == "File"}
    there = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {crate.CRATE}
    assert set(files) == there == {part["@id"] for part in graph["./"]["hasPart"]}
    for name, told in files.items():
        content = (out / name).read_bytes()
        assert (told["contentSize"], told["sha256"]) == (
            str(len(content)),
            hashlib.sha256(content).hexdigest(),
        )
        assert re.fullmatch(r"[\w.+-]+/[\w.+-]+", told["encodingFormat"])


def test_the_crate_tells_the_run_its_software_data_and_parameters(graph):
    run = graph[graph["./"]["mentions"]["@id"]]
    assert run["@type"] == "CreateAction"
    assert graph[run["instrument"]["@id"]]["version"] == "0.1.0"
    kinds = [graph[used["@id"]]["@type"] for used in run["object"]]
    assert kinds == ["CreativeWork", "PropertyValue", "PropertyValue"]
    assert graph["#input-children.parquet"]["identifier"] == "hmac-sha256 abc"
    assert graph["#input-children.parquet"]["description"] == "Not published."  # nor how many rows
    assert graph["#parameter-05_who_is_in_the_middle-floor_gbp_week"]["value"] == 900.0


# ── revisions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def told(name: str, value: float | None, period: str = "2019Q3", status: str = "published") -> Record:
    ends = {} if value is None else {"low": value - 0.05, "high": value + 0.05}
    return Record(f"mix.{name}", "Q?", name, value, unit="share", n=270, period=period, status=status, **ends)


def test_what_became_of_a_figure_is_told_by_its_kind():
    #       name         then   now
    drawn = [("same",     0.20, 0.20), ("moved", 0.20, 0.22), ("far", 0.20, 0.30), ("lost", 0.20, None),
             ("found",    None, 0.20)]  # fmt: skip
    earlier = [told(name, then) for name, then, _ in drawn]
    later = [told(name, now) for name, _, now in drawn]
    earlier += [
        told("gone", 0.2),
        told("hid", 0.2),
        told("open", None, status="suppressed"),
        told("old", 0.2, "2019Q2"),
    ]
    later += [told("hid", None, status="suppressed"), told("open", 0.2), told("new", 0.2)]
    found = revisions(Results(tuple(earlier)), Results(tuple(later)))
    frame = found.frame().set_index("label")
    assert frame["kind"].to_dict() == {
        "moved": "revised", "far": "revised", "lost": "no longer estimable", "found": "estimable since",
        "gone": "dropped", "old": "dropped", "hid": "no longer shown", "open": "shown since",
    }  # fmt: skip
    assert set(frame["kind"]) == set(KINDS)
    assert frame.loc[["moved", "far"], "inside_before"].tolist() == [True, False]
    assert frame.loc["far", "difference"] == pytest.approx(0.1)
    assert found.sentence() == (
        "8 of 9 figures that were published before are revised, 1 of them beyond the interval given then."
    )


def test_a_figure_of_another_period_is_no_revision():
    found = revisions(Results((told("a", 0.2, "2019Q3"),)), Results((told("a", 0.4, "2019Q4"),)))
    assert (found.compared, found.rows) == (0, ())
    assert "speaks of a period" in found.sentence()


def test_a_quarter_of_a_series_is_compared_with_the_same_quarter_in_the_next_report():
    #                 group      then  period of run   now   period of run
    then = [replace(told(f"left.{q}", n, "2019Q3"), group=q) for q, n in (("2019q2", 0.3), ("2019q3", 0.1))]
    now = [replace(told(f"left.{q}", n, "2019Q4"), group=q) for q, n in (("2019q2", 0.3), ("2019q3", 0.2))]
    found = revisions(Results(tuple(then)), Results(tuple(now)))
    assert (found.compared, [old.group for old, _, _ in found.rows]) == (2, ["2019q3"])


# the reports of two quarters, of which each holds its own figures, the quarters since 2018, and two of them again
#          figure                 group    period     design  in the earlier  in the later  revised
SECOND = [("mix.homes",           "all",    "",        "",     "2019Q3",       "2019Q4",     False),
          ("quarter.left.2018q4", "2018Q4", "",        "",     "2019Q3",       "2019Q4",     False),
          ("quarter.left.2019q1", "2019Q1", "",        "",     "2019Q3",       "",           True),
          ("quarter.left.2019q2", "2019Q2", "",        "",     "2019Q3",       "2019Q4",     False),
          ("quarter.left.2019q3", "2019Q3", "",        "",     "2019Q3",       "2019Q4",     False),
          ("quarter.left.2019q4", "2019Q4", "",        "",     "",             "2019Q4",     False),
          ("quarter.left.2018q3", "2018Q3", "",        "",     "2019Q3",       "",           False),
          ("then.cost.2018q3",    "2018Q3", "",        "",     "2019Q3",       "",           False),
          ("then.cost.2019q2",    "2019Q2", "",        "",     "2019Q3",       "",           False),
          ("then.cost.2018q4",    "2018Q4", "",        "",     "",             "2019Q4",     False),
          ("then.cost.2019q3",    "2019Q3", "",        "",     "",             "2019Q4",     False),
          ("savings.net",         "all",    "Stepping down", "0", "2019Q3",    "2019Q4",     False),
          ("claims.share",        "all",    "2019-20", "",     "2019Q3",       "2019Q4",     False)]  # fmt: skip


def report(quarter: str, column: int) -> Results:
    value = {"2019Q3": 0.2, "2019Q4": 0.3}[
        quarter
    ]  # what is of its own quarter is another figure in the next report
    made = []
    for name, group, period, design, *rest in SECOND:
        if rest[column]:
            same = group != "all" or period == "2019-20"
            record = told("a", 0.2 if same else value, period or quarter)
            made.append(replace(record, id=name, group=group, design=design))
    return Results(tuple(made))


def test_a_second_report_of_unchanged_data_revises_nothing_but_what_fell_out_of_a_series():
    found = revisions(report("2019Q3", 0), report("2019Q4", 1))
    missed = [name for name, *_, revised in SECOND if revised]
    assert [(old.id, kind) for old, _, kind in found.rows] == [(name, "dropped") for name in missed]
    assert found.compared == 5  # four quarters that both should hold, and the national share


def test_only_what_was_published_is_compared():
    private = Results((replace(told("a", 0.2), status="private"),))
    with pytest.raises(InputError, match="publish folders"):
        revisions(private, private)


def test_the_earlier_report_is_the_last_full_sealed_one_before_the_quarter(tmp_path):
    for name in ("2018Q4", "2019Q2", "2019Q3-only-04", "2019Q4", "2020Q1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "SEAL").write_text("")
    (tmp_path / "2019Q3").mkdir()  # without a seal: no report
    assert folder.earlier_report(tmp_path, "2019Q4") == tmp_path / "2019Q2" / "publish" / "results.json"
    assert folder.earlier_report(tmp_path, "2018Q4") is None
