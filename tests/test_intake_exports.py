"""Functional tests: what exports and their mappings look like off a council's desk, drawn small."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts

CHILDREN = [f"QX{k:05d}" for k in range(1, 41)]
PRICE = ["child_id", "from", "to", "gbp_week"]
PLAIN = ["2018-06-01", "2018-06-29", "700"]
ROWS = [[child, *PLAIN] for child in CHILDREN]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_folder(returns(60), tmp_path_factory.mktemp("source") / "f")


@pytest.fixture
def priced(source, tmp_path):
    """Import prices from the text of a file and give those kept."""

    def run(text, mapping=None):
        (tmp_path / "costs.csv").write_text(text, encoding="utf-8")
        given = {"costs": tmp_path / "costs.csv"}
        if mapping is not None:
            (tmp_path / "m.toml").write_bytes(mapping)
            given["mapping"] = tmp_path / "m.toml"
        import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key", **given)
        return pd.read_parquet(tmp_path / "out" / "costs.parquet")

    return run


def test_an_export_that_ends_every_row_with_a_comma_is_read(priced):
    head, *rows = text_of([PRICE, *ROWS]).splitlines()
    assert len(priced("\n".join([head, *(row + "," for row in rows)]))) == 40


def test_a_comma_too_many_inside_every_row_is_refused_by_its_line(priced):
    head, *rows = text_of([PRICE, *ROWS]).splitlines()
    with pytest.raises(InputError, match=r"no row has as many cells as the header, from line 2 on"):
        priced("\n".join([head, *("Smith, " + row for row in rows)]))


def test_the_tail_of_a_spreadsheet_is_no_rows(priced):
    assert len(priced(text_of([PRICE, *ROWS]) + ",,,\n" * 50)) == 40


def test_a_mapped_column_that_is_not_there_is_missed_beside_one_of_our_name(priced):
    with pytest.raises(InputError, match="the mapping names Cost end for to"):
        priced(text_of([PRICE, *ROWS]), b'[costs]\nto = "Cost end"\n')


def test_a_choice_that_leaves_no_row_is_refused(priced):
    table = [[*PRICE, "Pay Type"], *([*row, "Payment"] for row in ROWS)]
    with pytest.raises(InputError, match="no row is left of 40, since none has the words"):
        priced(text_of(table), b'[costs.only]\n"Pay Type" = ["Paid"]\n')


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "cp1252", "utf-8"])
def test_a_mapping_is_read_as_windows_saves_it(priced, coding):
    table = [["child_id", "from", "to", "Weekly £"], *ROWS]
    assert len(priced(text_of(table), '[costs]\namount = "Weekly £"\nevery = "week"\n'.encode(coding))) == 40


def missing_of(source, tmp_path, kinds):
    """Import a return with these kinds of missing time and give how often children were missing."""
    made = returns(60)
    for tables in made.values():
        for row, kind in zip(tables["missing"][1:], kinds, strict=False):
            row[2] = kind
    out = tmp_path / "out"
    import_extracts(out, ssda903=write_folder(made, tmp_path / "g"), key=tmp_path / "k" / "k.key")
    outcomes = pd.read_parquet(out / "outcomes.parquet")
    return outcomes.loc[outcomes["measure"].eq("missing_episodes"), "value"]


@pytest.mark.parametrize("kind", ["Missing", ""])
def test_times_of_no_known_kind_are_never_counted_as_none(source, tmp_path, kind):
    with pytest.raises(InputError, match=r"column MISSING: .*Allowed are: A, M"):
        missing_of(source, tmp_path, [kind] * 99)


def test_a_child_of_whom_one_time_is_of_no_known_kind_has_no_count(source, tmp_path):
    known = missing_of(source, tmp_path / "a", ["M"] * 99)
    unsure = missing_of(source, tmp_path / "b", ["", *["M"] * 98])
    assert 0 < len(known) - len(unsure) <= 2


def test_the_pounds_of_rows_left_out_are_a_line_of_the_balance_of_the_report_and_of_the_summary(
    source, tmp_path
):
    # four weeks at 700 are 2,800: 40 payments kept, 3 reversals of 100 a week for the four weeks left out
    table = [[*PRICE, "Pay Type"], *([*row, "Payment"] for row in ROWS)]
    table += [[child, *PLAIN[:2], "-100", "Reversal"] for child in CHILDREN[:3]]
    (tmp_path / "costs.csv").write_text(text_of(table), encoding="utf-8")
    (tmp_path / "m.toml").write_text('[costs.only]\n"Pay Type" = ["payment"]\n', encoding="utf-8")
    report = import_extracts(
        tmp_path / "out",
        ssda903=source,
        costs=tmp_path / "costs.csv",
        mapping=tmp_path / "m.toml",
        key=tmp_path / "k" / "k.key",
    )
    money = json.loads((tmp_path / "out" / "import" / "report.json").read_text())["money"]
    assert (money["pounds_in"], money["pounds_kept"], money["pounds_left_out"]) == (110_800, 112_000, -1_200)
    line = next(line for line in report.balance if line["table"] == "costs")
    assert (line["rows_in"], line["kept"], line["left_out"], line["quarantined"]) == (43, 40, 3, 0)
    said = "\n".join(report.lines())
    assert "3 left out by the mapping + 0 set aside" in said
    assert "£0.00 repeated - £1,200.00 left out by the mapping. They balance." in said
    assert "£0.00 repeated and -£1,200.00 left out by the mapping; 0 rows had" in said


def test_needs_of_which_no_row_is_left_stop_with_their_reason(source, tmp_path):
    rows = [[child, "31/04/2018", "education_learning", "1"] for child in CHILDREN]
    rows[0][1] = "30/04/2018"
    rows[0][0] = ""
    (tmp_path / "needs.csv").write_text(text_of([["child_id", "date", "domain", "level"], *rows]))
    with pytest.raises(
        InputError, match=r"value that is not a date: set aside\. In all 40 of 40 rows of needs"
    ):
        import_extracts(
            tmp_path / "out", ssda903=source, needs=tmp_path / "needs.csv", key=tmp_path / "k" / "k.key"
        )
