"""Unit tests of the briefing's conclusion, its plain words and its figures: each follows the intervals."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from xml.etree import ElementTree

import pytest

from tests.briefing_drawn import PLANNED
from vcanalysis.output import charts
from vcanalysis.output.briefing import claims, committee, gallery, worth
from vcanalysis.output.briefing.pictures import figure_of
from vcanalysis.output.briefing.reading_age import grade, reading_age, syllables
from vcanalysis.output.briefing.summary_form import PLAIN
from vcanalysis.output.records import Record, Results


def shown(name, value, low=None, high=None, **fields):
    given = {"n": 200, "status": "published", "sentence": f"Found: {value}."} | fields
    return Record(name, "What should a committee know?", "Found", value, low, high, **given)


HOMES = shown("cost.residential_mean", 3640.0, 3200.0, 3900.0, unit="GBP per week")
RHO = shown("need_spend.rank_correlation", 0.3, 0.1, 0.5, unit="correlation")
NEED = shown("need_change.all.change_beyond_what_is_expected", -1.0, -2.0, -0.2, unit="points")
NET = shown("ledger.statement.net_unspent", 9e5, 1e5, 2e6, unit="GBP", design="3")
ALL = (HOMES, RHO, NEED, NET)


def verdicts(*records):
    table = worth.section(Results(records), PLANNED).blocks[-1]
    return [row[3].text for row in table.rows]


def lead(*records):
    return worth.section(Results(records), PLANNED).blocks[0].lead


def test_value_for_money_is_shown_only_where_every_interval_lies_on_the_good_side():
    assert verdicts(*ALL) == ["shown"] * 4
    assert lead(*ALL) == "On every aspect, value for money is shown."
    assert lead(HOMES, RHO, NEED) == "Value for money is shown in part."
    assert lead() == "Whether it is value for money cannot be told from this run."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(HOMES, low=3900.0, high=4300.0), ["open", "shown", "shown", "shown"]),
        (replace(RHO, low=-0.5, high=-0.1), ["shown", "the other way", "shown", "shown"]),
        (replace(NEED, low=0.2, high=2.0), ["shown", "shown", "the other way", "shown"]),
        (
            replace(NET, value=None, low=None, high=None, status="suppressed"),
            ["shown", "shown", "shown", "withheld"],
        ),
    ],
)
def test_one_result_decides_one_aspect(changed, said):
    assert verdicts(*(changed if r.id == changed.id else r for r in ALL)) == said


def test_a_hidden_ledger_gives_way_to_the_scenario_which_says_its_low_grade():
    hidden = replace(NET, value=None, low=None, high=None, status="suppressed")
    scenario = shown("savings.net_present_value_after_optimism_bias", -3e5, -9e5, 3e5, unit="GBP", design="0")
    row = worth.section(Results((hidden, scenario)), PLANNED).blocks[-1].rows[3]
    assert (row[3].text, row[2].id) == ("open", scenario.id)
    assert row[4].text.startswith("low (design grade 0 of 5")


def test_what_was_not_run_is_said_not_to_be_measured():
    assert verdicts() == ["not measured"] * 4
    parts = committee.compose(Results(ALL), PLANNED)
    told = [
        b.lead
        for s in parts.sections
        for b in s.blocks
        if getattr(b, "lead", "") == "Not measured in this run."
    ]
    assert len(told) == 4  # an event study, and three of what the plan may tell of savings
    claims.must_be_borne(parts, Results(ALL))


# Flesch-Kincaid grades of both sentences as widely published
@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("The cat sat on the mat.", -1.45),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3),
    ],
)
def test_the_grade_of_a_text_is_the_published_one(text, published):
    assert grade(text) == pytest.approx(published, abs=0.05)


@pytest.mark.parametrize(
    ("word", "spoken"),
    [("care", 1), ("table", 2), ("moved", 1), ("needed", 2), ("homes", 1), ("places", 2), ("placement", 2),
     ("families", 3), ("12%", 4), ("275", 3)],
)  # fmt: skip
def test_syllables_are_those_that_are_spoken(word, spoken):
    assert syllables(word) == spoken


def test_whatever_is_found_the_plain_words_can_be_read_at_twelve():
    ways = [{w for w in (f.up, f.down, f.flat) if w} for f in PLAIN]
    ages = [reading_age(" ".join(words).replace("{value}", "25%")) for words in product(*ways)]
    assert max(ages) <= 12
    assert reading_age("") == 5


def by(topic, values, **fields):
    given = {"unit": "GBP", "period": "2019Q4"} | fields
    return [shown(f"{topic}.g{i}", v, a, b, group=g, **given) for i, (g, v, a, b) in enumerate(values)]


def test_a_tornado_names_the_input_that_comes_first_and_its_range():
    rows = by(
        "savings.tornado",
        [("price", -10.0, -90.0, 60.0), ("time", -10.0, -40.0, 5.0), ("pay", -10.0, -20.0, 0.0)],
    )
    figure = figure_of(gallery.TORNADO, Results(tuple(rows)), source="Test council")
    assert figure.headline == "Whether a programme pays depends most on price: -£90 to £60"
    assert figure.ids == ("savings.tornado.g0",)
    assert "the widest -£90 to £60 (price)" in figure.alt


def test_a_bridge_is_named_by_its_parts_and_needs_no_groups():
    rows = [
        replace(shown(f"ledger.bridge.{name}", value, unit="GBP"), label=name)
        for name, value in (("volume", 5e4), ("mix", -7e5), ("price", 6e5))
    ]
    figure = figure_of(gallery.BRIDGE, Results(tuple(rows)), source="Test council")
    assert figure.headline == "Price added most to spending (£600,000), mix took most away (-£700,000)"
    assert [row[0].text for row in figure.table.rows] == ["volume", "mix", "price"]


def test_of_groups_written_alike_none_is_named_as_the_one():
    rows = by(
        "quarter.mix",
        [
            ("In-house fostering", 0.294, 0.25, 0.35),
            ("Agency fostering", 0.287, 0.24, 0.34),
            ("Residential home", 0.11, 0.08, 0.15),
        ],
        unit="share",
    )
    figure = figure_of(gallery.MIX, Results(tuple(rows)), source="Test council")
    assert figure.headline == (
        "More children live in in-house fostering or agency fostering (29% each) than in residential homes (11%)"
    )


def test_what_a_programme_saves_at_best_is_named_with_its_range():
    years = [
        ("2019-20", -70.0, -90.0, -60.0),
        ("2020-21", -40.0, -50.0, -30.0),
        ("2021-22", 90.0, 20.0, 160.0),
    ]
    rows = by("savings.net_saving_added_up_to_the_end_of_the_year", years, unit="GBP")
    figure = figure_of(gallery.NET_SO_FAR, Results(tuple(rows)), source="Test council")
    assert figure.headline.endswith("highest by the end of 2021-22: £90 (£20 to £160)")


def test_a_curve_ends_where_it_is_hidden_and_is_not_drawn_without_the_point_it_names():
    weeks = [(f"{w} weeks", s, s - 0.05, s + 0.05) for w, s in ((13, 0.7), (26, 0.5), (52, 0.3), (104, 0.1))]
    rows = by("stability.lasting", weeks, unit="share")
    hidden = replace(rows[3], value=None, low=None, high=None, n=None, status="suppressed")
    figure = figure_of(gallery.LASTING, Results((*rows[:3], hidden)), source="Test council")
    assert figure.headline == "Of the groups shown: after 52 weeks 30% (25% to 35%) of placements still last"
    assert "10%" not in figure.svg
    assert figure_of(gallery.LASTING, Results((*rows[:2], hidden)), source="Test council") is None


@pytest.mark.parametrize("chart", [charts.dots, charts.ranges, charts.steps, charts.curve])
def test_every_chart_says_itself_and_is_the_same_again(chart):
    rows = by("a.b", [(f"{w} weeks", 0.3, 0.2, 0.4) for w in (4, 13, 26)], unit="share")
    first, second = (chart(rows, title="What is found", description="Three groups.") for _ in range(2))
    assert first == second
    root = ElementTree.fromstring(first)
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert "metadata" not in first
