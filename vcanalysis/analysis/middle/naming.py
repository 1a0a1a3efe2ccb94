"""Names for groups of children: how high their need is, and in which domains it stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

LOW, HIGH = (
    0.25,
    0.5,
)  # of the scale: mean level from which need is called moderate, and from which it is called high
_CLEAR = 0.1  # of the scale above the mean of all children: from there a domain marks a group
_MARKS = (2, 3, 4)  # domains in a name; more than two only where two groups would be called alike


def level_words(means: np.ndarray, top: float) -> list[str]:
    """Call the need of each group low, moderate or high, by its mean level over the domains.

    Parameters
    ----------
    means : array (groups, domains)
        Mean level of each domain in each group.
    top : float
        Highest level there is.

    Examples
    --------
    >>> level_words(np.array([[0.4, 0.6], [0.2, 1.6], [1.0, 2.8]]), 3.0)
    ['low', 'moderate', 'high']
    """
    words = np.array(["low", "moderate", "high"])
    return [str(w) for w in words[np.digitize(means.mean(axis=1) / max(top, 1e-9), [LOW, HIGH])]]


def name_steps(number: int) -> list[str]:
    """Name slices of one scale of severity by their place on it.

    Examples
    --------
    >>> name_steps(3)
    ['Lowest need', 'Step 2 of 3', 'Highest need']
    """
    if number == 1:
        return ["All children"]
    between = [f"Step {k} of {number}" for k in range(2, number)]
    return ["Lowest need", *between, "Highest need"]


def name_kinds(
    means: np.ndarray,
    overall: np.ndarray,
    domains: Sequence[object],
    *,
    top: float,
    titles: Mapping[str, str],
) -> list[str]:
    """Name groups that differ in kind by their profile, never by a number, which another sample would give another.

    Parameters
    ----------
    means : array (groups, domains)
        Mean level of each domain in each group.
    overall : array (domains,)
        Mean level of each domain among all children.
    domains : sequence
        The domains, in the order of the columns.
    top : float
        Highest level there is.
    titles : mapping of str to str
        Short names of domains; the column name serves where there is none.

    Returns
    -------
    list of str
        All different: the height of need, and in brackets the domains most above the mean of all children.

    Examples
    --------
    >>> means = np.array([[0.4, 0.5, 0.4], [0.5, 1.9, 1.5], [2.0, 0.5, 0.6]])
    >>> name_kinds(means, means.mean(axis=0), ["harm", "school", "health"], top=3.0, titles={"school": "School"})
    ['Low need', 'Moderate need (school, health)', 'Moderate need (harm)']
    """
    words, above = level_words(means, top), means - overall
    short = [str(titles.get(str(d), str(d).replace("_", " "))) for d in domains]
    names = [""] * len(means)
    for most in _MARKS:
        names = [_name(w, row, short, most) for w, row in zip(words, above / max(top, 1e-9), strict=True)]
        if len(set(names)) == len(names):
            return names
    times = Counter(names)
    return [n if times[n] == 1 else f"{n}, group {k}" for k, n in enumerate(names, start=1)]


def _name(word: str, above: np.ndarray, short: Sequence[str], most: int) -> str:
    order = [int(d) for d in np.argsort(-above, kind="stable")[:most] if above[d] >= _CLEAR]
    if not order:
        return f"{word.capitalize()} need"
    marks = ", ".join(short[d][:1].lower() + short[d][1:] for d in sorted(order))
    return f"{word.capitalize()} need ({marks})"
