"""Legal status over time in each period of care, as SSDA903 records it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import YEAR, Array, Rows, choose
from vcanalysis.intake.synth.spells import Spells

# Ways through the courts. Judgement: reproduces starts and stock by legal status.
_ROUTES = (
    "V2",
    "C1",
    "C1,C2",
    "L1,V2",
    "L1,C1,C2",
    "V2,C1,C2",
    "L2,C1,C2",
    "C1,E1",
    "V2,C1,E1",
    "L1,C1,E1",
    "J1",
)
_WEIGHTS = np.array(
    [
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.50, 0.32, 0.18, 0.0],  # adoption
        [0.05, 0.25, 0.34, 0.02, 0.06, 0.26, 0.02, 0.00, 0.00, 0.00, 0.0],  # guardianship
        [0.54, 0.13, 0.13, 0.08, 0.03, 0.08, 0.01, 0.00, 0.00, 0.00, 0.0],  # short stay
        [0.04, 0.05, 0.46, 0.01, 0.09, 0.34, 0.01, 0.00, 0.00, 0.00, 0.0],  # middle stay
        [0.03, 0.01, 0.41, 0.01, 0.11, 0.42, 0.01, 0.00, 0.00, 0.00, 0.0],  # to 18
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 1.0],  # remand
    ]
)
_OLDER = np.array([2.2, 0.8, 0.65, 2.2, 0.5, 0.35, 0.6, 1, 1, 1, 1])  # from 15 years on
_CODES = ("V2", "C1", "C2", "E1", "L1", "L2", "J1")


@dataclass(frozen=True, slots=True)
class Statuses(Rows):
    """Stretches of one legal status, one row each."""

    spell: Array
    start: Array
    code: Array


def draw_statuses(rng: np.random.Generator, spells: Spells) -> Statuses:
    """Draw the legal statuses of every period of care."""
    age = (spells.entry - spells.birth) / YEAR
    weights = _WEIGHTS[spells.path] * np.where((age >= 15)[:, None], _OLDER, 1.0)
    weights[spells.uasc] = 0
    weights[spells.uasc, 0] = 1
    route = choose(rng, weights)
    codes = np.full((len(_ROUTES), 3), "", dtype="U2")
    for row, text in enumerate(_ROUTES):
        parts = text.split(",")
        codes[row, : len(parts)] = parts
    code = codes[route]
    lasts = {
        "L1": rng.integers(1, 4, len(spells)),
        "L2": rng.integers(3, 9, len(spells)),
        "V2": np.ceil(rng.gamma(1.3, 70, len(spells))) + 3,
        "C1": np.ceil(rng.gamma(9, 26, len(spells))) + 20,
    }
    start = np.zeros(code.shape, np.int64)
    for step in (1, 2):
        length = np.select([code[:, step - 1] == c for c in lasts], list(lasts.values()), 10_000)
        start[:, step] = start[:, step - 1] + length
    begin = spells.entry[:, None] + start
    keep = (code != "") & (begin < spells.exit[:, None])
    spell, _ = np.nonzero(keep)
    return Statuses(spell.astype(np.int32), begin[keep].astype(np.int32), code[keep])


def snap_to_moves(statuses: Statuses, spells: Spells, move_spell: Array, move_day: Array) -> Statuses:
    """Let a change of status up to four days before a change of placement happen on the same day."""
    scale = np.int64(10_000_000)
    keys = move_spell * scale + move_day
    position = np.searchsorted(keys, statuses.spell * scale + statuses.start, side="left")
    nearest = np.minimum(position, len(keys) - 1)
    gap = move_day[nearest] - statuses.start
    close = (move_spell[nearest] == statuses.spell) & (gap > 0) & (gap <= 4)
    close &= statuses.start > spells.entry[statuses.spell]
    start = np.where(close, move_day[nearest], statuses.start).astype(np.int32)
    order = np.lexsort((start, statuses.spell))
    moved = Statuses(statuses.spell[order], start[order], statuses.code[order])
    last = np.append((moved.spell[1:] != moved.spell[:-1]) | (moved.start[1:] != moved.start[:-1]), True)
    return moved.take(last)


__all__ = ["Statuses", "draw_statuses", "rates", "snap_to_moves"]
