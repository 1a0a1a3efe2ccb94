"""Functional test of a whole run on statutory returns alone: no needs but what they hold, no price, no home, no plan.

Few children, so that most is withheld or cannot be estimated: every notebook runs, and all four formats are published.
"""

from __future__ import annotations

import json

import pytest

from benchmarks.returns import write_returns
from vcanalysis.cli import main
from vcanalysis.output.records import read_results
from vcanalysis.output.run.evaluate import evaluate

pytestmark = pytest.mark.long  # every notebook by itself: test_notebooks_tiny.py
CHILDREN = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    where = tmp_path_factory.mktemp("returns")
    write_returns(where / "returns", CHILDREN, seed=CHILDREN)
    assert main(["import", str(where / "council"), "--ssda903", str(where / "returns")]) == 0
    return evaluate(where / "council", out=where / "reports", jobs=1, unsent=True)


def test_a_council_of_returns_alone_gets_both_documents_in_four_formats(run):
    made = {path.name for path in (run / "publish").iterdir()}
    forms = {
        f"{name}.{form}" for name in ("briefing", "quarterly") for form in ("html", "pdf", "docx", "xlsx")
    }
    assert forms <= made
    assert (run / "SEAL").is_file()


def test_nothing_published_rests_on_fewer_than_ten_children(run):
    exact = read_results(run / "private" / "results.json")
    told = [
        r for r in read_results(run / "publish" / "results.json") if r.value is not None and r.id in exact
    ]
    assert len(told) > 20  # of published figures and forecasts; of this council hardly any
    few = [r.id for r in told if r.of == "children" and (exact[r.id].n or 0) < 10]
    assert few == []


def test_what_the_council_did_not_promise_is_not_called_its_own(run):
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["protocol"]["stands_in"]
    assert "promise nothing" in (run / "publish" / "briefing.html").read_text(encoding="utf-8")
