"""Forms of contract side by side, and the finding in words."""

from __future__ import annotations

from collections.abc import Mapping

from vcanalysis.analysis.contracts.risk import TERMS, Risk
from vcanalysis.core.estimate import Estimates
from vcanalysis.core.numbers import write_number


def beside_each_other(risks: Mapping[str, Risk], term: str = TERMS[1], level: float = 0.95) -> Estimates:
    """Give one of `TERMS` for each form, to be read or drawn side by side.

    Examples
    --------
    >>> import numpy as np
    >>> one = Risk("52 weeks", np.array([10.0, 20.0]), np.array([5.0, 10.0]), 0.0, np.array([0.0, 0.0]), 4)
    >>> beside_each_other({"52 weeks": one})[0].value
    0.5
    """
    return Estimates.of(risk.estimates(level).term(term) for risk in risks.values())


def headline(risks: Mapping[str, Risk]) -> str:
    """Say which form pays least for what would have come anyway, and which most, with the range of each.

    Examples
    --------
    >>> import numpy as np
    >>> half = Risk("52 weeks", np.array([10.0]), np.array([5.0]), 0.0, np.array([0.0]), 4)
    >>> none = Risk("Days", np.array([10.0]), np.array([10.0]), 0.0, np.array([0.0]), 4)
    >>> headline({"52 weeks": half, "Days": none})
    '52 weeks: 50% (50% to 50%) of the payment would be for what would have come anyway; days: 0% (0% to 0%)'
    """
    found = sorted((e for e in beside_each_other(risks) if e.estimable), key=lambda e: -(e.value or 0.0))
    if len(found) < 2:
        return "What would have come anyway cannot be told from this history"
    most, least = found[0], found[-1]
    said = [[write_number(v, "share") for v in (e.value, e.low, e.high)] for e in (most, least)]
    first, last = (f"{value} ({low} to {high})" for value, low, high in said)
    name = least.group[:1].lower() + least.group[1:]
    return f"{most.group}: {first} of the payment would be for what would have come anyway; {name}: {last}"
