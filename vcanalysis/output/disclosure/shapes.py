"""Models, curves, clusters and clouds of points: what of them may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.output.disclosure.policy import STRICT, Policy


def problems_of_model(design: pd.DataFrame, policy: Policy = STRICT) -> list[str]:
    """Say why the coefficients of a linear model may not be published; nothing where they may.

    Parameters
    ----------
    design : DataFrame
        The design matrix: one row a child, one column a coefficient.

    Notes
    -----
    A column that is nought for all but a few children gives their values away whatever the degrees of freedom:
    each distinct value of a column that takes few must be had by enough children, and so must what is left.

    Examples
    --------
    >>> one = pd.DataFrame({"constant": 1.0, "home of one child": [1.0] + [0.0] * 59})
    >>> problems_of_model(one)[0]
    "column 'home of one child' is not nought for 1 children; at least 10 are needed"
    """
    matrix = design.to_numpy(dtype=float)
    found = []
    freedom = len(matrix) - np.linalg.matrix_rank(matrix)
    if freedom < policy.min_freedom:
        found.append(f"{freedom} residual degrees of freedom; at least {policy.min_freedom} are needed")
    for name, column in design.items():
        few = int(np.count_nonzero(column))
        if column.nunique() == 2:
            few = min(few, int(column.value_counts().min()))
        if few < policy.min_column:
            found.append(
                f"column {name!r} is not nought for {few} children; at least {policy.min_column} are needed"
            )
    basis, _, _ = np.linalg.svd(matrix, full_matrices=False)
    leverage = float(np.sum(basis**2, axis=1).max())
    if leverage >= policy.max_leverage:
        found.append(f"one child has a leverage of {leverage:.2f}; below {policy.max_leverage} is needed")
    return found


def safe_curve(curve: pd.DataFrame, policy: Policy = STRICT) -> pd.DataFrame:
    """Coarsen a survival curve: no step of a few ends, and nothing where few are left.

    Parameters
    ----------
    curve : DataFrame
        One row a time, in order: `time`, `at_risk` (children watched), `events` (ends at that time).

    Returns
    -------
    DataFrame
        `time`, `at_risk`, `events` and `survival`: times are put together until enough ends fall into one, events
        and children at risk are rounded to the middle of steps of `policy.event_step`, and survival is worked out
        from those alone.

    Examples
    --------
    >>> watched = pd.DataFrame({"time": range(60), "at_risk": range(60, 0, -1), "events": 1})
    >>> made = safe_curve(watched)
    >>> len(made), bool((made["events"] >= 9).all()), bool((made["at_risk"] >= 9).all())
    (5, True, True)
    """
    missing = {"time", "at_risk", "events"} - set(curve)
    if missing:
        raise InputError(f"The curve has no column {sorted(missing)[0]!r}.")
    rows, events, risk = [], 0.0, None
    for time, at_risk, ended in curve[["time", "at_risk", "events"]].itertuples(index=False):
        risk = at_risk if risk is None else risk
        if at_risk - ended < policy.min_at_risk:
            break
        events += ended
        if events >= policy.min_at_risk:
            rows.append((float(time), _middle(risk, policy.event_step), _middle(events, policy.event_step)))
            events, risk = 0.0, None
    made = pd.DataFrame(rows, columns=["time", "at_risk", "events"], dtype=float)
    steps = 1 - (made["events"] / made["at_risk"]).clip(upper=1.0)
    return made.assign(survival=steps.cumprod().round(2))


def _middle(count: float, step: int) -> float:
    """Round to the middle of a step, upwards: OpenSAFELY's midpoint 6."""
    return float(np.ceil(count / step) * step - step // 2) if count else 0.0


def safe_clusters(
    profiles: pd.DataFrame, *, children: str = "children", policy: Policy = STRICT
) -> pd.DataFrame:
    """Hide the profiles of clusters of few children, and of the next smallest where one alone is hidden.

    Parameters
    ----------
    profiles : DataFrame
        One row a cluster: `children` and the means of its profile.

    Examples
    --------
    >>> made = safe_clusters(pd.DataFrame({"children": [4, 40, 200], "need": [31.0, 18.0, 9.0]}))
    >>> made["need"].tolist()
    [nan, nan, 9.0]
    """
    few = profiles[children] < policy.min_cluster
    if few.sum() == 1 and len(profiles) > 1:
        few.loc[profiles.loc[~few, children].idxmin()] = True
    rounded = policy.round_to * np.floor(profiles[children] / policy.round_to + 0.5)
    return profiles.astype("float64").assign(**{children: rounded.astype("float64")}).mask(few)


def binned(
    x: np.ndarray, y: np.ndarray, *, width: float, height: float, policy: Policy = STRICT
) -> pd.DataFrame:
    """Put a cloud of points into cells of enough children: what a figure shows instead of its points.

    Parameters
    ----------
    x, y : array
        One value a child.
    width, height : float
        Size of a cell, in the units of x and y.

    Returns
    -------
    DataFrame
        `x` and `y` (middle of the cell) and `children` (rounded); cells of fewer are left out, and those left out
        are counted nowhere.

    Examples
    --------
    >>> binned(np.full(12, 3.3), np.full(12, 456.58), width=5, height=100).to_numpy().tolist()
    [[2.5, 450.0, 10.0]]
    """
    cells = pd.DataFrame({"x": np.floor(np.asarray(x) / width), "y": np.floor(np.asarray(y) / height)})
    counts = cells.value_counts(sort=False).rename("children").reset_index()
    counts = counts[counts["children"] >= policy.min_cluster]
    rounded = policy.round_to * np.floor(counts["children"] / policy.round_to + 0.5)
    return pd.DataFrame(
        {"x": (counts["x"] + 0.5) * width, "y": (counts["y"] + 0.5) * height, "children": rounded}
    ).reset_index(drop=True)
