"""Bad input beyond the list of requirements: one drawn case for every rule that the list does not call."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from drawn import returns, write_folder
from intake_cases import _AMOUNT, Case, Made, _amount, _beside, _cell, _costs, _file, _needs, _source, extract

_SEND = ["census", "birth_month", "status", "plan_from", "plan_to", "gbp_year", "top_up_gbp_year"]
_PLAN = ["17/01/2019", "01/05/2008", "plan", "01/09/2015", "", "20000", "9000"]
_PRICE = ["child_id", "from", "to", "gbp_week"]


def _of_child(made: Made, year: int, child: str) -> list[list[str]]:
    return [row for row in made[year]["episodes"] if row[0] == child]


def _without(made: Made, year: int, row: list[str]) -> None:
    made[year]["episodes"].remove(row)


def _moved_unsaid(reason: str):
    """Child 1: open in 2019, of 2020 only the second placement is left."""

    def change(made: Made) -> None:
        first, second = _of_child(made, 2020, "QX00001")
        _without(made, 2020, first)
        second[2] = reason

    return change


def _gone_unsaid(made: Made) -> None:
    for row in _of_child(made, 2020, "QX00001"):
        _without(made, 2020, row)


def _like_neighbour(made: Made) -> None:
    row = _of_child(made, 2019, "QX00001")[0]
    made[2019]["episodes"].append([row[0], "01/06/2018", *row[2:]])


def _other_births(made: Made) -> None:
    """The later return is of a council that numbers its children alike."""
    for row in made[2020]["header"][1:]:
        row[2] = f"{row[2][:3]}{int(row[2][3:5]) % 12 + 1:02d}{row[2][5:]}"


def _other_children(made: Made) -> None:
    """The later return is of a council with identifiers of its own."""
    for rows in made[2020].values():
        for row in rows[1:]:
            row[0] = row[0].replace("QX", "QZ")


def _long_text(folder: Path) -> dict[str, Any]:
    """A Parquet file of a few kilobytes in which one text stands in every row."""
    rows = 600
    columns = {"child_id": ["QX00001"] * rows, "from": ["01/06/2018"] * rows, "gbp_week": ["700"] * rows}
    note = pa.DictionaryArray.from_arrays(pa.array([0] * rows, "int32"), ["x" * 1_000_000])
    pq.write_table(pa.table({**columns, "note": note}), folder / "costs.parquet")
    return {"ssda903": write_folder(extract(), folder / "f"), "costs": folder / "costs.parquet"}


def _long_shared_text(folder: Path) -> dict[str, Any]:
    """A workbook of a few kilobytes in which one text stands in every row."""
    book = openpyxl.Workbook()
    for row in [[*_PRICE, "note"], *[["QX00001", "01/06/2018", "", "700", "@"]] * 600]:
        book.active.append(row)
    book.save(folder / "plain.xlsx")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    sheet = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with (
        zipfile.ZipFile(folder / "plain.xlsx") as plain,
        zipfile.ZipFile(folder / "costs.xlsx", "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in plain.namelist():
            data = plain.read(name).replace(b't="inlineStr"><is><t>@</t></is>', b't="s"><v>0</v>')
            made.writestr(name, data.replace(b"</Types>", part))
        long = b"x" * 1_000_000
        made.writestr("xl/sharedStrings.xml", b"<sst " + sheet + b"><si><t>" + long + b"</t></si></sst>")
    return {"ssda903": write_folder(extract(), folder / "f"), "costs": folder / "costs.xlsx"}


def _nulls(made: Made) -> None:
    row = _of_child(made, 2020, "QX00001")[1]
    row[7] = row[8] = "NULL"
    row[9] = "null"


def _unborn(made: Made) -> None:
    for tables in made.values():
        tables["header"][2][2] = ""
        tables["oc2"][1][2] = "12"  # or the table would stay away


def _early_x1(made: Made) -> None:
    _of_child(made, 2020, "QX00001")[0][7] = "01/05/2019"


def _zip_out_of_place(folder: Path) -> dict[str, Any]:
    with zipfile.ZipFile(folder / "r.zip", "w") as archive:
        archive.writestr("../header.csv", "CHILD,SEX,DOB\n")
    return {"ssda903": folder / "r.zip"}


def _xml_with_entities(folder: Path) -> dict[str, Any]:
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Message>&a;</Message>'
    (folder / "r.xml").write_text(text, encoding="utf-8")
    return {"ssda903": folder / "r.xml"}


def _year_twice(folder: Path) -> dict[str, Any]:
    made = extract()
    source = write_folder(made, folder / "f")
    made[2020]["episodes"].pop()
    write_folder({2020: made[2020]}, folder / "f" / "again")
    return {"ssda903": source}


def _misspelt_sheet(folder: Path) -> dict[str, Any]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in returns(60, years=(2019,))[2019].items():
        sheet = book.create_sheet({"episodes": "Episods"}.get(name, name))
        for row in rows:
            sheet.append(row)
    book.save(folder / "r.xlsx")
    return {"ssda903": folder / "r.xlsx"}


def _odd_table(made: Made) -> None:
    made[2020]["lunches"] = [["CHILD", "MEAL"], ["QX00001", "soup"]]


def _many_bad(made: Made) -> None:
    for row in made[2020]["episodes"][1:20]:
        row[5] = "X9"


def _dates_gone(made: Made) -> None:
    for tables in made.values():
        for row in tables["episodes"][1:]:
            row[1] = "soon"


def _unquoted(folder: Path) -> dict[str, Any]:
    """Forty prices, of two more one is followed by an unquoted comma, one has one between its thousands."""
    given = _costs([*_PRICE, "Note"], [], "", ["01/06/2018", "01/06/2019", "700", ""])(folder)
    with given["costs"].open("a", encoding="utf-8") as file:
        file.write("QX00041,01/06/2018,01/06/2019,700,ask, Joan\nQX00042,01/06/2018,01/06/2019,1,700,\n")
    return given


def _support(odd: str, price: str = "700") -> Any:
    """Forty prices of 700 with support of 20 a week, and one of child 41 with another support."""
    head = [*_PRICE, "support_gbp_week"]
    return _costs(
        head, [["QX00041", "01/06/2018", "", price, odd]], "", ["01/06/2018", "01/06/2019", "700", "20"]
    )


_CENSUS = ["Identifier", "Placement start date", "Total weekly cost", "Looked after child?"]
_TOUCHING = [
    ["QX00041", "01/06/2018", "30/06/2018", "500"],
    ["QX00041", "30/06/2018", "31/07/2018", "600"],
    ["QX00041", "31/07/2018", "31/08/2018", "700"],
]
_CASCADE = [
    ["QX00041", "01/06/2018", "01/07/2018", "500"],
    ["QX00041", "20/06/2018", "31/12/2018", "900"],
    ["QX00041", "01/07/2018", "01/08/2018", "600"],
    ["QX00041", "01/08/2018", "01/09/2018", "650"],
]


def _contributions(*odd: list[str]) -> Any:
    """Forty prices that name no payer, and those of child 41 with what care and health pay of them in pounds."""
    head = ["child_id", "from", "to", "amount", "period", "care_share", "health_share"]
    rows = [["QX00041", *row] for row in odd]
    plain = ["01/06/2018", "01/06/2019", "700", "week", "", ""]
    return _costs(head, rows, "[costs]\nshares_as = 'pounds'\n", plain)


def _last_odd(table: str, head: list[str], plain: list[str], **odd: str) -> Any:
    """Forty equal rows and one more in which a cell is odd."""
    last = [odd.get(name, cell) for name, cell in zip(head, plain, strict=True)]
    rows = [*([f"QX{k:05d}", *plain] for k in range(40)), [odd.get("child_id", "QX00041"), *last]]
    return _beside(table, [["child_id", *head], *rows])


def _in_framework(name: str) -> Any:
    head = ["child_id", "date", "framework", "domain", "level"]
    return _beside("needs", [head, *([f"QX{k:05d}", "01/12/2018", name, "a", "1"] for k in range(40))])


def _roles(odd: list[str]) -> Any:
    head = ["child_id", "date", "rater_role", "domain", "level"]
    roles = [*odd, *["carer"] * 38]
    return _beside(
        "needs",
        [head, *([f"QX{k:05d}", "01/12/2018", r, "education_learning", "1"] for k, r in enumerate(roles))],
    )


def _unsaved_formulas(folder: Path) -> dict[str, Any]:
    """Forty prices whose ends are formulas that a program wrote and nobody has worked out."""
    book = openpyxl.Workbook()
    book.active.append(_PRICE)
    for k in range(1, 41):
        book.active.append([f"QX{k:05d}", dt.datetime(2018, 6, 1), f"=B{k + 1}+28", 700])
    book.save(folder / "costs.xlsx")
    return {"ssda903": write_folder(extract(), folder / "f"), "costs": folder / "costs.xlsx"}


def _settled(*odd: list[str]) -> Any:
    """Forty prices to the new year, thirty of which go on in February, and the odd ones."""
    later = [[f"QX{k:05d}", "01/02/2019", "01/03/2019", "700"] for k in range(2, 32)]
    return _costs(_PRICE, [*later, *odd], "", ["01/06/2018", "01/01/2019", "700"])


def _live(folder: Path) -> dict[str, Any]:
    """One return, named 2020, drawn on 6 April 2020 from the running system."""
    made = returns(60)[2020]
    for child, day in ((1, 3), (2, 4), (3, 5)):
        row = next(r for r in made["episodes"] if r[0] == f"QX{child:05d}")
        made["episodes"].append([row[0], f"0{day}/04/2020", *row[2:]])
    return {"ssda903": write_folder({2020: made}, folder / "f")}


BEYOND = [
    Case("no-source", "no such folder", "STOP", "no-source", lambda folder: {"ssda903": folder / "none"}),
    Case(
        "no-text",
        "a picture named .csv",
        "STOP",
        "no-text",
        _file("header.csv", lambda d: bytes(range(256)) * 4),
    ),
    Case("unsafe-path", "zip with ../header.csv", "STOP", "unsafe-path", _zip_out_of_place),
    Case("unsafe-xml", "XML that declares an entity", "STOP", "unsafe-xml", _xml_with_entities),
    Case("year-twice", "two returns of 2020", "STOP", "year-twice", _year_twice),
    Case("no-date-at-all", "'soon' in all of DECOM", "STOP", "no-date-at-all", _source(_dates_gone)),
    Case(
        "no-title",
        "a column of notes without a title",
        "FLAG",
        "no-title",
        _source(
            lambda made: [row.append("see notes" if at else "") for at, row in enumerate(made[2020]["oc2"])]
        ),
        rows=1,
    ),
    Case("too-many", "19 unknown codes among 169 episodes", "STOP", "too-many", _source(_many_bad)),
    Case(
        "too-many-values",
        "rater 'neighbour' in every row",
        "STOP",
        "too-many-values",
        _last_odd(
            "outcomes", ["date", "measure", "value", "rater"], ["01/12/2018", "sdq_total", "9", "neighbour"]
        ),
    ),
    Case(
        "value-range",
        "an SDQ total of 99",
        "QUARANTINE",
        "value-range",
        _last_odd("outcomes", ["date", "measure", "value"], ["01/12/2018", "sdq_total", "9"], value="99"),
        1,
    ),
    Case(
        "steps-order",
        "a child moved before the profile was written",
        "FLAG",
        "steps-order",
        _last_odd(
            "stepdown", ["profiled", "offer", "match", "move"], ["01/06/2018", "", "", ""], move="01/05/2018"
        ),
        1,
    ),
    Case(
        "age-beyond-25",
        "a plan of a person of 30 years",
        "QUARANTINE",
        "age-beyond-25",
        _last_odd("send", _SEND, _PLAN, birth_month="01/05/1989"),
        1,
    ),
    Case(
        "plan-order",
        "a plan that ceased before it was made",
        "FLAG",
        "plan-order",
        _last_odd("send", _SEND, _PLAN, plan_to="01/05/2010"),
        1,
    ),
    Case(
        "parts-over-whole",
        "a top-up above the whole cost",
        "FLAG",
        "parts-over-whole",
        _last_odd("send", _SEND, _PLAN, top_up_gbp_year="90000"),
        1,
    ),
    Case("sheet-name", "sheet 'Episods'", "FIX", "sheet-name", _misspelt_sheet),
    Case("unknown-table", "a table of lunches", "FLAG", "unknown-table", _source(_odd_table)),
    Case("R1", "open in 2019, in 2020 only the next placement", "FIX", "R1", _source(_moved_unsaid("P")), 1),
    Case(
        "R1A", "open in 2019, in 2020 only a new period in care", "FIX", "R1A", _source(_moved_unsaid("S")), 1
    ),
    Case("R2", "open in 2019, nothing in 2020", "FIX", "R2", _source(_gone_unsaid), 1),
    Case("R3", "two open episodes alike but for the first day", "FIX", "R3", _source(_like_neighbour), 1),
    Case("R3A", "the same episode in two returns", "FIX", "R3A", _source(lambda made: None), 60),
    Case("R5", "ended X1 a month before the next begins", "FIX", "R5", _source(_early_x1), 1),
    Case("replaced", "the same children in two headers", "FIX", "replaced", _source(lambda made: None)),
    Case("future-end", "ends in May after the return", "FIX", "future-end", _cell(7, "01/05/2020"), 1),
    Case("no-child", "row without a child", "QUARANTINE", "no-child", _cell(0, ""), 1),
    Case(
        "after-return",
        "begins in May after the return",
        "QUARANTINE",
        "after-return",
        _cell(1, "01/05/2020"),
        1,
    ),
    Case("no-provider", "K2 without a provider", "FLAG", "no-provider", _cell(6, ""), 1),
    Case(
        "birth-changed",
        "another date of birth in 2020 than in 2019",
        "FLAG",
        "birth-changed",
        _cell(2, "01/03/2010", table="header"),
        1,
    ),
    Case(
        "row-count",
        "a last line '(61 rows affected)'",
        "FIX",
        "row-count",
        _file("missing.csv", lambda d: d + b"\n(61 rows affected)\n"),
        1,
    ),
    Case(
        "ruled-line",
        "a line of strokes below the header",
        "FIX",
        "ruled-line",
        _file("missing.csv", lambda d: d.replace(b"\n", b"\n-----,---,-------,---------,-------\n", 1)),
        1,
    ),
    Case(
        "end-mark", "Ctrl-Z below the rows", "FIX", "end-mark", _file("missing.csv", lambda d: d + b"\x1a"), 1
    ),
    Case(
        "utf-16-bare",
        "UTF-16 without its mark",
        "FIX",
        "utf-16",
        _file("missing.csv", lambda d: d.decode().encode("utf-16-le")),
        1,
    ),
    Case(
        "one-column",
        "columns parted by ^",
        "STOP",
        "column-missing",
        _file("missing.csv", lambda d: d.replace(b",", b"^")),
    ),
    Case(
        "exchanged",
        "begin and end of the prices exchanged",
        "STOP",
        "too-many",
        _costs(_PRICE, [], "", ["01/06/2019", "01/06/2018", "700"]),
    ),
    Case(
        "torn",
        "a price with an unquoted comma behind it, another within it",
        "QUARANTINE",
        "row-length",
        _unquoted,
        2,
    ),
    Case("null", "NULL for no end and no reason", "FIX", "null-word", _source(_nulls), 3),
    Case(
        "header-aside",
        "a header row without a date of birth: all rows of the child in every table",
        "STOP for that child",
        "header-aside",
        _source(_unborn),
        5,  # episodes 1 + 2, OC2 1 + 1
    ),
    Case(
        "missing-backwards",
        "a time missing that ends before it begins",
        "FLAG",
        "missing-backwards",
        _cell(4, "31/08/2018", table="missing"),
        1,
    ),
    Case(
        "missing-end",
        "a time missing whose end is no date",
        "FLAG",
        "missing-end",
        _cell(4, "31/04/2019", table="missing"),
        1,
    ),
    Case("away", "A for away, not M for missing", "FLAG", "away", _cell(2, "A", table="missing"), 1),
    Case(
        "price-cut",
        "an open price, then another",
        "FIX",
        "price-cut",
        _costs(_PRICE, [["QX00041", "01/06/2018", "", "700"], ["QX00041", "01/09/2018", "", "800"]]),
        1,
    ),
    Case(
        "needed-empty",
        "price without a start",
        "QUARANTINE",
        "needed-empty",
        _costs(_PRICE, [["QX00041", "", "", "7"]]),
        1,
    ),
    Case(
        "not-allowed",
        "a goal with horizon 'medium'",
        "QUARANTINE",
        "not-allowed",
        _last_odd(
            "goals",
            ["set_on", "horizon", "domain", "progress"],
            ["01/06/2018", "short", "education_learning", "some"],
            horizon="medium",
        ),
        1,
    ),
    Case(
        "price-backwards",
        "price that ends before it begins",
        "QUARANTINE",
        "price-backwards",
        _costs(_PRICE, [["QX00041", "01/06/2018", "01/05/2018", "700"]]),
        1,
    ),
    Case(
        "price-overlap",
        "a second price for the same days",
        "QUARANTINE",
        "price-overlap",
        _costs(_PRICE, [["QX00001", "01/07/2018", "01/08/2018", "650"]]),
        1,
    ),
    Case(
        "price-added",
        "a second service line for the same days, the column of lines mapped",
        "FLAG",
        "price-added",
        _costs(
            [*_PRICE, "service"],
            [["QX00001", "01/07/2018", "01/08/2018", "90", "education"]],
            "[costs]\nline = 'service'\n",
            ["01/06/2018", "01/06/2019", "700", "placement"],
        ),
    ),
    Case(
        "unknown-domain",
        "domain 'telepathy'",
        "QUARANTINE",
        "unknown-domain",
        _needs([["QX00041", "01/12/2018", "telepathy", "1"]]),
        1,
    ),
    Case(
        "unknown-value",
        "ethnicity 'ask'",
        "QUARANTINE",
        "unknown-value",
        _cell(3, "ask", table="header"),
        1,
    ),
    Case("support-sign", "support of (100) in a charge", "QUARANTINE", "support-sign", _support("(100)"), 1),
    Case(
        "support-credit",
        "a credit of 140 with support of 10",
        "QUARANTINE",
        "support-sign",
        _support("10", "-140"),
        1,
    ),
    Case("support-unread", "support of 'ask Joan'", "QUARANTINE", "not-a-number", _support("ask Joan"), 1),
    Case("support-above", "support of £200,000 a week", "QUARANTINE", "price-above", _support("200000"), 1),
    Case("support-month", "support of £1,200 pcm", "FIX", "rate-converted", _support("£1,200 pcm"), 1),
    Case("pence", "an amount of £5600.50p", "QUARANTINE", "not-a-number", _amount("£5600.50p", "Weekly"), 1),
    Case("millions", "an amount of 1.2m", "QUARANTINE", "not-a-number", _amount("1.2m", ""), 1),
    Case("bracket", "an amount of 350)", "QUARANTINE", "not-a-number", _amount("350)", "Weekly"), 1),
    Case(
        "open-line-late",
        "an open price, and a line beside it that ends four months after the data",
        "FLAG",
        "price-added",
        _costs(
            [*_PRICE, "line"],
            [
                ["QX00041", "01/06/2019", "", "700", "Home"],
                ["QX00041", "01/09/2019", "31/07/2020", "140", "School"],
            ],
            "",
            ["01/06/2018", "01/06/2019", "700", "Home"],
        ),
        1,
    ),
    Case(
        "credit-late",
        "an open price, and a credit that ends four months after the data",
        "FIX",
        "credit-late",
        _costs(
            _PRICE,
            [["QX00041", "01/06/2019", "", "700"], ["QX00041", "01/09/2019", "31/07/2020", "-140"]],
        ),
        1,
    ),
    Case(
        "money-twice",
        "a mapping by which the price is the support too",
        "STOP",
        "money-twice",
        _costs(_PRICE, [], "[costs]\nsupport_gbp_week = 'gbp_week'\n"),
    ),
    Case(
        "shares-scaled",
        "contributions of 1,999 and 999 to an amount of 3,000",
        "FIX",
        "shares-scaled",
        _contributions(["01/06/2018", "", "3000", "month", "1999", "999"]),
        1,
    ),
    Case("stroke", "an amount of 200 - pw", "QUARANTINE", "not-a-number", _amount("200 - pw", ""), 1),
    Case(
        "price-touches",
        "three prices, each ending the day the next begins, read as the last day charged",
        "QUARANTINE",
        "price-touches",
        _costs(_PRICE, _TOUCHING, "[costs]\nlast_day = 'included'\n"),
        1,
    ),
    Case(
        "overlap-two",
        "a price that overlaps the one before it, and two good ones within its days",
        "QUARANTINE",
        "price-overlap",
        _costs(_PRICE, _CASCADE),
        1,
    ),
    Case(
        "open-filler",
        "prices that end on 31/12/2099 and 31/12/2999",
        "FIX",
        "open-filler",
        _costs(
            _PRICE,
            [["QX00041", "01/06/2018", "31/12/2099", "7"], ["QX00042", "01/06/2018", "31/12/2999", "7"]],
        ),
        2,
    ),
    Case(
        "shares-month",
        "contributions of 2,000 and 1,000 to an amount of 3,000 a month",
        "FIX",
        "shares-percent",
        _contributions(["01/06/2018", "", "3000", "month", "2000", "1000"]),
        1,
    ),
    Case(
        "shares-week",
        "contributions of 2,000 and 1,000 a week to an amount of 3,000 a month",
        "QUARANTINE",
        "shares-sum",
        _contributions(["01/06/2018", "", "3000", "month", "2000 pw", "1000 pw"]),
        1,
    ),
    Case(
        "shares-credit",
        "contributions of -100 and -40 to a credit of -140",
        "FLAG",
        "credit",
        _contributions(
            ["01/06/2018", "", "3000", "month", "2000", "1000"],
            ["01/07/2018", "01/08/2018", "-140", "week", "-100", "-40"],
        ),
        1,
    ),
    Case(
        "payer-negative",
        "a credit of 400 for health, of which the charge has 300",
        "QUARANTINE",
        "payer-negative",
        _contributions(
            ["01/06/2018", "", "700", "week", "400", "300"],
            ["01/07/2018", "01/08/2018", "-400", "week", "0", "-400"],
        ),
        2,
    ),
    Case(
        "line-years",
        "a service line in pounds of 2015-16 beside one of 2018-19",
        "FLAG",
        "line-years",
        _costs(
            [*_PRICE, "service", "price_year"],
            [["QX00001", "01/07/2018", "01/08/2018", "90", "education", "2015-16"]],
            "[costs]\nline = 'service'\n",
            ["01/06/2018", "01/06/2019", "700", "placement", "2018-19"],
        ),
        2,
    ),
    Case(
        "price-year-column",
        "forty prices without a column for the price year",
        "FIX",
        "no-price-year",
        _costs(_PRICE, []),
        1,
    ),
    Case(
        "code-unknown",
        "rater 'neighbour'",
        "QUARANTINE",
        "code-unknown",
        _last_odd(
            "outcomes",
            ["date", "measure", "value", "rater"],
            ["01/12/2018", "sdq_total", "9", "carer"],
            rater="neighbour",
        ),
        1,
    ),
    Case(
        "duplicate",
        "a price given twice",
        "FIX",
        "duplicate",
        _costs(_PRICE, [["QX00001", "01/06/2018", "01/06/2019", "700"]]),
        1,
    ),
    Case(
        "year-form",
        "price year 2019/20",
        "FIX",
        "year-form",
        _costs([*_PRICE, "price_year"], [], "", ["01/06/2018", "01/06/2019", "700", "2019/20"]),
        40,
    ),
    Case(
        "not-allowed-year",
        "price year 'ask Joan'",
        "QUARANTINE",
        "not-allowed",
        _costs(
            [*_PRICE, "price_year"],
            [["QX00041", "01/06/2018", "", "7", "ask Joan"]],
            "",
            ["01/06/2018", "01/06/2019", "700", "2018-2019"],
        ),
        1,
    ),
    Case("no-framework", "needs in framework 'ask Joan'", "STOP", "no-framework", _in_framework("ask Joan")),
    Case(
        "no-oc2",
        "header and episodes alone",
        "KEEP",
        "",
        _source(lambda made: [made[y].pop(t) for y in made for t in ("oc2", "missing")]),
    ),
    Case(
        "blank-role",
        "rater's role blank, or one that is not allowed",
        "QUARANTINE",
        "code-unknown",
        _roles(["", "neighbour"]),
        1,
    ),
    Case(
        "unknown-domain-goal",
        "a goal in the domain 'ask Joan'",
        "QUARANTINE",
        "unknown-domain",
        _beside(
            "goals",
            [
                ["child_id", "set_on", "horizon", "domain"],
                *([f"QX{k:05d}", "01/06/2018", "short", "education_learning"] for k in range(40)),
                ["QX00041", "01/06/2018", "short", "ask Joan"],
            ],
        ),
        1,
    ),
    Case(
        "other-case",
        "prices for qx00001 where the return has QX00001",
        "STOP",
        "damaged-ids",
        _beside("costs", [_PRICE, *([f"qx{k:05d}", "01/06/2018", "", "700"] for k in range(40))]),
    ),
    Case(
        "live",
        "three moves in the first days of April after the return",
        "QUARANTINE",
        "after-return",
        _live,
        3,
    ),
    Case(
        "left-out",
        "a row of the census for a child who is not looked after",
        "FIX",
        "left-out",
        _costs(
            [*_CENSUS, "price_year"],
            [["QX00041", "01/06/2018", "700", "No", "2019-20"]],
            "placements-northwest",
            ["01/06/2018", "700", "Yes", "2019-20"],
        ),
        1,
    ),
    Case(
        "price-above",
        "a price of £120,000 a week",
        "QUARANTINE",
        "price-above",
        _costs(_PRICE, [["QX00041", "01/06/2018", "", "£120,000"]]),
        1,
    ),
    Case(
        "price-year",
        "a price without its price year, among others with theirs",
        "FIX",
        "price-year",
        _costs(
            [*_PRICE, "price_year"],
            [["QX00041", "01/06/2018", "", "700", ""]],
            "",
            ["01/06/2018", "", "700", "2018-19"],
        ),
        1,
    ),
    Case(
        "one-day",
        "a price that ends on the day it begins",
        "QUARANTINE",
        "price-backwards",
        _costs(_PRICE, [["QX00041", "01/06/2018", "01/06/2018", "700"]]),
        1,
    ),
    Case(
        "shares-most",
        "shares in percent, but for one row in fractions",
        "QUARANTINE",
        "shares-sum",
        _costs(
            [*_PRICE, "care_share", "education_share", "health_share"],
            [["QX00041", "01/06/2018", "", "700", "0.6", "0.3", "0.1"]],
            "",
            ["01/06/2018", "", "700", "60", "30", "10"],
        ),
        1,
    ),
    Case(
        "credit-two",
        "a credit for the last week of one price and the first of the next",
        "FLAG",
        "credit",
        _costs(
            _PRICE,
            [["QX00001", "01/06/2019", "", "800"], ["QX00001", "25/05/2019", "08/06/2019", "-70"]],
        ),
        1,
    ),
    Case(
        "header-again",
        "prices of two exports one below the other",
        "FIX",
        "header-again",
        _costs(_PRICE, [_PRICE, ["QX00041", "01/06/2018", "", "700"]]),
        1,
    ),
    Case(
        "stacked",
        "two years of episodes in one sheet, the header in between",
        "STOP",
        "stacked",
        _source(lambda made: made[2020]["episodes"].extend(made[2019]["episodes"])),
    ),
    Case(
        "mapped-missing",
        "a mapping that says to = 'End dat' where the file has 'End date'",
        "STOP",
        "mapped-missing",
        _costs(["child_id", "from", "End date", "gbp_week"], [], "[costs]\nto = 'End dat'\n"),
    ),
    Case(
        "mapped-preset",
        "prices of the finance form with 'End' for 'End date'",
        "STOP",
        "mapped-missing",
        _costs(
            [*_AMOUNT[:2], "End", *_AMOUNT[3:]], [], "finance", ["01/06/2018", "31/05/2019", "700", "Weekly"]
        ),
    ),
    Case(
        "optional-missing",
        "prices of the finance form without the column of the period, which each amount says",
        "FLAG",
        "optional-missing",
        _costs(_AMOUNT[:4], [], "finance", ["01/06/2018", "31/05/2019", "700 pw"]),
        1,
    ),
    Case(
        "no-census-year",
        "a census of placements that says no price year",
        "STOP",
        "no-census-year",
        _costs(_CENSUS, [], "placements-northwest", ["01/06/2015", "700", "Yes"]),
    ),
    Case(
        "price-old",
        "a price that began in 2018-19 and still runs in March 2020",
        "FLAG",
        "price-old",
        _costs(_PRICE, [["QX00041", "01/06/2018", "", "700"]]),
        1,
    ),
    Case("formula-unsaved", "ends as formulas without results", "STOP", "formula-unsaved", _unsaved_formulas),
    Case(
        "outcome-twice",
        "an SDQ of 31 March 2020 other than the return's",
        "QUARANTINE",
        "outcome-twice",
        _last_odd(
            "outcomes",
            ["date", "measure", "value"],
            ["01/12/2018", "sdq_total", "9"],
            date="31/03/2020",
            value="40",
        ),
        1,
    ),
    Case(
        "unlike-rows",
        "two scores of the SDQ of one day by one rater",
        "QUARANTINE",
        "unlike-rows",
        _last_odd(
            "outcomes",
            ["date", "measure", "value"],
            ["01/12/2018", "sdq_total", "9"],
            child_id="QX00001",
            value="12",
        ),
        2,
    ),
    Case(
        "always-beside",
        "a price for all rows in the mapping of a file that has the column",
        "FLAG",
        "always-beside",
        _costs(_PRICE, [], "[costs.always]\ngbp_week = '900'\n"),
        1,
    ),
    Case(
        "rebilled",
        "a charge of 700, taken back for July and billed again at 800",
        "QUARANTINE",
        "credit-unclear",
        _settled(*(["QX00001", "01/07/2018", "01/08/2018", money] for money in ("-700", "800"))),
        3,
    ),
    Case(
        "doubled",
        "a charge given twice, and a credit that takes one of the two back",
        "FIX",
        "reversed",
        _settled(*(["QX00001", "01/06/2018", "01/01/2019", money] for money in ("700", "-700"))),
        2,
    ),
    Case(
        "reversed",
        "a charge of 700, taken back for all its days and billed again at 800",
        "FIX",
        "reversed",
        _settled(*(["QX00001", "01/06/2018", "01/01/2019", money] for money in ("-700", "800"))),
        2,
    ),
    Case(
        "other-service",
        "two prices alike but for their service, which no mapping names",
        "QUARANTINE",
        "price-overlap",
        _costs(
            [*_PRICE, "Service"],
            [["QX00041", "01/06/2018", "", "400", "Home"], ["QX00041", "01/06/2018", "", "400", "School"]],
            "",
            ["01/06/2018", "01/06/2019", "700", "Home"],
        ),
        1,
    ),
    Case(
        "two-councils-alike",
        "the later return is of another council, with the same identifiers",
        "STOP",
        "two-councils",
        _source(_other_births),
    ),
    Case(
        "two-councils-apart",
        "the later return is of another council, with other identifiers",
        "STOP",
        "two-councils",
        _source(_other_children),
    ),
    Case(
        "long-text-parquet",
        "a Parquet file with one long text in every row",
        "STOP",
        "too-large",
        _long_text,
    ),
    Case(
        "long-text-workbook",
        "a workbook with one long text in every row",
        "STOP",
        "too-large",
        _long_shared_text,
    ),
    Case(
        "price-year-ahead",
        "a price in pounds of a year long after the data",
        "QUARANTINE",
        "not-allowed",
        _costs(
            [*_PRICE, "price_year"],
            [["QX00041", "01/06/2018", "", "400", "2091-92"]],
            "",
            ["01/06/2018", "01/06/2019", "700", "2018-19"],
        ),
        1,
    ),
]
