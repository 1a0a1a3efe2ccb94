"""Framework and spot purchase: the return does not know which, the council's list of providers does."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from vcanalysis.core.errors import InputError

FRAMEWORK, SPOT = "framework", "spot"


def how_bought(provider: pd.Series, *, framework: Collection[str]) -> pd.Series:
    """Say of each placement whether its provider is on the council's framework, or bought from on the spot.

    Parameters
    ----------
    provider : Series of str
        Provider of each placement.
    framework : collection of str
        Providers on the framework, named as in `provider`.

    Returns
    -------
    Series of str
        "framework" or "spot"; missing where the provider is not known. To be a term of a model of prices, beside need,
        age, type, distance and urgency.

    Raises
    ------
    InputError
        If no provider is named, or one that sells no placement here.

    Notes
    -----
    Being on a framework goes with the provider, not the placement: a provider on it may sell one on the spot too. The
    difference is then too small. Who is on a framework is chosen, so that a difference is no effect of it.

    Examples
    --------
    >>> how_bought(pd.Series(["a", "b", None]), framework=["a"]).tolist()
    ['framework', 'spot', <NA>]
    """
    named, there = {name.strip() for name in framework} - {""}, provider.dropna().astype("str")
    strange = len(named - set(there))
    if not named or strange:
        raise InputError(
            f"{strange} of {len(named)} providers named as on the framework sell no placement here. Name them as the "
            f"column {provider.name!r} does."
        )
    found = there.map(lambda one: FRAMEWORK if one in named else SPOT)
    return found.astype("string").reindex(provider.index)
