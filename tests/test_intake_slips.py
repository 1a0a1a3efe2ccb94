"""Functional tests: slips of real extracts, drawn small, beside what must be said and counted of them."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts

PRICE = ["child_id", "from", "to", "gbp_week"]
CHILDREN = [f"QX{k:05d}" for k in range(1, 41)]
ROWS = [[child, "2018-06-01", "2018-06-29", "700"] for child in CHILDREN]


def made_of(*more):
    """Draw two returns of 60 children: header, episodes and the tables named."""
    return {
        year: {name: rows for name, rows in tables.items() if name in ("header", "episodes", *more)}
        for year, tables in returns(60).items()
    }


@pytest.fixture
def bring_in(tmp_path):
    """Import drawn returns, with prices if there are any; give the report and the log."""

    def run(made, *, names=0, **given):
        source = write_folder(made, tmp_path / "f", named_after=names)
        report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key", **given)
        log = pd.read_csv(tmp_path / "out" / "import" / "log.csv", keep_default_na=False)
        return report, log

    return run


@pytest.fixture
def costs(tmp_path):
    """Write prices as CSV and give the file."""

    def write(*rows, head=PRICE):
        (tmp_path / "costs.csv").write_text(text_of([head, *rows]), encoding="utf-8")
        return tmp_path / "costs.csv"

    return write


def test_true_in_the_cell_of_a_price_is_no_pound(bring_in, tmp_path):
    book = openpyxl.Workbook()
    for row in [PRICE, *ROWS[:39], [*ROWS[39][:3], True]]:
        book.active.append(row)
    book.save(tmp_path / "costs.xlsx")
    report, log = bring_in(made_of(), costs=tmp_path / "costs.xlsx")
    assert report.rules["not-a-number"] == 1
    assert report.money.pounds_in == 39 * 4 * 700
    assert log.loc[log["rule"].eq("not-a-number"), ["row", "column"]].values.tolist() == [[41, "gbp_week"]]


def test_answers_of_the_return_that_a_workbook_holds_as_true_and_false_are_read(bring_in):
    made = made_of("oc2")
    for tables in made.values():
        for row in tables["oc2"][1:]:
            row[4], row[5] = "FALSE", "True"
    report, log = bring_in(made)
    told = (
        pd.read_parquet(report.path / "outcomes.parquet").groupby("measure", observed=True)["value"].unique()
    )
    assert told["convicted"].tolist() == [0.0]
    assert told["health_check"].tolist() == [1.0]
    assert set(log.loc[log["rule"].eq("spelling"), "column"]) == {"CONVICTED", "HEALTH_CHECK"}


def test_a_charge_reversed_to_nought_is_flagged_as_no_charge(bring_in, costs):
    report, log = bring_in(made_of(), costs=costs(*ROWS, [*ROWS[0][:3], "-700"]))
    assert log.loc[log["rule"].eq("no-charge"), ["table", "row"]].values.tolist() == [["costs", 2]]
    assert report.money.pounds_in == 39 * 4 * 700


def test_an_unknown_period_is_refused_with_the_words_that_are_known(bring_in, costs):
    head = ["child_id", "from", "to", "amount", "period"]
    rows = [[*row, "week"] for row in ROWS[:39]]
    with pytest.raises(InputError, match=r"to day, week, fortnight, four weeks, month, .* \(`only`\)"):
        bring_in(made_of(), costs=costs(*rows, [*ROWS[39], "hour"], head=head))


def test_folders_named_a_year_late_are_said(bring_in):
    report, _ = bring_in(made_of(), names=1)
    said = "\n".join(report.notes)
    assert sorted(report.returns) == [2019, 2020]
    assert (
        "2020/episodes.csv is named for the year to 31 March 2020, but its dates are of the year to" in said
    )
    assert (
        "2021/episodes.csv is named for the year to 31 March 2021, but its dates are of the year to" in said
    )


def test_children_whose_header_row_was_set_aside_are_named_as_such_and_do_not_stop_the_import(bring_in):
    made = made_of("missing")
    for tables in made.values():
        for row in tables["header"][1:3]:
            row[2] = ""
    report, log = bring_in(made)
    linked = log.loc[log["rule"].eq("header-aside"), "table"].value_counts()
    # episodes: 1 + 2 of each child but the leaver's 1 + 1; missing: both children in both years
    assert linked.to_dict() == {"episodes": 5, "missing": 4}
    assert report.children == 58
    assert "orphan" not in report.rules


def test_null_is_read_as_nothing_where_it_is_no_code(bring_in):
    made = made_of()
    row = made[2020]["episodes"][-1]
    row[7] = row[8] = "NULL"
    made[2020]["header"][-1][3] = "NULL"
    report, log = bring_in(made)
    assert set(log.loc[log["rule"].eq("null-word"), "column"]) == {"DEC", "REC"}
    assert report.rules["word-code"] == 1  # ethnicity: kept as text


def test_a_code_that_stays_unknown_in_capitals_was_not_put_right(bring_in):
    made = made_of()
    made[2020]["episodes"][-1][9] = "ask joan"
    made[2020]["episodes"][-2][9] = "carpl "
    _, log = bring_in(made)
    last = len(made[2020]["episodes"])
    own = log.loc[log["column"].eq("REASON_PLACE_CHANGE") & log["file"].eq("2020/episodes.csv")]
    assert own[["rule", "row"]].values.tolist() == [["spelling", last - 1], ["unknown-value", last]]


def test_the_message_about_codes_lists_every_one_allowed(bring_in):
    made = made_of()
    for row in made[2020]["header"][1:]:
        row[1] = "Male"
    with pytest.raises(InputError, match=r"Allowed are: 1, 2, F, M, U\. "):
        bring_in(made)


def test_one_row_of_a_table_of_six_does_not_stop_the_import_but_half_of_them_do(bring_in, tmp_path):
    made = made_of("missing")
    made[2020]["missing"][1][3] = "31/04/2019"
    report, _ = bring_in(made)
    assert report.rules["not-a-date"] == 1
    for row in made[2020]["missing"][1:]:
        row[3] = "31/04/2019"
    with pytest.raises(InputError, match="3 of 6 rows of missing cannot be used"):
        import_extracts(
            tmp_path / "again", ssda903=write_folder(made, tmp_path / "g"), key=tmp_path / "k" / "k.key"
        )


def test_a_time_missing_that_was_set_aside_is_no_count_of_nought(bring_in):
    made = made_of("missing")
    made[2020]["missing"][1][3] = "31/04/2019"
    report, _ = bring_in(made)
    rows = pd.read_parquet(report.path / "outcomes.parquet")
    counts = rows.loc[rows["measure"].eq("missing_episodes")].groupby("date")["value"].agg(["size", "sum"])
    # 60 children in 2019, three of them missing once; in 2020 one of the three has no count
    assert counts.values.tolist() == [[60, 3], [59, 2]]


def test_a_time_missing_that_ends_before_it_begins_is_flagged_and_counts(bring_in):
    made = made_of("missing")
    made[2020]["missing"][1][4] = "31/08/2019"
    report, _ = bring_in(made)
    rows = pd.read_parquet(report.path / "outcomes.parquet")
    assert report.rules["missing-backwards"] == 1
    assert rows.loc[rows["measure"].eq("missing_episodes"), "value"].sum() == 6


def test_the_count_of_rows_below_an_export_is_no_row(bring_in, tmp_path, costs):
    file = costs(*ROWS)
    file.write_text(file.read_text() + "\n(40 rows affected)\n")
    report, log = bring_in(made_of(), costs=file)
    assert (log["rule"] == "row-count").sum() == 1
    assert next(line for line in report.balance if line["table"] == "costs")["rows_in"] == 40


def test_a_heading_of_two_rows_is_refused_with_what_to_do(bring_in, costs):
    with pytest.raises(InputError, match="where the heading takes two rows, make it one"):
        bring_in(made_of(), costs=costs(*ROWS, head=["child_id", "from", "from", "gbp_week"]))


def test_a_header_of_which_no_child_is_left_is_refused(bring_in):
    made = {2020: made_of()[2020]}
    for row in made[2020]["header"][1:]:
        row[0] = "inf"
    with pytest.raises(InputError, match=r"header: no child is left, since all were given twice"):
        bring_in(made)
