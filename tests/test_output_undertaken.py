"""Unit tests of what a council tells in its plan: what is refused, and what the documents make of it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.briefing_drawn import PLANNED
from vcanalysis.core.errors import InputError
from vcanalysis.output import protocol, undertaken
from vcanalysis.output.briefing import claims, committee, quarterly
from vcanalysis.output.briefing import undertaken as pages
from vcanalysis.output.briefing.blocks import Said, Table
from vcanalysis.output.briefing.questions import answers
from vcanalysis.output.records import example_results, read_results

LINE = {"line": "Placements", "basis": "approved budget", "source": "Budget book"}
BUDGET = [
    {"year": "2019-20", "budget_gbp": 12.5e6, "outturn_gbp": 12.1e6, **LINE},
    {"year": "2018-19", "budget_gbp": 12e6, "outturn_gbp": 12.4e6, **LINE},
]
BENEFIT = {"year": "2018-19", "owner": "Head of placements", "signed_off": "2019-06-30", "grade": "partial"}
GAIN = {
    "who": "Police",
    "what": "Fewer reports",
    "low_gbp_year": 0.0,
    "high_gbp_year": 2e4,
    "source": "A study",
}
AREA = {"children_0_17": 60_000, "year": 2019, "source": "ONS mid-year population estimates"}
RESULTS = read_results(example_results())


def about(**parts):
    """The manifest of a run whose plan tells these."""
    return {**PLANNED, "protocol": {**PLANNED["protocol"], **parts}}


TOLD = about(budget=BUDGET, benefit=[BENEFIT], gain=[GAIN], area=AREA)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"budget": [{**BUDGET[0], "year": "2019"}]}, r"\[\[budget\]\] 1: '2019' is no financial year. Write it"),
        ({"budget": [{**BUDGET[0], "year": "2019-21"}]}, "'2019-21' is no financial year"),
        ({"budget": [{**BUDGET[0], "budget_gbp": "12m"}]}, "1, budget_gbp: '12m' is not a number"),
        ({"budget": [{**BUDGET[0], "budget_gbp": -1.0}]}, "-1.0 cannot be. Write a number from 0"),
        ({"budget": [{**BUDGET[0], "basis": "hope"}]}, "basis: 'hope' is not known. Use: approved budget, realistic"),
        ({"budget": [{**BUDGET[0], "spent": 1.0}]}, r"1: spent is not known. Use: year, line, budget_gbp"),
        ({"budget": [BUDGET[0], BUDGET[0]]}, "has 2019-20 twice"),
        ({"budget": [BUDGET[0], {**BUDGET[1], "line": "Homes"}]}, "names several lines"),
        ({"budget": BUDGET[0]}, r"budget is not \[\[budget\]\]"),
        ({"benefit": [{**BENEFIT, "signed_off": date(2019, 6, 30), "grade": "good"}]}, "'good' is not known. Use"),
        ({"benefit": [BENEFIT]}, "signed_off: '2019-06-30' is not a date"),
        ({"gain": [{**GAIN, "low_gbp_year": 3e4}]}, "low_gbp_year is above high_gbp_year"),
        ({"area": {**AREA, "source": " "}}, r"\[area\], source is empty"),
        ({"area": {"year": 2019}}, r"\[area\] lacks children_0_17, source"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(part, message):
    with pytest.raises(InputError, match=message):
        undertaken.check(part)


def test_the_example_in_the_plan_is_taken_once_its_signs_are_off(tmp_path):
    written = protocol.source(tmp_path).read_text(encoding="utf-8")
    plan, _, examples = written.partition("# [area]")
    told = "\n".join(line.removeprefix("# ").removeprefix("#") for line in f"# [area]{examples}".splitlines())
    (tmp_path / protocol.FILE).write_text(plan + told, encoding="utf-8")
    found = protocol.read(tmp_path)
    assert set(found) >= undertaken.PARTS
    assert found["benefit"][0]["signed_off"] == "2019-06-30"


def test_budget_and_outturn_answer_their_questions_and_without_them_nothing_does():
    found = answers(RESULTS, committee.stated(TOLD))
    assert found[1].answer == (
        "Placements, as the council tells it. 2018-19: £12.0 million, approved budget (Budget book); "
        "2019-20: £12.5 million, approved budget (Budget book)."
    )
    assert "outturn £12.1 million in 2019-20, £300,000 less than in 2018-19" in found[8].answer
    silent = answers(RESULTS, committee.stated(PLANNED))
    give = "NOT ANSWERED. It would take [[budget]] in evaluation.toml: "
    assert [silent[i].answer for i in (1, 8)] == [
        f"{give}an approved budget or forecast beside the spending.",
        f"{give}the outturn of the budget line in two years or more.",
    ]
    one = answers(RESULTS, committee.stated(about(budget=BUDGET[:1])))
    assert (one[1].answered, one[8].answered) == (True, False)


def test_what_is_told_is_set_and_what_is_not_says_what_to_write():
    for make in (pages.budget, pages.benefits, pages.gains, pages.theory):
        assert isinstance(make(RESULTS, TOLD), Table)
        silent = make(RESULTS, {})
        assert isinstance(silent, Said)
        assert "evaluation.toml: [[" in silent.text
    assert "[area]" in pages.rate(RESULTS, PLANNED).text
    assert pages.rate(RESULTS, TOLD).lead == "Of each 10,000 children 46 are in care."


def test_each_step_of_the_theory_stands_beside_what_was_found():
    found = [[cell.text for cell in row] for row in pages.theory(RESULTS, PLANNED).rows]
    steps = {row[0]: row[2] for row in found}
    assert steps["Spend hardly follows need"] == RESULTS["need_spend.rank_correlation"].sentence
    assert "not shown" in steps["Less is spent"]


def test_no_word_of_what_is_told_goes_beyond_its_numbers():
    for form in (committee, quarterly):
        claims.must_be_borne(form.compose(RESULTS, TOLD), RESULTS)
