"""The year in whose pounds a price is: given, that of the day it begins, or asked for."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.period import as_financial_year, financial_year
from vcanalysis.core.price_index import price_index
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.mapping import TableMapping

TABLE, COLUMN = "costs", "price_year"
_AHEAD = pd.Timedelta(days=3 * 366)


def price_years(
    rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger, end: pd.Timestamp
) -> pd.DataFrame:
    """Write financial years in one form; a text that is none never reaches the council folder.

    A price without one has that of the day on which it begins, which is its price as it was then. Where no price of
    a file has one, that is one fact of the file and no correction of its rows: one line of the log says it. A price
    that began in an earlier year and still runs may be today's price instead: it is flagged. A mapping of a form
    that holds the prices of its own day (`prices_of`) must say the year of that day. A year that is three or more
    years after the data, and after the index of prices, is a slip.

    Parameters
    ----------
    rows : DataFrame
        Columns from and to as dates, price_year as text if there is one, `_file`, `_row`.
    mapping : TableMapping
        Its option `prices_of`.
    ledger : Ledger
        Takes note.
    end : Timestamp
        Day after the last day covered.

    Raises
    ------
    InputError
        If the prices are those of the day of the extract, and its year is not said.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> rows = pd.DataFrame({"price_year": ["2018/19", ""], "from": day("2019-04-01"), "to": day("2020-04-01"),
    ...     "_file": "x", "_row": [2, 3]})
    >>> price_years(rows, TableMapping(), ledger=Ledger(), end=day("2020-04-01"))["price_year"].tolist()
    ['2018-19', '2019-20']
    """
    given = rows[COLUMN] if COLUMN in rows else pd.Series("", index=rows.index, dtype="str")
    empty = given.str.strip().eq("")
    if mapping.options.get("prices_of") == "the day of the extract":
        _refuse_unsaid(rows, empty)
    begun = rows["from"].map({day: financial_year(day) for day in rows["from"].unique()}).astype("str")
    without = empty.groupby(rows["_file"], observed=True).transform("all")
    for file in rows.loc[without, "_file"].unique():
        ledger.mark("no-price-year", TABLE, str(file), column=COLUMN)
    ledger.change(rows, empty & ~without, table=TABLE, rule="price-year", column=COLUMN)
    runs = rows["to"].isna() & (rows["_next"].isna() if "_next" in rows else True)
    old = empty & runs & begun.lt(financial_year(end - pd.Timedelta(days=1)))
    ledger.flag(rows, old, table=TABLE, rule="price-old", column=COLUMN)
    read = given.map({text: as_financial_year(text) for text in given.unique()}).astype("str")
    read = read.mask(empty, begun)
    fine = read.ne("") & read.le(max(financial_year(end + _AHEAD), max(price_index().values)))
    ledger.change(rows, fine & ~empty & read.ne(given), table=TABLE, rule="year-form", column=COLUMN)
    rows = ledger.quarantine(rows, ~fine, table=TABLE, rule="not-allowed", column=COLUMN)
    return rows.assign(price_year=read.loc[rows.index])


def _refuse_unsaid(rows: pd.DataFrame, empty: pd.Series) -> None:
    if empty.any():
        first = rows.loc[empty].iloc[0]
        raise refuse(
            "no-census-year",
            f"{first['_file']}, line {first['_row']:,}: the price is that of the day of the extract, and nothing "
            f"says of which year ({int(empty.sum()):,} rows). Draft a mapping of your own (vcanalysis import --draft-"
            'mapping FILE) and say the financial year of that day in it: [costs.always] price_year = "2024-25".',
        )
