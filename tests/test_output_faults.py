"""Functional tests with injected faults: nothing half written, one line of cause, a clean run afterwards, no orphan.

Where the fault is not in a kernel, the notebook's outcome is given and the documents are one line each, so that a
run takes a fraction of a second and every single step of it can be made to fail.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tests.small_run import KILL, contents, give_outcome, good, small_runner, write_notebook
from vcanalysis import cli
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.disclosure import register
from vcanalysis.output.run import evaluate as runner
from vcanalysis.output.run import folder, inputs, kernels, preload
from vcanalysis.output.run import notebook as one_notebook
from vcanalysis.output.run.notebook import RunFailed

needs_fork = pytest.mark.skipif(preload.default_kind() == "plain", reason="this system cannot fork processes")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Evaluate one small notebook on a council of nobody; the documents are a line each."""
    return small_runner(tmp_path, monkeypatch)


@pytest.fixture
def told(run, monkeypatch):
    """The outcome of the notebook is given: no kernel is started."""
    give_outcome(monkeypatch)
    return run


def command(run, monkeypatch, capsys) -> tuple[int, str]:
    """Exit code and error stream of the command line."""
    from functools import partial

    with monkeypatch.context() as patched:
        patched.setattr(preload, "prepare", lambda kind: None)
        patched.setattr(runner, "evaluate", partial(runner.evaluate, notebooks=run.notebooks, kernel="plain"))
        code = cli.main(["evaluate", str(run.council.path), "--out", str(run.reports.parent)])
    return code, "\n".join(line for line in capsys.readouterr().err.splitlines() if not line.startswith("["))


def left_behind(run) -> list[str]:
    """What a run must not leave: builds, parts, half-made keys."""
    return [
        p.name for p in run.reports.rglob("*") if p.name.startswith((".build", ".old")) or ".part" in p.name
    ]


# ── faults of a kernel ──────────────────────────────────────────────────────────────────────────────────────────────


@needs_fork
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (KILL, "the kernel was killed or ran out of memory"),
        (KILL.replace("SIGKILL", "SIGTERM"), "the kernel was killed or ran out of memory"),
        ("import os\nos._exit(0)", "the kernel was killed or ran out of memory"),
        ("import sys\nsys.exit(0)", "it shows an error"),
        ("bytearray(10**15)", "it ran out of memory"),
        (
            "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\nbytearray(2**32)",
            "it ran out of memory",
        ),
    ],
    ids=["killed", "terminated", "ended", "left", "out of memory", "out of allowed memory"],
)
@pytest.mark.parametrize("cell", [3, 4])
def test_whatever_ends_a_kernel_in_whichever_cell_is_said_in_a_line(run, broken, said, cell):
    cells = ["1 + 1", good("share")]
    cells.insert(cell - 3, broken)
    write_notebook(run.notebooks, "04_share", *cells)
    with pytest.raises(RunFailed) as failed:
        run()
    assert str(failed.value) == f"04_share.ipynb, cell {cell}: {said}"
    assert not list(run.reports.glob("2019*"))
    assert not left_behind(run)
    assert not kernels._live
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPool")]


@needs_fork
def test_a_cell_that_floods_the_notebook_ends_the_run(run, monkeypatch):
    monkeypatch.setattr(one_notebook, "MOST_SHOWN", 100_000)
    write_notebook(run.notebooks, "04_share", good("share"), "print('x' * 200_000)")
    with pytest.raises(RunFailed, match=r"^04_share.ipynb, cell 4: it shows more than 100,000 characters$"):
        run()
    assert not left_behind(run)


@needs_fork
def test_a_kernel_that_is_not_installed_is_not_needed(run):
    path = run.notebooks / "04_share.ipynb"
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "no-such-kernel"'))
    assert "no-such-kernel" in path.read_text()
    assert folder.sealed(run())["gate"]["published"] == 1


@needs_fork
def test_a_cell_that_takes_too_long_is_ended_with_its_kernel_and_what_that_started(
    run, monkeypatch, tmp_path
):
    begun = tmp_path / "begun"
    slow = (
        f"import os, pathlib, subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(begun)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)"
    )
    write_notebook(run.notebooks, "04_share", slow)
    monkeypatch.setattr(one_notebook, "CELL_SECONDS", 1)
    with pytest.raises(RunFailed, match=r"^04_share.ipynb, cell 3: it took too long$"):
        run()
    end = time.monotonic() + 5
    while any(map(is_running, map(int, begun.read_text().split()))) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(is_running, map(int, begun.read_text().split())))
    assert not left_behind(run)


def is_running(pid: int) -> bool:
    """Whether a process runs."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


# ── a full disk, a disk that refuses, a run that is killed: at every step ───────────────────────────────────────────

STEPS = [
    (Path, "mkdir"), (Path, "write_text"), (Path, "write_bytes"), (Path, "rename"), (Path, "replace"),
    (os, "fsync"), (os, "link"), (shutil, "copyfile"),
]  # fmt: skip


def fail_at(patched, step: int, fail) -> list[int]:
    """Let the step-th change of the disk fail; the list holds how many there were."""
    count = [0]

    def wrapped(real):
        def changed(*given, **options):
            count[0] += 1
            if count[0] == step:
                fail()
            return real(*given, **options)

        return changed

    for owner, name in STEPS:
        patched.setattr(owner, name, wrapped(getattr(owner, name)))
    return count


def steps_of(run, monkeypatch) -> int:
    with monkeypatch.context() as patched:
        count = fail_at(patched, 0, None)
        run(kernel="plain", fresh=True)
    return count[0]


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "No space left on device"),
        (errno.EIO, "Input/output error"),
    ],
    ids=["disk full", "disk broken"],
)
def test_a_disk_that_fails_at_any_step_leaves_the_last_report_and_a_line(
    told, monkeypatch, capsys, number, cause
):
    before = contents(told(kernel="plain"))
    steps = steps_of(told, monkeypatch)
    assert steps > 15
    published = {name: text for name, text in before.items() if name.startswith("publish/")}

    def fail():
        raise OSError(number, os.strerror(number), "file")

    for step in range(1, steps + 1):
        with monkeypatch.context() as patched:
            fail_at(patched, step, fail)
            code, said = command(told, patched, capsys)
        assert (code != 0 and said == f"{cause}: file.") or (code, said) == (0, ""), (step, code, said)
        folder.sealed(told.reports / "2019Q4")
        assert not left_behind(told), step
    assert contents(told(kernel="plain")).items() >= published.items()


@needs_fork
def test_a_run_killed_at_any_step_leaves_a_whole_report_or_none(told, monkeypatch):
    before = contents(told(kernel="plain"))
    published = {name: text for name, text in before.items() if name.startswith("publish/")}
    final = told.reports / "2019Q4"
    for step in range(1, steps_of(told, monkeypatch) + 1):
        child = os.fork()
        if not child:
            fail_at(pytest.MonkeyPatch(), step, lambda: os._exit(9))
            try:
                told(kernel="plain", fresh=True)
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        if final.exists():
            folder.sealed(final)  # whole: every file is what the seal says
        again = contents(told(kernel="plain"))
        assert {name: again[name] for name in published} == published, step
        assert not [name for name in left_behind(told) if not name.endswith(".part")], step


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system knows no user ids")
def test_a_folder_that_may_not_be_written_is_said_in_a_line(told, monkeypatch, capsys, request):
    here = Path(tempfile.mkdtemp())  # the folders of pytest are closed to other users
    request.addfinalizer(lambda: shutil.rmtree(here))
    shutil.copytree(told.notebooks, here / "notebooks")
    told.council.path = shutil.copytree(told.council.path, here / "council")
    told.notebooks, told.reports = here / "notebooks", here / "reports" / "test-council"
    here.chmod(0o555)
    root = os.geteuid() == 0
    if root:  # who may do anything is made somebody who may not
        os.seteuid(65534)
    try:
        code, said = command(told, monkeypatch, capsys)
    finally:
        os.seteuid(0) if root else None
        here.chmod(0o755)
    assert (code, said) == (2, f"Permission denied: {told.reports.parent}.")
    assert not told.reports.parent.exists()
    assert command(told, monkeypatch, capsys) == (0, "")


# ── what is read changes under way ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("council/costs.csv", "costs.csv"),
        ("council/needs.csv", "needs.csv"),
        ("notebooks/04_share.ipynb", "04_share.ipynb"),
    ],
    ids=["changed", "added", "notebook"],
)
def test_an_input_changed_under_way_is_neither_published_nor_kept(told, tmp_path, monkeypatch, path, said):
    before = contents(told(kernel="plain"))
    given, original = runner.execute, (tmp_path / path).read_bytes() if (tmp_path / path).exists() else None

    def while_it_changes(job):
        content = (original or b"") + b"\n"
        (tmp_path / path).write_bytes(content)
        return given(job)

    monkeypatch.setattr(runner, "execute", while_it_changes)
    kept = sorted((told.reports / ".cache").glob("*.ipynb"))
    with pytest.raises(CheckFailed) as failed:
        told(kernel="plain", fresh=True)
    assert str(failed.value) == f"Changed while it was being read: {said}. Nothing was published. Run again."
    assert contents(told.reports / "2019Q4") == before
    assert sorted((told.reports / ".cache").glob("*.ipynb")) == kept
    (tmp_path / path).unlink() if original is None else (tmp_path / path).write_bytes(original)
    monkeypatch.setattr(runner, "execute", given)
    assert told(kernel="plain").is_dir()


def test_the_package_changed_under_way_is_not_published(told, monkeypatch):
    states = iter(["a", "b"])
    monkeypatch.setattr(inputs, "code_digest", lambda: next(states))
    with pytest.raises(CheckFailed, match=r"read: the code or its reference data\. Nothing was published"):
        told(kernel="plain")


def test_a_clock_that_jumps_back_changes_no_number(told, monkeypatch):
    before = contents(told(kernel="plain"))
    moments = iter([datetime(2030, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)])
    monkeypatch.setattr(runner, "datetime", SimpleNamespace(now=lambda zone: next(moments)))
    for path in (told.reports / ".cache").iterdir():
        os.utime(path, (0, 0))
    for _ in range(2):
        manifest = folder.sealed(told(kernel="plain", fresh=True))
        assert manifest["seconds"] >= 0
    after = contents(told.reports / "2019Q4")
    assert {n: after[n] for n in after if n.startswith("publish/")} == {
        n: before[n] for n in before if n.startswith("publish/")
    }


# ── writers that meet, locks and keys ───────────────────────────────────────────────────────────────────────────────


def test_runs_of_two_quarters_at_once_are_both_registered(told, monkeypatch):
    read = register.read_register

    def slowly(path):
        found = read(path)
        time.sleep(0.1)
        return found

    monkeypatch.setattr(register, "read_register", slowly)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(told, quarter=q, kernel="plain") for q in ("2019Q3", "2019Q4")]
        assert {d.result().name for d in done} == {"2019Q3", "2019Q4"}
    assert {r.quarter for r in read(told.reports)} == {"2019Q3", "2019Q4"}


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff garbage", b"12345\n"], ids=["empty", "corrupted", "a process id"]
)
def test_a_stale_lock_stops_nobody(told, content):
    told.reports.mkdir(parents=True)
    for name in ("2019Q4", "releases"):
        (told.reports / f".lock-{name}").write_bytes(content)
    assert told(kernel="plain").is_dir()


@needs_fork
def test_the_lock_of_a_killed_run_is_free(told):
    told.reports.mkdir(parents=True)
    holds = (
        "import sys, time\nfrom pathlib import Path\nfrom vcanalysis.output.run.folder import lock\n"
        "with lock(Path(sys.argv[1]), '2019Q4'):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    words = [sys.executable, "-c", holds, str(told.reports)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(CheckFailed, match="Another evaluation of 2019Q4"):
            told(kernel="plain")
        other.send_signal(signal.SIGKILL)
    assert told(kernel="plain").is_dir()


def test_a_lost_key_is_made_again_and_a_damaged_one_refused(tmp_path):
    first = inputs.hash_key(tmp_path, synthetic=False)
    assert inputs.hash_key(tmp_path, synthetic=False) == first
    assert (tmp_path / inputs.KEY_FILE).stat().st_mode & 0o077 == 0 or os.name != "posix"
    (tmp_path / inputs.KEY_FILE).unlink()
    assert inputs.hash_key(tmp_path, synthetic=False) != first
    (tmp_path / inputs.KEY_FILE).write_bytes(b"")  # a run killed as it made the key
    with pytest.raises(InputError, match=r"hash-key is damaged\. Put its copy back, or delete it"):
        inputs.hash_key(tmp_path, synthetic=False)


def test_two_first_runs_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: inputs.hash_key(tmp_path, synthetic=False), range(32)))
    assert len(keys) == 1
    assert [p.name for p in tmp_path.iterdir()] == [inputs.KEY_FILE]


def test_hashes_of_invented_data_can_be_checked_by_anyone_and_those_of_children_by_nobody_else(tmp_path):
    council, one, other = (tmp_path / name for name in ("council", "one", "other"))
    council.mkdir()
    (council / "costs.csv").write_text("gbp_week\n900\n")
    hashes = {
        synthetic: [
            inputs.file_hashes(council, inputs.hash_key(at, synthetic=synthetic)) for at in (one, other)
        ]
        for synthetic in (True, False)
    }
    assert hashes[True][0] == hashes[True][1]
    assert hashes[False][0] != hashes[False][1]
