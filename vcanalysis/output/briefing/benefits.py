"""Benefits: what was promised, what the scenario forecasts and what the ledger holds, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.core.numbers import write_number
from vcanalysis.output import protocol
from vcanalysis.output.briefing.blocks import Cell, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import interval, number
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results

MANIFEST = "manifest.json"  # its parameters hold what was promised
_ACTUAL = "ledger.by_year"
_SHORT = "ledger.slippage"
_FORECAST = "savings.net_saving_within_the_year_part_year_effect"
_LEDGER, _TARGET = "20_what_was_saved", "target_gbp_year"


def plan_and_actual(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set plan, forecast and actual beside each other: one row a financial year.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: the target is a parameter of the ledger.
    """
    years = sorted(
        {r.group for topic in (_ACTUAL, _SHORT, _FORECAST) for r in results.of(topic) if r.group != "all"}
    )
    if not years:
        return None
    target = about.get("parameters", {}).get(_LEDGER, {}).get(_TARGET)
    rows = tuple(_row(results, year, target) for year in years)
    notes = (
        "Plan: what the plan of the evaluation promises for each year that the ledger holds. Forecast: the scenario, "
        "assumptions and not an observation. Actual: the ledger, net, within the year.",
        "Not met only where the whole interval lies below the plan. A dash: not in this run. "
        "[c] withheld to protect children’s privacy.",
        *protocol.whose(about.get("protocol", {})),
    )
    columns = ("Financial year", "Plan", "Forecast", "Its range", "Actual", "Its interval", "Verdict")
    return Table(
        "benefits", "Benefits: plan, forecast and actual", columns, rows, source_of(about), notes, words=(6,)
    )


def _row(results: Results, year: str, target: float | None) -> tuple[Cell, ...]:
    forecast, actual = _of(results, _FORECAST, year), _of(results, _ACTUAL, year)
    planned = target if actual is not None else None
    return (
        Cell(year),
        Cell(
            "–" if planned is None else write_number(planned, "GBP"),
            origin="" if planned is None else MANIFEST,
        ),
        *_cells(forecast),
        *_cells(actual),
        Cell(_verdict(actual, planned)),
    )


def _of(results: Results, topic: str, year: str) -> Record | None:
    return next((r for r in results.of(topic) if r.group == year), None)


def _cells(record: Record | None) -> tuple[Cell, Cell]:
    if record is None:
        return Cell("–"), Cell("–")
    value = Cell(number(record), record.id, record.value, published_unit(record.unit))
    return value, Cell(interval(record) or "–", record.id)


def _verdict(actual: Record | None, planned: float | None) -> str:
    if actual is None or planned is None:
        return "–"
    if actual.value is None:
        return "withheld" if actual.status == "suppressed" else "could not be estimated"
    low = actual.value if actual.low is None else actual.low
    high = actual.value if actual.high is None else actual.high
    return "met" if low >= planned else "not met" if high < planned else "cannot be told"
