"""Unit tests: what a check says is wrong, and which questions it says the data can answer."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from drawn import returns, write_folder

from tests.drawn import save_council
from vcanalysis.intake.checking import check_council
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("check")
    source = write_folder(returns(), folder / "f")
    path = import_extracts(
        folder / "council", ssda903=source, key=folder / "k.key", simulate=("needs", "costs")
    ).path
    return open_council(path)


def changed(council, tmp_path, **tables):
    meta = {
        "name": council.name,
        "framework": council.framework_id,
        "data_from": f"{council.start:%Y-%m-%d}",
        "data_to": f"{council.end:%Y-%m-%d}",
    }
    save_council(tmp_path / "changed", {**council.tables, **tables}, meta)
    return check_council(open_council(tmp_path / "changed"))


def answers(report):
    return {answer.question: answer for answer in report.answers}


def test_a_sound_council_has_no_problem_and_an_answer_to_every_question(simulated):
    report = check_council(simulated)
    assert report.ok
    assert len(report.answers) == 10
    assert report.lines()[0].endswith("every table is as the data dictionary says.")


def test_it_says_for_which_share_needs_are_missing_and_what_to_do(simulated, tmp_path):
    last = simulated.snapshot("2020-03-31")
    without = last["child_id"].head(24)
    needs = simulated.tables["needs"]
    report = changed(simulated, tmp_path, needs=needs.loc[~needs["child_id"].isin(without)])
    answer = answers(report)["What do children need?"]
    share = last.loc[~last["child_id"].isin(without), "need_total"].notna().sum() / len(last)
    assert answer.able == "partly"
    assert (
        f"Needs are missing for {100 * (1 - share):.0f}% of 48 children in care on 31 March 2020"
        in answer.because
    )
    assert "vcanalysis import ... --needs FILE" in answer.because


def test_needs_that_are_too_old_or_of_too_few_domains_are_told_from_none(simulated, tmp_path):
    needs = simulated.tables["needs"]
    for some, why in (
        (needs.assign(date=needs["date"] - pd.DateOffset(years=3)), "assessed only while not in care"),
        (needs.loc[needs["date"] < "2019-03-01"], "last assessed more than a year before"),
    ):
        said = answers(changed(simulated, tmp_path, needs=some))["What do children need?"].because
        assert "known for none of 48 children" in said
        assert re.search(rf"Of the children without: \d+ {why}[.;]", said)
    thin = changed(simulated, tmp_path, needs=needs.loc[needs["domain"].eq(needs["domain"].iloc[0])])
    said = answers(thin)["Who is in the middle?"].because
    assert "assessed on fewer than 10 of 12 domains, which a score takes. Add assessments" in said


def test_without_prices_cost_questions_wait(simulated, tmp_path):
    report = changed(simulated, tmp_path, costs=simulated.tables["costs"].head(0))
    found = answers(report)
    assert report.ok
    assert found["What does care cost, and who are the dearest?"].able == "no"
    assert found["Does spending follow need?"].able == "no"
    assert "--costs FILE" in found["What does care cost, and who are the dearest?"].because


def test_returns_alone_say_which_questions_wait_and_for_what(tmp_path):
    path = import_extracts(
        tmp_path / "o", ssda903=write_folder(returns(), tmp_path / "f"), key=tmp_path / "k.key"
    ).path
    found = answers(check_council(open_council(path)))
    able = {question: answer.able for question, answer in found.items()}
    assert able["What do children need?"] == "partly"
    assert "how much difficulty, not which needs" in found["What do children need?"].because
    assert "--needs FILE" in found["What do children need?"].because
    assert found["Does spending follow need?"].because.startswith("Prices are known for none of 48 children")
    assert able["Do placements last?"] == "yes"
    # whether a question can be answered, never what the answer is
    assert (
        found["Do placements last?"]
        .line()
        .startswith("Do placements last? This can be answered. 108 placements")
    )
    assert "assessed twice, 90 days or more apart, from 1 April 2018 to 31 March 2020" in (
        found["Are needs falling?"].because
    )
    assert "Add the table send with: vcanalysis import ... --send FILE" in (
        found["Is the picture the same for SEND?"].because
    )
    assert sorted(able.values()) == ["no"] * 7 + ["partly"] * 2 + ["yes"]


def test_a_council_of_few_children_is_told_so_without_their_number(tmp_path):
    source = write_folder(returns(12), tmp_path / "f")
    path = import_extracts(tmp_path / "few", ssda903=source, key=tmp_path / "k.key").path
    council = open_council(path)
    assert len(council.snapshot("2020-03-31")) == 9
    found = answers(check_council(council))
    assert found["What do children need?"].able == "no"
    assert found["What do children need?"].because == (
        "Fewer than 10 children were in care on 31 March 2020: too few for an answer."
    )


def test_fewer_than_ten_children_are_never_counted_out(simulated, tmp_path):
    costs = simulated.tables["costs"]
    three = simulated.snapshot("2020-03-31")["child_id"].head(3)
    report = changed(simulated, tmp_path, costs=costs.loc[costs["child_id"].isin(three)])
    assert (
        "fewer than 10 of 48 children"
        in answers(report)["What does care cost, and who are the dearest?"].because
    )


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("costs", lambda t: pd.concat([t, t.head(1)]), "repeat the key"),
        ("costs", lambda t: t.assign(to=t["from"] - pd.Timedelta(days=1)), "end before they begin"),
        ("needs", lambda t: t.assign(framework="other"), "are in another framework"),
        ("needs", lambda t: t.assign(domain="weather"), "a domain the framework does not have"),
        ("outcomes", lambda t: t.assign(value=-1.0), "lie below 0"),
        ("children", lambda t: t.tail(-1), "of children who are not in children"),
        ("placements", lambda t: t.assign(dec=pd.NaT), "begin before the child's row before them ended"),
    ],
)
def test_each_problem_is_a_line_that_names_no_child(simulated, tmp_path, table, change, message):
    report = changed(simulated, tmp_path, **{table: change(simulated.tables[table])})
    assert not report.ok
    text = "\n".join(report.lines())
    assert message in text
    assert not [c for c in simulated.tables["children"]["child_id"] if c in text]
