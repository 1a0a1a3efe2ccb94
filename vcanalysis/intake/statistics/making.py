"""From a folder of official statistics, or from the service itself, to a panel on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.intake.readers.neighbours import no_neighbours, read_neighbours
from vcanalysis.intake.readers.reading import Reading
from vcanalysis.intake.statistics.assemble import LOG, assemble
from vcanalysis.intake.statistics.folder import all_totals, find_files, is_neighbours, read_file
from vcanalysis.intake.statistics.gazetteer import gazetteer
from vcanalysis.intake.statistics.rules import compare_totals, flags, national_totals
from vcanalysis.intake.statistics.stored import write_stored

_SYMBOL = r"[a-z~:.-]+: "  # as a source's symbol and what it means are stored


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a folder of official statistics.

    Parameters
    ----------
    out : Path
        The panel's folder.
    councils, years, values : int
        How many councils, years and published numbers it holds.
    empty, symbols : int
        Cells of a source without a number, and those of them for which it publishes a symbol ("c: suppressed").
    log : DataFrame
        What was found strange.
    sources : DataFrame
        file, kind, release, numbers: what was read.
    unknown : tuple of str
        Tables in the folder that are no official statistics that are known.
    """

    out: Path
    councils: int
    years: int
    values: int
    empty: int
    symbols: int
    log: pd.DataFrame
    sources: pd.DataFrame
    unknown: tuple[str, ...]

    def lines(self) -> list[str]:
        """Say it in lines for a terminal."""
        told = [
            f"{row.file}: {row.kind}, release {row.release}, {row.numbers:,} numbers"
            for row in self.sources.itertuples()
        ]
        told += [f"{name}: not known, left out" for name in self.unknown]
        told.append(
            f"{self.councils} councils, {self.years} years, {self.values:,} numbers; {self.empty:,} cells without a "
            f"number, {self.symbols:,} of them with a published symbol"
        )
        told += [f"{count:,} times: {rule}" for rule, count in self.log["rule"].value_counts().items()]
        return [*told, str(self.out)]


def make_panel(out: Path, *, folder: Path) -> Made:
    """Make a panel of a folder of official statistics: `OUT/panel.csv` and beside it reasons, dictionary and log.

    Parameters
    ----------
    out : Path
        Folder to write.
    folder : Path
        Files as published: Explore Education Statistics, Interactive Tool, outturn, neighbours, joined files.

    Raises
    ------
    InputError
        If there is no file that is known, or one is refused by its reader.
    """
    files, unknown = find_files(folder)
    if not files:
        raise InputError(f"{folder} holds no official statistics that are known. See docs/statistics.md.")
    readings = [read_file(file) for file in files]
    frame, long, log = assemble(readings)
    totals = _totals(readings)
    log = pd.concat([log, flags(frame, totals)], ignore_index=True)[list(LOG)]
    sources = pd.DataFrame(
        [(r.file, r.kind, r.release, int(r.figures["value"].notna().sum())) for r in readings]
    )
    sources.columns = pd.Index(["file", "kind", "release", "numbers"])
    tables = {
        "panel.csv": frame,
        "panel_long.parquet": long,
        "log.csv": log,
        "neighbours.csv": _neighbours(folder, readings),
        "totals.csv": compare_totals(frame, totals[totals["measure"].isin(frame.columns)]),
        "sources.csv": sources,
    }
    years = frame["year"].nunique()
    write_stored(out, tables, label=f"{frame['year'].min()} to {frame['year'].max()}")
    empty = long["value"].isna() & long["release"].ne("") & long["release"].ne("worked out")
    return Made(
        out=out,
        councils=frame["council_code"].nunique(),
        years=years,
        values=int(long["value"].notna().sum()),
        empty=int(empty.sum()),
        symbols=int(with_symbol(long).sum()),
        log=log,
        sources=sources,
        unknown=tuple(p.name for p in unknown),
    )


def with_symbol(long: pd.DataFrame) -> pd.Series:
    """Say of which cells a source publishes a symbol instead of a number, as `c: suppressed`.

    Examples
    --------
    >>> cells = pd.DataFrame({"value": [None, None, 1.0], "reason": ["c: suppressed", "empty in the joined file", ""]})
    >>> with_symbol(cells).tolist()
    [True, False, False]
    """
    return long["value"].isna() & long["reason"].str.match(_SYMBOL).fillna(False).astype(bool)


def _totals(readings: list[Reading]) -> pd.DataFrame:
    """Give the totals that the files publish, and of England those that are known where no file does."""
    own = all_totals(readings)
    known = national_totals()
    both = pd.concat([own, known], ignore_index=True)
    return both.drop_duplicates(["area", "year", "measure"]).reset_index(drop=True)


def _neighbours(folder: Path, readings: list[Reading]) -> pd.DataFrame:
    found = [p for p in sorted(folder.rglob("*.csv")) if is_neighbours(p)]
    return read_neighbours(found[-1], gazetteer(readings)["council_code"]) if found else no_neighbours()
