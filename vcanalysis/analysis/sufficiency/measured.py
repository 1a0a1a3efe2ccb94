"""How often the intervals held what came in simulated councils, beside the peer's band in the same settings."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.paths import data_file

FILE = "reference/forecast_coverage.csv"


def measured_coverage() -> pd.DataFrame:
    """Give how often what came lay in the 95% interval a year ahead, in simulated councils.

    Returns
    -------
    DataFrame
        One row a setting and group: arrivals_year, reference_months (from which moves are learnt), spread_of_years
        (coefficient of variation of arrivals beyond chance), group, ours_pct (missing where not measured), replicates,
        peer_pct.

    Notes
    -----
    Ours are those of `docs/validity.md`, written by `tests/write_coverage.py`. The peer's are those measured of
    cs-demand-model-regional, which gives the mean and two standard deviations, in councils made alike: 200 replicates,
    100 of the largest. Stays there are exponential, so that neither is tried by time in care.

    Examples
    --------
    >>> found = measured_coverage()
    >>> found.groupby(["arrivals_year", "reference_months", "spread_of_years"]).ngroups
    6
    """
    return pd.read_csv(data_file(FILE))
