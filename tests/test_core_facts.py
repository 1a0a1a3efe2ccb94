"""Unit and reference tests of facts, assumptions, claims and presets: rows complete, derived ones recomputed."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import (
    assumption,
    assumptions,
    claim,
    claims,
    fact,
    facts,
)
from vcanalysis.core.paths import data_file
from vcanalysis.core.period import WEEKS_PER_YEAR
from vcanalysis.core.presets import EFFECTS, USES, preset, presets
from vcanalysis.core.price_index import price_index

ROOT = Path(__file__).parents[1]


def test_every_fact_says_what_it_is_when_it_was_and_where_it_comes_from():
    table = facts()
    assert table["id"].is_unique
    for column in ("id", "unit", "year", "source", "retrieved"):
        assert table[column].str.strip().ne("").all(), column
    assert table["evidence"].isin(("published", "derived")).all()
    assert table["value"].notna().all()
    assert table["retrieved"].str.fullmatch(r"20\d\d-\d\d").all()
    assert table.loc[table["url"].ne(""), "url"].str.match(r"https://[^/]+/.+").all()
    assert table.loc[table["unit"].eq("share"), "value"].between(0, 1).all()


def test_every_assumption_has_a_range_around_its_centre_and_a_reason():
    table = assumptions()
    assert table["id"].is_unique
    assert (table["low"] < table["high"]).all()
    assert ((table["low"] <= table["central"]) & (table["central"] <= table["high"])).all()
    assert table["reason"].str.len().gt(30).all()
    assert table["unit"].ne("").all()


def test_every_assumption_and_every_decision_is_rated_once_and_nothing_else_is():
    with data_file("assumptions/log.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    decisions = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(row["id"] for row in rows) == sorted([*assumptions()["id"], *decisions])
    for row in rows:
        assert {row["quality"], row["impact"]} <= {"high", "moderate", "low"}
        assert row["kind"] == ("decision" if row["id"].isdigit() else "assumption")
        assert re.fullmatch(r"[A-Z][^0-9]{15,}[.]", row["why"]), "a reason, in words without numbers"


def test_every_assumption_in_pounds_says_of_which_year_and_no_other_does():
    table = assumptions()
    money = table["unit"].str.startswith("GBP")
    assert money.sum() == 5
    assert table.loc[money, "price_year"].isin(price_index().values).all()
    assert table.loc[~money, "price_year"].eq("").all()


def test_every_claim_has_a_source_and_a_way_to_test_it_or_what_is_missing():
    table = claims()
    assert table["id"].is_unique
    assert len(table) == 23
    assert table["source"].ne("").all()
    assert (table["routes"].ne("") | table["needs"].ne("")).all()
    assert table.loc[table["routes"].ne(""), "relation"].isin(("about", "more than")).all()


@pytest.mark.parametrize(
    ("get", "wanted", "near"),
    [
        (fact, "norfolk_fee_standart", "norfolk_fee_standard"),
        (assumption, "stepdown_elligible", "stepdown_eligible"),
        (claim, "national_saving", "saving_national"),
        (preset, "bham_stepdown", "bham_stepdown_sib"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(get, wanted, near):
    with pytest.raises(InputError, match=near):
        get(wanted)


def test_an_unknown_name_that_resembles_nothing_is_refused_with_the_file():
    with pytest.raises(InputError, match=r"no fact 'zzzz'\. All are in data/reference/facts\.csv"):
        fact("zzzz")


def test_numbers_are_written_with_date_and_source():
    assert fact("norfolk_fee_standard").words().startswith("£227 a week (2022-23; Norfolk County Council")
    assert assumption("ramp_up_weeks").words() == "26 weeks (13 to 52)"
    assert float(fact("green_book_discount")) == 0.035


def test_parts_of_the_oxfordshire_claim_add_up():
    parts = [claim(f"oxfordshire_{part}").value for part in ("searched", "other")]
    assert sum(parts) == claim("oxfordshire_profiled").value


@pytest.mark.parametrize(
    ("name", "count", "total"),
    [("stepdown_eligible", 10, 20), ("stepdown_matched", 33, 80)],
)
def test_ranges_taken_from_published_counts_are_their_intervals(name, count, total):
    row = assumption(name)
    low, high = proportion_confint(count, total, method="wilson")
    assert (row.central, row.low, row.high) == pytest.approx((count / total, low, high), abs=0.005)


def test_growth_and_prices_of_the_assumptions_follow_from_the_facts():
    prices = [fact(f"england_residential_week_{year}").value for year in (2018, 2020, 2025)]
    growth = assumption("price_growth_residential")
    assert growth.central == pytest.approx((prices[1] / prices[0]) ** (1 / 2) - 1, abs=0.002)
    assert growth.high == pytest.approx((prices[2] / prices[0]) ** (1 / 7) - 1, abs=0.001)
    after = assumption("stepdown_foster_gbp_week")
    assert after.low == fact("cma_agency_foster_week").value
    assert after.central == fact("lancashire_stepdown_foster_week").value
    then = fact("birmingham_stepdown_year_one").value / WEEKS_PER_YEAR  # pounds of 2014-17
    assert after.high == pytest.approx(then * 78.1735 / 72.0902, abs=1)


@pytest.mark.shared
def test_claims_agree_with_the_reference_list():
    shared = Path(os.environ.get("VC_SHARED", Path(__file__).parents[2] / "shared" / "data"))
    listed = shared.parent / "reference" / "claims.csv"
    if not listed.is_file():
        pytest.skip("the reference list of claims is not beside the project")
    with listed.open(encoding="utf-8", newline="") as handle:
        expected = {r["id"]: (r["value"], r["unit"], r["period"]) for r in csv.DictReader(handle)}
    found = {
        c.id: ("" if c.value != c.value or c.value is None else f"{c.value:.0f}", c.unit, c.period)
        for c in claims().itertuples()
    }
    assert found == expected


def test_no_source_names_a_machine():
    text = " ".join(facts()["source"]) + " ".join(facts()["url"]) + " ".join(claims()["source"])
    assert not re.search(r"/work|/root|localhost|\d+\.\d+\.\d+\.\d+", text)


def test_every_preset_says_how_it_was_studied_and_how_it_may_be_used():
    table = presets()
    assert table["id"].is_unique
    assert len(table) == 23
    for column in ("label", "population", "setting", "outcome", "design", "source_title", "transport_note"):
        assert table[column].ne("").all(), column
    assert table["default_use"].isin(USES).all()
    assert table["effect_type"].isin(EFFECTS).all()
    assert table["sms"].dropna().between(0, 5).all()
    assert table.loc[table["unit_cost"].notna(), "price_year"].ne("").all()
    ends = table.dropna(subset=["lo", "hi"])
    assert ((ends["lo"] < ends["point"]) & (ends["point"] < ends["hi"])).all()
    assert set(table["superseded_by"]) - {""} <= set(table["id"])


def test_a_weak_design_is_never_the_central_case():
    table = presets()
    central = table.loc[table["default_use"] == "central"]
    assert len(central) >= 4
    assert central["sms"].ge(3).all()
    for name in table.loc[table["sms"].isna() | table["sms"].le(2), "id"]:
        with pytest.raises(InputError, match="may not be the central case"):
            preset(name, use="central")
    assert preset("fgc_rct", use="central").point == -0.086


def test_presets_from_counts_are_their_wilson_intervals_and_priors_weigh_what_they_say():
    for name, count, total in [
        ("oxon_vc", 10, 20),
        ("bham_stepdown_published", 20, 31),
        ("bham_referral", 33, 80),
    ]:
        row = preset(name)
        low, high = proportion_confint(count, total, method="wilson")
        assert (row.point, row.lo, row.hi) == pytest.approx((count / total, low, high), abs=0.006)
    assert sum(preset("bham_stepdown_sib").beta()) == pytest.approx(26, abs=1)  # Beta(13, 13)
    with pytest.raises(InputError, match="cannot be a prior"):
        preset("fgc_rct").beta()
