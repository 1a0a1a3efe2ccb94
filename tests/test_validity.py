"""Validity: the first seeded replicates of every trial, with gates widened by their simulation error.

`make validity` runs 1,000 of each and writes docs/validity.md.
"""

from __future__ import annotations

import pytest

from tests.validity.collect import trials
from tests.validity.laboratory import wide_gate


def named(trial):
    """Name the run as well where trials share one: conftest.py sends these to the same worker."""
    return f"{trial.name} @{trial.run}" if trial.run else trial.name


@pytest.mark.parametrize("trial", trials().values(), ids=named)
def test_a_trial_passes_its_wide_gate(trial):
    measured = trial.measure([trial.replicate(seed) for seed in range(trial.ci)])
    low, high = wide_gate(trial, trial.ci)
    assert low <= measured.rate <= high
