"""Leaks: what must never be in a file that leaves the council, found by its form."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vcanalysis.core.errors import CheckFailed, InputError

_TEXT = {".html", ".htm", ".json", ".svg", ".ipynb", ".txt", ".md", ".csv", ".xml", ".toml", ""}
_OFFICE = {".xlsx", ".docx", ".ods", ".zip"}
_IMAGES = {".png", ".jpg", ".jpeg", ".pdf"}

# what it is -> how it looks; a match fails the gate, its text is never shown
RULES: dict[str, re.Pattern[str]] = {
    "a pseudonym of a child": re.compile(
        # 12 or 16 hexadecimal digits, a letter among them: as the synthetic council and the import write them
        r"(?<![\w#./-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])(?:[0-9a-f]{12}|[0-9a-f]{16})(?![\w.-])"
        r"|\"child_id\"\s*:\s*\"[^\"]+\""
    ),
    "a unique pupil number": re.compile(r"\b[A-HJ-NP-RT-Z]\d{12}\b|\b[A-HJ-NP-RT-Z]\d{11}[A-Z]\b"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"),
    "a date of birth": re.compile(
        r"(?i)\b(?:dob|date[ _]of[ _]birth|birth_date|born)\b[^\n<]{0,20}\d{1,4}[/-]\d{1,2}[/-]\d{1,4}"
    ),
    "a path of the machine it was made on": re.compile(
        r"(?<![\w/.:-])/(?:home|Users|root|tmp|var|mnt|srv|work)/[\w.-]+|\b[A-Z]:\\\\?[\w.-]+\\"
    ),
    "an error trace": re.compile(r"Traceback \(most recent call last\)|\"output_type\":\s*\"error\""),
    "run metadata of a notebook": re.compile(r"\"papermill\":\s*\{"),
    "a script": re.compile(r"(?i)<script\b|\bon(?:load|click|error)\s*="),
    "a resource loaded from elsewhere": re.compile(
        r"(?i)<(?:img|link|iframe|image)[^>]+(?:src|href)=[\"']https?:"
    ),
}


@dataclass(frozen=True, slots=True)
class Leak:
    """A file and the rule it breaks."""

    file: str
    rule: str


def scan(path: Path | str, *, pseudonyms: frozenset[str] = frozenset()) -> list[Leak]:
    """Look through a file or folder for what must not be published.

    Parameters
    ----------
    path : path
        A file or a folder such as the `publish` folder of a run.
    pseudonyms : frozenset of str
        The child ids of the council, when they are known: none of six or more characters may occur.

    Returns
    -------
    list of Leak
        Empty when nothing was found.

    Raises
    ------
    InputError
        If there is nothing at the path.
    """
    root = Path(path)
    if not root.exists():
        raise InputError(f"{path} does not exist. Name a file or folder to look through.")
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
    if not files:
        raise InputError(f"{path} holds no file. Name the publish folder of a run.")
    base = root.parent if root.is_file() else root
    return [leak for file in files for leak in _scan_file(file, str(file.relative_to(base)), pseudonyms)]


def must_be_clean(path: Path | str, *, pseudonyms: frozenset[str] = frozenset()) -> int:
    """Refuse a release that holds a leak; give the number of files looked through.

    Raises
    ------
    CheckFailed
        Naming the first file and rule, never the value.
    """
    leaks = scan(path, pseudonyms=pseudonyms)
    if leaks:
        more = f" ({len(leaks)} found in all)" if len(leaks) > 1 else ""
        raise CheckFailed(
            f"{leaks[0].file} holds {leaks[0].rule}{more}. Nothing of it may be published: "
            "mend the notebook or remove the file."
        )
    root = Path(path)
    return 1 if root.is_file() else sum(p.is_file() for p in root.rglob("*"))


def _scan_file(file: Path, name: str, pseudonyms: frozenset[str]) -> Iterator[Leak]:
    kind = file.suffix.lower()
    if file.is_symlink():
        yield Leak(name, "a link to a file elsewhere")
    elif kind in _OFFICE:
        yield from _scan_archive(file, name, pseudonyms)
    elif kind in _TEXT or kind in _IMAGES:
        content = file.read_bytes().decode("utf-8", errors="replace")
        yield from (Leak(name, rule) for rule in _broken(content, pseudonyms, image=kind in _IMAGES))
    else:
        yield Leak(name, f"content of a kind that is not published ({kind})")


def _scan_archive(file: Path, name: str, pseudonyms: frozenset[str]) -> Iterator[Leak]:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [(p, archive.read(p).decode("utf-8", errors="replace")) for p in archive.namelist()]
    except zipfile.BadZipFile:
        yield Leak(name, "content that cannot be read")
        return
    for part, content in parts:
        yield from (Leak(f"{name}, {part}", rule) for rule in _broken(content, pseudonyms))


def _broken(content: str, pseudonyms: frozenset[str], *, image: bool = False) -> Iterator[str]:
    rules = {} if image else RULES  # bytes of an image take the form of anything
    yield from (rule for rule, form in rules.items() if form.search(content))
    if pseudonyms and not pseudonyms.isdisjoint(re.findall(r"[\w-]{6,}", content)):
        yield "the identifier of a child of this council"
