"""The tables of the council folder, declared: what a row is, the key, every column and its rules.

Units live in column names; dates are ISO dates; every interval is half open (the first day counts, the
last does not).
"""

from __future__ import annotations

from vcanalysis.core.declaration import Column, Table
from vcanalysis.core.errors import InputError
from vcanalysis.core.tables_edge import EDGE
from vcanalysis.core.tables_send import SEND

SCHEMA_VERSION = "1"


def _c(name: str, kind: str, description: str, **rules: object) -> Column:
    return Column(name, kind, description, **rules)  # type: ignore[arg-type]


_CHILD = _c(
    "child_id",
    "id",
    "Keyed pseudonym of the child; the same child has the same in every table.",
    required=True,
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "children",
            "one child",
            ("child_id",),
            (
                _CHILD,
                _c(
                    "birth_month",
                    "month",
                    "First day of the month of birth; the day is never kept.",
                    required=True,
                ),
                _c("sex", "code", "Sex as in the SSDA903 return.", allowed=("F", "M", "U")),
                _c(
                    "ethnicity",
                    "code",
                    "Ethnic group, SSDA903 code; a word such as NA is kept as the return has it.",
                    code_set="ETHNIC",
                    allowed=("NA", "NONE", "NULL"),
                ),
                _c("uasc", "flag", "Unaccompanied asylum-seeking child at any time in care."),
                _c("disability", "flag", "Disabled, as recorded by the council."),
                _c(
                    "sen_status",
                    "code",
                    "Special educational needs, last known.",
                    allowed=("none", "support", "EHCP"),
                ),
                _c(
                    "sibling_group",
                    "id",
                    "Children with the same value are siblings; empty when none is known.",
                ),
            ),
        ),
        Table(
            "placements",
            "one episode: a stretch with one legal status in one placement",
            ("child_id", "decom"),
            (
                _CHILD,
                _c("decom", "date", "First day of the episode.", required=True),
                _c("rne", "code", "Reason for the new episode.", code_set="RNE"),
                _c(
                    "ls",
                    "code",
                    "Legal status. V3 and V4 are short breaks and no part of the children in care.",
                    code_set="LS",
                ),
                _c("cin", "code", "Main need when care began.", code_set="CIN"),
                _c("place", "code", "Type of placement.", code_set="PLACE", required=True),
                _c("place_provider", "code", "Who provides the placement.", code_set="PLACE_PROVIDER"),
                _c("dec", "date", "Day the episode ended, which is not part of it; empty while it runs."),
                _c("rec", "code", "Reason the episode ended; X1 when another follows.", code_set="REC"),
                _c(
                    "reason_place_change",
                    "code",
                    "Reason for the change of placement.",
                    code_set="REASON_PLACE_CHANGE",
                ),
                _c("distance_miles", "number", "Distance from home to the placement.", low=0, high=600),
                _c(
                    "area",
                    "code",
                    "Whether the placement lies in the council's own area.",
                    allowed=("inside", "outside"),
                ),
                _c("provider_id", "id", "Pseudonym of the organisation that provides the placement."),
                _c("home_id", "id", "Pseudonym of the home or the foster household."),
            ),
            limits="Codes are kept exactly as returned. Temporary placements (T0 to T4) are episodes of their own.",
        ),
        Table(
            "needs",
            "one domain in one rating of one child",
            ("child_id", "date", "rater_id", "domain", "framework", "rater_role"),
            (
                _CHILD,
                _c("date", "date", "Day of the assessment.", required=True),
                _c("framework", "text", "Identifier of the needs framework used.", required=True),
                _c("rater_id", "id", "Pseudonym of who rated."),
                _c(
                    "rater_role",
                    "code",
                    "Role of who rated.",
                    allowed=(
                        "social worker",
                        "supervising social worker",
                        "team manager",
                        "carer",
                        "teacher",
                        "child",
                        "unknown",
                    ),
                ),
                _c(
                    "context",
                    "code",
                    "Occasion of the assessment.",
                    allowed=(
                        "placement request",
                        "review",
                        "edge of care",
                        "SEND",
                        "double rating",
                        "SDQ return",
                    ),
                ),
                _c("domain", "code", "Domain of need, as named in the framework.", required=True),
                _c("level", "count", "Level of need; a missing level is never a nought.", low=0, high=40),
                _c("strength", "count", "Strength in the same domain, 0 is best developed.", low=0, high=4),
            ),
            limits="A second rating of the same child by another rater within 14 days counts as a double rating. "
            "Where nobody is named, another role is another rater.",
        ),
        Table(
            "costs",
            "one price of one child over one stretch of days",
            ("child_id", "from"),
            (
                _CHILD,
                _c("from", "date", "First day charged.", required=True),
                _c("to", "date", "Day after the last day charged; empty while the price runs."),
                _c(
                    "gbp_week",
                    "number",
                    "Gross weekly fee in pounds, all payers together.",
                    required=True,
                    low=0,
                    high=100_000,
                ),
                _c("care_share", "number", "Share paid by social care.", low=0, high=1),
                _c("education_share", "number", "Share paid by education.", low=0, high=1),
                _c("health_share", "number", "Share paid by health.", low=0, high=1),
                _c(
                    "support_gbp_week",
                    "number",
                    "Weekly cost of support bought beside the placement.",
                    low=0,
                    high=100_000,
                ),
                _c(
                    "price_year",
                    "code",
                    "Financial year whose prices these are, such as 2019-20.",
                    required=True,
                ),
            ),
            limits="Prices paid, not prices deflated. One child has at most one price on one day.",
        ),
        Table(
            "outcomes",
            "one measurement of one child",
            ("child_id", "date", "measure", "rater"),
            (
                _CHILD,
                _c("date", "date", "Day the measure refers to.", required=True),
                _c(
                    "measure",
                    "code",
                    "What was measured.",
                    required=True,
                    allowed=(
                        "sdq_total",
                        "sdq_impact",
                        "sdq_emotional",
                        "health_check",
                        "dental_check",
                        "immunisations_up_to_date",
                        "convicted",
                        "substance_misuse",
                        "missing_episodes",
                        "in_education_employment_training",
                        "suitable_accommodation",
                    ),
                ),
                _c(
                    "value",
                    "number",
                    "The value: SDQ points (total 0 to 40, impact and emotional 0 to 10), 1 for yes and 0 for no, "
                    "or a count.",
                    required=True,
                    low=0,
                ),
                _c(
                    "rater",
                    "code",
                    "Who reported it.",
                    allowed=("carer", "teacher", "child", "social worker", "return"),
                ),
            ),
            limits="The SDQ is returned for about three of four children who should have one; the missing are not "
            "like the rest.",
        ),
        Table(
            "goals",
            "one goal of one child",
            ("child_id", "set_on", "domain", "horizon"),
            (
                _CHILD,
                _c("set_on", "date", "Day the goal was set.", required=True),
                _c("horizon", "code", "Short or long term.", allowed=("short", "long"), required=True),
                _c("child_authored", "flag", "Whether the child wrote or chose it."),
                _c("domain", "code", "Domain of need it belongs to.", required=True),
                _c(
                    "progress",
                    "code",
                    "Last known progress.",
                    allowed=("not started", "some", "met", "dropped"),
                ),
            ),
            repeats=True,
        ),
        Table(
            "stepdown",
            "one child profiled for a move to a family",
            ("child_id", "profiled"),
            (
                _CHILD,
                _c("profiled", "date", "Day the profile was written.", required=True),
                _c(
                    "decision",
                    "code",
                    "Decision of the panel.",
                    allowed=("search", "appropriate", "joint funding", "other"),
                ),
                _c("search", "date", "Day the search for a family began."),
                _c("offer", "date", "Day a family was offered."),
                _c("match", "date", "Day of the match."),
                _c("move", "date", "Day the child moved to the family."),
                _c(
                    "sustained_13_weeks",
                    "flag",
                    "Still in a family 13 weeks after the move; empty if not yet known.",
                ),
                _c("sustained_26_weeks", "flag", "The same at 26 weeks."),
                _c("sustained_52_weeks", "flag", "The same at 52 weeks."),
                _c("ended", "date", "Day the family placement ended, if it has."),
                _c(
                    "reason",
                    "code",
                    "Why it ended.",
                    allowed=("breakdown", "planned move", "returned home", "18th birthday", "other"),
                ),
            ),
            limits="A move still under way is censored: it is neither a success nor a failure.",
        ),
        Table(
            "carers",
            "one domain in the profile of one foster household",
            ("household_id", "domain"),
            (
                _c("household_id", "id", "Pseudonym of the household.", required=True),
                _c("approved_places", "count", "Places approved.", low=0, high=9),
                _c("age_min", "count", "Youngest age approved for, years.", low=0, high=17),
                _c("age_max", "count", "Oldest age approved for, years.", low=0, high=18),
                _c("domain", "code", "Domain of need.", required=True),
                _c(
                    "capability",
                    "count",
                    "Highest level of need in this domain the household can meet.",
                    low=0,
                    high=4,
                ),
            ),
        ),
        EDGE,
        SEND,
    )
}


def get_table(name: str) -> Table:
    """Give the declaration of a table.

    Raises
    ------
    InputError
        If there is no such table; the message lists those there are.
    """
    if name not in TABLES:
        raise InputError(f"There is no table {name!r}. Tables are: {', '.join(TABLES)}.")
    return TABLES[name]
