"""Unit tests: special educational needs come in by a mapping, everybody kept, nobody named."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import load_framework
from vcanalysis.core.schema import TABLES, check_table
from vcanalysis.core.tables_send import AREAS
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.synth.council import synthesise
from vcanalysis.intake.synth.send import FRAMEWORK, SendSettings
from vcanalysis.intake.synth.settings import SynthSettings

HEAD = ["Person ID", "Census date", "Person birth date", "EHC plan status", "EHC plan start date", "SEN type",
        "SEN setting", "Annual cost", "Transport cost"]  # fmt: skip


def extract(folder):
    """Thirty people: five of the children in care, the others not; one of thirty years, one a copy."""
    rows = [
        [f"QX{k:05d}" if k < 5 else f"P{k}", "17/01/2019", "14/05/2009", "EHC plan", "01/09/2015", "ASD",
         "Special school" if k % 2 else "Mainstream", "21000", "3000"]
        for k in range(30)
    ]  # fmt: skip
    rows[29][2] = "14/05/1988"
    frame = pd.DataFrame([*rows, rows[0]], columns=HEAD)
    frame.to_csv(folder / "sen2.csv", index=False)
    made = {year: {n: t[n] for n in ("header", "episodes")} for year, t in returns(60).items()}
    return {"ssda903": write_folder(made, folder / "f"), "send": folder / "sen2.csv", "mapping": "sen2"}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("send")
    report = import_extracts(folder / "c", **extract(folder), key=folder / "key")
    return folder / "c", report, pd.read_parquet(folder / "c" / "send.parquet")


def test_everybody_is_kept_but_who_is_too_old(imported):
    _, _, table = imported
    assert len(table) == 29
    assert set(table["setting"]) == {"mainstream", "special school"}
    assert table["birth_month"].eq(pd.Timestamp("2009-05-01")).all()
    assert not check_table(table, table="send")


def test_children_in_care_are_found_again_and_nobody_is_named(imported):
    folder, _, table = imported
    children = pd.read_parquet(folder / "children.parquet")
    assert table["child_id"].isin(children["child_id"]).sum() == 5
    assert not table["child_id"].str.contains("QX|P").any()
    aside = (folder / "import" / "quarantine" / "send.csv").read_text()
    assert "P29" not in aside
    assert "1988" not in aside


def test_rows_in_are_rows_accounted_for(imported):
    folder, _, _ = imported
    told = json.loads((folder / "import" / "report.json").read_text())
    line = next(t for t in told["balance"] if t["table"] == "send")
    assert (line["rows_in"], line["kept"], line["quarantined"], line["dropped"]) == (31, 29, 1, 1)


def test_an_extract_without_a_needed_column_is_refused(tmp_path):
    given = extract(tmp_path)
    pd.read_csv(given["send"]).drop(columns="Census date").to_csv(given["send"], index=False)
    with pytest.raises(InputError, match="census"):
        import_extracts(tmp_path / "c", **given, key=tmp_path / "key")


def test_the_areas_are_those_of_the_framework():
    assert tuple(load_framework(FRAMEWORK).domains) == AREAS


@pytest.fixture(scope="module")
def councils():
    settings = SynthSettings(children=400, seed=3)
    return synthesise(settings), synthesise(settings, send=SendSettings().none())


def test_other_tables_do_not_depend_on_what_is_planted_here(councils):
    one, other = councils
    for name in set(TABLES) - {"send"}:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])
    assert not one.tables["send"].equals(other.tables["send"])


def test_the_planted_table_is_sound_and_linked(councils):
    for council in councils:
        table = council.tables["send"]
        assert not check_table(table, table="send")
        plans = table[table["status"] == "plan"]
        assert plans["gbp_year"].gt(plans["top_up_gbp_year"] + plans["transport_gbp_year"]).all()
        assert table["child_id"].isin(council.tables["children"]["child_id"]).any()


def test_the_version_without_effects_has_none(councils):
    table = councils[1].tables["send"]
    plans = table[table["status"] == "plan"].assign(log=lambda t: np.log(t["gbp_year"]))
    by = plans.groupby("setting")["log"].median()
    assert abs(by["special school"] - by["mainstream"]) < 0.15
    assert table.groupby("census").size().nunique() == 1


@pytest.mark.parametrize("children", [1, 5, 40])
def test_small_councils_have_it_too(children):
    table = synthesise(SynthSettings(children=children, seed=2)).tables["send"]
    assert len(table)
    assert not check_table(table, table="send")
