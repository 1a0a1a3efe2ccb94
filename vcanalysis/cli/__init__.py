"""The command line: every command reads its arguments, calls one function and says what came of it.

Commands that make or look at a council folder are in `councils`, at reports in `reports`, at a panel in `statistics`.
Modules are loaded by the command that needs them, so that help comes at once. Errors are one line:
exit code 2 for refused input, 1 for a check that failed; a trace is shown only with VCANALYSIS_DEBUG=1.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from vcanalysis.cli import councils, reports, statistics
from vcanalysis.core.arguments import Parser
from vcanalysis.core.errors import CheckFailed, InputError

_STOPS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; those of the process when left out.

    Examples
    --------
    >>> main(["gate"])
    2
    """
    try:
        with _stopped_by_signals():
            given = parser().parse_args(arguments)
            given.run(given)
    except (InputError, CheckFailed) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was published.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)
    return 0


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGINT (also where a shell had it ignored) and SIGTERM end a command in the same way."""
    before = {number: signal.signal(number, _stop) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: Any) -> NoReturn:
    for each in _STOPS:  # a second signal must not break into the clearing up
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _unexpected(error: Exception) -> int:
    if os.environ.get("VCANALYSIS_DEBUG") == "1":
        raise error
    if isinstance(error, OSError) and error.strerror:
        print(f"{error.strerror}: {error.filename or 'a file'}.", file=sys.stderr)
        return 2 if isinstance(error, (FileNotFoundError, NotADirectoryError, PermissionError)) else 1
    # the message of an unexpected error may hold a child's data: only its class is shown
    print(
        f"Internal error ({type(error).__name__}). Set VCANALYSIS_DEBUG=1 and run again to see where.",
        file=sys.stderr,
    )
    return 1


def parser() -> argparse.ArgumentParser:
    """Give the parser of all commands."""
    from vcanalysis import __version__

    made = Parser(
        prog="vcanalysis",
        description="Evaluate need, cost and outcome of children in care.",
        epilog="Example: vcanalysis evaluate data/demo --quarter 2019Q4",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"vcanalysis {__version__}")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    councils.add(commands)
    reports.add(commands)
    statistics.add(commands)
    return made
