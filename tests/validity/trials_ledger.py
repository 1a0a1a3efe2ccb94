"""Trials of the ledger of realised savings: children moved by a programme, whose stays without it are planted.

What these children would have cost is drawn with them, and the ledger never sees it: the truth differs from replicate
to replicate, so each interval is moved by it and should hold nought.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, excluded, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import ledger

DAY = pd.Timestamp("2020-01-01")
START = pd.Timestamp("2018-01-01")
HOME, FAMILY, ELSEWHERE = 4000.0, 1000.0, 500.0


def lengths(rng, size, *, beyond=0.0):
    """Stays in homes of median 300 days, ever less likely to end the longer they last; given that they last so long."""
    return np.ceil(430 * ((np.asarray(beyond) / 430) ** 0.8 + rng.exponential(size=size)) ** 1.25)


def history(rng, children):
    """Stays under way on the first of 800 days watched, or begun since: delayed entry and censoring."""
    began = rng.integers(-900, 700, 4 * children)
    long = lengths(rng, 4 * children)
    entry = np.maximum(-began, 0)
    seen = np.flatnonzero(long > entry)[:children]
    stop = np.minimum(long, 800 - began)[seen]
    frame = {
        "child_id": seen,
        "entry_days": entry[seen],
        "exit_days": stop,
        "left": long[seen] <= 800 - began[seen],
    }
    return ledger.natural_stays(pd.DataFrame(frame))


def moved(rng, children):
    """Children moved on some day, and the days each would have stayed on: never seen by the ledger."""
    there = rng.integers(90, 500, children)
    move = START + pd.to_timedelta(rng.integers(0, 600, children), unit="D")
    longer = lengths(rng, children, beyond=there.astype(float)) - there
    since = move - pd.to_timedelta(there, unit="D")
    price = HOME * rng.lognormal(0, 0.3, children).round(3)
    rows = pd.DataFrame(
        {"child_id": range(children), "move": move, "in_home_since": since, "gbp_week": price}
    )
    return rows, longer


def realised(seed, *, children=15, past=120, gone=False):
    rng = generator(seed)
    rows, longer = moved(rng, children)
    if gone:  # nobody would have stayed a day, and the family costs what they would have cost anyway
        longer = np.zeros(children)
    paid = pd.DataFrame({"child_id": rows["child_id"], "from": rows["move"], "to": DAY, "gbp_week": FAMILY})
    terms = ledger.Terms(day=DAY, elsewhere_gbp_week=ELSEWHERE, seed=seed)
    sources = ledger.Sources(ledger.read_paid(paid, until=DAY))
    found = ledger.savings_ledger(rows, sources, history(rng, past), terms).net
    days = (DAY - rows["move"]).dt.days.to_numpy()
    stayed = np.clip(longer, 0, days)
    truth = (rows["gbp_week"] * stayed + ELSEWHERE * (days - stayed) - FAMILY * days).sum() / 7
    return less(found, float(truth))


def less(found, truth):
    """Move by the truth, a pound either way: where all stay, both end at one sum, but for a ledger of whole pence."""
    if found.value is None:
        return found
    return found.named(value=found.value - truth, low=found.low - truth - 1, high=found.high - truth + 1)


@remembered
def before_and_after(seed, *, effect=800.0, treated=12, outside=60):
    """Children picked for a high price, some of whom leave homes by themselves; the programme takes `effect` off."""
    rng = generator(seed)
    size = treated + outside
    inside = np.arange(size) < treated
    age = rng.uniform(6, 16, size) + inside
    usual = 3500 + 60 * (age - 11) + rng.normal(0, 400, size)
    first = usual + rng.normal(0, 500, size) + 400 * inside
    left = rng.random(size) < 0.2
    then = np.where(left, 700.0, 1800 + 0.5 * first + 30 * (age - 11)) + rng.normal(0, 300, size)
    then = then - effect * inside
    frame = {"in": inside, "age": age, "gbp_before": first, "gbp_after": then, "in_home": ~left}
    return ledger.ladder(pd.DataFrame(frame), treated="in", columns=["age"])


CAUTIOUS = (
    "Cautious by design: the programme's children are taken to differ at least as much as the others. Tried: their own "
    "spread (93.1%, and 6.9% false claims: few of 12 leave a home), and a pooled one (94.0%), which is too narrow "
    "where only some of the programme's children move."
)
TRIALS: tuple[Trial, ...] = (
    Coverage("Realised saving", "15 children moved, 120 past stays, delayed entry", 0.0, realised, ci=100),
    Coverage(
        "Realised saving, few",
        "5 children moved, 60 past stays",
        0.0,
        lambda seed: realised(seed, children=5, past=60),
        ci=100,
    ),
    Coverage(
        "Saving against comparable children",
        "12 in the programme, 60 outside, picked for price",
        800.0,
        lambda seed: before_and_after(seed).last,
        known=CAUTIOUS,
    ),
    Rejection(
        "Saving against comparable children, no effect",
        "12 in the programme, 60 outside, picked for price",
        lambda seed: excluded(before_and_after(seed, effect=0.0).last),
        run="no effect",
        known=CAUTIOUS,
    ),
    Rate(
        "Naive before and after, no effect: claims a saving",
        "12 in the programme, 60 outside, picked for price",
        lambda seed: before_and_after(seed, effect=0.0).rungs[0].excludes(),
        (30.0, 100.0),
        run="no effect",
    ),
)
