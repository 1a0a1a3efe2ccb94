"""Unit tests of opening JupyterLab: whose copies, where it listens, what it refuses. JupyterLab is not started here."""

from __future__ import annotations

import json
import os
import socket
import stat
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vcanalysis import cli
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file, home
from vcanalysis.intake.opening import open_council
from vcanalysis.output.lab import copies, look
from vcanalysis.output.lab import start as lab
from vcanalysis.output.lab.ahead import run_ahead

PARAMETERS = (
    'council: str = "data/demo"  # folder of the council\nquarter: str = "2017Q1"  # calendar quarter'
)


@pytest.fixture(scope="module")
def council():
    return open_council(data_file("demo"))


@pytest.fixture
def originals(tmp_path):
    """A notebook as it is committed, with the answer of the demo council in it."""
    folder = tmp_path / "originals"
    folder.mkdir()
    write(folder / copies.START, "# Where do I start?")
    return folder


def write(path, title):
    answer = new_output("stream", name="stdout", text="276 children are in care.\n")
    notebook = new_notebook(
        cells=[
            new_markdown_cell(title),
            new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            new_code_cell('print("council: x")', execution_count=2, outputs=[answer]),
        ]
    )
    nbformat.write(notebook, path)


def test_a_copy_is_about_the_council_and_its_last_quarter(council, originals, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    text, told = nbformat.read(made.start, as_version=4).cells[1:]
    assert text.source.splitlines() == [
        f'council: str = "{data_file("demo").resolve()}"  # folder of the council',
        'quarter: str = "2019Q4"  # calendar quarter',
    ]
    assert told.outputs == []  # the answer of another council is no answer
    assert told.source == 'print("council: x")'


def test_the_originals_stay_as_they_are(council, originals, tmp_path):
    before = (originals / copies.START).read_bytes()
    copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    assert (originals / copies.START).read_bytes() == before


def test_a_changed_copy_is_kept_and_an_untouched_one_follows_its_original(council, originals, tmp_path):
    write(originals / "01_second.ipynb", "# Second?")
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    assert (made.written, made.kept) == (2, 0)
    made.start.write_text("my own work", encoding="utf-8")
    write(originals / "01_second.ipynb", "# Second, mended?")
    again = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    assert (again.written, again.kept) == (1, 1)
    assert made.start.read_text(encoding="utf-8") == "my own work"
    assert "mended" in (again.folder / "01_second.ipynb").read_text(encoding="utf-8")
    assert "1 that you have changed kept" in again.line()


def test_a_copy_that_was_only_run_is_not_changed_and_keeps_what_it_showed(council, originals, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    ran = nbformat.read(made.start, as_version=4)
    ran.cells[2].outputs = [new_output("stream", name="stdout", text="276\n")]
    nbformat.write(ran, made.start)
    assert copies.copy_notebooks(council, made.folder, originals=originals).kept == 0
    assert nbformat.read(made.start, as_version=4).cells[2].outputs
    write(originals / copies.START, "# Where do I start now?")
    assert copies.copy_notebooks(council, made.folder, originals=originals).written == 1
    assert "start now?" in made.start.read_text(encoding="utf-8")


def test_the_first_notebook_is_run_before_it_opens(council, originals, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    assert run_ahead(made.start)
    assert nbformat.read(made.start, as_version=4).cells[2].outputs[0].text == "council: x\n"
    broken = nbformat.read(made.start, as_version=4)
    broken.cells[2] = new_code_cell("1 / 0")
    nbformat.write(broken, made.start)
    assert not run_ahead(made.start)


def test_the_printed_address_leads_to_the_notebook(tmp_path):
    words = lab.command(tmp_path / copies.START, browser=False)
    assert f"--LabApp.default_url=/lab/tree/{copies.START}" in words


def test_a_notebook_that_was_there_before_is_never_written_over(council, originals, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / copies.START).write_text("not a copy", encoding="utf-8")
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    assert (made.written, made.kept) == (0, 1)
    assert made.start.read_text(encoding="utf-8") == "not a copy"


def test_a_damaged_ledger_keeps_everything(council, originals, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    (made.folder / copies.LEDGER).write_text("{", encoding="utf-8")
    assert copies.copy_notebooks(council, made.folder, originals=originals).kept == 1


def test_a_folder_about_another_council_is_refused(council, originals, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine", originals=originals)
    ledger = json.loads((made.folder / copies.LEDGER).read_text(encoding="utf-8"))
    (made.folder / copies.LEDGER).write_text(json.dumps(ledger | {"council": "elsewhere"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"another council.*--folder"):
        copies.copy_notebooks(council, made.folder, originals=originals)


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_the_folder_of_the_originals_is_refused(council, originals, inside):
    with pytest.raises(InputError, match="holds the originals"):
        copies.copy_notebooks(council, originals / inside, originals=originals)


def test_a_folder_that_is_a_file_is_refused_in_one_line(capsys, tmp_path):
    (tmp_path / "file").touch()
    assert cli.main(["explore", "--folder", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_council_that_is_none_is_refused_before_anything_is_written(capsys, tmp_path):
    assert cli.main(["explore", str(tmp_path / "nothing"), "--folder", str(tmp_path / "mine")]) == 2
    assert "Give a council folder" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_every_notebook_of_the_workbench_is_copied_set_and_linked(council, tmp_path):
    made = copies.copy_notebooks(council, tmp_path / "mine")
    names = {path.relative_to(made.folder) for path in made.folder.rglob("*.ipynb")}
    assert names == {p.relative_to(home() / "notebooks") for p in (home() / "notebooks").rglob("*.ipynb")}
    for path in made.folder.rglob("*.ipynb"):
        tagged = [
            c for c in nbformat.read(path, as_version=4).cells if "parameters" in c.metadata.get("tags", ())
        ]
        assert str(data_file("demo").resolve()) in tagged[0].source, path.name


def test_jupyterlab_listens_on_the_loopback_address_and_kernels_on_sockets(tmp_path):
    words = lab.command(tmp_path / "00.ipynb", port=8901, browser=False)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.allow_remote_access=False", "--no-browser"} <= set(words)
    assert "--ServerApp.port=8901" in words
    assert ("--KernelManager.transport=ipc" in words) == (os.name == "posix")


def test_it_asks_for_no_news_and_leaves_nothing_behind():
    with lab.private_folder() as folder:
        env = lab.environment(folder, {"JUPYTER_CONFIG_PATH": "own", "PATH": "p"})
        page = json.loads((folder / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
        assert page["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}
        assert env["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(folder), "own"]
        assert env["PATH"] == "p"
        told = json.loads((folder / "jupyter_server_config.d" / "look.json").read_text(encoding="utf-8"))
        assert told["ServerApp"]["jpserver_extensions"] == {look.__name__: True}
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert len(f"{folder}/kernel-{'x' * 36}-ipc-5") < 104
    assert not folder.exists()


def test_the_users_own_style_goes_before_ours(tmp_path):
    ways = {"static_custom_path": ["own"]}
    look._load_jupyter_server_extension(
        SimpleNamespace(runtime_dir=str(tmp_path), web_app=SimpleNamespace(settings=ways))
    )
    assert ways["static_custom_path"] == ["own", str(tmp_path / "custom")]
    assert "word-break: normal" in (tmp_path / "custom" / "custom.css").read_text(encoding="utf-8")


def test_a_taken_port_is_refused_in_one_line(tmp_path):
    with socket.socket() as other:
        other.bind((lab.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is taken"):
            lab.open_lab(tmp_path / "00.ipynb", port=port)


@pytest.mark.parametrize("port", [-1, 80, 70_000])
def test_a_port_that_cannot_be_is_refused(tmp_path, port):
    with pytest.raises(InputError, match="1024 to 65535"):
        lab.open_lab(tmp_path / "00.ipynb", port=port)
