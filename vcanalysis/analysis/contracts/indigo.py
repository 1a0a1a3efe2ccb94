"""Contracts to and from the INDIGO Data Standard of the Government Outcomes Lab, and what of it is checked.

The schema kept in `data/contracts/indigo-project-subset.json` is entered by hand from `schema/project.json` of the
standard: metrics, prices, commitments and payments of a project. Other parts of a project pass unread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from vcanalysis.analysis.contracts.payments import PaymentLedger
from vcanalysis.analysis.contracts.terms import Contract, Metric
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

COVERED = ("outcome_metrics", "outcome_pricings", "outcome_payment_commitments", "outcome_payments")
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
}
_VALIDATION = {
    "none": "Simple ex-post verification",
    "historical": "Historical comparison",
    "matched": "Quasi-experimental study",
    "trial": "Randomised Control Trial",
}


@cache
def _schema() -> dict[str, Any]:
    return json.loads(data_file("contracts/indigo-project-subset.json").read_text(encoding="utf-8"))


def indigo_faults(project: object) -> list[str]:
    """List where a project is not what the schema says; empty where it is.

    Parameters
    ----------
    project : object
        A project as read from JSON.

    Returns
    -------
    list of str
        One line each: where, what was found, what is allowed. Values are not repeated.

    Examples
    --------
    >>> indigo_faults({"outcome_metrics": [{"id": 7}]})
    ['outcome_metrics[0].id: found int, give a string.']
    """
    return list(_faults(project, _schema(), ""))


def _faults(value: Any, rule: Mapping[str, Any], where: str) -> Iterator[str]:
    if "$ref" in rule:
        rule = _schema()["definitions"][rule["$ref"].rsplit("/", 1)[-1]]
    here = where or "project"
    kind = rule.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or isinstance(value, bool)):
        yield f"{here}: found {type(value).__name__}, give a{'n' if kind[0] in 'aeiou' else ''} {kind}."
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{here}: not among what is allowed: {', '.join(rule['enum'])}."
    if "pattern" in rule and not re.search(rule["pattern"], value):
        yield f"{here}: not of the form allowed. {rule.get('patternHint', '')}".rstrip()
    if "minItems" in rule and len(value) < rule["minItems"]:
        yield f"{here}: {len(value)} items, at least {rule['minItems']} are needed."
    for name, inner in rule.get("properties", {}).items():
        if name in value:
            yield from _faults(value[name], inner, f"{where}.{name}".lstrip("."))
    if "items" in rule:
        for number, item in enumerate(value):
            yield from _faults(item, rule["items"], f"{where}[{number}]")


def export_indigo(contract: Contract, ledger: PaymentLedger | None = None) -> dict[str, Any]:
    """Write a contract, and what it paid, as an INDIGO project.

    Parameters
    ----------
    contract : Contract
        The terms.
    ledger : PaymentLedger, optional
        Payments, added up by metric and quarter: no child is in it.

    Returns
    -------
    dict
        To be written as JSON. Rules that the standard has no field for stand in the price description.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> indigo_faults(export_indigo(read_contract("birmingham-52-weeks")))
    []
    """
    project: dict[str, Any] = {
        "status": "PRIVATE",
        "name": {"value": contract.title},
        "outcome_metrics": [_metric(contract, m) for m in contract.metrics],
        "outcome_pricings": [_price(contract, m, r.band, r.pence) for m in contract.metrics for r in m.rates],
    }
    if contract.cap_pence is not None:
        most = {"currency": {"value": "GBP"}, "amount": {"value": contract.cap_pence / 100}}
        span = {"start_date": {"value": f"{contract.start}"}, "end_date": {"value": f"{contract.end}"}}
        project["outcome_payment_commitments"] = [{"maximum_potential_outcome_payment": most, "period": span}]
    if ledger is not None:
        project["outcome_payments"] = list(_payments(ledger))
    return project


def _metric(contract: Contract, metric: Metric) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": metric.id,
        "definition": {"value": metric.definition},
        "unit_type_of_targeted_service_users_or_beneficiaries": {"value": "Individual"},
        "outcome_validation_method": {"value": _VALIDATION[metric.baseline_method]},
        "data_source_for_outcome_validation": {"value": metric.validation},
        "notes": contract.note,
    }
    if metric.target is not None:
        made["outcome_metric_target"] = {"value": f"{metric.target:g}"}
    return made


def _price(contract: Contract, metric: Metric, band: str, pence: int) -> dict[str, Any]:
    rule = f"kind={metric.kind}; clock={metric.clock}; window_weeks={metric.window_weeks}; band={band}"
    made: dict[str, Any] = {
        "outcome_metric_id": {"value": metric.id},
        "currency": {"value": "GBP"},
        "price_per_unit": {"amount": {"value": pence / 100}},
        "price_description": {"value": rule},
    }
    if contract.index_rate:
        rise = f"{contract.index_rate:.4g} of the price each year from month {contract.index_month}"
        made["contracted_increases_to_outcome_pricing"] = {"value": rise}
    return made


def _payments(ledger: PaymentLedger) -> Iterator[dict[str, Any]]:
    for row in ledger.by_quarter().itertuples():
        quarter = pd.Period(row.quarter, "Q")
        yield {
            "outcome_metric_id": {"value": row.metric},
            "period": {
                "start_date": {"value": f"{quarter.start_time:%Y-%m-%d}"},
                "end_date": {"value": f"{quarter.end_time:%Y-%m-%d}"},
            },
            "type": {"value": "Actual"},
            "money": {"currency": {"value": "GBP"}, "amount": {"value": row.net_pence / 100}},
        }


@dataclass(frozen=True, slots=True)
class Indigo:
    """What was read of an INDIGO project.

    Parameters
    ----------
    metrics : DataFrame
        ``metric``, ``definition``, ``validation``.
    prices : DataFrame
        ``metric``, ``currency``, ``price``, ``description``.
    payments : DataFrame
        ``metric``, ``from``, ``to``, ``type``, ``currency``, ``amount``.
    unread : tuple of str
        Parts of the project that are not covered.
    """

    metrics: pd.DataFrame
    prices: pd.DataFrame
    payments: pd.DataFrame
    unread: tuple[str, ...]


def import_indigo(project: Mapping[str, Any]) -> Indigo:
    """Read metrics, prices and payments of an INDIGO project.

    Parameters
    ----------
    project : mapping
        As read from JSON.

    Returns
    -------
    Indigo

    Raises
    ------
    InputError
        If it is not what the schema says; the first fault is told, and how many there are.

    Examples
    --------
    >>> from vcanalysis.analysis.contracts.reading import read_contract
    >>> import_indigo(export_indigo(read_contract("essex-days-saved"))).prices["price"].tolist()
    [40.0]
    """
    faults = indigo_faults(project)
    if faults:
        more = f" {len(faults) - 1} more faults." if len(faults) > 1 else ""
        raise InputError(f"This is no project of the INDIGO standard: {faults[0]}{more}")
    metrics = [
        (_at(m, "id"), _at(m, "definition", "value"), _at(m, "outcome_validation_method", "value"))
        for m in project.get("outcome_metrics", ())
    ]
    prices = [
        (
            _at(p, "outcome_metric_id", "value"),
            _at(p, "currency", "value"),
            _at(p, "price_per_unit", "amount", "value"),
            _at(p, "price_description", "value"),
        )
        for p in project.get("outcome_pricings", ())
    ]
    payments = [
        (
            _at(p, "outcome_metric_id", "value"),
            _at(p, "period", "start_date", "value"),
            _at(p, "period", "end_date", "value"),
            _at(p, "type", "value"),
            _at(p, "money", "currency", "value"),
            _at(p, "money", "amount", "value"),
        )
        for p in project.get("outcome_payments", ())
    ]
    return Indigo(
        pd.DataFrame(metrics, columns=["metric", "definition", "validation"]),
        pd.DataFrame(prices, columns=["metric", "currency", "price", "description"]),
        pd.DataFrame(payments, columns=["metric", "from", "to", "type", "currency", "amount"]),
        tuple(sorted(set(project) - {*COVERED, "name", "status"})),
    )


def _at(part: Any, *names: str) -> Any:
    """Give what stands under names one below the other, or nothing."""
    for name in names:
        part = part.get(name) if isinstance(part, Mapping) else None
    return part
