"""Unit tests of records: what a notebook says is kept whole, under ids that cannot be mistaken."""

from __future__ import annotations

import nbformat
import pytest

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.output.records import MIME, Record, Results, harvest, read_results, write_results
from vcanalysis.output.results import answer, record

RHO = Estimate("Rank correlation", 0.18, 0.09, 0.27, n=412, unit="correlation", method="Spearman")


def shown(records: list[dict]) -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", {MIME: records, "text/plain": "said"})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("record()", outputs=[output])])


def test_record_keeps_the_estimate_whole():
    kept = Record.from_estimate(RHO, id="a.b", question="Q?")
    assert kept.estimate() == RHO
    assert kept.sentence == RHO.sentence()
    assert kept.status == "private"


@pytest.mark.parametrize("bad", ["plain", "Upper.case", "a..b", "a.b c", "1.b", "", "a.b."])
def test_malformed_ids_are_refused(bad):
    with pytest.raises(InputError, match="not dotted lower case"):
        Record.from_estimate(RHO, id=bad, question="Q?")


def test_an_id_used_twice_is_refused():
    one = Record.from_estimate(RHO, id="a.b", question="Q?")
    with pytest.raises(InputError, match=r"'a\.b' is used twice"):
        Results((one, one))


def test_groups_and_terms_become_part_of_the_id(capsys):
    several = Estimates((RHO.named(group="Foster family"), RHO.named(term="Slope", group="Home")))
    with pytest.raises(InputError, match="used twice"):
        record(Estimates((RHO, RHO)), id="a.b", question="Q?")
    record(several, id="a.b", question="Q?")
    assert "Slope, Home: 0.18" in capsys.readouterr().out


def test_records_survive_the_notebook_and_the_file(tmp_path):
    rows = [{"id": "a.b", "question": "Q?", "label": "L", "value": 0.5, "unit": "share", "n": 20, "later": 1}]
    found = harvest(shown(rows), name="04_q")
    assert [(r.id, r.value, r.notebook) for r in found] == [("a.b", 0.5, "04_q")]
    write_results(tmp_path / "results.json", found)
    assert list(read_results(tmp_path / "results.json")) == found


def test_an_unknown_id_names_its_neighbours():
    known = Results((Record.from_estimate(RHO, id="need_spend.rank_correlation", question="Q?"),))
    with pytest.raises(InputError, match=r"Near: need_spend.rank_correlation"):
        known["need_spend.rank_corelation"]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', '[{"id": "a.b"}]'])
def test_a_damaged_file_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(InputError, match="is not a list of records"):
        read_results(path)


def test_answer_prints_plain_words(capsys):
    answer("**Hardly.**", RHO, confidence="low.")
    assert capsys.readouterr().out == (
        "Hardly. Rank correlation: 0.18 (95% interval 0.09 to 0.27; 412 children).\nConfidence: low.\n"
    )
    answer("A: not estimable. Too few; found 3.", "", "So.", "B: not estimable. Too few; found 3.", "So.")
    assert capsys.readouterr().out == "A: not estimable. Too few; found 3. So.\n"
