"""Commands that make a council folder, look at it or delete it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vcanalysis.cli.command import add_command
from vcanalysis.core.errors import CheckFailed, InputError

_BESIDE = ("needs", "costs", "outcomes", "goals", "stepdown", "carers", "edge", "send")


def add(commands: Any) -> None:
    """Add the commands."""
    _add_synth(commands)
    _add_import(commands)
    _add_check_and_forget(commands)


def _add_synth(commands: Any) -> None:
    command = add_command(
        commands,
        "synth",
        "Write a synthetic council with its planted truth",
        _synth,
        example="data/private/invented --children 300 --years 3 --seed 1",
    )
    command.add_argument("out", metavar="OUT", help="folder to write")
    command.add_argument("--children", type=int, default=700, help="looked after at any time (700)")
    command.add_argument("--years", type=int, default=4, help="years of data (4)")
    command.add_argument("--seed", type=int, default=0, help="same seed, same bytes (0)")
    command.add_argument("--councils", type=int, default=1, help="number of councils (1)")


def _add_import(commands: Any) -> None:
    command = add_command(
        commands,
        "import",
        "Turn a council's extracts into a council folder",
        _import,
        example="data/private/anyshire --ssda903 returns.zip --simulate needs,costs",
    )
    command.add_argument("out", metavar="OUT", nargs="?", help="folder to write")
    command.add_argument(
        "--ssda903", metavar="PATH", help="returns: a folder, zip, workbook, SQLite file or XML"
    )
    for table in _BESIDE:
        command.add_argument(f"--{table}", metavar="FILE", help=f"{table} as CSV or workbook")
    command.add_argument(
        "--postcodes", metavar="FILE", help="directory of postcodes, for distances from home"
    )
    command.add_argument("--mapping", metavar="TOML", help="what the council calls columns and values")
    command.add_argument("--draft-mapping", metavar="FILE", help="print a mapping drafted for a file")
    command.add_argument("--table", choices=_BESIDE, help="the table the draft is for (guessed)")
    command.add_argument(
        "--ledger", action="append", default=[], metavar="YEAR=POUNDS", help="total to reconcile with"
    )
    command.add_argument("--simulate", default="", metavar="TABLES", help="fill what is missing: needs,costs")
    command.add_argument("--key", metavar="FILE", help="key of the pseudonyms (made on first use)")
    command.add_argument("--name", help="name of the council")


def _add_check_and_forget(commands: Any) -> None:
    command = add_command(
        commands, "check", "Say what is wrong and what cannot be answered", _check, example="data/demo"
    )
    command.add_argument("council", metavar="COUNCIL", help="council folder")
    command = add_command(
        commands,
        "forget",
        "Delete an imported council and say what remains",
        _forget,
        example="data/private/anyshire",
    )
    command.add_argument("council", metavar="COUNCIL", help="council folder")


def _synth(given: argparse.Namespace) -> None:
    from vcanalysis.intake.synth import write_synthetic

    for name in ("children", "years", "councils"):
        if getattr(given, name) < 1:
            raise InputError(f"--{name} must be 1 or more, not {getattr(given, name)}.")
    write_synthetic(
        Path(given.out),
        children=given.children,
        years=given.years,
        seed=given.seed,
        councils=given.councils,
        progress=_say_progress,
    )
    print(given.out)


def _say_progress(done: int, of: int) -> None:
    if of > 1:
        print(f"{done} of {of} councils", file=sys.stderr, flush=True)


def _import(given: argparse.Namespace) -> None:
    if given.draft_mapping:
        from vcanalysis.intake.drafting import draft_mapping

        print(draft_mapping(given.draft_mapping, table=given.table), end="")
        return
    if not given.out or not given.ssda903:
        raise InputError(
            "Give OUT and --ssda903 PATH, or --draft-mapping FILE. See: vcanalysis import --help"
        )
    from vcanalysis.intake.importing import import_extracts

    report = import_extracts(
        Path(given.out),
        ssda903=given.ssda903,
        **{table: getattr(given, table) for table in _BESIDE},
        mapping=given.mapping,
        simulate=tuple(word.strip() for word in given.simulate.split(",") if word.strip()),
        key=given.key,
        name=given.name,
        totals=_totals(given.ledger),
        postcodes=given.postcodes,
    )
    print("\n".join(report.lines()))


def _totals(given: Sequence[str]) -> dict[str, float]:
    from vcanalysis.core.period import as_financial_year

    found = {}
    for text in given:
        said, _, pounds = text.partition("=")
        year = as_financial_year(said)
        try:
            amount = float(pounds.replace(",", "").lstrip("£"))
        except ValueError:
            year, amount = "", 0.0
        if not (year and 0 < amount < 1e11):
            raise InputError(f"--ledger {text!r} is not YEAR=POUNDS above £0, such as 2019-20=12500000.")
        if year in found:
            raise InputError(f"--ledger gives {year} twice. Give one total a year.")
        found[year] = amount
    return found


def _forget(given: argparse.Namespace) -> None:
    from vcanalysis.intake.forgetting import forget_council

    print("\n".join(forget_council(given.council).lines()))


def _check(given: argparse.Namespace) -> None:
    from vcanalysis.intake.checking import check_council
    from vcanalysis.intake.opening import open_council

    report = check_council(open_council(given.council))
    print("\n".join(report.lines()))
    if not report.ok:
        raise CheckFailed(f"{given.council}: see the problems above.")
