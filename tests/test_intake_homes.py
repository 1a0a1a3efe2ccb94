"""Unit and property tests of children in homes as the question of a family needs them, on the demo council."""

from __future__ import annotations

import pandas as pd
import pytest

from vcanalysis.core.paths import data_file
from vcanalysis.intake import homes
from vcanalysis.intake.opening import open_council


@pytest.fixture(scope="module")
def council():
    return open_council(data_file("demo"))


@pytest.fixture(scope="module")
def half_years(council):
    return homes.over_half_years(council, council.last_day)


def test_the_last_day_is_the_snapshot_and_the_days_before_lie_half_years_apart(council, half_years):
    days = sorted(half_years["on"].unique())
    assert days[-1] == council.last_day
    assert set(pd.Series(days).diff().dropna().dt.days) == {183}
    last = half_years[half_years["on"].eq(council.last_day)]
    pd.testing.assert_series_equal(
        last["child_id"].reset_index(drop=True), council.snapshot(council.last_day)["child_id"]
    )
    assert half_years.index.is_unique


def test_a_family_is_fostering_and_a_home_a_home(half_years):
    kinds = half_years.groupby("placement_type", observed=True)["family"]
    assert kinds.first().dropna().to_dict() == {
        "Kinship fostering": 1.0,
        "In-house fostering": 1.0,
        "Agency fostering": 1.0,
        "Residential home": 0.0,
    }
    assert half_years.loc[half_years["ethnicity"].isin(["REFU", "NOBT"]), "ethnic_group"].isna().all()


def test_the_rating_at_entry_lies_before_the_placement_and_within_a_year(council, half_years):
    at = half_years[half_years["on"].eq(council.last_day) & half_years["family"].eq(0)]
    found = homes.with_entry(council, at)
    assert found.index.equals(at.index)
    waits = (found["placement_start"] - found["need_date_entry"]).dt.days.dropna()
    assert len(waits)
    assert waits.between(0, 365).all()
    assert found["rater_id"].notna().equals(found["need_date"].notna())
    domains = [f"{name}_entry" for name in council.framework.domains]
    assert found.loc[found["need_date_entry"].isna(), domains].isna().all().all()


def test_a_child_who_lives_in_a_home_has_not_left_and_one_who_moved_has(council):
    table = council.tables["stepdown"]
    left = homes.left_homes(council, table["child_id"], until=council.end)
    at = council.snapshot(council.last_day).set_index("child_id")["placement_type"].astype("str")
    at_home = table["child_id"].map(at.to_dict()).eq("Residential home")
    assert left[at_home].isna().all()
    moved = table["move"].notna() & ~at_home
    assert moved.any()
    assert left[moved].notna().all()
