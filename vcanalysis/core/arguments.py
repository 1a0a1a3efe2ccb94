"""Words of the command line: refused in one line where they cannot be meant."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from vcanalysis.core.errors import InputError

_ROWS = "Put the rows into one file, under one header, and give that"
_ONE = {
    "ssda903": "Put the returns into one folder, a folder or zip for each year, and give that",
    **dict.fromkeys(("needs", "costs", "outcomes", "goals", "stepdown", "carers", "edge", "send"), _ROWS),
    "mapping": "Put the tables of both into one file: [costs], [needs]",
    "simulate": "Give it once: needs,costs",
    "only": "Give it once: 04,05",
}


class _Once(argparse.Action):
    """Takes a value and refuses another: the first would be dropped unsaid."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        met = namespace.__dict__.setdefault("_met", set())
        if option_string and self.dest in met:
            parser.error(f"{option_string} is given twice. {_ONE.get(self.dest, 'Give it once')}")
        met.add(self.dest)
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """Refuses arguments in one line, and an option that is given twice.

    Raises
    ------
    InputError
        With what was found and what to type instead.

    Examples
    --------
    >>> parser = Parser(prog="vcanalysis")
    >>> _ = parser.add_argument("--costs")
    >>> parser.parse_args(["--costs", "a.csv"]).costs
    'a.csv'
    >>> parser.parse_args(["--costs", "a.csv", "--costs", "b.csv"])
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: --costs is given twice. Put the rows into one file, under one header, and give \
that. See: vcanalysis --help
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("action", None, _Once)

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise InputError(f"{message[:1].upper()}{message[1:].rstrip('.')}. See: {self.prog} --help")
