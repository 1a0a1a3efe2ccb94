"""Unit tests of placements as spells: drawn episodes beside the placements they must become."""

from __future__ import annotations

import pandas as pd
import pytest

from vcanalysis.core.codes import placement_type
from vcanalysis.core.paths import data_file
from vcanalysis.intake import linking, stays
from vcanalysis.intake.opening import open_council

COLUMNS = ["child_id", "decom", "dec", "rne", "place", "rec", "reason_place_change", "home_id", "ls"]
EPISODES = """
    carer    2018-01-01 2018-03-01 S U3 X1  -     h1 C2
    carer    2018-03-01 2018-04-01 L U3 X1  -     h1 V2
    carer    2018-04-01 2018-04-10 P T1 X1  OTHER -  C2
    carer    2018-04-10 2018-09-01 P U3 X1  PLACE h1 C2
    carer    2018-09-01 2019-02-01 T U1 X1  CREQB h1 C2
    carer    2019-02-01 -          P K2 -   -     h2 C2
    down     2018-01-01 2018-06-01 S K2 X1  CARPL h2 C2
    down     2018-06-01 2018-08-01 P U6 X1  CARPL h3 C2
    down     2018-08-01 2018-09-01 P P1 X1  OTHER -  C2
    down     2018-09-01 2018-10-01 P U6 E4A -     h3 C2
    down     2018-12-01 2018-12-20 S U6 X1  LAREQ h3 C2
    down     2018-12-20 2019-01-05 P U6 E3  -     h4 C2
    fail     2018-01-01 2018-06-01 S K2 X1  CREQB h2 C2
    fail     2018-06-01 2018-07-01 P U6 X1  CARPL h3 C2
    fail     2018-07-01 2019-05-15 P H5 E8  -     h6 C2
    breaks   2018-01-01 2018-01-03 S U6 E8  -     h3 V4
    before   2014-01-01 2017-12-31 S U6 X1  CARPL h3 C2
    before   2017-12-31 2020-06-01 P U6 E11 -     h5 C2
"""
ENDED = """
    carer  2018-01-01 2019-02-01 breakdown
    carer  2019-02-01 -          -
    down   2018-01-01 2018-06-01 step-down
    down   2018-06-01 2018-08-01 home
    down   2018-08-01 2018-09-01 other
    down   2018-09-01 2018-10-01 home
    down   2018-12-01 2018-12-20 other
    down   2018-12-20 2019-01-05 other
    fail   2018-01-01 2018-06-01 breakdown
    fail   2018-06-01 2018-07-01 planned-move
    fail   2018-07-01 2019-05-15 18th-birthday
    before 2017-12-31 -          -
"""


def table(text, columns):
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=columns).replace("-", None)
    for name in ("decom", "dec", "start", "end"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return frame


@pytest.fixture(scope="module")
def spells():
    rows = table(EPISODES, COLUMNS).assign(place_provider="PR1", provider_id="p", distance_miles=1.0)
    episodes = linking.episodes_in_care(rows)
    episodes["placement_type"] = placement_type(episodes["place"], episodes["place_provider"])
    children = pd.DataFrame(
        {"child_id": ["carer", "down", "fail", "before"], "birth_month": pd.to_datetime(["2010-06-01"] * 4)}
    )
    children.loc[children["child_id"] == "fail", "birth_month"] = pd.Timestamp("2001-05-01")
    about = dict.fromkeys(("sex", "ethnicity", "uasc", "disability", "sibling_group"))
    start, end = pd.Timestamp("2018-01-01"), pd.Timestamp("2020-01-01")
    return stays.placement_spells(episodes, children.assign(**about), start=start, end=end)


def test_episodes_become_placements_and_say_how_they_ended(spells):
    expected = table(ENDED, ["child_id", "start", "end", "end_kind"])
    found = spells.set_index(["child_id", "start"]).sort_index()
    expected = expected.set_index(["child_id", "start"]).sort_index()
    assert found.index.tolist() == expected.index.tolist()
    assert found["end"].tolist() == expected["end"].tolist()
    kinds = found["end_kind"].astype("str").where(found["end_kind"].notna(), "")
    assert (
        kinds.tolist()
        == expected["end_kind"].fillna("").str.replace("-", " ").str.replace("step ", "step-").tolist()
    )


def test_a_placement_under_way_counts_from_the_start_of_the_window(spells):
    late = spells[spells["child_id"] == "before"].iloc[0]
    assert (late["entry_days"], late["exit_days"]) == (1, 731)
    assert (late["care_entry_days"], late["care_exit_days"]) == (1461, 2191)
    assert late["order"] == 2


def test_placements_are_numbered_within_a_period_in_care(spells):
    down = spells[spells["child_id"] == "down"].sort_values("start")
    assert down["order"].tolist() == [1, 2, 3, 4, 1, 2]


def test_need_counts_from_the_day_it_is_known():
    rows = pd.DataFrame(
        {
            "child_id": list("abcd"),
            "start": pd.to_datetime(["2018-01-01"] * 4),
            "entry_days": [0, 0, 100, 0],
            "exit_days": [300, 300, 300, 20],
        }
    )
    ratings = pd.DataFrame(
        {
            "child_id": ["a", "b", "b", "c", "c", "d"],
            "date": pd.to_datetime(
                ["2017-12-01", "2016-01-01", "2018-02-20", "2018-03-01", "2018-08-01", "2018-05-01"]
            ),
            "need_total": [3.0, 9.0, 4.0, 5.0, 8.0, 7.0],
            "second_rating": False,
        }
    )
    found = stays.with_needs(rows, ratings, ["need_total"], within_days=365)
    assert found["need_total"].fillna(-1).tolist() == [3, 4, 5, -1]
    assert found["known_days"].fillna(-1).tolist() == [0, 50, 100, -1]


def test_unmet_need_adds_the_levels_beyond_what_the_household_can_meet():
    rows = pd.DataFrame({"home_id": ["h1", "h9", "h1"], "x": [3.0, 3.0, None], "y": [0.0, 1.0, None]})
    carers = pd.DataFrame({"household_id": "h1", "domain": ["x", "y"], "capability": [1, 2]})
    found = stays.with_match(rows, carers, ("x", "y"))["unmet_need"]
    assert found.fillna(-1).tolist() == [2, -1, -1]
    assert stays.with_match(rows, carers.head(0), ("x", "y"))["unmet_need"].isna().all()


def test_the_demo_council_gives_every_day_of_care_once():
    council = open_council(data_file("demo"))
    spells = council.placement_spells()
    weeks = council.child_weeks(council.start, council.end)
    assert (spells["exit_days"] - spells["entry_days"]).sum() == weeks["days"].sum()
    assert (spells["known_days"].dropna() >= spells["entry_days"][spells["known_days"].notna()]).all()
    snapshot = council.snapshot("2019-06-30")
    lasts = spells["end"].isna() | (spells["end"] > "2019-06-30")
    assert ((spells["start"] <= "2019-06-30") & lasts).sum() == len(snapshot)
