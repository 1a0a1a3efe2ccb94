"""Unit and direction tests: the council-year panel, from the joined file and synthetic."""

import numpy as np
import pandas as pd
import pytest

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import KEYS, measure, measures
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.statistics.gazetteer import council_changes
from vcanalysis.intake.synth.panel import draw_panel

# a drawn file: one council with everything, one without children, one that ended in 2019
HEAD = "la_code,new_la_code,la_name,region,year,cla_n,sdq_mean,pct_foster,"
JOINED = f"""{HEAD}spend_cla_per_child_week,ro3_cla_total_k,ofsted_date
101,E09999001,Northtown,North,2018,200,14.2,70,1100.5,,2020-01-01
101,E09999001,Northtown,North,2019,210,0.0,101,1150,900,2020-01-01
102,E09999002,Emptyshire,North,2019,0,,0,inf,,
835,,Dorset (Pre LG),South,2019,414,18.3,,,,
835,,Dorset (Pre LG),South,2020,,12,,,,
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "la_panel_drawn.csv").write_text("\ufeff" + JOINED, encoding="utf-8")
    return tmp_path


def reason(panel, code, year, name):
    row = panel.long.query("council_code == @code and year == @year and measure == @name")
    return row["reason"].item(), row["value"].item()


def test_a_joined_file_becomes_one_row_a_council_and_year(folder):
    panel = open_panel(folder)
    assert list(panel.frame.columns) == [*KEYS, *measures()]
    assert panel.frame[["council_code", "year"]].values.tolist() == [
        ["E09999001", 2018],
        ["E09999001", 2019],
        ["E09999002", 2019],
        ["E10000009", 2019],
    ]
    assert not panel.synthetic


def test_what_cannot_be_a_measurement_never_enters_as_a_number(folder):
    panel = open_panel(folder)
    assert reason(panel, "E09999001", 2019, "sdq_mean")[0] == "outside what can be"
    assert reason(panel, "E09999001", 2019, "foster_pct")[0] == "outside what can be"
    assert reason(panel, "E09999002", 2019, "foster_pct")[0] == "nobody to measure"
    assert reason(panel, "E09999001", 2018, "sdq_mean") == ("", 14.2)
    numbers = panel.frame[list(measures())].to_numpy()
    assert np.isfinite(numbers[~np.isnan(numbers)]).all()
    listed = panel.log.groupby("rule").size().to_dict()
    assert listed == {
        "nobody to measure": 1,
        "outside what can be": 2,
        "the council did not exist": 1,
    }


def test_published_thousands_are_pounds_in_the_panel(folder):
    frame = open_panel(folder).frame
    assert frame["ro3_looked_after_gbp"].dropna().tolist() == [900_000]


def test_a_national_figure_in_every_council_is_no_figure_of_a_council(tmp_path):
    rows = [f"{k},E0999{k},Town {k},North,2019,{100 + k},12\n" for k in range(100, 130)]
    text = "la_code,new_la_code,la_name,region,year,cla_n,pct_school_move\n" + "".join(rows)
    (tmp_path / "la_panel_drawn.csv").write_text(text)
    panel = open_panel(tmp_path)
    assert panel.frame["school_move_pct"].isna().all()
    assert panel.frame["looked_after_n"].notna().all()
    assert set(panel.log["rule"]) == {"the same in every council: a national figure"}


def test_a_council_and_year_twice_is_refused(tmp_path):
    (tmp_path / "la_panel_drawn.csv").write_text(JOINED + "101,E09999001,Northtown,North,2019,1,,,,,\n")
    with pytest.raises(InputError, match="a council and year twice"):
        open_panel(tmp_path)


def test_a_folder_without_a_panel_is_refused_with_advice(tmp_path):
    with pytest.raises(InputError, match="vcanalysis statistics"):
        open_panel(tmp_path)


def test_a_table_without_councils_is_refused(tmp_path):
    (tmp_path / "la_panel_drawn.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column la_code"):
        open_panel(tmp_path)


def test_an_unknown_measure_is_refused_with_a_near_name():
    with pytest.raises(InputError, match="Did you mean foster_pct"):
        measure("foster_pc")


def test_every_measure_is_declared_whole():
    for m in measures().values():
        assert m.low < m.high
        assert m.of in ("", *measures())
        assert all((m.meaning, m.source, m.label))
        assert 2016 <= m.since <= 2025


def test_councils_that_ended_are_followed_by_those_they_joined():
    changes = council_changes()
    for row in changes[changes["last_year"] < 9999].itertuples():
        followers = changes[changes["council_code"].isin(row.joined_by.split())]
        assert (followers["first_year"] == row.last_year + 1).all()
        assert len(followers)


def test_each_council_that_changed_names_the_order_and_the_day_it_took_effect():
    changes = council_changes()
    told = changes["source"].str.extract(
        r"^https://www.legislation.gov.uk/uksi/(\d{4})/\d+ .*: from 1 April (\d{4})$"
    )
    made, day = told[0].astype(int), told[1].astype(int)
    begins = changes["first_year"].where(changes["first_year"] > 0, changes["last_year"] + 1)
    assert (begins == day + 1).all()  # a year that ends on 31 March
    assert (made < day).all()


def test_the_synthetic_panel_has_the_columns_of_the_published_one_and_says_so(folder):
    panel = open_panel()
    assert list(panel.frame.columns) == list(open_panel(folder).frame.columns)
    assert len(panel.frame) == 1500
    assert panel.synthetic
    assert all("synthetic" in words.lower() for words in (panel.source, panel.label, panel.caveat))
    assert set(panel.long["release"]) == {"synthetic"}
    missing = panel.long["value"].isna()
    assert (panel.long["reason"].ne("") == missing).all()


def test_a_synthetic_panel_is_the_same_for_the_same_seed_only():
    first, again, other = (draw_panel(councils=15, seed=s).frame for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["sdq_mean"].equals(other["sdq_mean"])


def test_a_planted_effect_moves_the_treated_after_the_start_and_nothing_else():
    plain = draw_panel(councils=30, seed=3, errors=False)
    moved = draw_panel(
        councils=30, seed=3, errors=False, effects={"sdq_mean": -2.0, "looked_after_gbp_child_week": 100.0}
    )
    both = plain.frame.merge(plain.programme[["council_code", "first_treated"]], how="left")
    after = both["year"] >= both["first_treated"].fillna(9999)
    apart = moved.frame["sdq_mean"] - plain.frame["sdq_mean"]
    assert np.allclose(apart[after], -2.0)
    assert (apart[~after] == 0).all()
    week = moved.frame["looked_after_gbp_child_week"] - plain.frame["looked_after_gbp_child_week"]
    assert np.allclose(week[after].dropna(), 100, atol=0.1)
    assert np.allclose(week[~after].dropna(), 0)


def test_flows_and_bands_of_the_synthetic_panel_add_up():
    frame = draw_panel(councils=40, complete=True).frame
    change = frame.groupby("council_code")["looked_after_n"].diff()
    flows = frame["starts_n"] - frame["ceased_n"]
    assert np.allclose(change.dropna(), flows[change.notna()])
    bands = frame[["sdq_normal_n", "sdq_borderline_n", "sdq_concern_n"]].sum(axis=1)
    assert np.allclose(bands, frame["sdq_received_n"])
    spend = frame["looked_after_gbp_child_week"] * frame["looked_after_n"] * 365 / 7
    kept = spend.sub(frame["looked_after_gbp"]).abs() < 1 + 1e-9 * spend
    assert kept.all()


def test_spend_of_the_synthetic_panel_follows_need_as_planted():
    panel = draw_panel(councils=300, complete=True, errors=False)
    frame = panel.frame.assign(need=panel.frame["council_code"].map(panel.truth["need"]))
    mean = np.log(frame["looked_after_gbp_child_week"]).groupby(frame["council_code"]).mean()
    need = frame.groupby("council_code")["need"].first()
    assert np.corrcoef(mean, need)[0, 1] > 0.2


# measured on the published panel over nine years: share of variance that lies between councils, and correlation with
# the year before
MEASURED = {
    "looked_after_per_10k": (0.94, 0.98),
    "looked_after_gbp_child_week": (0.83, 0.92),
    "fostering_gbp_week": (0.67, 0.80),
    "care_leaver_eet_pct": (0.51, 0.72),
    "sdq_mean": (0.49, 0.63),
    "three_or_more_placements_pct": (0.40, 0.53),
    "residential_gbp_week": (0.37, 0.64),
    "attainment8_score": (0.13, 0.24),
}


@pytest.mark.parametrize("name", MEASURED)
def test_councils_of_the_synthetic_panel_differ_and_last_as_published_ones_do(name):
    frame = draw_panel(seed=11, errors=False, complete=True).frame
    cells = np.log(frame[name]) if frame[name].min() > 40 else frame[name]
    own = cells - cells.groupby(frame["year"]).transform("mean")
    by = own.groupby(frame["council_code"])
    within = (own - by.transform("mean")).pow(2).sum() / (len(own) - by.ngroups)
    between = by.mean().var() - within / 10
    assert between / (between + within) == pytest.approx(MEASURED[name][0], abs=0.15)
    assert own.corr(by.shift()) == pytest.approx(MEASURED[name][1], abs=0.15)


def test_flagged_values_can_be_left_out():
    panel = draw_panel(councils=15)
    code = panel.frame["council_code"].iloc[0]
    flag = {"rule": "x", "council_code": code, "council": "", "year": 2020, "measure": "sdq_mean"}
    revised = {**flag, "rule": "revised", "year": 2021}
    flagged = type(panel)(**{**panel.__dict__, "log": pd.DataFrame([flag, revised])})
    left = flagged.without_flagged()
    named = flagged.without_flagged("revised")
    assert named.loc[named["council_code"].eq(code), "sdq_mean"].isna().sum() == 1
    assert left.loc[left["council_code"].eq(code) & left["year"].eq(2021), "sdq_mean"].notna().all()
    assert left["sdq_mean"].isna().sum() == panel.frame["sdq_mean"].isna().sum() + 1
    assert panel.frame["sdq_mean"].notna().all()


def test_what_is_worked_out_of_a_flagged_amount_is_left_out_with_it():
    """Spend that jumps as keying errors do must not come back as spend on a child."""
    panel = draw_panel()
    (jump,) = panel.log[panel.log["rule"].eq("jump from year to year")].itertuples()
    left = panel.without_flagged("jump from year to year").set_index(["council_code", "year"])
    spend = ["looked_after_gbp", "looked_after_gbp_child_week", "looked_after_gbp_resident_child"]
    assert left.loc[(jump.council_code, jump.year), spend].isna().all()
    kept = panel.frame.set_index(["council_code", "year"])
    assert (left[spend].isna().sum() == kept[spend].isna().sum() + 1).all()
    assert left["looked_after_n"].notna().sum() == kept["looked_after_n"].notna().sum()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"councils": 11}, "12 or more"), ({"effects": {"happiness": 1.0}}, "No effect can be planted")],
)
def test_a_panel_that_cannot_be_drawn_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        draw_panel(**arguments)


def test_the_councils_with_which_the_programme_began_are_five_of_the_six():
    panel = draw_panel(councils=20)
    first = panel.programme.loc[panel.programme["first_treated"].eq(2019), "council_code"]
    assert panel.first_councils == first.tolist()
    assert len(panel.first_councils) == 5
