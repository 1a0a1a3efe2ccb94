"""The SSDA903 return as XML: one element per child, its header and its episodes.

The reader knows no document type and no entity: a file that declares one is refused before it can do harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import pandas as pd

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.layout import LAYOUTS, squeeze
from vcanalysis.intake.readers.limits import few_cells
from vcanalysis.intake.readers.lines import decode
from vcanalysis.intake.readers.names import known_column
from vcanalysis.intake.readers.text import TextTable

_DEEPEST = 12
_FIELD = 2  # a field weighs as much as two cells of a text file
_NAMES = {"CHILDID": "CHILD", "PL": "PLACE"}
_GROUPS = {
    "EPISODE": "episodes",
    "AREVIEW": "reviews",
    "OC2": "oc2",
    "OC3": "oc3",
    "AD1": "ad1",
    "PERMANENCE": "previous_permanence",
    "AMISSING": "missing",
    "MISSING": "missing",
    "SBPFA": "placed_for_adoption",
    "PLACEDADOPTION": "placed_for_adoption",
    "UASC": "uasc",
    "SWEPISODE": "sw_episodes",
    "DOLO": "dolo",
}
# What is read from a group though its table has no such column, or stands in every group.
_ASIDE = {
    kind: {"_row", "CHILD", "DOB", "SEX"} | ({"UASC", "DUC"} if kind == "header" else set())
    for kind in LAYOUTS
}
_OF_ALL = {"ROW", "CHILD", "DOB", "SEX"}  # `_row`, and what every table has


@dataclass
class _Reading:
    """What was met so far, element by element."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unknown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    child: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    leaf: bool = False


def read_xml_bytes(data: bytes, *, source: str, group: str) -> list[TextTable]:
    r"""Read a return written as XML.

    Parameters
    ----------
    data : bytes
        The file: EXPSSDA903 > CHILD > HEADER and EPISODE.
    source, group : str
        See `TextTable`.

    Returns
    -------
    list of TextTable
        One per table met; `_row` is the line of the element, or its number where elements share lines. Groups that
        are of no table come after them, marked as such.

    Raises
    ------
    InputError
        If it is damaged, no return, nests too deep, or declares a document type or entities.

    Examples
    --------
    >>> child = "<HEADER><CHILDID>7</CHILDID></HEADER><EPISODE><PL>U4</PL></EPISODE>"
    >>> text = f"<EXPSSDA903><CHILD>{child}</CHILD></EXPSSDA903>"
    >>> [t.kind for t in read_xml_bytes(text.encode(), source="x.xml", group="")]
    ['header', 'episodes']
    """
    text, _ = decode(data, source=source)
    few_cells(_FIELD * (text.count("</") + text.count("/>") + text.count('="')), source)
    reading = _Reading()
    parser = _parser(reading, source)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise refuse(
            "damaged-file", f"{source}, line {error.lineno:,}: this is no sound XML. Export the return again."
        ) from None
    if not reading.rows:
        raise refuse("no-table", f"{source} holds no CHILD of a return. Give the XML of an SSDA903 return.")
    tables = [_table(kind, rows, source, group) for kind, rows in reading.rows.items()]
    return tables + [
        _unknown(name, number, rows, source, group)
        for number, (name, rows) in enumerate(reading.unknown.items(), start=1)
    ]


def _parser(reading: _Reading, source: str) -> Any:
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True

    def no_declaration(*_: object) -> None:
        raise refuse(
            "unsafe-xml",
            f"{source} declares a document type or an entity, which a return never does. Export it again.",
        )

    def start(name: str, given: dict[str, str]) -> None:
        if len(reading.path) >= _DEEPEST:
            raise refuse("too-large", f"{source} nests elements deeper than a return does. Export it again.")
        _open(reading, name.rpartition(":")[2].upper(), parser.CurrentLineNumber)
        for about, value in given.items():
            if not about.startswith(("xmlns", "xsi:")):
                _note_field(reading.groups[-1], about.rpartition(":")[2].upper(), value.strip())

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = no_declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: _close(reading)
    parser.CharacterDataHandler = reading.text.append
    return parser


def _open(reading: _Reading, name: str, line: int) -> None:
    reading.path.append(name)
    reading.groups.append({"_row": line})
    reading.text.clear()
    reading.leaf = True


def _close(reading: _Reading) -> None:
    name, group = reading.path.pop(), reading.groups.pop()
    if reading.leaf and reading.groups:
        _note_field(reading.groups[-1], _NAMES.get(name, name), "".join(reading.text).strip())
        for about, value in group.items():
            if about != "_row":  # an attribute
                _note_field(reading.groups[-1], f"{name} {about}", value)
    elif name == "CHILD":
        _finish_child(reading)
        _note_unknown(reading, name, group)  # what stands in it and in no group
    elif "CHILD" in reading.path:
        reading.child.append((name, group))
    else:
        _note_unknown(reading, name, group)
    reading.text.clear()
    reading.leaf = False


def _note_field(group: dict[str, Any], name: str, value: str) -> None:
    """Keep a field of a group; another value of the same name is one of its own, so that it is not lost."""
    number, called = 1, name
    while group.get(called, value) not in ("", value):
        number += 1
        called = f"{name} {number}"
    group[called] = value or group.get(called, "")


def _note_unknown(reading: _Reading, name: str, row: dict[str, Any]) -> None:
    if any(value for key, value in row.items() if key != "_row"):
        reading.unknown.setdefault(name, []).append(row)


def _finish_child(reading: _Reading) -> None:
    header = next((row for name, row in reading.child if name == "HEADER"), {})
    about = {name: header.get(name, "") for name in ("CHILD", "DOB", "SEX")}
    for name, row in reading.child:
        kind = "header" if name == "HEADER" else _GROUPS.get(name) or _fitting(row)
        if not kind:
            _note_unknown(reading, name, row)
            continue
        reading.rows.setdefault(kind, []).append({**about, **row})
    if header.get("UASC", "") in ("1", "Y", "YES", "true") or header.get("DUC"):
        asylum = {**about, "DUC": header.get("DUC", ""), "_row": header["_row"]}
        reading.rows.setdefault("uasc", []).append(asylum)
    reading.child.clear()


def _fitting(row: dict[str, Any]) -> str:
    """Tell an unnamed group by the table most of its columns are of; empty if there is none, and never a header."""
    have = {squeeze(name) for name in row} - _OF_ALL
    best, shared = "", len(have) / 2
    for layout in LAYOUTS.values():
        both = len(have & {squeeze(column) for column in layout.columns})
        if both > shared and layout.name != "header":
            best, shared = layout.name, both
    return best


def _unknown(name: str, number: int, rows: list[dict[str, Any]], source: str, group: str) -> TextTable:
    shown = name if known_column(name, _GROUPS) else str(number)
    frame = pd.DataFrame({"_row": [int(row["_row"]) for row in rows]})
    return TextTable(f"{source}, group {shown}", "", group, frame, marks=("unknown-table",))


def _table(kind: str, rows: list[dict[str, Any]], source: str, group: str) -> TextTable:
    known = LAYOUTS[kind].columns
    more = dict.fromkeys(
        name for row in rows for name, value in row.items() if value and name not in _ASIDE[kind]
    )
    columns = [*known, *(name for name in more if name not in known)]
    cells = {name: pd.Series([row.get(name, "") for row in rows], dtype="str") for name in columns}
    lines = [int(row["_row"]) for row in rows]
    numbers = lines if len(set(lines)) == len(lines) else range(1, len(rows) + 1)
    frame = pd.DataFrame(cells).assign(_row=numbers)
    return TextTable(f"{source}, {kind}", kind, group, frame, kind=kind)
