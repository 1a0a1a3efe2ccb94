"""Validity: every trial keeps its gate, widened by its simulation error.

`make validity` runs 1,000 replicates of each and keeps what they said (docs/validity.csv). Where the first replicates
give the same numbers here, it is the same code, and those 1,000 are judged; where they only say yes or no, if it has
the same key or makes the same estimates on its way. Else the first 200 are run (fewer where a replicate is slow).
"""

from __future__ import annotations

import pytest

from tests.validity.__main__ import STORE
from tests.validity.collect import trials
from tests.validity.fingerprint import fingerprint
from tests.validity.laboratory import passes, wide_gate
from tests.validity.store import FIRST, alike, numbers_of, read

KEPT = read(STORE)


def named(trial):
    """Name the run as well where trials share one: conftest.py sends these to the same worker."""
    return f"{trial.name} @{trial.run}" if trial.run else trial.name


def of_thousand_or_first(trial):
    """Give what is kept of a trial if its first replicates still say the same, else what the first ones say."""
    kept = KEPT.get(trial.name)
    judged = kept is not None and kept.says_yes_or_no and passes(trial, kept.measured)
    if judged and kept.holds_for(trial, fingerprint(trial)):
        return kept.measured
    rows = [trial.replicate(seed) for seed in range(min(FIRST, trial.ci))]
    if kept is not None and not kept.says_yes_or_no and alike(kept.numbers, numbers_of(rows)):
        return kept.measured
    return trial.measure(rows + [trial.replicate(seed) for seed in range(len(rows), trial.ci)])


@pytest.mark.parametrize("trial", trials().values(), ids=named)
def test_a_trial_passes_its_wide_gate(trial):
    measured = of_thousand_or_first(trial)
    low, high = wide_gate(trial, measured.replicates)
    assert low <= measured.rate <= high
