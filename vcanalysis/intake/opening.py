"""The council folder, opened and checked: the door through which notebooks get data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.doors import door
from vcanalysis.core.paths import find_folder
from vcanalysis.core.period import financial_year
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.council import Council
from vcanalysis.intake.meta import meta_day, meta_names, read_meta
from vcanalysis.intake.tables import open_tables


@door("vc.open_council('data/demo')", takes=(str, Path))
def open_council(path: str | Path) -> Council:
    """Open a council folder.

    Parameters
    ----------
    path : str or Path
        Folder with `council.toml` and the tables as Parquet or CSV; a relative path counts from where you
        are or, failing that, from the clone.

    Raises
    ------
    InputError
        If the folder is missing or no council folder, children or placements are missing or empty, or a
        table holds a code the schema does not know.

    Examples
    --------
    >>> open_council("no/such/folder")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: There is no folder no/such/folder. Give a council folder, such as data/demo.
    """
    folder = find_folder(path)
    meta = read_meta(folder)
    tables = open_tables(folder, required=("children", "placements"))
    placements = tables["placements"]
    start = meta_day(meta, "data_from", folder)
    end = meta_day(meta, "data_to", folder)
    last_seen = placements[["decom", "dec"]].max().max() + pd.Timedelta(days=1)
    covered = end if end is not None else last_seen
    return Council(
        path=folder,
        name=str(meta.get("name") or folder.name),
        code=str(meta.get("code", "")),
        synthetic=bool(meta.get("synthetic", False)),
        simulated=tuple(t for t in TABLES if t in meta.get("simulated", ())),
        framework_id=str(meta.get("framework") or "vcw-default-12"),
        price_year=str(meta.get("price_year") or financial_year(covered - pd.Timedelta(days=1))),
        programme_start=meta_day(meta, "programme_start", folder),
        start=start if start is not None else placements["decom"].min(),
        end=covered,
        tables=tables,
        framework_providers=meta_names(meta, "framework_providers", folder),
        region=str(meta.get("region", "")),
    )
