"""Unit tests of the policies: every number has its source, and the default is the strictest."""

from __future__ import annotations

import re
from dataclasses import asdict, fields

import pytest

from vcanalysis.core.errors import InputError
from vcanalysis.output.disclosure import Policy, gate, policy, profiles, sources
from vcanalysis.output.records import Record

AT_LEAST = ("min_count", "round_to", "width", "min_base", "min_tail", "min_freedom", "min_column")
AT_LEAST += ("min_at_risk", "event_step", "min_cluster", "min_providers", "apart", "dominance_percent")


@pytest.mark.parametrize("name", profiles())
def test_every_number_of_a_profile_has_a_source_with_its_tag(name):
    said = sources(name)
    assert set(said) == {f.name for f in fields(Policy)} - {"name"}
    assert all(re.search(r"\[[SMG]\]", text) for text in said.values())


def test_strict_is_the_default_and_no_other_profile_is_stricter():
    assert Policy() == policy() == policy("strict")
    for name in profiles():
        loose = asdict(policy(name))
        assert all(asdict(Policy())[key] >= loose[key] for key in AT_LEAST)


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="Choose from: strict, opensafely, dfe"):
        policy("lax")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("strict", 9, None), ("opensafely", 9, 10), ("opensafely", 7, None), ("dfe", 7, 7), ("dfe", 5, None),
     ("strict", 0, None), ("opensafely", 0, 0), ("dfe", 0, 0)],
)  # fmt: skip
def test_a_profile_shows_and_hides_what_its_source_says(name, value, shown):
    one = Record("a.b", "Q?", "Children", value, unit="children", n=value, kind="count")
    assert gate([one], policy(name))[0].records[0].value == shown
