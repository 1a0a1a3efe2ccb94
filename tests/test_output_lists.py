"""Unit and functional tests of private lists: written beside the notebook for its owner alone, and never published."""

from __future__ import annotations

import csv
import os

import pandas as pd
import pytest

from tests.small_run import council_of_nobody, good, write_notebook
from vcanalysis.core.errors import InputError
from vcanalysis.output.lists import LIST_MIME, private_list, write_lists
from vcanalysis.output.run import folder, plan, preload
from vcanalysis.output.run.evaluate import evaluate

LISTED = """
import pandas as pd
from vcanalysis.output.lists import private_list
private_list(pd.DataFrame({"place": [1], "child_id": ["kid-000001"]}), name="panel", title="To talk about")
"""


def notebook(*shown):
    return {"cells": [{"outputs": [{"data": {LIST_MIME: {"name": n, "csv": "a\n"}}} for n in shown]}]}


def test_a_list_is_kept_private_and_nothing_of_it_is_published(tmp_path, monkeypatch):
    monkeypatch.setattr(preload, "_PRELOAD", preload._PRELOAD[:4])
    council = council_of_nobody(tmp_path / "council")
    monkeypatch.setattr(plan, "_open", lambda path: council)
    write_notebook(tmp_path / "notebooks", "06_who", good("who"), LISTED)
    done = evaluate(council.path, out=tmp_path / "reports", notebooks=tmp_path / "notebooks")
    path = done / "private" / "panel.csv"
    assert list(csv.DictReader(path.open())) == [{"place": "1", "child_id": "kid-000001"}]
    assert path.stat().st_mode & 0o077 == 0 or os.name != "posix"
    assert "private/panel.csv" in folder.sealed(done)["outputs"]
    published = b"".join(p.read_bytes() for p in (done / "publish").rglob("*") if p.is_file())
    assert b"kid-000001" not in published
    assert "kid-" not in (done / "private" / "results.json").read_text()


def test_the_plain_words_of_a_list_name_no_child(capsys):
    private_list(pd.DataFrame({"child_id": ["kid-000001"]}), name="panel", title="To talk about")
    assert (
        capsys.readouterr().out
        == "To talk about: 1 children, in the private folder of the run as panel.csv.\n"
    )


def test_text_that_a_spreadsheet_would_run_is_marked(monkeypatch):
    shown = []
    monkeypatch.setattr("vcanalysis.output.lists.show_bundle", shown.append)
    frame = pd.DataFrame({"goal": ["=1+1", "@home", "see friends"], "fall": [-2.0, 1.0, 0.0]})
    private_list(frame, name="panel", title="To talk about")
    rows = list(csv.DictReader(shown[0][LIST_MIME]["csv"].splitlines()))
    assert [r["goal"] for r in rows] == ["'=1+1", "'@home", "see friends"]
    assert [r["fall"] for r in rows] == ["-2.0", "1.0", "0.0"]


@pytest.mark.parametrize("name", ["../panel", "Panel", "", "panel.csv", "a b"])
def test_a_name_that_would_leave_the_folder_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="lower case letters"):
        private_list(pd.DataFrame(), name=name, title="t")
    with pytest.raises(InputError, match="name of its own"):
        write_lists(notebook(name), tmp_path)
    assert not list(tmp_path.iterdir())


def test_two_lists_of_one_name_are_refused(tmp_path):
    with pytest.raises(InputError, match="Two lists are called 'panel'"):
        write_lists(notebook("panel", "panel"), tmp_path)
