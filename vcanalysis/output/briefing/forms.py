"""The form of the committee briefing: which findings, figures and tables stand in which part, and what is advised."""

from __future__ import annotations

from dataclasses import dataclass

from vcanalysis.output.briefing import benefits, councils, gallery, undertaken
from vcanalysis.output.briefing.findings import Finding
from vcanalysis.output.briefing.parts import Part
from vcanalysis.output.briefing.summary_form import NET, SPEND_FOLLOWS_NEED


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation: on which record it rests, what to do, who, in how many quarters, and how one can tell."""

    id: str
    what: str
    to: str
    quarters: int
    done: str
    numbers: tuple[str, ...] = ()
    quoted: bool = True  # whether it says its record: advice against a figure does not


def _value(name: str, words: str, named: str = "") -> Finding:
    return Finding(name, words, neutral=None, named=named)


PARTS = (
    Part(
        "The problem and the data",
        (
            _value("council.children_in_care", "{value} were in care."),
            _value("cost.typical.mean_weekly_cost", "On the last day a child’s placement cost {value} on average."),
            _value("data.assessed.share_of_children_assessed", "{value} of children have an assessment."),
            _value("data.known.weeks_of_the_quarter_with_a_price", "{value} of weeks have a price."),
        ),
        (gallery.COST_BY_TYPE, gallery.ACTION),
        (("data.flow", "Who is in the data"),),
        main=("cost.median_by_type",),
    ),
    Part(
        "Need and spend",
        (
            SPEND_FOLLOWS_NEED,
            _value("need_spend.reliability", "Two ratings of the same child agree with a coefficient of {value}."),
            _value("need_spend.without_rating_error", "Had need been rated without error, the link would be {value}."),
            _value("need_spend.same_need_ratio", "At the same need, dear prices are {value} times the cheap."),
        ),
        (gallery.COST_BY_NEED, gallery.SHARE_EXPLAINED),
        (("need_spend.partial", "The link of need and cost, other things held alike"),),
        main=("need_spend.cost_by_need", "need_spend.share_explained"),
    ),
    Part(
        "Children in the middle",
        (
            _value("middle.broad.share_of_children_in_the_middle", "{value} of children are in the middle."),
            _value(
                "middle.strict.share_of_children_in_the_middle",
                "By a stricter rule it is {value}.",
                "Share in the middle by a stricter rule",
            ),
            _value("middle.agreement", "The rule and the model agree with an index of {value}."),
        ),
        (gallery.COST_BY_GROUP,),
        (("middle.broad", "The middle, broadly"), ("middle.strict", "The middle, strictly")),
        main=("middle.cost_by_group",),
    ),
    Part(
        "What was done and what changed",
        (
            _value("stepdown.moved_within_a_year", "{value} of profiled children moved within a year."),
            _value("ledger.natural_stay", "Without a programme, {value} are still in the home a year after coming."),
            _value(
                "stability.last_a_year",
                "{value} of placements last a year; the rest end for any reason, planned moves too.",
            ),
            Finding(
                "need_change.all.mean_change", "Need rose on average.", "Need fell on average.",
                "There is no clear change of need on average.",
            ),
        ),
        (gallery.LASTING, gallery.ENDED, gallery.BREAKDOWNS, gallery.LADDER),
        (("stepdown.reached", "How far profiled children have come"),
         ("need_change.all", "Change of need, observed and expected")),
        more=(
            undertaken.theory,
            councils.studied,
        ),
        main=("stability.lasting", "ledger.ladder"),
    ),
    Part(
        "Savings",
        (
            _value("ledger.statement.net_unspent", "Net of all costs, {value} was not spent.", NET),
            Finding(
                "savings.net_present_value_after_optimism_bias",
                "After optimism bias the scenario still pays.",
                "After optimism bias the scenario does not pay.",
                "After optimism bias it is open whether the scenario pays.",
            ),
            _value("savings.likelihood_that_the_net_present_value_is_positive",
                   "On these assumptions the likelihood that it pays for itself is {value}."),
            _value("savings.benefits_for_each_pound_of_cost",
                   "On these assumptions each pound of cost brings {value} pounds of benefit."),
            _value("savings.likelihood_of_payback_within_the_horizon",
                   "On these assumptions the likelihood that its cost has come back by the end is {value}."),
            _value("savings.switching.switching_value_of_moves_that_last_a_year",
                   "It would pay from {value} of moves lasting a year."),
        ),
        (gallery.NET_BY_YEAR, gallery.NET_SO_FAR, gallery.TORNADO),
        (("ledger.statement", "What was not spent, line by line"), ("ledger.classes", "By class of saving"),
         ("savings.full_year_effect_of_moves_in_place_at_the_end_of_the_year", "A full year of the moves in place"),
         ("savings.switching", "What would change the answer")),
        more=(
            benefits.plan_and_actual,
            undertaken.budget,
            undertaken.benefits,
            undertaken.gains,
        ),
        main=("benefits", "savings.net_saving_added_up_to_the_end_of_the_year", "ledger.statement"),
    ),
    Part(
        "Before care and beside it",
        (
            _value("edge.entered_365", "{value} of cases on the edge of care come into care within a year."),
            Finding(
                "edge.net_by_trial",
                "By the effect of a trial, care averted in a year is worth more than support costs.",
                "By the effect of a trial, care averted in a year is worth less than support costs.",
                "By the effect of a trial, care averted in a year may be worth more or less than support costs.",
            ),
            Finding(
                "prevention.choices.three_years_together",
                "Where councils spent more on family support, the rate of care rose in the years after.",
                "Where councils spent more on family support, the rate of care fell in the years after.",
                "Where councils spent more on family support, no clear change in the rate of care followed.",
            ),
            Finding(
                "prevention.shift.pounds_saved_for_each_pound",
                "A pound moved to prevention is expected to save more than a pound.",
                "A pound moved to prevention is expected to save less than a pound.",
                "A pound moved to prevention may save more or less than a pound.",
                neutral=1.0,
            ),
            Finding(
                "send.rank_correlation",
                "Plans for special educational needs cost more where there is more need.",
                "Plans for special educational needs cost less where there is more need.",
                "No clear link between need and cost of plans for special educational needs.",
            ),
            _value("send.same_need.special_over_mainstream",
                   "At the same need a special school costs {value} times mainstream."),
        ),
        tables=(("edge.by_plan", "Came into care within a year, by plan"),
                ("prevention.cases", "Pounds saved for each pound moved to prevention"),
                ("send.growth", "Why the cost of plans changed")),
        missing="This run holds no cases on the edge of care, no plans for special educational needs and no panel.",
        annex=True,
    ),
    Part(
        "Scale and comparability",
        (
            _value(
                "claims.england_share",
                "What is claimed for the nation, and not found here, is {value} of England’s spend.",
            ),
            _value(
                "claims.truth_given_report.the_nation_saves",
                "Of simulated nations in which councils report as these did, {value} gain anything at all.",
            ),
            _value(
                "claims.truth_given_report.the_nation_saves_more_than_claimed",
                "Of the same simulated nations {value} gain more than was claimed.",
            ),
        ),
        (gallery.NATIONS,),
        (("claims.routes", "England by five routes"),),
        more=(
            councils.compared,
            councils.neighbours,
        ),
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
           "all who speak for the programme", 1, "no publication does.", quoted=False),
)  # fmt: skip
