"""Names of files and sheets that can stand in a log: a child's name may be in the one a person gave.

A name made of known words alone is kept. Any other is cut to the known words in it and, if there is none,
becomes a number: `Smith_John_needs.csv` is logged as `needs.csv`, `Smith.csv` as `file 1.csv`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

_TABLES = """
ssda s header headers episodes episode swfreeepisodes uasc oc reviews review ad placed for adoption
placedadoption placedforadoption adoptionplacement previous permanence permenance previouspermanence
previouspermenance prevperm missing sw swepisodes social worker dolo children child placements placement
needs need costs cost outcomes outcome goals goal stepdown carers carer cans sdq pds census standard data
extract extracts export exports return returns finance payments prices assessments ratings profile profiles
controcc mosaic liquidlogic lcs eclipse la lac cla looked after year sheet table file book workbook
draft final copy sample clean collected
"""
_BETWEEN = "a and by for from in of the to with"
_ENDS = "csv txt tsv xlsx xls xlsm xlsb ods sqlite sqlite3 db xml zip parquet toml"
_WORDS = frozenset(_TABLES.split())
_SMALL = frozenset(_BETWEEN.split())
_KINDS = frozenset(_ENDS.split())


def known_words(name: str) -> list[str]:
    """Give the words of a name that say nothing of anybody: those of the tables, years and S903.

    Examples
    --------
    >>> known_words("SSDA903_2020_episodes"), known_words("Smith_John needs 07-05-2008")
    (['SSDA', '903', '2020', 'episodes'], ['needs', '2008'])
    """
    words = re.findall(r"[A-Za-z]+|\d+", name)
    return [word for word in words if word.lower() in _WORDS or re.fullmatch(r"903|(?:19|20)\d\d", word)]


def safe_name(name: str, otherwise: str) -> str:
    """Give the name if it is made of known words alone, else the known words in it, else another name.

    Examples
    --------
    >>> safe_name("2017-episodes.csv", "file 1"), safe_name("Smith_John_needs.csv", "file 1")
    ('2017-episodes.csv', 'needs.csv')
    >>> safe_name("Smith.csv", "file 1"), safe_name("oc2.csv", "file 1")
    ('file 1.csv', 'oc2.csv')
    """
    stem, dot, kind = name.rpartition(".")
    if not (stem and kind.lower() in _KINDS):
        stem, dot, kind = name, "", ""
    words = known_words(stem)
    rest = re.sub(r"oc[23]|ad1|903|(?:19|20)\d\d", "", stem, flags=re.IGNORECASE)
    strange = [w for w in re.findall(r"[^\W_]+", rest) if w.lower() not in _WORDS | _SMALL]
    return ("_".join(words) or otherwise if strange else stem) + dot + kind


class SafeNames:
    """Gives each path of a source a name that can be logged, different paths different names.

    Examples
    --------
    >>> names = SafeNames()
    >>> [str(names.of(PurePosixPath(p))) for p in ("2019/header.csv", "2019/A Lee needs.csv", "2019/B Lee needs.csv")]
    ['2019/header.csv', '2019/needs.csv', '2019/needs (2).csv']
    """

    def __init__(self) -> None:
        self._given: dict[tuple[str, ...], str] = {}
        self._count: Counter[tuple[str, ...]] = Counter()
        self._taken: Counter[tuple[str, ...]] = Counter()

    def of(self, path: PurePosixPath) -> PurePosixPath:
        """Give the safe path."""
        parts = path.parts
        above = [self._one(parts[:depth], "folder") for depth in range(1, len(parts))]
        return PurePosixPath(*above, self._one(parts, "file"))

    def inside(self, source: str, what: str, name: str) -> str:
        """Give the safe name of a sheet or table (`what`) of a file."""
        return f"{source}, {what} {self._one((source, name), '').strip()}"

    def _one(self, parts: tuple[str, ...], what: str) -> str:
        if parts not in self._given:
            above = parts[:-1]
            self._count[above] += 1
            name = safe_name(parts[-1], f"{what} {self._count[above]}")
            self._taken[*above, name] += 1
            times = self._taken[*above, name]
            stem, dot, kind = name.rpartition(".")
            again = f"{stem} ({times}).{kind}" if dot else f"{name} ({times})"
            self._given[parts] = name if times == 1 else again
        return self._given[parts]
