"""Doors: the functions an evaluator calls first. Called amiss, they say what to type."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from vcanalysis.core.errors import InputError

_P = ParamSpec("_P")
_T = TypeVar("_T")


def door(
    example: str, *, takes: type | tuple[type, ...] = ()
) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Let a function refuse a call that does not fit in one line, with a call that does.

    Parameters
    ----------
    example : str
        What to type.
    takes : type or tuple of type
        What the first argument must be; anything when left out.

    Examples
    --------
    >>> @door("double(3)", takes=int)
    ... def double(number): return 2 * number
    >>> double()
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: double: missing a required argument: 'number'. Write: double(3)
    >>> double("x")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: double takes an int first, and was given a str. Write: double(3)
    """
    kinds = takes if isinstance(takes, tuple) else (takes,)

    def guarded(function: Callable[_P, _T]) -> Callable[_P, _T]:
        signature, name = inspect.signature(function), function.__name__
        begins_with = next(iter(signature.parameters), "")

        @wraps(function)
        def called(*args: _P.args, **named: _P.kwargs) -> _T:
            try:
                given = signature.bind(*args, **named).arguments
            except TypeError as error:
                raise InputError(f"{name}: {error}. Write: {example}") from None
            first = given.get(begins_with)
            if takes and begins_with in given and not isinstance(first, kinds):
                wanted = " or ".join(_a(kind) for kind in kinds if kind is not type(None))
                raise InputError(
                    f"{name} takes {wanted} first, and was given {_a(type(first))}. Write: {example}"
                )
            return function(*args, **named)

        return called

    return guarded


def _a(kind: type) -> str:
    return f"{'an' if kind.__name__[0].lower() in 'aeiou' else 'a'} {kind.__name__}"
