"""Reference tests: a synthetic council of 20,000 children against published margins, tolerances stated beside them."""

from __future__ import annotations

import csv

import pytest
from synth_margins import margins

from vcanalysis.core.paths import data_file
from vcanalysis.intake.synth import SynthSettings, synthesise

with data_file("reference/calibration.csv").open(encoding="utf-8", newline="") as handle:
    CALIBRATION = {row["id"]: row for row in csv.DictReader(handle)}


@pytest.fixture(scope="module")
def found():
    return margins(synthesise(SynthSettings(children=20_000, seed=5)))


@pytest.mark.parametrize("name", list(CALIBRATION))
def test_margin_lies_within_its_tolerance(found, name):
    row = CALIBRATION[name]
    assert found[name] == pytest.approx(float(row["value"]), abs=float(row["tolerance"]))


def test_every_margin_measured_has_a_published_value(found):
    assert set(found) == set(CALIBRATION)


def test_every_published_value_has_unit_year_and_source():
    assert all(row["unit"] and row["year"] and row["source"] for row in CALIBRATION.values())
