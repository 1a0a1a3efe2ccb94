"""Coarser bands: categories put together where too much of a table would be hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

_OR = " or "  # in the name of categories put together that stand in no order
_FEWEST = 2  # categories that a column keeps

Step = tuple[np.ndarray, dict[str, list[str]], tuple[str, str, tuple[str, str]]]


def coarser(
    array: np.ndarray, names: dict[str, list[str]], *, ordered: Sequence[str], threshold: int
) -> Step | None:
    """Put the two categories together that leave the fewest small cells.

    Parameters
    ----------
    array : array
        Counts, one dimension a column, without totals.
    names : dict
        Categories of every column, in the order of the dimensions.
    ordered : sequence of str
        Columns where only neighbours are put together; of others the two smallest, as "the one or the other".
    threshold : int
        Below this a count is small.

    Returns
    -------
    tuple or None
        New counts, new names and what was put together; nothing where every column is down to two.

    Examples
    --------
    >>> coarser(np.array([30.0, 4, 8]), {"age": ["0 to 4", "5 to 9", "10 to 15"]}, ordered=["age"], threshold=10)[2]
    ('age', '5 to 15', ('5 to 9', '10 to 15'))
    """
    best: tuple[tuple[float, ...], Step] | None = None
    for axis, name in enumerate(names):
        for i, j in _pairs(array, axis, names[name], in_order=name in ordered):
            new = _name(names[name][i], names[name][j], in_order=name in ordered)
            old = (names[name][i], names[name][j])
            made, left = joined(array, names, name, old, new)
            few = float(np.sum((made > 0) & (made < threshold)) / made.size)
            lost = -1.0 / len(names[name])  # a column of many categories can spare one
            if best is None or (few, -lost) < best[0]:
                best = ((few, -lost), (made, left, (name, new, old)))
    return None if best is None else best[1]


def joined(
    array: np.ndarray, names: dict[str, list[str]], column: str, old: tuple[str, str], new: str
) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Put two categories of a column together, in the place of the first.

    Examples
    --------
    >>> joined(np.array([30.0, 4, 8]), {"age": ["0", "1", "2"]}, "age", ("1", "2"), "1 to 2")[0].tolist()
    [30.0, 12.0]
    """
    axis, (i, j) = list(names).index(column), (names[column].index(o) for o in old)
    made = np.delete(array, j, axis=axis)
    index = tuple(i - (j < i) if a == axis else slice(None) for a in range(array.ndim))
    made[index] = array.take(i, axis=axis) + array.take(j, axis=axis)
    kept = [new if k == i else v for k, v in enumerate(names[column]) if k != j]
    return made, {**names, column: kept}


def _pairs(array: np.ndarray, axis: int, names: list[str], *, in_order: bool) -> Iterator[tuple[int, int]]:
    size = array.sum(axis=tuple(a for a in range(array.ndim) if a != axis))
    if len(size) <= _FEWEST:
        return
    if in_order:
        yield from ((i, i + 1) for i in range(len(size) - 1))
    else:
        smallest = sorted(
            range(len(size)), key=lambda k: (_OR not in names[k], size[k])
        )  # one grows, not several
        first, second = smallest[:2]
        yield int(min(first, second)), int(max(first, second))


def _name(one: str, other: str, *, in_order: bool) -> str:
    """Name the two together: from the start of the one to the end of the other."""
    if not in_order:
        return f"{one.replace(_OR, ', ')}{_OR}{other}"
    start, stop = one.split(" to ")[0], other.split(" to ")[-1]
    if one.lower().startswith("under ") and " to " in other:
        return f"Under {int(stop) + 1}" if stop.isdigit() else f"{one} to {other}"
    return f"{start} and over" if stop.endswith(" and over") and start.isdigit() else f"{start} to {stop}"
