"""Unit and functional tests: what analysts stumbled over, each drawn by hand beside what must come of it."""

from __future__ import annotations

import re

import openpyxl
import pandas as pd
import pytest
from drawn import drawn, returns, text_of, write_folder

from vcanalysis.cli import main
from vcanalysis.core.errors import InputError
from vcanalysis.intake.cleaning.credits import net_credits
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.reconciling import Reconciliation

PRICE = ["child_id", "from", "to", "gbp_week"]
PLAIN = [[f"QX{k:05d}", "01/06/2018", "01/06/2019", "700"] for k in range(1, 41)]
MORE = [
    [f"QX{k:05d}", f"01/0{m}/2019", f"01/0{m + 1}/2019", "700"] for k in range(45, 60) for m in range(1, 4)
]


@pytest.fixture
def bring_in(tmp_path):
    write_folder(returns(60), tmp_path / "f")

    def run(table, rows, mapping=""):
        (tmp_path / f"{table}.csv").write_text(text_of(rows), encoding="utf-8")
        given = {table: tmp_path / f"{table}.csv"}
        if mapping:
            (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
            given["mapping"] = tmp_path / "m.toml"
        return import_extracts(
            tmp_path / "out", ssda903=tmp_path / "f", key=tmp_path / "k" / "k.key", **given
        )

    return run


def table(report, name="costs"):
    return pd.read_parquet(report.path / f"{name}.parquet")


def aside(report, name="costs"):
    return pd.read_csv(
        report.path / "import" / "quarantine" / f"{name}.csv", dtype="str", keep_default_na=False
    )


def test_an_episode_written_in_two_forms_of_date_counts_once(tmp_path):
    made = returns(60, (2020,))
    made[2020]["header"].append(["QX90001", "1", "01/02/2010", "WBRI", "", "", ""])
    about = ["S", "C2", "N1", "U4", "PR1"]
    for first, last in (("01/05/2019", "01/06/2019"), ("2019-05-01", "2019-06-01")):
        made[2020]["episodes"].append(["QX90001", first, *about, last, "E8", "", "ZZ11 9QQ", "YY11 8PP", ""])
    source = write_folder(made, tmp_path / "f")
    report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert report.rules["duplicate"] == 1
    assert "same-day" not in report.rules
    assert len(table(report, "placements")) == len(made[2020]["episodes"]) - 2


@pytest.mark.parametrize("written", ['="{}"', "'{}", "{}\u00a0"])
def test_identifiers_that_a_spreadsheet_keeps_as_text_are_those_of_the_return(bring_in, written):
    report = bring_in("costs", [PRICE, *([written.format(row[0]), *row[1:]] for row in PLAIN)])
    assert len(table(report)) == len(PLAIN)


def test_a_day_left_at_nought_in_a_workbook_is_an_open_end(tmp_path):
    book = openpyxl.Workbook()
    for row in (PRICE, *([*row[:2], 0, 700] for row in PLAIN)):
        book.active.append(row)
    for cell in book.active["C"][1:]:
        cell.number_format = "dd/mm/yyyy"  # shows 00/01/1900
    book.save(tmp_path / "c.xlsx")
    report = import_extracts(
        tmp_path / "out",
        ssda903=write_folder(returns(60), tmp_path / "g"),
        costs=tmp_path / "c.xlsx",
        key=tmp_path / "k" / "k.key",
    )
    assert report.rules["filler"] == len(PLAIN)
    assert table(report)["to"].isna().all()


# --- money ------------------------------------------------------------------------------------------


def test_the_unit_of_shares_is_that_of_most_rows_and_the_odd_one_is_never_scaled(bring_in):
    head = [*PRICE, "care_share", "education_share", "health_share"]
    rows = [
        head,
        *([*row, "60", "30", "10"] for row in PLAIN),
        ["QX00041", "01/06/2018", "", "700", "0.6", "0.3", "0.1"],
    ]
    report = bring_in("costs", rows)
    assert table(report)[
        ["care_share", "education_share", "health_share"]
    ].drop_duplicates().values.tolist() == [[0.6, 0.3, 0.1]]
    assert aside(report)[["rule", "row", "care_share"]].values.tolist() == [["shares-sum", "42", "0.6"]]


CREDITS = {
    "within one": (
        """
        from        to          gbp_week
        2019-04-01  2019-05-01  700
        2019-04-08  2019-04-15  -200
        """,
        [("04-01", 700), ("04-08", 500), ("04-15", 700)],
    ),
    "over two": (
        """
        from        to          gbp_week
        2019-04-01  2019-05-01  700
        2019-05-01  2019-06-01  800
        2019-04-24  2019-05-08  -200
        """,
        [("04-01", 700), ("04-24", 500), ("05-01", 600), ("05-08", 800)],
    ),
    "over a day without a charge: set aside": (
        """
        from        to          gbp_week
        2019-04-01  2019-05-01  700
        2019-05-02  2019-06-01  800
        2019-04-24  2019-05-08  -200
        """,
        [("04-01", 700), ("05-02", 800)],
    ),
    "two that overlap": (
        """
        from        to          gbp_week
        2019-04-01  2019-05-01  700
        2019-04-08  2019-04-15  -200
        2019-04-12  2019-04-20  -100
        """,
        [("04-01", 700), ("04-08", 500), ("04-12", 400), ("04-15", 600), ("04-20", 700)],
    ),
    "more than the first charge: all three set aside": (
        """
        from        to          gbp_week
        2019-04-01  2019-05-01  100
        2019-05-01  2019-06-01  800
        2019-04-24  2019-05-08  -200
        """,
        [],
    ),
}


@pytest.mark.parametrize("case", CREDITS)
def test_a_credit_is_netted_by_days_against_the_charges_it_spans(case):
    text, wanted = CREDITS[case]
    rows = (
        drawn(text)
        .astype({"gbp_week": "float64"})
        .assign(CHILD=1, _file="x", _row=range(2, 2 + len(drawn(text))))
    )
    ledger = Ledger()
    out = net_credits(rows, ledger=ledger, end=pd.Timestamp("2020-04-01"))
    assert list(zip(out["from"].dt.strftime("%m-%d"), out["gbp_week"], strict=True)) == wanted
    gone = sum(map(len, ledger.aside.get("costs", [])))
    days = (out["to"] - out["from"]).dt.days
    pounds = ((rows["to"] - rows["from"]).dt.days * rows["gbp_week"]).sum()
    lost = sum(((p["to"] - p["from"]).dt.days * p["gbp_week"]).sum() for p in ledger.aside.get("costs", []))
    assert (days * out["gbp_week"]).sum() + lost == pytest.approx(pounds)
    assert gone == (0 if "aside" not in case else 3 if "all" in case else 1)


def test_the_quarantine_shows_amounts_that_were_read_and_nothing_that_was_not(bring_in):
    odd = [
        ["QX00041", "01/06/2018", "01/06/2018", "£5,600.50"],
        ["QX00042", "01/08/2018", "", "Jamie Bloggs"],
        ["QX00043", "01/06/2018", "01/05/2018", "900 pw"],
        ["QX00044", "01/06/2018", "01/05/2018", "123456"],
    ]
    report = bring_in("costs", [PRICE, *PLAIN, *MORE, *odd])
    shown = aside(report).sort_values("row")
    assert shown["gbp_week"].tolist() == ["5600.50", "(not a number)", "900.00", "(a large number)"]


REBILLED = [
    # charges and credits of one child in the second half of 2018, by first and last month; what is kept for August
    ([("06", "12", "700"), ("06", "12", "-700"), ("06", "12", "800")], 800.0, "reversed"),
    ([("06", "12", "700"), ("06", "12", "700"), ("06", "12", "-700")], 700.0, "reversed"),
    ([("06", "12", "700"), ("06", "12", "-700"), ("06", "09", "800"), ("09", "12", "850")], 800.0, "reversed"),
    ([("06", "12", "700"), ("06", "12", "800"), ("06", "12", "-800"), ("06", "12", "-700"), ("06", "12", "750")], 750.0,
     "reversed"),
    ([("06", "12", "700"), ("08", "09", "-700"), ("08", "09", "800")], None, "credit-unclear"),  # of a part of the days
    ([("06", "12", "700"), ("06", "12", "-650"), ("06", "12", "800")], None, "credit-unclear"),  # of another amount
]  # fmt: skip


@pytest.mark.parametrize(("bills", "week", "rule"), REBILLED)
def test_a_charge_reversed_and_billed_again_costs_what_the_last_bill_says(bring_in, bills, week, rule):
    odd = [["QX00041", f"01/{first}/2018", f"01/{last}/2018", pounds] for first, last, pounds in bills]
    report = bring_in("costs", [PRICE, *PLAIN, *MORE, *odd])
    rows = table(report)
    child = ~rows["child_id"].isin(
        rows.loc[rows["to"].eq("2019-06-01") | rows["from"].ge("2019-01-01"), "child_id"]
    )
    august = rows.loc[child & rows["from"].le("2018-08-01") & rows["to"].gt("2018-08-01"), "gbp_week"]
    assert august.tolist() == ([] if week is None else [week])
    assert report.rules[rule] >= 2
    assert report.money.pounds_lost == 0
    wanted = sum(float(row[3]) * (pd.Timestamp(f"2018-{row[2][3:5]}-01") - pd.Timestamp(f"2018-{row[1][3:5]}-01")).days
                 for row in odd) / 7  # fmt: skip
    plain = report.money.pounds_in - wanted
    assert plain == pytest.approx(40 * 700 * 365 / 7 + sum((31, 28, 31)) * 15 * 100, abs=0.01)


@pytest.mark.parametrize("amount", ["100000.01", "£120,000", "-150000", "20k per day"])
def test_a_price_no_placement_has_is_set_aside_at_import(bring_in, amount):
    report = bring_in("costs", [PRICE, *PLAIN, ["QX00041", "01/06/2018", "", amount]])
    assert report.rules["price-above"] == 1
    assert len(table(report)) == 40
    assert report.money.pounds_lost == 0


@pytest.mark.parametrize("end", ["01/06/2018", "31/05/2018"])
def test_a_price_that_ends_before_a_day_has_passed_is_in_the_balance_and_named(bring_in, end):
    report = bring_in("costs", [PRICE, *PLAIN, ["QX00041", "01/06/2018", end, "700"]])
    line = next(line for line in report.balance if line["table"] == "costs")
    assert (line["rows_in"], line["kept"], line["quarantined"]) == (41, 40, 1)
    assert report.rules["price-backwards"] == 1
    assert report.money.rows_without_pounds == 1
    assert "1 row had no readable amount or no day." in str(report)


def test_open_prices_of_two_lines_add_up_until_the_next_of_a_line_ends_its_own(bring_in):
    head = ["child_id", "from", "to", "gbp_week", "Service"]
    rows = [
        ["QX00001", "01/06/2018", "", "700", "Home"],
        ["QX00001", "01/09/2018", "", "90", "School"],
        ["QX00001", "01/01/2019", "", "800", "Home"],
    ]
    others = [[*row, "Home"] for row in PLAIN[1:]]
    report = bring_in("costs", [head, *rows, *others], '[costs]\nline = "Service"')
    costs = table(report).sort_values("from")
    child = costs.groupby("child_id", observed=True)["from"].transform("size").eq(3)
    days = costs.loc[child, ["from", "to"]].apply(lambda day: day.dt.strftime("%Y-%m-%d").fillna(""))
    drawn_up = days.assign(week=costs["gbp_week"]).values.tolist()
    assert drawn_up == [
        ["2018-06-01", "2018-09-01", 700.0],
        ["2018-09-01", "2019-01-01", 790.0],
        ["2019-01-01", "", 890.0],
    ]
    log = pd.read_csv(report.path / "import" / "log.csv")
    said = log.loc[log["table"].eq("costs"), ["rule", "row"]].drop_duplicates().values.tolist()
    assert ["price-cut", 2] in said  # the home's price ends when its next begins
    assert ["price-added", 3] in said  # the school's is added to it
    assert ["price-cut", 3] not in said  # and is ended by nothing


def test_a_blank_price_year_is_that_of_the_first_day_and_the_log_says_so(bring_in):
    head = [*PRICE, "price_year"]
    odd = ["QX00041", "31/03/2020", "", "700", ""]
    report = bring_in("costs", [head, *([*row, "2018/19"] for row in PLAIN), odd])
    assert table(report)["price_year"].value_counts().to_dict() == {"2018-19": 40, "2019-20": 1}
    assert (report.rules["price-year"], report.rules["year-form"]) == (1, 40)


@pytest.mark.parametrize("blank", [[], [""]])
def test_prices_none_of_which_has_a_price_year_have_one_line_in_the_log_and_are_not_put_right(
    bring_in, blank
):
    head = [*PRICE, *(["price_year"] if blank else [])]
    report = bring_in("costs", [head, *([*row, *blank] for row in PLAIN)])
    assert set(table(report)["price_year"]) == {"2018-19"}
    assert (report.rules["no-price-year"], report.rules.get("price-year", 0)) == (1, 0)
    assert next(line for line in report.balance if line["table"] == "costs")["changed"] == 0
    assert "1 x no-price-year: file of which no price has its price year: each price has that of" in str(
        report
    )
    log = pd.read_csv(report.path / "import" / "log.csv").query("rule == 'no-price-year'")
    assert log[["table", "row", "column"]].values.tolist() == [["costs", 0, "price_year"]]


def test_what_was_put_right_in_a_row_that_is_set_aside_is_no_part_of_the_rows_kept(bring_in):
    odd = ["QX00041", "31/03/2020", "", "£700"]
    twice = ["QX00041", "31/03/2020", "", "£900"]
    report = bring_in("costs", [PRICE, *PLAIN, odd, twice])
    costs = next(line for line in report.balance if line["table"] == "costs")
    assert report.rules["money-form"] == 2
    assert (costs["rows_in"], costs["kept"], costs["quarantined"], costs["changed"]) == (42, 41, 1, 1)


def test_the_last_lines_of_the_command_are_counts_balance_and_time(tmp_path, capsys):
    write_folder(returns(60), tmp_path / "f")
    (tmp_path / "costs.csv").write_text(text_of([PRICE, *PLAIN, ["QX00041", "01/06/2018", "", "?"]]))
    words = [
        "import",
        str(tmp_path / "out"),
        "--ssda903",
        str(tmp_path / "f"),
        "--costs",
        str(tmp_path / "costs.csv"),
    ]
    assert main([*words, "--key", str(tmp_path / "k" / "k.key")]) == 0
    rows, pounds, time = capsys.readouterr().out.splitlines()[-3:]
    assert re.fullmatch(r"Rows: \d+ in = \d+ kept .* They balance\.", rows)
    assert re.fullmatch(
        r"Pounds: £1,460,000\.00 in = .* They balance but for \d+ rows? without a readable .*", pounds
    )
    assert re.fullmatch(r"Time: \d+\.\d seconds\.", time)


def test_pounds_below_nought_are_taken_off_in_the_line_that_adds_up():
    made = Reconciliation(
        10, 10, 2, 2, 500.0, 0.0, pounds_in=300.0, pounds_kept=500.0, pounds_aside=-200.0, pounds_repeated=0.0
    )
    assert made.balance() == (
        "Pounds: £300.00 in = £500.00 on days in care + £0.00 on other days - £200.00 set aside + £0.00 repeated. "
        "They balance."
    )


# --- names of columns -------------------------------------------------------------------------------


def test_a_missing_column_is_answered_with_the_next_thing_to_type(bring_in):
    rows = [["child_id", "from", "Fee for the week"], *([row[0], row[1], row[3]] for row in PLAIN)]
    with pytest.raises(InputError, match="--draft-mapping FILE --table costs"):
        bring_in("costs", rows)


MANY = ["YP ref", "Seen", "Identity 1", "Identity 2", "Education: school", "Education: home", "Self-care"]


def test_several_columns_per_domain_without_a_mapping_are_no_missing_header(bring_in, tmp_path):
    rows = [MANY, *([f"QX{k:05d}", "01/12/2018", "1", "2", "0", "3", "1"] for k in range(1, 41))]
    with pytest.raises(InputError) as refused:
        bring_in("needs", rows)
    assert "no header" not in str(refused.value)
    assert "--draft-mapping FILE --table needs" in str(refused.value)
    draft = draft_mapping(tmp_path / "needs.csv", table="needs")
    assert '["Identity 1", "Identity 2"]' in draft
    assert '["Education: school", "Education: home"]' in draft


def test_wide_levels_in_words_are_needs_though_their_columns_sound_like_outcomes(tmp_path):
    rows = [["ID", "Date", "Outcome at home", "Result in school"], ["QX00001", "01/12/2018", "High", "Low"]]
    (tmp_path / "x.csv").write_text(text_of(rows))
    draft = draft_mapping(tmp_path / "x.csv")
    assert "[needs]" in draft
    assert '# CHECK: levels of which domain? domain = "Outcome at home"' in draft
    assert "QX0" not in draft


# --- exports one below the other --------------------------------------------------------------------


def test_two_years_in_one_sheet_are_refused_with_the_way_out(tmp_path):
    made, book = returns(20), openpyxl.Workbook()
    book.remove(book.active)
    for name in ("header", "episodes"):
        sheet = book.create_sheet(name)
        for row in [*made[2019][name], *made[2020][name]]:
            sheet.append(row)
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(InputError, match=r"the header stands again among the rows.*add a column YEAR"):
        import_extracts(tmp_path / "out", ssda903=tmp_path / "b.xlsx", key=tmp_path / "k" / "k.key")


def test_two_years_in_one_sheet_with_their_year_are_told_apart(tmp_path):
    made, book = returns(20), openpyxl.Workbook()
    book.remove(book.active)
    for name in ("header", "episodes"):
        sheet = book.create_sheet(name)
        for year in (2019, 2020):
            for at, row in enumerate(made[year][name]):
                sheet.append([*row, "YEAR" if at == 0 else year])
    book.save(tmp_path / "b.xlsx")
    report = import_extracts(tmp_path / "out", ssda903=tmp_path / "b.xlsx", key=tmp_path / "k" / "k.key")
    assert sorted(report.returns) == [2019, 2020]
    assert report.rules["header-again"] == 2
    assert report.children == 20
