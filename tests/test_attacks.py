"""The attack catalogue on drawn canary children: nothing is recovered, and each attack works on what is unprotected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.attacks_on_releases import CATALOGUE

PAGE = Path(__file__).parents[1] / "docs" / "disclosure.md"


@pytest.mark.parametrize("attack", CATALOGUE, ids=lambda a: a.number)
def test_an_attack_recovers_nothing_from_what_is_published(attack):
    made = attack.run()
    assert made.tried > 0
    assert made.recovered == 0
    assert made.unprotected > 0, "the attack proves nothing: it fails on unprotected figures too"


def test_the_catalogue_is_whole_and_its_outcomes_are_told():
    numbers = sorted((a.number for a in CATALOGUE), key=lambda n: int(n[1:]))
    assert {f"A{i}" for i in range(1, 42)} <= set(numbers)
    assert len(numbers) == len(set(numbers))
    rows = re.findall(r"^\| (A\d+) \| [^|]+ \| \d+ \| (\d+) \|", PAGE.read_text(encoding="utf-8"), flags=re.M)
    assert [number for number, _ in rows] == numbers
    assert {recovered for _, recovered in rows} == {"0"}
