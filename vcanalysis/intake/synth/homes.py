"""Providers, homes and households: who looks after the children, without more children than places."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import Array
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.people import pseudonyms

# Places in a home or household: sizes and their shares, by kind of placement.
_PLACES = {
    rates.KIN: ((1, 2, 3), (0.60, 0.28, 0.12)),
    rates.INHOUSE: ((1, 2, 3), (0.34, 0.42, 0.24)),
    rates.AGENCY: ((1, 2, 3), (0.42, 0.42, 0.16)),
    rates.HOME: ((1, 2, 3, 4, 5, 6), (0.18, 0.25, 0.25, 0.18, 0.09, 0.05)),
    rates.SUPPORTED: ((1, 2, 4, 6), (0.3, 0.2, 0.3, 0.2)),
}
_DEFAULT_PLACES = ((1, 4), (0.5, 0.5))
_RETIRE = 0.12  # chance that a place is given up when a child leaves it


@dataclass(frozen=True, slots=True)
class Homes:
    """Where each stay is: index of home and provider (-1: none), and their names and places."""

    home: Array
    provider: Array
    home_names: Array
    provider_names: Array
    places: Array
    kind: Array


def on_framework(names: Array) -> Array:
    """Say which providers are on the council's framework: those whose name, drawn by lot, is an even number."""
    return np.array([int(str(name), 16) % 2 == 0 for name in names], dtype=bool)


def _seats(start: Array, end: Array, drawn: Array, retire: Array) -> Array:
    """Give every stay a place that is free on its first day; stays come sorted by first day."""
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    seats = np.empty(len(start), np.int64)
    opened = 0
    for row, (first, last) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        while busy and busy[0][0] < first:
            place = heapq.heappop(busy)[1]
            if not retire[row]:
                free.append(place)
        if free:
            chosen = int(drawn[row] * len(free))
            free[chosen], free[-1] = free[-1], free[chosen]
            place = free.pop()
        else:
            place, opened = opened, opened + 1
        seats[row] = place
        heapq.heappush(busy, (last, place))
    return seats


def _market(rng: np.random.Generator, homes: int) -> Array:
    """Give homes to providers: few large ones, many small."""
    providers = int(np.clip(1.5 * np.sqrt(homes), 1, 300))
    weights = 1 / (np.arange(providers) + 5.0)
    return rng.choice(providers, size=homes, p=weights / weights.sum())


def assign_homes(rng: np.random.Generator, stays: Stays, provider_code: Array, leader: Array) -> Homes:
    """Place every stay in a home of a provider of its kind and sector.

    Parameters
    ----------
    stays : Stays
        Placements sorted by period of care and first day.
    provider_code : array of str
        PLACE_PROVIDER of each stay.
    leader : array of int
        For each stay the stay of a sibling in the same household from the same day, or itself.
    """
    home, provider = np.full(len(stays), -1, np.int64), np.full(len(stays), -1, np.int64)
    places, kinds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    homes, providers = 0, 1  # provider 0 is the council itself
    for kind, code, rows in _groups(stays, provider_code, leader):
        own, size = _rooms(rng, stays, rows, kind)
        market = np.zeros(len(size), np.int64) if code == "PR1" else providers + _market(rng, len(size))
        providers = max(providers, int(market.max()) + 1)
        home[rows], provider[rows] = homes + own, market[own]
        places.append(size)
        kinds.append(np.full(len(size), kind))
        homes += len(size)
    home, provider = home[leader], provider[leader]
    _move_on(stays, home, provider)
    return Homes(
        home,
        provider,
        rng.permutation(pseudonyms(rng, max(homes, 1), digits=8)),
        rng.permutation(pseudonyms(rng, providers, digits=6)),
        np.concatenate(places),
        np.concatenate(kinds),
    )


def _groups(stays: Stays, provider_code: Array, leader: Array) -> Iterator[tuple[int, str, Array]]:
    """Give kind, provider code and rows, by first day, of the stays that need a home of their own."""
    own = leader == np.arange(len(stays))
    for kind in (0, 1, 2, 3, 4, 5, 8):
        for code in ("PR1", "PR2", "PR3", "PR4", "PR5"):
            rows = np.flatnonzero((stays.kind == kind) & (provider_code == code) & own)
            if len(rows):
                yield kind, code, rows[np.argsort(stays.start[rows], kind="stable")]


def _rooms(rng: np.random.Generator, stays: Stays, rows: Array, kind: int) -> tuple[Array, Array]:
    """Give the home of each stay and the places of each home."""
    drawn, retire = rng.random(len(rows)), rng.random(len(rows)) < _RETIRE
    seats = _seats(stays.start[rows], stays.end[rows], drawn, retire)
    sizes, shares = _PLACES.get(kind, _DEFAULT_PLACES)
    size = rng.choice(sizes, size=int(seats.max()) + 1, p=shares)
    own = np.searchsorted(np.cumsum(size), seats, side="right")
    return own, size[: int(own.max()) + 1]


def _move_on(stays: Stays, home: Array, provider: Array) -> None:
    """Let a move lead to another home: a child who would go back into the same one takes the next."""
    again = (
        np.flatnonzero((stays.spell[1:] == stays.spell[:-1]) & (home[1:] == home[:-1]) & (home[1:] >= 0)) + 1
    )
    owner = dict(zip(home.tolist(), provider.tolist(), strict=True))
    for row in again:
        for other in (home[row] + 1, home[row] - 1):
            if owner.get(int(other)) == provider[row]:
                home[row] = other
                break


def shared_households(stays: Stays, spell_leader: Array, provider_code: Array) -> Array:
    """Find, for each stay, the first stay of a sibling that began on the same day in the same way."""
    own = np.arange(len(stays))
    first = np.searchsorted(stays.spell, np.arange(len(spell_leader)))
    first = np.minimum(first, len(stays) - 1)
    other = first[spell_leader[stays.spell]]
    same = (
        (stays.start == stays.start[other])
        & (stays.kind == stays.kind[other])
        & (provider_code == provider_code[other])
        & (stays.kind <= rates.AGENCY)
        & (other != own)
    )
    target = np.where(same, other, own)
    # Only point at stays that have a household of their own.
    return np.where(target[target] == target, target, own)
