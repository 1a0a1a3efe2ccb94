"""Unit tests: who is lost where between the children in care and the children a question can use."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from vcanalysis.core.paths import data_file
from vcanalysis.intake import flow
from vcanalysis.intake.opening import open_council


@pytest.fixture(scope="module")
def demo():
    return open_council(data_file("demo"))


def test_the_flow_never_grows_after_its_first_step(demo):
    steps = flow.cohort_flow(demo, "2019-12-31")
    counts = dict(zip(steps["step"], steps["children"], strict=True))
    assert counts["with both"] <= min(counts["with a price"], counts["with an assessment"])
    assert max(counts.values()) == counts["in care on the day"] == len(demo.snapshot("2019-12-31"))


def test_completeness_is_a_share_of_every_column(demo):
    found = flow.completeness(demo)
    assert found["share"].between(0, 1).all()
    filled = found.loc[found["column"].eq("child_id"), "share"]
    assert (filled == 1).all()


def test_every_child_is_assessed_in_time_overdue_or_never(demo):
    found = flow.overdue_assessments(demo, "2019-12-31")
    assert found["children"].sum() == len(demo.snapshot("2019-12-31"))


def test_raters_are_counted_for_every_child_assessed(demo):
    found = flow.raters_per_child(demo)
    assert found["children"].sum() == demo.assessments()["child_id"].nunique()
    before = flow.raters_per_child(demo, end="2019-01-01")
    assert before["children"].sum() == demo.assessments(end="2019-01-01")["child_id"].nunique()
    assert before["children"].sum() < found["children"].sum()


def test_the_money_of_the_council_is_split_to_the_penny(demo):
    money = flow.money_flow(demo)
    assert 0.9 < money.costed_share <= 1
    assert round(sum(money.by_year.values()), 2) == money.pounds_matched


def test_a_council_that_was_not_imported_has_no_revisions(demo):
    assert flow.revisions(demo).empty


def test_an_sdq_of_the_return_is_overdue_after_a_year_and_its_rater_is_not_known(demo):
    needs = demo.tables["needs"]
    about = {"framework": "sdq-total", "domain": "total_difficulties", "level": 20, "rater_id": None}
    children = demo.snapshot("2019-12-31").sort_values("care_start")["child_id"].iloc[:1]  # long in care
    for first, expected in (("2019-04-01", "in time"), ("2018-12-29", "overdue")):
        rows = pd.DataFrame({"child_id": children, "date": pd.Timestamp(first), **about})
        rows = rows.reindex(columns=needs.columns)
        council = replace(demo, tables={**demo.tables, "needs": rows}, framework_id="sdq-total")
        assert council.framework.overdue_days == 366
        found = flow.overdue_assessments(council, "2019-12-31").set_index("age")["children"]
        assert found[["in time", "overdue"]].to_dict() == {"in time": 0, "overdue": 0} | {expected: 1}
        assert flow.raters_per_child(council).empty
