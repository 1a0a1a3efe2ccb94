"""The table `send`, declared: special educational needs and disabilities from birth to 25."""

from __future__ import annotations

from vcanalysis.core.declaration import Column, Table

# The four areas of the SEND Code of Practice (2015, 6.28 to 6.35), as the framework send-cop-4 names them.
AREAS = (
    "communication_interaction",
    "cognition_learning",
    "social_emotional_mental_health",
    "sensory_physical",
)
SETTINGS = (
    "early years",
    "mainstream",
    "resourced provision",
    "special school",
    "independent special",
    "college",
    "not in a setting",
)
STATUSES = ("support", "requested", "refused", "plan", "ceased")
# Codes of primary need as in the SEN2 return and the school census.
PRIMARY = (
    "SPLD",
    "MLD",
    "SLD",
    "PMLD",
    "SEMH",
    "SLCN",
    "HI",
    "VI",
    "MSI",
    "PD",
    "ASD",
    "DS",
    "OTH",
    "NSA",
)
_MONEY = 1_000_000


def _c(name: str, kind: str, description: str, **rules: object) -> Column:
    return Column(name, kind, description, **rules)  # type: ignore[arg-type]


def _money(name: str, description: str) -> Column:
    return _c(name, "number", description, low=0, high=_MONEY)


def _level(name: str, description: str) -> Column:
    return _c(name, "count", description, low=0, high=3)


SEND = Table(
    "send",
    "one child or young person at one yearly census",
    ("child_id", "census"),
    (
        _c(
            "child_id",
            "id",
            "Keyed pseudonym; a child in care has the same as in every other table.",
            required=True,
        ),
        _c("census", "date", "Day of the census, in January.", required=True),
        _c("birth_month", "month", "First day of the month of birth; ages run from birth to 25."),
        _c(
            "status",
            "code",
            "Support in school, or where a plan (education, health and care) stands.",
            allowed=STATUSES,
            required=True,
        ),
        _c("requested_on", "date", "Day an assessment for a plan was requested."),
        _c("plan_from", "date", "Day the plan was first made."),
        _c("plan_to", "date", "Day the plan ceased; empty while it runs."),
        _c("primary_need", "code", "Primary type of need, code of the SEN2 return.", allowed=PRIMARY),
        _c("framework", "text", "Identifier of the framework of the four levels below."),
        *(
            _level(area, f"Level of need: {area.replace('_', ' ')}; a missing level is never a nought.")
            for area in AREAS
        ),
        _level("setting_ready", "Highest level of need that the setting nearest home could meet."),
        _level("home_ready", "Highest level of need that the home can meet with the help it has."),
        _c("setting", "code", "Type of setting attended.", allowed=SETTINGS),
        _money("gbp_year", "Full yearly cost in pounds: place, top-up and transport together."),
        _money("top_up_gbp_year", "Of it, top-up funding."),
        _money("transport_gbp_year", "Of it, home-to-school transport."),
        _c("residents", "count", "Residents of the area aged 0 to 25, the same in every row.", low=1),
    ),
    limits="Children here need not be in care, nor stand in children. Costs are those of the year of the census, not "
    "deflated. Children with support in school have no cost of their own.",
)
