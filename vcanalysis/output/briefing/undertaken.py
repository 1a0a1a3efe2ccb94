"""What the plan tells beside what the run found: rate of the area, budget line, benefits, gains, theory of change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.core.numbers import write_number
from vcanalysis.core.period import write_day
from vcanalysis.output import protocol
from vcanalysis.output.briefing.blocks import Cell, Said, Table
from vcanalysis.output.briefing.parts import NOT_MEASURED
from vcanalysis.output.records import Results

_CARE = "council.children_in_care"
_TELL = "Tell it in evaluation.toml"


def told(about: Mapping[str, Any], part: str) -> Any:
    """Give a part of the plan, or nothing."""
    return about.get("protocol", {}).get(part)


def rate(results: Results, about: Mapping[str, Any]) -> Said | None:
    """Say the rate of children in care for each 10,000 children of the area, from the published count."""
    area, count = told(about, "area"), results.get(_CARE)
    if area is None:
        words = f"The rate for each 10,000 children of the area. {_TELL}: [area] children_0_17, year, source."
        return Said(words, NOT_MEASURED, numbers=("10,000", "0", "17"), origin=protocol.FILE)
    if count is None or count.value is None:
        return Said(
            "The rate for each 10,000 children: the count may not be shown.",
            NOT_MEASURED,
            numbers=("10,000",),
        )
    per = f"{10_000 * count.value / area['children_0_17']:.0f}"
    children = f"{area['children_0_17']:,.0f}"
    return Said(
        f"The published count over {children} children of the area aged 0 to 17, {area['year']}: {area['source']}.",
        f"Of each 10,000 children {per} are in care.",
        (count.id,),
        numbers=(per, children, "10,000", "0", "17", str(area["year"])),
        origin=protocol.FILE,
    )


def budget(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set budget and outturn of the line beside each other, year by year."""
    rows = told(about, "budget")
    if not rows:
        words = (
            f"Whether the budget line moved. {_TELL}: [[budget]] with year, line, budget_gbp, outturn_gbp."
        )
        return Said(words, NOT_MEASURED, origin=protocol.FILE)
    cells = tuple(
        _told(
            row["year"],
            row["basis"],
            _pounds(row["budget_gbp"]),
            _pounds(row.get("outturn_gbp")),
            _over(row),
            row["source"],
        )
        for row in sorted(rows, key=lambda row: str(row["year"]))
    )
    columns = ("Financial year", "Basis", "Budget", "Outturn", "Outturn less budget", "Source")
    note = "As the council tells it, in the prices of each year: no run can check it. A dash: not told."
    return Table(
        "budget", f"The budget line: {rows[0]['line']}", columns, cells, protocol.FILE, (note,), words=(1, 5)
    )


def baseline_words(about: Mapping[str, Any]) -> str:
    """Answer whether the baseline is an approved budget; nothing where none is told."""
    rows = sorted(told(about, "budget") or [], key=lambda row: str(row["year"]))
    if not rows:
        return ""
    said = "; ".join(f"{r['year']}: {_pounds(r['budget_gbp'])}, {r['basis']} ({r['source']})" for r in rows)
    return f"{rows[0]['line']}, as the council tells it. {said}."


def outturn_words(about: Mapping[str, Any]) -> str:
    """Answer whether the budget line has fallen; nothing where fewer than two outturns are told."""
    rows = sorted(
        (r for r in told(about, "budget") or [] if "outturn_gbp" in r), key=lambda row: str(row["year"])
    )
    if len(rows) < 2:
        return ""
    first, last = rows[0], rows[-1]
    change = last["outturn_gbp"] - first["outturn_gbp"]
    way = "less than" if change < 0 else "more than" if change > 0 else "different from"
    return (
        f"{last['line']}: outturn {_pounds(last['outturn_gbp'])} in {last['year']}, {_pounds(abs(change))} {way} in "
        f"{first['year']}, in the prices of each year. As the council tells it; why it moved is not told by it."
    )


def benefits(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set who owns each year's saving, who signed it off when, its grade, and why it slipped."""
    rows = told(about, "benefit")
    if not rows:
        words = (
            f"Who owns each saving, when finance signed it off, why it slipped, and its grade. {_TELL}: [[benefit]] "
            "with year, owner, signed_off, grade."
        )
        return Said(words, NOT_MEASURED, origin=protocol.FILE)
    cells = tuple(
        _told(
            row["year"],
            row["owner"],
            write_day(row["signed_off"]),
            row["grade"],
            row.get("slipped_because", "–"),
        )
        for row in sorted(rows, key=lambda row: str(row["year"]))
    )
    columns = ("Financial year", "Owner", "Signed off by finance", "Evidence", "Why it slipped")
    note = (
        "As the council tells it. Evidence: sufficient, partial or insufficient, the grades that the National Audit "
        "Office gives reported savings; given by the council’s own audit, not by that office."
    )
    return Table(
        "owned", "Benefits: who answers for them", columns, cells, protocol.FILE, (note,), words=(1, 2, 3, 4)
    )


def gains(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set what others gain, as far as a source is named for it."""
    rows = told(about, "gain")
    if not rows:
        words = (
            "What police, courts, schools or families gain or pay: no extract of a council holds it, and no preset "
            f"gives pounds for it. {_TELL}: [[gain]] with who, what, low_gbp_year, high_gbp_year, source."
        )
        return Said(words, NOT_MEASURED, origin=protocol.FILE)
    cells = tuple(
        _told(
            row["who"],
            row["what"],
            _pounds(row["low_gbp_year"]),
            _pounds(row["high_gbp_year"]),
            row["source"],
        )
        for row in rows
    )
    columns = ("Who", "What", "Low, a year", "High, a year", "Source")
    note = "Taken from the sources named and not measured here. In no total of this document."
    return Table("gains", "What others may gain", columns, cells, protocol.FILE, (note,), words=(1, 4))


def theory(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set each step of the theory of change beside what this run found on it."""
    rows = told(about, "theory")
    if not rows:
        words = f"Why the programme should work, step by step. {_TELL}: [[theory]] with step, expects, source, outcome."
        return Said(words, NOT_MEASURED, origin=protocol.FILE)
    cells = tuple(
        (*_told(row["step"], row["expects"]), _found(row.get("outcome", ""), results), *_told(row["source"]))
        for row in rows
    )
    columns = ("Step", "What is expected", "What this run found", "Where it comes from")
    note = "A chain holds no better than its weakest link: a step that is open leaves open all that follows from it."
    return Table(
        "theory",
        "Theory of change, held against this run",
        columns,
        cells,
        protocol.FILE,
        (note,),
        words=(1, 2, 3),
    )


def _found(outcome: str, results: Results) -> Cell:
    record = results.get(outcome) if outcome else None
    if record is None:
        return Cell("not measured in this run")
    return Cell(record.sentence, record.id)


def _told(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell(text, origin=protocol.FILE) for text in words)


def _pounds(amount: float | None) -> str:
    return "–" if amount is None else write_number(amount, "GBP")


def _over(row: Mapping[str, Any]) -> str:
    return _pounds(row["outturn_gbp"] - row["budget_gbp"]) if "outturn_gbp" in row else "–"
