"""The table `edge` of the council folder: children with a plan at home, and who of them came into care."""

from __future__ import annotations

from vcanalysis.core.declaration import Column, Table


def _c(name: str, kind: str, description: str, **rules: object) -> Column:
    return Column(name, kind, description, **rules)  # type: ignore[arg-type]


EDGE = Table(
    "edge",
    "one case of a child on the edge of care, from its opening on",
    ("child_id", "opened"),
    (
        _c(
            "child_id",
            "id",
            "Keyed pseudonym of the child; the same child has the same in every table.",
            required=True,
        ),
        _c("opened", "date", "Day the case was opened, or the plan began.", required=True),
        _c("closed", "date", "Day the case was closed; empty while it is open."),
        _c(
            "plan",
            "code",
            "Plan at the opening.",
            allowed=("child in need", "child protection", "pre-proceedings", "return home"),
            required=True,
        ),
        _c("panel_flag", "flag", "Whether a panel judged entry to care likely without intensive support."),
        _c("need_total", "count", "Total of the needs framework at the opening.", low=0, high=200),
        _c("earlier_plans", "count", "Plans of the child that ended before.", low=0, high=30),
        _c("team", "id", "Pseudonym of the team that holds the case."),
        _c("birth_month", "month", "First day of the month of birth; the day is never kept."),
        _c("sex", "code", "Sex as in the census of children in need.", allowed=("F", "M", "U")),
        _c("ethnicity", "code", "Ethnic group, as in the children table.", code_set="ETHNIC"),
        _c("disability", "flag", "Disabled, as recorded by the council."),
        _c("uasc", "flag", "Unaccompanied asylum-seeking child."),
        _c(
            "intervention",
            "code",
            "Intensive support given; empty where none was.",
            allowed=(
                "family group conference",
                "intensive family support",
                "multisystemic therapy",
                "functional family therapy",
                "other",
            ),
        ),
        _c("intervention_from", "date", "First day of the intervention."),
        _c("intervention_to", "date", "Day the intervention ended; empty while it runs."),
        _c("entered_care", "date", "Day the child came into care after the opening, even after the closure."),
        _c("returned", "date", "Day the child went home again; empty while in care."),
    ),
    limits="Most of these children are never looked after, so who they are stands here and not in `children`. "
    "A child without a day of entry is known not to have entered up to the last day of the data.",
)
