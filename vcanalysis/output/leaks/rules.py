"""The forms of what must not be published; a match fails the gate, and its text is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

RULES: dict[str, re.Pattern[str]] = {
    "a pseudonym of a child": re.compile(
        # 12 or 16 hexadecimal digits, a letter among them: as the synthetic council and the import write them
        r"(?<![\w#./-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])(?:[0-9a-f]{12}|[0-9a-f]{16})(?![\w.-])"
        r"|\"child_id\"\s*:\s*\"[^\"]+\""
    ),
    "a unique pupil number": re.compile(r"\b[A-HJ-NP-RT-Z]\d{12}\b|\b[A-HJ-NP-RT-Z]\d{11}[A-Z]\b"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),
    "a date of birth": re.compile(
        r"(?i)\b(?:dob|date[ _]of[ _]birth|birth_date|born)\b[^\n<]{0,20}\d{1,4}[/-]\d{1,2}[/-]\d{1,4}"
    ),
    "a path of the machine it was made on": re.compile(
        r"(?<![\w/.:-])/(?:home|Users|root|tmp|var|mnt|srv|work)/[\w.-]+|\b[A-Z]:\\\\?[\w.-]+\\"
    ),
    "an error trace": re.compile(r"Traceback \(most recent call last\)|\"output_type\":\s*\"error\""),
    "run metadata of a notebook": re.compile(r"\"papermill\":\s*\{"),
    "a script": re.compile(r"(?i)<script\b|\bon(?:load|click|error)\s*=|\bjavascript:"),
    "a resource loaded from elsewhere": re.compile(
        r"(?i)<(?:img|link|iframe|image)[^>]+(?:src|href)=[\"']https?:"
    ),
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY"),
    "an amount to the penny": re.compile(r"£\d[\d,]*\.\d\d(?!\d)(?!\s*(?:m|bn|million|billion|k)\b)"),
    "rows of a return": re.compile(
        r"(?im)^\W*(?:child|child_id)\W+(?:sex|dob|decom|upn|ethnic|sdq_|rne|date|from)\w*\W"
    ),
    "a date in the metadata of a picture": re.compile(r"<dc:date>"),
    "a part of the page that is not shown": re.compile(
        r"(?i)<!--(?!\[if)|style=[\"'][^\"']*(?:display:\s*none|visibility:\s*hidden)|<[a-z]+[^<>]*\shidden(?:(?=[\s>])|=[\"'](?:hidden|true)?[\"'])"
    ),
    "a hidden sheet": re.compile(r"<sheet [^>]*state=\"(?:veryHidden|hidden)\""),
    "a formula": re.compile(r"<f>|<f [^>]*>"),
    "hidden rows, columns or text of an office file": re.compile(
        r"<(?:row|col) [^>]*\bhidden=\"(?:1|true)\"|<w:vanish\b|<w:(?:del|ins) "
    ),
    "a file within a file": re.compile(r"/EmbeddedFile\b|/JavaScript\b|/JS\s*\("),
}
PARTS: dict[str, re.Pattern[str]] = {
    "a copy of the data behind a table or chart": re.compile(
        r"pivotCache|pivotTables|/charts/chart|/embeddings/"
    ),
    "comments": re.compile(r"(?:^|/)(?:threaded)?comments\d*\.xml$|/comments/|/persons/"),
    "a macro": re.compile(r"vbaProject"),
    "a link to another file": re.compile(r"externalLinks|connections\.xml|queryTables"),
    "properties of its own": re.compile(r"docProps/custom\.xml"),
}
_NHS = re.compile(r"(?<![\d.,-])\d{3}([ -])\d{3}\1\d{4}(?![\d.,-])|(?i:nhs)\D{0,12}(\d{10})(?!\d)")
_MAKER = re.compile(r"<(?:dc:creator|cp:lastModifiedBy)[^>]*>([^<]+)<")
_PERSON = re.compile(
    r"\s*(?:[A-Z][\w'’-]*\.?[ ,]+)+[A-Z][\w'’-]+\s*|\s*[\w.-]+@[\w.-]+\s*|\s*[a-z]{1,2}[a-z]*\d*\s*"
)
_BODY = re.compile(
    r"(?i)council|borough|authority|department|trust|service|vcanalysis|openpyxl|python-docx|gptables"
)
_CELL = re.compile(r"(?m)(?:^|,)\"?(?:[=@\t]|[+-](?=[A-Za-z(=@]))")


def broken(text: str, *, makers: frozenset[str] = frozenset()) -> Iterator[str]:
    """Name the rules that a text breaks; of makers, a council's own name is none."""
    yield from (rule for rule, form in RULES.items() if form.search(text))
    if any(_is_person(m[1]) and m[1].strip() not in makers for m in _MAKER.finditer(text)):
        yield "the person who made it"
    if any(_is_nhs_number(m[0]) for m in _NHS.finditer(text)):
        yield "an NHS number"


def broken_cells(text: str) -> Iterator[str]:
    """Name what a table of comma separated values does to a spreadsheet that opens it."""
    if _CELL.search(text):
        yield "a formula"


def _is_person(name: str) -> bool:
    return bool(_PERSON.fullmatch(name)) and not _BODY.search(name)


def _is_nhs_number(text: str) -> bool:
    digits = [int(d) for d in text if d.isdigit()][-10:]
    check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and len(set(digits)) > 1 and check % 11 == digits[9]
