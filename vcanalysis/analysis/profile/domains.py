"""What children need: shares by domain, level and band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.profile.shares import share_of
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates


def domain_profile(
    frame: pd.DataFrame,
    *,
    domains: Sequence[str],
    titles: Mapping[str, str] | None = None,
    at_least: int = 2,
    level: float = 0.95,
) -> Estimates:
    """Share of children who need action in each domain.

    Parameters
    ----------
    frame : DataFrame
        One row per child and one column per domain; a missing level is left out, never taken as none.
    domains : sequence of str
        Columns of the domains.
    titles : mapping of str to str
        Names to show; the columns' own names where absent.
    at_least : int
        Lowest level that counts as needing action.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One share per domain, the most frequent first; the group holds the domain's title.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Each interval is for its own domain: among twelve, one may miss by chance. In residential homes a need
    may look low because the home meets it.

    Examples
    --------
    >>> frame = pd.DataFrame({"safe": [3, 2, 0, 1], "happy": [0, 0, None, 2]})
    >>> [(e.group, round(e.value, 2), e.n) for e in domain_profile(frame, domains=["happy", "safe"])]
    [('safe', 0.5, 4), ('happy', 0.33, 3)]
    """
    named = dict(titles or {})
    estimates = []
    for domain in domains:
        levels = number_column(frame, domain)
        known = levels[~np.isnan(levels)]
        estimates.append(
            share_of(
                int((known >= at_least).sum()),
                len(known),
                term="Share of children who need action",
                group=named.get(domain, domain),
                level=level,
                reason="no child is assessed in this domain",
            )
        )
    return Estimates.of(sorted(estimates, key=lambda e: -(e.value if e.value is not None else -1.0)))


def strength_profile(
    frame: pd.DataFrame,
    *,
    domains: Sequence[str],
    titles: Mapping[str, str] | None = None,
    at_most: int = 1,
    level: float = 0.95,
) -> Estimates:
    """Share of children with a strength to build on in each domain, the most frequent first.

    Parameters
    ----------
    frame : DataFrame
        One row per child and one column per domain: strength rated from 0, the best developed; a missing rating is
        left out.
    domains : sequence of str
        Columns of the domains.
    titles : mapping of str to str
        Names to show.
    at_most : int
        Highest rating that counts as a strength to build on; in CANS 0 is a centrepiece of a plan, 1 is useful.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One share per domain; the group holds the domain's title.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Strengths are recorded less often than needs, and whoever records them may look for them in some children first.

    Examples
    --------
    >>> frame = pd.DataFrame({"safe": [0, 1, 3, None], "happy": [2, 2, 0, 3]})
    >>> [(e.group, round(e.value, 2), e.n) for e in strength_profile(frame, domains=["happy", "safe"])]
    [('safe', 0.67, 3), ('happy', 0.25, 4)]
    """
    named, items = dict(titles or {}), []
    for domain in domains:
        rated = number_column(frame, domain)
        known = rated[~np.isnan(rated)]
        items.append(
            share_of(
                int((known <= at_most).sum()),
                len(known),
                term="Share of children with a strength to build on",
                group=named.get(domain, domain),
                level=level,
                reason="no strength is recorded in this domain",
            )
        )
    return Estimates.of(sorted(items, key=lambda e: -(e.value if e.value is not None else -1.0)))


def level_distribution(
    frame: pd.DataFrame,
    *,
    domains: Sequence[str],
    levels: Sequence[str],
    titles: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Count of children at each level of each domain, for stacked bars.

    Parameters
    ----------
    frame : DataFrame
        One row per child and one column per domain, levels from 0.
    domains : sequence of str
        Columns of the domains.
    levels : sequence of str
        Names of the levels, lowest first.
    titles : mapping of str to str
        Names of the domains to show.

    Returns
    -------
    DataFrame
        Columns domain, level (ordered Categorical), count, share (of those assessed), n. Counts are not
        gated for publication.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> frame = pd.DataFrame({"safe": [1, 0, 0, 1]})
    >>> level_distribution(frame, domains=["safe"], levels=["none", "some"])["count"].tolist()
    [2, 2]
    """
    named, rows = dict(titles or {}), []
    for domain in domains:
        values = number_column(frame, domain)
        n = int((~np.isnan(values)).sum())
        for code, name in enumerate(levels):
            count = int((values == code).sum())
            rows.append((named.get(domain, domain), name, count, count / n if n else 0.0, n))
    table = pd.DataFrame(rows, columns=["domain", "level", "count", "share", "n"])
    table["level"] = pd.Categorical(table["level"], categories=list(levels), ordered=True)
    return table


def band_shares(frame: pd.DataFrame, *, band: str, level: float = 0.95) -> Estimates:
    """Share of assessed children in each band of need.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    band : str
        Column of the band; an ordered Categorical keeps its order and its empty bands.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One share per band.

    Raises
    ------
    InputError
        If the column is missing.

    Examples
    --------
    >>> [(e.group, e.value) for e in band_shares(pd.DataFrame({"band": ["low", "low", "high", None]}), band="band")]
    [('high', 0.3333333333333333), ('low', 0.6666666666666666)]
    """
    require_columns(frame, band)
    known = frame[band].dropna()
    categorical = isinstance(known.dtype, pd.CategoricalDtype)
    names = list(known.cat.categories) if categorical else sorted(known.astype("str").unique())
    if known.empty:
        reason = "no child has a band of need"
        return Estimates((Estimate.not_estimable("Share of children by band of need", n=0, reason=reason),))
    return Estimates.of(
        share_of(
            int((known.astype("str") == str(name)).sum()),
            len(known),
            term="Share of children by band of need",
            group=str(name),
            level=level,
        )
        for name in names
    )
