"""The forms of what must not be published; a match fails the gate, and its text is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Forms begin with a letter or set, and look back behind it: that is searched for several times faster.
RULES: dict[str, re.Pattern[str]] = {
    "a pseudonym of a child": re.compile(
        # 12 or 16 hexadecimal digits, a letter among them: as the synthetic council and the import write them
        r"(?<![\w#./-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])(?:[0-9a-f]{12}|[0-9a-f]{16})(?![\w.-])"
        r"|\"child_id\"\s*:\s*\"[^\"]+\""
    ),
    "a unique pupil number": re.compile(r"\b[A-HJ-NP-RT-Z]\d{12}\b|\b[A-HJ-NP-RT-Z]\d{11}[A-Z]\b"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),
    "a day that may be a birthday": re.compile(
        r"<t[dh]\b[^<>]*>\s*(?:\d{1,2}/\d{1,2}/\d{4}|(?:19|20)\d{2}-\d{2}-\d{2})\s*<"
        r"|<dc:(?:title|subject)[^>]*>[^<]*\d/\d{1,2}/\d{4}"
    ),
    "a date of birth": re.compile(
        r"[dDbB](?<!\w[dDbB])(?i:(?<=d)ob|(?<=d)ate[ _]of[ _]birth|(?<=b)irth_date|(?<=b)orn)\b"
        r"[^\n<]{0,20}\d{1,4}[/-]\d{1,2}[/-]\d{1,4}"
    ),
    "a path of the machine it was made on": re.compile(
        r"/(?<![\w/.:-]/)(?:home|Users|root|tmp|var|mnt|srv|work|opt|data|media|Volumes)/[\w.-]+"
        r"|[A-Z](?<!\w[A-Z]):(?:\\\\?|/)[\w.-]+[\\/]|[fF](?<!\w[fF])(?i:ile:/)|\\\\[\w.-]+\\+[\w.$-]+"
        r"|~(?<![\w/.]~)[\w-]*/[\w.-]+"
    ),
    "an error trace": re.compile(
        r"T(?:raceback \(most recent call last\)|(?<!\wT)ypeError: )"
        r"|[KVIAF](?<!\w[KVIAF])(?:(?<=K)ey|(?<=V)alue|(?<=I)ndex|(?<=A)ttribute|(?<=F)ileNotFound)Error: "
        r"|\"output_type\":\s*\"error\""
    ),
    "run metadata of a notebook": re.compile(r"\"papermill\":\s*\{"),
    "a script": re.compile(
        r"<(?i:script)\b|[oO](?<!\w[oO])(?i:n(?:load|click|error))\s*=|[jJ](?<!\w[jJ])(?i:avascript:)"
    ),
    "a resource loaded from elsewhere": re.compile(
        r"(?i)<(?:img|link|iframe|image)[^>]+(?:src|href)=[\"']https?:"
    ),
    "a page about one child": re.compile(r"Private: about one child\b"),  # as the timeline says of itself
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY"),
    "an amount to the penny": re.compile(r"£\d[\d,]*\.\d\d(?!\d)(?!\s*(?:m|bn|million|billion|k)\b)"),
    "rows of a return": re.compile(
        r"(?im)^\W*(?:child|child_id)\W+(?:sex|dob|decom|upn|ethnic|sdq_|rne|date|from)\w*\W"
    ),
    "a date in the metadata of a picture": re.compile(r"<dc:date>"),
    "a part of the page that is not shown": re.compile(
        r"(?i)<!--(?!\[if)|(?-i:<template\b)|style=[\"'][^\"']*(?:display:\s*none|visibility:\s*hidden)|<[a-z]+[^<>]*\shidden(?:(?=[\s>])|=[\"'](?:hidden|true)?[\"'])"
    ),
    "a hidden sheet": re.compile(r"<sheet [^>]*state=\"(?:veryHidden|hidden)\""),
    "a formula": re.compile(r"<f>|<f [^>]*>"),
    "a number more exact than its cell shows it": re.compile(r"<v>-?\d{3,}\.\d*[1-9]\d*</v>"),
    "a place on the map": re.compile(r"\"coordinates\"\s*:\s*\["),
    "data carried by the page": re.compile(r"<[a-z]+\b[^<>]*\sdata-(?!record=)[\w-]+=[\"'][^\"']*\d"),
    "hidden rows, columns or text of an office file": re.compile(
        r"<(?:row|col) [^>]*\bhidden=\"(?:1|true)\"|<w:vanish\b|<w:(?:del|ins) |<col [^>]*\bwidth=\"0(?:\.0*)?\""
        r"|formatCode=\"(?:&quot;|[\";])*\""
    ),
    "a file within a file": re.compile(r"/EmbeddedFile\b|/JavaScript\b|/JS\s*\("),
}
UNSEEN = re.compile(r"<w:color w:val=\"(?i:FFFFFF)\"|<w:sz w:val=\"[1-8]\"")  # white, or too small to read
PARTS: dict[str, re.Pattern[str]] = {
    "a copy of the data behind a table or chart": re.compile(
        r"pivotCache|pivotTables|/charts/chart|/embeddings/"
    ),
    "comments": re.compile(r"(?:^|/)(?:threaded)?comments\d*\.xml$|/comments/|/persons/"),
    "a macro": re.compile(r"vbaProject"),
    "a link to another file": re.compile(r"externalLinks|connections\.xml|queryTables"),
    "properties of its own": re.compile(r"docProps/custom\.xml"),
}
_POSTCODE = re.compile(r"(?<![\w+/=#.%-])([A-Za-z]{1,2})\d[A-Za-z\d]? ?\d[A-Za-z]{2}(?![\w+/=.%-])")
_AREAS = frozenset(
    re.findall(
        "[A-Z]+",
        "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH "
        "EN EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N "
        "NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD "
        "TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE",
    )
)
_NOT_INWARD = frozenset("CIKMOV")
_NHS = re.compile(r"(?<![\d.,-])\d{3}([ -])\d{3}\1\d{4}(?![\d.,-])|(?i:nhs)\D{0,12}(\d{10})(?!\d)")
_MAKER = re.compile(r"<(?:dc:creator|cp:lastModifiedBy|Manager|Company)[^>]*>([^<]+)<")
_ABOUT = re.compile(r"<(?:cp:keywords|cp:category|dc:description|cp:contentStatus)[^>]*>([^<]+)<")
_TOOL = re.compile(r"(?i)(?:vcanalysis|openpyxl|python-docx|gptables|typst|matplotlib|pypdf)[\w .,-]*")
_BODY = re.compile(
    r"(?i)(?=.*\b(?:council|borough|authority|department|trust|county|city|office)\b)[a-z &'’-]+(?: \(synthetic\))?"
)
_SHEET = re.compile(r"(?is)<style\b[^>]*>(.*?)</style>")
_PRINT = re.compile(r"(?s)@media print\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_UNSEEN = re.compile(
    r"(?i)display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0*)?\s*[;}]|font-size:\s*0(?![.\d])"
)
_CELL = re.compile(r"(?m)(?:^|,)\"?(?:[=@\t]|[+-](?=[A-Za-z(=@]))")


def broken(text: str, *, makers: frozenset[str] = frozenset()) -> Iterator[str]:
    """Name the rules that a text breaks; of makers, a council's own name is none."""
    yield from (rule for rule, form in RULES.items() if form.search(text))
    if any(_is_person(m[1]) and m[1].strip() not in makers for m in _MAKER.finditer(text)):
        yield "the person who made it"
    if any(m[1].strip() not in ("", "generated by python-docx") for m in _ABOUT.finditer(text)):
        yield "words about the file that nobody sees"
    if any(
        m[1].upper() in _AREAS and not _NOT_INWARD & set(m[0][-2:].upper()) for m in _POSTCODE.finditer(text)
    ):
        yield "a postcode"
    yield from _styled_away(text)
    if any(_is_nhs_number(m[0]) for m in _NHS.finditer(text)):
        yield "an NHS number"


def broken_cells(text: str) -> Iterator[str]:
    """Name what a table of comma separated values does to a spreadsheet that opens it."""
    if _CELL.search(text):
        yield "a formula"


def _is_person(name: str) -> bool:
    """Whether a maker is anything but a body or a tool: names of people take too many forms to list."""
    return bool(name.strip()) and not _TOOL.fullmatch(name.strip()) and not _BODY.fullmatch(name.strip())


def _styled_away(text: str) -> Iterator[str]:
    """Find what the styles of a page hide on a screen; in print, what only a screen needs may be left out."""
    for sheet in _SHEET.findall(text):
        if _UNSEEN.search(_PRINT.sub("", sheet)):
            yield "a part of the page that is not shown"


def _is_nhs_number(text: str) -> bool:
    digits = [int(d) for d in text if d.isdigit()][-10:]
    check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and len(set(digits)) > 1 and check % 11 == digits[9]
