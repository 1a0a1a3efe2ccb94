"""The tables of the SSDA903 return: their columns, their names, how to tell them apart."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.names import known_column, said_columns


@dataclass(frozen=True, slots=True)
class Layout:
    """A table of the return.

    Parameters
    ----------
    name : str
        Name used in the log.
    columns : tuple of str
        Columns of the published layout.
    required : tuple of str
        Columns without which the table cannot be read.
    aliases : tuple of str
        Parts of file or sheet names it goes by, squeezed to letters and digits.
    used : bool
        Whether the council folder takes anything from it yet.
    dates : tuple of str
        Columns that hold dates.
    codes : dict of str to frozenset of str
        Codes allowed, in tables that are checked and not kept.
    """

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    aliases: tuple[str, ...]
    used: bool = False
    dates: tuple[str, ...] = ()
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _layout(
    name: str, columns: str, required: str, aliases: str, *, used: bool = False, dates: str = "", **codes: str
) -> Layout:
    return Layout(
        name,
        tuple(columns.split()),
        tuple(required.split()),
        tuple(aliases.split()),
        used,
        tuple(dates.split()),
        {column: frozenset(allowed.split()) for column, allowed in codes.items()},
    )


_ACTIVITY = "F1 P1 F2 P2 F3 P3 F4 P4 F5 P5 G4 G5 G6 0"  # F3 and P3 before 2022
_HOMES = " ".join(f"{letter}{fit}" for letter in "BCDEGHKRSTUVWXYZ" for fit in "12")


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        _layout(
            "header",
            "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
            "CHILD SEX DOB",
            "header",
            used=True,
            dates="DOB",
        ),
        _layout(
            "episodes",
            "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
            "CHILD DECOM RNE LS PLACE DEC",
            "swfreeepisodes episodes episode",
            used=True,
            dates="DECOM DEC",
        ),
        _layout("uasc", "CHILD SEX DOB DUC", "CHILD DUC", "uasc", used=True, dates="DUC"),
        _layout(
            "oc2",
            "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT "
            "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
            "CHILD SDQ_SCORE",
            "oc2",
            used=True,
        ),
        _layout(
            "missing",
            "CHILD DOB MISSING MIS_START MIS_END",
            "CHILD MISSING MIS_START",
            "missing",
            used=True,
            dates="MIS_START MIS_END",
        ),
        _layout(
            "reviews",
            "CHILD DOB REVIEW REVIEW_CODE",
            "CHILD REVIEW",
            "reviews review",
            dates="REVIEW",
            REVIEW_CODE="PN0 PN1 PN2 PN3 PN4 PN5 PN6 PN7",
        ),
        _layout(
            "oc3",
            "CHILD DOB IN_TOUCH ACTIV ACCOM",
            "CHILD IN_TOUCH",
            "oc3",
            IN_TOUCH="YES NO DIED REFU NREQ RHOM",
            ACTIV=_ACTIVITY,
            ACCOM=f"0 {_HOMES}",
        ),
        _layout(
            "ad1",
            "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
            "CHILD DATE_INT",
            "ad1",
            dates="DATE_INT DATE_MATCH",
            FOSTER_CARE="0 1",
            NB_ADOPTR="1 2",
            SEX_ADOPTR="M1 F1 MM FF MF",
            LS_ADOPTR="L0 L11 L12 L2 L3 L4",
        ),
        _layout(
            "placed_for_adoption",
            "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
            "CHILD DATE_PLACED",
            "placedforadoption placedadoption adoptionplacement",
            dates="DATE_PLACED DATE_PLACED_CEASED",
            REASON_PLACED_CEASED="RD1 RD2 RD3 RD4",
        ),
        _layout(
            "previous_permanence",
            "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
            "CHILD PREV_PERM",
            "previouspermanence previouspermenance prevperm",
            PREV_PERM="P1 P2 P3 P4 Z1",
        ),
        _layout(
            "sw_episodes",
            "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
            "CHILD SW_DECOM",
            "swepisodes socialworker",
            dates="SW_DECOM SW_DEC",
            SW_REASON="MANAGE FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS",
        ),
        _layout(
            "dolo", "CHILD DOB DOLO_START DOLO_END", "CHILD DOLO_START", "dolo", dates="DOLO_START DOLO_END"
        ),
    )
}


def squeeze(name: str) -> str:
    """Reduce a name to what tells it from others.

    Examples
    --------
    >>> squeeze(" Place_Provider ")
    'PLACEPROVIDER'
    """
    return re.sub(r"[^A-Z0-9]", "", name.upper())


_OTHER_SIGNS = ("|", "^", "~", "¬", "#")  # by which some programs part columns
_OFFICIAL = {squeeze(c) for layout in LAYOUTS.values() for c in layout.columns}


def table_by_name(name: str) -> str | None:
    """Guess the table from the name of a file or sheet.

    Examples
    --------
    >>> table_by_name("SSDA903_2020_episodes"), table_by_name("previous_permenance"), table_by_name("notes")
    ('episodes', 'previous_permanence', None)
    """
    stem = _stem(name)
    fitting = [
        (len(alias), layout.name)
        for layout in LAYOUTS.values()
        for alias in layout.aliases
        if stem.startswith(alias) or stem.endswith(alias)
    ]
    return max(fitting)[1] if fitting else None


def _stem(name: str) -> str:
    return re.sub(r"(ssda|s)903|(19|20)\d\d", "", squeeze(name).lower())


def nearest_table(name: str) -> str | None:
    """Guess the table from a misspelt name.

    Examples
    --------
    >>> nearest_table("Epsiodes"), nearest_table("Heeader"), nearest_table("notes")
    ('episodes', 'header', None)
    """
    aliases = {alias: layout.name for layout in LAYOUTS.values() for alias in layout.aliases}
    near = difflib.get_close_matches(_stem(name), list(aliases), n=1, cutoff=0.75)
    return aliases[near[0]] if near else None


def table_by_columns(columns: list[str]) -> str | None:
    """Tell the table from its columns: the one whose layout they fill best, if its key columns are there."""
    have = {squeeze(c) for c in columns}

    def filled(layout: Layout) -> float:
        own = {squeeze(c) for c in layout.columns}
        return len(own & have) / len(own | have)

    able = [y for y in LAYOUTS.values() if {squeeze(c) for c in y.required} <= have]
    return max(able, key=filled).name if able else None


def standard_columns(columns: list[str], *, table: str, source: str) -> dict[str, str]:
    """Map the columns found to those of the layout, whatever their case and spacing.

    Raises
    ------
    InputError
        If a column is there twice, or one that is needed is missing.

    Examples
    --------
    >>> standard_columns(["child ", "Place Provider"], table="missing", source="x.csv")
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: x.csv: columns MISSING, MIS_START of missing are missing. Columns found: \
child, Place Provider.
    """
    layout = LAYOUTS[table]
    official = {squeeze(c): c for c in (*layout.columns, "YEAR", "LA")}
    mapping: dict[str, str] = {}
    for column in columns:
        standard = official.get(squeeze(column))
        if standard in mapping.values() and standard is not None:
            raise refuse("column-twice", f"{source}: column {standard} is there twice. Keep one of the two.")
        if standard is not None:
            mapping[column] = standard
    absent = [name for name in layout.required if name not in mapping.values()]
    if absent:
        raise refuse("column-missing", _missing_message(absent, columns, table=table, source=source))
    return mapping


def _missing_message(absent: list[str], columns: list[str], *, table: str, source: str) -> str:
    which = f"column {absent[0]}" if len(absent) == 1 else f"columns {', '.join(absent)}"
    said = f"{source}: {which} of {table} {'is' if len(absent) == 1 else 'are'} missing."
    if len(columns) == 1:
        return f"{said} {said_of_one(columns)}"
    shown = shown_columns(columns)
    upper = {name.strip().upper(): name for name in columns}
    near = difflib.get_close_matches(absent[0], [n for n in upper if known_column(n, _OFFICIAL)], n=1)
    if near and shown:
        said += f" Did you mean {near[0]}?"
    return said + (f" Columns found: {shown}." if shown else " The first row seems to be no header.")


def said_of_one(columns: list[str]) -> str:
    """Say of a table of one column how columns must be parted, and by what sign they seem to be.

    Examples
    --------
    >>> said_of_one(["CHILD|DOB"])
    'Its columns seem to be parted by "|". Part them by a comma, a semicolon or a tab.'
    >>> said_of_one(["Printed"])
    'Its first row has one cell only. Write the names of the columns there, parted by a comma, a semicolon or a tab.'
    """
    sign = next((sign for sign in _OTHER_SIGNS if sign in columns[0]), "")
    if sign:
        return f'Its columns seem to be parted by "{sign}". Part them by a comma, a semicolon or a tab.'
    return (
        "Its first row has one cell only. Write the names of the columns there, parted by a comma, a semicolon or a "
        "tab."
    )


def shown_columns(columns: list[str], known: set[str] | None = None) -> str:
    """List column names for a message, those of known words; nothing if the row may be data, which could identify.

    Examples
    --------
    >>> shown_columns(["CHILD", "Start"]), shown_columns(["123456", "Ann Lee"])
    ('CHILD, Start', '')
    """
    names = known or _OFFICIAL
    if not any(squeeze(name) in names for name in columns):
        return ""
    return said_columns(columns, names)
