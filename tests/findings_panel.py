"""Findings on the published panel itself: what is in it, whether it adds up, and what was flagged."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vcanalysis.core.measures import measure
from vcanalysis.core.numbers import write_number
from vcanalysis.intake.statistics.making import with_symbol
from vcanalysis.intake.statistics.rules import (
    ABSENT,
    APART,
    JUMP,
    SPREADS,
    TOTAL,
    compare_totals,
    national_totals,
    own_change,
)

CHECKED = (
    "looked_after_n",
    "looked_after_gbp",
    "children_services_gbp",
    "ehcp_n",
    "sdq_received_n",
    "sdq_concern_n",
)
MOVED = (  # calibration.md, section 2: raw log change beyond 0.4, or near it
    ("Lewisham", 2025),
    ("Milton Keynes", 2025),
    ("Herefordshire", 2020),
    ("Liverpool", 2025),
    ("North Somerset", 2024),
    ("Tameside", 2018),
    ("Cumbria", 2023),
)
SMALL = 60  # children looked after: the two councils below are absent from much


def findings(panel: Any, made: Any) -> list[str]:
    """Write the part."""
    return [*_what(panel, made), "", *_totals(panel), "", *_flags(panel), "", *_absent(panel)]


def _what(panel: Any, made: Any) -> list[str]:
    long = panel.long
    kinds = long.loc[with_symbol(long), "reason"].value_counts()
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
        f"{made.empty:,} cells of the sources are without a number, {made.symbols:,} of them with a published symbol,",
        f"none of which enters as a number: {told}.",
        f"The others: {_others(long)}.",
    ]


def _others(long: pd.DataFrame) -> str:
    """Count the cells of a source without a number and without a symbol, by reason."""
    own = long["value"].isna() & long["release"].ne("") & long["release"].ne("worked out")
    kinds = long.loc[own & ~with_symbol(long), "reason"].value_counts()
    return ", ".join(f"{count:,} {reason}" for reason, count in kinds.items())


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
        *_not_flagged(panel),
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


def _not_flagged(panel: Any) -> list[str]:
    """Say of the jumps of the first look which the rule flags, and how far each of the others stayed below it."""
    name = "looked_after_gbp"
    flagged = panel.log[panel.log["rule"].eq(JUMP) & panel.log["measure"].eq(name)]
    known = set(zip(flagged["council"], flagged["year"], strict=True))
    own, bound = own_change(panel.frame, name)
    where = panel.frame.loc[own.index]
    rows = []
    for council, year in MOVED:
        at = own.index[where["council"].eq(council) & where["year"].eq(year)]
        if not len(at):
            rows.append(f"| {council} {year} |  |  | no: no year before of the same council |")
            continue
        far, most = float(own[at[0]]), float(bound[at[0]])
        said = "yes" if (council, year) in known else "no"
        rows.append(f"| {council} {year} | {far:+.2f} | {most:.2f} | {said} |")
    return [
        "",
        "The first look (calibration) listed these jumps of spend on care, by raw log change. The rule takes off what",
        f"all councils did in the year, and asks for {SPREADS} robust standard deviations of that year. What lies",
        "below is not flagged and stays in every analysis here. Unit costs (pounds a week) are not tested for jumps.",
        "",
        "| council and year | log change less that of all | flagged beyond | flagged |",
        "|---|---|---|---|",
        *rows,
    ]


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
