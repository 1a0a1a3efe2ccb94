"""Short breaks of disabled children who later came into care: rows that are no part of care."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.intake.synth.arrays import YEAR, dates, day
from vcanalysis.intake.synth.people import People, pseudonyms
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

_SHARE_OF_DISABLED = 0.12


def short_breaks_table(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People
) -> pd.DataFrame:
    """Give episodes of short breaks (V4), which end at least four weeks before care begins.

    They belong to children who were looked after in the window anyway, so that the number of children is
    the number asked for and every analysis has rows it must leave out.
    """
    _, first = np.unique(spells.child, return_index=True)
    age = (spells.entry[first] - people.birth) / YEAR
    window = spells.entry[first] > day(settings.data_from) + 60
    chosen = people.disability & (age > 4) & window & (rng.random(len(people)) < _SHARE_OF_DISABLED)
    rows = np.flatnonzero(chosen)
    dec = spells.entry[first][rows] - rng.integers(28, 120, len(rows))
    start = dec - rng.integers(90, 500, len(rows))
    homes = pseudonyms(rng, max(2, len(rows) // 6), digits=8)
    home = rng.random(len(rows)) < 0.6
    return pd.DataFrame(
        {
            "child_id": people.child_id[rows],
            "decom": dates(start),
            "rne": np.full(len(rows), "S"),
            "ls": np.full(len(rows), "V4"),
            "cin": np.full(len(rows), "N2"),
            "place": np.where(home, "K2", "U6"),
            "place_provider": np.full(len(rows), "PR1"),
            "dec": dates(dec),
            "rec": np.full(len(rows), "E8"),
            "distance_miles": np.round(rng.gamma(2.0, 4.0, len(rows)), 1),
            "home_id": homes[rng.integers(0, len(homes), len(rows))],
        }
    )
