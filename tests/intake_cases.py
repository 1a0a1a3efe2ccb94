"""The table of bad input: each case a small change of a valid extract, the class it must meet, the rule it must name.

The extract changed is `drawn.returns(60)`: two returns of 60 children. Tables that no case needs and the change
leaves as they are stay away: to read them again and again took most of the time. A case of class STOP must refuse
with one line; the others must name their rule in the log, under the action that the class allows.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from drawn import returns, text_of, write_folder

Made = dict[int, dict[str, list[list[str]]]]


@dataclass(frozen=True)
class Case:
    """A case: number in the list of requirements, what is wrong, what must come of it, how it is drawn up.

    `rows`, where it is given, is the number of lines of the log that the rule must have.
    """

    number: str
    what: str
    kind: str
    rule: str
    draw: Callable[[Path], dict[str, Any]]
    rows: int | None = None


_NEEDED = ("header", "episodes")


def extract(*more: str) -> Made:
    """Draw the tables that every return needs, and those named."""
    return {
        year: {name: rows for name, rows in tables.items() if name in (*_NEEDED, *more)}
        for year, tables in returns(60).items()
    }


def _source(change: Callable[[Made], object], *, whole: bool = False) -> Callable[[Path], dict[str, Any]]:
    def draw(folder: Path) -> dict[str, Any]:
        made, plain = returns(60), returns(60)
        change(made)
        for name in () if whole else set(plain[2020]).difference(_NEEDED):
            if all(tables.get(name) == plain[year].get(name) for year, tables in made.items()):
                for tables in made.values():
                    del tables[name]
        return {"ssda903": write_folder(made, folder / "f")}

    return draw


def _cell(
    column: int, value: str, *, table: str = "episodes", row: int = -1
) -> Callable[[Path], dict[str, Any]]:
    return _source(lambda made: made[2020][table][row].__setitem__(column, value))


def _file(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], dict[str, Any]]:
    def draw(folder: Path) -> dict[str, Any]:
        source = write_folder(extract(name.removesuffix(".csv")), folder / "f")
        file = source / "2020" / name
        file.write_bytes(change(file.read_bytes()))
        return {"ssda903": source}

    return draw


def _column(index: int, value: str, table: str = "episodes") -> Callable[[Path], dict[str, Any]]:
    def change(made: Made) -> None:
        for tables in made.values():
            for row in tables[table][1:]:
                row[index] = value

    return _source(change)


def _beside(table: str, rows: list[list[str]], mapping: str = "") -> Callable[[Path], dict[str, Any]]:
    def draw(folder: Path) -> dict[str, Any]:
        (folder / f"{table}.csv").write_text(text_of(rows), encoding="utf-8")
        options: dict[str, Any] = {
            "ssda903": write_folder(extract("oc2") if table == "outcomes" else extract(), folder / "f"),
            table: folder / f"{table}.csv",
        }
        if mapping:
            (folder / "m.toml").write_text(mapping, encoding="utf-8")
            options["mapping"] = folder / "m.toml"
        return options

    return draw


def _costs(head: list[str], odd: list[list[str]], mapping: str = "", plain: list[str] | None = None) -> Any:
    """Forty plain prices and the odd ones."""
    about = plain or ["01/06/2018", "01/06/2019", "700"]
    return _beside("costs", [head, *([f"QX{k:05d}", *about] for k in range(1, 41)), *odd], mapping)


_PRICE = ["child_id", "from", "to", "gbp_week"]
_AMOUNT = ["Client ID", "Start date", "End date", "Amount", "Frequency"]


def _amount(amount: str, frequency: str) -> Any:
    """Give one amount for June beside forty weekly ones."""
    odd = [["QX00041", "01/06/2018", "30/06/2018", amount, frequency]]
    return _costs(_AMOUNT, odd, "finance", ["01/06/2018", "31/05/2019", "700", "Weekly"])


def _needs(odd: list[list[str]]) -> Any:
    head = ["child_id", "date", "domain", "level"]
    plain = [[f"QX{k:05d}", "01/12/2018", "education_learning", "1"] for k in range(1, 41)]
    return _beside("needs", [head, *plain, *odd])


def _bomb(folder: Path) -> dict[str, Any]:
    with zipfile.ZipFile(folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2020/header.csv", b"0" * 12_000_000)
    return {"ssda903": folder / "b.zip"}


def _macros(folder: Path) -> dict[str, Any]:
    book = openpyxl.Workbook()
    book.save(folder / "r.xlsx")
    with zipfile.ZipFile(folder / "r.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return {"ssda903": folder / "r.xlsx"}


def _padded(folder: Path) -> dict[str, Any]:
    openpyxl.Workbook().save(folder / "r.xlsx")
    with zipfile.ZipFile(folder / "r.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/padding.bin", bytes(150_000_000))
    return {"ssda903": folder / "r.xlsx"}


def _old_workbook(folder: Path) -> dict[str, Any]:
    (folder / "r.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return {"ssda903": folder / "r.xls"}


def _encrypted(folder: Path) -> dict[str, Any]:
    (folder / "r.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return {"ssda903": folder / "r.xlsx"}


def _two_sheets(folder: Path) -> dict[str, Any]:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("old")):
        sheet.append(_PRICE)
        sheet.append(["QX00001", "01/06/2018", "", "700"])
    book.save(folder / "costs.xlsx")
    return {"ssda903": write_folder(extract(), folder / "f"), "costs": folder / "costs.xlsx"}


def _hidden(folder: Path) -> dict[str, Any]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in returns(60, years=(2019,))[2019].items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["missing"].sheet_state = "hidden"
    book.save(folder / "r.xlsx")
    return {"ssda903": folder / "r.xlsx"}


def _days_from_1904(folder: Path) -> dict[str, Any]:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["CHILD", "DOB"])
    book.save(folder / "r.xlsx")
    return {"ssda903": folder / "r.xlsx"}


def _twice(folder: Path) -> dict[str, Any]:
    source = write_folder(extract(), folder / "f")
    (source / "2020" / "episodes (1).csv").write_bytes((source / "2020" / "episodes.csv").read_bytes())
    return {"ssda903": source}


def _councils(made: Made) -> None:
    for tables in made.values():
        for rows in tables.values():
            rows[0].append("LA")
            for k, row in enumerate(rows[1:]):
                row.append("Anyshire" if k % 2 else "Otherton")
            rows[0].append("YEAR")
    for year, tables in made.items():
        for rows in tables.values():
            for row in rows[1:]:
                row.append(str(year))


def _stale(folder: Path) -> dict[str, Any]:
    source = write_folder(extract(), folder / "f")
    (source / "2020").rename(source / "2022")
    (source / "2019").rename(source / "2019x")
    (source / "2019x").rename(source / "2019")
    return {"ssda903": source}


def _damage_pair(made: Made) -> None:
    made[2020]["oc2"][1][0] = "00007"
    made[2020]["oc2"][2][0] = "7"


def _repeat(made: Made) -> None:
    made[2020]["episodes"].append(list(made[2020]["episodes"][-1]))


def _second_header(birth: str | None) -> Callable[[Made], None]:
    def change(made: Made) -> None:
        row = list(made[2020]["header"][-1])
        row[2] = birth or row[2]
        made[2020]["header"].append(row)

    return change


def _overlap(made: Made) -> None:
    row = made[2020]["episodes"][4]
    row[7] = "31/12/2019"  # ends after the next one began


def _open_then_new(made: Made) -> None:
    row = made[2020]["episodes"][4]
    row[7] = row[8] = row[9] = ""


def _same_day(made: Made) -> None:
    again = list(made[2020]["episodes"][-1])
    again[5] = "U4"
    made[2020]["episodes"].append(again)


def _unclear(made: Made) -> None:
    _mixed(made)
    made[2020]["episodes"][-2][1] = "2019-25-07"


def _late_p2(folder: Path) -> dict[str, Any]:
    made = returns(60, years=(2024,))
    made[2024]["episodes"][-1][1] = "05/11/2023"
    made[2024]["episodes"][-1][5] = "P2"
    return {"ssda903": write_folder(made, folder / "f")}


def _other_form(folder: Path) -> dict[str, Any]:
    made = returns(60)
    for tables in made.values():
        for rows in tables.values():
            for row in rows[1:]:
                row[0] = row[0].replace("QX", "")
    (folder / "costs.csv").write_text(text_of([_PRICE, ["7", "01/06/2018", "", "700"]]), encoding="utf-8")
    return {"ssda903": write_folder(made, folder / "f"), "costs": folder / "costs.csv"}


def _entered(folder: Path) -> dict[str, Any]:
    head = ["child_id", "date", "domain", "level", "entered"]
    rows = [[f"QX{k:05d}", "01/12/2018", "education_learning", "3", "03/12/2018"] for k in range(1, 41)]
    odd = ["QX00001", "01/12/2018", "education_learning", "1", "09/12/2018"]
    return _beside("needs", [head, odd, *rows])(folder)


def _gap(made: Made) -> None:
    row = made[2020]["episodes"][4]
    row[7], row[8] = "01/05/2019", "E4A"


def _no_episode(made: Made) -> None:
    made[2020]["header"].append(["QX77777", "1", "03/03/2010", "WBRI", "", "", ""])


def _dolo(made: Made) -> None:
    made[2020]["dolo"] = [["CHILD", "DOB", "DOLO_START", "DOLO_END"], ["QX00001", "", "01/05/2019", ""]]


def _mixed(made: Made) -> None:
    row = made[2020]["episodes"][-1]
    day, month, year = row[1].split("/")
    row[1] = f"{year}-{month}-{day}"


def _serial(folder: Path) -> dict[str, Any]:
    return _cell(7, "43800.0")(folder)


def _short_row(data: bytes) -> bytes:
    lines = data.decode().splitlines()
    lines[5] = ",".join(lines[5].split(",")[:6])
    lines[6] += ",one more"
    return "\n".join(lines).encode()


def _big_sheet(folder: Path) -> dict[str, Any]:
    """A zip whose directory declares five gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("2020/header.csv", b"CHILD,SEX,DOB\n")
    data = bytearray(out.getvalue())
    at = data.find(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<II", 14, 4_200_000_000)
    (folder / "big.zip").write_bytes(bytes(data))
    return {"ssda903": folder / "big.zip"}


_SHARE = [*_PRICE, "care_share", "education_share", "health_share"]
_SPLIT = ["01/06/2018", "01/06/2019", "700", "0.5", "0.5", "0"]
_HALF = 'every = "week"\nchild_id = "Person"\nfrom = "Start"\nto = "End"\namount = "Cost"\n'

CASES = [
    Case(
        "1",
        "UTF-8 with a byte-order mark",
        "FIX",
        "byte-mark",
        _file("header.csv", lambda d: b"\xef\xbb\xbf" + d),
    ),
    Case(
        "3",
        "Windows-1252 with a pound sign",
        "FIX",
        "windows-text",
        _file("header.csv", lambda d: d.replace(b"WBRI,", "£\u2019,".encode("cp1252"), 1)),
    ),
    Case(
        "4",
        "UTF-16 separated by tabs",
        "FIX",
        "utf-16",
        _file("header.csv", lambda d: d.decode().replace(",", "\t").encode("utf-16")),
    ),
    Case("6", "empty file", "STOP", "empty-file", _file("header.csv", lambda d: b"")),
    Case(
        "7a",
        "header table without a row",
        "STOP",
        "no-table",
        _source(lambda m: m[2020].update(header=m[2020]["header"][:1])),
    ),
    Case(
        "7b",
        "optional table without a row",
        "FLAG",
        "no-rows",
        _source(lambda m: m[2020].update(missing=m[2020]["missing"][:1])),
    ),
    Case(
        "7c",
        "episodes without a row",
        "STOP",
        "no-table",
        _source(lambda m: m[2020].update(episodes=m[2020]["episodes"][:1])),
    ),
    Case(
        "8",
        "no column DECOM",
        "STOP",
        "column-missing",
        _source(lambda m: m[2020]["episodes"][0].__setitem__(1, "DECCOM")),
    ),
    Case(
        "9",
        "extra unknown column",
        "FLAG",
        "extra-column",
        _source(lambda m: [row.append("x") for row in m[2020]["header"]]),
    ),
    Case(
        "10",
        "DOB twice",
        "STOP",
        "column-twice",
        _source(lambda m: m[2020]["header"][0].__setitem__(4, "DOB")),
    ),
    Case(
        "11",
        "'child ' and 'Decom'",
        "FIX",
        "header-form",
        _file("episodes.csv", lambda d: d.replace(b"CHILD", b"child ").replace(b"DECOM", b"Decom")),
    ),
    Case(
        "12",
        "title rows above the header",
        "FIX",
        "title-rows",
        _file("header.csv", lambda d: b"Report run by J Smith 3/4/24\n\n" + d),
    ),
    Case(
        "12b",
        "header only after twenty rows of titles",
        "STOP",
        "column-missing",
        _file("header.csv", lambda d: b"Printed\n" * 25 + d),
    ),
    Case("14", "semicolons", "FIX", "separator", _file("header.csv", lambda d: d.replace(b",", b";"))),
    Case(
        "15",
        "quote that never closes",
        "STOP",
        "open-quote",
        _file("header.csv", lambda d: d.replace(b"WBRI", b'"WBRI', 1)),
    ),
    Case("16", "row too short, row too long", "QUARANTINE", "row-length", _file("reviews.csv", _short_row)),
    Case("18", "zip bomb", "STOP", "too-large", _bomb),
    Case("18b", "workbook padded with 150 MB", "STOP", "too-large", _padded),
    Case("20a", "workbook with macros", "STOP", "file-kind", _macros),
    Case("20b", "encrypted workbook", "STOP", "damaged-file", _encrypted),
    Case("20c", "workbook of before 2007 (.xls)", "STOP", "file-kind", _old_workbook),
    Case("21a", "prices in a workbook of two sheets, none named", "STOP", "several-sheets", _two_sheets),
    Case("21b", "hidden sheet", "FLAG", "hidden-sheet", _hidden),
    Case("23", "more than two gigabytes", "STOP", "too-large", _big_sheet),
    Case(
        "24",
        "reviews given as episodes",
        "STOP",
        "wrong-table",
        _source(lambda m: m[2020].update(episodes=m[2020]["reviews"])),
    ),
    Case("25a", "two councils mixed", "STOP", "two-councils", _source(_councils)),
    Case("25b", "the same file twice", "FLAG", "same-file", _twice),
    Case("26", "an old return under a later year", "STOP", "outside-period", _stale),
    Case("27", "dd/mm/yyyy", "KEEP", "", _source(lambda m: None, whole=True)),
    Case("28", "yyyy-mm-dd", "KEEP", "", _column(3, "2005-04-03", "uasc")),
    Case("29", "both forms in one column", "FIX", "mixed-dates", _source(_mixed)),
    Case(
        "29b", "both forms, and a value that is a date in neither", "STOP", "mixed-unclear", _source(_unclear)
    ),
    Case("32a", "Excel's count of days", "FIX", "excel-day", _serial),
    Case("32b", "workbook counting from 1904", "STOP", "days-from-1904", _days_from_1904),
    Case("34", "31/04/2019", "QUARANTINE", "not-a-date", _cell(1, "31/04/2019")),
    Case("36a", "year of two digits, one age possible", "FIX", "short-year", _cell(1, "03/04/19")),
    Case(
        "36d",
        "prices with years of two digits, one age possible",
        "FIX",
        "short-year",
        _costs(_PRICE, [], plain=["01/06/18", "01-Jun-19", "700"]),
        80,
    ),
    Case("30a", "3-Apr-2019", "FIX", "date-form", _cell(1, "3-Apr-2019"), 1),
    Case(
        "30b",
        "prices dated 01.06.2018 and 20190601",
        "FIX",
        "date-form",
        _costs(_PRICE, [], plain=["01.06.2018", "20190601", "700"]),
        80,
    ),
    Case("30c", "day with a time", "FIX", "date-form", _cell(1, "03/04/2019 14:35"), 1),
    Case("30d", "day with the time 00:00", "KEEP", "", _column(3, "03/04/2005 00:00:00", "uasc")),
    Case("36b", "year 0219", "QUARANTINE", "not-a-date", _cell(1, "03/04/0219")),
    Case("36c", "year 2919", "QUARANTINE", "not-a-date", _cell(1, "03/04/2919")),
    Case("37", "31/12/9999", "FLAG", "filler", _cell(7, "31/12/9999")),
    Case(
        "38",
        "born after the episode began",
        "QUARANTINE",
        "birth-late",
        _source(lambda m: [m[y]["header"][-1].__setitem__(2, "01/03/2019") for y in m]),
    ),
    Case(
        "38b",
        "born after the end of the return",
        "QUARANTINE",
        "birth-late",
        _source(lambda m: [m[y]["header"][-1].__setitem__(2, "01/03/2022") for y in m]),
    ),
    Case("39a", "ends before it begins", "QUARANTINE", "end-before-start", _cell(7, "01/01/2019")),
    Case(
        "39b",
        "ends the day it begins",
        "FLAG",
        "no-day",
        _source(lambda m: m[2020]["episodes"][-1].__setitem__(7, m[2020]["episodes"][-1][1])),
    ),
    Case("40a", "overlapping episodes", "FIX", "R4", _source(_overlap)),
    Case("40b", "open, then a new one", "FIX", "R4", _source(_open_then_new)),
    Case("40c", "two on one day, no repair applies: both", "QUARANTINE", "same-day", _source(_same_day), 2),
    Case("41", "gap before an episode that continues", "FLAG", "gap", _source(_gap)),
    Case("42a", "no reason for the start", "FLAG", "no-start-reason", _cell(2, "")),
    Case("42c", "reason Q for the start", "FLAG", "no-start-reason", _cell(2, "Q")),
    Case(
        "42b",
        "first episode not S",
        "FLAG",
        "first-not-s",
        _source(lambda m: [m[y]["episodes"][1].__setitem__(2, "P") for y in m]),
    ),
    Case("43", "reason of end without an end", "FLAG", "no-reason", _cell(8, "E8")),
    Case("43b", "end without a reason", "FLAG", "no-reason", _cell(7, "01/02/2020")),
    Case("44", "child in no header", "QUARANTINE", "orphan", _cell(0, "QX99999")),
    Case("45", "child without an episode", "FLAG", "no-episode", _source(_no_episode)),
    Case("46a", "child twice, the same", "FIX", "duplicate", _source(_second_header(None))),
    Case(
        "46b",
        "child twice, two dates of birth: all rows of the child in every table",
        "STOP for that child",
        "birth-conflict",
        _source(_second_header("01/01/2012"), whole=True),
        8,  # header 1 + 2, episodes 1 + 2, OC2 1 + 1
    ),
    Case("47", "row given twice", "FIX", "duplicate", _source(_repeat)),
    Case("48", "'k2 '", "FIX", "spelling", _cell(5, "k2 ")),
    Case("49a", "unknown placement code", "QUARANTINE", "unknown-code", _cell(5, "X9")),
    Case("49b", "K3 before its year", "FLAG", "code-year", _cell(5, "K3")),
    Case("49c", "P2 after 28 October 2023", "FLAG", "code-year", _late_p2),
    Case("49d", "unknown legal status", "QUARANTINE", "unknown-code", _cell(3, "Q7")),
    Case("49e", "unknown category of need", "QUARANTINE", "unknown-code", _cell(4, "N9")),
    Case("51", "short break", "FLAG", "short-break", _cell(3, "V4")),
    Case("53", "temporary placement", "FLAG", "temporary", _cell(5, "T1")),
    Case("54", "DoLO table", "FLAG", "table-unused", _source(_dolo)),
    Case("55", "stand-in postcode", "FLAG", "no-distance", _cell(11, "ZZ99 3VZ")),
    Case("55b", "no postcode", "FLAG", "no-distance", _cell(11, "")),
    Case("56a", "postcode 'sw1a1aa'", "FIX", "postcode-form", _cell(11, "sw1a1aa")),
    Case("56b", "postcode 'N/K'", "QUARANTINE", "bad-postcode", _cell(11, "N/K")),
    Case(
        "57a",
        "UPN with a wrong check letter",
        "FLAG",
        "upn-letter",
        _cell(4, "A801200005001", table="header"),
    ),
    Case("57b", "UN1 for a UPN", "FLAG", "upn-missing", _cell(4, "UN1", table="header")),
    Case(
        "57c",
        "one UPN for two children",
        "FLAG",
        "upn-double",
        _source(lambda m: m[2020]["header"][-1].__setitem__(4, m[2020]["header"][-2][4])),
    ),
    Case(
        "58a",
        "NHS number with a wrong check digit",
        "FLAG",
        "nhs-number",
        _beside("costs", [[*_PRICE, "NHS number"], ["QX00001", "01/06/2018", "", "700", "9434765918"]]),
    ),
    Case(
        "58c",
        "NHS number of ten noughts",
        "FLAG",
        "nhs-number",
        _beside("costs", [[*_PRICE, "NHS number"], ["QX00001", "01/06/2018", "", "700", "0000000000"]]),
    ),
    Case(
        "58b",
        "children named by NHS number",
        "STOP",
        "nhs-key",
        _beside(
            "costs",
            [["NHS", "from", "to", "gbp_week"], ["9434765919", "01/06/2018", "", "700"]],
            '[costs]\nchild_id = "NHS"\n',
        ),
    ),
    Case("59", "identifier with and without noughts", "STOP", "damaged-ids", _source(_damage_pair)),
    Case("59b", "a price for 7 where the return has 007", "STOP", "damaged-ids", _other_form),
    Case(
        "60b",
        "a price for 1.23457E+12",
        "STOP",
        "damaged-ids",
        _costs(_PRICE, [["1.23457E+12", "01/06/2018", "", "700"]]),
    ),
    Case("60", "identifier 1.2E+05", "STOP", "damaged-ids", _cell(0, "1.2E+05")),
    Case("63a", "'NA' as ethnicity", "FLAG", "word-code", _cell(3, "NA", table="header"), 1),
    Case("63b", "'None' as ethnicity", "FLAG", "word-code", _cell(3, "None", table="header"), 1),
    Case("63c", "'null' as ethnicity", "FLAG", "word-code", _cell(3, "null", table="header"), 1),
    Case(
        "64", "£5,600.50", "FIX", "money-form", _costs(_PRICE, [["QX00041", "01/06/2018", "", "£5,600.50"]])
    ),
    Case("64b", "5,600", "FIX", "money-form", _costs(_PRICE, [["QX00041", "01/06/2018", "", "5,600"]])),
    Case(
        "65a", "'1.2k pw'", "FIX", "money-words", _costs(_PRICE, [["QX00041", "01/06/2018", "", "1.2k pw"]])
    ),
    Case(
        "65b",
        "'ask Joan'",
        "QUARANTINE",
        "not-a-number",
        _costs(_PRICE, [["QX00041", "01/06/2018", "", "ask Joan"]]),
    ),
    Case(
        "66a",
        "(350.00) within a charge",
        "FLAG",
        "credit",
        _costs(_PRICE, [["QX00001", "01/07/2018", "08/07/2018", "(350.00)"]]),
    ),
    Case(
        "66b",
        "credit beyond any charge",
        "QUARANTINE",
        "credit-alone",
        _costs(_PRICE, [["QX00041", "01/07/2018", "08/07/2018", "350.00-"]]),
    ),
    Case(
        "66c",
        "credit greater than its charge: both",
        "QUARANTINE",
        "net-negative",
        _costs(_PRICE, [["QX00001", "01/07/2018", "08/07/2018", "900.00 CR"]]),
        2,
    ),
    Case(
        "67a",
        "monthly price",
        "FIX",
        "rate-converted",
        _amount("3000", "Monthly"),
    ),
    Case(
        "67b",
        "price without a period",
        "STOP",
        "no-period",
        _amount("3000", ""),
    ),
    Case(
        "67c",
        "a year's price",
        "FIX",
        "rate-converted",
        _amount("52178.57", "Annual"),
        1,
    ),
    Case(
        "67d",
        "a day's price",
        "FIX",
        "rate-converted",
        _amount("100", "Daily"),
        1,
    ),
    Case("69", "price of nought", "FLAG", "no-charge", _costs(_PRICE, [["QX00041", "01/06/2018", "", "0"]])),
    Case("70", "no price on the last day", "FLAG", "no-price", _costs(_PRICE, [])),
    Case(
        "71a",
        "shares in percent",
        "FIX",
        "shares-percent",
        _costs(_SHARE, [], "", ["01/06/2018", "", "700", "60", "30", "10"]),
    ),
    Case(
        "71b",
        "shares that add up to 110%",
        "QUARANTINE",
        "shares-sum",
        _costs(_SHARE, [["QX00041", "01/06/2018", "", "700", "0.6", "0.4", "0.1"]], "", _SPLIT),
    ),
    Case(
        "71c",
        "shares of 1, but for one row in percent",
        "QUARANTINE",
        "shares-sum",
        _costs(_SHARE, [["QX00041", "01/06/2018", "", "700", "60", "30", "10"]], "", _SPLIT),
        1,
    ),
    Case(
        "74a",
        "price over two episodes",
        "KEEP",
        "",
        _costs(_PRICE, [["QX00041", "01/06/2019", "01/10/2019", "700"]]),
    ),
    Case(
        "74b",
        "price outside any episode",
        "QUARANTINE",
        "price-outside",
        _costs(_PRICE, [["QX00041", "01/01/2015", "01/02/2015", "700"]]),
    ),
    Case(
        "76",
        "two ratings of a domain on one day",
        "FLAG",
        "rated-twice",
        _needs([["QX00001", "01/12/2018", "education_learning", "3"]]),
    ),
    Case(
        "76b",
        "two ratings on one day, the extract says when each was entered",
        "FLAG",
        "rated-twice",
        _entered,
        1,
    ),
    Case(
        "76c",
        "of three ratings of a domain by one rater on one day the two that do not hold",
        "FIX",
        "rating-replaced",
        _needs([["QX00001", "01/12/2018", "education_learning", level] for level in ("3", "2")]),
        2,
    ),
    Case(
        "77a",
        "level 9",
        "QUARANTINE",
        "level-range",
        _needs([["QX00041", "01/12/2018", "education_learning", "9"]]),
    ),
    Case(
        "77b",
        "half a point",
        "QUARANTINE",
        "level-range",
        _needs([["QX00041", "01/12/2018", "education_learning", "1.5"]]),
    ),
    Case(
        "77c",
        "blank level",
        "FLAG",
        "level-missing",
        _needs([["QX00041", "01/12/2018", "education_learning", ""]]),
    ),
    Case(
        "77d",
        "level in words",
        "FIX",
        "level-words",
        _beside(
            "needs",
            [
                ["Child ID", "Date", "Worker", "domain", "level"],
                *([f"QX{k:05d}", "01/12/2018", "w", "education_learning", "Medium"] for k in range(40)),
            ],
            "words",
        ),
    ),
    Case(
        "79",
        "assessed before care began",
        "FLAG",
        "rated-outside",
        _needs([["QX00041", "01/12/2015", "education_learning", "2"]]),
    ),
    Case(
        "79b",
        "assessed after care ended",
        "FLAG",
        "rated-outside",
        _needs([["QX00045", "01/12/2019", "education_learning", "2"]]),
    ),
]
