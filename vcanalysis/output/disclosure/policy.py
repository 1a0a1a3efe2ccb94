"""Policies: what may be published, every number with its source (`data/policies.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

MARK = "[c]"  # the Government Statistical Service's mark for a confidential figure
ZEROS = ("class", "shown")


@cache
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(data_file("policies.toml").read_text(encoding="utf-8"))


def _strict(name: str) -> Any:
    return _file()["strict"][name]["value"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be published; left out, a number is that of the profile `strict`.

    Parameters
    ----------
    name : str
        Name of the profile, for the manifest.
    min_count : int
        Counts and bases of estimates below this are hidden.
    round_to : int
        Counts and bases are rounded to this; 1 leaves them as they are.
    figures : int
        Significant figures of money and of any unit without a rule of its own.
    zeros : str
        "class" hides a line of a table whose children all are in one cell; "shown" shows every nought.
    width : int
        How wide the range of a hidden count must stay for one who has all that is published, children.
    min_base : int
        Smallest denominator of a percentage, children.
    share_places : int
        Decimal places of a share: 2 is whole per cent.
    dominance_percent, dominance_share : int, float
        Money is hidden where what is left beside the two largest is less than so many per cent of the
        largest, or where the two make more than this share.
    min_tail : int
        Children on the shorter side of a quantile.
    min_freedom, min_column, max_leverage : int, int, float
        Of a model: residual degrees of freedom, children for whom a column is not nought, leverage.
    min_at_risk, event_step : int
        Of a survival curve: children at risk, and the step events are rounded in.
    min_cluster, min_providers : int
        Children of a cluster or of a cell of a figure; providers behind a figure in pounds.
    hidden_share : float
        Share of cells that may be hidden before categories are put together.
    apart : int
        Two releases that differ by one child or more and fewer than this may not both be published.
    """

    name: str = "strict"
    min_count: int = _strict("min_count")
    round_to: int = _strict("round_to")
    figures: int = _strict("figures")
    pounds_width: float = _strict("pounds_width")
    zeros: str = _strict("zeros")
    width: int = _strict("width")
    min_base: int = _strict("min_base")
    share_places: int = _strict("share_places")
    dominance_percent: int = _strict("dominance_percent")
    dominance_share: float = _strict("dominance_share")
    min_tail: int = _strict("min_tail")
    min_freedom: int = _strict("min_freedom")
    min_column: int = _strict("min_column")
    max_leverage: float = _strict("max_leverage")
    min_at_risk: int = _strict("min_at_risk")
    event_step: int = _strict("event_step")
    min_cluster: int = _strict("min_cluster")
    min_providers: int = _strict("min_providers")
    hidden_share: float = _strict("hidden_share")
    apart: int = _strict("apart")


STRICT = Policy()


def profiles() -> tuple[str, ...]:
    """Name the profiles there are, the default first."""
    return tuple(_file())


def policy(name: str = "strict") -> Policy:
    """Give a profile by its name.

    Raises
    ------
    InputError
        If there is no such profile.

    Examples
    --------
    >>> policy().min_count, policy("opensafely").min_count, policy("dfe").round_to
    (10, 8, 1)
    """
    if name not in profiles():
        raise InputError(f"Policy {name!r} does not exist. Choose from: {', '.join(profiles())}.")
    return Policy(name, **{key: given["value"] for key, given in _file()[name].items()})


def sources(name: str = "strict") -> dict[str, str]:
    """Say where every number of a profile comes from, in the order of the fields of `Policy`."""
    return {f.name: str(_file()[name][f.name]["source"]) for f in fields(Policy) if f.name != "name"}
