"""Reference tests: survival, competing ends and hazard ratios against R 4.2.2 (survival 3.5-3) and statsmodels.

The numbers of R are stored below; `tests/stability_cases.py` and `tests/stability_reference.R` say how they were made.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg

from tests.stability_cases import reference_placements
from vcanalysis.analysis.stability import (
    Watch,
    aalen_johansen,
    andersen_gill,
    cox,
    kaplan_meier,
    log_rank,
    partial,
    pwp_gap,
    restricted_mean,
)

# fmt: off
R = {
    "km.share": [0.759459459459, 0.35675953019, 0.137132591389],
    "km.std_error": [0.0222200779, 0.0257829669748, 0.0216231204771],
    "km.low": [0.712549591004, 0.306500962306, 0.0981569668166],
    "km.high": [0.799806529207, 0.407241420697, 0.182574670363],
    "km_entry.share": [0.75861364356, 0.364227553148, 0.141765521418],
    "km_entry.std_error": [0.0216314408303, 0.0231811472858, 0.0193622254142],
    "km_entry.low": [0.713049710614, 0.318941278237, 0.106407564982],
    "km_entry.high": [0.797984856983, 0.409576767427, 0.182059647151],
    "km_cluster.share": [0.759459459459, 0.35675953019, 0.137132591389],
    "km_cluster.std_error": [0.024103351193, 0.0269449116112, 0.0203014121898],
    "km_cluster.low": [0.708259025653, 0.304257466017, 0.100336854335],
    "km_cluster.high": [0.802940891981, 0.409506515459, 0.179632470133],
    "median": [39, 32, 46],
    "restricted_mean": [47.0704511532, 1.8605705427],
    "aj.18th birthday": [0.0534736341495, 0.130907270474, 0.181880044434],
    "aj_error.18th birthday": [0.0113434548105, 0.0163441010895, 0.0198037290223],
    "aj.breakdown": [0.110442591032, 0.316622936906, 0.424480307394],
    "aj_error.breakdown": [0.0159150526964, 0.0225489752696, 0.025193424574],
    "aj.planned move": [0.0774701312583, 0.188242239471, 0.251874126754],
    "aj_error.planned move": [0.0135920837208, 0.0190912912758, 0.0221009974868],
    "log_rank": [0.582115369348],
    "cox.beta": [0.0332679647191, -0.100556842216, -0.0343635780595],
    "cox.std_error": [0.013372586456, 0.176529320306, 0.193791262829],
    "cox.likelihood": [-934.75905452, -931.526868201],
    "proportional.share": [0.169594866092, 0.563342406544, 0.74904711646, 0.534320310773],
    "proportional.log": [0.0638109263786, 0.787766927285, 0.781696694551, 0.311411243349],
    "proportional.days": [0.239232083879, 0.344892774098, 0.964634964797, 0.496953685157],
    "andersen_gill.beta": [0.0361530807038, -0.145772351401, -0.102737968075],
    "andersen_gill.std_error": [0.0110518001873, 0.129422961164, 0.147124836555],
    "pwp_gap.beta": [0.0343459767605, -0.109963695194, -0.0452428953919],
    "pwp_gap.std_error": [0.0107600958611, 0.128674410713, 0.144013555524],
}
# fmt: on
DAYS = (14, 60, 120)
EXACT = {"rel": 1e-9}
SINCE = Watch("days", "end")


@pytest.fixture(scope="module")
def rows():
    table = reference_placements()
    sector = pd.Categorical(table["sector"], ["agency", "in-house", "kinship"])
    return table.assign(sector=sector)


@pytest.fixture(scope="module")
def whole(rows):
    return rows[rows["entry"] == 0]


@pytest.mark.parametrize(
    ("name", "entry", "cluster"), [("km", "", ""), ("km_entry", "entry", ""), ("km_cluster", "", "child")]
)
def test_curve_and_interval_are_those_of_r(rows, whole, name, entry, cluster):
    curve = kaplan_meier(rows if entry else whole, Watch("days", "end", entry, cluster))
    found = [curve.at(day) for day in DAYS]
    assert [e.value for e in found] == pytest.approx(R[f"{name}.share"], **EXACT)
    assert [e.std_error for e in found] == pytest.approx(R[f"{name}.std_error"], **EXACT)
    assert [e.low for e in found] == pytest.approx(R[f"{name}.low"], **EXACT)
    assert [e.high for e in found] == pytest.approx(R[f"{name}.high"], **EXACT)


def test_median_and_restricted_mean_are_those_of_r(whole):
    median = kaplan_meier(whole, SINCE).median()
    assert [median.value, median.low, median.high] == pytest.approx(R["median"], **EXACT)
    mean = restricted_mean(whole, SINCE, until=100)
    ends = int((whole["end"].notna() & (whole["days"] <= 100)).sum())
    assert mean.value == pytest.approx(R["restricted_mean"][0], **EXACT)
    # R leaves out the factor m / (m - 1) for the number of ends.
    assert mean.std_error == pytest.approx(R["restricted_mean"][1] * np.sqrt(ends / (ends - 1)), **EXACT)


@pytest.mark.parametrize("kind", ["18th birthday", "breakdown", "planned move"])
def test_cumulative_incidence_with_delayed_entry_is_that_of_r(rows, kind):
    found = [aalen_johansen(rows, Watch("days", "end", "entry")).at(day, kind) for day in DAYS]
    assert [e.value for e in found] == pytest.approx(R[f"aj.{kind}"], **EXACT)
    assert [e.std_error for e in found] == pytest.approx(R[f"aj_error.{kind}"], **EXACT)


def test_log_rank_test_is_that_of_r(whole):
    p = log_rank(whole, SINCE, group="sector").value
    assert stats.chi2.isf(p, 2) == pytest.approx(R["log_rank"][0], **EXACT)


def logs(hazards):
    return [np.log(e.value) for e in hazards.ratios], [e.std_error / e.value for e in hazards.ratios]


def plain(hazards):
    """Robust errors without our correction for small numbers of clusters: those of R."""
    covariance, _ = partial.robust(hazards.fitted, hazards.cluster, corrected=False)
    return np.sqrt(np.diag(covariance))


def test_cause_specific_ratios_with_delayed_entry_and_ties_are_those_of_r(rows):
    found = cox(rows, Watch("days", "end", "entry"), covariates=["need", "sector"], kind="breakdown")
    assert logs(found)[0] == pytest.approx(R["cox.beta"], **EXACT)
    assert logs(found)[1] == pytest.approx(R["cox.std_error"], **EXACT)
    assert [found.fitted.null, found.fitted.likelihood] == pytest.approx(R["cox.likelihood"], **EXACT)


@pytest.mark.parametrize("transform", ["share", "log", "days"])
def test_check_of_proportional_hazards_is_that_of_r(rows, transform):
    found = cox(rows, Watch("days", "end", "entry"), covariates=["need", "sector"], kind="breakdown")
    tests = [e.value for e in found.proportional(transform=transform)]
    assert tests == pytest.approx(R[f"proportional.{transform}"], **EXACT)


def test_andersen_gill_is_that_of_r(rows):
    moves = rows.assign(any=rows["end"].notna())
    found = andersen_gill(moves, Watch("stop", "any", "start", "child"), covariates=["need", "sector"])
    assert logs(found)[0] == pytest.approx(R["andersen_gill.beta"], **EXACT)
    assert plain(found) == pytest.approx(R["andersen_gill.std_error"], **EXACT)
    assert all(ours > r for ours, r in zip(logs(found)[1], R["andersen_gill.std_error"], strict=True))


def test_gap_times_are_those_of_r(rows):
    watch = Watch("days", "end", "entry", "child")
    found = pwp_gap(rows, watch, order="order", covariates=["need", "sector"])
    assert logs(found)[0] == pytest.approx(R["pwp_gap.beta"], **EXACT)
    assert plain(found) == pytest.approx(R["pwp_gap.std_error"], **EXACT)


def test_statsmodels_agrees_where_nobody_enters_late_and_where_entries_are_shifted(rows, whole):
    found = cox(whole, SINCE, covariates=["need"], kind="breakdown")
    status = (whole["end"] == "breakdown").astype(int)
    theirs = PHReg(whole["days"], whole[["need"]], status=status, ties="efron").fit()
    assert logs(found)[0] == pytest.approx(theirs.params, rel=1e-6)
    assert logs(found)[1] == pytest.approx(theirs.bse, rel=1e-6)
    late = cox(rows, Watch("days", "end", "entry"), covariates=["need"], kind="breakdown")
    status = (rows["end"] == "breakdown").astype(int)
    theirs = PHReg(rows["days"], rows[["need"]], status=status, entry=rows["entry"] + 0.5, ties="efron").fit()
    assert logs(late)[0] == pytest.approx(theirs.params, rel=1e-6)
