"""A Parquet file beside the return, within limits told by its own account before anything of it is unpacked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vcanalysis.intake.cleaning.rules import Refused, refuse
from vcanalysis.intake.readers.limits import Counted, few_cells, within_limits
from vcanalysis.intake.readers.lines import MAX_COLUMNS
from vcanalysis.intake.readers.names import safe_name
from vcanalysis.intake.readers.text import TextTable


def read_parquet(file: Path, *, called: str) -> TextTable:
    """Read a Parquet file as text.

    Parameters
    ----------
    file : Path
        The file.
    called : str
        What it is called in messages if its name might be a child's.

    Raises
    ------
    InputError
        If it is no Parquet file, or unpacks to more bytes, cells or columns than are read.
    """
    name = safe_name(file.name, called)
    try:
        within_limits(1, file.stat().st_size, name)
        about = pq.read_metadata(file)
        within_limits(1, sum(about.row_group(k).total_byte_size for k in range(about.num_row_groups)), name)
        few_cells(about.num_rows * about.num_columns, name)
        if about.num_columns > MAX_COLUMNS:
            raise refuse(
                "too-large", f"{name} has more than {MAX_COLUMNS:,} columns. Give those that the table needs."
            )
        raw = _unpacked(file, name)
    except Refused:
        raise
    except (OSError, ValueError, pa.ArrowException):
        raise refuse(
            "damaged-file", f"{name} cannot be read as Parquet. Write it again, or give it as CSV."
        ) from None
    text = pd.DataFrame({str(c): _text(raw[c]) for c in raw.columns}).assign(_row=range(2, len(raw) + 2))
    return TextTable(name, file.stem, "", text)


def _unpacked(file: Path, name: str) -> pd.DataFrame:
    """Unpack it; texts are kept once while they are counted, since one may stand in all rows of a small file."""
    texts = [f.name for f in pq.read_schema(file) if f.type in (pa.string(), pa.large_string())]
    table = pq.read_table(file, read_dictionary=texts)
    counted = Counted()
    for chunk in (part for column in table.columns for part in column.chunks):
        if pa.types.is_dictionary(chunk.type) and chunk.type.value_type in (pa.string(), pa.large_string()):
            lengths = pc.binary_length(chunk.dictionary)
            counted.add(0, pc.sum(lengths.take(chunk.indices)).as_py() or 0, name)
    return table.to_pandas()


def _text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("str").fillna("")
    return values.astype("str").where(values.notna(), "")
