"""Direction tests of the generator: change one setting and the tables must follow it; same seed, same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from oracle import classify

from vcanalysis.core.codes import BREAKDOWNS
from vcanalysis.core.errors import InputError
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.synth import SynthSettings, synthesise, write_synthetic
from vcanalysis.intake.synth.population import SNAPSHOT, as_council

SMALL = SynthSettings(children=3_000, seed=21)


def snapshot(settings):
    made = synthesise(settings)
    return (
        as_council(made).snapshot(SNAPSHOT).merge(made.truth_children, on="child_id", suffixes=("", "_true"))
    )


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_same_seed_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    write_synthetic(tmp_path / "a" / "town", children=120, seed=3)
    code = "import sys; from vcanalysis.intake.synth import write_synthetic as w; w(sys.argv[1], children=120, seed=3)"
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "b" / "town")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
    )
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_another_seed_gives_another_council(tmp_path):
    write_synthetic(tmp_path / "a", children=50, seed=3)
    write_synthetic(tmp_path / "b", children=50, seed=4)
    assert digest(tmp_path / "a")["children.parquet"] != digest(tmp_path / "b")["children.parquet"]


def test_a_nation_shares_out_its_children_and_does_not_depend_on_processes(tmp_path):
    one = write_synthetic(tmp_path / "one", children=900, councils=6, seed=2, processes=1)
    write_synthetic(tmp_path / "two", children=900, councils=6, seed=2, processes=2)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    councils = [open_council(folder) for folder in one]
    sizes = [len(council.tables["children"]) for council in councils]
    assert sum(sizes) == 900
    assert max(sizes) > 1.5 * min(sizes)
    ids = pd.concat([council.tables["children"]["child_id"] for council in councils])
    assert ids.is_unique
    assert len({council.name for council in councils}) == 6


def test_progress_is_told(tmp_path):
    seen = []
    write_synthetic(
        tmp_path / "n", children=60, councils=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("children", [1, 2, 7, 33])
def test_small_councils_are_whole_and_exact(children):
    made = synthesise(SynthSettings(children=children, seed=children))
    assert len(made.tables["children"]) == children
    assert made.tables["placements"]["child_id"].nunique() == children


@pytest.mark.parametrize("years", [1, 6])
def test_other_windows_end_on_the_same_day(years):
    made = synthesise(SynthSettings(children=60, years=years, seed=1))
    assert made.meta["data_to"] == "2020-01-01"
    assert made.meta["data_from"] == f"{2020 - years}-01-01"


def test_a_misspelt_setting_is_refused_with_the_near_name():
    with pytest.raises(InputError, match="Did you mean programme_monthly_hazard"):
        SynthSettings().with_(programme_monthly_hazzard=0)


@pytest.mark.parametrize(
    ("name", "value"), [("children", 0), ("uasc_share", 2.0), ("sdq_need_correlation", 0.9)]
)
def test_a_setting_out_of_range_is_refused(name, value):
    with pytest.raises(InputError, match=f"Setting {name} is"):
        SynthSettings(**{name: value})


@pytest.mark.parametrize(
    ("numbers", "what"),
    [({"children": 0}, "children"), ({"councils": 0}, "councils"), ({"years": 0}, "years")],
)
def test_numbers_below_one_are_refused(tmp_path, numbers, what):
    with pytest.raises(InputError, match=f"number of {what} is 0"):
        write_synthetic(tmp_path / "x", **numbers)


def test_more_councils_than_children_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot share"):
        write_synthetic(tmp_path / "x", children=3, councils=4)


def test_a_steeper_slope_gives_a_closer_link_of_need_and_cost():
    link = []
    for slope in (0.0, 0.07, 0.4):
        rows = snapshot(SMALL.with_(need_cost_slope=slope))
        link.append(rows["cost_gbp_week"].corr(rows["true_total"], method="spearman"))
    assert link[0] < link[1] < link[2]


def test_without_slope_and_tilt_need_and_cost_are_nearly_strangers():
    rows = snapshot(SMALL.with_(need_cost_slope=0.0, need_type_tilt=0.0, children=12_000))
    fostered = rows[rows["placement_type"].astype("str").isin(["In-house fostering", "Agency fostering"])]
    assert abs(fostered["cost_gbp_week"].corr(fostered["true_total"], method="spearman")) < 0.07


def test_without_effect_no_child_moves_because_of_the_programme():
    """The same seed without a programme gives the natural placements: nobody leaves a home earlier."""
    none, some = (synthesise(SMALL.with_(programme_monthly_hazard=h)) for h in (0.0, 0.06))
    idle = synthesise(SMALL.with_(programme_monthly_hazard=0.0, profiled_share=0.0))
    columns = ["child_id", "decom", "place", "ls", "dec"]
    pd.testing.assert_frame_equal(none.tables["placements"][columns], idle.tables["placements"][columns])
    moves = [len(made.tables["stepdown"]["move"].dropna()) for made in (none, some)]
    assert moves[0] < moves[1]


def test_a_stronger_programme_moves_more_children():
    moves = [
        synthesise(SMALL.with_(programme_monthly_hazard=h)).tables["stepdown"]["move"].notna().sum()
        for h in (0.02, 0.06, 0.3)
    ]
    assert moves[0] < moves[1] < moves[2]


def test_the_programme_leaves_true_needs_alone():
    with_, without = (synthesise(SMALL.with_(programme_monthly_hazard=h)) for h in (0.06, 0.0))
    pd.testing.assert_frame_equal(with_.truth_children, without.truth_children)


def test_more_noise_lowers_agreement_of_two_raters():
    agreement = []
    for noise in (0.2, 0.7, 1.4):
        pairs = as_council(synthesise(SMALL.with_(rating_noise_sd=noise))).double_ratings()
        first, second = (
            part["need_total"].to_numpy() for _, part in pairs.groupby(pairs.groupby("pair").cumcount())
        )
        whole = np.isfinite(first) & np.isfinite(second)
        agreement.append(np.corrcoef(first[whole], second[whole])[0, 1])
    assert agreement[0] > agreement[1] > agreement[2]


def test_high_sdq_scores_are_returned_less_often():
    def mean(rate):
        outcomes = synthesise(SMALL.with_(sdq_return_rate=rate)).tables["outcomes"]
        return outcomes.loc[outcomes["measure"] == "sdq_total", "value"].mean()

    assert mean(0.5) < mean(0.98)


def test_truth_says_when_population_values_do_not_hold():
    assert synthesise(SynthSettings(children=50)).truth["population"]
    changed = synthesise(SynthSettings(children=50, need_cost_slope=0.3)).truth
    assert changed["population"] == {}
    assert changed["settings_that_differ_from_default"] == ["need_cost_slope"]


def test_the_oracle_finds_most_classes():
    made = synthesise(SMALL)
    rows = (
        as_council(made)
        .snapshot(SNAPSHOT)
        .merge(made.truth_children[["child_id", "true_class"]], on="child_id")
    )
    rows = rows[rows["need_total"].notna()]
    assert (classify(rows, made.truth) == rows["true_class"]).mean() > 0.78


def test_a_council_of_700_takes_a_fraction_of_a_second():
    synthesise(SynthSettings(children=20))
    began = time.process_time()
    synthesise(SynthSettings(children=700))
    assert time.process_time() - began < 2


def test_time_and_memory_grow_with_the_children_and_not_faster():
    began = time.process_time()
    made = synthesise(SynthSettings(children=8_000))
    assert time.process_time() - began < 10
    size = sum(table.memory_usage(deep=True).sum() for table in made.tables.values())
    assert size < 8_000 * 12_000


def breakdowns_by_need(slope):
    made = synthesise(SMALL.with_(breakdown_need_slope=slope, children=6_000))
    rows = made.tables["placements"].merge(made.truth_children[["child_id", "true_total"]], on="child_id")
    moves = rows[rows["reason_place_change"].notna() & (rows["reason_place_change"] != "PLACE")]
    broke = moves["reason_place_change"].isin(BREAKDOWNS)
    high = moves["true_total"] >= 12
    return broke[high].mean() / broke[~high].mean(), broke.mean(), made


def test_more_need_breaks_more_placements_only_where_that_was_planted():
    (none, share_none, made), (some, share_some, _) = breakdowns_by_need(0.0), breakdowns_by_need(0.4)
    assert none == pytest.approx(1.0, abs=0.12)
    assert some > 1.5
    assert share_some == pytest.approx(share_none, abs=0.02)
    assert made.truth["log_breakdown_hazard_per_sd_of_need"] == 0.0


def test_the_slope_of_breakdowns_changes_reasons_and_nothing_else():
    one, other = (synthesise(SMALL.with_(breakdown_need_slope=s)).tables["placements"] for s in (0.0, 0.4))
    pd.testing.assert_frame_equal(
        one.drop(columns="reason_place_change"), other.drop(columns="reason_place_change")
    )


def test_a_step_down_that_failed_is_a_breakdown_in_the_return_too():
    made = synthesise(SMALL.with_(programme_monthly_hazard=0.5, breakdown_per_year=3.0))
    fell = made.tables["stepdown"].query("reason == 'breakdown'")[["child_id", "ended"]]
    rows = made.tables["placements"].merge(fell, left_on=["child_id", "dec"], right_on=["child_id", "ended"])
    assert len(rows) > 10
    assert rows["reason_place_change"].isin(BREAKDOWNS).mean() > 0.95
