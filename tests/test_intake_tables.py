"""Unit tests: the tables of the return that are checked and counted, and not kept."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import returns, write_folder

from vcanalysis.intake.importing import import_extracts

HEADS = {
    "reviews": "REVIEW REVIEW_CODE",
    "oc3": "IN_TOUCH ACTIV ACCOM",
    "ad1": "DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    "placed_for_adoption": "DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    "previous_permanence": "PREV_PERM LA_PERM DATE_PERM",
    "sw_episodes": "SW_ID SW_DECOM SW_DEC SW_REASON",
    "DoLo": "DOLO_START DOLO_END",
}
GOOD = {
    "reviews": "01/06/2018 PN1",
    "oc3": "YES F2 K1",
    "ad1": "01/06/2018 02/06/2018 0 2 MF L11",
    "placed_for_adoption": "01/06/2018 31/12/9999 RD1",
    "previous_permanence": "P1 WAL 2011",
    "sw_episodes": "SW1 2018-06-01 02/06/2018 MANAGE",
    "DoLo": "01/06/2018 02/06/2018",
}


@pytest.mark.parametrize(
    ("name", "bad", "expected"),
    [
        ("reviews", "31/04/2018 PN9", {("not-a-date", "REVIEW"), ("unknown-value", "REVIEW_CODE")}),
        ("oc3", "Maybe F2 K3", {("unknown-value", "IN_TOUCH"), ("unknown-value", "ACCOM")}),
        ("ad1", "x 02/06/2018 7 2 MF L11", {("not-a-date", "DATE_INT"), ("unknown-value", "FOSTER_CARE")}),
        ("placed_for_adoption", "01/06/18 02/06/2018 RD1", {("not-a-date", "DATE_PLACED")}),
        ("previous_permanence", "P9 WAL 2011", {("unknown-value", "PREV_PERM")}),
        (
            "sw_episodes",
            "SW1 Ann 02/06/2018 LEFT",
            {("not-a-date", "SW_DECOM"), ("unknown-value", "SW_REASON")},
        ),
        ("DoLo", "01/06/2018 never", {("not-a-date", "DOLO_END")}),
    ],
)
def test_dates_and_codes_are_checked_and_rows_counted_but_nothing_is_kept(tmp_path, name, bad, expected):
    made = returns(years=(2019,))
    rows = [["QX00001", "03/01/2008", *GOOD[name].split()], ["QX00002", "03/01/2008", *bad.split()]]
    made[2019].pop("reviews")
    made[2019][name] = [["CHILD", "DOB", *HEADS[name].split()], *rows]
    report = import_extracts(
        tmp_path / "o", ssda903=write_folder(made, tmp_path / "f"), key=tmp_path / "k" / "k.key"
    )
    log = pd.read_csv(report.path / "import" / "log.csv", keep_default_na=False)
    own = log.loc[log["table"].eq(name.lower()) & log["row"].gt(0)]
    assert set(zip(own["rule"], own["column"], strict=True)) == expected
    assert set(own["row"]) == {3}
    (line,) = (line for line in report.balance if line["table"] == name.lower())
    assert (line["rows_in"], line["not_used"], line["kept"], line["quarantined"]) == (2, 2, 0, 0)
