"""The same effect under other choices: estimator, comparison, weights, start, and without each council."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.design import Design, read_design
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.staggered import METHODS, by_randomisation, overall_reference
from vcanalysis.core.estimate import Estimate, Estimates


def other_choices(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings,
    variants: Mapping[str, Settings] | None = None,
) -> Estimates:
    """Give the overall effect under other choices, and without each unit that starts.

    Parameters
    ----------
    panel, unit, time, outcome, first_treated, settings
        As in `staggered_effect`.
    variants : mapping, optional
        Settings by name; by default the other estimator, those not yet started as comparison, and a start a year
        earlier.

    Returns
    -------
    Estimates
        Groups "as declared", the names of the variants, and "without" each unit that starts.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal()) for u in range(20) for t in range(2013, 2019)],
    ...                      columns=["council", "year", "moves"])
    >>> found = other_choices(panel, unit="council", time="year", outcome="moves",
    ...                       first_treated=dict.fromkeys(range(3), 2016), settings=Settings(draws=99))
    >>> [one.group for one in found][:4]
    ['as declared', 'group-time', 'also against those not yet started', 'changed a year before the start']
    """
    other = "group-time" if settings.estimator == "imputation" else "imputation"
    variants = variants or {
        other: settings.but(estimator=other),
        "also against those not yet started": settings.but(controls="not yet", estimator="group-time"),
        "changed a year before the start": settings.but(anticipation=settings.anticipation + 1),
    }
    about: dict[str, Any] = {"unit": unit, "time": time, "outcome": outcome, "first_treated": first_treated}
    term, made = settings.term(outcome), []
    declared = read_design(panel, settings=settings, **about)
    made.append(overall_of(declared, term=term, settings=settings).named(group="as declared"))
    for name, variant in variants.items():
        design = read_design(panel, settings=variant, **about)
        made.append(overall_of(design, term=term, settings=variant).named(group=name))
    for row in declared.treated:
        design = _without(declared, row)
        made.append(
            overall_of(design, term=term, settings=settings).named(group=f"without {declared.units[row]}")
        )
    return Estimates.of(made)


def choices_headline(estimates: Iterable[Estimate]) -> str:
    """Say whether the verdict hangs on a choice: of how many choices the interval excludes nought, and which side.

    Examples
    --------
    >>> both = [Estimate("Effect", -1.0, -2.0, -0.1, n=6), Estimate("Effect", -0.5, -2.0, 1.0, n=6)]
    >>> choices_headline(both)
    'The verdict hangs on a choice: 1 of 2 find a change'
    """
    made = [one for one in estimates if one.estimable]
    clear = [one for one in made if one.excludes()]
    sides = {(one.value or 0.0) > 0 for one in clear}
    if not made:
        return "The effect cannot be estimated by any of these choices"
    if not clear:
        return f"None of {len(made)} choices finds a clear change"
    if len(clear) == len(made) and len(sides) == 1:
        return f"All {len(made)} choices find a change the same way"
    return f"The verdict hangs on a choice: {len(clear)} of {len(made)} find a change"


def overall_of(design: Design, *, term: str, settings: Settings) -> Estimate:
    """Give the overall effect on a design, with its interval by randomisation."""
    if design.reason:
        return Estimate.not_estimable(term, n=design.found, reason=design.reason, of="councils")
    return by_randomisation(
        overall_reference(design, settings), term, settings, method=METHODS[settings.estimator]
    )


def _without(design: Design, row: int) -> Design:
    kept = design.rows(np.delete(np.arange(len(design.units)), row))
    if len(kept.treated) < 2:
        return replace(kept, reason="at least 2 units that start, seen before and after, are needed", found=1)
    return kept
