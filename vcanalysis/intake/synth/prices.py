"""What a week of care costs: published levels, their spread, and the price index of the years."""

from __future__ import annotations

import numpy as np

# Prices of 2019-20 in pounds a week. Residential and fostering come out at the published unit costs
# (4,165 and 600); agency from the CMA's 820; in-house 17,000 a year cheaper; the rest is judgement.
# place: median, sd of the logarithm from provider, home, and the rest.
PRICE = {
    "kinship": (275.0, 0.00, 0.06, 0.20),
    "in-house": (492.0, 0.00, 0.06, 0.20),
    "agency": (808.0, 0.07, 0.04, 0.15),
    "K2": (3_580.0, 0.17, 0.13, 0.40),
    "R1": (3_300.0, 0.20, 0.13, 0.32),
    "S1": (3_500.0, 0.20, 0.13, 0.30),
    "K1": (6_200.0, 0.10, 0.00, 0.15),
    "H5": (860.0, 0.20, 0.15, 0.38),
    "P2": (330.0, 0.10, 0.10, 0.30),
    "P1": (45.0, 0.00, 0.00, 0.60),
    "adoption": (120.0, 0.00, 0.00, 0.40),
    "R2": (900.0, 0.10, 0.00, 0.60),
    "R3": (2_900.0, 0.15, 0.10, 0.25),
    "R5": (1_500.0, 0.00, 0.05, 0.10),
    "Z1": (600.0, 0.00, 0.00, 0.60),
}
LISTS = tuple(PRICE)
_OF_PLACE = {
    "U1": "kinship",
    "U2": "kinship",
    "U3": "kinship",
    "A3": "adoption",
    "A4": "adoption",
    "A5": "adoption",
    "A6": "adoption",
}
# Index by financial year, 2019-20 = 1: residential and fostering unit costs from published outturn
# (3,630 / 3,945 / 4,165 and 575 / 580 / 600); years before 2017-18 carried back at 4% and 1%: judgement.
_HOME = {2017: 0.872, 2018: 0.947, 2019: 1.0, 2020: 1.045}
_FOSTER = {2017: 0.958, 2018: 0.967, 2019: 1.0, 2020: 1.02}
AGE_EFFECT = np.array([0.90, 0.90, 0.97, 1.06, 1.10, 1.14])  # fostering, by age band (allowances)


def price_list(place: np.ndarray, provider_code: np.ndarray) -> np.ndarray:
    """Give the index in `LISTS` of the price list of each placement."""
    codes, row = np.unique(place, return_inverse=True)
    names = [_OF_PLACE.get(c, c if c in PRICE else "in-house") for c in codes]
    index = np.array([LISTS.index(n) for n in names])[row]
    agency = (index == LISTS.index("in-house")) & np.isin(provider_code, ["PR4", "PR5"])
    return np.where(agency, LISTS.index("agency"), index)


def index_table(first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the residential and fostering price index of financial years first to last (1 April)."""
    years = range(first, last + 1)
    home = [
        _HOME.get(y, 0.872 * 1.04 ** (y - 2017) if y < 2017 else 1.045 * 1.045 ** (y - 2020)) for y in years
    ]
    foster = [_FOSTER.get(y, 0.958 * 1.01 ** (y - 2017) if y < 2017 else 1.02 ** (y - 2019)) for y in years]
    return np.array(home), np.array(foster)
