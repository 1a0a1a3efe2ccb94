"""Findings on the published panel itself: what is in it, whether it adds up, and what was flagged."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vcanalysis.core.measures import measure
from vcanalysis.core.numbers import write_number
from vcanalysis.intake.statistics.rules import ABSENT, APART, JUMP, TOTAL, compare_totals, national_totals

CHECKED = (
    "looked_after_n",
    "looked_after_gbp",
    "children_services_gbp",
    "ehcp_n",
    "sdq_received_n",
    "sdq_concern_n",
)
SMALL = 60  # children looked after: the two councils below are absent from much


def findings(panel: Any, made: Any) -> list[str]:
    """Write the part."""
    return [*_what(panel, made), "", *_totals(panel), "", *_flags(panel), "", *_absent(panel)]


def _what(panel: Any, made: Any) -> list[str]:
    long = panel.long
    hidden = long[long["value"].isna() & long["reason"].str.match(r"[a-z~:.-]+: ")]
    kinds = hidden["reason"].value_counts()
    told = ", ".join(f"{count:,} {reason}" for reason, count in kinds.items())
    read = ", ".join(
        f"{row.kind} {row.release}" for row in made.sources.itertuples() if row.kind != "joined file"
    )
    return [
        "## The panel",
        "",
        f"{made.councils} councils (five of them ended in these years, six began), {made.years} years, {made.values:,}",
        f"numbers of {long['measure'].nunique()} measures.",
        f"Read: {read}, and a joined file for deprivation.",
        f"Symbols instead of numbers, none of which enters as a number: {told}.",
    ]


def _totals(panel: Any) -> list[str]:
    asked = national_totals()
    found = compare_totals(panel.frame, asked[asked["measure"].isin(CHECKED)])
    rows = [
        f"| {measure(r.measure).label} | {r.year} | {_amount(r.total, r.measure)} | {_amount(r.sum, r.measure)} "
        f"| {r.councils} | {r.missing} | {'yes' if r.agrees else '**no**'} |"
        for r in found.sort_values(["measure", "year"]).itertuples()
    ]
    wrong = panel.log[panel.log["rule"].eq(TOTAL) & panel.log["measure"].eq("looked_after_gbp")]
    gaps = "; ".join(
        f"{r.council} {r.year}: {write_number(r.expected - r.value, 'GBP')} more published than its councils gave"
        for r in wrong.itertuples()
    )
    return [
        "## Do the councils add up to the published totals?",
        "",
        "Year ending 31 March. Where councils lack a number, the sum may be less but not more.",
        "",
        "| measure | year | published | sum of councils | councils | without a number | agrees |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Regions were held against their councils as well. Spend on care does not add up in: {gaps or 'none'}.",
        "The years beside run on evenly: the published aggregate looks too high. Use sums of councils.",
    ]


def _amount(value: float, name: str) -> str:
    return f"£{value / 1e6:,.1f}m" if measure(name).unit == "GBP" else f"{value:,.0f}"


def _flags(panel: Any) -> list[str]:
    log = panel.log
    counts = log["rule"].value_counts()
    rows = [
        f"| {rule} | {count:,} | {log.loc[log['rule'].eq(rule), 'measure'].nunique()} |"
        for rule, count in counts.items()
    ]
    return [
        "## What the rules flagged",
        "",
        "| rule | values | measures |",
        "|---|---|---|",
        *rows,
        "",
        *_told(log),
    ]


def _told(log: pd.DataFrame) -> list[str]:
    """Say of spend on care which councils and years were flagged, by ratio and not by amount."""
    lines = []
    for rule, name in ((JUMP, "looked_after_gbp"), (APART, "ro3_looked_after_gbp")):
        part = log[log["rule"].eq(rule) & log["measure"].eq(name)]
        ratio = part["value"] / part["expected"]
        told = [
            f"{r.council} {r.year} ({q:.2g} times)" for r, q in zip(part.itertuples(), ratio, strict=True)
        ]
        what = (
            "spend on care against the year before, moved as all moved"
            if rule == JUMP
            else "RO3 against section 251"
        )
        lines.append(f"- {rule}, {what}: {', '.join(told) or 'none'}.")
    return lines


def _absent(panel: Any) -> list[str]:
    part = panel.log[panel.log["rule"].eq(ABSENT)]
    stock = panel.frame.groupby("council_code")["looked_after_n"].median()
    large = part[part["council_code"].map(stock).ge(SMALL)]
    rows = [
        f"- {detail.split(': ')[0]}, {year}: {', '.join(sorted(names))}"
        for (detail, year), names in large.groupby(["detail", "year"])["council"]
    ]
    tiny = part.loc[~part.index.isin(large.index), "council"].unique()
    return [
        "## Councils that a source does not have",
        "",
        "They stay in the panel; their numbers of that source are missing.",
        "",
        *rows,
        f"- Several sources and years: {', '.join(sorted(tiny))}, which look after too few children to be published.",
    ]
