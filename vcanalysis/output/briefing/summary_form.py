"""What the committee briefing says first: key facts, the summary, and the same in plain English."""

from __future__ import annotations

from vcanalysis.output.briefing.findings import Finding


def _value(name: str, words: str, named: str = "") -> Finding:
    return Finding(name, words, neutral=None, named=named)


NET = "What was not spent after moves, net of all costs"
KEY = (
    "council.children_in_care",
    "quarter.mix.residential_home",
    "cost.quarter.cost_of_a_child_week",
    "need_spend.rank_correlation",
    "middle.broad.share_of_weekly_spend_in_the_middle",
    "stepdown.for_review",
    "ledger.statement.net_unspent",
    "stability.last_a_year",
    # instead of those that cannot be shown
    "cost.quarter.cost_of_the_weeks_with_a_price",
    "cost.dearest_share.dearest_10",
    "data.assessed.share_of_children_assessed",
    "stability.three_or_more",
)
SPEND_FOLLOWS_NEED = Finding(
    "need_spend.rank_correlation",
    "Children with more need cost more on the whole.",
    "Children with more need cost less.",
    "Whether children with more need cost more cannot be told from these data.",
)
SUMMARY = (
    SPEND_FOLLOWS_NEED,
    _value("need_spend.share_explained.need", "Need alone goes with {value} of the differences in cost."),
    _value(
        "need_spend.share_explained.type_of_placement",
        "Where children live goes with {value} of the differences in cost.",
    ),
    _value(
        "middle.broad.share_of_weekly_spend_in_the_middle",
        "Children in the middle take {value} of weekly spend.",
    ),
    Finding(
        "middle.dearest_fall.fall_beyond_what_was_expected",
        "The dearest placements became cheaper by more than was to be expected.",
        "The dearest placements became cheaper by less than was to be expected.",
        "Whether the dearest placements became cheaper by more than was to be expected is open.",
    ),
    Finding(
        "stability.breakdown_by_need",
        "Placements of children with more need break down more often.",
        "Placements of children with more need break down less often.",
        "There is no clear link between need and breakdown.",
        neutral=1.0,
    ),
    Finding(
        "need_change.all.change_beyond_what_is_expected",
        "Need rose by more than was to be expected.",
        "Need fell by more than was to be expected.",
        "There is no clear change of need beyond what was to be expected.",
    ),
    _value("ledger.statement.net_unspent", "Net of all costs, {value} was not spent.", NET),
    Finding(
        "savings.net_present_value_over_the_horizon",
        "On the assumptions of the scenario a programme would pay for itself.",
        "On the assumptions of the scenario a programme would not pay for itself.",
        "On the assumptions of the scenario it is open whether a programme would pay for itself.",
    ),
    Finding(
        "claims.routes.pooled_spread_uncertain",
        "Carried to England, the claim of two councils comes to more than nought.",
        "Carried to England, the claim of two councils comes to less than nought.",
        "Nothing can be said of a saving for England: from two councils even its sign is open.",
    ),
)
# held to a reading age, so in short words
PLAIN = (
    _value("council.children_in_care", "The council cares for {value}."),
    Finding(
        "need_spend.rank_correlation",
        "Children with more needs cost more.",
        "Children with more needs cost less.",
        "We cannot tell if children with more needs cost more.",
    ),
    _value(
        "stability.last_a_year", "In {value} of moves to a new home, the child is still there a year later."
    ),
    Finding(
        "stability.breakdown_by_need",
        "When a child has more needs, placements break down more often.",
        "When a child has more needs, placements break down less often.",
        "We cannot tell if placements break down more often when a child has more needs.",
        neutral=1.0,
    ),
    Finding(
        "need_change.all.change_beyond_what_is_expected",
        "Needs rose by more than we would expect.",
        "Needs fell by more than we would expect.",
        "Needs did not clearly change.",
    ),
    Finding(
        "savings.net_present_value_over_the_horizon",
        "We also asked if help to move into a family would pay for itself. By our best guess, it would.",
        "We also asked if help to move into a family would pay for itself. By our best guess, it would not.",
        "We also asked if help to move into a family would pay for itself. We cannot tell.",
    ),
)
