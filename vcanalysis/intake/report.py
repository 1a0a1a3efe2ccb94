"""What an import did, in lines a person reads in a minute and in a file a script reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from vcanalysis.intake.cleaning.rules import RULES
from vcanalysis.intake.reconciling import Reconciliation

PARTS = ("kept", "dropped", "left_out", "quarantined", "not_used")  # what becomes of the rows of a table


@dataclass(frozen=True)
class ImportReport:
    """Account of an import.

    Parameters
    ----------
    council : str
        Name of the council.
    path : Path
        The council folder written.
    returns : dict of int to str
        Year of 31 March of each return, and where it was found.
    balance : list of dict
        Per table of the extracts: rows_in = kept + dropped + left_out + quarantined + not_used; of those kept,
        `changed`, `emptied` (a value set aside) and `flagged`.
    rules : dict of str to int
        Rows by rule.
    notes : list of str
        What was inferred or put right in reading.
    children, in_care : int
        Children in the folder, and those in care on the last day.
    simulated : tuple of str
        Tables simulated.
    key_id : str
        Name of the key of the pseudonyms.
    made_key : str
        Where a new key was made; empty if there was one. Not written to the folder.
    money : Reconciliation or None
        Of the prices imported.
    seconds : float
        How long it took. Not written to the folder, which the same extracts make again byte for byte.
    """

    council: str
    path: Path
    returns: dict[int, str]
    balance: list[dict[str, str | int]]
    rules: dict[str, int]
    notes: list[str]
    children: int
    in_care: int
    simulated: tuple[str, ...]
    key_id: str
    made_key: str = field(default="", repr=False)
    money: Reconciliation | None = None
    seconds: float = 0.0

    def sentence(self) -> str:
        """Say in one sentence what was imported."""
        columns = ("rows_in", "kept", "dropped", "left_out", "quarantined")
        rows, kept, dropped, out, aside = (sum(int(line[c]) for line in self._used()) for c in columns)
        years = (
            f"{min(self.returns)} to {max(self.returns)}" if len(self.returns) > 1 else f"{min(self.returns)}"
        )
        return (
            f"{self.council}: {self.children:,} children from {len(self.returns)} SSDA903 "
            f"{'return' if len(self.returns) == 1 else 'returns'} (31 March {years}); {self.in_care:,} in care on "
            f"the last day. Of {rows:,} rows used, {kept:,} {_was(kept)} kept, {dropped:,} "
            f"{'repeats another or was' if dropped == 1 else 'repeat others or were'} replaced, "
            + (f"{out:,} {_was(out)} left out by the mapping, " if out else "")
            + f"and {aside:,} {_was(aside)} set aside."
        )

    def _used(self) -> list[dict[str, str | int]]:
        return [line for line in self.balance if not line["not_used"]]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """Say what happened to each table and why, the commonest first."""
        text = [self.sentence()]
        text += [f"  {_table_line(line)}" for line in self._used()]
        common = sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))
        text += [f"    {count:,} x {rule}: {RULES[rule].text}" for rule, count in common]
        unused = [f"{line['table']} ({line['not_used']:,} rows)" for line in self.balance if line["not_used"]]
        if unused:
            text.append(f"  Read, not yet used: {', '.join(unused)}.")
        text += [f"  {note}" for note in self.notes]
        if self.money is not None:
            text += [f"  {line}" for line in self.money.lines()]
        if self.simulated:
            what = " and ".join(self.simulated)
            text.append(f"  Simulated, not recorded: {what}. Every page that shows them says so.")
        if self.made_key:
            text.append(
                f"  A new key for the pseudonyms was made: {self.made_key}. Keep it, and keep it apart."
            )
        text.append(f"  Every change is in {self.path / 'import' / 'log.csv'}.")
        return text + self.balance_lines()

    def balance_lines(self) -> list[str]:
        """Say at the end what came in, what became of it, and how long it took."""
        rows = {name: sum(int(line[name]) for line in self.balance) for name in ("rows_in", *PARTS)}
        used = {
            name: sum(int(line[name]) for line in self._used()) for name in ("changed", "emptied", "flagged")
        }
        out = f"{rows['left_out']:,} left out by the mapping + " if rows["left_out"] else ""
        said = (
            f"Rows: {rows['rows_in']:,} in = {rows['kept']:,} kept ({used['changed']:,} of them put right, "
            f"{used['emptied']:,} with a value set aside, {used['flagged']:,} flagged) + "
            f"{rows['dropped']:,} repeated or replaced + {out}{rows['quarantined']:,} set aside + "
            f"{rows['not_used']:,} of tables not used. "
        )
        lines = [said + _verdict(rows["rows_in"] - sum(rows[name] for name in PARTS), "rows")]
        if self.money is not None and self.money.pounds_in is not None:
            lines.append(self.money.balance())
        return [*lines, f"Time: {self.seconds:,.1f} seconds."]

    def to_json(self) -> str:
        """Write the report for a script; the place of the key and the time taken are left out."""
        record = asdict(self)
        del record["made_key"], record["seconds"]
        record["path"] = self.path.name
        record["rules"] = {
            rule: {"rows": n, "class": RULES[rule].kind, "meaning": RULES[rule].text}
            for rule, n in sorted(self.rules.items())
        }
        return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _verdict(lost: float, what: str) -> str:
    return f"{lost:,} {what} are unaccounted for: please report it." if lost else "They balance."


def _table_line(line: dict[str, str | int]) -> str:
    rows = "row" if line["rows_in"] == 1 else "rows"
    out = f"{line['left_out']:,} left out by the mapping, " if line["left_out"] else ""
    return (
        f"{line['table']}: {line['rows_in']:,} {rows} read, {line['kept']:,} kept ({line['changed']:,} changed, "
        f"{line['emptied']:,} with a value set aside), "
        f"{line['dropped']:,} repeated or replaced, {out}{line['quarantined']:,} set aside."
    )


def rule_counts(log: pd.DataFrame) -> dict[str, int]:
    """Count the lines of the log by rule."""
    return {str(rule): int(count) for rule, count in log["rule"].value_counts().items()}
