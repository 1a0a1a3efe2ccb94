"""Unit tests of words bound to numbers: what an interval does not bear is refused, what it bears is registered."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests.briefing_drawn import ABOUT, PLANNED, Q1, raw
from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.paths import home
from vcanalysis.output.briefing import claims, committee, quarterly
from vcanalysis.output.briefing.blocks import Cell, Figure, Said, Section, Table
from vcanalysis.output.briefing.findings import Finding, confidence, likelihood, say
from vcanalysis.output.briefing.numbering import numbered
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import Record, Results, example_results, read_results

EXAMPLE = read_results(example_results())
SHOWN = gate(raw())[0]
DOCUMENT = quarterly.compose(SHOWN, ABOUT)
LEFT = "quarter.change.left_care"  # -42% (-61% to -11%)
CAME = "quarter.change.came_into_care"  # 50% (-20% to 180%)


def saying(*said: Said):
    return numbered(replace(DOCUMENT, sections=(Section("Part", said, numbered=True),)))


def rows(document):
    return list(csv.DictReader(io.StringIO(claims.register([document], SHOWN))))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said("They were 17% fewer.", ids=(LEFT,)), "the number 17"),
        (Said("They were 40% fewer."), "the number 40"),
        (Said("", "Children coming into care rose.", (CAME,)), '"rose"'),
        (Said("", "Children leaving care rose.", (LEFT,)), '"rose"'),
        (Said("", "The programme reduced exits.", (LEFT,)), '"reduced"'),
        (Said("", "The programme saved money."), '"saved"'),
    ],
)
def test_words_that_the_numbers_do_not_bear_are_refused(said, why):
    with pytest.raises(CheckFailed, match=f"quarterly, 1.1: .*{why}"):
        claims.must_be_borne(saying(said), SHOWN)


@pytest.mark.parametrize(
    "said",
    [
        Said("They were 42% fewer, at the most 61%.", ids=("quarter.change.left_care",)),
        Said("Three of 501 records.", numbers=("501",)),
        Said("", "Nobody may say “saved” yet."),
    ],
)
def test_words_that_the_numbers_bear_are_let_through(said):
    left = replace(SHOWN[LEFT], value=-0.42, low=-0.61, high=-0.11, sentence="Change: -42% (-61% to -11%).")
    claims.must_be_borne(saying(said), Results((left,)))


def test_a_causal_word_needs_a_design_and_an_interval():
    said = Said("", "The programme reduced moves.", ("a.b",))
    strong = Record("a.b", Q1, "Moves", -0.4, -0.6, -0.1, unit="change", n=50, design="3", status="published")
    claims.must_be_borne(saying(said), Results((strong,)))
    for weaker in (replace(strong, design="2"), replace(strong, design=""), replace(strong, high=0.1)):
        with pytest.raises(CheckFailed, match="design of grade 3"):
            claims.must_be_borne(saying(said), Results((weaker,)))


@pytest.mark.parametrize(
    ("low", "high", "lead"),
    [(0.1, 0.4, "It rose."), (-0.4, -0.1, "It fell."), (-0.1, 0.4, "No clear change.")],
)
def test_the_lead_follows_the_interval(low, high, lead):
    record = Record("a.b", Q1, "Change", 0.0, low, high, unit="change", n=50, status="published")
    assert say(Finding("a.b", "It rose.", "It fell.", "No clear change."), Results((record,))).lead == lead


@pytest.mark.parametrize(
    ("name", "fields", "bold", "told"),
    [("a.b", {"low": 3.0, "high": 5.0}, True, "In brackets: 95% interval; 50 children."),
     ("a.b", {"kind": "count"}, True, ""),
     ("cost.quarter.cost", {}, True, "Added up from what was paid, so no interval; 50 children."),
     ("a.b", {}, False, "50 children.")],
)  # fmt: skip
def test_a_figure_is_bold_only_with_its_interval_or_why_it_has_none(name, fields, bold, told):
    record = Record(name, Q1, "Cost", 4.0, n=50, status="published", sentence="Cost: 4.", **fields)
    said = say(Finding(name, "It cost {value}.", neutral=None), Results((record,)))
    assert (bool(said.lead), said.text.endswith(told)) == (bold, True)
    assert f"{said.lead} {said.text}".strip().startswith("It cost 4")


def test_what_could_not_be_estimated_or_shown_is_said_to_be_so():
    finding = Finding("a.b", "It was {value}.", neutral=None)
    none = Record(
        "a.b", Q1, "Median stay", None, n=50, status="published", sentence="Median stay: not estimable."
    )
    hidden = replace(none, status="suppressed", sentence="Median stay: not shown.")
    for record in (none, hidden):
        said = say(finding, Results((record,)))
        assert (said.lead, said.text) == ("", record.sentence)  # nothing in bold that was not found
    assert say(Finding("not.there", "It was {value}."), Results((none,))) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.02, "a remote chance (2%)"), (0.13, "highly unlikely (13%)"), (0.3, "unlikely (30%)"),
     (0.5, "a realistic possibility (50%)"), (0.62, "likely (62%)"), (0.9, "highly likely (90%)"),
     (1.0, "almost certain (100%)")],
)  # fmt: skip
def test_a_likelihood_is_a_word_of_the_yardstick_and_its_figure(value, words):
    assert likelihood(Record("a.b", Q1, "Pays", value, unit="probability", n=90)) == words


def test_likelihood_and_confidence_are_said_apart():
    scenario = Record(
        "a.b",
        Q1,
        "Pays",
        0.13,
        unit="probability",
        n=90,
        design="0",
        status="published",
        sentence="Pays: 13%.",
    )
    said = say(Finding("a.b", "It is an open question.", neutral=None), Results((scenario,))).text
    assert said.startswith("Pays: 13%. In words: highly unlikely (13%). Confidence: low (design grade 0 of 5")
    assert confidence(replace(scenario, design="")) == ""


@pytest.mark.parametrize("name", ["the_nation_saves", "the_nation_saves_more_than_claimed"])
def test_likelihoods_of_the_nation_have_a_word_of_the_yardstick_and_their_confidence(name):
    drawn = replace(EXAMPLE[f"claims.truth_given_report.{name}"], design="0")  # as notebook 12 records it
    results = Results(tuple(drawn if r.id == drawn.id else r for r in EXAMPLE))
    document = committee.compose(results, PLANNED)
    said = next(b for b in document.blocks() if isinstance(b, Said) and b.ids == (drawn.id,) and b.number)
    assert f"In words: {likelihood(drawn)}." in said.text
    assert "Confidence: low (design grade 0 of 5" in said.text
    source = next((home() / "notebooks").glob("12_*.ipynb")).read_text(encoding="utf-8")
    line = next(line for line in source.splitlines() if "claims.truth_given_report" in line)
    assert r"design=\"0\"" in line


def test_the_register_names_every_sentence_with_its_records_and_intervals():
    found = rows(DOCUMENT)
    change = next(row for row in found if row["result_id"] == LEFT)
    assert change["sentence"].startswith("Fewer children left care than a year before.")
    assert (change["low"], change["high"], change["leaves_out_zero"]) == ("-0.6", "-0.1", "yes")
    flat = next(row for row in found if row["result_id"] == CAME)
    assert (flat["sentence"][:16], flat["leaves_out_zero"]) == ("No clear change ", "no")
    assert {row["sentence"] for row in found} == {claim.text for claim in claims.claims_of(DOCUMENT)}
    assert all(row["result_id"] or row["stated_in"] for row in found)


DOCUMENTS = [committee.compose(EXAMPLE, PLANNED), quarterly.compose(EXAMPLE, PLANNED)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=["briefing", "quarterly"])
def test_every_text_with_a_digit_that_a_reader_sees_is_in_the_register(document):
    told = " ".join(
        row["sentence"] for row in csv.DictReader(io.StringIO(claims.register([document], EXAMPLE)))
    )
    texts = [document.title, *(c.text for t in document.tables() for row in t.rows for c in row)]
    texts += [b.text for b in document.blocks() if isinstance(b, Said)]
    texts += [f.headline for f in document.figures()]
    missing = [text for text in texts if any(c.isdigit() for c in text) and text not in told]
    assert missing == []


@pytest.mark.parametrize(
    ("changed", "place", "part"),
    [
        ("need_spend.rank_correlation", "title", "Key facts"),
        ("ledger.natural_stay", r"table \d+", "The hostile reader’s questions"),
        ("need_spend.rank_correlation", r"table \d+", "Conclusion on value for money"),
        ("stability.last_a_year", "list", "In plain English"),
    ],
)
def test_title_answers_and_tables_are_held_against_their_records(changed, place, part):
    briefing = DOCUMENTS[0]
    section = next(s for s in briefing.sections if s.title == part)
    shown = replace(briefing, sections=(section,), titled=briefing.titled if place == "title" else None)
    shown = shown if place == "title" else replace(shown, title="Care")
    claims.must_be_borne(shown, EXAMPLE)
    other = replace(EXAMPLE[changed], value=0.77, low=-0.71, high=0.79, sentence="Something else.")
    with pytest.raises(CheckFailed, match=f"briefing, {place}:"):
        claims.must_be_borne(shown, Results(tuple(other if r.id == changed else r for r in EXAMPLE)))


def test_the_year_of_the_title_is_not_a_number_for_every_sentence():
    with pytest.raises(CheckFailed, match="the number 2019"):
        claims.must_be_borne(saying(Said("There were 2019 of them.")), SHOWN)


OPEN_CHANGE = Record("a.b", Q1, "Weekly cost", 12.7, -122.0, 148.0, unit="GBP per week", n=345, design="4",
                     status="published", sentence="Change: £13.")  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["Costs increased.", "Costs went up.", "Costs were lower.", "Costs dropped.", "Spending decreased.",
     "Need grew.", "Care is dearer.", "Care is cheaper.", "Placements break down more often.", "Costs rose.",
     "Children with more need cost more.", "Fewer children came.", "The programme cut costs.", "Outcomes are better.",
     "The programme works.", "It improved stability.", "Costs fell because of it.", "It was effective.",
     "Spending declined.", "Need shrank."],
)  # fmt: skip
def test_no_word_of_direction_or_cause_stands_over_an_interval_that_holds_nought(words):
    results = Results((OPEN_CHANGE,))
    for said in (Said("", words, ("a.b",)), Said(words, ids=("a.b",)), Said(words)):
        with pytest.raises(CheckFailed, match='says "'):
            claims.must_be_borne(saying(said), results)


@pytest.mark.parametrize(
    ("words", "low", "high", "borne"),
    [("Costs increased.", 5.0, 20.0, True), ("Costs increased.", -20.0, -5.0, False),
     ("Costs dropped.", -20.0, -5.0, True),
     ("No clear change: whether costs rose is open.", -5.0, 20.0, True), ("It was effective.", 5.0, 20.0, True)],
)  # fmt: skip
def test_a_word_of_direction_needs_the_interval_on_its_side(words, low, high, borne):
    results = Results((replace(OPEN_CHANGE, low=low, high=high),))
    document = saying(Said("", words, ("a.b",)))
    if borne:
        claims.must_be_borne(document, results)
    else:
        with pytest.raises(CheckFailed, match="does not bear"):
            claims.must_be_borne(document, results)


def test_what_a_finding_says_of_the_side_is_held_against_the_interval():
    said = say(Finding("a.b", "It rose.", "It fell.", "No clear change."), Results((OPEN_CHANGE,)))
    assert (said.lead, said.verdict) == ("No clear change.", "flat")
    risen = Results((replace(OPEN_CHANGE, low=1.0),))
    with pytest.raises(CheckFailed, match='lies "flat"'):
        claims.must_be_borne(saying(said), risen)


def test_a_row_of_a_table_holds_only_numbers_of_its_records_or_of_a_file_that_is_named():
    def row(*cells):
        table = Table("t", "Costs", ("What", "How much"), (cells,), "Test council")
        return numbered(replace(DOCUMENT, sections=(Section("Part", (table,)),)))

    results = Results((OPEN_CHANGE,))
    claims.must_be_borne(row(Cell("Cost"), Cell("£13 a week", "a.b")), results)
    claims.must_be_borne(row(Cell("Plan"), Cell("£99", origin="manifest.json")), results)
    for wrong in ((Cell("Cost"), Cell("£14 a week", "a.b")), (Cell("Cost fell"), Cell("£13 a week", "a.b"))):
        with pytest.raises(CheckFailed, match="table 1"):
            claims.must_be_borne(row(*wrong), results)


@pytest.mark.parametrize("missing", ["headline", "subtitle", "source", "n", "alt", "svg"])
def test_a_figure_that_lacks_something_is_refused(missing):
    table = Table("t", "T", ("A",), (), "Test council")
    fields = dict.fromkeys(("headline", "subtitle", "source", "n", "alt", "svg"), "words") | {missing: " "}
    with pytest.raises(InputError, match=f"Figure f has no {missing}"):
        Figure(id="f", table=table, **fields)
    with pytest.raises(InputError, match="251 characters"):
        Figure(id="f", table=table, **(dict.fromkeys(fields, "words") | {"alt": "a" * 251}))


@pytest.mark.parametrize("written", ["Better than the base rate", "better than the base rate"])
def test_a_word_that_is_part_of_a_name_claims_nothing(written):
    record = Record(
        "a.b", Q1, "Better than the base rate", -0.01, -0.04, 0.02, unit="share", n=150, status="published"
    )
    claims.must_be_borne(
        saying(Said("", f"More or less, we cannot tell: {written}.", ("a.b",))), Results((record,))
    )
