"""Make the independent numbers that test_analysis_impact_reference.py holds ours against.

Run in an environment of its own, never a dependency:
python -m venv side; side/bin/pip install diff-diff==3.13.0 pysyncon==1.7.0; side/bin/python tests/impact_reference.py
It draws tests/impact_reference.csv (invented councils) and writes tests/impact_reference.json.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import diff_diff
import numpy as np
import pandas as pd
from pysyncon import Synth

HERE = Path(__file__).parent
warnings.simplefilter("ignore")


def draw():
    """Thirty councils over nine years, three start in 2019 and two in 2021; councils differ in level and slope."""
    rng = np.random.default_rng(7)
    rows = []
    for council in range(30):
        start = 2019 if council < 3 else 2021 if council < 5 else 0
        level, slope = rng.normal(60, 12), rng.normal(1, 0.6)
        for year in range(2015, 2024):
            value = level + slope * (year - 2015) + rng.normal(0, 1.5) - 3 * bool(start and year >= start)
            rows.append((council, year, round(value, 2), start, round(rng.uniform(1, 5), 2)))
    return pd.DataFrame(rows, columns=["council", "year", "rate", "start", "need"])


def staggered(panel):
    about = {"outcome": "rate", "unit": "council", "time": "year", "first_treat": "start"}
    made = {}
    for control, name in (("never_treated", "never"), ("not_yet_treated", "not yet")):
        fit = diff_diff.CallawaySantAnna(control_group=control, base_period="universal", cband=False).fit(
            panel, **about, aggregate="all"
        )
        cells = {f"{g}-{t}": e["effect"] for (g, t), e in fit.group_time_effects.items()}
        events = {str(k): e["effect"] for k, e in fit.event_study_effects.items()}
        made[name] = {
            "cells": cells,
            "events": events,
            "groups": {str(g): e["effect"] for g, e in fit.group_effects.items()},
        }
    bjs = diff_diff.ImputationDiD().fit(panel, **about, aggregate="all")
    made["imputation"] = {
        "mean of council-years": bjs.overall_att,
        "groups": {str(g): e["effect"] for g, e in bjs.group_effects.items()},
    }
    return made


def one_start(panel):
    alike = panel[panel["start"].isin([0, 2019])].assign(on=lambda f: (f["start"] == 2019) * 1)
    later = list(range(2019, 2024))
    did = diff_diff.SyntheticDiD(n_bootstrap=50, seed=1).fit(
        alike, "rate", "on", "council", "year", post_periods=later
    )
    study = diff_diff.MultiPeriodDiD().fit(
        alike, "rate", "on", "year", post_periods=later, unit="council", reference_period=2018
    )
    honest = diff_diff.HonestDiD(method="relative_magnitude", M=1.0).fit(study)
    return {
        "synthetic_did": did.att,
        "time_weights": {str(k): float(v) for k, v in did.time_weights.items()},
        "honest_set": [honest.lb, honest.ub],
    }


def synthetic(panel):
    """Council 3 from 2021, ten donors: few enough that the best weights are the only ones."""
    wide = panel[panel["year"] < 2021].pivot(index="year", columns="council", values="rate")
    donors = list(range(5, 15))
    plain = wide[[*donors, 3]].var(axis=1).to_numpy()  # it divides years by their spread: this undoes it
    fit = Synth()
    fit.fit(X0=wide[donors], X1=wide[3], Z0=wide[donors], Z1=wide[3], custom_V=plain)
    weights = np.asarray(fit.W, dtype=float)
    left = wide[3].to_numpy() - wide[donors].to_numpy() @ weights
    return {
        "weights": dict(zip(map(str, donors), weights.tolist(), strict=True)),
        "before": float((left**2).mean() ** 0.5),
    }


if __name__ == "__main__":
    panel = draw()
    panel.to_csv(HERE / "impact_reference.csv", index=False)
    found = {
        "made_with": {"diff-diff": diff_diff.__version__, "pysyncon": "1.7.0"},
        "staggered": staggered(panel),
        "one_start": one_start(panel),
        "synthetic": synthetic(panel),
    }
    (HERE / "impact_reference.json").write_text(json.dumps(found, indent=1, default=float) + "\n")
    print(json.dumps(found, indent=1, default=float)[:6000])
