"""Unit, direction and reference tests of the simulated nation: planted truths, choice of councils, closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import claims as c
from vcanalysis.core.errors import InputError
from vcanalysis.intake.synth import draw_nation, write_synthetic
from vcanalysis.intake.tables import read_table

LEVEL = pd.DataFrame({"children": np.full(150, 520), "spend_level": 1.0})


@pytest.fixture(scope="module")
def nation():
    return draw_nation()


def world(**planted):
    return c.World(**{"true_share": 0.02, **planted})


def test_without_noise_and_differences_two_councils_tell_the_truth():
    found = c.simulate_nation(LEVEL, world=world(noise=0, between=0), draws=50)
    assert found.scaled == pytest.approx(found.truth)
    assert found.truth == pytest.approx(0.02 * 4.88e9)
    assert found.beyond().value == 0
    assert found.wrong_sign().value == 0


def test_chosen_at_random_the_scaled_figure_is_right_on_average():
    found = c.simulate_nation(LEVEL, world=world(), rung=c.RUNGS[0], draws=4000)
    assert found.mean_scaled().low < 0.02 * 4.88e9 < found.mean_scaled().high


def test_where_nothing_is_saved_the_best_two_of_five_report_what_order_statistics_say():
    # equal councils of 4.88 billion / 150; noise alone: 0.829 of its standard deviation each (Harter 1961)
    nothing = world(true_share=0.0, between=0, dear=0, keen=0, noise=0.03)
    found = c.simulate_nation(LEVEL, world=nothing, draws=20_000)
    expected = 2 * c.order_excess(2, 5) * 0.03 * 4.88e9 / 150
    assert found.mean_reported().low < expected < found.mean_reported().high
    assert found.wrong_sign().value > 0.8
    assert not found.beyond().estimable
    assert not found.over_truth().estimable


def test_joining_because_care_is_dear_adds_the_regression_to_the_mean():
    # correlation 1: the five of 150 with the dearest year; their mean excess is that of order statistics
    sure = world(true_share=0.0, between=0, dear=1, keen=0, noise=0.02)
    found = c.simulate_nation(LEVEL, world=sure, rung=c.RUNGS[1], draws=4000)
    excess = c.order_excess(5, 150) * 0.02 / 2**0.5
    assert found.mean_scaled().value == pytest.approx(excess * 4.88e9, rel=0.03)


def test_each_way_of_choosing_adds_to_the_figure(nation):
    means = [made.scaled.mean() for made in c.ladder_of_choice(nation, world=world(), draws=2000)]
    assert means == sorted(means)
    truths = [made.truth for made in c.ladder_of_choice(nation, world=world(), draws=20)]
    assert all((truth == truths[0]).all() for truth in truths)


@pytest.mark.parametrize(("low", "high"), [("noise", 0.06), ("dear", 0.6), ("keen", 0.6)])
def test_more_of_what_chooses_exaggerates_more(nation, low, high):
    less = c.simulate_nation(nation, world=world(), draws=3000).scaled.mean()
    assert c.simulate_nation(nation, world=world(**{low: high}), draws=3000).scaled.mean() > less


def test_more_councils_that_report_exaggerate_less(nation):
    best = c.simulate_nation(nation, world=world(reporting=2), draws=2000).scaled.mean()
    assert c.simulate_nation(nation, world=world(reporting=5), draws=2000).scaled.mean() < best


def test_the_monte_carlo_error_falls_with_the_root_of_the_draws(nation):
    widths = []
    for draws in (1000, 4000):
        made = c.simulate_nation(nation, world=world(), draws=draws).mean_scaled()
        widths.append(made.high - made.low)
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.1)


def test_seeds_reproduce_and_others_differ(nation):
    first, again, other = (c.simulate_nation(nation, world=world(), draws=20, seed=s) for s in (1, 1, 2))
    assert (first.scaled == again.scaled).all()
    assert (first.scaled != other.scaled).any()


def test_a_larger_report_speaks_for_a_larger_truth(nation):
    found = [
        c.nations_that_report(nation, amount=amount, national=300e6, within=0.25, draws=6000)[0].value
        for amount in (2.8e6, 6e6)
    ]
    assert found[0] < found[1]


def test_how_often_two_report_as_much_is_the_share_of_the_nations():
    made = c.Scaled(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), np.ones(4), c.RUNGS[-1])
    assert made.reports_as_much(3.0).value == 0.5


def test_a_report_nobody_makes_is_said():
    found = c.nations_that_report(LEVEL, amount=1e12, national=300e6, draws=200)
    assert not any(e.estimable for e in found)
    assert "ewer than 100 simulated nations" in found.sentence()


def test_the_nation_is_the_one_that_is_written(tmp_path):
    frame = draw_nation(councils=3, children=60, seed=5)
    folders = write_synthetic(tmp_path / "nation", children=60, councils=3, seed=5, years=1, processes=1)
    written = [len(read_table(folder, "children")) for folder in folders]
    assert frame["children"].tolist() == written
    assert np.average(frame["spend_level"], weights=frame["children"]) == pytest.approx(1)


def test_councils_differ_in_spend_about_as_much_as_in_england(nation):
    # spread of the logarithm of gross spend per child in care between councils, 2018-19: 0.2 to 0.3
    assert 0.15 < np.log(nation["spend_level"]).std() < 0.35
    assert nation["children"].sum() == 78_000


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ({"true_share": 2.0}, "A true saving of 2"),
        ({"noise": -1.0}, "A noise of -1 is refused"),
        ({"noise": float("nan")}, "A noise of nan"),
        ({"noise": float("inf")}, "A noise of inf"),
        ({"reporting": 1.5}, "1.5 councils that report"),
        ({"spend": "5bn"}, "A spend of '5bn' pounds"),
        ({"dear": 0.9, "keen": 0.9}, "squares at most 1"),
        ({"reporting": 6}, "6 of 5 councils cannot report"),
    ],
)
def test_a_world_that_cannot_be_is_refused_in_one_line(planted, words):
    with pytest.raises(InputError, match=r"^[^\n]+$") as refused:
        world(**planted)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: c.simulate_nation(LEVEL.head(3), world=world()), "5 councils join, but there are 3"),
        (lambda: c.simulate_nation(LEVEL, world=world(), rung="best"), "There is no rung 'best'"),
        (lambda: c.simulate_nation(LEVEL[["children"]], world=world()), "spend_level"),
        (lambda: c.nations_that_report(LEVEL, amount=0, national=1), "Give more than 0 pounds"),
        (lambda: c.simulate_nation(LEVEL, world=world(), draws=0), "0 draws are refused"),
        (lambda: c.simulate_nation(LEVEL, world=world(), draws=-1), "-1 draws are refused"),
        (lambda: c.simulate_nation(LEVEL, world=world(), seed=-1), "A seed of -1"),
        (lambda: c.simulate_nation(LEVEL.assign(children=0), world=world()), "A council with 0 children"),
        (
            lambda: c.simulate_nation(LEVEL.assign(children=np.nan), world=world()),
            "A council with nan children",
        ),
        (lambda: draw_nation(councils=5, children=3), "5 councils of 3 children are refused"),
    ],
)
def test_bad_calls_are_refused_in_one_line(call, words):
    with pytest.raises(InputError, match=r"^[^\n]+$") as refused:
        call()
    assert words in str(refused.value)
