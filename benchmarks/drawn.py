"""Children, ratings, placements and outcomes drawn for the benchmarks, of any number of children."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis import middle
from vcanalysis.intake import stays

DOMAINS = [f"domain_{number:02d}" for number in range(1, 13)]
FIRST_DAY = pd.Timestamp("2015-04-01")
BANDS = [-np.inf, 8.0, 18.0, np.inf]
TYPES = ["Family and friends", "In-house fostering", "Agency fostering", "Residential home"]


def children(n: int, seed: int = 2019) -> pd.DataFrame:
    """Draw children with three kinds of need in twelve domains, a placement, a provider and a weekly cost."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    heights = np.array([[-0.8] * 12, [0.9] * 6 + [-0.6] * 6, [0.9] * 12])[kind]
    levels = np.digitize(heights + rng.normal(0, 1, (n, 12)), [0.0, 0.9, 1.8])
    frame = pd.DataFrame(levels, columns=DOMAINS)
    need = levels.sum(axis=1)
    place = np.digitize(need / 12 + rng.normal(0, 0.6, n), [0.2, 0.9, 1.7])
    price = np.array([300.0, 520.0, 950.0, 4300.0])[place] * np.exp(0.01 * need + rng.normal(0, 0.3, n))
    band = np.array(["standard", "enhanced", "complex"])[np.digitize(need, [8, 18])]
    return frame.assign(
        child=np.arange(n), need=need, n3=(levels == 3).sum(axis=1), band=band, cost=price, age=rng.uniform(0, 18, n),
        placement=np.array(TYPES)[place], provider=rng.integers(0, max(n // 25, 8), n).astype(str),
        need_age=rng.integers(0, 500, n),
    )  # fmt: skip


def _raters(rows: int, children: int, seed: int) -> np.ndarray:
    """Draw who rated: one worker for about 25 children."""
    return np.random.default_rng(seed).integers(0, max(children // 25, 8), rows).astype(str)


def twice(frame: pd.DataFrame) -> pd.DataFrame:
    """Two ratings of every child, each by a worker drawn."""
    later = frame.assign(need=frame["need"] + np.random.default_rng(1).integers(-3, 4, len(frame)))
    rows = pd.concat([frame[["child", "need"]], later[["child", "need"]]])
    return rows.assign(rater=_raters(len(rows), len(frame), 2), level=rows["need"] // 10)


def with_ratings(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the children, and two ratings of each."""
    return frame, twice(frame)


def with_weeks_without_price(frame: pd.DataFrame) -> pd.DataFrame:
    """Let one child in ten cost nothing."""
    free = np.random.default_rng(1).random(len(frame)) < 0.1
    return frame.assign(cost=frame["cost"].where(~free, 0.0))


def stretches(frame: pd.DataFrame) -> pd.DataFrame:
    """Give four stretches of care of every child, with weeks and price."""
    weeks = np.random.default_rng(1).uniform(2, 60, 4 * len(frame))
    return pd.DataFrame(
        {"child": np.repeat(frame["child"], 4), "weeks": weeks, "cost": np.repeat(frame["cost"], 4)}
    )


def pathways(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the cost of every child since it came into care."""
    return frame.assign(total=frame["cost"] * np.random.default_rng(1).uniform(10, 300, len(frame)))


def again(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the first need, price and levels of every child, and the next, who rated, and who was not rated again."""
    rng, n = np.random.default_rng(1), len(frame)
    first, later = frame[DOMAINS].add_suffix("_before"), frame[DOMAINS].add_suffix("_after")
    later = (later + rng.integers(-1, 2, later.shape)).clip(0, 3)
    both = pd.concat([first, later, frame[["cost", "child", "age", "band"]]], axis=1)
    after = 0.8 * frame["need"] + rng.normal(0, 3, n)
    return both.assign(
        before=frame["need"], after=after, cost_after=frame["cost"] * np.exp(rng.normal(0, 0.2, n)),
        seen=after.where(rng.random(n) < 0.7), high=frame["need"] > 12, n3=frame["n3"], profiled=rng.random(n) < 0.3,
        rater_before=_raters(n, n, 3), rater_after=_raters(n, n, 4),
        band_before=pd.cut(frame["need"], BANDS, labels=["low", "some", "high"]),
        band_after=pd.cut(after, BANDS, labels=["low", "some", "high"]),
    )  # fmt: skip


def placements(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the days a placement lasted, and how it ended."""
    rng = np.random.default_rng(1)
    days = np.ceil(rng.exponential(600 * np.exp(-0.02 * frame["need"])))
    ends = pd.Series(rng.choice(["moved", "home"], len(frame), p=[0.8, 0.2]), index=frame.index)
    watched = rng.integers(30, 1500, len(frame))
    return frame.assign(days=np.minimum(days, watched), end=ends.where(days <= watched))


def moves(frame: pd.DataFrame) -> pd.DataFrame:
    """Give three placements of every child, in days since it came into care."""
    rng = np.random.default_rng(1)
    gaps = rng.exponential(400 * np.exp(-0.02 * frame["need"].to_numpy())[:, None], (len(frame), 3)) + 1
    until = gaps.cumsum(axis=1)
    return pd.DataFrame({
        "child": np.repeat(frame["child"], 3), "need": np.repeat(frame["need"], 3),
        "entry": (until - gaps).ravel(), "until": until.ravel(), "moved": rng.random(until.size) < 0.8,
        "gap": gaps.ravel(), "order": np.tile([1, 2, 3], len(frame)),
    })  # fmt: skip


def ratings(frame: pd.DataFrame) -> pd.DataFrame:
    """Give four yearly assessments of every child."""
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"child": np.repeat(frame["child"], 4), "years": np.tile(np.arange(4.0), len(frame))})
    own = np.repeat(frame["need"].to_numpy(), 4) - 0.3 * rows["years"]
    dates = pd.Timestamp("2015-04-01") + pd.to_timedelta(365 * rows["years"], unit="D")
    return rows.assign(
        score=own + rng.normal(0, 2, len(rows)), rater=_raters(len(rows), len(frame), 2), date=dates
    )


def spells(frame: pd.DataFrame) -> pd.DataFrame:
    """Join the episodes of children who move twice into placements, as a council folder does."""
    return stays.placement_spells(*episodes(frame), start=FIRST_DAY, end=pd.Timestamp("2020-04-01"))


def episodes(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the episodes of children who move twice, and the children."""
    rows, day = moves(frame), FIRST_DAY
    begun, ended = (day + pd.to_timedelta(rows[name] // 1, unit="D") for name in ("entry", "until"))
    last = rows["order"] == 3
    told = pd.DataFrame({
        "child_id": rows["child"].astype("str"), "care_start": day, "spell": np.arange(len(rows)),
        "temporary": False, "decom": begun, "dec": ended, "rec": np.where(last, "E4A", "X1"),
        "reason_place_change": np.where(last, None, "CARPL"), "placement_type": np.tile(TYPES[:3], len(frame)),
        "place_provider": "PR0", "provider_id": "p", "home_id": "h", "distance_miles": 5.0,
    })  # fmt: skip
    children = pd.DataFrame(
        {"child_id": frame["child"].astype("str"), "birth_month": pd.Timestamp("2008-01-01")}
    )
    about = dict.fromkeys(["sex", "ethnicity", "uasc", "disability", "sibling_group"], "0")
    return told, children.assign(**about)


def families(frame: pd.DataFrame) -> pd.DataFrame:
    """Give who lives with family or friends, the need a year later, who rated it, and a goal."""
    rng, n, family = np.random.default_rng(1), len(frame), frame["placement"] == TYPES[0]
    last = 2 + 0.7 * frame["need"] + rng.normal(0, 3, n) - 2 * family
    goals = rng.choice(["met", "not met"], n)
    return frame.assign(family=family, last=last, rater=_raters(n, n, 2), progress=goals)


def groups(frame: pd.DataFrame) -> middle.Classes:
    """Find three groups, of which the rest is asked."""
    return middle.find_classes(frame[DOMAINS], number=3, n_init=5)


def groups_and_costs(frame: pd.DataFrame) -> tuple[middle.Classes, pd.Series]:
    """Give three groups, and what the children cost."""
    return groups(frame), frame["cost"]
