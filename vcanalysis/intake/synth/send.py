"""Children and young people with special educational needs, with what is planted in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.tables_send import AREAS, PRIMARY
from vcanalysis.intake.synth.arrays import Array, dates, day
from vcanalysis.intake.synth.people import People, pseudonyms
from vcanalysis.intake.synth.settings import SynthSettings

FRAMEWORK = "send-cop-4"
_WEIGHTS = (0.05, 0.08, 0.05, 0.02, 0.21, 0.20, 0.02, 0.01, 0.01, 0.03, 0.28, 0.01, 0.02, 0.01)
_LEVELS = (0.34, 0.33, 0.23, 0.10)  # of one area
_KEPT = 0.80  # share of levels that do not change between two censuses
_PEOPLE = 1.4  # with needs at the first census, for each child of the council's window
_SHARE_WITH_PLAN = 0.55
_COLLEGE_FROM = 19
_SCHOOL_FROM = 4
_STARTS = (4, 11, 16)  # age on 31 August when a phase of education begins
_CENSUSES = 6
_UNEVEN = 0.01  # by which the number of plans strays from its path
_SPECIALIST = ("special school", "independent special")


@dataclass(frozen=True, slots=True)
class SendSettings:
    """What is planted; `none()` is the version in which nothing is to be found.

    Parameters
    ----------
    too_much : float
        Share of new plans without an intensive need that begin in a specialist setting.
    too_little : float
        Share of new plans with an intensive need that begin in a mainstream setting.
    ratio : float
        Median cost of a special school over mainstream at the same need.
    independent : float
        The same of an independent special over a special school.
    slope : float
        Rise of log cost with a point of need.
    back : float
        Share of those in specialist settings who move to mainstream in a year.
    out, out_at_transition : float
        Share of those in mainstream who move to a specialist setting in a year, and in one in which they change phase.
    population, prevalence, plan_rate, price : float
        Yearly growth: residents, those with needs of residents, plans of those with needs, cost of the same place.
    to_independent : float
        Points by which the share of independent among new specialist places rises each year.
    """

    too_much: float = 0.16
    too_little: float = 0.30
    ratio: float = 3.0
    independent: float = 2.2
    slope: float = 0.06
    back: float = 0.04
    out: float = 0.02
    out_at_transition: float = 0.10
    population: float = 0.01
    prevalence: float = 0.03
    plan_rate: float = 0.05
    price: float = 0.04
    to_independent: float = 0.05

    def none(self) -> SendSettings:
        """Give the version without mismatch, without another price for the same need, without moves and growth."""
        zero = ("too_much", "too_little", "slope", "back", "population", "prevalence", "plan_rate", "price")
        alike = {"ratio": 1.0, "independent": 1.0, "out_at_transition": self.out, "to_independent": 0.0}
        return replace(self, **dict.fromkeys(zero, 0.0), **alike)  # type: ignore[arg-type]


def send_truth(planted: SendSettings) -> dict[str, Any]:
    """Give what is planted, for `truth.json`."""
    return asdict(planted)


def send_table(
    rng: np.random.Generator, settings: SynthSettings, people: People, planted: SendSettings
) -> pd.DataFrame:
    """Give the table `send`: the six censuses, each January, before the end of the window."""
    years = range(settings.end.year - _CENSUSES, settings.end.year)
    residents = 60 * settings.children
    world = _newcomers(rng, people, round(_PEOPLE * settings.children), years[0], first=True)
    _give_plans(rng, world, round(_SHARE_WITH_PLAN * len(world)), years[0], planted, first=True)
    parts = []
    for since, year in enumerate(years):
        if since:
            world = _a_year_on(rng, world, people, settings, year, since, planted)
        parts.append(_census(rng, world, year, since, planted, residents))
    return pd.concat(parts, ignore_index=True).sort_values(["child_id", "census"], ignore_index=True)


def _a_year_on(
    rng: np.random.Generator,
    world: pd.DataFrame,
    people: People,
    settings: SynthSettings,
    year: int,
    since: int,
    planted: SendSettings,
) -> pd.DataFrame:
    """Let a year pass: needs, moves, those who leave, those who come, new plans."""
    world = world.loc[(year - world["born"] <= 24) & (rng.random(len(world)) > 0.04)].copy()
    for area in AREAS:
        again = rng.random(len(world)) > _KEPT
        world[area] = np.where(again, _levels(rng, len(world)), world[area])
    _move(rng, world, year, since, planted)
    wanted = round(
        _PEOPLE * settings.children * ((1 + planted.population) * (1 + planted.prevalence)) ** since
    )
    new = _newcomers(rng, people, max(wanted - len(world), 0), year, taken=set(world["child_id"]))
    world = pd.concat([world, new], ignore_index=True)
    share = _SHARE_WITH_PLAN * (1 + planted.plan_rate) ** since * np.exp(rng.normal(0, _UNEVEN))
    _give_plans(rng, world, round(share * wanted) - int(world["plan"].sum()), year, planted, since=since)
    return world


def _levels(rng: np.random.Generator, size: int) -> Array:
    return rng.choice(4, size, p=_LEVELS)


def _newcomers(
    rng: np.random.Generator,
    people: People,
    size: int,
    year: int,
    *,
    first: bool = False,
    taken: set[str] | None = None,
) -> pd.DataFrame:
    """Draw people with needs: first the children in care who have a plan, then others."""
    born = people.birth.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    known = np.flatnonzero((people.sen == "EHCP") & (year - born >= 0) & (year - born <= 17))
    known = known[~np.isin(people.child_id[known], list(taken or ()))][:size] if first else known[:0]
    others = size - len(known)
    ages = rng.choice(
        np.arange(25), others, p=np.r_[np.full(4, 1), np.full(15, 4), np.full(6, 2)] / 76
    ) if first else rng.integers(2, 17, others)  # fmt: skip
    months = rng.integers(1, 13, others)
    made = {
        "child_id": np.concatenate([people.child_id[known], pseudonyms(rng, others)])
        if others
        else people.child_id[known],
        "born": np.concatenate([born[known], year - ages]),
        "birth_month": pd.to_datetime(
            [
                *people.birth[known].astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[ns]"),
                *(
                    np.datetime64(f"{year - age}-{month:02d}", "ns")
                    for age, month in zip(ages, months, strict=True)
                ),
            ]
        ),
        "primary_need": rng.choice(np.array(PRIMARY), size, p=_WEIGHTS),
        **{area: _levels(rng, size) for area in AREAS},
        "plan": False,
        "plan_from": pd.NaT,
        "requested_on": pd.NaT,
        "specialist": "",
        "own": rng.normal(0, 0.25, size),
    }
    frame = pd.DataFrame(made).astype({"plan_from": "datetime64[ns]", "requested_on": "datetime64[ns]"})
    return frame.assign(cared=np.arange(size) < len(known))


def _intensive(world: pd.DataFrame) -> pd.Series:
    return world[list(AREAS)].eq(3).any(axis=1)


def _independent(rng: np.random.Generator, size: int, since: int, planted: SendSettings) -> Array:
    share = 0.25 + planted.to_independent * since
    return np.where(rng.random(size) < share, _SPECIALIST[1], _SPECIALIST[0])


def _give_plans(
    rng: np.random.Generator,
    world: pd.DataFrame,
    count: int,
    year: int,
    planted: SendSettings,
    *,
    first: bool = False,
    since: int = 0,
) -> None:
    """Give some of those without a plan one, and a setting."""
    without = np.flatnonzero(~world["plan"].to_numpy())
    weight = 1.0 + 2.0 * _intensive(world).to_numpy()[without] + 1e6 * world["cared"].to_numpy()[without]
    count = min(max(count, 0), len(without))
    rows = rng.choice(without, count, replace=False, p=weight / weight.sum()) if count else without[:0]
    back = rng.integers(0, 365, count) + (rng.integers(0, 5, count) * 365 if first else 0)
    made = day(_census_day(year)) - back
    intensive = _intensive(world).to_numpy()[rows]
    special = rng.random(count) < np.where(intensive, 1 - planted.too_little, planted.too_much)
    world.loc[rows, "plan"] = True
    world.loc[rows, "plan_from"] = dates(made).to_numpy()
    world.loc[rows, "requested_on"] = dates(made - rng.integers(100, 200, count)).to_numpy()
    world.loc[rows, "specialist"] = np.where(special, _independent(rng, count, since, planted), "")


def _move(
    rng: np.random.Generator, world: pd.DataFrame, year: int, since: int, planted: SendSettings
) -> None:
    """Move some from specialist to mainstream settings and some the other way, more where the phase changes."""
    held = world["plan"] & world["specialist"].ne("")
    mainstream = world["plan"] & world["specialist"].eq("")
    phase = np.isin(year - 1 - world["born"] - world["birth_month"].dt.month.ge(9), _STARTS)
    drawn = rng.random(len(world))
    back = held & (drawn < planted.back)
    out = mainstream & (drawn < np.where(phase, planted.out_at_transition, planted.out))
    world.loc[back, "specialist"] = ""
    world.loc[out, "specialist"] = _independent(rng, int(out.sum()), since, planted)


def _census_day(year: int) -> pd.Timestamp:
    """Give the third Thursday of January."""
    first = pd.Timestamp(year, 1, 1)
    return first + pd.Timedelta(days=(3 - first.weekday()) % 7 + 14)


def _census(
    rng: np.random.Generator,
    world: pd.DataFrame,
    year: int,
    since: int,
    planted: SendSettings,
    residents: int,
) -> pd.DataFrame:
    """Write a census: who is there, where, at what cost."""
    size, age = len(world), year - world["born"]
    total = world[list(AREAS)].sum(axis=1)
    plan, special = world["plan"], world["specialist"].ne("")
    ordinary = np.where(age < _SCHOOL_FROM, "early years", "mainstream")
    ordinary = np.where(age >= _COLLEGE_FROM, "college", ordinary)
    setting = np.where(special, world["specialist"], ordinary)
    times = np.where(special, planted.ratio, 1.0)
    times = np.where(world["specialist"].eq(_SPECIALIST[1]), times * planted.independent, times)
    log = np.log(9_000 * times) + planted.slope * total + since * np.log1p(planted.price)
    cost = np.exp(log + world["own"] + rng.normal(0, 0.08, size)).round(2)
    rides = rng.random(size) < np.where(special, 0.65, 0.15)
    transport = (cost * np.where(rides, rng.uniform(0.08, 0.2, size), 0.0)).round(2)
    top_up = (cost * np.where(special, 0.55, 0.4)).round(2)
    highest = world[list(AREAS)].max(axis=1).to_numpy()
    ready = np.clip(highest - rng.choice(3, size, p=(0.6, 0.3, 0.1)), 0, 3)
    return pd.DataFrame(
        {
            "child_id": world["child_id"].to_numpy(),
            "census": _census_day(year),
            "birth_month": world["birth_month"].to_numpy(),
            "status": np.where(plan, "plan", "support"),
            "requested_on": world["requested_on"].to_numpy(),
            "plan_from": world["plan_from"].to_numpy(),
            "plan_to": pd.NaT,
            "primary_need": world["primary_need"].to_numpy(),
            "framework": FRAMEWORK,
            **{area: world[area].to_numpy() for area in AREAS},
            "setting_ready": ready,
            "home_ready": np.clip(highest - rng.choice(2, size, p=(0.75, 0.25)), 0, 3),
            "setting": setting,
            "gbp_year": np.where(plan, cost, np.nan),
            "top_up_gbp_year": np.where(plan, top_up, np.nan),
            "transport_gbp_year": np.where(plan, transport, np.nan),
            "residents": round(residents * (1 + planted.population) ** since),
        }
    )
