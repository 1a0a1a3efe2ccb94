"""The index of councils as notebook 14 makes it: gathered once for the comparison of councils."""

from __future__ import annotations

from vcanalysis.analysis import productivity
from vcanalysis.core.real_terms import real_terms
from vcanalysis.intake.panel import Panel
from vcanalysis.intake.statistics.rules import JUMP

SPEND = "looked_after_gbp_child_week"
PRICES = ("residential_gbp_week", "fostering_gbp_week")
OUTCOMES = (
    productivity.Outcome("sdq_mean", "lower", "mental health (SDQ)"),
    productivity.Outcome("attainment8_score", "higher", "school (Attainment 8)"),
    productivity.Outcome("care_leaver_eet_pct", "higher", "care leavers at work or learning", 0.5),
    productivity.Outcome("care_leaver_suitable_home_pct", "higher", "care leavers suitably housed", 0.5),
)
LAYOUT = productivity.Layout(spend="spend", need=("imd2019_score", "ehcp_pct", "uasc_pct"))


def index_of(panel: Panel, *, years: int = 3, seed: int = 2019) -> productivity.Productivity:
    """Give the outcome productivity of a panel's councils, with the settings of notebook 14.

    Parameters
    ----------
    panel : Panel
        Councils by years.
    years : int
        Last years that count.
    seed : int
        Seed of the simulation.

    Raises
    ------
    InputError
        If the panel lacks a column.
    """
    last = int(panel.frame["year"].max())
    real = real_terms(panel.without_flagged(JUMP), SPEND, *PRICES, to=last)
    recent = real[real["year"] > last - years]
    recent = recent.assign(uasc_pct=100 * recent["uasc_n"] / recent["looked_after_n"], spend=recent[SPEND])
    factors = productivity.area_prices(recent, unit="council_code", year="year", area="region", prices=PRICES)
    recent = productivity.in_area_prices(recent, "spend", area="region", factors=factors)
    wanted = range(last - years + 1, last + 1)
    return productivity.outcome_productivity(
        recent, outcomes=OUTCOMES, layout=LAYOUT, years=wanted, seed=seed
    )
