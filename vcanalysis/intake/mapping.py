"""Mappings: what a council calls its columns and values, as TOML that a person edits (docs/mapping.md, for analysts).

A section per table says `our_column = "Their column"`, or a list of names of which the first that is there
holds. Beside it may stand

* options: `sheet`, `dates` ("dd/mm/yyyy", "yyyy-mm-dd" or "mm/dd/yyyy"), `every` (the period a price is
  for), `last_day` ("included" when the end is the last day charged), `framework`, `shares_as` ("shares",
  "percent" or "pounds"), `prices_of` ("the day of the extract" in a census: its year must then be given);
* in `[costs]`, `line`: the column of the service line; prices of different lines add up, those of one line
  follow one another;
* `[table.values.our_column]`: their value = ours;
* `[table.always]`: our column = the same value in every row;
* `[needs.domains]`: domain of the framework = their column, when there is a column per domain; of a list of
  columns the highest level holds. `[needs.strengths]` does the same for strengths;
* `[table.only]`: their column = the values of the rows to read; the others are left out and counted;
* `optional`: a list of our columns and domains (or "domains", "strengths" for all of them) that a file may lack. A
  column that is named and not optional must be there, or the file is refused: an end left out pays for ever.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.readers.lines import decode

MAPPABLE = ("needs", "costs", "outcomes", "goals", "stepdown", "carers", "edge", "send")
PERIODS = ("day", "week", "fortnight", "four weeks", "month", "quarter", "year", "total")
# Columns of an extract that are no columns of the schema, but from which those are made.
MADE_FROM = {"costs": ("amount", "period", "line"), "needs": ("entered",)}
OPTIONS: dict[str, tuple[str, ...]] = {
    "sheet": (),
    "dates": ("dd/mm/yyyy", "yyyy-mm-dd", "mm/dd/yyyy"),
    "every": PERIODS,
    "last_day": ("included", "not included"),
    "framework": (),
    "shares_as": ("shares", "percent", "pounds"),
    "prices_of": ("the day they begin", "the day of the extract"),
}
_PARTS = ("values", "always", "domains", "strengths", "only")


@dataclass(frozen=True)
class TableMapping:
    """What one table is called.

    Parameters
    ----------
    columns : dict of str to tuple of str
        Our column to theirs, by any of these names.
    options : dict of str to str
        See the module.
    translations : dict of str to dict
        Our column: their value to ours.
    always : dict of str to str
        Our column to the value of every row.
    domains, strengths : dict of str to tuple of str
        Domain to their columns of levels and of strengths.
    only : dict of str to tuple of str
        Their column to the values of the rows that are read.
    optional : tuple of str
        Our columns and domains that a file may lack though they are named.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strengths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    def theirs(self) -> list[str]:
        """Name every column of theirs that is asked for."""
        named = (*self.columns.values(), *self.domains.values(), *self.strengths.values())
        return [*(name for names in named for name in names), *self.only]


def presets() -> tuple[str, ...]:
    """Name the mappings that come with the workbench, for formats published in England."""
    return tuple(sorted(path.stem for path in data_file("mappings").glob("*.toml")))


def read_mapping(file: str | Path | None) -> dict[str, TableMapping]:
    """Read a mapping: a TOML file, or the name of one that comes with the workbench.

    Raises
    ------
    InputError
        If it is missing, no TOML, or names a table, column or option that does not exist.

    Examples
    --------
    >>> read_mapping("placements-northwest")["costs"].options["every"]
    'week'
    """
    if file is None:
        return {}
    place = Path(file)
    if str(file) in presets():
        place = data_file("mappings") / f"{file}.toml"
    try:
        sections = tomllib.loads(decode(place.read_bytes(), source=str(file))[0])
    except OSError:
        raise InputError(
            f"There is no mapping {file}. Give a TOML file, or one of: {', '.join(presets())}."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} cannot be read as TOML: {error}.") from None
    return {table: _section(table, content, f"{file}, [{table}]") for table, content in sections.items()}


def mapped_without_file(names: Mapping[str, TableMapping], *, given: Collection[str]) -> list[str]:
    """Say which tables are mapped though no file of them is given.

    Parameters
    ----------
    names : mapping of str to TableMapping
        By table, as `read_mapping` gives them.
    given : collection of str
        Tables of which there is a file.

    Returns
    -------
    list of str
        One sentence, or none.

    Raises
    ------
    InputError
        If the mapping is for none of the files.

    Examples
    --------
    >>> mapped_without_file({"costs": TableMapping(), "goals": TableMapping()}, given=["costs"])
    ['The mapping has a section for goals, but no file was given with --goals: that section was not used.']
    """
    idle = [table for table in names if table not in given]
    if not idle:
        return []
    doors = " or ".join(f"--{table}" for table in idle)
    if len(idle) == len(names):
        raise InputError(
            f"The mapping is for {', '.join(idle)}, but no such file was given. "
            f"Give it with {doors}, or leave the mapping out."
        )
    sections = "a section for" if len(idle) == 1 else "sections for"
    return [
        f"The mapping has {sections} {', '.join(idle)}, but no file was given with {doors}: "
        f"{'that section was' if len(idle) == 1 else 'they were'} not used."
    ]


def _section(table: str, content: Any, where: str) -> TableMapping:
    if table not in MAPPABLE or not isinstance(content, dict):
        raise InputError(f"{where} is no table that can be mapped. Tables are: {', '.join(MAPPABLE)}.")
    parts = {name: content.get(name, {}) for name in _PARTS}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise InputError(f"{where}: a part of it is no section of its own; write it as [table.part].")
    plain = {k: v for k, v in content.items() if k not in (*_PARTS, "optional")}
    columns = {k: v for k, v in plain.items() if k not in OPTIONS}
    options = {k: v for k, v in plain.items() if k in OPTIONS}
    allowed = (*TABLES[table].names, *MADE_FROM.get(table, ()))
    for name in (*columns, *parts["values"], *parts["always"]):
        if name not in allowed:
            known = ", ".join((*allowed, *OPTIONS))
            raise InputError(f"{where}: there is no column {name}. Columns and options are: {known}.")
    _check_texts(where, options, parts["always"], *parts["values"].values())
    _check_once(where, parts["values"])
    options = {name: str(value) for name, value in options.items()}  # a sheet may be called 2019
    for name, value in options.items():
        if OPTIONS[name] and value not in OPTIONS[name]:
            raise InputError(f"{where}: {name} is {value!r}. Allowed: {', '.join(OPTIONS[name])}.")
    named, domains, strengths = (_lists(where, p) for p in (columns, parts["domains"], parts["strengths"]))
    optional = _lists(where, {"optional": content.get("optional", [])})["optional"]
    _check_optional(where, optional, named, domains, strengths)
    only = _lists(where, parts["only"])
    return TableMapping(named, options, parts["values"], parts["always"], domains, strengths, only, optional)


def _check_optional(where: str, optional: tuple[str, ...], *named: Mapping[str, tuple[str, ...]]) -> None:
    allowed = [*(name for part in named for name in part), "domains", "strengths"]
    for name in optional:
        if name not in allowed:
            raise InputError(
                f"{where}: optional names {name}, which the section does not map. Allowed: {', '.join(allowed)}."
            )


def _check_once(where: str, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Capitals and blanks at the ends do not tell values apart, so no value may stand twice for two things."""
    for column, ours in values.items():
        seen: dict[str, Any] = {}
        for theirs, becomes in ours.items():
            if seen.setdefault(theirs.strip().casefold(), becomes) != becomes:
                raise InputError(
                    f"{where}: values of {column} name {theirs} twice, but for capitals, with two meanings. Keep one."
                )


def _lists(where: str, part: Any) -> dict[str, tuple[str, ...]]:
    """Make one name a list of one."""
    found = {name: tuple(given) if isinstance(given, list) else (given,) for name, given in part.items()}
    _check_texts(where, *({str(k): v for k, v in enumerate(names)} for names in found.values()))
    return {name: tuple(map(str, names)) for name, names in found.items()}


def _check_texts(where: str, *parts: Any) -> None:
    for part in parts:
        if not isinstance(part, dict) or not all(isinstance(v, str | int | float) for v in part.values()):
            raise InputError(
                f'{where}: every entry must be a text in quotes, such as child_id = "Person ID", or a list of them.'
            )
