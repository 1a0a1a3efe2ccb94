"""Pounds of rows with a field too many or too few: read where there is one way to read them, else not known.

A comma that lacks its quotes shifts the cells to the right of it. So the cells of such a row are laid under the
columns in every order-keeping way, and those ways are left in which child, days, amount and period are what their
columns hold. Where all that are left say the same pounds, those are the row's; else nobody can know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from vcanalysis.intake.cleaning.amounts import periods
from vcanalysis.intake.cleaning.beside import mapped_values
from vcanalysis.intake.cleaning.entry import SUPPORT, at_entry, no_day, plain_dates
from vcanalysis.intake.cleaning.identifiers import Identifiers, clean_ids
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.naming import columns_by_name
from vcanalysis.intake.mapping import PERIODS, TableMapping
from vcanalysis.intake.readers.text import TextTable

Span = tuple[int, int]
_MOST = 3  # fields too many or too few
_WAYS = 200_000  # in a file: of one that has more, nearly every row is torn
_NEEDED = ("child_id", "from", "to", "amount", "gbp_week", "period", "line", SUPPORT)


def pence_of_torn(
    found: TextTable,
    rows: pd.DataFrame,
    mapping: TableMapping,
    *,
    births: pd.Series,
    ids: Identifiers,
    end: pd.Timestamp,
) -> pd.Series:
    """Give the pence of each row with a field too many or too few; missing where they cannot be known.

    Parameters
    ----------
    found : TextTable
        The file as read, with such rows in `torn`.
    rows : DataFrame
        Its other rows: text under our names, with CHILD.
    mapping, births, ids, end
        As for the other rows; see `vcanalysis.intake.cleaning.extras.read_extra`.
    """
    ways = _ways(found, mapping) if found.torn else pd.DataFrame()
    if ways.empty:
        return pd.Series(float("nan"), index=range(len(found.torn)))
    ways = mapped_values(ways, mapping, ledger=Ledger())
    ways = ways.assign(CHILD=Identifiers(ids.known).numbers(clean_ids(ways["child_id"])))
    ways = plain_dates(ways, "costs", mapping, born=ways["CHILD"].map(births), ledger=Ledger())
    ways = ways.loc[_fits(ways) & ways["CHILD"].isin(births.index)]
    both = pd.concat([rows, ways], ignore_index=True)
    torn = pd.Series(False, index=both.index).where(both.index < len(rows), True)
    pence = at_entry(both, mapping, end=end, torn=torn)["_pence"].iloc[len(rows) :]
    ways = ways.assign(_pence=pence.to_numpy()).dropna(subset="_pence")
    said = ways.groupby("_torn").agg(least=("_pence", "min"), most=("_pence", "max"), whole=("_whole", "any"))
    sure = said["whole"] & (said["most"] - said["least"] < 0.5)
    return said["least"].where(sure).reindex(range(len(found.torn)))


def _ways(found: TextTable, mapping: TableMapping) -> pd.DataFrame:
    """Lay the cells of each row under the columns in every way: one row a way, those that lose no cell marked."""
    columns = [str(c) for c in found.frame.columns if c != "_row"]
    named = columns_by_name(columns, table="costs", mapping=mapping, source=found.source)
    place = {ours: found.head.index(named[ours]) for ours in _NEEDED if ours in named}
    ours = sorted(place, key=lambda name: place[name])
    laid: list[dict[str, object]] = []
    for number, cells in enumerate(found.torn):
        if not 0 < abs(len(cells) - len(found.head)) <= _MOST or len(laid) > _WAYS:
            continue
        for spans in alignments(len(found.head), len(cells), [place[name] for name in ours]):
            texts = [found.sign.join(cells[start:stop]) for start, stop in spans]
            # of a row too short only the way from the left is sure: any other has lost a cell
            whole = len(cells) > len(found.head) or all(
                start == place[name] and stop > start for name, (start, stop) in zip(ours, spans, strict=True)
            )
            laid.append({**dict(zip(ours, texts, strict=True)), "_torn": number, "_whole": whole})
    ways = pd.DataFrame(laid)
    always = {name: str(value) for name, value in mapping.always.items() if name not in ways}
    return ways.assign(**always) if len(ways) else ways


def alignments(width: int, cells: int, places: Sequence[int]) -> Iterator[list[Span]]:
    """Give every way in which some columns of a table may lie over the cells of a row that has not as many.

    Parameters
    ----------
    width, cells : int
        Columns of the table, and cells of the row.
    places : sequence of int
        Places of the columns asked for, ascending.

    Yields
    ------
    list of (int, int)
        First cell, and the one after the last, of each of these columns. In a row too long a column takes one cell or
        more, and cells may be left over at the end; in a row too short it takes one or none.

    Examples
    --------
    >>> list(alignments(2, 3, [1]))
    [[(1, 2)], [(1, 3)], [(2, 3)]]
    >>> list(alignments(3, 2, [0, 1]))
    [[(0, 1), (1, 2)], [(0, 1), (1, 1)], [(0, 0), (0, 1)]]
    """
    more = cells - width

    def laid(at: int, shift: int) -> Iterator[list[Span]]:
        if at == len(places):
            yield []
            return
        before = places[at - 1] if at else -1
        free = range(shift, more + 1) if more > 0 else range(shift, more - 1, -1)
        for begun in free if places[at] > before + 1 else (shift,):
            start = places[at] + begun
            taken = range(1, more - begun + 2) if more > 0 else (1, 0) if begun > more else (1,)
            for count in (n for n in taken if start + n <= cells):
                for rest in laid(at + 1, begun + count - 1):
                    yield [(start, start + count), *rest]

    return laid(0, 0)


def _fits(rows: pd.DataFrame) -> pd.Series:
    """Say where an end, if there is one, is a day, and a period one that is known."""
    fits = rows["child_id"].str.strip().ne("")
    if "to" in rows:
        fits &= ~no_day(rows["to"])
    if "period" in rows:
        period = rows["period"].str.strip()
        fits &= period.eq("") | period.isin(PERIODS) | periods(period).notna()
    return fits
