"""The measures of the council-year panel, declared once: reader, synthetic panel and dictionary follow from it."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

KEYS = ("council_code", "council", "region", "year")
BETTER = ("higher", "lower", "neither")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a council in a year.

    Parameters
    ----------
    measure : str
        Name of the column; its unit is the last part.
    column : str
        What the joined file of published panels calls it.
    label : str
        Words for titles.
    unit : str
        Unit of the values; percentages run from 0 to 100.
    better : str
        "higher" or "lower" where everybody agrees which is better for children, else "neither".
    low, high : float
        Smallest and largest value that can be; anything else is no measurement.
    of : str
        The measure that counts whom it is about, or empty: where that is 0, there is nothing to measure.
    factor : float
        What published values are multiplied by to be in `unit`.
    since : int
        First year (ending 31 March) that is published.
    source, meaning : str
        Who publishes it, and what it says.
    """

    measure: str
    column: str
    label: str
    unit: str
    better: str
    low: float
    high: float
    of: str
    factor: float
    since: int
    source: str
    meaning: str

    @property
    def direction(self) -> int:
        """Give 1 where higher is better, -1 where lower is, 0 where neither is agreed."""
        return {"higher": 1, "lower": -1}.get(self.better, 0)


@cache
def measures() -> dict[str, Measure]:
    """Give all declared measures by name, in the order of `data/reference/panel_measures.csv`.

    Examples
    --------
    >>> measures()["sdq_mean"].better, measures()["looked_after_gbp_week"].unit
    ('lower', 'GBP per week')
    """
    with data_file("reference/panel_measures.csv").open(encoding="utf-8", newline="") as stream:
        return {row["measure"]: _read(row) for row in csv.DictReader(stream)}


def measure(name: str) -> Measure:
    """Give one measure.

    Raises
    ------
    InputError
        If it is not declared; the message gives names that are near.

    Examples
    --------
    >>> measure("sdq_means")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: The panel has no measure 'sdq_means'. Did you mean sdq_mean?
    """
    known = measures()
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "All are in data/README.md."
        raise InputError(f"The panel has no measure {str(name)[:40]!r}. {hint}")
    return known[name]


def panel_dictionary() -> str:
    """Write the part of the data dictionary that describes the council-year panel."""
    lines = [
        "## The council-year panel",
        "",
        "One row is a council and a year. Key: council_code (ONS), year (the year ending 31 March; financial years",
        "and school years by the year in which they end). Beside it stand council and region. Every measure is a",
        "number; a cell that was hidden, suppressed or not applicable is empty, and the long form says which. Money",
        "is in pounds of its year. `vc.open_panel()` gives a synthetic panel, `vc.open_panel(folder)` the",
        "published one that `vcanalysis statistics` or a joined file gives.",
        "",
        "| measure | unit | better | since | source | meaning |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{m.measure}` | {m.unit} | {m.better} | {m.since} | {m.source} | {m.meaning} |"
        for m in measures().values()
    ]
    return "\n".join(lines)


def by_column(columns: Iterable[str]) -> dict[str, Measure]:
    """Find measures by what the joined file calls them; columns it does not know are left out.

    Examples
    --------
    >>> list(by_column(["cla_n", "ofsted_date"]))
    ['cla_n']
    """
    known = {m.column: m for m in measures().values()}
    return {name: known[name] for name in columns if name in known}


def _read(row: dict[str, str]) -> Measure:
    number = {name: float(row[name]) for name in ("low", "high", "factor")}
    if row["better"] not in BETTER:
        raise InputError(
            f"panel_measures.csv: {row['measure']} is better {row['better']!r}; write {', '.join(BETTER)}."
        )
    return Measure(**{**row, **number, "since": int(row["since"])})  # type: ignore[arg-type]
