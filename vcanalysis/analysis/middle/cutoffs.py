"""How far the middle depends on where the rule cuts: one cut-off at a time, and all together."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import product

import numpy as np
import pandas as pd

from vcanalysis.analysis.middle.rule import Known, MiddleRule, has_middle_price, has_moderate_need, is_middle

_TRIED: dict[str, tuple[float, ...]] = {
    "floor_gbp_week": (0, 500, 1000, 1500, 2000),
    "most_intensive": (0, 1, 2),
    "outlier_iqr": (1.0, 1.5, 3.0),
    "need_low": (0.20, 0.25, 0.33),
    "need_high": (0.67, 0.75, 0.80),
}
_NAMES = {
    "floor_gbp_week": "floor of cost",
    "most_intensive": "number of intensive needs allowed",
    "outlier_iqr": "cut for outliers in cost",
    "need_low": "lower cut of need",
    "need_high": "upper cut of need",
}
_OF_NEED = ("most_intensive", "need_low", "need_high")
_OF_PRICE = ("floor_gbp_week", "outlier_iqr")


def cut_off_name(cut_off: str) -> str:
    """Say a cut-off in words.

    Examples
    --------
    >>> cut_off_name("floor_gbp_week")
    'floor of cost'
    """
    return _NAMES[cut_off]


def _changed(rule: MiddleRule, values: dict[str, float]) -> MiddleRule:
    whole = {k: int(v) if k == "most_intensive" else float(v) for k, v in values.items()}
    return replace(rule, **whole)  # type: ignore[arg-type]


def _spend(known: Known, inside: np.ndarray) -> float:
    return float(known.cost[inside].sum() / known.cost.sum()) if known.cost.sum() > 0 else 0.0


def try_each(known: Known | None, rule: MiddleRule) -> pd.DataFrame:
    """Move one cut-off at a time: cut_off, value, chosen, children, share, share_of_spend; empty without children."""
    rows = []
    for cut_off, tried in _TRIED.items() if known is not None else ():
        used = float(asdict(rule)[cut_off])
        for value in sorted({*tried, used}):
            inside = is_middle(known, _changed(rule, {cut_off: value}))  # type: ignore[arg-type]
            about = (int(inside.sum()), float(inside.mean()), _spend(known, inside))  # type: ignore[arg-type]
            rows.append((cut_off, float(value), value == used, *about))
    return pd.DataFrame(rows, columns=["cut_off", "value", "chosen", "children", "share", "share_of_spend"])


def try_all(known: Known | None, rule: MiddleRule) -> pd.DataFrame:
    """Move all cut-offs together: a row a combination, with share and share_of_spend; empty without children."""
    columns = [*_OF_NEED, *_OF_PRICE, "share", "share_of_spend"]
    if known is None:
        return pd.DataFrame(columns=columns, dtype=float)
    needs, prices = (
        [
            (values, test(known, _changed(rule, dict(zip(names, values, strict=True)))))
            for values in product(*(_TRIED[name] for name in names))
        ]
        for names, test in ((_OF_NEED, has_moderate_need), (_OF_PRICE, has_middle_price))
    )
    rows = [
        (*first, *second, float((a & b).mean()), _spend(known, a & b))
        for (first, a), (second, b) in product(needs, prices)
    ]
    return pd.DataFrame(rows, columns=columns)
