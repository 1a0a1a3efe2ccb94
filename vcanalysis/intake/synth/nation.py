"""A nation of synthetic councils: how they differ in size, prices and the mix of placements."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.intake.synth.settings import SynthSettings

_HOMES_SHARE = 0.4  # of spend; published 10th to 90th percentile of councils: 21% to 59%


def draw_nation(*, councils: int = 150, children: int = 78_000, seed: int = 2019) -> pd.DataFrame:
    """Draw the councils of a synthetic nation without drawing their children: sizes and levels of spend.

    They are the councils that `write_synthetic` would write with the same numbers.

    Parameters
    ----------
    councils : int
        How many.
    children : int
        Children of all of them: an exact count.
    seed : int
        Seed of the differences.

    Returns
    -------
    DataFrame
        One row per council: council, children, and spend_level, its spend per child against the nation's (mean 1 over
        children): the level of prices of homes times the leaning to homes, and the level of prices of families.

    Raises
    ------
    InputError
        If there is no council, or there are more than children.

    Examples
    --------
    >>> nation = draw_nation(councils=3, children=1000)
    >>> nation["children"].sum(), nation["council"].iloc[0]
    (np.int64(1000), 'Synthetic council 001')
    """
    if not 1 <= councils <= children:
        raise InputError(
            f"{councils:,} councils of {children:,} children are refused. Give 1 or more of each, and as many children."
        )
    base = SynthSettings(children=children, seed=seed)
    rows = [
        (
            s.name,
            s.children,
            _HOMES_SHARE * s.residential_price_level * s.residential_tilt
            + (1 - _HOMES_SHARE) * s.foster_price_level,
        )
        for s, _ in nation_settings(base, councils)
    ]
    nation = pd.DataFrame(rows, columns=["council", "children", "spend_level"])
    mean = np.average(nation["spend_level"], weights=nation["children"])
    return nation.assign(spend_level=nation["spend_level"] / mean)


def nation_settings(
    base: SynthSettings, councils: int
) -> Iterator[tuple[SynthSettings, np.random.SeedSequence]]:
    """Give every council its deviations from England and its own randomness.

    Spreads of the logarithm: unit costs 0.22 and 0.24 published between councils; the mix of placements
    0.30 (share of residential spending 21% to 59% between the 10th and 90th percentile).
    """
    seeds = np.random.SeedSequence(base.seed).spawn(councils + 1)
    rng = np.random.default_rng(seeds[0])
    sizes = _sizes(rng, base.children, councils)
    wide = len(str(councils))
    for row, size in enumerate(sizes):
        z = rng.standard_normal(7)
        settings = base.with_(
            children=int(size),
            name=f"Synthetic council {row + 1:0{max(3, wide)}d}",
            code=f"E99{row + 1:06d}",
            residential_price_level=float(np.exp(0.22 * z[0] - 0.22**2 / 2)),
            foster_price_level=float(np.exp(0.22 * (0.4 * z[0] + 0.92 * z[1]) - 0.22**2 / 2)),
            residential_tilt=float(np.exp(0.30 * z[2])),
            agency_tilt=float(np.exp(0.35 * z[3])),
            kinship_tilt=float(np.exp(0.30 * z[4])),
            uasc_share=float(np.clip(base.uasc_share * np.exp(0.6 * z[5] - 0.18), 0, 0.5)),
            sdq_offset=float(1.2 * z[6]),
            sdq_return_rate=float(rng.beta(4.2, 1.1) * 0.98 + 0.01),
        )
        yield settings, seeds[row + 1]


def _sizes(rng: np.random.Generator, children: int, councils: int) -> np.ndarray:
    """Split children unequally, at least one each; the spread is that of councils in England."""
    weight = np.exp(0.65 * rng.standard_normal(councils))
    exact = weight / weight.sum() * (children - councils)
    size = np.floor(exact).astype(int)
    left = children - councils - int(size.sum())
    size[np.argsort(size - exact, kind="stable")[:left]] += 1
    return size + 1
