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
    command.add_argument(
        "--download",
        action="store_true",
        help="fetch what the public service offers into --from (default OUT-downloads) first",
    )
    command.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="FILE=URL",
        help="fetch this file as well, with --download",
    )


def _statistics(given: argparse.Namespace) -> None:
    if not given.folder and not given.download:
        raise InputError(
            "Give --from FOLDER with the files, or --download. See: vcanalysis statistics --help"
        )
    from vcanalysis.intake.statistics.making import make_panel

    out = Path(given.out)
    folder = Path(given.folder) if given.folder else out.with_name(f"{out.name}-downloads")
    if given.download:
        from vcanalysis.intake.statistics.download import download_all

        for line in download_all(folder, addresses=_addresses(given.address)):
            print(line, flush=True)
    print("\n".join(make_panel(out, folder=folder).lines()))


def _addresses(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, equals, address in pairs:
        if not (name and equals and address):
            raise InputError(
                f"--address {name[:40]!r} is not FILE=URL, such as lait.parquet=https://example.org/lait."
            )
    return {name: address for name, _, address in pairs}
