"""Make the independent numbers of lifelines and pyfixest that test_analysis_peers_reference.py holds ours against.

Run in an environment of its own, never a dependency:
python -m venv side; side/bin/pip install lifelines==0.30.3 pyfixest==0.60.0
PYTHONPATH=. side/bin/python tests/peers_reference.py
It reads invented data only (tests/stability_cases.py, tests/impact_reference.csv); writes tests/peers_reference.json.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyfixest
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from tests.stability_cases import reference_placements

HERE = Path(__file__).parent
warnings.simplefilter("ignore")


def survival():
    """Hazard ratios of breakdown (Efron's ties, delayed entry), of all moves by either clock, two curves and a mean."""
    rows = reference_placements()
    table = pd.DataFrame(
        {
            "need": rows["need"],
            "in_house": (rows["sector"] == "in-house") * 1.0,
            "kinship": (rows["sector"] == "kinship") * 1.0,
            "entry": rows["entry"],
            "days": rows["days"],
            "broke": rows["end"].eq("breakdown"),
            "ended": rows["end"].notna(),
            "child": rows["child"],
            "order": rows["order"],
            "start": rows["start"],
            "stop": rows["stop"],
        }
    )
    sure = {"fit_options": {"precision": 1e-12, "step_size": 0.5}}
    one = CoxPHFitter().fit(
        table.drop(columns=["ended", "child", "order", "start", "stop"]),
        "days",
        "broke",
        entry_col="entry",
        **sure,
    )
    gap = CoxPHFitter().fit(
        table.drop(columns=["broke", "start", "stop"]), "days", "ended", entry_col="entry", strata=["order"],
        cluster_col="child", **sure,
    )  # fmt: skip
    again = CoxPHFitter().fit(
        table.drop(columns=["broke", "entry", "days", "order"]), "stop", "ended", entry_col="start",
        cluster_col="child", **sure,
    )  # fmt: skip
    whole = table[table["entry"] == 0]
    curve = KaplanMeierFitter().fit(whole["days"], whole["ended"])
    # Its own curve of competing ends takes no ties (it moves them at random), so times are parted by a fixed hair.
    apart = rows.loc[whole.index, "days"] + np.arange(len(whole)) * 1e-7
    kinds = (
        rows.loc[whole.index, "end"].map({"breakdown": 1, "planned move": 2, "18th birthday": 3}).fillna(0)
    )
    ends = AalenJohansenFitter().fit(apart, kinds.astype(int), event_of_interest=1).cumulative_density_
    return {
        "ends": [float(ends.loc[:day].iloc[-1, 0]) for day in (14.9, 60.9, 120.9)],
        "again": again.params_.tolist(),
        "cox": {"beta": one.params_.tolist(), "std_error": one.standard_errors_.tolist()},
        "gap": {"beta": gap.params_.tolist(), "std_error": gap.standard_errors_.tolist()},
        "curve": curve.survival_function_at_times([14, 60, 120]).tolist(),
        "mean": float(restricted_mean_survival_time(curve, t=100)),
    }


def panel():
    """Slopes within councils and years, errors by council, plain and weighted."""
    rows = pd.read_csv(HERE / "impact_reference.csv")
    rows["size"] = 1 + rows["council"] % 4
    rows["second"] = np.sin(rows["council"] * 3 + rows["year"])
    made = {}
    for name, weights in (("plain", None), ("weighted", "size")):
        fit = pyfixest.feols(
            "rate ~ need + second | council + year", rows, vcov={"CRV1": "council"}, weights=weights
        )
        made[name] = {
            "beta": fit.coef().tolist(),
            "std_error": fit.se().tolist(),
            "interval": fit.confint().to_numpy().tolist(),
        }
    return made


if __name__ == "__main__":
    stored = {"lifelines": survival(), "pyfixest": panel()}
    (HERE / "peers_reference.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
