"""The children: sex, ethnicity, main need, disability, special educational needs, siblings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.intake.synth.arrays import YEAR, Array, Rows, choose, day, pick
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

CLASSES = (
    "few current needs",
    "loss and mistrust",
    "risk outside the home",
    "complex and many",
)
# Class weights by age on the last day in the window (or at the exit): under 5, 5-9, 10-12, 13 and over.
CLASS_BY_AGE = np.array(
    [[0.50, 0.36, 0.00, 0.14], [0.36, 0.44, 0.02, 0.18], [0.32, 0.40, 0.10, 0.18], [0.30, 0.29, 0.27, 0.14]]
)
CLASS_UASC = np.array([0.46, 0.44, 0.08, 0.02])
DISABLED_TILT = 3.0  # on the last class

ETHNICITY = {
    "WBRI": 74.0, "WIRI": 0.4, "WOTH": 3.0, "WIRT": 0.3, "WROM": 0.6, "MWBC": 3.6, "MWBA": 1.3, "MWAS": 1.7,
    "MOTH": 3.9, "AIND": 0.5, "APKN": 1.2, "ABAN": 0.6, "AOTH": 0.9, "BCRB": 2.1, "BAFR": 2.6, "BOTH": 1.5,
    "CHNE": 0.1, "OOTH": 1.0, "REFU": 0.05, "NOBT": 0.25,
}  # fmt: skip
ETHNICITY_UASC = {
    "OOTH": 32.0,
    "AOTH": 24.0,
    "BAFR": 32.0,
    "BOTH": 5.0,
    "WOTH": 5.0,
    "CHNE": 1.0,
    "NOBT": 1.0,
}
NEED = {"N1": 71.0, "N2": 1.0, "N3": 2.8, "N4": 8.0, "N5": 14.6, "N6": 1.0, "N7": 0.05, "N8": 1.0}
NEED_UASC = {"N8": 88.0, "N1": 5.0, "N4": 3.0, "N5": 4.0}
# Share with an education, health and care plan, and with support, by class; disabled children higher.
EHCP = np.array([0.13, 0.21, 0.30, 0.46])
SUPPORT = np.array([0.24, 0.31, 0.33, 0.27])


@dataclass(frozen=True, slots=True)
class People(Rows):
    """One row per child, in the order of the pseudonyms."""

    child_id: Array
    birth: Array
    male: Array
    ethnicity: Array
    uasc: Array
    disability: Array
    sen: Array
    cin: Array
    family: Array
    class_: Array


def pseudonyms(rng: np.random.Generator, size: int, *, digits: int = 12) -> Array:
    """Draw different opaque identifiers, sorted."""
    drawn = np.unique(rng.integers(0, 16**digits, int(size * 1.01) + 20, dtype=np.int64))
    kept = np.sort(rng.permutation(drawn)[:size])
    return np.array([f"{value:0{digits}x}" for value in kept], dtype=f"U{digits}")


def _class_weights(age: Array, uasc: Array, disability: Array) -> Array:
    band = np.searchsorted([5.0, 10.0, 13.0], age, side="right")
    weights = np.where(uasc[:, None], CLASS_UASC, CLASS_BY_AGE[band])
    weights[:, 3] *= np.where(disability, DISABLED_TILT, 1.0)
    return weights


def _sen(rng: np.random.Generator, class_: Array, disability: Array, age: Array) -> Array:
    plan = np.where(disability, 0.85, EHCP[class_] * 0.83)
    support = np.minimum(SUPPORT[class_], 1 - plan)
    drawn = rng.random(len(class_))
    plan = np.where(age < 5, plan * 0.1, plan)
    return np.select([drawn < plan, drawn < plan + support * (age >= 4)], ["EHCP", "support"], "none")


def _of_first(values: Array, row: Array, shared: Array) -> Array:
    return np.where(shared, values[row], values)


def draw_people(rng: np.random.Generator, settings: SynthSettings, spells: Spells) -> People:
    """Draw who the children are, given their periods of care."""
    _, first = np.unique(spells.child, return_index=True)
    one = spells.take(first)
    size = len(one)
    last = spells.exit[np.append(first[1:], len(spells)) - 1]
    age = (np.minimum(last, day(settings.end)) - one.birth) / YEAR
    male = rng.random(size) < np.where(one.uasc, 0.95, 0.53)
    disability = rng.random(size) < np.where(one.uasc, 0.01, 0.115)
    cin = np.where(one.uasc, pick(rng, NEED_UASC, size), pick(rng, NEED, size))
    cin = np.where((cin == "N6") & ((one.entry - one.birth) / YEAR < 8), "N1", cin)
    cin = np.where(disability & (rng.random(size) < 0.11), "N2", cin)
    disability = disability | (cin == "N2")
    class_ = choose(rng, _class_weights(age, one.uasc, disability))
    ethnicity = np.where(one.uasc, pick(rng, ETHNICITY_UASC, size), pick(rng, ETHNICITY, size))
    leader = spells.child[spells.leader[first]]
    shared = (leader != np.arange(size)) & (cin != "N2")
    return People(
        child_id=pseudonyms(rng, size),
        birth=one.birth,
        male=male,
        ethnicity=_of_first(ethnicity, leader, shared & (rng.random(size) < 0.93)),
        uasc=one.uasc,
        disability=disability,
        sen=_sen(rng, class_, disability, age),
        cin=np.where(shared & (cin[leader] != "N2") & (cin[leader] != "N6"), cin[leader], cin),
        family=leader,
        class_=class_,
    )


def children_table(people: People, rng: np.random.Generator) -> pd.DataFrame:
    """Give the table `children`."""
    members = np.bincount(people.family, minlength=len(people))[people.family]
    names = rng.permutation(pseudonyms(rng, len(people), digits=10))[people.family]
    month = people.birth.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[ns]")
    return pd.DataFrame(
        {
            "child_id": people.child_id,
            "birth_month": month,
            "sex": np.where(people.male, "M", "F"),
            "ethnicity": people.ethnicity,
            "uasc": people.uasc,
            "disability": people.disability,
            "sen_status": people.sen,
            "sibling_group": pd.Series(names).where(pd.Series(members) > 1),
        }
    )
