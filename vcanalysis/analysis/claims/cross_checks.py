"""Published figures held against each other: what the savings claimed come to for a child, and for England."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.claims.arithmetic import calculate
from vcanalysis.core.numbers import write_number

# what is asked, the formula, the unit; Norfolk's growth of 14% is taken for the one claimed
CHECKS = (
    (
        "The saving claimed, over all children the five councils count",
        "saving_two_councils / children_aligned_3500",
        "GBP per child",
    ),
    (
        "As much for each of the children in care claimed for England",
        "saving_two_councils / children_aligned_3500 * budget_half_on_care",
        "GBP per year",
    ),
    (
        "The national claim, for each of those children",
        "saving_national / budget_half_on_care",
        "GBP per child",
    ),
    ("The national claim, of England's spend", "saving_national / england_spend_2019", "share"),
    (
        "Norfolk's saving, for each child more with its own carers",
        "norfolk_inhouse_saving_year / "
        "(norfolk_inhouse_children - norfolk_inhouse_children / (1 + in_house_fostering / 100))",
        "GBP per child",
    ),
    ("Agency over own fostering, as its adviser states it", "impower_agency_gap_year", "GBP per child"),
)


def cross_checks() -> pd.DataFrame:
    """Hold published figures against each other: check, formula, gives (in words), value.

    Examples
    --------
    >>> cross_checks()["gives"].tolist()[:3]
    ['£800 per child', '£60.0 million a year', '£4,000 per child']
    """
    rows = []
    for check, formula, unit in CHECKS:
        value = calculate(formula)[0]
        rows.append((check, formula, write_number(value, unit), value))
    return pd.DataFrame(rows, columns=["check", "formula", "gives", "value"])
