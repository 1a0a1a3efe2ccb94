"""The figures that the documents ask for, each once, with what its headline may say."""

from __future__ import annotations

from vcanalysis.output import charts
from vcanalysis.output.briefing.pictures import Picture

COST_BY_TYPE = Picture(
    "cost.median_by_type",
    "Care costs most in {most_group} ({most}), least in {least_group} ({least})",
    "Weekly cost does not clearly differ between types of placement",
    "Median weekly cost by type of placement",
    top="Care costs most in {most_group} ({most})",
    between="Care costs more in {most_group} ({most}) than in {least_group} ({least})",
)
MIX = Picture(
    "quarter.mix",
    "Most children live in {most_group} ({most}), fewest in {least_group} ({least})",
    "No type of placement clearly holds more children than another",
    "Share of children by type of placement on the last day of the quarter",
    top="More children live in {most_group} ({most}) than in any other type of placement",
    between="More children live in {most_group} ({most}) than in {least_group} ({least})",
)
BRIDGE = Picture(
    "ledger.bridge",
    "{most_group} added most to spending ({most}), {least_group} took most away ({least})",
    "",
    "What moved spending since a year before, pounds",
    chart=charts.steps,
    drawn="Bars one after the other",
    note="Each bar begins where the one before it ends. An account of what was paid, which has no interval.",
)
ACTION = Picture(
    "needs.action_by_domain",
    "Most often children need action on {most_group} ({most}), least on {least_group} ({least})",
    "No domain of need clearly stands out",
    "Share of children who need action, by domain of need",
    top="Most often children need action on {most_group} ({most})",
    between="More children need action on {most_group} ({most}) than on {least_group} ({least})",
)
COST_BY_NEED = Picture(
    "need_spend.cost_by_need",
    "In fifths by need, median cost is lowest in {least_group} ({least}), highest in {most_group} ({most})",
    "Median cost does not clearly differ between fifths of need",
    "Median weekly cost in fifths of children, from lowest to highest need",
    top="In fifths by need, median cost is highest in {most_group} ({most})",
    between="In fifths by need, median cost is higher in {most_group} ({most}) than in {least_group} ({least})",
)
SHARE_EXPLAINED = Picture(
    "need_spend.share_explained",
    "The difference in cost goes most with {most_group} ({most}), least with {least_group} ({least})",
    "No one thing clearly goes with more of the difference in cost than the others",
    "Share of the difference in weekly cost explained",
    top="The difference in cost goes most with {most_group} ({most})",
    between="More of the difference in cost goes with {most_group} ({most}) than with {least_group} ({least})",
)
COST_BY_GROUP = Picture(
    "middle.cost_by_group",
    "Groups of need differ in cost, lowest {least} ({least_group}), highest {most} ({most_group})",
    "Groups of need do not clearly differ in cost",
    "Mean weekly cost by group of need",
    between="Mean cost is higher with {most_group} ({most}) than with {least_group} ({least})",
)
LASTING = Picture(
    "stability.lasting",
    "After 52 weeks {at} ({at_range}) of placements still last",
    "",
    "Share of placements that still last, by weeks since they began (Kaplan-Meier)",
    chart=charts.curve,
    at="52 weeks",
    drawn="A curve with its band",
    note="Line: estimates; band: their 95% interval. Placements still going on count for as long as they were watched.",
)
ENDED = Picture(
    "stability.ended_within_a_year",
    "Within a year most placements end in “{most_group}” ({most}), fewest in “{least_group}” ({least})",
    "No way of ending is clearly more frequent than another",
    "Share of placements that ended in each way within a year (cumulative incidence, competing risks)",
    between="Within a year more placements end in “{most_group}” ({most}) than in “{least_group}” ({least})",
)
BREAKDOWNS = Picture(
    "stability.breakdowns",
    "Breakdowns are most frequent at {most_group} need ({most}), least at {least_group} ({least})",
    "Breakdowns do not clearly differ between bands of need",
    "Breakdowns per 100 children a year, by band of need",
    top="Breakdowns are most frequent at {most_group} need ({most})",
    between="Breakdowns are more frequent at {most_group} need ({most}) than at {least_group} ({least})",
)
LADDER = Picture(
    "ledger.ladder",
    "From before to after the gap is {first} ({first_range}); {last_group} it is {last} ({last_range})",
    "",
    "Gap in weekly cost of children whose move was sought, on four rungs from naive to designed",
    drawn="Four dots with intervals",
    note="Each rung takes away one rival explanation. Dots are estimates, bars their 95% interval.",
)
NET_BY_YEAR = Picture(
    "savings.net_saving_within_the_year_part_year_effect",
    "The net saving within the year is highest in {most_group}: {most} ({most_range})",
    "The years do not clearly differ in what a programme would save",
    "Net saving within the year in the scenario",
    top="The net saving within the year is highest in {most_group}: {most} ({most_range})",
    between="The net saving within the year is higher in {most_group} ({most}) than in {least_group} ({least})",
)
NET_SO_FAR = Picture(
    "savings.net_saving_added_up_to_the_end_of_the_year",
    "Added up from the start, the net saving is highest by the end of {most_group}: {most} ({most_range})",
    "Added up from the start, the net saving does not clearly change with the years",
    "Net saving added up from the start of the scenario to the end of each financial year",
    top="Added up from the start, the net saving is highest by the end of {most_group}: {most} ({most_range})",
    between="Added up from the start, the net saving is higher by the end of {most_group} ({most}) than of "
    "{least_group} ({least})",
    chart=charts.fan,
    drawn="A line from nought with a band that widens,",
    note="Line: mean of the draws of the scenario, from nought at its start. Band: their 95% range. Assumptions, "
    "not an observation; not discounted.",
)
LINK_BY_QUARTER = Picture(
    "need_spend.trend",
    "The link of need and cost is closest in {most_group} ({most}), loosest in {least_group} ({least})",
    "The link of need and cost does not clearly differ between quarters",
    "Rank correlation of need and weekly cost on the last day of each quarter",
    top="The link of need and cost is closest in {most_group} ({most})",
    between="The link of need and cost is closer in {most_group} ({most}) than in {least_group} ({least})",
)
AHEAD = Picture(
    "sufficiency.by_kind",
    "In a year most children are expected under “{most_group}” ({most}), fewest under “{least_group}” ({least})",
    "No kind of placement is clearly expected to hold more children than another",
    "Children expected in care in a year, by kind of placement",
    top="In a year most children are expected under “{most_group}” ({most})",
    between="In a year more children are expected under “{most_group}” ({most}) than under “{least_group}” ({least})",
)
ANYWAY = Picture(
    "contracts.deadweight",
    "Most would be paid for what comes anyway by “{most_group}” ({most}), least by “{least_group}” ({least})",
    "No rule of payment clearly pays more than another for what would come anyway",
    "Share of the payment for what would have come anyway, by rule of payment (simulated)",
    top="Most would be paid for what comes anyway by “{most_group}” ({most})",
    between="More would be paid for what comes anyway by “{most_group}” ({most}) than by “{least_group}” ({least})",
)
TORNADO = Picture(
    "savings.tornado",
    "Whether a programme pays depends most on {first_group}: {first_range}",
    "",
    "Expected net present value of the scenario, one input at a time from its 10th to its 90th percentile",
    chart=charts.ranges,
    drawn="Bars to both sides of one value",
    note="Line: every input at its central value. Dashes: the programme just pays for itself. One input at a time "
    "ignores that several may go wrong together.",
)
NATIONS = Picture(
    "claims.beyond_twice",
    "Scaled up, a report is more than twice too high in {least} to {most} of nations, by who reports",
    "How councils are chosen does not clearly matter",
    "Simulated nations in which the claim is more than twice the truth",
)
