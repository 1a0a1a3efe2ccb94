"""Unit tests of the dictionary as a judge: each rule broken once, drawn as a small table."""

from __future__ import annotations

import pandas as pd
import pytest

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import TABLES, check_table, conform, dictionary
from vcanalysis.core.tables import get_table

GOOD = {"child_id": "a", "from": "2019-01-01", "gbp_week": 700.0, "care_share": 0.5, "price_year": "2019-20"}


def rows(*changes, table="costs"):
    """A table of good rows, each with its own child, changed as told."""
    made = [{**GOOD, "child_id": f"c{i}", **change} for i, change in enumerate(changes)]
    frame = pd.DataFrame(made)
    return (
        frame.assign(**{"from": pd.to_datetime(frame["from"], errors="coerce")})
        if table == "costs"
        else frame
    )


# what is wrong              the rule   the column
BROKEN = [
    ({"gbp_week": None}, "required", "gbp_week"),
    ({"gbp_week": -1.0}, "low", "gbp_week"),
    ({"gbp_week": 100_001.0}, "high", "gbp_week"),
    ({"care_share": 1.5}, "high", "care_share"),
    ({"price_year": None}, "required", "price_year"),
]


@pytest.mark.parametrize(("change", "rule", "column"), BROKEN)
def test_a_broken_rule_is_counted_and_placed(change, rule, column):
    problems = check_table(rows({}, change, {}), table="costs")
    assert [(p.rule, p.column, p.rows, p.first_row) for p in problems] == [(rule, column, 1, 2)]
    assert "row 2" in problems[0].message


def test_a_good_table_has_no_problem():
    assert check_table(rows({}, {}), table="costs") == []


def test_a_key_twice_is_a_problem():
    problems = check_table(rows({}, {"child_id": "c0"}), table="costs")
    assert [(p.rule, p.rows, p.first_row) for p in problems] == [("key", 1, 2)]


def test_text_in_place_of_a_number_or_a_date_is_a_problem():
    frame = (
        rows({}).astype({"gbp_week": "str", "from": "str"}).assign(gbp_week="dear", **{"from": "31/12/2019"})
    )
    assert {(p.rule, p.column) for p in check_table(frame, table="costs")} >= {
        ("number", "gbp_week"),
        ("date", "from"),
    }


def test_a_code_outside_its_set_is_a_problem_that_lists_what_is_allowed():
    frame = pd.DataFrame({"child_id": ["a"], "birth_month": pd.to_datetime(["2008-05-01"]), "sex": ["X"]})
    (problem,) = check_table(frame, table="children")
    assert (problem.rule, problem.column) == ("allowed", "sex")
    assert "F, M, U" in problem.message


def test_no_message_holds_a_child():
    frame = rows({"child_id": "secret-child"}, {"child_id": "secret-child", "gbp_week": -5.0})
    assert all("secret-child" not in problem.message for problem in check_table(frame, table="costs"))


def test_a_missing_column_or_table_is_refused():
    with pytest.raises(InputError, match="costs: column gbp_week is missing"):
        check_table(rows({}).drop(columns="gbp_week"), table="costs")
    with pytest.raises(InputError, match=r"no table 'prices'\. Tables are: children"):
        get_table("prices")


@pytest.mark.parametrize("table", TABLES)
def test_conforming_gives_the_declared_columns_and_types_once_and_for_all(table):
    empty = TABLES[table].empty()
    once = conform(empty, table=table)
    pd.testing.assert_frame_equal(once, conform(once, table=table))
    assert once.columns.tolist() == TABLES[table].names
    assert check_table(once, table=table) == []


def test_conforming_keeps_categories_and_leaves_the_input_alone():
    frame = pd.DataFrame(
        {"child_id": pd.Categorical(["a", "b"]), "birth_month": ["2008-05-01"] * 2, "extra": [1, 2]}
    )
    before = frame.copy()
    made = conform(frame, table="children")
    assert isinstance(made["child_id"].dtype, pd.CategoricalDtype)
    assert str(made["birth_month"].dtype) == "datetime64[ns]"
    assert "extra" not in made
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("table", TABLES)
def test_every_declaration_is_complete(table):
    declared = TABLES[table]
    assert set(declared.key) <= set(declared.names)
    assert len(set(declared.names)) == len(declared.names)
    for column in declared.columns:
        assert column.description.endswith("."), column.name
        assert declared.column(column.name) is column
        assert column.low is None or column.high is None or column.low < column.high


def test_the_dictionary_names_every_table_and_column():
    text = dictionary()
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        assert all(f"| `{name}` |" in text for name in table.names)


def test_columns_are_read_as_floats_or_refused_in_words():
    frame = pd.DataFrame(
        {"cost": [10.0, None], "word": ["dear", None], "far": [float("inf"), 1.0], "back": [-1.0, 2]}
    )
    assert number_column(frame, "cost").tolist()[0] == 10.0
    with pytest.raises(InputError, match=r"'need' is missing\. Columns found: cost, word"):
        require_columns(frame, "need")
    with pytest.raises(InputError, match="1 values are not numbers"):
        number_column(frame, "word")
    with pytest.raises(InputError, match="infinite"):
        number_column(frame, "far")
    with pytest.raises(InputError, match="1 costs lie below £0"):
        cost_column(frame, "back")
