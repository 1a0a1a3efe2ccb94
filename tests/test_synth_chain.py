"""Property tests of a synthetic council: what SSDA903, a ledger and an insider would insist on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vcanalysis.core.codes import codes_in, placement_type
from vcanalysis.core.schema import TABLES, check_table
from vcanalysis.intake.synth import SynthSettings, synthesise


@pytest.fixture(scope="module")
def council():
    return synthesise(SynthSettings(children=4_000, seed=11))


@pytest.fixture(scope="module")
def care(council):
    """Episodes in care with the child, the age at the start and the episode that follows."""
    e = council.tables["placements"]
    e = e[~e["ls"].isin(["V3", "V4"])].merge(council.tables["children"], on="child_id")
    e = e.sort_values(["child_id", "decom"], kind="stable").reset_index(drop=True)
    e["age"] = (e["decom"] - e["birth_month"]).dt.days / 365.25
    for name in ("child_id", "decom", "rne", "ls", "place", "home_id"):
        e[f"next_{name}"] = e[name].shift(-1)
    e["goes_on"] = e["next_child_id"] == e["child_id"]
    return e


@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_keeps_its_declaration(council, table):
    assert check_table(council.tables[table], table=table) == []
    assert len(council.tables[table]) > 0


def test_the_number_of_children_is_exact(council):
    assert len(council.tables["children"]) == 4_000


def test_every_child_was_in_care_in_the_window(council, care):
    inside = care[care["dec"].isna() | (care["dec"] > council.meta["data_from"])]
    assert set(inside["child_id"]) == set(council.tables["children"]["child_id"])


def test_episodes_chain_without_gap_or_overlap(care):
    on = care[care["rec"] == "X1"]
    assert on["goes_on"].all()
    assert (on["dec"] == on["next_decom"]).all()
    over = care[care["goes_on"] & (care["rec"] != "X1")]
    assert (over["next_decom"] > over["dec"]).all()
    assert (over["next_rne"] == "S").all()
    assert (care["dec"].isna() | (care["dec"] > care["decom"])).all()


def test_a_period_of_care_begins_with_s_and_only_there(care):
    first = ~(care["child_id"].shift().eq(care["child_id"]) & care["rec"].shift().eq("X1"))
    assert (care["rne"].eq("S") == first).all()


def test_reason_for_an_episode_says_what_changed(care):
    on = care[care["rec"] == "X1"]
    status = on["ls"] != on["next_ls"]
    carer = (on["home_id"] != on["next_home_id"]) | on["home_id"].isna()
    place = on["place"] != on["next_place"]
    assert (on["next_rne"].isin(["L", "B", "U"]) == status).all()
    assert place[on["next_rne"].isin(["T", "U"])].all()
    assert not carer[on["next_rne"].isin(["T"])].any()
    assert not place[on["next_rne"] == "L"].any()
    assert carer[on["next_rne"].isin(["P", "B"])].mean() > 0.99


def test_changes_of_placement_carry_a_reason_and_nothing_else_does(care):
    changed = care["rec"].eq("X1") & care["next_rne"].isin(["P", "B", "T", "U"])
    assert (care["reason_place_change"].notna() == changed).all()


@pytest.mark.parametrize(
    "code_set", ["PLACE", "REC", "REASON_PLACE_CHANGE", "LS", "CIN", "RNE", "PLACE_PROVIDER"]
)
def test_codes_are_valid_in_their_year(care, code_set):
    day = care["dec"] if code_set in ("REC", "REASON_PLACE_CHANGE") else care["decom"]
    year = day.dt.year + (day.dt.month >= 4)
    for when, group in care[code_set.lower()].groupby(year):
        if when >= 2016:
            assert set(group.dropna()) <= set(codes_in(code_set, int(when)))


def test_nobody_lives_where_their_age_forbids(care):
    alone = care["place"].isin(["H5", "P2"])
    assert care.loc[alone, "age"].min() >= 15.99
    assert care.loc[care["place"] == "P2", "age"].min() >= 16.9
    assert care.loc[care["place"].isin(["K1", "R5"]), "age"].min() >= 10
    assert care.loc[care["place"] == "K2", "age"].quantile(0.01) >= 5
    assert care.loc[care["place"].isin(["A4", "A5", "A6"]), "age"].max() <= 12
    assert care["age"].min() >= 0
    leave = (care["dec"] - care["birth_month"]).dt.days / 365.25
    assert leave.max() <= 18.1


def test_adoption_ends_a_placement_for_adoption(care):
    adopted = care["rec"].isin(["E11", "E12"])
    assert care.loc[adopted, "place"].str.startswith("A").all()


def test_unaccompanied_children_are_accommodated_not_ordered(care):
    assert (care.loc[care["uasc"].astype(bool), "ls"] == "V2").all()


def test_children_already_in_care_keep_their_history(council, care):
    start = pd.Timestamp(council.meta["data_from"])
    before = care[care["decom"] < start]
    assert before["child_id"].nunique() / care["child_id"].nunique() > 0.3
    assert before["decom"].min() < start - pd.DateOffset(years=8)
    assert (before["rne"] == "S").any()


def test_short_breaks_end_before_care_begins(council, care):
    e = council.tables["placements"]
    breaks = e[e["ls"] == "V4"]
    first = care.groupby("child_id")["decom"].min()
    assert len(breaks) > 0
    assert (breaks["dec"] < breaks["child_id"].map(first)).all()


def test_one_price_on_one_day_and_only_in_care(council, care):
    costs = council.tables["costs"].sort_values(["child_id", "from"], kind="stable")
    end = costs["to"].fillna(pd.Timestamp(council.meta["data_to"]))
    same = costs["child_id"].eq(costs["child_id"].shift(-1))
    assert (end[same] <= costs["from"].shift(-1)[same]).all()
    assert (end > costs["from"]).all()
    days = (end - costs["from"]).dt.days.groupby(costs["child_id"]).sum()
    start, stop = pd.Timestamp(council.meta["data_from"]), pd.Timestamp(council.meta["data_to"])
    cared = care.assign(
        days=(care["dec"].fillna(stop).clip(upper=stop) - care["decom"].clip(lower=start)).dt.days.clip(
            lower=0
        )
    )
    total = cared.groupby("child_id")["days"].sum()
    assert (days <= total.reindex(days.index)).all()
    assert 0.97 < days.sum() / total.sum() < 1


def test_shares_of_payers_add_to_one(council):
    costs = council.tables["costs"]
    shares = costs[["care_share", "education_share", "health_share"]]
    assert np.allclose(shares.sum(axis=1), 1)


def test_households_hold_no_more_children_than_places_but_for_siblings(council, care):
    carers = council.tables["carers"].drop_duplicates("household_id").set_index("household_id")
    day = pd.Timestamp("2019-09-30")
    now = care[(care["decom"] <= day) & (care["dec"].isna() | (care["dec"] > day))]
    held = now.groupby("home_id").size().reindex(carers.index).fillna(0)
    assert ((held > carers["approved_places"]).mean()) < 0.08
    assert held.max() <= 7


def test_ratings_of_one_occasion_are_whole(council):
    needs = council.tables["needs"]
    size = needs.groupby(["child_id", "date", "rater_id"], observed=True).size()
    assert (size == 12).all()
    assert 0.005 < needs["level"].isna().mean() < 0.06


def test_every_second_rating_lies_within_14_days_by_another_rater(council):
    needs = council.tables["needs"][["child_id", "date", "rater_id", "context"]].drop_duplicates()
    needs = needs.astype({c: "str" for c in ("child_id", "rater_id", "context")})
    second = needs[needs["context"] == "double rating"]
    pairs = second.merge(needs[needs["context"] != "double rating"], on="child_id", suffixes=("", "_first"))
    gap = (pairs["date"] - pairs["date_first"]).dt.days
    close = pairs[gap.between(0, 14)]
    assert len(close) == len(second)
    assert (close["rater_id"] != close["rater_id_first"]).all()
    assert 0.07 < len(second) / (len(needs) - len(second)) < 0.13


def test_stepdown_moves_are_moves_of_the_placements_table(council, care):
    moved = council.tables["stepdown"].dropna(subset=["move"])
    kind = pd.Series(placement_type(care["place"], care["place_provider"]).astype("str"), index=care.index)
    before = care.assign(kind=kind, next_kind=kind.shift(-1))
    joined = moved.merge(before, left_on=["child_id", "move"], right_on=["child_id", "dec"])
    assert len(joined) == len(moved) > 10
    assert joined["kind"].eq("Residential home").all()
    assert joined["next_kind"].isin(["Kinship fostering", "In-house fostering", "Agency fostering"]).all()


def test_stages_of_the_stepdown_come_in_order(council):
    line = council.tables["stepdown"]
    for earlier, later in (
        ("profiled", "search"),
        ("search", "offer"),
        ("offer", "match"),
        ("match", "move"),
    ):
        both = line.dropna(subset=[later])
        assert (both[earlier] <= both[later]).all()
    assert line.loc[line["search"].notna(), "decision"].eq("search").all()


def test_sustained_is_empty_until_it_can_be_known(council):
    line, end = council.tables["stepdown"], pd.Timestamp(council.meta["data_to"])
    for weeks in (13, 26, 52):
        flag = line[f"sustained_{weeks}_weeks"]
        reached = line["move"] + pd.Timedelta(weeks=weeks)
        assert flag[line["move"].isna()].isna().all()
        assert (reached[flag.fillna(False).astype(bool)] < end).all()


def test_siblings_share_a_group_and_could_have_one_mother(council):
    groups = council.tables["children"].dropna(subset=["sibling_group"]).groupby("sibling_group")
    size = groups.size()
    assert size.min() >= 2
    assert size.max() <= 4
    assert groups["birth_month"].agg(lambda m: (m.max() - m.min()).days).max() <= 12.1 * 366


def test_identifiers_are_opaque(council):
    ids = council.tables["children"]["child_id"]
    assert ids.is_unique
    assert ids.str.fullmatch("[0-9a-f]{12}").all()
