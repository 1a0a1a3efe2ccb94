"""The truth of simulated nations that report what was reported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.claims.limits import LIMITS
from vcanalysis.analysis.claims.scaled import OF, RUNGS
from vcanalysis.analysis.claims.simulation import World, council_spend, simulate_drawn
from vcanalysis.analysis.claims.terms import draw, strata
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import assumption
from vcanalysis.core.intervals import percentile_interval, wilson
from vcanalysis.core.limits import allowed


def nations_that_report(
    frame: pd.DataFrame,
    *,
    amount: float,
    national: float,
    within: float = 0.1,
    draws: int = 20_000,
    seed: int = 0,
) -> Estimates:
    """Say what is true of the nation in those simulated nations whose councils report about this amount.

    Parameters
    ----------
    frame : DataFrame
        As in `simulate_nation`.
    amount : float
        Pounds a year the reporting councils report together.
    national : float
        Pounds a year claimed for the nation.
    within : float
        How near a simulated report must come, as a share of the amount.
    draws, seed : int
        Simulated nations before choosing, and their seed.

    Returns
    -------
    Estimates
        True saving of the nation a year (median, 95% range); the probabilities that it is a saving, that it is more
        than `national`, and that it was so before anything was reported, each with its Monte Carlo error.

    Raises
    ------
    InputError
        If the amounts or `within` are not more than 0, or a column is missing.

    Notes
    -----
    Rejection sampling: the truth, the spread between councils and the noise are drawn from the assumptions
    `claim_national_share`, `claim_between_councils` and `claim_noise_share`, and nations that report something else
    are left out. What comes out is as good as those ranges.

    References
    ----------
    Rubin (1984), Annals of Statistics 12:1151-1172, section 3.1.

    Examples
    --------
    >>> many = pd.DataFrame({"children": np.arange(100, 700, 20), "spend_level": 1.0})
    >>> found = nations_that_report(many, amount=20e6, national=300e6, within=0.5, draws=2000)
    >>> [e.unit for e in found]
    ['GBP per year', 'probability', 'probability', 'probability']
    """
    given = {"reported": amount, "national": national, "within": within, "draws": draws, "seed": seed}
    for name, value in given.items():
        allowed(LIMITS, name, value)
    uniform = strata(3, draws, seed)
    share = draw(assumption("claim_national_share"), uniform[0])
    between = draw(assumption("claim_between_councils"), uniform[1]) * np.abs(share)
    noise = draw(assumption("claim_noise_share"), uniform[2])
    joining = assumption("claim_joining").central
    world = World(true_share=0.0, dear=joining, keen=joining)
    children, spend = council_spend(frame, world)
    made = simulate_drawn(children, spend, world, RUNGS[-1], (share, between, noise), seed)
    return _conditional(made.truth, np.abs(made.reported / amount - 1) <= within, national)


def _conditional(every: np.ndarray, alike: np.ndarray, national: float) -> Estimates:
    truth, draws = every[alike], len(every)
    method = f"rejection sampling, {draws:,} simulated nations"
    terms = (
        "True saving of the nation",
        "The nation saves",
        "The nation saves more than claimed",
        "The nation saves more than claimed, before the report",
    )
    if len(truth) < 100:
        reason = "fewer than 100 simulated nations report about this amount"
        return Estimates.of(Estimate.not_estimable(t, n=len(truth), reason=reason, of=OF) for t in terms)
    low, high = percentile_interval(truth, 0.95)
    first = Estimate(terms[0], float(np.median(truth)), low, high, n=len(truth), unit="GBP per year", method=method,
                     of=OF, span="range")  # fmt: skip
    rates = [
        Estimate(
            term,
            float(hit.mean()),
            *wilson(float(hit.sum()), len(hit)),
            n=len(hit),
            unit="probability",
            method=method,
            of=OF,
            span="Monte Carlo interval",
        )
        for term, hit in zip(terms[1:], (truth > 0, truth > national, every > national), strict=True)
    ]
    return Estimates.of([first, *rates])
