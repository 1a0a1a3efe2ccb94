"""Other councils: what a comparison found, where the run was given a published panel of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.output.briefing.blocks import Said, Table
from vcanalysis.output.briefing.parts import NOT_MEASURED, source_of
from vcanalysis.output.briefing.tables import table_of
from vcanalysis.output.records import INVENTED, Record, Results

NEIGHBOURS = "value.neighbours"
_PAGE = "14_who_gets_most_value"
_GIVE = (
    "Name a panel of official statistics in the settings (panel = FOLDER, made by vcanalysis statistics; own = the "
    "council's ONS code). The panel of this run is invented to show the method, so no figure of it stands here."
)


def studied(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set the event study: councils with the programme beside those without, year by year since its start."""
    found = _real(results, "impact.event")
    if not found:
        return Said(
            f"An event study beside councils without the programme. {_GIVE}", NOT_MEASURED, origin="the form"
        )
    title = f"Event study: {found[0].label}, by years since the start"
    return table_of(found, id="impact.event", title=title, source=source_of(about), head="Group")


def compared(results: Results, about: Mapping[str, Any]) -> Table | Said:
    """Set how far councils differ beyond chance: the funnel in numbers, without a league table."""
    found = [*_real(results, "value.funnel"), *_real(results, "value.spread")]
    if not found:
        what = "How far councils differ beyond chance, and this one from its neighbours."
        return Said(f"{what} {_GIVE}", NOT_MEASURED, origin="the form")
    return table_of(
        found, id="councils", title="How far councils differ beyond chance", source=source_of(about)
    )


def neighbours(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set this council beside its statistical neighbours, where a published panel and its own code were given."""
    found = _real(results, NEIGHBOURS)
    if not found:
        return None
    own = about.get("parameters", {}).get(_PAGE, {}).get("own", "")
    whose = (
        "this council" if own in ("", about["council"].get("code", own)) else f"council {own}, not this one,"
    )
    title = f"Outcomes of {whose} less the mean of its statistical neighbours"
    return table_of(found, id=NEIGHBOURS, title=title, source=source_of(about), head="Group")


def _real(results: Results, topic: str) -> list[Record]:
    return [r for r in results.of(topic) if INVENTED not in r.caveat]
