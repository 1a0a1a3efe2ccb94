"""Unit tests: who is lost where between the children in care and the children a question can use."""

from __future__ import annotations

import json
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


def test_children_with_an_assessment_that_does_not_say_who_rated_are_told_as_not_known(demo):
    needs, child = demo.tables["needs"], demo.assessments()["child_id"].iloc[0]
    first = needs["child_id"].eq(child) & needs["date"].eq(
        needs.loc[needs["child_id"].eq(child), "date"].min()
    )
    some = {**demo.tables, "needs": needs.assign(rater_id=needs["rater_id"].mask(first))}
    found = flow.raters_per_child(replace(demo, tables=some))
    assert found["raters"].iloc[-1] == "not known"
    assert found["children"].iloc[-1] == 1
    assert found["children"].sum() == demo.assessments()["child_id"].nunique()


def test_the_money_of_the_council_is_split_to_the_penny(demo):
    money = flow.money_flow(demo)
    assert 0.9 < money.costed_share <= 1
    assert round(sum(money.by_year.values()), 2) == money.pounds_matched


def test_a_council_that_was_not_imported_has_no_revisions(demo):
    assert flow.revisions(demo).empty


def test_what_later_returns_revised_counts_rows_of_returns_alone(demo, tmp_path):
    (tmp_path / "import").mkdir()
    log = "rule,table,file,row,column,action\n"
    log += "R3A,episodes,2019/episodes.csv,2,,dropped\nreplaced,oc2,2019/oc2.csv,3,,dropped\n"
    log += "replaced,outcomes,outcomes.csv,4,,dropped\nreplaced,goals,goals.csv,4,,dropped\n"
    (tmp_path / "import" / "log.csv").write_text(log, encoding="utf-8")
    found = flow.revisions(replace(demo, path=tmp_path))
    assert dict(zip(found["rule"], found["rows"], strict=True)) == {"R3A": 1, "replaced": 1}


@pytest.mark.parametrize(
    ("table", "said"),
    [("goals", "Prices are of 2019-20 or earlier, each as it was paid."),
     ("costs", "No price is known, so there are no pounds of any year.")],
)  # fmt: skip
def test_notebook_01_says_of_which_year_prices_are_only_where_there_are_some(demo, root, capsys, table, said):
    notebook = json.loads((root / "notebooks" / "01_can_we_trust_the_data.ipynb").read_text(encoding="utf-8"))
    (cell,) = ("".join(c["source"]) for c in notebook["cells"] if "here.price_year" in "".join(c["source"]))
    without = {name: rows for name, rows in demo.tables.items() if name != table}
    exec(compile(cell, "cell", "exec"), {"here": replace(demo, tables=without)})
    assert capsys.readouterr().out.strip() == said


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
