"""Unit and property tests: the seven repairs, each on a drawn history of one child."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from drawn import drawn
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.repair import repair_episodes


def history(text: str) -> pd.DataFrame:
    """Complete a drawn history with the columns it leaves out."""
    rows = drawn(text)
    rows["decom"], rows["dec"] = (rows[c].astype("datetime64[ns]") for c in ("decom", "dec"))
    defaults = {"CHILD": "a", "LS": "C2", "CIN": "N1", "PLACE_PROVIDER": "PR1", "REASON_PLACE_CHANGE": ""}
    blank = {"PL_POST": "", "URN": "", "_file": "episodes.csv", "REC": "", "RNE": "P"}
    missing = {k: v for k, v in {**defaults, **blank}.items() if k not in rows}
    return rows.assign(**missing).rename(columns={"year": "_year"}).assign(_row=range(2, len(rows) + 2))


def repaired(text: str, columns: list[str], **options: int) -> tuple[list[list[str]], list[str]]:
    """Repair and give the columns as text, and the rules in the log."""
    ledger = Ledger()
    out = repair_episodes(history(text), ledger=ledger, **options)
    shown = out[columns].copy()
    for name in ("decom", "dec"):
        if name in shown:
            shown[name] = shown[name].dt.strftime("%Y-%m-%d").fillna("-")
    log = ledger.log()
    return shown.astype("str").values.tolist(), log.loc[log["action"].ne("flagged"), "rule"].tolist()


def test_r1_ends_an_episode_left_open_when_the_next_begins():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec  year
        U4    S   2018-05-01  -    2019
        K2    P   2019-06-01  -    2020
        """,
        ["PLACE", "dec", "REC", "REASON_PLACE_CHANGE"],
    )
    assert rows == [["U4", "2019-06-01", "X1", "LIIAF"], ["K2", "-", "", ""]]
    assert rules == ["R1"]


def test_r1_gives_no_reason_for_a_move_when_only_the_legal_status_changed():
    rows, _ = repaired(
        """
        PLACE LS RNE decom       dec  year
        U4    C1 S   2018-05-01  -    2019
        U4    C2 L   2019-06-01  -    2020
        """,
        ["dec", "REC", "REASON_PLACE_CHANGE"],
    )
    assert rows[0] == ["2019-06-01", "X1", ""]


@pytest.mark.parametrize(
    ("again", "end"),
    [
        ("2019-08-01", "2019-04-01"),  # back after the return: last known day 31 March, so ended on 1 April
        ("2019-02-10", "2019-02-10"),  # back within the same year: ended no later than that
    ],
)
def test_r1a_ends_an_episode_before_the_child_comes_back_into_care(again, end):
    rows, rules = repaired(
        f"""
        PLACE RNE decom       dec  year
        U4    S   2018-05-01  -    2019
        K2    S   {again}     -    2020
        """,
        ["dec", "REC"],
    )
    assert rows[0] == [end, "E99"]
    assert rules == ["R1A"]


def test_r2_ends_an_episode_never_returned_again_after_31_march_of_its_return():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec  year
        U4    S   2018-05-01  -    2019
        """,
        ["dec", "REC"],
        last_year=2021,
    )
    assert rows == [["2019-04-01", "E99"]]
    assert rules == ["R2"]


def test_an_episode_open_in_the_last_return_stays_open():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec  year
        U4    S   2018-05-01  -    2019
        """,
        ["dec", "REC"],
    )
    assert rows == [["-", ""]]
    assert rules == []


def test_r3_drops_an_open_episode_that_repeats_its_neighbour():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year
        U4    P   2018-05-01  -           2019
        U4    P   2018-05-03  2019-07-01  2020
        """,
        ["decom", "dec"],
    )
    assert rows == [["2018-05-03", "2019-07-01"]]
    assert rules == ["R3"]


def test_r3_keeps_the_later_of_two_open_episodes_that_repeat_each_other():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year
        U4    P   2018-05-01  -           2019
        U4    P   2018-05-03  -           2019
        K2    P   2019-09-01  -           2020
        """,
        ["decom", "dec"],
    )
    assert rows == [["2018-05-03", "2019-09-01"], ["2019-09-01", "-"]]
    assert sorted(rules) == ["R1", "R3"]


def test_r3a_lets_a_later_return_replace_an_episode():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year REC
        U4    S   2018-05-01  -           2019 -
        U4    S   2018-05-01  2019-07-01  2020 E8
        """,
        ["decom", "dec", "REC"],
    )
    assert rows == [["2018-05-01", "2019-07-01", "E8"]]
    assert rules == ["R3A"]


def test_r3a_drops_an_open_episode_that_an_earlier_one_of_a_later_return_covers():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year
        U4    S   2018-05-01  2019-07-01  2020
        K2    P   2018-06-01  -           2019
        """,
        ["PLACE", "dec"],
    )
    assert rows == [["U4", "2019-07-01"]]
    assert rules == ["R3A"]


def test_r4_ends_an_episode_that_overlaps_the_next():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year REC
        U4    S   2018-05-01  2019-07-01  2020 X1
        K2    P   2019-06-01  -           2020 -
        """,
        ["dec", "REC"],
    )
    assert rows[0] == ["2019-06-01", "X1"]
    assert rules == ["R4"]


def test_r5_closes_a_gap_after_an_episode_that_continues():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year REC
        U4    S   2018-05-01  2019-05-01  2020 X1
        K2    P   2019-06-01  -           2020 -
        """,
        ["dec"],
    )
    assert rows[0] == ["2019-06-01"]
    assert rules == ["R5"]


def test_a_gap_after_leaving_care_stays_a_gap():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year REC
        U4    S   2018-05-01  2019-05-01  2020 E4A
        K2    S   2019-06-01  -           2020 -
        """,
        ["dec"],
    )
    assert rows[0] == ["2019-05-01"]
    assert rules == []


def test_of_two_episodes_on_one_day_the_one_with_days_in_care_stays():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec         year REC
        U4    S   2018-05-01  2018-05-09  2019 X1
        K2    P   2018-05-09  2018-12-01  2019 E8
        T4    P   2018-05-09  2018-05-09  2019 X1
        """,
        ["PLACE", "dec"],
    )
    assert rows == [["U4", "2018-05-09"], ["K2", "2018-12-01"]]
    assert rules == ["same-day"]


def test_a_row_given_twice_in_one_return_counts_once():
    rows, rules = repaired(
        """
        PLACE RNE decom       dec  year
        U4    S   2018-05-01  -    2019
        U4    S   2018-05-01  -    2019
        """,
        ["decom"],
    )
    assert rows == [["2018-05-01"]]
    assert rules == ["duplicate"]


_DAY = st.dates(dt.date(2017, 4, 1), dt.date(2020, 3, 31))


@st.composite
def _histories(draw):
    rows = []
    for _ in range(draw(st.integers(1, 7))):
        decom = draw(_DAY)
        dec = draw(st.none() | st.integers(0, 500).map(lambda days, d=decom: d + dt.timedelta(days=days)))
        begun = decom.year + (decom.month > 3)
        rows.append(
            {
                "CHILD": draw(st.sampled_from("ab")),
                "decom": decom,
                "dec": dec,
                "RNE": draw(st.sampled_from("SPLBTU")),
                "PLACE": draw(st.sampled_from(["U4", "K2"])),
                "REC": draw(st.sampled_from(["", "X1", "E8"])) if dec else "",
                "_year": draw(st.integers(begun, 2020)),
            }
        )
    frame = pd.DataFrame(rows)
    for name in ("decom", "dec"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
    same = {
        "LS": "C2",
        "CIN": "N1",
        "PLACE_PROVIDER": "PR1",
        "REASON_PLACE_CHANGE": "",
        "PL_POST": "",
        "URN": "",
    }
    return frame.assign(**same, _file="x.csv", _row=range(2, len(frame) + 2))


@given(_histories())
def test_after_the_repairs_no_day_is_counted_twice_and_nothing_is_left_to_repair(rows):
    ledger = Ledger()
    ledger.take_in("episodes", rows)
    out = repair_episodes(rows, ledger=ledger, last_year=2020)
    ledger.balance({"episodes": len(out)})  # raises if a row is lost
    following = out["decom"].shift(-1).where(out["CHILD"].eq(out["CHILD"].shift(-1)))
    ends = out["dec"].fillna(pd.Timestamp("2200-01-01"))
    assert not (ends > following).any()
    assert not out.duplicated(["CHILD", "decom"]).any()
    assert not (out["dec"] < out["decom"]).any()
    assert (out.loc[out["dec"].isna(), "_year"] == 2020).all()
    again = Ledger()
    pd.testing.assert_frame_equal(repair_episodes(out, ledger=again, last_year=2020), out)
    assert set(again.log()["action"]) <= {"flagged"}


@given(_histories())
def test_the_repairs_do_not_depend_on_the_order_of_the_rows(rows):
    straight = repair_episodes(rows, ledger=Ledger(), last_year=2020)
    turned = repair_episodes(rows.iloc[::-1], ledger=Ledger(), last_year=2020)
    pd.testing.assert_frame_equal(straight, turned)
