"""Reference tests of the attacker, by hand arithmetic: it finds what can be found, and no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vcanalysis.output.disclosure.attack import Seen, attack
from vcanalysis.output.disclosure.inverse import numerators, one_more
from vcanalysis.output.disclosure.rounding import pounds, pounds_step


def drawn(text, by, base=1):
    """Read a drawn table: hidden cells are a dot."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=[*by, "children"])
    return Seen(frame.assign(children=pd.to_numeric(frame["children"], errors="coerce")), tuple(by), base)


def ranges(*tables, **given):
    found = attack(tables, width=1e6, **given)
    return {row.cell: (row.low, row.high) for row in found.itertuples()}


def test_a_single_hidden_cell_is_the_total_less_the_others():
    assert ranges(drawn("a 20 \n b . \n All 24", ["home"])) == {"home b": (4, 4)}


def test_two_hidden_cells_of_one_line_share_what_is_left():
    found = ranges(drawn("a 20 \n b . \n c . \n All 34", ["home"]))
    assert found == {"home b": (0, 14), "home c": (0, 14)}


SQUARE = """
f 1 .
f 2 .
f All 30
m 1 .
m 2 .
m All 12
All 1 20
All 2 22
All All 42
"""


def test_margins_of_two_ways_narrow_a_square():
    # f1 + f2 = 30, m1 + m2 = 12, f1 + m1 = 20: m1 lies in 0 to 12, so f1 in 8 to 20
    assert ranges(drawn(SQUARE, ["sex", "band"]))["band 1, sex f"] == (8, 20)


def test_a_linked_table_narrows_what_one_alone_leaves_open():
    sex = drawn(SQUARE, ["sex", "band"])
    other = drawn("f 1 18 \n m 1 .", ["sex", "band"])
    assert ranges(sex, other)["band 1, sex m"] == (2, 2)


def test_rounded_cells_and_totals_leave_the_rounding_open():
    # a is 18 to 22 and all are 23 to 27
    assert ranges(drawn("a 20 \n b . \n All 25", ["home"], base=5)) == {"home b": (1, 9)}


def test_exact_totals_from_elsewhere_narrow_a_rounded_table():
    rounded = drawn("a 20 \n b . \n All 25", ["home"], base=5)
    exact = drawn("a 19 \n All 25", ["home"])
    assert ranges(rounded, exact)["home b"] == (6, 6)


def test_cells_wide_enough_are_proved_without_their_ends():
    found = attack([drawn("a . \n b . \n c 5 \n All 900", ["home"])], width=10)
    assert found["proved"].all()
    assert (found["width"] >= 10).all()


def test_time_that_runs_out_is_said_and_never_taken_for_safe():
    found = attack([drawn("a . \n b . \n All 4", ["home"])], width=10, seconds=0)
    assert not found["proved"].any()


def test_tables_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="contradict"):
        attack([drawn("a . \n b 20 \n All 4", ["home"])])


def test_whole_numbers_behind_a_share():
    assert numerators(0.5, 4, base=1) == [(2, 4)]
    found = numerators(0.14, 415)
    assert {m for _, m in found} == set(range(413, 418))
    assert all(abs(x / m - 0.14) <= 0.005 + 1e-9 for x, m in found)


@pytest.mark.parametrize("n", [10, 20, 60, 250])
@pytest.mark.parametrize("cost", [456.58, 1890.0, 7313.37])
def test_exact_means_give_a_child_to_the_penny_and_published_ones_leave_a_fifth_open(n, cost):
    before, after = np.full(n, 500.0), np.append(np.full(n, 500.0), cost)
    low, high = one_more((before.mean(), n), (after.mean(), n + 1), base=1)
    assert low == pytest.approx(cost, abs=0.005)
    assert high == pytest.approx(cost, abs=0.005)
    step = pounds_step(after.mean(), n, largest=cost)
    told = [pounds(v.mean(), n, largest=cost) for v in (before, after)]
    low, high = one_more((told[0], n), (told[1], n + 1), steps=(step, step), base=1)
    assert low <= cost <= high
    assert high - low >= 0.2 * cost
