"""Words written amiss: an object says the nearest word it has, a notebook what a call of ours or a table lacks."""

from __future__ import annotations

import difflib
import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import FrozenInstanceError, is_dataclass
from numbers import Integral, Real
from types import FrameType, TracebackType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pandas as pd

from vcanalysis.core.columns import nearest_column
from vcanalysis.core.errors import UnknownWord

_PACKAGE = __name__.split(".")[0]
_CALL = re.compile(r"([\w.]+)\(\) (?=missing|takes|got)")
_NO_TABLE = re.compile(r"'(\w+)' object is not subscriptable")
_ABSENT = (TypeError, KeyError, AttributeError, NameError)


def nearest(name: str, words: Iterable[str]) -> str:
    """Give the word written most alike; empty where none is.

    Examples
    --------
    >>> nearest("snapshots", ["snapshot", "child_weeks"])
    'snapshot'
    """
    return next(iter(difflib.get_close_matches(name, list(words), n=1)), "")


def teach_names() -> None:
    """Let the classes that an evaluator holds, once loaded, say the nearest word for one that they lack."""
    for kind in _classes():
        held = hasattr(kind, "sentence") or (is_dataclass(kind) and ".output." not in kind.__module__)
        if held and not hasattr(kind, "__getattr__"):
            kind.__getattr__ = _say_nearest  # type: ignore[attr-defined]


def _classes() -> Iterator[type]:
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == _PACKAGE:
            held = list(vars(module).values())
            yield from (k for k in held if isinstance(k, type) and k.__module__ == name)


def _say_nearest(self: Any, name: str) -> Any:
    if name.startswith("_") or hasattr(type(self), name):  # a property that fails says so itself
        return object.__getattribute__(self, name)
    own = [word for word in dir(self) if not word.startswith("_")]
    tables = self.tables if "tables" in own else None
    table = f"Write .tables[{name!r}]." if isinstance(tables, Mapping) and name in tables else ""
    near = nearest(name, own)
    hint = table or (f"Did you mean .{near}?" if near else f"It has: {', '.join(own)}.")
    raise UnknownWord(f"{_a(type(self).__name__)} has no {name!r}. {hint}")


def _a(word: str) -> str:
    return f"{'An' if word[0] in 'AEIOU' else 'A'} {word}"


def teach_notebook() -> None:
    """Let the notebook that we run in, if any, say in one line what a call of ours or a table lacks."""
    module = sys.modules.get("IPython.core.interactiveshell")
    shell = module.InteractiveShell._instance if module else None
    if shell is not None and not shell.custom_exceptions:  # another's way of showing errors is left alone
        shell.set_custom_exc(_ABSENT, _show_line)


def _show_line(
    shell: Any, kind: type, error: Any, trace: TracebackType, tb_offset: int | None = None
) -> None:
    line = "" if hasattr(error, "_render_traceback_") else said_of(error, trace)
    if line:
        error._render_traceback_ = lambda: [f"Refused: {line}"]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)


def said_of(error: BaseException, trace: TracebackType | None) -> str:
    """Say what to type instead, where a call of ours was given what it does not take or a table lacks a column.

    Parameters
    ----------
    error : BaseException
        What was raised.
    trace : traceback
        The way there. An error from within our code is ours, unless an argument was of another kind than declared.

    Returns
    -------
    str
        One line, or nothing where the fault may lie with us.
    """
    way = list(_frames(trace))
    if isinstance(error, FrozenInstanceError):
        return (
            "What the workbench gives is not changed in place. Work on a table of your own, such as .frame()."
        )
    ours = [frame for frame in way if frame.f_globals.get("__name__", "").split(".")[0] == _PACKAGE]
    if ours:
        return next(filter(None, map(_of_kinds, ours)), "") or _of_mapping(error, ours[-1])
    return _of_call(str(error)) if isinstance(error, TypeError) else _of_table(error, way)


def _of_kinds(frame: FrameType) -> str:
    """Say which argument of a function of ours is not of the kind that it declares."""
    code, owner = frame.f_code, frame.f_locals.get("self")
    called = getattr(type(owner), code.co_name, None) or frame.f_globals.get(code.co_name)
    called = inspect.unwrap(called) if inspect.isfunction(called) else None
    if called is None or called.__code__ is not code:
        return ""
    said = called.__qualname__.removesuffix(".__init__")
    try:
        kinds = get_type_hints(called, localns={kind.__name__: kind for kind in _classes()})
    except (NameError, TypeError):
        kinds = {}
    for name, part in inspect.signature(called).parameters.items():
        value = frame.f_locals.get(name)
        if part.kind in (2, 4) or name not in kinds or name not in frame.f_locals or fits(value, kinds[name]):
            continue
        wanted = str(part.annotation).replace("pd.", "")
        return (
            f"{said}: {name} is to be {wanted}, and was given {type(value).__name__}. "
            f"{said}? says what it takes."
        )
    return ""


def fits(value: object, kind: Any) -> bool:
    """Say whether a value is of the kind that a function declares, as far as that can be seen from outside.

    Examples
    --------
    >>> from collections.abc import Sequence
    >>> fits("need_total", Sequence[str]), fits(["need_total"], Sequence[str]), fits(3, float | None)
    (False, True, True)
    """
    whole = get_origin(kind) or kind
    if whole in (Union, UnionType):
        return any(fits(value, each) for each in get_args(kind))
    if whole is Literal:
        return value in get_args(kind)
    if not isinstance(whole, type) or getattr(whole, "_is_protocol", False):
        return True
    if whole in (int, float):
        return isinstance(value, Integral if whole is int else Real)
    if isinstance(value, str) and whole is not str and whole in (Sequence, Iterable, Collection):
        return False
    return isinstance(value, whole)


def _of_mapping(error: BaseException, frame: FrameType) -> str:
    """Say what a mapping of ours holds."""
    held = frame.f_locals.get("self")
    if (
        not isinstance(error, KeyError)
        or not isinstance(held, Mapping)
        or frame.f_code.co_name != "__getitem__"
    ):
        return ""
    return f"There is no {error.args[0]!r}. There are: {', '.join(map(str, held))}."


def _frames(trace: TracebackType | None) -> Iterator[FrameType]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _of_call(text: str) -> str:
    """Say how a function of ours is called, or what a result of ours is instead of a table."""
    if (named := _NO_TABLE.match(text)) and any(kind.__name__ == named[1] for kind in _classes()):
        return f"{_a(named[1])} is no table. Write a dot and a word, such as .sentence(); <Tab> lists them."
    found = _CALL.match(text)
    called = _function(found[1]) if found else None
    if called is None:
        return ""
    name = called.__qualname__.removesuffix(".__init__")
    wanted = []
    for part in inspect.signature(called).parameters.values():
        if part.name == "self" or part.default is not part.empty or part.kind in (2, 4):
            continue
        wanted.append(f"{part.name}=..." if part.kind is part.KEYWORD_ONLY else part.name)
    rest = text[found.end() :] if found else ""
    return f"{name}: {rest}. Write: {name}({', '.join(wanted)}); {name}? says what each is."


def _function(qualified: str) -> Callable[..., Any] | None:
    """Find a function or method of the package by the name that Python's message gives it."""
    first, *rest = qualified.split(".")
    for name, module in list(sys.modules.items()):
        found: Any = vars(module).get(first) if name.split(".")[0] == _PACKAGE else None
        if found is not None and getattr(found, "__module__", "") == name:
            for part in rest:
                found = getattr(found, part, None)
            return found if callable(found) else None
    return None


def _of_table(error: BaseException, way: list[FrameType]) -> str:
    """Say which column of a table was meant; a row, which may be a child, is never named."""
    if any(type(f.f_locals.get("self")).__name__.endswith("Indexer") for f in way):
        return ""
    tables = [f.f_locals["self"] for f in way if isinstance(f.f_locals.get("self"), pd.DataFrame)]
    owner = getattr(error, "obj", None)
    table = owner if isinstance(owner, pd.DataFrame) else next(iter(tables), None)
    name = getattr(error, "name", None) or (error.args[0] if error.args else None)
    if isinstance(error, NameError) and (found := re.search(r"name '(\w+)'", str(error))):
        name = found[1]
    if table is None or not isinstance(name, str):
        return ""
    columns = [str(column) for column in table.columns]
    near = nearest_column(name, columns)
    hint = f"Did you mean {near!r}?" if near else f"It has: {', '.join(columns)}."
    return f"The table has no column {name!r}. {hint}"
