"""Write what the forecast covered in the peer's six settings: `python -m tests.write_coverage`, from docs/validity.csv.

The peer's column is a fact, kept as it stands in the file; ours is taken from what the trials last measured.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.analysis.sufficiency.measured import FILE
from vcanalysis.core.paths import data_file

STORE = Path(__file__).parents[1] / "docs" / "validity.csv"


def name(row: pd.Series) -> str:
    """Give the name of the trial of a setting and group."""
    setting = (
        f"{row['arrivals_year']} a year, {row['reference_months']} months, spread {row['spread_of_years']:g}"
    )
    return f"Forecast of a year, {row['group']}: {setting}"


def with_ours(table: pd.DataFrame) -> pd.DataFrame:
    """Fill what the trials measured into the table."""
    kept = pd.read_csv(STORE).set_index("trial")
    trials = table.apply(name, axis=1)
    ours = {
        "ours_pct": trials.map(kept["rate"]),
        "replicates": trials.map(kept["replicates"]).astype("Int64"),
    }
    return table.assign(**ours)


if __name__ == "__main__":
    path = data_file(FILE)
    with_ours(pd.read_csv(path)).to_csv(path, index=False, lineterminator="\n")
