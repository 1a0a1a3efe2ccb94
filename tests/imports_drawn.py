"""What docs/imports.md shows: whole returns with prices drawn for their children, imported, counted and timed."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.returns import write_returns
from vcanalysis.intake.cleaning.rules import RULES
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.linking import SHORT_BREAKS
from vcanalysis.intake.readers.ssda903 import read_returns
from vcanalysis.intake.report import PARTS

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("VC_SHARED", ROOT.parent / "shared" / "data"))
TIME = "Time: "
_WEEK = {"U": 550.0, "K": 4800.0, "R": 3900.0, "H": 1100.0, "P": 300.0}


@dataclass(frozen=True)
class Source:
    """A source of the page: its title, what is said of it, where it lies or how it is written."""

    title: str
    what: str
    place: Callable[[Path], Path]
    shared: bool = False
    long: bool = False

    @property
    def there(self) -> bool:
        """Whether it can be imported here."""
        return not self.shared or SHARED.is_dir()


def _nation(children: int, folder: Path) -> Path:
    write_returns(folder / "returns", children)
    return folder / "returns"


def _beside(name: str, _: Path) -> Path:
    return SHARED / "ssda903" / name


SOURCES = (
    Source(
        "Five returns",
        "Five annual returns of an invented council, published as sample data of cs-demand-model (MIT); a zip.",
        partial(_beside, "returns_2017_2021.zip"),
        shared=True,
    ),
    Source(
        "Workbook",
        "One return as the sheets of a workbook, teaching data of ERN-sessions (MIT).",
        partial(_beside, "workbook_clean.xlsx"),
        shared=True,
    ),
    Source(
        "A thousand children", "Five invented returns (`benchmarks/returns.py`).", partial(_nation, 1_000)
    ),
    Source(
        "A nation of 80,000 children",
        "Five invented returns of as many children as are looked after in England.",
        partial(_nation, 80_000),
        long=True,
    ),
)


def write_prices(source: Path, file: Path) -> None:
    """Write a weekly price for every stay of a source, and one row in a hundred that is odd, by a fixed recipe."""
    rows = read_returns(source).tables["episodes"].drop_duplicates(["CHILD", "DECOM"], keep="last")
    rows = rows.loc[~rows["LS"].isin(SHORT_BREAKS)].sort_values(["CHILD", "_year"], ignore_index=True)
    rng = np.random.default_rng(1)
    week = rows["PLACE"].str[0].map(_WEEK).fillna(700.0) * rng.lognormal(0, 0.3, len(rows))
    amount = week.map("{:.2f}".format)
    odd = rng.random(len(rows)) < 0.01
    kind = rng.integers(0, 4, len(rows))
    for number, write in enumerate(("£{}", "{} pw", "to be agreed", "-{}")):
        chosen = odd & (kind == number)
        amount = amount.mask(chosen, amount.map(write.format))
    prices = pd.DataFrame(
        {"child_id": rows["CHILD"], "from": rows["DECOM"], "to": rows["DEC"], "gbp_week": amount}
    )
    again = prices.loc[rng.random(len(rows)) < 0.005]
    pd.concat([prices, again]).to_csv(file, index=False)


def section(source: Source, folder: Path) -> list[str]:
    """Import a source and say what became of it; only the line of the time differs from run to run."""
    folder.mkdir(parents=True, exist_ok=True)
    place = source.place(folder)
    write_prices(place, folder / "costs.csv")
    report = import_extracts(
        folder / "out",
        ssda903=place,
        costs=folder / "costs.csv",
        key=folder / "keys" / "k.key",
        name="Imported",
    )
    lines = [
        f"## {source.title}",
        "",
        source.what,
        "",
        f"{report.children:,} children, {report.in_care:,} in care on the last day.",
        "",
    ]
    lines += [
        "| table | rows in | kept | put right | a value set aside | flagged | repeated or replaced | set aside "
        "| not used | balance |"
    ]
    lines += ["|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"]
    for line in report.balance:
        parts = [int(line[name]) for name in PARTS]
        done = ("rows_in", "kept", "changed", "emptied", "flagged", "dropped", "quarantined", "not_used")
        cells = [line[n] for n in done]
        even = "even" if sum(parts) == line["rows_in"] else "NOT EVEN"
        lines.append(f"| {line['table']} | " + " | ".join(f"{n:,}" for n in cells) + f" | {even} |")
    lines += ["", "| rule | class | rows |", "|---|---|---:|"]
    common = sorted(report.rules.items(), key=lambda item: (-item[1], item[0]))
    lines += [f"| {rule} | {RULES[rule].kind} | {count:,} |" for rule, count in common]
    return [*lines, "", *(f"{line}  " for line in report.balance_lines()), ""]


def head() -> list[str]:
    """Write what stands above the sections."""
    return [
        "# Whole returns imported: counts, balance and time",
        "",
        "<!-- Generated by `make imports` (tests/imports_drawn.py); the tests import again and compare the counts. -->",
        "",
        "Each source is imported with `vcanalysis import`, together with a price for every stay drawn by a fixed",
        "recipe (one in a hundred odd: with a pound sign, in words, below nought; one in two hundred given twice).",
        "Rows kept may be put right, lack one value or be flagged: parts of the kept. A rule counts lines of the",
        "log, also of rows set aside later; what holds for a file as a whole has one line. Only the seconds differ",
        "from machine to machine and run to run. What the rules do is in [cleaning_rules.md](cleaning_rules.md).",
        "",
    ]


def parts(page: str) -> dict[str, list[str]]:
    """Split the page into its sections, by title."""
    found = re.split(r"(?m)^## ", page)[1:]
    return {part.split("\n", 1)[0]: f"## {part}".rstrip("\n").split("\n") for part in found}


def measured() -> str:
    """Say when and on what the times were measured."""
    busy = f"{os.getloadavg()[0]:.0f} programs at work on {os.cpu_count()} processors"
    return f"Times of {dt.date.today():%B %Y}, {platform.system()}: at the end {busy}; a quiet machine is faster."
