"""From files read to one panel: of several figures for one thing the newest stays, and the others are in the log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import KEYS, measures
from vcanalysis.intake.readers.joined_panel import KIND as JOINED
from vcanalysis.intake.readers.reading import Reading
from vcanalysis.intake.statistics.gazetteer import gazetteer, with_codes
from vcanalysis.intake.statistics.worked_out import WORKED_OUT, work_out

LONG = ("council_code", "year", "measure", "value", "reason", "release", "source")
LOG = ("rule", "council_code", "council", "year", "measure", "value", "expected", "detail")
NOBODY = "nobody to measure"
EVERYWHERE = "the same in every council: a national figure"
NO_COUNCIL = "the council did not exist"
REVISED = "revised"
NOT_THERE = "not in any source"
_MANY = 20  # councils with one and the same figure above nought make it a national figure
_SAME = 1e-6  # relative difference that is rounding
_CELL = ["council_code", "year", "measure"]


def assemble(readings: Sequence[Reading]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make one panel of all that was read.

    Parameters
    ----------
    readings : sequence of Reading
        Files read. Of several figures for a council, year and measure, the publication itself goes before the joined
        file, a newer release before an older one, and Explore Education Statistics before the Interactive Tool.

    Returns
    -------
    frame, long, log : DataFrame
        As in `vcanalysis.intake.panel.Panel`; the log holds revisions, sources that differ, and figures set aside.

    Raises
    ------
    InputError
        If nothing was read.
    """
    if not readings:
        raise InputError("No file of official statistics was found. Give a folder that holds some.")
    councils = gazetteer(readings)
    every = pd.concat([_ranked(r) for r in readings if len(r.figures)], ignore_index=True)
    coded = with_codes(every[~every["measure"].isin(WORKED_OUT)], councils)
    coded, not_there = _existing(coded)
    chosen = coded.sort_values("_rank", kind="stable").drop_duplicates(_CELL)
    chosen, aside = _set_aside(chosen)
    frame, long = _as_frames(chosen, councils)
    log = pd.concat([_differences(coded, chosen), aside, not_there, _listed(chosen, "outside what can be")])
    return frame, long, log[list(LOG)].sort_values(["rule", "measure", *_CELL[:2]], ignore_index=True)


def _ranked(reading: Reading) -> pd.DataFrame:
    """Give the figures of a file a number: the lower, the sooner they are taken."""
    year = pd.to_numeric(reading.figures["release"].str[:4], errors="coerce").fillna(0)
    rank = -year + (0.5 if reading.kind == "LAIT" else 0.0)
    return reading.figures.assign(_rank=rank + (1e4 if reading.kind == JOINED else 0.0), _kind=reading.kind)


def _listed(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Give the rows of one reason as rows of the log."""
    part = rows[rows["reason"].eq(rule)]
    return part.assign(rule=rule, expected=np.nan, detail=part["source"])[list(LOG)]


def _existing(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out years in which a council did not exist; list what was given for them."""
    exists = rows["year"].between(rows["first_year"], rows["last_year"])
    given = rows[~exists & rows["value"].notna()].drop_duplicates(_CELL)
    return rows[exists], _listed(given.assign(reason=NO_COUNCIL), NO_COUNCIL)


def _set_aside(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn what is no figure of a council into a reason: shares of nobody, and national figures."""
    spread = rows.groupby(["measure", "year"])["value"].agg(["nunique", "count", "max"])
    alike = spread.index[spread["nunique"].eq(1) & spread["count"].gt(_MANY) & spread["max"].gt(0)]
    national = pd.MultiIndex.from_frame(rows[["measure", "year"]]).isin(alike) & rows["value"].notna()
    of = rows["measure"].map({name: m.of for name, m in measures().items()})
    counts = rows[rows["value"].eq(0)].set_index(_CELL).index
    whom = pd.MultiIndex.from_arrays([rows["council_code"], rows["year"], of])
    nobody = whom.isin(counts) & rows["value"].notna()
    reason = rows["reason"].mask(national, EVERYWHERE).mask(nobody, NOBODY)
    changed = rows.assign(reason=reason)
    log = pd.concat([_listed(changed, EVERYWHERE), _listed(changed, NOBODY)])
    return changed.assign(value=rows["value"].mask(national | nobody)), log


def _differences(every: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """List figures that a newer release, or another source of the same release, gives otherwise."""
    taken = chosen.set_index(_CELL)[["value", "release"]].rename(columns={"value": "now", "release": "_now"})
    both = every[every["value"].notna()].join(taken, on=_CELL)
    apart = (both["value"] - both["now"]).abs() > _SAME * both[["value", "now"]].abs().max(axis=1)
    both = both[apart]
    older = both["release"].str[:4] < both["_now"].str[:4]
    rule = pd.Series("sources differ", index=both.index).mask(older & both["_kind"].ne(JOINED), REVISED)
    detail = both["_kind"] + " " + both["release"] + ", against " + both["_now"]
    return both.assign(rule=rule, expected=both["now"], detail=detail)[list(LOG)].drop_duplicates()


def _as_frames(chosen: pd.DataFrame, councils: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the wide and the long form, with what is worked out of the others."""
    declared = list(measures())
    wide = chosen.set_index(_CELL)["value"].unstack("measure")  # noqa: PD010
    wide = work_out(wide.reindex(columns=declared).astype("float64"))
    keys = councils.drop_duplicates("council_code").set_index("council_code")[["council", "region"]]
    frame = wide.reset_index().join(keys, on="council_code")[[*KEYS, *declared]]
    frame = frame.astype({"year": "int64"}).sort_values(["council_code", "year"], ignore_index=True)
    return frame.rename_axis(columns=None), _long(frame, chosen)


def _long(frame: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Give one row a council, year and measure: value or reason, release, source."""
    long = frame.drop(columns=["council", "region"]).melt(["council_code", "year"], var_name="measure")
    told = long.merge(chosen[[*_CELL, "reason", "release", "source"]], on=_CELL, how="left")
    worked = told["measure"].isin(WORKED_OUT)
    missing = told["value"].isna()
    reason = (
        told["reason"]
        .mask(worked & missing, "worked out of others, of which one is missing")
        .fillna(NOT_THERE)
    )
    told = told.assign(
        reason=reason.where(missing, ""),
        release=told["release"].mask(worked, "worked out").fillna(""),
        source=told["source"].fillna(told["measure"].map({n: m.source for n, m in measures().items()})),
    )
    return told[list(LONG)].sort_values(_CELL, ignore_index=True)
