"""The form of the committee briefing: which findings, figures and tables stand in which part."""

from __future__ import annotations

from dataclasses import dataclass

from vcanalysis.output.briefing.findings import Finding
from vcanalysis.output.briefing.parts import Part
from vcanalysis.output.briefing.pictures import Picture


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation: on which record it rests, what to do, who, in how many quarters, and how one can tell."""

    id: str
    what: str
    to: str
    quarters: int
    done: str
    numbers: tuple[str, ...] = ()


def _value(name: str, words: str) -> Finding:
    return Finding(name, words, neutral=None)


KEY = (
    "council.children_in_care",
    "cost.quarter.cost_of_the_weeks_with_a_price",
    "cost.quarter.cost_of_a_child_week",
    "need_spend.rank_correlation",
    "middle.broad.share_of_weekly_spend_in_the_middle",
    "stepdown.for_review",
    "ledger.statement.net_unspent",
    "stability.last_a_year",
)
SPEND_FOLLOWS_NEED = Finding(
    "need_spend.rank_correlation",
    "Children with more need cost more on the whole.",
    "Children with more need cost less.",
    "There is no clear link between need and weekly cost.",
)
SUMMARY = (
    SPEND_FOLLOWS_NEED,
    _value("need_spend.share_explained.need", "Need goes with {value} of the differences in cost."),
    _value("need_spend.share_explained.type_of_placement", "Where children live goes with {value} of them."),
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
    _value("ledger.statement.net_unspent", "Net of all costs, {value} was not spent."),
    Finding(
        "savings.net_present_value_over_the_horizon",
        "On the assumptions of the scenario a programme would pay for itself.",
        "On the assumptions of the scenario a programme would not pay for itself.",
        "Whether a programme would pay for itself is open.",
    ),
    Finding(
        "claims.routes.pooled_spread_uncertain",
        "Carried to England, the claim of two councils comes to more than nought.",
        "Carried to England, the claim of two councils comes to less than nought.",
        "What two councils would mean for England is open, even in its sign.",
    ),
)
PARTS = (
    Part(
        "The problem and the data",
        (
            _value("council.children_in_care", "{value} were in care."),
            _value("cost.typical.mean_weekly_cost", "On average a child’s placement costs {value}."),
            _value("data.assessed.share_of_children_assessed", "{value} of children have an assessment."),
            _value("data.known.weeks_of_the_quarter_with_a_price", "{value} of weeks have a price."),
        ),
        (
            Picture(
                "cost.median_by_type",
                "Care costs most in {most_group} ({most}), least in {least_group} ({least})",
                "Weekly cost does not clearly differ between types of placement",
                "Median weekly cost by type of placement",
            ),
            Picture(
                "needs.action_by_domain",
                "Most often children need action on {most_group} ({most}), least on {least_group} ({least})",
                "No domain of need clearly stands out",
                "Share of children who need action, by domain of need",
            ),
        ),
        (("data.flow", "Who is in the data"),),
    ),
    Part(
        "Need and spend",
        (
            SPEND_FOLLOWS_NEED,
            _value("need_spend.reliability", "Two ratings of the same child agree with a coefficient of {value}."),
            _value("need_spend.without_rating_error", "Had need been rated without error, the link would be {value}."),
            _value("need_spend.same_need_ratio", "At the same need, dear prices are {value} times the cheap."),
        ),
        (
            Picture(
                "need_spend.share_explained",
                "Most of the difference in cost goes with {most_group} ({most}), least with {least_group} ({least})",
                "No one thing clearly goes with more of the difference in cost than the others",
                "Share of the difference in weekly cost explained",
            ),
        ),
        (("need_spend.partial", "The link of need and cost, other things held alike"),),
    ),
    Part(
        "Children in the middle",
        (
            _value("middle.broad.share_of_children_in_the_middle", "{value} of children are in the middle."),
            _value("middle.strict.share_of_children_in_the_middle", "By a stricter rule it is {value}."),
            _value("middle.agreement", "The rule and the model agree with an index of {value}."),
        ),
        (
            Picture(
                "middle.cost_by_group",
                "Groups of need differ in cost, from {least} ({least_group}) to {most} ({most_group})",
                "Groups of need do not clearly differ in cost",
                "Mean weekly cost by group of need",
            ),
        ),
        (("middle.broad", "The middle, broadly"), ("middle.strict", "The middle, strictly")),
    ),
    Part(
        "What was done and what changed",
        (
            _value("stepdown.moved_within_a_year", "{value} of profiled children moved within a year."),
            _value("ledger.natural_stay", "Without a programme, {value} are still in the home a year after coming."),
            _value("stability.last_a_year", "{value} of placements last a year."),
            Finding(
                "need_change.all.mean_change", "Need rose on average.", "Need fell on average.",
                "There is no clear change of need on average.",
            ),
        ),
        (
            Picture(
                "stability.breakdowns",
                "Breakdowns are most frequent at {most_group} need ({most}), least at {least_group} ({least})",
                "Breakdowns do not clearly differ between bands of need",
                "Breakdowns per 100 children a year, by band of need",
            ),
        ),
        (("ledger.ladder", "Four ways to the same difference, from naive to designed"),
         ("need_change.all", "Change of need, observed and expected")),
    ),
    Part(
        "Savings",
        (
            _value("ledger.statement.net_unspent", "Net of all costs, {value} was not spent."),
            Finding(
                "savings.net_present_value_after_optimism_bias",
                "After optimism bias the scenario still pays.",
                "After optimism bias the scenario does not pay.",
                "After optimism bias it is open whether the scenario pays.",
            ),
            _value("savings.likelihood_that_the_net_present_value_is_positive",
                   "The likelihood that it pays for itself is {value}."),
            _value("savings.switching.switching_value_of_moves_that_last_a_year",
                   "It would pay from {value} of moves lasting a year."),
        ),
        (
            Picture(
                "savings.net_saving_within_the_year_part_year_effect",
                "The net saving within the year is highest in {most_group} ({most})",
                "The years do not clearly differ in what a programme would save",
                "Net saving within the year in the scenario",
            ),
        ),
        (("ledger.statement", "What was not spent, line by line"), ("ledger.classes", "By class of saving"),
         ("savings.switching", "What would change the answer")),
    ),
    Part(
        "Scale and comparability",
        (
            _value("claims.england_share", "The national claim is {value} of what England spends."),
            _value(
                "claims.truth_given_report.the_nation_saves",
                "That anything at all is gained nationally has a likelihood of {value}.",
            ),
            _value(
                "claims.truth_given_report.the_nation_saves_more_than_claimed",
                "That it is more than was claimed has one of {value}.",
            ),
        ),
        (
            Picture(
                "claims.beyond_twice",
                "Scaled up, a report is more than twice too high in {least} to {most} of nations, by who reports",
                "How councils are chosen does not clearly matter",
                "Simulated nations in which the claim is more than twice the truth",
            ),
        ),
        (("claims.routes", "England by five routes"),),
        missing="This run holds no comparison with other councils.",
    ),
)  # fmt: skip
RECOMMENDED = (
    Advice("data.overdue.never_assessed", "Assess every child.", "head of service for children in care", 1,
           "no child is without an assessment."),
    Advice("data.rated_twice", "Have a tenth of assessments rated by a second person.",
           "lead for needs assessment", 2, "this share is a tenth, raters not knowing the cost."),
    Advice("middle.broad.share_of_weekly_spend_in_the_middle", "Review placements of children in the middle first.",
           "head of placements", 2, "each has a recorded review with the child’s view."),
    Advice("need_spend.same_need_ratio", "Ask for the reasons of unlike prices at the same need.",
           "head of commissioning", 2, "each of the dearest has a recorded reason."),
    Advice("savings.net_present_value_over_the_horizon",
           "Start a programme only as a test with a comparison.", "director of finance and director of children’s "
           "services", 4, "a plan with a comparison group is agreed before the first move."),
    Advice("claims.routes.pooled_spread_uncertain", "Do not quote a national figure from two councils.",
           "all who speak for the programme", 1, "no publication does."),
)  # fmt: skip
