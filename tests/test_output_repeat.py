"""Functional tests of repeating a run from its manifest alone; a reference test repeats nothing but the numbers."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.small_run import give_outcome, small_runner, write_notebook
from vcanalysis import cli
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.records import read_results
from vcanalysis.output.run import evaluate as runner
from vcanalysis.output.run import preload, release, repeat


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Evaluate notebooks whose outcome is given, on a council of nobody."""
    monkeypatch.setattr(preload, "default_kind", lambda: "plain")
    give_outcome(monkeypatch)
    return small_runner(tmp_path, monkeypatch)


@pytest.fixture
def again(run, tmp_path):
    """Repeat a run somewhere else."""

    def repeated(source, **options):
        given = {
            "council": run.council.path,
            "out": tmp_path / "again",
            "notebooks": run.notebooks,
            **options,
        }
        return repeat.repeat(source, **given)

    return repeated


def with_settings(tmp_path, text: str):
    (tmp_path / "settings.toml").write_text(text)
    return tmp_path / "settings.toml"


def test_the_manifest_alone_gives_the_same_numbers(run, again, tmp_path):
    done = run(quarter="2019Q3", settings=with_settings(tmp_path, "draws = 31\n"), policy="opensafely")
    alone = shutil.copy(done / "manifest.json", tmp_path / "manifest.json")
    repeated = again(alone)
    assert repeated.equal
    assert repeated.lines()[0].endswith("repeated: all 1 published results are equal.")
    assert repeated.run == tmp_path / "again" / "test-council" / "2019Q3"
    told = json.loads((repeated.run / "manifest.json").read_text())
    assert (told["parameters"]["04_share"]["draws"], told["gate"]["policy"]["name"]) == (31, "opensafely")
    assert read_results(repeated.run / "publish" / "results.json")["share.share"].value == 0.31
    assert not told["notebooks"][0]["reused"]


def test_a_report_is_given_what_earlier_reports_said_and_what_was_set_otherwise(run, tmp_path, monkeypatch):
    told = {}

    def write(out, shown, about):
        told[about["quarter"]] = about
        (out / "quarterly.html").write_text("a line\n")

    monkeypatch.setattr(release.briefing, "write", write)
    for quarter in ("2018Q4", "2019Q1", "2019Q3"):
        run(quarter=quarter)
    last = run(quarter="2019Q4", settings=with_settings(tmp_path, "draws = 31\n"))
    first, newest = told["2018Q4"], told["2019Q4"]
    assert (first["revisions"], first["before"], first["declared"]) == (None, {}, {})
    assert list(newest["before"]) == ["2019Q3", "2018Q4"]
    assert newest["before"]["2019Q3"]["share.share"].status == "published"
    assert newest["plan_before"] == newest["protocol"]["hash"]
    assert newest["declared"] == {"04_share": {"draws": 10}}
    manifest = json.loads((last / "manifest.json").read_text())
    assert manifest["declared"] == {"04_share": {"draws": 10}}
    assert "rows" not in manifest["inputs"]


def test_the_same_run_elsewhere_has_the_same_name(run, tmp_path):
    declares = 'council: str = ""\nquarter: str = ""\ndraws: int = 10\nresults: str = ""\nown_file: str = ""'
    write_notebook(run.notebooks, "90_quarter", "1", parameters=declares)
    names = set()
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "own.toml").write_text("a = 1")
        run.council.path = shutil.copytree(tmp_path / "council", tmp_path / place / "council")
        given = with_settings(tmp_path, f"[90]\nown_file = '{tmp_path / place / 'own.toml'}'\n")
        done = repeat.evaluate(
            run.council.path, out=tmp_path / place, notebooks=run.notebooks, settings=given
        )
        names.add(json.loads((done / "manifest.json").read_text())["run"])
    assert len(names) == 1


def test_a_partial_run_is_repeated_as_one(run, again):
    write_notebook(run.notebooks, "05_other")
    assert again(run(only="04")).run.name == "2019Q4-only-04"


def test_data_that_changed_since_are_named_and_nothing_is_run(run, again):
    done = run()
    (run.council.path / "costs.csv").write_text("gbp_week\n901\n")
    (run.council.path / "goals.csv").write_text("a\n1\n")
    with pytest.raises(CheckFailed) as failed:
        again(done)
    assert "read: costs.csv, goals.csv changed, lost or added. Give the council folder as it was." in str(
        failed.value
    )
    assert not (done.parents[2] / "again").exists()


def test_a_result_that_comes_out_otherwise_is_named_with_what_was_otherwise(
    run, again, tmp_path, monkeypatch
):
    write_notebook(run.notebooks, "05_other")
    done = run()
    monkeypatch.setattr(repeat, "code_digest", lambda: "another")
    monkeypatch.setattr(repeat, "versions", lambda: {"numpy": "9.9"})
    run_notebook = runner.execute

    def otherwise(job):
        job.parameters["draws"] = 40 if job.name == "05_other" else 12
        return run_notebook(job)

    monkeypatch.setattr(runner, "execute", otherwise)
    repeated = again(done)
    assert (repeated.equal, repeated.differing) == (False, ("other.share",))
    assert [line.split(" ")[:2] for line in repeated.lines()[:2]] == [["The", "code"], ["Other", "versions:"]]
    assert repeated.lines()[2].endswith("1 of 2 published results differ, such as other.share.")
    alone = again(shutil.copy(done / "manifest.json", tmp_path / "manifest.json"))
    assert (alone.equal, alone.differing) == (False, None)
    assert "nobody can say which" in alone.lines()[2]


def test_hashes_whose_key_is_not_here_are_said_to_tell_nothing(run, again, tmp_path):
    run.council.synthetic = False
    done = run()
    assert not again(done).causes
    away = shutil.copytree(done, tmp_path / "elsewhere" / "2019Q4")
    assert again(away).causes == (
        "Whether the data are those that the run read cannot be told: the key of their hashes is not here.",
    )


def test_a_file_that_a_parameter_named_is_asked_for_and_held_against_its_hash(run, again, tmp_path):
    declares = 'council: str = ""\nquarter: str = ""\ndraws: int = 10\nscenario_file: str = ""'
    write_notebook(run.notebooks, "11_draws", "1", parameters=declares)
    own = tmp_path / "own.toml"
    own.write_text("a = 1")
    done = run(settings=with_settings(tmp_path, f"scenario_file = '{own}'\n"))
    with pytest.raises(InputError, match=r"read a file for 'scenario_file' of 11_draws: own\.toml \(sha256 "):
        again(done)
    given = with_settings(tmp_path, f"[11]\nscenario_file = '{own}'\n")
    assert again(done, settings=given).equal
    own.write_text("a = 2")
    with pytest.raises(CheckFailed, match=r"own\.toml is not what the run read"):
        again(done, settings=given)


def test_a_panel_that_a_run_read_is_asked_for_and_held_against_its_hash(run, again, tmp_path):
    declares = 'council: str = ""\nquarter: str = ""\ndraws: int = 10\npanel: str = ""'
    write_notebook(run.notebooks, "11_draws", "1", parameters=declares)
    own = tmp_path / "numbers"
    own.mkdir()
    (own / "panel.csv").write_text("a")
    done = run(settings=with_settings(tmp_path, f"panel = '{own}'\n"))
    with pytest.raises(InputError, match=r"read a folder for 'panel' of 11_draws: folder of 1 files"):
        again(done)
    given = with_settings(tmp_path, f"panel = '{own}'\n")
    assert again(done, settings=given).equal
    (own / "panel.csv").write_text("b")
    with pytest.raises(CheckFailed, match="is not what the run read"):
        again(done, settings=given)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "could not be read"),
        ("[]", "is not the manifest of a run"),
        ("{", "is not the manifest of a run"),
    ],
)
def test_what_is_no_manifest_is_refused(again, tmp_path, content, said):
    if content:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=said):
        again(tmp_path)


def test_a_manifest_changed_after_its_seal_is_refused(run, again):
    done = run()
    told = (done / "manifest.json").read_text()
    (done / "manifest.json").write_text(told.replace("2019Q4", "2019Q3"))
    with pytest.raises(InputError, match="was changed after it was sealed"):
        again(done)


def test_the_command_line_repeats_and_says_so(run, tmp_path, monkeypatch, capsys):
    from functools import partial

    done = run()
    monkeypatch.setattr(preload, "prepare", lambda kind: None)
    monkeypatch.setattr(repeat, "evaluate", partial(repeat.evaluate, kernel="plain"))
    monkeypatch.setattr(repeat, "repeat", partial(repeat.repeat, notebooks=run.notebooks))
    words = ["evaluate", str(run.council.path), "--repeat", str(done), "--out", str(tmp_path / "again")]
    assert cli.main(words) == 0
    assert "all 1 published results are equal." in capsys.readouterr().out
    assert cli.main([*words, "--quarter", "2019Q4"]) == 2
    assert "--repeat takes --quarter from the manifest." in capsys.readouterr().err
