"""Property tests: any mutation of a valid extract is taken with rows and pounds balanced, or refused in one line."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from intake_mutations import holds, mutations

_CI = int(os.environ.get("VC_FUZZ", "100"))  # the same ones in every run: a failure is a change of ours
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.slow
@settings(max_examples=_CI, suppress_health_check=_QUIET, derandomize=True)
@given(mutations)
def test_any_mutation_is_taken_in_balance_or_refused_in_one_line(edits):
    holds(edits)


@pytest.mark.long
@settings(max_examples=10_000, suppress_health_check=_QUIET, derandomize=False)
@given(mutations)
def test_ten_thousand_mutations_are_taken_in_balance_or_refused_in_one_line(edits):
    holds(edits)
