"""Unit and property tests: a council's own names and values, prices made weekly, money balanced to the penny."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import returns, text_of, write_folder
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.cli import main
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.core.price_index import read_index
from vcanalysis.intake.cleaning.amounts import PER_WEEK
from vcanalysis.intake.deflating import deflate
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.forgetting import forget_council
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.mapping import presets, read_mapping
from vcanalysis.intake.pence import split_pence


@pytest.fixture
def bring_in(tmp_path):
    def run(table, rows, mapping=None, **options):
        (tmp_path / f"{table}.csv").write_text(text_of(rows), encoding="utf-8")
        source = tmp_path / "f"
        if not source.exists():
            write_folder(returns(), source)
        given = {table: tmp_path / f"{table}.csv", "mapping": mapping, **options}
        return import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key", **given)

    return run


def table(report, name):
    return pd.read_parquet(report.path / f"{name}.parquet")


FINANCE = ["Client ID", "Start date", "End date", "Amount", "Frequency"]


@pytest.mark.parametrize(
    ("amount", "period", "week"),
    [
        ("700", "Weekly", 700.0),
        ("100", "Daily", 700.0),
        ("52178.57", "Annual", 1000.0),
        ("4348.21", "Monthly", 1000.0),
        ("2800", "4-weekly", 700.0),
        ("3000", "One-off", 700.0),
    ],
)
def test_a_price_for_any_period_becomes_a_weekly_one(bring_in, amount, period, week):
    rows = [FINANCE, ["QX00001", "01/06/2018", "30/06/2018", amount, period]]
    report = bring_in("costs", rows, "finance")
    costs = table(report, "costs")
    assert costs["gbp_week"].round(2).tolist() == [week]
    assert costs["to"].tolist() == [pd.Timestamp("2018-07-01")]  # the last day charged is paid for


def test_credits_lower_the_charge_they_belong_to_and_pounds_balance(bring_in):
    rows = [["child_id", "from", "to", "gbp_week"]]
    rows += [[f"QX{k:05d}", "01/06/2018", "01/06/2019", "700"] for k in range(1, 30)]
    rows += [
        ["QX00001", "01/07/2018", "08/07/2018", "(350.00)"],
        ["QX00040", "01/07/2018", "08/07/2018", "-70"],
    ]
    report = bring_in("costs", rows)
    costs = table(report, "costs")
    assert sorted(costs["gbp_week"].unique()) == [350.0, 700.0]
    money = report.money
    assert money.pounds_in == round(money.pounds_kept + money.pounds_aside, 2)
    assert (money.pounds_aside, money.pounds_kept) == (-70.0, 29 * 36_500.0 - 350.0)
    assert money.pounds_matched + money.pounds_unmatched == money.pounds_kept


def test_a_ledger_is_held_against_the_pounds_of_its_year(bring_in):
    rows = [["child_id", "from", "to", "gbp_week"], ["QX00001", "01/06/2018", "29/06/2018", "700"]]
    report = bring_in("costs", rows, totals={"2018-19": 5600.0})
    assert report.money.by_year == {"2018-19": 2800.0}
    assert "2018-19: £2,800 on days in care against £5,600 in the ledger, 50.0%." in report.lines()[
        -2
    ].strip() or any("50.0%" in line for line in report.lines())


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 4000), min_size=1, max_size=8).filter(lambda days: sum(days) > 0),
)
def test_pence_split_by_days_add_up_and_stay_within_a_penny_of_their_part(pence, days):
    parts = split_pence(pd.Series([pence]), pd.DataFrame([days])).iloc[0]
    assert parts.sum() == pence
    assert all(
        abs(part - pence * day / sum(days)) < 1 + 1e-6 * pence for part, day in zip(parts, days, strict=True)
    )


def test_a_year_has_365_and_a_quarter_days():
    assert PER_WEEK["year"] == 7 / 365.25
    assert PER_WEEK["month"] * 365.25 / 12 == pytest.approx(7)


def test_prices_are_deflated_by_an_index_with_a_source_or_not_at_all(tmp_path):
    (tmp_path / "index.csv").write_text("year,index,source\n2018-19,100,drawn\n2019-20,102,drawn\n")
    index = read_index(tmp_path / "index.csv")
    costs = pd.DataFrame({"gbp_week": [500.0, 510.0], "price_year": ["2018-19", "2019-20"]})
    assert deflate(costs, index, to="2019-20")["gbp_week"].tolist() == [510.0, 510.0]
    with pytest.raises(InputError, match="no year 2020-21"):
        deflate(costs, index, to="2020-21")
    (tmp_path / "index.csv").write_text("year,index,source\n2018-19,100,\n")
    with pytest.raises(InputError, match="a source are needed"):
        read_index(tmp_path / "index.csv")


def test_every_mapping_that_comes_with_the_workbench_can_be_read():
    for name in presets():
        assert read_mapping(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fees]\nx = 'y'", "is no table that can be mapped"),
        ("[costs]\nfee = 'y'", "there is no column fee"),
        ("[costs]\nevery = 'moon'", "Allowed: day, week"),
        ("[costs]\nfrom = [['a']]", "every entry must be a text"),
        ("[costs]\nonly = 'x'", "write it as"),
        ("[costs", "cannot be read as TOML"),
    ],
)
def test_a_wrong_mapping_gives_one_line(tmp_path, text, message):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(InputError, match=message):
        read_mapping(tmp_path / "m.toml")


def test_the_draft_of_prices_under_our_own_names_counts_each_pound_once(bring_in, tmp_path):
    rows = [["child_id", "from", "to", "gbp_week"], ["QX00001", "01/06/2018", "28/06/2018", "700"]]
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    draft = draft_mapping(tmp_path / "costs.csv")
    assert 'gbp_week = "gbp_week"\n' in draft
    assert "support" not in draft
    assert "no column was found" not in draft
    (tmp_path / "draft.toml").write_text(draft, encoding="utf-8")
    report = bring_in("costs", rows, tmp_path / "draft.toml")
    assert report.money.pounds_in == 4 * 700.0  # 28 days, the last included


def test_a_draft_takes_pounds_per_week_for_the_price_and_not_for_support(tmp_path):
    rows = [["child_id", "from", "to", "GBP per week"], ["QX00001", "01/06/2018", "28/06/2018", "700"]]
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    assert 'amount = "GBP per week"' in draft_mapping(tmp_path / "costs.csv")


def test_a_draft_can_be_used_and_says_what_is_not_sure(bring_in, tmp_path, capsys):
    rows = [["Client ID", "Start date", "End date", "Weekly cost", "Team"]]
    rows += [[f"QX{k:05d}", "01/06/2018", "31/05/2019", "700", "North"] for k in range(1, 30)]
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    draft = draft_mapping(tmp_path / "costs.csv")
    assert 'child_id = "Client ID"' in draft
    assert "CHECK" in draft
    assert "# Not used: Team" in draft
    assert "QX0" not in draft
    (tmp_path / "draft.toml").write_text(draft, encoding="utf-8")
    assert len(table(bring_in("costs", rows, tmp_path / "draft.toml"), "costs")) == 29
    assert main(["import", "--draft-mapping", str(tmp_path / "costs.csv")]) == 0
    assert capsys.readouterr().out == draft


def test_forget_deletes_what_was_imported_and_says_what_remains(bring_in, tmp_path, capsys):
    report = bring_in("costs", [["child_id", "from", "gbp_week"], ["QX00001", "01/06/2018", "700"]])
    (report.path / "notes.txt").write_text("mine")
    done = forget_council(report.path)
    assert [file.name for file in report.path.iterdir()] == ["notes.txt"]
    assert any(report.key_id in line for line in done.lines())
    assert main(["forget", str(report.path)]) == 2  # no council any more
    assert "no council folder" in capsys.readouterr().err
    assert main(["forget", "data/demo"]) == 2


def test_forget_names_the_reports_of_a_council_whatever_its_name(bring_in, tmp_path):
    report = bring_in("costs", [["child_id", "from", "gbp_week"], ["QX00001", "01/06/2018", "700"]])
    meta = report.path / "council.toml"
    meta.write_text(meta.read_text().replace(f'name = "{report.council}"', 'name = "St. Mary\'s & [Co]"'))
    (tmp_path / "reports" / "st-mary-s-co" / "2019Q4").mkdir(parents=True)
    said = forget_council(report.path, reports=tmp_path / "reports").lines()
    assert any("1 run in " in line and "st-mary-s-co" in line for line in said)


@pytest.mark.parametrize("part", ["values", "always", "only", "domains"])
@pytest.mark.parametrize("said", ["3", '"x"', '["from"]'])
def test_a_part_of_a_mapping_that_is_no_section_is_refused(tmp_path, part, said):
    (tmp_path / "m.toml").write_text(f"[costs]\n{part} = {said}\n")
    with pytest.raises(InputError, match=r"write it as \[table\.part\]"):
        read_mapping(tmp_path / "m.toml")


def test_a_sheet_may_be_called_by_a_number(tmp_path):
    (tmp_path / "m.toml").write_text("[costs]\nsheet = 2019\n")
    assert read_mapping(tmp_path / "m.toml")["costs"].options == {"sheet": "2019"}


def test_a_value_with_two_meanings_but_for_capitals_is_refused(tmp_path):
    (tmp_path / "m.toml").write_text('[costs.values.period]\nPW = "week"\npw = "month"\n')
    with pytest.raises(InputError, match="pw twice, but for capitals, with two meanings"):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("form", "earlier", "later"),
    [
        ("dd/mm/yyyy", "01/06/2018 9:05", "1/6/2018 10:30"),
        ("dd/mm/yyyy", "01/06/2018 11:59 AM", "1 June 2018 1:15 PM"),
        ("mm/dd/yyyy", "03/09/2018", "04/08/2018"),  # 9 March, 8 April
    ],
)
def test_the_rating_entered_last_holds_however_its_time_is_written(bring_in, tmp_path, form, earlier, later):
    (tmp_path / "m.toml").write_text(f'[needs]\ndates = "{form}"\n')
    head, about = ["child_id", "date", "domain", "level", "entered"], ["QX00001", "2018-06-01"]
    rows = [[*about, "education_learning", "1", later], [*about, "education_learning", "3", earlier]]
    assert table(bring_in("needs", [head, *rows], tmp_path / "m.toml"), "needs")["level"].tolist() == [1]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10-May-2018", ""),
        ("20.05.2018", ""),
        ("20/05/18", ""),
        ("05/20/2018", 'dates = "mm/dd/yyyy"  # CHECK'),
        ("05-20-18 x", "20 of the first 20 dates cannot be read"),
        ("Thursday", "20 of the first 20 dates cannot be read"),
    ],
)
def test_a_draft_proposes_the_month_first_only_where_that_reads_the_dates(tmp_path, written, said):
    rows = [["Person ID", "Start date", "Weekly cost"], *([f"QX{k:05d}", written, "700"] for k in range(20))]
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    draft = draft_mapping(tmp_path / "costs.csv", table="costs")
    assert said in draft
    assert ("mm/dd/yyyy" in draft.split("Read are")[0]) == ("mm/dd" in said)
    assert ("cannot be read" in draft) == ("cannot" in said)


def test_a_column_of_no_dates_is_refused_with_the_forms_that_are_read(bring_in):
    rows = [["child_id", "from", "gbp_week"], *([f"QX{k:05d}", "Thursday", "700"] for k in range(1, 9))]
    with pytest.raises(
        InputError, match=r"Dates are read as dd/mm/yyyy, yyyy-mm-dd, dd-mm-yyyy, dd\.mm\.yyyy"
    ):
        bring_in("costs", rows)


def test_a_mapping_reads_the_month_first_whatever_the_sign_and_the_year(bring_in, tmp_path):
    rows = [["child_id", "from", "gbp_week"]]
    rows += [
        ["QX00001", "06-20-2018", "700"],
        ["QX00002", "06/20/18", "700"],
        ["QX00003", "6.20.2018", "700"],
    ]
    (tmp_path / "own.toml").write_text('[costs]\ndates = "mm/dd/yyyy"\n', encoding="utf-8")
    read = table(bring_in("costs", rows, tmp_path / "own.toml"), "costs")
    assert read["from"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-20"] * 3


def test_a_section_whose_file_is_not_given_is_named_in_the_report(bring_in, tmp_path):
    finance = data_file("mappings/finance.toml").read_text(encoding="utf-8")
    (tmp_path / "m.toml").write_text(finance + "\n[goals]\n", encoding="utf-8")
    rows = [FINANCE, ["QX00001", "01/06/2018", "30/06/2018", "700", "Weekly"]]
    report = bring_in("costs", rows, mapping=tmp_path / "m.toml")
    assert "The mapping has a section for goals, but no file was given with --goals" in str(report)


def test_a_mapping_for_none_of_the_files_is_refused(bring_in, tmp_path):
    (tmp_path / "m.toml").write_text("[goals]\n", encoding="utf-8")
    with pytest.raises(InputError, match="The mapping is for goals, but no such file was given"):
        bring_in("costs", [FINANCE], mapping=tmp_path / "m.toml")
