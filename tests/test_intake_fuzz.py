"""Property tests: any mutation of a valid extract is taken with rows and pounds balanced, or refused in one line.

The ten thousand are drawn in blocks, each a test by its seed: a run that was stopped goes on with the blocks left.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, seed, settings
from intake_mutations import EDITS, FORMATS, holds

_CI = int(os.environ.get("VC_FUZZ", "300"))  # the same ones in every run: a failure is a change of ours
_BLOCK = 100
_BLOCKS = -(-int(os.environ.get("VC_FUZZ_LONG", "10000")) // (_BLOCK * len(FORMATS)))
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=_CI // len(FORMATS), suppress_health_check=_QUIET, derandomize=True, deadline=None)
@given(edits=EDITS)
def test_any_mutation_is_taken_in_balance_or_refused_in_one_line(form, edits):
    holds(edits, form)


@pytest.mark.long
@pytest.mark.parametrize("block", range(_BLOCKS))
@pytest.mark.parametrize("form", FORMATS)
def test_ten_thousand_mutations_are_taken_in_balance_or_refused_in_one_line(form, block):
    @seed(block)
    @settings(
        max_examples=_BLOCK,
        suppress_health_check=_QUIET,
        derandomize=False,
        database=None,
        deadline=None,
    )
    @given(edits=EDITS)
    def every_one(edits):
        holds(edits, form)

    every_one()
