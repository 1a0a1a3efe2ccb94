"""Functional tests of the runner with planted faults: whatever breaks, the last good report stays."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import nbformat
import pytest

from tests.small_run import FIGURE, KILL, contents, council_of_nobody, good, write_notebook
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.paths import data_file
from vcanalysis.output.records import read_results
from vcanalysis.output.run import folder, kernels, plan, preload
from vcanalysis.output.run.evaluate import evaluate
from vcanalysis.output.run.notebook import Job, RunFailed, execute
from vcanalysis.output.run.parameters import settle
from vcanalysis.output.run.release import brief

needs_fork = pytest.mark.skipif(preload.default_kind() == "plain", reason="this system cannot fork processes")


@pytest.fixture(autouse=True)
def _few_libraries(monkeypatch):
    monkeypatch.setattr(preload, "_PRELOAD", (*preload._PRELOAD[:4], "matplotlib.pyplot"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Evaluate notebooks of the test's own on a council of nobody."""
    council = council_of_nobody(tmp_path / "council")
    monkeypatch.setattr(plan, "_open", lambda path: council)

    def evaluated(**options) -> Path:
        return evaluate(council.path, out=tmp_path / "reports", notebooks=tmp_path / "notebooks", **options)

    evaluated.notebooks = tmp_path / "notebooks"
    evaluated.reports = tmp_path / "reports" / "test-council"
    write_notebook(evaluated.notebooks, "04_share", good("share"))
    return evaluated


def hidden(run) -> list[str]:
    return [p.name for p in run.reports.glob(".build*")] + [p.name for p in run.reports.glob(".old*")]


def test_a_run_is_sealed_and_publishes_only_rounded_numbers(run):
    done = run()
    manifest = folder.sealed(done)
    assert manifest["quarter"] == "2019Q4"
    assert manifest["gate"]["published"] == 1
    published = read_results(done / "publish" / "results.json")["share.share"]
    assert (published.value, published.n, published.notebook) == (0.12, 215, "04_share")
    assert "0.1234" not in (done / "publish" / "quarterly.html").read_text()
    assert read_results(done / "private" / "results.json")["share.share"].value == 0.1234
    assert str(run.reports.parent) not in (done / "manifest.json").read_text()
    assert done.stat().st_mode & 0o077 == 0 or os.name != "posix"
    assert not hidden(run)


def test_a_council_may_have_a_name_without_the_word_council(tmp_path, monkeypatch):
    named = council_of_nobody(tmp_path / "council")
    named.name = named.label = "Anyshire"
    monkeypatch.setattr(plan, "_open", lambda path: named)
    write_notebook(tmp_path / "notebooks", "04_share", good("share"))
    done = evaluate(named.path, out=tmp_path / "reports", notebooks=tmp_path / "notebooks")
    assert (done / "publish" / "quarterly.docx").is_file()


def test_an_unchanged_notebook_is_reused_and_gives_the_same_bytes(run):
    first = contents(run())
    second = contents(run())
    assert json.loads(second["manifest.json"])["notebooks"][0]["reused"]
    same = {name for name in first if name not in ("manifest.json", "SEAL")}
    assert {name: first[name] for name in same} == {name: second[name] for name in same}
    assert not json.loads(contents(run(fresh=True))["manifest.json"])["notebooks"][0]["reused"]


def test_a_changed_setting_runs_the_notebook_again(run, tmp_path):
    run()
    (tmp_path / "settings.toml").write_text("draws = 11\n")
    manifest = folder.sealed(run(settings=tmp_path / "settings.toml"))
    assert not manifest["notebooks"][0]["reused"]
    assert manifest["parameters"]["04_share"] == {"draws": 11}


def test_the_plan_of_the_council_sets_its_notebooks_and_settings_go_before_it(run, tmp_path):
    own = tmp_path / "council" / "evaluation.toml"
    text = (
        data_file("assumptions/evaluation.toml")
        .read_text()
        .replace("[parameters.05", "[parameters.04_share]\ndraws = 12\n[parameters.05")
    )
    own.write_text(text)
    assert folder.sealed(run())["parameters"]["04_share"] == {"draws": 12}
    (tmp_path / "settings.toml").write_text("draws = 11\n")
    assert folder.sealed(run(settings=tmp_path / "settings.toml"))["parameters"]["04_share"] == {"draws": 11}
    own.write_text(text.replace("draws = 12", "drawn = 12"))
    with pytest.raises(InputError, match="'drawn' is unknown to 04_share"):
        run()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("1 / 0", "05_broken.ipynb, cell 3: ZeroDivisionError"),
        (KILL, "05_broken.ipynb, cell 3: the kernel was killed or ran out of memory"),
        ("record = print\nrecord('nothing')", "05_broken.ipynb, cell 3: it recorded no result"),
        ("show = print\nshow('no figure')", "05_broken.ipynb, cell 3: its figure is missing"),
        ("raise KeyError('Jane Doe 01/02/2010')", "05_broken.ipynb, cell 3: KeyError"),
    ],
    ids=["error", "killed", "no record", "no figure", "no value in the message"],
)
@needs_fork
def test_a_failed_notebook_publishes_nothing_and_leaves_the_last_report(run, broken, said):
    before = contents(run())
    write_notebook(run.notebooks, "05_broken", broken)
    with pytest.raises(RunFailed) as failed:
        run()
    assert str(failed.value) == said
    assert contents(run.reports / "2019Q4") == before
    assert not hidden(run)
    assert not kernels._live


def test_what_the_gate_refuses_is_never_moved_into_place(run):
    leaky = good("leak").replace("Share in homes", "Child kid-000001 in homes")
    write_notebook(run.notebooks, "05_leaky", leaky)
    with pytest.raises(CheckFailed, match="holds the identifier of a child of this council") as failed:
        run()
    assert "kid-" not in str(failed.value)
    assert not (run.reports / "2019Q4").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("drawz = 3", "Parameter 'drawz' is unknown to any notebook. Did you mean 'draws'?"),
        ("draws = 'many'", "Parameter 'draws' of 04_share must be int; the settings give str."),
        ("draws = true", "Parameter 'draws' of 04_share must be int; the settings give bool."),
        ("quarter = '2019Q1'", "Parameter 'quarter' is given by the runner."),
        ("[07]\ndraws = 3", "Settings name a notebook '07' that does not exist."),
        ('"x; import os" = 3', "Parameter 'x; import os' is unknown to any notebook."),
        ("draws = ", "Write it as TOML"),
    ],
)
def test_settings_are_refused_before_anything_runs(run, tmp_path, settings, said):
    (tmp_path / "settings.toml").write_text(settings)
    with pytest.raises(InputError) as refused:
        run(settings=tmp_path / "settings.toml")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not run.reports.exists() or not list(run.reports.glob("2*"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"quarter": "2019Q5"}, "Quarter '2019Q5' does not exist."),
        (
            {"quarter": "2021Q1"},
            "Quarter 2021Q1 lies outside the data of Test council, which cover 2018Q1 to 2019Q4.",
        ),
        ({"only": "07"}, "There is no notebook 07. Choose from: 04."),
        ({"only": ""}, "--only names no notebook. Choose from: 04;"),
        ({"only": " , ,"}, "--only names no notebook. Choose from: 04;"),
        ({"jobs": 0}, "Jobs must be 1 or more, not 0."),
        ({"settings": "nowhere.toml"}, "Settings nowhere.toml could not be read"),
    ],
)
def test_arguments_are_refused_before_anything_runs(run, options, said):
    with pytest.raises(InputError) as refused:
        run(**options)
    assert said in str(refused.value)


RANGED = (
    'council: str = ""\nquarter: str = ""\n'
    "draws: int = 1000  # Monte Carlo draws [100 to 1,000,000]\n"
    "seed: int = 2019  # seed of everything random here [0 or more]\n"
    "floor: float = 1.5  # lowest cost\n"
    "scenario_file: str = ''  # TOML file; empty: the default\n"
    "panel: str = ''  # folder of a panel; empty: synthetic"
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("draws = 99", "'draws' of 11_draws is 99; it must be 100 to 1,000,000."),
        ("draws = 1000001", "'draws' of 11_draws is 1000001; it must be 100 to 1,000,000."),
        ("[11]\nseed = -1", "'seed' of 11_draws is -1; it must be 0 or more."),
        ("floor = nan", "'floor' of 11_draws is nan; it must be a finite number."),
        ("floor = -inf", "'floor' of 11_draws is -inf; it must be a finite number."),
        ("scenario_file = 'no.toml'", "'scenario_file' of 11_draws names 'no.toml', which is not a file."),
        ("scenario_file = '.'", "'scenario_file' of 11_draws names '.', which is not a file."),
        ("panel = 'nowhere'", "'panel' of 11_draws names 'nowhere', which is not a folder."),
        ("panel = 3", "'panel' of 11_draws must be str"),
        ("draws = " + 5000 * "9", "Write it as TOML"),
    ],
)
def test_values_are_refused_before_anything_runs(run, tmp_path, settings, said):
    write_notebook(run.notebooks, "11_draws", "1 / 0", parameters=RANGED)
    (tmp_path / "settings.toml").write_text(settings)
    with pytest.raises(InputError) as refused:
        run(settings=tmp_path / "settings.toml")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not run.reports.exists()


def test_values_at_the_ends_of_their_range_are_taken(tmp_path):
    path = write_notebook(tmp_path, "11_draws", parameters=RANGED)
    for draws in (100, 1_000_000):
        assert settle([path], {"draws": draws, "seed": 0})["11_draws"] == {"draws": draws, "seed": 0}


def test_a_file_is_found_from_the_current_folder_and_known_by_its_content(run, tmp_path, monkeypatch):
    reads = good("read") + "\nimport pathlib\nprint(pathlib.Path(scenario_file).read_text())"
    write_notebook(run.notebooks, "11_draws", reads, parameters=RANGED)
    (tmp_path / "settings.toml").write_text("scenario_file = 'own.toml'")
    monkeypatch.chdir(tmp_path)
    for content in ("first", "second"):
        (tmp_path / "own.toml").write_text(content)
        done = run(settings="settings.toml")
        assert content in (done / "private" / "11_draws.ipynb").read_text()
    told = folder.sealed(done)["parameters"]["11_draws"]["scenario_file"]
    assert told.startswith("own.toml (sha256 ")


def test_a_panel_is_handed_on_from_the_settings_and_known_by_its_content(run, tmp_path, monkeypatch):
    reads = good("read") + "\nimport pathlib\nprint(pathlib.Path(panel, 'panel.csv').read_text())"
    write_notebook(run.notebooks, "11_draws", reads, parameters=RANGED)
    (tmp_path / "settings.toml").write_text("panel = 'numbers'")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numbers").mkdir()
    names = []
    for content in ("first", "second"):
        (tmp_path / "numbers" / "panel.csv").write_text(content)
        done = run(settings="settings.toml")
        assert content in (done / "private" / "11_draws.ipynb").read_text()
        names.append(folder.sealed(done)["parameters"]["11_draws"]["panel"])
    assert all(name.startswith("folder of 1 files (sha256 ") for name in names)
    assert names[0] != names[1]


def test_a_council_with_problems_is_not_evaluated(tmp_path):
    from tests.drawn import save_council
    from vcanalysis.core.paths import data_file
    from vcanalysis.intake.opening import open_council

    sound = open_council(data_file("demo"))
    tables = {**sound.tables, "children": sound.tables["children"].iloc[1:]}
    meta = tomllib.loads((data_file("demo") / "council.toml").read_text())
    save_council(tmp_path / "broken", tables, meta)
    with pytest.raises(CheckFailed) as failed:
        evaluate(tmp_path / "broken", out=tmp_path / "reports")
    said = str(failed.value)
    assert re.search(r"has \d problems to correct, such as: placements, column child_id", said)
    assert said.endswith(f"run: vcanalysis check {tmp_path / 'broken'}")
    assert "\n" not in said
    assert not (tmp_path / "reports").exists()


def test_a_partial_run_lies_beside_the_full_one_and_says_what_is_in_it(run):
    write_notebook(run.notebooks, "05_other", good("other"))
    full = run()
    before = contents(full)
    partial = run(only="4")
    assert partial == run.reports / "2019Q4-only-04"
    assert contents(full) == before
    said = folder.sealed(partial)
    assert (said["partial"], said["questions"]) == (True, ["share?"])
    assert said["notebooks"][0]["reused"]
    assert "Partial run" in (partial / "publish" / "quarterly.html").read_text()
    assert (folder.sealed(full)["partial"], folder.sealed(full)["questions"]) == (False, ["share?", "other?"])
    assert brief(partial).parent == partial / "publish"


def test_a_partial_run_with_all_notebooks_is_the_full_one(run):
    assert run(only="04") == run.reports / "2019Q4"


def test_what_a_partial_run_builds_is_not_the_full_runs_to_remove(run):
    for name in (".build-2019Q4-only-04-90-dead", ".old-2019Q4-only-04-90-dead"):
        (run.reports / name).mkdir(parents=True)
    run()
    assert sorted(hidden(run)) == [".build-2019Q4-only-04-90-dead", ".old-2019Q4-only-04-90-dead"]


def test_every_result_says_what_is_synthetic(run):
    done = run()
    for part in ("private", "publish"):
        caveats = {row["caveat"] for row in json.loads((done / part / "results.json").read_text())}
        assert caveats == {"Test council is synthetic: no child in it exists."}


def test_a_notebook_must_declare_council_and_quarter(run):
    write_notebook(run.notebooks, "05_silent", "1", parameters="council: str = ''")
    with pytest.raises(InputError, match=r"05_silent.ipynb declares no parameter quarter"):
        run()


def test_the_last_notebook_draws_on_the_results_of_the_others(run):
    declares = 'council: str = ""\nquarter: str = ""\nresults: str = ""'
    reads = (
        "from vcanalysis.output.results import read_results, record\n"
        "seen = read_results(results)['share.share'].estimate()\n"
        "record(seen, id='quarter.seen', question='What did we see?')"
    )
    write_notebook(run.notebooks, "90_quarter", reads, parameters=declares)
    done = run(only="04")
    assert [r.id for r in read_results(done / "private" / "results.json")] == ["share.share", "quarter.seen"]
    assert folder.sealed(run(only="04"))["notebooks"][1]["reused"]


def test_two_writers_of_one_quarter_do_not_meet(run):
    done = run()
    before = contents(done)
    with folder.lock(run.reports, "2019Q4"), pytest.raises(CheckFailed, match="Another evaluation of 2019Q4"):
        run()
    assert contents(done) == before


def test_a_run_killed_between_the_two_renames_is_put_right(run):
    done = run()
    before = contents(done)
    done.rename(run.reports / ".old-2019Q4-dead")
    (run.reports / ".build-2019Q4-dead").mkdir()
    with folder.building(run.reports, "2019Q4"):
        assert contents(done) == before
    assert not hidden(run)


def test_a_file_changed_after_the_seal_is_found(run):
    done = run()
    page = done / "publish" / "quarterly.html"
    page.write_text(page.read_text().replace("12%", "21%"))
    with pytest.raises(InputError, match=r"publish/quarterly.html was changed or lost after it was sealed"):
        brief(done)
    (done / "SEAL").unlink()
    with pytest.raises(InputError, match="it has no seal"):
        brief(done)


def test_brief_renders_the_same_page_again_and_seals_it(run):
    done = run()
    before = (done / "publish" / "quarterly.html").read_bytes()
    assert brief(done).read_bytes() == before
    assert folder.sealed(done)["quarter"] == "2019Q4"


@needs_fork
def test_fast_kernels_give_what_plain_kernels_give(tmp_path):
    cells = (
        FIGURE,
        good("same"),
        "import pandas as pd\npd.DataFrame({'a': [1.5]})",
        "pd.DataFrame({f'a column with a long name {n}': [n] for n in range(9)})",
        "print({'b', 'a', 'c'})",
    )
    path = write_notebook(tmp_path, "01_same", *cells)
    preload.prepare("fast")
    fast, plain = (
        execute(Job(path, {"council": "x", "quarter": "2019Q4"}, kind)) for kind in ("fast", "plain")
    )
    assert next(sorted(o.get("data", {})) for c in fast.cells for o in c.get("outputs", ())) == [
        "image/png",
        "text/plain",
    ]
    assert nbformat.writes(fast) == nbformat.writes(plain)


@needs_fork
@pytest.mark.parametrize("name", ["04_slow", "90_slow"])
@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGKILL", 9)],
    ids=["interrupted", "ended", "killed"],
)
def test_a_run_that_is_ended_leaves_no_kernel_and_no_report(tmp_path, number, name):
    begun = tmp_path / "begun"
    slow = (
        f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    write_notebook(tmp_path / "notebooks", name, slow)
    script = tmp_path / "run.py"
    script.write_text(
        "import sys\nfrom functools import partial\nfrom pathlib import Path\n"
        "from tests.small_run import council_of_nobody\nfrom vcanalysis import cli\n"
        "from vcanalysis.output.run import preload, plan, evaluate\n"
        "if __name__ == '__main__':\n"
        "    here = Path(sys.argv[1])\n    preload._PRELOAD = preload._PRELOAD[:3]\n"
        "    plan._open = lambda path: council_of_nobody(here / 'council')\n"
        "    evaluate.evaluate = partial(evaluate.evaluate, notebooks=here / 'notebooks')\n"
        "    sys.exit(cli.main(['evaluate', str(here / 'council'), '--out', str(here / 'reports')]))\n"
    )
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, str(script), str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        command, env=env, cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    reports = tmp_path / "reports" / "test-council"
    _until(lambda: begun.exists() and begun.read_text(), seconds=60)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    _until(lambda: not _runs(int(begun.read_text())), seconds=10)
    assert not list(reports.glob("2019*"))
    assert process.returncode != 0
    if number in (signal.SIGINT, signal.SIGTERM):
        assert (process.returncode, said) == (130, "Stopped. Nothing was published.\n")
        assert not list(reports.glob(".build*"))


def _runs(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _until(true, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
