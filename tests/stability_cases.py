"""Synthetic placements for the tests of stability: made by a frozen random stream, so that R can be given the same.

`python tests/stability_cases.py FOLDER` writes them as FOLDER/placements.csv; `Rscript tests/stability_reference.R
FOLDER` then prints the numbers stored in `test_analysis_stability_reference.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

KINDS = np.array(["breakdown", "planned move", "18th birthday"])


def reference_placements() -> pd.DataFrame:
    """240 children, up to four placements each: whole days with many ties, delayed entry, three kinds of end."""
    rng = np.random.RandomState(20191231)
    rows = []
    for child in range(240):
        pace, need = 0.5 + rng.random_sample(), round(20 * rng.random_sample(), 1)
        sector = ("agency", "in-house", "kinship")[int(3 * rng.random_sample())]
        clock = 0
        for order in range(1, 1 + int(1 + 4 * rng.random_sample())):
            stay = max(1, int(-np.log(rng.random_sample()) * 60 / pace / np.exp(0.04 * (need - 10))))
            limit = 20 + int(200 * rng.random_sample())
            entry = int(30 * rng.random_sample()) if order == 1 and rng.random_sample() < 0.5 else 0
            kind = KINDS[int(3 * rng.random_sample() ** 1.5)] if stay <= limit else ""
            stop = min(stay, limit)
            if stop > entry:
                rows.append((child, order, entry, stop, clock + entry, clock + stop, kind, need, sector))
            clock += stop
            if not kind:
                break
    columns = ["child", "order", "entry", "days", "start", "stop", "end", "need", "sector"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(end=table["end"].where(table["end"] != ""))


if __name__ == "__main__":
    reference_placements().fillna("").to_csv(Path(sys.argv[1]) / "placements.csv", index=False)
