"""Trials of the acceptability curve: when both groups are worth the same, its probability is as good as a lottery's."""

from __future__ import annotations

from tests.validity.laboratory import Rejection, Trial
from tests.validity.trials_value import ABOUT, children
from vcanalysis.analysis import value


def chance_of_benefit(seed, worth):
    """Families cost as much more as their two points are held to be worth: both sides of the probability."""
    drawn = children(seed, saved=-2 * worth, gained=2.0)
    found = value.net_benefit(drawn, **ABOUT, declared=worth).probability()
    return 2 * min(found, 1 - found)


TRIALS: tuple[Trial, ...] = tuple(
    Rejection(
        f"Chance of a net benefit at £{worth:,} a point, none planted",
        "150 children, cost and outcome linked",
        lambda seed, worth=worth: chance_of_benefit(seed, float(worth)),
        ci=100,
    )
    for worth in (500, 2000)
)
