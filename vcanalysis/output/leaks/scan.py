"""Scanning a release: every file, every part of it, held against the rules."""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.leaks import drawings, rows
from vcanalysis.output.leaks.opening import Part, parts
from vcanalysis.output.leaks.rules import PARTS, UNSEEN, broken, broken_cells

_KINDS = {
    ".html", ".htm", ".json", ".svg", ".ipynb", ".txt", ".md", ".csv", ".xml", ".toml", "", ".xlsx", ".docx", ".ods",
    ".zip", ".png", ".jpg", ".jpeg", ".pdf", ".parquet",
}  # fmt: skip
_OFFICE = {".xlsx", ".docx", ".ods", ".zip"}
_OF_NAMES = (
    "a pseudonym of a child", "a unique pupil number", "a postcode", "an NHS number", "a date of birth",
)  # fmt: skip
_IDENTIFIER = "the identifier of a child of this council"
_COMMON = {"root", "user", "admin", "runner", "ubuntu", "jovyan", "docker", "build", "nobody"}


@dataclass(frozen=True, slots=True)
class Leak:
    """A file and the rule it breaks."""

    file: str
    rule: str


def scan(
    path: Path | str, *, pseudonyms: frozenset[str] = frozenset(), makers: frozenset[str] = frozenset()
) -> list[Leak]:
    """Look through a file or folder for what must not be published.

    Parameters
    ----------
    path : path
        A file or a folder such as the `publish` folder of a run.
    pseudonyms : frozenset of str
        The child ids of the council, when they are known: none of six or more characters may occur.
    makers : frozenset of str
        What the council is called, so that it may be named as author; also read from the manifest beside the folder.

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
    looking = _Looking(pseudonyms, makers | _makers(base))
    found = (leak for file in files for leak in looking.scan_file(file, str(file.relative_to(base))))
    return list(dict.fromkeys(found))


def must_be_clean(
    path: Path | str, *, pseudonyms: frozenset[str] = frozenset(), makers: frozenset[str] = frozenset()
) -> int:
    """Refuse a release that holds a leak; give the number of files looked through.

    Raises
    ------
    CheckFailed
        Naming the first file and rule, never the value.
    """
    leaks = scan(path, pseudonyms=pseudonyms, makers=makers)
    if leaks:
        more = f" ({len(leaks)} found in all)" if len(leaks) > 1 else ""
        raise CheckFailed(
            f"{leaks[0].file} holds {leaks[0].rule}{more}. Nothing of it may be published: "
            "mend the notebook or remove the file."
        )
    root = Path(path)
    return 1 if root.is_file() else sum(p.is_file() for p in root.rglob("*"))


def _makers(folder: Path) -> frozenset[str]:
    """Find what the council is called, in the manifest of the run the folder belongs to."""
    for place in (folder, folder.parent):
        try:
            council = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["council"]
            return frozenset({council["name"], council["label"]})
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return frozenset()


@dataclass(frozen=True, slots=True)
class _Looking:
    pseudonyms: frozenset[str]
    makers: frozenset[str]

    def scan_file(self, file: Path, name: str) -> Iterator[Leak]:
        """Scan one file, its name first."""
        kind = file.suffix.lower()
        if file.is_symlink():
            yield Leak(name, "a link to a file elsewhere")
            return
        if any(part.startswith((".", "~")) for part in Path(name).parts):
            yield Leak(name, "a hidden file")
        # a name that breaks a rule is not repeated
        if any(True for _ in self._broken_names(name)):
            yield Leak(f"a file in {Path(name).parent}", "a name that tells of a child")
            return
        if kind not in _KINDS:
            yield Leak(name, f"content of a kind that is not published ({kind})")
            return
        content = file.read_bytes()
        if content.startswith(b"PK\x03\x04") != (kind in _OFFICE):
            yield Leak(name, "content of another kind than its name says")
        for part in dict.fromkeys(parts(name, content)):
            yield from (Leak(part.name, rule) for rule in self._broken(part, kind))

    def _broken_names(self, name: str) -> Iterator[str]:
        words = re.sub(r"[_/.]", " ", name)
        yield from (rule for rule in broken(words) if rule in _OF_NAMES)
        if not self.pseudonyms.isdisjoint(re.findall(r"[\w-]{6,}", name)):
            yield _IDENTIFIER

    def _broken(self, part: Part, kind: str) -> Iterator[str]:
        if part.wrong:
            yield part.wrong
        yield from (rule for rule, form in PARTS.items() if form.search(part.name))
        if part.plain:
            yield from broken(part.text, makers=self.makers)
            yield from _of_this_machine(part.text)
            if kind == ".csv":
                yield from broken_cells(part.text)
            if drawings.one_each(part.text):
                yield drawings.ONE_EACH
            if part.name.endswith("word/document.xml") and UNSEEN.search(part.text):
                yield "hidden rows, columns or text of an office file"
            yield from rows.of_children(part.text)
        if self.pseudonyms and not self.pseudonyms.isdisjoint(re.findall(r"[\w-]{6,}", part.text)):
            yield _IDENTIFIER


def _of_this_machine(text: str) -> Iterator[str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        return
    if len(user) > 2 and user.lower() not in _COMMON:
        near = rf"(?i)(?:user(?:name)?|author|creator|owner|by)[\"'>:=/\\\s]{{1,4}}{re.escape(user)}\b"
        if re.search(near, text):
            yield "the name of the user who made it"
