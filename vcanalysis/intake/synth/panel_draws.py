"""What a synthetic council-year panel is drawn of: councils, and measures that move as published ones do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.measures import measures
from vcanalysis.core.paths import data_file

_MIDDLE = 2021  # the year that the centres of the calibration are of
_SIZE_DEPRIVED = (
    -0.35
)  # large councils are counties, less deprived: without it numbers of children spread too far
_NEIGHBOURS = 10
_REGIONS, _TILT = 9, 0.6  # how far deprivation of regions lies apart, in standard deviations within one
# children who should have an SDQ score, of those looked after; what the mean score says of the bands (measured)
_ELIGIBLE, _CONCERN_AT_MEAN, _CONCERN_SLOPE, _BORDERLINE = 0.53, 0.393, 0.0487, 0.13
_SDQ_SD = 8.1  # of one child's score: published bands by age and sex, fitted
# what need lifts, in standard deviations of the council's level: chosen so that links have the published direction
_NEED = {"sdq_mean": 0.5, "residential_pct": 0.5, "ehcp_pct": 0.5, "missing_pct": 0.5, "semi_independent_pct": 0.3,
         "attainment8_score": -0.3, "long_term_stable_pct": -0.3, "three_or_more_placements_pct": 0.3}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nation:
    """Invented councils: names, sizes, and what is true of each and seen by nobody.

    Parameters
    ----------
    codes, names, regions : list of str
        One a council.
    years : ndarray
        Years ending 31 March.
    size : ndarray
        Resident children.
    deprivation, need : ndarray
        True levels in standard deviations.
    """

    codes: list[str]
    names: list[str]
    regions: list[str]
    years: np.ndarray
    size: np.ndarray
    deprivation: np.ndarray
    need: np.ndarray


def draw_nation_of_councils(rng: np.random.Generator, councils: int, years: Iterable[int]) -> Nation:
    """Draw the councils of a panel."""
    regions = rng.integers(1, _REGIONS + 1, councils)
    tilt = _TILT * rng.standard_normal(_REGIONS + 1)
    deprivation = _standard(tilt[regions] + rng.standard_normal(councils))
    extent = _SIZE_DEPRIVED * deprivation + np.sqrt(1 - _SIZE_DEPRIVED**2) * rng.standard_normal(councils)
    size = calibration().loc["children_0_17_n", ["centre", "between"]].astype("float64")
    return Nation(
        codes=[f"E99{k:06d}" for k in range(1, councils + 1)],
        names=[f"Council {k:03d}" for k in range(1, councils + 1)],
        regions=[f"Region {k}" for k in regions],
        years=np.array(list(years), dtype="int64"),
        size=np.exp(size["centre"] + size["between"] * _standard(extent)),
        deprivation=deprivation,
        need=_standard(rng.standard_normal(councils)),
    )


def calibration() -> pd.DataFrame:
    """Give what the measures are drawn with: `data/reference/panel_calibration.csv`, by measure."""
    return pd.read_csv(data_file("reference/panel_calibration.csv"), keep_default_na=False).set_index(
        "measure"
    )


def draw_measures(rng: np.random.Generator, nation: Nation) -> dict[str, np.ndarray]:
    """Draw all measures but money of care: arrays of councils by years."""
    table = calibration()
    level = {name: _level(rng, nation, row) for name, row in table.iterrows()}
    values: dict[str, np.ndarray] = {"children_0_17_n": np.round(_unscaled(level["children_0_17_n"], "log"))}
    rate = _unscaled(level["looked_after_per_10k"], "log")
    values["looked_after_n"] = rng.poisson(rate * values["children_0_17_n"] / 1e4).astype("float64")
    values["looked_after_per_10k"] = np.round(1e4 * values["looked_after_n"] / values["children_0_17_n"])
    _add_deprivation(values, nation)
    known = measures()
    for name, row in table.iterrows():
        if name not in values:
            share = _unscaled(level[name], row["scale"]) * (values[row["per"]] if row["per"] else 1)
            values[str(name)] = _as_published(
                rng, share, known[str(name)].unit, values.get(known[str(name)].of)
            )
    _add_flows(values, rng)
    _add_sdq(values, rng, level["sdq_mean"])
    _add_placements(values)
    return {name: np.clip(cells, known[name].low, known[name].high) for name, cells in values.items()}


def nearest(nation: Nation) -> pd.DataFrame:
    """Give each council its statistical neighbours: nearest by deprivation, need and size."""
    place = np.column_stack([nation.deprivation, nation.need, np.log(nation.size / nation.size.mean())])
    apart = ((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    count = min(_NEIGHBOURS, len(place) - 1)
    order = np.argsort(apart, axis=1)[:, :count]
    codes = np.array(nation.codes)
    rank = np.tile(np.arange(1, count + 1), len(codes))
    closeness = np.where(np.sort(apart, axis=1)[:, :count].ravel() < 0.5, "Very close", "Close")
    return pd.DataFrame(
        {
            "council_code": np.repeat(codes, count),
            "neighbour_code": codes[order.ravel()],
            "rank": rank,
            "closeness": closeness,
        }
    )


def lasting_noise(
    rng: np.random.Generator, shape: tuple[int, int], size: float, lasting: float
) -> np.ndarray:
    """Draw noise of which a part lasts from year to year (first-order autoregression, stationary)."""
    shocks = rng.standard_normal(shape)
    noise = np.empty(shape)
    noise[:, 0] = shocks[:, 0]
    for t in range(1, shape[1]):
        noise[:, t] = lasting * noise[:, t - 1] + np.sqrt(1 - lasting**2) * shocks[:, t]
    return size * noise


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def _level(rng: np.random.Generator, nation: Nation, row: pd.Series) -> np.ndarray:
    """Draw one measure on the scale on which it varies alike everywhere."""
    own = float(row["between"]) * rng.standard_normal(len(nation.codes))
    need = _NEED.get(str(row.name), 0.0)
    own = np.sqrt(1 - need**2) * own + need * float(row["between"]) * nation.need
    if row.name == "children_0_17_n":
        own = np.log(nation.size) - float(row["centre"])
    else:
        own = own + float(row["deprivation"]) * nation.deprivation
    trend = float(row["centre"]) + float(row["trend"]) * (nation.years - _MIDDLE)
    shape = (len(nation.codes), len(nation.years))
    return (
        own[:, None] + trend[None, :] + lasting_noise(rng, shape, float(row["noise"]), float(row["lasting"]))
    )


def _unscaled(level: np.ndarray, scale: str) -> np.ndarray:
    if scale == "log":
        return np.exp(level)
    return 100 / (1 + np.exp(-level)) if scale == "logit" else level


def _as_published(
    rng: np.random.Generator, value: np.ndarray, unit: str, of: np.ndarray | None
) -> np.ndarray:
    """Give a number as it would be published: children counted, percentages of them in whole points."""
    if unit == "%" and of is not None:
        children = np.maximum(of, 1)
        counted = rng.binomial(children.astype("int64"), np.clip(value, 0, 100) / 100)
        return np.round(100 * counted / children)
    places = {"GBP per week": -1, "%": 0, "children": 0, "placements": 0, "GBP": 0}.get(unit, 1)
    return np.round(value, places)


def _add_deprivation(values: dict[str, np.ndarray], nation: Nation) -> None:
    """Add the index, which is the same in all years."""
    score = np.clip(22.9 + 8.1 * nation.deprivation, 5.8, 45)
    rank = (-score).argsort().argsort() + 1.0
    share = np.clip(0.063 + 0.106 * nation.deprivation, 0, 0.5)
    for name, cells in (("score", score), ("rank", rank), ("most_deprived_share", share)):
        values[f"imd2019_{name}"] = np.repeat(np.round(cells, 3)[:, None], len(nation.years), axis=1)


def _add_flows(values: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Make those who leave agree with those who come and the children there."""
    stock = values["looked_after_n"]
    starts = rng.poisson(values["starts_n"]).astype("float64")
    growth = np.diff(stock, axis=1, prepend=stock[:, :1])
    values["starts_n"] = np.maximum(starts, growth)
    values["ceased_n"] = values["starts_n"] - growth
    values["uasc_n"] = np.minimum(values["uasc_n"], stock)
    values["looked_after_second_n"] = stock.copy()


def _add_sdq(values: dict[str, np.ndarray], rng: np.random.Generator, mean: np.ndarray) -> None:
    """Add the scores: how many should have one, have one, lie in which band, and their mean."""
    eligible = np.round(_ELIGIBLE * values["looked_after_n"])
    received = rng.binomial(eligible.astype("int64"), np.clip(values["sdq_response_pct"], 0, 100) / 100)
    scored = np.maximum(received, 1)
    seen = np.round(mean + _SDQ_SD / np.sqrt(scored) * rng.standard_normal(mean.shape), 1)
    share = np.clip(_CONCERN_AT_MEAN + _CONCERN_SLOPE * (mean - 14.3), 0.05, 0.8)
    concern = rng.binomial(received, share)
    borderline = rng.binomial(received - concern, _BORDERLINE / (1 - share))
    counts = {"eligible": eligible, "received": received, "concern": concern, "borderline": borderline}
    for name, cells in {**counts, "normal": received - concern - borderline}.items():
        values[f"sdq_{name}_n"] = np.asarray(cells, dtype="float64")
    values["sdq_mean"] = values["sdq_mean_second"] = seen
    values["sdq_concern_pct"] = 100 * concern / scored
    values["sdq_response_pct"] = 100 * received / np.maximum(eligible, 1)


def _add_placements(values: dict[str, np.ndarray]) -> None:
    """Give foster care what no other kind of placement has, less the few placed for adoption."""
    others = (
        "residential_pct",
        "semi_independent_pct",
        "other_residential_pct",
        "other_unregulated_pct",
        "with_parents_pct",
    )
    rest = np.sum([values[name] for name in others], axis=0)
    values["foster_pct"] = np.clip(98.0 - rest, 20, 95)
