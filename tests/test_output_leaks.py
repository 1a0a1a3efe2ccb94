"""Unit tests of the scanner: every planted leak is found by its rule, and its value is never repeated."""

from __future__ import annotations

import zipfile

import pytest

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.output.leaks import must_be_clean, scan

LEAKS = {
    "a pseudonym of a child": '{"child_id": "9f3b2c"}',
    "a unique pupil number": "<td>B801200005001</td>",
    "a postcode": "<p>lives at NR1 2DH</p>",
    "a date of birth": "<p>DOB: 03/04/2011</p>",
    "a path of the machine it was made on": '"council": "/tmp/councils/norfolk"',
    "an error trace": "Traceback (most recent call last):\n  File",
    "run metadata of a notebook": '{"metadata": {"papermill": {"parameters": {}}}}',
    "a script": "<script>alert(1)</script>",
    "a resource loaded from elsewhere": '<img src="https://example.org/pixel.png">',
}
CLEAN = """<p>Data from 1 January 2016 to 31 December 2019. Run 89ada70258. £4,560 a week, 250 children.
<a href="https://www.gov.uk/guidance">Guidance</a> <a href="#q1">1</a> E99999999 2019Q4 2019-12-31</p>"""


@pytest.mark.parametrize("rule", LEAKS)
def test_a_planted_leak_is_found_and_not_repeated(tmp_path, rule):
    (tmp_path / "clean.html").write_text(CLEAN)
    (tmp_path / "page.html").write_text(LEAKS[rule])
    with pytest.raises(CheckFailed) as refused:
        must_be_clean(tmp_path)
    assert str(refused.value).startswith(f"page.html holds {rule}")
    assert LEAKS[rule][-12:-2] not in str(refused.value)


def test_a_clean_release_passes(tmp_path):
    (tmp_path / "page.html").write_text(CLEAN)
    assert must_be_clean(tmp_path) == 1


def test_leaks_inside_a_workbook_are_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "tables.xlsx", "w") as book:
        book.writestr("xl/worksheets/sheet7.xml", "<c>NR1 2DH</c>")
    assert [leak.file for leak in scan(tmp_path)] == ["tables.xlsx, xl/worksheets/sheet7.xml"]


def test_known_children_are_found_in_any_file(tmp_path):
    (tmp_path / "chart.png").write_bytes(b"\x89PNG tEXt kid-000001 \x00")
    assert scan(tmp_path, pseudonyms=frozenset({"kid-000001"}))[0].rule.startswith("the identifier")
    assert not scan(tmp_path, pseudonyms=frozenset({"kid-000002"}))


def test_a_kind_of_file_nobody_can_look_into_is_refused(tmp_path):
    (tmp_path / "model.pkl").write_bytes(b"x")
    assert "not published" in scan(tmp_path)[0].rule


def test_nothing_to_look_at_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError):
            scan(path)


@pytest.mark.parametrize("token", ["0128180cdf40", "003c16e055909078"])
def test_pseudonyms_are_known_by_their_form(tmp_path, token):
    (tmp_path / "page.html").write_text(f"<p>{token}</p>", encoding="utf-8")
    assert [leak.rule for leak in scan(tmp_path)] == ["a pseudonym of a child"]


@pytest.mark.parametrize(
    "harmless", ["1db39c5cc7ca55abca067fa3e4e4db6c", "827662fe31", "#12436d", "201912310000"]
)
def test_hashes_colours_and_numbers_are_no_pseudonyms(tmp_path, harmless):
    (tmp_path / "manifest.json").write_text(f'{{"key": "{harmless}"}}', encoding="utf-8")
    assert scan(tmp_path) == []
