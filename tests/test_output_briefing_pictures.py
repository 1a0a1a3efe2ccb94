"""Unit tests of headlines of figures: they name no order of groups whose intervals overlap."""

from __future__ import annotations

import re

import pytest

from tests.briefing_drawn import Q1
from vcanalysis.output.briefing import gallery
from vcanalysis.output.briefing.pictures import Picture, figure_of
from vcanalysis.output.records import Record, Results, example_results, read_results

BANDS = ("standard", "enhanced", "complex")
PICTURES = [p for p in vars(gallery).values() if isinstance(p, Picture)]
SUPERLATIVE = re.compile(r"\b(?:most|least|fewest|highest|lowest)\b", re.I)


def superlative(words, *names):
    """Whether words, names of groups and what stands for them aside, say that one is before all others."""
    for name in names:
        words = words.replace(name.lower(), "")
    return SUPERLATIVE.search(re.sub(r"{\w+}", "", words))


def drawn(*intervals):
    return Results(
        tuple(
            Record(f"{gallery.BREAKDOWNS.topic}.{band}", Q1, "Breakdowns", (low + high) / 2, low, high, n=300,
                   group=band, status="published", unit="per 100 children a year")
            for band, (low, high) in zip(BANDS, intervals, strict=True)
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("intervals", "headline"),
    [  # standard  enhanced  complex
        (((4, 6), (8, 10), (12, 14)), "Breakdowns are most frequent at complex need (13"),
        (((4, 6), (5, 9), (12, 14)), "Breakdowns are most frequent at complex need (13"),
        (((4, 6), (8, 13), (11, 14)), "Breakdowns are more frequent at complex need (12.5"),
        (((4, 12), (8, 13), (11, 14)), "Breakdowns do not clearly differ between bands of need"),
    ],
)
def test_the_headline_names_the_order_that_the_intervals_bear_and_no_more(intervals, headline):
    found = figure_of(gallery.BREAKDOWNS, drawn(*intervals), source="Test council").headline
    assert found.startswith(headline)
    assert ("least at standard" in found) == (intervals == ((4, 6), (8, 10), (12, 14)))


@pytest.mark.parametrize("picture", PICTURES, ids=[p.topic for p in PICTURES])
def test_every_picture_whose_headline_is_a_superlative_has_words_for_overlap(picture):
    if superlative(picture.clear) and picture.unclear:
        assert picture.between
        assert not superlative(picture.between)
        assert "{least" not in picture.top


@pytest.mark.parametrize("picture", PICTURES, ids=[p.topic for p in PICTURES])
def test_the_example_names_no_order_of_groups_that_overlap(picture):
    figure = figure_of(picture, results := read_results(example_results()), source="Test council")
    named = [results[name] for name in figure.ids] if figure else []
    if not named or not picture.unclear or not superlative(figure.headline, *(r.group for r in named)):
        return
    shown = [r for r in results.of(picture.topic) if r.value is not None and r.low is not None]
    for one in named:
        for other in shown:
            assert one is other or one.id == other.id or one.low > other.high or one.high < other.low
