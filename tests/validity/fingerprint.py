"""A key of a trial that changes when the code it runs changes, and only then.

One replicate is watched: every function of ours that it calls, and the module level of their files, enter the
key without comments, docstrings and words (text with a space, text to be filled in, how units are written). So a
changed estimator is measured again, and another trial in the same file is not. Helpers behind a cache are called once
and not seen: `--fresh` measures anew.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import CodeType, FrameType

import numpy as np

from tests.validity.laboratory import Coverage, Trial, forget

ROOT = Path(__file__).parents[2]
LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "stepmix")
Calls = dict[Path, set[int]]


def fingerprint(trial: Trial) -> str:
    """Give the key of a trial, 12 hexadecimal digits."""
    parts = [trial.name, trial.design, repr([version(library) for library in LIBRARIES])]
    if isinstance(trial, Coverage):
        parts.append(_identity(trial.truth))
    parts.append(
        _identity(getattr(trial, {"coverage": "estimate", "rejection": "p_value"}.get(trial.kind, "happens")))
    )
    parts += [_code(path, lines) for path, lines in sorted(_calls(trial).items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _calls(trial: Trial) -> Calls:
    """Give the first lines of the functions of ours that two replicates call, by file."""
    called: set[tuple[str, int]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    trial.replicate(0)  # so that caches and late imports are warm, whichever trial comes first
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for seed in (0, 1):
            forget()
            trial.replicate(seed)
    finally:
        sys.setprofile(before)
    found: Calls = {}
    for name, line in called:
        path = Path(name)
        ours = any(folder in path.parents for folder in (ROOT / "vcanalysis", ROOT / "tests"))
        if ours and path.name != "laboratory.py":
            found.setdefault(path, set()).add(line)
    return found


def _code(path: Path, lines: set[int]) -> str:
    """Give the module level of a file with the functions that start on certain lines, without words."""
    tree = _Needed(lines).visit(ast.parse(path.read_text(encoding="utf-8")))
    return path.relative_to(ROOT).as_posix() + ast.dump(tree)


class _Needed(ast.NodeTransformer):
    def __init__(self, lines: set[int]) -> None:
        self.lines = lines

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef | None:
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        return self.generic_visit(node) if first in self.lines else None  # type: ignore[return-value]

    def visit_Assign(self, node: ast.Assign) -> ast.Assign | None:
        named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return None if "TRIALS" in named else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign | None:
        return None if isinstance(node.target, ast.Name) and node.target.id in ("TRIALS", "_UNITS") else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        return ast.Constant("")

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        words = isinstance(node.value, str) and " " in node.value
        return ast.Constant("") if words else node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        words = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if words else node


def _identity(thing: object) -> str:
    """Write a value, or a function with what it closes over, so that equal ones are written alike."""
    if isinstance(thing, functools.partial):
        return _identity([thing.func, thing.args, sorted(thing.keywords.items())])
    if isinstance(thing, (list, tuple)):
        return "[" + ",".join(_identity(part) for part in thing) + "]"
    if isinstance(thing, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(thing).tobytes()).hexdigest()
    code = getattr(thing, "__code__", None)
    if code is None:
        return getattr(thing, "__qualname__", None) or repr(thing)
    return _written(thing, code)  # type: ignore[arg-type]


def _written(function: Callable[..., object], code: CodeType) -> str:
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return f"{_bytecode(code)}{_identity(cells)}{_identity(function.__defaults__ or ())}"


def _bytecode(code: CodeType) -> str:
    constants = [_bytecode(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()}{constants}{code.co_names}"
