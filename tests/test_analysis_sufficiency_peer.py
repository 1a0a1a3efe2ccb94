"""Reference tests: the peer's forecast made again against the packages' own numbers, stored and, if there, asked anew.

tests/write_peer_forecast.py made the stored numbers in an environment of its own, from invented children.
"""

import json
import os

import numpy as np
import pandas as pd
import pytest

from tests.write_peer_forecast import CASES, CODES, DAY, PARENT, STORED, ask, drawn
from vcanalysis.analysis.sufficiency.peer import peer_band

SAID = json.loads(STORED.read_text(encoding="utf-8"))
CLOSE = {"rel": 1e-9}


@pytest.mark.parametrize("case", CASES)
def test_the_band_is_that_of_the_regional_package(case):
    middle, low, high = peer_band(drawn(case), day=DAY, kinds=tuple(CODES), months=12)
    said = SAID["cs-demand-model-regional"][case]
    assert middle.tolist() == pytest.approx(said["middle"], **CLOSE)
    assert (((high - low) / 4) ** 2).tolist() == pytest.approx(said["variance"], **CLOSE)


@pytest.mark.parametrize("case", CASES)
def test_the_forecast_of_the_parent_is_that_of_its_package(case):
    middle, low, _ = peer_band(drawn(case), day=DAY, kinds=tuple(CODES), months=12, parent=True)
    assert middle.tolist() == pytest.approx(SAID["cs-demand-model 0.5.1"][case]["middle"], **CLOSE)
    assert np.isnan(low).all()


@pytest.mark.skipif("VC_CSDM_PYTHON" not in os.environ, reason="the peer cs-demand-model is not here")
def test_the_package_still_says_what_is_stored():
    said = ask(PARENT, CASES[0], python=os.environ["VC_CSDM_PYTHON"])
    assert said["middle"] == pytest.approx(SAID["cs-demand-model 0.5.1"][CASES[0]]["middle"], **CLOSE)


def test_two_children_by_hand():
    # One child all year, one who leaves on the last of 366 days, of two there the day before; nobody comes.
    rows = pd.DataFrame(
        {"child_id": ["a", "b"], "start": pd.Timestamp("2016-01-01"), "placement_type": "Home"}
    )
    rows = rows.assign(end=pd.to_datetime([None, "2019-12-31"]), birth_month=pd.Timestamp("2010-06-01"))
    middle, low, high = peer_band(rows, day=pd.Timestamp("2019-12-31"), kinds=("Home",), months=1)
    left = 1 / 2 / 366
    now = (1 - left) ** np.arange(31)
    assert middle.tolist() == pytest.approx([(1 - left) ** 31] * 2)
    half = 2 * np.sqrt((now * left * (1 - left)).sum())
    assert (high - middle).tolist() == pytest.approx([half] * 2)
    assert low.tolist() == pytest.approx([max(middle[0] - half, 0)] * 2)


def test_a_child_who_leaves_what_was_empty_the_day_before_does_not_end_the_forecast():
    days = pd.to_datetime(["2019-03-01", "2019-06-01"]), pd.to_datetime(["2019-03-01", None])
    rows = pd.DataFrame({"child_id": ["a", "b"], "start": days[0], "end": days[1], "placement_type": "Home"})
    found = peer_band(
        rows.assign(birth_month=pd.Timestamp("2008-06-01")), day=DAY, kinds=("Home",), months=12
    )
    assert np.isfinite(found).all()
