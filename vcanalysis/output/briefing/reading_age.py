"""Reading age of plain words: the Flesch-Kincaid grade, with syllables counted by groups of vowels.

No library that is installed does it, and the summary in plain English is held to it.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z’'-]+|\d[\d,.]*%?")
# an e that is written and not said: care, table (but its l is), moved, homes, placement, homely
_SILENT = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy])le$|(?<=[^aeiouytd])ed$|(?<=[^aeiouycgsxz])es$|(?<=[^aeiou])e(?=ments?$|ly$)"
)
_STOP = re.compile(r"[.!?](?:\s|$)")


def grade(text: str) -> float:
    """Give the Flesch-Kincaid grade of a text: the year of American schooling in which it is read with ease.

    Parameters
    ----------
    text : str
        Sentences.

    Returns
    -------
    float
        0 for a text without words.

    References
    ----------
    Kincaid JP and others (1975), Research Branch Report 8-75, Naval Technical Training.

    Examples
    --------
    >>> round(grade("The cat sat on the mat."), 2)
    -1.45
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(len(_STOP.findall(text)), 1)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def reading_age(text: str) -> int:
    """Give the age in years at which a text is read with ease: five more than its grade.

    Examples
    --------
    >>> reading_age("Where a child lives matters. What the child needs matters too.")
    6
    """
    return max(round(grade(text)) + 5, 5)


def syllables(word: str) -> int:
    """Count the syllables of a word by its groups of vowels; those of a number by its digits.

    Examples
    --------
    >>> [syllables(word) for word in ("care", "placement", "family", "moved", "275")]
    [1, 2, 3, 1, 3]
    """
    if word[0].isdigit():
        return sum(letter.isdigit() for letter in word) + 2 * word.endswith("%")
    plain = re.sub(r"[^a-z]", "", word.lower())
    silent = _SILENT.sub("", plain)
    return max(len(re.findall(r"[aeiouy]+", silent)), 1)
