"""Unit and direction tests of the comparison of councils: it agrees with notebook 14 and claims no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import productivity as prod
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import home
from vcanalysis.intake.panel import open_panel
from vcanalysis.output import explore
from vcanalysis.output.explore.councils import INDEX
from vcanalysis.output.explore.index import index_of


@pytest.fixture(scope="module")
def panel():
    return open_panel()


@pytest.fixture(scope="module")
def councils(panel):
    return explore.compare_councils(panel)


@pytest.fixture(scope="module")
def found(panel):
    return index_of(panel)


def three(*means):
    """As many councils as means, each drawn with the spread 1 around its mean."""
    draws = np.random.default_rng(1).normal(0, 1, (4000, len(means))) + np.array(means)
    ranks = prod.rank_intervals(draws)
    units = [chr(ord("A") + i) for i in range(len(means))]
    kept = {name: ranks[name] for name in ("rank", "rank_low", "rank_high")}
    return prod.Standings(pd.DataFrame({"unit": units, **kept}), draws, 0.95)


def test_only_those_far_apart_can_be_told_apart():
    rows = three(0.0, 0.5, 9.0, -9.0).beside("A", ["B", "C", "D"]).set_index("unit")["says"]
    assert rows.to_dict() == {"C": "does better", "B": "cannot be told apart", "A": "", "D": "does worse"}


def test_a_rank_is_said_as_an_interval_and_a_council_without_one_has_none():
    found = three(0.0, 9.0, -9.0)
    assert [found.rank_words(unit) for unit in "BACX"] == ["1 to 1 of 3", "2 to 2 of 3", "3 to 3 of 3", "–"]
    with pytest.raises(InputError, match="Choose another measure"):
        found.beside("X", ["A"])


def test_the_index_is_that_of_notebook_14(panel, found):
    """The sentence that the stored notebook prints, to the last digit."""
    names = panel.frame.drop_duplicates("council_code").set_index("council_code")["council"]
    said = prod.productivity_sentence(found, names)
    book = (home() / "notebooks" / "14_who_gets_most_value.ipynb").read_text(encoding="utf-8")
    assert said in json.dumps(json.loads(book), ensure_ascii=False)


def test_it_opens_at_the_council_of_middle_rank_and_says_its_page(councils, panel, found):
    codes = panel.frame.drop_duplicates("council").set_index("council")["council_code"]
    unit = codes[councils.state["council"]]
    alike = panel.neighbours.query("council_code == @unit")["neighbour_code"].tolist()
    page = prod.council_page(found, unit=unit, neighbours=alike)
    assert page.sentence() in councils.view.sentence()
    assert "cannot be told apart" in councils.view.headline
    assert "Synthetic panel" in councils.view.sentence()


def test_every_council_of_the_panel_can_be_chosen(councils, panel):
    assert set(councils.controls["council"].options) == set(panel.frame["council"])
    last = councils.controls["council"].options[-1]
    assert councils.set(council=last).view.headline.startswith(f"{last} ranks anywhere from")
    assert councils.reset().view.png().startswith(b"\x89PNG")


def test_each_measure_has_its_own_ranks_and_fewer_neighbours_make_fewer_rows(councils):
    of_all = councils.reset().view.headline
    assert councils.set(measure="mental health (SDQ)").view.headline != of_all
    drawn = councils.set(neighbours=4).view.ax.get_yticklabels()
    assert len(drawn) == 5
    assert [label.get_fontweight() for label in drawn].count("bold") == 1
    councils.reset()


def test_marks_differ_in_shape_and_the_table_holds_what_the_picture_shows(councils):
    view = councils.reset().view
    assert {line.get_marker() for line in view.ax.lines} == {"o", "s", "^"}
    low, high = re.search(r"from (\d+) to (\d+) of 150", view.headline).groups()
    assert view.frame().loc[INDEX, "rank (95% interval)"] == f"{low} to {high} of 150"


def test_a_council_that_cannot_be_counted_says_why(panel):
    poor = panel.frame.copy()
    poor.loc[poor["council_code"] == "E99000007", "looked_after_gbp_child_week"] = np.nan
    explored = explore.compare_councils(replace(panel, frame=poor), council="Council 007")
    assert explored.view.headline.startswith("Council 007 cannot be compared in this")
    assert explored.view.frame().iloc[0, 0] == "not estimable"


def test_a_panel_without_neighbours_says_so(panel):
    explored = explore.compare_councils(replace(panel, neighbours=panel.neighbours.iloc[:0]))
    assert "no neighbour of it is in these data" in explored.view.headline


def test_a_misspelt_council_is_told_the_nearest(panel):
    with pytest.raises(InputError, match="Did you mean 'Council 007'"):
        explore.compare_councils(panel, council="Counsil 007")
