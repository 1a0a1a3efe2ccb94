"""The council-year panel: one tidy frame of published statistics, or a synthetic one that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file, find_folder
from vcanalysis.intake.readers.joined_panel import read_joined
from vcanalysis.intake.readers.neighbours import no_neighbours, read_neighbours
from vcanalysis.intake.statistics.assemble import REVISED, assemble
from vcanalysis.intake.statistics.folder import is_neighbours
from vcanalysis.intake.statistics.gazetteer import gazetteer
from vcanalysis.intake.statistics.rules import flags
from vcanalysis.intake.statistics.stored import META, read_stored
from vcanalysis.intake.statistics.worked_out import resting_on

JOINED = "la_panel_*.csv"
PUBLISHED = "Published statistics of DfE, MHCLG and ONS (Open Government Licence v3.0)"


@dataclass(frozen=True)
class Panel:
    """Councils by years.

    Parameters
    ----------
    frame : DataFrame
        One row a council and year: council_code, council, region, year, then measures as floats with the unit in
        the name (`vcanalysis.core.measures`). What is not a published number is NaN.
    long : DataFrame
        One row a council, year and measure: council_code, year, measure, value, reason (why there is no value),
        release, source.
    log : DataFrame
        What was found strange, by rule: rule, council_code, council, year, measure, value, expected, detail.
    synthetic : bool
        Whether every council in it is invented.
    source : str
        What a headline and a source line say about where it is from.
    programme : DataFrame
        Councils of the programme: council_code, council, started (as published), first_treated (the first year
        ending 31 March that lies mostly after the start).
    neighbours : DataFrame
        Statistical neighbours: council_code, neighbour_code, rank, closeness.
    truth : mapping
        What was planted into a synthetic panel; empty for a real one.
    """

    frame: pd.DataFrame = field(repr=False)
    long: pd.DataFrame = field(repr=False)
    log: pd.DataFrame = field(repr=False)
    synthetic: bool
    source: str
    programme: pd.DataFrame = field(repr=False)
    neighbours: pd.DataFrame = field(repr=False)
    truth: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """Name of the panel for titles."""
        first, last = self.frame["year"].min(), self.frame["year"].max()
        kind = "synthetic panel" if self.synthetic else "published panel of English councils"
        return f"{kind}, {first} to {last}"

    @property
    def caveat(self) -> str:
        """One sentence about what is invented, or nothing."""
        return "Synthetic panel: every council in it is invented." if self.synthetic else ""

    @property
    def first_councils(self) -> list[str]:
        """Codes of the councils with which the programme began."""
        started = self.programme["first_treated"]
        return list(self.programme.loc[started.eq(started.min()), "council_code"])

    def without_flagged(self, *rules: str) -> pd.DataFrame:
        """Give the frame with every value that the log flags left empty, and what is worked out of it.

        Parameters
        ----------
        *rules : str
            Rules whose flags count. When none is named, all but revised: there the newer number stands in the frame,
            and nothing is wrong with it.
        """
        rule = self.log["rule"]
        flagged = self.log[rule.isin(rules) if rules else rule.ne(REVISED)]
        frame = self.frame.copy()
        place = frame.reset_index().set_index(["council_code", "year"])["index"]
        for code, year, name in flagged[["council_code", "year", "measure"]].itertuples(index=False):
            if (code, year) in place.index:
                empty = frame.columns.intersection([name, *resting_on(name)])
                frame.loc[place[code, year], empty] = float("nan")
        return frame


def open_panel(folder: str | Path | None = None) -> Panel:
    """Open a panel.

    Parameters
    ----------
    folder : str or Path, optional
        Folder that `vcanalysis statistics` wrote, or that holds a joined file `la_panel_*.csv`. Empty or None gives
        the synthetic panel: 150 invented councils, 2016 to 2025, every column, planted truth.

    Raises
    ------
    InputError
        If the folder is missing or holds no panel, or more than one.

    Examples
    --------
    >>> panel = open_panel()
    >>> panel.label, panel.frame["council_code"].nunique()
    ('synthetic panel, 2016 to 2025', 150)
    """
    if not folder:
        return _synthetic()
    path = find_folder(folder)
    if not path.is_dir():
        raise InputError(
            f"There is no folder {path}. Give the folder of a panel, or none for the synthetic panel."
        )
    return _stored(path) if (path / META).is_file() else _joined(path)


@cache
def _synthetic() -> Panel:
    from vcanalysis.intake.synth.panel import draw_panel

    return draw_panel()


def _stored(path: Path) -> Panel:
    kept = read_stored(path)
    return Panel(**kept, synthetic=False, source=PUBLISHED, programme=programme_councils(kept["frame"]))


def _joined(path: Path) -> Panel:
    found = sorted(path.glob(JOINED))
    if len(found) != 1:
        raise InputError(
            f"{path} holds {len(found)} files {JOINED}; it must hold one. Make a panel with: vcanalysis statistics OUT"
        )
    reading = read_joined(found[0])
    frame, long, log = assemble([reading])
    beside = [p for p in sorted(path.glob("*.csv")) if is_neighbours(p)]
    code = gazetteer([reading])["council_code"]
    return Panel(
        frame=frame,
        long=long,
        log=pd.concat([log, flags(frame)], ignore_index=True),
        synthetic=False,
        source=PUBLISHED,
        programme=programme_councils(frame),
        neighbours=read_neighbours(beside[-1], code) if beside else no_neighbours(),
    )


def programme_councils(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the councils of the programme that a panel holds: `data/reference/programme_councils.csv`.

    Parameters
    ----------
    frame : DataFrame
        Panel with the column council_code.

    Examples
    --------
    >>> programme_councils(pd.DataFrame({"council_code": ["E10000020"]}))[["council", "first_treated"]].values.tolist()
    [['Norfolk', 2019]]
    """
    table = pd.read_csv(
        data_file("reference/programme_councils.csv"), dtype={"started": "str"}, keep_default_na=False
    )
    there = table[table["council_code"].isin(frame["council_code"])]
    return there[["council_code", "council", "started", "first_treated"]].reset_index(drop=True)


__all__ = ["Panel", "open_panel", "programme_councils"]
