"""Invented SSDA903 returns of any size: five years, eleven tables, about 3.4 episode rows per child."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

YEARS = (2021, 2022, 2023, 2024, 2025)
_DAY = "%d/%m/%Y"
_END = np.datetime64("2025-04-01")


def write_returns(folder: Path, children: int, *, seed: int = 0) -> int:
    """Write a folder per year; give the number of episode rows."""
    rng = np.random.default_rng(seed)
    child = np.array([f"{number:08d}" for number in rng.permutation(children)])
    born, episodes = _histories(rng, child)
    total = 0
    for year in YEARS:
        start, end = np.datetime64(f"{year - 1}-04-01"), np.datetime64(f"{year}-04-01")
        dec = episodes["dec"].where(episodes["dec"] < end)
        seen = (episodes["decom"] < end) & (dec.isna() | (dec >= start))
        rows = episodes.loc[seen].assign(dec=dec[seen])
        total += len(rows)
        _write_year(folder / str(year), rows, born, year)
    return total


def _histories(rng: np.random.Generator, child: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    n = len(child)
    entered = np.datetime64("2019-06-01") + rng.integers(0, 2100, n).astype("timedelta64[D]")
    stay = rng.exponential(700, n).astype(int) + 1
    moves = rng.poisson(stay / 350)
    of = np.repeat(np.arange(n), moves + 1)
    first = np.r_[True, of[1:] != of[:-1]]
    offset = np.where(first, 0.0, rng.random(len(of)) * (stay[of] - 1))
    rows = pd.DataFrame({"of": of, "at": np.floor(offset)}).sort_values(["of", "at"], ignore_index=True)
    rows = rows.drop_duplicates(ignore_index=True)
    of = rows["of"].to_numpy()
    last = np.r_[of[1:] != of[:-1], True]
    begun = entered[of] + rows["at"].to_numpy().astype("timedelta64[D]")
    ended = np.where(last, entered[of] + stay[of].astype("timedelta64[D]"), np.roll(begun, -1))
    first = np.r_[True, of[1:] != of[:-1]]
    frame = pd.DataFrame(
        {
            "CHILD": child[of],
            "decom": begun,
            "RNE": np.where(first, "S", rng.choice(["P", "L", "B"], len(of), p=[0.7, 0.2, 0.1])),
            "LS": rng.choice(["C2", "C1", "V2", "E1"], len(of), p=[0.6, 0.15, 0.2, 0.05]),
            "CIN": rng.choice([f"N{k}" for k in range(1, 9)], len(of)),
            "PLACE": rng.choice(["U4", "U6", "K2", "U1", "H5", "P1"], len(of), p=[0.3, 0.3, 0.15, 0.1, 0.1, 0.05]),
            "PLACE_PROVIDER": rng.choice(["PR1", "PR4"], len(of)),
            "dec": pd.Series(ended).where(ended < _END),
            "REC": np.where(last, "E8", "X1"),
            "REASON_PLACE_CHANGE": np.where(last, "", "CARPL"),
            "HOME_POST": "AB1 2CD",
            "PL_POST": "EF3 4GH",
            "URN": np.char.add("SC", rng.integers(100000, 109000, len(of)).astype(str)),
        }
    )  # fmt: skip
    born = pd.DataFrame(
        {
            "CHILD": child,
            "SEX": rng.choice(["1", "2"], n),
            "DOB": pd.Series(entered - rng.integers(30, 5800, n).astype("timedelta64[D]")).dt.strftime(_DAY),
            "ETHNIC": rng.choice(["WBRI", "BAFR", "AOTH"], n),
            "UPN": "UN1",
            "MOTHER": "",
            "MC_DOB": "",
        }
    )
    return born, frame


def _write_year(folder: Path, rows: pd.DataFrame, born: pd.DataFrame, year: int) -> None:
    folder.mkdir(parents=True)
    here = born.loc[born["CHILD"].isin(rows["CHILD"].unique())]
    code = rows["dec"].notna()
    written = rows.assign(
        DECOM=rows["decom"].dt.strftime(_DAY),
        DEC=rows["dec"].dt.strftime(_DAY).fillna(""),
        REC=rows["REC"].where(code, ""),
        REASON_PLACE_CHANGE=rows["REASON_PLACE_CHANGE"].where(code, ""),
    )
    columns = "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"
    key = here[["CHILD", "DOB"]]
    number = pd.Series(np.arange(len(key)), index=key.index)
    flags = dict.fromkeys(
        ("CONVICTED", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"), "0"
    )
    checks = dict.fromkeys(("HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"), "1")
    some = key.iloc[::12]
    tables = {
        "header": here,
        "episodes": written[columns.split()],
        "reviews": key.assign(REVIEW=f"01/10/{year - 1}", REVIEW_CODE="PN1"),
        "oc2": key.assign(SDQ_SCORE=(number % 41).astype(str), SDQ_REASON="", **flags, **checks),
        "missing": some.assign(MISSING="M", MIS_START=f"05/11/{year - 1}", MIS_END=f"07/11/{year - 1}"),
        "uasc": here.iloc[::15][["CHILD", "SEX", "DOB"]].assign(DUC=""),
        "previous_permanence": some.assign(PREV_PERM="P1", LA_PERM="", DATE_PERM=""),
        "oc3": some.assign(IN_TOUCH="YES", ACTIV="F2", ACCOM="B1"),
        "ad1": some.iloc[::5].assign(
            DATE_INT="", DATE_MATCH="", FOSTER_CARE="0", NB_ADOPTR="2", SEX_ADOPTR="MF", LS_ADOPTR="L11"),
        "placed_for_adoption": some.iloc[::5].assign(DATE_PLACED="", DATE_PLACED_CEASED="", REASON_PLACED_CEASED=""),
        "sw_episodes": key.assign(SW_ID="SW1", SW_DECOM=f"01/04/{year - 1}", SW_DEC="", SW_REASON=""),
    }  # fmt: skip
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
