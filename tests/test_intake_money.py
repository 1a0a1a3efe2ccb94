"""Property and reference tests: pounds conserved to the penny, payers apart, ledgers met, prices of one year."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd
import pytest
from drawn import drawn as table_drawn
from drawn import returns, text_of, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from vcanalysis.cli import main
from vcanalysis.cli.councils import _totals
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.core.price_index import price_index
from vcanalysis.intake import landing
from vcanalysis.intake.cleaning.amounts import amounts
from vcanalysis.intake.cleaning.credits import net_credits
from vcanalysis.intake.cleaning.entry import at_entry
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.prices import price_rows, settle_prices
from vcanalysis.intake.deflating import deflate, in_prices_of
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.mapping import TableMapping
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.pence import pounds_of_extract
from vcanalysis.intake.reconciling import Reconciliation, reconcile, written_pence

END = pd.Timestamp("2020-04-01")
PRICES = ["child_id", "from", "to", "gbp_week"]

_DAY = st.integers(0, 700).map(lambda n: dt.date(2018, 4, 1) + dt.timedelta(days=n))
_POUNDS = st.sampled_from(
    ["700", "£1,234.56", "1.2k", "0.07", "0", "lots", "(70.00)", "99.99 CR", "-0.03", "-1500"]
)
_SUPPORT = st.sampled_from(["20", "£1,200 pcm", "-7", "(0.07)", "200000", "ask"]).flatmap(
    lambda said: st.sampled_from(["", "", "", said])
)
_HEALTH = st.sampled_from(["", "", "0", "0.25", "1"])
_NEAR = st.integers(0, 60).map(
    lambda n: dt.date(2020, 2, 15) + dt.timedelta(days=n)
)  # so that credits meet charges
_LONG = st.tuples(
    _NEAR, st.none() | st.integers(30, 400), st.sampled_from(["700", "£1,234.56"]), st.just(""), _HEALTH
)
_ROW = st.tuples(
    _NEAR | _DAY, st.none() | st.integers(1, 30) | st.integers(1, 400), _POUNDS, _SUPPORT, _HEALTH
)
_OWN = st.tuples(_LONG, st.lists(_ROW, max_size=6)).map(lambda drawn: [drawn[0], *drawn[1]])
_ROWS = st.tuples(*[_OWN] * 8)  # eight children in one extract cost little more time than one


def _text(rows):
    drawn = [
        (child, first.isoformat(), (first + dt.timedelta(days=days)).isoformat() if days else "", *money)
        for child, own in zip("abcdefgh", rows, strict=True)
        for first, days, *money in own
    ]
    head = ["CHILD", "from", "to", "gbp_week", "support_gbp_week", "health_share"]
    frame = pd.DataFrame(drawn, columns=head, dtype="str")
    care = frame["health_share"].map({"": "", "0": "1", "0.25": "0.75", "1": "0"})
    frame = frame.assign(care_share=care)
    return frame.assign(_file="costs.csv", _row=range(2, len(frame) + 2))


@settings(max_examples=16)
@given(_ROWS)
def test_every_pound_is_in_the_table_written_or_set_aside_and_no_day_is_paid_twice(drawn):
    rows, ledger = _text(drawn), Ledger()
    ledger.take_in("costs", rows)
    rows = pd.concat([rows, at_entry(rows, TableMapping(), end=END)], axis=1)
    said = float(rows["_pence"].sum())
    for name in ("from", "to"):
        rows[name] = pd.to_datetime(rows[name].where(rows[name].ne(""))).astype("datetime64[ns]")
    rows = price_rows(rows, TableMapping(), ledger=ledger)
    charges = settle_prices(rows.loc[rows["gbp_week"] >= 0], ledger=ledger)
    out = net_credits(
        pd.concat([charges, rows.loc[rows["gbp_week"] < 0]], ignore_index=True), ledger=ledger, end=END
    )
    aside = sum(float(part["_pence"].sum()) for part in ledger.aside.get("costs", []))
    assert said == pytest.approx(written_pence(out, end=END) + aside + ledger.pence_late, abs=1e-4)
    assert (out["gbp_week"] >= 0).all()
    assert out["support_gbp_week"].fillna(0.0).ge(0).all()
    shares = out[["care_share", "health_share"]]
    assert shares.fillna(0.0).stack().between(-1e-9, 1 + 1e-9).all()
    assert shares.sum(axis=1, min_count=1).dropna().between(1 - 1e-9, 1 + 1e-9).all()
    ends = out["to"].fillna(pd.Timestamp("2200-01-01"))
    following = out["from"].shift(-1).where(out["CHILD"].eq(out["CHILD"].shift(-1)))
    assert not (ends > following).any()


_SPANS = st.lists(st.tuples(_DAY, st.integers(1, 300), st.integers(0, 900_000)), min_size=1, max_size=4)


@given(_SPANS, _SPANS)
def test_the_reconciliation_agrees_with_a_count_day_by_day(stays, prices):
    care = {day for first, days, _ in stays for day in (first + dt.timedelta(d) for d in range(days))}
    last, rows = None, []
    for first, days, pence in sorted(prices):
        if last is None or first >= last:
            last = first + dt.timedelta(days=days)
            rows.append((first, last, pence))
    placed = pd.DataFrame(
        {
            "child_id": "a",
            "ls": "C2",
            "decom": pd.to_datetime([s[0] for s in stays]),
            "dec": pd.to_datetime([s[0] + dt.timedelta(days=s[1]) for s in stays]),
        }
    )
    costs = pd.DataFrame(
        {
            "child_id": "a",
            "from": pd.to_datetime([r[0] for r in rows]),
            "to": pd.to_datetime([r[1] for r in rows]),
            "gbp_week": [r[2] / 100 for r in rows],
        }
    )
    found = reconcile(placed, costs, start=pd.Timestamp("2018-04-01"), end=pd.Timestamp("2022-04-01"))
    paid = [
        (Fraction(pence, 700), day)
        for first, stop, pence in rows
        for day in (first + dt.timedelta(d) for d in range((stop - first).days))
    ]
    inside = float(sum(pounds for pounds, day in paid if day in care))
    whole = float(sum(pounds for pounds, _ in paid))
    assert found.child_weeks == pytest.approx(len(care) / 7)
    assert found.pounds_matched == pytest.approx(inside, abs=0.005 + 1e-9)
    assert found.pounds_matched + found.pounds_unmatched == pytest.approx(whole, abs=0.005 + 1e-9)
    assert round(sum(found.by_year.values()), 2) == found.pounds_matched
    assert round(sum(found.by_payer.values()), 2) == found.pounds_matched


@given(st.lists(st.floats(-1e7, 1e7), min_size=3, max_size=3))
def test_what_became_of_an_extract_adds_up_to_what_came_in_to_the_penny(parts):
    said = pounds_of_extract(sum(parts), kept=parts[0], aside=parts[1], repeated=parts[2], rows_without=0)
    pence = [round(said[f"pounds_{name}"] * 100) for name in ("kept", "aside", "repeated", "in")]
    assert sum(pence[:3]) == pence[3] == round(sum(parts))
    assert all(abs(whole - exact) <= 1 for whole, exact in zip(pence, parts, strict=False))


LINES = [["child_id", "from", "to", "gbp_week", "Service"]]
LINES += [[f"QX{k:05d}", "01/06/2018", "01/06/2019", "700", "Placement"] for k in range(1, 30)]
LINES += [[f"QX{k:05d}", "01/07/2018", "08/07/2018", "90", "Education top up"] for k in range(1, 11)]


def test_service_lines_side_by_side_add_up_when_the_mapping_names_them(source, tmp_path):
    (tmp_path / "m.toml").write_text("[costs]\nline = 'Service'", encoding="utf-8")
    report = bring_in(source, tmp_path, LINES, mapping=tmp_path / "m.toml")
    costs = pd.read_parquet(report.path / "costs.parquet")
    assert costs["gbp_week"].value_counts().to_dict() == {700.0: 39, 790.0: 10}
    assert (report.money.pounds_kept, report.money.pounds_aside) == (29 * 36_500.0 + 10 * 90.0, 0.0)


# The returns end on 31 March 2020: 700 a week, open, counts for the 305 days from 1 June 2019, the other price for
# all its 334 days from 1 September 2019 to 31 July 2020, of which 213 are in the data and 121 after it.
AFTER_THE_DATA = {
    # the other price: pounds in, on days in care, on other days, set aside; what is written of it
    "a line": (
        ["140", "School"],
        (30_500.0 + 6_680.0, 30_500.0 + 4_260.0, 2_420.0, 0.0),
        [("2019-06-01", 700.0), ("2019-09-01", 840.0), ("2020-04-01", 140.0), ("2020-07-31", 700.0)],
    ),
    "a credit": (
        ["-140", "Home"],
        (30_500.0 - 6_680.0, 30_500.0 - 4_260.0, 0.0, -2_420.0),
        [("2019-06-01", 700.0), ("2019-09-01", 560.0), ("2020-04-01", 700.0)],
    ),
}


@pytest.mark.parametrize("case", AFTER_THE_DATA)
def test_an_open_price_counts_no_day_after_the_data_whatever_runs_beside_it(case, source, tmp_path):
    (price, line), pounds, written = AFTER_THE_DATA[case]
    rows = [
        [*PRICES, "line"],
        ["QX00002", "01/06/2019", "", "700", "Home"],
        ["QX00002", "01/09/2019", "31/07/2020", price, line],
    ]
    report = bring_in(source, tmp_path, rows)
    money = report.money
    assert (money.pounds_in, money.pounds_matched, money.pounds_unmatched, money.pounds_aside) == pounds
    assert money.pounds_lost == 0
    costs = pd.read_parquet(report.path / "costs.parquet")
    assert list(zip(costs["from"].dt.strftime("%Y-%m-%d"), costs["gbp_week"], strict=True)) == written


def test_a_credit_that_begins_after_the_data_has_no_open_price_to_lower(source, tmp_path):
    closed = [[f"QX{k:05d}", "01/06/2018", "01/06/2019", "700"] for k in range(2, 30)]  # 365 days at £100
    odd = [["QX00002", "01/06/2019", "", "700"], ["QX00002", "01/05/2020", "08/05/2020", "-70"]]
    money = bring_in(source, tmp_path, [PRICES, *closed, *odd]).money
    assert (money.pounds_kept, money.pounds_aside) == (28 * 36_500.0 + 30_500.0, -70.0)
    assert money.pounds_lost == 0


@pytest.mark.parametrize(
    ("mapping", "week", "unused"),
    [("amount = 'Amount'\nevery = 'month'", 690.21, "gbp_week"), ("gbp_week = 'gbp_week'", 650.0, "Amount")],
)
def test_a_second_price_in_a_file_is_said_to_be_unused(source, tmp_path, mapping, week, unused):
    rows = [
        ["child_id", "from", "to", "Amount", "gbp_week"],
        ["QX00001", "01/06/2018", "29/06/2018", "3001.17", "650"],
    ]
    (tmp_path / "m.toml").write_text(f"[costs]\n{mapping}\n", encoding="utf-8")
    report = bring_in(source, tmp_path, rows, mapping=tmp_path / "m.toml")
    assert pd.read_parquet(report.path / "costs.parquet")["gbp_week"].round(2).tolist() == [week]
    assert any(note.endswith(f"(1: {unused}).") for note in report.notes)


def test_a_mapping_that_names_two_prices_is_refused(source, tmp_path):
    rows = [["child_id", "from", "A", "B"], ["QX00001", "01/06/2018", "3000", "650"]]
    text = "[costs]\namount = 'A'\ngbp_week = 'B'\nevery = 'month'\n"
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="Name the price once"):
        bring_in(source, tmp_path, rows, mapping=tmp_path / "m.toml")


def test_one_column_cannot_be_price_and_support(source, tmp_path):
    (tmp_path / "m.toml").write_text("[costs]\nsupport_gbp_week = 'gbp_week'", encoding="utf-8")
    with pytest.raises(InputError, match="both gbp_week and support_gbp_week"):
        bring_in(source, tmp_path, [PRICES, ["QX00002", *CHARGE[:3]]], mapping=tmp_path / "m.toml")


def test_pounds_that_are_lost_are_written_with_the_minus_before_the_pound():
    figures = {"child_weeks": 1.0, "child_weeks_costed": 1.0, "cost_rows": 1, "cost_rows_matched": 1}
    money = Reconciliation(
        **figures, pounds_matched=700.0, pounds_unmatched=0.0, pounds_in=0.0, pounds_kept=700.0
    )
    assert any("-£700.00 are unaccounted for" in line for line in money.lines())


def test_service_lines_side_by_side_are_refused_with_the_way_to_add_them(source, tmp_path):
    with pytest.raises(InputError, match="names their column as `line`"):
        bring_in(source, tmp_path, LINES)


def test_many_prices_with_a_fraction_of_a_penny_each_lose_none(source, tmp_path):
    # 274 days at £900 a week are £35,228.571...: rounded one by one 29 rows lose 4p.
    days = ["01/06/2018", "02/03/2019", "900"]
    report = bring_in(source, tmp_path, [PRICES, *([f"QX{k:05d}", *days] for k in range(1, 30))])
    money = report.money
    assert money.pounds_kept == 1_021_628.57
    assert round(money.pounds_matched + money.pounds_unmatched, 2) == money.pounds_kept


@pytest.mark.parametrize(
    ("written", "pounds"),
    [
        ("1,234.56", 1234.56),
        ("£12,345,678", 12_345_678.0),
        ("(1,234.50)", -1234.5),
        ("1,200 pw", 1200.0),
        ("1.234,56", None),
        ("12,34", None),
        ("1,2345", None),
        ("1234,567", None),
        ("200 - pw", None),
        ("200-4weekly", None),
        ("200-", -200.0),
        ("5600p", 56.0),
        ("£5600.50p", None),
        ("GBP 12p", None),
        ("5.5p", None),
        ("1.2m", None),
        ("700 (m)", None),
        ("700 pm", 700.0),
        ("350)", None),
        ("(350", None),
        ("700 (pw)", 700.0),
        ("-200 pw", -200.0),
        ("7 050", 7050.0),
        ("1\u00a0234\u00a0567.50", 1_234_567.5),
        ("£ 700 . 50", 700.5),
        ("70 50", None),
        ("1234 567", None),
        ("1 200 30", None),
        ("700 2 weekly", None),  # 7,002 a week, were the blank left out
        ("700 pd", None),  # by day, or paid
        ("700 d", None),
        ("700 p/d", 4900.0 / 7),
    ],
)
def test_an_amount_is_read_where_it_can_mean_one_thing_alone(written, pounds):
    read = amounts(pd.Series([written]))["pounds"].iloc[0]
    assert (None if pd.isna(read) else read) == pounds


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_folder(returns(), tmp_path_factory.mktemp("source") / "f")


def bring_in(source, folder, rows, **options):
    (folder / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    return import_extracts(
        folder / "out", ssda903=source, costs=folder / "costs.csv", key=folder / "k" / "k.key", **options
    )


def test_what_care_education_and_health_pay_is_kept_apart_and_adds_up(source, tmp_path):
    head = [*PRICES, "care_share", "education_share", "health_share"]
    rows = [
        head,
        ["QX00002", "01/06/2018", "08/06/2018", "100.01", "0.6", "0.3", "0.1"],
        ["QX00003", "01/06/2018", "08/06/2018", "50.00", "", "", ""],
    ]
    money = bring_in(source, tmp_path, rows).money
    assert money.by_payer == {"care": 60.01, "education": 30.0, "health": 10.0, "not said": 50.0}
    assert sum(money.by_payer.values()) == money.pounds_matched


def test_a_credit_of_one_payer_lowers_what_that_payer_pays_and_no_other(source, tmp_path):
    rows = [
        [*PRICES, "care_share", "education_share", "health_share"],
        ["QX00002", "01/06/2018", "24/05/2019", "1400", "0.5", "0", "0.5"],  # 51 weeks
        ["QX00002", "01/06/2018", "24/05/2019", "-700", "0", "0", "1"],
    ]
    report = bring_in(source, tmp_path, rows)
    assert report.money.by_payer == {"care": 35_700.0}
    costs = pd.read_parquet(report.path / "costs.parquet")
    assert costs[["gbp_week", "care_share", "health_share"]].values.tolist() == [[700.0, 1.0, 0.0]]


CHARGE = ["01/06/2018", "29/06/2018", "700", "30"]  # four weeks
SUPPORTED = {
    # credit and its support: pounds on days in care, set aside
    "taken off both": (["-70", "-10"], 4 * (630 + 20), 0.0),
    "taken off the price alone": (["-70", ""], 4 * (630 + 30), 0.0),
    "support below nought: both set aside": (["-70", "-31"], 0.0, 4 * (630 - 1)),
    "of two signs: set aside": (["-70", "10"], 4 * 730, -4 * 60.0),
}


@pytest.mark.parametrize("case", SUPPORTED)
def test_support_in_a_credit_is_netted_against_support(case, source, tmp_path):
    credit, kept, aside = SUPPORTED[case]
    days = CHARGE[:2]
    plain = [[f"QX{k:05d}", *days, "0", ""] for k in range(3, 45)]
    rows = [[*PRICES, "support_gbp_week"], ["QX00002", *CHARGE], ["QX00002", *days, *credit], *plain]
    money = bring_in(source, tmp_path, rows).money
    assert (money.pounds_matched, money.pounds_aside, money.pounds_lost) == (kept, aside, 0.0)


ODD_SUPPORT = {
    # support beside a price of 700 for four weeks: pounds in, kept, rows without a readable amount
    "200000": (802_800.0, 0.0, 0),
    "(100)": (2_400.0, 0.0, 0),
    "ask": (0.0, 0.0, 1),
    "£1,200 pcm": (2_800 + 1_103.9, 2_800 + 1_103.9, 0),  # 28 days of 12 months in 365.25 days: £1,103.90
    "7,000 total": (9_800.0, 9_800.0, 0),
}


@pytest.mark.parametrize("support", ODD_SUPPORT)
def test_support_follows_the_rules_of_the_amount(support, source, tmp_path):
    came, kept, unread = ODD_SUPPORT[support]
    days = CHARGE[:2]
    plain = [[f"QX{k:05d}", *days, "0", ""] for k in range(3, 45)]
    rows = [[*PRICES, "support_gbp_week"], ["QX00002", *days, "700", support], *plain]
    money = bring_in(source, tmp_path, rows).money
    assert (money.pounds_in, money.pounds_kept, money.rows_without_pounds) == (came, kept, unread)
    assert money.pounds_lost == 0


def test_a_price_set_aside_shuts_out_no_other():
    text = [
        ("a", *days)
        for days in (("04-10", "05-01"), ("04-20", "12-31"), ("05-01", "06-01"), ("06-01", "07-01"))
    ]
    rows = pd.DataFrame(text, columns=["CHILD", "from", "to"]).assign(
        gbp_week=500.0, _file="x", _row=range(2, 6)
    )
    for name in ("from", "to"):
        rows[name] = pd.to_datetime("2019-" + rows[name])
    ledger = Ledger()
    assert settle_prices(rows, ledger=ledger)["_row"].tolist() == [2, 4, 5]
    assert ledger.log()[["rule", "row"]].values.tolist() == [["price-overlap", 3]]


CHAIN = [
    ["a", "2019-04-10", "2019-05-01"],
    ["a", "2019-04-30", "2019-06-01"],
    ["a", "2019-05-31", "2019-07-01"],
]


@pytest.mark.parametrize(("last_day", "rule"), [(True, "price-touches"), (False, "price-overlap")])
def test_ends_equal_to_the_next_start_say_that_the_last_day_looks_wrong(last_day, rule):
    rows = pd.DataFrame(CHAIN, columns=["CHILD", "from", "to"]).assign(
        gbp_week=500.0, _file="x", _row=range(2, 5)
    )
    rows = rows.assign(**{name: pd.to_datetime(rows[name]) for name in ("from", "to")})
    ledger = Ledger()
    assert settle_prices(rows, ledger=ledger, last_day=last_day)["_row"].tolist() == [2, 4]
    assert ledger.log()["rule"].tolist() == [rule]


def test_an_extract_whose_ends_are_the_next_starts_is_refused_with_what_to_change(source, tmp_path):
    (tmp_path / "m.toml").write_text("[costs]\nlast_day = 'included'", encoding="utf-8")
    rows = [[f"QX{k:05d}", f"01/0{m}/2018", f"01/0{m + 1}/2018", "700"] for k in range(1, 9) for m in (6, 7)]
    with pytest.raises(InputError, match='write last_day = "not included" in the mapping') as error:
        bring_in(source, tmp_path, [PRICES, *rows], mapping=tmp_path / "m.toml")
    assert "\n" not in str(error.value)


def test_the_report_says_how_ends_were_read_unless_the_mapping_does(source, tmp_path):
    rows = [PRICES, ["QX00002", "01/06/2018", "29/06/2018", "700"]]
    said = "read as the day after the last day charged"
    assert any(said in line for line in bring_in(source, tmp_path, rows).lines())
    (tmp_path / "m.toml").write_text("[costs]\nlast_day = 'not included'", encoding="utf-8")
    told = bring_in(source, tmp_path, rows, mapping=tmp_path / "m.toml")
    assert not any(said in line for line in told.lines())


@pytest.mark.parametrize("wrong", ["31/06/2018", "ask Joan"])
def test_a_price_whose_end_is_no_date_is_of_unknown_pounds_and_not_open(wrong, source, tmp_path):
    rows = [[f"QX{k:05d}", "01/06/2018", "29/06/2018", "700"] for k in range(1, 30)]
    rows += [["QX00030", "01/06/2018", wrong, "700"]]
    report = bring_in(source, tmp_path, [PRICES, *rows])
    assert (report.money.pounds_in, report.money.pounds_aside) == (29 * 2800.0, 0.0)
    assert report.money.rows_without_pounds == 1
    assert "1 row without a readable amount or a day, not counted here" in report.lines()[-2]


def test_the_report_says_when_no_price_has_an_end_though_one_follows_another(source, tmp_path):
    rows = [[f"QX{k:05d}", f"01/0{m}/2018", "", "700"] for k in range(1, 9) for m in (6, 7)]
    said = "No price of costs has an end: each of the 16 is paid until the next of its child begins"
    assert [line for line in bring_in(source, tmp_path, [PRICES, *rows]).lines() if said in line]
    rows[0][2] = "29/06/2018"
    ended = bring_in(source, tmp_path, [PRICES, *rows]).lines()
    assert [line for line in ended if "has an end" in line] == []


CONTRIBUTIONS = {
    # amount, period, care, education, health: shares, or None for set aside
    ("4000", "month", "2000", "1000", "1000"): [0.5, 0.25, 0.25],
    ("4000", "month", "459.96", "229.98", "229.98"): None,  # what it is a week
    ("-140", "week", "-70", "-35", "-35"): [0.5, 0.25, 0.25],
    ("(140)", "week", "(70)", "35 CR", "-35"): [0.5, 0.25, 0.25],
    ("-140", "week", "70", "35", "35"): None,
    ("100", "week", "150", "-50", ""): None,
    ("1,200.50", "year", "£1,200.50", "", ""): [1.0, 0.0, 0.0],
    ("0", "week", "0", "0", "0"): [None, None, None],
    ("700", "week", "700 pcm", "", ""): None,
}


@pytest.mark.parametrize("drawn", CONTRIBUTIONS)
def test_contributions_are_held_against_the_amount_of_the_same_period_and_sign(drawn):
    amount, period, *parts = drawn
    shares = ["care_share", "education_share", "health_share"]
    rows = pd.DataFrame([parts], columns=shares, dtype="str").assign(
        amount=amount, period=period, _file="x", _row=2, to=pd.NaT, **{"from": pd.Timestamp("2019-04-01")}
    )
    rows["to"] = rows["to"].astype("datetime64[ns]")
    out = price_rows(rows, TableMapping(options={"shares_as": "pounds"}), ledger=Ledger())
    found = [[None if pd.isna(share) else share for share in row] for row in out[shares].values.tolist()]
    assert found == ([] if CONTRIBUTIONS[drawn] is None else [CONTRIBUTIONS[drawn]])


def test_pounds_that_go_missing_between_extract_and_table_are_noticed(source, tmp_path, monkeypatch):
    rows = [PRICES, *([f"QX{k:05d}", "01/06/2018", "29/06/2018", "700"] for k in range(1, 4))]
    plain = landing.write_council

    def lossy(folder, tables, *rest, **more):
        plain(folder, {**tables, "costs": tables["costs"].iloc[1:]}, *rest, **more)

    monkeypatch.setattr(landing, "write_council", lossy)
    report = bring_in(source, tmp_path, rows)
    assert report.money.pounds_lost == 2800.0
    assert any("£2,800.00 are unaccounted for" in line for line in report.lines())


def test_a_price_given_twice_is_repeated_not_paid_twice(source, tmp_path):
    row = ["QX00001", "01/06/2018", "29/06/2018", "700"]
    money = bring_in(source, tmp_path, [PRICES, row, row]).money
    assert (money.pounds_in, money.pounds_kept, money.pounds_repeated) == (5600.0, 2800.0, 2800.0)
    assert money.pounds_lost == 0


@pytest.mark.parametrize(
    ("year", "said"),
    [("2018-19", "2018-19: £3,100 on days in care against £6,200 in the ledger, 50.0%."),
     ("2019-20", "2019-20: £0 on days in care against £6,200 in the ledger, 0.0%."),
     ("2025-26", "2025-26: no return covers a day of it, so £6,200 in the ledger is held against nothing.")],
)  # fmt: skip
def test_a_ledger_of_a_year_outside_the_data_is_said_to_be(year, said):
    placed = table_drawn("child_id ls decom\n a C2 2018-05-01").assign(dec=pd.NaT)
    prices = pd.DataFrame({"child_id": ["a"], "from": pd.to_datetime(["2019-03-01"]),
                           "to": pd.to_datetime(["2019-04-01"]), "gbp_week": 700.0})  # fmt: skip
    days = {"start": pd.Timestamp("2018-04-01"), "end": pd.Timestamp("2020-04-01")}
    assert reconcile(placed, prices, totals={year: 6_200.0}, **days).lines()[-1] == said


def test_a_ledger_given_on_the_command_line_is_held_against_its_year(source, tmp_path, capsys):
    rows = [PRICES, ["QX00001", "01/03/2019", "12/04/2019", "700"]]  # 31 days in 2018-19, 11 in 2019-20
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    given = [
        "import",
        str(tmp_path / "out"),
        "--ssda903",
        str(source),
        "--costs",
        str(tmp_path / "costs.csv"),
    ]
    more = ["--ledger", "2018-19=6200", "--ledger", "2019-20=1000", "--key", str(tmp_path / "k" / "k.key")]
    assert main([*given, *more]) == 0
    said = capsys.readouterr().out
    assert "2018-19: £3,100 on days in care against £6,200 in the ledger, 50.0%." in said
    assert "2019-20: £1,100 on days in care against £1,000 in the ledger, 110.0%." in said
    for wrong in ("2019-20", "2019-20=-1", "2019-20=lots"):
        assert main([*given, "--ledger", wrong, *more[-2:]]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


# GDP deflator by financial year as HM Treasury published it with the March 2026 national accounts, 2024-25 = 100:
# another release, read in another copy than the table shipped.
MARCH_2026 = {
    "2015-16": 74.5804,
    "2016-17": 76.0754,
    "2017-18": 77.0388,
    "2018-19": 78.7948,
    "2019-20": 80.8738,
    "2020-21": 85.1002,
    "2021-22": 85.3036,
    "2022-23": 91.2996,
    "2023-24": 96.1117,
}


@pytest.mark.parametrize("year", MARCH_2026)
def test_the_index_agrees_with_another_release(year):
    assert 100 / price_index().factor(year, "2024-25") == pytest.approx(MARCH_2026[year], abs=0.02)


def test_every_year_of_the_index_has_its_source():
    rows = pd.read_csv(data_file("reference/price_index.csv"))
    assert rows[["year", "index", "source", "url", "retrieved"]].notna().all(axis=None)
    assert rows["source"].str.contains("HM Treasury").all()
    assert not rows["year"].duplicated().any()


def test_a_year_without_a_published_figure_is_refused_in_one_line():
    costs = pd.DataFrame({"gbp_week": [500.0], "price_year": ["2019-20"]})
    with pytest.raises(InputError, match="no year 2030-31") as error:
        deflate(costs, to="2030-31")
    assert "\n" not in str(error.value)


def test_a_council_in_prices_of_another_year_says_so_and_changes_only_prices():
    demo = open_council(data_file("demo"))
    real = in_prices_of(demo, "2024-25")
    before, after = (c.snapshot("2019-12-31").set_index("child_id") for c in (demo, real))
    assert real.price_year == "2024-25"
    ratio = (after["cost_gbp_week"] / before["cost_gbp_week"]).dropna()
    factors = [price_index().factor(year, "2024-25") for year in demo.tables["costs"]["price_year"].unique()]
    assert ratio.between(min(factors) - 1e-9, max(factors) + 1e-9).all()
    pd.testing.assert_series_equal(before["need_total"], after["need_total"])


def test_child_weeks_are_deflated_by_the_year_they_fall_in():
    weeks = pd.DataFrame(
        {
            "from": pd.to_datetime(["2019-01-01", "2019-04-01"]),
            "to": pd.to_datetime(["2019-04-01", "2019-07-01"]),
            "cost_gbp": [1000.0, 1000.0],
        }
    )
    assert deflate(weeks, to="2019-20")["cost_gbp"].round(2).tolist() == [1026.39, 1000.0]
    over = weeks.assign(to=pd.Timestamp("2020-07-01"))
    with pytest.raises(InputError, match="run over 31 March"):
        deflate(over, to="2019-20")


def test_the_year_of_a_ledger_is_read_in_every_usual_form_or_refused():
    assert _totals(["2019/20=1,000", "2018-2019=£5"]) == {"2019-20": 1000.0, "2018-19": 5.0}
    for wrong in (
        "2019=1",
        "2019-21=1",
        "=1",
        "2019-20=x",
        *(f"2019-20={n}" for n in ("inf", "nan", "1e300", "-5")),
    ):
        with pytest.raises(InputError, match="is not YEAR=POUNDS above £0"):
            _totals([wrong])
