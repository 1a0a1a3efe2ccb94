"""Unit tests of the committee briefing: its plan, what departs from it, what is answered and what is not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest

from tests.briefing_drawn import ABOUT, PLANNED, raw
from vcanalysis.core.errors import InputError
from vcanalysis.output import protocol
from vcanalysis.output.briefing import answered, benefits, claims, committee, councils, html, summary
from vcanalysis.output.briefing.blocks import Note, Section, Table
from vcanalysis.output.briefing.coverage import coverage_words
from vcanalysis.output.briefing.forms import PARTS
from vcanalysis.output.briefing.quarter_form import PARTS as QUARTER
from vcanalysis.output.briefing.questions import ASKED, NOT_ANSWERED, answers
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import INVENTED, Record, Results, example_results, read_results

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
    assert front["Contact"] == "Not named"
    assert front["Distribution"].startswith("Not marked")


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
    assert words(table(document, "data_log")) == words(table(again, "data_log"))
    assert words(table(again, "data_log")) == [["children", "one child", "–", "abc"]]
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
    assert any(row[2].startswith(NOT_ANSWERED) for row in rows)
    assert rows[34][2] == "Not to be quoted after 31 December 2020."
    assert not any(a.answered for a in answers(Results()))


def by_number(results):
    return {place for place, a in enumerate(answers(results), start=1) if a.answered}


def test_the_example_answers_what_it_can_show_in_full_and_nothing_else():
    # the ledger is withheld there: gross, cashable, beds and slippage are not known, whatever the scenario assumes
    far = Record("outcomes.distance", "Q?", "Far", 0.25, n=255, status="published", sentence="Far: 25%.")
    example = Results((*(r for r in EXAMPLE if r.id != far.id), far))
    assert by_number(example) == {1, 3, 4, 5, 18, 19, 23, 24, 25, 28, 31}
    assert answered(example).value == 11
    found = answers(example)
    assert found[17].answer.startswith("No. A move counts only when all of the time named has passed since")
    assert found[24].answer.endswith(
        "Far: 25%. Schooling: no table of a council folder holds it: NOT ANSWERED."
    )
    assert [place for place, a in enumerate(found, start=1) if a.in_part] == [25]
    beds = found[13].answer
    assert beds.startswith("NOT ANSWERED. It would take what beds cost")
    assert "Withheld to protect children: Less beds kept empty." in beds


def test_an_answer_names_what_is_withheld_as_well_for_its_name_may_hold_a_number():
    stay = Record("ledger.natural_stay", "Q?", "In a home after 52 weeks", None, n=None, status="suppressed")
    first = answers(Results((stay,)))[0]
    assert "Withheld to protect children: In a home after 52 weeks." in first.answer
    assert first.ids == ("ledger.natural_stay",)


def complete() -> Results:
    """Give every record that a question asks for, of a design that is no scenario."""
    names = [n.replace("*", "one") for q in ASKED for n in q.needs if not n.startswith("@")]
    return Results(
        tuple(Record(n, "Q?", n, 0.2, 0.1, 0.3, n=50, design="2", status="published", sentence=f"{n}: 0.2.")
              for n in dict.fromkeys(names))
    )  # fmt: skip


BY_RECORDS = [
    (place, q) for place, q in enumerate(ASKED, start=1) if q.needs and not q.needs[0].startswith("@")
]


@pytest.mark.parametrize(("place", "question"), BY_RECORDS, ids=[q.text for _, q in BY_RECORDS])
def test_a_question_needs_every_part_and_a_fact_no_assumption(place, question):
    full = complete()
    assert place in by_number(full)
    assert all(name.replace("*", "one") in answers(full)[place - 1].ids for name in question.needs)
    for name in (n.replace("*", "one") for n in question.needs):
        others = [r for r in full if r.id != name]
        hidden = replace(full[name], value=None, low=None, high=None, status="suppressed")
        assumed = replace(full[name], design="0")
        assert place not in by_number(Results(tuple(others)))
        assert place not in by_number(Results((*others, hidden)))
        assert (place in by_number(Results((*others, assumed)))) == (not question.of_fact)


def test_questions_that_no_result_answers_wait_for_the_plan_or_stay_open():
    told = {
        "plan",
        "looks",
        "roles",
        "rerun",
        "gate",
        "claims",
        "sunset",
        "decide",
        "coverage",
        "baseline",
        "outturn",
    }
    assert [q.text for q in ASKED if not q.needs] == []
    assert {n[1:] for q in ASKED for n in q.needs if n.startswith("@")} == told
    assert all(q.because for q in ASKED)


def test_coverage_is_read_from_the_trials(tmp_path):
    page = tmp_path / "validity.md"
    page.write_text("## Coverage of 95% intervals\n\n| estimator | planted | covered % |\n|---|---|---|\n"
                    "| Realised saving | 15 children | 94.7 | 2 |\n| Ratio | 60 | 97.9 (missed) | 1 |\n\n"
                    "## False positives\n\n| Test | 120 children | 5.3 | 1 |\n")  # fmt: skip
    words_ = coverage_words(page)
    assert "1 of 2 kinds of interval hold it as often as they say, and 1 do not" in words_
    assert words_.endswith("That of a saving made held it in 94.7% of trials.")
    assert coverage_words(tmp_path / "none.md") == ""


def test_key_facts_that_may_not_be_shown_are_named_and_others_stand_in_for_them():
    key = committee.compose(EXAMPLE, PLANNED).sections[0].blocks
    assert len(key[0].facts) == 8
    assert all(fact.figure != "[c]" for fact in key[0].facts)
    assert (key[1].lead, key[1].text) == (
        "Withheld to protect children:",
        "Children for review; Net unspent.",
    )


def test_the_summary_of_a_notebook_is_the_summary_of_the_briefing():
    said = section(committee.compose(EXAMPLE, PLANNED), "Summary").blocks
    assert summary(EXAMPLE) == [f"**{s.lead}** {s.text}".strip() if s.lead else s.text for s in said]


def told_otherwise(about):
    return protocol.deviations({"plan": {"before_data": True}, "hash": "now"}, Results(), about)


def test_a_setting_that_the_plan_does_not_name_is_held_against_its_notebook():
    ran = {"20_saved": {"target_gbp_year": 5e5, "draws": 10}}
    about = {"parameters": ran, "declared": {"20_saved": {"target_gbp_year": 2e5}}}
    assert told_otherwise(about) == ["20_saved: target_gbp_year was 500000.0, the notebook has 200000.0."]


def test_another_profile_and_another_plan_than_last_quarter_are_deviations():
    assert told_otherwise({"policy": {"name": "dfe"}}) == [
        "The disclosure profile was dfe, the plan says strict."
    ]
    assert told_otherwise({"plan_before": "then"}) == [
        "The plan is not that of the report before, whose hash was then."
    ]
    assert told_otherwise({"plan_before": "now", "policy": {"name": "strict"}}) == []


def test_the_method_of_all_that_is_said_and_set_is_the_first_annex(document):
    annexes = [s.title for s in document.sections if s.annex]
    assert annexes[0] == "Method" or not any(r.method for r in DRAWN)
    example = committee.compose(EXAMPLE, PLANNED)
    rows = words(table(example, "methods"))
    named = " ".join(row[0] for row in rows)
    assert len(rows) > 30
    assert "Rank correlation of need and weekly cost" in named
    spoken = {i for s in section(example, "Savings").blocks for i in getattr(s, "ids", ())}
    said = {EXAMPLE[i].method for i in spoken}
    assert {m for m in said if m} <= {row[1] for row in rows}


@pytest.mark.parametrize("part", ["Savings", "Scale and comparability"])
def test_what_the_form_asks_for_and_no_run_measures_is_said(part):
    said = [b.lead for b in section(committee.compose(EXAMPLE, PLANNED), part).blocks if hasattr(b, "lead")]
    assert "Not measured in this run." in said
    empty = section(committee.compose(Results(), PLANNED), part).blocks
    assert [b.text for b in empty] == ["This run holds no result on it."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[plan", "evaluation.toml is not TOML"),
        ("[goals]\na = 1", r"\[goals\] is not known. Use: area, benefit, budget"),
        ("[plan]\nquestion = 'Q?'", r"\[plan\] lacks written, before_data, commissioner"),
    ],
)
def test_a_plan_that_is_no_plan_is_refused_in_one_line(tmp_path, text, message):
    (tmp_path / "evaluation.toml").write_text(text)
    with pytest.raises(InputError, match=message):
        protocol.read(tmp_path)


def test_a_council_s_own_plan_comes_before_the_project_s(tmp_path):
    theirs = protocol.source(tmp_path)
    assert theirs.parent.name == "assumptions"
    assert protocol.read(tmp_path)["stands_in"]
    shutil.copy(theirs, tmp_path)
    assert protocol.source(tmp_path) == tmp_path / "evaluation.toml"
    assert not protocol.read(tmp_path)["stands_in"]


def test_a_plan_that_is_not_the_council_s_is_a_deviation_and_its_targets_no_promise():
    plan = PLANNED["protocol"]
    assert plan["stands_in"]
    assert protocol.deviations(plan, Results(), {})[0] == protocol.STANDS_IN
    table = benefits.plan_and_actual(EXAMPLE, PLANNED)
    assert protocol.STANDS_IN in table.notes
    own = PLANNED | {"protocol": plan | {"stands_in": False}}
    assert protocol.STANDS_IN not in benefits.plan_and_actual(EXAMPLE, own).notes
    assert protocol.STANDS_IN not in protocol.deviations(own["protocol"], Results(), {})


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


def test_neighbours_stand_in_both_documents_only_where_a_published_panel_was_given():
    found = Record(
        "value.neighbours.sdq", "Q?", "This council less its neighbours", -0.4, -1.0, 0.2, unit="points", n=10,
        of="councils", group="SDQ, lower is better", status="published", sentence="Less: -0.4 points.",
    )  # fmt: skip
    assert councils.neighbours(Results((replace(found, caveat=INVENTED),)), ABOUT) is None
    table = councils.neighbours(Results((found,)), ABOUT)
    assert [c.text for c in table.rows[0]] == [
        "SDQ, lower is better",
        "-0.4 points",
        "-1.0 to 0.2",
        "10 councils",
    ]
    of_others = ABOUT | {"parameters": {"14_who_gets_most_value": {"own": "E06000047"}}}
    here = of_others | {"council": ABOUT["council"] | {"code": "E06000047"}}
    other = of_others | {"council": ABOUT["council"] | {"code": "E06000001"}}
    assert "this council less" in councils.neighbours(Results((found,)), here).title
    assert "council E06000047, not this one, less" in councils.neighbours(Results((found,)), other).title
    assert all(councils.neighbours in [m for part in form for m in part.more] for form in (PARTS, QUARTER))
