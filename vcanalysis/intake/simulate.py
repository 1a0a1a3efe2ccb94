"""Fill what a return cannot hold, by the need and cost models of the synthetic council.

The children and their placements stay as returned; only needs and prices are invented for them. A child's
true class is drawn by age, by whether it came alone to seek asylum, and by the placement it spent longest
in, as often as the class leads there in the synthetic council; ratings and prices then follow the models of
`vcanalysis.intake.synth`. No programme effect is planted. Findings on simulated tables show the method only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vcanalysis.core.codes import PLACEMENT_TYPES, placement_type
from vcanalysis.core.schema import conform
from vcanalysis.intake.linking import episodes_in_care

if TYPE_CHECKING:
    from vcanalysis.intake.synth.journeys import Stays
    from vcanalysis.intake.synth.people import People
    from vcanalysis.intake.synth.settings import SynthSettings
    from vcanalysis.intake.synth.spells import Spells

SIMULATED = ("needs", "costs")
_STREAMS = 4
_FAR = pd.Timestamp("2262-01-01")


@dataclass(frozen=True)
class _Cast:
    """The council's own children, periods of care and placements, as the synthetic council knows them."""

    people: People
    spells: Spells
    stays: Stays
    codes: tuple[np.ndarray, np.ndarray]
    homes: tuple[np.ndarray, np.ndarray]


def simulate_tables(
    tables: dict[str, pd.DataFrame],
    *,
    wanted: tuple[str, ...],
    start: pd.Timestamp,
    end: pd.Timestamp,
    seed: int = 0,
) -> dict[str, pd.DataFrame]:
    """Simulate needs and costs for the children and placements of a council.

    Parameters
    ----------
    tables : dict of DataFrame
        The council's tables; children and placements are read.
    wanted : tuple of str
        Which of `SIMULATED` to make.
    start, end : Timestamp
        First day covered, and the day after the last.
    seed : int
        Seed of all randomness: the same tables and seed give the same rows.

    Returns
    -------
    dict of DataFrame
        The tables made, under their names; the input is left as it is.

    Examples
    --------
    >>> simulate_tables({}, wanted=(), start=pd.Timestamp("2019-04-01"), end=pd.Timestamp("2020-04-01"))
    {}
    """
    if not wanted:
        return {}
    from vcanalysis.intake.synth.latent import draw_need

    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(_STREAMS)]
    settings = _settings(start, end, seed)
    cast = _cast(streams[0], tables, end)
    need = draw_need(streams[1], settings, cast.people)
    made = {}
    if "needs" in wanted:
        made["needs"] = _needs(streams[2], settings, cast, need)
    if "costs" in wanted:
        made["costs"] = _costs(streams[3], settings, cast, need)
    return made


def _settings(start: pd.Timestamp, end: pd.Timestamp, seed: int) -> SynthSettings:
    from vcanalysis.intake.synth.settings import SynthSettings

    years = max(1, round((end - start).days / 365.25))
    first_day = start + pd.Timedelta(days=1)
    return SynthSettings(
        years=min(years, 15), seed=seed, data_to=f"{end:%Y-%m-%d}", programme_start=f"{first_day:%Y-%m-%d}"
    )


def _cast(rng: np.random.Generator, tables: dict[str, pd.DataFrame], end: pd.Timestamp) -> _Cast:
    from vcanalysis.intake.synth.journeys import Stays
    from vcanalysis.intake.synth.spells import Spells

    children = tables["children"].reset_index(drop=True)
    rows = episodes_in_care(tables["placements"])
    rows["end"] = rows["dec"].fillna(_FAR)
    rows["child"] = children.set_index("child_id").index.get_indexer(rows["child_id"])
    birth = _days(children["birth_month"])
    uasc = children["uasc"].fillna(False).to_numpy(dtype=bool)
    periods = rows.groupby(["child", "care_start"], sort=True).agg(exit=("end", "max")).reset_index()
    child = periods["child"].to_numpy(dtype=np.int32)
    number = np.arange(len(periods), dtype=np.int32)
    spells = Spells(
        child=child, birth=birth[child], family=child, leader=number, uasc=uasc[child],
        path=np.zeros(len(periods), np.int8), entry=_days(periods["care_start"]), exit=_days(periods["exit"]),
    )  # fmt: skip
    main = rows.loc[~rows["temporary"]]
    stays = main.groupby("spell", sort=True).agg(
        child=("child", "first"), care_start=("care_start", "first"), start=("decom", "min"),
        place=("place", "first"), provider=("place_provider", "first"), who=("provider_id", "first"),
        home=("home_id", "first"), end=("end", "max"),
    ).reset_index()  # fmt: skip
    period = pd.MultiIndex.from_frame(periods[["child", "care_start"]])
    place, provider = stays["place"].astype("str"), stays["provider"].astype("str").fillna("PR1")
    kind = np.asarray(placement_type(stays["place"], stays["provider"]).codes, dtype=np.int8)
    placed = Stays(
        spell=period.get_indexer(pd.MultiIndex.from_frame(stays[["child", "care_start"]])),
        start=_days(stays["start"]), end=_days(stays["end"]), kind=kind, stepdown=np.zeros(len(stays), bool),
    )  # fmt: skip
    people = _people(rng, children, birth=birth, uasc=uasc, stays=stays.assign(kind=kind), end=end)
    homes = pd.factorize(stays["home"])[0], pd.factorize(stays["who"])[0]
    return _Cast(people, spells, placed, (place.to_numpy(), provider.to_numpy()), homes)


def _people(
    rng: np.random.Generator,
    children: pd.DataFrame,
    *,
    birth: np.ndarray,
    uasc: np.ndarray,
    stays: pd.DataFrame,
    end: pd.Timestamp,
) -> People:
    from vcanalysis.intake.synth.arrays import choose
    from vcanalysis.intake.synth.people import CLASS_BY_AGE, CLASS_UASC, EHCP, People
    from vcanalysis.intake.synth.rates import CLASS_TILT

    size = len(children)
    days = (stays["end"].clip(upper=end) - stays["start"]).dt.days
    longest = stays.assign(days=days).sort_values("days").drop_duplicates("child", keep="last")
    kind = np.full(size, len(PLACEMENT_TYPES) - 1)
    kind[longest["child"].to_numpy()] = longest["kind"].to_numpy()
    age = (np.datetime64(end, "D").astype(np.int64) - birth) / 365.25
    band = np.searchsorted([5.0, 10.0, 13.0], age, side="right")
    by_age = np.where(uasc[:, None], CLASS_UASC, CLASS_BY_AGE[band])
    class_ = choose(rng, by_age * np.asarray(CLASS_TILT)[:, kind].T)
    plan = rng.random(size) < np.where(age < 5, 0.1, 1.0) * EHCP[class_]
    blank = np.full(size, "")
    return People(
        child_id=children["child_id"].to_numpy(dtype="U32"), birth=birth,
        male=children["sex"].eq("M").to_numpy(dtype=bool), ethnicity=blank, uasc=uasc,
        disability=children["disability"].fillna(False).to_numpy(dtype=bool) if "disability" in children
        else np.zeros(size, bool), sen=np.where(plan, "EHCP", "none"), cin=blank,
        family=np.arange(size), class_=class_,
    )  # fmt: skip


def _needs(rng: np.random.Generator, settings: SynthSettings, cast: _Cast, need: Any) -> pd.DataFrame:
    from vcanalysis.intake.synth.assessments import draw_ratings, needs_table

    ratings = draw_ratings(rng, settings, cast.spells, cast.people)
    return conform(needs_table(rng, settings, cast.people, need, ratings), table="needs")


def _costs(rng: np.random.Generator, settings: SynthSettings, cast: _Cast, need: Any) -> pd.DataFrame:
    from vcanalysis.intake.synth.costs import costs_table, quote
    from vcanalysis.intake.synth.homes import Homes

    none = np.array([], dtype=str)
    home, provider = cast.homes
    quotes = quote(
        rng, settings, spells=cast.spells, people=cast.people, need=need, stays=cast.stays,
        homes=Homes(home, provider, none, none, np.array([]), np.array([])), codes=cast.codes,
    )  # fmt: skip
    table = costs_table(settings, spells=cast.spells, people=cast.people, stays=cast.stays, quotes=quotes)
    return conform(table.sort_values(["child_id", "from"], ignore_index=True), table="costs")


def _days(days: pd.Series) -> np.ndarray:
    from vcanalysis.intake.synth.arrays import NEVER

    values = days.to_numpy(dtype="datetime64[ns]").astype("datetime64[D]").astype(np.int64)
    return np.where(days >= _FAR, NEVER, values).astype(np.int32)
