"""Tables of counts made safe: small counts hidden, the rest rounded, and what would give them away hidden too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.output.disclosure.attack import TOTAL, Key, Seen
from vcanalysis.output.disclosure.bands import coarser
from vcanalysis.output.disclosure.policy import MARK, STRICT, Policy
from vcanalysis.output.disclosure.suppress import Grid, Hidden, hide
from vcanalysis.output.disclosure.totals import known_elsewhere, lines_of, with_totals

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
    sums : bool
        Whether totals are the sums of the rounded cells; those of linked tables are rounded by themselves.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    policy: Policy
    count: str
    merged: Mapping[str, Mapping[str, tuple[str, ...]]]
    above: float
    primary: frozenset[Key] = field(repr=False)
    sums: bool = True

    @property
    def hidden_share(self) -> float:
        """Share of all cells that are hidden."""
        return float(self.frame[self.count].isna().mean())

    def seen(self) -> Seen:
        """Give the table as a reader has it, for the attacker."""
        return Seen(self.frame, self.by, self.policy.round_to, self.count, self.sums)


def protect(
    counts: pd.DataFrame,
    *,
    by: Sequence[str],
    count: str = "children",
    policy: Policy = STRICT,
    ordered: Sequence[str] = (),
    merge: bool = True,
    seconds: float = 10.0,
) -> Protected:
    """Make a table of counts safe to publish.

    Parameters
    ----------
    counts : DataFrame
        The columns of `by` and `count` (children); a combination that is not there counts nobody.
    by : sequence of str
        Columns to count by; a total is made over each.
    count : str
        Column of the counts.
    policy : Policy
        Thresholds and rounding.
    ordered : sequence of str
        Columns whose categories stand in an order, such as bands of age: only neighbours are put together.
    merge : bool
        Whether categories are put together when more than `policy.hidden_share` of the cells would be hidden.
    seconds : float
        Time after which the search for the fewest cells is given up.

    Returns
    -------
    Protected
        Totals are the sums of the rounded cells, hidden ones with their rounded value.

    Raises
    ------
    InputError
        If a column is missing or a count is not a whole number from nought.

    Examples
    --------
    >>> made = protect(pd.DataFrame({"home": ["a", "b", "c"], "children": [4, 12, 61]}), by=["home"])
    >>> made.frame["mark"].tolist(), made.frame["children"].tolist()
    (['', '', ''], [15.0, 60.0, 75.0])
    >>> made.merged["home"]["Other"]
    ('a', 'b')
    """
    array, names = _crossed(counts, by, count)
    merged: dict[str, dict[str, tuple[str, ...]]] = {}
    while True:
        made = _protect_once(array, names, count, policy, merged, seconds)
        if not merge or made.hidden_share <= policy.hidden_share:
            return made
        step = coarser(array, names, ordered=ordered, threshold=policy.min_count)
        if step is None:
            return made
        array, names, (column, new, old) = step
        group = merged.setdefault(column, {})
        group[new] = tuple(itertools.chain.from_iterable(group.pop(o, (o,)) for o in old))


def _crossed(counts: pd.DataFrame, by: Sequence[str], count: str) -> tuple[np.ndarray, dict[str, list[str]]]:
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

    Where every child of a line is in one cell, the noughts beside it tell something of all of them.
    """
    few = (full > 0) & (full < policy.min_count)
    if policy.zeros == "shown":
        return few
    flat, found = full.ravel(), few.ravel().copy()
    for total, parts in lines_of(full.shape):
        if len(parts) > 1 and flat[total] > 0 and np.count_nonzero(flat[parts]) == 1:
            found[parts[flat[parts] > 0]] = True
    return found.reshape(full.shape)


def _protect_once(
    array: np.ndarray,
    names: dict[str, list[str]],
    count: str,
    policy: Policy,
    merged: dict[str, dict[str, tuple[str, ...]]],
    seconds: float,
) -> Protected:
    full = with_totals(array)
    shown = with_totals(policy.round_to * np.floor(array / policy.round_to + 0.5))
    primary = small(full, policy)
    done = hide(
        # safe also from one who knows the exact totals: what moves must fit the counts and what they are rounded to
        Grid(np.minimum(shown, full).ravel(), lines_of(full.shape), _weights(full)),
        primary.ravel(),
        width=policy.width,
        seconds=seconds,
    )
    frame, keys = _cells(names)
    return _made(frame, keys, shown, primary, done, count=count, policy=policy, merged=dict(merged))


def protect_linked(
    tables: Sequence[tuple[pd.DataFrame, Sequence[str]]],
    *,
    count: str = "children",
    policy: Policy = STRICT,
    seconds: float = 10.0,
) -> list[Protected]:
    """Make several tables of the same children safe together.

    Parameters
    ----------
    tables : sequence of (DataFrame, columns)
        Counts as for `protect`, and what each counts by; columns of one name are one and the same.
    count : str
        Column of the counts.
    policy : Policy
        Thresholds and rounding.
    seconds : float
        Time after which the search for the fewest cells is given up.

    Returns
    -------
    list of Protected
        In the order given. A cell that stands in several is shown or hidden in all, and rounded by itself.

    Examples
    --------
    >>> ages = pd.DataFrame({"home": ["a", "b"] * 2, "age": ["0", "0", "1", "1"], "children": [30, 4, 25, 41]})
    >>> sexes = pd.DataFrame({"home": ["a", "b"] * 2, "sex": ["f", "f", "m", "m"], "children": [27, 22, 28, 23]})
    >>> [round(t.hidden_share, 2) for t in protect_linked([(ages, ["home", "age"]), (sexes, ["home", "sex"])])]
    [0.44, 0.0]
    """
    crossed = [_crossed(frame, by, count) for frame, by in tables]
    full = [with_totals(array) for array, _ in crossed]
    cells = [_cells(names) for _, names in crossed]
    places: dict[Key, int] = {}
    for _, keys in cells:
        for key in keys:
            places.setdefault(key, len(places))
    values, weights = np.zeros(len(places)), np.zeros(len(places))
    primary = np.zeros(len(places), dtype=bool)
    lines: list[tuple[int, np.ndarray]] = []
    for array, (_, keys) in zip(full, cells, strict=True):
        at = np.array([places[key] for key in keys])
        values[at], weights[at] = array.ravel(), np.maximum(weights[at], _weights(array))
        primary[at] |= small(array, policy).ravel()
        lines += [(int(at[total]), at[parts]) for total, parts in lines_of(array.shape)]
    done = hide(Grid(values, lines, weights), primary, width=policy.width, seconds=seconds)
    made = []
    for array, (frame, keys) in zip(full, cells, strict=True):
        at = np.array([places[key] for key in keys])
        part = Hidden(done.mask[at], done.above)
        shown = policy.round_to * np.floor(array / policy.round_to + 0.5)
        made.append(
            _made(frame, keys, shown, primary[at], part, count=count, policy=policy, merged={}, sums=False)
        )
    return made


def _cells(names: Mapping[str, list[str]]) -> tuple[pd.DataFrame, list[Key]]:
    labels = [[*values, TOTAL] for values in names.values()]
    frame = pd.DataFrame(list(itertools.product(*labels)), columns=list(names))
    rows = frame.itertuples(index=False, name=None)
    return frame, [frozenset((n, v) for n, v in zip(names, row, strict=True) if v != TOTAL) for row in rows]


def _made(
    frame: pd.DataFrame, keys: list[Key], shown: np.ndarray, primary: np.ndarray, done: Hidden, *,
    count: str, policy: Policy, merged: Mapping[str, Mapping[str, tuple[str, ...]]], sums: bool = True,
) -> Protected:  # fmt: skip
    by = tuple(frame.columns)
    told = frame.assign(
        **{count: np.where(done.mask, np.nan, shown.ravel()), "mark": np.where(done.mask, MARK, "")}
    )
    watch = frozenset(key for key, is_small in zip(keys, primary.ravel(), strict=True) if is_small)
    return Protected(told, by, policy, count, merged, done.above, watch, sums)


def _weights(full: np.ndarray) -> np.ndarray:
    """Weigh cells: each counts one, more where it holds many children, and much more where it is a total."""
    totals = sum(
        np.expand_dims(np.arange(size) == size - 1, tuple(a for a in range(full.ndim) if a != axis)).astype(
            int
        )
        for axis, size in enumerate(full.shape)
    )
    weights = (_TOTAL_WEIGHT ** np.asarray(totals) * (1 + 0.01 * np.log1p(full))).ravel()
    return weights * np.where(known_elsewhere(full.shape), _KNOWN_WEIGHT, 1.0)
