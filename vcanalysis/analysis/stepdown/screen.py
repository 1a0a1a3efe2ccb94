"""The screen: which children in homes a panel should look at, with every criterion visible and nobody dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.stepdown.criteria import MET, NOT_MET, UNKNOWN, Columns, Criterion, Rules, criteria
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import wilson

FOR_REVIEW, NOT_NOW, UNJUDGED = "for review", "not now", "cannot be judged"


@dataclass(frozen=True, slots=True)
class Screen:
    """Children against the criteria.

    Parameters
    ----------
    table : DataFrame
        One row per child, index of the frame: the child, one column per criterion holding a verdict, ``status``
        ("for review", "not now", "cannot be judged") and ``why`` (what is not met or not known, in words).
    asked : tuple of Criterion
        The criteria in order.
    child : str
        Column of the child.
    """

    table: pd.DataFrame
    asked: tuple[Criterion, ...]
    child: str

    @property
    def for_review(self) -> pd.DataFrame:
        """Children who meet every criterion that the council can judge."""
        return self.table[self.table["status"] == FOR_REVIEW]

    def funnel(self) -> pd.DataFrame:
        """Count children by criterion: alone, and each in turn.

        Returns
        -------
        DataFrame
            ``criterion`` (words), ``met``, ``not_met``, ``cannot_be_judged`` among all children screened, and
            ``left`` (those who meet it and all before it), ``unjudged_so_far`` (those not ruled out so far, for whom
            a criterion could not be judged). A criterion the council does not hold rules nobody out.
        """
        rows, ruled_out = [], np.zeros(len(self.table), bool)
        unjudged = np.zeros(len(self.table), bool)
        for one in self.asked:
            verdict = self.table[one.name].to_numpy(dtype=object)
            if one.held:
                ruled_out |= verdict == NOT_MET
                unjudged |= verdict == UNKNOWN
            counts = [int((verdict == kind).sum()) for kind in (MET, NOT_MET, UNKNOWN)]
            left = (~ruled_out & ~unjudged).sum(), (~ruled_out & unjudged).sum()
            rows.append((one.words, *counts, *map(int, left)))
        columns = ["criterion", "met", "not_met", "cannot_be_judged", "left", "unjudged_so_far"]
        return pd.DataFrame(rows, columns=columns)

    def one_short(self) -> pd.DataFrame:
        """Count the children whom a single criterion keeps from review: ``criterion, children``."""
        held = [one for one in self.asked if one.held]
        missed = np.column_stack([self.table[one.name].ne(MET) for one in held])
        alone = missed[missed.sum(axis=1) == 1].sum(axis=0)
        return pd.DataFrame({"criterion": [one.words for one in held], "children": alone})

    def among(self, name: str) -> Screen:
        """Give the screen of those who meet one criterion alone, such as living in a home.

        Raises
        ------
        InputError
            If there is no such criterion.
        """
        names = [one.name for one in self.asked]
        if name not in names:
            raise InputError(f"There is no criterion {name!r}. Criteria are: {', '.join(names)}.")
        return Screen(self.table[self.table[name] == MET], self.asked, self.child)

    def count(self, status: str = FOR_REVIEW, *, level: float = 0.95) -> Estimate:
        """Share of the children screened that has a status, Wilson; its wording says the count."""
        n, count = len(self.table), int((self.table["status"] == status).sum())
        term = f"Children {status}" if status == FOR_REVIEW else f"Children: {status}"
        if not n:
            return Estimate.not_estimable(term, n=0, reason="no child was screened", unit="share")
        ends = wilson(count, n, level)
        wording = f"{term}: {count} of {n} ({{value}}, {{interval}})."
        return Estimate(
            term, count / n, *ends, level, n, "share", "share; Wilson interval", wording=wording,
            support=min(count, n - count),
        )  # fmt: skip

    def sentence(self) -> str:
        """Say how many are for review, how many are not, and for how many it cannot be said."""
        count = len(self.for_review)
        meet = "meets" if count == 1 else "meet"
        return f"Of {len(self.table)} children, {count} {meet} every criterion that can be judged. {self.others()}"

    def others(self) -> str:
        """Say how many are not for review, for how many it cannot be said, and what the panel must ask."""
        counts = self.table["status"].value_counts()
        failed, unjudged = int(counts.get(NOT_NOW, 0)), int(counts.get(UNJUDGED, 0))
        open_ = [one.words for one in self.asked if not one.held]
        asks = (
            f" The panel must ask whether the child {', and whether the child '.join(open_)}."
            if open_
            else ""
        )
        return f"Not now: {failed}; cannot be judged: {unjudged}.{asks}"

    def hardest(self) -> str:
        """Say which criterion most children do not meet."""
        if not len(self.table):
            return "No child was screened."
        counts = {one.words: int(self.table[one.name].eq(NOT_MET).sum()) for one in self.asked if one.held}
        words = max(counts, key=lambda name: counts[name])
        return f"Most often unmet, by {counts[words]} of {len(self.table)}: the child {words}."


def screen(frame: pd.DataFrame, *, rules: Rules | None = None, columns: Columns | None = None) -> Screen:
    """Hold children against the criteria of a step-down candidate, for professionals to review.

    Parameters
    ----------
    frame : DataFrame
        One row per child in care, with the columns named in `columns`.
    rules : Rules, optional
        What is asked; the defaults are judgements.
    columns : Columns, optional
        Names of the columns.

    Returns
    -------
    Screen
        ``.table``, ``.funnel()``, ``.for_review``, ``.sentence()``. A child who does not meet a criterion is "not
        now", with the reasons; a child for whom a criterion cannot be judged, and who meets the others, "cannot be
        judged". Nobody is left out.

    Raises
    ------
    InputError
        If a column is missing, or a child comes twice.

    Notes
    -----
    It is a list of children to talk about, never a decision. That the first plan was foster care is no criterion: in
    homes well matched to the child, plans were often foster care too. A setting may mask need: see `masking`.

    References
    ----------
    Oxfordshire's rule that a single need which takes intensive management rules a move out, as reported in 2019.

    Examples
    --------
    >>> at = pd.DataFrame({"child_id": ["a", "b"], "placement_type": "Residential home", "ls": "C2",
    ...     "weeks_in_placement": [30, 5], "need_age_days": 20, "rated_share": 1.0, "vetoed": False,
    ...     "comparable": True, "probability": 0.9, "wishes": True})
    >>> found = screen(at, rules=Rules(least_probability=0.7))
    >>> found.table["status"].tolist()
    ['for review', 'not now']
    >>> found.table["why"].tolist()[1]
    'not: has been in the home for 12 weeks'
    """
    rules, columns = rules or Rules(), columns or Columns()
    require_columns(frame, columns.child)
    twice = int(frame[columns.child].duplicated().sum())
    if twice:
        raise InputError(
            f"{twice} children come more than once. Give one row a child, such as a snapshot of a day."
        )
    asked = criteria(rules, columns)
    table = frame[[columns.child]].assign(**{one.name: one.verdicts(frame) for one in asked})
    held = [one for one in asked if one.held]
    failed = np.column_stack([table[one.name].eq(NOT_MET) for one in held])
    open_ = np.column_stack([table[one.name].eq(UNKNOWN) for one in held])
    status = np.select([failed.any(axis=1), open_.any(axis=1)], [NOT_NOW, UNJUDGED], FOR_REVIEW)
    why = [_why(held, bad, unknown) for bad, unknown in zip(failed, open_, strict=True)]
    return Screen(table.assign(status=status, why=why), asked, columns.child)


def _why(held: list[Criterion], failed: np.ndarray, unknown: np.ndarray) -> str:
    """Say what is not met, then what cannot be judged."""
    not_met = [f"not: {one.words}" for one, bad in zip(held, failed, strict=True) if bad]
    not_known = [
        f"{one.unknown} ({one.name.replace('_', ' ')})" for one, no in zip(held, unknown, strict=True) if no
    ]
    return "; ".join(not_met + not_known)
