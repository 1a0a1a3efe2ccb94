"""What all commands have in common: a name, what it does, an example that works."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def add_command(
    commands: Any, name: str, does: str, run: Callable[[argparse.Namespace], None], *, example: str
) -> argparse.ArgumentParser:
    """Add a command.

    Parameters
    ----------
    commands : action of argparse
        Where it is added.
    name : str
        Its word.
    does : str
        What it does, without a full stop.
    run : callable
        What is called with its arguments.
    example : str
        Its words in an example that works.
    """
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=does,
        description=f"{does}.",
        epilog=f"Example: vcanalysis {name} {example}",
        allow_abbrev=False,
    )
    command.set_defaults(run=run)
    return command
