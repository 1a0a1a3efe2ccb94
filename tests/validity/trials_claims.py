"""Trials of the claim audit: councils pooled, a new council predicted, the best reported, volunteers who keep less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, excluded
from tests.validity.planted import generator
from vcanalysis.analysis import claims
from vcanalysis.analysis.claims.routes import KNOWN, LEARNT
from vcanalysis.core.estimate import Estimate

MEAN, SPREAD = 1000.0, 750.0
ERRORS = np.array([300.0, 400.0, 500.0, 700.0, 900.0])  # of the five councils' own figures


def councils(seed, size, best=None):
    """True savings per child of some councils, or of the best of them, and one new council."""
    rng = generator(seed)
    values = np.sort(rng.normal(MEAN, SPREAD, size))[::-1][:best]
    return pd.DataFrame({"saving": values}), rng.normal(MEAN, SPREAD)


def measured(seed):
    """Five councils with figures in error, and one new council."""
    rng = generator(seed)
    values = rng.normal(MEAN, SPREAD, 5) + ERRORS * rng.standard_normal(5)
    return pd.DataFrame({"saving": values, "error": ERRORS}), rng.normal(MEAN, SPREAD)


def mean_of(size):
    return lambda seed: claims.pool_councils(councils(seed, size)[0], saving="saving").mean


def against(estimate, truth):
    """Shift a prediction so that the truth to be held is nought."""
    return replace(
        estimate, value=estimate.value - truth, low=estimate.low - truth, high=estimate.high - truth
    )


def new_from(size):
    def predict(seed):
        frame, truth = councils(seed, size)
        return against(claims.pool_councils(frame, saving="saving").new_council, truth)

    return predict


def chosen_mean(seed):
    return claims.pool_councils(councils(seed, 5, best=2)[0], saving="saving", tried=5).mean


def chosen_new(seed):
    frame, truth = councils(seed, 5, best=2)
    return against(claims.pool_councils(frame, saving="saving", tried=5).new_council, truth)


def unaware(seed):
    """The best two of five, taken for any two: is the truth below the interval or the estimate twice the truth?"""
    frame, _ = councils(seed, 5, best=2)
    return bool(frame["saving"].mean() > 1.5 * MEAN)


def measured_mean(seed):
    return claims.pool_councils(measured(seed)[0], saving="saving", std_error="error").mean


def measured_new(seed):
    frame, truth = measured(seed)
    return against(claims.pool_councils(frame, saving="saving", std_error="error").new_council, truth)


def volunteers(seed, route):
    """Two volunteers of a nation whose other councils keep 40%, held against the nation's true saving."""
    rng = generator(seed)
    rates = 2.5 * MEAN + SPREAD * rng.standard_normal(2)
    truth = 78_140 * (MEAN + SPREAD * rng.standard_normal(152).mean())
    total = float(rates.sum()) * 700
    terms = claims.Terms(between=SPREAD / rates.mean(), kept=0.4, draws=2000, seed=seed)
    audit = claims.claim_audit(total, councils=2, price_year="2019-20", children=1400, terms=terms)
    return against(audit.routes.group(route), truth)


def nothing_saved(seed):
    """Two councils of which nothing is known but noise: does the pooled interval leave out nought?"""
    rng = generator(seed)
    amounts = rng.normal(0, SPREAD, 2) * 700
    low = min(amounts.min(), 0.0)
    audit = claims.claim_audit(
        [amount - low for amount in amounts],
        councils=2,
        price_year="2019-20",
        children=[700, 700],
        terms=claims.Terms(kept=1.0, draws=2000, seed=seed),
    )
    found = audit.routes.group(LEARNT)
    shift = -low / 700 * 78_140
    return excluded(replace(found, low=found.low - shift, high=found.high - shift))


def of_all(route):
    def estimate(seed) -> Estimate:
        return volunteers(seed, route)

    return estimate


TRIALS: tuple[Trial, ...] = (
    Coverage("Mean saving of two councils", "2 councils, normal savings", MEAN, mean_of(2)),
    Coverage("Mean saving of five councils", "5 councils, normal savings", MEAN, mean_of(5)),
    Coverage("Saving of a new council, from two", "predictive interval, normal savings", 0.0, new_from(2)),
    Coverage("Saving of a new council, from five", "predictive interval, normal savings", 0.0, new_from(5)),
    Coverage("Mean saving, the best two of five reported", "normal savings", MEAN, chosen_mean),
    Coverage("Saving of a new council, the best two of five reported", "predictive interval", 0.0, chosen_new),
    Coverage(
        "Mean saving, figures with errors", "5 councils, errors from 300 to 900 beside a spread of 750",
        MEAN, measured_mean,
    ),
    Coverage("Saving of a new council, figures with errors", "predictive, as before", 0.0, measured_new),
    Coverage(
        "Saving of England, spread known", "2 volunteers, other councils keep 40%", 0.0, of_all(KNOWN),
    ),
    Coverage(
        "Saving of England, spread learnt from two", "as before", 0.0, of_all(LEARNT), gate=(95.0, 100.0)
    ),
    Rejection("Saving of England where nothing is saved", "2 councils, noise alone", nothing_saved),
    Rate(
        "The best two of five taken for any two: beyond 1.5 times the truth", "normal savings", unaware,
        gate=(60.0, 80.0),
    ),
)  # fmt: skip
