"""The picture that goes with a result when a notebook shows it."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from matplotlib.axes import Axes

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.output import plots

_SHOWN_PX = 560
_DRAWN_BY: dict[str, Callable[..., Axes]] = {
    "ClaimAudit": plots.plot_claim_routes,
    "Classes": plots.plot_classes,
    "Concentration": plots.plot_lorenz,
    "CostByGroup": plots.plot_cost_by_type,
    "Event": plots.plot_event_study,
    "Explained": plots.plot_share_explained,
    "FamilyProbability": plots.plot_overlap,
    "Funnel": plots.plot_funnel,
    "MiddleGroup": plots.plot_middle,
    "NeedCost": plots.plot_need_against_cost,
    "NetBenefit": plots.plot_acceptability,
    "Savings": plots.plot_savings_fan,
    "SyntheticControl": plots.plot_synthetic_control,
}
_FEWEST = 2  # estimates, for a picture to show more than their sentence


def picture_of(result: Any) -> str:
    """Draw a result as a piece of a page; nothing for a kind of result that has no picture.

    Parameters
    ----------
    result : object
        A result of an analysis.

    Examples
    --------
    >>> picture_of("no result")
    ''
    """
    draw = _DRAWN_BY.get(type(result).__name__)
    alike = () if draw else _alike(result)
    if draw is None and not alike:
        return ""
    ax = draw(result) if draw else plots.plot_estimates(alike)
    image = base64.b64encode(plots.render(ax)).decode("ascii")
    words = html.escape(result.sentence(), quote=True)
    return f'<img src="data:image/png;base64,{image}" width="{_SHOWN_PX}" alt="{words}"/>'


def _alike(result: Any) -> tuple[Estimate, ...]:
    """Give the first estimates that a result holds together in one unit: what dots with intervals can show."""
    for field in fields(result) if is_dataclass(result) else ():
        held = getattr(result, field.name)
        if isinstance(held, Estimates) and len({e.unit for e in held}) == 1:
            shown = tuple(held)
            if sum(e.has_interval for e in shown) >= _FEWEST:
                return shown
    return ()
