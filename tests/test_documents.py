"""Back-tests of the pages of the docs: their code runs and prints what they show, their commands and links are good."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests import documents
from vcanalysis import cli

every_page = pytest.mark.parametrize("page", documents.PAGES, ids=lambda page: page.stem)


@every_page
def test_a_page_prints_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    kinds = [fence.kind for fence in documents.fences(page)]
    before = [kind for kind, after in pairwise(kinds) if after == "text"]
    for kind, (fence, printed) in zip(before, documents.run(page), strict=True):
        if kind == "python":
            assert fence.text == printed, "run: python -m tests.documents"
        else:
            assert set(fence.text.splitlines()) <= set(printed.splitlines())


@every_page
def test_a_command_of_a_page_is_understood(page):
    for fence in documents.fences(page):
        if fence.kind in ("sh", "console"):
            for words in documents.commands(fence):
                assert callable(cli.parser().parse_args(words).run)


@every_page
def test_the_links_of_a_page_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_cheat_sheet_is_one_page():
    lines = documents.PAGES[0].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 110
    assert max(map(len, lines)) <= 120


def test_each_page_of_the_tutorial_has_exercises_with_answers():
    pages = documents.PAGES[1:]
    assert len(pages) == 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "## Exercises" in text
        assert "<summary>Answers</summary>" in text
