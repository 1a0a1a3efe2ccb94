"""Unit, property and reference tests: official statistics in their published forms become one panel with a log."""

from __future__ import annotations

import gzip
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis import cli
from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import measures
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.readers.education_statistics import read_education_statistics
from vcanalysis.intake.readers.lait import read_lait
from vcanalysis.intake.readers.outturn import read_ro3, read_s251, year_in_name
from vcanalysis.intake.readers.reading import SYMBOLS, numbers, year_of
from vcanalysis.intake.statistics.assemble import assemble
from vcanalysis.intake.statistics.making import make_panel, with_symbol
from vcanalysis.intake.statistics.rules import flags, jumps, own_change, sums
from vcanalysis.intake.synth.panel import draw_panel

# drawn, in the forms of the published files
PLACE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
PLACE += "old_la_code,la_name,new_la_code"
AREA = "Reporting year,Local authority,E92000001,England,E12000001,North"
NATION = "Reporting year,National,E92000001,England,,,,,"
STOCK_2024 = "Children looked after at 31 March each year"
STOCK_2025 = "Children looked after on 31 March each year"
OTHERS = ("Children starting to be looked after each year", "Children ceasing to be looked after each year")


def number_file(folder, release, rows, *, bom=False, name="x.csv"):
    """Write a file as one release names things; rows are year, number, name, ONS code, count, rate."""
    columns = {
        2024: ("population_count", "population_estimate", "number", "rate_per_10000"),
        2025: ("population_type", "population_estimate", "children_count", "rate_per_10000"),
    }[release]
    stock = STOCK_2024 if release == 2024 else STOCK_2025
    lines = [",".join([PLACE, *columns])]
    for year, code, council, ons, count, rate in rows:
        where = f"{year},{NATION}" if code == "" else f"{year},{AREA},{code},{council},{ons}"
        lines.append(f"{where},{stock},10000,{count},{rate}")
        lines += [f"{where},{other},10000,5,1" for other in OTHERS]
    text = "\n".join(lines) + "\n"
    (folder / name).write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
    return folder / name


def found(reading, measure):
    part = reading.figures[reading.figures["measure"].eq(measure)]
    return part.set_index(["council_code", "year"])[["value", "reason"]]


@pytest.mark.parametrize("release", [2024, 2025])
@pytest.mark.parametrize("bom", [False, True])
def test_two_releases_that_name_columns_and_labels_otherwise_give_the_same(tmp_path, release, bom):
    rows = [
        (release, 101, "Northtown", "E09999001", 250, 62),
        (release, 102, "Emptyshire", "E09999002", "c", "z"),
    ]
    reading = read_education_statistics(number_file(tmp_path, release, rows, bom=bom))
    stock = found(reading, "looked_after_n")
    assert stock["value"].tolist()[0] == 250
    assert stock["reason"].tolist() == ["", "c: suppressed"]
    assert found(reading, "looked_after_per_10k")["reason"].tolist() == ["", "z: not applicable"]
    assert reading.release == str(release)
    assert set(reading.figures["release"]) == {str(release)}


def test_a_gzipped_file_is_read_and_totals_of_england_are_kept_apart(tmp_path):
    file = number_file(tmp_path, 2025, [(2025, "", "", "", 81770, 67), (2025, 101, "N", "E09999001", 7, 2)])
    zipped = tmp_path / "y.csv.gz"
    zipped.write_bytes(gzip.compress(file.read_bytes()))
    reading = read_education_statistics(zipped)
    assert found(reading, "looked_after_n")["value"].tolist() == [7]
    total = reading.totals[reading.totals["measure"].eq("looked_after_n")]
    assert total[["area", "year", "value"]].to_numpy().tolist() == [["England", 2025, 81770.0]]


def test_a_release_that_renames_a_label_is_refused_with_what_to_do(tmp_path):
    file = number_file(tmp_path, 2025, [(2026, 101, "N", "E09999001", 7, 2)])
    file.write_text(file.read_text().replace(STOCK_2025, "Children in care"))
    with pytest.raises(
        InputError, match=r"has no label 'Children looked after on 31 March each year'.*ees_map"
    ):
        read_education_statistics(file)


def test_columns_of_no_known_release_are_refused(tmp_path):
    (tmp_path / "x.csv").write_text(f"{PLACE},kind,how_many\n2025,{AREA},101,N,E09999001,a,1\n")
    with pytest.raises(InputError, match="no release that is known"):
        read_education_statistics(tmp_path / "x.csv")


@given(st.sampled_from(sorted(SYMBOLS)), st.booleans())
def test_a_symbol_is_a_reason_and_never_a_number(symbol, upper):
    value, reason = numbers(pd.Series([symbol.upper() if upper else f" {symbol} "]))
    assert value.isna().all()
    assert reason.iloc[0] == SYMBOLS[symbol]


@given(st.floats(-1e9, 1e9) | st.text(max_size=6))
def test_a_cell_is_a_number_or_has_a_reason(cell):
    value, reason = numbers(pd.Series([str(cell)]))
    assert (reason.iloc[0] == "") == bool(value.notna().iloc[0])
    assert not np.isinf(value.iloc[0])


@given(st.integers(1950, 2090))
def test_every_way_to_write_a_year_gives_the_year_in_which_it_ends(year):
    short = f"{(year) % 100:02d}"
    for text in (
        f"{year}",
        f"{year - 1}{short}",
        f"{year - 1}-{short} (OT)",
        f"{year - 1}/{short}",
        f"{year} (prov)",
    ):
        assert year_of(text)[0] == year, text
    assert year_of(f"{year - 2}-{short}") == (None, "")


def lait_file(folder, rows):
    table = pd.DataFrame(rows, columns=["Short Desc", "Years", "LA and Regions", "Values", "LA Number"])
    table.assign(**{"Region": "North", "Data item": None}).to_parquet(folder / "lait.parquet")
    return folder / "lait.parquet"


def test_the_interactive_tool_hides_why_and_gives_years_in_many_forms(tmp_path):
    rows = [
        ("LACnum", "2024", "Northtown", "250", 101.0),
        ("LACnum", "2025 (prov)", "Northtown", "-", 101.0),
        ("TotalLACFinance", "2023-24 (OT)", "Northtown", "1000000", 101.0),
        ("LACnum", "2014-16", "Northtown", "99", 101.0),
        ("SomethingElse", "2024", "Northtown", "1", 101.0),
        ("LACnum", "2024", "England", "83530", 970.0),
    ]
    reading = read_lait(lait_file(tmp_path, rows))
    assert reading.figures[["year", "measure", "reason"]].to_numpy().tolist() == [
        [2024, "looked_after_n", ""],
        [2025, "looked_after_n", "-: no number, reason not published"],
        [2024, "looked_after_gbp", ""],
    ]
    assert reading.totals["area"].tolist() == ["England"]
    assert "2025 prov" in set(reading.figures["release"])


def test_of_a_year_given_twice_the_revised_figure_stays(tmp_path):
    rows = [("LACnum", "2024 (Rev)", "N", "251", 101.0), ("LACnum", "2024", "N", "250", 101.0)]
    assert read_lait(lait_file(tmp_path, rows)).figures["value"].tolist() == [251.0]


def test_the_revenue_outturn_is_read_in_pounds_and_classes_of_councils_are_no_councils(tmp_path):
    columns = ["cla", "cla_residential", "cla_fostering", "cla_asylum", "cla_other"]
    head = "new_la_code,la_name,Class," + ",".join(f"ro3_{name}_total_k" for name in columns)
    body = "E08999001,Northtown,MD,5,0,0,0,5\n,All districts,,900,1,1,1,1\nE08999002,Southtown,MD,M,[x],[n],1,2\n"
    (tmp_path / "ro3_2024_25.csv").write_text(f"{head}\n{body}")
    reading = read_ro3(tmp_path / "ro3_2024_25.csv")
    total = found(reading, "ro3_looked_after_gbp")
    assert total.loc[("E08999001", 2025), "value"] == 5000
    assert total["reason"].tolist() == ["", "m: missing return"]
    assert found(reading, "ro3_residential_gbp")["reason"].tolist() == ["", "x: not available"]


def test_the_old_section_251_table_is_read_by_line(tmp_path):
    text = "LA,LineNumber,CYPServiceDescription,OwnProvision,TotalExpenditure\n"
    text += "306 Croydon,16,Total children looked after \xa3,1,2000000\n306 Croydon,33,Total,1,9000000\n"
    text += "306 Croydon,6,Residential care,1,5\n"
    (tmp_path / "s251_2013-14.csv").write_bytes(text.encode("latin-1"))
    reading = read_s251(tmp_path / "s251_2013-14.csv")
    assert reading.figures[["la_code", "year", "measure", "value"]].to_numpy().tolist() == [
        [306, 2014, "looked_after_gbp", 2e6],
        [306, 2014, "children_services_gbp", 9e6],
    ]


def test_a_file_whose_name_says_no_year_is_refused(tmp_path):
    with pytest.raises(InputError, match="name must say the financial year"):
        year_in_name(tmp_path / "ro3.csv")


def test_a_revised_figure_does_not_enter_and_is_listed(tmp_path):
    old = number_file(tmp_path, 2024, [(2024, 101, "Northtown", "E09999001", 260, 65)], name="a.csv")
    new = number_file(tmp_path, 2025, [(2024, 101, "Northtown", "E09999001", 250, 62)], name="b.csv")
    new.write_text(new.read_text() + number_rows(2025))
    frame, long, log = assemble([read_education_statistics(old), read_education_statistics(new)])
    assert frame.set_index("year")["looked_after_n"].to_dict() == {2024: 250, 2025: 240}
    row = long[long["measure"].eq("looked_after_n") & long["year"].eq(2024)]
    assert row["release"].item() == "2025"
    listed = log[log["rule"].eq("revised") & log["measure"].eq("looked_after_n")]
    assert listed[["year", "value", "expected"]].to_numpy().tolist() == [[2024, 260, 250]]


def number_rows(year):
    where = f"{year},{AREA},101,Northtown,E09999001"
    return f"{where},{STOCK_2025},10000,240,60\n"


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_files_and_of_their_rows_changes_nothing(tmp_path, seed):
    rng = np.random.default_rng(seed)
    rows = [
        (y, 101 + k, f"Town {k}", f"E0999900{k}", int(rng.integers(20, 300)), 60)
        for y in (2023, 2024)
        for k in range(3)
    ]
    files = [
        number_file(tmp_path, 2024, rows, name="a.csv"),
        number_file(tmp_path, 2025, [(2025, *row[1:]) for row in rows[:3]] + rows[3:], name="b.csv"),
        lait_file(
            tmp_path,
            [("LACnum", "2023", "Town 0", "77", 101.0), ("Emotional_LAC", "2024", "Town 1", "14.2", 102.0)],
        ),
    ]
    readings = [read_education_statistics(p) for p in files[:2]] + [read_lait(files[2])]
    first = assemble(readings)
    order = rng.permutation(3)
    shuffled = [
        replace(readings[k], figures=readings[k].figures.sample(frac=1, random_state=seed)) for k in order
    ]
    for one, other in zip(first, assemble(shuffled), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_what_the_newest_release_suppresses_is_not_taken_from_an_older_one(tmp_path):
    old = number_file(tmp_path, 2024, [(2024, 101, "Northtown", "E09999001", 4, 1)], name="a.csv")
    new = number_file(tmp_path, 2025, [(2024, 101, "Northtown", "E09999001", "c", "c")], name="b.csv")
    new.write_text(new.read_text() + number_rows(2025))
    frame, long, _ = assemble([read_education_statistics(p) for p in (old, new)])
    assert frame.set_index("year").loc[2024].isna()["looked_after_n"]
    reason = long[long["measure"].eq("looked_after_n") & long["year"].eq(2024)]["reason"].item()
    assert reason == "c: suppressed"


def test_sources_with_old_and_new_codes_of_a_council_are_joined_by_its_number(tmp_path):
    old = number_file(tmp_path, 2024, [(2024, 101, "Northtown", "E08000016", 260, 65)], name="a.csv")
    new = number_file(tmp_path, 2025, [(2025, 101, "New Northtown", "E08000038", 250, 62)], name="b.csv")
    frame, _, _ = assemble([read_education_statistics(p) for p in (old, new)])
    assert frame[["council_code", "council", "year"]].to_numpy().tolist() == [
        ["E08000038", "New Northtown", 2024],
        ["E08000038", "New Northtown", 2025],
    ]


def test_a_council_that_began_later_has_no_earlier_years_and_the_figures_are_listed(tmp_path):
    rows = [(year, 942, "Cumberland", "E06000063", 480, 90) for year in (2023, 2024)]
    frame, _, log = assemble([read_education_statistics(number_file(tmp_path, 2025, rows))])
    assert frame["year"].tolist() == [2024]
    assert set(log["rule"]) == {"the council did not exist"}


def test_planted_errors_are_flagged_by_rule():
    panel = draw_panel(seed=5)
    for error in panel.truth["errors"]:
        hit = panel.log[
            panel.log["council_code"].eq(error["council_code"]) & panel.log["year"].eq(error["year"])
        ]
        assert error["measure"] in set(hit["measure"]), error


def test_a_panel_without_errors_raises_few_flags():
    panel = draw_panel(seed=6, errors=False)
    spend = panel.log[
        panel.log["measure"].isin(["looked_after_gbp", "looked_after_n", "ro3_looked_after_gbp"])
    ]
    assert len(spend) <= 2, spend


def test_a_jump_is_told_after_what_all_councils_did():
    panel = draw_panel(councils=60, seed=1, errors=False, complete=True).frame
    dearer = panel.assign(
        looked_after_gbp=panel["looked_after_gbp"].where(
            panel["year"] < 2021, 1.6 * panel["looked_after_gbp"]
        )
    )
    told = jumps(dearer)
    assert not told["measure"].eq("looked_after_gbp").any()
    one = dearer["council_code"].eq(dearer["council_code"].iloc[0]) & dearer["year"].eq(2022)
    halved = dearer.assign(
        looked_after_gbp=dearer["looked_after_gbp"].mask(one, dearer["looked_after_gbp"] / 4)
    )
    told = jumps(halved)
    hit = told[told["measure"].eq("looked_after_gbp")]
    assert hit["council_code"].unique().tolist() == [dearer["council_code"].iloc[0]]
    assert set(hit["year"]) <= {2022, 2023}
    assert 2022 in set(hit["year"])


def three(values):
    base = {
        "council_code": ["a", "b", "c"],
        "council": ["A", "B", "C"],
        "region": ["N", "N", "S"],
        "year": 2020,
    }
    return pd.DataFrame({**base, "looked_after_n": values})


@pytest.mark.parametrize(
    ("values", "total", "told"),
    [
        ([100.0, 200.0, 300.0], 600, 0),
        ([100.0, 200.0, 300.0], 604, 0),  # rounding to 10
        ([100.0, 200.0, 300.0], 700, 1),
        ([100.0, np.nan, 300.0], 700, 0),  # one hidden: the sum may be less
        ([100.0, np.nan, 300.0], 300, 1),  # but not more
    ],
)
def test_a_sum_is_told_where_rounding_and_hidden_councils_cannot_explain_it(values, total, told):
    totals = pd.DataFrame([{"area": "England", "year": 2020, "measure": "looked_after_n", "value": total}])
    assert len(sums(three(values), totals)) == told


def test_a_region_is_held_against_its_own_councils():
    totals = pd.DataFrame([{"area": "N", "year": 2020, "measure": "looked_after_n", "value": 360.0}])
    row = sums(three([100.0, 200.0, 300.0]), totals).iloc[0]
    assert (row["council"], row["value"], row["expected"]) == ("N", 300.0, 360.0)


def test_a_council_of_which_a_source_says_nothing_is_listed_and_kept():
    frame = draw_panel(councils=40, seed=2, errors=False, complete=True).frame
    names = [m.measure for m in measures().values() if m.source == "MHCLG, RO3 outturn"]
    one = frame["council_code"].eq(frame["council_code"].iloc[0]) & frame["year"].eq(2020)
    holed = frame.assign(**{name: frame[name].mask(one) for name in names})
    told = flags(holed, pd.DataFrame())
    absent = told[told["rule"].eq("absent from source")]
    assert absent[["council_code", "year"]].to_numpy().tolist() == [[frame["council_code"].iloc[0], 2020]]
    assert len(holed) == len(frame)


def panel_files(folder):
    folder.mkdir(exist_ok=True)
    rows = [
        (y, 100 + k, f"Town {k}", f"E0999900{k}", 200 + y - 2023 + 10 * k, 60)
        for y in (2024, 2025)
        for k in range(3)
    ]
    number_file(folder, 2025, rows, bom=True, name="numbers.csv")
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    (folder / "neighbours.csv").write_text(
        "la_code,la_name,neighbour,closeness,rank\n100,Town 0,101,Close ,1\n"
    )
    return folder


def test_the_command_writes_a_panel_that_opens(tmp_path, capsys):
    files = panel_files(tmp_path / "files")
    out = tmp_path / "panel"
    assert cli.main(["statistics", str(out), "--from", str(files)]) == 0
    said = capsys.readouterr().out
    assert "notes.csv: not known, left out" in said
    assert said.splitlines()[-1] == str(out)
    panel = open_panel(out)
    assert panel.frame["looked_after_n"].tolist() == [201, 202, 211, 212, 221, 222]
    assert list(panel.frame.columns)[4:] == list(measures())
    assert panel.neighbours[["council_code", "neighbour_code", "closeness"]].to_numpy().tolist() == [
        ["E09999000", "E09999001", "Close"]
    ]
    assert not panel.synthetic
    names = {p.name for p in out.iterdir()}
    assert names >= {
        "panel.csv",
        "panel_long.parquet",
        "dictionary.csv",
        "log.csv",
        "sources.csv",
        "totals.csv",
    }


def test_a_panel_is_made_again_in_the_same_place_and_byte_for_byte(tmp_path):
    files, out = panel_files(tmp_path / "files"), tmp_path / "panel"
    make_panel(out, folder=files)
    first = {p.name: p.read_bytes() for p in out.iterdir()}
    make_panel(out, folder=files)
    assert first == {p.name: p.read_bytes() for p in out.iterdir()}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["files", "panel"]


def test_a_folder_that_is_no_panel_is_never_written_over(tmp_path):
    files, out = panel_files(tmp_path / "files"), tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no panel"):
        make_panel(out, folder=files)
    assert (out / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("words", [("statistics", "out"), ("statistics", "out", "--from", "nowhere")])
def test_a_command_without_files_is_refused_in_one_line(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    assert cli.main(list(words)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_cells_without_a_number_and_published_symbols_are_told_apart(tmp_path):
    made = make_panel(tmp_path / "panel", folder=panel_files(tmp_path / "files"))
    long = open_panel(made.out).long
    own = long[long["value"].isna() & ~long["release"].isin(["", "worked out"])]
    meant = list(SYMBOLS.values())
    assert made.empty == len(own)
    assert made.symbols == own["reason"].isin(meant).sum() <= made.empty
    said = f"{made.empty:,} cells without a number, {made.symbols:,} of them with a published symbol"
    assert any(said in line for line in made.lines())
    reasons = ["c: suppressed", "empty in the joined file, which does not say why", "c: suppressed", None]
    cells = pd.DataFrame({"value": [np.nan, np.nan, 1.0, np.nan], "reason": reasons})
    assert with_symbol(cells).tolist() == [True, False, False, False]


def test_what_is_flagged_as_a_jump_is_what_lies_beyond_its_bound():
    panel = draw_panel(councils=60, seed=1, errors=False, complete=True).frame
    one = panel["council_code"].eq(panel["council_code"].iloc[0]) & panel["year"].eq(2022)
    name = "looked_after_gbp"
    panel = panel.assign(looked_after_gbp=panel[name].mask(one, panel[name] / 4))
    own, bound = own_change(panel, name)
    beyond = panel.loc[own.index[own.abs() > bound], ["council_code", "year"]]
    told = jumps(panel).query("measure == @name")[["council_code", "year"]]
    assert {tuple(r) for r in beyond.to_numpy()} == {tuple(r) for r in told.to_numpy()} != set()
    assert own[one[one].index[0]] == pytest.approx(-np.log(4), abs=0.3)


def test_a_damaged_panel_says_so(tmp_path):
    out = tmp_path / "panel"
    make_panel(out, folder=panel_files(tmp_path / "files"))
    (out / "panel_long.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError, match="is damaged"):
        open_panel(out)


@pytest.fixture(scope="module")
def published(tmp_path_factory, shared):
    out = tmp_path_factory.mktemp("published") / "panel"
    make_panel(out, folder=shared / "authorities")
    return open_panel(out)


@pytest.mark.shared
def test_the_three_known_faults_of_the_published_files_are_flagged_by_rule(published):
    log = published.log
    told = {tuple(row) for row in log[["rule", "council", "year", "measure"]].to_numpy().tolist()}
    assert ("two returns differ", "Sandwell", 2025, "ro3_looked_after_gbp") in told
    assert ("jump from year to year", "Liverpool", 2025, "looked_after_gbp") in told
    assert ("sum is not the total", "North East", 2018, "looked_after_gbp") in told
    gap = log[log["council"].eq("North East") & log["year"].eq(2018) & log["measure"].eq("looked_after_gbp")]
    assert (gap["expected"] - gap["value"]).item() == pytest.approx(
        60.0e6, abs=1e3
    )  # calibrated: 60.000m above


@pytest.mark.shared
def test_sums_of_the_published_files_are_the_published_totals(published):
    log = published.log
    wrong = log[log["rule"].eq("sum is not the total")]
    assert set(zip(wrong["council"], wrong["year"], strict=True)) == {("England", 2018), ("North East", 2018)}
    stock = published.frame.groupby("year")["looked_after_n"].sum()
    # sums of councils, computed apart from this code
    assert stock.loc[2018:2025].tolist() == [75363, 78141, 79998, 80776, 82088, 83750, 83529, 81766]
    spend = published.frame.groupby("year")["looked_after_gbp"].sum() / 1e9
    assert spend.loc[[2018, 2019, 2021, 2024, 2025]].round(4).tolist() == [
        4.4766,
        4.8814,
        5.6536,
        8.1393,
        8.9554,
    ]


@pytest.mark.shared
def test_councils_absent_from_one_source_are_listed_and_kept(published):
    panel = published
    told = panel.log[panel.log["rule"].eq("absent from source")]
    by = {(row.year, row.council) for row in told.itertuples()}
    wanted = {(2025, name) for name in ("Birmingham", "Cumberland", "Slough", "Middlesbrough", "Wandsworth")}
    assert wanted <= by
    assert {name for _, name in wanted} <= set(panel.frame.loc[panel.frame["year"].eq(2025), "council"])


@pytest.mark.shared
def test_figures_of_the_first_release_that_the_second_restated_are_listed(published):
    panel = published
    revised = panel.log[panel.log["rule"].eq("revised") & panel.log["measure"].eq("looked_after_n")]
    assert 2024 in set(revised["year"])
    kept = panel.long[panel.long["measure"].eq("looked_after_n") & panel.long["year"].eq(2024)]
    assert set(kept["release"]) == {"2025"}
    # England: 83,630 in the release of 2024, 83,530 in that of 2025
    change = (revised["expected"] - revised["value"])[revised["year"].eq(2024)].sum()
    assert change == pytest.approx(-100, abs=10)


@pytest.mark.shared
def test_the_panel_of_all_files_agrees_with_the_file_that_was_joined_by_hand(published, shared):
    joined = open_panel(shared / "authorities").frame.set_index(["council_code", "year"])
    made = published.frame.set_index(["council_code", "year"])
    for name in measures():
        both = pd.concat([made[name], joined[name]], axis=1, keys=["made", "joined"])
        assert (both["made"].notna() | both["joined"].isna()).all(), name
        both = both.dropna()
        assert np.allclose(both["made"], both["joined"], rtol=1e-6), name


@pytest.mark.shared
def test_a_council_that_ended_is_there_until_then_and_no_longer(published):
    frame = published.frame
    years = frame.groupby("council_code")["year"].agg(["min", "max"])
    assert years.loc["E10000006"].tolist() == [2016, 2023]  # Cumbria
    assert years.loc["E06000063"].tolist() == [2024, 2025]  # Cumberland


def joined(folder, row):
    (folder / "la_panel_x.csv").write_text(f"la_code,new_la_code,la_name,region,year,cla_n\n{row}\n")


def ro3(folder, head):
    (folder / "ro3_2024_25.csv").write_text(f"{head}\nE08999001,Northtown,5\n")


@pytest.mark.parametrize(
    ("write", "content"),
    [
        (joined, "101,E09999001,Northtown,North,,200"),
        (joined, "abc,E09999001,Northtown,North,2019,200"),
        (joined, "1e400,E09999001,Northtown,North,2019,200"),
        (joined, "101,E09999001,Northtown,North,2019.5,200"),
        (ro3, "new_la_code,la_name,ro3_cla_total_k"),
    ],
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path, write, content):
    write(tmp_path, content)
    with pytest.raises(InputError) as refused:
        make_panel(tmp_path / "out", folder=tmp_path)
    assert "\n" not in str(refused.value)


def test_damaged_numbers_of_neighbours_are_left_out(tmp_path):
    files = panel_files(tmp_path / "files")
    text = "la_code,la_name,neighbour,closeness,rank\n100,Town 0,101,Close,1\n100,T,x,Close,2\n100,T,102,Close,\n"
    (files / "neighbours.csv").write_text(text)
    make_panel(tmp_path / "panel", folder=files)
    assert open_panel(tmp_path / "panel").neighbours["rank"].tolist() == [1]


def test_a_file_of_only_national_rows_gives_no_council(tmp_path):
    reading = read_education_statistics(number_file(tmp_path, 2025, [(2025, "", "", "", 81770, 67)]))
    assert len(reading.figures) == 0
    assert len(reading.totals)
