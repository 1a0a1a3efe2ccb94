"""Tables of counts made safe: small counts hidden, the rest rounded, and what would give them away hidden too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.output.disclosure.attack import TOTAL, Key, Seen
from vcanalysis.output.disclosure.policy import MARK, Policy
from vcanalysis.output.disclosure.suppress import Hidden
from vcanalysis.output.disclosure.totals import known_elsewhere, lines_of

_KNOWN_WEIGHT = 25.0  # hidden only where no other cell would do: readers have it from elsewhere
_TOTAL_WEIGHT = 8.0  # a total says more than a cell, and a total of totals most


@dataclass(frozen=True, slots=True)
class Protected:
    """A table that may be published.

    Parameters
    ----------
    frame : DataFrame
        One row a cell, totals ("All") included: the columns of `by`, the count (missing where hidden) and
        `mark` ("[c]" where hidden).
    by : tuple of str
        What is counted by.
    policy : Policy
        What it keeps to.
    count : str
        Column of the counts.
    merged : mapping
        Categories put together: column -> new name -> old names.
    above : float
        By how much, at most, more is hidden than must be: 0.03 is 3% of the weight of what is hidden.
    primary : frozenset of keys
        The small cells, for the judge; never published.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    policy: Policy
    count: str
    merged: Mapping[str, Mapping[str, tuple[str, ...]]]
    above: float
    primary: frozenset[Key] = field(repr=False)

    @property
    def hidden_share(self) -> float:
        """Share of all cells that are hidden."""
        return float(self.frame[self.count].isna().mean())

    def seen(self) -> Seen:
        """Give the table as a reader has it, for the attacker."""
        return Seen(self.frame, self.by, self.policy.round_to, self.count)


def counts_by(counts: pd.DataFrame, by: Sequence[str], count: str) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Set counts out as an array, one dimension a column; give the categories of each."""
    missing = [name for name in (*by, count) if name not in counts]
    if missing:
        raise InputError(f"The table has no column {missing[0]!r}. There are: {', '.join(counts.columns)}.")
    values = pd.to_numeric(counts[count], errors="coerce")
    if values.isna().any() or (values < 0).any() or (values % 1 != 0).any():
        raise InputError(f"Column {count!r} must hold whole numbers from nought.")
    names = {name: list(dict.fromkeys(counts[name].astype(str))) for name in by}
    array = np.zeros([len(names[name]) for name in by])
    at = tuple(
        counts[name].astype(str).map({v: i for i, v in enumerate(names[name])}).to_numpy() for name in by
    )
    np.add.at(array, at, values.to_numpy(dtype=float))
    return array, names


def small(full: np.ndarray, policy: Policy) -> np.ndarray:
    """Find what must be hidden by itself: counts under the threshold, and lines all of one kind.

    Where every child of a line is in one cell, the noughts beside it tell something of all of them, and are hidden too.
    """
    few = (full > 0) & (full < policy.min_count)
    if policy.zeros == "shown":
        return few
    flat, found = full.ravel(), few.ravel().copy()
    for total, parts in lines_of(full.shape):
        if len(parts) > 1 and flat[total] > 0 and np.count_nonzero(flat[parts]) == 1:
            found[parts] = True
    return found.reshape(full.shape)


def cells_of(names: Mapping[str, list[str]]) -> tuple[pd.DataFrame, list[Key]]:
    """List the cells of a table with its totals, and what each counts."""
    labels = [[*values, TOTAL] for values in names.values()]
    frame = pd.DataFrame(list(itertools.product(*labels)), columns=list(names))
    rows = frame.itertuples(index=False, name=None)
    return frame, [frozenset((n, v) for n, v in zip(names, row, strict=True) if v != TOTAL) for row in rows]


def protected(
    frame: pd.DataFrame, keys: list[Key], shown: np.ndarray, primary: np.ndarray, done: Hidden, *,
    count: str, policy: Policy, merged: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Protected:  # fmt: skip
    """Set the result out: counts, marks, and the small cells for the judge."""
    by = tuple(frame.columns)
    told = frame.assign(
        **{count: np.where(done.mask, np.nan, shown.ravel()), "mark": np.where(done.mask, MARK, "")}
    )
    watch = frozenset(key for key, is_small in zip(keys, primary.ravel(), strict=True) if is_small)
    return Protected(told, by, policy, count, merged, done.above, watch)


def weights(full: np.ndarray) -> np.ndarray:
    """Weigh cells: each counts one, more where it holds many children, and much more where it is a total."""
    totals = sum(
        np.expand_dims(np.arange(size) == size - 1, tuple(a for a in range(full.ndim) if a != axis)).astype(
            int
        )
        for axis, size in enumerate(full.shape)
    )
    weights = (_TOTAL_WEIGHT ** np.asarray(totals) * (1 + 0.01 * np.log1p(full))).ravel()
    return weights * np.where(known_elsewhere(full.shape), _KNOWN_WEIGHT, 1.0)
