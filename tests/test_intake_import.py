"""Unit tests: an import of invented returns, its forms of input, its balance, and nothing that identifies."""

from __future__ import annotations

import json
import os

import pandas as pd
import pytest
from drawn import returns, text_of, write_folder, write_workbook, write_zip

from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.quarantine import ORDER
from vcanalysis.intake.report import PARTS


@pytest.fixture
def key(tmp_path):
    return tmp_path / "keys" / "test.key"


@pytest.fixture
def bring_in(tmp_path, key):
    """Import returns drawn up as nested rows."""

    def run(made, out="anyshire", **options):
        source = tmp_path / f"from-{out}"
        if not source.exists():
            write_folder(made, source)
        return import_extracts(tmp_path / out, ssda903=source, key=key, **options)

    return run


def table(folder, name):
    return pd.read_parquet(folder / f"{name}.parquet")


# --- what comes out -------------------------------------------------------------------------------


def test_returns_become_a_council_that_opens(bring_in):
    report = bring_in(returns())
    council = open_council(report.path)
    assert len(council.tables["children"]) == 60
    assert (council.start, council.end) == (pd.Timestamp("2018-04-01"), pd.Timestamp("2020-04-01"))
    assert len(council.snapshot("2019-03-31")) == 60
    assert len(council.snapshot("2020-03-31")) == 48  # every fifth child left in April 2019
    assert report.in_care == 48
    assert council.label == "anyshire"


def test_the_sdq_is_an_outcome_and_the_first_need_score(bring_in):
    council = open_council(bring_in(returns()).path)
    outcomes = council.tables["outcomes"]
    sdq = outcomes.loc[outcomes["measure"] == "sdq_total"]
    assert sorted(sdq["date"].unique()) == [pd.Timestamp("2019-03-31"), pd.Timestamp("2020-03-31")]
    assert council.framework_id == "sdq-total"
    last = council.snapshot("2020-03-31")
    assert last["need_total"].notna().all()
    assert set(council.tables["needs"]["context"]) == {"SDQ return"}


def test_missing_episodes_are_counted_per_child_and_year_and_none_is_nought(bring_in):
    outcomes = open_council(bring_in(returns()).path).tables["outcomes"]
    missing = outcomes.loc[outcomes["measure"] == "missing_episodes"]
    assert missing.groupby("date")["value"].agg(["size", "sum"]).values.tolist() == [[60, 3], [60, 3]]


def test_asylum_seeking_children_are_marked_and_only_they(bring_in):
    children = open_council(bring_in(returns()).path).tables["children"]
    assert children["uasc"].sum() == 1
    assert children["uasc"].notna().all()


def test_no_uasc_table_is_not_the_same_as_no_asylum_seeking_children(bring_in):
    made = returns()
    for tables in made.values():
        del tables["uasc"]
    assert open_council(bring_in(made).path).tables["children"]["uasc"].isna().all()


def test_what_is_read_but_not_yet_used_is_said(bring_in):
    report = bring_in(returns())
    lines = {line["table"]: line for line in report.balance}
    assert lines["reviews"]["not_used"] == lines["reviews"]["rows_in"] == 108
    assert "Read, not yet used: reviews (108 rows)." in "\n".join(report.lines())


# --- one return in many forms ---------------------------------------------------------------------


def _same(a, b):
    for name in ("children", "placements", "outcomes"):
        pd.testing.assert_frame_equal(table(a, name), table(b, name))


def test_folder_zip_and_flat_names_give_the_same_council(bring_in, tmp_path, key):
    made = returns()
    folder = bring_in(made).path
    zipped = import_extracts(tmp_path / "b", ssda903=write_zip(made, tmp_path / "r.zip"), key=key).path
    flat = tmp_path / "flat"
    flat.mkdir()
    for year, tables in made.items():
        for name, rows in tables.items():
            (flat / f"SSDA903_{year}_{name}.csv").write_text(text_of(rows))
    _same(folder, zipped)
    _same(folder, import_extracts(tmp_path / "c", ssda903=flat, key=key).path)


def test_a_workbook_with_real_dates_and_numbers_gives_the_same_council(tmp_path, key):
    made = returns(years=(2019,))
    folder = import_extracts(tmp_path / "a", ssda903=write_folder(made, tmp_path / "f"), key=key).path
    book = write_workbook(made[2019], tmp_path / "return.xlsx")
    _same(folder, import_extracts(tmp_path / "b", ssda903=book, key=key).path)


def _respelt(made, change):
    for tables in made.values():
        for name, rows in tables.items():
            tables[name] = [rows[0], *([change(cell) for cell in row] for row in rows[1:])]
    return made


def _iso(cell):
    parts = cell.split("/")
    return f"{parts[2]}-{parts[1]}-{parts[0]}" if len(parts) == 3 else cell


@pytest.mark.parametrize(
    ("write", "change"),
    [
        (lambda text: text.encode("utf-8-sig"), lambda cell: cell),
        (lambda text: text.encode("utf-16"), lambda cell: cell),
        (lambda text: text.replace(",", ";").encode(), lambda cell: cell),
        (lambda text: text.replace(",", "\t").encode(), lambda cell: cell),
        (lambda text: text.replace("\n", "\r\n").encode(), lambda cell: cell),
        (lambda text: ("Report for Anyshire\n\n" + text).encode(), lambda cell: cell),
        (lambda text: text.replace("CHILD", "child ").replace("DECOM", "Decom").encode(), lambda cell: cell),
        (lambda text: text.encode(), _iso),
        (lambda text: text.encode(), lambda cell: cell.lower() if cell in ("U4", "K2", "C2") else cell),
        (lambda text: text.encode(), lambda cell: f"{cell}.0" if cell in ("1", "2") else cell),
        (lambda text: text.encode(), lambda cell: f" {cell} "),
    ],
    ids=[
        "mark",
        "utf-16",
        "semicolon",
        "tab",
        "windows",
        "title",
        "headers",
        "iso",
        "lower",
        "point",
        "blanks",
    ],
)
def test_the_ways_exports_differ_make_no_difference(bring_in, tmp_path, key, write, change):
    plain = bring_in(returns()).path
    other = tmp_path / "other"
    for year, tables in _respelt(returns(), change).items():
        (other / str(year)).mkdir(parents=True)
        for name, rows in tables.items():
            (other / str(year) / f"{name}.csv").write_bytes(write(text_of(rows)))
    _same(plain, import_extracts(tmp_path / "b", ssda903=other, key=key).path)


@pytest.mark.parametrize(
    ("named_after", "said"), [(0, "the 31 March it ends"), (-1, "the 1 April it begins")]
)
def test_the_year_of_a_return_comes_from_its_dates_and_is_said(tmp_path, key, named_after, said):
    source = write_folder(returns(), tmp_path / "f", named_after=named_after)
    report = import_extracts(tmp_path / "out", ssda903=source, key=key)
    assert list(report.returns) == [2019, 2020]
    assert any(said in note for note in report.notes)


def test_two_returns_of_one_year_are_refused(tmp_path, key):
    made = {name: returns(years=(2019,), children=n)[2019] for name, n in (("first", 60), ("second", 61))}
    for name, tables in made.items():
        (tmp_path / "f" / name).mkdir(parents=True)
        for table_name, rows in tables.items():
            (tmp_path / "f" / name / f"{table_name}.csv").write_text(text_of(rows))
    with pytest.raises(InputError, match="both look like the return of the year to 31 March 2019"):
        import_extracts(tmp_path / "out", ssda903=tmp_path / "f", key=key)


def test_tables_stacked_over_years_are_split_by_their_year(bring_in, tmp_path, key):
    made = returns()
    stacked = tmp_path / "stacked"
    stacked.mkdir()
    for name in made[2019]:
        rows = [[*made[2019][name][0], "LA", "YEAR"]]
        rows += [[*row, "Anyshire", str(year)] for year in made for row in made[year][name][1:]]
        rows[-1][-2] = "anyshire "
        (stacked / f"{name}.csv").write_text(text_of(rows))
    _same(bring_in(made).path, import_extracts(tmp_path / "b", ssda903=stacked, key=key).path)


# --- every row accounted for ----------------------------------------------------------------------


def _spoil(made):
    """Add one row of many kinds that cannot be used, and some to be changed."""
    rows = made[2020]["episodes"]
    good = rows[-1]
    for change in (
        {0: "QX99999"},  # in no header
        {1: "31/04/2019"},
        {5: "X9"},
        {3: "C9"},
        {7: "01/01/2019", 8: "E8"},  # ends before it begins
        {1: "01/05/2020"},  # after the return
    ):
        rows.append([change.get(i, cell) for i, cell in enumerate(good)])
    rows.append(good)  # given twice
    rows.append([*good, "one too many"])
    rows.append([good[0].lower() if i == 0 else c for i, c in enumerate(good)][:5])
    made[2020]["header"].append([*made[2020]["header"][1][:2], "01/01/1999", "WBRI", "", "", ""])
    made[2020]["oc2"][1][2] = "41"
    return made


def test_every_row_is_kept_dropped_or_set_aside_recomputed_from_the_files(bring_in):
    made = _spoil(returns(300))
    report = bring_in(made)
    log = pd.read_csv(report.path / "import" / "log.csv", keep_default_na=False)
    kept = {
        "header": len(table(report.path, "children")),
        "episodes": len(table(report.path, "placements")),
        "uasc": 1,
    }
    for name, rows_kept in kept.items():
        rows_in = sum(len(tables[name]) - 1 for tables in made.values())
        own = log.loc[log["table"] == name]
        gone = own.loc[own["action"].isin(["dropped", "quarantined"])]
        assert not gone.duplicated(["file", "row"]).any(), "a row leaves only once"
        assert rows_in == rows_kept + len(gone), name
        aside = report.path / "import" / "quarantine" / f"{name}.csv"
        quarantined = len(pd.read_csv(aside)) if aside.exists() else 0
        assert quarantined == (gone["action"] == "quarantined").sum(), name
    for line in report.balance:
        assert line["rows_in"] == sum(line[part] for part in PARTS)
    rules = set(log.loc[log["table"] == "episodes", "rule"])
    aside = {"orphan", "not-a-date", "unknown-code", "end-before-start", "after-return", "row-length"}
    assert aside | {"duplicate", "R3A"} <= rules


def test_the_report_on_disk_says_what_the_report_says(bring_in):
    report = bring_in(_spoil(returns(300)))
    written = json.loads((report.path / "import" / "report.json").read_text())
    assert written["balance"] == report.balance
    assert {rule: entry["rows"] for rule, entry in written["rules"].items()} == report.rules
    assert "made_key" not in written


def test_the_log_names_file_row_and_rule_and_points_at_the_right_row(bring_in):
    made = returns(300)
    row = next(i for i, r in enumerate(made[2020]["episodes"]) if r[5] == "K2")
    made[2020]["episodes"][row][5] = "X9"
    report = bring_in(made)
    aside = pd.read_csv(report.path / "import" / "quarantine" / "episodes.csv")
    assert aside[list(ORDER[:-1])].values.tolist() == [
        ["unknown-code", "2020/episodes.csv", row + 1, "PLACE"]
    ]
    assert aside["PLACE"].tolist() == ["(not a known code)"]


def test_the_same_returns_and_key_give_the_same_bytes(bring_in):
    first = bring_in(_spoil(returns(300)))
    before = {f.relative_to(first.path): f.read_bytes() for f in first.path.rglob("*") if f.is_file()}
    second = bring_in(_spoil(returns(300)))
    after = {f.relative_to(second.path): f.read_bytes() for f in second.path.rglob("*") if f.is_file()}
    assert before == after


# --- nothing that identifies ----------------------------------------------------------------------


def _tokens(made):
    for tables in made.values():
        for row in tables["header"][1:]:
            yield from (row[0], row[2], row[4], "-".join(reversed(row[2].split("/"))))
        for row in tables["episodes"][1:]:
            yield from (cell for cell in (row[0], *row[10:13]) if len(cell) > 4)


def test_no_identifier_birthday_postcode_or_upn_reaches_any_byte_written(bring_in, capsys):
    made = _spoil(returns(300))
    made[2020]["episodes"][5][5] = made[2020]["header"][5][0]  # an identifier in the wrong column
    report = bring_in(made)
    tokens = {token.encode() for token in _tokens(made) if token}
    written = ["\n".join(report.lines()).encode(), repr(report).encode(), capsys.readouterr().out.encode()]
    for file in report.path.rglob("*"):
        if file.suffix == ".parquet":
            written.append(pd.read_parquet(file).to_csv().encode())
        if file.is_file():
            written += [file.read_bytes(), str(file).encode()]
    leaks = [token for token in tokens if any(token in text for text in written)]
    # A birthday may also be a day on which a placement began: such days are in the data by right.
    in_care = {day for t in made.values() for row in t["episodes"][1:] for day in (row[1], *row[7:8])}
    by_right = {d.encode() for d in in_care} | {"-".join(reversed(d.split("/"))).encode() for d in in_care}
    assert set(leaks) <= by_right


def test_birthdays_become_months(bring_in):
    assert (table(bring_in(returns()).path, "children")["birth_month"].dt.day == 1).all()


# --- wrong input: one line, nothing written -------------------------------------------------------


def _without(name):
    return lambda made: [tables.pop(name) for tables in made.values()]


def _set(year, name, row, column, value):
    def change(made):
        made[year][name][row][column] = value

    return change


def _column(name, index, value):
    def change(made):
        for tables in made.values():
            for row in tables[name][1:]:
                row[index] = value

    return change


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without("header"), "the table header is missing"),
        (_without("episodes"), "the table episodes is missing"),
        (_set(2020, "episodes", 0, 1, "BEGUN"), "column DECOM of episodes is missing"),
        (_set(2020, "episodes", 0, 12, "DECOM"), "column DECOM is there twice"),
        (_column("episodes", 5, "Q1"), "column PLACE: code of place, legal status or need .* more than 5%"),
        (_column("episodes", 1, "soon"), "column DECOM: no value is a date"),
        (_column("header", 2, "12/13/2010"), "column DOB: value that is not a date"),
        (_column("header", 0, "1E5"), "turned identifiers into numbers"),
        (lambda made: made[2020].update(header=made[2020]["header"][:1]), "2020, header is empty"),
        (lambda made: made[2020].update(episodes=made[2020]["reviews"]), "named as episodes but its columns"),
        (lambda made: made.update({2021: made[2020]}), "2020 and 2021 hold the same episodes"),
    ],
)
def test_wrong_returns_give_one_line_and_write_nothing(bring_in, tmp_path, spoil, message):
    made = returns()
    spoil(made)
    with pytest.raises(InputError, match=message) as error:
        bring_in(made)
    assert "\n" not in str(error.value)
    assert "QX0" not in str(error.value)
    assert not (tmp_path / "anyshire").exists()
    assert not list(tmp_path.glob(".anyshire*"))


def test_leading_noughts_cut_in_one_table_are_noticed(bring_in):
    made = returns()
    for tables in made.values():
        for name, rows in tables.items():
            for k, row in enumerate(rows[1:]):
                row[0] = (
                    row[0].replace("QX", "") if name == "header" else row[0].replace("QX", "").lstrip("0")
                )
                assert k >= 0
    with pytest.raises(InputError, match="with and without leading noughts"):
        bring_in(made)


def test_one_identifier_for_all_children_is_refused_in_one_line(bring_in):
    made = returns()
    for tables in made.values():
        for row in tables["header"][1:]:
            row[0] = "same"
    with pytest.raises(InputError, match="no child is left") as error:
        bring_in(made)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\xff", "is no text file"),
        (b'CHILD,SEX,DOB\n1,"2,01/01/2010\n2,1,01/01/2010\n', "a quote that opens"),
    ],
)
def test_a_damaged_file_gives_one_line(tmp_path, key, content, message):
    source = write_folder(returns(), tmp_path / "f")
    (source / "2020" / "header.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        import_extracts(tmp_path / "out", ssda903=source, key=key)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing.zip", "leads to no file or folder"),
        ("return.xml", "this is no sound XML"),
        ("return.xls", "an old Excel workbook"),
        ("return.pdf", "of a kind that is not read"),
    ],
)
def test_a_source_that_is_not_read_gives_one_line(tmp_path, key, name, message):
    if not name.startswith("nothing"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError, match=message):
        import_extracts(tmp_path / "out", ssda903=tmp_path / name, key=key)


def test_a_zip_that_is_none_leads_out_or_blows_up_is_refused(tmp_path, key):
    import zipfile

    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 no")
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("../../evil/header.csv", "CHILD\n")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2020/header.csv", b"0" * 30_000_000)
    for name, message in (
        ("none", "is damaged"),
        ("out", "leads out of the zip"),
        ("bomb", "200 times its size"),
    ):
        with pytest.raises(InputError, match=message):
            import_extracts(tmp_path / "c", ssda903=tmp_path / f"{name}.zip", key=key)
    assert not (tmp_path / "evil").exists()


def test_a_failed_import_leaves_the_last_council_untouched(bring_in, tmp_path):
    bring_in(returns())
    before = {f: f.read_bytes() for f in (tmp_path / "anyshire").rglob("*") if f.is_file()}
    (tmp_path / "from-anyshire" / "2020" / "header.csv").write_text("")
    with pytest.raises(InputError):
        bring_in(returns())
    assert {f: f.read_bytes() for f in (tmp_path / "anyshire").rglob("*") if f.is_file()} == before


def test_a_folder_that_is_no_council_is_left_alone(bring_in, tmp_path):
    (tmp_path / "anyshire").mkdir()
    (tmp_path / "anyshire" / "letters.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds a file of another name \(\.txt\), which is no part"):
        bring_in(returns())
    assert os.listdir(tmp_path / "anyshire") == ["letters.txt"]


@pytest.mark.parametrize(
    ("table", "advice"),
    [
        ("needs", "--needs leads to no file. Give the file of assessments of need: .* child_id, date"),
        ("costs", "--costs leads to no file. Give the file of weekly prices: .* child_id, from, gbp_week"),
        ("outcomes", "--outcomes leads to no file. Give the file of outcomes: .* child_id, date, measure"),
    ],
)
def test_an_absent_file_beside_the_return_gets_its_own_advice(bring_in, tmp_path, table, advice):
    with pytest.raises(InputError, match=advice) as error:
        bring_in(returns(), **{table: tmp_path / "absent.csv"})
    assert "returns" not in str(error.value)


# --- needs, costs and outcomes beside the return --------------------------------------------------


def _prices():
    rows = [["child_id", "from", "to", "gbp_week"]]
    rows += [[f"QX{k:05d}", "01/06/2018", "", f"£{400 + k}.50"] for k in range(60)]
    return rows


def test_prices_beside_the_return_are_linked_to_its_children(bring_in, tmp_path):
    (tmp_path / "costs.csv").write_text(text_of(_prices()), encoding="utf-8")
    council = open_council(bring_in(returns(), costs=tmp_path / "costs.csv").path)
    now = council.snapshot("2020-03-31")
    assert now["cost_gbp_week"].notna().all()
    assert set(council.tables["costs"]["price_year"]) == {"2018-19"}


def test_a_mapping_names_the_columns(bring_in, tmp_path):
    rows = _prices()
    rows[0] = ["Person", "Start", "End", "Weekly fee"]
    (tmp_path / "fees.csv").write_text(text_of(rows), encoding="utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text('[costs]\nchild_id = "Person"\nfrom = "Start"\nto = "End"\ngbp_week = "Weekly fee"\n')
    report = bring_in(returns(), costs=tmp_path / "fees.csv", mapping=mapping)
    assert len(table(report.path, "costs")) == 60


def test_prices_without_a_column_of_amounts_are_refused(bring_in, tmp_path):
    rows = _prices()
    rows[0][3] = "fee"
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    with pytest.raises(InputError, match="column gbp_week of costs is missing"):
        bring_in(returns(), costs=tmp_path / "costs.csv")


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        (3, "much", "not-a-number"),
        (1, "", "needed-empty"),
        (1, "soon", "not-a-date"),
        (3, "-5", "credit-alone"),
    ],
)
def test_a_wrong_price_is_set_aside_and_the_others_are_kept(bring_in, tmp_path, column, value, rule):
    rows = _prices()
    rows[3][column] = value
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    report = bring_in(returns(), costs=tmp_path / "costs.csv")
    costs = next(line for line in report.balance if line["table"] == "costs")
    assert (costs["rows_in"], costs["kept"], costs["quarantined"]) == (60, 59, 1)
    assert report.rules[rule] == 1
    assert "much" not in "\n".join(report.lines())


def test_a_child_has_one_price_on_a_day(bring_in, tmp_path):
    rows = _prices()
    rows.append(["QX00001", "01/09/2018", "01/10/2018", "900"])  # follows an open price: that one ends
    rows.append(["QX00001", "15/09/2018", "01/11/2018", "950"])  # on days that have a price
    (tmp_path / "costs.csv").write_text(text_of(rows), encoding="utf-8")
    report = bring_in(returns(), costs=tmp_path / "costs.csv")
    costs = next(line for line in report.balance if line["table"] == "costs")
    assert (costs["rows_in"], costs["kept"], costs["quarantined"], costs["changed"]) == (62, 61, 1, 60)
    assert report.rules["no-price-year"] == 1  # one line: it puts no row right, the pound signs do
    assert report.rules["price-cut"] == 1


# --- simulated tables -----------------------------------------------------------------------------


def test_what_is_simulated_is_said_wherever_the_council_is_named(bring_in):
    report = bring_in(returns(), simulate=("needs", "costs"))
    council = open_council(report.path)
    assert council.simulated == ("needs", "costs")
    assert council.label == "anyshire, needs and costs simulated"
    assert council.caveat.startswith("Needs and costs are simulated")
    assert council.framework_id == "vcw-default-12"
    now = council.snapshot("2020-03-31")
    assert now["cost_gbp_week"].notna().mean() > 0.9
    assert now["need_total"].notna().mean() > 0.8
    assert set(council.tables["outcomes"]["measure"]) >= {"sdq_total"}


def test_simulated_tables_break_no_rule_of_the_schema(bring_in):
    from vcanalysis.intake.checking import check_council

    report = check_council(open_council(bring_in(returns(), simulate=("needs", "costs")).path))
    assert report.ok, report.lines()


def test_the_same_return_is_simulated_alike(bring_in):
    first = bring_in(returns(), simulate=("costs",))
    before = table(first.path, "costs")
    second = bring_in(returns(), simulate=("costs",))
    pd.testing.assert_frame_equal(before, table(second.path, "costs"))


def test_what_is_given_is_not_simulated(bring_in, tmp_path):
    (tmp_path / "costs.csv").write_text(text_of(_prices()), encoding="utf-8")
    with pytest.raises(InputError, match="Choose one of the two"):
        bring_in(returns(), costs=tmp_path / "costs.csv", simulate=("costs",))
    with pytest.raises(InputError, match="'goals' cannot be simulated"):
        bring_in(returns(), simulate=("goals",))


def test_a_live_extract_is_the_return_it_is_named_after_and_says_what_it_left_out(tmp_path):
    made = returns(60)[2020]
    made["episodes"].append([made["episodes"][1][0], "03/04/2020", *made["episodes"][1][2:]])
    source = write_folder({2020: made}, tmp_path / "f")
    report = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert list(report.returns) == [2020]
    assert any("1 of 109 episodes begin after it and are set aside" in note for note in report.notes)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_nobody_but_the_owner_may_read_an_imported_council(tmp_path):
    source = write_folder(returns(60), tmp_path / "f")
    folder = import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key").path
    assert not any(place.stat().st_mode & 0o077 for place in (folder, *folder.rglob("*")))


def test_a_council_is_not_written_into_the_folder_of_the_returns(tmp_path):
    source = write_folder(returns(20), tmp_path / "f")
    with pytest.raises(InputError, match="lies in the folder of the returns"):
        import_extracts(source / "out", ssda903=source, key=tmp_path / "k" / "k.key")
    assert not (source / "out").exists()
