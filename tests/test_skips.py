"""Unit test: every reason for which a test skips stands in CONTRIBUTING.md, with what is not known then."""

from __future__ import annotations

import ast
from pathlib import Path

HOME = Path(__file__).parents[1]


def reasons(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    skips = [c for c in calls if getattr(c.func, "attr", "") in ("skip", "skipif", "importorskip")]
    given = [node for c in skips for node in (*c.args, *(k.value for k in c.keywords))]
    said = [node.value for node in given if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {
        words.partition("; name their folder")[0] for words in said if " " in words
    }  # else a library's name


def test_every_reason_to_skip_is_told():
    told = " ".join((HOME / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    files = [*(HOME / "tests").glob("test_*.py"), HOME / "tests" / "conftest.py"]
    found = {words for path in files for words in reasons(path)}
    assert "this machine has no Chromium" in found
    assert {words for words in found if words not in told} == set()
