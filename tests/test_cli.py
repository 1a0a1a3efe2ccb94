"""Functional tests of the command line: one line, the right exit code, help that works."""

from __future__ import annotations

import functools
import subprocess
import sys
import time

import pytest
from drawn import returns, write_zip
from small_run import good, write_notebook

from vcanalysis import cli
from vcanalysis.core.errors import CheckFailed
from vcanalysis.output.lab import start
from vcanalysis.output.run import evaluate

EXAMPLES = {
    name: command.epilog.removeprefix("Example: ")
    for name, command in cli.parser()._subparsers._group_actions[0].choices.items()
}


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("command", EXAMPLES)
def test_help_ends_with_an_example(capsys, command):
    with pytest.raises(SystemExit) as done:
        cli.main([command, "--help"])
    assert done.value.code == 0
    assert " ".join(capsys.readouterr().out.split()).endswith(f"Example: {EXAMPLES[command]}")


@pytest.mark.parametrize("command", EXAMPLES)
def test_examples_are_understood(command):
    assert callable(cli.parser().parse_args(EXAMPLES[command].split()[1:]).run)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("evaluate", "--quater", "2019Q4"),
        ("evaluate", "--jobs", "many"),
        ("gate",),
        ("gate", "/nowhere"),
        ("brief", "/nowhere"),
        ("check", "/nowhere"),
        ("evaluate", "/nowhere"),
        ("evaluate", "--quarter", "2019Q5"),
        ("synth", "out", "--children", "0"),
        ("import", "out", "--ssda903", "/nowhere.zip"),
    ],
)
def test_refused_input_is_one_line_and_code_two(capsys, words):
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err


GIVEN_TWICE = {
    (
        "import",
        "o",
        "--ssda903",
        "a",
        "--ssda903",
        "b",
    ): "--ssda903 is given twice. Put the returns into one folder",
    (
        "import",
        "o",
        "--ssda903",
        "a",
        "--costs",
        "b",
        "--costs=c",
    ): "--costs is given twice. Put the rows into one",
    (
        "import",
        "o",
        "--ssda903",
        "a",
        "--mapping",
        "b",
        "--mapping",
        "b",
    ): "--mapping is given twice. Put the tables",
    (
        "import",
        "o",
        "--ssda903",
        "a",
        "--simulate",
        "needs",
        "--simulate",
        "costs",
    ): "Give it once: needs,costs.",
    (
        "import",
        "o",
        "--ssda903",
        "a",
        "--ledger",
        "2019-20=5",
        "--ledger",
        "2019/20=6",
    ): "gives 2019-20 twice.",
    ("synth", "o", "--children", "700", "--children", "90"): "--children is given twice. Give it once.",
    ("evaluate", "--only", "04", "--only", "05"): "--only is given twice. Give it once: 04,05.",
}


@pytest.mark.parametrize("words", GIVEN_TWICE, ids=" ".join)
def test_an_option_given_twice_is_refused_with_the_way_to_give_both(capsys, words):
    code, out, err = run(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert GIVEN_TWICE[words] in err


def test_a_total_for_each_of_several_years_is_taken():
    words = ["import", "o", "--ssda903", "a", "--ledger", "2018-19=5", "--ledger", "2019-20=6"]
    assert cli.councils._totals(cli.parser().parse_args(words).ledger) == {"2018-19": 5.0, "2019-20": 6.0}


def test_a_failed_check_is_code_one(capsys, tmp_path):
    (tmp_path / "page.html").write_text("<p>NR1 2DH</p>")
    code, _, err = run(capsys, "gate", str(tmp_path))
    assert (code, err.count("\n")) == (1, 1)
    assert "NR1" not in err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CheckFailed("04.ipynb, cell 3: KeyError"), 1, "04.ipynb, cell 3: KeyError\n"),
        (KeyError("Jane Doe"), 1, "Internal error (KeyError)."),
        (KeyboardInterrupt(), 130, "Stopped. Nothing was published.\n"),
        (OSError(28, "No space left on device", "x"), 1, "No space left on device: x.\n"),
        (PermissionError(13, "Permission denied", "x"), 2, "Permission denied: x.\n"),
    ],
)
def test_whatever_breaks_is_one_line(capsys, monkeypatch, error, code, said):
    def breaks(given):
        raise error

    monkeypatch.setattr(cli.reports, "_gate", breaks)
    got, _, err = run(capsys, "gate", "x")
    assert (got, err.count("\n")) == (code, 1)
    assert err.startswith(said)
    assert "Jane" not in err


def test_help_comes_at_once():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "vcanalysis", "--help"], check=True, capture_output=True)
    heavy = "import sys, vcanalysis.cli as c; c.parser(); print(*{'pandas', 'numpy', 'matplotlib'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == ""
    assert time.perf_counter() - start < 5


def test_a_refused_brief_leaves_nothing_behind(tmp_path):
    (tmp_path / "run").mkdir()
    assert cli.main(["brief", str(tmp_path / "run")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_examples_of_help_work_one_after_the_other_in_an_empty_folder(tmp_path, monkeypatch, capsys):
    """Real commands on small inputs: notebooks of the test's own, and no JupyterLab is opened."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write_zip(returns(), tmp_path / "returns.zip")
    write_notebook(tmp_path / "notebooks", "04_share", good("share"))
    small = functools.partial(evaluate.evaluate, notebooks=tmp_path / "notebooks")
    monkeypatch.setattr(evaluate, "evaluate", small)
    (tmp_path / "downloads").mkdir()
    panel = "la_code,new_la_code,la_name,region,year,cla_n\n101,E09999001,Northtown,North,2019,200\n"
    (tmp_path / "downloads" / "la_panel_drawn.csv").write_text(panel)
    opened = []
    for command in EXAMPLES:
        if command == "explore":
            monkeypatch.setenv("HOME", str(tmp_path / "home"))
            monkeypatch.setattr(start, "_run", lambda words, env: opened.append(words) or 0)
        code, _, err = run(capsys, *EXAMPLES[command].split()[1:])
        assert code == 0, (command, err)
    assert "jupyterlab" in opened[-1]
    assert not (tmp_path / "data" / "private" / "anyshire").exists()  # imported, then forgotten
