"""The margins of a council as its tables give them, by the ids of data/reference/calibration.csv."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.codes import placement_type

DAY = pd.Timestamp("2019-03-31")
RESIDENTIAL = ["Residential home", "Secure home"]
FOSTER = ["Kinship fostering", "In-house fostering", "Agency fostering"]


def episodes(council) -> pd.DataFrame:
    """Episodes in care with age at their start, type and first and last day of the period of care."""
    e = council.tables["placements"]
    e = e[~e["ls"].isin(["V3", "V4"])].sort_values(["child_id", "decom"], kind="stable")
    e = e.merge(council.tables["children"], on="child_id")
    e["spell"] = (e["rne"] == "S").cumsum()
    e["care_start"] = e.groupby("spell")["decom"].transform("min")
    e["type"] = placement_type(e["place"], e["place_provider"]).astype("str")
    e["age_start"] = (e["decom"] - e["birth_month"]).dt.days / 365.25
    e["new_place"] = e["rne"].isin(["S", "P", "B"])
    e["stay"] = e["new_place"].cumsum()
    e["stay_start"] = e.groupby("stay")["decom"].transform("min")
    return e


def stock(e: pd.DataFrame) -> pd.DataFrame:
    now = e[(e["decom"] <= DAY) & (e["dec"].isna() | (e["dec"] > DAY))].copy()
    now["age"] = (DAY - now["birth_month"]).dt.days // 365.25
    return now


def margins(council) -> dict[str, float]:
    e = episodes(council)
    now = stock(e)
    window = pd.Timestamp(council.meta["data_from"])
    starts = e[(e["rne"] == "S") & (e["decom"] >= window)]
    ends = e[e["dec"].notna() & (e["rec"] != "X1") & (e["dec"] >= window)]
    found = _stock(now) | _starts(starts, len(now)) | _ends(ends) | _stability(e, now)
    return found | _outcomes(council, now) | _prices(council, now)


def _stock(now: pd.DataFrame) -> dict[str, float]:
    far = now["distance_miles"][now["distance_miles"].notna()] > 20
    outside = now["area"].dropna().eq("outside")
    kin = now["type"].eq("Kinship fostering")
    foster, homes = now["type"].isin(FOSTER), now["type"].isin(RESIDENTIAL)
    share = {
        "stock_age_under_1": now["age"] < 1,
        "stock_age_1_4": now["age"].between(1, 4),
        "stock_age_5_9": now["age"].between(5, 9),
        "stock_age_10_15": now["age"].between(10, 15),
        "stock_age_16_17": now["age"] >= 16,
        "stock_male": now["sex"] == "M",
        "stock_uasc": now["uasc"].astype(bool),
        "stock_white": now["ethnicity"].str.startswith("W"),
        "stock_mixed": now["ethnicity"].str.startswith("M"),
        "stock_black": now["ethnicity"].str.startswith("B"),
        "stock_asian": now["ethnicity"].str.startswith("A"),
        **{f"stock_cin_{n.lower()}": now["cin"] == n for n in ("N1", "N2", "N4", "N5", "N8")},
        "stock_full_care_order": now["ls"] == "C2",
        "stock_interim_care_order": now["ls"] == "C1",
        "stock_placement_order": now["ls"] == "E1",
        "stock_section_20": now["ls"] == "V2",
        "stock_foster": foster,
        "stock_homes": homes,
        "stock_supported": now["type"] == "Supported accommodation",
        "stock_with_parents": now["type"] == "With parents",
        "stock_adoption": now["type"] == "Placed for adoption",
        "stock_own_provision": now["place_provider"] == "PR1",
        "stock_private_provision": now["place_provider"] == "PR4",
        "stock_voluntary_provision": now["place_provider"] == "PR5",
    }
    found = {name: float(values.mean()) for name, values in share.items()}
    return found | {
        "stock_kinship_of_foster": float(kin.sum() / foster.sum()),
        "stock_far": float(far.mean()),
        "stock_outside": float(outside.mean()),
        "homes_outside": float(outside[homes].mean()),
        "homes_far": float(far[homes].mean()),
        "foster_far": float(far[foster].mean()),
    }


def _starts(starts: pd.DataFrame, stock_size: int) -> dict[str, float]:
    age, alone = starts["age_start"], starts["uasc"].astype(bool)
    return {
        "stock_per_start": stock_size / (len(starts) / 4),
        "uasc_male": float((starts["sex"] == "M")[alone].mean()),
        "uasc_start_16_17": float((age[alone] >= 16).mean()),
        "start_age_under_1": float((age < 1).mean()),
        "start_age_1_4": float(age.between(1, 5, inclusive="left").mean()),
        "start_age_5_9": float(age.between(5, 10, inclusive="left").mean()),
        "start_age_10_15": float(age.between(10, 16, inclusive="left").mean()),
        "start_section_20": float((starts["ls"] == "V2").mean()),
        "start_care_order": float(starts["ls"].isin(["C1", "C2"]).mean()),
        "start_protection": float(starts["ls"].isin(["L1", "L2"]).mean()),
    }


def _ends(ends: pd.DataFrame) -> dict[str, float]:
    length = (ends["dec"] - ends["care_start"]).dt.days
    age = (ends["dec"] - ends["birth_month"]).dt.days / 365.25
    share = {
        "exit_at_18": age >= 17.99,
        "exit_home": ends["rec"].isin(["E4A", "E4B"]),
        "exit_guardianship": ends["rec"].isin(["E43", "E44", "E45", "E46", "E47", "E48"]),
        "exit_adopted": ends["rec"].isin(["E11", "E12"]),
        "exit_stayed_put": ends["rec"] == "E17",
        "exit_independent": ends["rec"].isin(["E5", "E6"]),
        "length_under_8_weeks": length < 56,
        "length_8_to_52_weeks": length.between(56, 364),
        "length_1_to_3_years": length.between(365, 1094),
        "length_over_5_years": length >= 1826,
    }
    return {k: float(v.mean()) for k, v in share.items()} | {"length_mean": float(length.mean())}


def _stability(e: pd.DataFrame, now: pd.DataFrame) -> dict[str, float]:
    temporary = e["place"].str.startswith("T")
    year = e[~temporary & (e["decom"] <= DAY) & (e["dec"].isna() | (e["dec"] > DAY - pd.Timedelta(days=365)))]
    count = year.groupby("child_id")["home_id"].count() * 0 + year.groupby("child_id")["stay"].nunique()
    count = count.reindex(now["child_id"])
    long = now[(DAY - now["care_start"]).dt.days.ge(2.5 * 365) & (now["age"] < 16)]
    stays = e.groupby("stay").agg(
        start=("decom", "min"), end=("dec", "max"), type=("type", "first"), rec=("rec", "last")
    )
    ended = stays[stays["rec"].notna() & (stays["end"] >= "2016-01-01")]
    days = (ended["end"] - ended["start"]).dt.days
    foster, homes = ended["type"].isin(FOSTER), ended["type"].isin(RESIDENTIAL)
    reasons = e["reason_place_change"].dropna()
    return {
        "placements_one": float((count == 1).mean()),
        "placements_two": float((count == 2).mean()),
        "placements_three": float((count >= 3).mean()),
        "long_term_stable": float((DAY - long["stay_start"]).dt.days.ge(730).mean()),
        "foster_under_3_months": float((days[foster] < 91).mean()),
        "foster_over_2_years": float((days[foster] >= 730).mean()),
        "homes_under_3_months": float((days[homes] < 91).mean()),
        "change_reason_behaviour": float((reasons == "CREQB").mean()),
        "change_reason_status": float((reasons == "PLACE").mean()),
    }


def _outcomes(council, now: pd.DataFrame) -> dict[str, float]:
    o = council.tables["outcomes"]
    o = o[o["date"] == DAY].pivot(index="child_id", columns="measure", values="value")
    o = now.set_index("child_id")[["age", "care_start", "sen_status"]].join(o)
    long = (DAY - o["care_start"]).dt.days >= 365
    eligible = long & o["age"].between(5, 16)
    sdq = o["sdq_total"]
    return {
        "sen_ehcp": float((o["sen_status"] == "EHCP")[eligible].mean()),
        "sen_support": float((o["sen_status"] == "support")[eligible].mean()),
        "sdq_mean": float(sdq.mean()),
        "sdq_sd": float(sdq.std()),
        "sdq_returned": float(sdq[eligible].notna().mean()),
        "sdq_concern": float((sdq.dropna() >= 17).mean()),
        "missing_incident": float((o["missing_episodes"] > 0).mean()),
        "convicted": float(o["convicted"].mean()),
        "substance_misuse": float(o["substance_misuse"].mean()),
    }


def _prices(council, now: pd.DataFrame) -> dict[str, float]:
    costs = council.tables["costs"]
    on = pd.Timestamp("2019-10-01")
    paid = costs[(costs["from"] <= on) & (costs["to"].isna() | (costs["to"] > on))]
    e = episodes(council)
    e = e[(e["decom"] <= on) & (e["dec"].isna() | (e["dec"] > on)) & ~e["place"].str.startswith("T")]
    price = e.merge(paid, on="child_id")[["type", "gbp_week"]]
    homes = price["gbp_week"][price["type"].isin(RESIDENTIAL)]
    mean = price.groupby("type")["gbp_week"].mean()
    return {
        "residential_week": float(homes.mean()),
        "fostering_week": float(price["gbp_week"][price["type"].isin(FOSTER)].mean()),
        "residential_sd_log": float(np.log(homes).std()),
        "residential_over_10000": float((homes >= 10_000).mean()),
        "agency_week": float(mean["Agency fostering"]),
        "agency_in_house_gap": float(mean["Agency fostering"] - mean["In-house fostering"]),
    }
