"""Unit tests: cases on the edge of care are read by mapping, and who came into care is taken from the return."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.intake.checking import check_council
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council

HEAD = "LAchildID,PersonBirthDate,Sex,Ethnicity,CINreferralDate,CINclosureDate,PlanType,Team,NeedTotal\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_folder(returns(40), tmp_path_factory.mktemp("edge") / "f")


@pytest.fixture(scope="module")
def report(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("edge_in")
    episodes = pd.concat([pd.read_csv(f, dtype=str) for f in source.rglob("*pisodes*.csv")])
    starts = episodes[episodes["RNE"].eq("S")].drop_duplicates("CHILD")
    cared = starts.iloc[0]
    opened = pd.to_datetime(cared["DECOM"], dayfirst=True) - pd.Timedelta(days=20)
    lines = [f"{cared['CHILD']},01/02/2008,2,WBRI,{opened:%d/%m/%Y},,CPP,North,14"]
    lines += [f"HOME{k},17/0{k}/2010,1,WBRI,0{k}/05/2018,0{k}/11/2018,CIN,South,{k}" for k in range(1, 9)]
    lines += [f"LATE{k},17/03/2010,1,WBRI,01/05/2018,01/06/2018,CIN,South,3" for k in range(9, 31)]
    lines += ["BACK1,17/03/2010,1,WBRI,01/05/2018,01/04/2018,CIN,South,3"]
    (folder / "cin.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return import_extracts(
        folder / "out",
        ssda903=source,
        edge=folder / "cin.csv",
        mapping="children-in-need",
        key=folder / "k" / "k.key",
    )


def test_a_census_of_children_in_need_is_read_by_its_own_names(report):
    edge = pd.read_parquet(report.path / "edge.parquet")
    assert len(edge) == 31
    assert set(edge["plan"]) == {"child in need", "child protection"}
    assert set(edge["sex"]) == {"F", "M"}
    assert edge["birth_month"].dt.day.eq(1).all()  # the day of birth is not kept
    assert not edge["child_id"].str.contains("HOME|LATE").any()
    assert not edge["team"].isin(["North", "South"]).any()


def test_who_came_into_care_is_taken_from_the_return(report):
    edge = pd.read_parquet(report.path / "edge.parquet")
    entered = edge.dropna(subset=["entered_care"])
    assert len(entered) == 1
    assert (entered["entered_care"] - entered["opened"]).dt.days.tolist() == [20]
    children = pd.read_parquet(report.path / "children.parquet")["child_id"]
    assert entered["child_id"].isin(children).all()  # the same child has the same pseudonym in both tables


def test_a_case_that_ends_before_it_begins_is_set_aside(report):
    assert report.rules["end-before-start"] == 1


def test_the_council_is_sound_and_says_what_it_can_answer(report):
    assert check_council(open_council(report.path)).ok
