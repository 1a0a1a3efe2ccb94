"""Rows of children in a table: no id is needed to know a child by age, sex, placement and price."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from itertools import groupby

from vcanalysis.output.star.columns import STAR

ROWS = "rows of children"
PENNIES = "amounts of many to the penny"
DATES = "as many days as there are children"
_FEW = 5  # exact amounts, or days, that a release may hold
_SHORT, _LONG = 10, 20  # rows
_WIDE = 3  # particulars that make a child known
_FIGURES = 3  # of what is published
_YEARS = range(1900, 2101)
_PARTICULARS = {
    "age": r"age|years?_old|age_\w+",
    "sex": r"sex|gender",
    "birth": r"dob|birth\w*|date of birth|born",
    "ethnicity": r"ethnic\w*",
    "placement": r"placement\w*|placement type|home|provider\w*|setting",
    "need": r"need\w*|score|level|sdq\w*",
    "cost": r"(?:weekly[ _])?(?:cost|price|fee|spend)\w*|gbp\w*|£.*",
    "status": r"legal\w*|uasc|disab\w*|category",
    "place": r"postcode|ward|lsoa|school",
    "day": r"start\w*|decom|dec|entered|left|from|admitted",
}
_FORMS = {name: re.compile(rf"(?i)\W*(?:{form})\W*") for name, form in _PARTICULARS.items()}
_CHILD = re.compile(
    r"(?i)\W*(?:child|pupil|person|young[ _]person)(?:[ _]?(?:id|no|number|ref|code))?\W*|\W*initials\W*"
)
_SIZES = {"contentSize"}  # of files
_OURS = {tuple(c.name for c in columns) for columns in STAR.values()}
_AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,?\d{3})*\.\d{1,2}(?![\d.])")
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b")
_UNSAID = re.compile(r"<(style|svg)\b.*?</\1>|<[^<>]*>", re.S | re.I)
_DELIMITERS = (re.compile(r"\s*[\t|;]\s*"), re.compile(r"\s{2,}"))

Table = list[list[str]]


def of_children(text: str) -> Iterator[str]:
    r"""Name what in a text is a row a child, or exact amounts or days of many.

    Examples
    --------
    >>> rows = "age,sex,need\n" + "14,F,22\n" * 12
    >>> list(of_children(rows)), list(of_children("placement,children\nFoster family,410\n"))
    (['rows of children'], [])
    """
    said = _UNSAID.sub(" ", text)
    if len({m for m in _AMOUNT.findall(said) if _exact(m)}) > _FEW:
        yield PENNIES
    if len(set(_DAY.findall(said))) > _FEW:
        yield DATES
    if any(_is_of_children(table) for table in _tables(text)):
        yield ROWS


def _exact(amount: str) -> bool:
    number = float(amount.replace(",", ""))
    return number >= 100 and number % 1 != 0


def _is_of_children(table: Table) -> bool:
    head, body = table[0], table[1:]
    if tuple(head) in _OURS or len(body) < _SHORT:
        return False
    if any(_CHILD.fullmatch(cell) and _all_unlike(body, at) for at, cell in enumerate(head)):
        return True
    told = {name for name, form in _FORMS.items() if any(form.fullmatch(cell) for cell in head)}
    if len(told) >= _WIDE and (len(body) >= _LONG or told & {"age", "sex", "birth"}):
        return True
    columns = [at for at in range(max(map(len, body))) if at >= len(head) or head[at] not in _SIZES]
    return any(_fine(row[at] for row in body if at < len(row)) for at in columns)


def _all_unlike(body: Table, at: int) -> bool:
    said = [row[at] for row in body if at < len(row)]
    return len(set(said)) >= _SHORT


def _fine(cells: Iterable[str]) -> bool:
    """Whether a column holds many unlike numbers, said more finely than anything that is published."""
    numbers = {m[1].replace(",", "") for c in cells if (m := re.fullmatch(r"\W*(\d[\d,]*(?:\.\d+)?)\W*", c))}
    return sum(_is_fine(m) for m in numbers) >= _LONG


def _is_fine(number: str) -> bool:
    value = float(number)
    figures = len(number.replace(".", "").strip("0"))
    return figures > _FIGURES and value % 5 != 0 and value not in _YEARS


def _tables(text: str) -> Iterator[Table]:
    if text.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            yield from _of_json(json.loads(text))
    if "<tr" in text.lower():
        reader = _Rows()
        reader.feed(text)
        yield from (table for table in reader.tables if table)
    if "<" not in text[:100]:
        yield from _of_lines(text)


class _Rows(HTMLParser):
    """The tables of a page as rows of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table" or (tag == "tr" and not self.tables):
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        self.inside = tag in ("td", "th") or (self.inside and tag not in ("tr", "table"))
        if tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th", "tr", "table")

    def handle_data(self, data: str) -> None:
        if self.inside and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip()


def _of_json(tree: object) -> Iterator[Table]:
    """Find lists of alike objects, and objects of alike lists."""
    if isinstance(tree, list):
        rows = [row for row in tree if isinstance(row, dict)]
        if len(rows) >= _SHORT:
            names = list(dict.fromkeys(str(key) for row in rows for key in row))
            yield [names, *([str(row.get(name, "")) for name in names] for row in rows)]
        lists = [row for row in tree if isinstance(row, list)]
        if len(lists) >= _SHORT:
            yield [[str(v) for v in row] for row in lists]
    if isinstance(tree, dict):
        columns = [list(v.values()) if isinstance(v, dict) else v for v in tree.values()]
        if len(columns) >= _WIDE and all(isinstance(c, list) and len(c) >= _SHORT for c in columns):
            yield [list(map(str, tree)), *([str(v) for v in row] for row in zip(*columns, strict=False))]
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    for one in inner:
        if isinstance(one, list | dict):
            yield from _of_json(one)


def _of_lines(text: str) -> Iterator[Table]:
    lines = text.splitlines()
    with suppress(csv.Error):  # a field longer than any table has
        yield from _runs(list(csv.reader(line for line in lines if "\0" not in line)))
    for delimiter in _DELIMITERS:
        yield from _runs([delimiter.split(line.strip()) for line in lines])


def _runs(rows: Table) -> Iterator[Table]:
    """Cut lines into runs of as many fields, each with the line before it, which may be its head."""
    before: list[str] = []
    for width, run in groupby(rows, key=len):
        found = list(run)
        if len(found) >= _SHORT and (width >= _WIDE or any(map(_CHILD.fullmatch, found[0]))):
            yield found
            yield [before, *found]
        before = found[-1]
