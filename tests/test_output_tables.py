"""Property tests of protected tables: judged by the attacker, which shares no code with what hides the cells."""

from __future__ import annotations

from dataclasses import replace

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
from vcanalysis.output.disclosure.linked import protect
from vcanalysis.output.disclosure.register import release_of
from vcanalysis.output.records import Record, Results


def two_way(rows):
    frame = pd.DataFrame(rows).rename_axis("row").reset_index()
    return frame.melt("row", var_name="column", value_name="children").astype({"row": str, "column": str})


def made_of(counts, *, by, **options):
    """Make one table safe."""
    return protect([(counts, by)], **options)[0]


def judged(made):
    return attack([made.seen()], watch=made.primary, width=made.policy.width)


@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None)
def test_no_small_count_can_be_known_within_ten(rows):
    made = made_of(two_way(rows), by=["row", "column"])
    shown = made.frame["children"].dropna()
    assert ((shown % 5 == 0) & ((shown >= 10) | (shown == 0))).all()
    assert (made.frame["mark"].eq("[c]") == made.frame["children"].isna()).all()
    if made.frame["children"].isna().all():  # too few children for any table
        return
    assert (judged(made)["width"] >= 10).all()


def test_every_total_is_rounded_by_itself():
    made = made_of(two_way([[11, 12, 13], [21, 22, 28]]), by=["row", "column"])
    assert made.frame["children"].iloc[-1] == 105
    assert made.frame["children"].iloc[3] == 35


def test_totals_of_hidden_cells_stay_within_one_per_cent_of_the_truth():
    table = draw_table((8, 5), 1500, 1)
    made = made_of(table, by=["placement", "age"] if "age" in table else ["council", "placement"])
    assert abs(made.frame["children"].iloc[-1] / 1500 - 1) <= 0.01
    assert made.hidden_share > 0


def test_a_line_whose_children_are_all_in_one_cell_is_not_shown():
    made = made_of(two_way([[40, 0, 0], [30, 25, 60], [45, 35, 20]]), by=["row", "column"])
    row = made.frame[(made.frame["row"] == "0") & (made.frame["column"] != "All")]
    assert row["children"].isna().sum() >= 2
    shown = made_of(two_way([[40, 0, 0], [30, 25, 60]]), by=["row", "column"], policy=policy("dfe"))
    assert shown.hidden_share == 0


def test_the_profile_of_the_department_shows_exact_counts_and_hides_one_to_five():
    made = made_of(
        two_way([[3, 14, 26], [8, 31, 44], [12, 17, 9]]),
        by=["row", "column"],
        policy=policy("dfe"),
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
    plain = made_of(counts, by=["age", "home"])
    made = made_of(counts, by=["age", "home"], ordered=["age"], merge=True)
    assert plain.hidden_share > 0.2 >= made.hidden_share
    assert "Under 5" in made.merged["age"]
    assert (judged(made)["width"] >= 10).all()


@pytest.mark.parametrize(("shape", "children"), [((5, 8, 5), 2500), ((40, 8), 4000)])
def test_larger_tables_are_safe_and_near_the_fewest_cells(shape, children):
    made = made_of(draw_table(shape, children, 1), by=["council", "placement", "age"][: len(shape)])
    assert (judged(made)["width"] >= 10).all()
    assert made.above <= 0.1


def test_the_same_cells_are_hidden_whatever_the_order_of_the_rows():
    table = draw_table((8, 5), 800, 3)
    by = ["council", "placement"]
    one = made_of(table, by=by).frame.set_index(by)["children"]
    other = made_of(table.sort_values("children"), by=by).frame.set_index(by)["children"]
    pd.testing.assert_series_equal(one.sort_index(), other.sort_index())


@pytest.mark.parametrize("wrong", [-1, 2.5, "few"])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(InputError, match="whole numbers"):
        made_of(pd.DataFrame({"home": ["a"], "children": [wrong]}), by=["home"])


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


AGES = ("Under 2", "2 to 4", "5 to 7", "8 to 9", "10 to 12", "13 to 14", "15", "16 and over")


def cells(families, homes):
    """Draw two tables of the same children up: by age and home, and by sex and home."""
    of_age = {(a, h): n for h, part in zip(("a family", "a home"), (families, homes), strict=True)
              for a, n in zip(AGES, part, strict=True)}  # fmt: skip
    of_sex = {(s, h): round(share * sum(part)) for h, part in (("a family", families), ("a home", homes))
              for s, share in (("girls", 0.5), ("boys", 0.5))}  # fmt: skip
    return Results(
        tuple(
            Record(f"t.{by}_{number}", "Q?", "Children", n, unit="children", n=n, kind="count", family="t",
                   group=f"{by}: {key[0]}; home: {key[1]}", period="2019Q4")
            for by, table in (("age", of_age), ("sex", of_sex))
            for number, (key, n) in enumerate(table.items())
        )
    )  # fmt: skip


FAMILIES, HOMES = (22, 41, 36, 28, 52, 46, 24, 31), (14, 16, 12, 4, 25, 22, 18, 27)


def test_tables_of_a_release_are_made_safe_together_by_the_door():
    raw = cells(FAMILIES, HOMES)
    shown, verdict = gate(raw)
    values = [r.value for r in shown if r.status == "published"]
    assert all(v % 5 == 0 and v >= 10 for v in values)
    assert (verdict.published, verdict.hidden) == (len(values), 4)
    found = judge(raw, shown)
    assert found["cell"].tolist() == ["age 8 to 9, home a home, table 1"]
    assert (found["width"] >= 10).all()


def test_ages_of_a_table_become_broader_rather_than_hidden():
    raw = cells(FAMILIES, (4, 16, 3, 4, 25, 5, 18, 7))
    shown, _ = gate(raw)
    assert {r.group for r in shown} >= {"age: Under 10; home: a home", "age: 15 and over; home: a home"}
    assert sum(r.status == "suppressed" for r in shown) <= 0.2 * len(shown)
    assert sum(r.group.startswith("sex") for r in shown) == 6


def test_a_count_that_gives_a_hidden_cell_away_is_hidden_with_it():
    raw = cells(FAMILIES, HOMES)
    assert gate(raw)[0]["t.age_8_to_9_home_a_family"].status == "suppressed"
    told = {"unit": "children", "n": 28, "kind": "count", "period": "2019Q4"}
    assert gate([*raw, Record("other.count", "Q?", "The same", 28, **told)])[0]["other.count"].value is None


def test_the_judge_finds_a_cell_hidden_alone():
    raw, exact = cells(FAMILIES, HOMES), policy("dfe")
    shown = [r if r.value >= 10 else replace(r, value=None, status="suppressed") for r in raw]
    total = replace(raw.records[0], id="t.total", value=138.0, group="home: a home")
    assert (judge(raw, Results((*shown, total)), exact)["width"] == 0).all()
    assert (judge(raw, gate(raw, exact)[0], exact)["width"] >= exact.width).all()


def test_the_register_knows_how_many_children_a_broader_cell_counts():
    raw = cells(FAMILIES, (4, 16, 3, 4, 25, 5, 18, 7))
    entered = release_of(raw, gate(raw)[0], quarter="2019Q4", run="r", policy="strict", digest="d").figures
    assert entered["t.age_under_10_home_a_home of 2019Q4"][:3] == [27.0, 27.0, 25.0]


def test_a_table_an_earlier_report_shows_a_child_apart_is_not_shown_at_all():
    raw = cells(FAMILIES, HOMES)
    apart = frozenset({"t.age_2_to_4_home_a_family"})
    shown, verdict = gate(
        [*raw, Record("in.care", "Q?", "All", 418, unit="children", n=418, kind="count")], withheld=apart
    )
    assert verdict.published == 1
    assert {r.status for r in shown.of("t")} == {"suppressed"}
    broader = cells(
        FAMILIES, (4, 16, 3, 4, 25, 5, 18, 7)
    )  # of bands put together, by the name they are shown by
    assert gate(broader, withheld=frozenset({"t.age_under_10_home_a_home"}))[1].published == 0


@pytest.mark.parametrize("one", [1, 4, 15])
def test_a_nought_beside_the_one_cell_that_holds_all_of_a_line_is_hidden_too(one):
    """Found with a council of few: one child was hidden, the nought that tells where it lives was not."""
    rows = {
        "young": {"foster": 7, "home": 3, "kin": 6},
        "old": {"foster": one, "home": 0, "kin": 0},
        "middle": {"foster": 30, "home": 25, "kin": 21},
    }
    counts = (
        pd.DataFrame(rows)
        .T.rename_axis("age")
        .reset_index()
        .melt("age", var_name="place", value_name="children")
    )
    made = made_of(counts, by=["age", "place"], count="children", policy=policy("strict"), merge=False)
    line = made.frame[(made.frame["age"] == "old") & (made.frame["place"] != "All")]
    assert line["children"].isna().all()
    assert (judged(made)["width"] >= 10).all()
