"""What a council's own data say for a savings scenario: gathered once, put in as notebook 11 puts them in.

Its answer is published, so counts are rounded and what rests on few is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vcanalysis.analysis import savings, stepdown
from vcanalysis.core.facts import fact_of_year
from vcanalysis.core.period import Quarter
from vcanalysis.intake.council import Council
from vcanalysis.intake.deflating import in_prices_of

_HOME = "Residential home"
_LEAST = 10  # children behind a count or a mean that is put in: the results give it back


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """A council's own numbers for a scenario.

    Parameters
    ----------
    start : Timestamp
        Day the programme begins: the day after the quarter.
    price_year : str
        Financial year of the pounds.
    known, level, shares, means : dict
        Inputs by name, as `with_own_values`, `with_own_level`, `with_own_shares` and `with_own_means` take them.
    """

    start: pd.Timestamp
    price_year: str
    known: dict[str, Any]
    level: dict[str, Any]
    shares: dict[str, Any]
    means: dict[str, Any]

    def placed_in(self, scenario: savings.Scenario) -> savings.Scenario:
        """Give a scenario with these numbers, but for what it holds by hand."""
        filled = savings.with_own_level(savings.with_own_values(scenario, **self.known), **self.level)
        counted = savings.with_own_shares(filled, least=_LEAST, base=5, **self.shares)
        return savings.with_own_means(counted, least=_LEAST, **self.means)

    def dated(self, scenario: savings.Scenario) -> savings.Scenario:
        """Give a scenario that begins after the quarter, in the council's pounds."""
        return scenario.with_settings(start=self.start, price_year=self.price_year)


def own_numbers(
    council: Council, quarter: str | Quarter, *, least_weeks: int = 12, seed: int = 2019
) -> OwnNumbers:
    """Gather a council's own numbers.

    Parameters
    ----------
    council : Council
        Whose data.
    quarter : str or Quarter
        The programme begins after it.
    least_weeks : int
        Weeks in a home before a child is considered.
    seed : int
        Seed of the bootstrap.

    Raises
    ------
    InputError
        If the quarter lies outside the data.
    """
    here = in_prices_of(council, council.price_year)
    period = quarter if isinstance(quarter, Quarter) else Quarter.parse(str(quarter))
    children = here.snapshot(period.last_day)
    prices = savings.price_gap(children, cost="cost_gbp_week", placement_type="placement_type", seed=seed)
    national = fact_of_year("england_residential_week", here.price_year)
    steps = here.tables["stepdown"]
    moves = stepdown.pipeline(steps, day=period.last_day)
    own = savings.own_moves(steps, here.tables["costs"], day=period.last_day)
    return OwnNumbers(
        period.end,
        here.price_year,
        known={
            "candidates": savings.told_count(len(_considered(children, least_weeks))),
            "arrivals_year": savings.told_count(_arrivals(here, period, least_weeks), least=_LEAST),
            "residential_gbp_week": savings.or_national(prices[0], national, width=0.2),
        },
        level={"family_gbp_week": prices[1]},
        shares={
            "suitable_share": moves.outcomes().group("search"),
            "referred_share": own.referred,
            "matched_share": own.matched,
            "sustained_52_weeks": moves.sustained([52])[0],
            "natural_exit_year": _exits(here, period, least_weeks),
        },
        means={
            "delay_months": own.delay_months,
            "family_gbp_week": own.family_gbp_week,
            "support_gbp_week": own.support_gbp_week,
        },
    )


def _considered(children: pd.DataFrame, least_weeks: int) -> set[str]:
    wanted = children["placement_type"].eq(_HOME) & children["weeks_in_placement"].ge(least_weeks)
    return set(children.loc[wanted, "child_id"])


def _arrivals(here: Council, period: Quarter, least_weeks: int) -> float:
    """Give how many a year came to be considered, by the last quarters."""
    quarters = [q for q in here.quarters() if q <= period][-5:]
    past = [_considered(here.snapshot(q.last_day), least_weeks) for q in quarters]
    return len(set.union(*past) - past[0]) * 4 / max(len(past) - 1, 1)


def _exits(here: Council, period: Quarter, least_weeks: int) -> tuple[int, int]:
    """Give how many of how many had left homes a year later, before any programme."""
    before = min(here.programme_start or period.last_day, period.last_day)
    year_ago = before - pd.DateOffset(years=1)
    if year_ago < here.start:
        return 0, 0
    then = _considered(here.snapshot(year_ago), least_weeks)
    later = here.snapshot(before)
    now = set(later.loc[later["placement_type"].eq(_HOME), "child_id"])
    return len(then - now), len(then)
