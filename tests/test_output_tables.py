"""Property tests of protected tables: judged by the attacker, which shares no code with what hides the cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn_tables import draw_table
from vcanalysis.core.errors import InputError
from vcanalysis.output.disclosure import policy
from vcanalysis.output.disclosure.attack import attack
from vcanalysis.output.disclosure.gate import gate
from vcanalysis.output.disclosure.judge import judge
from vcanalysis.output.disclosure.tables import protect
from vcanalysis.output.records import Record, Results


def two_way(rows):
    frame = pd.DataFrame(rows).rename_axis("row").reset_index()
    return frame.melt("row", var_name="column", value_name="children").astype({"row": str, "column": str})


def judged(made):
    return attack([made.seen()], watch=made.primary, width=made.policy.width)


@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None)
def test_no_small_count_can_be_known_within_ten(rows):
    made = protect(two_way(rows), by=["row", "column"], merge=False)
    shown = made.frame["children"].dropna()
    assert ((shown % 5 == 0) & ((shown >= 10) | (shown == 0))).all()
    assert (made.frame["mark"].eq("[c]") == made.frame["children"].isna()).all()
    if made.frame["children"].isna().all():  # too few children for any table
        return
    assert (judged(made)["width"] >= 10).all()


def test_a_total_is_the_sum_of_the_cells_shown():
    made = protect(two_way([[11, 12, 13], [21, 22, 28]]), by=["row", "column"])
    cells = made.frame[(made.frame["row"] != "All") & (made.frame["column"] != "All")]
    assert made.frame["children"].iloc[-1] == cells["children"].sum() == 105


def test_totals_of_hidden_cells_stay_within_one_per_cent_of_the_truth():
    table = draw_table((8, 5), 1500, 1)
    made = protect(
        table, by=["placement", "age"] if "age" in table else ["council", "placement"], merge=False
    )
    assert abs(made.frame["children"].iloc[-1] / 1500 - 1) <= 0.01
    assert made.hidden_share > 0


def test_a_line_whose_children_are_all_in_one_cell_is_not_shown():
    made = protect(two_way([[40, 0, 0], [30, 25, 60], [45, 35, 20]]), by=["row", "column"], merge=False)
    row = made.frame[(made.frame["row"] == "0") & (made.frame["column"] != "All")]
    assert row["children"].isna().sum() >= 2
    shown = protect(
        two_way([[40, 0, 0], [30, 25, 60]]), by=["row", "column"], policy=policy("dfe"), merge=False
    )
    assert shown.hidden_share == 0


def test_the_profile_of_the_department_shows_exact_counts_and_hides_one_to_five():
    made = protect(
        two_way([[3, 14, 26], [8, 31, 44], [12, 17, 9]]),
        by=["row", "column"],
        policy=policy("dfe"),
        merge=False,
    )
    first = made.frame[(made.frame["row"] == "0") & (made.frame["column"] == "0")]
    assert first["mark"].tolist() == ["[c]"]
    assert made.frame["children"].iloc[-1] == 164
    assert (judged(made)["width"] >= 6).all()


def test_bands_are_made_coarser_instead_of_a_page_of_hidden_cells():
    counts = pd.DataFrame(
        {
            "age": ["Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"] * 3,
            "home": np.repeat(["foster", "residential", "kin"], 5),
            "children": [4, 21, 40, 80, 50, 0, 1, 2, 30, 26, 3, 15, 22, 31, 12],
        }
    )
    plain = protect(counts, by=["age", "home"], merge=False)
    made = protect(counts, by=["age", "home"], ordered=["age"])
    assert plain.hidden_share > 0.2 >= made.hidden_share
    assert "Under 5" in made.merged["age"]
    assert (judged(made)["width"] >= 10).all()


@pytest.mark.parametrize(("shape", "children"), [((5, 8, 5), 2500), ((40, 8), 4000)])
def test_larger_tables_are_safe_and_near_the_fewest_cells(shape, children):
    made = protect(
        draw_table(shape, children, 1), by=["council", "placement", "age"][: len(shape)], merge=False
    )
    assert (judged(made)["width"] >= 10).all()
    assert made.above <= 0.1


def test_the_same_cells_are_hidden_whatever_the_order_of_the_rows():
    table = draw_table((8, 5), 800, 3)
    by = ["council", "placement"]
    one = protect(table, by=by).frame.set_index(by)["children"]
    other = protect(table.sort_values("children"), by=by).frame.set_index(by)["children"]
    pd.testing.assert_series_equal(one.sort_index(), other.sort_index())


@pytest.mark.parametrize("wrong", [-1, 2.5, "few"])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(InputError, match="whole numbers"):
        protect(pd.DataFrame({"home": ["a"], "children": [wrong]}), by=["home"])


def test_the_judge_gives_each_line_its_own_total():
    # two lines of a release with totals far apart: with one total for both no counts could lie behind them
    cells = {"mix": {"a": 300, "b": 40, "c": 4}, "plan": {"d": 20, "e": 4, "f": 3}}
    raw = Results(
        tuple(
            Record(f"{line}.{k}", "Q?", "Children", v / sum(part.values()), unit="share", n=sum(part.values()),
                   kind="count", group=k, family=line)
            for line, part in cells.items() for k, v in part.items()
        )
    )  # fmt: skip
    found = judge(raw, gate(raw)[0])
    assert (found["width"] >= 10).all()
    assert set(found["cell"]) == {
        f"line {n}, record {r}" for n, r in ((1, "mix.c"), (2, "plan.e"), (2, "plan.f"))
    }
