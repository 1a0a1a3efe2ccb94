"""The form of the quarterly report: which findings, figures and tables stand in which part."""

from __future__ import annotations

from vcanalysis.output.briefing import (
    ahead,
    benefits,
    councils,
    crossed,
    flows,
    gallery,
    indicators,
    mix,
    undertaken,
)
from vcanalysis.output.briefing.findings import Finding
from vcanalysis.output.briefing.parts import Part, not_measured
from vcanalysis.output.briefing.summary_form import NET
from vcanalysis.output.briefing.unknowns import LACKING

ON_THE_YEAR = (
    Finding(
        "quarter.change.came_into_care",
        "More children came into care than a year before.",
        "Fewer children came into care than a year before.",
        "No clear change in children coming into care.",
    ),
    Finding(
        "quarter.change.left_care",
        "More children left care than a year before.",
        "Fewer children left care than a year before.",
        "No clear change in children leaving care.",
    ),
    Finding(
        "quarter.change.moved_placement",
        "More children moved placement than a year before.",
        "Fewer children moved placement than a year before.",
        "No clear change in children moving placement.",
    ),
)
STOCKS = (
    Finding(
        "quarter.growth",
        "The number of children in care grew over the year.",
        "The number of children in care shrank over the year.",
        "No clear change in the number of children in care over the year.",
    ),
    Finding(
        "quarter.stock.change_of_mean_weekly_cost",
        "A placement costs more on the last day of the quarter than a year before, at the same prices.",
        "A placement costs less on the last day of the quarter than a year before, at the same prices.",
        "No clear change in what a placement costs on the last day of the quarter.",
    ),
    Finding(
        "quarter.stock.change_of_mean_need",
        "Children in care have more need than those of a year before.",
        "Children in care have less need than those of a year before.",
        "No clear change in the need of children in care.",
    ),
)
PARTS = (
    Part(
        "Demand and mix",
        (
            Finding(
                "matching.in_house_share", "The council’s own carers look after {value} of children in "
                "mainstream fostering.", neutral=None,
            ),
        ),
        (
            gallery.MIX,
        ),
        (("quarter.mix_change", "How the mix changed in a year"),),
        more=(
            flows.figure,
            flows.checks,
            mix.flows_between,
            crossed.children_by("quarter.table", "age", "placement", "Children by age and kind of placement"),
            undertaken.rate,
        ),
        main=("quarter.series",),
    ),
    Part(
        "Cost",
        (
            Finding("cost.quarter.cost_of_a_child_week", "Over the whole quarter a child’s care cost {value} on "
                    "average.", neutral=None),
            Finding("cost.dearest_share.dearest_10", "The dearest tenth of placements take {value} of "
                    "weekly spend.", neutral=None),
            Finding("cost.high", "{label}: {value}.", neutral=None),
            Finding(
                "middle.dearest_fall.fall_beyond_what_was_expected",
                "The dearest placements became cheaper by more than was to be expected.",
                "The dearest placements became cheaper by less than was to be expected.",
                "The dearest placements did not clearly become cheaper by more than was to be expected.",
            ),
            Finding("ledger.bridge.price_of_the_same_placement_at_the_same_need", "Price, one of four parts that "
                    "moved spending and partly cancel each other, stands for {value} in a year.", neutral=None),
        ),
        (
            gallery.COST_BY_TYPE,
            gallery.BRIDGE,
        ),
        more=(
            not_measured("cost.high", "How many placements cost so much a week that they are rare. The share of spend "
                         "on the dearest stands for it."),
        ),
        main=("ledger.bridge",),
    ),
    Part(
        "Prices and providers",
        (
            Finding("cost.same_need_ratio",
                    "At the same need an agency costs {value} times the council’s own carers.", neutral=None),
            Finding("cost.provider_share",
                    "Who provides goes with {value} of the differences in price of children alike.", neutral=None),
            Finding("cost.spend_shares.share_of_weekly_spend_with_the_3_largest_providers", "The three largest "
                    "providers are paid {value} of weekly spend.", neutral=None),
        ),
        tables=(("cost.lasts_by_beginning", "Placements that last half a year, by how they began"),
                ("cost.price_index", "Prices beside those other councils report"),
                ("cost.concentration", "Chance that two children have the same provider"),
                ("cost.joint_funding", "What health and education pay")),
        annex=True,
    ),
    Part(
        "Need",
        (
            Finding("data.assessed.share_of_children_assessed", "{value} of children have an assessment.",
                    neutral=None),
            Finding(
                "need_spend.rank_correlation",
                "Children with more need cost more.",
                "Children with more need cost less.",
                "Whether children with more need cost more cannot be told.",
            ),
            Finding(
                "need_change.all.change_beyond_what_is_expected",
                "Need rose by more than rating error and regression to the mean explain.",
                "Need fell by more than rating error and regression to the mean explain.",
                "No clear change of need beyond what was to be expected.",
            ),
        ),
        (
            gallery.SHARE_EXPLAINED,
            gallery.LINK_BY_QUARTER,
        ),
        more=(
            crossed.children_by("quarter.table", "need", "placement", "Children by band of need and kind of placement"),
            not_measured("need_spend.trend", "The link of need and cost quarter by quarter."),
        ),
    ),
    Part(
        "The edge of care",
        (
            Finding("edge.entered_365", "{value} of cases on the edge of care come into care within a year.",
                    neutral=None),
            Finding("edge.ladder.supported_over_children_alike_at_the_opening",
                    "More supported children came into care than children alike at the opening.",
                    "Fewer supported children came into care than children alike at the opening.",
                    "No clear difference in coming into care between supported children and children alike at the "
                    "opening.", neutral=1.0),
            Finding(
                "edge.net_by_trial",
                "By the effect of a trial, care averted in a year is worth more than support costs.",
                "By the effect of a trial, care averted in a year is worth less than support costs.",
                "By the effect of a trial, care averted in a year may be worth more or less than support costs.",
            ),
            Finding("edge.break_even", "Support pays for itself in a year if it averts {value} times the entries "
                    "expected.", neutral=None),
        ),
        tables=(("edge.by_plan", "Came into care within a year, by plan"),
                ("edge.ladder", "Hazard of coming into care with support, over that without")),
        missing=LACKING["edge"],
        annex=True,
    ),
    Part(
        "Special educational needs",
        (
            Finding("send.rank_correlation", "People with more need cost more.", "People with more need cost less.",
                    "No clear link between need and the cost of a plan."),
            Finding("send.same_need.special_over_mainstream", "At the same need a special school costs {value} times "
                    "mainstream.", "At the same need a special school costs less than mainstream.",
                    "No clear difference between a special school and mainstream at the same need.", neutral=1.0),
            Finding("send.saved_by_moving.beyond_like_people",
                    "Those who moved to mainstream cost less a year than like people who stayed.",
                    "Those who moved to mainstream cost more a year than like people who stayed.",
                    "No clear difference in cost between those who moved to mainstream and like people who stayed."),
        ),
        tables=(("send.mismatch", "Setting against need, plans of the first year"),
                ("send.moves", "Moves between settings in a year"),
                ("send.growth", "Why the cost of plans changed")),
        missing=LACKING["send"],
        annex=True,
    ),
    Part(
        "Step-down: from homes to families",
        (
            Finding("stepdown.for_review", "{value} of children in homes are for review by their social workers.",
                    neutral=None),
            Finding("stepdown.moved_within_a_year", "{value} of profiled children moved within a year.",
                    neutral=None),
            Finding("ledger.natural_stay", "Without a programme, {value} are still in the home a year after coming.",
                    neutral=None),
        ),
        tables=(("stepdown.reached", "How far profiled children have come"),
                ("stepdown.queue", "How long children have waited for the next step who wait now"),
                ("stepdown.sustained", "Still in a family, by weeks since the move")),
        more=(not_measured("stepdown.queue", "How long children have waited at each step who wait now."),),
        missing="No child was profiled for a move in the data of this run.",
    ),
    Part(
        "Stability and outcomes",
        (
            Finding("stability.last_a_year", "{value} of placements last a year; the rest end for any reason, planned "
                    "moves too.", neutral=None),
            Finding(
                "stability.breakdown_by_need",
                "Placements of children with more need break down more often.",
                "Placements of children with more need break down less often.",
                "No clear link between need and breakdown.",
                neutral=1.0,
            ),
        ),
        (
            gallery.LASTING,
            gallery.BREAKDOWNS,
        ),
    ),
    Part(
        "Homes and places ahead",
        (
            Finding("sufficiency.in_a_year", "In a year {value} are expected in care.", neutral=None),
            Finding("sufficiency.at_the_end", "{label}: {value}.", neutral=None),
            Finding("sufficiency.flows.children_who_come_in_12_months", "{value} are expected to come into care in a "
                    "year.", neutral=None),
            Finding("sufficiency.flows.children_who_leave_in_12_months", "{value} are expected to leave in a year.",
                    neutral=None),
            Finding("sufficiency.far", "{label}, if places stay where they are: {value}.", neutral=None),
            Finding("sufficiency.coverage.this_forecast",
                    "Of past forecasts {value} held what came in their interval.", neutral=None),
            Finding("sufficiency.coverage_of_all", "Of those of the number of all children {value} did.", neutral=None),
        ),
        (gallery.AHEAD,),
        (("sufficiency.gap", "Places wanting in mainstream fostering at the end of the forecast, by need; below "
          "nought, to spare"),
         ("sufficiency.gap_by_age",
          "Places wanting there by age; below nought, to spare; a place counts at each of its ages"),
         ("sufficiency.by_distance", "Children by distance from home at the end of the forecast, if places stay where "
          "they are"),
         ("sufficiency.by_area", "Children inside and outside the council's own area then, if places stay where "
          "they are"),
         ("sufficiency.cost", "What the children expected will cost, at the prices of each year"),
         ("sufficiency.scenario", "What would change the forecast, before what the change itself costs")),
        more=(
            ahead.children_ahead("sufficiency.by_kind", "sufficiency.by_kind_at_the_end", "Kind of placement",
                                 "Children in care now and ahead, by kind of placement", now="quarter.mix"),
            ahead.children_ahead("sufficiency.by_age", "sufficiency.by_age_at_the_end", "Age",
                                 "Children in care ahead, by age"),
            not_measured("sufficiency.in_a_year", "How many children and homes are to be expected."),
        ),
        annex=True,
    ),
    Part(
        "What an outcomes contract would pay for",
        (
            Finding("contracts.audit.paid_rating_less_the_auditor_s", "Ratings that payment may hang on lie above a "
                    "second rater’s.", "Ratings that payment may hang on lie below a second rater’s.", "Ratings that "
                    "payment may hang on do not clearly differ from a second rater’s."),
            Finding("contracts.guardrail.missing", "Missing from care, which no contract may hide: {value}.",
                    neutral=None),
        ),
        (gallery.ANYWAY,),
        (("contracts.additional", "What payments so far would have bought"),),
        more=(not_measured("contracts.deadweight", "What a contract would pay for that would have come anyway."),),
        annex=True,
    ),
    Part(
        "Benefits: plan and actual",
        (
            Finding("ledger.statement.net_unspent", "Net of all costs, {value} was not spent.", neutral=None,
                    named=NET),
            Finding("ledger.full_year_effect", "Children in place have a full-year effect of {value}.", neutral=None),
            Finding(
                "savings.net_present_value_over_the_horizon",
                "On the assumptions of the scenario a programme would pay for itself.",
                "On the assumptions of the scenario a programme would not pay for itself.",
                "On the assumptions of the scenario it is open whether a programme would pay for itself.",
            ),
            Finding("savings.likelihood_that_the_net_present_value_is_positive",
                    "On these assumptions the likelihood that it pays for itself is {value}.", neutral=None),
        ),
        (
            gallery.NET_BY_YEAR,
            gallery.NET_SO_FAR,
        ),
        (("ledger.statement", "What was not spent, line by line"),),
        more=(
            benefits.plan_and_actual,
            indicators.compared,
            councils.neighbours,
            not_measured("savings.net_saving_added_up_to_the_end_of_the_year", "Costs and savings added up over the "
                         "years."),
            undertaken.benefits,
        ),
        main=("benefits",),
    ),
)  # fmt: skip
