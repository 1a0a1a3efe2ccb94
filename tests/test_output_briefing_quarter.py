"""Unit tests of the quarterly report: signal or noise, plan and actual, revisions, what stands beside England."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.briefing_drawn import ABOUT, PLANNED
from vcanalysis.output.briefing import (
    benefits,
    claims,
    crossed,
    flows,
    indicators,
    mix,
    parts,
    quarterly,
    revisions,
    tables,
    unknowns,
)
from vcanalysis.output.briefing.blocks import Said, Table
from vcanalysis.output.briefing.findings import Finding
from vcanalysis.output.records import INVENTED, Record, Results
from vcanalysis.output.revisions import revisions as compare

QUARTERS = [f"{year}Q{q}" for year in (2017, 2018, 2019) for q in (1, 2, 3, 4)]
SEEN = "smallest_lasting_rise_seen_8_times_in_10"


def shown(name, value, low=None, high=None, **fields):
    given = {"n": 300, "status": "published", "sentence": f"{name}: {value}."} | fields
    return Record(name, "What does this quarter show?", name.split(".")[-2], value, low, high, **given)


def flow(name, newest, low=15.0, high=45.0, carried=(-0.4, 0.4)):
    counts = [
        shown(f"quarter.series.{name}.{q.lower()}", 30.0, unit="count", kind="count", group=q, of="events")
        for q in QUARTERS[:-1]
    ]
    last = shown(
        f"quarter.series.{name}.2019q4", newest, unit="count", kind="count", group="2019Q4", of="events"
    )
    limits = {"unit": "count", "level": 0.99, "span": "range of chance", "group": name.replace("_", " ")}
    check = f"quarter.check.correlation_of_a_quarter_with_the_one_before.{name}"
    return [
        *counts,
        last,
        shown(f"quarter.signal.{name}", newest, low, high, **limits),
        shown(check, 0.0, *carried, unit="correlation"),
        shown(f"quarter.check.{SEEN}.{name}", 0.6, unit="change"),
        shown(f"quarter.flows.{name}", newest, unit="count", kind="count", of="events"),
    ]


CALM = Results((*flow("came_into_care", 30.0), *flow("left_care", 60.0)))


def words(table):
    return [[cell.text for cell in row] for row in table.rows]


def test_a_flow_beyond_its_limits_is_a_signal_and_one_within_is_not():
    said = [s.lead for s in flows.said(CALM)]
    assert said == [
        "Children who came into care: 30, within chance.",
        "Children who left care: 60, above chance.",
    ]
    figure = flows.figure(CALM, ABOUT)
    assert figure.headline == "More than chance this quarter: children who left care"
    assert words(flows.checks(CALM, ABOUT))[1][-1] == "above chance"


def test_the_figure_says_the_level_of_its_limits():
    assert (
        flows.figure(CALM, ABOUT)
        .notes[0]
        .startswith("Shaded: where the newest count lies in at least 99% of")
    )


def test_a_flow_that_carries_over_is_not_judged():
    carried = Results(tuple(flow("left_care", 60.0, carried=(0.2, 0.9))))
    assert flows.verdict_of(carried, "left_care") == "not judged: quarters carry over"
    assert flows.figure(carried, ABOUT).headline.startswith("No flow that could be judged")


def test_a_hidden_count_is_a_gap_and_a_mark():
    hidden = tuple(
        replace(r, value=None, n=None, status="suppressed") if r.group in ("2018Q1", "left care") else r
        for r in flow("left_care", 60.0)
    )
    results = Results(hidden)
    assert flows.verdict_of(results, "left_care") == "not shown"
    drawn = flows.figure(results, ABOUT)
    assert words(drawn.table)[4] == ["2018Q1", "[c]"]
    assert "60" not in drawn.alt


def test_counts_stand_by_quarter_with_a_record_behind_each():
    table = flows.figure(CALM, ABOUT).table
    assert words(table)[-1] == ["2019Q4", "30", "60"]
    assert [cell.id for cell in table.rows[-1][1:]] == [
        "quarter.series.came_into_care.2019q4",
        "quarter.series.left_care.2019q4",
    ]


def test_indicators_give_the_quarters_before_as_counted_now():
    row = next(r for r in words(indicators.table(CALM, ABOUT)) if r[0] == "Children who left care")
    assert row == ["Children who left care", "60", "–", "30", "30", "above chance; –", "300 events"]


def test_what_is_no_flow_is_given_for_earlier_quarters_where_the_run_counted_it():
    now = shown("council.children_in_care", 275.0, unit="children")
    then = shown("quarter.then.children_in_care.2018q4", 250.0, unit="children", group="2018Q4")
    assert words(indicators.table(Results((now, then)), ABOUT))[0][3:5] == ["–", "250"]


def test_an_earlier_quarter_is_as_its_own_report_gave_it_where_this_run_did_not_count_it():
    now = shown("need_spend.rank_correlation", 0.2, 0.1, 0.3, unit="correlation")
    before = {"2019Q3": Results((shown("need_spend.rank_correlation", 0.1, 0.0, 0.2, unit="correlation"),))}
    table = indicators.table(Results((now,)), {**ABOUT, "before": before})
    assert words(table)[0][3:5] == ["0.10 †", "–"]
    assert table.rows[0][3].origin == "the report of 2019Q3"
    assert "marked † are as the report of that quarter gave them" in table.notes[1]
    counted = shown("quarter.then.children_in_care.2019q3", 250.0, unit="children", group="2019Q3")
    told = {"2019Q3": Results((shown("council.children_in_care", 245.0, unit="children"),))}
    care = shown("council.children_in_care", 275.0, unit="children")
    assert words(indicators.table(Results((care, counted)), {**ABOUT, "before": told}))[0][3] == "250"


def test_the_whole_report_says_no_more_than_its_numbers():
    document = quarterly.compose(CALM, PLANNED)
    claims.must_be_borne(document, CALM)
    assert [s.title for s in document.sections[1:3]] == [
        "What changed, and is it more than chance?",
        "Demand and mix",
    ]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (300_000.0, 400_000.0, "met"),
        (10_000.0, 90_000.0, "not met"),
        (100_000.0, 300_000.0, "cannot be told"),
    ],
)
def test_a_promise_is_met_only_by_the_whole_interval(low, high, verdict):
    actual = shown("ledger.by_year.2019_20", (low + high) / 2, low, high, unit="GBP", group="2019-20")
    forecast = shown(f"{benefits._FORECAST}.2020_21", 1e5, 5e4, 2e5, unit="GBP", group="2020-21")
    about = {**ABOUT, "parameters": {"20_what_was_saved": {"target_gbp_year": 250_000.0}}}
    rows = words(benefits.plan_and_actual(Results((actual, forecast)), about))
    assert (rows[0][0], rows[0][1], rows[0][-1]) == ("2019-20", "£250,000", verdict)
    assert rows[1][1:3] == ["–", "£100,000"]
    assert rows[1][-1] == "–"


def test_england_is_named_with_its_year_and_a_verdict_by_the_interval():
    three = shown("stability.three_or_more", 0.2, 0.15, 0.26, unit="share")
    about = {**ABOUT, "council": {**ABOUT["council"], "price_year": "2019-20"}}
    assert words(indicators.compared(Results((three,)), about))[0][3:] == [
        "England: 11% (31 March 2020)",
        "above England",
    ]
    march = replace(three, period="2021")  # an indicator of 31 March stands beside England on that day
    assert words(indicators.compared(Results((march,)), about))[0][3] == "England: 9% (31 March 2021)"


def told(results, before):
    return revisions.section({**ABOUT, "revisions": compare(before, results)}).blocks


def test_without_an_earlier_run_none_is_claimed():
    for about in (ABOUT, {**ABOUT, "revisions": None}):
        assert revisions.section(about).blocks[0].lead == "No earlier run."


def test_a_count_that_came_in_late_is_a_revision_and_a_new_quarter_is_not():
    now = Results(tuple(replace(r, period=r.group if "series" in r.id else "2019Q4") for r in CALM))
    late = "quarter.series.left_care.2019q3"
    was = [replace(r, value=25.0) if r.id == late else r for r in now if r.period < "2019Q4"]
    said, table = told(now, Results(tuple(was)))
    assert said.text.startswith("1 of 22 figures that were published before are revised")
    assert words(table) == [["left_care: 2019Q3", "2019Q3", "25", "30", "revised"]]
    about = {**PLANNED, "revisions": compare(Results(tuple(was)), now)}
    claims.must_be_borne(quarterly.compose(now, about), now)


def test_a_report_that_repeats_the_one_before_says_so():
    (said,) = told(CALM, CALM)
    assert said.text.startswith("None of ")


def test_of_a_report_that_is_revised_through_and_through_the_first_rows_are_shown():
    many = [shown(f"a.b.g{i}", 20.0, unit="count", group=f"g{i}") for i in range(60)]
    table = told(Results(tuple(replace(r, value=30.0) for r in many)), Results(tuple(many)))[1]
    assert len(table.rows) == 40
    assert table.notes[-1] == "20 more are not shown."


def went(start, end, count, n):
    hidden = {"value": None, "status": "suppressed"} if count is None else {}
    value = None if count is None else count / n
    name = f"quarter.moves.{start}_to_{end}".replace(" ", "_")
    return replace(shown(name, value, unit="share", group=f"{start} to {end}", n=n), **hidden)


def test_flows_between_placements_are_read_along_a_row_and_small_ones_stay_hidden():
    pairs = [("a home", "a home", 30), ("a home", "left care", None), ("a foster family", "left care", 20)]
    table = mix.flows_between(Results(tuple(went(*pair, 40) for pair in pairs)), ABOUT)
    assert table.columns == ("A year before", "A home", "Left care")
    assert words(table) == [["A home", "75%", "[c]"], ["A foster family", "–", "50%"]]
    assert mix.flows_between(CALM, ABOUT) is None


def test_of_an_invented_panel_nothing_leads_and_nothing_is_said_to_be_open():
    real = shown("impact.effect.spend", 20.0, -50.0, 90.0, unit="GBP per week", group="all", lead=True)
    invented = replace(real, id="impact.effect.invented", caveat=f"Anyshire is real. {INVENTED}")
    assert [r.id for r in tables.leading(Results((real, invented)))] == [real.id]
    (bullets,) = unknowns.in_short(Results((real, invented)), []).blocks
    assert [item.ids for item in bullets.items if item.ids] == [(real.id,)]


@pytest.mark.parametrize(
    ("step", "said"), [(5, "Counts are rounded to the nearest 5,"), (1, "Counts are as they were counted,")]
)
def test_the_words_on_rounding_are_those_of_the_profile(step, said):
    about = ABOUT | {"policy": {"round_to": step, "min_count": 6}}
    told = " ".join(b.text for b in parts.reading(CALM, about).blocks)
    assert said in told
    assert ("rounded figures" in told) is False
    cells = [
        shown(f"t.{a}_{k}", n, unit="children", kind="count", group=f"age: {a}; placement: {k}", family="t")
        for a in ("young", "old") for k, n in (("home", 20.0), ("family", 40.0))
    ]  # fmt: skip
    notes = crossed.children_by("t", "age", "placement", "By age")(Results(tuple(cells)), about).notes
    assert any("rounded" in note for note in notes) == (step > 1)


def test_prices_places_and_contracts_stand_in_the_quarterly_form():
    of_kinds = [
        shown(f"sufficiency.by_kind.{k}", n, n - 5, n + 5, unit="children", group=k.replace("_", " "))
        for k, n in (("a", 80.0), ("b", 40.0), ("c", 20.0))
    ]
    found = Results((
        *of_kinds,
        shown("sufficiency.in_a_year", 280.0, 245.0, 320.0, unit="children"),
        shown("cost.same_need_ratio", 1.59, 1.47, 1.72, unit="ratio"),
        replace(shown("cost.high", 15.0, unit="children", kind="count"), label="Placements of £10,000 a week or more"),
        shown("contracts.audit.paid_rating_less_the_auditor_s", -0.7, -1.2, -0.2, unit="points"),
    ))  # fmt: skip
    leads = {
        s.title: [b.lead for b in s.blocks if isinstance(b, Said)]
        for s in quarterly.compose(found, ABOUT).sections
    }
    assert leads["Prices and providers"] == [
        "At the same need an agency costs 1.59 (1.47 to 1.72) times the council’s own carers."
    ]
    assert "Placements of £10,000 a week or more: 15 children." in leads["Cost"]
    assert leads["Homes and places ahead"] == ["In a year 280 children (245 to 320) are expected in care."]
    assert leads["What an outcomes contract would pay for"][0].startswith(
        "Ratings that payment may hang on lie below"
    )


def test_a_figure_of_several_quarters_says_from_when_to_when():
    link = [
        replace(shown(f"need_spend.trend.{q.lower()}", 0.1, -0.2, 0.4, unit="correlation", group=q), period=q)
        for q in QUARTERS
    ]
    figure = next(
        b for b in quarterly.compose(Results(tuple(link)), ABOUT).blocks()
        if getattr(b, "id", "") == "need_spend.trend" and hasattr(b, "headline")
    )  # fmt: skip
    assert "January to March 2017 – October to December 2019" in figure.subtitle
    assert figure.headline == "The link of need and cost does not clearly differ between quarters"


def test_the_page_of_a_strategy_stands_in_the_quarterly_report():
    def kind(topic, name, value, months):
        made = shown(
            f"sufficiency.{topic}.{name.lower().replace(' ', '_')}",
            value,
            value - 5,
            value + 5,
            unit="children",
            group=name,
        )
        return replace(made, label=f"Children in care in {months} months")

    found = Results((
        shown("quarter.mix.home", 0.11, unit="share", group="Home", kind="count", family="quarter.mix"),
        *(kind("by_kind", name, value, 12) for name, value in (("Home", 30.0), ("Secure or Other", 15.0))),
        *(kind("by_kind_at_the_end", name, value, 36) for name, value in (("Home", 35.0), ("Secure or Other", 20.0))),
        shown("sufficiency.in_a_year", 280.0, 245.0, 320.0, unit="children"),
        shown("sufficiency.at_the_end", 285.0, 215.0, 370.0, unit="children"),
    ))  # fmt: skip
    page = next(s for s in quarterly.compose(found, ABOUT).sections if s.title == "Homes and places ahead")
    table = next(b for b in page.blocks if isinstance(b, Table))
    assert table.columns == ("Kind of placement", "Now", "In 12 months", "Interval, 12 months", "In 36 months",
                             "Interval, 36 months")  # fmt: skip
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Home", "11%", "30", "25 to 35", "35", "30 to 40"],
        ["Secure or Other", "–", "15", "10 to 20", "20", "15 to 25"],
        ["All children", "–", "280", "245 to 320", "285", "215 to 370"],
    ]


def test_a_question_of_which_the_data_hold_nothing_is_named_once():
    none = [replace(shown(f"edge.{k}", None, n=0), question="Who on the edge?") for k in ("a", "b")]
    few = replace(none[0], id="edge.c", n=6)
    (bullets,) = unknowns.in_short(Results(tuple(none)), []).blocks
    assert [item.ids for item in bullets.items if item.ids] == [("edge.a",)]
    assert unknowns.in_full(Results(tuple(none))).blocks[0].rows[0][0].text == "Who on the edge?"
    part = parts.Part("Edge", (Finding("edge.a", "{value}"),), missing="Add the table edge.")
    assert [b.text for b in parts.fill(part, Results(tuple(none)), ABOUT)[0].blocks] == [
        "Add the table edge."
    ]
    mixed = replace(part, findings=tuple(Finding(f"{k}", "{value}") for k in ("edge.a", "edge.b", "other.a")))
    told = [b.text for b in parts.fill(mixed, Results((*none, shown("other.a", 3.0))), ABOUT)[0].blocks]
    assert [text.split(": ")[-1] for text in told[:-1]] == ["add the table edge."], (
        "beside what is known, once"
    )
    assert len(told) == 2
    (bullets,) = unknowns.in_short(Results((*none, few)), []).blocks
    assert bullets.items[0].ids != ("edge.a",), "where some are known, each says why it could not be made"


def test_the_key_figures_are_of_the_quarter_and_not_of_the_country():
    here = shown("quarter.stock.in_care", 275.0, unit="count", kind="count", lead=True)
    country = shown("claims.routes.pooled", 60.7e6, -427e6, 597e6, unit="GBP per year", lead=True)
    facts = quarterly.compose(Results((here, country)), ABOUT).sections[0].blocks[0].facts
    assert [fact.id for fact in facts] == [here.id]
