"""Run the code of a page of the docs, from its first fence to its last; `python -m tests.documents` writes its output.

Fences: `python` is run, in one namespace a page; `csv PATH` is written as that file; `sh` holds commands that are run;
`console` holds commands that take too long, and are only read. A `text` fence shows what the fence before it printed:
after `python` all of it, after `sh` some of its lines.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from vcanalysis import cli

DOCS = Path(__file__).parents[1] / "docs"
PAGES = (DOCS / "cheat_sheet.md", *sorted((DOCS / "tutorial").glob("*.md")))
_FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Fence(NamedTuple):
    """A fence: its kind, what stands behind the kind, and what it holds."""

    kind: str
    about: str
    text: str


def fences(page: Path) -> list[Fence]:
    """List the fences of a page."""
    return [Fence(*found.groups()) for found in _FENCE.finditer(page.read_text(encoding="utf-8"))]


def commands(fence: Fence) -> list[list[str]]:
    """List the commands of a fence, without the name of the program."""
    return [shlex.split(line)[1:] for line in fence.text.splitlines() if line.strip()]


def run(page: Path) -> list[tuple[Fence, str]]:
    """Run a page in a folder of its own; gives each text fence with what was printed before it."""
    names: dict[str, object] = {"__name__": "page"}
    told, printed = [], ""
    for fence in fences(page):
        if fence.kind == "text":
            told.append((fence, printed))
        elif fence.kind == "csv":
            Path(fence.about).parent.mkdir(parents=True, exist_ok=True)
            Path(fence.about).write_text(fence.text, encoding="utf-8")
        elif fence.kind in ("python", "sh"):
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                if fence.kind == "python":
                    exec(compile(fence.text, page.name, "exec"), names)
                else:
                    assert [cli.main(words) for words in commands(fence)] == [0] * len(commands(fence)), (
                        fence.text
                    )
            printed = shown.getvalue()
    return told


def written(page: Path) -> str:
    """Give the text of a page with what its python fences print."""
    shown = iter([text for _, text in run(page)])
    before = ""

    def fill(found: re.Match[str]) -> str:
        nonlocal before
        kind, whole = found[1], found[0]
        if kind == "text":
            said = next(shown)
            whole = f"```text\n{said}```" if before == "python" else whole
        before = kind
        return whole

    return _FENCE.sub(fill, page.read_text(encoding="utf-8"))


def main() -> int:
    """Write what the pages print."""
    here = Path.cwd()
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                text = written(page)
            finally:
                os.chdir(here)
        page.write_text(text, encoding="utf-8")
        print(page.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
