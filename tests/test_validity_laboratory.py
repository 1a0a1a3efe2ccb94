"""Unit tests of the validity laboratory: it sees a bad interval, goes on where it stood, and knows changed code."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from tests.validity.__main__ import PAGE, STORE
from tests.validity.collect import trials
from tests.validity.fingerprint import _code, fingerprint
from tests.validity.laboratory import (
    Coverage,
    Rate,
    Rejection,
    excluded,
    forget,
    passes,
    remembered,
    wide_gate,
)
from tests.validity.page import EARLIER, page
from tests.validity.state import BLOCK, State
from tests.validity.store import Kept, alike, first_numbers, read, write
from vcanalysis.core.estimate import Estimate

SEEDS = range(1000)


def mean_of_ten(seed, width):
    mean = np.random.default_rng(seed).normal(0, 1, 10).mean()
    half = width / np.sqrt(10)
    return Estimate("mean", mean, mean - half, mean + half)


def coverage(width, **fields):
    return Coverage("Mean", "ten normals", 0.0, partial(mean_of_ten, width=width), **fields)


def measured(trial):
    return trial.measure([trial.replicate(seed) for seed in SEEDS])


@pytest.mark.parametrize(("width", "good"), [(1.96, True), (1.7, False), (2.3, False)])
def test_only_an_interval_of_the_right_width_passes(width, good):
    assert passes(coverage(width), measured(coverage(width))) is good


def test_misses_are_told_apart_by_side():
    found = coverage(1.96).measure([[0.0, -1.0, 1.0], [2.0, 1.0, 3.0], [2.0, 1.0, 3.0], [-2.0, -3.0, -1.0]])
    assert (found.rate, found.above, found.below) == (25.0, 50.0, 25.0)
    assert found.bias == pytest.approx(0.5 / np.std([0, 2, 2, -2]))


def test_what_is_not_estimable_counts_as_a_miss():
    found = coverage(1.96).measure([[0.0, -1.0, 1.0], [None, None, None]])
    assert (found.rate, found.none) == (50.0, 50.0)


def test_a_truth_may_be_worked_out_when_it_is_needed():
    late = Coverage("Mean", "ten normals", lambda: 5.0, partial(mean_of_ten, width=1.96))
    assert measured(late).below > 99


def test_a_test_that_rejects_too_often_fails():
    sound, loose = (
        Rejection("Mean", "ten normals", lambda s, w=width: excluded(mean_of_ten(s, w)))
        for width in (1.96, 1.6)
    )
    assert passes(sound, measured(sound))
    assert not passes(loose, measured(loose))


def test_a_rate_is_the_share_of_seeds_in_which_it_happens():
    even = Rate("Even", "seeds", lambda seed: seed % 2 == 0, (90, 100))
    assert measured(even).rate == 50.0
    assert not passes(even, measured(even))


@pytest.mark.parametrize("value", [float("nan"), 1.5, -0.1])
def test_a_p_value_outside_nought_and_one_is_refused(value):
    with pytest.raises(ValueError, match="a p-value of"):
        Rejection("Odd", "none", lambda _: value).replicate(0)


def test_the_gate_of_few_replicates_is_wider_by_their_simulation_error():
    assert wide_gate(coverage(1.96), 200) == (87.5, 99.5)
    assert wide_gate(coverage(1.96), 1_000_000) == pytest.approx((93.6, 96.4), abs=0.1)


def test_a_known_miss_may_lie_five_points_further_out_and_no_more():
    low, _ = wide_gate(coverage(1.96, known="tried"), 200)
    assert low == 82.5


def test_blocks_that_are_kept_are_not_run_again(tmp_path):
    state = State(tmp_path)
    assert state.missing("Mean", "key", 3 * BLOCK) == [0, 1, 2]
    state.write("Mean", "key", 1, [[1.0]] * BLOCK)
    assert state.missing("Mean", "key", 3 * BLOCK) == [0, 2]
    assert state.missing("Mean", "another key", 3 * BLOCK) == [0, 1, 2]
    assert state.rows("Mean", "key", 3 * BLOCK) == [[1.0]] * BLOCK


def test_an_ended_run_leaves_no_half_block(tmp_path):
    state = State(tmp_path)
    with pytest.raises(TypeError):
        state.write("Mean", "key", 0, [[object()]])
    assert state.missing("Mean", "key", BLOCK) == [0]


def test_the_key_of_a_trial_changes_with_what_it_runs():
    first = fingerprint(coverage(1.96))
    assert fingerprint(coverage(1.96)) == first
    assert fingerprint(coverage(1.7)) != first
    assert fingerprint(coverage(1.96, known="words", gate=(90, 99))) == first


def test_a_run_that_trials_share_is_made_once_and_seen_by_the_key_of_each():
    runs = []

    @remembered
    def shared(seed):
        runs.append(seed)
        return mean_of_ten(seed, 1.96)

    first, second = (
        Coverage(name, "ten normals", 0.0, lambda seed: shared(seed), run="one") for name in "ab"
    )
    assert first.replicate(5) == second.replicate(5)
    assert runs == [5]
    fingerprint(first)
    fingerprint(second)
    assert runs[1:] == [0, 0, 1] * 2  # warm, then both seeds in full, whoever came first
    forget()


def test_the_list_of_trials_is_no_part_of_the_code_of_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.validity.fingerprint.ROOT", tmp_path)
    seen = set()
    for known in ("", "tried"):
        (tmp_path / "trials.py").write_text(
            f"CUT = 1\n\ndef drawn(seed):\n    return CUT\n\nTRIALS: tuple = (Coverage(known={known!r}),)\n"
        )
        seen.add(_code(tmp_path / "trials.py", {3}))
    assert len(seen) == 1
    assert "drawn" in seen.pop()


def test_the_key_holds_the_code_of_the_estimator(monkeypatch):
    trial = trials()["Wilson share, 50"]
    first = fingerprint(trial)
    monkeypatch.setattr("tests.validity.trials_intervals.wilson", lambda count, n: (0.0, 1.0))
    assert fingerprint(trial) != first


def kept(trial, **given):
    return Kept(trial=trial.name, key="key", numbers=[], measured=measured(trial), **given)


def test_the_page_names_every_miss_and_what_was_tried():
    narrow, sound = coverage(1.5, known="wider intervals were tried"), coverage(1.96)
    text = page({narrow.name: kept(narrow)}, among={narrow.name: narrow})
    assert "(missed)" in text
    assert "wider intervals were tried" in text
    assert "None." in page({sound.name: kept(sound)}, among={sound.name: sound})


def test_the_page_says_which_rows_are_of_earlier_code_and_which_trials_wait():
    trial = coverage(1.96)
    assert f"({EARLIER})" in page({trial.name: kept(trial, present=False)}, among={trial.name: trial})
    assert f"- {trial.name}: {trial.design}." in page({}, among={trial.name: trial})


def test_what_is_kept_is_read_as_it_was_written(tmp_path):
    rows = [kept(coverage(1.96)), kept(Rate("Even", "seeds", lambda seed: seed % 2 == 0, (90, 100)))]
    write(tmp_path / "kept.csv", rows)
    again = read(tmp_path / "kept.csv")
    assert [again[row.trial].measured.rate for row in rows] == [row.measured.rate for row in rows]
    assert np.isnan(again["Even"].measured.bias)


def test_what_is_kept_holds_while_the_first_replicates_give_the_same_numbers():
    sound, narrow = coverage(1.96), coverage(1.5)
    row = Kept(trial="Mean", key="old", numbers=first_numbers(sound), measured=measured(sound))
    assert row.holds_for(sound, "new")
    assert not row.holds_for(narrow, "new")
    assert row.holds_for(narrow, "old")


@pytest.mark.parametrize(("moved", "same"), [(0.001, True), (0.1, False), (None, False)])
def test_the_last_digits_of_an_optimum_do_not_make_other_code(moved, same):
    other = [[1.5 if moved is None else 1.5 + moved, None if moved is None else 1.0 + moved, 2.0]]
    assert alike([[1.5, 1.0, 2.0]], other) is same


def judged(z):
    """A trial that says yes or no by an interval of one of our estimates."""
    interval = coverage(z)
    return Rate("Judged", "seeds", lambda seed: interval.estimate(seed).low > 0, (0, 100))


def test_code_that_says_yes_or_no_is_known_by_the_estimates_it_makes_on_the_way():
    row = Kept(
        trial="Judged", key="old", numbers=first_numbers(judged(1.96)), measured=measured(judged(1.96))
    )
    assert row.says_yes_or_no
    assert row.holds_for(judged(1.96), "new")
    assert not row.holds_for(judged(1.9601), "new")
    assert row.holds_for(judged(1.5), "old")


def test_yes_and_no_alone_are_no_numbers_to_know_code_by():
    even = Rate("Even", "seeds", lambda seed: seed % 2 == 0, (90, 100))
    assert first_numbers(even) == []
    assert not kept(even).holds_for(even, "another key")


def test_the_page_is_what_is_kept():
    assert PAGE.read_text(encoding="utf-8") == page(read(STORE)), "run: python -m tests.validity --page"
