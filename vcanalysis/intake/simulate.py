"""Fill what a return cannot hold, by the need and cost models of the synthetic council."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.errors import InputError

SIMULATED = ("needs", "costs")


def simulate_tables(
    tables: dict[str, pd.DataFrame],
    *,
    tables_wanted: tuple[str, ...] = (),
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> None:
    """Add simulated tables."""
    if tables_wanted:
        raise InputError("Simulation is not built yet.")
