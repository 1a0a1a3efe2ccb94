"""Words that finance and case systems use for our columns, by which a mapping is drafted."""

from __future__ import annotations

WORDS: dict[str, tuple[str, ...]] = {
    "child_id": (
        "id",
        "client no",
        "child id",
        "client id",
        "person id",
        "identifier",
        "mosaic id",
        "lcs id",
        "service user id",
        "case no",
        "case number",
        "case ref",
        "client ref",
        "client number",
        "person ref",
    ),
    "from": (
        "start date",
        "from date",
        "placement start date",
        "service start",
        "service start date",
        "period start",
        "period from",
        "payment from",
        "date placed",
        "date from",
        "start",
    ),
    "to": (
        "end date",
        "to date",
        "placement end date",
        "service end",
        "service end date",
        "period end",
        "period to",
        "payment to",
        "date left",
        "date to",
        "finish",
    ),
    "amount": (
        "amount",
        "total weekly cost",
        "weekly cost",
        "unit cost",
        "rate",
        "price",
        "fee",
        "gross cost",
        "cost",
        "annual cost",
        "monthly cost",
        "daily cost",
        "net amount",
        "gross amount",
        "weekly gross",
        "weekly net",
        "weekly rate",
        "weekly fee",
        "fee per week",
        "cost per week",
        "rate per week",
        "weekly £",
        "gbp per week",
        "pounds per week",
    ),
    "period": ("frequency", "per", "unit", "period", "cost period", "basis"),
    "line": (
        "service",
        "service line",
        "service type",
        "service name",
        "element",
        "component",
        "cost element",
    ),
    "care_share": (
        "social care contribution %",
        "care %",
        "contribution from social care",
        "social care contribution",
        "care share",
        "social care %",
        "la contribution",
        "la contribution %",
    ),
    "education_share": (
        "contribution from education",
        "education contribution",
        "education contribution %",
        "education share",
        "education %",
    ),
    "health_share": (
        "contribution from health",
        "health contribution",
        "health contribution %",
        "health share",
        "health %",
        "nhs %",
        "icb contribution",
        "ccg contribution",
        "chc %",
        "continuing health care %",
    ),
    "date": (
        "date",
        "assessment date",
        "completed date",
        "date completed",
        "review date",
        "date of review",
        "date of assessment",
        "assessed",
    ),
    "rater_id": ("assessor", "worker", "completed by", "social worker", "rater"),
    "level": ("level", "score", "rating", "need level"),
    "domain": ("domain", "area of need", "area", "item"),
    "household_id": ("carer id", "household", "household id", "foster carer id"),
    "set_on": ("goal set", "date set", "date goal set"),
    "horizon": ("horizon", "term", "short or long term", "timescale"),
    "child_authored": ("child authored", "written by child", "child's own words"),
    "progress": ("progress", "status", "goal status"),
    "measure": ("measure", "outcome", "indicator"),
    "value": ("value", "result", "score"),
    "capability": ("capability", "can meet", "highest level", "skill level"),
    "approved_places": ("approved places", "places approved", "places"),
    "age_min": ("youngest age", "age from", "minimum age"),
    "age_max": ("oldest age", "age to", "maximum age"),
    "profiled": ("profile date", "profiled on", "date profiled", "date of profile"),
    "decision": ("decision", "panel decision", "panel"),
    "search": ("search began", "search started", "search start date"),
    "offer": ("offer", "date of offer", "offer date"),
    "match": ("match", "date of match", "matched on"),
    "move": ("move", "date of move", "moved on", "move date"),
    "ended": ("ended", "end of placement", "placement ended"),
    "reason": ("reason", "reason ended", "end reason"),
}
# Words one of which is in the name of a column of ours, whatever else is in it.
_SAID_BY = {
    "from": "from start starts started begin begins began begun placed commenced admitted entered",
    "to": "to end ends ended left leaving leaves finish finished ceased until discharged",
    "care_share": "care social la lac cla lca csc",
    "education_share": "education educational school send dsg",
    "health_share": "health nhs icb ccg chc",
}
SAID_BY = {name: frozenset(words.split()) for name, words in _SAID_BY.items()}
# Words in the names of other days than the first and last of a price.
_OTHER_DAYS = "invoice invoiced paid payment approved created actual forecast name team"
OTHER_DAYS = frozenset(_OTHER_DAYS.split())
# Words that make a day one of a price, where a file has the days of the placement too.
_OF_PRICES = "cost costs charge charged payment fee price line commitment"
OF_PRICES = frozenset(_OF_PRICES.split())
# Words of amounts, and of how many units one is for.
_OF_AMOUNTS = "amount cost gross net paid price rate total value"
OF_AMOUNTS = frozenset(_OF_AMOUNTS.split())
_OF_UNITS = "qty quantity units number days weeks nights"
OF_UNITS = frozenset(_OF_UNITS.split())
# Columns by which a table is told from others.
KIND_OF: dict[str, tuple[str, ...]] = {
    "costs": ("amount", "gbp_week"),
    "needs": ("level", "domain"),
    "carers": ("household_id", "capability"),
    "goals": ("set_on", "horizon", "progress"),
    "stepdown": ("profiled", "decision", "match", "move"),
    "outcomes": ("measure", "value"),
}
# Levels of need in words.
LEVELS = frozenset(
    (
        "none",
        "no need",
        "low",
        "mild",
        "some",
        "medium",
        "moderate",
        "high",
        "very high",
        "severe",
        "significant",
    )
)
