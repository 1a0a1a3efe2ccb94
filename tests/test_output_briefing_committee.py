"""Unit tests of the committee briefing: its plan, what departs from it, what is answered and what is not."""

from __future__ import annotations

from datetime import date

import pytest

from tests.briefing_drawn import PLANNED, raw
from vcanalysis.core.errors import InputError
from vcanalysis.output import protocol
from vcanalysis.output.briefing import answered, claims, committee, html, summary
from vcanalysis.output.briefing.blocks import Note, Section, Table
from vcanalysis.output.briefing.questions import NOT_ANSWERED, answers
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import Record, Results, example_results, read_results

DRAWN = gate(raw())[0]
EXAMPLE = read_results(example_results())


@pytest.fixture(scope="module", params=["drawn", "example"])
def document(request):
    return committee.compose(EXAMPLE if request.param == "example" else DRAWN, PLANNED)


def section(document, title):
    return next(b for b in document.blocks() if isinstance(b, Section) and b.title == title)


def table(document, name):
    return next(t for t in document.tables() if t.id == name)


def words(found: Table):
    return [[cell.text for cell in row] for row in found.rows]


def test_the_briefing_has_every_part_that_the_form_asks_for(document):
    titles = [s.title for s in document.sections]
    assert titles[:4] == ["Key facts", "In plain English", "Summary", "What we do not know"]
    parts = ["The problem and the data", "Need and spend", "Children in the middle", "What was done and what changed",
             "Savings", "Scale and comparability", "Recommendations"]  # fmt: skip
    assert [t for t in titles if t in parts] == parts
    front = dict(document.front)
    assert {"Commissioner", "Analyst", "Assurer", "Approver", "Plan", "Status", "Run"} <= set(front)
    assert front["Not to be quoted after"] == "31 December 2020"


def test_no_word_of_it_goes_beyond_its_numbers(document):
    claims.must_be_borne(document, EXAMPLE if len(document.tables()) > 20 else DRAWN)


def test_the_plain_words_are_few(document):
    box = next(b for b in document.blocks() if isinstance(b, Note))
    assert sum(len(f"{s.lead} {s.text}".split()) for s in box.items) <= 150
    assert "do not say that one thing caused another" in box.items[-1].text


def test_recommendations_are_addressed_dated_and_can_be_checked():
    said = section(committee.compose(EXAMPLE, PLANNED), "Recommendations").blocks
    assert len(said) >= 4
    assert all("To: " in s.text and "By: 1 " in s.text and "Done when: " in s.text and s.ids for s in said)


def test_the_hash_of_the_plan_and_every_deviation_are_printed(document):
    page = html.render(document)
    assert PLANNED["protocol"]["hash"] in page
    found = [row[1] for row in words(table(document, "deviations"))]
    assert "The plan was written after the data had been seen." in found
    assert "05_who_is_in_the_middle: floor_gbp_week was 900.0, the plan says 1000.0." in found


def test_the_data_log_counts_no_rows_since_a_row_may_be_a_child(document):
    rows = {**PLANNED["inputs"], "rows": {"children": 7777}}
    again = committee.compose(DRAWN, {**PLANNED, "inputs": rows})  # as an older manifest has them
    assert words(table(document, "data_log")) == words(table(again, "data_log")) == [["children", "abc"]]
    assert "7,777" not in html.render(again)


def test_a_run_that_keeps_to_its_plan_has_no_deviation():
    plan = {
        "plan": {"before_data": True},
        "parameters": {"05_m": {"floor": 1}},
        "primary": {"outcome": "a.b"},
    }
    found = Results((Record("a.b", "Q?", "Net", 1.0, n=50, status="published"),))
    assert protocol.deviations(plan, found, {"parameters": {"05_m": {"floor": 1}}}) == []
    assert protocol.deviations(plan, Results(), {}) == ["The outcome a.b was not estimated in this run."]


def test_thirty_five_questions_are_asked_and_what_the_run_cannot_answer_says_so(document):
    rows = words(table(document, "hostile_reader"))
    assert [row[0].split(".")[0] for row in rows] == [str(n) for n in range(1, 36)]
    assert NOT_ANSWERED in [row[2] for row in rows]
    assert rows[34][2] == "Not to be quoted after 31 December 2020."
    by_results = answers(Results())
    assert [a.answer for a in by_results] == [NOT_ANSWERED] * 35
    assert answered(EXAMPLE).value == sum(a.answered for a in answers(EXAMPLE)) > 10


def test_hidden_key_facts_are_marked_and_not_left_out():
    hidden = gate([Record("council.children_in_care", "Q?", "Children in care", 3, unit="children", n=3,
                          kind="count")])[0]  # fmt: skip
    fact = committee.compose(hidden, PLANNED).sections[0].blocks[0].facts[0]
    assert (fact.figure, fact.sure) == ("[c]", "withheld to protect children")


def test_the_summary_of_a_notebook_is_the_summary_of_the_briefing():
    said = section(committee.compose(EXAMPLE, PLANNED), "Summary").blocks
    assert summary(EXAMPLE) == [f"**{s.lead}** {s.text}".strip() for s in said]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[plan", "evaluation.toml is not TOML"),
        ("[goals]\na = 1", r"\[goals\] is not known. Use: looks, parameters"),
        ("[plan]\nquestion = 'Q?'", r"\[plan\] lacks written, before_data, commissioner"),
    ],
)
def test_a_plan_that_is_no_plan_is_refused_in_one_line(tmp_path, text, message):
    (tmp_path / "evaluation.toml").write_text(text)
    with pytest.raises(InputError, match=message):
        protocol.read(tmp_path)


def test_a_council_s_own_plan_comes_before_the_project_s(tmp_path):
    assert protocol.source(tmp_path).parent.name == "assumptions"
    (tmp_path / "evaluation.toml").write_text("")
    assert protocol.source(tmp_path) == tmp_path / "evaluation.toml"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.96, 0.99, "reached"), (0.89, 0.94, "not reached"), (0.89, 0.97, "cannot be told")],
)
def test_a_target_is_reached_only_by_the_whole_interval(low, high, verdict):
    record = Record("a.b", "Q?", "Assessed", 0.93, low, high, unit="share", n=275, status="published")
    assert protocol.reached(record, 0.95) == verdict
    assert protocol.target_words(record, 0.95) == "95% or more"


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [(date(2019, 12, 31), 12, date(2020, 12, 31)), (date(2020, 3, 31), 3, date(2020, 6, 30)),
     (date(2019, 8, 31), 6, date(2020, 2, 28))],
)  # fmt: skip
def test_the_sunset_is_a_day_of_the_calendar(day, months, ends):
    assert protocol.sunset({"plan": {"sunset_months": months}}, day) == ends
