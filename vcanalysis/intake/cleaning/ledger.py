"""The ledger of an import: every row read is kept, dropped or set aside, and every change has a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.intake.cleaning.kinds import (
    ACTIONS,
    CHANGED,
    DROPPED,
    EMPTIED,
    FLAGGED,
    LEFT_OUT,
    QUARANTINED,
)
from vcanalysis.intake.cleaning.log import LOG_COLUMNS, Entry, lines_of
from vcanalysis.intake.cleaning.rules import RULES

_SHOWN, _NUMBERS = 60, 20  # codes in a message, and numbers one by one
_GONE = (DROPPED, QUARANTINED, LEFT_OUT)
_VALUE_ONLY = {"bad-postcode"}  # `N/K` is common, and nothing but a distance is made of a postcode


@dataclass
class Ledger:
    """Collects what happens to the rows of each table.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": ["a", ""], "_file": "x.csv", "_row": [2, 3]})
    >>> ledger = Ledger()
    >>> ledger.take_in("header", rows)
    >>> kept = ledger.quarantine(rows, rows["CHILD"].eq(""), table="header", rule="no-child", column="CHILD")
    >>> ledger.balance({"header": len(kept)})
    [{'table': 'header', 'rows_in': 2, 'kept': 1, 'dropped': 0, 'quarantined': 1, 'left_out': 0, 'changed': 0, \
'emptied': 0, 'flagged': 0}]
    """

    rows_in: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    aside: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    values_aside: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    given: dict[tuple[str, str], int] = field(default_factory=dict)
    allowed: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    stopped: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    headless: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    notes: list[str] = field(default_factory=list)
    pence_in: float = 0.0
    pence_repeated: float = 0.0
    pence_late: float = 0.0  # of credits, after the data
    pence_left_out: float | None = None  # of rows that the mapping leaves out; None where it leaves out none
    rows_without_pence: int = 0
    rows_not_split: int = 0  # into fields, so that their pence are not known
    _lines: tuple[int, pd.DataFrame] | None = field(default=None, repr=False)

    def take_in(self, table: str, rows: pd.DataFrame | int) -> None:
        """Count rows read."""
        count = rows if isinstance(rows, int) else len(rows)
        self.rows_in[table] = self.rows_in.get(table, 0) + count

    def _write(
        self, rows: pd.DataFrame, mask: pd.Series, table: str, rule: str, column: str, action: str
    ) -> np.ndarray:
        if action not in ACTIONS[RULES[rule].kind]:
            raise AssertionError(f"{rule} is of class {RULES[rule].kind}: no row can be {action} under it")
        hit = mask.to_numpy(dtype=bool, na_value=False)
        if hit.any():
            files = pd.Categorical(rows["_file"].array[hit])
            numbers = rows["_row"].to_numpy(dtype="int64")[hit]
            self.entries.append(Entry(rule, table, column, action, files, numbers))
        return hit

    def change(self, rows: pd.DataFrame, mask: pd.Series, *, table: str, rule: str, column: str = "") -> None:
        """Log rows that were changed and are kept."""
        self._write(rows, mask, table, rule, column, CHANGED)

    def empty(self, rows: pd.DataFrame, mask: pd.Series, *, table: str, rule: str, column: str) -> None:
        """Log rows of which one value is set aside and left empty; the rest is kept."""
        hit = self._write(rows, mask, table, rule, column, EMPTIED)
        if hit.any():
            part = rows.loc[hit].assign(_rule=rule, _column=column)
            self.values_aside.setdefault(table, []).append(part)
            if column in rows and rule not in _VALUE_ONLY:
                self.given[table, column] = int(rows[column].ne("").sum())

    def allow(self, table: str, column: str, values: Iterable[str]) -> None:
        """Note what a column may hold, for the message of an import that stops; numbers as from the least to the most.

        Examples
        --------
        >>> ledger = Ledger()
        >>> ledger.allow("oc2", "SDQ_SCORE", map(str, range(41)))
        >>> ledger.allowed["oc2", "SDQ_SCORE"]
        '0 to 40'
        """
        known = sorted(values)
        numbers = sorted(int(value) for value in known if value.isdecimal())
        several = len(numbers) == len(known) > _NUMBERS
        shown = ", ".join(known[:_SHOWN]) + (" and others" if len(known) > _SHOWN else "")
        self.allowed[table, column] = f"{numbers[0]} to {numbers[-1]}" if several else shown

    def mark(self, rule: str, table: str, file: str, *, column: str = "") -> None:
        """Log what holds for a file as a whole, under row 0."""
        action = ACTIONS[RULES[rule].kind][0]
        self.entries.append(
            Entry(rule, table, column, action, pd.Categorical([file]), np.zeros(1, dtype="int64"))
        )

    def said_of_lacking(self, table: str) -> list[str]:
        """Name the optional columns of the mapping that the file of a table lacks."""
        names = [e.column for e in self.entries if (e.table, e.rule) == (table, "optional-missing")]
        lacking = ", ".join(dict.fromkeys(names))
        said = f"{table} was read without {lacking}: the mapping names their columns and the file lacks them."
        return [said] if names else []

    def flag(self, rows: pd.DataFrame, mask: pd.Series, *, table: str, rule: str, column: str = "") -> None:
        """Log rows that are kept as they are though something is odd about them."""
        self._write(rows, mask, table, rule, column, FLAGGED)

    def drop(
        self, rows: pd.DataFrame, mask: pd.Series, *, table: str, rule: str, column: str = ""
    ) -> pd.DataFrame:
        """Log rows that another row makes superfluous; give the others."""
        return _without(rows, self._write(rows, mask, table, rule, column, DROPPED))

    def leave_out(self, rows: pd.DataFrame, mask: pd.Series, *, table: str) -> pd.DataFrame:
        """Log rows that the mapping does not want; give the others."""
        return _without(rows, self._write(rows, mask, table, "left-out", "", LEFT_OUT))

    def quarantine(
        self, rows: pd.DataFrame, mask: pd.Series, *, table: str, rule: str, column: str = ""
    ) -> pd.DataFrame:
        """Log rows that cannot be used and set them aside; give the others."""
        hit = self._write(rows, mask, table, rule, column, QUARANTINED)
        if hit.any():
            self.aside.setdefault(table, []).append(rows.loc[hit].assign(_rule=rule, _column=column))
        return _without(rows, hit)

    def quarantine_broken(
        self, table: str, file: str, rows: Sequence[int], pence: Sequence[float] | pd.Series | None = None
    ) -> None:
        """Log rows that have not as many fields as the header, and count their pounds, where there are any.

        Parameters
        ----------
        table, file, rows
            Which rows they are.
        pence : sequence of float, optional
            What each of them stands for; missing where that cannot be known.
        """
        self.take_in(table, len(rows))
        lines = pd.DataFrame({"_file": file, "_row": [*rows]})
        if pence is not None:
            lines = lines.assign(_pence=[*pence])
            self.pence_in += float(lines["_pence"].sum())
            self.rows_not_split += int(lines["_pence"].isna().sum())
        self.quarantine(lines, pd.Series(True, index=lines.index), table=table, rule="row-length")

    def lines(self) -> pd.DataFrame:
        """Give all lines as codes (categories), in the order of table, file, row and rule."""
        if self._lines is None or self._lines[0] != len(self.entries):
            none = pd.DataFrame(columns=LOG_COLUMNS).astype({"file": "category", "row": "int64"})
            self._lines = (len(self.entries), lines_of(self.entries) if self.entries else none)
        return self._lines[1]

    def log(self) -> pd.DataFrame:
        """Give all lines as text, in the order of table, file, row and rule."""
        return self.lines().astype({name: "str" for name in LOG_COLUMNS if name != "row"})

    def balance(self, kept: dict[str, int]) -> list[dict[str, str | int]]:
        """Give what became of the rows of each table, and of the kept how many were changed, flagged or emptied.

        Raises
        ------
        AssertionError
            If a row is lost or counted twice: a mistake of the workbench, not of the input.
        """
        log = self.lines()
        lines: list[dict[str, str | int]] = []
        for table, rows_in in self.rows_in.items():
            own = log.loc[log["table"].eq(table) & log["row"].gt(0), ["file", "row", "action"]]
            # in the order of file and row: the lines of one row stand together
            place = own["file"].cat.codes.to_numpy("int64") * 2**40 + own["row"].to_numpy("int64")
            gone = own["action"].isin(_GONE).to_numpy()
            # what was done to a row that is not kept is no part of the kept
            lost = place[gone]
            stays = gone | (np.append(lost, -1)[np.searchsorted(lost, place)] != place)
            count = {
                action.replace(" ", "_"): _runs(place[stays & own["action"].eq(action).to_numpy()])
                for action in (*_GONE, CHANGED, EMPTIED, FLAGGED)
            }
            if rows_in != kept[table] + sum(count[action.replace(" ", "_")] for action in _GONE):
                raise AssertionError(f"{table}: {rows_in} rows in, but {kept[table]} kept and {count}")
            lines.append({"table": table, "rows_in": rows_in, "kept": kept[table], **count})
        return lines


def _runs(places: np.ndarray) -> int:
    return int(np.count_nonzero(np.diff(places, prepend=-1)))


def _without(rows: pd.DataFrame, hit: np.ndarray) -> pd.DataFrame:
    """Give the other rows; where none is hit, the same ones without a copy of each."""
    return rows.loc[~hit] if hit.any() else rows
