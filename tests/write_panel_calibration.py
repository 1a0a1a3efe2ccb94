"""Measure on a published panel what the synthetic one is drawn of: `python -m tests.write_panel_calibration FOLDER`.

Written are figures over all councils and years, no row of the panel: centre and trend of each measure, how far councils
lie apart, how far a council moves from year to year, how much of that lasts, and how it goes with deprivation.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from vcanalysis.core.measures import Measure, measures
from vcanalysis.core.paths import data_file
from vcanalysis.intake.panel import open_panel

SCALES = {"%": "logit", "points": "plain", "rank": "plain", "share": "plain"}
# what goes with the size of a council is measured by resident child or by child looked after
BY_CARE = (
    "starts_n",
    "ceased_n",
    "uasc_n",
    "new_placements_n",
    "placement_changes_n",
    "ended_for_behaviour_n",
)
BY_AREA = ("ehcp_n", "protection_plans_n", "family_support_gbp", "leaving_care_gbp", "safeguarding_gbp")
PER = dict.fromkeys(BY_CARE, "looked_after_n") | dict.fromkeys(
    (*BY_AREA, "youth_justice_gbp"), "children_0_17_n"
)
WORKED_OUT = ("looked_after_n", "looked_after_gbp", "children_services_gbp", "looked_after_gbp_child_week",
              "looked_after_gbp_week", "looked_after_gbp_resident_child", "foster_pct", "imd2019_rank")  # fmt: skip
MIDDLE = 2021
TINY = 60  # looked-after children: councils with fewer say little of the others


def scale_of(measure: Measure) -> str:
    """Say on which scale a measure varies alike everywhere."""
    return SCALES.get(measure.unit, "log")


def on_scale(values: pd.Series, scale: str) -> pd.Series:
    """Put values on a scale; ends of a percentage are held half a point inside."""
    if scale == "logit":
        share = values.clip(0.5, 99.5) / 100
        return np.log(share / (1 - share))
    return np.log(values.where(values > 0)) if scale == "log" else values


def chance(frame: pd.DataFrame, measure: Measure, values: pd.Series) -> float:
    """Give the mean variance of chance of a percentage on the logit scale; 0 for others."""
    if measure.of not in frame or measure.unit != "%":
        return 0.0
    share = (values.clip(2, 98) / 100).mean()
    return float(
        (1 / (frame[measure.of].where(values.notna()) * share * (1 - share))).replace(np.inf, np.nan).mean()
    )


def row_of(frame: pd.DataFrame, measure: Measure) -> dict[str, object]:
    """Measure one column."""
    scale, per = scale_of(measure), PER.get(measure.measure, "")
    y = on_scale(frame[measure.measure] / (frame[per] if per else 1), scale)
    year = frame["year"]
    centred = y - y.groupby(year).transform("median")
    centred = centred.clip(*centred.quantile([0.005, 0.995]))  # keying errors are planted apart
    z = (frame["imd2019_score"] - frame["imd2019_score"].mean()) / frame["imd2019_score"].std()
    fits = z.notna() & centred.notna()
    slope = np.polyfit(z[fits], centred[fits], 1)[0] if fits.sum() > 30 else 0.0
    rest = centred - slope * z.fillna(0)
    by = rest.groupby(frame["council_code"])
    size = by.transform("count")
    several = rest[size > 2]
    within = (several - by.transform("mean")[size > 2]).pow(2).sum() / max(
        len(several.dropna()) - frame.loc[several.dropna().index, "council_code"].nunique(), 1
    )
    total = float(rest.var())
    between = max(total - within, 0.05 * total)
    before = rest.groupby(frame["council_code"]).shift(1)
    lag = rest.corr(before) if before.notna().sum() > 100 else between / total
    lasting = float(np.clip((lag * total - between) / within, 0, 0.9)) if within > 0 else 0.0
    medians = y.groupby(year).median().dropna()
    trend = np.polyfit(medians.index - MIDDLE, medians, 1) if len(medians) > 2 else (0.0, medians.mean())
    noise = max(within - chance(frame, measure, frame[measure.measure]), 0.1 * within)
    figures = (trend[1], trend[0], between**0.5, noise**0.5, lasting, slope)
    names = ("centre", "trend", "between", "noise", "lasting", "deprivation")
    return {"measure": measure.measure, "scale": scale, "per": per} | {
        n: f"{v:.3g}" for n, v in zip(names, figures, strict=True)
    }


def main(folder: str) -> None:
    """Write `data/reference/panel_calibration.csv`."""
    panel = open_panel(folder)
    frame = panel.frame[panel.frame["looked_after_n"] >= TINY]
    left_out = ("ro3_", "sdq_normal", "sdq_borderline", "sdq_concern", "sdq_eligible", "sdq_received")
    drawn = [
        m for m in measures().values() if m.measure not in WORKED_OUT and not m.measure.startswith(left_out)
    ]
    rows = [
        row_of(frame, m)
        for m in drawn
        if not m.measure.endswith("_second") and m.measure != "sdq_concern_pct"
    ]
    pd.DataFrame(rows).to_csv(data_file("reference/panel_calibration.csv"), index=False, lineterminator="\n")


if __name__ == "__main__":
    main(sys.argv[1])
