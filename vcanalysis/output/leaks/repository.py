"""Scanning a repository before a commit: no child's data enters it, forced or renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from vcanalysis.core.errors import CheckFailed
from vcanalysis.output.leaks.opening import parts
from vcanalysis.output.leaks.rules import broken
from vcanalysis.output.leaks.scan import Leak

# what is synthetic, drawn or a test of this very scan
_OPEN = ("data/demo/", "reports/example/", "tests/", "docs/", "vcanalysis/output/leaks/")
_CODE = {".py", ".toml", ".cfg", ".j2", ".typ", ".yml", ".yaml", ".lock", ".r", ".typed", ""}
_WORDS = {".md", ".rst"}
_DATA = {
    ".xlsx", ".xls", ".xlsm", ".ods", ".docx", ".doc", ".zip", ".gz", ".7z", ".parquet", ".feather", ".sqlite", ".db",
    ".bz2", ".xz", ".tar", ".tgz", ".rar", ".pkl", ".pickle", ".sav", ".dta", ".rds", ".pdf", ".mdb", ".msg", ".eml",
}  # fmt: skip
_SECRET = {".key", ".pem", ".p12", ".pfx"}
_TOLD = (
    "a unique pupil number",
    "an NHS number",
    "a date of birth",
    "a key",
    "rows of a return",
    "an error trace",
)
_TOLD_OF_CODE = ("a key",)  # examples of code are drawn rows, errors and numbers
_ROWS = re.compile(r"(?im)^\W*child(?:_id)?,(?:\w+,)+\w+\s*\n\W*[\w-]+,.*\d")
_TOLD_OF_DATA = (*_TOLD, "a pseudonym of a child", "a postcode", "run metadata of a notebook")


def scan_repository(files: Iterable[Path | str], *, root: Path | str = ".") -> list[Leak]:
    """Look through files that are to be committed.

    Parameters
    ----------
    files : iterable of path
        Their paths from the root of the repository.
    root : path
        The repository.

    Returns
    -------
    list of Leak
        Empty when nothing was found; no value is repeated.
    """
    found: list[Leak] = []
    for file in files:
        name = PurePosixPath(Path(file).as_posix())
        path = Path(root) / file
        if path.is_file() and not path.is_symlink():
            found += [Leak(str(name), rule) for rule in dict.fromkeys(_rules_of(name, path))]
    return found


def may_be_committed(files: Iterable[Path | str], *, root: Path | str = ".") -> int:
    """Refuse a commit that holds a leak; give the number of files looked through.

    Raises
    ------
    CheckFailed
        Naming the first file and rule, never the value.
    """
    files = list(files)
    leaks = scan_repository(files, root=root)
    if leaks:
        raise CheckFailed(f"{leaks[0].file} holds {leaks[0].rule}. It may not be committed: take it out.")
    return len(files)


def _rules_of(name: PurePosixPath, path: Path) -> Iterator[str]:
    kind = name.suffix.lower()
    where = str(name)
    if kind in _SECRET or ".hash-key" in name.parts:
        yield "a key"
        return
    if where.startswith("data/private/") or (where.startswith("reports/") and not where.startswith(_OPEN[1])):
        yield "what is ignored by git on purpose"
        return
    if where.startswith(_OPEN):
        if kind in _DATA - {".parquet"} and where.startswith(("data/", "docs/")):
            yield "a file that can hold rows"
        return
    if kind in _DATA:
        yield "a file that can hold rows"
        return
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04"):
        yield "a file that can hold rows"
    if kind == ".ipynb":
        yield from _notebook(content)
    told = _TOLD if kind == ".ipynb" or kind in _WORDS else _TOLD_OF_CODE if kind in _CODE else _TOLD_OF_DATA
    for part in parts(where, content):
        if part.wrong and kind != ".ipynb":
            yield part.wrong
        if part.plain:
            yield from (rule for rule in broken(part.text) if rule in told)
            if _ROWS.search(part.text):
                yield "rows of a return"


def _notebook(content: bytes) -> Iterator[str]:
    try:
        tree = json.loads(content)
    except ValueError:
        yield "a notebook that cannot be read"
        return
    if {"papermill", "widgets", "signature"} & set(tree.get("metadata", {})):
        yield "run metadata of a notebook"
    for cell in tree.get("cells", ()):
        if cell.get("attachments"):
            yield "a file attached to a cell"
        if {"papermill", "ExecuteTime"} & set(cell.get("metadata", {})):
            yield "run metadata of a notebook"
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error" or output.get("name") == "stderr":
                yield "an error trace"
            elif set(output.get("data", {})) - {"text/plain", "text/markdown"}:
                yield "an output that is more than the tested answer"
