"""The columns of the tables for colleagues: what each holds and where it leads. Light, so that a scan may know them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a published table: its name, what it holds and whether it leads to another table."""

    name: str
    type: str
    meaning: str
    key: str = ""


STAR = {
    "results": (
        Column("result_id", "text", "Name of the result; with run_id it names the row.", "key"),
        Column("run_id", "text", "Run that made it.", "runs"),
        Column("measure_id", "text", "What was measured.", "measures"),
        Column("question_id", "text", "Question that it answers.", "questions"),
        Column("group", "text", "Children, placements or cases it is of; all where of all."),
        Column("period", "text", "Quarter or dates it is of."),
        Column("value", "number", "The estimate or count, in its unit; shares from 0 to 1. Empty: see status."),
        Column("low", "number", "Lower end of the interval; empty where there is none."),
        Column("high", "number", "Upper end of the interval; empty where there is none."),
        Column("level", "number", "Share of such intervals that hold the truth, such as 0.95."),
        Column("span", "text", "What low and high are: an interval, a range."),
        Column("unit", "text", "Unit of value, low and high."),
        Column("n", "count", "What it is based on, rounded; counted in `of` of the measure."),
        Column("method", "text", "How it was estimated."),
        Column("status", "text", "shown, hidden (to protect children) or not estimable."),
        Column("sentence", "text", "The result in words."),
    ),
    "measures": (
        Column("measure_id", "text", "Name of the measure, the same in every run.", "key"),
        Column("label", "text", "What it is, in a few words."),
        Column("kind", "text", "estimate or count."),
        Column("of", "text", "What n counts."),
        Column("design", "text", "Grade on the Maryland scale where it speaks of a cause."),
    ),
    "questions": (
        Column("question_id", "text", "Name of the notebook.", "key"),
        Column("question", "text", "The question it asks."),
    ),
    "runs": (
        Column("run_id", "text", "Name of the run: the same inputs give the same name.", "key"),
        Column("council", "text", "Council."),
        Column("council_code", "text", "Its code."),
        Column("quarter", "text", "Quarter, such as 2019Q4 (October to December 2019)."),
        Column("quarter_start", "date", "First day of the quarter."),
        Column("quarter_end", "date", "Last day of the quarter."),
        Column("price_year", "text", "Financial year whose prices pounds are in."),
        Column("policy", "text", "Profile of disclosure control."),
        Column("caveat", "text", "What in the data is synthetic or simulated."),
    ),
}  # fmt: skip
