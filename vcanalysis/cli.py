"""The command line: every command reads its arguments, calls one function and says what came of it.

Modules are loaded by the command that needs them, so that help comes at once. Errors are one line:
exit code 2 for refused input, 1 for a check that failed; a trace is shown only with VCANALYSIS_DEBUG=1.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from vcanalysis.core.arguments import Parser
from vcanalysis.core.errors import CheckFailed, InputError

_STOPS = (signal.SIGINT, signal.SIGTERM)
_EXAMPLES = {
    "synth": "vcanalysis synth data/private/invented --children 300 --years 3 --seed 1",
    "import": "vcanalysis import data/private/anyshire --ssda903 returns.zip --simulate needs,costs",
    "forget": "vcanalysis forget data/private/anyshire",
    "check": "vcanalysis check data/demo",
    "evaluate": "vcanalysis evaluate data/demo --quarter 2019Q4",
    "brief": "vcanalysis brief reports/demo-council/2019Q4",
    "gate": "vcanalysis gate reports/demo-council/2019Q4/publish",
    "explore": "vcanalysis explore data/demo",
}


_BESIDE = ("needs", "costs", "outcomes", "goals", "stepdown", "carers")


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
            given = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    from vcanalysis import __version__

    parser = Parser(
        prog="vcanalysis",
        description="Evaluate need, cost and outcome of children in care.",
        epilog="Example: vcanalysis evaluate data/demo --quarter 2019Q4",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vcanalysis {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    _add_synth(commands)
    _add_import(commands)
    _add_check_and_forget(commands)
    _add_evaluate(commands)
    _add_brief_and_gate(commands)
    _add_explore(commands)
    return parser


def _command(commands: Any, name: str, does: str, run: Callable[[argparse.Namespace], None]) -> Any:
    command = commands.add_parser(
        name, help=does, description=f"{does}.", epilog=f"Example: {_EXAMPLES[name]}", allow_abbrev=False
    )
    command.set_defaults(run=run)
    return command


def _add_synth(commands: Any) -> None:
    command = _command(commands, "synth", "Write a synthetic council with its planted truth", _synth)
    command.add_argument("out", metavar="OUT", help="folder to write")
    command.add_argument("--children", type=int, default=700, help="looked after at any time (700)")
    command.add_argument("--years", type=int, default=4, help="years of data (4)")
    command.add_argument("--seed", type=int, default=0, help="same seed, same bytes (0)")
    command.add_argument("--councils", type=int, default=1, help="number of councils (1)")


def _add_import(commands: Any) -> None:
    command = _command(commands, "import", "Turn a council's extracts into a council folder", _import)
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
    command = _command(commands, "check", "Say what is wrong and what cannot be answered", _check)
    command.add_argument("council", metavar="COUNCIL", help="council folder")
    command = _command(commands, "forget", "Delete an imported council and say what remains", _forget)
    command.add_argument("council", metavar="COUNCIL", help="council folder")


def _add_evaluate(commands: Any) -> None:
    command = _command(
        commands, "evaluate", "Run the notebooks on a quarter and publish the report", _evaluate
    )
    command.add_argument("council", metavar="COUNCIL", nargs="?", help="council folder (the demo council)")
    command.add_argument("--quarter", help="such as 2019Q4 (the last complete one in the data)")
    command.add_argument("--settings", metavar="TOML", help="parameters of notebooks")
    command.add_argument("--out", default="reports", help="folder of reports (reports)")
    command.add_argument("--only", metavar="04,05", help="run these notebooks only, in a folder apart")
    command.add_argument("--jobs", type=int, help="notebooks at the same time (one per processor)")
    command.add_argument("--fresh", action="store_true", help="run unchanged notebooks again")
    command.add_argument("--policy", default="strict", help="what may be published: strict, opensafely, dfe")
    command.add_argument(
        "--unsent", action="store_true", help="no earlier report of the quarter left the council"
    )


def _add_brief_and_gate(commands: Any) -> None:
    command = _command(commands, "brief", "Render the briefing of a run again", _brief)
    command.add_argument("folder", metavar="RUN", help="run folder")
    command = _command(commands, "gate", "Look for disclosure and leaks in anything", _gate)
    command.add_argument("path", metavar="PATH", nargs="+", help="file or folder")
    command.add_argument(
        "--commit", action="store_true", help="hold files against the rules of the repository"
    )


def _add_explore(commands: Any) -> None:
    command = _command(commands, "explore", "Open JupyterLab on the notebooks", _explore)
    command.add_argument("council", metavar="COUNCIL", nargs="?", help="council folder (the demo council)")


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


def _evaluate(given: argparse.Namespace) -> None:
    # jsonschema builds unused grammars when it finds this package: over a second of every start
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from vcanalysis.output.run import preload

    preload.prepare(preload.default_kind())  # while the runner itself is loaded
    from vcanalysis.output.run.evaluate import evaluate

    run = evaluate(
        _council(given.council),
        quarter=given.quarter,
        settings=given.settings,
        out=given.out,
        only=given.only,
        jobs=given.jobs,
        fresh=given.fresh,
        policy=given.policy,
        unsent=given.unsent,
        progress=True,
    )
    print(f"Report: {_short(run / 'publish' / 'quarterly.html')}")
    print(_short(run))


def _brief(given: argparse.Namespace) -> None:
    from vcanalysis.output.run.release import brief

    print(_short(brief(given.folder)))


def _gate(given: argparse.Namespace) -> None:
    from vcanalysis.output.leaks import may_be_committed, must_be_clean

    files = may_be_committed(given.path) if given.commit else sum(map(must_be_clean, given.path))
    print(f"Nothing found in {files} file{'s' if files > 1 else ''}.")


def _explore(given: argparse.Namespace) -> None:
    import subprocess

    from vcanalysis.core.paths import home
    from vcanalysis.intake.opening import open_council

    council = Path(_council(given.council)).resolve()
    open_council(council)
    start = sorted((home() / "notebooks").glob("00_*.ipynb"))
    command = [sys.executable, "-m", "jupyterlab", str(start[0] if start else home() / "notebooks")]
    done = subprocess.run(command, env={**os.environ, "VCANALYSIS_COUNCIL": str(council)}, check=False)
    if done.returncode:
        raise CheckFailed(f"JupyterLab ended with code {done.returncode}.")


def _council(given: str | None) -> Path:
    from vcanalysis.core.paths import data_file, find_folder

    return find_folder(given) if given else data_file("demo")


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
