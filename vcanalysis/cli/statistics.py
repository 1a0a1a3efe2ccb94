"""The command that makes a council-year panel of official statistics."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from vcanalysis.cli.command import add_command
from vcanalysis.core.errors import InputError


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "statistics",
        "Turn official statistics into one panel of councils by year",
        _statistics,
        example="data/private/panel --from downloads",
    )
    command.add_argument("out", metavar="OUT", help="folder to write")
    command.add_argument("--from", dest="folder", metavar="FOLDER", help="files as published")


def _statistics(given: argparse.Namespace) -> None:
    if not given.folder:
        raise InputError("Give --from FOLDER with the files. See: vcanalysis statistics --help")
    from vcanalysis.intake.statistics.making import make_panel

    print("\n".join(make_panel(Path(given.out), folder=Path(given.folder)).lines()))
