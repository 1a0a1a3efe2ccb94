"""What is wrong with a council's data, said beside the questions it can answer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.doors import door
from vcanalysis.core.schema import TABLES, Problem, check_table
from vcanalysis.intake.answering import Answer, answers
from vcanalysis.intake.council import Council


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Result of a check.

    Parameters
    ----------
    council : str
        Label of the council.
    problems : tuple of Problem
        Where tables break the schema or contradict each other; none in a sound council.
    answers : tuple of Answer
        One per question.
    caveat : str
        What is synthetic or simulated.
    """

    council: str
    problems: tuple[Problem, ...]
    answers: tuple[Answer, ...]
    caveat: str = ""

    @property
    def ok(self) -> bool:
        """Whether the tables are sound. Questions left open do not make them unsound."""
        return not self.problems

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """Write the whole report, problems first."""
        if self.ok:
            text = [f"{self.council}: every table is as the data dictionary says."]
        else:
            count = len(self.problems)
            text = [f"{self.council}: {count} {'problem' if count == 1 else 'problems'} to correct."]
        text += [f"  {problem.message}" for problem in self.problems]
        text += [self.caveat] if self.caveat else []
        return text + [f"  {answer.line()}" for answer in self.answers]


@door("vc.check_council(here)", takes=Council)
def check_council(council: Council) -> CheckReport:
    """Check a council's tables and say what they can answer.

    Parameters
    ----------
    council : Council
        As `open_council` gives it.

    Returns
    -------
    CheckReport
        Problems and answers; `.ok` is whether there are no problems.

    Examples
    --------
    >>> from vcanalysis.intake.opening import open_council
    >>> from vcanalysis.core.paths import data_file
    >>> check_council(open_council(data_file("demo"))).ok  # doctest: +SKIP
    True
    """
    found = [p for name in TABLES if council.has(name) for p in check_table(council.tables[name], table=name)]
    found += _contradictions(council)
    return CheckReport(council.label, tuple(found), tuple(answers(council)), council.caveat)


def _problem(table: str, column: str, rule: str, bad: pd.Series, advice: str) -> list[Problem]:
    if not bad.any():
        return []
    first = int(bad.to_numpy().argmax()) + 1
    message = f"{table}, column {column}: {int(bad.sum()):,} rows {advice} (first: row {first:,})."
    return [Problem(table, column, rule, int(bad.sum()), first, message)]


def _contradictions(council: Council) -> list[Problem]:
    tables, found = council.tables, []
    known = set(tables["children"]["child_id"].astype("str"))
    for name in ("placements", "needs", "costs", "outcomes", "goals", "stepdown"):
        orphan = ~tables[name]["child_id"].astype("str").isin(known)
        found += _problem(name, "child_id", "orphan", orphan, "are of children who are not in children")
    for name, start, end in (("placements", "decom", "dec"), ("costs", "from", "to")):
        rows = tables[name].sort_values(["child_id", start], kind="stable")
        backwards = rows[end] < rows[start]
        found += _problem(name, end, "backwards", backwards.sort_index(), "end before they begin")
        before = rows[end].fillna(pd.Timestamp("2262-01-01")).groupby(rows["child_id"], observed=True).shift()
        overlap = (rows[start] < before).sort_index()
        found += _problem(name, start, "overlap", overlap, "begin before the child's row before them ended")
    if council.has("needs"):
        own = tables["needs"]["framework"].astype("str") == council.framework_id
        found += _problem(
            "needs",
            "framework",
            "framework",
            ~own,
            f"are in another framework than {council.framework_id} and are left out",
        )
        strange = own & ~tables["needs"]["domain"].astype("str").isin(council.framework.domains)
        found += _problem("needs", "domain", "domain", strange, "name a domain the framework does not have")
    return found
