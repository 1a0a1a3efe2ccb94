"""Functional tests: drafts for extracts of finance and case systems; the lines a draft must hold are drawn."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts

CHILDREN = [f"QX{k:05d}" for k in range(1, 41)]


def draft(tmp_path, head, row, **options):
    """Draft for a file of the same row for every child, whose identifier is put in place of the first cell."""
    file = tmp_path / "payments.csv"
    file.write_text(text_of([head, *([child, *row[1:]] for child in CHILDREN)]), encoding="utf-8")
    return draft_mapping(file, **options)


SPREADSHEET = (
    ["Mosaic ID", "Placement Type", "Date placed", "Date left", "Weekly £", "Annual Forecast", "Actual to date",
     "Health contribution %", "Education contribution %"],
    ["", "Residential", "01/06/2018", "", "£4,500.00", "£234,000", "£98,000", "25", "0"],
)  # fmt: skip
CONTROCC = (
    ["Client Reference", "CPLI ID", "Element Type", "Start Date", "End Date", "Weekly Gross", "Client Contribution",
     "Weekly Net", "Health %", "Education %"],
    ["", "9000", "Standard", "01/06/2018", "31/08/2018", "1,000.00", "100.00", "900.00", "20%", "10%"],
)  # fmt: skip
LIQUIDLOGIC = (
    [
        "LCS ID",
        "Child Name",
        "Placement",
        "Payment From",
        "Payment To",
        "Net Amount",
        "Payment Date",
        "Invoice No",
    ],
    ["", "A B", "IFA", "01/06/2018", "30/06/2018", "3000.00", "05/07/2018", "INV1"],
)
MOSAIC = (
    [
        "Person ID",
        "Service Name",
        "Service Start Date",
        "Service End Date",
        "Unit Cost",
        "Unit Type",
        "No of Units",
    ],
    ["", "Residential", "01/06/2018", "31/08/2018", "100.00", "Day", "7"],
)
REVIEWS = (["Person ID", "Date of review", "Indicator", "Result"], ["", "01/06/2018", "SDQ", "12"])
UNLIKE = (
    ["Client No", "Commenced on", "Discharged on", "Date of birth", "Fee per week"],
    ["", "2018-06-01", "2018-08-31", "2008-01-01", "700"],
)


@pytest.mark.parametrize(
    ("extract", "lines"),
    [
        (SPREADSHEET, ["[costs]", 'from = "Date placed"', 'to = "Date left"', 'amount = "Weekly £"',
                       'health_share = "Health contribution %"',
                       "# Not used: Placement Type, column 6, Actual to date"]),
        (CONTROCC, ["[costs]", 'health_share = "Health %"', 'education_share = "Education %"',
                    'child_id = "Client Reference"  # CHECK: a guess from the name',
                    '# CHECK: amount may also be "Weekly Gross": take what is paid, by all payers together']),
        (LIQUIDLOGIC, ["[costs]", 'from = "Payment From"', 'to = "Payment To"', 'amount = "Net Amount"',
                       '# every = "week"  # CHECK: nothing says what period the amount is for, so no price is read '
                       "yet: day, week, fortnight, four weeks, month, quarter, year, total"]),
        (MOSAIC, ["[costs]", 'from = "Service Start Date"', 'to = "Service End Date"', 'amount = "Unit Cost"',
                  'period = "Unit Type"  # CHECK: a guess from the name']),
        (REVIEWS, ["[outcomes]", 'date = "Date of review"', 'measure = "Indicator"', 'value = "Result"']),
        (UNLIKE, ['from = "Commenced on"  # CHECK: a guess from the name',
                  'to = "Discharged on"  # CHECK: a guess from the name', 'every = "week"  # CHECK: the name says so']),
    ],
    ids=["spreadsheet", "ContrOCC", "Liquidlogic", "Mosaic", "outcomes", "words"],
)  # fmt: skip
def test_a_draft_takes_the_columns_that_hold_what_ours_hold(tmp_path, extract, lines):
    drafted = draft(tmp_path, *extract).splitlines()
    assert [line for line in lines if line not in drafted] == []


def test_a_client_contribution_is_no_share_of_health(tmp_path):
    assert "Client Contribution" not in "".join(
        line for line in draft(tmp_path, *CONTROCC).splitlines() if "share" in line
    )


def test_a_draft_without_a_period_brings_no_price_in_before_it_is_said(tmp_path):
    text = draft(tmp_path, *LIQUIDLOGIC)
    source = write_folder(returns(60), tmp_path / "f")
    given = {"ssda903": source, "costs": tmp_path / "payments.csv", "mapping": tmp_path / "m.toml"}
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the amount has no known period"):
        import_extracts(tmp_path / "out", key=tmp_path / "k" / "k.key", **given)
    (tmp_path / "m.toml").write_text(text.replace('# every = "week"', 'every = "total"'), encoding="utf-8")
    report = import_extracts(tmp_path / "out", key=tmp_path / "k" / "k.key", **given)
    assert report.money.pounds_in == 40 * 3000


def test_a_column_of_our_own_name_is_never_said_to_be_unused(tmp_path):
    head = ["child_id", "from", "to", "gbp_week", "line"]
    text = draft(tmp_path, head, ["", "01/06/2018", "31/08/2018", "700", "Home"])
    assert 'line = "line"' in text
    assert "Not used" not in text
    head = ["child_id", "date", "framework", "domain", "level"]
    text = draft(tmp_path, head, ["", "01/06/2018", "vcw-default-12", "education_learning", "2"])
    assert 'framework = "framework"' in text
    assert text.count("framework =") == 1
    assert "Not used" not in text


def test_a_service_beside_no_other_is_no_line(tmp_path):
    head = ["Client ID", "Start date", "End date", "Weekly cost", "Service"]
    text = draft(tmp_path, head, ["", "01/06/2018", "31/08/2018", "700", "Home"])
    assert "line =" not in text
    assert "# Not used: Service" in text


def test_a_column_per_month_is_told_to_be_laid_out_in_rows(tmp_path):
    head, row = (
        ["ID", "Name", "Apr-18", "May-18", "Jun-18", "Total"],
        ["", "A B", "3000", "3000", "3100", "9100"],
    )
    with pytest.raises(InputError, match=r"which table it is of.*write a row for each child and month"):
        draft(tmp_path, head, row)


def test_a_day_of_the_price_goes_before_one_of_the_placement_and_the_other_is_asked(tmp_path):
    said = draft(
        tmp_path,
        [
            "Person ID",
            "Placement Start Date",
            "Placement End Date",
            "Cost Line Start",
            "Cost Line End",
            "Weekly Cost",
        ],
        ["", "01/06/2015", "", "01/04/2019", "30/04/2019", "700"],
    )
    assert 'from = "Cost Line Start"' in said
    assert 'to = "Cost Line End"' in said
    assert (
        '# CHECK: from may also be "Placement Start Date": take the first day that the amount is for' in said
    )
    assert '# CHECK: to may also be "Placement End Date": take the last day that the amount is for' in said


def test_net_gross_and_quantity_beside_a_rate_are_asked(tmp_path):
    said = draft(
        tmp_path,
        ["Client Ref", "Client Name", "Payment From", "Payment To", "Qty", "Rate", "Net", "NHS No"],
        ["", "A B", "04/06/2018", "01/07/2018", "4", "3500.00", "14000.00", ""],
    )
    assert 'child_id = "Client Ref"' in said
    assert 'amount may also be "Net"' in said
    assert 'not multiplied by "Qty"' in said
    assert "health_share" not in said


@pytest.mark.parametrize(
    ("head", "row", "there", "absent"),
    [
        (
            ["Provider ID", "Person", "Start Date", "End Date", "Amount", "Carer ID"],
            ["P1", "", "01/04/2019", "30/04/2019", "200", "C1"],
            ['child_id = "Person"', "# every ="],
            ["period ="],
        ),
        (
            ["Case No", "Name", "Provider", "From", "To", "Unit Cost", "Units"],
            ["", "n", "p", "01/04/2019", "30/04/2019", "100", "30"],
            ['child_id = "Case No"', 'It is not multiplied by "Units"'],
            ["period ="],
        ),
        (
            ["Child ID", "Start", "End", "Cost per day", "Cost per week"],
            ["", "01/04/2019", "30/04/2019", "100", "700"],
            ['every = "week"', 'amount may also be "Cost per day"'],
            ["period ="],
        ),
        (
            ["Person ID", "Start Date", "End Date", "Weekly Cost", "Health Funding %", "Education Funding %"],
            ["", "01/06/2018", "31/08/2018", "800.00", "25", "15"],
            ["no column was found for what care pays (care_share)"],
            ["care_share ="],
        ),
        (
            ["ChildID", "LA contribution", "CCG contribution", "Weekly cost", "Start date", "End date"],
            ["", "500", "300", "800", "01/04/2019", "30/04/2019"],
            ['care_share = "LA contribution"'],
            ["no column was found for what care pays"],
        ),
        (
            [
                "Child ID",
                "Placement start date",
                "Placement end date",
                "Total Weekly Cost (actual weekly fee paid)",
            ],
            ["", "01/06/2018", "", "700"],
            ['every = "week"'],
            ['every = "total"'],
        ),
    ],
    ids=["ids of others", "case no", "per day", "no share of care", "la", "total weekly"],
)
def test_a_draft_takes_no_number_for_a_period_nor_another_for_the_child(tmp_path, head, row, there, absent):
    file = tmp_path / "payments.csv"
    own = row.index("")
    rows = [[*row[:own], child, *row[own + 1 :]] for child in CHILDREN]
    file.write_text(text_of([head, *rows]), encoding="utf-8")
    text = draft_mapping(file)
    assert [line for line in there if line not in text] == []
    assert [line for line in absent if f"\n{line}" in text or f"# CHECK: {line}" in text] == []


def test_a_form_of_few_columns_is_known_by_all_of_them(tmp_path):
    text = draft(tmp_path, ["Child ID", "Completed date", "SDQ score"], ["", "01/12/2018", "12"])
    assert text.startswith("# CHECK: the columns are those of a published form. Give --mapping sdq")


def test_the_end_of_a_placement_is_no_day_of_a_referral(tmp_path):
    head = ["Child ID", "Date of Data entry (referral)", "Placement end date", "Risk of harm"]
    text = draft(tmp_path, head, ["", "01/06/2018", "", "1"], table="needs")
    assert 'date = "Date of Data entry (referral)"' in text


def test_a_draft_is_made_for_parquet_too(tmp_path):
    rows = {"Child ID": CHILDREN, "Start date": "01/06/2018", "End date": "", "Weekly cost": "700"}
    pd.DataFrame(rows).to_parquet(tmp_path / "p.parquet")
    assert 'amount = "Weekly cost"' in draft_mapping(tmp_path / "p.parquet")


def test_a_draft_names_the_sheet_that_it_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Payments"
    for sheet in (book.active, book.create_sheet("Payments old")):
        sheet.append(["Client ID", "Start date", "End date", "Weekly cost"])
        sheet.append(["QX00001", "01/06/2018", "", "700"])
    book.save(tmp_path / "p.xlsx")
    assert 'sheet = "Payments"  # CHECK: one of 2 tables of the file' in draft_mapping(tmp_path / "p.xlsx")


# Headers without one name that we know for sure, above rows in which `Weekly` and `Placement` are such names.
STRANGE = {
    "Mosaic": (
        ["PSN", "Purchase Order", "Service Level Name", "Service Level Start Date", "Service Level End Date",
         "Agreed Rate", "Agreed Frequency", "Total To Date"],
        ["", "PO1", "Residential", "01/06/2018", "29/06/2018", "700.00", "Weekly", "2800"],
        {"child_id": "PSN", "from": "Service Level Start Date", "to": "Service Level End Date",
         "amount": "Agreed Rate", "period": "Agreed Frequency"},
    ),
    "ContrOCC": (
        ["SWIFT ID", "Care Package Line Item", "Element", "Effective From", "Effective To", "Price", "Price Unit"],
        ["", "77", "Standard", "01/06/2018", "29/06/2018", "700.00", "Per Week"],
        {"child_id": "SWIFT ID", "from": "Effective From", "to": "Effective To", "amount": "Price",
         "period": "Price Unit"},
    ),
    "Liquidlogic": (
        ["LCS Number", "Provision", "Commenced", "Ceased", "Agreed Weekly Cost", "Approval Status"],
        ["", "IFA", "01/06/2018", "", "£700.00", "Approved"],
        {"child_id": "LCS Number", "from": "Commenced", "to": "Ceased", "amount": "Agreed Weekly Cost"},
    ),
    "package": (
        ["Subject Ref", "Package Line", "Valid From", "Valid Until", "Charge", "Charge Basis", "Authorised"],
        ["", "Placement", "2018-06-01", "2018-06-29", "700", "Weekly", "Y"],
        {"child_id": "Subject Ref", "from": "Valid From", "to": "Valid Until", "amount": "Charge",
         "period": "Charge Basis"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", STRANGE)
def test_a_header_of_names_like_ours_is_one_though_a_row_below_holds_a_word_of_ours(tmp_path, system):
    head, row, wanted = STRANGE[system]
    drafted = draft(tmp_path, head, row).splitlines()
    found = {line.split(" = ")[0]: line.split('"')[1] for line in drafted if " = " in line and line[0] != "#"}
    assert drafted[2] == "[costs]"
    assert {ours: found.get(ours) for ours in wanted} == wanted


UNKNOWN = ["Xa", "Xb", "Xc", "Xd", "Xe", "Xf", "Xg", "Xh"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_header_no_name_of_which_is_known_is_told_by_the_dates_and_amounts_below_it(tmp_path, sign):
    rows = [[child, *STRANGE["Mosaic"][1][1:]] for child in CHILDREN]
    file = tmp_path / "p.csv"
    file.write_text(text_of([["Report", "Jo Smith"], UNKNOWN, *rows]).replace(",", sign), encoding="utf-8")
    with pytest.raises(InputError, match=r"says which table it is of\. Say it with --table"):
        draft_mapping(file)
    assert "no column was found for amount" in draft_mapping(file, table="costs")
    file.write_text(text_of(rows).replace(",", sign), encoding="utf-8")
    with pytest.raises(InputError, match="the first row seems to be no header"):
        draft_mapping(file)
    book = openpyxl.Workbook()
    for cells in (["Report", "Jo Smith"], UNKNOWN, *rows):
        book.active.append(cells)
    book.save(tmp_path / "p.xlsx")
    assert "no column was found for amount" in draft_mapping(tmp_path / "p.xlsx", table="costs")


def test_months_with_their_year_are_names_of_columns(tmp_path):
    with pytest.raises(InputError, match="Columns named after months cannot be mapped"):
        draft(tmp_path, ["Case Ref", "Name", "Apr 2018", "May 2018"], ["", "A B", "700", "700"])


def test_columns_parted_by_another_sign_are_told_so(tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("PSN|Agreed Rate\nQX00001|700\n", encoding="utf-8")
    with pytest.raises(InputError, match=r'columns seem to be parted by "\|"\. Part them by a comma'):
        draft_mapping(file)


STARTED = (
    ["Person Ref", "Package Line", "Actual Start", "Actual End", "Unit Cost", "Cost Frequency"],
    ["", "9000", "2018-06-01 00:00:00.000", "2018-06-29 00:00:00.000", "100", "Nightly"],
)
RUN_TOGETHER = (
    ["ServiceUserID", "PeriodFrom", "PeriodTo", "PlannedCost", "Rate", "RateUnit"],
    ["", "01/06/2018", "28/06/2018", "2800.00", "700.00", "Per Week"],
)
NO_END = (
    ["Client ID", "Start Date", "Weekly Cost", "Reviewed", "Date of Birth"],
    ["", "01/06/2018", "700", "29/06/2018", "05/01/2008"],
)
SURE_OF_NAMES = (
    ["Client ID", "Start Date", "End Date", "Weekly Cost", "Frequency"],
    ["", "01/06/2018", "29/06/2018", "as agreed", "29/06/2018"],
)


@pytest.mark.parametrize(
    ("extract", "there", "absent"),
    [
        (STARTED, ['from = "Actual Start"  # CHECK', 'to = "Actual End"  # CHECK'], ["no column was found"]),
        (RUN_TOGETHER,
         ['child_id = "ServiceUserID"\n', 'from = "PeriodFrom"\n', 'to = "PeriodTo"\n', 'amount = "Rate"\n',
          'period = "RateUnit"  # CHECK', 'amount may also be "PlannedCost"'], ["no column was found"]),
        (NO_END, ["# CHECK: no column was found for to, the end of a price", "Days are also in: column 4\n"],
         ["\nto ="]),
        (SURE_OF_NAMES, ['amount = "Weekly Cost"  # CHECK', 'to = "End Date"\n'], ["\nperiod ="]),
    ],
    ids=["end beside start", "names run together", "no end", "cells that are something else"],
)  # fmt: skip
def test_a_draft_finds_the_end_of_a_price_and_is_sure_of_no_column_that_holds_something_else(
    tmp_path, extract, there, absent
):
    text = draft(tmp_path, *extract)
    assert [line for line in there if line not in text] == []
    assert [line for line in absent if line in text] == []
