"""Unit tests: what several people say of a child on one day is kept apart, and what is not written is not counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.core.schema import TABLES, check_table
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.outcomes import beside_return
from vcanalysis.intake.cleaning.ratings import long_ratings
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.linking import mark_second_ratings, wide_ratings

DAY = pd.Timestamp("2018-12-01")
CHILDREN = [f"QX{k:05d}" for k in range(20)]


def rated(**columns):
    """Give ratings of one child on one day as read; columns not named are alike."""
    plain = {"CHILD": 1, "date": DAY, "framework": "vcw-default-12", "domain": "identity", "_file": "n.csv"}
    rows = pd.DataFrame({**plain, **columns})
    return rows.assign(_row=np.arange(len(rows)) + 2, level=rows["level"].astype("float64"))


def laid_out(rows):
    """Give the ratings that are written, and the balance of their rows."""
    ledger = Ledger()
    ledger.take_in("needs", rows)
    written = long_ratings(rows, ledger=ledger)
    return written, ledger.balance({"needs": ledger.kept["needs"]})[0]


@pytest.mark.parametrize(
    "apart",
    [
        {"rater_role": ["social worker", "carer"]},
        {"framework": ["pds-risks", "cans-like"]},
        {"rater_id": ["w1", "w2"]},
    ],
    ids=lambda apart: next(iter(apart)),
)
def test_ratings_by_two_raters_or_in_two_frameworks_are_both_written(apart):
    written, balance = laid_out(rated(level=[1, 3], **apart))
    assert sorted(written["level"]) == [1, 3]
    assert (balance["kept"], balance["dropped"], balance["flagged"]) == (2, 0, 0)


def test_a_rater_who_is_named_is_one_person_in_whatever_role():
    roles = ["social worker", "team manager"]
    written, balance = laid_out(rated(level=[1, 3], rater_id="w1", rater_role=roles))
    assert list(written["level"]) == [3]
    assert (balance["kept"], balance["dropped"]) == (1, 1)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_a_rating_that_does_not_hold_is_dropped_and_the_one_that_does_is_flagged(order):
    rows = rated(level=[1, 3, np.nan], rater_id="w1").iloc[order]
    written, balance = laid_out(rows)
    assert list(written["level"]) == [3]
    assert {part: balance[part] for part in ("kept", "dropped", "flagged")} == {
        "kept": 1,
        "dropped": 2,
        "flagged": 1,
    }


def test_a_blank_entered_later_never_holds_against_a_level():
    rows = rated(level=[2, np.nan], rater_id="w1", entered=["02/12/2018", "05/12/2018"])
    assert list(laid_out(rows)[0]["level"]) == [2]


def test_a_row_of_many_domains_is_dropped_only_if_none_of_its_ratings_holds():
    #        identity health        of the first row identity holds, of the second health, of the third nothing
    levels = [[3, 1], [1, 2], [0, 0]]
    rows = rated(level=[0, 0, 0]).drop(columns=["domain", "level"]).assign(rater_id="w1")
    rows[["domain:identity", "domain:physical_health"]] = np.array(levels, dtype="float64")
    written, balance = laid_out(rows)
    assert dict(zip(written["domain"], written["level"], strict=True)) == {
        "identity": 3,
        "physical_health": 2,
    }
    assert {part: balance[part] for part in ("kept", "dropped", "changed", "flagged")} == {
        "kept": 2,
        "dropped": 1,
        "changed": 2,
        "flagged": 2,
    }


def _needs(roles, rater_id=""):
    rows = pd.DataFrame({"rater_role": roles, "level": range(1, len(roles) + 1)})
    return rows.assign(child_id="a", date=DAY, rater_id=rater_id, context="review", domain="x")


def test_ratings_of_a_day_by_two_who_are_not_named_are_a_double_rating():
    wide = wide_ratings(_needs(["carer", "social worker"]), ("x",))
    assert wide[["rater_role", "x"]].values.tolist() == [["social worker", 2.0], ["carer", 1.0]]
    assert mark_second_ratings(wide).tolist() == [False, True]  # one need a day is left to snapshots


def test_ratings_of_a_day_by_one_who_is_named_stay_one_rating():
    wide = wide_ratings(_needs(["carer", "social worker"], rater_id="r"), ("x",))
    assert wide["x"].tolist() == [2.0]


@pytest.fixture(scope="module")
def bring_in(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raters")
    source = write_folder({2019: returns(20)[2019]}, folder / "f")

    def bring(name, rows, *, head):
        lines = [head, *(",".join([child, "01/12/2018", *row]) for child in CHILDREN for row in rows)]
        file = folder / f"{name}.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        report = import_extracts(
            folder / name, key=folder / "k" / "k.key", ssda903=source, **{name.partition("-")[0]: file}
        )
        table = pd.read_parquet(folder / name / f"{name.partition('-')[0]}.parquet")
        line = next(line for line in report.balance if line["table"] == name.partition("-")[0])
        return table, line

    return bring


@pytest.mark.parametrize("name", ["outcomes-forth", "outcomes-back"])
def test_scores_of_carer_teacher_and_child_are_all_kept_in_any_order(bring_in, name):
    rows = [["sdq_total", "12", "carer"], ["sdq_total", "20", "teacher"], ["sdq_total", "15", "child"]]
    table, line = bring_in(
        name, rows if name.endswith("forth") else rows[::-1], head="child_id,date,measure,value,rater"
    )
    own = table[table["date"].eq(DAY)]
    assert own.groupby("rater", observed=True)["value"].agg(["size", "max"]).values.tolist() == [
        [20, 12],
        [20, 15],
        [20, 20],
    ]
    assert (line["kept"], line["dropped"]) == (60, 0)
    assert not check_table(table, table="outcomes")


def test_goals_that_differ_are_all_kept_also_where_only_their_words_do(bring_in):
    rows = [
        ["short", "education_learning", progress, words]
        for progress, words in (("met", "swim"), ("not started", "swim"), ("met", "read"), ("met", "read"))
    ]
    table, line = bring_in("goals", rows, head="child_id,set_on,horizon,domain,progress,goal")
    assert table["progress"].value_counts().to_dict() == {"met": 40, "not started": 20}
    assert (line["kept"], line["dropped"]) == (60, 20)  # a row that repeats another in every column
    assert not check_table(table, table="goals")


def test_a_teachers_score_on_the_day_of_the_return_is_another_than_the_returns():
    returned = pd.DataFrame({"child_id": ["a"], "date": DAY, "measure": "sdq_total", "value": 12.0})
    rows = pd.concat([returned] * 3, ignore_index=True)
    rows = rows.assign(
        value=[12.0, 20.0, 20.0], rater=["teacher", "child", "carer"], _file="o.csv", _row=range(3)
    )
    left = beside_return(rows, returned, ledger=Ledger())
    assert list(left["rater"]) == ["teacher", "child"]


def test_only_goals_may_share_their_key():
    assert [name for name, table in TABLES.items() if table.repeats] == ["goals"]
