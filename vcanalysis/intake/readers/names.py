"""Names of files, sheets and columns that can be said: a child's name may be in the one a person gave.

A name made of known words alone is kept. Any other name of a file is cut to the known words in it and, if there
is none, becomes a number: `Smith_John_needs.csv` is logged as `needs.csv`, `Smith.csv` as `file 1.csv`. Any other
name of a column is not shown at all.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath

from vcanalysis.core.framework import frameworks, load_framework
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.words import LEVELS, SAID_BY, WORDS

_TABLES = """
ssda s header headers episodes episode swfreeepisodes uasc oc reviews review ad placed for adoption
placedadoption placedforadoption adoptionplacement previous permanence permenance previouspermanence
previouspermenance prevperm missing sw swepisodes social worker dolo children child placements placement
needs need costs cost outcomes outcome goals goal stepdown carers carer cans sdq pds census standard data
extract extracts export exports return returns finance payments prices assessments ratings profile profiles
controcc mosaic liquidlogic lcs eclipse la lac cla looked after year sheet table file book workbook
draft final copy sample clean collected
"""
_HEADINGS = """
accommodation account actual actuals address admin age agency agreed annual applied approval approved area assessed
assessment attendance authorised authority band bank base batch bed begin begins behaviour behavioural birth
birthday body born budget cancelled care carefirst careleaver case category ccg centre charge class client code
comment comments commissioned commissioner commitment committed community company completed contract contracted
contribution council country county cpli created credit currency current daily day days description detail details
development diagnosis disability district dob domain duration education educational effective email emotional end
ended entered entry episode establishment ethnic ethnicity event expenditure external family fee field final
financial first flag forename fortnight foster fostering frame framework free frequency full funding gender general
given goal grade gross group health height high home host hours household housing icb identifier identity impact
income index indicator info information initials internal invoice item items job joint key kind last latest legal
length level line list local locality location long looked lower manager measure medical mental month monthly months
move name names national nationality need net new nhs nights no none note number ofsted old open order organisation
other outcome over owner package paid panel party pay payee payment peer percent percentage period person personal
phone physical pick place placed placing plan planned po police postcode preferred price primary programme progress
property provider provision psn purchase quantity quarter rate rated rater rating reason received record ref
reference region registered registration relationship relationships report request required residential result
review risk role room route row run safe safety school score secondary section self sen send series service session
set severity sex share short skills social source spend staff stage start started state status street strength
strengths subject substance sum supplement supplier support surname swift system team telephone temp term text time
timescale title to total transaction transport travel trial trust type uln under unit units until updated upn urn
use used user usual valid value vat version visit visits void week weekly weeks weight when who with work worker
workstep written years yes young
"""
_BETWEEN = "a an and as at by for from if in is it of on or per the their to was with"
_ENDS = """
csv txt tsv xlsx xls xlsm xlsb ods sqlite sqlite3 db xml zip parquet toml gz bz2 xz 7z rar tar tgz dat json pdf doc docx
rtf msg eml png jpg html htm log md bak old tmp sav dta rds accdb mdb
"""
_MANY = 20  # names of columns in a message
_NEARLY = 0.85  # a misspelt name of a column of ours
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


@cache
def _words_of_columns() -> frozenset[str]:
    """Give every word that a column can be named with: ours, those of finance and case systems, domains of need."""
    known = [_TABLES, _BETWEEN, _HEADINGS, *LEVELS, *(word for words in WORDS.values() for word in words)]
    known += [word for words in SAID_BY.values() for word in words]
    known += [column for table in TABLES.values() for column in table.names]
    for framework in map(load_framework, frameworks()):
        known += [*framework.domains, *framework.domain_titles.values()]
    return frozenset(word.lower() for text in known for word in re.findall(r"[A-Za-z]+", text))


def known_column(name: str, official: Iterable[str] = ()) -> bool:
    """Say whether the name of a column can be shown: it is one of the `official` or nearly, or of known words alone.

    Examples
    --------
    >>> known_column("Placement start date"), known_column("Mary Jones"), known_column("DECCOM", ["DECOM"])
    (True, False, True)
    >>> known_column("M1 1AE"), known_column("10/04/2019"), known_column("Item 12")
    (False, False, True)
    """
    if re.search(r"\d{3}|\d\D+\d", name):
        return False
    squeezed = re.sub(r"[^A-Z0-9]", "", name.upper())
    if squeezed and difflib.get_close_matches(squeezed, [*official], n=1, cutoff=_NEARLY):
        return True
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    said = [word.lower() for word in words]
    return bool(said) and all({word, word.removesuffix("s")} & _words_of_columns() for word in said)


def said_columns(columns: Iterable[str], official: Iterable[str]) -> str:
    """List the columns that can be shown, and count the others.

    Examples
    --------
    >>> said_columns(["child_id", "from", "Mary Jones", "Tom Smith"], ["CHILDID"])
    'child_id, from and 2 others, whose names are not shown'
    """
    names, official = [name.strip() for name in columns], [*official]
    shown = [name for name in names[:_MANY] if known_column(name, official)]
    others = len(names) - len(shown)
    if not others:
        return ", ".join(shown)
    hidden = f"{others:,} {'other, whose name is' if others == 1 else 'others, whose names are'} not shown"
    return f"{', '.join(shown)} and {hidden}" if shown else hidden


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
