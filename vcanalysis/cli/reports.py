"""Commands that make reports, look at them or open the notebooks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from vcanalysis.cli.command import add_command
from vcanalysis.core.errors import CheckFailed, InputError


def add(commands: Any) -> None:
    """Add the commands."""
    _add_evaluate(commands)
    _add_brief_and_gate(commands)
    _add_explore(commands)


def _add_evaluate(commands: Any) -> None:
    command = add_command(
        commands,
        "evaluate",
        "Run the notebooks on a quarter and publish the report",
        _evaluate,
        example="data/demo --quarter 2019Q4",
    )
    command.add_argument("council", metavar="COUNCIL", nargs="?", help="council folder (the demo council)")
    command.add_argument("--quarter", help="such as 2019Q4 (the last complete one in the data)")
    command.add_argument("--settings", metavar="TOML", help="parameters of notebooks")
    command.add_argument("--out", help="folder of reports (reports)")
    command.add_argument("--only", metavar="04,05", help="run these notebooks only, in a folder apart")
    command.add_argument("--jobs", type=int, help="notebooks at the same time (one per processor)")
    command.add_argument("--fresh", action="store_true", help="run unchanged notebooks again")
    command.add_argument("--policy", default="strict", help="what may be published: strict, opensafely, dfe")
    command.add_argument(
        "--repeat", metavar="RUN", help="make a run again from its manifest.json, and compare"
    )
    command.add_argument(
        "--unsent", action="store_true", help="no earlier report of the quarter left the council"
    )


def _add_brief_and_gate(commands: Any) -> None:
    command = add_command(
        commands, "brief", "Render the briefing of a run again", _brief, example="reports/demo-council/2019Q4"
    )
    command.add_argument("folder", metavar="RUN", help="run folder")
    command = add_command(
        commands,
        "gate",
        "Look for disclosure and leaks in anything",
        _gate,
        example="reports/demo-council/2019Q4/publish",
    )
    command.add_argument("path", metavar="PATH", nargs="+", help="file or folder")
    command.add_argument(
        "--commit", action="store_true", help="hold files against the rules of the repository"
    )


def _add_explore(commands: Any) -> None:
    command = add_command(
        commands,
        "explore",
        "Open JupyterLab on your own copy of the notebooks",
        _explore,
        example="data/demo",
    )
    command.add_argument("council", metavar="COUNCIL", nargs="?", help="council folder (the demo council)")
    command.add_argument("--folder", help="where your copies lie (valuing-care in your home)")
    command.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    command.add_argument("--port", type=int, help="port on this machine (a free one)")


def _evaluate(given: argparse.Namespace) -> None:
    # jsonschema builds unused grammars when it finds this package: over a second of every start
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from vcanalysis.output.run import preload

    preload.prepare(preload.default_kind())  # while the runner itself is loaded
    if given.repeat:
        _repeat(given)
        return
    from vcanalysis.output.run.evaluate import evaluate

    run = evaluate(
        _council(given.council),
        quarter=given.quarter,
        settings=given.settings,
        out=given.out or "reports",
        only=given.only,
        jobs=given.jobs,
        fresh=given.fresh,
        policy=given.policy,
        unsent=given.unsent,
        progress=True,
    )
    print(f"Report: {_short(run / 'publish' / 'quarterly.html')}")
    print(_short(run))


def _repeat(given: argparse.Namespace) -> None:
    from vcanalysis.output.run.repeat import repeat

    fixed = [f"--{name}" for name in ("quarter", "only", "unsent") if getattr(given, name)]
    if fixed:
        raise InputError(f"--repeat takes {fixed[0]} from the manifest. Leave one of them out.")
    repeated = repeat(
        given.repeat,
        council=_council(given.council),
        settings=given.settings,
        out=given.out or "reports/repeated",
        jobs=given.jobs,
        progress=True,
    )
    print("\n".join(repeated.lines()))
    if not repeated.equal:
        raise CheckFailed(f"{given.repeat}: not all published results came out again.")


def _brief(given: argparse.Namespace) -> None:
    from vcanalysis.output.run.release import brief

    print(_short(brief(given.folder)))


def _gate(given: argparse.Namespace) -> None:
    from vcanalysis.output.leaks import may_be_committed, must_be_clean

    files = may_be_committed(given.path) if given.commit else sum(map(must_be_clean, given.path))
    print(f"Nothing found in {files} file{'s' if files > 1 else ''}.")


def _explore(given: argparse.Namespace) -> None:
    from vcanalysis.intake.opening import open_council
    from vcanalysis.output.lab.ahead import run_ahead
    from vcanalysis.output.lab.copies import copy_notebooks, default_folder
    from vcanalysis.output.lab.start import open_lab

    council = open_council(_council(given.council).resolve())
    copies = copy_notebooks(council, Path(given.folder) if given.folder else default_folder(council))
    print(copies.line())
    print("Notebook 00 is run first, so that it opens with its answers: some ten seconds.", flush=True)
    if not run_ahead(copies.start):
        print("It could not be run; run it in JupyterLab to see why.")
    print("JupyterLab opens at it. Stop it with Ctrl-C.", flush=True)
    open_lab(copies.start, port=given.port, browser=not given.no_browser)


def _council(given: str | None) -> Path:
    from vcanalysis.core.paths import data_file, find_folder

    return find_folder(given) if given else data_file("demo")


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
