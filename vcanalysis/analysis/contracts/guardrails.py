"""Guardrails: harms that payment must not buy, with their rate, its interval and what to do."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scipy import stats

from vcanalysis.analysis.contracts.terms import Contract
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "events over child-years, exact Poisson interval"
FEWEST_YEARS = 5.0


def guardrail_rates(
    contract: Contract, harms: pd.DataFrame, *, child_weeks: float, level: float = 0.95
) -> Estimates:
    """Give the rate of each harm that the contract watches.

    Parameters
    ----------
    contract : Contract
        Its guardrails.
    harms : DataFrame
        One row per event: ``child_id``, ``kind``, ``date``.
    child_weeks : float
        Weeks that children spent in the contract.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Events per 100 child-years, by kind. Not estimable below 5 child-years.

    Raises
    ------
    InputError
        If a column is missing, the contract has no guardrail, or the weeks are below nought.

    Notes
    -----
    Events of one child come together, so that the interval is narrower than it should be: it is there to stop early,
    not to excuse.

    References
    ----------
    Garwood F (1936), Biometrika 28:437-442.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> day = pd.Timestamp("2016-01-01")
    >>> harms = pd.DataFrame({"child_id": ["a", "b"], "kind": "missing", "date": day})
    >>> guardrail_rates(read_contract("essex-days-saved"), harms, child_weeks=5218)[0].sentence()
    'Events per 100 child-years, missing: 2 per 100 child-years (95% interval 0.242 to 7.22; 2 events).'
    """
    require_columns(harms, "child_id", "kind", "date")
    if not contract.guardrails:
        raise InputError(
            f"Contract {contract.id} has no guardrail. Add a [[guardrail]] with kind and limit_per_100_years."
        )
    if child_weeks < 0:
        raise InputError("Weeks in the contract lie below nought. Give the sum of the children's weeks.")
    years = child_weeks / 52.18
    return Estimates.of(
        _rate(g.kind, int((harms["kind"] == g.kind).sum()), years, level) for g in contract.guardrails
    )


def _rate(kind: str, events: int, years: float, level: float) -> Estimate:
    term = "Events per 100 child-years"
    about: dict[str, Any] = {"group": kind, "method": METHOD, "of": "events"}
    if years < FEWEST_YEARS:
        reason = f"at least {FEWEST_YEARS:.0f} child-years on record are needed"
        return Estimate.not_estimable(term, n=events, reason=reason, **about)
    tail = (1 - level) / 2
    low = float(stats.chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    high = float(stats.chi2.isf(tail, 2 * events + 2)) / 2
    rate, low, high = (100 * v / years for v in (events, low, high))
    return Estimate(term, rate, low, high, level, events, "per 100 child-years", **about)


def verdicts(contract: Contract, rates: Estimates) -> pd.DataFrame:
    """Say for each guardrail what to do: stop paying, look, or go on.

    Returns
    -------
    DataFrame
        ``kind``, ``limit``, ``rate``, ``verdict``: "stop" where the whole interval lies above the limit, "look" where
        the rate does, "go on" where it does not, "not known" where there is no rate.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> rate = Estimate("Events", 90.0, 70.0, 120.0, n=40, group="missing")
    >>> verdicts(read_contract("essex-days-saved"), Estimates((rate,)))["verdict"].tolist()
    ['stop']
    """
    rows = []
    for guard in contract.guardrails:
        rate = rates.group(guard.kind)
        verdict = "not known"
        if rate.value is not None and rate.low is not None:
            verdict = "stop" if rate.low > guard.limit else "look" if rate.value > guard.limit else "go on"
        rows.append((guard.kind, guard.limit, rate.value, verdict))
    return pd.DataFrame(rows, columns=["kind", "limit", "rate", "verdict"])
