"""Unit and property tests: a council folder opened, and what its tables say when linked in time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from drawn import drawn
from hypothesis import given
from hypothesis import strategies as st

from tests.drawn import save_council
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter
from vcanalysis.core.schema import TABLES, conform
from vcanalysis.intake.council import Council
from vcanalysis.intake.opening import open_council

META = {"name": "Anyshire", "data_from": "2018-04-01", "data_to": "2020-01-01", "framework": "vcw-default-12"}

CHILDREN = """
child_id birth_month sex
anna     2008-05-01  F
ben      2003-01-01  M
cara     2010-07-01  F
"""
# anna moves on 1 June 2019 and is in hospital for four days in October; ben leaves on 31 March 2019;
# cara is on short breaks only.
PLACEMENTS = """
child_id decom       dec         rne ls place place_provider
anna     2018-05-01  2019-06-01  S   C1 U4    PR1
anna     2019-06-01  2019-10-10  P   C1 K2    PR4
anna     2019-10-10  2019-10-14  P   C1 T1    -
anna     2019-10-14  -           P   C2 K2    PR4
ben      2018-05-01  2019-03-31  S   C1 U6    PR4
cara     2018-05-01  -           S   V4 U6    PR1
"""
COSTS = """
child_id from        to          gbp_week support_gbp_week price_year
anna     2018-05-01  2019-06-01  450      0                2018-19
anna     2019-06-01  2019-10-10  3500     140              2019-20
anna     2019-10-14  -           3600     0                2019-20
"""


def blanks(frame: pd.DataFrame) -> pd.DataFrame:
    """Make empty text missing."""
    text = frame.select_dtypes(["object", "string"]).columns
    return frame.assign(**{c: frame[c].where(frame[c].ne("")) for c in text})


@pytest.fixture
def council(tmp_path):
    tables = {
        "children": drawn(CHILDREN),
        "placements": blanks(drawn(PLACEMENTS)),
        "costs": blanks(drawn(COSTS)),
        "needs": _ratings(),
    }
    save_council(tmp_path / "anyshire", tables, META)
    return open_council(tmp_path / "anyshire")


def _ratings() -> pd.DataFrame:
    from vcanalysis.core.framework import load_framework

    domains = load_framework("vcw-default-12").domains
    parts = []
    for day, rater, level in (
        ("2018-09-01", "r1", 3),
        ("2019-09-01", "r1", 1),
        ("2019-09-08", "r2", 2),
        ("2019-12-31", "r1", 0),
    ):
        rows = pd.DataFrame(
            {"child_id": "anna", "date": pd.Timestamp(day), "rater_id": rater, "domain": domains}
        )
        parts.append(rows.assign(level=level, framework="vcw-default-12", context="review"))
    return pd.concat(parts)


def test_a_snapshot_counts_from_the_first_day_to_the_day_before_the_last(council):
    assert set(council.snapshot("2018-04-30")["child_id"]) == set()
    assert set(council.snapshot("2018-05-01")["child_id"]) == {"anna", "ben"}
    assert set(council.snapshot("2019-03-30")["child_id"]) == {"anna", "ben"}
    assert set(council.snapshot("2019-03-31")["child_id"]) == {"anna"}


@pytest.mark.parametrize(
    "day", ["01/02/2018", "2018", "2018-12", "2018-13-31", "2018Q4", Quarter(2018, 4), "soon", None]
)
def test_a_day_is_read_as_written_or_refused(council, day):
    with pytest.raises(InputError, match=r"no day\. Write year, month and day"):
        council.snapshot(day)
    with pytest.raises(InputError, match="no day"):
        council.child_weeks(day, "2018-12-31")


def test_a_period_that_ends_before_it_begins_is_refused(council):
    with pytest.raises(InputError, match="Give the first day, then the day after the last"):
        council.child_weeks("2018-12-31", "2018-10-01")


def test_short_breaks_are_no_part_of_the_children_in_care(council):
    assert "cara" not in set(council.snapshot("2019-01-01")["child_id"])
    assert "cara" not in set(council.child_weeks("2018-04-01", "2020-01-01")["child_id"])


def test_a_temporary_placement_keeps_the_kind_the_price_and_the_start_of_the_one_around_it(council):
    row = council.snapshot("2019-10-11").set_index("child_id").loc["anna"]
    assert row["place"] == "T1"
    assert row["placement_type"] == "Residential home"
    assert row["cost_gbp_week"] == 3640
    assert row["placement_start"] == pd.Timestamp("2019-06-01")
    after = council.snapshot("2019-10-20").set_index("child_id").loc["anna"]
    assert after["placement_start"] == pd.Timestamp("2019-06-01")
    assert after["care_start"] == pd.Timestamp("2018-05-01")
    assert after["cost_gbp_week"] == 3600


def test_the_latest_rating_by_the_first_rater_holds_and_only_while_it_is_fresh(council):
    row = council.snapshot("2019-12-30").set_index("child_id").loc["anna"]
    assert row["need_date"] == pd.Timestamp("2019-09-01")
    assert row["need_total"] == 12
    assert row["need_age_days"] == 120
    old = council.snapshot("2019-12-30", need_within_days=100).set_index("child_id").loc["anna"]
    assert pd.isna(old["need_total"])


def test_assessments_are_one_row_per_rating_and_double_ratings_come_in_pairs(council):
    assert len(council.assessments()) == 4
    assert len(council.assessments("2019-09-01", "2019-12-31")) == 2
    pairs = council.double_ratings()
    assert pairs["rater_id"].tolist() == ["r1", "r2"]
    assert pairs["need_total"].tolist() == [12, 24]


def test_a_change_of_legal_status_does_not_cut_a_child_week(council):
    weeks = council.child_weeks("2018-04-01", "2020-01-01")
    anna = weeks.loc[weeks["child_id"] == "anna"]
    assert anna["placement_type"].tolist() == ["In-house fostering", "Residential home", "Residential home"]
    assert anna["gbp_week"].tolist() == [450, 3640, 3600]
    assert anna["days"].sum() == (pd.Timestamp("2020-01-01") - pd.Timestamp("2018-05-01")).days


def test_the_last_quarter_is_the_last_the_data_cover_whole(council):
    assert str(council.last_quarter()) == "2019Q4"


def test_a_folder_is_read_alike_from_parquet_and_csv(council, tmp_path):
    other = tmp_path / "csv"
    other.mkdir()
    (other / "council.toml").write_text((council.path / "council.toml").read_text())
    for name, frame in council.tables.items():
        if len(frame):
            frame.to_csv(other / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    again = open_council(other)
    for name, frame in council.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame, check_dtype=False)


def test_the_same_tables_give_the_same_bytes(council, tmp_path):
    save_council(tmp_path / "again", council.tables, META)
    for file in council.path.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: (p / "council.toml").unlink(), "no council folder: it holds no council.toml"),
        (lambda p: (p / "placements.parquet").unlink(), "the table placements is missing"),
        (lambda p: (p / "children.parquet").write_bytes(b"PAR1 no"), "children.parquet cannot be read"),
        (lambda p: (p / "council.toml").write_text("name = "), "cannot be read as TOML"),
        (lambda p: (p / "council.toml").write_text('data_to = "1.1.2020"'), "Write a date as yyyy-mm-dd"),
        (
            lambda p: (p / "costs.csv").write_text("child_id,from,gbp_week,price_year\n"),
            "both as Parquet and as CSV",
        ),
    ],
)
def test_a_spoilt_folder_gives_one_clear_line(council, spoil, message):
    spoil(council.path)
    with pytest.raises(InputError, match=message) as error:
        open_council(council.path)
    assert "\n" not in str(error.value)


def test_an_empty_table_that_is_needed_is_refused(council):
    (council.path / "children.parquet").unlink()
    (council.path / "children.csv").write_text("child_id,birth_month\n")
    with pytest.raises(InputError, match="the table children is empty"):
        open_council(council.path)


def test_an_unknown_code_is_refused_without_showing_the_child(council):
    rows = council.tables["placements"].assign(place="XX")
    save_council(council.path, {**council.tables, "placements": rows}, META)
    with pytest.raises(InputError, match="table placements, column place: 6 rows hold a code") as error:
        open_council(council.path)
    assert "anna" not in str(error.value)


def test_a_day_outside_the_data_is_refused(council):
    with pytest.raises(InputError, match="run from 01/04/2018 to 31/12/2019"):
        council.snapshot("2020-01-01")


def test_a_folder_that_is_no_council_is_never_written_over(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds a file of another name \(\.txt\), which is no part"):
        save_council(tmp_path, {}, META)
    assert (tmp_path / "letters.txt").read_text() == "mine"


_FIRST = dt.date(2019, 1, 1)


@st.composite
def _lives(draw):
    """Episodes without overlap and prices without overlap, for a few children."""
    episodes, prices = [], []
    for child in "ab"[: draw(st.integers(1, 2))]:
        for rows, extra in ((episodes, "place"), (prices, "price")):
            day = _FIRST + dt.timedelta(days=draw(st.integers(0, 20)))
            for _ in range(draw(st.integers(0, 4))):
                length = draw(st.integers(1, 25))
                end = day + dt.timedelta(days=length)
                value = (
                    draw(st.sampled_from(["U4", "K2"])) if extra == "place" else draw(st.integers(0, 5000))
                )
                rows.append((child, day, end, value, draw(st.sampled_from(["C2", "V4", "C2"]))))
                day = end + dt.timedelta(days=draw(st.sampled_from([0, 0, 3])))
    return episodes, prices


def _as_council(episodes, prices) -> Council:
    tables = {name: table.empty() for name, table in TABLES.items()}
    care = pd.DataFrame(episodes, columns=["child_id", "decom", "dec", "place", "ls"])
    tables["placements"] = conform(care.assign(rne="P", place_provider="PR1"), table="placements")
    cost = pd.DataFrame(prices, columns=["child_id", "from", "to", "gbp_week", "x"])
    tables["costs"] = conform(cost.assign(price_year="2018-19"), table="costs")
    days = {"start": pd.Timestamp(_FIRST), "end": pd.Timestamp("2019-07-01"), "programme_start": None}
    rest = {"framework_id": "vcw-default-12", "price_year": "", "simulated": (), "synthetic": True}
    return Council(path=Path(), name="Anyshire", code="", tables=tables, **days, **rest)


@given(_lives(), st.integers(0, 40), st.integers(1, 60))
def test_child_weeks_conserve_every_day_and_every_penny(lives, offset, length):
    episodes, prices = lives
    first = _FIRST + dt.timedelta(days=offset)
    last = first + dt.timedelta(days=length)
    weeks = _as_council(episodes, prices).child_weeks(str(first), str(last))
    got = {}
    for child, start, end, price in zip(
        weeks["child_id"], weeks["from"], weeks["to"], weeks["gbp_week"], strict=True
    ):
        for day in pd.date_range(start, end, inclusive="left"):
            assert (child, day.date()) not in got, "a day of a child twice"
            got[child, day.date()] = price
    want = {}
    for child, start, end, _, status in episodes:
        for k in range((end - start).days):
            day = start + dt.timedelta(days=k)
            if status != "V4" and first <= day < last:
                paid = [p for c, a, b, p, _ in prices if c == child and a <= day < b]
                want[child, day] = float(paid[0]) if paid else float("nan")
    assert pd.Series(got, dtype=float).sort_index().equals(pd.Series(want, dtype=float).sort_index())
    paid = pd.Series(want, dtype=float).sum() / 7
    assert weeks["cost_gbp"].sum() == pytest.approx(paid, abs=0.005)
    assert weeks["days"].sum() == len(want)


@given(_lives(), st.integers(0, 90))
def test_a_snapshot_is_the_child_weeks_at_a_point(lives, offset):
    council = _as_council(*lives)
    council.tables["children"] = conform(
        pd.DataFrame({"child_id": ["a", "b"], "birth_month": "2008-05-01"}), table="children"
    )
    day = pd.Timestamp(_FIRST) + pd.Timedelta(days=offset)
    point = council.child_weeks(day, day + pd.Timedelta(days=1))
    snapshot = council.snapshot(day)
    assert snapshot["child_id"].tolist() == point["child_id"].tolist()
    assert snapshot["cost_gbp_week"].equals(point["gbp_week"].rename("cost_gbp_week"))
    assert snapshot["placement_type"].astype("str").tolist() == point["placement_type"].astype("str").tolist()
