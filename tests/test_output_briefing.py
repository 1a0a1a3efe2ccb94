"""Unit tests of the page: accessible, self-contained, and holding no number that the gate did not pass."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.briefing_drawn import ABOUT, Q1, Q2, TOPIC, raw
from vcanalysis.output import briefing
from vcanalysis.output.briefing import html as page_of
from vcanalysis.output.briefing import quarterly
from vcanalysis.output.briefing.tables import table_of
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import Record, Results


def page(results: Results, about: dict) -> str:
    return page_of.render(quarterly.compose(results, about))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    out = tmp_path_factory.mktemp("publish")
    briefing.write(out, gate(raw())[0], ABOUT)
    return out


@pytest.fixture(scope="module")
def html(release):
    return (release / briefing.PAGE).read_text()


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def outline(html: str) -> list[tuple[str, dict]]:
    reader = Outline()
    reader.feed(html)
    return reader.tags


def test_the_page_has_language_landmarks_and_headings_in_order(html):
    tags = outline(html)
    names = [tag for tag, _ in tags]
    assert dict(tags)["html"]["lang"] == "en-GB"
    assert all(names.count(tag) == 1 for tag in ("main", "h1", "footer"))
    assert tags[names.index("a")][1] == {"class": "skip", "href": "#main"}
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [about["id"] for _, about in tags if "id" in about]
    assert len(ids) == len(set(ids))
    named = [about.get("aria-labelledby", "").split() for _, about in tags]
    assert {name for names in named for name in names} <= set(ids)
    linked = {about["href"][1:] for tag, about in tags if tag == "a"}
    assert linked <= set(ids)


def test_tables_have_captions_and_scopes(html):
    tags = outline(html)
    names = [tag for tag, _ in tags]
    assert names.count("table") == names.count("caption") > 0
    assert all(about.get("scope") in ("row", "col") for tag, about in tags if tag == "th")


def test_a_table_of_unlike_intervals_says_of_each_what_it_is():
    def by(group: str, level: float) -> Record:
        fields = {"unit": "GBP per week", "n": 80, "group": group, "level": level, "status": "published"}
        return Record(f"cost.{group}", Q1, "Median cost", 460.0, 410.0, 510.0, **fields)

    table = table_of(
        (by("a", 0.95), by("b", 0.9), by("c", 0.95)), id="t", title="Cost", source="Test council"
    )
    assert table.columns[2] == "Interval"
    assert [re.search(r"\((\d+)% interval\)", row[2].text)[1] for row in table.rows] == ["95", "90", "95"]


def test_the_page_needs_nothing_but_itself(html):
    tags = outline(html)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags}
    assert not re.search(r"(?:src|url\()\s*=?[\"']?https?:", html)
    assert "@import" not in html


def test_no_raw_number_and_no_hidden_group_value_is_on_the_page(html):
    for number in ("460.4", "4563", "240.2", "9,100", "9100", "0.0712", "412"):
        assert number not in html
    assert "£4,560" in html
    assert "[c]" in html
    assert "1 of 8 figures are withheld" in html


def test_a_headline_does_not_rank_groups_that_are_hidden(html):
    headline = re.search(r'<div class="headline">.*?</div>', html)[0]
    assert (
        "Of the groups shown: care costs most in home (£4,560 a week), least in kin (£240 a week)" in headline
    )


def test_words_of_records_cannot_become_markup(html):
    assert "Rank <b>" not in html
    assert "Rank &lt;b&gt;correlation" in html


def test_a_minus_never_parts_from_its_number(html):
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", " ", html, flags=re.DOTALL)
    assert text.count("\u2212\u20600.05") >= 4  # tile, paragraph, tables, what is not known
    assert not re.search(r"(?<![\w-])-£?\d", text)


def test_what_is_simulated_is_said_once(html):
    assert html.count(ABOUT["council"]["caveat"]) == 1


def test_a_partial_run_says_so_and_names_its_questions(html):
    partial = page(gate(raw())[0], {**ABOUT, "partial": True, "questions": [Q1, Q2]})
    status = re.search(r'<p class="status">(.*?)</p>', partial)[1]
    assert "Partial run" in status
    assert f"only these questions are in it: {Q1} · {Q2}" in status
    assert "Partial run" not in html


def test_a_run_of_which_nothing_may_be_shown_still_makes_a_page():
    few = Record("council.children_in_care", Q1, "Children in care", 3, unit="children", n=3, kind="count")
    assert "No figure of this run may be shown." in page(gate([few])[0], ABOUT)


def test_what_is_not_known_is_said(html):
    unknown = html[html.index(">What we do not know</h2>") :]
    assert "More or less, we cannot tell:</strong> rank &lt;b&gt;correlation (0.07, " in unknown
    assert "Not estimable from these data:</strong> change in need." in unknown
    assert "nobody was assessed twice" in unknown.lower()  # the reason stands in the annex


def test_charts_say_themselves_and_hold_no_metadata(release):
    svg = (release / "figures" / f"{TOPIC}.svg").read_text()
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert [child.tag for child in root][:2] == [f"{space}title", f"{space}desc"]
    assert "from £240 a week (kin) to £4,560 a week (home)." in svg
    assert root.get("role") == "img"
    assert not re.search(r"metadata|Matplotlib|dc:date", svg)
    assert "Arial" in svg
