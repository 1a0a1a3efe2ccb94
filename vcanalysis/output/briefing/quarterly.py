"""The quarterly report: what changed, whether it is more than chance, and what to decide next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.core.period import Quarter
from vcanalysis.output.briefing import flows, indicators, parts, revisions, unknowns
from vcanalysis.output.briefing.blocks import Block, Said, Section
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import Finding, say
from vcanalysis.output.briefing.numbering import numbered
from vcanalysis.output.briefing.parts import Part
from vcanalysis.output.briefing.quarter_form import ON_THE_YEAR, PARTS, STOCKS
from vcanalysis.output.briefing.tables import key_facts, leading
from vcanalysis.output.records import Results

NAME = "quarterly"
_ELSEWHERE = (
    "claims",
    "impact",
    "prevention",
)  # topics of the country and of many years, no key figure of a quarter


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
    body, behind = parts.filled(PARTS, results, about)
    said = (
        changed(results, about),
        *body,
        _quality(results, about),
        revisions.section(about),
    )
    sections = (
        Section("Key figures", (key_facts(leading(of_the_quarter(results))),)),
        *said,
        unknowns.in_short(results, said),
        decisions(results),
        *behind,
        *([open_] if (open_ := unknowns.in_full(results)) else []),
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


def of_the_quarter(results: Results) -> Results:
    """Leave out what is not of this council's quarter: the country's saving, effects over years."""
    return Results(tuple(r for r in results if r.id.split(".")[0] not in _ELSEWHERE))


def changed(results: Results, about: Mapping[str, Any]) -> Section:
    """Say in at most six sentences what changed, and put the indicators beside their verdicts."""
    flows_said = flows.said(results) or [s for f in ON_THE_YEAR if (s := say(f, results)) is not None]
    said = [*flows_said, *(s for f in STOCKS if (s := say(f, results)) is not None)]
    blocks: list[Block] = [*said] or [Said("This run holds no comparison with an earlier quarter.")]
    shown = indicators.table(results, about)
    return Section(
        "What changed, and is it more than chance?", (*blocks, *([shown] if shown else [])), numbered=True
    )


def _quality(results: Results, about: Mapping[str, Any]) -> Section:
    part = Part(
        "Data quality",
        (
            Finding("data.known.weeks_of_the_quarter_with_a_price", "{value} of weeks have a price.", neutral=None),
            Finding("data.overdue.children_whose_last_assessment_is_overdue_older_than_183_days",
                    "For {value} of children the last assessment is overdue.", neutral=None),
            Finding("data.rated_twice", "{value} of assessments were rated by a second person.", neutral=None),
        ),
    )  # fmt: skip
    return parts.fill(part, results, about)[0]


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
