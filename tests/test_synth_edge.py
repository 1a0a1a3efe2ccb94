"""Back-tests: cases on the edge of care agree with the children in care, and hold what was planted."""

from __future__ import annotations

import numpy as np
import pytest

from vcanalysis.core.schema import check_table
from vcanalysis.intake.synth import SynthSettings, synthesise
from vcanalysis.intake.synth.edge import FADES, hazard_days

LARGE = SynthSettings(children=6000, seed=3)


@pytest.fixture(scope="module")
def council():
    return synthesise(LARGE)


@pytest.fixture(scope="module")
def cases(council):
    return council.tables["edge"]


def test_the_table_is_as_declared(cases):
    assert check_table(cases, table="edge") == []
    assert abs(len(cases) / (2 * LARGE.children) - 1) < 0.02
    assert (cases["closed"].isna() | (cases["closed"] >= cases["opened"])).all()
    assert (cases["birth_month"] <= cases["opened"]).all()


def test_whoever_entered_care_has_an_episode_from_that_day(council, cases):
    entered = cases.dropna(subset=["entered_care"])
    starts = council.tables["placements"][["child_id", "decom"]]
    both = entered.merge(starts, left_on=["child_id", "entered_care"], right_on=["child_id", "decom"])
    assert len(both) == len(entered) > 500
    others = cases.loc[cases["entered_care"].isna(), "child_id"]
    assert not others.isin(council.tables["children"]["child_id"]).any()


def test_support_starts_at_home_and_ends_by_the_day_of_entry(cases):
    given = cases.dropna(subset=["intervention"])
    assert (given["intervention_from"] > given["opened"]).all()
    known = given.dropna(subset=["entered_care"])
    assert (known["entered_care"] >= known["intervention_from"]).all()
    assert given["need_total"].mean() > cases["need_total"].mean() + 0.5  # need comes first: it confounds


def test_the_hazard_fades_as_said():
    days = np.array([0.0, 90.0, 180.0, 730.0, 5000.0])
    assert hazard_days(days).tolist() == [0, 135, 225, 555, 555]
    assert FADES[-1][1] == 0


def test_of_two_alike_councils_support_averts_entries_only_where_it_is_planted():
    with_, without = (synthesise(LARGE.with_(edge_hazard_ratio=ratio)) for ratio in (0.3, 1.0))
    entries = [
        one.tables["edge"].dropna(subset=["intervention"])["entered_care"].notna().mean()
        for one in (with_, without)
    ]
    assert entries[0] < entries[1]
    assert without.truth["edge"]["entries_averted_in_a_year"] == 0
    assert with_.truth["edge"]["entries_averted_in_a_year"] > 50


def test_a_new_table_leaves_those_before_it_as_they_are(root):
    council = synthesise(SynthSettings(children=60, years=2, seed=5))
    other = synthesise(
        SynthSettings(children=60, years=2, seed=5, edge_hazard_ratio=0.1, edge_entry_per_year=2.0)
    )
    for name in council.tables:
        if name != "edge":
            assert council.tables[name].equals(other.tables[name])


@pytest.mark.parametrize("children", [1, 3, 20])
def test_small_councils_have_small_tables(children):
    made = synthesise(SynthSettings(children=children, years=1, seed=children)).tables["edge"]
    assert len(made) <= 2 * children
