"""The quarterly report: what changed, whether it is more than chance, and what to decide next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.core.period import Quarter
from vcanalysis.output.briefing import parts
from vcanalysis.output.briefing.blocks import Block, Cell, Said, Section, Table
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import Finding, direction, say
from vcanalysis.output.briefing.numbering import numbered
from vcanalysis.output.briefing.parts import Part
from vcanalysis.output.briefing.tables import Picture, key_facts, leading
from vcanalysis.output.briefing.words import base, interval, number
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results

NAME = "quarterly"

CHANGED = (
    Finding(
        "quarter.change.came_into_care",
        "More children came into care than a year before.",
        "Fewer children came into care than a year before.",
        "No clear change in children coming into care.",
    ),
    Finding(
        "quarter.change.left_care",
        "More children left care than a year before.",
        "Fewer children left care than a year before.",
        "No clear change in children leaving care.",
    ),
    Finding(
        "quarter.change.moved_placement",
        "More children moved placement than a year before.",
        "Fewer children moved placement than a year before.",
        "No clear change in children moving placement.",
    ),
    Finding(
        "need_change.all.change_beyond_what_is_expected",
        "Need rose by more than rating error and regression to the mean explain.",
        "Need fell by more than rating error and regression to the mean explain.",
        "No clear change of need beyond what was to be expected.",
    ),
    Finding(
        "middle.dearest_fall.fall_beyond_what_was_expected",
        "The dearest placements became cheaper by more than was to be expected.",
        "The dearest placements became cheaper by less than was to be expected.",
        "The dearest placements did not clearly become cheaper by more than was to be expected.",
    ),
    Finding("ledger.statement.net_unspent", "Net of all costs, {value} was not spent.", neutral=None),
)
KPIS = {
    "council.children_in_care": "Children in care",
    "quarter.flows.came_into_care": "Children who came into care",
    "quarter.flows.left_care": "Children who left care",
    "quarter.flows.moved_placement": "Moves of placement",
    "cost.quarter.cost_of_a_child_week": "Cost of a week of care",
    "cost.quarter.cost_of_the_weeks_with_a_price": "Cost of the quarter",
    "cost.dearest_share.dearest_10": "Share of spend on the dearest tenth",
    "need_spend.rank_correlation": "Rank correlation of need and cost",
    "data.assessed.share_of_children_assessed": "Children with an assessment",
    "stability.last_a_year": "Placements that last a year",
    "middle.broad.share_of_weekly_spend_in_the_middle": "Share of spend in the middle",
    "matching.in_house_share": "Mainstream fostering that is in-house",
}
CHANGE_OF = {f"quarter.flows.{name}": f"quarter.change.{name}" for name in
             ("came_into_care", "left_care", "moved_placement")}  # fmt: skip

PARTS = (
    Part(
        "Demand and mix",
        (
            Finding("council.children_in_care", "{value} were in care.", neutral=None),
            Finding(
                "matching.in_house_share", "The council’s own carers look after {value} of children in "
                "mainstream fostering.", neutral=None,
            ),
        ),
        tables=(("quarter.flows", "Children who came, moved and left in the quarter"),),
    ),
    Part(
        "Cost",
        (
            Finding("cost.quarter.cost_of_a_child_week", "A week of care cost {value}.", neutral=None),
            Finding("cost.dearest_share.dearest_10", "The dearest tenth of placements take {value} of "
                    "weekly spend.", neutral=None),
            Finding("ledger.bridge.price_of_the_same_placement_at_the_same_need", "The price of the same placement at "
                    "the same need moved spending by {value} in a year.", neutral=None),
        ),
        (
            Picture(
                "cost.median_by_type",
                "Care costs most in {most_group} ({most}), least in {least_group} ({least})",
                "Weekly cost does not clearly differ between types of placement",
                "Median weekly cost by type of placement",
            ),
        ),
        (("ledger.bridge", "What moved spending since a year before"),),
    ),
    Part(
        "Need",
        (
            Finding("data.assessed.share_of_children_assessed", "{value} of children have an assessment.",
                    neutral=None),
            Finding(
                "need_spend.rank_correlation",
                "Children with more need cost more.",
                "Children with more need cost less.",
                "No clear link between need and weekly cost.",
            ),
        ),
        (
            Picture(
                "need_spend.share_explained",
                "Most of the difference in cost goes with {most_group} ({most}), least with {least_group} ({least})",
                "No one thing clearly goes with more of the difference in cost than the others",
                "Share of the difference in weekly cost explained",
            ),
        ),
    ),
    Part(
        "Step-down: from homes to families",
        (
            Finding("stepdown.for_review", "{value} of children in homes are for review by their social workers.",
                    neutral=None),
            Finding("stepdown.moved_within_a_year", "{value} of profiled children moved within a year.",
                    neutral=None),
            Finding("ledger.natural_stay", "Without a programme, {value} are still in the home a year after coming.",
                    neutral=None),
        ),
        tables=(("stepdown.reached", "How far profiled children have come"),),
        missing="No child was profiled for a move in the data of this run.",
    ),
    Part(
        "Stability and outcomes",
        (
            Finding("stability.last_a_year", "{value} of placements last a year.", neutral=None),
            Finding(
                "stability.breakdown_by_need",
                "Placements of children with more need break down more often.",
                "Placements of children with more need break down less often.",
                "No clear link between need and breakdown.",
                neutral=1.0,
            ),
            Finding(
                "need_change.all.mean_change", "Need rose on average.", "Need fell on average.",
                "No clear change of need on average.",
            ),
        ),
        (
            Picture(
                "stability.breakdowns",
                "Breakdowns are most frequent at {most_group} need ({most}), least at {least_group} ({least})",
                "Breakdowns do not clearly differ between bands of need",
                "Breakdowns per 100 children a year, by band of need",
            ),
        ),
    ),
    Part(
        "Benefits: plan and actual",
        (
            Finding("ledger.full_year_effect", "Children in place have a full-year effect of {value}.", neutral=None),
            Finding(
                "savings.net_present_value_over_the_horizon",
                "On the assumptions of the scenario a programme would pay for itself.",
                "On the assumptions of the scenario a programme would not pay for itself.",
                "Whether a programme would pay for itself is open.",
            ),
            Finding("savings.likelihood_that_the_net_present_value_is_positive",
                    "The likelihood that it pays for itself is {value}.", neutral=None),
        ),
        (
            Picture(
                "savings.net_saving_within_the_year_part_year_effect",
                "The net saving within the year is highest in {most_group} ({most})",
                "The years do not clearly differ in what a programme would save",
                "Net saving within the year in the scenario",
            ),
        ),
        (("ledger.statement", "What was not spent, line by line"),),
    ),
)  # fmt: skip


def compose(results: Results, about: Mapping[str, Any]) -> Document:
    """Compose the quarterly report.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run and versions.
    """
    council = about["council"]
    said = (changed(results, about), *_filled(results, about), _quality(results, about))
    sections = (
        Section("Key figures", (key_facts(leading(results)),)),
        *said,
        parts.unknown(results, said),
        decisions(results),
        parts.reading(results, about),
        parts.in_full(results, about),
    )
    return numbered(
        Document(
            name=NAME,
            eyebrow="Valuing Care · quarterly evaluation",
            title=f"{council['name']}: need, cost and outcome of children in care",
            subtitle=Quarter.parse(about["quarter"]).words(),
            banner=parts.banner(about),
            status=parts.status(about),
            front=parts.front(about),
            sections=sections,
            made=parts.made_on(about),
            council=council["label"],
            words=parts.GLOSSARY,
        )
    )


def changed(results: Results, about: Mapping[str, Any]) -> Section:
    """Say in at most six sentences what changed, and put the indicators beside their verdicts."""
    said = [s for f in CHANGED if (s := say(f, results)) is not None]
    blocks: list[Block] = [*said] or [Said("This run holds no comparison with an earlier quarter.")]
    shown = [results[name] for name in KPIS if name in results]
    if shown:
        blocks.append(_indicators(shown, results, parts.source_of(about)))
    return Section("What changed, and is it more than chance?", tuple(blocks), numbered=True)


def _indicators(records: list[Record], results: Results, source: str) -> Table:
    columns = ("Indicator", "This quarter", "Interval", "Since a year before", "Based on")
    rows = []
    for record in records:
        before = results[name] if (name := CHANGE_OF.get(record.id, "")) in results else None
        rows.append(
            (
                Cell(KPIS[record.id]),
                Cell(number(record), record.id, record.value, published_unit(record.unit)),
                Cell(interval(record) or "–", record.id),
                Cell(verdict(before), before.id if before else ""),
                Cell(base(record), record.id),
            )
        )
    notes = (
        "The comparison is with the same quarter of the year before, so that the seasons do not enter it. "
        "“No clear change” means that the interval of the change holds zero.",
        "A dash: the run makes no such comparison.",
    )
    return Table("indicators", "Twelve indicators" if len(rows) == 12 else "Indicators",
                 columns, tuple(rows), source, notes, words=(3,))  # fmt: skip


def verdict(change: Record | None) -> str:
    """Say in a word or two whether a change is more than chance."""
    if change is None:
        return "–"
    if change.value is None:
        return number(change)
    return {"up": "rose", "down": "fell", "flat": "no clear change"}[direction(change)]


def _filled(results: Results, about: Mapping[str, Any]) -> list[Section]:
    filled = [parts.fill(part, results, about) for part in PARTS]
    if not about.get("partial"):
        return filled
    return [s for s, part in zip(filled, PARTS, strict=True) if s.blocks != (Said(part.missing),)]


def _quality(results: Results, about: Mapping[str, Any]) -> Section:
    part = Part(
        "Data quality and revisions",
        (
            Finding("data.known.weeks_of_the_quarter_with_a_price", "{value} of weeks have a price.", neutral=None),
            Finding("data.overdue.children_whose_last_assessment_is_overdue_older_than_183_days",
                    "For {value} of children the last assessment is overdue.", neutral=None),
            Finding("data.rated_twice", "{value} of assessments were rated by a second person.", neutral=None),
        ),
    )  # fmt: skip
    section = parts.fill(part, results, about)
    revision = Said("No earlier report was handed to this run, so no figure can be revised.", "Revisions.")
    return Section(section.title, (*section.blocks, revision), numbered=True)


def decisions(results: Results) -> Section:
    """Say what the next quarter has to decide, from what this one could and could not tell."""
    asked = [
        ("data.overdue.never_assessed", "Assess children never assessed.",
         "To: head of service for children in care. By: the end of next quarter. Measured by this share."),
        ("data.overdue.children_whose_last_assessment_is_overdue_older_than_183_days",
         "Bring overdue assessments up to date.",
         "To: team managers. By: the end of next quarter. Measured by this share."),
        ("data.rated_twice", "Have a tenth of assessments rated by a second person who does not know the cost.",
         "To: the lead for needs assessment. By: the end of next quarter. Measured by this share."),
        ("savings.net_present_value_over_the_horizon", "Decide whether the case for a programme is worth testing.",
         "To: director of finance. By: the next budget meeting. Measured by the switching values of the scenario."),
    ]  # fmt: skip
    said = [
        Said(f"{results[name].sentence} {how}", lead, (name,))
        for name, lead, how in asked
        if name in results and results[name].value is not None
    ]
    nothing = Said("This run gives no ground for a decision.")
    return Section("Decisions for the next quarter", tuple(said) or (nothing,), numbered=True)
